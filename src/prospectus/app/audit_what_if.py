"""What is only supposed in an audit: courses not taken, another choice, year or programme."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from prospectus.app.audit_record import Subject
from prospectus.app.nearest import nearest
from prospectus.catalogs.parts import nodes_in, selectors_in
from prospectus.domain.course import parse_code
from prospectus.domain.errors import DomainError, UsageError
from prospectus.domain.expression import Attribute, Has, InSet, Selector
from prospectus.domain.program import Program
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record
from prospectus.domain.requirement import Fill, Gpa, Measure, Reading, When
from prospectus.domain.rule import Exclude, Gate, Overlap, Position, Rule

_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposition:
    """What a what-if supposes; empty where it supposes nothing.

    `added` pairs a course with the grade it is to earn, None for a planned one.
    """

    program: str | None = None
    year: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    added: tuple[tuple[str, str | None], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is supposed."""
        return self == Supposition()


def parse_supposition(what_if: Sequence[str], add: Sequence[str] = ()) -> Supposition:
    """Return what `program=ID`, `year=YEAR`, `add=COURSE`, `CHOICE=CHILD` suppose together.

    Raises
    ------
    UsageError
        USE-015 for a text of another form.
    """
    found = Supposition(added=tuple(_course_and_grade(text) for text in add))
    for text in what_if:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not (name and sign and value):
            raise UsageError(
                "USE-015",
                what=f"'{text}' supposes nothing that is understood",
                fix="write program=ID, year=YEAR, add=COURSE, or the id of a choice = its child",
            )
        if name == "program":
            found = replace(found, program=value)
        elif name == "year":
            found = replace(found, year=value)
        elif name == "add":
            found = replace(found, added=(*found.added, _course_and_grade(value)))
        else:
            found = replace(found, choices=(*found.choices, (name, value)))
    return found


def parse_choices(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return choices written `CHOICE=CHILD`.

    Raises
    ------
    UsageError
        USE-015 for a text of another form.
    """
    found = []
    for text in texts:
        node, sign, child = (part.strip() for part in text.partition("="))
        if not (node and sign and child):
            raise UsageError(
                "USE-015",
                what=f"'{text}' declares no choice",
                fix="write the id of a choice = its child, as in specialization=ml",
            )
        found.append((node, child))
    return tuple(found)


def _course_and_grade(text: str) -> tuple[str, str | None]:
    code, _, grade = (part.strip() for part in text.partition("="))
    return code, grade or None


def with_courses(
    subject: Subject, added: Sequence[tuple[str, str | None]]
) -> tuple[Subject, tuple[str, ...]]:
    """Return the subject with courses that are only supposed to be taken, and these in words.

    Raises
    ------
    UsageError
        USE-016 for a course or grade that the school does not have.
    """
    told = []
    for text, grade in added:
        subject = _added(subject, text, grade)
        code = subject.record.attempts[-1].course
        told.append(f"{code} taken with {grade}" if grade else f"{code} taken as planned")
    return subject, tuple(told)


def _added(subject: Subject, text: str, grade: str | None) -> Subject:
    """Return the subject with a course that is only supposed to be taken."""
    courses = {course.code: course for course in subject.school.courses}
    try:
        code = parse_code(text)
    except DomainError as error:
        raise UsageError("USE-016", what=error.faults[0].what, fix=error.faults[0].fix) from None
    course = courses.get(code)
    if course is None:
        raise UsageError(
            "USE-016",
            what=f"{subject.school.name} has no course {code}",
            fix=nearest(code, list(courses), "see `prospectus show`"),
        )
    if grade is not None and subject.school.grades.rank(grade) is None:
        raise UsageError(
            "USE-016",
            what=f"{subject.school.name} gives no grade '{grade}'",
            fix="write one of " + ", ".join(g.name for g in subject.school.grades.grades),
        )
    names = {attempt.id for attempt in subject.record.attempts}
    n = next(n for n in range(1, len(names) + 2) if f"what if {n}: {code}" not in names)
    attempt = Attempt(
        id=f"what if {n}: {code}",
        course=code,
        credits=course.credits_low,
        status=AttemptStatus.PLANNED,
        expected_grade=grade,
    )
    return replace(
        subject, record=replace(subject.record, attempts=(*subject.record.attempts, attempt))
    )


def transfer_lines(target: Program, record: Record) -> tuple[str, ...]:
    """Return what is to be known where a programme sees courses that were taken elsewhere."""
    told = []
    if any(one.source is CreditSource.TRANSFER for one in record.attempts):
        told.append("which of its own courses they stand for is for the school to say")
        if not names_transfer(target):
            told.append(
                f"no rule of {target.id} on credit by transfer is known: what is counted is the "
                "most that its other rules allow"
            )
    notes = target.transfer.notes if target.transfer is not None else ()
    return (*told, *(f"{target.id}: {note}" for note in notes))


def names_transfer(program: Program) -> bool:
    """Return whether some rule of a programme speaks of credit by transfer."""
    sets = dict(program.sets)
    return any(
        isinstance(part, Has) and part.attribute is Attribute.SOURCE and part.value == "transfer"
        for selector in _selectors(program)
        for part in _with_sets(selector, sets)
    ) or any("transfer" in node.source for node in nodes_in(program.tree) if isinstance(node, Fill))


def _selectors(program: Program) -> list[Selector]:
    found: list[Selector] = []
    for node in nodes_in(program.tree):
        match node:
            case Fill():
                found += [node.from_, *(measure.of for measure in node.with_)]
            case Measure() | Gpa():
                found.append(node.of)
            case _:
                continue
    stack: list[Rule | When[Rule] | Reading[Rule] | None] = list(program.rules)
    while stack:
        rule = stack.pop()
        match rule:
            case When():
                stack += [rule.then, rule.otherwise]
            case Reading():
                stack += [option for _, option in rule.options]
            case Measure() | Gpa() | Position() | Overlap():
                found.append(rule.of)
            case Gate() | Exclude() | None:
                continue
    return found


def _with_sets(selector: Selector, sets: dict[str, Selector]) -> list[Selector]:
    """Return a selector with all inside it, through the sets that it names."""
    found: list[Selector] = []
    stack, seen = [selector], set[str]()
    while stack:
        for part in selectors_in(stack.pop()):
            found.append(part)
            if isinstance(part, InSet) and part.name in sets and part.name not in seen:
                seen.add(part.name)
                stack.append(sets[part.name])
    return found


def without_transfer(record: Record) -> Record:
    """Return a record without credit by transfer."""
    kept = tuple(one for one in record.attempts if one.source is not CreditSource.TRANSFER)
    return replace(record, attempts=kept)
