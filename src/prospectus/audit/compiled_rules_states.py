"""A child whose leaves ask whole numbers of courses, as states and moves between them.

Where every course brings the same credits, what the counting leaves hold is a handful of small
numbers: how many courses each holds, how far the minima inside it are, how many of a most are used
up. Such a state is one bit of a set; putting a use into a leaf moves the bit by a fixed stride. So
all that any choice of uses can reach is found by shifting sets of bits.

A completion fills all `n_items` places exactly, so that a least over what is applied is a most over
the rest of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from prospectus.audit.compiled_rules_child import Child, Kinship
from prospectus.audit.requirements import Bounding, Leaf, plain
from prospectus.domain.requirement import Bound, Range

Words = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

_MOST_STATES = 64 * 64
_MOST_LEAVES = 31


@dataclass(frozen=True, slots=True)
class Move:
    """A way into a leaf: from the states in `mask`, by `shift` bits."""

    leaf: int
    shift: int
    mask: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """A most over what is applied, in courses; `is_rest`: over what the measure does not select."""

    index: int
    bound: int
    is_rest: bool


class States:
    """The states of one child.

    Attributes
    ----------
    n_items
        How many courses a completed degree holds.
    view
        The leaf that asks courses but holds them beside the others, if there is one.
    """

    def __init__(self, child: Child) -> None:
        rules = child.rules
        here = [leaf for leaf in rules.leaves if leaf.bit & child.leaves]
        self.even = child.even or 1
        self.unit = rules.unit
        self.leaves = [leaf for leaf in here if leaf.counts]
        views = [leaf for leaf in here if not leaf.counts]
        self.view: Leaf | None = views[0] if views else None
        total = next(t for t in rules.totals if t.credits is not None)
        assert total.credits is not None
        asked = sum(leaf.courses or 0 for leaf in self.leaves)
        self.n_asked = -(-total.credits // self.even)
        self.n_items = max(asked, self.n_asked)
        self.n_view = 0 if self.view is None else self.view.courses or 0
        self.total = total.node
        self.sizes = [
            self.n_items - asked if leaf.fill.rest else leaf.courses or 0 for leaf in self.leaves
        ]
        self.bounds = [
            b for b in rules.bounds if not b.in_tree or b.measure.header.id in _active(child)
        ]
        self.measures = child.measures
        self.implied: list[tuple[Most, Most]] = []
        self.mosts = list(self._mosts())
        self._drop_implied([field.kinship for field in child.courses])
        self.minima = [
            (
                place,
                minimum.index,
                minimum.bound if minimum.in_courses else -(-minimum.bound // self.even),
            )
            for place, leaf in enumerate(self.leaves)
            for minimum in leaf.minima
        ]
        self.dims = [
            *(size + 1 for size in self.sizes),
            *(bound + 1 for _, _, bound in self.minima),
            *(most.bound + 1 for most in self.mosts),
        ]
        strides = [1]
        for size in self.dims:
            strides.append(strides[-1] * size)
        self.n_states = strides.pop()
        self.strides = strides
        numbers = np.arange(self.n_states)
        self.at = [
            (numbers // stride) % size for stride, size in zip(self.strides, self.dims, strict=True)
        ]

    def _mosts(self) -> Sequence[Most]:
        found = []
        for bounding in self.bounds:
            measure, items = bounding.measure, self.asked(bounding)
            is_rest = measure.bound is Bound.AT_LEAST
            found.append(
                Most(
                    index=bounding.index,
                    bound=min(self.n_items, max(0, self.n_items - items if is_rest else items)),
                    is_rest=is_rest,
                )
            )
        return found

    def _drop_implied(self, classes: Sequence[Kinship]) -> None:
        """Leave out each most that a stricter one over more implies."""
        for most in list(self.mosts):
            if most.is_rest:
                continue
            for other in self.mosts:
                if (
                    other is not most
                    and other.bound <= most.bound
                    and all(self.counts(k, other) or not self.counts(k, most) for k in classes)
                ):
                    self.mosts.remove(most)
                    self.implied.append((most, other))
                    break

    def counts(self, kinship: Kinship, most: Most) -> bool:
        """Return whether a class uses up a most."""
        return bool(self.selects(kinship, most.index)) is not most.is_rest

    def asked(self, bounding: Bounding) -> int:
        """Return the bound of a measure in courses."""
        measure = bounding.measure
        is_most = measure.bound is Bound.AT_MOST
        in_credits = measure.credits is not None
        amount = measure.credits if in_credits else measure.courses
        assert isinstance(amount, Range)
        size = plain(amount)
        number = size.high if is_most and size.high is not None else size.low
        unit = number * self.unit / self.even if in_credits else number
        return int(unit // 1) if is_most else -int(-unit // 1)

    def selects(self, kinship: Kinship, index: int) -> bool | None:
        """Return whether a measure selects a class."""
        return kinship.measured[self.measures.index(index)]

    def is_fit(self, kinship: Kinship) -> bool:
        """Return whether all that counts of a class is known."""
        mosts = (*self.mosts, *(most for most, _ in self.implied))
        selected = [self.selects(kinship, most.index) for most in mosts]
        selected += [self.selects(kinship, index) for _, index, _ in self.minima]
        if any(self.counts(kinship, a) and not self.counts(kinship, b) for a, b in self.implied):
            return False
        return None not in selected

    def moves(self, kinship: Kinship) -> list[Move]:
        """Return the ways of one course of a class, in the order of the leaves."""
        allowed = kinship.sure if kinship.is_new else kinship.allowed
        n = len(self.leaves)
        counted = [
            n + len(self.minima) + i
            for i, most in enumerate(self.mosts)
            if self.counts(kinship, most)
        ]
        found = []
        for place, leaf in enumerate(self.leaves):
            if not allowed & leaf.bit or not self.sizes[place]:
                continue
            inside = [
                n + i
                for i, (where, index, _) in enumerate(self.minima)
                if where == place and self.selects(kinship, index)
            ]
            for below in product((True, False), repeat=len(inside)):
                mask = self.at[place] < self.sizes[place]
                shift = self.strides[place]
                for dim in counted:
                    mask = mask & (self.at[dim] < self.dims[dim] - 1)
                    shift += self.strides[dim]
                for dim, is_below in zip(inside, below, strict=True):
                    room = self.at[dim] < self.dims[dim] - 1
                    mask = mask & (room if is_below else ~room)
                    shift += self.strides[dim] if is_below else 0
                if mask.any():
                    found.append(Move(leaf.index, shift, mask))
        return found

    def full(self) -> Bools:
        """Return the states in which every leaf is full and every minimum reached."""
        found = np.ones(self.n_states, bool)
        for place, size in enumerate(self.sizes):
            found &= self.at[place] == size
        for i, (_, _, bound) in enumerate(self.minima):
            found &= self.at[len(self.leaves) + i] == bound
        return found

    def filled(self, place: int) -> Bools:
        """Return the states in which one leaf is met."""
        found: Bools = self.at[place] == self.sizes[place]
        for i, (where, _, bound) in enumerate(self.minima):
            if where == place:
                found &= self.at[len(self.leaves) + i] == bound
        return found

    def n_held(self, below: int) -> npt.NDArray[np.int64]:
        """Return how many courses some leaves hold, by state."""
        found = np.zeros(self.n_states, np.int64)
        for place, leaf in enumerate(self.leaves):
            if leaf.bit & below:
                found += self.at[place]
        return found

    def reached(self, bounding: Bounding) -> Bools:
        """Return the states whose uses alone reach a least."""
        place = next(i for i, most in enumerate(self.mosts) if most.index == bounding.index)
        spent = self.at[len(self.leaves) + len(self.minima) + place]
        found: Bools = self.n_held(-1) - spent >= self.asked(bounding)
        return found


def states_of(child: Child) -> States | None:
    """Return the states of a child; None where its rules are not of that shape."""
    rules = child.rules
    here = [leaf for leaf in rules.leaves if leaf.bit & child.leaves]
    counting = [leaf for leaf in here if leaf.counts]
    views = [leaf for leaf in here if not leaf.counts]
    totals = [t for t in rules.totals if t.node in _active(child)]
    if (
        child.even is None
        or child.apart
        or len(rules.leaves) > _MOST_LEAVES
        or len(child.scopes) != 1
        or rules.overlaps
        or len(totals) != 1
        or totals[0].credits is None
        or totals[0].courses is not None
        or totals[0].most_credits is not None
        or totals[0].most_courses is not None
        or totals[0].less_waived
        or totals[0].scope & child.leaves != sum(leaf.bit for leaf in counting)
        or len({leaf.fill.pool for leaf in counting}) != 1
        or sum(leaf.fill.rest for leaf in counting) != 1
        or len(views) > 1
        or not all(_is_simple(leaf, child.even) for leaf in here)
        or any(not leaf.bit & child.views for leaf in views)
    ):
        return None
    for bounding in rules.bounds:
        measure = bounding.measure
        if bounding.in_tree and measure.header.id not in _active(child):
            continue
        amount = measure.credits if measure.credits is not None else measure.courses
        scope = bounding.scope & child.leaves
        if (
            measure.per is not None
            or measure.distinct is not None
            or not isinstance(amount, Range)
            or scope != sum(leaf.bit for leaf in counting)
        ):
            return None
    found = States(child)
    return found if found.n_states <= _MOST_STATES else None


def _active(child: Child) -> frozenset[str]:
    return child.scopes[0].active


def _is_simple(leaf: Leaf, even: int) -> bool:
    """Return whether a leaf asks a number of courses, or the rest, with minima that it can hold."""
    if leaf.shape or leaf.has_pieces or leaf.credits is not None:
        return False
    if leaf.fill.rest:
        return not leaf.rest_least and leaf.most_credits is None and not leaf.minima
    if leaf.courses is None or any(minimum.is_most for minimum in leaf.minima):
        return False
    asked = sum(m.bound if m.in_courses else -(-m.bound // even) for m in leaf.minima)
    return asked <= leaf.courses


def as_words(states: Bools, n_words: int) -> Words:
    """Return a set of states as words of 64 bits."""
    padded = np.zeros(n_words * 64, bool)
    padded[: len(states)] = states
    words: Words = np.packbits(padded, bitorder="little").view(np.uint64)
    return words
