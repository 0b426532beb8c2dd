from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from tests.serving import Serving, free_port, serving, until

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")


def asked(server: Serving, path: str, sent: object = None) -> dict[str, object]:
    """Return what the API answers."""
    data = None if sent is None else json.dumps(sent).encode()
    headers = {} if sent is None else {"content-type": "application/json"}
    request = urllib.request.Request(f"{server.address}/api/v1{path}", data, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        found = json.load(answer)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_that_is_stopped_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals, workers: str
) -> None:
    with serving(tmp_path / "work.db", "--workers", workers) as server:
        for index in range(4):
            asked(server, "/students", {"name": str(index), "text": ""})
        found = asked(server, "/students")["result"]
        assert isinstance(found, list)
        assert {one["name"] for one in found} == {"0", "1", "2", "3"}
        # Ctrl-C reaches all processes of the terminal; who sends SIGTERM names the server alone
        if number is signal.SIGINT:
            server.signal(number)
        else:
            server.process.send_signal(number)
        told = server.stopped()
    assert server.process.returncode in (0, -number)
    assert "Traceback" not in told
    assert "resource_tracker" not in told
    assert "leaked" not in told
    assert told.splitlines()[0].startswith(f"Prospectus is at {server.address}/")


def test_a_server_that_is_killed_leaves_no_process_that_solves(tmp_path: Path) -> None:
    with serving(tmp_path / "work.db") as server:
        server.process.kill()
        server.stopped()


def run(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Return what `serve` does that cannot start."""
    return subprocess.run(
        [sys.executable, "-m", "prospectus.cli.main", "serve", "--no-browser", *options],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = run("--port", str(taken.getsockname()[1]))
    assert found.returncode == 2
    assert "error USE-023" in found.stderr
    assert "Traceback" not in found.stderr


def test_an_address_of_another_machine_is_told() -> None:
    found = run("--host", "192.0.2.1", "--port", str(free_port()))
    assert (found.returncode, found.stderr[:13]) == (2, "error USE-023")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_setting_that_cannot_be_read_is_told_before_anything_starts(
    tmp_path: Path, workers: str
) -> None:
    database = tmp_path / "work.db"
    found = run(
        *("--port", str(free_port()), "--database", str(database), "--workers", workers),
        PROSPECTUS_MOST_FORM="much",
    )
    assert (found.returncode, found.stderr[:13]) == (2, "error WEB-001")
    assert not database.exists()


def test_a_database_that_is_none_is_told_before_anything_starts(tmp_path: Path) -> None:
    database = tmp_path / "work.db"
    database.write_text("this is no database, but a text that is long enough to look at" * 20)
    found = run("--port", str(free_port()), "--database", str(database), "--workers", "2")
    assert (found.returncode, found.stderr[:13]) == (3, "error STO-003")


def test_the_browser_is_opened_once_the_server_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from prospectus.cli import serve_commands

    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        serve_commands._open_when_ready("127.0.0.1", port, "http://here/")
    until(lambda: opened)
    assert opened == ["http://here/"]
