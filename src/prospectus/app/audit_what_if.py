"""What is only supposed in an audit: courses not taken, another choice, year or programme."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from prospectus.app.audit_answers import Contrast
from prospectus.app.audit_check import Audited, audit_again
from prospectus.app.audit_lines import standing_lines
from prospectus.app.audit_record import Subject
from prospectus.app.audit_regrade import parse_grades
from prospectus.app.audit_standing import SUPPOSED
from prospectus.app.nearest import nearest
from prospectus.catalogs.parts import nodes_in, selectors_in
from prospectus.domain.course import parse_code
from prospectus.domain.errors import DomainError, UsageError
from prospectus.domain.expression import Attribute, Has, InSet, Selector
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.plan import Standing
from prospectus.domain.program import Program, Resolved
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record
from prospectus.domain.requirement import Fill, Gpa, Measure, Reading, When
from prospectus.domain.rule import Exclude, Gate, Overlap, Position, Rule

_SOURCES = ("transfer", "home")
_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposition:
    """What a what-if supposes; empty where it supposes nothing.

    `added` pairs a course with the grade it is to earn, None for a planned one; `grades` a course
    on record with the grade that it is to have instead.
    """

    program: str | None = None
    year: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    added: tuple[tuple[str, str | None], ...] = ()
    grades: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is supposed."""
        return self == Supposition()


def parse_supposition(
    what_if: Sequence[str], add: Sequence[str] = (), regrade: Sequence[str] = ()
) -> Supposition:
    """Return what `program=ID`, `year=YEAR`, `add=COURSE` and the like suppose together.

    `regrade=COURSE=GRADE` gives a course on record another grade, `CHOICE=CHILD` declares a choice.

    Raises
    ------
    UsageError
        USE-015 for a text of another form.
    """
    found = Supposition(
        added=tuple(_course_and_grade(text) for text in add), grades=parse_grades(regrade)
    )
    for text in what_if:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not (name and sign and value):
            raise UsageError(
                "USE-015",
                what=f"'{text}' supposes nothing that is understood",
                fix="write program=ID, year=YEAR, add=COURSE, regrade=COURSE=GRADE, or the id of a "
                "choice = its child",
            )
        if name == "program":
            found = replace(found, program=value)
        elif name == "year":
            found = replace(found, year=value)
        elif name == "add":
            found = replace(found, added=(*found.added, _course_and_grade(value)))
        elif name == "regrade":
            found = replace(found, grades=(*found.grades, *parse_grades((value,))))
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
    subject: Subject, added: Sequence[tuple[str, str | None]], after: dt.date | None = None
) -> tuple[Subject, tuple[str, ...]]:
    """Return the subject with courses that are only supposed to be taken, and these in words.

    They are taken on a day `after` all that is on record, so that a repeat comes second.

    Raises
    ------
    UsageError
        USE-016 for a course or grade that the school does not have.
    """
    told = []
    for text, grade in added:
        subject = _added(subject, text, grade, after)
        code = subject.record.attempts[-1].course
        told.append(f"{code} taken with {grade}" if grade else f"{code} taken as planned")
    return subject, tuple(told)


def _added(subject: Subject, text: str, grade: str | None, after: dt.date | None) -> Subject:
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
            on_page=nearest(code, list(courses), "look at the courses on the programme's page"),
        )
    if grade is not None and subject.school.grades.rank(grade) is None:
        raise UsageError(
            "USE-016",
            what=f"{subject.school.name} gives no grade '{grade}'",
            fix="write one of " + ", ".join(g.name for g in subject.school.grades.grades),
        )
    names = {attempt.id for attempt in subject.record.attempts}
    n = next(n for n in range(1, len(names) + 2) if f"{SUPPOSED}{n}: {code}" not in names)
    attempt = Attempt(
        id=f"{SUPPOSED}{n}: {code}",
        course=code,
        credits=course.credits_low,
        status=AttemptStatus.PLANNED,
        expected_grade=grade,
        ended=after,
    )
    return replace(
        subject, record=replace(subject.record, attempts=(*subject.record.attempts, attempt))
    )


def after_record(resolved: Resolved, record: Record, today: dt.date) -> dt.date:
    """Return the first day after today and after all that is on record."""
    setting = Setting(resolved, record, today)
    return max([today, *(setting.end(one) for one in record.attempts)]) + dt.timedelta(days=1)


