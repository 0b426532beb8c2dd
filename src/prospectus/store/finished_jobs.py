"""Finished work that nobody needs any more."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from prospectus.store.keeping import AS_SAID
from prospectus.store.tables import JobRow

OPEN = ("queued", "running")
"""The states in which something will still happen."""

MOST_FINISHED = 200
"""Finished jobs that are kept."""

_MOST_BYTES = 200_000_000


def sweep(session: Session) -> None:
    """Remove the oldest finished jobs: those behind the newest 200, and behind 200 MB of results.

    The newest of all stays whatever its size.
    """
    finished = session.execute(
        select(JobRow.id, JobRow.result_bytes)
        .where(JobRow.state.not_in(OPEN))
        .order_by(JobRow.changed.desc(), JobRow.id)
    )
    n_bytes = 0
    gone: list[str] = []
    for place, (id, size) in enumerate(finished):
        n_bytes += size
        if place >= MOST_FINISHED or (place > 0 and n_bytes > _MOST_BYTES):
            gone.append(id)
    if gone:
        session.execute(delete(JobRow).where(JobRow.id.in_(gone)), execution_options=AS_SAID)
