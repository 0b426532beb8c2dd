"""A plan's JSON holds its record."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from sample_answers import plan_answer, row, variant

from prospectus.app.document import envelope
from prospectus.catalogs.record_plan import plan_in, read_plan
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import StudentError
from prospectus.domain.record import (
    ApprovalState,
    Attempt,
    AttemptStatus,
    MilestoneResult,
    Record,
)
from prospectus.domain.requirement import NodeId

RECORD = Record(
    matriculation=dt.date(2025, 8, 18),
    attempts=(
        Attempt(
            id="finished-1",
            course=CourseCode("CS 7646"),
            credits=Fraction(3),
            status=AttemptStatus.PASSED,
            grade="A",
            periods=("Fall 2025",),
            counted_in=frozenset({"other-ms"}),
        ),
        Attempt(
            id="plan-1",
            course=CourseCode("CS 7641"),
            credits=Fraction(8, 3),
            status=AttemptStatus.PLANNED,
            periods=("Fall 2026",),
            topic="bees",
        ),
    ),
    milestones=(MilestoneResult(milestone=NodeId("exam"), status=AttemptStatus.PASSED),),
    approvals=(("advisor", ApprovalState.GRANTED),),
)


def written(folder: Path, text: str) -> Path:
    path = folder / "plan.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plan_is_read_back_as_its_record(tmp_path: Path) -> None:
    answer = plan_answer(replace(variant(), record=RECORD))
    path = written(tmp_path, envelope("plan", answer))
    document = plan_in(path)
    assert document is not None
    record, track = read_plan(path, document)
    assert (record.program, record.catalog_year) == ("gatech-omscs", "2026-27")
    assert (record.name, record.matriculation) == ("Maria", dt.date(2025, 8, 18))
    assert track == answer.tracks[0].track
    first, second = (line.attempt for line in record.lines)
    assert (first.course, first.grade, first.counted_in) == ("CS 7646", "A", {"other-ms"})
    assert (second.status, second.credits) == (AttemptStatus.PLANNED, Fraction(8, 3))
    assert (second.periods, second.topic) == (("Fall 2026",), "bees")
    assert (record.milestones, record.approvals) == (RECORD.milestones, RECORD.approvals)
    assert record.notes == ()


def test_of_several_plans_the_one_that_ends_first_is_read_and_named(tmp_path: Path) -> None:
    late = replace(variant(), record=Record(), finish=dt.date(2031, 1, 1))
    answer = plan_answer(late, replace(variant(), record=RECORD, finish=dt.date(2030, 1, 1)))
    path = written(tmp_path, envelope("plan", answer))
    record, _ = read_plan(path, plan_in(path) or {})
    assert len(record.lines) == 2
    assert [note.code for note in record.notes] == ["REC-026"]


def test_a_document_without_a_plan_is_refused(tmp_path: Path) -> None:
    unmet = replace(variant(row()), finish=None)
    for text in (envelope("plan", plan_answer(unmet)), '{"schema": "prospectus.plan"}'):
        path = written(tmp_path, text)
        with pytest.raises(StudentError) as caught:
            read_plan(path, plan_in(path) or {})
        assert caught.value.faults[0].code == "REC-025"


@pytest.mark.parametrize("text", ["{", "[1]", '{"schema": "prospectus.compare"}', "[" * 100_000])
def test_what_is_no_plan_is_left_to_others(tmp_path: Path, text: str) -> None:
    assert plan_in(written(tmp_path, text)) is None


def spoiled(folder: Path, value: object) -> Path:
    data = json.loads(envelope("plan", plan_answer(replace(variant(), record=RECORD))))
    data["result"]["tracks"][0]["variants"][0]["record"]["attempts"] = value
    return written(folder, json.dumps(data))


@pytest.mark.parametrize("value", [1, "x", None, {"a": 1}, [[1]]])
def test_a_plan_whose_attempts_are_no_attempts_has_none(tmp_path: Path, value: object) -> None:
    path = spoiled(tmp_path, value)
    record, _ = read_plan(path, plan_in(path) or {})
    assert record.lines == ()


def test_a_plan_changed_by_hand_is_told_its_faults(tmp_path: Path) -> None:
    path = spoiled(tmp_path, [{"course": 5, "credits": {}}, {"course": "AB 100", "x": 1}])
    record, _ = read_plan(path, plan_in(path) or {})
    assert [fault.code for fault in record.faults] == ["REC-022", "REC-022", "REC-021"]
