"""From a solution to a plan with its witness."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable

from prospectus.domain.offering import Run
from prospectus.domain.plan import Allocation, Placement, Plan, Witness
from prospectus.domain.record import Attempt
from prospectus.domain.requirement import Fill, Measure, NodeId
from prospectus.domain.rule import Gate, Overlap, Point, Position, Rule
from prospectus.legality.compiled import plain
from prospectus.legality.model import LegalModel
from prospectus.legality.nodes_done import eligible_uses
from prospectus.legality.store import Lit
from prospectus.legality.uses import Use, end_of, planned_attempt

Truth = Callable[[Lit], bool]


def planned_runs(model: LegalModel, truth: Truth) -> list[tuple[Use, Run]]:
    """Return the uses that the solution plans, with their runs, in time and code order."""
    found = [(s.use, s.run) for s in model.variables.planned if truth(s.lit)]
    return sorted(found, key=lambda item: (item[1].leaves, item[0].code))


def plan_of(model: LegalModel, truth: Truth, conferral: dt.date) -> Plan:
    """Return the plan of a solution."""
    attempts: dict[int, Attempt] = {}
    for use, run in planned_runs(model, truth):
        repeated = use.course is not None and use.course.repeatable is not None
        attempts[use.index] = planned_attempt(
            use, run, model.compiled.resolved, is_repeated=repeated
        )

    def name(use: Use) -> str:
        return attempts[use.index].id if use.is_candidate else use.id

    by_index = {use.index: use.identity for use in model.compiled.uses}
    planned = {by_index[index] for index in attempts}
    retaken = any(u.identity in planned for u in model.compiled.uses if not u.is_candidate)
    placements: list[Placement] = []
    for leaf_id, leaf in model.tree.leaves.items():
        held = any(truth(spot.lit) for spot in leaf.spots)
        if held and not retaken and _is_lone_view(model, leaf.fill):
            placements += _earliest(model, leaf.fill, attempts, name)
            continue
        placements += [
            Placement(attempt=name(spot.use), leaf=leaf_id, area=spot.area)
            for spot in leaf.spots
            if truth(spot.lit)
        ]
    witness = Witness(
        placements=tuple(sorted(placements, key=lambda p: (p.leaf, p.attempt))),
        choices=_choices(model, truth),
        allocations=tuple(_allocations(model, truth, attempts, name)),
        conferral=conferral,
    )
    return Plan(attempts=tuple(attempts.values()), witness=witness)


def _is_lone_view(model: LegalModel, fill: Fill) -> bool:
    """Return whether a leaf only looks on: what first met it is then the clearest witness."""
    if model.tree.counts(fill) or fill.courses is None:
        return False
    if fill.credits is not None or fill.with_ or fill.areas is not None:
        return False
    if model.compiled.selecting.depends_on_run(fill.from_) or model.compiled.names.composites:
        return False
    if model.compiled.resolved.program.record_rules.expires_months is not None:
        return False
    leaves = (leaf.fill for leaf in model.tree.leaves.values())
    shares = [leaf for leaf in leaves if leaf.pool == fill.pool]
    resolved = model.compiled.resolved
    rules = [*resolved.rules, *model.compiled.nodes.values()]
    is_named = any(isinstance(r, Overlap) or (isinstance(r, Measure) and r.within) for r in rules)
    return len(shares) == 1 and not is_named and not any(map(_looks_at_a_node, resolved.rules))


def _looks_at_a_node(rule: Rule) -> bool:
    """Return whether a rule speaks of when what a node holds starts or ends."""
    points: tuple[Point | None, ...] = ()
    if isinstance(rule, Position):
        points = (rule.start_from, rule.by)
    elif isinstance(rule, Gate):
        points = (rule.by,)
    return any(point is not None and point.node is not None for point in points)


def _choices(model: LegalModel, truth: Truth) -> tuple[tuple[NodeId, tuple[NodeId, ...]], ...]:
    return tuple(
        (node.header.id, tuple(child for child, lit in options if truth(lit)))
        for node, options in model.tree.choices
        if truth(model.tree.active[node.header.id])
    )


def _allocations(
    model: LegalModel, truth: Truth, attempts: dict[int, Attempt], name: Callable[[Use], str]
) -> list[Allocation]:
    """Return how each condition on a node holds what is done, earliest first."""
    found: list[Allocation] = []
    nodes = model.node_conditions
    for node_id, leaves in sorted(nodes.plain.items()):
        placements = [
            placement for leaf in leaves for placement in _earliest(model, leaf, attempts, name)
        ]
        found.append(Allocation(node=NodeId(node_id), placements=tuple(placements)))
    for node_id, given in sorted(nodes.allocated.items()):
        if truth(given.met):
            held = [
                Placement(attempt=name(spot.use), leaf=leaf.header.id, area=spot.area)
                for leaf, spot in given.spots()
                if truth(spot.lit)
            ]
            found.append(Allocation(node=NodeId(node_id), placements=tuple(held)))
    return [given for given in found if given.placements]


def _earliest(
    model: LegalModel, leaf: Fill, attempts: dict[int, Attempt], name: Callable[[Use], str]
) -> list[Placement]:
    """Return the uses that first fill a leaf that competes with no other."""
    resolved = model.compiled.resolved
    ends: dict[dt.date, list[Use]] = defaultdict(list)
    for use in eligible_uses(leaf, model.compiled):
        if not use.is_candidate:
            ends[end_of(use.attempt, resolved)].append(use)
        elif use.index in attempts:
            ends[end_of(attempts[use.index], resolved)].append(use)
    ordered = [use for day in sorted(ends) for use in ends[day]]
    held: list[Placement] = []
    counted = 0
    by_credits = leaf.courses is None
    low = model.compiled.steps(plain(leaf.credits).low) if by_credits else 0
    low = low if by_credits else int(plain(leaf.courses).low)
    for use in ordered:
        if counted >= low:
            break
        counted += model.compiled.steps(use.credits) if by_credits else 1
        held.append(Placement(attempt=name(use), leaf=leaf.header.id))
    return held if counted >= low else []
