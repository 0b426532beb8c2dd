"""The kinds of case that the audit's differential has to hold, and how often at the least."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from tests.degrees import TODAY
from tests.differential.audit_drawing import Case

from prospectus.audit import AuditResult, audit
from prospectus.audit.result import Reason
from prospectus.domain.meaning import uses
from prospectus.domain.meaning.holding import admits
from prospectus.domain.meaning.judging import last_day
from prospectus.domain.meaning.matching import matches, nodes
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.meaning.sizes import Held, bound_of, is_met
from prospectus.domain.requirement import Any, Bound, Fill, Measure, Share
from prospectus.domain.rule import Exclude

OFTEN = Fraction(1, 20)
"""The least share of each kind that docs/language.md names, or that audits easily get wrong."""

NAMED = frozenset(
    {
        "approval",
        "block total",
        "counting pool",
        "declared choice",
        "excepted above leaves",
        "expired",
        "force",
        "gate",
        "insert",
        "lower is better",
        "measure in",
        "minima",
        "overlap if",
        "per",
        "repeat",
        "single equivalent",
        "stated conferral",
        "substitute",
        "surplus",
        "taken under an old number",
        "transfers over a cap",
        "tried too often",
        "two met children",
        "undeclared choice",
        "unknown attribute",
        "variable credits bought",
        "variable credits over a cap",
        "view pool",
        "waive",
        "waiver",
        "when",
    }
)

DRAWN = frozenset(
    {
        "another try",
        "any",
        "areas",
        "at least",
        "at most",
        "attempts: block",
        "cap inside a leaf",
        "complete",
        "composite",
        "counted elsewhere",
        "cross-listed",
        "cross-listed and both wanted",
        "distinct",
        "exclude",
        "exclude by credits or courses",
        "excluding and both wanted",
        "former content",
        "in progress",
        "incomplete",
        "less waived",
        "low grade",
        "mean and milestone",
        "mixed credits",
        "n..m credits",
        "no completion",
        "overlap",
        "overlap by grade",
        "planned",
        "repeatable",
        "repeats: cap",
        "repeats: in all",
        "repeats: only below",
        "rest",
        "rest n..m",
        "rule excepted",
        "share of total",
        "split",
        "topic leaf",
        "total",
        "total in courses",
        "transfer",
        "twins",
        "two of three",
        "two sizes",
        "variable credits",
    }
)
"""Kinds that have to occur at all."""


def kinds_of(case: Case, answer: AuditResult) -> set[str]:
    """Return the kinds of a case: those drawn, and those that its record and answer make so."""
    setting = Setting(case.resolved, case.record, TODAY)
    found = uses(setting, case.conferral or last_day(setting))
    kinds = set(case.kinds)
    if answer.credits_left is None:
        kinds.add("no completion")
    else:
        kinds.add("complete" if answer.is_complete else "incomplete")
    if answer.unused:
        kinds.add("surplus")
    why = {one.reason for one in answer.unused}
    if Reason.EXPIRED in why:
        kinds.add("expired")
    if Reason.TRIED_TOO_OFTEN in why:
        kinds.add("tried too often")
    old = {rename.old for rename in case.resolved.school.renames}
    if any(use.attempt.course in old for use in found):
        kinds.add("taken under an old number")
    kinds |= _kept_apart(case, answer)
    for node in nodes(case.resolved.tree):
        if isinstance(node, Any) and _n_met(node, found, setting) > node.n:
            kinds.add("two met children")
        if isinstance(node, Measure) and node.bound is Bound.AT_MOST:
            kinds |= _over_cap(node, found, setting)
    for one in answer.witness.completion:
        item = case.resolved.courses[one.course]
        if item.credits_low != item.credits_high:
            kinds.add("variable credits bought")
    return kinds


def _kept_apart(case: Case, answer: AuditResult) -> set[str]:
    """Return whether more would be left, or none complete it, only for what goes not together.

    None of it is on record, so that what is bought is held against itself.
    """
    resolved, kinds = case.resolved, set[str]()
    tried = {attempt.course for attempt in case.record.attempts}
    without = {
        "cross-listed and both wanted": (
            {code for group in resolved.school.cross_listed for code in group},
            replace(resolved, school=replace(resolved.school, cross_listed=())),
        ),
        "excluding and both wanted": (
            {rule.course for rule in resolved.rules if isinstance(rule, Exclude)},
            replace(resolved, rules=tuple(r for r in resolved.rules if not isinstance(r, Exclude))),
        ),
    }
    for kind, (codes, freer) in without.items():
        if codes and tried.isdisjoint(codes):
            there = audit(
                freer, case.record, TODAY, choices=dict(case.choices), conferral=case.conferral
            )
            if there.credits_left != answer.credits_left:
                kinds.add(kind)
    return kinds


def _n_met(node: Any, found: Iterable[Use], setting: Setting) -> int:
    """Return how many leaves under a choice the record could meet, each alone."""
    n = 0
    for leaf in node.children:
        if isinstance(leaf, Fill) and leaf.areas is None and not leaf.rest:
            held = [Held(use=use) for use in found if admits(leaf, use, setting) is True]
            n += is_met(leaf, held, None, setting)
    return n


def _over_cap(cap: Measure, found: Iterable[Use], setting: Setting) -> set[str]:
    """Return whether transfers, or a course of variable credits, reach beyond a cap."""
    if cap.credits is None or isinstance(cap.credits, Share) or cap.per is not None:
        return set()
    mine = [use for use in found if matches(cap.of, use, setting) is True]
    most = bound_of(cap, Fraction(0))
    if sum((use.credits for use in mine), Fraction(0)) <= most:
        return set()
    kinds: set[str] = set()
    if cap.header.id == "transferred":
        kinds.add("transfers over a cap")
    if any(use.course and use.course.credits_low != use.course.credits_high for use in mine):
        kinds.add("variable credits over a cap")
    return kinds
