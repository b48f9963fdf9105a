#!/usr/bin/env bash
# Has a real model on this machine judge a call, through the tests of `judge` and through the command line tool.
#
# The model is too small to judge a call, so its answer may be invalid. What is tested is the protocol: the server accepts our
# requests, enforces the schema and counts tokens; an answer without proper evidence is not stored; and a wrong LLM_JSON_MODE is an
# error that names the setting.
set -euo pipefail
cd "$(dirname "$0")/.."

trap 'python local/model.py down test' EXIT
trap 'exit 130' INT TERM

settings=$(python local/model.py up test)
eval "$settings"
echo "a real server with $LLM_MODEL listens at $LLM_BASE_URL"

cargo nextest run --package judge --features real-server --test real_server --locked --no-capture

call=shared/judge/tests/brief-call.json
log=.local/model-test

echo "call-feedback score --scorer llm, with the server's JSON mode ($LLM_JSON_MODE):"
"$CALL_FEEDBACK_CLI" score --scorer llm "$call" > "$log/output" 2> "$log/errors" || true
cat "$log/output" "$log/errors"
# Either feedback from that model, or an error caused by the model's answer.
grep -q "\"model\":\"$LLM_MODEL\"" "$log/output" || grep -Eq ': (invalid_model_output|model_output_cut_off): ' "$log/errors"

echo 'call-feedback score --scorer llm, with LLM_JSON_MODE=json_schema, which this server does not know:'
if LLM_JSON_MODE=json_schema "$CALL_FEEDBACK_CLI" score --scorer llm "$call" 2> "$log/errors"; then
  echo 'a wrong LLM_JSON_MODE went unnoticed' >&2
  exit 1
fi
cat "$log/errors"
grep -q 'LLM_JSON_MODE=json_schema' "$log/errors"
echo 'test-llm: all passed'
