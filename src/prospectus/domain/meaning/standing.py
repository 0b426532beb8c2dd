"""How each node stands: met, in progress, planned, pending or unmet."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from prospectus.domain.expression import Attribute, Has, Selector
from prospectus.domain.meaning.holding import Holding
from prospectus.domain.meaning.matching import matches, parts
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.meaning.sizes import Held, amount, bound_of, is_met, plain
from prospectus.domain.meaning.uses import barred
from prospectus.domain.plan import NodeVerdict, Standing
from prospectus.domain.record import AttemptStatus, CreditSource
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
from prospectus.domain.rule import Repeats

_LEVELS = (Standing.MET, Standing.IN_PROGRESS, Standing.PLANNED)


def stand(holding: Holding) -> tuple[NodeVerdict, ...]:
    """Return a verdict for each active node, root first, then for measures beside the tree."""
    found: dict[NodeId, NodeVerdict] = {}
    _node(holding, holding.setting.resolved.tree, found)
    root = holding.setting.resolved.tree.header.id
    beside = [
        _excepted(
            holding,
            _measure(holding, rule, root) if isinstance(rule, Measure) else _gpa(holding, rule),
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
            verdict = _gpa(holding, node)
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
        have = sum((i.credits for i in items if not i.use.hypothetical), Fraction(0))
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
            sum((item.credits for item in strong), Fraction(0))
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
    credits = sum((item.credits for item in real), Fraction(0))
    if leaf.rest:
        parts.append(f"{credits} of {asked} credits")
    elif leaf.credits is not None:
        parts.append(f"{credits} of {plain(leaf.credits).low} credits")
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


def attempted(setting: Setting, of: Selector) -> list[Use]:
    """Return every attempt after matriculation here as a use, whether it earns credit or not.

    A selector that names sources or schools says wider: then every attempt on record.
    """
    day = setting.matriculation()
    found = []
    for attempt in setting.record.attempts:
        dated = bool(setting.leaves(attempt)) or attempt.ended is not None
        here = attempt.source is CreditSource.HOME
        if not _says_wider(of, setting) and not (
            here and (not dated or setting.start(attempt) >= day)
        ):
            continue
        use = setting.use(attempt)
        # what was tried and lost is final, as what was passed is
        found.append(use if use.standing else replace(use, standing=Standing.MET))
    return found


def _says_wider(of: Selector, setting: Setting) -> bool:
    return any(
        isinstance(part, Has) and part.attribute in (Attribute.SOURCE, Attribute.SCHOOL)
        for part in parts(of, setting)
    )


def _gpa(holding: Holding, rule: Gpa) -> NodeVerdict:
    setting, scale = holding.setting, holding.setting.resolved.scale
    if rule.over is Over.ATTEMPTED:
        items = [use for use in attempted(setting, rule.of) if _in_mean(use, setting)]
        items = _drop_replaced(items, holding)
    else:
        items = [item.use for item in holding.applied(rule.within) if not item.use.hypothetical]
    to_come = [use for use in holding.uses.values() if use.hypothetical]
    chosen, to_come = (
        [u for u in found if _averages(rule, u, setting)] for found in (items, to_come)
    )
    still_open = [use for use in chosen if use.attempt.grade is None and use.attempt.is_open]
    best = scale.grades[0].name
    have = setting.mean((use, use.attempt.grade) for use in chosen)
    hoped = setting.mean((use, setting.planned_grade(use.attempt)) for use in chosen)
    most = setting.mean(
        (use, best if use.attempt.is_open else use.attempt.grade) for use in [*chosen, *to_come]
    )
    counted = "nothing to average yet" if have is None else f"mean {float(have):.2f}"
    counted += f" of at least {float(rule.at_least):.2f}"
    if (needed := _needed(rule, chosen, [*still_open, *to_come], setting)) is not None:
        counted += f", {float(needed):.2f} needed in what remains"
    return NodeVerdict(
        node=rule.header.id,
        standing=_gpa_standing(
            *(
                None if mean is None else setting.reaches(mean, rule.at_least)
                for mean in (have, hoped, most)
            ),
            still_open=still_open,
        ),
        counted=counted,
        unknown=rule.header.unknown,
    )


def _gpa_standing(
    have: bool | None, hoped: bool | None, most: bool | None, *, still_open: list[Use]
) -> Standing:
    """Return the standing of a mean from whether it reaches now, as planned, and at best."""
    if still_open and hoped:
        return min(use.standing for use in still_open)
    if have and not still_open:
        return Standing.MET
    return Standing.UNMET if most is False else Standing.PENDING


def _needed(
    rule: Gpa, chosen: list[Use], remaining: list[Use], setting: Setting
) -> Fraction | None:
    """Return the mean needed in what remains, None where nothing with grades does or all will."""
    done = [use for use in chosen if use not in remaining]
    have = setting.mean((use, use.attempt.grade) for use in done)
    credits = sum((use.credits for use in remaining), Fraction(0))
    if have is None or credits == 0:
        return None
    weight = sum((use.credits for use in done if _points(use, setting) is not None), Fraction(0))
    needed = rule.at_least + (rule.at_least - have) * weight / credits
    return needed if needed > 0 else None


def _points(use: Use, setting: Setting) -> Fraction | None:
    grade = setting.resolved.scale.get(use.attempt.grade) if use.attempt.grade else None
    return grade.points if grade is not None and grade.in_mean else None


def _averages(rule: Gpa, use: Use, setting: Setting) -> bool:
    """Return whether a use enters a mean: letters from home only, unless it says otherwise."""
    home = use.attempt.source is CreditSource.HOME or _says_wider(rule.of, setting)
    return home and matches(rule.of, use, setting) is not False


def _in_mean(use: Use, setting: Setting) -> bool:
    return use.course is None or use.course.counts_credit


def _drop_replaced(items: list[Use], holding: Holding) -> list[Use]:
    """Return the attempts that enter the mean: all, unless the rule says only the one used.

    Where no attempt of a course could be used, the newest stands for it. What was taken again
    though the course was passed too well for that never enters.
    """
    setting = holding.setting
    rule = setting.resolved.program.record_rules.repeats
    if rule is None:
        return items
    late = barred(setting)
    items = [use for use in items if use.id not in late]
    if rule.mean_uses_all is not False:
        return items
    kept: dict[str, Use] = {}
    for use in sorted(items, key=lambda use: (setting.end(use.attempt), use.id)):
        name = setting.identity(use.attempt)
        if setting.repeatable(use.attempt) is not None:
            name = use.id
        if name not in kept or kept[name].id not in holding.uses or use.id in holding.uses:
            kept[name] = use
    chosen = {use.id for use in kept.values()}
    return [use for use in items if use.id in chosen or _stays(use, rule, setting)]


def _stays(use: Use, rule: Repeats, setting: Setting) -> bool:
    """Return whether a replaced attempt was graded too well to leave the mean."""
    grade = use.attempt.grade
    if grade is None or rule.mean_keeps is None:
        return False
    return setting.resolved.scale.at_least(grade, rule.mean_keeps)


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
