"""What catalog files say, right or wrong: the material of the loader and of the checker."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from prospectus.catalogs.dated_files import (
    AssumptionsFile,
    CalendarFile,
    FeesFile,
)
from prospectus.catalogs.file_kinds import AnyFile, FieldsRead, read_fields
from prospectus.catalogs.listing import files_of
from prospectus.catalogs.nearest import nearest
from prospectus.catalogs.program_files import ProgramFile
from prospectus.catalogs.replacing import replaced_files
from prospectus.catalogs.schedule_file import ScheduleFile
from prospectus.catalogs.school_files import CoursesFile, SchoolFile
from prospectus.catalogs.site import Reading, Site
from prospectus.catalogs.yaml_document import Document, FieldPath, dotted
from prospectus.catalogs.yaml_reader import read_partly
from prospectus.domain.course import Course, CourseCode, GradeScale, parse_code
from prospectus.domain.errors import CatalogError, DomainError, Fault, Place
from prospectus.domain.facts import Source
from prospectus.domain.period import Calendar
from prospectus.domain.program import Program, School

_HEAD_BYTES = 20_000
_N_SHOWN = 3
_STEP = re.compile(r"[.\[]")
_SAYS = re.compile(r"^(kind|school|id):\s*([\w.-]+)", re.MULTILINE)


@dataclass(slots=True, kw_only=True)
class Assembled:
    """What a reading of files gave."""

    reading: Reading
    documents: dict[str, Document] = field(default_factory=dict)
    files: list[tuple[Document, AnyFile]] = field(default_factory=list)
    by_school: dict[str, list[tuple[Document, AnyFile]]] = field(default_factory=dict)
    """The files of each school itself, without its programmes' and its assumptions."""
    schools: list[School] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    """Schools of which a file could not be read; "" where it is not known which."""
    lacks_programs: bool = False
    """Whether some file that may be a programme's could not be read."""
    replaced: tuple[str, ...] = ()
    """Schools, programmes and files in whose place a person's own stand."""
    unbounded: set[str] = field(default_factory=set)
    """Files of programmes whose selectors cannot be matched in reasonable time."""
    lost: dict[str, tuple[FieldPath, ...]] = field(default_factory=dict)
    """What was cut out of each file, so that the rest could be read."""

    def lacks_file_of(self, school: str) -> bool:
        """Return whether some file that may belong to a school could not be read."""
        return bool(self.failed & {school, ""})

    def files_of(self, school: str) -> frozenset[str]:
        """Return the files of a school itself, without its programmes'."""
        return frozenset(document.file for document, _ in self.by_school.get(school, ()))

    def loses_of(self, school: str) -> bool:
        """Return whether something was cut out of the files of a school itself."""
        return not self.files_of(school).isdisjoint(self.lost)

    def unscheduled(self, school: str) -> dict[str, Place]:
        """Return the courses of which a schedule says that nobody knows when they run."""
        found: dict[str, Place] = {}
        for document, fields in self.by_school.get(school, ()):
            if not isinstance(fields, ScheduleFile):
                continue
            if isinstance(fields.courses, str):
                mine = (one.courses for one in self.schools if one.id == school)
                codes = [str(course.code) for courses in mine for course in courses]
                found |= dict.fromkeys(codes, document.place(("courses",)))
                continue
            for key, value in fields.courses.items():
                if value == "unknown":
                    with suppress(DomainError):
                        found[parse_code(key)] = document.place(("courses", key))
        return found

    @property
    def faults(self) -> list[Fault]:
        """Return the faults found so far."""
        return self.reading.faults

    def drop_consequences(self, since: int) -> None:
        """Drop faults, from the `since`-th on, of blocks from which something wrong was cut."""
        later = self.faults[since:]
        del self.faults[since:]
        blocks = {file: set(_blocks_around(self.lost[file])) for file in self.lost}
        for fault in later:
            around = blocks.get(fault.at.file, set())
            lacks_default = fault.code == "CAT-030" and "defaults" in around
            if not lacks_default and fault.at.field not in around:
                self.faults.append(fault)


def assemble(paths: Sequence[Path], given: Collection[int] = ()) -> Assembled:
    """Return everything that the files at `paths` say, with all faults of all files.

    Parameters
    ----------
    paths
        Catalog folders, folders of one school, or single files.
    given
        Which of `paths` are a person's own: their schools, programmes and files take the place of
        those of the same name in the others.
    """
    assembled = Assembled(reading=Reading())
    for index, path, shown in files_of(paths, assembled.faults):
        assembled.reading.root_of[shown] = index
        try:
            document, wrong = read_partly(path, shown_as=shown)
        except CatalogError as error:
            assembled.faults.extend(error.faults)
            _note_unreadable(assembled, path)
            continue
        assembled.documents[shown] = document
        found = read_fields(document)
        already = {fault.at for fault in wrong}
        assembled.faults.extend(wrong)
        assembled.faults.extend(fault for fault in found.faults if fault.at not in already)
        _keep(assembled, found)
    _drop_replaced(assembled, given)
    for document, fields in assembled.files:
        if not isinstance(fields, AssumptionsFile | ProgramFile):
            school = fields.id if isinstance(fields, SchoolFile) else fields.school
            assembled.by_school.setdefault(school, []).append((document, fields))
    n_faults = len(assembled.faults)
    _read_assumptions(assembled)
    _read_schools(assembled)
    _read_programs(assembled)
    assembled.drop_consequences(n_faults)
    return assembled


