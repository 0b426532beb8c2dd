"""Which runs a plan may use, and what the person's wishes have against the others."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from tests.degrees import START, course, degree, leaf, offered, usd

from prospectus.domain.course import CourseCode
from prospectus.domain.offering import OfferingKind
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import DayRange, EmployerAid, Level, Student, Wishes
from prospectus.domain.wish import TermCredits
from prospectus.planning.offers import MAX_YEARS, Offers, offers

CODE = CourseCode("CS 1")
SEMINAR = CourseCode("CS 9")
CODES = ("CS 1", "CS 2", "CS 3")


def _rules() -> Resolved:
    often = offered("CS 2", "Fall", kind=OfferingKind.LIKELY, share=Fraction(3, 4))
    rarely = offered("CS 3", "Fall", kind=OfferingKind.LIKELY, share=Fraction(1, 4))
    return degree(
        leaf("core", "any", 3),
        courses=tuple(course(code) for code in CODES),
        school={"offerings": (*offered("CS 1", "Fall", "Spring"), *often, *rarely)},
    )


def _offers(rules: Resolved, **wishes: object) -> Offers:
    student = Student(
        matriculation=START, plan_from=START, record=Record(), wishes=Wishes(**wishes)
    )
    return offers(rules, student, START)


def test_without_wishes_every_run_ahead_that_is_likely_enough_is_open() -> None:
    rules = _rules()
    found = _offers(rules)
    leaves = rules.calendar.leaves
    last = START.replace(year=START.year + MAX_YEARS)
    ahead = [run for run in rules.runs_of(CODE) if START <= leaves[run.leaves[0]].start < last]
    assert ahead
    assert list(found.open[CODE]) == list(found.all[CODE]) == ahead
    assert found.open[CourseCode("CS 2")] == found.all[CourseCode("CS 2")]
    assert found.open[CourseCode("CS 3")] == ()
    assert {code for code, _ in found.bans} == {"CS 3"}


def test_a_share_asked_rules_out_what_ran_more_rarely() -> None:
    found = _offers(_rules(), min_offering_share=Fraction(4, 5))
    assert {code for code, runs in found.open.items() if runs} == {"CS 1"}
    banned = {ban.id for bans in found.bans.values() for ban in bans}
    assert banned == {"offerings"}
    assert _offers(_rules(), min_offering_share=Fraction(1, 4)).bans == {}


def test_a_pause_rules_out_the_runs_that_overlap_it_and_each_pause_is_told() -> None:
    rules = _rules()
    first = _offers(rules).open[CODE][0]
    day = rules.calendar.leaves[first.leaves[0]].start
    pauses = tuple(
        DayRange(first=day + dt.timedelta(days=n), last=day + dt.timedelta(days=n)) for n in (1, 9)
    )
    found = _offers(rules, pauses=pauses)
    assert found.open[CODE] == found.all[CODE][1:]
    assert len(found.bans[CODE, first.leaves]) == 2


def test_goals_are_counted_where_they_are_missed_and_rule_nothing_out() -> None:
    rules = _rules()
    first = _offers(rules).open[CODE][0]
    day = rules.calendar.leaves[first.leaves[0]].start
    pauses = tuple(
        DayRange(first=day + dt.timedelta(days=n), last=day + dt.timedelta(days=n)) for n in (1, 9)
    )
    found = _offers(rules, pauses=pauses, unwanted=(CODE,), goals=frozenset({"pauses"}))
    # however many pauses it meets, that is one goal
    assert found.missed[CODE, first.leaves] == 1
    assert {ban.id for ban in found.bans[CODE, first.leaves]} == {"unwanted CS 1"}
    assert found.open[CODE] == ()


@pytest.mark.parametrize(
    ("wishes", "is_open"),
    [
        ({}, False),
        ({"wanted": (SEMINAR,)}, True),
        ({"preferences": ((SEMINAR, 3),)}, True),
        ({"aid": EmployerAid(per_year=usd(500))}, True),
        ({"levels": (Level.FINISH, Level.SPREAD)}, True),
        ({"about": (TermCredits(low=Fraction(3)),)}, True),
        ({"about": (TermCredits(high=Fraction(9)),)}, False),
    ],
)
def test_a_course_without_credit_is_looked_at_where_it_may_serve(
    wishes: dict[str, object], is_open: bool
) -> None:
    courses = (course("CS 1"), course(SEMINAR, counts_credit=False))
    rules = degree(leaf("core", ("CS 1",), 1), courses=courses)
    assert bool(_offers(rules, **wishes).open.get(SEMINAR)) is is_open
