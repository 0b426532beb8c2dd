"""What is forgotten is forgotten whole: jobs hold the text of the document that they ask about."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from prospectus.domain.errors import MissingError, StaleError
from prospectus.store.boards import Boards
from prospectus.store.jobs import Jobs
from prospectus.store.students import Students

SECRET = "name: Ada Secret"


def texts_in(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT params, result FROM job").fetchall()
    return str(rows)


def test_with_a_document_go_its_jobs_and_those_of_its_boards(
    students: Students, boards: Boards, jobs: Jobs, path: Path
) -> None:
    ada, bob = students.add("Ada", SECRET), students.add("Bob", "b")
    board = boards.add(ada.id, name="A", program="", catalog_year="")
    about = {"text": SECRET, "day": "2026-11-22"}
    for params in ({"student": ada.id}, {"board": board.id}, {"student": ada.id, "hours": "12"}):
        jobs.add("compare", {**about, **params})
    running = jobs.claim("worker")
    done = jobs.claim("worker")
    assert running is not None
    assert done is not None
    jobs.finish(done.id, "worker", SECRET)
    # what only looks like a param of hers stays
    others = [
        jobs.add("compare", {"student": bob.id, "text": f'"student": "{ada.id}"'}),
        jobs.add("compare", {"student": ada.id.replace(ada.id[3], "_", 1) + "x"}),
        jobs.add("compare", {"said": ada.id}),
    ]
    with pytest.raises(StaleError):
        students.remove(ada.id, version=7)
    assert SECRET in texts_in(path)
    students.remove(ada.id, version=1)
    assert {job.id for job in jobs.recent()} == {job.id for job in others}
    assert SECRET not in texts_in(path)
    with pytest.raises(MissingError):
        jobs.beat(running.id, "worker")


def test_with_a_board_go_the_jobs_that_look_for_other_plans(
    students: Students, boards: Boards, jobs: Jobs
) -> None:
    ada = students.add("Ada", SECRET)
    mine, other = (boards.add(ada.id, name=name, program="", catalog_year="") for name in "ab")
    jobs.add("front", {"board": mine.id})
    left = [jobs.add("front", {"board": other.id}), jobs.add("compare", {"student": ada.id})]
    boards.remove(mine.id, version=1)
    assert {job.id for job in jobs.recent()} == {job.id for job in left}