def _blocks_around(lost: Sequence[FieldPath]) -> Iterator[str]:
    """Yield, as people read them, the places that were cut and those of the blocks around them."""
    for path in lost:
        text = dotted(path)
        yield text
        yield from (text[: sign.start()] for sign in _STEP.finditer(text, 1))


def _drop_replaced(assembled: Assembled, given: Collection[int]) -> None:
    """Drop the files in whose place a person's own stand, with their faults."""
    root_of = assembled.reading.root_of
    replaced = replaced_files(
        [pair for pair in assembled.files if root_of[pair[0].file] in given],
        [pair for pair in assembled.files if root_of[pair[0].file] not in given],
    )
    if not replaced:
        return
    assembled.replaced = tuple(sorted(set(replaced.values())))
    assembled.files = [pair for pair in assembled.files if pair[0].file not in replaced]
    for file in replaced:
        del assembled.documents[file]
        assembled.lost.pop(file, None)
    left = [fault for fault in assembled.faults if fault.at.file not in replaced]
    assembled.faults[:] = left


def _keep(assembled: Assembled, found: FieldsRead) -> None:
    """Keep what is left of a file, and remember what will be missed."""
    assembled.reading.names_refused |= found.names
    document = found.document
    if found.fields is not None:
        assembled.files.append((document, found.fields))
        if found.lost:
            assembled.lost[document.file] = found.lost
        return
    data = document.data if isinstance(document.data, dict) else {}
    kind = data.get("kind")
    named = data.get("id" if kind == "school" else "school")
    _note_failed(assembled, str(kind or ""), named if isinstance(named, str) else "")


def _note_unreadable(assembled: Assembled, path: Path) -> None:
    """Remember what will be missed, as far as the first lines of a file tell."""
    head = b""
    with suppress(OSError, ValueError):
        if path.is_file():
            with path.open("rb") as stream:
                head = stream.read(_HEAD_BYTES)
    said = dict(reversed(_SAYS.findall(head.decode("utf-8", errors="replace"))))
    kind = said.get("kind", "")
    _note_failed(assembled, kind, said.get("id" if kind == "school" else "school", ""))


def _note_failed(assembled: Assembled, kind: str, school: str) -> None:
    if kind in ("assumptions", ""):
        assembled.reading.lacks_assumptions = True
    if kind in ("program", ""):
        assembled.lacks_programs = True
    if kind not in ("assumptions", "program"):
        assembled.failed.add(school)


def _read_assumptions(assembled: Assembled) -> None:
    """Read all assumptions first: every other file may name one.

    A folder laid beside another may give an assumption a value of its own.
    """
    reading = assembled.reading
    for document, fields in assembled.files:
        root = reading.root_of[document.file]
        if not isinstance(fields, AssumptionsFile):
            reading.roots_with_schools.add(root)
            own = fields.id if isinstance(fields, SchoolFile) else fields.school
            reading.school_of[document.file] = own
            continue
        site = Site(document=document, reading=reading)
        here = reading.by_root.setdefault((root, fields.school or ""), {})
        for assumption in fields.to_domain(site):
            if assumption.id in here:
                site.at("assumptions", assumption.id).fault(
                    "CAT-036",
                    f"assumption '{assumption.id}' stands in two files",
                    "keep one of the two",
                )
            here[assumption.id] = assumption


def _site(assembled: Assembled, document: Document, fields: AnyFile, scope: str = "") -> Site:
    """Return the site of a whole file, under the facts that it gives for all its blocks."""
    site = Site(document=document, reading=assembled.reading, scope=scope)
    outer = site.at("facts").within(fields.facts)
    whole = Site(document=document, reading=assembled.reading, scope=scope, facts=outer.facts)
    return whole.within(fields) if not isinstance(fields, AssumptionsFile) else whole


def _sources(fields: AnyFile, scope: str) -> tuple[Source, ...]:
    return tuple(
        Source(id=scope + name, title=block.title, address=block.address, read=block.read)
        for name, block in fields.sources.items()
    )


