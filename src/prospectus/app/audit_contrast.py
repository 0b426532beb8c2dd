"""Two audits side by side, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prospectus.app.audit_answers import NOT_KNOWN, AuditSummary, Contrast
from prospectus.app.audit_check import Audited
from prospectus.app.audit_retakes import retaken, short
from prospectus.app.audit_words import labels_of
from prospectus.domain.printer import print_number


def contrast(title: str, before: Audited, after: Audited) -> Contrast:
    """Return what a second audit says otherwise than the first.

    Of two programmes only the whole is compared: ids that both have need not mean the same.
    """
    one, other = short(before, retaken(before)), short(after, retaken(after))
    labels = labels_of(before.resolved) | labels_of(after.resolved)
    if before.resolved.program.id == after.resolved.program.id:
        told = differences(one, other, labels)
    else:
        told = tuple(_wholes(one, other))
    return Contrast(title=title, before=one, after=other, differences=told)


def differences(
    before: AuditSummary, after: AuditSummary, labels: Mapping[str, str]
) -> tuple[str, ...]:
    """Return what differs, the credits first; nothing where nothing does."""
    return tuple(_differences(before, after, labels))


def _differences(
    before: AuditSummary, after: AuditSummary, labels: Mapping[str, str]
) -> Iterator[str]:
    yield from _wholes(before, after)
    old, new = dict(before.standings), dict(after.standings)
    root = before.standings[0][0] if before.standings else ""
    for node, standing in after.standings:
        if node in old and node != root and old[node] != standing:
            yield f"{labels.get(node, node)}: {old[node]} -> {standing}"
    gone = [labels.get(node, node) for node in old if node not in new]
    come = [f"{labels.get(n, n)} ({word})" for n, word in after.standings if n not in old]
    if come:
        yield f"now asked: {', '.join(come)}"
    if gone:
        yield f"no longer asked: {', '.join(gone)}"
    if late := [name for name in after.missed if name not in before.missed]:
        yield f"not kept in time: {', '.join(late)}"
    if kept := [name for name in before.missed if name not in after.missed]:
        yield f"no longer missed: {', '.join(kept)}"


def _wholes(before: AuditSummary, after: AuditSummary) -> Iterator[str]:
    if left(before) != left(after):
        yield f"credits left: {left(before)} -> {left(after)}"
    if before.standing != after.standing:
        yield f"the degree: {before.standing} -> {after.standing}"


def left(found: AuditSummary) -> str:
    """Return the credits left and what is to be taken again, or that no course completes it."""
    if found.standing == NOT_KNOWN:
        return NOT_KNOWN
    if found.credits_left is None:
        return "cannot be completed"
    return " and ".join((print_number(found.credits_left), *found.again))
