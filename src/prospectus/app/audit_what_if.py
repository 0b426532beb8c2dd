"""What is only supposed in an audit: courses not taken, another choice, year or programme."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.app.audit_record import Subject, with_choices
from prospectus.app.library import Library
from prospectus.app.nearest import nearest
from prospectus.app.words import count
from prospectus.catalogs.parts import nodes_in, selectors_in
from prospectus.domain.course import CourseCode, parse_code
from prospectus.domain.errors import DomainError, UsageError
from prospectus.domain.expression import Attribute, Has, InSet, Selector
from prospectus.domain.program import Program, School
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


def _course_and_grade(text: str) -> tuple[str, str | None]:
    code, _, grade = (part.strip() for part in text.partition("="))
    return code, grade or None


def supposed(
    subject: Subject, supposition: Supposition, library: Library
) -> tuple[Subject, tuple[str, ...], tuple[str, ...]]:
    """Return the subject as supposed, what is supposed in words, and what is said of transfer.

    Raises
    ------
    UsageError
        USE-001 for a programme or year that is not known, USE-014 for a choice, USE-016 for a
        course or grade that the school does not have.
    """
    told: list[str] = []
    transfer: tuple[str, ...] = ()
    name = supposition.program or subject.program.id
    if name != subject.program.id:
        year = supposition.year or library.years(name)[-1]
        target = library.program(name, year)
        told.append(f"{target.name}, rules of {year}, instead of {subject.program.name}")
        subject, transfer = transferred(subject, target, library.school(target))
    elif supposition.year is not None and supposition.year != subject.program.catalog_year:
        target = library.program(name, supposition.year)
        told.append(f"the rules of {supposition.year} instead of {subject.program.catalog_year}")
        subject = replace(subject, program=target, school=library.school(target))
    for node, child in supposition.choices:
        told.append(f"{node} is {child}")
    subject = with_choices(subject, supposition.choices)
    for code, grade in supposition.added:
        subject = _added(subject, code, grade)
        attempt = subject.record.attempts[-1]
        told.append(f"{attempt.course} taken" + (f" with {grade}" if grade else " as planned"))
    return subject, tuple(told), transfer


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


# -------------------------------------------------------------------- transfer


def transferred(
    subject: Subject, target: Program, school: School
) -> tuple[Subject, tuple[str, ...]]:
    """Return the subject in another programme, and what became of the courses, in words.

    At the same school the attempts stay what they are. At another what was passed becomes credit
    by transfer under an id of its own, since which courses it stands for is the school's to say;
    the rules of the programme cap it. Credits of another unit are not converted without a rule.
    """
    is_home = subject.school.id == school.id
    told: list[str] = []
    moved: list[Attempt] = []
    if is_home:
        moved = list(subject.record.attempts)
        told.append(
            f"courses of {school.name} stay as they are; whether all of them may be carried over "
            f"into {target.id} is for the programme to say"
        )
    elif not _same_unit(subject.program.credit_unit, target.credit_unit):
        told.append(
            f"{subject.program.id} counts in {subject.program.credit_unit}s and {target.id} in "
            f"{target.credit_unit}s; no rule of conversion is known, so nothing is carried over"
        )
    else:
        passed = [one for one in subject.record.attempts if _is_passed(one)]
        moved = [_as_transfer(one, subject.school) for one in passed]
        credits = sum((one.credits for one in moved), Fraction(0))
        told.append(
            f"{count(len(moved), 'course')} passed at {subject.school.name} "
            f"({count(credits, 'credit')}) taken as credit by transfer; which of its own courses "
            f"they stand for is for {school.name} to say"
        )
        if not names_transfer(target):
            told.append(
                f"no rule of {target.id} on credit by transfer is known: what is counted below "
                "is the most that its other rules allow"
            )
    left = len(subject.record.attempts) - len(moved)
    if left and moved:
        told.append(f"{count(left, 'attempt')} not passed or not earned there left out")
    notes = target.transfer.notes if target.transfer is not None else ()
    told += [f"{target.id} on transfer: {note}" for note in notes]
    record = Record(
        matriculation=subject.record.matriculation if is_home else None, attempts=tuple(moved)
    )
    return (
        Subject(program=target, school=school, record=record, choices={}, person=subject.person),
        tuple(told),
    )


def _is_passed(attempt: Attempt) -> bool:
    return attempt.status is AttemptStatus.PASSED and attempt.source in (
        CreditSource.HOME,
        CreditSource.NON_DEGREE,
    )


def _as_transfer(attempt: Attempt, school: School) -> Attempt:
    """Return an attempt as credit from elsewhere: no letter, no period, an id of its own."""
    name = _PLAIN.sub("-", f"{school.id} {attempt.course}".lower()).strip("-")
    return Attempt(
        id=attempt.id,
        course=CourseCode(f"~{name}"),
        credits=attempt.credits,
        status=AttemptStatus.PASSED,
        topic=attempt.topic,
        basis=attempt.basis,
        source=CreditSource.TRANSFER,
        counted_in=attempt.counted_in,
        school=school.name,
    )


def _same_unit(one: str, other: str) -> bool:
    """Return whether two units of credit are spelled as the same one."""
    return one == other or (one.startswith("semester ") and other.startswith("semester "))


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
