"""Whether one can still begin when a plan does."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from prospectus.app.beginning import beginning
from prospectus.app.library import open_library
from prospectus.catalogs.student_file import read_student_text
from prospectus.domain.program import Deadline, Program, School
from prospectus.domain.student import Student

TODAY = dt.date(2026, 11, 22)
SPRING = dt.date(2027, 1, 11)


@pytest.fixture(scope="module")
def omscs() -> tuple[Program, School]:
    library = open_library()
    program = library.named("gatech-omscs")
    bare = replace(program.admission, starts=None, rolling=False, deadlines=())
    return replace(program, admission=bare), library.school(program)


@pytest.fixture
def student() -> Student:
    text = "format: 1\nname: Maria\nplan_from: 2027-01-04\nhours_per_week: 12\n"
    return read_student_text(text, "me", TODAY).student


def test_a_near_start_whose_deadline_nobody_knows_is_doubted_with_the_next_start(
    omscs: tuple[Program, School], student: Student
) -> None:
    found = beginning(*omscs, student, SPRING, TODAY)
    assert found is not None
    assert found.said.startswith("Spring 2027 begins on 11 Jan 2027, in 50 days; no source gives")
    assert found.later is not None
    assert found.later > SPRING


def test_a_far_start_an_open_deadline_and_who_is_enrolled_raise_no_doubt(
    omscs: tuple[Program, School], student: Student
) -> None:
    program, school = omscs
    assert beginning(program, school, student, dt.date(2028, 1, 10), TODAY) is None
    enrolled = replace(student, program=program.id)
    assert beginning(program, school, enrolled, SPRING, TODAY) is None
    rolling = replace(program, admission=replace(program.admission, rolling=True))
    assert beginning(rolling, school, student, SPRING, TODAY) is None
    open_still = Deadline(start="Spring", month=12, day=1)
    dated = replace(program, admission=replace(program.admission, deadlines=(open_still,)))
    assert beginning(dated, school, student, SPRING, TODAY) is None


def test_a_deadline_that_is_past_is_told_with_the_next_start_of_the_programme(
    omscs: tuple[Program, School], student: Student
) -> None:
    program, school = omscs
    past = replace(
        program.admission, deadlines=(Deadline(start="Spring", month=8, day=15),), starts=("Fall",)
    )
    found = beginning(replace(program, admission=past), school, student, SPRING, TODAY)
    assert found is not None
    assert found.said == "The deadline to apply for Spring 2027 is past: it was 15 Aug 2026."
    assert found.later == dt.date(2027, 8, 24)
