"""Records drawn for batches: of drawn rules, and of a bundled programme's courses."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from prospectus.app.audit_batch_beside import Beside
from prospectus.audit import AuditResult
from prospectus.audit.batch import BATCH_STEPS, BatchAuditor
from prospectus.audit.batch_answer import answer_of
from prospectus.audit.conferring import audit_to_come
from prospectus.domain.course import CourseCode
from prospectus.domain.meaning import judge
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record


def parts_of(record: Record, rng: random.Random, n: int) -> list[tuple[Attempt, ...]]:
    """Return records with some of the attempts of one, in some order, now and then regraded."""
    found = []
    for _ in range(n):
        chosen = [one for one in record.attempts if rng.random() < 0.7]
        rng.shuffle(chosen)
        if chosen and rng.random() < 0.3:
            giver = rng.choice(record.attempts)
            place = rng.randrange(len(chosen))
            if chosen[place].grade is not None and giver.grade is not None:
                chosen[place] = replace(chosen[place], grade=giver.grade, status=giver.status)
        found.append(tuple(chosen))
    return found


def drawn_record(
    resolved: Resolved, rng: random.Random, *, most: int = 14, plain: bool = False
) -> tuple[Attempt, ...]:
    """Return a record of up to `most` uses: surplus, a cap or transfers, low grades or repeats."""
    ended = [leaf.id for leaf in resolved.calendar.leaves if leaf.end.year < 2026]
    codes = sorted(code for code, course in resolved.courses.items() if course.counts_credit)
    subjects = sorted({code.split()[0] for code in codes}, key=lambda s: -_count(codes, s))
    inside = [code for code in codes if code.split()[0] in subjects[:2]]
    outside = [code for code in codes if code not in inside]
    shape = rng.choice(("surplus", "cap", "floor"))
    n = rng.randint(0, most)
    chosen = rng.sample(outside, min(len(outside), n, rng.randint(2, 5))) if shape == "cap" else []
    chosen += rng.sample(inside, min(len(inside), n - len(chosen)))
    found: dict[str, Attempt] = {}
    for code in chosen:
        grade = rng.choice("AAB")
        if shape == "floor" and rng.random() < 0.3:
            grade = rng.choice("CCDF")
        one = _attempt(resolved, code, rng.choice(ended), grade)
        if not plain and rng.random() < 0.12:
            one = _changed(one, rng)
        found[one.id] = one
        if shape == "floor" and rng.random() < 0.15:
            again = _attempt(resolved, code, rng.choice(ended), rng.choice("ABC"))
            found.setdefault(again.id, again)
    drawn = list(found.values())
    rng.shuffle(drawn)
    return tuple(drawn)


def _count(codes: Sequence[str], subject: str) -> int:
    return sum(code.startswith(subject + " ") for code in codes)


def _attempt(resolved: Resolved, code: str, period: str, grade: str) -> Attempt:
    return Attempt(
        id=f"{code}, {period}",
        course=CourseCode(code),
        credits=resolved.courses[CourseCode(code)].credits_low,
        status=AttemptStatus.FAILED if grade == "F" else AttemptStatus.PASSED,
        periods=(period,),
        grade=grade,
    )


def _changed(one: Attempt, rng: random.Random) -> Attempt:
    """Return an attempt that is open, left, waived, or from elsewhere."""
    how = rng.randrange(5)
    if how == 0:
        return replace(one, status=AttemptStatus.IN_PROGRESS, grade=None)
    if how == 1:
        return replace(one, status=AttemptStatus.PLANNED, grade=None)
    if how == 2:
        return replace(one, status=AttemptStatus.WITHDRAWN, grade=None)
    if how == 3:
        return replace(one, source=CreditSource.WAIVER, credits=Fraction(0), grade=None, periods=())
    return replace(one, source=CreditSource.TRANSFER, grade=None, periods=())


def disagreements(
    auditor: BatchAuditor, records: Sequence[tuple[Attempt, ...]]
) -> tuple[list[str], float]:
    """Return where a batch says something else than single audits, and the kernel's share.

    What is said of the whole degree is held against the definition of the rules.
    """
    offsets = np.cumsum([0, *map(len, records)], dtype=np.int64)
    numbers = np.array([auditor.number(a) for record in records for a in record], np.int32)
    places, by_kernel = auditor.run(offsets, numbers)
    compiled, wrong = auditor.compiled, []
    standings, _ = Beside(auditor, compiled.today, BATCH_STEPS).judge(offsets, numbers, places)
    for index, attempts in enumerate(records):
        one = audit_to_come(
            compiled.resolved,
            Record(attempts=attempts),
            compiled.today,
            choices=compiled.declared,
        )
        degree = judge(
            compiled.resolved, Record(attempts=attempts), one.witness, compiled.today
        ).degree
        if answer_of(one) != auditor.results[places[index]]:
            wrong.append(_told(index, attempts, one, auditor, int(places[index])))
        elif degree != standings[index]:
            wrong.append(f"record {index} is {degree.name}, and not {standings[index]}")
    return wrong, float(by_kernel.mean()) if len(records) else 1.0


def _told(
    index: int, attempts: Sequence[Attempt], one: AuditResult, auditor: BatchAuditor, place: int
) -> str:
    taken = ", ".join(f"{a.course} {a.grade or a.status.value}" for a in attempts)
    return f"record {index} ({taken}): {answer_of(one)} and not {auditor.results[place]}"
