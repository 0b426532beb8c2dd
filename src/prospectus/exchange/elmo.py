"""EMREX ELMO, schema 1.0 to 1.7: transcripts of records as XML.

The schema (https://github.com/emrex-eu/elmo-schemas) bears the EUPL, a licence of another kind
than this project's, and is not part of it. What is read here is checked against a table of what
the schema allows: `elmo_shape`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from prospectus.domain.course import CourseCode, parse_code
from prospectus.domain.errors import DomainError, Fault, Place, StudentError
from prospectus.domain.record import AttemptStatus
from prospectus.exchange.elmo_shape import INSTANCE, LOS, ShapeCheck, day_of
from prospectus.exchange.elmo_xml import Element, read_xml

NAMESPACE = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
_STATUSES = {
    "passed": AttemptStatus.PASSED,
    "failed": AttemptStatus.FAILED,
    "in-progress": AttemptStatus.IN_PROGRESS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ElmoCourse:
    """A course of a report, as the file says it.

    `codes` are those of its identifiers that can be course codes, its own school's first.
    `credits` are by scheme (`ects`), `term` is the English title of the academic term, else the
    first one. `status` is None where the file says none.
    """

    line: int
    title: str
    codes: tuple[CourseCode, ...]
    identifiers: tuple[tuple[str, str], ...]
    status: AttemptStatus | None
    grade: str | None
    credits: tuple[tuple[str, Fraction], ...]
    term: str
    start: dt.date | None
    end: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElmoReport:
    """What one institution reports; `issuer` are its titles and identifiers, `title` the first."""

    line: int
    title: str
    issuer: frozenset[str]
    courses: tuple[ElmoCourse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ElmoFile:
    """A transcript: the learner's name, and the reports of institutions.

    `faults` are what the schema does not allow, `notes` what was passed over. A course with a
    fault in it is in no report: what else it says cannot be trusted.
    """

    name: str
    reports: tuple[ElmoReport, ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def read_elmo(path: Path) -> ElmoFile:
    """Return what an ELMO file says.

    Degree programmes, modules and classes that carry no credits of their own are looked through
    for the courses in them.

    Raises
    ------
    StudentError
        REC-001 to REC-003 and REC-030 to REC-033: the file is no ELMO that can be read.
    """
    root = read_xml(path)
    if root.name != "elmo" or root.namespace != NAMESPACE:
        raise StudentError(
            "REC-033",
            what=f"the file is XML, but no EMREX ELMO: it begins with <{root.name[:40]}>",
            fix=f'name a file that begins with <elmo xmlns="{NAMESPACE}">',
            at=Place(file=str(path), line=root.line),
        )
    shape = ShapeCheck(str(path))
    shape.check(root)
    learner = root.first("learner")
    names = [] if learner is None else [learner.said("givenNames"), learner.said("familyName")]
    return ElmoFile(
        name=" ".join(names).strip(),
        reports=tuple(_report(report, shape.broken) for report in root.all("report")),
        faults=tuple(shape.faults),
        notes=tuple(shape.notes),
    )


def _report(report: Element, broken: set[int]) -> ElmoReport:
    issuer = report.first("issuer")
    titles: list[str] = []
    if issuer is not None:
        titles = [_english(issuer), *(title.token for title in issuer.all("title"))]
        titles += [identifier.token for identifier in issuer.all("identifier")]
    courses = [course for los in report.all(LOS) for course in _courses(los, broken)]
    return ElmoReport(
        line=report.line,
        title=titles[0] if titles else "",
        issuer=frozenset(title.casefold() for title in titles if title),
        courses=tuple(courses),
    )


def _courses(los: Element, broken: set[int]) -> Iterator[ElmoCourse]:
    """Yield the courses at or below a node: what carries a result and no part that does."""
    inner = [one for part in los.all("hasPart") for one in part.all(LOS)]
    parts = [course for one in inner for course in _courses(one, broken)]
    kind = los.said("type").lower()
    wrapper = los.first("specifies")
    instance = None if wrapper is None else wrapper.first(INSTANCE)
    if instance is None or kind == "class" or id(los) in broken:
        yield from parts
        return
    course = _course(los, instance)
    if kind == "course" or (course.credits and kind not in ("degree programme", "module")):
        yield course
    elif parts or kind == "degree programme":
        yield from parts
    else:
        yield course


def _course(los: Element, instance: Element) -> ElmoCourse:
    start, end = day_of(instance.said("start")), day_of(instance.said("date"))
    term = instance.first("academicTerm")
    if term is not None:
        start = start or day_of(term.said("start"))
        end = end or day_of(term.said("end"))
    identifiers = tuple(
        (found.attributes.get("type", ""), found.token) for found in los.all("identifier")
    )
    return ElmoCourse(
        line=los.line,
        title=_english(los),
        codes=_codes(identifiers),
        identifiers=identifiers,
        status=_STATUSES.get(instance.said("status")),
        grade=instance.said("resultLabel") or None,
        credits=tuple(_credits(instance)),
        term="" if term is None else _english(term),
        start=start,
        end=end,
    )


def _credits(instance: Element) -> Iterator[tuple[str, Fraction]]:
    for credit in instance.all("credit"):
        value = credit.said("value")
        if value:
            yield credit.said("scheme").lower(), Fraction(value)


def _english(element: Element) -> str:
    """Return the English title, else the first."""
    titles = list(element.all("title"))
    english = [
        title for title in titles if title.attributes.get("lang", "").lower().startswith("en")
    ]
    return next((title.token for title in (*english, *titles)), "")


def _codes(identifiers: tuple[tuple[str, str], ...]) -> tuple[CourseCode, ...]:
    """Return the identifiers that can be course codes, those of the type `local` first."""
    found: list[CourseCode] = []
    for _, text in sorted(identifiers, key=lambda pair: pair[0] != "local"):
        try:
            found.append(parse_code(text))
        except DomainError:
            continue
    return tuple(dict.fromkeys(found))
