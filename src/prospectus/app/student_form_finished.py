"""The finished courses of a student document: shown, added one by one or from a record, removed."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from prospectus.app.library import Library
from prospectus.app.records import LoadedRecord, read_record
from prospectus.app.student_form_text import Fields, decimal
from prospectus.catalogs.yaml_document import Data
from prospectus.domain.course import Course
from prospectus.domain.errors import Fault, Place, ProspectusError
from prospectus.domain.period import Calendar
from prospectus.domain.program import Program, School
from prospectus.domain.record import Attempt, AttemptStatus, Basis, CreditSource

MOST_FOUND = 20
"""Courses that a search shows."""
_N_TERMS = 18
_GRADES = frozenset({"grade", "expected_grade"})
_SAID = {
    "program": "the programme",
    "catalog_year": "its year",
    "matriculation": "the first day of study",
    "choices": "the choices",
}
_SUFFIXES = frozenset({".csv", ".json", ".parquet", ".xml", ".yaml", ".yml"})

STATUSES = (
    ("", "passed"),
    ("in progress", "in progress"),
    ("registered", "registered"),
    ("withdrawn", "withdrawn"),
    ("incomplete", "incomplete"),
    ("failed", "failed"),
)
SOURCES = (
    ("", "taken here"),
    ("transfer", "transferred"),
    ("exam", "by an exam"),
    ("credential", "by a credential"),
    ("non_degree", "before admission"),
    ("waiver", "waived"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedLine:
    """One finished course as the document has it, and what is wrong with it."""

    index: int
    course: str
    title: str
    period: str
    grade: str
    status: str
    source: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedChoices:
    """What a line may say at a school: its terms, the newest first, and its grades."""

    terms: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()


def finished_lines(
    data: Fields, program: Program | None, library: Library, faults: Iterable[Fault]
) -> tuple[FinishedLine, ...]:
    """Return the finished courses of a document."""
    titles = {}
    if program is not None:
        titles = {str(course.code): course.title for course in library.school(program).courses}
    found = list(faults)
    lines = data.get("finished")
    return tuple(
        _line(index, one, titles, [f for f in found if _is_of(f, index)])
        for index, one in enumerate(lines if isinstance(lines, list) else ())
    )


def finished_choices(program: Program | None, library: Library, today: dt.date) -> FinishedChoices:
    """Return what a line may say, nothing while no programme is named."""
    if program is None:
        return FinishedChoices()
    school = library.school(program)
    calendar = dict(school.calendars)[program.calendar]
    begun = [str(term.id) for term in calendar.terms if term.start <= today]
    return FinishedChoices(
        terms=tuple(reversed(begun[-_N_TERMS:])),
        grades=tuple(grade.name for grade in school.grades.grades),
    )


def found_courses(program: Program, library: Library, words: str) -> tuple[Course, ...]:
    """Return the courses of a programme's school whose code or title holds these words."""
    asked = words.casefold().split()
    bare = "".join(asked)
    if not bare:
        return ()
    courses = library.school(program).courses
    by_code = [one for one in courses if bare in "".join(one.code.casefold().split())]
    by_title = [one for one in courses if all(word in one.title.casefold() for word in asked)]
    return tuple(dict.fromkeys((*by_code, *by_title)))[:MOST_FOUND]


def with_line(
    data: Fields, line: dict[str, str], program: Program | None, library: Library
) -> Fields:
    """Return the fields with one finished course more; what is empty is not written.

    A code or grade that the school writes with other gaps or letters is written as it does.
    """
    school = None if program is None else library.school(program)
    codes = () if school is None else (str(one.code) for one in school.courses)
    grades = () if school is None else (one.name for one in school.grades.grades)
    known = {_bare(one): one for one in codes}, {_bare(one): one for one in grades}
    said: dict[str, Data] = {}
    for key, value in line.items():
        names = known[0] if key == "course" else known[1] if key in _GRADES else {}
        if value:
            said[key] = names.get(_bare(value), value)
    return {**data, "finished": [*_lines(data), said]}


def without_line(data: Fields, index: int, course: str) -> Fields:
    """Return the fields without one finished course, if that one still stands there."""
    lines = _lines(data)
    if not 0 <= index < len(lines) or _words(lines[index], "course") != course:
        return data
    rest = [*lines[:index], *lines[index + 1 :]]
    kept = {key: value for key, value in data.items() if key != "finished"}
    return {**kept, "finished": list[Data](rest)} if rest else kept


def with_record(
    data: Fields, loaded: LoadedRecord, program: Program, library: Library
) -> tuple[Fields, str]:
    """Return the fields with the courses of a record that they do not have, and what was done.

    What a record says of its programme, year, choices and begin fills what is not said yet.
    """
    school = library.school(program)
    calendar = dict(school.calendars)[program.calendar]
    lines = _lines(data)
    had = {(_words(one, "course"), _words(one, "period")) for one in lines}
    new = []
    for attempt in loaded.record.attempts:
        line = _of_attempt(attempt, school, calendar)
        is_known = (_words(line, "course"), _words(line, "period")) in had
        if attempt.status is not AttemptStatus.PLANNED and not is_known:
            new.append(line)
    said: Fields = {"program": program.id}
    if loaded.catalog_year:
        said["catalog_year"] = loaded.catalog_year
    if loaded.record.matriculation is not None:
        said["matriculation"] = loaded.record.matriculation
    if loaded.choices:
        said["choices"] = dict[str, Data](loaded.choices)
    filling = {key: value for key, value in said.items() if data.get(key) is None}
    filled = {**data, **filling}
    told = [f"{_counted(len(new), 'course')} taken over"]
    if filling:
        told.append("also, as it was not said yet: " + ", ".join(_SAID[key] for key in filling))
    if left := _left(loaded):
        told.append(f"not taken over: {left}")
    return ({**filled, "finished": [*lines, *new]} if new else filled), "; ".join(told)


