"""Progress of long work as server-sent events: read from the database, so any process can tell it.

An event is sent when something is new, with an id that a browser which lost its line repeats; a
comment is sent now and then, so that a lost line is noticed on both sides.
"""

from __future__ import annotations

import json
import signal
import threading
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import FrameType

import anyio
from starlette.concurrency import run_in_threadpool

from prospectus.app.workspace import Job, Jobs
from prospectus.domain.errors import MissingError, ProspectusError

TICK = 0.5
"""Seconds between two looks at a job."""

_RETRY_MS = 2_000
_QUIET_TICKS = 20


@dataclass(slots=True)
class Closing:
    """Whether the server was told to stop: it waits for open lines, so they must end first."""

    told: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Hear the signals that stop a server, and pass them on to who heard them before."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            before = signal.getsignal(number)

            def hear(
                number: int, frame: FrameType | None, before: signal._HANDLER = before
            ) -> None:
                self.told.set()
                if callable(before):
                    before(number, frame)

            if callable(before):
                signal.signal(number, hear)


def event_id(job: Job) -> str:
    """Return what changes whenever there is something to tell of a job."""
    return f"{zlib.crc32(_data(job).encode()):08x}"


async def events(
    jobs: Jobs, id: str, closing: Closing, last_id: str = "", *, tick: float = TICK
) -> AsyncIterator[str]:
    """Tell how far a job is until it ends, or the server does.

    Parameters
    ----------
    jobs, id
        The job.
    closing
        Whether the server was told to stop.
    last_id
        The id of the last event that the reader knows.
    tick
        Seconds between two looks.
    """
    yield f"retry: {_RETRY_MS}\n\n"
    n_quiet = 0
    while not closing.told.is_set():
        try:
            job = await run_in_threadpool(jobs.get, id)
        except MissingError:
            yield "event: end\ndata: {}\n\n"
            return
        except ProspectusError:
            # the database is locked for a moment: the reader asks again
            return
        said, name = event_id(job), "end" if job.state.is_final else "progress"
        if said != last_id or job.state.is_final:
            yield f"id: {said}\nevent: {name}\ndata: {_data(job)}\n\n"
            last_id, n_quiet = said, 0
        if job.state.is_final:
            return
        n_quiet += 1
        if n_quiet % _QUIET_TICKS == 0:
            yield ": still here\n\n"
        await anyio.sleep(tick)


def _data(job: Job) -> str:
    told = {
        "state": job.state.value,
        "done": job.done,
        "total": job.total,
        "said": job.said,
        "stopping": job.asked_to_stop,
    }
    return json.dumps(told, ensure_ascii=False)
