"""Solving in processes of their own: a solver that stops its process takes no server with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from prospectus.domain.errors import InternalError, LimitError

P = ParamSpec("P")
T = TypeVar("T")

WORKERS = 2
LONGEST = 60.0
"""Seconds after which an answer is no longer waited for."""


class Apart:
    """Processes that solve; each reads the catalog once."""

    def __init__(self, catalogs: tuple[Path, ...] = (), workers: int = WORKERS) -> None:
        self._catalogs = catalogs
        self._workers = workers
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def run(
        self,
        function: Callable[P, T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return what a function returns in another process; its faults come as they are.

        Raises
        ------
        InternalError
            INT-002 when its process stops twice.
        LimitError
            LIM-001 when it takes longer than `LONGEST` seconds.
        """
        try:
            return self._once(function, *args, **kwargs)
        except BrokenProcessPool:
            self.close()
        try:
            return self._once(function, *args, **kwargs)
        except BrokenProcessPool:
            self.close()
            raise InternalError(
                "INT-002",
                what="the solver stopped its own process, twice",
                fix="please report this with what you did; nothing was changed",
            ) from None

    def warm(self) -> None:
        """Start a process and let it read the catalog, without waiting for it."""
        self._running().submit(_ready)

    def close(self) -> None:
        """Stop the processes; a later call starts others."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    def _once(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        future = self._running().submit(function, *args, **kwargs)
        try:
            return future.result(timeout=LONGEST)
        except TimeoutError:
            if not future.cancel():
                self.close()
            raise LimitError(
                "LIM-001",
                what=f"there was no answer within {LONGEST:.0f} seconds",
                fix="ask for less at once, or use `prospectus plan` with --seconds",
            ) from None

    def _running(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self._workers,
                    # a process that is forked from one with threads may hang
                    mp_context=get_context("spawn"),
                    initializer=_begin,
                    initargs=(self._catalogs,),
                )
            return self._pool


def _begin(catalogs: tuple[Path, ...]) -> None:
    from prospectus.app.library import open_library
    from prospectus.planning import solve  # noqa: F401  # loads the solver

    open_library(catalogs)


def _ready() -> bool:
    return True
