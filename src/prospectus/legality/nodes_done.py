"""A tree used as a condition: an allocation in a pool of its own, over by a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import NamedTuple

from prospectus.domain.expression import Expression
from prospectus.domain.record import AttemptStatus
from prospectus.domain.requirement import All, Fill, Gpa, Milestone, Node
from prospectus.legality.allocation import Allocation
from prospectus.legality.compiled import Compiled, plain
from prospectus.legality.selecting import walk
from prospectus.legality.store import Lit, negate
from prospectus.legality.uses import Use
from prospectus.legality.variables import Variables

Ask = Callable[[Expression], Lit]
"""How a milestone's own needs are asked at the same moment."""


class At(NamedTuple):
    """When a node is asked for; `lenient`: what is not yet known does not count against it."""

    day: dt.date
    graded: bool = False
    lenient: bool = True


class NodeConditions:
    """`done(node)` by a day, for each node that a condition names."""

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.store = variables.store
        self.allocated: dict[str, Allocation] = {}
        self.plain: dict[str, list[Fill]] = {}
        self._made: dict[tuple[str, At], Lit] = {}
        self._eligible: dict[str, set[int]] = {}

    def done(self, node_id: str, at: At, ask: Ask) -> Lit | None:
        """Return a literal that may be true only where the node is met by a day.

        None where the programme has no such node.
        """
        compiled = self.variables.compiled
        root = compiled.selecting.nodes.get(node_id)  # type: ignore[call-overload]
        if root is None:
            return None
        key = (node_id, at)
        if key not in self._made:
            if node_id not in self.plain and node_id not in self.allocated:
                leaves = plain_leaves(root, compiled)
                if leaves is not None:
                    self.plain[node_id] = leaves
            if node_id in self.plain:
                self._made[key] = self._count(self.plain[node_id], at.day, at.graded)
            else:
                self._made[key] = self._allocate(node_id, root, at, ask)
        return self._made[key]

    def _count(self, leaves: list[Fill], day: dt.date, graded: bool) -> Lit:
        """Return the literal for leaves that do not compete: each counts what is over."""
        compiled = self.variables.compiled
        parts: list[Lit] = []
        for leaf in leaves:
            if leaf.header.id not in self._eligible:
                found = {use.index for use in eligible_uses(leaf, compiled)}
                self._eligible[leaf.header.id] = found
            eligible = self._eligible[leaf.header.id]

            lasting = self._lasting(eligible)
            again = {index for old in lasting for index in compiled.retakes[old]}

            def weight(use: Use, inside: set[int] = eligible - again, by: Fill = leaf) -> int:
                if use.index not in inside:
                    return 0
                return 1 if by.courses is not None else compiled.use_steps[use.index]

            low = (
                int(plain(leaf.courses).low)
                if leaf.courses is not None
                else compiled.steps(plain(leaf.credits).low)
            )
            key = ("leaf", leaf.header.id)
            totals = self.variables.totals(key, weight, graded=graded, lasting=lasting)
            parts.append(totals.reaches(day, low))
        if len(parts) == 1:
            return parts[0]
        if any(part is False for part in parts):
            return False
        result = self.store.new_bool()
        for part in parts:
            self.store.imply(result, part)
        return result

    def _lasting(self, eligible: set[int]) -> set[int]:
        """Return the uses on record that a second try replaces by one that is worth as much.

        A node once met stays met, so the old one counts before the new one ends, and after.
        """
        compiled = self.variables.compiled
        return {
            old
            for old, again in compiled.retakes.items()
            if old in eligible
            and all(
                new in eligible and compiled.uses[new].credits >= compiled.uses[old].credits
                for new in again
            )
        }

    def _allocate(self, node_id: str, root: Node, at: At, ask: Ask) -> Lit:
        if node_id not in self.allocated:
            self.allocated[node_id] = Allocation(self.variables, root)
        given = self.allocated[node_id]
        if not at.lenient and not given.is_certain:
            # what grades still to come decide excuses nobody
            return False
        result = self.store.new_bool()
        self.store.imply(result, given.met)
        for use, lit in given.held:
            done = self.variables.done_by([use], at.day, graded=at.graded)
            self.store.clause((negate(lit), done), given=(result,))
        for mean, active in given.attempted:
            terms = given.mean(mean, self._finished(mean, at))
            self.store.linear(terms, 0, None, given=(result, active))
        for milestone, active in given.milestones:
            self.store.clause((self._passed(milestone, at, ask),), given=(result, active))
        return result

    def _finished(self, mean: Gpa, at: At) -> Iterable[tuple[Use, Lit]]:
        """Yield what a mean over the attempted looks at, with the literal that it is over."""
        compiled = self.variables.compiled
        for use in compiled.uses:
            match = compiled.selecting.matches(mean.of, use, compiled.occupied(use))
            if use.earns and match is True:
                done = self.variables.done_by([use], at.day, graded=at.graded)
                yield use, self.store.all_of([done, self.variables.stands(use)])

    def _passed(self, milestone: Milestone, at: At, ask: Ask) -> Lit:
        """Return whether a milestone is passed by a day or, where that is enough, may be."""
        record = self.variables.compiled.record
        results = [r for r in record.milestones if r.milestone == milestone.header.id]
        passed = [r for r in results if r.status is AttemptStatus.PASSED]
        if passed:
            return any(result.on is None or result.on <= at.day for result in passed)
        failures = sum(result.status is AttemptStatus.FAILED for result in results)
        if not at.lenient or failures >= (milestone.attempts or failures + 1):
            return False
        return True if milestone.needs is None else ask(milestone.needs)


def plain_leaves(root: Node, compiled: Compiled) -> list[Fill] | None:
    """Return the leaves of a node where they never compete for a use, else None."""
    found: list[Fill] = []
    for node in walk(root):
        if compiled.selecting.is_excepted(node.header.id):
            return None
        if not isinstance(node, All | Fill) or (isinstance(node, All) and node.total):
            return None
        if isinstance(node, Fill):
            both = node.courses is not None and node.credits is not None
            if node.rest or both or node.with_ or node.areas:
                return None
            found.append(node)
    if any(compiled.selecting.depends_on_run(leaf.from_) for leaf in found):
        return None
    if any(compiled.eligibility.pieces_in(leaf, use) for leaf in found for use in compiled.uses):
        return None
    seen: set[int] = set()
    for leaf in found:
        mine = {use.index for use in eligible_uses(leaf, compiled)}
        if seen & mine:
            return None
        seen |= mine
    return found


def eligible_uses(leaf: Fill, compiled: Compiled) -> list[Use]:
    """Return the uses that a leaf may hold, whatever else competes for them."""
    return [
        use
        for use in compiled.uses
        if use.earns and compiled.eligibility.is_eligible(leaf, use, compiled.occupied(use))
    ]
