"""LANGUAGE 6, Hours: weekly work by leaf period, whole hours, known or assumed."""

from __future__ import annotations

import datetime as dt

from tests.degrees import (
    HOURS_PER_CREDIT,
    SESSIONS,
    appraise_it,
    calendar,
    course,
    degree,
    leaf,
    offered,
    planned,
    running,
    taken,
)

from prospectus.domain.facts import Certainty, Provenance
from prospectus.domain.plan import Appraisal
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.student import DayRange, LimitByRange

COURSES = [
    course("CS 600", hours=10),
    course("CS 610", hours=6),
    course("CS 620"),
    course("CS 630", 0),
]
RULES = degree(leaf("core", "any", 1), courses=COURSES, assumptions=[HOURS_PER_CREDIT])


def hours(rules: Resolved, *attempts: Attempt) -> dict[str, int]:
    found = appraise_it(rules, attempts).hours
    return {str(rules.calendar.leaves[index].id): load for index, load in found}


def broken(found: Appraisal) -> set[str]:
    return {breach.rule for breach in found.wishes_broken}


def test_a_periods_load_is_the_sum_over_what_runs_in_it() -> None:
    attempts = [planned("CS 600"), planned("CS 610"), planned("CS 620", "Spring 2027")]
    found = appraise_it(RULES, attempts)
    assert hours(RULES, *attempts) == {"Fall 2026": 16, "Spring 2027": 8}
    assert found.peak_hours == 16


def test_what_is_running_fills_the_week_too_and_what_is_past_does_not() -> None:
    attempts = [taken("CS 610", when="Fall 2026"), running("CS 600", "Fall 2026")]
    assert hours(RULES, *attempts) == {"Fall 2026": 10}


def test_unknown_hours_are_assumed_from_credits_and_weeks_rounded_half_up() -> None:
    """135 hours over the 16 weeks of a Fall: 8.4, so 8 a week."""
    found = appraise_it(RULES, [planned("CS 620")])
    assert found.peak_hours == 8
    assert found.assumptions == ("hours-per-credit",)
    assert appraise_it(RULES, [planned("CS 600")]).assumptions == ()


def test_assumed_hours_are_at_least_one() -> None:
    assert appraise_it(RULES, [planned("CS 630", credits=0)]).peak_hours == 1


def test_assumed_hours_follow_the_credits_registered() -> None:
    assert appraise_it(RULES, [planned("CS 620", credits=6)]).peak_hours == 17  # 16.9


def test_work_is_spread_over_all_weeks_that_a_course_occupies() -> None:
    rows = (
        *offered("CS 620", "Fall", sessions=(1, 2)),
        *offered("CS 600", "Fall", any_session=True),
    )
    rules = degree(
        leaf("core", "any", 1),
        courses=COURSES,
        assumptions=[HOURS_PER_CREDIT],
        school={"calendar": calendar(SESSIONS), "offerings": rows},
    )
    long = taken("CS 620", None, status=AttemptStatus.PLANNED, periods=("Fall 2026",))
    short = planned("CS 620", "Fall 2026 S1")
    assert hours(rules, long) == {"Fall 2026 S1": 8, "Fall 2026 S2": 8}
    assert hours(rules, short) == {"Fall 2026 S1": 19}  # 135 hours in 7 weeks


def test_hours_may_rest_on_an_assumption_of_their_own() -> None:
    from dataclasses import replace

    own = replace(
        COURSES[0].hours,  # type: ignore[type-var]
        provenance=Provenance(certainty=Certainty.ASSUMED, assumption="guess"),
    )
    rules = degree(leaf("core", "any", 1), courses=[replace(COURSES[0], hours=own)])
    assert appraise_it(rules, [planned("CS 600")]).assumptions == ("guess",)


def test_unknown_hours_without_an_assumption_are_named_not_summed() -> None:
    rules = degree(leaf("core", "any", 1), courses=COURSES)
    found = appraise_it(rules, [planned("CS 620"), planned("CS 610")])
    assert found.unknown == ("hours of CS 620",)
    assert found.peak_hours == 6


def test_a_limit_is_never_met_by_unknown_hours() -> None:
    rules = degree(leaf("core", "any", 1), courses=COURSES)
    assert broken(appraise_it(rules, [planned("CS 620")], hours_per_week=40)) == {"hours"}
    assert broken(appraise_it(rules, [planned("CS 620")], hours_per_week=None)) == set()


def test_the_limit_binds_in_each_leaf_period() -> None:
    both = [planned("CS 600"), planned("CS 610")]
    apart = [planned("CS 600"), planned("CS 610", "Spring 2027")]
    assert broken(appraise_it(RULES, both, hours_per_week=15)) == {"hours"}
    assert broken(appraise_it(RULES, both, hours_per_week=16)) == set()
    assert broken(appraise_it(RULES, apart, hours_per_week=10)) == set()


def test_a_limit_may_differ_by_period() -> None:
    fall = DayRange(first=dt.date(2026, 9, 1), last=dt.date(2026, 12, 31))
    less = (LimitByRange(days=fall, limit=8),)
    more = (LimitByRange(days=fall, limit=None),)
    start = [planned("CS 600")]
    assert broken(appraise_it(RULES, start, hours_per_week=20, hours_by_range=less)) == {"hours"}
    assert broken(appraise_it(RULES, start, hours_per_week=5, hours_by_range=more)) == set()
    later = [planned("CS 600", "Spring 2027")]
    assert broken(appraise_it(RULES, later, hours_per_week=20, hours_by_range=less)) == set()
