"""EMREX ELMO, schema 1.0 to 1.7: transcripts of records as XML.

The schema (https://github.com/emrex-eu/elmo-schemas) bears the EUPL, a licence of another kind
than this project's, and is not part of it. What is read here is checked against the rules that
the schema states: which elements must be there, how often, and what they hold. As it asks of
readers, elements that it does not have are passed over.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from prospectus.domain.course import CourseCode, parse_code
from prospectus.domain.errors import DomainError, Fault, Place, StudentError
from prospectus.domain.record import AttemptStatus
from prospectus.exchange.elmo_xml import Element, read_xml

NAMESPACE = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
ECTS = "ects"
_LOS = "learningOpportunitySpecification"
_STATUSES = {
    "": AttemptStatus.PASSED,  # what the schema lets readers assume
    "passed": AttemptStatus.PASSED,
    "failed": AttemptStatus.FAILED,
    "in-progress": AttemptStatus.IN_PROGRESS,
}
_DECIMAL = re.compile(r"\+?\d{1,9}(?:\.\d{0,9})?|\+?\.\d{1,9}")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?")
_MOST_FAULTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ElmoCourse:
    """A course of a report, as the file says it.

    `codes` are those of its identifiers that can be course codes, its own school's first.
    `credits` are by scheme (`ects`), `term` is the English title of the academic term, else the
    first one.
    """

    line: int
    title: str
    codes: tuple[CourseCode, ...]
    identifiers: tuple[tuple[str, str], ...]
    status: AttemptStatus
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
    """A transcript: the learner's name, and the reports of institutions."""

    name: str
    reports: tuple[ElmoReport, ...]


def read_elmo(path: Path) -> ElmoFile:
    """Return what an ELMO file says.

    Degree programmes, modules and classes that carry no credits of their own are looked through
    for the courses in them.

    Raises
    ------
    StudentError
        REC-001 to REC-003 and REC-030 to REC-035: everything that can be told in one reading.
    """
    root = read_xml(path)
    if root.name != "elmo" or root.namespace != NAMESPACE:
        raise StudentError(
            "REC-033",
            what=f"the file is XML, but no EMREX ELMO: it begins with <{root.name[:40]}>",
            fix=f'name a file that begins with <elmo xmlns="{NAMESPACE}">',
            at=Place(file=str(path), line=root.line),
        )
    return _Reading(str(path)).file(root)


