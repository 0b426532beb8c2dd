"""Where points that no known one dominates can still lie, as boxes below corners."""

from __future__ import annotations

Point = tuple[int, ...]
Corner = tuple[int | None, ...]
"""A box of all points that lie below it on each axis; None is no bound."""


class Boxes:
    """The space of so many axes that no known point dominates, as a union of open boxes.

    Source
    ------
    Klamroth, Lacour, Vanderpooten (2015), "On the representation of the search region in
    multi-objective optimization", European Journal of Operational Research 245: redundancy by
    comparing corners.
    """

    def __init__(self, n_axes: int) -> None:
        self._open: list[Corner] = [(None,) * n_axes]
        self._empty: set[Corner] = set()

    def next(self) -> Corner | None:
        """Return a box that was not looked into yet, None when there is none."""
        return next((box for box in self._open if box not in self._empty), None)

    def close(self, box: Corner) -> None:
        """Note that no point lies in a box."""
        self._empty.add(box)

    def cut(self, point: Point) -> None:
        """Take away what a point dominates, and the point itself."""
        kept: list[Corner] = []
        parts: list[Corner] = []
        for box in self._open:
            if all(_below(value, top) for value, top in zip(point, box, strict=True)):
                parts += [
                    (*box[:axis], value, *box[axis + 1 :]) for axis, value in enumerate(point)
                ]
            else:
                kept.append(box)
        found = [*kept, *dict.fromkeys(parts)]
        self._open = [
            box for box in found if not any(other != box and _inside(box, other) for other in found)
        ]

    def close_below(self, box: Corner, point: Point) -> None:
        """Cut a point that has the least first value of a box: nothing lies below that value."""
        if point:
            self._empty.add((point[0], *box[1:]))
        self.cut(point)


def _below(value: int, top: int | None) -> bool:
    return top is None or value < top


def _inside(box: Corner, other: Corner) -> bool:
    """Return whether all of one box lies in another."""
    return all(
        theirs is None or (mine is not None and mine <= theirs)
        for mine, theirs in zip(box, other, strict=True)
    )
