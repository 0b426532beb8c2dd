"""How each node stands: met, in progress, planned, pending or unmet."""

from __future__ import annotations

from fractions import Fraction

from prospectus.domain.course import RepeatBy
from prospectus.domain.meaning.holding import Holding, exceptions_of
from prospectus.domain.meaning.matching import expected_grade, matches
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.meaning.sizes import Held, amount, bound_of, is_met, plain
from prospectus.domain.plan import NodeVerdict, Standing
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, ExceptionKind
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
        _measure(holding, rule, root) if isinstance(rule, Measure) else _gpa(holding, rule)
        for rule in holding.setting.resolved.rules
        if isinstance(rule, Measure | Gpa)
    ]
    # rules over the whole bind the degree as its own children do
    top = found[root]
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
    given = exceptions_of(holding.setting, node.header.id)
    if any(e.kind in (ExceptionKind.WAIVE, ExceptionKind.FORCE) for e in given):
        verdict = NodeVerdict(
            node=node.header.id, standing=Standing.MET, held=verdict.held, excepted=True
        )
    found[node.header.id] = verdict
    return verdict


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
        items = [Held(use=use) for use in attempted(setting)]
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
    unsure = sum(1 for item in items if matches(measure.of, item.use, setting) is None)
    return Standing.PENDING if unsure else Standing.UNMET


def attempted(setting: Setting) -> list[Use]:
    """Return every attempt after matriculation as a use, whether it earns credit or not."""
    day = setting.matriculation()
    found = []
    for attempt in setting.record.attempts:
        if attempt.source is not CreditSource.HOME or setting.start(attempt) < day:
            continue
        dead = attempt.status in (
            AttemptStatus.WITHDRAWN,
            AttemptStatus.FAILED,
            AttemptStatus.INCOMPLETE,
        )
        found.append(
            Use(
                attempt=attempt,
                course=setting.course(attempt.course),
                names=setting.names(attempt),
                standing=Standing.MET if dead else setting.use(attempt).standing,
            )
        )
    return found


# ------------------------------------------------------------------------- gpa


def _gpa(holding: Holding, rule: Gpa) -> NodeVerdict:
    setting = holding.setting
    if rule.over is Over.ATTEMPTED:
        items = [use for use in attempted(setting) if _in_mean(use.attempt, setting)]
        items = _drop_replaced(items, setting)
    else:
        items = [item.use for item in holding.applied(rule.within) if not item.use.hypothetical]
    chosen = [
        use
        for use in items
        if use.attempt.source is CreditSource.HOME and matches(rule.of, use, setting) is not False
    ]
    earned = [use for use in chosen if use.attempt.grade is not None]
    still_open = [use for use in chosen if use.attempt.grade is None and use.attempt.is_open]
    have = _mean([(use, use.attempt.grade) for use in earned], setting)
    hoped = _mean(
        [(use, use.attempt.grade or _planned_grade(use, holding)) for use in earned + still_open],
        setting,
    )
    best = setting.resolved.scale.grades[0].name
    most = _mean([(use, use.attempt.grade or best) for use in earned + still_open], setting)
    standing = _gpa_standing(rule.at_least, have, hoped, most, open_ones=bool(still_open))
    counted = "nothing to average yet" if have is None else f"mean {float(have):.2f}"
    return NodeVerdict(
        node=rule.header.id,
        standing=standing,
        counted=f"{counted} of at least {float(rule.at_least):.2f}",
        unknown=rule.header.unknown,
    )


def _gpa_standing(
    least: Fraction,
    have: Fraction | None,
    hoped: Fraction | None,
    most: Fraction | None,
    *,
    open_ones: bool,
) -> Standing:
    """Return the standing of a mean: a mean never forbids what better grades can still reach."""
    if have is not None and have >= least:
        return Standing.MET if not open_ones else Standing.PLANNED
    if hoped is not None and open_ones and hoped >= least:
        return Standing.PLANNED
    if have is None or (most is not None and most >= least):
        return Standing.PENDING
    return Standing.UNMET


def _planned_grade(use: Use, holding: Holding) -> str | None:
    """Return the expected grade, else the better of the usual one and the floors relied on."""
    setting = holding.setting
    if (stated := expected_grade(use.attempt, setting)) is not None:
        return stated
    grade = setting.resolved.scale.usual
    for attempt, floor in sorted(setting.assumed_grades):
        if attempt == use.id:
            grade = floor if grade is None else setting.resolved.scale.better(grade, floor)
    return grade


def _mean(graded: list[tuple[Use, str | None]], setting: Setting) -> Fraction | None:
    points = credits = Fraction(0)
    for use, name in graded:
        grade = None if name is None else setting.resolved.scale.get(name)
        if grade is None or grade.points is None or not grade.in_mean:
            continue
        weight = use.credits
        points += grade.points * weight
        credits += weight
    return None if credits == 0 else points / credits


def _in_mean(attempt: Attempt, setting: Setting) -> bool:
    course = setting.course(attempt.course)
    return course is None or course.counts_credit


def _drop_replaced(items: list[Use], setting: Setting) -> list[Use]:
    """Return the attempts that enter the mean: all, unless the rule says only the one used."""
    rule = setting.resolved.program.record_rules.repeats
    if rule is None or rule.mean_uses_all is not False:
        return items
    newest: dict[str, Use] = {}
    for use in sorted(items, key=lambda use: setting.end(use.attempt)):
        repeatable = use.course is not None and isinstance(use.course.repeatable, RepeatBy)
        newest[use.id if repeatable else min(use.names)] = use
    return list(newest.values())


# ------------------------------------------------------------------ milestones


def _milestone(holding: Holding, node: Milestone) -> NodeVerdict:
    """Return the standing of a milestone; one that is not yet begun is pending."""
    results = {r.milestone: r.status for r in holding.setting.record.milestones}
    standing = {
        AttemptStatus.PASSED: Standing.MET,
        AttemptStatus.IN_PROGRESS: Standing.IN_PROGRESS,
        AttemptStatus.REGISTERED: Standing.IN_PROGRESS,
        AttemptStatus.PLANNED: Standing.PLANNED,
        AttemptStatus.FAILED: Standing.UNMET,
    }
    status = results.get(node.header.id)
    return NodeVerdict(
        node=node.header.id,
        standing=Standing.PENDING if status is None else standing.get(status, Standing.PENDING),
        unknown=node.header.unknown,
    )
