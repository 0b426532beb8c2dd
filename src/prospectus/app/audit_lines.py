"""A checked audit as lines to show: requirements and how they stand, credits, caps, choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from prospectus.app.audit_answers import (
    NOT_KNOWN,
    AuditedCourse,
    AuditSummary,
    CapLine,
    CreditSums,
    ExceptionLine,
    MissingLine,
    OpenChoice,
    RequirementLine,
    StandingLine,
)
from prospectus.app.audit_check import Audited
from prospectus.app.audit_clocks import LATE, MISSED, clock_lines
from prospectus.app.audit_kept import kept
from prospectus.app.audit_standing import is_known, nodes_shown, not_known
from prospectus.app.audit_words import (
    asks_nothing,
    audited_course,
    chosen_words,
    labels_of,
    standing_word,
)
from prospectus.app.catalog_answers import RuleLine, fact_line
from prospectus.app.describe import describe
from prospectus.app.tree_walk import walk
from prospectus.app.words import count
from prospectus.audit.result import Reason
from prospectus.domain.meaning.holding import active_measures, admits
from prospectus.domain.meaning.means import attempted
from prospectus.domain.meaning.sizes import Held, amount, bound_of, is_eligible
from prospectus.domain.plan import NodeVerdict, Standing
from prospectus.domain.printer import print_number
from prospectus.domain.program import Resolved
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
    Range,
)

_KINDS: Mapping[type[Node], str] = {
    All: "all",
    Any: "any",
    Fill: "fill",
    Measure: "measure",
    Gpa: "gpa",
    Milestone: "milestone",
}


def summary(found: Audited, nodes: Mapping[NodeId, NodeVerdict] | None = None) -> AuditSummary:
    """Return an audit in short; `nodes` is how they are shown to stand, where that is known."""
    beside = _asking_nothing(found) | not_known(found)
    known = found.verdict.degree < Standing.PLANNED or is_known(found)
    standings = tuple(
        (str(node.node), standing_word(node.standing))
        for node in (nodes_shown(found) if nodes is None else nodes).values()
        if node.node not in beside or node.standing is Standing.UNMET
    )
    return AuditSummary(
        standing=standing_word(found.verdict.degree) if known else NOT_KNOWN,
        credits_left=found.result.credits_left,
        n_met=sum(word == "met" for _, word in standings),
        n_requirements=len(standings),
        standings=standings,
        missed=tuple(line.label for line in clock_lines(found) if line.state in (MISSED, LATE)),
    )


def _asking_nothing(found: Audited) -> frozenset[NodeId]:
    """Return what asks for no course: every most, a least of nothing, an empty node."""
    empty = (node for node in found.holding.active.values() if _is_empty(node))
    return frozenset(
        measure.header.id
        for measure, _ in active_measures(found.holding)
        if measure.bound is Bound.AT_MOST or asks_nothing(measure)
    ) | {node.header.id for node in empty}


def _is_empty(node: Node) -> bool:
    """Return whether a node has nothing in it: a part that one reading of the rules lacks."""
    return isinstance(node, All) and not node.children


def requirement_lines(
    found: Audited,
    missing: Sequence[MissingLine] = (),
    nodes: Mapping[NodeId, NodeVerdict] | None = None,
) -> tuple[RequirementLine, ...]:
    """Return how each active requirement stands, in file order, then the rules beside them.

    Where one is not met the first line of what is missing for it is told with it. `nodes` is how
    they are shown to stand, where that is known already.
    """
    lacking = {line.id: line for line in reversed(missing)}
    rules = kept(found.resolved, _rule_lines)
    verdicts = nodes_shown(found) if nodes is None else nodes
    unknown = not_known(found)
    courses, labels = courses_of(found), labels_of(found.resolved)
    lines = []
    for node, depth in _shown(found):
        verdict = verdicts.get(node.header.id)
        if verdict is None:
            continue
        name = str(node.header.id)
        lines.append(
            RequirementLine(
                id=name,
                label=labels[name],
                kind=_KINDS[type(node)],
                depth=depth,
                path=path_to(found, node.header.id),
                standing=standing_word(verdict.standing),
                counted=_counted(node, verdict, found),
                courses=tuple(courses[held] for held in verdict.held),
                missing=None if verdict.standing is Standing.MET else lacking.get(name),
                unknown=verdict.unknown,
                excepted=verdict.excepted or _holds_by_exception(node, found),
                is_known=node.header.id not in unknown,
                rule=rules.get(name)
                or fact_line(node.header.name, node.header.provenance, id=name),
            )
        )
    return tuple(lines)


def _holds_by_exception(node: Node, found: Audited) -> bool:
    """Return whether a leaf holds what it takes by a substitution or an insertion alone."""
    if not isinstance(node, Fill) or not found.record.exceptions:
        return False
    with found.setting.quietly():
        return any(
            is_eligible(node, item.use, found.setting) is not True
            and admits(node, item.use, found.setting) is True
            for item in found.holding.held[node.header.id]
            if not item.use.hypothetical
        )


def _shown(found: Audited) -> Iterator[tuple[Node, int]]:
    inside, beside = kept(found.resolved, _told)
    for node, depth in inside:
        if node.header.id in found.holding.active:
            yield node, depth
    yield from beside


def _told(resolved: Resolved) -> tuple[list[tuple[Node, int]], list[tuple[Node, int]]]:
    """Return what is told of a tree with its depth, and of the rules beside it."""
    inside = [
        (node, depth)
        for node, depth in walk(resolved.tree)
        if not _is_empty(node) and not (isinstance(node, Measure) and asks_nothing(node))
    ]
    beside: list[tuple[Node, int]] = [
        (rule, 1)
        for rule in resolved.rules
        if isinstance(rule, Gpa) or (isinstance(rule, Measure) and not asks_nothing(rule))
    ]
    return inside, beside


def _counted(node: Node, verdict: NodeVerdict, found: Audited) -> str:
    if isinstance(node, Any):
        chosen = dict(found.result.witness.choices).get(node.header.id, ())
        return chosen_words(node, chosen, labels_of(found.resolved))
    if isinstance(node, Measure):
        have, most = _measured(node, found)
        unit = node.distinct or ("course" if node.courses is not None else "credit")
        way = "at most" if node.bound is Bound.AT_MOST else "at least"
        lack = most - have if node.bound is Bound.AT_LEAST and have < most else Fraction(0)
        missing = f", {print_number(lack)} missing" if lack else ""
        return f"{print_number(have)} of {way} {count(most, unit)}{missing}"
    return verdict.counted


def _measured(measure: Measure, found: Audited) -> tuple[Fraction, Fraction]:
    """Return what a measure counts on the record, and the number that bounds it."""
    holding, setting = found.holding, found.setting
    above = holding.parent.get(measure.header.id, found.resolved.tree.header.id)
    if measure.over is Over.ATTEMPTED:
        items = [Held(use=use) for use in attempted(setting, measure.of)]
    else:
        items = [item for item in holding.applied(measure.within) if not item.use.hypothetical]
    total = holding.total_of(above)[1] or Fraction(0)
    return amount(measure, items, setting), bound_of(measure, total)


def path_to(found: Audited, node: NodeId) -> tuple[str, ...]:
    """Return the ids from the root to a node; the node alone where it stands beside the tree."""
    path = [node]
    while (above := found.holding.parent.get(path[0])) is not None:
        path.insert(0, above)
    return tuple(str(name) for name in path)


def _rule_lines(resolved: Resolved) -> dict[str, RuleLine]:
    """Return what each node asks, in words with its sources, by its id."""
    lines: dict[str, RuleLine] = {}
    for section in describe(resolved.program):
        for line in section.lines:
            if line.id:
                lines.setdefault(line.id, line)
    return lines


_latest: tuple[Audited, dict[str, AuditedCourse]] | None = None


def courses_of(found: Audited) -> Mapping[str, AuditedCourse]:
    """Return every attempt of the record as it is shown, by its id; the latest are kept."""
    global _latest
    latest = _latest
    if latest is None or latest[0] is not found:
        courses = {one.id: audited_course(one, found.resolved) for one in found.record.attempts}
        latest = _latest = found, courses
    return latest[1]


def credit_sums(found: Audited) -> CreditSums:
    """Return the credits that count, by how sure they are."""
    holding = found.holding
    by_standing: dict[Standing, Fraction] = {}
    for item in holding.applied():
        if not item.use.hypothetical:
            standing = item.use.standing
            by_standing[standing] = by_standing.get(standing, Fraction(0)) + item.credits
    root = found.resolved.tree.header.id
    return CreditSums(
        asked=holding.total_of(root)[1],
        earned=by_standing.get(Standing.MET, Fraction(0)),
        in_progress=by_standing.get(Standing.IN_PROGRESS, Fraction(0)),
        planned=by_standing.get(Standing.PLANNED, Fraction(0)),
        left=found.result.credits_left,
    )


def cap_lines(found: Audited) -> tuple[CapLine, ...]:
    """Return every most that binds: how much of it is used, and what it leaves out."""
    courses, labels = courses_of(found), labels_of(found.resolved)
    lines = []
    for measure, _ in active_measures(found.holding):
        if measure.bound is not Bound.AT_MOST:
            continue
        have, most = _measured(measure, found)
        left_out = tuple(
            courses[one.attempt].code
            for one in found.result.unused
            if one.reason is Reason.CAP and one.node == measure.header.id
        )
        lines.append(
            CapLine(
                id=str(measure.header.id),
                label=labels[str(measure.header.id)],
                have=have,
                most=most,
                unit="courses" if measure.courses is not None else "credits",
                is_reached=bool(left_out) or 0 < most <= have,
                left_out=left_out,
            )
        )
    total = found.resolved.tree.total
    if total is not None and isinstance(total.credits, Range) and total.credits.high is not None:
        credits = sum(
            (i.credits for i in found.holding.applied() if not i.use.hypothetical), Fraction(0)
        )
        lines.append(
            CapLine(
                id=str(found.resolved.tree.header.id),
                label="Credits in all",
                have=credits,
                most=total.credits.high,
                unit="credits",
                is_reached=credits >= total.credits.high,
                left_out=(),
            )
        )
    return tuple(lines)


def standing_lines(
    found: Audited,
    kind: type[Gpa] | type[Milestone],
    nodes: Mapping[NodeId, NodeVerdict] | None = None,
) -> tuple[StandingLine, ...]:
    """Return the means, or the milestones, of the degree and how they stand."""
    lines = []
    verdicts = nodes_shown(found) if nodes is None else nodes
    for node, _ in _shown(found):
        verdict = verdicts.get(node.header.id)
        if not isinstance(node, kind) or verdict is None:
            continue
        text = verdict.counted
        if isinstance(node, Milestone):
            text = node.kind
            for n, unit in ((node.months, "month"), (node.hours, "hour")):
                text += f", {count(n, unit)}" if n is not None else ""
        lines.append(
            StandingLine(
                id=str(node.header.id),
                label=node.header.name,
                standing=standing_word(verdict.standing),
                text=text,
            )
        )
    return tuple(lines)


def open_choices(found: Audited) -> tuple[OpenChoice, ...]:
    """Return the choices that are to be declared and are not."""
    labels = labels_of(found.resolved)

    def say(children: tuple[NodeId, ...]) -> str:
        return " and ".join(labels.get(str(child), str(child)) for child in children)

    return tuple(
        OpenChoice(
            id=str(tie.node),
            label=labels.get(str(tie.node), str(tie.node)),
            taken=tuple(str(child) for child in tie.taken),
            tied=tuple(say(children) for children in tie.tied if children != tie.taken),
        )
        for tie in found.result.ties
    )


def exception_lines(found: Audited) -> tuple[ExceptionLine, ...]:
    """Return the approved departures on the record."""
    labels = labels_of(found.resolved)
    return tuple(
        ExceptionLine(
            kind=one.kind.value,
            node=str(one.node),
            label=labels.get(str(one.node), str(one.node)),
            course=None if one.course is None else str(one.course),
            replaces=None if one.replaces is None else str(one.replaces),
            who=one.who,
            when=one.when,
            why=one.why,
        )
        for one in found.record.exceptions
    )
