"""Courses on record that are to be taken again, because what they earned does not do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from prospectus.app.audit_answers import AuditSummary, MissingLine, RetakeLine
from prospectus.app.audit_check import MOST_SEARCHED, Audited, recheck
from prospectus.app.audit_letters import as_planned, least_grade
from prospectus.app.audit_lines import summary
from prospectus.app.audit_missing import next_runs
from prospectus.app.audit_standing import nodes_shown
from prospectus.app.audit_words import labels_of
from prospectus.audit.result import AuditResult
from prospectus.domain.meaning import uses
from prospectus.domain.meaning.holding import admits
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.meaning.uses import barred
from prospectus.domain.plan import NodeVerdict
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource, Record
from prospectus.domain.requirement import NodeId
from prospectus.domain.rule import Exclude

_FAR = dt.date(9999, 12, 31)
_MOST_TRIED = 8
_MOST_TOGETHER = 3

_EARNED = (
    AttemptStatus.PASSED,
    AttemptStatus.IN_PROGRESS,
    AttemptStatus.REGISTERED,
    AttemptStatus.PLANNED,
)

_Again = Sequence[tuple[Attempt, RetakeLine]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retaken:
    """The audit with some courses planned once more, and these courses."""

    audited: Audited
    lines: tuple[RetakeLine, ...]
    notes: tuple[str, ...]

    @property
    def cost(self) -> Fraction:
        """Return the credits to take, those taken again among them."""
        left = self.audited.result.credits_left or Fraction(0)
        return left + sum((line.credits for line in self.lines), Fraction(0))

    @property
    def attempts(self) -> frozenset[str]:
        """Return the attempts that are taken again, by id."""
        return frozenset(line.attempt for line in self.lines)

    def missing(self) -> tuple[MissingLine, ...]:
        """Return what is to be taken again, as parts of the requirements it is for."""
        found = self.audited
        lines = []
        for line in self.lines:
            runs = next_runs(
                [code for code in found.resolved.courses if str(code) == line.course],
                found.resolved,
                found.today,
            )
            when = f"; it runs next in {runs[0].period} ({runs[0].kind})" if runs else ""
            lines.append(
                MissingLine(
                    id=line.node,
                    label=line.label,
                    path=line.path,
                    courses=1,
                    credits=line.credits,
                    one_of=(line.course,),
                    chosen=(line.course,),
                    minima=(),
                    next_runs=runs,
                    again=(line.course,),
                    text=line.text + when,
                )
            )
        return tuple(lines)


def retaken(found: Audited) -> Retaken | None:
    """Return the cheapest audit with courses taken again; None where that helps nothing.

    The completion takes no course that is on record, so those that a missing requirement
    refuses as they stand are tried as planned once more: each set of a few of them.
    """
    if not found.result.is_proven or found.result.searched > MOST_SEARCHED:
        return None
    candidates = list(_candidates(found))
    tried = candidates[:_MOST_TRIED]
    if not tried:
        return None
    before = found.result.credits_left
    least_again = min(line.credits for _, line in tried)
    if before is not None and least_again >= before:
        return None
    whole = _with(found, tried)
    least = _least_left(found, whole) if len(tried) == len(candidates) else Fraction(0)
    if before is not None and least + least_again >= before:
        # whatever is taken again, as much is to take as before
        return None
    chosen = _cheapest(found, tried, least, whole)
    if chosen is None and whole is not None:
        chosen = _spared(found, tried, whole)
    if chosen is None or (before is not None and chosen.cost >= before):
        return None
    best = _checked(found, chosen)
    # a set that was not tried may be cheaper
    more = sorted(line.credits for _, line in candidates)[: _MOST_TOGETHER + 1]
    is_cut = len(more) > _MOST_TOGETHER and least + sum(more) < best.cost
    if len(candidates) > len(tried) or is_cut:
        note = (
            f"what is to be taken again was sought among {len(tried)} of {len(candidates)} "
            f"courses, at most {_MOST_TOGETHER} at once: other courses may be fewer credits"
        )
        best = replace(best, notes=(*best.notes, note))
    return best


def shown(found: Audited, again: Retaken | None) -> Mapping[NodeId, NodeVerdict]:
    """Return how the nodes are shown to stand, with what is to be taken again still ahead."""
    if again is None:
        return nodes_shown(found)
    return nodes_shown(found, again.audited, again.attempts)


def short(found: Audited, again: Retaken | None) -> AuditSummary:
    """Return the audit in short, its credits left beside what is to be taken again."""
    plain = summary(found, shown(found, again))
    if again is None:
        return plain
    left = again.audited.result.credits_left
    return replace(plain, credits_left=left, again=tuple(line.text for line in again.lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """The engine's answer with some courses planned once more."""

    record: Record
    again: _Again
    result: AuditResult

    @property
    def cost(self) -> Fraction:
        """Return the credits to take, those taken again among them."""
        return (self.result.credits_left or Fraction(0)) + _credits(self.again)


