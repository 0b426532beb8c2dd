"""Shapes on which a search could go on for ever: each ends, proven or with a bound that holds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from tests.degrees import (
    TODAY,
    any_,
    at_least,
    at_most,
    course,
    degree,
    header,
    leaf,
    record,
    share,
    taken,
)

from prospectus.audit import AuditResult, AuditStatus, audit
from prospectus.audit.cheapest import cheapest
from prospectus.audit.problem import problem_of, scopes
from prospectus.audit.rules import rules_of
from prospectus.audit.table import Effort, OutOfSteps
from prospectus.domain.course import Course
from prospectus.domain.errors import UnsupportedError
from prospectus.domain.meaning import judge
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, Record

Shape = tuple[Resolved, Record]


def named(n: int, first: int = 1000) -> list[str]:
    """Return so many codes."""
    return [f"CS {first + number}" for number in range(n)]


def held_by(courses: list[Course], every: int = 1) -> list[Attempt]:
    """Return passes in the courses, or in every second or third of them."""
    return [taken(str(item.code), credits=item.credits_low) for item in courses[::every]]


def unlike(n: int) -> list[Course]:
    """Return courses of which no two bring the same even number of credits."""
    return [course(code, 2 * (500 + 37 * place % 499)) for place, code in enumerate(named(n))]


def odd_sum_of_even_credits(n: int) -> Resolved:
    """Return a leaf that no set of courses fills: all their credits are even."""
    courses = unlike(n)
    asked = int(sum(item.credits_low for item in courses) / 2) | 1
    return degree(leaf("sum", named(n), credits=(asked, asked)), courses=courses)


def places_of_their_own(n: int) -> Shape:
    """Return a list of which half may count, with a pool that counts for each of its courses."""
    codes, others = named(n), named(n, 2000)
    own = [
        leaf(f"own-{place}", [code, other], 1, pool=f"own-{place}")
        for place, (code, other) in enumerate(zip(codes, others, strict=True))
    ]
    rules = degree(
        leaf("main", codes, n // 2),
        at_most("cap", codes, courses=n // 2),
        *own,
        pools={f"own-{place}": True for place in range(n)},
        courses=[course(code) for code in (*codes, *others)],
    )
    return rules, record(*(taken(code) for code in codes))


def views_of_their_own(n: int) -> Shape:
    """Return 28 or 29 credits of courses of three, each of which stands in a view as well."""
    codes = named(n)
    views = [
        leaf(f"view-{place}", code, 1, pool=f"view-{place}") for place, code in enumerate(codes)
    ]
    rules = degree(
        leaf("main", codes, credits=(28, 29)),
        *views,
        pools={f"view-{place}": False for place in range(n)},
        courses=[course(code) for code in codes],
    )
    return rules, record(*(taken(code) for code in codes))


def areas_beside_views() -> Shape:
    """Return a shape of areas over courses of three sizes that views tell apart."""
    codes = named(20)
    courses = [course(code, 2 + place % 3) for place, code in enumerate(codes)]
    of = {f"area-{n}": codes[n::6] + codes[n::5] for n in range(5)}
    rules = degree(
        leaf("areas", codes, 8, areas=of, shape=(3, 2, 2, 1)),
        *(leaf(f"view-{n}", codes[n::4], 1, pool=f"view-{n}") for n in range(4)),
        at_most("most", codes[::3], courses=2),
        pools={f"view-{n}": False for n in range(4)},
        courses=courses,
    )
    return rules, record(*held_by(courses, 2))


def minima_that_overlap() -> Shape:
    """Return a leaf with six minima and four mosts over one list."""
    codes = named(24)
    least = [at_least(f"least-{n}", codes[n::4] + codes[n::7], courses=3) for n in range(6)]
    most = [at_most(f"most-{n}", codes[n::3], courses=4) for n in range(4)]
    rules = degree(
        leaf("core", codes, 10, with_=[*least, *most]),
        courses=[course(code) for code in codes],
    )
    return rules, record(*(taken(code) for code in codes[::3]))


def caps_that_overlap() -> Shape:
    """Return mosts and leasts in credits across each other, over courses of five sizes."""
    codes = named(24)
    courses = [course(code, 1 + place % 5) for place, code in enumerate(codes)]
    rules = degree(
        leaf("first", codes[:16], credits=15),
        leaf("second", codes[8:], credits=15),
        *(at_most(f"most-{n}", codes[n::3] + codes[n::5], credits=8) for n in range(6)),
        *(at_least(f"least-{n}", codes[n::4] + codes[n::7], credits=5) for n in range(6)),
        courses=courses,
    )
    return rules, record(*held_by(courses, 2))


def splits_across_leaves() -> Shape:
    """Return eight leaves over ten courses that may be split, under two mosts."""
    codes = named(10)
    courses = [course(code, 7 + place, split=True) for place, code in enumerate(codes)]
    rules = degree(
        *(leaf(f"leaf-{n}", codes, credits=9) for n in range(8)),
        at_most("even", codes[::2], credits=13),
        at_most("third", codes[::3], credits=11),
        courses=courses,
    )
    return rules, record(*held_by(courses))


def variable_under_mosts() -> Shape:
    """Return exact sizes over courses of one to six credits, under mosts."""
    codes = named(20)
    rules = degree(
        *(leaf(f"leaf-{n}", codes[2 * n : 2 * n + 6], credits=(11 + n, 11 + n)) for n in range(5)),
        *(at_most(f"most-{n}", codes[n::5], credits=9) for n in range(5)),
        leaf("rest", "any", credits="rest"),
        total=90,
        courses=[course(code, (1, 6)) for code in codes],
    )
    return rules, record()


def distinct_values() -> Shape:
    """Return two lists that together must bring many distinct areas."""
    codes = named(40)
    courses = [
        course(code, 2 + place % 3, areas=frozenset(f"a{(place * k) % 37}" for k in (1, 5, 11)))
        for place, code in enumerate(codes)
    ]
    rules = degree(
        leaf("first", codes[:25], 6),
        leaf("second", codes[15:], 6),
        at_least("areas", "any", courses=31, distinct="area"),
        courses=courses,
    )
    return rules, record(*held_by(courses, 3))


def lists_that_overlap() -> Shape:
    """Return forty lists of four courses out of sixty."""
    codes = named(60)
    lists = [
        leaf(f"list-{n}", sorted({codes[(7 * n + k * k * 11) % 60] for k in range(4)}), 1)
        for n in range(40)
    ]
    rules = degree(*lists, courses=[course(code) for code in codes])
    return rules, record(*(taken(code) for code in codes[::3]))


def combined_choices() -> Shape:
    """Return eleven choices between two lists, 2,048 combinations, and free electives."""
    codes = named(60)
    choices = [
        any_(
            f"any-{n}",
            leaf(f"left-{n}", codes[3 * n : 3 * n + 6], 1),
            leaf(f"right-{n}", codes[3 * n + 2 : 3 * n + 9], 1),
        )
        for n in range(11)
    ]
    rules = degree(
        *choices,
        leaf("rest", "any", credits="rest"),
        total=48,
        courses=[course(code) for code in codes],
    )
    return rules, record(*(taken(code) for code in codes[:6]))


def many_unlike_courses() -> Shape:
    """Return leaves over more unlike courses than choices can wait for each other."""
    courses = [
        course(code, str(Fraction(1000 + place, 1000))) for place, code in enumerate(named(1200))
    ]
    rules = degree(
        leaf("sized", "any", 12, with_=[at_least("least", "any", credits=14)]),
        leaf("many", "any", 400),
        courses=courses,
    )
    return rules, record()


SHAPES: tuple[Callable[[], Shape], ...] = (
    lambda: places_of_their_own(18),
    areas_beside_views,
    minima_that_overlap,
    caps_that_overlap,
    splits_across_leaves,
    variable_under_mosts,
    distinct_values,
    lists_that_overlap,
    combined_choices,
    many_unlike_courses,
)


def within(shape: Shape, steps: int) -> AuditResult:
    """Audit within a limit of steps; hold the answer to the definition and to its own bound."""
    rules, whole = shape
    result = audit(rules, whole, TODAY, steps=steps)
    assert judge(rules, whole, result.witness, TODAY).is_valid
    if result.credits_left is not None:
        assert result.bound <= result.credits_left
        assert not result.is_proven or result.bound == result.credits_left
    return result


@pytest.mark.parametrize("shape", SHAPES)
def test_a_search_ends_with_a_valid_answer_and_a_bound_below_it(shape: Callable[[], Shape]) -> None:
    result = within(shape(), 300)
    assert result.status in (AuditStatus.PROVEN, AuditStatus.LIMIT)
    # what one state is charged at most, and half of the steps for making choices ready
    assert result.searched < 2_000


@pytest.mark.parametrize("n", [20, 22])
def test_a_sum_that_no_courses_make_is_seen_at_once(n: int) -> None:
    rules = odd_sum_of_even_credits(n)
    for whole in (record(), record(*held_by(unlike(n)))):
        result = within((rules, whole), 200)
        assert (result.status, result.credits_left) == (AuditStatus.PROVEN, None)


def test_a_sum_that_some_courses_make_is_found() -> None:
    courses = unlike(22)
    asked = sum(int(item.credits_low) for item in courses[::2])
    rules = degree(leaf("sum", named(22), credits=(asked, asked)), courses=courses)
    assert within((rules, record(*held_by(courses))), 200).credits_left == 0


@pytest.mark.parametrize("n", [0, 20])
def test_no_courses_of_three_credits_make_28_or_29(n: int) -> None:
    rules = degree(
        leaf("main", named(20), credits=(28, 29)), courses=[course(code) for code in named(20)]
    )
    result = within((rules, record(*(taken(code) for code in named(n)))), 200)
    assert (result.status, result.credits_left) == (AuditStatus.PROVEN, None)


def test_nor_do_they_where_each_stands_in_a_view_of_its_own() -> None:
    result = within(views_of_their_own(20), 5_000)
    assert (result.status, result.credits_left) == (AuditStatus.PROVEN, None)


def test_more_steps_never_lower_the_bound_below_a_proven_answer() -> None:
    for n in (4, 6, 8):
        shape = places_of_their_own(n)
        proven = within(shape, 100_000)
        assert proven.is_proven
        assert proven.credits_left == 3 * (n // 2)
        for steps in (1, 5, 20, 80):
            result = within(shape, steps)
            assert result.bound <= proven.credits_left
            assert result.credits_left is None or result.credits_left >= proven.credits_left


def test_making_boards_of_many_choices_ready_counts_as_steps() -> None:
    rules, whole = combined_choices()
    compiled = rules_of(rules, whole)
    problem = problem_of(compiled, whole, TODAY, None)
    active = list(scopes(compiled, {}))
    assert len(active) == 2_048
    found = cheapest(problem, active, Effort(steps=400))
    assert not found.is_proven
    # of combinations that were not looked at nothing is known
    assert found.bound == 0


def test_the_clock_ends_the_making_of_boards_too() -> None:
    rules, whole = combined_choices()
    compiled = rules_of(rules, whole)
    problem = problem_of(compiled, whole, TODAY, None)
    effort = Effort(steps=10**9, until=time.monotonic() - 1)
    found = cheapest(problem, list(scopes(compiled, {})), effort)
    assert not found.is_proven
    assert effort.done > 0


def test_choices_that_combine_in_very_many_ways_are_refused_not_listed() -> None:
    codes = named(40)
    wide = any_("wide", *(leaf(code.replace(" ", "-").lower(), code, 1) for code in codes), n=20)
    rules = degree(wide, courses=[course(code) for code in codes])
    with pytest.raises(UnsupportedError, match="AUD-005"):
        audit(rules, record(), TODAY)


def test_half_an_effort_ends_by_itself() -> None:
    effort = Effort(steps=10)
    half = effort.half()
    half.step(5)
    with pytest.raises(OutOfSteps):
        half.step()
    assert half.is_spent
    assert not effort.is_spent


def test_overlaps_between_all_leaves_end_too() -> None:
    codes = named(14)
    lists = [leaf(f"list-{n}", [codes[(n * 3 + k) % 14] for k in range(7)], 3) for n in range(7)]
    # every two leaves may share one course
    rules = [
        replace(share(f"list-{a}", f"list-{b}", at_most_courses=1), header=header(f"s-{a}-{b}"))
        for a, b in combinations(range(7), 2)
    ]
    resolved = degree(*lists, rules=rules, courses=[course(code) for code in codes])
    within((resolved, record(*(taken(code) for code in codes[::2]))), 300)


def test_of_a_use_of_very_many_parts_not_all_are_tried_and_it_is_said() -> None:
    whole = record(taken("CS 1000", credits=61), taken("CS 1001", credits=1))
    courses = [course("CS 1000", 61, split=True), course("CS 1001", 1), course("CS 1002", 70)]
    rules = degree(
        leaf("first", ["CS 1000", "CS 1002"], credits=40),
        leaf("second", ["CS 1000", "CS 1002"], credits=40),
        courses=courses,
    )
    result = within((rules, whole), 5_000)
    assert (result.status, result.bound) == (AuditStatus.LIMIT, 0)
