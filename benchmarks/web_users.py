"""People at their plan boards, for locust: of three requests one moves a card.

Run by bench_web.py; `locust -f benchmarks/web_users.py` with a server at hand does the same.
Environment: `WEB_BOARDS`, the addresses of boards of their own, with a comma between.
"""

from __future__ import annotations

import itertools
import os
import re

from locust import HttpUser, between, events, task

BOARDS = itertools.cycle(os.environ.get("WEB_BOARDS", "").split(","))
_VERSION = re.compile(r'data-version="(\d+)"')
_CARD = re.compile(r'data-card="([^"]+)"')
_PERIOD = re.compile(r'data-period="([^"]+)"')


class Person(HttpUser):
    """Somebody who looks at a board, thinks, and moves a card there and back."""

    wait_time = between(2, 8)

    def on_start(self) -> None:
        """Open the board, as a browser does."""
        self.board = next(BOARDS)
        self.turn = 0
        self._read(self.client.get(self.board, name="board").text)

    @task
    def act(self) -> None:
        """Look at the board, look where a card could stand, move it; in turn."""
        self.turn += 1
        if self.turn % 3 == 1:
            self._read(self.client.get(self.board, name="board").text)
        elif self.turn % 3 == 2:
            self.client.get("/programmes", name="programmes")
        else:
            self._move()

    def _move(self) -> None:
        period = self.periods[self.turn % len(self.periods)]
        values = {"version": self.version, "card": self.card, "period": period}
        answer = self.client.post(
            f"{self.board}/move",
            data={"token": self.client.cookies.get("prospectus_token"), **values},
            headers={"HX-Request": "true"},
            name="move",
        )
        self._read(answer.text)

    def _read(self, text: str) -> None:
        version, cards = _VERSION.search(text), _CARD.findall(text)
        if version is None or not cards:
            events.request.fire(
                request_type="CHECK",
                name="board shown",
                response_time=0,
                response_length=0,
                exception=AssertionError("the answer is no board"),
            )
            return
        self.version, self.card = version.group(1), cards[0]
        self.periods = list(dict.fromkeys(_PERIOD.findall(text)))[:4]
