#!/usr/bin/env bash
# Lists every program that is missing, with the command that installs it on Debian and Ubuntu.
# usage: prerequisites.sh run|test
set -euo pipefail

missing=0
need() { # name, how to install it, then a command that succeeds if it is installed
  local what=$1 install=$2
  shift 2
  if ! "$@" >/dev/null 2>&1; then
    echo "missing: $what; install it with: $install" >&2
    missing=1
  fi
}

java_17() {
  local version
  version=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
  [ "${version:-0}" -ge 17 ]
}

need "Linux (the functions run as processes of this machine)" "a virtual machine or a container" test "$(uname -s)" = Linux
need "Python 3.11 or newer" "sudo apt-get install python3" \
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'
need "Python's venv" "sudo apt-get install python3-venv" python3 -c 'import ensurepip, venv'
need "cargo" "curl --proto '=https' -sSf https://sh.rustup.rs | sh" cargo --version
need "a C compiler" "sudo apt-get install build-essential" cc --version
need "curl" "sudo apt-get install curl" curl --version
if [ "$1" = test ]; then
  need "Java 17 or newer" "sudo apt-get install openjdk-17-jre-headless" java_17
  need "npm" "sudo apt-get install npm" npm --version
fi
exit "$missing"
