"""Each short cut of the search comes to what the plain way comes to, on drawn records."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.unit.audit.drawn_boards import audited, drawn_cases, searches

from prospectus.audit.board import Board
from prospectus.audit.bound import Bound
from prospectus.audit.canonical import _Levels
from prospectus.audit.fills import Fills
from prospectus.audit.general import General
from prospectus.audit.search import Search
from prospectus.audit.sorts import Sorts
from prospectus.audit.table import IMPOSSIBLE, Effort, Slot, Taken

CASES = 30
STEPS = 100_000


def found_by(search: Search) -> tuple[int | None, list[tuple[int, tuple[Taken, ...]]]]:
    """Return the least cost with the way to it."""
    cost = search.solve(None)
    return cost, list(search.path)


@pytest.fixture(scope="module")
def quick() -> list[tuple[int | None, list[tuple[int, tuple[Taken, ...]]]]]:
    """Return what the search finds of all cases."""
    return [
        found_by(search)
        for parts in (False, True)
        for case in drawn_cases(CASES, parts=parts)
        for search in searches(case)
    ]


def plainly() -> list[tuple[int | None, list[tuple[int, tuple[Taken, ...]]]]]:
    """Return the same once something was set back to the plain way."""
    return [
        found_by(search)
        for parts in (False, True)
        for case in drawn_cases(CASES, parts=parts)
        for search in searches(case)
    ]


def test_the_first_descent_comes_to_what_the_search_comes_to(
    quick: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Search, "_descends", lambda *_: False)
    assert plainly() == quick


def test_groups_of_one_sort_are_one_state(
    quick: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def apart(self: Sorts, at: int) -> list[int]:
        return list(range(10_000))

    def whole(
        self: Sorts, at: int, slots: tuple[Slot, ...], accs: tuple[object, ...], budget: int
    ) -> tuple[object, None]:
        return (at, slots, accs), None

    monkeypatch.setattr(Sorts, "of", apart)
    monkeypatch.setattr(Sorts, "key", whole)
    assert plainly() == quick


def test_no_cost_is_skipped_that_the_courses_can_make(
    quick: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bound, "made_up", lambda self, least, slots: least)
    assert plainly() == quick


def test_leasts_that_one_leaf_alone_can_bring_only_leave_out_what_breaks_them(
    quick: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prospectus.audit.fills.leasts_of", lambda *_: [])
    assert plainly() == quick


def test_courses_that_alone_break_a_most_are_never_held(
    quick: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prospectus.audit.board.closed_by", lambda *_: 0)
    costs = [cost for cost, _ in plainly()]
    assert costs == [pair[0] for pair in quick]  # type: ignore[index]


def filled(sets: Sequence[tuple[Taken, ...]]) -> list[tuple[tuple[Slot, int], ...]]:
    """Return fillings by slot and number alone."""
    return [tuple((item.slot, item.count) for item in taken) for taken in sets]


def test_sums_find_the_smallest_sets_that_plain_looking_finds_in_the_same_order() -> None:
    compared = 0
    for case in drawn_cases(8 * CASES):
        for search in searches(case):
            slots, accs = search._start()
            for place in search.table.order:
                here = [slot for slot in slots if slot[1] & place.bit]
                fills: Fills = search.fills
                if place.leaf.fill.rest or place.by.value != "all":
                    continue
                room = min(IMPOSSIBLE, 30 * place.leaf.index + 12)
                quick = filled(list(fills.of(place, here, accs, room)))
                if not fills._is_whole(place, here):
                    continue
                general = General(
                    table=search.table,
                    meeting=search.meeting,
                    place=place,
                    here=here,
                    accs=accs,
                    sorts=None,
                    effort=search.effort,
                    over=lambda _: None,
                )
                assert quick == filled(list(general.sets(room))), case.seed
                compared += 1
    assert compared > 10


@pytest.mark.parametrize(
    "check", ["_may_join", "_is_over_a_most", "_is_short", "_reaches"], ids=str
)
def test_what_is_told_at_a_glance_is_what_the_search_tells(
    check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = list(drawn_cases(CASES))
    quick = [audited(case) for case in cases]
    owner = Board if check == "_is_short" else _Levels
    monkeypatch.setattr(owner, check, lambda *_: check == "_may_join")
    for case, before in zip(cases, quick, strict=True):
        after = audited(case)
        assert after.witness.placements == before.witness.placements, case.seed
        assert (after.credits_left, after.met) == (before.credits_left, before.met), case.seed


def test_sorts_are_made_late_without_a_difference(
    quick: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prospectus.audit.search.FIRST_STATES", 0)
    assert plainly() == quick


def test_a_search_without_hope_comes_to_the_same(quick: list[object]) -> None:
    found = []
    for parts in (False, True):
        for case in drawn_cases(CASES, parts=parts):
            for search in searches(case):
                cost = search.solve(None, is_hopeful=False)
                found.append((cost, list(search.path)))
    assert found == quick


def test_where_all_there_is_is_short_there_is_no_answer() -> None:
    rng, n_short, n_enough = random.Random(3), 0, 0
    for parts in (False, True):
        for case in drawn_cases(CASES, parts=parts):
            for search in searches(case):
                table = search.table
                counts = [
                    rng.randint(0, count) if kind.cost else count
                    for count, kind in zip(table.counts, table.kinds, strict=True)
                ]
                fewer = replace(table, counts=counts, rests={})
                if Search(fewer, Effort(STEPS)).solve(None, is_hopeful=False) is None:
                    n_short += 1
                    assert Search(fewer, Effort(STEPS)).solve(None) is None, case.seed
                else:
                    n_enough += 1
    assert n_short > 5
    assert n_enough > 5
