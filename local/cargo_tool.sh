#!/usr/bin/env bash
# Makes sure that a cargo subcommand of the given minor version is on the path. If it is not, builds the given version into .tools.
# usage: cargo_tool.sh cargo-nextest 0.9.143
set -euo pipefail

name=$1 version=$2
found=$(cargo "${name#cargo-}" --version 2>/dev/null | sed -n '1s/^[^ ]* \([0-9.]*\).*/\1/p' || true)
if [ "${found%.*}" != "${version%.*}" ]; then
  echo "installing $name $version (found ${found:-none})…" >&2
  cargo install --quiet --locked --root .tools --version "$version" "$name"
fi