def record_in(
    file_name: str, content: bytes, program: Program, library: Library, today: dt.date
) -> LoadedRecord:
    """Return the record in an uploaded file.

    Raises
    ------
    ProspectusError
        With all faults of the file, which they call by the name it was sent with.
    """
    plain = PurePosixPath(file_name.replace("\\", "/")).name or "record"
    suffix = PurePosixPath(plain).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="prospectus-") as folder:
        # the name is the sender's: only a known ending of it is used
        path = Path(folder) / f"record{suffix if suffix in _SUFFIXES else ''}"
        path.write_bytes(content)
        try:
            return read_record(path, program, library.school(program), today, library=library)
        except ProspectusError as error:
            raise type(error)(
                faults=[_renamed(fault, str(path), plain) for fault in error.faults]
            ) from None


# ----------------------------------------------------------------------- inside


def _left(loaded: LoadedRecord) -> str:
    """Return what a record holds that is no finished course, in words; "" for nothing."""
    record = loaded.record
    planned = sum(one.status is AttemptStatus.PLANNED for one in record.attempts)
    counts = (
        (planned, "planned course"),
        (len(record.milestones), "milestone"),
        (len(record.approvals), "approval"),
        (len(record.exceptions), "exception"),
    )
    return ", ".join(_counted(n, noun) for n, noun in counts if n)


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _bare(text: str) -> str:
    return "".join(text.casefold().split())


def _lines(data: Fields) -> list[Data]:
    lines = data.get("finished")
    return lines if isinstance(lines, list) else []


def _line(index: int, one: Data, titles: dict[str, str], faults: list[Fault]) -> FinishedLine:
    course = _words(one, "course")
    status, source = _words(one, "status"), _words(one, "source")
    return FinishedLine(
        index=index,
        course=course,
        title=titles.get(course, ""),
        period=_words(one, "period"),
        grade=_words(one, "grade") or _expected(_words(one, "expected_grade")),
        status=status.replace("_", " ") or "passed",
        source=dict(SOURCES).get(source, source) if source not in ("", "home") else "",
        faults=tuple(faults),
    )


def _expected(grade: str) -> str:
    return f"{grade} expected" if grade else ""


def _words(line: Data, field: str) -> str:
    """Return what a line says in a field, as words."""
    value = line.get(field) if isinstance(line, dict) else None
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _is_of(fault: Fault, index: int) -> bool:
    name = f"finished[{index}]"
    return fault.at.field == name or fault.at.field.startswith(f"{name}.")


def _of_attempt(attempt: Attempt, school: School, calendar: Calendar) -> Data:
    """Return a line that says what an attempt is, without what goes without saying."""
    line: dict[str, Data] = {"course": str(attempt.course)}
    if attempt.grade is not None:
        line["grade"] = attempt.grade
    periods = list[Data](_periods(attempt.periods, calendar))
    if periods:
        line["period"] = periods[0] if len(periods) == 1 else periods
    if attempt.status is not AttemptStatus.PASSED:
        line["status"] = attempt.status.value.replace("_", " ")
    if attempt.source is not CreditSource.HOME:
        line["source"] = attempt.source.value
    usual = next((one.credits_low for one in school.courses if one.code == attempt.course), None)
    if attempt.credits != usual and attempt.source is not CreditSource.WAIVER:
        is_whole = attempt.credits.denominator == 1
        line["credits"] = int(attempt.credits) if is_whole else decimal(attempt.credits)
    if attempt.basis is not Basis.LETTER:
        line["basis"] = attempt.basis.value
    for field in ("topic", "expected_grade", "school", "ended"):
        if (value := getattr(attempt, field)) is not None:
            line[field] = value
    if attempt.counted_in:
        line["counted_in"] = list[Data](sorted(attempt.counted_in))
    return line


def _periods(periods: tuple[str, ...], calendar: Calendar) -> Iterator[str]:
    """Yield periods by the names that a file uses: a whole term by its own."""
    left = set(periods)
    for index, term in enumerate(calendar.terms):
        leaves = {str(calendar.leaves[leaf].id) for leaf in calendar.leaves_by_term[index]}
        if leaves and leaves <= left:
            left -= leaves
            yield str(term.id)
    yield from (name for name in periods if name in left)


def _renamed(fault: Fault, path: str, name: str) -> Fault:
    return replace(
        fault,
        what=fault.what.replace(path, name),
        fix=fault.fix.replace(path, name),
        at=Place(file=fault.at.file.replace(path, name), line=fault.at.line, field=fault.at.field),
    )
