"""Which attempts can earn credit: expiry, the repeat rule, exclusions, in this order."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from prospectus.domain.course import RepeatBy
from prospectus.domain.meaning.conditions import Moment, evaluate
from prospectus.domain.meaning.matching import expected_grade, matches
from prospectus.domain.meaning.setting import LONG_AGO, Setting, Use, add_months
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource
from prospectus.domain.rule import Exclude, WhichAttempt

FOREVER = dt.date(9999, 12, 31)
AFTER_ALL = dt.date(9000, 1, 1)
"""When what a completion buys is over: after everything on record."""
_GONE = (AttemptStatus.WITHDRAWN, AttemptStatus.FAILED, AttemptStatus.INCOMPLETE)
_EARNING = (
    AttemptStatus.PASSED,
    AttemptStatus.IN_PROGRESS,
    AttemptStatus.REGISTERED,
    AttemptStatus.PLANNED,
)


def uses(setting: Setting, conferral: dt.date | None = None) -> tuple[Use, ...]:
    """Return the uses of the record, judged for conferral on a day (None: no expiry yet)."""
    found = _before_exclusions(setting, conferral)
    lost = _excluded(found, setting)
    return _with_waivers([use for use in found if use.id not in lost], setting)


def _with_waivers(found: list[Use], setting: Setting) -> tuple[Use, ...]:
    """Return the uses, each waiver with the attempt at its course that counts beside it."""
    if not any(use.is_waiver for use in found):
        return tuple(found)
    taken = {_repeat_key(use, setting): use for use in found if not use.is_waiver}
    return tuple(
        use.beside_of(taken.get(_repeat_key(use, setting))) if use.is_waiver else use
        for use in found
    )


def last_day(setting: Setting) -> dt.date:
    """Return the end of the last attempt that was not given up; today where there is none."""
    ends = [setting.end(a) for a in setting.record.attempts if a.status not in _GONE]
    day = max(ends, default=LONG_AGO)
    return setting.today if day == LONG_AGO else day


def lost_by_buying(
    setting: Setting, bought: Sequence[Use], conferral: dt.date | None
) -> frozenset[str]:
    """Return what an exclusion takes credit from once courses are bought, and not before.

    These are uses on record or courses bought; what is bought ends after everything on record.
    """
    resolved, record = setting.resolved, setting.record
    if not bought or not any(isinstance(rule, Exclude) for rule in resolved.rules):
        return frozenset()
    found = _before_exclusions(Setting(resolved, record, setting.today), conferral)
    planned = tuple(replace(use.attempt, ended=AFTER_ALL) for use in bought)
    whole = replace(record, attempts=(*record.attempts, *planned))
    then = Setting(resolved, whole, setting.today)
    both = [*found, *(then.use(attempt, hypothetical=True) for attempt in planned)]
    return _excluded(both, then) - _excluded(found, setting)


def repeats_too_many(setting: Setting, bought: Sequence[Use]) -> frozenset[str]:
    """Return the courses bought that are more repeats than the whole record may have."""
    rule = setting.resolved.program.record_rules.repeats
    if rule is None or rule.at_most_in_all is None:
        return frozenset()
    planned = tuple(replace(use.attempt, ended=AFTER_ALL) for use in bought)
    whole = replace(setting.record, attempts=(*setting.record.attempts, *planned))
    late = _repeats_beyond(Setting(setting.resolved, whole, setting.today))
    return late & {use.id for use in bought}


def _before_exclusions(setting: Setting, conferral: dt.date | None) -> list[Use]:
    found = [setting.use(a) for a in setting.record.attempts if _can_earn(a, setting)]
    found = [use for use in found if not _has_expired(use, conferral, setting)]
    gone = barred(setting) | _beyond_limit(setting) | _repeats_beyond(setting)
    found = [use for use in found if use.id not in gone]
    return _apply_repeats(found, setting)


def history(
    setting: Setting, found: tuple[Use, ...], before: dt.date
) -> tuple[tuple[Use, ...], ...]:
    """Return what counted on each day up to one, last that day, with the record cut there.

    One entry where no repeat, exclusion or expiry has taken anything away.
    """
    able = [a for a in setting.record.attempts if _can_earn(a, setting)]
    if len(able) == len(found):
        return (found,)
    ends = sorted({setting.end(a) for a in able if setting.end(a) < before})
    cuts = []
    for day in (*ends, before):
        later = frozenset(a.id for a in setting.record.attempts if setting.end(a) > day)
        cuts.append(uses(setting.without(later), day))
    return tuple(cuts)


def _can_earn(attempt: Attempt, setting: Setting) -> bool:
    if attempt.status not in _EARNING or attempt.basis is Basis.AUDIT:
        return False
    # a stated expected grade is judged like an earned one
    name = expected_grade(attempt)
    grade = None if name is None else setting.resolved.scale.get(name)
    if grade is not None and not grade.earns:
        return False
    course = setting.course_of(attempt)
    return course is None or course.counts_credit


def _has_expired(use: Use, conferral: dt.date | None, setting: Setting) -> bool:
    rules = setting.resolved.program.record_rules
    if rules.expires_months is None or conferral is None:
        return False
    if rules.expires_of is not None and matches(rules.expires_of, use, setting) is not True:
        return False
    if not setting.leaves(use.attempt) and use.attempt.ended is None:
        return False
    return add_months(setting.end(use.attempt), rules.expires_months) < conferral


def barred(setting: Setting) -> frozenset[str]:
    """Return the attempts at a course that was already passed too well to be taken again.

    A grade that is still to come bars nothing, nor does credit that had expired by then.
    """
    if setting.barred is None:
        setting.barred = _barred(setting)
    return setting.barred


def _barred(setting: Setting) -> frozenset[str]:
    rule = setting.resolved.program.record_rules.repeats
    if rule is None or rule.only_below is None:
        return frozenset()
    found = [setting.use(a) for a in setting.record.attempts if _can_earn(a, setting)]
    late: set[str] = set()
    for group in _same_course(found, setting):
        for place, use in enumerate(group):
            grade = expected_grade(use.attempt)
            if grade is None or not setting.resolved.scale.at_least(grade, rule.only_below):
                continue
            end = setting.end(use.attempt)
            for later in group[place + 1 :]:
                start = setting.start(later.attempt)
                if end <= start and not _has_expired(use, start, setting):
                    late.add(later.id)
    return frozenset(late)


def _repeats_beyond(setting: Setting) -> frozenset[str]:
    """Return the repeats after the last that the programme allows in all, failed tries too."""
    rule = setting.resolved.program.record_rules.repeats
    if rule is None or rule.at_most_in_all is None:
        return frozenset()
    tries = [
        attempt
        for attempt in setting.record.attempts
        if _is_try(attempt) and setting.repeatable(attempt) is None
    ]
    tries.sort(key=lambda attempt: (setting.end(attempt), attempt.id))
    seen: set[str] = set()
    repeats = []
    for attempt in tries:
        name = setting.identity(attempt)
        if name in seen:
            repeats.append(attempt.id)
        seen.add(name)
    return frozenset(repeats[rule.at_most_in_all :])


def _beyond_limit(setting: Setting) -> frozenset[str]:
    """Return the attempts after the last that the programme allows of their course."""
    rules = setting.resolved.program.record_rules
    if rules.attempts_at_most is None:
        return frozenset()
    groups: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in setting.record.attempts:
        if not _is_try(attempt):
            continue
        use = setting.use(attempt)
        if rules.attempts_of is None or matches(rules.attempts_of, use, setting) is True:
            groups[setting.identity(attempt)].append(attempt)
    return frozenset(
        late.id
        for group in groups.values()
        for late in sorted(group, key=lambda a: (setting.start(a), a.id))[rules.attempts_at_most :]
    )


def _apply_repeats(found: list[Use], setting: Setting) -> list[Use]:
    """Return one use per course, or one per topic or period where it is repeatable.

    Where nobody says which attempt counts the best stands: an unknown rule does not bind. A waiver
    is no attempt in this sense; it stays.
    """
    rule = setting.resolved.program.record_rules.repeats
    kept: set[str] = set()
    for whole in _same_course(found, setting):
        kept |= {use.id for use in [use for use in whole if use.is_waiver][:1]}
        group = [use for use in whole if not use.is_waiver]
        if rule is not None and rule.allowed is not None:
            group = _allowed(group, setting)
        if rule is not None and rule.cap is not None:
            early = _first_tries(group, rule.cap + 1, setting)
            group = [use for use in group if use.id in early]
        if not group:
            continue
        how = WhichAttempt.BEST if rule is None or rule.use is None else rule.use
        kept.add(_chosen(group, how, setting).id)
    return [use for use in found if use.id in kept]


def _same_course(found: list[Use], setting: Setting) -> list[list[Use]]:
    """Return the uses by course (and topic or period), each group in the order of their ends."""
    groups: dict[tuple[str, str], list[Use]] = defaultdict(list)
    for use in found:
        groups[_repeat_key(use, setting)].append(use)
    for group in groups.values():
        if len(group) > 1:
            group.sort(key=lambda use: (setting.end(use.attempt), use.id))
    return list(groups.values())


def _repeat_key(use: Use, setting: Setting) -> tuple[str, str]:
    name = setting.identity(use.attempt)
    by = setting.repeatable(use.attempt)
    if by is RepeatBy.TOPIC:
        return name, use.attempt.topic or ""
    return name, " ".join(use.attempt.periods) if by is RepeatBy.PERIOD else ""


def _is_try(attempt: Attempt) -> bool:
    """Return whether limits of attempts and caps on repeats count an attempt."""
    withdrawn = attempt.status is AttemptStatus.WITHDRAWN
    return not withdrawn and attempt.source is not CreditSource.WAIVER


def _first_tries(group: list[Use], count: int, setting: Setting) -> frozenset[str]:
    """Return the first so many attempts of a group's course; tries that earn nothing count."""
    mine = {setting.identity(use.attempt) for use in group}
    tries = [
        attempt
        for attempt in setting.record.attempts
        if _is_try(attempt) and setting.identity(attempt) in mine
    ]
    ordered = sorted(tries, key=lambda attempt: (setting.end(attempt), attempt.id))
    return frozenset(attempt.id for attempt in ordered[:count])


