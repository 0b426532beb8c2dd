"""How much memory the process takes, and a watch that ends a search before it takes too much."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

DEFAULT_MEMORY = 4096
"""The megabytes that the whole process may take."""
PAUSE = 0.2
"""The seconds between two looks; most searches are over before the first."""
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


class Watch:
    """Calls `stop` once while the process takes too many megabytes; `has_stopped` tells so."""

    def __init__(self, stop: Callable[[], None], megabytes: int) -> None:
        self._stop = stop
        self._megabytes = megabytes
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.has_stopped = False

    def __enter__(self) -> Watch:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Watch no more."""
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(PAUSE):
            if taken() > self._megabytes:
                self.has_stopped = True
                self._stop()
                return
