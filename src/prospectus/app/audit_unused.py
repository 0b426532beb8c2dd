"""What is on record and counts for nothing, each attempt with the rule behind it."""

from __future__ import annotations

from dataclasses import replace

from prospectus.app.audit_answers import UnusedLine
from prospectus.app.audit_check import Audited
from prospectus.app.audit_kept import kept
from prospectus.app.audit_lines import courses_of, path_to
from prospectus.app.audit_words import allows_nothing, labels_of, unused_text
from prospectus.app.words import listed
from prospectus.audit.result import Reason, Unused
from prospectus.domain.meaning.holding import active_measures, admits
from prospectus.domain.meaning.matching import matches
from prospectus.domain.meaning.setting import Use
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource
from prospectus.domain.requirement import Fill, NodeId

_MOST_KEPT = 20_000


def is_kept_out(found: Audited, attempt: Attempt, leaf: Fill) -> bool:
    """Return whether a leaf would take an attempt with the best grade and does not as it is."""
    if attempt.basis is not Basis.LETTER or attempt.source is CreditSource.WAIVER:
        return False
    return (
        _is_taken_at_best(found, attempt, leaf)
        and admits(leaf, found.setting.use(attempt), found.setting) is False
    )


def _is_taken_at_best(found: Audited, attempt: Attempt, leaf: Fill) -> bool:
    """Return whether a leaf would take an attempt with the best grade."""
    return admits(leaf, _at_best(found, attempt), found.setting) is True


def _at_best(found: Audited, attempt: Attempt) -> Use:
    """Return an attempt as a use with the best grade; attempts that are alike have one."""
    known, kind = kept(found.resolved, _nothing_known), found.setting.use(attempt).kind
    use = known.get(kind)
    if use is None:
        if len(known) >= _MOST_KEPT:
            known.clear()
        best = found.resolved.scale.grades[0].name
        passed = replace(attempt, grade=best, status=AttemptStatus.PASSED)
        use = known[kind] = found.setting.use(passed)
    return use


def _nothing_known(_: Resolved) -> dict[int, Use]:
    return {}


def unused_lines(found: Audited) -> tuple[UnusedLine, ...]:
    """Return what is on record and counts for nothing, each with the reason.

    A waiver brings no credit, so one that a requirement holds, in whatever pool, is used.
    """
    attempts = {attempt.id: attempt for attempt in found.record.attempts}
    courses, labels = courses_of(found), labels_of(found.resolved)
    lines = []
    for one in found.result.unused:
        attempt = attempts[one.attempt]
        serves = [
            labels[str(leaf.header.id)]
            for leaf in found.holding.leaves()
            if any(item.use.id == one.attempt for item in found.holding.held[leaf.header.id])
        ]
        if serves and attempt.source is CreditSource.WAIVER:
            continue
        one = _in_active(found, one, attempt)
        holders = tuple(courses[name].code for name in one.holders if name in courses)
        text = unused_text(one, attempt, found.resolved, list(holders))
        if serves:
            text = f"it serves {listed(serves, 'and')} and its credits do not count: {text}"
        lines.append(
            UnusedLine(
                course=courses[one.attempt],
                reason=one.reason.value,
                node=None if one.node is None else str(one.node),
                path=tuple(str(node) for node in one.path),
                holders=holders,
                text=text,
            )
        )
    return tuple(lines)


def _in_active(found: Audited, one: Unused, attempt: Attempt) -> Unused:
    """Return a reason that names a rule which binds here, not one of what was not chosen."""
    if one.reason is Reason.NOTHING and (cap := _barring(found, attempt)) is not None:
        return replace(one, reason=Reason.CAP, node=cap, path=_path(found, cap))
    # a course without a grade that an open leaf would take is asked for its grade first
    is_ungraded = one.reason is Reason.CHOICE and attempt.grade is None
    is_elsewhere = one.reason is Reason.FLOOR and one.node is not None
    if not is_ungraded and (not is_elsewhere or one.node in found.holding.active):
        return one
    leaves = (leaf for leaf in found.holding.leaves() if found.holding.counts(leaf))
    here = next((leaf.header.id for leaf in leaves if is_kept_out(found, attempt, leaf)), None)
    if here is not None:
        return replace(one, reason=Reason.FLOOR, node=here, path=_path(found, here))
    if is_ungraded:
        return one
    chosen = {node for node, _ in found.result.witness.choices}
    choice = next((node for node in reversed(one.path) if node in chosen), None)
    if choice is None:
        return one
    return replace(one, reason=Reason.CHOICE, node=choice, path=_path(found, choice))


def _barring(found: Audited, attempt: Attempt) -> NodeId | None:
    """Return the most of nothing that shuts an attempt's kind of credit out."""
    use = found.setting.use(attempt)
    for measure, _ in active_measures(found.holding):
        if allows_nothing(measure) and matches(measure.of, use, found.setting) is True:
            return measure.header.id
    return None


def _path(found: Audited, node: NodeId) -> tuple[NodeId, ...]:
    path = tuple(NodeId(name) for name in path_to(found, node))
    root = found.resolved.tree.header.id
    return path if path[0] == root else (root, *path)


def no_longer(shown: Audited, other: Audited) -> tuple[str, ...]:
    """Return the courses that count in the total of one audit and not in that of another."""
    kept = {item.use.id for item in other.holding.applied()}
    courses = courses_of(shown)
    gone = [
        courses[item.use.id].code
        for item in shown.holding.applied()
        if item.use.id in courses and item.use.id not in kept
    ]
    return tuple(dict.fromkeys(gone))
