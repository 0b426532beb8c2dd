"""What a comparison is asked as, and what its job tells on the way."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from sample_rows import row

from prospectus.app import compare_work, comparing
from prospectus.app.compare_work import (
    CompareWork,
    Otherwise,
    amount_of,
    compare_job,
    read_answer,
    supposed,
)
from prospectus.app.job_work import Progress
from prospectus.app.task import Task
from prospectus.app.workspace import Workspace
from prospectus.catalogs.student_file import read_student_text
from prospectus.compare.row import Row
from prospectus.domain.facts import Money

TODAY = dt.date(2026, 11, 22)
ME = """format: 1
name: Maria
plan_from: 2027-01-04
hours_per_week: {usual: 12, Summer: 4, 2027-12-20..2028-01-03: 0}
money: {total: EUR 9000}
"""


def test_supposed_hours_hold_in_every_period_and_amounts_are_in_the_documents_currency():
    file = read_student_text(ME, "me", TODAY)
    assert file.hours_by_season
    changed = supposed(file, Otherwise(hours="20", per_year="1,000.50"))
    wishes = changed.student.wishes
    assert (wishes.hours_per_week, wishes.hours_by_range, changed.hours_by_season) == (20, (), ())
    assert not wishes.hours_are_assumed
    assert wishes.budget_total == Money(minor=900_000, currency="EUR")
    assert wishes.budget_by_year == ((None, Money(minor=100_050, currency="EUR")),)
    assert supposed(file, Otherwise()) == file


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12000", 12_000),
        (" 12,000 ", 12_000),
        ("0.5", 0.5),
        ("0", None),
        ("-1", None),
        ("1,2", None),
        ("1e3", None),
        ("", None),
        ("9" * 40, None),
        ("9" * 5_000, None),
        ("٣٤", None),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, amount: float | None):
    assert amount_of(text) == amount


def test_the_job_tells_each_row_as_it_is_found_and_hands_in_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def solve(task: Task) -> tuple[Row, ...]:
        return (row(task.program, task.track),)

    monkeypatch.setattr(comparing, "run", solve)
    # what is put in place of the solver is not known to other processes
    monkeypatch.setattr(compare_work, "n_cores", lambda: 1)
    told: list[Progress] = []
    with Workspace.open(tmp_path / "work.db") as workspace:
        kept = workspace.students.add("Maria", ME.replace("EUR", "USD"))
        work = CompareWork(workspace=workspace, today=TODAY)
        asked = work.look(kept.id, Otherwise(hours="20"))
        assert asked.job is not None
        text = compare_job(asked.job.params, told.append)
        job = workspace.jobs.claim("test")
        assert job is not None
        workspace.jobs.finish(job.id, "test", text)
        found = work.look(kept.id, Otherwise(hours=" 20 ")).answer
    assert found is not None
    assert found == read_answer(text)
    assert "20 h a week" in found.wishes
    n = told[-1].total
    assert [one.done for one in told[1:]] == list(range(n + 1))
    assert len(json.loads(told[-1].so_far or "")) == n
    assert told[-1].said.endswith(": May 2029*")
    n_done = [int(one.said.partition(" of ")[0]) for one in told[2:]]
    assert n_done == sorted(n_done)
    assert told[-1].said.startswith(f"{n_done[-1]} of {n_done[-1]} programmes; ")