def _least_left(found: Audited, whole: _Tried | None) -> Fraction:
    """Return the fewest credits that may be left, whichever of the courses are taken again."""
    repeats = found.resolved.program.record_rules.repeats
    is_limited = repeats is not None and repeats.at_most_in_all is not None
    if whole is None or is_limited or any(isinstance(r, Exclude) for r in found.resolved.rules):
        # more courses taken again may then bring less
        return Fraction(0)
    return whole.result.credits_left or Fraction(0)


def _cheapest(
    found: Audited, tried: _Again, least: Fraction, whole: _Tried | None
) -> _Tried | None:
    """Return the best of the sets of a few, fewest credits first; None where none completes.

    `whole` is the answer with all of them.
    """
    sets = [some for size in range(1, _MOST_TOGETHER + 1) for some in combinations(tried, size)]
    best: _Tried | None = None
    for some in sorted(sets, key=_credits):
        if best is not None and least + _credits(some) >= best.cost:
            break
        answer = whole if len(some) == len(tried) else _with(found, some)
        if answer is not None and (best is None or answer.cost < best.cost):
            best = answer
    return best


def _credits(again: _Again) -> Fraction:
    return sum((line.credits for _, line in again), Fraction(0))


def _spared(found: Audited, tried: _Again, best: _Tried) -> _Tried:
    """Return the audit with all of them without those that it can spare."""
    kept = list(tried)
    for one in tried:
        fewer = [other for other in kept if other is not one]
        answer = _with(found, fewer) if fewer else None
        if answer is not None and answer.cost <= best.cost:
            best, kept = answer, fewer
    return best


def _with(found: Audited, again: _Again) -> _Tried | None:
    """Return the audit with some courses planned once more, after all that is on record.

    The new attempt is to be the one that counts: what was had of the course before it earns
    nothing, and is still a try.
    """
    # The engine is loaded by this command alone.
    from prospectus.audit.regrade import with_planned

    setting = found.setting
    day = _after_all(found)
    planned = {one.id: replace(as_planned(found, one), ended=day) for one, _ in again}
    old = {setting.identity(attempt) for attempt, _ in again}
    attempts = []
    for one in found.record.attempts:
        name = f"before: {one.id}" if one.id in planned else one.id
        is_old = setting.identity(one) in old and one.status in _EARNED
        # a waiver is no attempt: it stays beside the new one
        is_beaten = is_old and one.source is not CreditSource.WAIVER
        status = AttemptStatus.FAILED if is_beaten else one.status
        attempts.append(replace(one, id=name, status=status))
        if one.id in planned:
            attempts.append(planned[one.id])
    record = replace(found.record, attempts=tuple(attempts))
    # where there are more repeats than the whole record may have, not all of them count
    result = with_planned(
        found.resolved,
        record,
        found.today,
        planned,
        choices=found.choices,
        seconds=found.seconds,
    )
    return None if result is None else _Tried(record=record, again=again, result=result)


