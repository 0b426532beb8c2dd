"""Long work that asks about what is removed: it holds the document's text, and goes with it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from prospectus.store.keeping import AS_SAID
from prospectus.store.tables import JobRow

STUDENT, BOARD = "student", "board"
"""The params of a job that name what it asks about."""

_AT_ONCE = 200


def remove_jobs(session: Session, param: str, ids: Iterable[str]) -> None:
    """Remove the jobs one of whose params has one of these values, in whatever state they are.

    Who does such a job is told at its next sign of life that there is none any more.
    """
    # quotes inside a value are escaped in JSON: this is found as a param alone
    named = [f"{json.dumps(param)}: {json.dumps(id)}" for id in ids]
    for first in range(0, len(named), _AT_ONCE):
        some = named[first : first + _AT_ONCE]
        about = or_(*(JobRow.params.contains(one, autoescape=True) for one in some))
        session.execute(delete(JobRow).where(about), execution_options=AS_SAID)
