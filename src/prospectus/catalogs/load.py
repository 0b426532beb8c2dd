"""Catalogs from their files: schools, programmes and assumptions, or every fault at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from prospectus.catalogs.dated_files import (
    AssumptionsFile,
    CalendarFile,
    FeesFile,
    ScheduleFile,
)
from prospectus.catalogs.file_kinds import AnyFile, read_fields
from prospectus.catalogs.program_files import ProgramFile
from prospectus.catalogs.school_files import CoursesFile, SchoolFile
from prospectus.catalogs.site import Reading, Site, nearest
from prospectus.catalogs.yaml_reader import Document, read_yaml
from prospectus.domain.course import Course, CourseCode, GradeScale
from prospectus.domain.errors import CatalogError, Fault, Place, Severity
from prospectus.domain.facts import Assumption, Source
from prospectus.domain.period import Calendar
from prospectus.domain.program import Program, School

MAX_FILES = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything that a set of catalog folders says."""

    schools: tuple[School, ...]
    programs: tuple[Program, ...]
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)

    def program(self, id: str, year: str | None = None) -> Program:
        """Return a programme of a catalogue year, of its latest year when None.

        Raises
        ------
        CatalogError
            CAT-060 when there is none of that id, CAT-061 when there is none of that year.
        """
        found = [program for program in self.programs if program.id == id]
        if not found:
            known = tuple(sorted({program.id for program in self.programs}))
            raise CatalogError(
                "CAT-060",
                what=f"there is no programme '{id}'{nearest(id, known)}",
                fix=f"use one of {', '.join(known) or '(none is loaded)'}",
            )
        if year is None:
            return max(found, key=lambda program: program.catalog_year)
        for program in found:
            if program.catalog_year == year:
                return program
        years = ", ".join(sorted(program.catalog_year for program in found))
        raise CatalogError(
            "CAT-061",
            what=f"{id} has no catalogue year '{year}'",
            fix=f"use one of {years}",
        )

    def school(self, id: str) -> School:
        """Return a school.

        Raises
        ------
        CatalogError
            CAT-062 when there is none of that id.
        """
        for school in self.schools:
            if school.id == id:
                return school
        known = tuple(sorted(school.id for school in self.schools))
        raise CatalogError(
            "CAT-062",
            what=f"there is no school '{id}'{nearest(id, known)}",
            fix=f"use one of {', '.join(known) or '(none is loaded)'}",
        )


@dataclass(slots=True, kw_only=True)
class Assembled:
    """What a reading of files gave, right or wrong: the loader's and the checker's material."""

    reading: Reading
    documents: dict[str, Document] = field(default_factory=dict)
    files: list[tuple[Document, AnyFile]] = field(default_factory=list)
    schools: list[School] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    """Schools of which a file could not be read; "" where it is not known which."""
    lacks_programs: bool = False
    """Whether some file that may be a programme's could not be read."""
    root_of: dict[str, int] = field(default_factory=dict)

    def lacks_file_of(self, school: str) -> bool:
        """Return whether some file that may belong to a school could not be read."""
        return bool(self.failed & {school, ""})

    @property
    def faults(self) -> list[Fault]:
        """Return the faults found so far."""
        return self.reading.faults

    def catalog(self) -> Catalog:
        """Return what could be made."""
        return Catalog(
            schools=tuple(sorted(self.schools, key=lambda school: school.id)),
            programs=tuple(sorted(self.programs, key=lambda p: (p.id, p.catalog_year))),
            assumptions=dict(sorted(self.reading.assumptions.items())),
        )


def bundled_root() -> Path:
    """Return the folder of the facts that come with the package."""
    return Path(str(files("prospectus").joinpath("data")))


def load_catalog(root: Path | None = None, extra: Sequence[Path] = ()) -> Catalog:
    """Return the catalog of a folder, the bundled one when None, with more laid beside it.

    Parameters
    ----------
    root
        A catalog folder.
    extra
        More catalog folders, folders of one school, or single files.

    Raises
    ------
    CatalogError
        With the faults of all files; warnings alone raise nothing.
    """
    # References rest on what this module assembles.
    from prospectus.catalogs.references import check_references

    assembled = assemble([root if root is not None else bundled_root(), *extra])
    check_references(assembled)
    errors = [fault for fault in assembled.faults if fault.severity is Severity.ERROR]
    if errors:
        raise CatalogError(faults=sorted_faults(errors))
    return assembled.catalog()


