"""Processes that work for a server: they leave Ctrl-C to it, and do not outlive it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from multiprocessing import parent_process


def work_for_parent() -> None:
    """Leave Ctrl-C to the process that began this one, and end with it: nobody else would."""
    # Ctrl-C goes to the whole group; the server decides what becomes of its children
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.join,), daemon=True).start()


def n_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _end_with(wait: Callable[[], None]) -> None:
    wait()
    os._exit(1)
