"""A model's server for tests and for trying things out: it speaks OpenAI's protocol and judges nothing.

usage: model_stub.py up NAME       prints `export` lines that make the local stack ask it; one that runs already is used again
       model_stub.py down NAME
       model_stub.py serve PORT    what `up` starts

It gives every call the same scores and quotes the call's own words. A turn of the call may tell it to do otherwise, and ends
with a word that tells this call from others:

    [stub: good WORD]      what it does anyway
    [stub: lies WORD]      quotes what nobody said
    [stub: busy WORD]      asks to be asked later, until it was asked three times
    [stub: babbles WORD]   answers with prose

`GET /requests?text=TEXT` tells how many requests held that text.
"""

import json
import os
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import servers

MODEL = "stub-1"
KEY = "stub-key"
SCORE = 7.5
BUSY_TIMES = 3
QUOTED_WORDS = 12

received: list[str] = []
lock = threading.Lock()


class Stub(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        text = parse_qs(address.query).get("text", [""])[0]
        with lock:
            count = sum(text in body for body in received)
        self.answer(200 if address.path == "/requests" else 404, {"count": count})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.headers["Authorization"] != f"Bearer {KEY}":
            self.answer(401, {"error": {"type": "invalid_request_error", "code": "invalid_api_key"}})
            return
        request = json.loads(body)
        turns = list(transcript(request))
        told = re.search(r"\[stub: (\w+) \w+\]", " ".join(turn["text"] for turn in turns))
        behaviour = told[1] if told else "good"
        with lock:
            received.append(body)
            before = sum(told[0] in other for other in received) if told else 0
        if behaviour == "busy" and before <= BUSY_TIMES:
            self.answer(429, {"error": {"type": "rate_limit_error", "code": "rate_limit_exceeded"}}, {"Retry-After": "1"})
        else:
            self.answer(200, completion(content(request, turns, behaviour)))

    def answer(self, status: int, document: dict, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(data))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:
        print(format % arguments, flush=True)


def transcript(request: dict) -> Iterator[dict]:
    """The turns that the model is shown: a JSON object on a line of its own each."""
    for message in request["messages"]:
        for line in str(message["content"]).splitlines():
            try:
                turn = json.loads(line.removesuffix(","))
            except ValueError:
                continue
            if isinstance(turn, dict) and turn.keys() >= {"turn", "role", "text"}:
                yield turn


def content(request: dict, turns: list[dict], behaviour: str) -> str:
    if behaviour == "babbles":
        return "What a lovely call! I would give it a ten."
    said = max((turn for turn in turns if turn["role"] == "agent"), key=lambda turn: len(turn["text"].split()))
    quote = " ".join(said["text"].split()[:QUOTED_WORDS])
    if behaviour == "lies":
        quote = "I have wired a million to your account"
    evidence = [{"turn": said["turn"], "role": "agent", "quote": quote}]
    schema = request["response_format"]["json_schema"]["schema"]
    names = schema["properties"]["criteria"]["properties"]
    return json.dumps(
        {
            "criteria": {name: {"evidence": evidence, "reason": "The stub says so.", "score": SCORE} for name in names},
            "feedback": "The stub has listened to nothing and is content.",
            "improvement_suggestions": "Ask a model that can read.",
            "suggestions": [{"criterion": next(iter(names)), "text": "Ask a model that can read.", "turn": said["turn"]}],
        }
    )


def completion(text: str) -> dict:
    return {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text, "refusal": None}}],
        "usage": {"prompt_tokens": 4000, "completion_tokens": 800, "total_tokens": 4800},
    }


def up(name: str) -> None:
    server = servers.find(f"stub-{name}")
    if server is None:
        port = servers.free_port()
        server = servers.start(f"stub-{name}", port, [sys.executable, __file__, "serve", str(port)], dict(os.environ))
    address = f"http://{servers.LOOPBACK}:{server.port}/v1"
    for variable, value in {"SCORER": "llm", "LLM_BASE_URL": address, "LLM_MODEL": MODEL, "LLM_API_KEY": KEY}.items():
        print(f"export {variable}={value}")


def down(name: str) -> None:
    if server := servers.find(f"stub-{name}"):
        servers.stop(server)


def serve(port: str) -> None:
    ThreadingHTTPServer((servers.LOOPBACK, int(port)), Stub).serve_forever()


if __name__ == "__main__":
    try:
        {"up": up, "down": down, "serve": serve}[sys.argv[1]](sys.argv[2])
    except servers.Failure as failure:
        sys.exit(f"model stub: {failure}")
