"""Every complete programme as a batch: the share by the exact path, and records per second.

Records of 0 to 14 uses are drawn from the courses that the rules name: a third with surplus, a
third with two to four courses that they do not name, some of them transferred, a third with low
grades, failures and repeats. Each programme gets `MOST_RECORDS` of them, fewer where they take
longer than `MOST_SECONDS` of processor.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from fractions import Fraction

import numpy as np

from drawn_students import complete_programs
from measurement import Measurement
from prospectus.app.audit_batch_beside import Beside
from prospectus.app.library import open_library
from prospectus.app.options import all_readings
from prospectus.audit.batch import BATCH_STEPS, BatchAuditor
from prospectus.domain.course import CourseCode
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource
from prospectus.domain.requirement import Header
from prospectus.domain.student import Person
from spine import TODAY

MOST_RECORDS = 10_000
MOST_SECONDS = 10.0
_AT_ONCE = 250


def each_program() -> Iterator[Measurement]:
    """Yield records per second of processor under each complete programme, no choice declared."""
    library = open_library(())
    for program in complete_programs(library):
        known = library.assumptions_of(program)
        reading = all_readings(program)[0]
        school = library.school(program)
        resolved = resolve(program, school, Person(), reading, known)[0]
        yield _one(program.id, resolved)


def _one(name: str, resolved: Resolved) -> Measurement:
    rng, auditor = random.Random(7), BatchAuditor(resolved, TODAY)
    beside = Beside(auditor, TODAY, BATCH_STEPS)
    named, others = _courses(resolved)
    done, by_kernel, spent = 0, 0, 0.0
    at_once = 5
    while done < MOST_RECORDS and spent < MOST_SECONDS:
        records = [_record(resolved, named, others, rng, done + i) for i in range(at_once)]
        cpu = time.process_time()
        numbers = np.array([auditor.number(one) for record in records for one in record], np.int32)
        offsets = np.cumsum([0, *map(len, records)], dtype=np.int64)
        places, is_compiled = auditor.run(offsets, numbers)
        beside.judge(offsets, numbers, places)
        by_kernel += int(is_compiled.sum())
        spent += time.process_time() - cpu
        done += at_once
        at_once = _AT_ONCE if spent / done < 0.01 else at_once
    unproven = sum(not one.is_proven for one in auditor.results)
    against = auditor.compiled.against
    return Measurement(
        id=f"audit.batch_{name}_per_s",
        value=done / spent,
        unit="/s",
        note=f"exact path {100 * (1 - by_kernel / done):.1f} % of {done:,} records; "
        f"{auditor.n_solved:,} signatures by the exact audit; {unproven} answers not proven"
        + (f"; not compiled: {', '.join(against)}" if against else ""),
    )


def _record(
    resolved: Resolved,
    named: Sequence[CourseCode],
    others: Sequence[CourseCode],
    rng: random.Random,
    index: int,
) -> list[Attempt]:
    shape, size = index % 3, rng.randint(0, 14)
    ended = [leaf.id for leaf in resolved.calendar.leaves if leaf.end < TODAY]
    grades = [grade.name for grade in resolved.scale.grades if grade.earns]
    failing = [grade.name for grade in resolved.scale.grades if not grade.earns][:1]
    far = rng.sample(others, min(len(others), size, rng.randint(2, 4))) if shape == 1 else []
    chosen = [*far, *rng.sample(named, min(len(named), size - len(far)))]
    found: dict[str, Attempt] = {}
    for code in chosen:
        grade = rng.choice([*grades[:1] * 2, *grades[1:2]])
        if shape == 2 and rng.random() < 0.3:
            grade = rng.choice([*grades[2:4], *failing, *grades[:1]])
        is_transfer = shape == 1 and rng.random() < 0.1
        one = _attempt(resolved, code, rng.choice(ended), grade, is_transfer=is_transfer)
        found[one.id] = one
        if shape == 2 and rng.random() < 0.1:
            again = _attempt(resolved, code, rng.choice(ended), grades[0])
            found.setdefault(again.id, again)
    return list(found.values())


def _attempt(
    resolved: Resolved, code: CourseCode, period: str, grade: str, *, is_transfer: bool = False
) -> Attempt:
    scale = {one.name: one for one in resolved.scale.grades}
    return Attempt(
        id=f"{code}, {'transfer' if is_transfer else period}",
        course=code,
        credits=Fraction(resolved.courses[code].credits_low),
        status=AttemptStatus.PASSED if scale[grade].earns else AttemptStatus.FAILED,
        periods=() if is_transfer else (period,),
        grade=None if is_transfer else grade,
        source=CreditSource.TRANSFER if is_transfer else CreditSource.HOME,
    )


def _courses(resolved: Resolved) -> tuple[list[CourseCode], list[CourseCode]]:
    """Return the courses that the rules name one by one or in sets, and the others."""
    said: set[str] = set()
    waiting: list[object] = [resolved.tree, *resolved.sets.values()]
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple | list | frozenset):
            waiting += item
        elif is_dataclass(item) and not isinstance(item, Header):
            said.add(str(getattr(item, "code", "")))
            waiting += [getattr(item, one.name) for one in fields(item)]
    codes = sorted(code for code, one in resolved.courses.items() if one.counts_credit)
    named = [code for code in codes if code in said]
    return (named or codes), [code for code in codes if code not in said]
