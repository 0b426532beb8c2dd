from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from sample_school import program, school

from prospectus.app.admission import ASK, admission
from prospectus.compare.row import Admissible
from prospectus.domain.expression import And, Approval, Background, GpaIs, HasDegree, TestIs
from prospectus.domain.program import Admission, Deadline
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
