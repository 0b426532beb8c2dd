"""Another grade for a course on record: what a B instead of a C would have changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from prospectus.app.audit_record import Subject
from prospectus.app.nearest import nearest
from prospectus.domain.course import parse_code
from prospectus.domain.errors import DomainError, UsageError
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Basis

_OVER = (AttemptStatus.PASSED, AttemptStatus.FAILED)
_UNDER_WAY = (AttemptStatus.IN_PROGRESS, AttemptStatus.REGISTERED)


def parse_grades(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return courses with the grades they are to have, written `COURSE=GRADE`.

    Raises
    ------
    UsageError
        USE-015 for a text of another form.
    """
    found = []
    for text in texts:
        code, sign, grade = (part.strip() for part in text.partition("="))
        if not (code and sign and grade):
            raise UsageError(
                "USE-015",
                what=f"'{text}' supposes no other grade",
                fix='write the course = the grade, as in "CS 6601=B"',
            )
        found.append((code, grade))
    return tuple(found)


def with_grades(
    subject: Subject, grades: Sequence[tuple[str, str]], resolved: Resolved, today: dt.date
) -> tuple[Subject, tuple[str, ...]]:
    """Return the subject with other grades for courses on record, and these in words.

    Of a course that was taken more than once the last attempt is meant. One under way is taken
    to have ended with the grade.

    Raises
    ------
    UsageError
        USE-016 for a course that is not on record with a grade, or a grade nobody gives.
    """
    told = []
    for text, grade in grades:
        old = _graded(subject, text, Setting(resolved, subject.record, today))
        scale = subject.school.grades
        found = next((one for one in scale.grades if one.name == grade), None)
        if found is None:
            raise UsageError(
                "USE-016",
                what=f"{subject.school.name} gives no grade '{grade}'",
                fix="write one of " + ", ".join(one.name for one in scale.grades),
            )
        status = AttemptStatus.PASSED if found.earns else AttemptStatus.FAILED
        new = replace(old, grade=grade, status=status)
        attempts = tuple(new if one is old else one for one in subject.record.attempts)
        subject = replace(subject, record=replace(subject.record, attempts=attempts))
        if old.grade is None:
            told.append(
                f"{old.course}, now {old.status.value.replace('_', ' ')}, ends with {grade}"
            )
        else:
            told.append(f"{old.course} with {grade} instead of {old.grade}")
    return subject, tuple(told)


def _graded(subject: Subject, text: str, setting: Setting) -> Attempt:
    """Return the last attempt at a course that has a letter grade or is under way."""
    try:
        code = parse_code(text)
    except DomainError as error:
        raise UsageError("USE-016", what=error.faults[0].what, fix=error.faults[0].fix) from None
    graded = [
        one
        for one in subject.record.attempts
        if one.basis is Basis.LETTER
        and (one.status in _UNDER_WAY or (one.grade is not None and one.status in _OVER))
    ]
    mine = [one for one in graded if one.course == code]
    if not mine:
        known = list(dict.fromkeys(str(one.course) for one in graded))
        raise UsageError(
            "USE-016",
            what=f"no attempt at {code} with a letter grade, or under way, is on record",
            fix=nearest(code, known, "for a course not taken yet use --add"),
            on_page=nearest(code, known, f"for a course not taken yet write add={code}"),
        )
    return max(mine, key=setting.end)
