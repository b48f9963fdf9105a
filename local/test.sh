#!/usr/bin/env bash
# Runs every test of the workspace between servers of their own, which are stopped by process id whatever happens.
# Arguments go to nextest: `local/test.sh -E 'package(e2e)'`.
set -euo pipefail
cd "$(dirname "$0")/.."

stop() {
  python local/dynamodb.py down test
  python local/stack.py down test
}
trap stop EXIT
trap 'exit 130' INT TERM

stop # what an interrupted run left behind
dynamodb=$(python local/dynamodb.py up test)
eval "$dynamodb"
python local/stack.py up test 0
stack=$(python local/stack.py env test)
eval "$stack"
cargo nextest run --workspace --locked "$@"
