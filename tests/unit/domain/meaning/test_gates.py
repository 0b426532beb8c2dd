"""LANGUAGE 5, gate: a prerequisite given to a set of courses, with a deadline."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.degrees import (
    CATALOGUE,
    broken,
    calendar,
    course,
    degree,
    done,
    failed,
    header,
    judge_it,
    knowing,
    leaf,
    noted,
    of,
    planned,
    point,
    record,
    running,
    taken,
)

from prospectus.domain.expression import Approval, CoursesOf, Member, NodeDone
from prospectus.domain.plan import Standing, Verdict
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.rule import Gate, OnMiss, PointKind, SpanUnit, TermsCount

FOUND = leaf("found", ["CS 600", "CS 610"], 2, pool="view", min_grade="B")
CORE = leaf("core", ["CS 600", "CS 610", "CS 700"], 3)


def gate(**more: object) -> Gate:
    more.setdefault("needs", NodeDone(node="found"))
    return Gate(header=header("gate"), **more)  # type: ignore[arg-type]


def verdict(rule: Gate, *attempts: Attempt, **more: object) -> Verdict:
    rules = degree(
        CORE,
        FOUND,
        rules=[rule],
        pools={"view": False},
        sets={"seminars": ["MATH 510"]},
        **more,  # type: ignore[arg-type]
    )
    return judge_it(rules, record(*attempts, matriculation=dt.date(2026, 8, 1)))


FIRST = [planned("CS 600", "Fall 2026"), planned("CS 610", "Fall 2026")]


def test_a_locked_course_starts_only_after_needs_is_met() -> None:
    assert broken(verdict(gate(), planned("CS 700", "Fall 2026"))) == {"gate"}
    assert broken(verdict(gate(), *FIRST, planned("CS 700", "Fall 2026"))) == {"gate"}
    assert not verdict(gate(), *FIRST, planned("CS 700", "Spring 2027")).breaches


def test_everything_else_is_what_neither_free_nor_needs_name() -> None:
    assert not verdict(gate(), *FIRST).breaches
    assert broken(verdict(gate(), planned("MATH 510"))) == {"gate"}
    assert not verdict(gate(free=of("set seminars")), planned("MATH 510")).breaches


def test_the_floor_of_needs_binds_and_its_courses_stay_open() -> None:
    """CS 600 was passed with C: it may be done again, nothing else may start."""
    low = [taken("CS 600", "C", "Spring 2026"), taken("CS 610", "A", "Spring 2026")]
    assert broken(verdict(gate(), *low, planned("CS 700"))) == {"gate"}
    assert not verdict(gate(), *low, planned("CS 600", id="again")).breaches


def test_locks_may_name_what_is_locked() -> None:
    rule = gate(locks=of("CS 700"))
    assert not verdict(rule, planned("MATH 500")).breaches
    assert broken(verdict(rule, planned("CS 700"))) == {"gate"}


def test_there_is_no_gate_while_unless_holds() -> None:
    rule = gate(unless=Member(program="dual"))
    assert broken(verdict(rule, planned("CS 700"))) == {"gate"}
    inside = knowing(memberships=frozenset({"dual"}))
    assert not verdict(rule, planned("CS 700"), person=inside).breaches


def test_unless_is_read_at_each_start() -> None:
    rule = gate(unless=CoursesOf(courses=1, of=of("MATH 500")), free=of("MATH 500"))
    later = [planned("MATH 500", "Fall 2026"), planned("CS 700", "Spring 2027")]
    assert not verdict(rule, *later).breaches
    assert broken(verdict(rule, later[0], planned("CS 700", "Fall 2026"))) == {"gate"}


def test_a_gate_waits_for_grades_where_it_says_so() -> None:
    """Grades of Spring come out on 6 May, a Maymester starts on 3 May."""
    from tests.degrees import TERMS

    from prospectus.domain.period import TermPattern

    terms = (*TERMS, TermPattern(season="May", spans=(((5, 3), (5, 14)),)))
    terms = tuple(sorted(terms, key=lambda term: term.spans[0][0]))
    school = {"calendar": calendar(terms)}
    early = [planned("CS 600", "Spring 2027"), planned("CS 610", "Spring 2027")]
    start = planned("CS 700", "May 2027")
    assert not verdict(gate(), *early, start, school=school).breaches
    assert broken(verdict(gate(after_grades=True), *early, start, school=school)) == {"gate"}


def test_a_gate_that_is_not_certain_is_noted_like_a_prerequisite() -> None:
    rule = gate(needs=Approval(who="director"))
    found = verdict(rule, planned("CS 700"))
    assert not found.breaches
    assert noted(found) == {"gate"}


def test_on_past_and_running_attempts_a_breach_is_a_note() -> None:
    for attempt in (taken("CS 700", when="Spring 2026"), running("CS 700")):
        found = verdict(gate(), attempt)
        assert not found.breaches
        assert noted(found) == {"gate"}


# ----------------------------------------------------------------------- deadline


def deadline(n: int = 2, **more: object) -> Gate:
    more.setdefault("on_miss", OnMiss.BLOCK)
    return gate(by_terms=n, locks=of("CS 700"), **more)


SLOW = [
    planned("CS 600", "Fall 2026"),
    planned("MATH 500", "Spring 2027"),
    planned("CS 610", "Summer 2027"),
]
QUICK = [planned("CS 600", "Fall 2026"), planned("CS 610", "Spring 2027")]


def test_a_deadline_counts_the_first_term() -> None:
    assert not verdict(deadline(), *QUICK).breaches
    assert broken(verdict(deadline(), *SLOW)) == {"gate"}
    assert not verdict(deadline(3), *SLOW).breaches


def test_missing_a_deadline_only_warns_where_it_says_so() -> None:
    found = verdict(deadline(on_miss=OnMiss.WARN), *SLOW)
    assert not found.breaches
    assert noted(found) == {"gate"}


def test_enrolled_terms_skip_a_pause_and_calendar_terms_do_not() -> None:
    paused = [planned("CS 600", "Fall 2026"), planned("CS 610", "Summer 2027")]
    assert not verdict(deadline(), *paused).breaches
    calendar_terms = deadline(terms_count=TermsCount.CALENDAR)
    assert broken(verdict(calendar_terms, *paused)) == {"gate"}


@pytest.mark.parametrize("count", [TermsCount.ENROLLED, TermsCount.CALENDAR])
def test_failed_tries_use_up_the_deadline(count: TermsCount) -> None:
    rules = degree(CORE, FOUND, rules=[deadline(2, terms_count=count)], pools={"view": False})
    tries = [
        taken("CS 600", "A", "Fall 2026"),
        failed("CS 610", "Spring 2027", id="first"),
        planned("CS 610", "Summer 2027", id="second"),
    ]
    what = record(*tries, matriculation=dt.date(2026, 8, 1))
    assert broken(judge_it(rules, what, today=dt.date(2027, 4, 1))) == {"gate"}


def test_a_deadline_missed_in_the_past_is_a_note() -> None:
    rules = degree(CORE, FOUND, rules=[deadline(1)], pools={"view": False})
    attempts = [taken("CS 600", "A", "Fall 2025"), planned("CS 610", "Fall 2026")]
    what = record(*attempts, matriculation=dt.date(2025, 8, 1))
    found = judge_it(rules, what)
    assert not found.breaches
    assert "gate" in noted(found)


def test_a_deadline_may_be_a_point_in_time() -> None:
    year = point(PointKind.MATRICULATION, 6, SpanUnit.MONTH)
    rule = gate(by=year, locks=of("CS 700"), on_miss=OnMiss.BLOCK)
    assert broken(verdict(rule, *QUICK)) == {"gate"}
    rule = gate(by=point(PointKind.MATRICULATION, 1, SpanUnit.YEAR), locks=of("CS 700"))
    assert not verdict(rule, *QUICK).breaches


def test_a_deadline_that_study_has_not_reached_is_not_missed() -> None:
    assert not verdict(deadline(3), planned("CS 600", "Fall 2026")).breaches


def test_a_seminar_fills_no_leaf_and_is_locked_unless_it_is_free() -> None:
    seminar = course("CS 800", 1, counts_credit=False)
    found = verdict(gate(), planned("CS 800"), courses=[*CATALOGUE, seminar])
    assert broken(found) == {"gate"}


def test_a_gate_shares_its_courses_with_the_leaves_of_the_degree() -> None:
    rules = degree(CORE, FOUND, rules=[gate()], pools={"view": False})
    attempts = [*FIRST, planned("CS 700", "Spring 2027")]
    placed = {"core": ["CS 600", "CS 610", "CS 700"], "found": ["CS 600", "CS 610"]}
    found = judge_it(rules, attempts, placed)
    assert found.is_legal
    assert found.degree is Standing.PLANNED


def test_a_gate_on_one_course_reads_its_floor_when_the_course_has_ended() -> None:
    rule = gate(needs=done("CS 600", min_grade="B"))
    assert broken(verdict(rule, taken("CS 600", "C", "Spring 2026"), planned("CS 700"))) == {"gate"}
    assert not verdict(rule, taken("CS 600", "B", "Spring 2026"), planned("CS 700")).breaches


def test_a_withdrawn_course_opens_no_gate() -> None:
    gone = taken("CS 600", None, "Spring 2026", status=AttemptStatus.WITHDRAWN)
    assert broken(verdict(gate(needs=done("CS 600")), gone, planned("CS 700"))) == {"gate"}
