"""Starts and stops DynamoDB Local: the reference the store is tested against.

usage: dynamodb.py up NAME      prints `export DYNAMODB_LOCAL_URL=…`; one that runs already is used again
       dynamodb.py down NAME
"""

import os
import sys

import servers

EMULATOR = servers.ROOT / ".tools" / "dynamodb"


def up(name: str) -> None:
    server = servers.find(f"dynamodb-{name}")
    if server is None:
        port = servers.free_port()
        # It has no option for the address it listens on; it holds what tests make up, in memory.
        command = ["java", "-Xmx1g", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"]
        command += ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]
        server = servers.start(f"dynamodb-{name}", port, command, dict(os.environ), EMULATOR)
    print(f"export DYNAMODB_LOCAL_URL=http://{servers.LOOPBACK}:{server.port}")


def down(name: str) -> None:
    if server := servers.find(f"dynamodb-{name}"):
        servers.stop(server)


if __name__ == "__main__":
    try:
        {"up": up, "down": down}[sys.argv[1]](sys.argv[2])
    except servers.Failure as failure:
        sys.exit(f"dynamodb: {failure}")
