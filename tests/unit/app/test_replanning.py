"""Planning again with the least change to an earlier plan."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from prospectus.app.answers import EarlierPlan, PlanAnswer
from prospectus.app.degree_plan import plan_degree
from prospectus.app.document import envelope
from prospectus.domain.errors import UsageError

TODAY = dt.date(2026, 11, 22)
RUNNING = "{course: CS 7641, status: in progress, period: Fall 2026, expected_grade: B}"
FAILED = "{course: CS 7641, status: failed, period: Fall 2026, grade: F}"
PASSED = "{course: CS 7641, grade: B, period: Fall 2026}"


@pytest.fixture(scope="module")
def midway() -> str:
    return (Path(__file__).parents[3] / "examples" / "omscs-midway.yaml").read_text()


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory, midway: str) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    student = folder / "me.yaml"
    student.write_text(midway)
    path = folder / "plan.json"
    path.write_text(envelope("plan", plan_degree(student, today=TODAY), seed=0))
    return path


def planned_again(
    tmp_path: Path, text: str, earlier: Path, keep_until: str | None = None
) -> tuple[PlanAnswer, EarlierPlan]:
    student = tmp_path / "me.yaml"
    student.write_text(text)
    answer = plan_degree(student, today=TODAY, earlier=earlier, keep_until=keep_until)
    assert answer.best is not None
    assert answer.best.earlier is not None
    return answer, answer.best.earlier


def test_a_plan_made_again_from_the_same_state_does_not_change(
    tmp_path: Path, midway: str, earlier: Path
) -> None:
    answer, against = planned_again(tmp_path, midway, earlier)
    assert against.changes == ()
    assert len(against.kept) == 5
    assert answer.best is not None
    assert answer.best.levels[0].level == "change"
    assert answer.best.levels[0].is_proven


def test_a_failed_course_comes_back_and_nothing_else_moves(
    tmp_path: Path, midway: str, earlier: Path
) -> None:
    assert RUNNING in midway
    _, against = planned_again(tmp_path, midway.replace(RUNNING, FAILED), earlier)
    assert len(against.changes) == 1
    assert against.changes[0].startswith("CS 7641 is new, in ")
    assert len(against.kept) == 5


def test_what_is_on_record_by_now_is_no_change(tmp_path: Path, midway: str, earlier: Path) -> None:
    first = next(iter(sorted(planned_again(tmp_path, midway, earlier)[1].kept)))
    more = midway.replace(
        RUNNING, f"{PASSED}\n  - {{course: {first}, grade: A, period: Fall 2026}}"
    )
    _, against = planned_again(tmp_path, more, earlier)
    assert against.taken == (first,)
    assert against.changes == ()


def test_what_begins_early_stays_where_the_person_says_so(
    tmp_path: Path, midway: str, earlier: Path
) -> None:
    text = midway.replace("objectives: [finish,", "objectives: [finish, change,")
    text = text.replace("hours_per_week: {usual: 20", "hours_per_week: {usual: 40")
    free, _ = planned_again(tmp_path, text, earlier)
    kept, against = planned_again(tmp_path, text, earlier, keep_until="Summer 2027")
    before = {
        item["course"]: item["periods"][0]
        for item in json.loads(earlier.read_text())["result"]["tracks"][0]["variants"][0]["record"][
            "attempts"
        ]
        if item["status"] == "planned"
    }
    early = {code for code, period in before.items() if period in ("Spring 2027", "Summer 2027")}
    assert early
    assert early <= set(against.kept)
    assert free.best is not None
    assert kept.best is not None
    assert free.best.finish is not None
    assert kept.best.finish is not None
    assert free.best.finish <= kept.best.finish


def test_a_file_that_is_no_plan_of_this_programme_is_refused(
    tmp_path: Path, midway: str, earlier: Path
) -> None:
    student = tmp_path / "me.yaml"
    student.write_text(midway)
    with pytest.raises(UsageError, match="USE-020"):
        plan_degree(student, today=TODAY, earlier=student)
    with pytest.raises(UsageError, match="USE-020"):
        plan_degree(student, today=TODAY, earlier=tmp_path / "nowhere.json")
    with pytest.raises(UsageError, match="USE-021"):
        plan_degree(student, today=TODAY, earlier=earlier, keep_until="Fall 1900")
    document = json.loads(earlier.read_text())
    document["result"]["catalog_year"] = "1999-00"
    other = tmp_path / "other.json"
    other.write_text(json.dumps(document))
    with pytest.raises(UsageError, match="1999-00"):
        plan_degree(student, today=TODAY, earlier=other)


def test_a_second_try_that_was_planned_is_not_taken_for_the_first(
    tmp_path: Path, midway: str, earlier: Path
) -> None:
    document = json.loads(earlier.read_text())
    record = document["result"]["tracks"][0]["variants"][0]["record"]
    again = next(item for item in record["attempts"] if item["status"] == "planned")
    first = next(item for item in record["attempts"] if item["status"] == "passed")
    again["course"] = first["course"]
    other = tmp_path / "again.json"
    other.write_text(json.dumps(document))
    _, against = planned_again(tmp_path, midway, other)
    assert first["course"] not in against.taken
