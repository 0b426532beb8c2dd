"""Waiting for the one place of a writer, so that nobody waits in vain while others come and go.

SQLite asks for its lock ever more rarely, up to every tenth of a second: beside busy writers that
may be never. Here one thread of a process asks at a time, and keeps asking often.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

_ASKS_MS = 5


class Queue:
    """Lets threads through one at a time, in the order in which they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def turn(self, patience: float) -> Iterator[bool]:
        """Wait for one's turn; give False where it did not come in time."""
        mine = threading.Event()
        with self._guard:
            if not self._waiting:
                mine.set()
            self._waiting.append(mine)
        try:
            yield mine.wait(patience)
        finally:
            with self._guard:
                self._waiting.remove(mine)
                if self._waiting:
                    self._waiting[0].set()


def begin_writing(connection: sqlite3.Connection, patience: float) -> None:
    """Begin a transaction that may write.

    Raises
    ------
    sqlite3.OperationalError
        SQLITE_BUSY when others did not let it within so many seconds.
    """
    until = time.monotonic() + patience
    (usual,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {min(_ASKS_MS, int(patience * 1000))}")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() >= until:
                    raise
    finally:
        connection.execute(f"PRAGMA busy_timeout = {usual:d}")
