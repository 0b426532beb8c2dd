"""One audit, searched and then held against the definition of the rules before anyone sees it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.app.words import count
from prospectus.audit.result import AuditResult
from prospectus.domain.errors import InternalError
from prospectus.domain.meaning.holding import Holding, active_measures
from prospectus.domain.meaning.judging import judged, last_day
from prospectus.domain.meaning.setting import Setting, total_of
from prospectus.domain.meaning.sizes import amount, bound_of, is_met, plain
from prospectus.domain.plan import Standing, Verdict
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
    from prospectus.audit.conferring import audit_to_come

    mine = {node: child for node, child in choices.items() if _is_active_choice(resolved, node)}
    result = audit_to_come(
        resolved, record, today, choices=mine, conferral=conferral, seconds=seconds
    )
    return recheck(resolved, record, today, result, mine, seconds=seconds)


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
    *,
    seconds: float | None = DEFAULT_SECONDS,
) -> Audited:
    """Return the engine's answer with verdict and holding, having held the one to the other.

    Raises
    ------
    InternalError
        INT-005 when they disagree.
    """
    verdict, holding = judged(resolved, record, result.witness, today)
    found = Audited(
        resolved=resolved,
        record=record,
        today=today,
        choices=choices,
        result=result,
        verdict=verdict,
        setting=holding.setting,
        holding=holding,
        seconds=seconds,
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
    standings = {node.node: node.standing for node in verdict.nodes}
    pulled = _pulled(found, standings)
    for state in result.nodes:
        standing = standings.get(state.node)
        if standing is None:
            yield f"{state.node} is not active"
        elif state.standing is not None:
            # what no further course mends weakens what stands above it, and only that
            expected = min([state.standing, *pulled[state.node]])
            if standing is not expected:
                yield (
                    f"{state.node} is {expected.name} by the audit and {standing.name} "
                    "by definition"
                )
    yield from _wrong_completion(found)


def _pulled(
    found: Audited, standings: Mapping[NodeId, Standing]
) -> defaultdict[NodeId, list[Standing]]:
    """Return how what the search leaves aside stands, for each node that it weakens."""
    holding, setting = found.holding, found.setting
    root = found.resolved.tree.header.id
    apart = [
        (name, holding.parent.get(name)) for name, node in holding.active.items() if is_apart(node)
    ]
    apart += [(rule.header.id, root) for rule in found.resolved.rules if is_apart(rule)]
    pulled: defaultdict[NodeId, list[Standing]] = defaultdict(list)
    for name, above in apart:
        while above is not None and not setting.is_excepted(above):
            pulled[above].append(standings[name])
            above = holding.parent.get(above)
    return pulled


def is_apart(node: object) -> bool:
    """Return whether the search leaves something aside: means, milestones, what was attempted."""
    if isinstance(node, Measure):
        return node.over is Over.ATTEMPTED
    return isinstance(node, Gpa | Milestone)


def _wrong_completion(found: Audited) -> Iterator[str]:
    """Yield what is wrong with the completion: its credits, or what it leaves unmet."""
    result, holding, setting = found.result, found.holding, found.setting
    if result.credits_left is None:
        return
    bought = {use.id: use.credits for use in holding.uses.values() if use.hypothetical}
    sums = total_of(bought.values())
    if sums != result.credits_left:
        left = count(result.credits_left, "credit")
        yield f"the audit leaves {left}, its completion {count(sums, 'credit')}"
    excused = {node for node in holding.active if setting.is_excepted(node)}

    def is_excused(node: NodeId) -> bool:
        return any(holding.is_below(node, top) for top in excused)

    if holding.uncertain and result.is_sure:
        yield f"nobody knows whether what {min(holding.uncertain)} holds fits it"
    for leaf in holding.leaves():
        asked = holding.rest_asks(leaf) if leaf.rest else None
        met = is_met(leaf, holding.held[leaf.header.id], asked, setting)
        if not met and not is_excused(leaf.header.id):
            yield f"{leaf.header.id} is not met by the completion"
    for node in holding.active.values():
        if not isinstance(node, All) or node.total is None or is_excused(node.header.id):
            continue
        if _is_short(node, holding):
            yield f"the total of {node.header.id} is not reached by the completion"
    for measure, above in active_measures(holding):
        if measure.bound is not Bound.AT_LEAST or measure.over is not Over.APPLIED:
            continue
        if measure.distinct is not None or measure.per is not None:
            # when, where and by whom a missing course will be taken is not known
            continue
        total = holding.total_of(above)[1] or Fraction(0)
        items = holding.applied(measure.within)
        if amount(measure, items, setting) >= bound_of(measure, total):
            continue
        if setting.is_excepted(measure.header.id) or is_excused(above):
            continue
        # counted as for a most: what nobody knows may yet prove to fit
        hoped = amount(replace(measure, bound=Bound.AT_MOST), items, setting)
        if result.is_sure or hoped < bound_of(measure, total):
            yield f"{measure.header.id} is not reached by the completion"


def _is_short(node: All, holding: Holding) -> bool:
    """Return whether what counts below a node, the completion included, misses its total."""
    items = holding.applied(below=node.header.id)
    _, asked = holding.total_of(node.header.id)
    if asked is not None and total_of([item.credits for item in items]) < asked:
        return True
    if node.total is None or node.total.courses is None:
        return False
    return sum(not item.use.is_waiver for item in items) < plain(node.total.courses).low
