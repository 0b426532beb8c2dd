from __future__ import annotations

import datetime as dt
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import pytest
from sample_rows import figures, impossible, row
from sample_school import program, school

from prospectus.app import comparing
from prospectus.app.comparing import compare_programs
from prospectus.app.library import Library
from prospectus.app.task import Task
from prospectus.catalogs.load import Catalog
from prospectus.compare.row import Row
from prospectus.domain.errors import InternalError
from prospectus.domain.facts import Completeness
from prospectus.domain.program import Dispute, Program

TODAY = dt.date(2026, 8, 1)


@pytest.fixture
def me(tmp_path: Path) -> Path:
    """A student file that asks nothing."""
    path = tmp_path / "me.yaml"
    path.write_text("format: 1\nplan_from: 2026-08-24\n", encoding="utf-8")
    return path


def use(
    monkeypatch: pytest.MonkeyPatch, *programs: Program, rows: dict[str, Row] | None = None
) -> list[Task]:
    """Let the catalog hold these programmes and each task give its row; list the tasks."""
    library = Library(catalog=Catalog(schools=(school(),), programs=programs))
    asked: list[Task] = []

    def solve(asked_for: Task) -> tuple[Row, ...]:
        asked.append(asked_for)
        made = (rows or {}).get(str(asked_for.track), row("here-ms", asked_for.track))
        option = replace(made.option, program=asked_for.program, track=asked_for.track)
        return (replace(made, option=option, variant=asked_for.reading),)

    monkeypatch.setattr(comparing, "open_library", lambda catalogs: library)
    monkeypatch.setattr(comparing, "run", solve)
    return asked


def test_every_track_of_every_complete_programme_gets_a_row(
    me: Path, monkeypatch: pytest.MonkeyPatch
):
    stub = replace(program(), id="half-ms", completeness=Completeness.PARTIAL)
    use(monkeypatch, program(), stub)
    answer = compare_programs(me, today=TODAY)
    assert [str(item.row.option) for item in answer.rows] == ["here-ms/three", "here-ms/two"]
    assert answer.not_compared == ("half-ms (partial)",)


def test_a_declared_track_is_the_only_one_compared(me: Path, monkeypatch: pytest.MonkeyPatch):
    me.write_text(me.read_text() + "choices: {track: two}\n", encoding="utf-8")
    use(monkeypatch, program())
    answer = compare_programs(me, today=TODAY)
    assert [item.row.option.track for item in answer.rows] == ["two"]


def disputed() -> Program:
    """The sample programme with one text read in two ways."""
    dispute = Dispute(id="total", readings=(("34", "handbook"), ("38", "page")), why="two sources")
    return replace(program(), disputes=(dispute,))


def test_readings_that_change_nothing_are_one_row_and_a_note(
    me: Path, monkeypatch: pytest.MonkeyPatch
):
    use(monkeypatch, disputed())
    answer = compare_programs(me, today=TODAY)
    assert len(answer.rows) == 2
    assert all(item.row.variant == () for item in answer.rows)
    assert all("The answer is the same in each case" in note for note in answer.reading_notes)


def test_readings_that_differ_are_rows_of_their_own(me: Path, monkeypatch: pytest.MonkeyPatch):
    use(monkeypatch, disputed())

    def solve(asked_for: Task) -> tuple[Row, ...]:
        long = asked_for.reading == (("total", "38"),)
        made = row("here-ms", asked_for.track, plan=figures("2030-01-01" if long else "2029-01-01"))
        return (replace(made, variant=asked_for.reading),)

    monkeypatch.setattr(comparing, "run", solve)
    answer = compare_programs(me, today=TODAY)
    assert len(answer.rows) == 4
    assert all("ask the school" in note for note in answer.reading_notes)


def test_rows_stand_by_finish_and_those_without_a_plan_last(
    me: Path, monkeypatch: pytest.MonkeyPatch
):
    rows = {"two": impossible(), "three": row("here-ms", "three")}
    use(monkeypatch, program(), rows=rows)
    answer = compare_programs(me, today=TODAY)
    assert [item.row.option.track for item in answer.rows] == ["three", "two"]


def test_next_steps_are_told_for_what_nothing_dominates(me: Path, monkeypatch: pytest.MonkeyPatch):
    rows = {"two": row("here-ms", "two"), "three": row("here-ms", "three", plan=figures(peak=30))}
    use(monkeypatch, program(), rows=rows)
    answer = compare_programs(me, today=TODAY)
    (step,) = answer.next_steps
    assert step.short_name.startswith("ML")
    assert step.ask[0] == "Is there a fee?"
    assert step.first_courses[0].code == "CS 7641"
    assert step.apply_by == "ask: no source gives it"


def test_the_answer_does_not_depend_on_how_the_work_is_cut(
    me: Path, monkeypatch: pytest.MonkeyPatch
):
    use(monkeypatch, disputed())
    alone = compare_programs(me, today=TODAY)
    with ThreadPoolExecutor(3) as pool:
        assert compare_programs(me, today=TODAY, executor=pool) == alone


def test_progress_is_told_to_the_end(me: Path, monkeypatch: pytest.MonkeyPatch):
    use(monkeypatch, program())
    told: list[tuple[int, int]] = []
    compare_programs(me, today=TODAY, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]


class DyingExecutor(Executor):
    """Workers whose process is gone, as after an abort inside the solver."""

    def submit(self, *arguments: object, **named: object) -> Future[object]:  # type: ignore[override]
        future: Future[object] = Future()
        future.set_exception(BrokenProcessPool("gone"))
        return future


def test_a_solver_that_stops_its_process_is_a_typed_error(
    me: Path, monkeypatch: pytest.MonkeyPatch
):
    use(monkeypatch, program())
    with pytest.raises(InternalError) as caught:
        compare_programs(me, today=TODAY, executor=DyingExecutor())
    assert caught.value.faults[0].code == "INT-002"


def test_a_task_survives_being_sent_to_another_process(me: Path, monkeypatch: pytest.MonkeyPatch):
    import pickle

    asked = use(monkeypatch, program())
    compare_programs(me, today=TODAY)
    assert pickle.loads(pickle.dumps(asked[0])) == asked[0]
    assert len(pickle.dumps(asked[0])) < 20_000
