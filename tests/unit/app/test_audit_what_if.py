"""What is only supposed: how it is written, and what it makes of a record."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.degrees import at_most, has, leaf, program, record, school_of, taken, transfer

from prospectus.app.audit_record import Subject, with_choices
from prospectus.app.audit_what_if import (
    Supposition,
    names_transfer,
    parse_choices,
    parse_supposition,
    transfer_lines,
    with_courses,
    without_transfer,
)
from prospectus.domain.errors import UsageError
from prospectus.domain.program import Program, Transfer
from prospectus.domain.record import AttemptStatus
from prospectus.domain.requirement import Any, Header, NodeId
from prospectus.domain.student import Person

FREE = leaf("free", "any", credits=6)
TRACK = Any(
    header=Header(id=NodeId("track")),
    children=(leaf("ai", "CS 600", 1), leaf("hci", "CS 610", 1)),
    declare=True,
)


def _subject(rules: Program | None = None) -> Subject:
    return Subject(
        program=rules or program(FREE, TRACK),
        school=school_of(),
        record=record(taken("CS 600")),
        choices={"track": "ai"},
        person=Person(),
    )


def test_suppositions_are_read_together() -> None:
    found = parse_supposition(["program=ms", "year=2025-26", "track=hci", "add=CS 6601=A"], ["X 1"])
    assert found == Supposition(
        program="ms",
        year="2025-26",
        choices=(("track", "hci"),),
        added=(("X 1", None), ("CS 6601", "A")),
    )
    assert not found.is_empty
    assert parse_supposition([]).is_empty


@pytest.mark.parametrize("text", ["program", "=ms", "program=", ""])
def test_a_supposition_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="USE-015"):
        parse_supposition([text])


def test_choices_are_written_as_id_and_child() -> None:
    assert parse_choices(["track = hci"]) == (("track", "hci"),)
    with pytest.raises(UsageError, match="USE-015"):
        parse_choices(["hci"])


def test_a_choice_asked_for_stands_before_that_of_the_record() -> None:
    assert with_choices(_subject(), (("track", "hci"),)).choices == {"track": "hci"}


@pytest.mark.parametrize("choice", [("trak", "ai"), ("track", "ia")])
def test_a_choice_that_is_not_there_is_refused_with_the_nearest(choice: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match="USE-014") as caught:
        with_choices(_subject(), (choice,))
    assert "mean" in caught.value.faults[0].fix or "use" in caught.value.faults[0].fix


def test_a_supposed_course_is_planned_and_may_have_a_grade() -> None:
    found, told = with_courses(_subject(), [("cs610", None), ("CS 620", "B")])
    _, one, other = found.record.attempts
    assert (one.course, one.credits, one.status) == ("CS 610", Fraction(3), AttemptStatus.PLANNED)
    assert (one.expected_grade, other.expected_grade) == (None, "B")
    assert told == ("CS 610 taken as planned", "CS 620 taken with B")


@pytest.mark.parametrize("course", [("CS 999", None), ("what?", None), ("CS 610", "Z")])
def test_a_course_or_grade_that_is_not_there_is_refused(course: tuple[str, str | None]) -> None:
    with pytest.raises(UsageError, match="USE-016"):
        with_courses(_subject(), [course])


def test_a_programme_says_of_transfer_what_its_rules_say() -> None:
    capped = program(FREE, at_most("outside", has("source", "transfer"), credits=3))
    away = has("source", "home")
    by_set = program(
        FREE,
        at_most("outside", "set away", credits=3),
        sets={"away": has("source", "transfer")},
    )
    assert names_transfer(capped)
    assert names_transfer(by_set)
    assert names_transfer(program(FREE, at_most("outside", away, credits=0)))
    assert not names_transfer(program(FREE))


def test_an_unknown_rule_on_transfer_is_said() -> None:
    brought = record(transfer("CS 600"))
    told = transfer_lines(program(FREE, transfer=Transfer(notes=("Ask first.",))), brought)
    assert "what ms says of credit by transfer is known in words only" in told[1]
    assert told[-1] == "ms: Ask first."
    assert "no rule of ms" in transfer_lines(program(FREE), brought)[1]
    assert transfer_lines(program(FREE), record(taken("CS 600"))) == ()
    assert without_transfer(brought).attempts == ()
