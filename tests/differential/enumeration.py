"""The oracle: every schedule and every witness, judged by the definition. Uses no engine code."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import (
    Attribute,
    Both,
    Except,
    Has,
    NodeDone,
    Selector,
    Union,
)
from prospectus.domain.meaning import appraise, judge, uses
from prospectus.domain.meaning.holding import admits, hold
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.meaning.sizes import Held, is_met, is_within
from prospectus.domain.meaning.trees_done import _Met
from prospectus.domain.offering import OfferingKind
from prospectus.domain.plan import (
    Allocation,
    Appraisal,
    Placement,
    Plan,
    Standing,
    Verdict,
    Witness,
)
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record
from prospectus.domain.requirement import All, Any, Fill, Measure, Node, NodeId
from prospectus.domain.rule import Exclude, Gate, Overlap, Position, WhichAttempt
from prospectus.domain.student import Student


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The best plan there is: its values, level by level, and one plan that has them."""

    values: tuple[int | Fraction, ...]
    plan: Plan
    n_schedules: int


def joined(record: Record, attempts: tuple[Attempt, ...]) -> Record:
    """Return the record with planned attempts added."""
    return replace(record, attempts=record.attempts + attempts)


def objective(
    resolved: Resolved, student: Student, seen: Appraisal, attempts: tuple[Attempt, ...]
) -> tuple[int | Fraction, ...]:
    """Return the levels in the person's order, then credits, then code order, then starts."""
    ranks = {code: rank for rank, code in enumerate(sorted(resolved.courses))}
    starts = [resolved.calendar.leaf_index(a.periods[0]) or 0 for a in attempts]
    return (
        *(seen.value(level.value) or 0 for level in student.wishes.levels),
        seen.credits,
        sum(ranks[a.course] for a in attempts),
        sum(starts),
    )


def schedules(
    resolved: Resolved, student: Student, record: Record
) -> Iterator[tuple[Attempt, ...]]:
    """Yield every set of planned attempts: each course in no run or in one of its runs.

    What the record holds a try of is taken again only where the new try can earn something: not
    where the one on record stands (no rule for repeats, or the best or the first counts), where
    the course is waived, or where the programme allows no more tries. A try that earns nothing
    could only fill loads or meet a requisite (docs/planner-limits.md). Nothing is planned that
    an exclusion takes credit for, or from something else.
    """
    bare = replace(resolved, rules=())
    alone = _without_condition(bare)
    options: list[list[Attempt | None]] = []
    first = max(student.plan_from, student.matriculation)
    last = student.wishes.deadline
    assert last is not None, "enumeration needs a deadline"
    tried = {a.course for a in record.attempts}
    waived = {a.course for a in record.attempts if a.source is CreditSource.WAIVER}
    for code, course in resolved.courses.items():
        if code in waived:
            continue
        mine: list[Attempt | None] = [None]
        for run in resolved.runs_of(code):
            leaves = [resolved.calendar.leaves[i] for i in run.leaves]
            share = student.wishes.min_offering_share
            if run.kind is OfferingKind.LIKELY and (run.share or 0) < share:
                continue
            if leaves[0].start < first or leaves[-1].end > last:
                continue
            credits = course.credits_low
            while credits <= course.credits_high:
                attempt = Attempt(
                    id=f"plan:{code}",
                    course=code,
                    credits=credits,
                    status=AttemptStatus.PLANNED,
                    periods=tuple(leaf.id for leaf in leaves),
                )
                is_free = code not in tried or not course.counts_credit
                whole = joined(record, (attempt,))
                if is_free or (_earns(alone, whole, attempt) and _may_stand(alone, record, whole)):
                    mine.append(attempt)
                credits += 1
        options.append(mine)
    repeats = resolved.program.record_rules.repeats
    is_capped = repeats is not None and (
        repeats.at_most_in_all is not None or repeats.allowed is not None
    )
    for chosen in itertools.product(*options):
        planned = tuple(attempt for attempt in chosen if attempt is not None)
        if is_capped and not _all_earn(bare, joined(record, planned), planned, tried):
            continue
        if any(isinstance(rule, Exclude) for rule in resolved.rules) and _gives_up_credit(
            resolved, record, planned
        ):
            continue
        yield planned


