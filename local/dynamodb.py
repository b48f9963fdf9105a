"""Starts and stops DynamoDB Local, which the tests of the store run against.

usage: dynamodb.py up NAME      prints `export DYNAMODB_LOCAL_URL=…`; uses the server that is running, if there is one
       dynamodb.py down NAME
"""

import sys

import servers

EMULATOR = servers.ROOT / ".tools" / "dynamodb"


def up(name: str) -> None:
    server = servers.ensure(f"dynamodb-{name}", command, folder=EMULATOR)
    servers.export({"DYNAMODB_LOCAL_URL": server.url})


def down(name: str) -> None:
    servers.stop(f"dynamodb-{name}")


def command(port: int) -> list[str]:
    # It listens on all addresses and has no option for that. It holds made-up data only, in memory.
    options = ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]
    return ["java", "-Xmx1g", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", *options]


if __name__ == "__main__":
    servers.run("dynamodb", {"up": up, "down": down}[sys.argv[1]], *sys.argv[2:])
