"""Audits written by hand, so that lines and re-check are tested without a search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction

from tests.degrees import TODAY, Places, record, witness

from prospectus.app.audit_check import Audited, recheck
from prospectus.audit.result import AuditResult, AuditStatus, Missing, NodeState, Tie, Unused
from prospectus.domain.meaning import judge
from prospectus.domain.plan import Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, Record
from prospectus.domain.requirement import Gpa, Milestone, NodeId


def result_of(
    rules: Resolved,
    what: Record,
    found: Witness,
    *,
    left: int | None = 0,
    missing: Sequence[Missing] = (),
    unused: Sequence[Unused] = (),
    ties: Sequence[Tie] = (),
    standings: Mapping[str, object] | None = None,
    today: dt.date = TODAY,
) -> AuditResult:
    """Return the result that the definition agrees with, but for the `standings` given."""
    verdict = judge(rules, what, found, today)
    apart = {
        item.header.id
        for item in (*rules.rules, *rules.tree.children)
        if isinstance(item, Gpa | Milestone)
    }
    states = tuple(
        NodeState(
            node=node.node,
            standing=None
            if node.node in apart
            else (standings or {}).get(node.node, node.standing),  # type: ignore[arg-type]
            held=node.held,
        )
        for node in verdict.nodes
    )
    credits = None if left is None else Fraction(left)
    return AuditResult(
        witness=found,
        credits_left=credits,
        bound=credits or Fraction(0),
        status=AuditStatus.PROVEN,
        met=tuple(state.node for state in states if state.standing == 4),
        nodes=states,
        missing=tuple(missing),
        unused=tuple(unused),
        ties=tuple(ties),
    )


def audited(
    rules: Resolved,
    what: Record | Sequence[Attempt],
    placed: Places | None = None,
    *,
    completion: Places | None = None,
    chosen: Mapping[str, str] | None = None,
    today: dt.date = TODAY,
    **more: object,
) -> Audited:
    """Return the audit of attempts under a witness, re-checked; `more` goes to `result_of`."""
    whole = what if isinstance(what, Record) else record(*what)
    found = witness(placed, completion=completion, chosen=chosen or {})
    result = result_of(rules, whole, found, today=today, **more)  # type: ignore[arg-type]
    return recheck(rules, whole, today, result, {})


def missing(node: str, *path: str, **more: object) -> Missing:
    """Return what a node lacks; `one_of=["CS 600"]` as plain lists."""
    for name in ("one_of", "chosen", "minima"):
        if name in more:
            more[name] = tuple(more[name])  # type: ignore[arg-type]
    return Missing(
        node=NodeId(node),
        path=tuple(NodeId(name) for name in (*path, node)),
        **more,  # type: ignore[arg-type]
    )
