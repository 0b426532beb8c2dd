"""Rules that fall into parts which have nothing to do with each other.

Two leaves are of one part where some course may stand in both, or where a measure or a choice looks
at both. What is cheapest under the whole is then what is cheapest in each part, and so is what is
met: an audit of the whole is one of each part, from which others are put together.

A leaf that asks all the courses that it can hold has no choice: they stand there, and free
electives in the same pool never hold them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from prospectus.audit.batch_answer import BatchAnswer
from prospectus.audit.compiled_rules_child import Child, Kinship
from prospectus.audit.compiled_rules_nodes import nodes_met
from prospectus.audit.requirements import Bounding, Leaf, Total
from prospectus.audit.result import AuditResult
from prospectus.domain.plan import Standing
from prospectus.domain.requirement import Any, Bound, NodeId

Key = npt.NDArray[np.uint64]
Choices = tuple[tuple[NodeId, tuple[NodeId, ...]], ...]


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """What is left of one part in units, the leaves and leasts met, the choices taken.

    `is_full`: nothing is to be taken, not even what brings no credits. `held` are the units that
    its leaves below the declared choice hold; None where that depends on which of its uses stand
    there.
    """

    left: int
    is_full: bool
    met: frozenset[str]
    taken: Choices
    held: int | None


class Parts:
    """The parts of one child; `below` are the leaves below the declared choice."""

    def __init__(self, child: Child, below: int) -> None:
        self._child = child
        self._rules = child.rules
        self._below = below
        self._forced = _forced(child)
        self._masks = _masks(child, self._forced)
        self._sizes = {leaf.bit: _sizes(child, leaf) for leaf in child.here}
        self._bytes: list[list[int]] = [[] for _ in self._masks]
        self._uses: list[list[tuple[int, Kinship]]] = [[] for _ in self._masks]
        self._odd: list[int] = []
        self._here: dict[int, list[int]] = {leaf.bit: [] for leaf in self._forced}
        self._gone: dict[int, list[int]] = {leaf.bit: [] for leaf in self._forced}
        self._n_seen = 0
        self._known: list[dict[bytes, PartAnswer]] = [{} for _ in self._masks]
        self._scope = {frozenset(scope.choices): scope for scope in child.scopes}
        self._together: dict[tuple[int, ...], BatchAnswer] = {}
        self._numbers: dict[PartAnswer, int] = {}
        for one in child.courses:
            self._allot(one.kinship, one.byte if one.most else 0)

    @property
    def is_one(self) -> bool:
        """Return whether nothing can be put together."""
        return len(self._masks) < 2

    def _update(self) -> None:
        """Say of classes that are new to which part they belong."""
        fields = list(self._child.uses.items())
        for kinship, field in fields[self._n_seen :]:
            if field is not None:
                self._allot(kinship, field.byte if field.most else 0)
        self._n_seen = len(fields)

    def _allot(self, kinship: Kinship, byte: int) -> None:
        if not byte:
            return
        for leaf in self._forced:
            if leaf.bit & kinship.allowed:
                (self._gone if kinship.is_new else self._here)[leaf.bit].append(byte)
        part = None if self._is_odd(kinship) else self._part_of(kinship)
        if part is None:
            self._odd.append(byte)
            return
        self._bytes[part].append(byte)
        if not kinship.is_new:
            self._uses[part].append((byte, kinship))

    def _is_odd(self, kinship: Kinship) -> bool:
        """Return whether a use may do what no course of the catalogue does."""
        if kinship.is_new:
            return False
        return (
            kinship.is_waiver
            or kinship.splits
            or any(kinship.elsewhere)
            or any(
                leaf.courses is not None and kinship.units not in self._sizes[leaf.bit]
                for leaf in self._child.here
                if leaf.bit & kinship.allowed
            )
        )

    def _part_of(self, kinship: Kinship) -> int | None:
        allowed = _reduced(kinship, self._child, self._forced)
        for bounding in self._rules.bounds:
            if _may_count(kinship, self._child, bounding):
                allowed |= _linked(self._child, self._forced, bounding)
        return next((i for i, mask in enumerate(self._masks) if not allowed & ~mask), None)

    def _is_forced(self, cells: npt.NDArray[np.uint8]) -> bool:
        """Return whether no leaf that asks all its courses may have one to spare."""
        return all(
            sum(int(cells[byte]) for byte in self._here[leaf.bit])
            <= sum(int(cells[byte]) for byte in self._gone[leaf.bit])
            for leaf in self._forced
        )

    def _cells(self, key: Key) -> list[bytes] | None:
        """Return the signature of each part; None where a use is of no part.

        Classes that are new stand last, so that what was known before keeps its signature.
        """
        self._update()
        cells = key.view(np.uint8)
        if any(cells[byte] for byte in self._odd) or not self._is_forced(cells):
            return None
        return [cells[mine].tobytes().rstrip(b"\0") for mine in self._bytes]

    # ------------------------------------------------------------------- learn

    def learn(self, key: Key, result: AuditResult) -> None:
        """Keep what an audit says of each part."""
        cells = self._cells(key)
        if (
            cells is None
            or result.credits_left is None
            or not (result.is_proven and result.is_completion_sure)
        ):
            return
        found = list(self._parts_in(key, result))
        if sum(one.left for one in found) == result.credits_left * self._rules.unit:
            for known, mine, one in zip(self._known, cells, found, strict=True):
                known[mine] = one

    def _parts_in(self, key: Key, result: AuditResult) -> Iterator[PartAnswer]:
        rules = self._rules
        bits = {leaf.id: leaf.bit for leaf in rules.leaves}
        courses = rules.resolved.courses
        bought = {
            (one.course, one.credits): (
                int((one.credits or courses[one.course].credits_low) * rules.unit),
                bits[one.leaf],
            )
            for one in result.witness.completion
        }
        leasts = [b for b in rules.bounds if b.measure.bound is not Bound.AT_MOST]
        scope_of = bits | {str(b.measure.header.id): b.scope for b in leasts}
        for part, mask in enumerate(self._masks):
            yield PartAnswer(
                left=sum(units for units, bit in bought.values() if bit & mask),
                is_full=not any(bit & mask for _, bit in bought.values()),
                met=frozenset(name for name in result.met if scope_of.get(name, 0) & mask),
                taken=tuple(
                    (name, picked)
                    for name, picked in result.witness.choices
                    if rules.below[name] & mask
                ),
                held=self._held(key.view(np.uint8), part),
            )

    def _held(self, cells: npt.NDArray[np.uint8], part: int) -> int | None:
        """Return the units that leaves of a part hold below the declared choice."""
        here = [leaf for leaf in self._child.here if leaf.bit & self._masks[part]]
        if not any(leaf.bit & self._below for leaf in here):
            return 0
        mine = [(kinship, int(cells[byte])) for byte, kinship in self._uses[part] if cells[byte]]
        units = {kinship.units for kinship, _ in mine}
        if len(here) > 1 or not here[0].is_plain or here[0].courses is None or len(units) > 1:
            return None
        return min(here[0].courses, sum(n for _, n in mine)) * max(units, default=0)

    # ----------------------------------------------------------------- compose

    def answer(self, key: Key) -> tuple[int, int | None, BatchAnswer] | None:
        """Return the units left, those held below the choice and the answer; None if unknown."""
        cells = self._cells(key)
        if cells is None:
            return None
        found = [known.get(mine) for known, mine in zip(self._known, cells, strict=True)]
        parts = [one for one in found if one is not None]
        if len(parts) < len(found):
            return None
        left = sum(one.left for one in parts)
        known_held = [one.held for one in parts if one.held is not None]
        numbers = tuple(self._numbers.setdefault(one, len(self._numbers)) for one in parts)
        answer = self._together.get(numbers)
        if answer is None:
            answer = self._together[numbers] = self._joined(parts, left)
        return left, sum(known_held) if len(known_held) == len(parts) else None, answer

    def _joined(self, parts: list[PartAnswer], left: int) -> BatchAnswer:
        rules = self._rules
        scope = self._scope[frozenset(choice for one in parts for choice in one.taken)]
        met = nodes_met(rules, scope.active, frozenset[str]().union(*(one.met for one in parts)))
        is_met = rules.root in met
        is_full = all(one.is_full for one in parts)
        return BatchAnswer(
            credits_left=Fraction(left, rules.unit),
            taken=scope.choices,
            met=met,
            is_complete=is_full,
            standing=Standing.MET if is_met else None if is_full else Standing.UNMET,
        )


def _masks(child: Child, forced: Sequence[Leaf]) -> list[int]:
    """Return the leaves of each part; one part where the rules do not fall apart."""
    rules, leaves = child.rules, child.leaves
    totals = [t for t in rules.totals if any(t.node in scope.active for scope in child.scopes)]
    if rules.overlaps or not all(_is_implied(child, total) for total in totals):
        return [leaves]
    linked = [_reduced(one.kinship, child, forced) for one in child.courses]
    apart: dict[int, int] = {}
    for one in child.courses:
        for number in one.kinship.apart:
            apart[number] = apart.get(number, 0) | one.kinship.allowed & leaves
    linked += apart.values()
    linked += [_linked(child, forced, one) for one in rules.bounds if one.index in child.measures]
    for node in rules.anys:
        if _is_open(node, child):
            if not rules.below[node.header.id] & leaves:
                return [leaves]
            linked.append(rules.below[node.header.id] & leaves)
    masks = [leaf.bit for leaf in child.here]
    for mask in linked:
        joined = mask
        for other in masks:
            joined |= other if other & mask else 0
        masks = [other for other in masks if not other & joined] + [joined] * bool(joined)
    return sorted(masks, key=lambda mask: mask & -mask)


def _linked(child: Child, forced: Sequence[Leaf], bounding: Bounding) -> int:
    """Return the leaves in which a measure may count a course of the catalogue."""
    if bounding.measure.per is not None or bounding.measure.distinct is not None:
        return bounding.scope & child.leaves
    found = 0
    for one in child.courses:
        if _may_count(one.kinship, child, bounding):
            found |= _reduced(one.kinship, child, forced) & bounding.scope
    return found


def _may_count(kinship: Kinship, child: Child, bounding: Bounding) -> bool:
    """Return whether a measure may count a class; a class of a view is looked at by none."""
    if bounding.index not in child.measures or not kinship.measured:
        return False
    is_seen = bool(kinship.allowed & bounding.scope)
    return is_seen and kinship.measured[child.measures.index(bounding.index)] is not False


def _forced(child: Child) -> list[Leaf]:
    """Return the leaves that ask as many courses as there are for them, whatever is chosen."""
    found: list[Leaf] = []
    for leaf in child.here:
        mine = [one for one in child.courses if one.kinship.allowed & leaf.bit]
        if (
            leaf.counts
            and leaf.courses is not None
            and leaf.most_courses in (None, leaf.courses)
            and leaf.is_plain
            and leaf.courses == sum(one.total for one in mine)
            and not any(
                one.spare or one.kinship.allowed & other.bit for one in mine for other in found
            )
            and all(leaf.bit & scope.leaves for scope in child.scopes)
        ):
            found.append(leaf)
    return found


def _reduced(kinship: Kinship, child: Child, forced: Sequence[Leaf]) -> int:
    """Return the leaves that may hold a class, where a leaf that needs it has it."""
    allowed = kinship.allowed & child.leaves
    for leaf in forced:
        if allowed & leaf.bit:
            same = [one.bit for one in child.here if one.fill.pool == leaf.fill.pool]
            allowed = allowed & ~sum(same) | leaf.bit
    return allowed


def _is_open(node: Any, child: Child) -> bool:
    """Return whether a choice is taken in several ways under a child."""
    name = node.header.id
    return len({dict(scope.choices).get(name) for scope in child.scopes}) > 1


def _is_implied(child: Child, total: Total) -> bool:
    """Return whether a total is reached, and never more than that asked, once its leaves are full.

    Free electives ask what is left: always the same where all others hold the same credits.
    """
    if (
        total.credits is None
        or total.courses is not None
        or total.most_credits is not None
        or total.most_courses is not None
        or total.less_waived
    ):
        return False
    for scope in child.scopes:
        here = [
            leaf for leaf in child.here if leaf.bit & scope.leaves & total.scope and leaf.counts
        ]
        others = [leaf for leaf in here if not leaf.fill.rest]
        if len({leaf.fill.pool for leaf in here}) != 1:
            return False
        if len(here) > len(others):
            is_same = all(_is_even(leaf) and len(_sizes(child, leaf)) == 1 for leaf in others)
            if not is_same or len(here) > len(others) + 1:
                return False
        elif sum(_least(child, leaf) for leaf in others) < total.credits:
            return False
    return True


def _is_even(leaf: Leaf) -> bool:
    return leaf.courses is not None and leaf.credits is None


def _least(child: Child, leaf: Leaf) -> int:
    """Return the fewest units that a full leaf holds."""
    by_courses = (leaf.courses or 0) * min(_sizes(child, leaf), default=0)
    return max(leaf.credits or 0, by_courses)


def _sizes(child: Child, leaf: Leaf) -> frozenset[int]:
    """Return the units of the courses that a leaf may take."""
    return frozenset(one.kinship.units for one in child.courses if one.kinship.allowed & leaf.bit)
