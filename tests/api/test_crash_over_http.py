"""A server that is killed while it writes: every answer that said "kept" was true."""

from __future__ import annotations

import http.client
import json
import random
import signal
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.serving import Serving, serving, until

Kept = dict[str, tuple[int, str]]
"""By id: the version and the text that were acknowledged last."""


class Writer(threading.Thread):
    """A program that writes until its server is gone, and notes what was acknowledged."""

    def __init__(self, server: Serving, seed: int) -> None:
        super().__init__(daemon=True)
        self._draw = random.Random(seed)
        self._line = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=120)
        self.kept: Kept = {}
        self.under_way: tuple[str, str] | None = None

    def run(self) -> None:
        try:
            while True:
                self._write()
        except (OSError, http.client.HTTPException):
            self._line.close()

    def _write(self) -> None:
        # several pages of the file at once, so that halves are possible
        text = str(self._draw.random()) + " " * self._draw.randrange(100_000)
        sent: dict[str, object] = {"name": "", "text": text}
        if self.kept and self._draw.random() < 0.7:
            id = self._draw.choice(list(self.kept))
            self.under_way = (id, text)
            self._ask("PUT", f"/{id}", {**sent, "version": self.kept[id][0]})
        else:
            self.under_way = ("", text)
            self._ask("POST", "", sent)
        self.under_way = None

    def _ask(self, method: str, path: str, sent: dict[str, object]) -> None:
        headers = {"content-type": "application/json"}
        self._line.request(method, f"/api/v1/students{path}", json.dumps(sent), headers)
        answer = self._line.getresponse()
        found = json.loads(answer.read())
        assert answer.status in (200, 201), found
        result = found["result"]
        self.kept[result["id"]] = (result["version"], result["text"])


def require_kept(server: Serving, kept: Kept, under_way: tuple[str, str] | None) -> None:
    line = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=120)
    for id, (version, text) in kept.items():
        line.request("GET", f"/api/v1/students/{id}")
        answer = line.getresponse()
        found = json.loads(answer.read())
        assert answer.status == 200, found
        state = (found["result"]["version"], found["result"]["text"])
        # the write that was under way may have been done, but not by halves
        may_be = {(version, text)}
        if under_way is not None and under_way[0] == id:
            may_be.add((version + 1, under_way[1]))
        assert state in may_be
    line.close()


def crash(database: Path, n_times: int) -> None:
    """Kill a server again and again; each that follows must have what was acknowledged before."""
    kept: Kept = {}
    under_way: tuple[str, str] | None = None
    for seed in range(n_times):
        draw = random.Random(seed)
        with serving(database) as server:
            require_kept(server, kept, under_way)
            writer = Writer(server, seed)
            writer.start()
            n_kept = draw.randrange(1, 6)
            until(lambda writer=writer, n=n_kept: len(writer.kept) >= n or not writer.is_alive())
            writer.join(timeout=draw.uniform(0, 0.3))
            server.signal(signal.SIGKILL)
            writer.join()
            server.stopped()
        assert writer.kept
        kept, under_way = writer.kept, writer.under_way
    with serving(database) as server:
        require_kept(server, kept, under_way)


def test_what_was_acknowledged_outlives_three_servers(tmp_path: Path) -> None:
    crash(tmp_path / "work.db", 3)


@pytest.mark.slow
def test_what_was_acknowledged_outlives_two_hundred_servers(tmp_path: Path) -> None:
    crash(tmp_path / "work.db", 200)
