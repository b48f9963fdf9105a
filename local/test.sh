#!/usr/bin/env bash
# Runs every test of the workspace between servers of their own, which are stopped by process id whatever happens.
# Arguments go to nextest: `local/test.sh -E 'package(e2e)'`.
set -euo pipefail
cd "$(dirname "$0")/.."

stop() {
  python local/dynamodb.py down test
  python local/stack.py down test
  python local/stack.py down test-model
  python local/model_stub.py down test
}
trap stop EXIT
trap 'exit 130' INT TERM

stop # what an interrupted run left behind
dynamodb=$(python local/dynamodb.py up test)
eval "$dynamodb"
unset SCORER # the first stack is the one that a deployment without parameters makes
python local/stack.py up test 0
stack=$(python local/stack.py env test)
eval "$stack"
status=0
cargo nextest run --workspace --locked "$@" || status=$?

# What a model judges, on a stack that asks a stub of one.
model=$(python local/model_stub.py up test)
eval "$model"
python local/stack.py up test-model 0
stack=$(python local/stack.py env test-model)
eval "$stack"
# The whole workspace is named so that nothing is built anew with other features.
cargo nextest run --workspace --profile model --no-tests pass --locked "$@" || status=$?
exit "$status"
