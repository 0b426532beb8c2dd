"""What the leaves hold under a witness, and why a witness may not be one that the rules allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from prospectus.domain.meaning.matching import Tri, leaves_below, matches
from prospectus.domain.meaning.setting import Setting, Use, total_of
from prospectus.domain.meaning.sharing import check_sharing
from prospectus.domain.meaning.sizes import (
    Held,
    amount,
    bound_of,
    is_eligible,
    is_met,
    is_within,
    plain,
    takes_parts,
)
from prospectus.domain.meaning.uses import last_day, lost_by_buying, repeats_too_many
from prospectus.domain.plan import Breach, Witness
from prospectus.domain.record import AuditException, ExceptionKind
from prospectus.domain.requirement import (
    All,
    Any,
    Bound,
    Fill,
    Measure,
    Node,
    NodeId,
    Over,
)


@dataclass(slots=True)
class Holding:
    """The active tree with what each leaf holds, and the faults found on the way.

    `parent` maps each active node to the node above it; `uncertain` names leaves that hold a use
    whose membership is not known (open membership, unknown attributes).
    """

    setting: Setting
    witness: Witness
    uses: dict[str, Use]
    active: dict[NodeId, Node] = field(default_factory=dict)
    parent: dict[NodeId, NodeId] = field(default_factory=dict)
    held: dict[NodeId, list[Held]] = field(default_factory=lambda: defaultdict(list))
    uncertain: set[NodeId] = field(default_factory=set)
    faults: list[Breach] = field(default_factory=list)
    # nothing is put into a leaf once it was asked what is applied, or what free electives ask
    _asked: dict[NodeId, Fraction] = field(default_factory=dict)
    _applied: dict[tuple[tuple[NodeId, ...], NodeId | None], list[Held]] = field(
        default_factory=dict
    )

    def leaves(self) -> Iterator[Fill]:
        """Return the active leaves in file order."""
        return iter([node for node in self.active.values() if isinstance(node, Fill)])

    def counts(self, leaf: Fill) -> bool:
        """Return whether the leaf's pool counts in the total."""
        return self.setting.resolved.pool_counts.get(leaf.pool or "", True)

    def is_below(self, node: NodeId, ancestor: NodeId) -> bool:
        """Return whether a node is the ancestor or stands below it."""
        here: NodeId | None = node
        while here is not None:
            if here == ancestor:
                return True
            here = self.parent.get(here)
        return False

    def applied(self, within: tuple[NodeId, ...] = (), below: NodeId | None = None) -> list[Held]:
        """Return what counting leaves hold, each use once; or what the named nodes hold.

        A use that is split is summed over its parts.
        """
        known = self._applied.get((within, below))
        if known is None:
            known = self._applied[within, below] = self._now_applied(within, below)
        return list(known)

    def _now_applied(self, within: tuple[NodeId, ...], below: NodeId | None) -> list[Held]:
        parts: dict[str, list[Held]] = defaultdict(list)
        for leaf in self.leaves():
            if within:
                if not any(self.is_below(leaf.header.id, node) for node in within):
                    continue
            elif not self.counts(leaf):
                continue
            if below is not None and not self.is_below(leaf.header.id, below):
                continue
            for item in self.held[leaf.header.id]:
                parts[item.use.id].append(item)
        return [_merge(items) for items in parts.values()]

    def total_of(self, node: NodeId) -> tuple[NodeId, Fraction | None]:
        """Return the innermost node with a total that encloses a node, and its credits."""
        here: NodeId | None = node
        while here is not None:
            candidate = self.active[here]
            if isinstance(candidate, All) and candidate.total is not None:
                if candidate.total.credits is None:
                    return here, None
                asked = plain(candidate.total.credits).low
                if candidate.total.less_waived:
                    asked -= self._waived(here)
                return here, max(asked, Fraction(0))
            here = self.parent.get(here)
        root = self.setting.resolved.tree.header.id
        return root, None

    def _waived(self, node: NodeId) -> Fraction:
        """Return the credits of waived courses that counting leaves below a node would take."""
        below = leaves_below(self.setting.resolved.tree, node)
        counting = [leaf for leaf in below if self.counts(leaf)]
        waived = (
            use.course
            for use in self.uses.values()
            if use.is_waiver and any(admits(leaf, use, self.setting) is True for leaf in counting)
        )
        return sum((course.credits_low for course in waived if course), Fraction(0))

    def rest_asks(self, leaf: Fill) -> Fraction:
        """Return the credits that a `rest` leaf asks: the total minus what others hold below it.

        Never less than its own least.
        """
        known = self._asked.get(leaf.header.id)
        if known is None:
            known = self._asked[leaf.header.id] = self._now_asked(leaf)
        return known

    def _now_asked(self, leaf: Fill) -> Fraction:
        least = Fraction(0) if leaf.rest_within is None else leaf.rest_within.low
        node, total = self.total_of(leaf.header.id)
        if total is None:
            return least
        others: dict[str, list[Held]] = defaultdict(list)
        for other in self.leaves():
            if other.header.id == leaf.header.id or not self.counts(other):
                continue
            if self.is_below(other.header.id, node):
                for item in self.held[other.header.id]:
                    others[item.use.id].append(item)
        merged = (_merge(items) for items in others.values())
        return max(least, total - total_of([item.credits for item in merged]))

    def fault(self, rule: str, text: str, *attempts: str) -> None:
        """Note why the witness is not valid."""
        self.faults.append(Breach(rule=rule, text=text, attempts=attempts))


