"""One audit, searched and then held against the definition of the rules before anyone sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.audit.result import AuditResult
from prospectus.domain.errors import InternalError
from prospectus.domain.meaning import judge, uses
from prospectus.domain.meaning.holding import Holding, active_measures, hold
from prospectus.domain.meaning.judging import last_day
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.meaning.sizes import amount, bound_of, is_met
from prospectus.domain.plan import Verdict
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import All, Any, Bound, Gpa, Measure, Milestone, NodeId, Over

DEFAULT_SECONDS = 10.0
"""The longest search; an answer that is not proven by then is shown as such."""

MOST_SEARCHED = 1_000
"""Beyond so many steps for one audit, asking again for every course would take too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """The engine's answer with its re-check: the verdict, and what the leaves hold."""

    resolved: Resolved
    record: Record
    today: dt.date
    choices: Mapping[str, str]
    result: AuditResult
    verdict: Verdict
    setting: Setting
    holding: Holding
    seconds: float | None = DEFAULT_SECONDS

    @property
    def conferral(self) -> dt.date:
        """Return the day of conferral that was judged."""
        return self.result.witness.conferral or last_day(self.setting)


def run_audit(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    choices: Mapping[str, str],
    conferral: dt.date | None = None,
    *,
    seconds: float | None = DEFAULT_SECONDS,
) -> Audited:
    """Return the audit of a record with its re-check; the search ends after so many seconds.

    Raises
    ------
    StudentError
        AUD-... where `choices` names no child of a node.
    UnsupportedError
        AUD-... for the few kinds of rule that the audit cannot search.
    InternalError
        INT-005 where the definition of the rules disagrees.
    """
    # The engine is loaded by this command alone.
    from prospectus.audit import audit

    mine = {node: child for node, child in choices.items() if _is_active_choice(resolved, node)}
    result = audit(resolved, record, today, choices=mine, conferral=conferral, seconds=seconds)
    found = recheck(resolved, record, today, result, mine)
    if record.exceptions:
        from prospectus.app.audit_waived import off_waived

        moved = off_waived(result, found.holding, found.setting)
        if moved is not result:
            found = _checked_or(found, moved)
    return replace(found, seconds=seconds)


def _checked_or(found: Audited, moved: AuditResult) -> Audited:
    """Return the answer put otherwise, where the definition agrees with it too."""
    try:
        return recheck(found.resolved, found.record, found.today, moved, found.choices)
    except InternalError:
        return found


def audit_again(
    found: Audited,
    *,
    record: Record | None = None,
    choices: Mapping[str, str] | None = None,
    conferral: dt.date | None = None,
) -> Audited:
    """Return the audit of another record, or of other choices, under the same rules."""
    return run_audit(
        found.resolved,
        found.record if record is None else record,
        found.today,
        found.choices if choices is None else choices,
        conferral,
        seconds=found.seconds,
    )


def _is_active_choice(resolved: Resolved, node: str) -> bool:
    """Return whether the rules resolved for this person still have that choice."""
    stack: list[object] = [resolved.tree]
    while stack:
        item = stack.pop()
        if isinstance(item, Any) and item.header.id == node:
            return True
        if isinstance(item, All | Any):
            stack += item.children
    return False


def recheck(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    result: AuditResult,
    choices: Mapping[str, str],
) -> Audited:
    """Return the engine's answer with verdict and holding, having held the one to the other.

    Raises
    ------
    InternalError
        INT-005 when they disagree.
    """
    verdict = judge(resolved, record, result.witness, today)
    setting = Setting(resolved, record, today)
    conferral = result.witness.conferral or last_day(setting)
    holding = hold(setting, result.witness, uses(setting, conferral))
    found = Audited(
        resolved=resolved,
        record=record,
        today=today,
        choices=choices,
        result=result,
        verdict=verdict,
        setting=setting,
        holding=holding,
    )
    wrong = list(_disagreements(found))
    if wrong:
        raise InternalError(
            "INT-005",
            what=f"the audit found for {resolved.program.id} fails its own re-check: "
            + "; ".join(wrong[:3]),
            fix="please report this with the record; no audit is shown that fails it",
        )
    return found


def _disagreements(found: Audited) -> Iterator[str]:
    verdict, result = found.verdict, found.result
    yield from (f"{fault.rule}: {fault.text}" for fault in verdict.faults)
    if verdict.faults:
        return
    judged = {node.node: node.standing for node in verdict.nodes}
    apart = {
        node: standing
        for node, standing in judged.items()
        if _is_apart(found.holding.active.get(node))
    }
    beside = [rule.header.id for rule in found.resolved.rules if _is_apart(rule)]
    for state in result.nodes:
        standing = judged.get(state.node)
        if standing is None:
            yield f"{state.node} is not active"
        elif state.standing is not None and standing is not state.standing:
            pulled = [
                value for node, value in apart.items() if found.holding.is_below(node, state.node)
            ]
            if state.node == found.resolved.tree.header.id:
                pulled += [judged[node] for node in beside]
            # what no further course mends weakens what stands above it, and only that
            if standing > state.standing or min(pulled, default=standing + 1) > standing:
                yield (
                    f"{state.node} is {state.standing.name} by the audit and {standing.name} "
                    "by definition"
                )
    yield from _wrong_completion(found)


def _is_apart(node: object) -> bool:
    """Return whether the search leaves something aside: means, milestones, what was attempted."""
    if isinstance(node, Measure):
        return node.over is Over.ATTEMPTED
    return isinstance(node, Gpa | Milestone)


def _wrong_completion(found: Audited) -> Iterator[str]:
    """Yield what is wrong with the completion: its credits, or what it leaves unmet."""
    result, holding, setting = found.result, found.holding, found.setting
    if result.credits_left is None:
        return
    courses = found.resolved.courses
    codes = {item.course for item in result.witness.completion}
    sums = sum((courses[code].credits_low for code in codes), Fraction(0))
    if sums != result.credits_left:
        yield f"{result.credits_left} credits are left by the audit, {sums} by its completion"
    excused = {node for node in holding.active if setting.is_excepted(node)}

    def is_excused(node: NodeId) -> bool:
        return any(holding.is_below(node, top) for top in excused)

    for leaf in holding.leaves():
        asked = holding.rest_asks(leaf) if leaf.rest else None
        met = is_met(leaf, holding.held[leaf.header.id], asked, setting)
        if not met and not is_excused(leaf.header.id):
            yield f"{leaf.header.id} is not met by the completion"
    for measure, above in active_measures(holding):
        if measure.bound is not Bound.AT_LEAST or measure.over is not Over.APPLIED:
            continue
        if measure.distinct is not None or measure.per is not None:
            # when, where and by whom a missing course will be taken is not known
            continue
        total = holding.total_of(above)[1] or Fraction(0)
        have = amount(measure, holding.applied(measure.within), setting)
        if have >= bound_of(measure, total) or not result.is_completion_sure:
            # what nobody knows of a planned course may yet prove to fit
            continue
        if not (setting.is_excepted(measure.header.id) or is_excused(above)):
            yield f"{measure.header.id} is not reached by the completion"
