"""Long work: asked for by one process, done by another, watched by any, kept over a restart.

queued ──claim──▶ running ──▶ done | failed | cancelled
   ▲                 │
   └──requeue_stale──┘   its owner gave no sign of life
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session, defer

from prospectus.domain.errors import Fault, Place
from prospectus.store.database import Database, time_text
from prospectus.store.faults_text import faults_from, text_of_faults
from prospectus.store.finished_jobs import OPEN, sweep
from prospectus.store.keeping import (
    AS_SAID,
    bounded,
    missing,
    named,
    new_id,
    row_of,
    stale,
    time_of,
    too_large,
)
from prospectus.store.tables import JobRow

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

MOST_TRIES = 3
"""How often work is begun whose owner dies over it."""

_WHAT = "job"
_MOST_PARAMS = 2_000_000
_MOST_RESULT_BYTES = 20_000_000
_MOST_SAID = 1_000


class JobState(Enum):
    """How far a piece of work is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Say whether nothing more will happen."""
        return self.value not in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work, without its result (`Jobs.result`), which may be large.

    `done` of `total` steps are done (0 of 0 where nobody knows), and `said` tells which is next.
    """

    id: str
    kind: str
    params: Mapping[str, Json]
    state: JobState
    done: int
    total: int
    said: str
    faults: tuple[Fault, ...]
    owner: str | None
    beat: dt.datetime | None
    asked_to_stop: bool
    created: dt.datetime
    changed: dt.datetime