def _merge(items: list[Held]) -> Held:
    if len(items) == 1 and items[0].part is None and not items[0].area:
        return items[0]
    if any(item.part is None for item in items):
        return Held(use=items[0].use)
    total = total_of([item.credits for item in items])
    return Held(use=items[0].use, part=min(total, items[0].use.credits))


def hold(setting: Setting, witness: Witness, found: tuple[Use, ...]) -> Holding:
    """Return what the leaves hold under the witness, with every fault of the witness."""
    holding = Holding(setting=setting, witness=witness, uses={use.id: use for use in found})
    _activate(holding, setting.resolved.tree, dict(witness.choices))
    _place(holding)
    _check_bought(holding)
    _check_leaves(holding)
    check_sharing(holding)
    _check_caps(holding)
    _check_conferral(holding)
    return holding


def _check_conferral(holding: Holding) -> None:
    """Check that the degree is not conferred before what counts in it has ended."""
    day = holding.witness.conferral
    for item in holding.applied() if day is not None else ():
        attempt = item.use.attempt
        if not item.use.hypothetical and day is not None and holding.setting.end(attempt) > day:
            holding.fault("witness", f"{attempt.course} ends after conferral", attempt.id)


def _activate(holding: Holding, root: Node, choices: dict[NodeId, tuple[NodeId, ...]]) -> None:
    stack: list[tuple[Node, NodeId | None]] = [(root, None)]
    while stack:
        node, above = stack.pop()
        holding.active[node.header.id] = node
        if above is not None:
            holding.parent[node.header.id] = above
        children: tuple[Node, ...] = ()
        if isinstance(node, All):
            children = node.children  # type: ignore[assignment]
        elif isinstance(node, Any):
            chosen = choices.get(node.header.id, ())
            children = tuple(c for c in node.children if c.header.id in chosen)  # type: ignore[union-attr,misc]
            if len(set(chosen)) != node.n or len(children) != node.n:
                holding.fault(
                    node.header.id, f"{len(children)} of its children are chosen, {node.n} asked"
                )
        stack.extend((child, node.header.id) for child in reversed(children))