def _may_stand(resolved: Resolved, record: Record, whole: Record) -> bool:
    """Return whether what is planned takes the place of nothing on record, or may by the rule."""
    repeats = resolved.program.record_rules.repeats
    if repeats is not None and repeats.use is WhichAttempt.NEWEST:
        return True
    before = {use.id for use in uses(Setting(resolved, record, dt.date.min))}
    return before <= {use.id for use in uses(Setting(resolved, whole, dt.date.min))}


def _without_condition(resolved: Resolved) -> Resolved:
    """Return the rules without the condition on repeats: what it asks may be planned as well."""
    rules = resolved.program.record_rules
    if rules.repeats is None:
        return resolved
    free = replace(rules, repeats=replace(rules.repeats, allowed=None))
    return replace(resolved, program=replace(resolved.program, record_rules=free))


def _gives_up_credit(resolved: Resolved, record: Record, planned: tuple[Attempt, ...]) -> bool:
    """Return whether an exclusion takes credit because of what is planned; a waiver may give way.

    No plan is looked for that does so on purpose (docs/planner-limits.md).
    """
    whole = joined(record, planned)
    bare = replace(resolved, rules=())
    able = {u.id for u in uses(Setting(bare, whole, dt.date.min)) if not u.is_waiver}
    lost = able - {u.id for u in uses(Setting(resolved, whole, dt.date.min))}
    before = {u.id for u in uses(Setting(bare, record, dt.date.min))}
    return bool(lost - (before - {u.id for u in uses(Setting(resolved, record, dt.date.min))}))


def _all_earn(
    resolved: Resolved, record: Record, planned: tuple[Attempt, ...], tried: set[CourseCode]
) -> bool:
    """Return whether every planned try at a course on record still counts beside the others."""
    found = {use.id for use in uses(Setting(resolved, record, dt.date.min))}
    again = (attempt for attempt in planned if attempt.course in tried)
    return all(a.id in found or not resolved.courses[a.course].counts_credit for a in again)


def _earns(resolved: Resolved, record: Record, attempt: Attempt) -> bool:
    found = uses(Setting(resolved, record, dt.date.min))
    return attempt.id in {use.id for use in found}


def enumerate_plans(
    resolved: Resolved, student: Student, record: Record, today: dt.date
) -> Best | None:
    """Return the best plan of all, None when no schedule and witness is legal."""
    ranked: list[tuple[tuple[int | Fraction, ...], tuple[Attempt, ...]]] = []
    for attempts in schedules(resolved, student, record):
        seen = appraise(resolved, student, joined(record, attempts), Witness(), today)
        if not seen.wishes_broken:
            ranked.append((objective(resolved, student, seen, attempts), attempts))
    ranked.sort(key=lambda item: item[0])
    known: dict[tuple[object, ...], list[Witness]] = {}
    for values, attempts in ranked:
        whole = joined(record, attempts)
        if not may_hold(resolved, whole, today):
            continue
        key = held_by(resolved, attempts)
        if key not in known:
            known[key] = list(witnesses(resolved, student, whole, today))
        for witness in known[key]:
            if is_plan(resolved, whole, witness, today):
                plan = Plan(attempts=attempts, witness=witness)
                return Best(values=values, plan=plan, n_schedules=len(ranked))
    return None


def held_by(resolved: Resolved, attempts: tuple[Attempt, ...]) -> tuple[object, ...]:
    """Return what the witnesses of a schedule hang on: periods only where a leaf looks at them."""
    inside = [m for n in nodes(resolved.tree) if isinstance(n, Fill) for m in n.with_]
    if any({m.distinct, m.per} & {"season", "period"} or _looks_at_runs(m.of) for m in inside):
        return tuple((a.course, a.credits, a.periods) for a in attempts)
    return tuple((a.course, a.credits) for a in attempts)


