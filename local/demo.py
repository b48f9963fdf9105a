"""Sends the sample calls of events/ to the running local stack and prints the feedback that the API returns.

usage: demo.py NAME    the stack that stack.py started under that name
"""

import json
import os
import shlex
import subprocess
import sys
import textwrap
import time

import servers
import stack
from servers import CommandError, Server

EVENTS = servers.ROOT / "events"
SAMPLES = [*sorted(EVENTS.glob("native-*.json")), *sorted(EVENTS.glob("producer-*.json"))]
TIMEOUT_SECONDS = 120
FEEDBACK_WIDTH = 110
COLUMNS = ("producer", "call", "agent", "score", "communication", "effectiveness", "experience", "outcome", "needs review", "feedback")
CATEGORIES = ("communication_quality", "effectiveness", "customer_experience")


def main(name: str) -> None:
    server = stack.running(name)
    send(server)
    calls = identifiers()
    responses = wait(server, calls)
    show([COLUMNS, *(row(call, *responses[call]) for call in calls)])
    scored = next((call for call in calls if responses[call][0] == 200), calls[0])
    print("\nAsk the API yourself:")
    for path in (f"/{scored}", "?limit=10&sort=score", "/stats"):
        print("  " + curl(server, "/api/call-feedback" + path))


def send(server: Server) -> None:
    command = [os.environ["CALL_FEEDBACK_CLI"], "send", *map(str, SAMPLES)]
    subprocess.run(command, env=os.environ | stack.variables(server), check=True)


def identifiers() -> list[str]:
    """The ids of the calls. Each format has them in a different field, so `normalize` reads them."""
    command = [os.environ["CALL_FEEDBACK_CLI"], "normalize", *map(str, SAMPLES)]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return [json.loads(line)["call_id"] for line in lines.splitlines()]


def wait(server: Server, calls: list[str]) -> dict[str, tuple[int, dict]]:
    """The API's response for each call, once it has one; fails with the generator's log when that takes too long."""
    deadline, responses = time.monotonic() + TIMEOUT_SECONDS, {}
    while len(responses) < len(calls):
        for call in calls:
            status, body = stack.api(server, f"/api/call-feedback/{call}")
            if status == 200 or body.get("error", {}).get("code") in ("call_skipped", "call_failed"):
                responses[call] = (status, body)
        if time.monotonic() > deadline:
            missing = ", ".join(call for call in calls if call not in responses)
            raise CommandError(f"no feedback on {missing} after {TIMEOUT_SECONDS} s\n{diagnosis(server)}")
        time.sleep(0.2)
    return responses


def diagnosis(server: Server) -> str:
    """The end of the generator's log and the reasons in the dead-letter queue."""
    logs = stack.client(server, "logs").filter_log_events(logGroupName="/aws/lambda/call-feedback-generator")
    lines = [event["message"].rstrip() for event in logs["events"][-30:]]
    queue = stack.client(server, "sqs")
    url = stack.variables(server)["CALL_FEEDBACK_DLQ_URL"]
    dead = queue.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, MessageAttributeNames=["All"]
    ).get("Messages", [])
    reasons = [
        ": ".join(value.get("StringValue", "") for _, value in sorted(message.get("MessageAttributes", {}).items()))
        for message in dead
    ]
    return "\n".join(["the generator's log:", *lines, f"dead-letter queue: {len(dead)} message(s)", *reasons])


def row(call: str, status: int, body: dict) -> tuple[str, ...]:
    if status != 200:
        return ("", call, "", "-", "-", "-", "-", "", "", body["error"]["message"])
    feedback = body["data"]
    categories = (feedback["categories"].get(category) for category in CATEGORIES)
    # The embedded scorer's first sentence repeats the score; the next ones give the reasons.
    _, _, rest = feedback["feedback"].partition(". ")
    text = textwrap.shorten(rest or feedback["feedback"], FEEDBACK_WIDTH, placeholder=" …")
    return (
        feedback["provenance"]["producer"],
        call,
        feedback["agent_id"] or "",
        score_of(feedback),
        *("-" if score is None else str(score) for score in categories),
        feedback["outcome"] or "",
        review_of(feedback),
        text,
    )


def score_of(feedback: dict) -> str:
    """The score and the interval that it lies in, where there is one."""
    low, high = feedback["score_low"], feedback["score_high"]
    return str(feedback["score"]) if low is None or high is None else f"{feedback['score']} ({low}–{high})"


def review_of(feedback: dict) -> str:
    """Why a person should look at the call: what the agent must never do and did, and the other reasons."""
    violations = [f"{violation['kind']} ({violation['severity']})" for violation in feedback["violations"]]
    return ", ".join(violations + [reason for reason in feedback["review_reasons"] if reason != "violation"])


def show(rows: list[tuple[str, ...]]) -> None:
    """Prints the rows below the first one, which has the names of the columns; columns without any text are left out."""
    columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
    widths = [max(map(len, column)) for column in columns]
    print()
    for cells in zip(*columns, strict=True):
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())


def curl(server: Server, path: str) -> str:
    names = stack.variables(server)
    url = f"http://{names['CALL_FEEDBACK_API_HOST']}{path}"
    return f"curl -s -H {shlex.quote('x-user-token: ' + names['CALL_FEEDBACK_TOKEN'])} {shlex.quote(url)}"


if __name__ == "__main__":
    servers.run("demo", main, *sys.argv[1:])
