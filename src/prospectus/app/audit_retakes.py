"""Courses on record that are to be taken again, because what they earned does not do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.app.audit_answers import AuditSummary, MissingLine, RetakeLine
from prospectus.app.audit_check import MOST_SEARCHED, Audited, audit_again
from prospectus.app.audit_lines import summary
from prospectus.app.audit_missing import next_runs
from prospectus.app.audit_words import labels_of
from prospectus.domain.meaning import uses
from prospectus.domain.meaning.holding import admits
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.meaning.uses import barred
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource
from prospectus.domain.requirement import Fill

_FAR = dt.date(9999, 12, 31)
_MOST_TRIED = 6


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

    The completion takes no course that is on record, so each one that a missing requirement
    refuses as it stands is tried as planned once more: singly, then together.
    """
    if not found.result.is_proven or found.result.searched > MOST_SEARCHED:
        return None
    tried = list(_candidates(found))[:_MOST_TRIED]
    if not tried:
        return None
    before = found.result.credits_left
    sets = [[one] for one in tried]
    answers = [one for one in (_with(found, some) for some in sets) if one is not None]
    if not answers and len(tried) > 1:
        answers = list(_together(found, tried))
    best = min(answers, key=lambda one: one.cost, default=None)
    return None if best is None or (before is not None and best.cost >= before) else best


def short(found: Audited, again: Retaken | None) -> AuditSummary:
    """Return the audit in short, its credits left beside what is to be taken again."""
    plain = summary(found)
    if again is None:
        return plain
    left = again.audited.result.credits_left
    return replace(plain, credits_left=left, again=tuple(line.text for line in again.lines))


def _together(found: Audited, tried: Sequence[tuple[Attempt, RetakeLine]]) -> Iterator[Retaken]:
    """Yield the audit with all of them, where it completes, without those that it can spare."""
    kept = list(tried)
    best = _with(found, kept)
    if best is None:
        return
    for one in tried:
        fewer = [other for other in kept if other is not one]
        answer = _with(found, fewer) if fewer else None
        if answer is not None and answer.cost <= best.cost:
            best, kept = answer, fewer
    yield best


def _with(found: Audited, again: Sequence[tuple[Attempt, RetakeLine]]) -> Retaken | None:
    """Return the audit with some attempts planned once more in the place of the old ones."""
    planned = {attempt.id: _planned(found, attempt) for attempt, _ in again}
    attempts = tuple(planned.get(one.id, one) for one in found.record.attempts)
    audited = audit_again(found, record=replace(found.record, attempts=attempts))
    if audited.result.credits_left is None or not audited.result.is_proven:
        return None
    notes = []
    rule = found.resolved.program.record_rules.repeats
    if rule is None or rule.use is None:
        codes = ", ".join(line.course for _, line in again)
        notes.append(
            f"no known rule says whether {codes} may be taken again and which attempt then "
            "counts: that it may, and the new one does, is assumed"
        )
    return Retaken(audited=audited, lines=tuple(line for _, line in again), notes=tuple(notes))


def _planned(found: Audited, attempt: Attempt) -> Attempt:
    return Attempt(
        id=attempt.id,
        course=attempt.course,
        credits=found.resolved.courses[attempt.course].credits_low,
        status=AttemptStatus.PLANNED,
    )


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
            use, grade = setting.use(attempt), _least_grade(found, attempt, leaf)
            # what is admitted and yet unused is kept out by a most or by where it comes from
            refused = admits(leaf, use, setting) is False or attempt.id in unused
            is_same = grade == attempt.grade and attempt.source is CreditSource.HOME
            if not refused or grade is None or (is_same and attempt.basis is Basis.LETTER):
                continue
            if attempt.is_open or not _may_repeat(found, attempt, grade):
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


def _least_grade(found: Audited, attempt: Attempt, leaf: Fill) -> str | None:
    """Return the least letter with which a leaf takes a course of this school."""
    for grade in reversed(found.resolved.scale.grades):
        if grade.earns and grade.points is not None:
            passed = replace(
                _planned(found, attempt), grade=grade.name, status=AttemptStatus.PASSED
            )
            if admits(leaf, found.setting.use(passed), found.setting) is True:
                return grade.name
    return None


def _text(attempt: Attempt, grade: str, found: Audited) -> str:
    best = found.resolved.scale.grades[0].name
    floor = f"with {grade}" + ("" if grade == best else " or better")
    if attempt.source is not CreditSource.HOME:
        return f"{attempt.course} taken here {floor}"
    if attempt.basis is not Basis.LETTER:
        return f"{attempt.course} again for a letter grade, {floor}"
    return f"{attempt.course} again {floor}"


def _may_repeat(found: Audited, attempt: Attempt, grade: str) -> bool:
    """Return whether the repeat rule lets a new attempt count; what is unknown does not bind."""
    setting = found.setting
    ends = [setting.end(one) for one in found.record.attempts]
    new = replace(
        _planned(found, attempt),
        id=f"again: {attempt.id}",
        status=AttemptStatus.PASSED,
        grade=grade,
        ended=max([found.today, *ends]) + dt.timedelta(days=1),
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
