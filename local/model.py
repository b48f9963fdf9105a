"""Starts and stops a real language model for `make test-llm`: llama-cpp-python's server with a tiny model, on this machine.

usage: model.py up NAME      prints `export LLM_…=…`; uses the server that is running, if there is one
       model.py down NAME
"""

import os
import sys

import servers

TOOLS = servers.ROOT / ".tools" / "llm"
MODEL = "gemma-3-270m"
# The rubric takes 5,500 tokens of it; the rest is for a short call, the answer and its repair.
CONTEXT_TOKENS = 16_384


def up(name: str) -> None:
    server = servers.ensure(f"model-{name}", command)
    servers.export(
        {
            "LLM_BASE_URL": f"{server.url}/v1",
            "LLM_MODEL": MODEL,
            "LLM_JSON_MODE": "json_object_schema",
            "LLM_MAX_TOKENS_FIELD": "max_tokens",
            "LLM_MAX_OUTPUT_TOKENS": "2500",
            "LLM_TIMEOUT_SECONDS": "900",
            "LLM_TEMPERATURE": "0",
        }
    )


def down(name: str) -> None:
    servers.stop(f"model-{name}")


def command(port: int) -> list[str]:
    # More threads than idle processors only wait for each other.
    threads = os.environ.get("LLM_THREADS", "1")
    address = ["--host", servers.LOOPBACK, "--port", str(port)]
    model = ["--model", str(TOOLS / "model.gguf"), "--model_alias", MODEL, "--n_ctx", str(CONTEXT_TOKENS), "--logits_all", "false"]
    return [
        *(str(TOOLS / "bin" / "python"), "-m", "llama_cpp.server", *address, *model),
        *("--n_threads", threads, "--n_threads_batch", threads),
    ]


if __name__ == "__main__":
    servers.run("model", {"up": up, "down": down}[sys.argv[1]], *sys.argv[2:])