def admits(leaf: Fill, use: Use, setting: Setting) -> Tri:
    """Return whether a leaf may hold a use, approved substitutions and insertions included.

    Met is original or excepted; a substitution granted for a node holds in every leaf below it.
    """
    if not setting.record.exceptions:
        # what a leaf refuses is not relied on to reach a grade
        before = setting.assumed_grades
        setting.assumed_grades = set(before)
        original = is_eligible(leaf, use, setting)
        if original is False:
            setting.assumed_grades = before
        return original
    with setting.quietly() as noted:
        original = is_eligible(leaf, use, setting)
        grades = noted()
    if original is True or not any(
        _admits(e, leaf, use, setting) for e in setting.record.exceptions
    ):
        setting.assumed_grades |= grades if original is not False else frozenset()
        return original
    return True


def _admits(given: AuditException, leaf: Fill, use: Use, setting: Setting) -> bool:
    if given.course is None or given.course not in use.names:
        return False
    if given.kind is ExceptionKind.INSERT:
        return given.node == leaf.header.id
    return given.kind is ExceptionKind.SUBSTITUTE and _stands_for(given, leaf, setting)


def _stands_for(given: AuditException, leaf: Fill, setting: Setting) -> bool:
    """Return whether a substitution reaches a leaf that would take the course replaced."""
    replaced = given.replaces
    below = leaves_below(setting.resolved.tree, given.node)
    if replaced not in setting.resolved.courses or all(
        leaf.header.id != other.header.id for other in below
    ):
        return False
    assert replaced is not None
    with setting.quietly():
        return is_eligible(leaf, setting.hypothetical(replaced), setting) is True


def _place(holding: Holding) -> None:
    """Put each placement and completion into its leaf, noting what cannot stand there."""
    setting, witness = holding.setting, holding.witness
    placed = [(p.attempt, p.leaf, p.area, p.part) for p in witness.placements]
    taken = {setting.identity(use.attempt) for use in holding.uses.values()}
    for item in witness.completion:
        if item.course not in setting.resolved.courses:
            holding.fault(item.leaf, f"{item.course} is not in the catalogue", item.course)
            continue
        use = setting.hypothetical(item.course, item.credits)
        course = setting.resolved.courses[item.course]
        if not course.credits_low <= use.credits <= course.credits_high:
            holding.fault(item.leaf, f"{item.course} is not offered for {use.credits}", item.course)
        if holding.uses.setdefault(use.id, use).credits != use.credits:
            text = f"{item.course} is taken with two numbers of credits"
            holding.fault(item.leaf, text, item.course)
        # what another course on record merely stands for may still be taken itself
        if not _is_repeatable(use) and setting.identity(use.attempt) in taken:
            holding.fault(item.leaf, f"{item.course} is on the record already", item.course)
        placed.append((use.id, item.leaf, item.area, None))
    if len({(attempt, leaf) for attempt, leaf, _, _ in placed}) != len(placed):
        holding.fault("witness", "a use is placed twice in one leaf")
    for attempt, leaf_id, area, part in placed:
        leaf = holding.active.get(leaf_id)
        if not isinstance(leaf, Fill):
            holding.fault(leaf_id, "uses are placed in it, but it is no active leaf", attempt)
            continue
        if attempt not in holding.uses:
            holding.fault(leaf_id, f"{attempt} earns no credit on this record", attempt)
            continue
        use = holding.uses[attempt]
        allowed = admits(leaf, use, setting)
        if allowed is False:
            holding.fault(leaf_id, f"{use.attempt.course} does not fit it", attempt)
        elif allowed is None:
            holding.uncertain.add(leaf_id)
        if part is not None and not (takes_parts(leaf) and _may_split(use, part)):
            holding.fault(leaf_id, f"{use.attempt.course} counts whole or not at all", attempt)
        if area and not _serves(leaf, area, use, setting):
            holding.fault(leaf_id, f"{use.attempt.course} does not serve area {area}", attempt)
        holding.held[leaf_id].append(Held(use=use, area=area, part=part))
    split: dict[str, list[Fraction]] = defaultdict(list)
    for held in (one for items in holding.held.values() for one in items):
        if held.part is not None:
            split[held.use.id].append(held.part)
    for use_id, use in holding.uses.items():
        if use_id in split and total_of(split[use_id]) > use.credits:
            holding.fault("witness", f"{use.attempt.course} is split into too much", use_id)


