"""Boxes below corners: what they hold is what no known point dominates."""

from __future__ import annotations

import itertools

import pytest

from prospectus.planning.boxes import Boxes, Corner


def held(boxes: Boxes, point: tuple[int, ...]) -> bool:
    """Return whether a point lies in some open box."""
    found: list[Corner] = []
    while (box := boxes.next()) is not None:
        found.append(box)
        boxes.close(box)
    return any(
        all(top is None or value < top for value, top in zip(point, box, strict=True))
        for box in found
    )


@pytest.mark.parametrize("n_axes", [1, 2, 3])
def test_boxes_hold_exactly_the_points_that_no_known_one_covers(n_axes: int) -> None:
    known = list(itertools.islice(itertools.permutations((1, 3, 2)[:n_axes]), 4))
    for point in itertools.product(range(5), repeat=n_axes):
        boxes = Boxes(n_axes)
        for one in known:
            boxes.cut(one)
        is_covered = any(all(a <= b for a, b in zip(one, point, strict=True)) for one in known)
        assert held(boxes, point) is not is_covered


def test_below_the_least_first_value_nothing_is_looked_for_again() -> None:
    boxes = Boxes(2)
    box = boxes.next()
    assert box == (None, None)
    boxes.close_below(box, (5, 7))
    assert boxes.next() == (None, 7)


def test_without_axes_one_point_is_all() -> None:
    boxes = Boxes(0)
    box = boxes.next()
    assert box == ()
    boxes.close_below(box, ())
    assert boxes.next() is None