@dataclass(frozen=True, slots=True)
class Jobs:
    """The long work of a database."""

    database: Database

    def add(self, kind: str, params: Mapping[str, Json], *, once: bool = False) -> Job:
        """Ask for a piece of work.

        With `once`, work of the same kind and params that waits or runs is returned instead of
        more of it: a form that was sent twice asks once.

        Raises
        ------
        StoreError
            STO-005 when the params are too large.
        """
        now = self.database.now()
        text = json.dumps(params, ensure_ascii=False, sort_keys=True)
        row = JobRow(
            id=new_id(),
            kind=named(kind, "kind"),
            params=bounded(text, _MOST_PARAMS, _WHAT),
            state=JobState.QUEUED.value,
            done=0,
            total=0,
            said="",
            result_bytes=0,
            tries=0,
            asked_to_stop=False,
            created=now,
            changed=now,
        )
        with self.database.writing() as session:
            if once:
                same = (JobRow.kind == kind, JobRow.params == text, ~JobRow.asked_to_stop)
                waiting = session.scalar(_without_result(*same, JobRow.state.in_(OPEN)).limit(1))
                if waiting is not None:
                    return _job(waiting)
            sweep(session)
            session.add(row)
        return _job(row)

    def get(self, id: str) -> Job:
        """Return a job as it now stands.

        Raises
        ------
        MissingError
            STO-001 when there is none of that id.
        """
        with self.database.reading() as session:
            row = session.scalar(_without_result(JobRow.id == id))
            if row is None:
                raise missing(_WHAT)
            return _job(row)

    def result(self, id: str) -> str | None:
        """Return the JSON text of a result, of work under way what `beat` was told last, or None.

        Fails as `get` does.
        """
        with self.database.reading() as session:
            return row_of(session, JobRow, id, _WHAT).result

    def latest(self, kind: str, params: Mapping[str, Json]) -> Job | None:
        """Return the newest job that asks exactly this, whatever became of it; None before."""
        text = json.dumps(params, ensure_ascii=False, sort_keys=True)
        newest = _without_result(JobRow.kind == kind, JobRow.params == text)
        newest = newest.order_by(JobRow.created.desc(), JobRow.id).limit(1)
        with self.database.reading() as session:
            row = session.scalar(newest)
            return None if row is None else _job(row)

    def recent(self, most: int = 20) -> tuple[Job, ...]:
        """Return the newest jobs, the newest first."""
        with self.database.reading() as session:
            newest = _without_result().order_by(JobRow.created.desc(), JobRow.id).limit(most)
            return tuple(_job(row) for row in session.scalars(newest))

    def under_way(self, kind: str) -> tuple[Job, ...]:
        """Return the jobs of a kind that wait or run, the oldest first."""
        mine = _without_result(JobRow.kind == kind, JobRow.state.in_(OPEN))
        with self.database.reading() as session:
            return tuple(map(_job, session.scalars(mine.order_by(JobRow.created, JobRow.id))))

    def claim(
        self, owner: str, kinds: Sequence[str] | None = None, *, most: int | None = None
    ) -> Job | None:
        """Take the oldest job that waits; of all that ask at once, one gets it.

        Parameters
        ----------
        owner
            Who takes it: a name that no other worker has.
        kinds
            What the worker can do; None for everything.
        most
            Nothing is taken while so many jobs run, whoever runs them; None for no bound.
        """
        now = self.database.now()
        oldest = select(JobRow.id).where(JobRow.state == JobState.QUEUED.value)
        if kinds is not None:
            oldest = oldest.where(JobRow.kind.in_(kinds))
        if most is not None:
            running = select(func.count()).where(JobRow.state == JobState.RUNNING.value)
            oldest = oldest.where(running.scalar_subquery() < most)
        oldest = oldest.order_by(JobRow.created, JobRow.id).limit(1)
        with self.database.reading() as session:
            if session.scalar(oldest) is None:
                return None  # workers ask often, and must not hold up who writes
        with self.database.writing() as session:
            id = session.scalar(oldest)
            if id is None:
                return None
            row = row_of(session, JobRow, id, _WHAT)
            row.state, row.owner = JobState.RUNNING.value, named(owner, "owner")
            row.beat = row.changed = now
            row.tries += 1
            return _job(row)

    def beat(
        self,
        id: str,
        owner: str,
        *,
        done: int = 0,
        total: int = 0,
        said: str = "",
        so_far: str | None = None,
    ) -> Job:
        """Give a sign of life and say how far the work is; `asked_to_stop` may be in the answer.

        `so_far` is the JSON text of what is found already; None leaves what was told before.

        Raises
        ------
        MissingError
            STO-001 when there is none of that id.
        StaleError
            STO-002 when the work is no longer this owner's: it must be dropped.
        """
        bounded(said, _MOST_SAID, "progress")
        values: dict[str, str | int] = {"done": done, "total": total, "said": said}
        if so_far is not None:
            values |= {"result": so_far, "result_bytes": _size_of(so_far)}
        return self._of_owner(id, owner, beat=self.database.now(), **values)

    def finish(self, id: str, owner: str, result: str) -> Job:
        """Hand in the JSON text of a result; fails as `beat` does.

        Raises
        ------
        StoreError
            STO-005 when it is larger than 20 MB.
        """
        n_bytes = _size_of(result)
        state = JobState.DONE.value
        return self._of_owner(id, owner, state=state, result=result, result_bytes=n_bytes)

    def fail(self, id: str, owner: str, faults: Sequence[Fault]) -> Job:
        """Say why there is no result; fails as `beat` does."""
        state = JobState.FAILED.value
        return self._of_owner(id, owner, state=state, error=text_of_faults(faults))

    def cancelled(self, id: str, owner: str) -> Job:
        """Say that the work stopped because it was asked to; fails as `beat` does."""
        return self._of_owner(id, owner, state=JobState.CANCELLED.value)

    def give_back(self, id: str, owner: str) -> Job:
        """Let work wait again that its owner cannot end now; it counts as never begun.

        Work that was asked to stop is cancelled instead. Fails as `beat` does.
        """
        with self.database.writing() as session:
            row = session.scalar(_without_result(JobRow.id == id))
            if row is None:
                raise missing(_WHAT)
            if row.owner != owner or row.state != JobState.RUNNING.value:
                raise stale(_WHAT)
            row.tries -= 1
            self._let_go(row)
            return _job(row)

    def ask_to_stop(self, id: str) -> Job:
        """Cancel a job that waits, and ask the owner of one that runs to stop.

        Raises
        ------
        MissingError
            STO-001 when there is none of that id.
        """
        with self.database.writing() as session:
            row = session.scalar(_without_result(JobRow.id == id))
            if row is None:
                raise missing(_WHAT)
            if not JobState(row.state).is_final:
                row.asked_to_stop, row.changed = True, self.database.now()
                if row.state == JobState.QUEUED.value:
                    row.state = JobState.CANCELLED.value
            return _job(row)

    def requeue_stale(self, older_than: dt.timedelta) -> tuple[Job, ...]:
        """Let jobs wait again whose owner gave no sign of life for so long; return them.

        One that was asked to stop is cancelled instead, and one that was begun too often fails.
        """
        limit = time_text(self.database.clock() - older_than)
        left = (JobRow.state == JobState.RUNNING.value, JobRow.beat < limit)
        with self.database.reading() as session:
            if session.scalar(select(JobRow.id).where(*left).limit(1)) is None:
                return ()
        with self.database.writing() as session:
            rows = session.scalars(_without_result(*left)).all()
            for row in rows:
                self._let_go(row)
            return tuple(_job(row) for row in rows)

    def _let_go(self, row: JobRow) -> None:
        row.owner, row.beat, row.changed = None, None, self.database.now()
        if row.asked_to_stop:
            row.state = JobState.CANCELLED.value
        elif row.tries < MOST_TRIES:
            row.state, row.done, row.total, row.said = JobState.QUEUED.value, 0, 0, ""
            row.result, row.result_bytes = None, 0
        else:
            row.state = JobState.FAILED.value
            ended = Fault(
                code="STO-006",
                what=f"the process that did this ended {MOST_TRIES} times before it was done",
                fix="ask for less at once, or report it with the student document",
                at=Place(field=row.kind),
            )
            row.error = text_of_faults((ended,))

    def _of_owner(self, id: str, owner: str, **values: str | int) -> Job:
        mine = (JobRow.id == id, JobRow.owner == owner, JobRow.state == JobState.RUNNING.value)
        made = update(JobRow).where(*mine).values(changed=self.database.now(), **values)
        with self.database.writing() as session:
            if session.scalar(made.returning(JobRow.id), execution_options=AS_SAID) is None:
                self._require(session, id)
                raise stale(_WHAT)
            row = session.scalars(_without_result(JobRow.id == id)).one()
            return _job(row)

    @staticmethod
    def _require(session: Session, id: str) -> None:
        if session.scalar(select(JobRow.id).where(JobRow.id == id)) is None:
            raise missing(_WHAT)


def _size_of(result: str) -> int:
    n_bytes = len(result.encode("utf-8"))
    if n_bytes > _MOST_RESULT_BYTES:
        raise too_large("result", f"{_MOST_RESULT_BYTES // 1_000_000} MB")
    return n_bytes


def _without_result(*which: ColumnElement[bool]) -> Select[JobRow]:
    return select(JobRow).where(*which).options(defer(JobRow.result))


def _job(row: JobRow) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        params=json.loads(row.params),
        state=JobState(row.state),
        done=row.done,
        total=row.total,
        said=row.said,
        faults=faults_from(row.error),
        owner=row.owner,
        beat=time_of(row.beat) if row.beat else None,
        asked_to_stop=row.asked_to_stop,
        created=time_of(row.created),
        changed=time_of(row.changed),
    )
