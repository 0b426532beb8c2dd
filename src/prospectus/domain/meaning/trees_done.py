"""A tree used as a condition: it allocates what is finished in a pool of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations, islice, permutations, product

from prospectus.domain.expression import Expression, GpaIs
from prospectus.domain.meaning.matching import Tri, all_of, find, matches
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.meaning.sizes import (
    Held,
    amount,
    bound_of,
    is_eligible,
    is_met,
    is_within,
    plain,
)
from prospectus.domain.plan import Allocation
from prospectus.domain.record import AttemptStatus
from prospectus.domain.requirement import (
    All,
    Any,
    Bound,
    Fill,
    Gpa,
    Measure,
    Milestone,
    Node,
    Over,
)

MAX_SELECTIONS = 200
"""How many combinations of an `any` are tried where no witness says which one."""

Ask = Callable[[Expression], Tri]
Holds = dict[str, list[Held]]


def node_done(
    node_id: str,
    finished: tuple[Use, ...],
    setting: Setting,
    allocations: tuple[Allocation, ...],
    ask: Ask,
    before: dt.date,
) -> Tri:
    """Return whether a node is met in a pool of its own by what is finished."""
    root = find(setting.resolved.tree, node_id)
    if root is None:
        return None
    # graded first, so that no grade is assumed where none has to be
    finished = tuple(sorted(finished, key=lambda use: setting.seniority(use.attempt)))
    met = _Met(root, finished, setting, ask, before)
    by_id = {use.id: use for use in finished}
    answers: list[Tri] = []
    for given in allocations:
        placed = [p.attempt for p in given.placements]
        if given.node != node_id or len(set(placed)) < len(placed) or set(placed) - set(by_id):
            continue
        held: Holds = {}
        for place in given.placements:
            item = Held(use=by_id[place.attempt], area=place.area, part=place.part)
            held.setdefault(place.leaf, []).append(item)
        answers.append(met.tree(root, held, None))
        if answers[-1] is True:
            return True
    for leaves in islice(_selections(root), MAX_SELECTIONS):
        with setting.quietly():
            found = _allocate(leaves, finished, setting)
        answers.append(met.tree(root, found, None))
        if answers[-1] is True:
            return True
    return None if None in answers else False


class _Met:
    """Judges an allocation of one tree."""

    def __init__(
        self, root: Node, finished: tuple[Use, ...], setting: Setting, ask: Ask, before: dt.date
    ) -> None:
        self.root = root
        self.finished = finished
        self.setting = setting
        self.ask = ask
        self.before = before

    def tree(self, node: Node, held: Holds, total: Fraction | None) -> Tri:
        """Return whether a node is met; `total` is what the rest of the enclosing total asks."""
        if self.setting.is_excepted(node.header.id):
            return True
        match node:
            case Fill():
                return self._leaf(node, held, total)
            case All():
                return self._all(node, held, total)
            case Any():
                answers = [self.tree(child, held, total) for child in node.children]  # type: ignore[arg-type]
                if sum(answer is True for answer in answers) >= node.n:
                    return True
                return None if sum(answer is not False for answer in answers) >= node.n else False
            case Measure():
                items = self._held_in(held, node.within)
                have = amount(node, items, self.setting)
                most = bound_of(node, total or Fraction(0))
                return have <= most if node.bound is Bound.AT_MOST else have >= most
            case Gpa():
                items = self._held_in(held, node.within)
                uses = self.finished if node.over is Over.ATTEMPTED else [h.use for h in items]
                return mean_reaches(GpaIs(at_least=node.at_least, of=node.of), uses, self.setting)
            case Milestone():
                return self._milestone(node)

    def _leaf(self, leaf: Fill, held: Holds, total: Fraction | None) -> Tri:
        mine = held.get(leaf.header.id, [])
        if not all(is_eligible(leaf, item.use, self.setting) is True for item in mine):
            return False
        if leaf.rest:
            # its total says whether it is enough, but for a least of its own
            least = Fraction(0) if leaf.rest_within is None else leaf.rest_within.low
            credits = sum((item.credits for item in mine), Fraction(0))
            return total is not None and credits >= least
        return is_met(leaf, mine, None, self.setting)

    def _all(self, node: All, held: Holds, total: Fraction | None) -> Tri:
        enough = True
        if node.total is not None:
            items = self._held_in(held, (node.header.id,))
            if node.total.credits is not None:
                total = plain(node.total.credits).low
                enough = sum((item.credits for item in items), Fraction(0)) >= total
            if node.total.courses is not None:
                count = sum(1 for item in items if not item.use.is_waiver)
                enough = enough and count >= plain(node.total.courses).low
        children = [self.tree(child, held, total) for child in node.children]  # type: ignore[arg-type]
        return all_of([enough, *children])

    def _held_in(self, held: Holds, within: tuple[str, ...]) -> list[Held]:
        roots = [find(self.root, node) for node in within] if within else [self.root]
        names = {leaf.header.id for root in roots if root is not None for leaf in _leaves(root)}
        return [item for name, items in held.items() if name in names for item in items]

    def _milestone(self, node: Milestone) -> Tri:
        """Return whether a milestone is passed; one that may come in time is not yet known."""
        results = [r for r in self.setting.record.milestones if r.milestone == node.header.id]
        passed = [r for r in results if r.status is AttemptStatus.PASSED]
        if passed:
            return any(result.on is None or result.on <= self.before for result in passed)
        if node.needs is not None and self.ask(node.needs) is False:
            return False
        failures = sum(result.status is AttemptStatus.FAILED for result in results)
        return False if failures >= (node.attempts or failures + 1) else None


def _leaves(root: Node) -> Iterator[Fill]:
    if isinstance(root, Fill):
        yield root
    elif isinstance(root, All | Any):
        for child in root.children:
            yield from _leaves(child)  # type: ignore[arg-type]


def _selections(node: Node) -> Iterator[list[Fill]]:
    """Yield the leaves that stand under each choice of children."""
    match node:
        case Fill():
            yield [node]
        case All():
            for parts in product(*(list(_selections(c)) for c in node.children)):  # type: ignore[arg-type]
                yield [leaf for part in parts for leaf in part]
        case Any():
            for chosen in combinations(node.children, node.n):
                for parts in product(*(list(_selections(c)) for c in chosen)):  # type: ignore[arg-type]
                    yield [leaf for part in parts for leaf in part]
        case _:
            yield []


def _allocate(leaves: list[Fill], finished: tuple[Use, ...], setting: Setting) -> Holds:
    """Return an allocation that is plain to find.

    Leaves counted in courses alone share by matching, which is exact. Any other leaf takes, in
    file order, what it needs of what is left, first what no other leaf could hold: where such
    leaves compete, another allocation may exist, which then the witness has to name.
    """
    fits: dict[str, list[Use]] = {
        leaf.header.id: [u for u in finished if is_eligible(leaf, u, setting) is True]
        for leaf in leaves
    }
    wanted = {
        use.id: sum(use in fits[leaf.header.id] for leaf in leaves if not leaf.rest)
        for use in finished
    }
    held: Holds = {}
    taken: set[str] = set()
    for leaf in leaves:
        if leaf.rest or _is_counted(leaf):
            continue
        free = [use for use in fits[leaf.header.id] if use.id not in taken]
        mine = _enough(leaf, sorted(free, key=lambda use: wanted[use.id]), setting)
        held[leaf.header.id] = mine
        taken |= {item.use.id for item in mine}
    counted = {str(x.header.id): x for x in leaves if not x.rest and _is_counted(x)}
    left = [use for use in finished if use.id not in taken]
    slots = [name for name, x in counted.items() for _ in range(int(plain(x.courses).low))]
    for name, use in _matched(slots, left, fits):
        held.setdefault(name, []).append(Held(use=use))
        taken.add(use.id)
    for leaf in leaves:
        if leaf.rest:
            mine = []
            for use in fits[leaf.header.id]:
                more = [*mine, Held(use=use)]
                if use.id not in taken and is_within(leaf, more, setting):
                    mine = more
            held[leaf.header.id] = mine
            taken |= {item.use.id for item in mine}
    return held


def _is_counted(leaf: Fill) -> bool:
    return leaf.courses is not None and not (leaf.credits or leaf.with_ or leaf.areas)


def _enough(leaf: Fill, free: list[Use], setting: Setting) -> list[Held]:
    """Return uses that meet a leaf, as few as taking one away after the other leaves."""
    if leaf.areas is not None:
        return _by_area(leaf, free, setting)
    mine = [Held(use=use) for use in free]
    for item in reversed(tuple(mine)):
        fewer = [other for other in mine if other is not item]
        if is_met(leaf, fewer, None, setting):
            mine = fewer
    return mine


def _by_area(leaf: Fill, free: list[Use], setting: Setting) -> list[Held]:
    """Return uses with the area that each serves, so that the shape is reached, if any do."""
    assert leaf.areas is not None
    served = {
        name: [use for use in free if matches(selector, use, setting) is True]
        for name, selector in leaf.areas.areas
    }
    for order in permutations(served, len(leaf.areas.shape)):
        if leaf.areas.in_credits:
            found = _areas_by_credits(leaf.areas.shape, order, served)
        else:
            slots = [n for n, k in zip(order, leaf.areas.shape, strict=True) for _ in range(int(k))]
            found = [Held(use=u, area=n) for n, u in _matched(slots, free, served)]
        used = {item.use.id for item in found}
        found += [Held(use=use) for use in free if use.id not in used]
        if is_met(leaf, found, None, setting):
            return found
    return []


def _areas_by_credits(
    shape: tuple[Fraction, ...], order: tuple[str, ...], served: dict[str, list[Use]]
) -> list[Held]:
    found: list[Held] = []
    for name, asked in zip(order, shape, strict=True):
        have = Fraction(0)
        for use in served[name]:
            if have < asked and all(item.use.id != use.id for item in found):
                found.append(Held(use=use, area=name))
                have += use.credits
    return found


def _matched(
    slots: list[str], free: list[Use], fits: dict[str, list[Use]]
) -> list[tuple[str, Use]]:
    """Return a largest matching of slots (by name) and uses, by augmenting paths."""
    taken: dict[int, int] = {}

    def augment(slot: int, seen: set[int]) -> bool:
        for index, use in enumerate(free):
            if index in seen or use not in fits[slots[slot]]:
                continue
            seen.add(index)
            if index not in taken or augment(taken[index], seen):
                taken[index] = slot
                return True
        return False

    for slot in range(len(slots)):
        augment(slot, set())
    return [(slots[slot], free[index]) for index, slot in sorted(taken.items())]


def mean_reaches(item: GpaIs, uses: list[Use] | tuple[Use, ...], setting: Setting) -> Tri:
    """Return whether the mean reaches a value with planned grades.

    None with nothing to average, and where only better grades than planned would reach it.
    """
    chosen = [use for use in uses if item.of is None or matches(item.of, use, setting) is True]
    mean = setting.mean((use, setting.planned_grade(use.attempt)) for use in chosen)
    if mean is None:
        return None
    if setting.reaches(mean, item.at_least):
        return True
    best = setting.resolved.scale.grades[0].name
    most = setting.mean((use, best if use.attempt.is_open else use.attempt.grade) for use in chosen)
    return None if most is not None and setting.reaches(most, item.at_least) else False