def sorted_faults(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults by file, line and field, each once."""
    return tuple(
        sorted(
            dict.fromkeys(faults),
            key=lambda fault: (fault.at.file, fault.at.line or 0, fault.at.field, fault.code),
        )
    )


def assemble(paths: Sequence[Path]) -> Assembled:
    """Return everything that the files at `paths` say, with all faults of all files."""
    assembled = Assembled(reading=Reading())
    for index, path, shown in files_of(paths, assembled.faults):
        assembled.root_of[shown] = index
        try:
            document = read_yaml(path, shown_as=shown)
        except CatalogError as error:
            assembled.faults.extend(error.faults)
            assembled.failed.add("")
            assembled.lacks_programs = True
            assembled.reading.lacks_assumptions = True
            continue
        assembled.documents[shown] = document
        fields = read_fields(document)
        if isinstance(fields, tuple):
            assembled.faults.extend(fields)
            _note_failed(assembled, document)
        else:
            assembled.files.append((document, fields))
    _read_assumptions(assembled)
    _read_schools(assembled)
    _read_programs(assembled)
    return assembled


def _note_failed(assembled: Assembled, document: Document) -> None:
    """Remember what will be missed since the fields of a file are wrong."""
    data = document.data if isinstance(document.data, dict) else {}
    kind = data.get("kind")
    if kind == "assumptions":
        assembled.reading.lacks_assumptions = True
    elif kind == "program":
        assembled.lacks_programs = True
    else:
        name = data.get("id" if kind == "school" else "school")
        assembled.failed.add(name if isinstance(name, str) else "")


# -------------------------------------------------------------------- files


def files_of(paths: Sequence[Path], faults: list[Fault]) -> Iterator[tuple[int, Path, str]]:
    """Yield each YAML file once: which of `paths` it is from, and the name that faults give it."""
    seen: set[Path] = set()
    for index, root in enumerate(paths):
        bundled = root == bundled_root()
        for path in _walk(root, faults):
            real = path.resolve()
            if real in seen:
                continue
            if len(seen) >= MAX_FILES:
                faults.append(
                    Fault(
                        code="CAT-012",
                        what=f"the folder holds more than {MAX_FILES} YAML files",
                        at=Place(file=str(root)),
                        fix="name the folder of a catalog or of one school",
                    )
                )
                return
            seen.add(real)
            yield index, path, str(path.relative_to(root.parent)) if bundled else str(path)


def _walk(root: Path, faults: list[Fault]) -> Iterator[Path]:
    """Yield the YAML files of a catalog folder, of a school's folder, or a single file."""
    if not root.is_dir():
        yield root
        return
    parts = [root]
    if (root / "schools").is_dir():
        assumptions = root / "assumptions.yaml"
        parts = [*([assumptions] if assumptions.exists() else []), root / "schools"]
    n_found = 0
    for part in parts:
        if part.is_file():
            n_found += 1
            yield part
            continue
        for folder, inner, names in os.walk(part):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            for name in sorted(names):
                if name.endswith((".yaml", ".yml")) and not name.startswith("."):
                    n_found += 1
                    yield Path(folder) / name
    if n_found == 0:
        faults.append(
            Fault(
                code="CAT-013",
                what="the folder holds no YAML file",
                at=Place(file=str(root)),
                fix="name a catalog folder (with `schools/` in it), a school's folder or a file",
            )
        )


# ----------------------------------------------------------------- assembly


def _read_assumptions(assembled: Assembled) -> None:
    """Read all assumptions first: every other file may name one.

    A folder laid beside another may give an assumption a value of its own.
    """
    known = assembled.reading.assumptions
    first_in: dict[str, int] = {}
    for document, fields in assembled.files:
        if not isinstance(fields, AssumptionsFile):
            continue
        site = Site(document=document, reading=assembled.reading)
        for assumption in fields.to_domain(site):
            root = assembled.root_of[document.file]
            if first_in.setdefault(assumption.id, root) == root and assumption.id in known:
                site.at("assumptions", assumption.id).fault(
                    "CAT-036",
                    f"assumption '{assumption.id}' stands in two files",
                    "keep one of the two",
                )
            first_in[assumption.id] = root
            known[assumption.id] = assumption


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
        if isinstance(fields, SchoolFile | AssumptionsFile):
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
    scope = "school:"
    site = _site(assembled, document, fields, scope)
    courses: list[Course] = []
    places: dict[CourseCode, Place] = {}
    calendars: list[tuple[str, Calendar]] = []
    sources = list(_sources(fields, scope))
    mine = [
        (other, item)
        for other, item in assembled.files
        if not isinstance(item, SchoolFile | AssumptionsFile | ProgramFile) and item.school == id
    ]
    for other, item in mine:
        here = _site(assembled, other, item, f"{item.kind}:")
        sources += _sources(item, f"{item.kind}:")
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
        for offering in item.to_domain(_site(assembled, other, item, "schedule:"), seasons)
    ]
    fees = [
        fee
        for other, item in mine
        if isinstance(item, FeesFile)
        for fee in item.to_domain(_site(assembled, other, item, "fees:"), fields.currency)
    ]
    scale = fields.grades.to_domain(site.at("grades"))
    return School(
        id=id,
        name=fields.name,
        currency=fields.currency,
        grades=scale or GradeScale(grades=()),
        courses=tuple(sorted(courses, key=lambda course: course.code)),
        calendars=tuple(calendars),
        offerings=tuple(offerings),
        fees=tuple(fees),
        renames=tuple(
            block.to_domain(site.at("renamed", index)) for index, block in enumerate(fields.renamed)
        ),
        cross_listed=tuple(
            tuple(CourseCode(code) for code in group) for group in fields.cross_listed
        ),
        equivalents=fields.equivalents(site),
        awards=fields.credentials(site),
        external=frozenset(fields.external),
        sources=tuple(sources),
    )


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
        assembled.programs.append(fields.to_domain(site, _sources(fields, "")))