class _Reading:
    """Reads one file, noting what the schema does not allow."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._faults: list[Fault] = []

    def file(self, root: Element) -> ElmoFile:
        """Return what the root element says.

        Raises
        ------
        StudentError
            With all faults that were noted.
        """
        self._moment(self._one(root, "generatedDate"))
        learner = self._one(root, "learner")
        names = []
        for part in ("givenNames", "familyName"):
            found = None if learner is None else self._one(learner, part)
            names.append("" if found is None else found.token)
        self._some(root, "report")
        reports = tuple(self._report(report) for report in root.all("report"))
        if self._faults:
            raise StudentError(faults=self._faults[:_MOST_FAULTS])
        return ElmoFile(name=" ".join(names).strip(), reports=reports)

    def _report(self, report: Element) -> ElmoReport:
        issuer = self._one(report, "issuer")
        self._moment(self._one(report, "issueDate"))
        titles: list[str] = []
        if issuer is not None:
            self._some(issuer, "identifier")
            self._some(issuer, "title")
            self._one(issuer, "url")
            titles = [_english(issuer), *(title.token for title in issuer.all("title"))]
            titles += [identifier.token for identifier in issuer.all("identifier")]
        courses = [course for los in report.all(_LOS) for course in self._courses(los)]
        return ElmoReport(
            line=report.line,
            title=titles[0] if titles else "",
            issuer=frozenset(title.casefold() for title in titles if title),
            courses=tuple(courses),
        )

    def _courses(self, los: Element) -> Iterator[ElmoCourse]:
        """Yield the courses at or below a node: what carries a result and no part that does."""
        self._some(los, "title")
        parts = []
        for part in los.all("hasPart"):
            inner = self._one(part, _LOS)
            parts += [] if inner is None else list(self._courses(inner))
        kind = los.said("type").lower()
        wrapper = self._one(los, "specifies")
        instance = None if wrapper is None else self._one(wrapper, "learningOpportunityInstance")
        if instance is None or kind == "class":
            yield from parts
            return
        course = self._course(los, instance)
        if kind == "course" or (course.credits and kind not in ("degree programme", "module")):
            yield course
        elif parts or kind == "degree programme":
            yield from parts
        else:
            yield course

    def _course(self, los: Element, instance: Element) -> ElmoCourse:
        status = instance.first("status")
        said = "" if status is None else status.token
        if status is not None and said not in _STATUSES:
            self._wrong(status, f"'{said[:40]}' is no status", "passed, failed or in-progress")
        term = instance.first("academicTerm")
        start, end = self._day(instance.first("start")), self._day(instance.first("date"))
        name = ""
        if term is not None:
            self._some(term, "title")
            name = _english(term)
            first, last = self._day(self._one(term, "start")), self._day(self._one(term, "end"))
            start, end = start or first, end or last
        identifiers = tuple(
            (found.attributes.get("type", ""), found.token) for found in los.all("identifier")
        )
        return ElmoCourse(
            line=los.line,
            title=_english(los),
            codes=_codes(identifiers),
            identifiers=identifiers,
            status=_STATUSES.get(said, AttemptStatus.PASSED),
            grade=instance.said("resultLabel") or None,
            credits=tuple(self._credits(instance)),
            term=name,
            start=start,
            end=end,
        )

    def _credits(self, instance: Element) -> Iterator[tuple[str, Fraction]]:
        for credit in instance.all("credit"):
            scheme, value = self._one(credit, "scheme"), credit.first("value")
            if scheme is None or value is None:
                continue
            if _DECIMAL.fullmatch(value.token):
                yield scheme.token.lower(), Fraction(value.token)
            else:
                self._wrong(value, f"'{value.token[:40]}' is no number of credits", "such as 7.5")

    def _one(self, parent: Element, name: str) -> Element | None:
        """Return the child that must stand there once."""
        found = list(parent.all(name))
        if not found:
            self._add("REC-034", parent, f"<{parent.name}> holds no <{name}>", "add it", name)
        elif len(found) > 1:
            what = f"<{parent.name}> holds <{name}> {len(found)} times"
            self._add("REC-034", found[1], what, "leave one of them", name)
        return found[0] if found else None

    def _some(self, parent: Element, name: str) -> None:
        """Note where a child is missing of which there must be one or more."""
        if parent.first(name) is None:
            self._add("REC-034", parent, f"<{parent.name}> holds no <{name}>", "add one", name)

    def _day(self, element: Element | None) -> dt.date | None:
        return self._date(element, _DAY, "a day such as 2025-05-08")

    def _moment(self, element: Element | None) -> None:
        self._date(element, _MOMENT, "a day and time such as 2025-05-08T12:00:00Z")

    def _date(self, element: Element | None, pattern: re.Pattern[str], fix: str) -> dt.date | None:
        if element is None:
            return None
        match = pattern.fullmatch(element.token)
        try:
            return dt.date.fromisoformat(match[1] if match else "")
        except ValueError:
            self._wrong(element, f"'{element.token[:40]}' is no date", fix)
            return None

    def _wrong(self, element: Element, what: str, fix: str) -> None:
        self._add("REC-035", element, what, f"write {fix}", element.name)

    def _add(self, code: str, element: Element, what: str, fix: str, field: str) -> None:
        at = Place(file=self._file, line=element.line, field=field)
        self._faults.append(Fault(code=code, what=what, fix=fix, at=at))


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
