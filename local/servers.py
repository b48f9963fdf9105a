"""Background servers for local work: started once, found again by name, stopped by process id.

The file `.local/<name>/server.json` says which process a server is. A process is only ever stopped if its id and its start time
are both those in the file: the system reuses ids, so the id alone could belong to another program by now.
"""

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".local"
LOOPBACK = "127.0.0.1"


class CommandError(Exception):
    """Ends a command with a message for the person at the terminal, which says what to do."""


@dataclass
class Server:
    """A running server. It leads a process group of its own, which includes every process that it starts."""

    name: str
    pid: int
    started: str
    port: int

    @property
    def folder(self) -> Path:
        return STATE / self.name

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def is_alive(self) -> bool:
        return _start_time(self.pid) == self.started


def find(name: str) -> Server | None:
    """The server of that name, if it is running."""
    file = STATE / name / "server.json"
    if not file.exists():
        return None
    server = Server(**json.loads(file.read_text()))
    return server if server.is_alive() else None


def ensure(
    name: str,
    command: Callable[[int], list[str]],
    *,
    port: int = 0,
    environment: Callable[[int], dict[str, str]] = lambda port: dict(os.environ),
    folder: Path = ROOT,
) -> Server:
    """The server of that name: the one that is running, or else a new one.

    A new one listens on `port`, where 0 means any free port; `command` and `environment` are called with that port.
    """
    if server := find(name):
        return server
    port = port or _free_port()
    return _start(name, port, command(port), environment(port), folder)


def stop(name: str) -> None:
    """Stops the server of that name and every process that it started, if it is running; returns when it has ended."""
    if server := find(name):
        _stop(server)


def export(variables: dict[str, str]) -> None:
    """Prints the variables for the `eval` of a shell."""
    for variable, value in variables.items():
        print(f"export {variable}={shlex.quote(value)}")


def run(program: str, command: Callable[..., None], *arguments: str) -> None:
    """Runs a command of the program; a `CommandError` becomes its message and exit code 1."""
    try:
        command(*arguments)
    except CommandError as error:
        sys.exit(f"{program}: {error}")


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _free_port() -> int:
    """A port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def _is_listening(port: int) -> bool:
    """Whether something listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def _start(name: str, port: int, command: list[str], environment: dict[str, str], folder: Path) -> Server:
    """Starts a server and waits until it listens; fails with the end of its log when it does not."""
    if _is_listening(port):
        raise CommandError(f"port {port} is taken by another program; choose one with GATEWAY_PORT=<port>")
    shutil.rmtree(STATE / name, ignore_errors=True)
    scratch, log = STATE / name / "tmp", STATE / name / "server.log"
    scratch.mkdir(parents=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment | {"TMPDIR": str(scratch)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    server = Server(name, process.pid, _start_time(process.pid), port)
    (server.folder / "server.json").write_text(json.dumps(asdict(server)))
    deadline = time.monotonic() + 60
    while not _is_listening(port):
        if process.poll() is not None or time.monotonic() > deadline:
            _stop(server)
            raise CommandError(f"{name} does not answer on port {port}; the end of {log}:\n{tail(log)}")
        time.sleep(0.1)
    return server


def _stop(server: Server) -> None:
    """Asks the server's process group to end, and ends it if it does not within five seconds."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not server.is_alive():
            break
        os.killpg(server.pid, number)
        deadline = time.monotonic() + 5
        while server.is_alive() and time.monotonic() < deadline:
            time.sleep(0.05)
    (server.folder / "server.json").unlink(missing_ok=True)


def _start_time(pid: int) -> str:
    """When the process started, in clock ticks since boot; empty when it has ended. A zombie counts as ended.

    `ps -o lstart` gives the start as a date, but that date can change by a second from one call to the next.
    """
    try:
        # The second field is the program's name in parentheses, which may itself contain spaces and parentheses: see proc(5).
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] == "Z" else fields[19]
