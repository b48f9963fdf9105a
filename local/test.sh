#!/usr/bin/env bash
# Runs every test of the workspace. Starts the servers that the tests need, and stops them at the end, also after a failure.
# `make test` calls it, builds what it needs, and sets CALL_FEEDBACK_CLI, ARCHITECTURE and PATH. Arguments are passed on to nextest.
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

stop # servers of an earlier run that was killed
dynamodb=$(python local/dynamodb.py up test)
eval "$dynamodb"
unset SCORER # the first stack uses the default parameters
python local/stack.py up test 0
stack=$(python local/stack.py env test)
eval "$stack"
status=0
cargo nextest run --workspace --locked "$@" || status=$?

# The tests with a language model, on a second stack that uses the stub.
model=$(python local/model_stub.py up test)
eval "$model"
python local/stack.py up test-model 0
stack=$(python local/stack.py env test-model)
eval "$stack"
# With `--package e2e` cargo would build dependencies again with other features, so the whole workspace is named here too.
cargo nextest run --workspace --profile model --no-tests pass --locked "$@" || status=$?
exit "$status"
