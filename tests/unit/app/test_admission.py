from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from sample_school import program, school

from prospectus.app.admission import ASK, admission
from prospectus.app.binding import bind
from prospectus.catalogs.student_file import read_student
from prospectus.compare.row import Admissible
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import And, Approval, Background, Done, GpaIs, HasDegree, TestIs
from prospectus.domain.program import Admission, Deadline, Pathway
from prospectus.domain.student import Person, Student

TODAY = dt.date(2026, 8, 1)
SPRING = Deadline(start="Spring", month=10, day=15)
FALL = Deadline(start="Fall", month=3, day=15)


def student(person: Person = Person(), start: str = "2027-01-01", **changes: str) -> Student:
    """A person who can begin on `start`."""
    day = dt.date.fromisoformat(start)
    return Student(matriculation=day, plan_from=day, person=person, **changes)  # type: ignore[arg-type]


def answer(rules: Admission, who: Student) -> tuple[Admissible, tuple[str, ...], str]:
    found = admission(replace(program(), admission=rules), school(), who, TODAY)
    return found.admissible, found.reasons, found.apply_by


def test_no_rule_is_unknown_not_open_to_all():
    assert answer(Admission(), student()) == (
        Admissible.UNKNOWN,
        ("no source gives the admission rule",),
        ASK,
    )


def test_what_the_person_has_not_said_makes_it_depend():
    rules = Admission(
        eligibility=And(items=(HasDegree(level="bachelor"), Background(topic="python")))
    )
    who = student(Person(degrees=(("bachelor", "nursing"),)))
    assert answer(rules, who)[:2] == (Admissible.DEPENDS, ("background in python",))
    ready = student(Person(degrees=(("bachelor", ""),), background=frozenset({"python"})))
    assert answer(rules, ready)[:2] == (Admissible.YES, ())


def test_a_score_too_low_is_a_no_with_its_reason():
    rules = Admission(eligibility=TestIs(name="TOEFL", at_least=Fraction(100)))
    who = student(Person(tests=(("TOEFL", Fraction(90)),)))
    assert answer(rules, who)[:2] == (Admissible.NO, ("TOEFL of 100 or better",))


def test_whoever_is_enrolled_has_been_admitted():
    rules = Admission(eligibility=And(items=(GpaIs(at_least=Fraction(4)), Approval(who="dean"))))
    assert answer(rules, student(program="here-ms")) == (Admissible.YES, (), "already enrolled")


@pytest.mark.parametrize(
    ("deadlines", "rolling", "start", "told"),
    [
        ((), True, "2027-01-01", "any time (rolling)"),
        ((), None, "2027-01-01", ASK),
        ((SPRING,), None, "2027-01-01", "15 Oct 2026 for Spring 2027"),
        ((FALL,), None, "2026-08-20", "15 Mar 2027 for Fall 2027"),
        ((FALL, SPRING), None, "2026-08-20", "15 Oct 2026 for Spring 2027"),
        (
            (FALL, replace(FALL, start="Fall 2027", month=5, day=1, year=2027)),
            None,
            "2027-08-01",
            "1 May 2027 for Fall 2027",
        ),
        (
            (replace(FALL, month=6, day=1, round="final"), replace(FALL, round="priority")),
            None,
            "2027-08-01",
            "15 Mar 2027 (priority), 1 Jun 2027 (final) for Fall 2027",
        ),
        (
            (replace(SPRING, month=7, day=15, round="early"), replace(SPRING, round="late")),
            None,
            "2027-01-01",
            "15 Oct 2026 (late) for Spring 2027",
        ),
    ],
)
def test_one_applies_by_the_next_deadline_that_is_still_open(
    deadlines: tuple[Deadline, ...], rolling: bool | None, start: str, told: str
):
    rules = Admission(deadlines=deadlines, rolling=rolling)
    assert answer(rules, student(start=start))[2] == told


def test_one_applies_for_a_term_in_which_one_may_begin():
    rules = Admission(deadlines=(FALL, SPRING), starts=("Fall",))
    assert answer(rules, student(start="2026-08-30"))[2] == "15 Mar 2027 for Fall 2027"
    rolling = Admission(rolling=True, starts=("Fall",))
    assert answer(rolling, student(start="2026-08-30"))[2] == "any time (rolling) for Fall 2027"


def test_the_last_day_of_february_is_meant_in_every_year():
    rules = Admission(deadlines=(replace(FALL, month=2, day=29),))
    assert answer(rules, student(start="2027-08-01"))[2] == "28 Feb 2027 for Fall 2027"


def test_who_is_not_admitted_outright_may_come_by_a_pathway():
    pathway = Pathway(
        id="first", label="First course", needs=Done(code=CourseCode("AB 100"), min_grade="B")
    )
    rules = Admission(eligibility=HasDegree(level="bachelor"), pathways=(pathway,))
    by_courses = "or a pathway of courses: First course"
    without = student(Person(degrees=()))
    assert answer(rules, without)[:2] == (
        Admissible.DEPENDS,
        ("a bachelor degree", by_courses),
    )
    assert answer(rules, student(Person(degrees=(("bachelor", ""),))))[:2] == (Admissible.YES, ())
    assert answer(Admission(pathways=(pathway,)), student())[:2] == (
        Admissible.DEPENDS,
        ("no source gives the admission rule", by_courses),
    )


def test_where_a_pathway_is_the_only_way_in_it_always_depends_on_that():
    first = Pathway(
        id="first", label="First", needs=Done(code=CourseCode("AB 100")), within_months=12
    )
    other = Pathway(id="other", label="Other", needs=Done(code=CourseCode("AB 101")))
    rules = Admission(eligibility=And(items=()), pathways=(first, other), pathways_only=True)
    assert answer(rules, student())[:2] == (
        Admissible.DEPENDS,
        ("a pathway of courses first: First or Other",),
    )
    shut = replace(rules, eligibility=HasDegree(level="bachelor"))
    assert answer(shut, student(Person(degrees=())))[0] is Admissible.NO


def test_a_plan_begins_in_a_term_in_which_one_may_begin(tmp_path: Path):
    path = tmp_path / "me.yaml"
    path.write_text("format: 1\nplan_from: 2027-01-01\n", encoding="utf-8")
    file = read_student(path, TODAY)
    falls = replace(program(), admission=Admission(starts=("Fall",)))
    bound = bind(file, falls, school())
    assert bound.plan_from == bound.matriculation == dt.date(2027, 8, 24)
    assert bind(file, program(), school()).plan_from == dt.date(2027, 1, 1)
    path.write_text(
        "format: 1\nplan_from: 2027-01-01\nmatriculation: 2026-08-24\nprogram: here-ms\n",
        encoding="utf-8",
    )
    enrolled = bind(read_student(path, TODAY), falls, school())
    assert enrolled.plan_from == dt.date(2027, 1, 1)


def test_a_subject_that_the_file_leaves_out_is_no_refusal():
    rules = Admission(
        eligibility=And(items=(Background(topic="python"), GpaIs(at_least=Fraction(3))))
    )
    silent = Person(background=frozenset({"statistics"}), gpa=Fraction(4))
    assert answer(rules, student(silent))[:2] == (Admissible.DEPENDS, ("background in python",))
    low = replace(silent, gpa=Fraction(2))
    assert answer(rules, student(low))[0] is Admissible.NO