def without_superfluous(
    subject: Subject, found: Sequence[Audited], told: Sequence[str]
) -> tuple[Subject, tuple[str, ...]]:
    """Return the subject without supposed courses that change nothing, and what is said of each.

    Nothing changes where the course stands on record already and the new attempt is no use, or
    where the degree is complete without it.
    """
    kept, words = [], list(told)
    supposed = [one for one in subject.record.attempts if is_supposed(one)]
    for attempt in subject.record.attempts:
        why = _superfluous(attempt, found) if is_supposed(attempt) else None
        if why is None:
            kept.append(attempt)
        else:
            words[supposed.index(attempt)] += f": adds nothing, {why}"
    return replace(subject, record=replace(subject.record, attempts=tuple(kept))), tuple(words)


def is_supposed(attempt: Attempt) -> bool:
    """Return whether an attempt is only supposed."""
    return attempt.id.startswith(SUPPOSED)


def _superfluous(attempt: Attempt, found: Sequence[Audited]) -> str | None:
    """Return why a supposed attempt adds nothing in any of the audits; None where it does."""
    for one in found:
        mine = one.setting.identity(attempt)
        old = [
            other
            for other in one.record.attempts
            if not is_supposed(other) and one.setting.identity(other) == mine
        ]
        held = next((other for other in old if other.id in one.holding.uses), None)
        if attempt.id not in one.holding.uses and held is not None:
            grade = f" with {held.grade}" if held.grade else ""
            why = f"{held.course} stands on record already{grade}"
            rule = one.resolved.program.record_rules.repeats
            if held.is_open:
                why += "; a supposed grade (regrade) would end it"
            elif rule is None or rule.use is None:
                why += ", and which attempt counts is unknown; regrade supposes another grade"
        elif attempt.expected_grade is None and _is_complete_without(attempt, one):
            why = "nothing is left to take"
        else:
            return None
    return why if found else None


def _is_complete_without(attempt: Attempt, found: Audited) -> bool:
    fewer = tuple(other for other in found.record.attempts if other.id != attempt.id)
    before = audit_again(found, record=replace(found.record, attempts=fewer))
    return before.verdict.degree is Standing.MET


def with_supposed_means(contrast: Contrast, before: Audited, after: Audited) -> Contrast:
    """Return a contrast that tells each mean too, once what is supposed has the grade supposed."""
    attempts = tuple(
        replace(one, status=AttemptStatus.PASSED, grade=one.expected_grade)
        if is_supposed(one) and one.expected_grade is not None
        else one
        for one in after.record.attempts
    )
    is_other = after.resolved.program.id != before.resolved.program.id
    if is_other or before.record.attempts == after.record.attempts:
        return contrast
    graded = after
    if attempts != after.record.attempts:
        graded = audit_again(after, record=replace(after.record, attempts=attempts))
    old = {line.id: line.text for line in standing_lines(before, Gpa)}
    told = tuple(
        f"{line.label}, with the grades supposed: {_mean(old[line.id])} -> {_mean(line.text)}"
        for line in standing_lines(graded, Gpa)
        if line.id in old and _mean(old[line.id]) != _mean(line.text)
    )
    return replace(contrast, differences=(*contrast.differences, *told))


def _mean(text: str) -> str:
    return text.partition(" of at least")[0].partition(",")[0]


def transfer_lines(target: Program, record: Record) -> tuple[str, ...]:
    """Return what is to be known where a programme sees courses that were taken elsewhere."""
    told = []
    notes = target.transfer.notes if target.transfer is not None else ()
    if any(one.source is CreditSource.TRANSFER for one in record.attempts):
        told.append("which of its own courses they stand for is for the school to say")
        if not names_transfer(target):
            known = (
                f"what {target.id} says of credit by transfer is known in words only"
                if notes
                else f"no rule of {target.id} on credit by transfer is known"
            )
            told.append(f"{known}: what is counted is the most that its other rules allow")
    return (*told, *(f"{target.id}: {note}" for note in notes))


def names_transfer(program: Program) -> bool:
    """Return whether some rule of a programme speaks of credit by transfer.

    One that asks for credit earned here speaks of it too.
    """
    sets = dict(program.sets)
    return any(
        isinstance(part, Has) and part.attribute is Attribute.SOURCE and part.value in _SOURCES
        for selector in _selectors(program)
        for part in _with_sets(selector, sets)
    ) or any(
        set(_SOURCES) & set(node.source)
        for node in nodes_in(program.tree)
        if isinstance(node, Fill)
    )


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