def _read_schools(assembled: Assembled) -> None:
    schools: dict[str, tuple[Document, SchoolFile]] = {}
    for document, fields in assembled.files:
        if isinstance(fields, SchoolFile):
            if fields.id in schools:
                _site(assembled, document, fields).at("id").fault(
                    "CAT-037",
                    f"two schools have the id '{fields.id}' "
                    f"(the other: {schools[fields.id][0].file})",
                    "give one of them another id",
                )
                continue
            schools[fields.id] = (document, fields)
    for document, fields in assembled.files:
        if isinstance(fields, SchoolFile) or fields.school is None:
            continue
        if fields.school not in schools and not assembled.lacks_file_of(fields.school):
            _site(assembled, document, fields).at("school").fault(
                "CAT-038",
                f"there is no school '{fields.school}'{nearest(fields.school, set(schools))}",
                "correct the id, or add the school's school.yaml to what is read",
            )
    for id, (document, school_file) in schools.items():
        assembled.schools.append(_read_school(assembled, id, document, school_file))


def _read_school(assembled: Assembled, id: str, document: Document, fields: SchoolFile) -> School:
    """Return one school from its own file and every file that names it."""
    scope = _scope(document)
    site = _site(assembled, document, fields, scope)
    courses: list[Course] = []
    places: dict[CourseCode, Place] = {}
    calendars: list[tuple[str, Calendar]] = []
    sources = list(_sources(fields, scope))
    mine = [
        (other, item)
        for other, item in assembled.by_school.get(id, ())
        if not isinstance(item, SchoolFile | AssumptionsFile | ProgramFile)
    ]
    for other, item in mine:
        here = _site(assembled, other, item, _scope(other))
        sources += _sources(item, _scope(other))
        if isinstance(item, CoursesFile):
            for course in item.to_domain(here):
                _once(assembled, course, places)
                courses.append(course)
        elif isinstance(item, CalendarFile):
            calendars += item.to_domain(here)
    seasons = tuple(
        dict.fromkeys(term.season for _, calendar in calendars for term in calendar.terms)
    )
    offerings = [
        offering
        for other, item in mine
        if isinstance(item, ScheduleFile)
        for offering in item.to_domain(_site(assembled, other, item, _scope(other)), seasons)
    ]
    fees = [
        fee
        for other, item in mine
        if isinstance(item, FeesFile)
        for fee in item.to_domain(_site(assembled, other, item, _scope(other)), fields.currency)
    ]
    scale = fields.grades.to_domain(site.at("grades"))
    return School(
        id=id,
        name=fields.name,
        currency=fields.currency,
        country=None if fields.country == "unknown" else fields.country,
        grades=scale or GradeScale(grades=()),
        courses=tuple(sorted(courses, key=lambda course: course.code)),
        calendars=tuple(calendars),
        offerings=tuple(offerings),
        fees=tuple(fees),
        renames=fields.renames(site),
        cross_listed=tuple(
            tuple(CourseCode(code) for code in group) for group in fields.cross_listed
        ),
        equivalents=fields.equivalents(site),
        awards=fields.credentials(site),
        external=frozenset(fields.external),
        sources=tuple(sources),
    )


def _scope(document: Document) -> str:
    """Return what tells the sources of one file of a school from those of another."""
    return f"{PurePath(document.file).stem}:"


def _once(assembled: Assembled, course: Course, places: dict[CourseCode, Place]) -> None:
    """Note a course whose code another course already has."""
    first = places.setdefault(course.code, course.provenance.at)
    if first != course.provenance.at:
        assembled.faults.append(
            Fault(
                code="CAT-035",
                what=f"{course.code} stands twice (first at {first.file}:{first.line})",
                at=course.provenance.at,
                fix="merge the two; codes are the same whatever their case, space or hyphen",
            )
        )


def _read_programs(assembled: Assembled) -> None:
    seen: dict[tuple[str, str], str] = {}
    for document, fields in assembled.files:
        if not isinstance(fields, ProgramFile):
            continue
        site = _site(assembled, document, fields)
        key = (fields.id, fields.catalog_year)
        if key in seen:
            site.at("id").fault(
                "CAT-039",
                f"two programmes have the id '{fields.id}' and the year {fields.catalog_year} "
                f"(the other: {seen[key]})",
                "give one of them another id or catalogue year",
            )
            continue
        seen[key] = document.file
        program = fields.to_domain(site, _sources(fields, ""))
        live = _live_unknown(assembled, program)
        assembled.programs.append(replace(program, unknown=(*program.unknown, *live)))


def _live_unknown(assembled: Assembled, program: Program) -> Iterator[str]:
    """Yield what is not known of the live sessions that students of a programme may have."""
    files = assembled.files_of(program.school)
    unknown = {code for file, code in assembled.reading.live_unknown if file in files}
    if not unknown:
        return
    courses = {
        course.code: course
        for school in assembled.schools
        if school.id == program.school
        for course in school.courses
        if course.code in unknown
    }
    codes = [
        code
        for code in sorted(unknown)
        if code in courses
        and (not courses[code].restricted_to or program.id in courses[code].restricted_to)
    ]
    if codes:
        more = f" and {len(codes) - _N_SHOWN} others" if len(codes) > _N_SHOWN else ""
        yield f"the weekday and time of live sessions ({', '.join(codes[:_N_SHOWN])}{more})"
