"""Starts and stops a real language model for `make test-llm`: llama-cpp-python's server with a tiny model, on this machine.

usage: model.py up NAME      prints `export LLM_…=…`; one that runs already is used again
       model.py down NAME
"""

import os
import sys

import servers

TOOLS = servers.ROOT / ".tools" / "llm"
MODEL = "gemma-3-270m"
# The rubric takes 5,500 tokens of it; what is left is for a short call, the answer and its repair.
CONTEXT_TOKENS = 16_384


def up(name: str) -> None:
    server = servers.find(f"model-{name}")
    if server is None:
        port = servers.free_port()
        command = [str(TOOLS / "bin" / "python"), "-m", "llama_cpp.server", "--model", str(TOOLS / "model.gguf")]
        command += ["--model_alias", MODEL, "--host", servers.LOOPBACK, "--port", str(port)]
        # More threads than idle processors wait for each other and do nothing else.
        command += ["--n_ctx", str(CONTEXT_TOKENS), "--logits_all", "false", "--n_threads", os.environ.get("LLM_THREADS", "1")]
        command += ["--n_threads_batch", os.environ.get("LLM_THREADS", "1")]
        server = servers.start(f"model-{name}", port, command, dict(os.environ))
    settings = {
        "LLM_BASE_URL": f"http://{servers.LOOPBACK}:{server.port}/v1",
        "LLM_MODEL": MODEL,
        "LLM_JSON_MODE": "json_object_schema",
        "LLM_MAX_TOKENS_FIELD": "max_tokens",
        "LLM_MAX_OUTPUT_TOKENS": "2500",
        "LLM_TIMEOUT_SECONDS": "900",
        "LLM_TEMPERATURE": "0",
    }
    for variable, value in settings.items():
        print(f"export {variable}={value}")


def down(name: str) -> None:
    if server := servers.find(f"model-{name}"):
        servers.stop(server)


if __name__ == "__main__":
    try:
        {"up": up, "down": down}[sys.argv[1]](sys.argv[2])
    except servers.Failure as failure:
        sys.exit(f"model: {failure}")
