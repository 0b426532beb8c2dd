"""LANGUAGE 5, position: when courses may or must stand in the course of study."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from tests.degrees import (
    CATALOGUE,
    SESSIONS,
    broken,
    calendar,
    degree,
    header,
    judge_it,
    leaf,
    noted,
    of,
    offered,
    planned,
    point,
    record,
    taken,
    waived,
)

from prospectus.domain.plan import Verdict
from prospectus.domain.record import Attempt
from prospectus.domain.rule import PointKind, Position, SpanUnit

LEAF = leaf("core", "any", 3)


def position(**more: object) -> Position:
    return Position(header=header("position"), of=of("CS 700"), **more)  # type: ignore[arg-type]


def verdict(rule: Position, *attempts: Attempt, **more: object) -> Verdict:
    conferral = more.pop("conferral", None)
    placed = more.pop("placed", {})
    rules = degree(LEAF, leaf("block", "any", 1), rules=[rule], **more)  # type: ignore[arg-type]
    what = record(*attempts, matriculation=dt.date(2026, 8, 1))
    return judge_it(rules, what, placed, conferral=conferral)  # type: ignore[arg-type]


FALL, SPRING, SUMMER, NEXT = (
    planned("CS 700", when) for when in ("Fall 2026", "Spring 2027", "Summer 2027", "Fall 2027")
)
OTHERS = [planned("CS 600", "Fall 2026"), planned("CS 610", "Spring 2027")]


def test_from_matriculation_plus_terms_starts_no_earlier() -> None:
    rule = position(start_from=point(PointKind.MATRICULATION, 1))
    assert broken(verdict(rule, FALL)) == {"position"}
    assert not verdict(rule, SPRING).breaches


def test_by_matriculation_plus_terms_ends_no_later_the_first_term_included() -> None:
    rule = position(by=point(PointKind.MATRICULATION, 1))
    assert not verdict(rule, FALL).breaches
    assert broken(verdict(rule, SPRING)) == {"position"}


def test_months_and_years_are_measured_by_the_calendar() -> None:
    rule = position(by=point(PointKind.MATRICULATION, 9, SpanUnit.MONTH))  # 2027-05-01
    assert not verdict(rule, SPRING).breaches
    assert broken(verdict(rule, SUMMER)) == {"position"}
    rule = position(start_from=point(PointKind.MATRICULATION, 1, SpanUnit.YEAR))
    assert broken(verdict(rule, SUMMER)) == {"position"}
    assert not verdict(rule, NEXT).breaches


def test_from_conferral_less_one_term_is_the_last_term() -> None:
    rule = position(start_from=point(PointKind.CONFERRAL, 1))
    assert not verdict(rule, *OTHERS, SPRING).breaches
    assert broken(verdict(rule, *OTHERS, FALL)) == {"position"}


def test_from_conferral_less_months() -> None:
    rule = position(start_from=point(PointKind.CONFERRAL, 12, SpanUnit.MONTH))
    late = planned("CS 620", "Fall 2027")
    assert broken(verdict(rule, FALL, late)) == {"position"}
    assert not verdict(rule, SPRING, late).breaches


def test_conferral_is_the_day_that_the_witness_judges() -> None:
    rule = position(start_from=point(PointKind.CONFERRAL, 1))
    assert broken(verdict(rule, SPRING, conferral=dt.date(2027, 8, 1))) == {"position"}


def test_a_witness_cannot_confer_before_what_counts_has_ended() -> None:
    rule = position(start_from=point(PointKind.CONFERRAL, 1))
    found = verdict(rule, SPRING, placed={"block": "CS 700"}, conferral=dt.date(2027, 4, 1))
    assert not found.is_valid


def test_by_conferral_less_one_term_leaves_the_last_term_free() -> None:
    rule = position(by=point(PointKind.CONFERRAL, 1))
    assert not verdict(rule, *OTHERS, FALL).breaches
    assert broken(verdict(rule, *OTHERS, SPRING)) == {"position"}


def test_sessions_count_leaf_periods() -> None:
    rows = tuple(
        row for c in ("CS 600", "CS 700") for row in offered(c, "Fall", "Spring", any_session=True)
    )
    school = {"calendar": calendar(SESSIONS), "offerings": rows}
    rule = position(start_from=point(PointKind.MATRICULATION, 1, SpanUnit.SESSION))
    first, second = planned("CS 700", "Fall 2026 S1"), planned("CS 700", "Fall 2026 S2")
    assert broken(verdict(rule, first, school=school)) == {"position"}
    assert not verdict(rule, second, school=school).breaches
    last = position(start_from=point(PointKind.CONFERRAL, 1, SpanUnit.SESSION))
    other = planned("CS 600", "Fall 2026 S2")
    assert not verdict(last, second, other, school=school).breaches
    assert broken(verdict(last, first, other, school=school)) == {"position"}


def test_after_so_many_credits_or_courses_are_finished() -> None:
    six = position(start_from=point(PointKind.FINISHED, credits=Fraction(6)))
    two = position(start_from=point(PointKind.FINISHED, courses=2, of=of(["CS 600", "CS 610"])))
    for rule in (six, two):
        assert not verdict(rule, *OTHERS, SUMMER).breaches
        assert broken(verdict(rule, *OTHERS, SPRING)) == {"position"}


def test_what_is_finished_counts_once_and_no_waiver_is_a_course() -> None:
    two = position(start_from=point(PointKind.FINISHED, courses=2))
    twice = [taken("CS 600", "B", "Fall 2024", id="a"), taken("CS 600", "A", id="b")]
    assert broken(verdict(two, *twice, SPRING)) == {"position"}
    assert broken(verdict(two, waived("CS 610"), taken("CS 600"), SPRING)) == {"position"}


def test_before_so_many_credits_are_finished() -> None:
    rule = position(by=point(PointKind.FINISHED, credits=Fraction(6)))
    assert not verdict(rule, *OTHERS, SPRING).breaches
    assert broken(verdict(rule, *OTHERS, SUMMER)) == {"position"}


def test_after_the_end_of_what_a_node_holds() -> None:
    rule = position(start_from=point(PointKind.NODE_END, node="block"))
    other = planned("CS 600", "Spring 2027")
    placed = {"block": "CS 600"}
    assert broken(verdict(rule, other, SPRING, placed=placed)) == {"position"}
    assert not verdict(rule, other, SUMMER, placed=placed).breaches
    start = position(start_from=point(PointKind.NODE_START, node="block"))
    assert not verdict(start, other, SPRING, placed=placed).breaches
    assert broken(verdict(start, other, FALL, placed=placed)) == {"position"}


def test_adjacent_is_the_next_period_in_which_the_later_course_is_offered() -> None:
    rows = tuple(
        row
        for item in CATALOGUE
        for row in offered(
            item.code, *(("Fall", "Spring") if item.code == "CS 700" else ("Spring",))
        )
    )
    rule = position(adjacent_to="CS 600")
    first = planned("CS 600", "Spring 2027")
    school = {"offerings": rows}
    assert not verdict(rule, first, NEXT, school=school).breaches, "it skips the summer"
    late = planned("CS 700", "Spring 2028")
    assert broken(verdict(rule, first, late, school=school)) == {"position"}
    assert broken(verdict(rule, first, FALL, school=school)) == {"position"}
    assert broken(verdict(rule, NEXT, school=school)) == {"position"}


def test_alone_means_that_nothing_else_runs_at_the_same_time() -> None:
    rule = position(alone=True)
    assert broken(verdict(rule, *OTHERS, SPRING)) == {"position"}
    assert not verdict(rule, *OTHERS, SUMMER).breaches


def test_a_recommended_position_is_a_note() -> None:
    rule = position(by=point(PointKind.MATRICULATION, 1), required=False)
    found = verdict(rule, SPRING)
    assert not found.breaches
    assert noted(found) == {"position"}


def test_a_past_breach_is_a_note() -> None:
    rule = position(start_from=point(PointKind.MATRICULATION, 2))
    rules = degree(LEAF, rules=[rule])
    what = record(taken("CS 700"), matriculation=dt.date(2025, 8, 1))
    found = judge_it(rules, what)
    assert not found.breaches
    assert noted(found) == {"position"}


def test_a_course_that_is_not_planned_has_no_position() -> None:
    assert not verdict(position(by=point(PointKind.MATRICULATION, 1)), *OTHERS).breaches