def _looks_at_runs(selector: Selector) -> bool:
    match selector:
        case Has():
            return selector.attribute in (Attribute.SEASON, Attribute.PERIOD)
        case Except():
            return _looks_at_runs(selector.of) or _looks_at_runs(selector.without)
        case Union() | Both():
            return any(_looks_at_runs(item) for item in selector.items)
        case _:
            return False


def is_complete(resolved: Resolved, verdict: Verdict) -> bool:
    """Return whether nothing is unmet, and no measure hangs on an attribute that nobody knows.

    Means, milestones and approvals may be pending: a plan cannot settle them.
    """
    measures = {node.header.id for node in nodes(resolved.tree) if isinstance(node, Measure)}
    measures |= {rule.header.id for rule in resolved.rules if isinstance(rule, Measure)}
    unsettled = any(
        seen.node in measures and seen.standing is Standing.PENDING for seen in verdict.nodes
    )
    return verdict.degree >= Standing.PENDING and not unsettled


def is_plan(resolved: Resolved, record: Record, witness: Witness, today: dt.date) -> bool:
    """Return whether the record, planned attempts in it, completes the degree legally."""
    verdict = judge(resolved, record, witness, today)
    return verdict.is_legal and is_complete(resolved, verdict)


def may_hold(resolved: Resolved, record: Record, today: dt.date) -> bool:
    """Return False where an order rule is broken whatever the witness.

    Positions and deadlines may speak of what nodes hold, which only a witness says.
    """
    gates = [rule for rule in resolved.rules if isinstance(rule, Gate)]
    if any(isinstance(rule, Position) for rule in resolved.rules) or any(
        (isinstance(gate.needs, NodeDone) and _is_staged(resolved, gate.needs.node))
        or (gate.by is not None and gate.by.node is not None)
        for gate in gates
    ):
        return True
    return not judge(resolved, record, Witness(), today).breaches


def _is_staged(resolved: Resolved, node_id: str) -> bool:
    """Return whether a node that a condition names is more than a leaf."""
    plain = not resolved.school.equivalents
    return any(
        n.header.id == node_id and not (plain and isinstance(n, Fill)) for n in nodes(resolved.tree)
    )


def witnesses(
    resolved: Resolved, student: Student, record: Record, today: dt.date
) -> Iterator[Witness]:
    """Yield every witness under which each active leaf is met."""
    setting = Setting(resolved, record, today)
    found = uses(setting)
    ways = allocations(setting, found)
    for choices in _choices(resolved.tree, dict(student.choices)):
        active = hold(setting, Witness(choices=choices), found)
        leaves = [leaf for leaf in active.leaves() if not leaf.rest]
        rests = [leaf for leaf in active.leaves() if leaf.rest]
        strict = not any(isinstance(rule, Overlap) for rule in resolved.rules)
        for placements in _fill(setting, found, leaves, strict):
            base = Witness(choices=choices, placements=placements, allocations=ways)
            if not rests:
                if not hold(setting, base, found).faults:
                    yield base
                continue
            yield from _with_rests(setting, found, base, rests)


def allocations(setting: Setting, found: tuple[Use, ...]) -> tuple[Allocation, ...]:
    """Return every smallest way to meet a node that a gate asks for and that is no plain leaf."""
    asked = {
        rule.needs.node
        for rule in setting.resolved.rules
        if isinstance(rule, Gate) and isinstance(rule.needs, NodeDone)
    }
    roots = [node for node in nodes(setting.resolved.tree) if node.header.id in asked]
    return tuple(
        way
        for root in roots
        if isinstance(root, All | Any) or setting.composites
        for way in _ways(root, setting, found)
    )


