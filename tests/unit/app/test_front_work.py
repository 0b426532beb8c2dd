"""Other plans are looked for once for one question, told as they are found, and kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from board_cases import EASY, TODAY, library

from prospectus.app import front_work
from prospectus.app.board_answers import Card as Laid
from prospectus.app.board_answers import Cards
from prospectus.app.board_case import BoardCase
from prospectus.app.board_others import OtherPlan, OtherPlans
from prospectus.app.front_work import KIND, FrontWork, front_job
from prospectus.app.job_work import Progress
from prospectus.app.workspace import Card, JobState, KeptBoard, Workspace
from prospectus.domain.errors import MissingError, StudentError, UsageError
from prospectus.domain.facts import Money

CARDS = (Card(course="AI 391L", period="Fall 2027", pinned=True),)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace."""
    with Workspace.open(tmp_path / "work.db") as opened:
        yield opened


@pytest.fixture
def board(workspace: Workspace) -> KeptBoard:
    """A board with one card."""
    student = workspace.students.add("Sam", EASY)
    program = library().named("utaustin-msai")
    return workspace.boards.add(
        student.id,
        name="",
        program=program.id,
        catalog_year=program.catalog_year,
        track="",
        cards=CARDS,
    )


@pytest.fixture
def work(workspace: Workspace) -> FrontWork:
    """The work of a day."""
    return FrontWork(workspace=workspace, library=library(), today=TODAY)


def plan(cards: Cards, n: int) -> OtherPlan:
    return OtherPlan(
        cards=(*cards, Laid(course=f"CS {n}", period="Fall 2027")),
        finish=dt.date(2028, 5, n),
        cost=None if n % 2 else Money(minor=100 * n, currency="USD"),
        peak_hours=n,
        moves=(f"CS {n} in Fall 2027",),
    )


def fake(
    case: BoardCase, cards: Cards, *, found: Callable[[OtherPlan], None] | None = None
) -> OtherPlans:
    """Find three plans without a solver."""
    assert found is not None
    assert case.program.id == "utaustin-msai"
    plans = tuple(plan(cards, n) for n in (1, 2, 3))
    for one in plans:
        found(one)
    return OtherPlans(plans=plans, said="These are all.")


def test_plans_are_told_as_they_are_found_and_read_back_as_they_were(
    workspace: Workspace, board: KeptBoard, work: FrontWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_work, "other_plans", fake)
    asked = work.look(board.id)
    assert (asked.answer, asked.so_far, asked.job.state) == (None, (), JobState.QUEUED)
    job = workspace.jobs.claim("test")
    assert job is not None
    told: list[Progress] = []
    text = front_job(job.params, told.append)
    assert [one.said.partition(";")[0] for one in told[-3:]] == [
        "1 plan so far",
        "2 plans so far",
        "3 plans so far",
    ]
    workspace.jobs.beat(job.id, "test", said="2", so_far=told[-2].so_far)
    assert [one.peak_hours for one in work.look(board.id).so_far] == [1, 2]
    workspace.jobs.finish(job.id, "test", text)
    answer = work.look(board.id).answer
    assert answer is not None
    laid = (Laid(course="AI 391L", period="Fall 2027", pinned=True),)
    assert answer.plans == tuple(plan(laid, n) for n in (1, 2, 3))


def test_one_question_is_asked_once_and_another_board_is_another_question(
    workspace: Workspace, board: KeptBoard, work: FrontWork
) -> None:
    first = work.look(board.id).job
    assert work.look(board.id).job.id == first.id
    moved = replace(CARDS[0], period="Spring 2028")
    workspace.boards.add_step(board.id, board.version, [moved], "moved")
    assert work.look(board.id).job.id != first.id


def test_what_was_stopped_is_looked_for_again_only_when_it_is_asked_for(
    workspace: Workspace, board: KeptBoard, work: FrontWork
) -> None:
    first = work.look(board.id).job
    workspace.jobs.ask_to_stop(first.id)
    assert work.look(board.id).job.state is JobState.CANCELLED
    again = work.look(board.id, again=True).job
    assert (again.state, again.kind) == (JobState.QUEUED, KIND)


def test_an_answer_in_a_form_of_another_version_is_looked_for_anew(
    workspace: Workspace, board: KeptBoard, work: FrontWork
) -> None:
    first = work.look(board.id).job
    workspace.jobs.claim("test")
    workspace.jobs.finish(first.id, "test", '{"plans": [{"old": 1}]}')
    found = work.look(board.id)
    assert (found.answer, found.job.state) == (None, JobState.QUEUED)


def test_what_cannot_be_planned_with_makes_no_job(
    workspace: Workspace, board: KeptBoard, work: FrontWork
) -> None:
    with pytest.raises(MissingError):
        work.look("nothing")
    gone = workspace.boards.add_step(board.id, 1, [Card(course="AI 1", period="Fall 2027")], "")
    with pytest.raises(UsageError):
        work.look(gone.id)
    student = workspace.students.get(board.student_id)
    workspace.students.replace(student.id, name="", text="format: 1\nhurry: yes\n", version=1)
    with pytest.raises(StudentError):
        work.look(board.id)
    assert workspace.jobs.recent() == ()
