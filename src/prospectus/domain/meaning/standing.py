"""How each node stands: met, in progress, planned, pending or unmet."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from prospectus.domain.meaning.holding import Holding
from prospectus.domain.meaning.means import attempted, mean_verdict
from prospectus.domain.meaning.setting import Setting, total_of
from prospectus.domain.meaning.sizes import Held, amount, bound_of, is_met, plain
from prospectus.domain.plan import NodeVerdict, Standing
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
    NodeId,
    Over,
)

_LEVELS = (Standing.MET, Standing.IN_PROGRESS, Standing.PLANNED)


def stand(holding: Holding) -> tuple[NodeVerdict, ...]:
    """Return a verdict for each active node, root first, then for measures beside the tree."""
    found: dict[NodeId, NodeVerdict] = {}
    _node(holding, holding.setting.resolved.tree, found)
    root = holding.setting.resolved.tree.header.id
    beside = [
        _excepted(
            holding,
            _measure(holding, rule, root)
            if isinstance(rule, Measure)
            else mean_verdict(holding, rule),
        )
        for rule in holding.setting.resolved.rules
        if isinstance(rule, Measure | Gpa)
    ]
    top = found[root]
    if not top.excepted:
        # rules over the whole bind the degree as its own children do
        weakest = min([top.standing, *(verdict.standing for verdict in beside)])
        found[root] = _with_standing(top, weakest)
    ordered = [found[node] for node in holding.active]
    return (*ordered, *beside)


def _with_standing(verdict: NodeVerdict, standing: Standing) -> NodeVerdict:
    return NodeVerdict(
        node=verdict.node,
        standing=standing,
        held=verdict.held,
        counted=verdict.counted,
        unknown=verdict.unknown,
        excepted=verdict.excepted,
    )


def _node(holding: Holding, node: Node, found: dict[NodeId, NodeVerdict]) -> NodeVerdict:
    match node:
        case All():
            verdict = _all(holding, node, found)
        case Any():
            verdict = _any(holding, node, found)
        case Fill():
            verdict = _leaf(holding, node)
        case Measure():
            above = holding.parent.get(node.header.id, node.header.id)
            verdict = _measure(holding, node, above)
        case Gpa():
            verdict = mean_verdict(holding, node)
        case Milestone():
            verdict = _milestone(holding, node)
    found[node.header.id] = _excepted(holding, verdict)
    return found[node.header.id]


def _excepted(holding: Holding, verdict: NodeVerdict) -> NodeVerdict:
    """Return the verdict, met where the node is waived or set met."""
    if not holding.setting.is_excepted(verdict.node):
        return verdict
    return NodeVerdict(
        node=verdict.node,
        standing=Standing.MET,
        held=verdict.held,
        counted=verdict.counted,
        excepted=True,
    )


def _children(
    holding: Holding, node: All | Any, found: dict[NodeId, NodeVerdict]
) -> list[NodeVerdict]:
    return [
        _node(holding, child, found)  # type: ignore[arg-type]  # resolved trees hold plain nodes
        for child in node.children
        if child.header.id in holding.active  # type: ignore[union-attr]
    ]


def _all(holding: Holding, node: All, found: dict[NodeId, NodeVerdict]) -> NodeVerdict:
    children = _children(holding, node, found)
    standings = [child.standing for child in children]
    counted = ""
    if node.total is not None:
        items = holding.applied(below=node.header.id)
        _, asked = holding.total_of(node.header.id)
        have = total_of([i.credits for i in items if not i.use.hypothetical])
        if asked is not None:
            standings.append(_reaches(items, asked, by_credits=True))
            counted = f"{have} of {asked} credits"
        if node.total.courses is not None:
            need = plain(node.total.courses).low
            standings.append(_reaches(items, need, by_credits=False))
    return NodeVerdict(
        node=node.header.id,
        standing=min(standings, default=Standing.MET),
        counted=counted,
        unknown=_unknown(node, children),
    )


def _any(holding: Holding, node: Any, found: dict[NodeId, NodeVerdict]) -> NodeVerdict:
    children = _children(holding, node, found)
    chosen = [child.standing for child in children]
    standing = min(chosen) if len(chosen) == node.n else Standing.UNMET
    return NodeVerdict(node=node.header.id, standing=standing, unknown=_unknown(node, children))


def _unknown(node: Node, children: list[NodeVerdict]) -> tuple[str, ...]:
    below = tuple(text for child in children for text in child.unknown)
    return tuple(dict.fromkeys((*node.header.unknown, *below)))


def _reaches(items: list[Held], asked: Fraction, *, by_credits: bool) -> Standing:
    """Return the weakest standing needed to reach a number, using the strongest first."""
    for level in _LEVELS:
        strong = [item for item in items if item.use.standing >= level]
        have = (
            total_of([item.credits for item in strong])
            if by_credits
            else Fraction(sum(1 for item in strong if not item.use.is_waiver))
        )
        if have >= asked:
            return level
    return Standing.UNMET


def _leaf(holding: Holding, leaf: Fill) -> NodeVerdict:
    mine = holding.held[leaf.header.id]
    asked = holding.rest_asks(leaf) if leaf.rest else None
    real = [item for item in mine if not item.use.hypothetical]
    standing = Standing.UNMET
    if is_met(leaf, real, asked, holding.setting):
        standing = min((item.use.standing for item in real), default=Standing.MET)
        if leaf.header.id in holding.uncertain:
            standing = min(standing, Standing.PENDING)
    parts: list[str] = []
    if leaf.courses is not None:
        parts.append(f"{len(real)} of {plain(leaf.courses).low} courses")
    if leaf.rest or leaf.credits is not None:
        least = asked if leaf.rest else plain(leaf.credits).low
        parts.append(f"{total_of([item.credits for item in real])} of {least} credits")
    return NodeVerdict(
        node=leaf.header.id,
        standing=standing,
        held=tuple(item.use.id for item in real),
        counted=", ".join(parts),
        unknown=leaf.header.unknown,
    )


def _measure(holding: Holding, measure: Measure, above: NodeId) -> NodeVerdict:
    setting = holding.setting
    _, total = holding.total_of(above)
    bound = bound_of(measure, total or Fraction(0))
    if measure.over is Over.ATTEMPTED:
        items = [Held(use=use) for use in attempted(setting, measure.of)]
    else:
        items = [i for i in holding.applied(measure.within) if not i.use.hypothetical]
    have = amount(measure, items, setting)
    if measure.bound is Bound.AT_MOST:
        standing = Standing.MET if have <= bound else Standing.UNMET
        word = "at most"
    else:
        standing, word = _least(measure, items, bound, setting), "at least"
    unit = "courses" if measure.courses is not None else "credits"
    return NodeVerdict(
        node=measure.header.id,
        standing=standing,
        counted=f"{have} of {word} {bound} {measure.distinct or unit}",
        unknown=measure.header.unknown,
    )


def _least(measure: Measure, items: list[Held], bound: Fraction, setting: Setting) -> Standing:
    for level in _LEVELS:
        strong = [item for item in items if item.use.standing >= level]
        if amount(measure, strong, setting) >= bound:
            return level
    # counted as for a most: what is not known may yet prove to fit
    hoped = amount(replace(measure, bound=Bound.AT_MOST), items, setting)
    return Standing.PENDING if hoped >= bound else Standing.UNMET


def _milestone(holding: Holding, node: Milestone) -> NodeVerdict:
    """Return the standing of a milestone: pending until the last attempt it allows has failed."""
    results = [r.status for r in holding.setting.record.milestones if r.milestone == node.header.id]
    standing = {
        AttemptStatus.PASSED: Standing.MET,
        AttemptStatus.IN_PROGRESS: Standing.IN_PROGRESS,
        AttemptStatus.REGISTERED: Standing.IN_PROGRESS,
        AttemptStatus.PLANNED: Standing.PLANNED,
    }
    best = max((standing.get(status, Standing.PENDING) for status in results), default=None)
    failures = sum(status is AttemptStatus.FAILED for status in results)
    if best is None or best is Standing.PENDING:
        lost = node.attempts is not None and failures >= node.attempts
        best = Standing.UNMET if lost else Standing.PENDING
    return NodeVerdict(node=node.header.id, standing=best, unknown=node.header.unknown)
