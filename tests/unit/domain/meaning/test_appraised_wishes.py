"""LANGUAGE 8, appraise: finish, dates that are assumed, and every wish of the person."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from tests.degrees import (
    TERMS,
    TODAY,
    appraise_it,
    course,
    degree,
    leaf,
    planned,
    record,
    running,
    taken,
    transfer,
    usd,
)

from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Certainty, Provenance
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.meaning import appraise
from prospectus.domain.period import PeriodId, TermPattern, expand
from prospectus.domain.plan import Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.student import DayRange, LimitByRange, Student

COURSES = [
    course("CS 600", topics=["NLP"], areas=["theory"], hours=10),
    course("CS 610", topics=["vision"], hours=10),
    course("CS 620", hours=10),
]
RULES = degree(
    leaf("core", "any", 1),
    courses=COURSES,
    school={"fees": (Fee(id="tuition", per=FeePer.COURSE, amount=usd(1000)),)},
)
FALL, SPRING, SECOND = planned("CS 600"), planned("CS 610", "Spring 2027"), planned("CS 620")


def broken(*attempts: Attempt, rules: Resolved = RULES, **wishes: object) -> set[str]:
    found = appraise_it(rules, attempts or [FALL, SPRING], **wishes)
    return {breach.rule for breach in found.wishes_broken}


def test_no_wish_constrains_unless_stated() -> None:
    assert broken() == set()


def test_it_finishes_when_the_last_attempt_ends() -> None:
    assert appraise_it(RULES, [FALL, SPRING]).finish == dt.date(2027, 5, 1)
    assert appraise_it(RULES, []).finish == TODAY
    gone = taken("CS 610", None, "Fall 2029", status=AttemptStatus.WITHDRAWN)
    assert appraise_it(RULES, [FALL, gone]).finish == dt.date(2026, 12, 10)


def test_the_conferral_of_the_witness_is_the_finish() -> None:
    what = record(FALL)
    student = Student(matriculation=TODAY, plan_from=TODAY, record=what)
    found = appraise(RULES, student, what, Witness(conferral=dt.date(2027, 6, 1)), TODAY)
    assert found.finish == dt.date(2027, 6, 1)


def test_credits_are_those_still_to_be_taken() -> None:
    found = appraise_it(RULES, [taken("CS 620"), FALL, planned("CS 610", credits="3/2")])
    assert found.credits == Fraction(9, 2)


def test_plan_from() -> None:
    assert broken(plan_from=dt.date(2026, 9, 1)) == {"plan_from"}
    assert broken(plan_from=dt.date(2026, 8, 20)) == set()
    assert broken(running("CS 600", "Summer 2026"), plan_from=dt.date(2026, 9, 1)) == set()


def test_pauses() -> None:
    march = DayRange(first=dt.date(2027, 3, 1), last=dt.date(2027, 3, 31))
    summer = DayRange(first=dt.date(2027, 5, 2), last=dt.date(2027, 8, 1))
    assert broken(pauses=(march,)) == {"pauses"}
    assert broken(pauses=(summer,)) == set()


def test_hours() -> None:
    assert broken(FALL, SECOND, hours_per_week=19) == {"hours"}
    assert broken(FALL, SPRING, hours_per_week=19) == set()


def test_courses_per_period() -> None:
    assert broken(FALL, SECOND, courses_per_period=1) == {"courses"}
    assert broken(FALL, SPRING, courses_per_period=1) == set()
    assert broken(FALL, running("CS 620", "Fall 2026"), courses_per_period=1) == {"courses"}


def test_courses_by_range() -> None:
    fall = DayRange(first=dt.date(2026, 9, 1), last=dt.date(2026, 9, 30))
    none = (LimitByRange(days=fall, limit=0),)
    assert broken(courses_by_range=none) == {"courses"}
    assert broken(SPRING, courses_by_range=none) == set()


def test_deadline() -> None:
    assert broken(deadline=dt.date(2027, 4, 30)) == {"deadline"}
    assert broken(deadline=dt.date(2027, 5, 1)) == set()


def test_budget_in_total() -> None:
    assert broken(budget_total=usd(1999)) == {"budget"}
    assert broken(budget_total=usd(2000)) == set()


def test_budget_by_year() -> None:
    assert broken(budget_by_year=((None, usd(999)),)) == {"budget 2026", "budget 2027"}
    assert broken(budget_by_year=((2027, usd(999)),)) == {"budget 2027"}
    assert broken(budget_by_year=((None, usd(1000)),)) == set()


def test_a_budget_is_never_met_by_an_unknown_price() -> None:
    rules = degree(
        leaf("core", "any", 1),
        courses=COURSES,
        school={"fees": (Fee(id="tuition", per=FeePer.COURSE),)},
    )
    assert broken(rules=rules, budget_total=usd(10**6)) == {"budget"}
    assert broken(rules=rules, budget_by_year=((2027, usd(10**6)),)) == {"budget"}
    assert broken(rules=rules) == set()


def test_wanted_courses() -> None:
    wanted = (CourseCode("CS 620"),)
    assert broken(wanted=wanted) == {"wanted CS 620"}
    assert broken(FALL, SECOND, wanted=wanted) == set()
    assert broken(FALL, taken("CS 620"), wanted=wanted) == set()


def test_unwanted_courses() -> None:
    assert broken(unwanted=(CourseCode("CS 600"),)) == {"unwanted CS 600"}
    assert broken(taken("CS 600"), unwanted=(CourseCode("CS 600"),)) == set()


def test_unwanted_topics_by_topic_or_area_in_any_case() -> None:
    assert broken(unwanted_topics=("nlp",)) == {"unwanted nlp"}
    assert broken(unwanted_topics=("Theory",)) == {"unwanted Theory"}
    assert broken(unwanted_topics=("ethics",)) == set()


def test_topics_missing_counts_wanted_topics_that_nothing_covers() -> None:
    wanted = ("nlp", "Vision", "theory", "ethics", "speech")
    found = appraise_it(
        RULES, [FALL, SPRING, transfer("ZZ 100", topic="speech")], wanted_topics=wanted
    )
    assert found.topics_missing == 1
    assert not found.wishes_broken


def test_each_broken_wish_names_the_courses_concerned() -> None:
    found = appraise_it(RULES, [FALL, SPRING], unwanted=(CourseCode("CS 600"),))
    assert [breach.attempts for breach in found.wishes_broken] == [("CS 600",)]


# --------------------------------------------------------------------------- dates


def assumed_dates() -> Resolved:
    source = Provenance(certainty=Certainty.ASSUMED, assumption="session-dates")
    patterns = tuple(replace(pattern, provenance=source) for pattern in TERMS)
    projected = expand(patterns, (), 2026, 2028)
    fall = next(leaf for leaf in projected.leaves if leaf.id == "Fall 2026")
    known = replace(fall, published=True, provenance=Provenance())
    return degree(
        leaf("core", "any", 1),
        courses=COURSES,
        school={"calendar": expand(patterns, (known,), 2026, 2028)},
    )


def test_dates_that_are_assumed_are_named_and_published_ones_are_not() -> None:
    rules = assumed_dates()
    assert appraise_it(rules, [FALL]).assumptions == ()
    assert appraise_it(rules, [SPRING]).assumptions == ("session-dates",)


def test_beyond_the_published_calendar_dates_are_projected_by_season() -> None:
    rules = assumed_dates()
    leaves = {leaf.id: leaf for leaf in rules.calendar.leaves}
    assert leaves[PeriodId("Fall 2026")].published
    later = leaves[PeriodId("Fall 2028")]
    assert not later.published
    assert (later.start.month, later.start.day) == (8, 20)


def test_a_term_that_ends_in_the_next_year_is_of_the_year_it_starts_in() -> None:
    winter = TermPattern(season="Winter", spans=(((12, 15), (2, 1)),))
    (period,) = expand((winter,), (), 2026, 2026).leaves
    assert (period.start, period.end) == (dt.date(2026, 12, 15), dt.date(2027, 2, 1))


def test_grades_are_known_at_the_end_or_on_the_calendars_day() -> None:
    leaves = expand(TERMS, (), 2026, 2026).leaves
    assert leaves[0].grades_known == leaves[0].end + dt.timedelta(days=5)
