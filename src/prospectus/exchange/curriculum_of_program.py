"""A programme, or one plan for it, as a CurricularAnalytics file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.domain.course import Course, CourseCode
from prospectus.domain.errors import Fault, Severity
from prospectus.domain.program import Program, School
from prospectus.exchange.cells import looks_like_formula
from prospectus.exchange.curriculum import Curriculum, CurriculumCourse
from prospectus.exchange.curriculum_writer import is_exact
from prospectus.exchange.losses import Loss, Losses
from prospectus.exchange.required import Members, OpenSlot, Reader
from prospectus.exchange.requisites import RequisiteReader, Requisites
from prospectus.exchange.rules_left_out import note_courses, note_rules, note_school


@dataclass(frozen=True, slots=True, kw_only=True)
class CurriculumMade:
    """A file's content, what it leaves out, and warnings about cells."""

    curriculum: Curriculum
    losses: tuple[Loss, ...]
    warnings: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """A course of a plan: credits as taken, 1-based term, whether the degree holds it."""

    code: CourseCode
    credits: Fraction
    term: int
    counts: bool


def curriculum_of(
    program: Program, school: School, members: Members, chosen: Mapping[str, str]
) -> CurriculumMade:
    """Return the courses of every completion, and a named place for each that stays open.

    Parameters
    ----------
    program, school
        The rules, and the school's facts.
    members
        The courses that a selector of this programme may take.
    chosen
        The declared children of `any` nodes, by their ids.
    """
    losses = Losses()
    courses = {course.code: course for course in school.courses}
    reader = Reader(
        courses=courses,
        members=members,
        chosen=chosen,
        pool_counts={pool.name: pool.counts for pool in program.pools},
        losses=losses,
    )
    needed = reader.degree(program.tree)
    losses.add(
        "places that stay open: a row names each, not the courses that may fill it",
        *(slot.label for slot in needed.slots),
    )
    ids = {code: place for place, code in enumerate(needed.courses, start=1)}
    rows = _course_rows(courses, ids, {}, losses)
    first_free = len(ids) + 1
    rows += [
        _open_row(slot, number, school, losses)
        for number, slot in enumerate(needed.slots, start=first_free)
    ]
    return _made(
        program,
        school,
        None,
        [replace(row, institution=school.name) for row in rows],
        courses,
        ids,
        chosen,
        losses,
    )


def curriculum_of_plan(
    program: Program,
    school: School,
    plan: str,
    planned: Sequence[PlannedRow],
    term_names: Sequence[str],
    chosen: Mapping[str, str],
) -> CurriculumMade:
    """Return a degree plan: every course in its term, requisites settled as the plan takes them.

    Parameters
    ----------
    program, school
        The rules, and the school's facts.
    plan
        The name of the plan.
    planned
        Its courses.
    term_names
        The period that each term of the file stands for.
    chosen
        The declared children of `any` nodes, by their ids.
    """
    losses = Losses()
    courses = {course.code: course for course in school.courses}
    ordered = sorted(planned, key=lambda row: (not row.counts, row.term, row.code))
    ids: dict[CourseCode, int] = {}
    terms: dict[CourseCode, int] = {}
    for number, row in enumerate(ordered, start=1):
        # The first of several attempts is the one that others wait for.
        if row.code not in ids or row.term < terms[row.code]:
            ids[row.code], terms[row.code] = number, row.term
    read = RequisiteReader(frozenset(ids), losses, terms)
    asked = {code: read.read(courses[code]) if code in courses else Requisites() for code in ids}
    rows = [
        replace(
            _row(
                row.code, number, courses.get(row.code), row.credits, asked[row.code], ids, losses
            ),
            term=row.term,
            is_additional=not row.counts,
            institution=school.name,
        )
        for number, row in enumerate(ordered, start=1)
    ]
    losses.add(
        "dates of terms: the file numbers them",
        *(f"{number} is {name}" for number, name in enumerate(term_names, start=1)),
    )
    return _made(program, school, plan, rows, courses, ids, chosen, losses)


def _made(
    program: Program,
    school: School,
    plan: str | None,
    rows: list[CurriculumCourse],
    courses: Mapping[CourseCode, Course],
    ids: Iterable[CourseCode],
    chosen: Mapping[str, str],
    losses: Losses,
) -> CurriculumMade:
    inside = [courses[code] for code in ids if code in courses]
    note_rules(program, chosen, losses)
    note_courses(inside, losses)
    note_school(program, school, inside, losses)
    unit = program.credit_unit.casefold()
    system = next((name for name in ("semester", "quarter") if name in unit), "")
    if not system:
        losses.add(
            "the unit of credits: the format knows semesters and quarters", program.credit_unit
        )
    inexact = [row.name for row in rows if not is_exact(row.credits)]
    losses.add("credits rounded to three places", *inexact)
    made = Curriculum(
        name=f"{program.name} ({program.catalog_year})",
        plan=plan,
        institution=school.name,
        degree_type=program.degree,
        system=system,
        courses=tuple(rows),
    )
    return CurriculumMade(
        curriculum=made, losses=losses.told(), warnings=tuple(_warnings(made, program, courses))
    )


def _course_rows(
    courses: Mapping[CourseCode, Course],
    ids: Mapping[CourseCode, int],
    terms: Mapping[CourseCode, int],
    losses: Losses,
) -> list[CurriculumCourse]:
    read = RequisiteReader(frozenset(ids), losses, terms)
    rows = []
    for code, number in ids.items():
        course = courses.get(code)
        if course is None:
            losses.add("credits of courses taught elsewhere: written as 0", code)
        asked = Requisites() if course is None else read.read(course)
        credits = Fraction(0) if course is None else course.credits_low
        rows.append(_row(code, number, course, credits, asked, ids, losses))
    return rows


def _row(
    code: CourseCode,
    number: int,
    course: Course | None,
    credits: Fraction,
    asked: Requisites,
    ids: Mapping[CourseCode, int],
    losses: Losses,
) -> CurriculumCourse:
    title = course.title if course is not None else ""
    if not title:
        losses.add("names of courses: the code stands for a title that is not known", code)
    prefix, _, rest = ("", "", "") if code.startswith("~") else code.partition(" ")
    return CurriculumCourse(
        id=number,
        name=title or code,
        prefix=prefix,
        number=rest,
        before=tuple(sorted(ids[name] for name in asked.before)),
        beside=tuple(sorted(ids[name] for name in asked.beside)),
        together=tuple(sorted(ids[name] for name in asked.together)),
        credits=credits,
    )


def _open_row(slot: OpenSlot, number: int, school: School, losses: Losses) -> CurriculumCourse:
    if slot.credits is None:
        losses.add("credits of open places that nobody knows: written as 0", slot.label)
    return CurriculumCourse(
        id=number, name=slot.label, credits=slot.credits or Fraction(0), institution=school.name
    )


def _warnings(
    made: Curriculum, program: Program, courses: Mapping[CourseCode, Course]
) -> Iterable[Fault]:
    """Yield a warning for each text that a spreadsheet would take for a formula."""
    at = {course.title: course.provenance.at for course in courses.values()}
    texts = [made.name, made.plan or "", made.institution, made.degree_type]
    texts += [row.name for row in made.courses]
    for text in dict.fromkeys(texts):
        if looks_like_formula(text):
            yield Fault(
                code="EXC-020",
                what=f"a spreadsheet would run '{text[:40]}' as a formula; "
                "an apostrophe was written in front of it",
                fix="nothing is to be done, if the text is meant so",
                at=at.get(text, program.provenance.at),
                severity=Severity.WARNING,
            )
