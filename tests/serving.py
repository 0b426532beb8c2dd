"""A real server in a process group of its own, for tests that start, stop and kill it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 120.0
PAUSE_S = 0.02


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that answers: where, and its process, which leads its group."""

    address: str
    process: subprocess.Popen[str]

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server and all that it has started, as a terminal does."""
        os.killpg(self.process.pid, number)

    def stopped(self) -> str:
        """Wait for the end of the server and of all that it started; return what it wrote."""
        _, told = self.process.communicate(timeout=PATIENCE_S)
        until(lambda: not _lives(self.process.pid))
        return told


def free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@contextmanager
def serving(database: Path, *options: str, port: int | None = None) -> Iterator[Serving]:
    """Start a server and wait until it answers; whatever is left of it is killed at the end."""
    port = free_port() if port is None else port
    command = [
        *(sys.executable, "-m", "prospectus.cli.main", "serve", "--no-browser"),
        *("--port", str(port), "--database", str(database), "--today", "2026-11-22", *options),
    ]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    made = Serving(f"http://127.0.0.1:{port}", process)
    try:
        until(lambda: _answers(made))
        yield made
    finally:
        if _lives(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def until(holds: object) -> None:
    """Wait until something holds.

    Raises
    ------
    TimeoutError
        When it does not in two minutes.
    """
    assert callable(holds)
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(PAUSE_S)


def _answers(server: Serving) -> bool:
    if server.process.poll() is not None:
        raise AssertionError(f"the server stopped: {server.process.communicate()[1]}")
    try:
        with urllib.request.urlopen(f"{server.address}/api/v1/students", timeout=30):
            return True
    except OSError:
        return False


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
