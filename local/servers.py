"""Background servers of the local stack: started once, found again by name, stopped by process id.

A server's record lies in `.local/<name>/`. Only a process whose id and start time are both those recorded is ever signalled:
ids are reused, and another program's process is none of our business.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".local"
LOOPBACK = "127.0.0.1"


class Failure(Exception):
    """Something the person at the terminal has to know; its text says what to do."""


@dataclass
class Server:
    """A running server. It leads its own process group, which holds whatever it starts."""

    name: str
    pid: int
    started: str
    port: int

    @property
    def folder(self) -> Path:
        return STATE / self.name

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def is_alive(self) -> bool:
        return _start_time(self.pid) == self.started


def find(name: str) -> Server | None:
    """The server of that name, if it is running."""
    record = STATE / name / "server.json"
    if not record.exists():
        return None
    server = Server(**json.loads(record.read_text()))
    return server if server.is_alive() else None


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    """Whether something listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def start(name: str, port: int, command: list[str], environment: dict[str, str], folder: Path = ROOT) -> Server:
    """Starts a server and waits until it listens; fails with the end of its log when it does not."""
    if answers(port):
        raise Failure(f"port {port} is taken by another program; choose one with GATEWAY_PORT=<port>")
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
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(server)
            raise Failure(f"{name} does not answer on port {port}; the end of {log}:\n{tail(log)}")
        time.sleep(0.1)
    return server


def stop(server: Server) -> None:
    """Stops a server and what it started; returns when it is gone."""
    for number, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        if not server.is_alive():
            break
        os.killpg(server.pid, number)
        deadline = time.monotonic() + patience
        while server.is_alive() and time.monotonic() < deadline:
            time.sleep(0.05)
    (server.folder / "server.json").unlink(missing_ok=True)


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _start_time(pid: int) -> str:
    """When the process started, in clock ticks since boot; empty when it is gone. A zombie, which only waits for its parent,
    is gone. (`ps -o lstart` says the same as a date, which moves by a second now and then.)"""
    try:
        # The second field is the name in brackets, and may hold anything: see proc(5), /proc/[pid]/stat.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] == "Z" else fields[19]
