"""What an audit says of one course that was asked about."""

from __future__ import annotations

import pytest
from sample_audits import variant
from tests.degrees import leaf, program, record, running, school_of, taken

from prospectus.app.audit_answers import WhyLine
from prospectus.app.audit_record import Subject
from prospectus.app.audit_why import why_lines
from prospectus.domain.errors import UsageError
from prospectus.domain.student import Person


def _asked(*courses: str) -> tuple[WhyLine, ...]:
    held, open_, out = variant().requirements, variant().missing, variant().unused
    assert held
    assert open_
    assert out
    subject = Subject(
        program=program(leaf("free", "any", credits=6)),
        school=school_of(),
        record=record(taken("CS 600"), running("MATH 500"), taken("MATH 510", "C")),
        choices={},
        person=Person(),
    )
    return why_lines(variant(), subject, courses)


def test_a_course_that_counts_names_what_holds_it() -> None:
    (line,) = _asked("cs600")
    assert (line.text, line.path) == ("held by core, met (1 of 1 courses)", ("degree", "core"))


def test_a_course_that_does_not_count_says_why_and_what_a_better_grade_would_change() -> None:
    why, better = _asked("MATH 510")
    assert why.text.startswith("not used: the most is reached by MATH 500")
    assert better.text == "B instead of C in MATH 510: 0 credits left instead of 3; meets free"


def test_a_course_not_taken_says_where_it_would_serve() -> None:
    (line,) = _asked("CS 700")
    assert line.text.startswith("not taken; it would serve free")
    assert line.path[-1] == "free"
    (line,) = _asked("CS 630")
    assert line.text == "not taken; nothing that is still missing would take it"


def test_a_course_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UsageError, match="USE-016"):
        _asked("CS 9999")
