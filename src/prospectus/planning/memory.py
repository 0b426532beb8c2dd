"""How much memory the process takes, and a watch that ends a search before it takes too much."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

DEFAULT_MEMORY = 4096
"""The megabytes that the whole process may take."""
PAUSE = 0.2
"""The seconds between two looks; most searches are over before the first."""
MOST_IDLE = 10
"""So many looks at nothing end the thread that looks."""
MOST_NEW = 1_000_000
"""So many new objects are made before garbage is looked for while it is looked for seldom."""
_PAGES = Path("/proc/self/statm")


def taken() -> float:
    """Return the megabytes that this process takes: the most so far where no more is told."""
    try:
        # the module is missing where there is neither
        import resource
    except ImportError:
        return 0.0
    if _PAGES.exists():
        return int(_PAGES.read_text("ascii").split()[1]) * resource.getpagesize() / 2**20
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # kilobytes, but bytes on a Mac
    return most / (2**20 if sys.platform == "darwin" else 2**10)


class _Looking:
    """One thread that looks after every watch; it ends when there has been none for a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watches: set[Watch] = set()
        self._thread: threading.Thread | None = None

    def add(self, watch: Watch) -> None:
        with self._lock:
            self._watches.add(watch)
            if self._thread is None or not self._thread.is_alive():
                # to start a thread takes longer than many a search
                self._thread = threading.Thread(target=self._look, daemon=True)
                self._thread.start()

    def drop(self, watch: Watch) -> None:
        with self._lock:
            self._watches.discard(watch)

    def _look(self) -> None:
        n_idle = 0
        while True:
            time.sleep(PAUSE)
            with self._lock:
                n_idle = 0 if self._watches else n_idle + 1
                if n_idle > MOST_IDLE:
                    self._thread = None
                    return
                for watch in self._watches:
                    watch.look()


_LOOKING = _Looking()
if hasattr(os, "register_at_fork"):
    # a thread does not live on in a copy of the process
    os.register_at_fork(after_in_child=_LOOKING.__init__)  # type: ignore[misc]


class Watch:
    """Calls `stop` once while the process takes too many megabytes; `has_stopped` tells so."""

    def __init__(self, stop: Callable[[], None], megabytes: int) -> None:
        self._stop = stop
        self._megabytes = megabytes
        self.has_stopped = False

    def __enter__(self) -> Watch:
        """Begin to watch."""
        _LOOKING.add(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Watch no more."""
        _LOOKING.drop(self)

    def look(self) -> None:
        """Stop what is watched, where the process takes too much now."""
        if taken() > self._megabytes:
            self.has_stopped = True
            # again at each look: a search that has not begun yet does not hear it
            self._stop()


class _Collecting:
    """How often the collector of garbage looks, for as many as ask it at once to look less."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._n_asking = 0
        self._usual = gc.get_threshold()

    @contextmanager
    def seldom(self) -> Iterator[None]:
        with self._lock:
            if not self._n_asking:
                self._usual = gc.get_threshold()
                gc.set_threshold(MOST_NEW, *self._usual[1:])
            self._n_asking += 1
        try:
            yield
        finally:
            with self._lock:
                self._n_asking -= 1
                if not self._n_asking:
                    gc.set_threshold(*self._usual)


seldom_collecting = _Collecting().seldom
"""Look for garbage only after very many new objects: where next to none is made in circles."""
