"""A stand-in for a language model's server, for tests and for trying things out. It speaks OpenAI's protocol; no model runs.

usage: model_stub.py up NAME       prints `export` lines that make the local stack use it; uses the one that is running, if any
       model_stub.py down NAME
       model_stub.py serve PORT    what `up` starts

It gives every call the same scores and quotes the call's own words. A turn of the call can tell it to behave differently. WORD
is any word; it tells this call from others:

    [stub: good WORD]      the default
    [stub: lies WORD]      quotes something that nobody said
    [stub: busy WORD]      responds with 429 to the first three requests
    [stub: babbles WORD]   answers with prose instead of JSON

`GET /requests?text=TEXT` returns how many requests contained that text.
"""

import json
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
FEWEST_WORDS = 3

received: list[str] = []
lock = threading.Lock()


class Stub(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        text = parse_qs(address.query).get("text", [""])[0]
        with lock:
            count = sum(text in body for body in received)
        self.respond(200 if address.path == "/requests" else 404, {"count": count})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.headers["Authorization"] != f"Bearer {KEY}":
            self.respond(401, {"error": {"type": "invalid_request_error", "code": "invalid_api_key"}})
            return
        request = json.loads(body)
        turns = list(transcript(request))
        order = re.search(r"\[stub: (\w+) \w+\]", " ".join(turn["text"] for turn in turns))
        behaviour = order[1] if order else "good"
        with lock:
            received.append(body)
            requests = sum(order[0] in other for other in received) if order else 0
        if behaviour == "busy" and requests <= BUSY_TIMES:
            self.respond(429, {"error": {"type": "rate_limit_error", "code": "rate_limit_exceeded"}}, {"Retry-After": "1"})
        else:
            self.respond(200, completion(content(request, turns, behaviour)))

    def respond(self, status: int, document: dict, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(data))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:
        print(format % arguments, flush=True)


def transcript(request: dict) -> Iterator[dict]:
    """The turns in the prompt: each is a JSON object on a line of its own."""
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
    schema = request["response_format"]["json_schema"]["schema"]["properties"]
    if "summary" not in schema:
        # The stub has nothing to put right.
        return json.dumps({"violations": [], "criteria": [], "feedback": None, "improvement_suggestions": None})
    names = list(schema["criteria"]["properties"])
    return json.dumps(
        {
            "summary": "A call that the stub has not listened to.",
            "outcome": "not_told",
            "topics": ["anything"],
            "violations": [],
            "criteria": {name: judgement(said["turn"], quote, at, name) for at, name in enumerate(names)},
            "feedback": "The stub has listened to nothing and is content.",
            "improvement_suggestions": "Ask a model that can read.",
            "suggestions": [{"criterion": names[0], "text": "Ask a model that can read.", "turn": said["turn"]}],
        }
    )


def judgement(turn: int, quote: str, at: int, name: str) -> dict:
    """What an honest answer has, something of its own for each criterion: parts of the quote, and two scores that balance."""
    words = quote.split()
    part = " ".join(words[at % max(len(words) - FEWEST_WORDS + 1, 1) :])
    score = SCORE + {"active_listening": 0.5, "empathy_and_rapport": -0.5}.get(name, 0)
    return {
        "evidence": [{"turn": turn, "role": "agent", "quote": part}],
        "reason": f"The stub says so of {name}.",
        "score": score,
    }


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
    server = servers.ensure(f"stub-{name}", lambda port: [sys.executable, __file__, "serve", str(port)])
    servers.export({"SCORER": "llm", "LLM_BASE_URL": f"{server.url}/v1", "LLM_MODEL": MODEL, "LLM_API_KEY": KEY})


def down(name: str) -> None:
    servers.stop(f"stub-{name}")


def serve(port: str) -> None:
    ThreadingHTTPServer((servers.LOOPBACK, int(port)), Stub).serve_forever()


if __name__ == "__main__":
    servers.run("model stub", {"up": up, "down": down, "serve": serve}[sys.argv[1]], *sys.argv[2:])
