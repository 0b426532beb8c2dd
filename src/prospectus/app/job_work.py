"""Long work in processes of their own: begun when there is room, watched, ended when asked.

Every web process has one runner; what waits and what runs stands in the database, so it does not
matter which of them does a job, or whether all of them start anew in between.
"""

from __future__ import annotations

import atexit
import datetime as dt
import logging
import os
import secrets
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, TypeAlias

from prospectus.domain.errors import (
    Fault,
    InternalError,
    MissingError,
    ProspectusError,
    StaleError,
)

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from prospectus.app.document import Json
    from prospectus.app.workspace import Job, Jobs

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 2
"""Jobs that run at one time, in all processes of one database."""
TICK = 0.5
"""Seconds between two looks at what runs and at what waits."""
STALE_AFTER = 15.0
"""Seconds without a sign of life after which a job is begun anew, by whoever has room."""

_MOST_STARTS = 2
_NICER = 5
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far work is: `done` of `total` steps, what was said last, the JSON text found so far."""

    done: int = 0
    total: int = 0
    said: str = ""
    so_far: str | None = None


Tell: TypeAlias = Callable[[Progress], None]
Work: TypeAlias = "Callable[[Mapping[str, Json], Tell], str]"
"""What does a job of one kind: of its params it makes the JSON text of the result."""


@dataclass(frozen=True, slots=True)
class _Done:
    result: str


@dataclass(frozen=True, slots=True)
class _Failed:
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Run:
    """A job at work in a child process; `wire` brings what it tells."""

    job: Job
    work: Work
    process: SpawnProcess
    wire: Connection
    n_starts: int = 1
    progress: Progress = field(default_factory=Progress)
    ending: _Done | _Failed | None = None

    def hear(self) -> None:
        """Take in what the child told; without an ending, its death is one, or a second start."""
        try:
            while self.ending is None and self.wire.poll():
                told = self.wire.recv()
                if isinstance(told, Progress):
                    kept = self.progress.so_far if told.so_far is None else told.so_far
                    self.progress = Progress(
                        done=told.done, total=told.total, said=told.said, so_far=kept
                    )
                else:
                    assert isinstance(told, _Done | _Failed)
                    self.ending = told
        except (EOFError, OSError):
            self._died()

    def _died(self) -> None:
        self.kill()
        _log.warning("event=job-died kind=%s code=%s", self.job.kind, self.process.exitcode)
        if self.n_starts < _MOST_STARTS:
            self.n_starts += 1
            self.progress = Progress(said="begun again: its process stopped", so_far="null")
            self.process, self.wire = _begin(self.work, self.job.params)
            return
        stopped = InternalError(
            "INT-002",
            what="the solver stopped its own process, twice",
            fix="ask for less at once, or report it with the student document; nothing was lost",
        )
        self.ending = _Failed(stopped.faults)

    def kill(self) -> None:
        """End the child at once."""
        self.process.terminate()
        self.process.join(_PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join(_PATIENCE)
        self.wire.close()


class JobRunner:
    """Does the jobs of a workspace whose kind it knows, in a thread that looks after children.

    Parameters
    ----------
    jobs
        The jobs of the workspace.
    works
        What does each kind of job: functions of a module, for other processes must find them.
    most, tick, stale_after
        Jobs at once in all processes; seconds, see `MOST_AT_ONCE`, `TICK` and `STALE_AFTER`.
    """

    def __init__(
        self,
        jobs: Jobs,
        works: Mapping[str, Work],
        *,
        most: int = MOST_AT_ONCE,
        tick: float = TICK,
        stale_after: float = STALE_AFTER,
    ) -> None:
        self.owner = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._jobs = jobs
        self._works = works
        self._most = most
        self._tick = tick
        self._stale_after = dt.timedelta(seconds=stale_after)
        self._runs: list[_Run] = []
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look for work."""
        self._stopping.clear()
        # at an end without `stop` the children would be waited for
        atexit.register(self.stop)
        self._thread = threading.Thread(target=self._go, name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End what runs and let it wait for the next runner."""
        atexit.unregister(self.stop)
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    # ---------------------------------------------------------------- the thread

    def _go(self) -> None:
        while not self._stopping.wait(self._tick):
            self._turn()
        for run in self._runs:
            run.kill()
            self._kept(run, lambda one: self._jobs.give_back(one.job.id, self.owner))
        self._runs.clear()

    def _turn(self) -> None:
        """Look once at what runs and what waits; nothing that goes wrong ends the thread."""
        try:
            self._runs = [run for run in self._runs if self._goes_on(run)]
            self._jobs.requeue_stale(self._stale_after)
            while len(self._runs) < self._most:
                job = self._jobs.claim(self.owner, tuple(self._works), most=self._most)
                if job is None:
                    break
                self._take(job)
        except ProspectusError as error:
            _log.warning("event=jobs-wait code=%s", error.faults[0].code)
        except Exception:
            _log.exception("event=jobs-unforeseen")

    def _take(self, job: Job) -> None:
        work = self._works[job.kind]
        try:
            process, wire = _begin(work, job.params)
        except OSError as error:
            no_room = InternalError(
                "INT-002",
                what=f"no process can be started for this ({error.strerror})",
                fix="close other programs and ask again",
            )
            self._jobs.fail(job.id, self.owner, no_room.faults)
            return
        self._runs.append(_Run(job, work, process, wire))

    def _goes_on(self, run: _Run) -> bool:
        """Take a run one step on, and say whether it still runs."""
        run.hear()
        if run.ending is None:
            return self._kept(run, self._beaten)
        if not self._kept(run, self._ended):
            run.kill()
            return False
        return True

    def _kept(self, run: _Run, keep: Callable[[_Run], object]) -> bool:
        """Write what a run came to; False when it is over or somebody else's."""
        try:
            return bool(keep(run))
        except (StaleError, MissingError):
            run.kill()
            return False
        except ProspectusError as error:
            # the database is locked or full: the child goes on, and the next turn tries again
            _log.warning("event=job-not-kept code=%s", error.faults[0].code)
            return True

    def _beaten(self, run: _Run) -> bool:
        told = run.progress
        answer = self._jobs.beat(
            run.job.id,
            self.owner,
            done=told.done,
            total=told.total,
            said=told.said,
            so_far=told.so_far,
        )
        run.progress = Progress(done=told.done, total=told.total, said=told.said)
        if answer.asked_to_stop:
            run.kill()
            self._jobs.cancelled(run.job.id, self.owner)
            return False
        return True

    def _ended(self, run: _Run) -> bool:
        """Hand in how a run ended; False, for nothing is left to do."""
        ending = run.ending
        if isinstance(ending, _Done):
            try:
                self._jobs.finish(run.job.id, self.owner, ending.result)
            except ProspectusError as error:
                if error.faults[0].code != "STO-005":
                    raise
                self._jobs.fail(run.job.id, self.owner, error.faults)
        elif ending is not None:
            self._jobs.fail(run.job.id, self.owner, ending.faults)
        return False


# ------------------------------------------------------------------ the child


def _begin(work: Work, params: Mapping[str, Json]) -> tuple[SpawnProcess, Connection]:
    # a process that is forked from one with threads may hang
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    # not a daemon, which may have no children; the runner ends it at the end of its own process
    process = context.Process(target=_child, args=(work, params, theirs), daemon=False)
    try:
        process.start()
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    return process, ours


def _child(work: Work, params: Mapping[str, Json], wire: Connection) -> None:
    """Do the work and tell how it ended."""
    # Ctrl-C goes to the whole group; the server decides what becomes of its children
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICER)  # a page that is waited for comes before long work
    threading.Thread(target=_die_with_server, args=(wire,), daemon=True).start()
    ending: _Done | _Failed
    try:
        ending = _Done(work(params, wire.send))
    except ProspectusError as error:
        ending = _Failed(error.faults)
    except Exception as error:
        _log.exception("event=job-unforeseen")
        ending = _Failed(_unforeseen(error))
    wire.send(ending)


def _die_with_server(wire: Connection) -> None:
    """Wait for the server's end of the wire to close, as it does when the server is killed."""
    try:
        wire.recv()
    except (EOFError, OSError):
        os._exit(1)


def _unforeseen(error: Exception) -> tuple[Fault, ...]:
    return InternalError(
        "INT-003",
        what=f"an unforeseen {type(error).__name__}",
        fix="please report this with what you did; nothing was changed",
    ).faults
