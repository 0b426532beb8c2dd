"""The requirement tree: which leaf holds which piece, chosen children, sizes, totals, measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from math import lcm

from prospectus.domain.requirement import (
    All,
    Any,
    Areas,
    Bound,
    Fill,
    Measure,
    Node,
    NodeId,
    Over,
    Range,
    Share,
)
from prospectus.domain.rule import Overlap
from prospectus.planning.verifying.facts import Facts, Piece
from prospectus.planning.verifying.option import Option, options_of
from prospectus.planning.verifying.program import Program, Sum


class Tree:
    """The columns of one tree: children chosen, pieces held; `left_out` names rules not kept."""

    def __init__(
        self, facts: Facts, program: Program, taken: dict[int, int], left_out: set[str]
    ) -> None:
        self.facts = facts
        self.program = program
        self.taken = taken
        self.left_out = left_out
        self.options = options_of(facts, taken)
        self.active: dict[NodeId, Sum] = {}
        self.leaves: list[Fill] = []
        self.above: dict[NodeId, NodeId] = {}
        self.excused: set[NodeId] = set()
        self._rests: list[Fill] = []
        self.held: dict[NodeId, dict[int, int]] = defaultdict(dict)
        self.parts: dict[tuple[NodeId, int], int] = {}
        self._together: dict[tuple[frozenset[NodeId], bool], dict[int, Sum]] = {}
        root = facts.tree
        self._open(root, Sum(constant=Fraction(1)), excused=False)
        for leaf in self.leaves:
            self._hold(leaf)
        self._share()
        for leaf in self.leaves:
            self._size(leaf)
        for leaf in self._rests:
            self._rest_needs_each(leaf)
        self._above_leaves(root)
        for rule in facts.resolved.rules:
            if isinstance(rule, Measure):
                self._measure(rule, root.header.id)

    def _open(self, node: Node, active: Sum, *, excused: bool) -> None:
        """Open a node: exactly n children of an `any` are chosen, every child of an `all`."""
        here = node.header.id
        self.active[here] = active
        excused = excused or self.facts.is_excepted(str(here))
        if excused:
            self.excused.add(here)
        if isinstance(node, Fill):
            self.leaves.append(node)
        if not isinstance(node, All | Any):
            return
        children = [child for child in node.children if isinstance(child, Node)]
        states = [active] * len(children)
        if isinstance(node, Any) and node.n < len(children):
            states = [Sum().add(self.program.column()) for _ in children]
            total = Sum().plus(active, -node.n)
            for state in states:
                total.plus(state)
                self.program.keep(Sum().plus(active).plus(state, -1), low=0)
            self.program.keep(total, low=0, high=0)
        for child, state in zip(children, states, strict=True):
            self.above[child.header.id] = here
            self._open(child, state, excused=excused)

    def _hold(self, leaf: Fill) -> None:
        """Open a column for each option that the leaf admits in some run."""
        here = leaf.header.id
        for number, option in enumerate(self.options):
            fitting = [p for p in option.pieces if self.facts.admits(leaf, p) is True]
            if not fitting:
                continue
            column = self.held[here][number] = self.program.column()
            self.program.under(column, option.taken_in(fitting, self.taken))
            if self.active[here].factors:
                self.program.under(column, self.active[here])
            if option.is_splittable and option.credits and _takes_parts(leaf):
                part = self.program.column(0, int(option.credits) + 1, is_whole=False)
                self.left_out.add("how the credits of a course are divided")
                self.parts[here, number] = part
                self.program.keep(Sum().add(column, option.credits).add(part, -1), low=0)

    def credits_in(self, leaf: NodeId, number: int) -> Sum:
        """Return the credits of an option that a leaf holds."""
        part = self.parts.get((leaf, number))
        if part is not None:
            return Sum().add(part)
        return Sum().add(self.held[leaf][number], self.options[number].credits)

    def _counts(self, leaf: Fill) -> bool:
        return self.facts.resolved.pool_counts.get(leaf.pool or "", True)

    def _share(self) -> None:
        """Keep a use in one leaf of a pool, and out of counting leaves where `rest` holds it."""
        overlaps = [rule for rule in self.facts.resolved.rules if isinstance(rule, Overlap)]
        groups = {
            rule.header.id: [self._members(name) for name in rule.between] for rule in overlaps
        }
        shared: dict[NodeId, dict[int, int]] = defaultdict(dict)
        by_use: dict[str, list[int]] = defaultdict(list)
        for number, option in enumerate(self.options):
            by_use[option.use].append(number)
        for numbers in by_use.values():
            places = [
                (leaf, number)
                for leaf in self.leaves
                for number in numbers
                if number in self.held[leaf.header.id]
            ]
            free = {
                (a, b)
                for a, b in combinations(range(len(places)), 2)
                if self._may_share(places[a], places[b], overlaps, groups, shared)
            }
            self._exclusive(places, free)
            for number in numbers:
                self._parts_within(number)
        for rule in overlaps:
            self._cap_shared(rule, shared[rule.header.id])

    def _exclusive(self, places: list[tuple[Fill, int]], free: set[tuple[int, int]]) -> None:
        """Keep at most one of the places that may not be shared: by groups, then by pairs."""
        columns = [self.held[leaf.header.id][number] for leaf, number in places]
        groups: list[list[int]] = []
        for place in range(len(columns)):
            fitting = (g for g in groups if all((other, place) not in free for other in g))
            group = next(fitting, None)
            if group is None:
                groups.append([place])
            else:
                group.append(place)
        covered: set[tuple[int, int]] = set()
        for group in groups:
            covered |= set(combinations(group, 2))
            if len(group) > 1:
                self.program.keep(Sum.of(columns[place] for place in group), high=1)
        for a, b in combinations(range(len(columns)), 2):
            if (a, b) not in free and (a, b) not in covered:
                self.program.keep(Sum.of((columns[a], columns[b])), high=1)

    def _may_share(
        self,
        one: tuple[Fill, int],
        other: tuple[Fill, int],
        overlaps: list[Overlap],
        groups: dict[NodeId, list[frozenset[NodeId]]],
        shared: dict[NodeId, dict[int, int]],
    ) -> bool:
        """Return whether two leaves may hold one use; what an overlap counts is noted."""
        (a, first), (b, second) = one, other
        if a.header.id == b.header.id:
            return False
        in_one_pool = a.pool == b.pool
        if (a.rest or b.rest) and (in_one_pool or (self._counts(a) and self._counts(b))):
            return False
        if not in_one_pool and (a.rest or b.rest):
            return True
        option = self.options[first]
        naming = [rule for rule in overlaps if _names(groups[rule.header.id], a, b)]
        allowing = [rule for rule in naming if self._allows(rule, option)]
        if first == second:
            for rule in allowing:
                both = shared[rule.header.id].setdefault(first, self.program.column())
                total = Sum.of((self.held[a.header.id][first], self.held[b.header.id][first]))
                self.program.keep(total.add(both, -1), high=1)
            parts = (a.header.id, first) in self.parts and (b.header.id, first) in self.parts
            if in_one_pool and parts:
                return True
        elif allowing or not in_one_pool:
            # two tries at one course: which of them stands is not followed
            return True
        return bool(allowing) or (not in_one_pool and not naming)

    def _allows(self, rule: Overlap, option: Option) -> bool:
        if rule.condition is not None:
            # it may hold: taking it as kept leaves more open
            self.left_out.add(f"{rule.header.id}: its condition")
        return any(self.facts.matches(rule.of, piece) is True for piece in option.pieces)

    def _members(self, name: str) -> frozenset[NodeId]:
        return frozenset(
            leaf.header.id
            for leaf in self.leaves
            if leaf.pool == name or name in self._path(leaf.header.id)
        )

    def _path(self, node: NodeId) -> Iterator[str]:
        here: NodeId | None = node
        while here is not None:
            yield str(here)
            here = self.above.get(here)

    def _parts_within(self, number: int) -> None:
        """Keep the parts of a split use, in the leaves of a pool, within its credits."""
        option = self.options[number]
        by_pool: dict[str | None, Sum] = defaultdict(Sum)
        for leaf in self.leaves:
            if number in self.held[leaf.header.id] and option.is_splittable:
                by_pool[leaf.pool].plus(self.credits_in(leaf.header.id, number))
        if any(isinstance(rule, Overlap) for rule in self.facts.resolved.rules):
            return
        for total in by_pool.values():
            most = option.taken_in(option.pieces, self.taken)
            self.program.keep(Sum().plus(most, option.credits).plus(total, -1), low=0)

    def _cap_shared(self, rule: Overlap, shared: dict[int, int]) -> None:
        if rule.at_most_courses is not None:
            self.program.keep(Sum.of(shared.values()), high=rule.at_most_courses)
        if rule.at_most_credits is not None:
            total = Sum()
            for number, column in shared.items():
                total.add(column, self.options[number].credits)
            self.program.keep(total, high=rule.at_most_credits)

    def _size(self, leaf: Fill) -> None:
        """Keep the least and the most of a leaf, its areas and the measures of what it holds."""
        here = leaf.header.id
        held = self.held[here]
        credits, courses = Sum(), Sum.of(held.values())
        for number in held:
            credits.plus(self.credits_in(here, number))
        if leaf.rest_within is not None:
            self._within(credits, leaf.rest_within, here)
        if leaf.credits is not None:
            self._within(credits, _plain(leaf.credits), here)
        if leaf.courses is not None:
            if self.facts.resolved.school.equivalents:
                self.left_out.add(f"{here}: courses that stand for others")
            else:
                self._within(courses, _plain(leaf.courses), here)
        if leaf.areas is not None:
            self._areas(leaf, leaf.areas)
        for measure in leaf.with_:
            each = {number: self._mine(measure, here, number) for number in held}
            self._bounded(measure, each, here, Fraction(0))
        self._spare_nothing(leaf, credits, courses)

    def _spare_nothing(self, leaf: Fill, credits: Sum, courses: Sum) -> None:
        """Keep a leaf from holding what could be taken away, where it asks for one thing only."""
        here = leaf.header.id
        is_odd = bool(leaf.areas) or any(m.bound is Bound.AT_LEAST for m in leaf.with_)
        is_odd |= leaf.credits is not None and leaf.courses is not None
        is_odd |= here in self.excused or bool(self.facts.resolved.school.equivalents)
        if is_odd or any((here, number) in self.parts for number in self.held[here]):
            self.left_out.add(f"that nothing could be taken away from {here}")
            return
        if leaf.courses is not None:
            self.program.keep(courses, high=_plain(leaf.courses).low)
            return
        if leaf.rest:
            self._rests.append(leaf)
            return
        self._needs_each(leaf, credits, _plain(leaf.credits).low)

    def _rest_needs_each(self, leaf: Fill) -> None:
        """Keep free electives from holding what the total does not need."""
        here = leaf.header.id
        node, total = self._total_above(here)
        if leaf.rest_within is not None or total is None:
            self.left_out.add(f"that nothing could be taken away from {here}")
            return
        credits = Sum()
        others = frozenset(other for other in self._below(node, counting=True) if other != here)
        for number, state in self.together(others, in_credits=True).items():
            credits.plus(state, self.options[number].credits)
        for number in self.held[here]:
            credits.plus(self.credits_in(here, number))
        self._needs_each(leaf, credits, total)

    def _total_above(self, leaf: NodeId) -> tuple[NodeId, Fraction | None]:
        """Return the innermost node with a total above a leaf, and its credits without waivers."""
        by_id = {node.header.id: node for node in self._nodes()}
        here: NodeId | None = leaf
        while here is not None:
            node = by_id[here]
            if isinstance(node, All) and node.total is not None:
                size = node.total.credits
                return here, None if size is None else _plain(size).low
            here = self.above.get(here)
        return self.facts.tree.header.id, None

    def _nodes(self) -> Iterator[Node]:
        stack: list[Node] = [self.facts.tree]
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, All | Any):
                stack.extend(child for child in node.children if isinstance(child, Node))

    def _needs_each(self, leaf: Fill, credits: Sum, low: Fraction) -> None:
        """Keep a leaf from reaching a size without one of those that it holds."""
        here = leaf.header.id
        step = Fraction(1, lcm(low.denominator, *(o.credits.denominator for o in self.options)))
        most = self.program.most(credits)
        for number, column in self.held[here].items():
            room = max(Fraction(0), most - low)
            mine = min(self.options[number].credits - step, room)
            # without this one it holds less than it asks
            self.program.keep(Sum().plus(credits).add(column, room - mine), high=low + room)

    def _mine(self, measure: Measure, leaf: NodeId, number: int) -> Sum:
        """Return what a measure counts of an option in a leaf: 1 where it is whole."""
        if measure.courses is None and (leaf, number) in self.parts:
            return Sum().plus(self.credits_in(leaf, number), 1 / self.options[number].credits)
        return Sum().add(self.held[leaf][number])

    def _within(self, total: Sum, size: Range, node: NodeId) -> None:
        if node not in self.excused:
            self.program.keep(Sum().plus(total).plus(self.active[node], -size.low), low=0)
        if size.high is not None:
            self.program.keep(total, high=size.high)

    def _areas(self, leaf: Fill, areas: Areas) -> None:
        """Keep the shape: the k-th count is reached by an area of its own."""
        here = leaf.header.id
        if here in self.excused:
            return
        served: dict[str, Sum] = {name: Sum() for name, _ in areas.areas}
        for number, column in self.held[here].items():
            mine = Sum()
            for name, selector in areas.areas:
                pieces = self.options[number].pieces
                answers = [self.facts.matches(selector, piece) is True for piece in pieces]
                if any(answers) and not all(answers):
                    self.left_out.add(f"{here}: areas that depend on the period")
                if any(answers):
                    serves = self.program.column()
                    mine.add(serves)
                    weight = self.options[number].credits if areas.in_credits else 1
                    served[name].add(serves, weight)
            self.program.keep(Sum().add(column).plus(mine, -1), low=0)
        chosen: dict[str, Sum] = {name: Sum() for name in served}
        for count in areas.shape:
            one = Sum()
            for name, have in served.items():
                reaches = self.program.column()
                one.add(reaches)
                chosen[name].add(reaches)
                self.program.keep(Sum().plus(have).add(reaches, -count), low=0)
            self.program.keep(Sum().plus(one).plus(self.active[here], -1), low=0)
        for total in chosen.values():
            self.program.keep(total, high=1)

    def _above_leaves(self, node: Node) -> None:
        """Keep the totals and measures of a node and of everything below it."""
        here = node.header.id
        if isinstance(node, Measure):
            self._measure(node, self.above.get(here, here))
        if isinstance(node, All) and node.total is not None:
            self._total(node)
        if isinstance(node, All | Any):
            for child in node.children:
                if isinstance(child, Node):
                    self._above_leaves(child)

    def _total(self, node: All) -> None:
        assert node.total is not None
        here = node.header.id
        leaves = frozenset(self._below(here, counting=True))
        credits, courses = Sum(), Sum()
        for number, state in self.together(leaves, in_credits=True).items():
            credits.plus(state, self.options[number].credits)
        for number, state in self.together(leaves, in_credits=False).items():
            if not self.options[number].is_waiver:
                courses.plus(state)
        if node.total.credits is not None:
            size = _plain(node.total.credits)
            asked = self._total_credits(node)
            self._within(credits, Range(low=asked, high=None), here)
            if size.high is not None:
                self.program.keep(credits, high=size.high)
        if node.total.courses is not None:
            self._within(courses, _plain(node.total.courses), here)

    def _total_credits(self, node: All) -> Fraction:
        assert node.total is not None
        asked = _plain(node.total.credits).low
        if node.total.less_waived:
            asked -= self.facts.waived(str(node.header.id))
        return max(asked, Fraction(0))

    def _below(self, node: NodeId, *, counting: bool) -> Iterator[NodeId]:
        for leaf in self.leaves:
            if str(node) in self._path(leaf.header.id) and (not counting or self._counts(leaf)):
                yield leaf.header.id

    def together(self, leaves: frozenset[NodeId], *, in_credits: bool) -> dict[int, Sum]:
        """Return for each option what of it some leaves hold, once; 1 where it is whole."""
        if (leaves, in_credits) in self._together:
            return self._together[leaves, in_credits]
        found: dict[int, Sum] = {}
        for number, option in enumerate(self.options):
            mine = [leaf for leaf in sorted(leaves) if number in self.held[leaf]]
            if not mine:
                continue
            if in_credits and any((leaf, number) in self.parts for leaf in mine):
                found[number] = self._merged(option, number, mine)
                continue
            columns = [self.held[leaf][number] for leaf in mine]
            if len(columns) == 1:
                found[number] = Sum.of(columns)
                continue
            once = self.program.column()
            self.program.under(once, Sum.of(columns))
            for column in columns:
                self.program.keep(Sum().add(once).add(column, -1), low=0)
            found[number] = Sum().add(once)
        self._together[leaves, in_credits] = found
        return found

    def _merged(self, option: Option, number: int, leaves: list[NodeId]) -> Sum:
        """Return the share of a split use that leaves hold: no more than its parts, or than 1."""
        total = Sum()
        for leaf in leaves:
            total.plus(self.credits_in(leaf, number), 1 / option.credits)
        if len(leaves) == 1:
            return total
        share = self.program.column(is_whole=False)
        self.program.under(share, total)
        return Sum().add(share)

    def _measure(self, measure: Measure, above: NodeId) -> None:
        if measure.over is Over.ATTEMPTED:
            self.left_out.add(str(measure.header.id))
            return
        if self.facts.is_excepted(str(measure.header.id)):
            return
        if measure.within:
            leaves = {leaf for node in measure.within for leaf in self._below(node, counting=False)}
        else:
            leaves = set(self._below(self.facts.tree.header.id, counting=True))
        node = measure.header.id if measure.header.id in self.active else above
        each = self.together(frozenset(leaves), in_credits=measure.courses is None)
        self._bounded(measure, each, node, self._share_of(above))

    def _share_of(self, node: NodeId) -> Fraction:
        """Return the credits of the innermost total that encloses a node."""
        path = set(self._path(node))
        found = Fraction(0)
        stack: list[Node] = [self.facts.tree]
        while stack:
            item = stack.pop()
            if isinstance(item, All | Any) and str(item.header.id) in path:
                if isinstance(item, All) and item.total is not None:
                    has = item.total.credits is not None
                    found = self._total_credits(item) if has else Fraction(0)
                stack = [child for child in item.children if isinstance(child, Node)]
        return found

    def _bounded(
        self, measure: Measure, each: dict[int, Sum], node: NodeId, total: Fraction
    ) -> None:
        """Keep a measure of what is held; `each` says what of an option is."""
        is_most = measure.bound is Bound.AT_MOST
        if isinstance(measure.credits, Share):
            bound = measure.credits.share * total
        else:
            size = _plain(measure.credits if measure.credits is not None else measure.courses)
            bound = size.high if is_most and size.high is not None else size.low
        active = self.active[node]
        if not is_most and node in self.excused:
            return
        seen = {
            number: state
            for number, state in each.items()
            if self._is_seen(measure, self.options[number], is_most=is_most)
        }
        if measure.distinct is not None:
            self._distinct(measure, seen, active, bound, is_most=is_most)
            return
        groups: dict[str, Sum] = defaultdict(Sum)
        for number, state in seen.items():
            weight = self.options[number].credits if measure.courses is None else Fraction(1)
            for name in self._groups(measure, self.options[number]):
                groups[name].plus(state, weight)
        if measure.per is not None and not is_most:
            self.left_out.add(str(measure.header.id))
            return
        if measure.per is None and not groups:
            groups[""] = Sum()
        for have in groups.values():
            if is_most:
                # a cap binds while its node is active; what else is held may exceed it
                room = max(Fraction(0), self.program.most(have) - bound)
                free = Sum(constant=Fraction(1)).plus(active, -1)
                self.program.keep(Sum().plus(have).plus(free, -room), high=bound)
            else:
                self.program.keep(Sum().plus(have).plus(active, -bound), low=0)

    def _is_seen(self, measure: Measure, option: Option, *, is_most: bool) -> bool:
        if option.is_waiver and not self.facts.sees_waivers(measure.of):
            return False
        answers = [self.facts.matches(measure.of, piece) for piece in option.pieces]
        if is_most:
            if all(answer is not False for answer in answers):
                return True
            if any(answer is not False for answer in answers):
                self.left_out.add(f"{measure.header.id}, where it depends on the period")
            return False
        seen = [answer is True for answer in answers]
        if any(seen) and not all(seen):
            self.left_out.add(f"{measure.header.id}, where it depends on the period")
        return any(seen)

    def _groups(self, measure: Measure, option: Option) -> frozenset[str]:
        if measure.per is None:
            return frozenset({""})
        return frozenset().union(*(self.facts.values(measure.per, p) for p in option.pieces))

    def _distinct(
        self, measure: Measure, seen: dict[int, Sum], active: Sum, bound: Fraction, *, is_most: bool
    ) -> None:
        if is_most or measure.distinct is None:
            self.left_out.add(str(measure.header.id))
            return
        self.left_out.add(f"{measure.header.id}: whether what is taken is held")
        by_value: dict[str, Sum] = defaultdict(Sum)
        for number, state in seen.items():
            for piece in self.options[number].pieces:
                for value in self.facts.values(measure.distinct, piece):
                    by_value[value].plus(self._in_run(piece, state))
        total = Sum()
        for have in by_value.values():
            value_seen = self.program.column()
            self.program.under(value_seen, have)
            total.add(value_seen)
        self.program.keep(total.plus(active, -bound), low=0)

    def _in_run(self, piece: Piece, state: Sum) -> Sum:
        """Return a sum that is positive where a piece is held: whether it is taken."""
        column = self.taken.get(piece.index)
        return Sum().plus(state) if column is None else Sum().add(column)


def _plain(amount: object) -> Range:
    assert isinstance(amount, Range), "sizes are resolved before they are verified"
    return amount


def _takes_parts(leaf: Fill) -> bool:
    return leaf.courses is None and (leaf.areas is None or leaf.areas.in_credits)


def _names(groups: list[frozenset[NodeId]], one: Fill, other: Fill) -> bool:
    return any(
        one.header.id in first and other.header.id in second
        for place, first in enumerate(groups)
        for at, second in enumerate(groups)
        if at != place
    )