def _checked(found: Audited, tried: _Tried) -> Retaken:
    """Return what is proposed, held against the definition of the rules."""
    checked = recheck(
        found.resolved,
        tried.record,
        found.today,
        tried.result,
        found.choices,
        seconds=found.seconds,
    )
    notes = []
    rule = found.resolved.program.record_rules.repeats
    if rule is None or rule.use is None:
        codes = ", ".join(line.course for _, line in tried.again)
        notes.append(
            f"no known rule says whether {codes} may be taken again and which attempt then "
            "counts: that it may, and the new one does, is assumed"
        )
    return Retaken(
        audited=checked,
        lines=tuple(line for _, line in tried.again),
        notes=tuple(notes),
    )


def _after_all(found: Audited) -> dt.date:
    """Return a day after today and after all that is on record."""
    ends = [found.setting.end(one) for one in found.record.attempts]
    return max([found.today, *ends]) + dt.timedelta(days=1)


def _candidates(found: Audited) -> Iterator[tuple[Attempt, RetakeLine]]:
    """Yield the attempts that a missing leaf refuses as they stand and would take if repeated."""
    setting, lacking = found.setting, {one.node for one in found.result.missing}
    labels = labels_of(found.resolved)
    paths = {one.node: tuple(str(node) for node in one.path) for one in found.result.missing}
    unused = {one.attempt for one in found.result.unused}
    leaves = [leaf for leaf in found.holding.leaves() if leaf.header.id in lacking]
    for attempt in found.record.attempts:
        if attempt.id not in found.holding.uses or setting.repeatable(attempt) is not None:
            continue
        if attempt.topic is not None or attempt.course not in found.resolved.courses:
            continue
        for leaf in leaves:
            use = setting.use(attempt)
            # what is admitted and yet unused is kept out by a most or by where it comes from
            refused = admits(leaf, use, setting) is False or attempt.id in unused
            if not refused:
                continue
            grade = least_grade(found, attempt, leaf)
            had = attempt.expected_grade if attempt.is_open else attempt.grade
            is_same = grade == had and attempt.source is CreditSource.HOME
            if grade is None or (is_same and attempt.basis is Basis.LETTER):
                continue
            # what is under way is to be taken again only where the grade expected of it is known
            if (attempt.is_open and had is None) or not _may_repeat(found, attempt, grade):
                continue
            yield (
                attempt,
                RetakeLine(
                    attempt=attempt.id,
                    course=str(attempt.course),
                    grade=grade,
                    credits=found.resolved.courses[attempt.course].credits_low,
                    node=str(leaf.header.id),
                    label=labels[str(leaf.header.id)],
                    path=paths[leaf.header.id],
                    text=_text(attempt, grade, found),
                ),
            )
            break


def _text(attempt: Attempt, grade: str, found: Audited) -> str:
    best = found.resolved.scale.grades[0].name
    floor = f"with {grade}" + ("" if grade == best else " or better")
    if attempt.source is not CreditSource.HOME:
        return f"{attempt.course} taken here {floor}"
    if attempt.basis is not Basis.LETTER:
        return f"{attempt.course} again for a letter grade, {floor}"
    if attempt.is_open:
        return f"{attempt.course} {floor}, now or again ({attempt.expected_grade} is expected)"
    return f"{attempt.course} again {floor}"


def _may_repeat(found: Audited, attempt: Attempt, grade: str) -> bool:
    """Return whether the repeat rule lets a new attempt count; what is unknown does not bind."""
    new = replace(
        as_planned(found, attempt),
        id=f"again: {attempt.id}",
        status=AttemptStatus.PASSED,
        grade=grade,
        ended=_after_all(found),
    )
    rule = found.resolved.program.record_rules.repeats
    old = attempt
    both = replace(found.record, attempts=(*found.record.attempts, new))
    if new.id in barred(Setting(found.resolved, both, found.today)):
        return False
    if rule is None or rule.use is None:
        # only the number of tries can speak against it
        old = replace(attempt, status=AttemptStatus.FAILED)
        others = tuple(old if one.id == attempt.id else one for one in found.record.attempts)
        both = replace(found.record, attempts=(*others, new))
    return any(use.id == new.id for use in uses(Setting(found.resolved, both, found.today), _FAR))