def _allowed(group: list[Use], setting: Setting) -> list[Use]:
    rule = setting.resolved.program.record_rules.repeats
    assert rule is not None
    assert rule.allowed is not None
    kept = group[:1]
    for use in group[1:]:
        moment = Moment(before=setting.start(use.attempt), attempt=use.attempt)
        if evaluate(rule.allowed, moment, setting, kept) is not False:
            kept.append(use)
    return kept


def _chosen(group: list[Use], how: WhichAttempt, setting: Setting) -> Use:
    match how:
        case WhichAttempt.FIRST:
            return group[0]
        case WhichAttempt.NEWEST:
            return group[-1]
        case WhichAttempt.BEST:
            return min(group, key=lambda use: _goodness(use, setting))


def _goodness(use: Use, setting: Setting) -> tuple[int, bool]:
    """Return a key, least for the best: by grade, then earned before open, then first.

    An expected grade ranks like an earned one. Without one, what is under way is good enough for
    any floor and ranks as the usual grade: it stands before what was earned below that.
    """
    attempt, scale = use.attempt, setting.resolved.scale
    name = expected_grade(attempt)
    if name is None and attempt.is_open:
        name = scale.usual
    rank = None if name is None else scale.rank(name)
    return (0 if rank is None else rank, attempt.is_open)


