"""Repeats on the record: which of several attempts at a course can earn credit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator

from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record
from prospectus.domain.rule import WhichAttempt
from prospectus.legality.names import Names
from prospectus.legality.uses import can_earn, day_of, end_of, repeat_key, start_of, stated_grade


def earning(
    resolved: Resolved,
    record: Record,
    names: Names,
    is_limited: Callable[[Attempt], bool],
    late: frozenset[str],
    is_allowed: Callable[[Attempt, list[Attempt]], bool],
) -> frozenset[str]:
    """Return the ids of the attempts on record that can earn credit, after the repeat rule.

    `late` are those that come too late for it, known before. `is_limited` says which attempts the
    limit of attempts speaks of, `is_allowed` which may repeat those that count before them. Expiry
    depends on the conferral date and exclusions on what is planned: the model has both.
    """
    groups: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
    late |= beyond_limit(resolved, record, names, is_limited)
    late |= _repeats_beyond(resolved, record, names)
    for attempt in record.attempts:
        if attempt.id in late or not can_earn(attempt, resolved, names):
            continue
        groups[course_key(attempt, resolved, names)].append(attempt)
    rule = resolved.program.record_rules.repeats
    kept: set[str] = set()
    for (identity, _), members in groups.items():
        members.sort(key=lambda a: (end_of(a, resolved), a.id))
        group = [a for a in members if a.source is not CreditSource.WAIVER]
        # a waiver is no attempt in this sense: it stays
        kept |= {a.id for a in [a for a in members if a.source is CreditSource.WAIVER][:1]}
        if rule is not None and rule.allowed is not None:
            group = allowed_tries(group, is_allowed)
        if rule is not None and rule.cap is not None:
            early = {a.id for a in tries_of(identity, resolved, record, names)[: rule.cap + 1]}
            group = [a for a in group if a.id in early]
        if not group:
            continue
        how = WhichAttempt.BEST if rule is None or rule.use is None else rule.use
        kept.add(_chosen(group, how, resolved).id)
    return frozenset(kept)


def allowed_tries(
    group: list[Attempt], is_allowed: Callable[[Attempt, list[Attempt]], bool]
) -> list[Attempt]:
    """Return the first try at a course and those after it that the condition lets count."""
    kept = group[:1]
    for attempt in group[1:]:
        if is_allowed(attempt, kept):
            kept = [*kept, attempt]
    return kept


def _chosen(group: list[Attempt], how: WhichAttempt, resolved: Resolved) -> Attempt:
    if how is WhichAttempt.FIRST:
        return group[0]
    if how is WhichAttempt.NEWEST:
        return group[-1]
    return min(group, key=lambda attempt: goodness(attempt, resolved))


def goodness(attempt: Attempt, resolved: Resolved) -> tuple[int, bool]:
    """Return a key, least for the best attempt: by grade, then earned before open.

    What is under way without an expected grade ranks as the usual one.
    """
    scale = resolved.scale
    grade = stated_grade(attempt) or (scale.usual if attempt.is_open else None)
    return ((scale.rank(grade) or 0) if grade else 0, attempt.is_open)


def tries_of(identity: str, resolved: Resolved, record: Record, names: Names) -> list[Attempt]:
    """Return the tries at a course that a cap on repeats counts, failed ones too, in order."""
    return [
        attempt
        for attempt in _tries(resolved, record)
        if names.identity(attempt, day_of(attempt, resolved)) == identity
    ]


def is_try(attempt: Attempt) -> bool:
    """Return whether limits of attempts and caps on repeats count an attempt."""
    withdrawn = attempt.status is AttemptStatus.WITHDRAWN
    return not withdrawn and attempt.source is not CreditSource.WAIVER


def _tries(resolved: Resolved, record: Record) -> list[Attempt]:
    found = [attempt for attempt in record.attempts if is_try(attempt)]
    return sorted(found, key=lambda attempt: (end_of(attempt, resolved), attempt.id))


def repeats_on_record(resolved: Resolved, record: Record, names: Names) -> list[str]:
    """Return the ids of the tries that repeat a course, in order; of one that is repeatable none.

    A limit of repeats in all counts them.
    """
    seen: set[str] = set()
    found = []
    for attempt in _tries(resolved, record):
        day = day_of(attempt, resolved)
        course = names.course_of(attempt, day)
        if course is not None and course.repeatable is not None:
            continue
        identity = names.identity(attempt, day)
        if identity in seen:
            found.append(attempt.id)
        seen.add(identity)
    return found


def _repeats_beyond(resolved: Resolved, record: Record, names: Names) -> frozenset[str]:
    rule = resolved.program.record_rules.repeats
    if rule is None or rule.at_most_in_all is None:
        return frozenset()
    return frozenset(repeats_on_record(resolved, record, names)[rule.at_most_in_all :])


def beyond_limit(
    resolved: Resolved, record: Record, names: Names, is_limited: Callable[[Attempt], bool]
) -> frozenset[str]:
    """Return the attempts after the last that the programme allows of their course."""
    most = resolved.program.record_rules.attempts_at_most
    if most is None:
        return frozenset()
    groups: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in record.attempts:
        if is_try(attempt) and is_limited(attempt):
            groups[names.identity(attempt, day_of(attempt, resolved))].append(attempt)
    late: set[str] = set()
    for group in groups.values():
        ordered = sorted(group, key=lambda attempt: (start_of(attempt, resolved), attempt.id))
        late |= {attempt.id for attempt in ordered[most:]}
    return frozenset(late)


def barring(
    resolved: Resolved, record: Record, names: Names
) -> Iterator[tuple[Attempt, tuple[str, str]]]:
    """Yield the attempts passed too well for their course to be taken again, with their course."""
    rule = resolved.program.record_rules.repeats
    if rule is None or rule.only_below is None:
        return
    for attempt in record.attempts:
        grade = stated_grade(attempt)
        if grade is None or not resolved.scale.at_least(grade, rule.only_below):
            continue
        if can_earn(attempt, resolved, names):
            yield attempt, course_key(attempt, resolved, names)


def course_key(attempt: Attempt, resolved: Resolved, names: Names) -> tuple[str, str]:
    """Return what all attempts at one course (and topic or period) have in common."""
    day = day_of(attempt, resolved)
    course = names.course_of(attempt, day)
    by = "" if course is None else repeat_key(course, attempt)
    return names.identity(attempt, day), by


def barred(
    resolved: Resolved,
    record: Record,
    names: Names,
    bars_until: Callable[[Attempt], dt.date],
) -> frozenset[str]:
    """Return the attempts on record at courses that were already passed too well for that."""
    late: set[str] = set()
    for early, key in barring(resolved, record, names):
        end = end_of(early, resolved)
        for attempt in record.attempts:
            after = (end, early.id) < (end_of(attempt, resolved), attempt.id)
            start = start_of(attempt, resolved)
            if not after or not end <= start <= bars_until(early):
                continue
            if course_key(attempt, resolved, names) == key and can_earn(attempt, resolved, names):
                late.add(attempt.id)
    return frozenset(late)