def _ways(root: Node, setting: Setting, found: tuple[Use, ...]) -> Iterator[Allocation]:
    leaves = [node for node in nodes(root) if isinstance(node, Fill)]
    met = _Met(root, found, setting, lambda _: None, dt.date.max)
    enough: list[frozenset[str]] = []
    for size in range(len(found) + 1):
        for chosen in itertools.combinations(found, size):
            mine = frozenset(use.id for use in chosen)
            if any(smaller < mine for smaller in enough):
                continue
            for named in itertools.product(leaves, repeat=size):
                held: dict[str, list[Held]] = {}
                for use, leaf in zip(chosen, named, strict=True):
                    held.setdefault(leaf.header.id, []).append(Held(use=use))
                if met.tree(root, held, None) is not False:
                    enough.append(mine)
                    places = zip(chosen, named, strict=True)
                    yield Allocation(
                        node=root.header.id,
                        placements=tuple(
                            Placement(attempt=use.id, leaf=leaf.header.id) for use, leaf in places
                        ),
                    )


def _choices(
    root: Node, declared: dict[str, str]
) -> Iterator[tuple[tuple[NodeId, tuple[NodeId, ...]], ...]]:
    """Yield the children chosen at every active `any`."""
    if isinstance(root, All):
        parts = [list(_choices(child, declared)) for child in root.children]  # type: ignore[arg-type]
        for combined in itertools.product(*parts):
            yield tuple(choice for part in combined for choice in part)
    elif isinstance(root, Any):
        for picked in itertools.combinations(root.children, root.n):
            ids = tuple(child.header.id for child in picked)  # type: ignore[union-attr]
            wanted = declared.get(root.header.id)
            if wanted is not None and wanted not in ids:
                continue
            parts = [list(_choices(child, declared)) for child in picked]  # type: ignore[arg-type]
            for combined in itertools.product(*parts):
                below = tuple(choice for part in combined for choice in part)
                yield ((root.header.id, ids), *below)
    else:
        yield ()


def _fill(
    setting: Setting, found: tuple[Use, ...], leaves: list[Fill], strict: bool
) -> Iterator[tuple[Placement, ...]]:
    """Yield every way to meet the leaves, each by a set from which nothing can be taken away."""
    if not leaves:
        yield ()
        return
    leaf, others = leaves[0], leaves[1:]
    for mine in _minimal_sets(setting, found, leaf, None):
        taken = {item.use.id for item in mine}
        for rest in _fill(setting, found, others, strict):
            pools = {other.header.id: other.pool for other in others}
            clash = any(p.attempt in taken and pools[p.leaf] == leaf.pool for p in rest)
            if strict and clash:
                continue
            here = (Placement(attempt=i.use.id, leaf=leaf.header.id, area=i.area) for i in mine)
            yield (*here, *rest)


def _minimal_sets(
    setting: Setting, found: tuple[Use, ...], leaf: Fill, asked: Fraction | None
) -> Iterator[tuple[Held, ...]]:
    eligible = [use for use in found if admits(leaf, use, setting) is True]
    areas = ("",) if leaf.areas is None else (*(name for name, _ in leaf.areas.areas), "")
    for size in range(len(eligible) + 1):
        for chosen in itertools.combinations(eligible, size):
            for named in itertools.product(areas, repeat=size):
                held = tuple(
                    Held(use=use, area=area) for use, area in zip(chosen, named, strict=True)
                )
                if not is_met(leaf, held, asked, setting) or not is_within(leaf, held, setting):
                    continue
                if any(
                    is_met(leaf, held[:i] + held[i + 1 :], asked, setting) for i in range(len(held))
                ):
                    continue
                yield held


def _with_rests(
    setting: Setting, found: tuple[Use, ...], base: Witness, rests: list[Fill]
) -> Iterator[Witness]:
    """Yield the witness with each `rest` leaf met by what no counting leaf holds."""
    if not rests:
        if not hold(setting, base, found).faults:
            yield base
        return
    holding = hold(setting, base, found)
    leaf = rests[0]
    counted = {
        item.use.id
        for other in holding.leaves()
        if holding.counts(other)
        for item in holding.held[other.header.id]
    }
    free = tuple(use for use in found if use.id not in counted)
    for mine in _minimal_sets(setting, free, leaf, holding.rest_asks(leaf)):
        here = tuple(Placement(attempt=i.use.id, leaf=leaf.header.id) for i in mine)
        more = replace(base, placements=base.placements + here)
        yield from _with_rests(setting, found, more, rests[1:])
