"""Records, exceptions and suppositions that go with the kinds of `audit_named`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from tests.degrees import TODAY
from tests.differential.audit_named import CONFERRALS
from tests.differential.drawing import Draw

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import CodeIs, Union
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.program import Resolved
from prospectus.domain.record import (
    ApprovalState,
    Attempt,
    AttemptStatus,
    AuditException,
    CreditSource,
    ExceptionKind,
    Record,
)
from prospectus.domain.requirement import All, Any, Fill, Measure
from prospectus.domain.rule import Exclude

EARLIER = ("Fall 2020", "Spring 2023", "Fall 2024")


def with_named_attempts(draw: Draw, resolved: Resolved, record: Record) -> Record:
    """Return the record with what the drawn kinds speak of: instructors, transfers, old numbers."""
    attempts = list(record.attempts)
    if "per" in draw.kinds:
        attempts = [
            replace(one, instructor=draw.rng.choice(["ann", "ann", "bob", None]))
            for one in attempts
        ]
    if "cap on transfer" in draw.kinds:
        attempts = _transferred(draw, resolved, attempts)
    if "expiry" in draw.kinds:
        attempts = [
            replace(one, periods=(draw.rng.choice(EARLIER),))
            if one.periods and not one.is_open and draw.chance(0.5)
            else one
            for one in attempts
        ]
    if "leaf on parts" in draw.kinds and draw.chance(0.75):
        varied = {c.code for c in resolved.courses.values() if c.credits_low != c.credits_high}
        attempts = [one for one in attempts if one.course not in varied]
    if "cap on parts" in draw.kinds and "leaf on parts" not in draw.kinds:
        attempts += _capped(resolved, attempts)
    for rename in resolved.school.renames:
        attempts = [
            replace(one, course=CourseCode(rename.old))
            if one.course == rename.new and draw.chance(0.9)
            else one
            for one in attempts
        ]
    for equivalent in resolved.school.equivalents:
        if "single equivalent" in draw.kinds and draw.chance(0.5):
            attempts = [
                replace(one, course=CourseCode("ZZ 900"))
                if one.course == equivalent.course
                else one
                for one in attempts
            ]
    two = [node for node in nodes(resolved.tree) if node.header.id == "either"]
    if two:
        attempts += _both(resolved, two[0], attempts)
    approvals: tuple[tuple[str, ApprovalState], ...] = ()
    if "approval" in draw.kinds and draw.chance(0.7):
        approvals = (("dean", draw.rng.choice(list(ApprovalState))),)
    return replace(record, attempts=tuple(attempts), approvals=approvals)


def _transferred(draw: Draw, resolved: Resolved, attempts: list[Attempt]) -> list[Attempt]:
    """Return the attempts, the first courses passed once taken over from elsewhere."""
    found = list(attempts)
    known = [str(one.course) for one in found]
    free = [item for item in resolved.courses.values() if str(item.code) not in known]
    found += [_passed(resolved, item.code) for item in free[: max(0, 2 - len(found))]]
    left = 2
    for place, one in enumerate(found):
        if left and one.status is AttemptStatus.PASSED and one.credits and not one.counted_in:
            if known.count(str(one.course)) > 1:
                continue
            grade = one.grade if draw.chance(0.3) else None
            found[place] = replace(one, source=CreditSource.TRANSFER, grade=grade, periods=())
            left -= 1
    return found


def _capped(resolved: Resolved, attempts: Sequence[Attempt]) -> list[Attempt]:
    """Return a pass, for the most credits, of the course that a cap takes only in part."""
    cap = next(node for node in nodes(resolved.tree) if node.header.id == "part")
    assert isinstance(cap, Measure)
    assert isinstance(cap.of, Union)
    [one] = cap.of.items
    assert isinstance(one, CodeIs)
    if any(other.course == one.code for other in attempts):
        return []
    passed = _passed(resolved, CourseCode(one.code))
    return [replace(passed, credits=resolved.courses[passed.course].credits_high)]


def _passed(resolved: Resolved, code: CourseCode) -> Attempt:
    return Attempt(
        id=f"{code} passed",
        course=code,
        credits=resolved.courses[code].credits_low,
        status=AttemptStatus.PASSED,
        grade=resolved.scale.grades[0].name,
        periods=("Spring 2026",),
    )


def _both(resolved: Resolved, either: object, attempts: Sequence[Attempt]) -> list[Attempt]:
    """Return passes of the courses that both children of a choice ask, where they are missing."""
    assert isinstance(either, Any)
    tried = {str(one.course) for one in attempts}
    wanted = [
        child.from_.code
        for child in either.children
        if isinstance(child, Fill) and isinstance(child.from_, CodeIs)
    ]
    # a pass may stand there under the old number already
    tried |= {one.id.removesuffix(" passed") for one in attempts}
    return [_passed(resolved, CourseCode(code)) for code in wanted if code not in tried]


def with_exceptions(draw: Draw, resolved: Resolved, record: Record) -> Record:
    """Return the record with approved departures of every kind, at nodes above leaves too."""
    found = list(record.exceptions)
    every = list(nodes(resolved.tree))
    rules = [rule for rule in resolved.rules if isinstance(rule, Measure | Exclude)]
    for kind, share in zip(ExceptionKind, (0.11, 0.09, 0.08, 0.12), strict=True):
        if not draw.chance(share, kind.value):
            continue
        code = draw.rng.choice(sorted(resolved.courses))
        courses = sorted({one.course for one in record.attempts}) or [code]
        above = [one for one in every[1:] if isinstance(one, All | Any)]
        node = draw.rng.choice(above if above and draw.chance(0.5) else every)
        given = AuditException(kind=kind, node=node.header.id, who="dean", when=TODAY, why="")
        match kind:
            case ExceptionKind.SUBSTITUTE:
                given = replace(given, course=draw.rng.choice(courses), replaces=code)
            case ExceptionKind.INSERT:
                leaf = draw.rng.choice([one for one in every if isinstance(one, Fill)])
                given = replace(given, course=draw.rng.choice(courses), node=leaf.header.id)
            case _ if rules and draw.chance(0.25, "rule excepted"):
                given = replace(given, node=draw.rng.choice(rules).header.id)
            case _ if isinstance(node, All | Any):
                draw.kinds.add("excepted above leaves")
        found.append(given)
    return replace(record, exceptions=tuple(found))


def declared_choices(draw: Draw, resolved: Resolved) -> tuple[tuple[str, str], ...]:
    """Return the choices that the person declares: some of those that ask for it."""
    found: list[tuple[str, str]] = []
    for node in nodes(resolved.tree):
        if isinstance(node, Any) and node.declare:
            if draw.chance(0.4, "declared choice"):
                child = draw.rng.choice(node.children)
                found.append((node.header.id, child.header.id))  # type: ignore[union-attr]
            else:
                draw.kinds.add("undeclared choice")
    return tuple(found)


def day_judged(draw: Draw) -> dt.date | None:
    """Return the day of conferral that the person states, None where none is."""
    if not draw.chance(0.7 if "expiry" in draw.kinds else 0.03, "stated conferral"):
        return None
    return draw.rng.choice(CONFERRALS)