def _excluded(found: list[Use], setting: Setting) -> frozenset[str]:
    """Return the attempts that an exclusion takes credit from: the later one, ties by code.

    Each condition is read once on background and on what is passed, in progress or planned.
    """
    lost: set[str] = set()
    for rule in setting.resolved.rules:
        if not isinstance(rule, Exclude) or setting.is_excepted(rule.header.id):
            continue
        for use in found:
            if rule.course not in use.names:
                continue
            without = setting.without(frozenset({use.id}))
            others = [other for other in found if other.id != use.id]
            if evaluate(rule.condition, Moment(before=FOREVER), without, others) is not True:
                continue
            loser = _later(use, rule, others, setting)
            lost.add(loser)
    return frozenset(lost)


def _later(use: Use, rule: Exclude, others: list[Use], setting: Setting) -> str:
    """Return the id of the attempt that loses: the excluded one, or the one that came after it.

    The condition came true with the attempt at whose end it first holds.
    """
    ordered = sorted(others, key=lambda other: _ended(other, setting))
    for count in range(len(ordered) + 1):
        known = frozenset(other.id for other in ordered[count:]) | {use.id}
        cut = setting.without(known)
        if evaluate(rule.condition, Moment(before=FOREVER), cut, ordered[:count]) is True:
            if count == 0:
                return use.id
            last = ordered[count - 1]
            return use.id if _ended(use, setting) > _ended(last, setting) else last.id
    return use.id


def _ended(use: Use, setting: Setting) -> tuple[dt.date, str]:
    """Return when a use was earned, ties by code; a waiver without a date gives way to all."""
    undated = use.is_waiver and use.attempt.ended is None and not setting.leaves(use.attempt)
    return (FOREVER if undated else setting.end(use.attempt), str(use.attempt.course))
