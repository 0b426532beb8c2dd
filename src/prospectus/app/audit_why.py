"""What an audit says of one course: what it counts for, why it does not, where it would serve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prospectus.app.audit_answers import AuditVariant, WhyLine
from prospectus.app.audit_record import Subject
from prospectus.app.audit_report import grade_text
from prospectus.app.nearest import nearest
from prospectus.domain.course import CourseCode, parse_code
from prospectus.domain.errors import DomainError, UsageError


def why_lines(
    variant: AuditVariant, subject: Subject, courses: Sequence[str]
) -> tuple[WhyLine, ...]:
    """Return the answer for each course that was asked about.

    Raises
    ------
    UsageError
        USE-016 for a course that neither the record nor the school has.
    """
    return tuple(line for text in courses for line in _of(_code(subject, text), variant, subject))


def _code(subject: Subject, text: str) -> CourseCode:
    taken = {one.title.casefold(): one.course for one in subject.record.attempts if one.title}
    if text.casefold() in taken:
        return taken[text.casefold()]
    try:
        code = parse_code(text)
    except DomainError as error:
        raise UsageError("USE-016", what=error.faults[0].what, fix=error.faults[0].fix) from None
    known = [course.code for course in subject.school.courses]
    if code not in known and all(one.course != code for one in subject.record.attempts):
        raise UsageError(
            "USE-016",
            what=f"{subject.school.name} has no course {code}",
            fix=nearest(code, known, "see `prospectus show`"),
        )
    return code


def _of(code: CourseCode, variant: AuditVariant, subject: Subject) -> Iterator[WhyLine]:
    mine = [one for one in subject.record.attempts if one.course == code]
    if not mine:
        yield from _untaken(code, variant)
    unused = {line.course.attempt: line for line in variant.unused}
    for attempt in mine:
        name = attempt.title or str(code)
        if attempt.periods:
            name += f", {attempt.periods[0]}"
        if attempt.id in unused:
            left_out = unused[attempt.id]
            yield WhyLine(course=name, text=f"not used: {left_out.text}", path=left_out.path)
            continue
        holders = [
            line
            for line in variant.requirements
            if any(course.attempt == attempt.id for course in line.courses)
        ]
        for line in holders:
            counted = f" ({line.counted})" if line.counted else ""
            text = f"held by {line.label}, {line.standing}{counted}"
            yield WhyLine(course=name, text=text, path=line.path)
        if not holders:
            yield WhyLine(course=name, text="no requirement that is judged holds it", path=())
    ids = {one.id for one in mine}
    for better in variant.grades:
        if better.attempt in ids:
            yield WhyLine(course=str(code), text=grade_text(better), path=())


def _untaken(code: CourseCode, variant: AuditVariant) -> Iterator[WhyLine]:
    """Yield what a course that is not on record would do."""
    fits = [line for line in variant.missing if code in line.one_of]
    for line in fits:
        text = f"not taken; it would serve {line.label}"
        run = next((run for run in line.next_runs if code in run.courses), None)
        text += "" if run is None else f"; it runs next in {run.period} ({run.kind})"
        yield WhyLine(course=str(code), text=text, path=line.path)
    if not fits:
        text = "not taken; nothing that is still missing would take it"
        yield WhyLine(course=str(code), text=text, path=())
