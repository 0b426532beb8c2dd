"""Solving in processes of their own: a solver that stops its process takes no server with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from prospectus.app.child_process import work_for_parent
from prospectus.domain.errors import InternalError, LimitError

P = ParamSpec("P")
T = TypeVar("T")

WORKERS = 2
_TRIES = 2
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
        for _ in range(_TRIES):
            pool = self._running()
            try:
                return self._once(pool, function, *args, **kwargs)
            except (BrokenProcessPool, CancelledError):
                self._end(pool)
        raise InternalError(
            "INT-002",
            what="the solver stopped its own process, twice",
            fix="please report this with what you did; nothing was changed",
        )

    def warm(self) -> None:
        """Start a process and let it read the catalog, without waiting for it."""
        self._running().submit(_ready)

    def close(self) -> None:
        """End the processes and wait for that; a later call starts others."""
        if self._pool is not None:
            self._end(self._pool)

    def _end(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is pool:  # else another thread has started a new one already
                self._pool = None
        # a solver hears nothing until it is done; whoever waits for one that ends is told so
        for process in tuple((pool._processes or {}).values()):
            process.terminate()
        # what is not waited for leaves its locks behind when the server is stopped by a signal
        pool.shutdown(wait=True, cancel_futures=True)

    def _once(
        self, pool: ProcessPoolExecutor, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        try:
            future = pool.submit(function, *args, **kwargs)
        except RuntimeError as error:  # ended meanwhile, for the sake of another call
            raise BrokenProcessPool(str(error)) from None
        try:
            return future.result(timeout=LONGEST)
        except TimeoutError:
            if not future.cancel():
                self._end(pool)
            raise LimitError(
                "LIM-001",
                what=f"there was no answer within {LONGEST:.0f} seconds",
                fix="ask for less at once, or use `prospectus plan` with --seconds",
                on_page="ask for less at once: fewer wishes, more pins",
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
    work_for_parent()
    from prospectus.app.board_source import warmed
    from prospectus.planning import mending, solve  # noqa: F401  # load the solver

    warmed(catalogs)


def _ready() -> bool:
    return True
