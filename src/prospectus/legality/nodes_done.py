"""A tree used as a condition: an allocation in a pool of its own, over by a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from prospectus.domain.errors import UnsupportedError
from prospectus.domain.requirement import All, Any, Fill, Node
from prospectus.legality.compiled import Compiled, nodes, plain
from prospectus.legality.leaf import Leaf, Spot
from prospectus.legality.selecting import walk
from prospectus.legality.store import Lit, negate
from prospectus.legality.uses import Use
from prospectus.legality.variables import Variables


@dataclass(slots=True)
class Allocated:
    """The allocation of a node: its spots, and per use the literal that it is held."""

    met: Lit
    leaves: list[Leaf] = field(default_factory=list)
    held: list[tuple[Use, Lit]] = field(default_factory=list)

    def spots(self) -> Iterable[tuple[Fill, Spot]]:
        """Yield every spot with its leaf."""
        for leaf in self.leaves:
            for spot in leaf.spots:
                yield leaf.fill, spot


class NodeConditions:
    """`done(node)` by a day, for each node that a condition names."""

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.store = variables.store
        self.allocated: dict[str, Allocated] = {}
        self.plain: dict[str, list[Fill]] = {}
        self._made: dict[tuple[str, dt.date, bool], Lit] = {}
        self._eligible: dict[str, set[int]] = {}

    def done(self, node_id: str, day: dt.date, *, graded: bool) -> Lit | None:
        """Return a literal that may be true only where the node is met by a day.

        None where the programme has no such node.
        """
        compiled = self.variables.compiled
        root = compiled.selecting.nodes.get(node_id)  # type: ignore[call-overload]
        if root is None:
            return None
        key = (node_id, day, graded)
        if key not in self._made:
            if node_id not in self.plain and node_id not in self.allocated:
                leaves = plain_leaves(root, compiled)
                if leaves is not None:
                    self.plain[node_id] = leaves
            if node_id in self.plain:
                self._made[key] = self._count(self.plain[node_id], day, graded)
            else:
                self._made[key] = self._allocate(node_id, root, day, graded)
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
                return 1 if by.courses is not None else compiled.steps(use.credits)

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

    def _allocate(self, node_id: str, root: Node, day: dt.date, graded: bool) -> Lit:
        given = self.allocated.get(node_id)
        if given is None:
            given = self.allocated[node_id] = Allocated(met=self.store.new_bool())
            self._require(root, given.met, given)
            by_use: dict[int, list[Lit]] = {}
            for leaf in given.leaves:
                for spot in leaf.spots:
                    by_use.setdefault(spot.use.index, []).append(spot.lit)
            for index, lits in by_use.items():
                self.store.at_most_one(lits)
                use = self.variables.compiled.uses[index]
                given.held.append((use, self.store.any_of(lits)))
        result = self.store.new_bool()
        self.store.imply(result, given.met)
        for use, lit in given.held:
            done = self.variables.done_by([use], day, graded=graded)
            self.store.clause((negate(lit), done), given=(result,))
        return result

    def _require(self, node: Node, met: Lit, given: Allocated) -> None:
        if self.variables.compiled.selecting.is_excepted(node.header.id):
            return
        match node:
            case Fill():
                if node.rest:
                    raise unsupported(str(node.header.id))
                leaf = Leaf(self.variables, node, with_exceptions=False)
                given.leaves.append(leaf)
                leaf.require_met((met,))
                for spot in leaf.spots:
                    self.store.imply(spot.lit, met)
            case All():
                if node.total is not None:
                    raise unsupported(str(node.header.id))
                for child in nodes(node):
                    self._require(child, met, given)
            case Any():
                options = [(self.store.new_bool(), child) for child in nodes(node)]
                self.store.linear([(lit, 1) for lit, _ in options], node.n, None, given=(met,))
                for lit, child in options:
                    self._require(child, lit, given)
            case _:
                raise unsupported(str(node.header.id))


def unsupported(node: str) -> UnsupportedError:
    """Return the error for a node that no condition can be planned on."""
    return UnsupportedError(
        "PLN-011",
        what=f"{node}: a condition on a node with totals, measures, means, milestones or free "
        "electives cannot be planned yet",
        fix="name the courses or leaves that the condition means",
    )


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
    seen: set[int] = set()
    for leaf in found:
        mine = {use.index for use in eligible_uses(leaf, compiled)}
        if seen & mine:
            return None
        seen |= mine
    return found


def eligible_uses(leaf: Fill, compiled: Compiled) -> list[Use]:
    """Return the uses that a leaf may hold, whatever else competes for them."""
    selecting = compiled.selecting
    return [
        use
        for use in compiled.uses
        if use.earns and selecting.is_eligible(leaf, use, compiled.occupied(use))
    ]
