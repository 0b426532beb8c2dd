"""The garbage collector at rest while very many objects are made that all stay."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Rest:
    """The collector at rest as long as anybody asks for it, in whichever thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._n_asking = 0
        self._collects = True

    @contextmanager
    def rest(self) -> Iterator[None]:
        with self._lock:
            if not self._n_asking:
                self._collects = gc.isenabled()
                gc.disable()
            self._n_asking += 1
        try:
            yield
        finally:
            with self._lock:
                self._n_asking -= 1
                if not self._n_asking and self._collects:
                    gc.enable()


no_collecting = _Rest().rest
"""Keep the collector from looking, again and again, for garbage that is not there."""