def _check_bought(holding: Holding) -> None:
    """Check that no course is bought twice, nor too many again, nor one that takes credit away."""
    setting = holding.setting
    bought = [use for use in holding.uses.values() if use.hypothetical]
    names = {use.id: setting.identity(use.attempt) for use in bought}
    for one, other in combinations(bought, 2):
        is_repeated = _is_repeatable(one) and _is_repeatable(other)
        if not is_repeated and names[one.id] == names[other.id]:
            text = f"{one.attempt.course} and {other.attempt.course} are one course"
            holding.fault("witness", text, one.id, other.id)
    for name in sorted(repeats_too_many(setting, bought)):
        code = holding.uses[name].attempt.course
        holding.fault("witness", f"{code} is one repeat more than there may be in all", name)
    day = holding.witness.conferral or last_day(setting)
    for name in sorted(lost_by_buying(setting, bought, day)):
        what = holding.uses[name].attempt.course if name in holding.uses else name
        holding.fault("witness", f"an exclusion takes the credit of {what}", name)


def _is_repeatable(use: Use) -> bool:
    return use.course is not None and use.course.repeatable is not None


def _may_split(use: Use, part: Fraction) -> bool:
    course = use.course
    if course is None or not (course.split or course.credits_low != course.credits_high):
        return False
    return 0 < part <= use.credits


def _serves(leaf: Fill, area: str, use: Use, setting: Setting) -> bool:
    if leaf.areas is None:
        return False
    selector = dict(leaf.areas.areas).get(area)
    return selector is not None and matches(selector, use, setting) is True


def _check_leaves(holding: Holding) -> None:
    """Check each leaf's mosts, and that nothing could be taken away from one that is met."""
    for leaf in holding.leaves():
        mine = holding.held[leaf.header.id]
        if not is_within(leaf, mine, holding.setting):
            holding.fault(leaf.header.id, "it holds more than it may")
        asked = holding.rest_asks(leaf) if leaf.rest else None
        if not is_met(leaf, mine, asked, holding.setting):
            continue
        for index, item in enumerate(mine):
            fewer = mine[:index] + mine[index + 1 :]
            if is_met(leaf, fewer, asked, holding.setting):
                holding.fault(
                    leaf.header.id, f"it is met without {item.use.attempt.course}", item.use.id
                )


def active_measures(holding: Holding) -> Iterator[tuple[Measure, NodeId]]:
    """Yield the measures that bind, with the node from which their total is taken."""
    for node in holding.active.values():
        if isinstance(node, Measure):
            yield node, holding.parent.get(node.header.id, node.header.id)
    root = holding.setting.resolved.tree.header.id
    for rule in holding.setting.resolved.rules:
        if isinstance(rule, Measure):
            yield rule, root


def _check_caps(holding: Holding) -> None:
    """Check what is applied against each `at_most`, and each total's most."""
    for measure, above in active_measures(holding):
        if measure.bound is not Bound.AT_MOST or measure.over is not Over.APPLIED:
            continue
        if holding.setting.is_excepted(measure.header.id):
            continue
        _, total = holding.total_of(above)
        have = amount(measure, holding.applied(measure.within), holding.setting)
        most = bound_of(measure, total or Fraction(0))
        if have > most:
            holding.fault(measure.header.id, f"{have} where at most {most} may count")
    for node in holding.active.values():
        if not isinstance(node, All) or node.total is None:
            continue
        items = holding.applied(below=node.header.id)
        for size, have in (
            (node.total.credits, total_of([i.credits for i in items])),
            (node.total.courses, Fraction(len([i for i in items if not i.use.is_waiver]))),
        ):
            high = None if size is None else plain(size).high
            if high is not None and have > high:
                holding.fault(node.header.id, f"the total is {have}, at most {high}")
