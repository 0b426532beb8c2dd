"""What fits into a term: as many courses, or as much credit, as trying all of them finds."""

from __future__ import annotations

from itertools import product

import pytest

from prospectus.planning.packing import Item, most_in_hours, most_steps

FREE: dict[int, int | None] = {0: None, 1: None}


def _tried(
    items: tuple[Item, ...], hours: dict[int, int | None], courses: dict[int, int | None]
) -> int:
    """Return the most steps by trying every choice of runs."""
    best = 0
    for chosen in product(*[(None, *item.spans) for item in items]):
        heavy, counted = {0: 0, 1: 0}, {0: 0, 1: 0}
        for span in chosen:
            for leaf in () if span is None else span[0]:
                heavy[leaf] += 0 if span is None else span[1]
                counted[leaf] += 1
        fits = all(
            (hours[leaf] is None or heavy[leaf] <= (hours[leaf] or 0))
            and (courses[leaf] is None or counted[leaf] <= (courses[leaf] or 0))
            for leaf in (0, 1)
        )
        worth = sum(item.steps for item, span in zip(items, chosen, strict=True) if span)
        best = max(best, worth if fits else 0)
    return best


@pytest.mark.parametrize("limit", [0, 7, 12, 20, 21, 22, None])
@pytest.mark.parametrize("most", [1, 2, None])
def test_as_many_courses_fit_as_there_are_light_ones(limit: int | None, most: int | None) -> None:
    items = tuple(Item(1, (((0, 1), hours),)) for hours in (9, 0, 7, 7, 5))
    hours, courses = {0: limit, 1: None}, {0: most, 1: most}
    assert most_steps(items, hours, courses) == _tried(items, hours, courses)


@pytest.mark.parametrize("limit", [6, 10, 15, 16, None])
def test_courses_that_may_run_at_several_times_are_laid_as_well_as_can_be(
    limit: int | None,
) -> None:
    items = (
        Item(3, (((0,), 10), ((0, 1), 5), ((1,), 10))),
        Item(2, (((0,), 6), ((1,), 6))),
        Item(4, (((0, 1), 10),)),
    )
    assert most_steps(items, dict.fromkeys(FREE, limit), FREE) == _tried(
        items, dict.fromkeys(FREE, limit), FREE
    )


def test_hours_are_filled_with_what_is_worth_most() -> None:
    # two of (6 hours, worth 4), one of (5, 3), one of (10, 7)
    kinds = (((5, 3), 1), ((6, 4), 2), ((10, 7), 1))
    assert most_in_hours(kinds, 12) == 8
    assert most_in_hours(kinds, 11) == 7
    assert most_in_hours(kinds, 16) == 11
    assert most_in_hours((), 16) == 0
