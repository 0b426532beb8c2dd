"""A curriculum as files of a catalog of our own: what it does not say stays unknown."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

import yaml

from prospectus.domain.course import CourseCode, parse_code
from prospectus.domain.errors import DomainError
from prospectus.domain.printer import print_number
from prospectus.exchange.curriculum import Curriculum, CurriculumCourse
from prospectus.exchange.losses import Loss, Losses

_Yaml: TypeAlias = "str | int | float | bool | dt.date | list[_Yaml] | dict[str, _Yaml] | None"
_SLUG_LENGTH = 40
_SOURCE = "F1"
_YEAR = "imported-year"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogMade:
    """Texts by path below the folder of the catalog, and what was not taken over."""

    files: Mapping[str, str]
    program: str
    losses: tuple[Loss, ...]


def catalog_files(curriculum: Curriculum, file: str, today: dt.date) -> CatalogMade:
    """Return the catalog of a curriculum or degree plan.

    Parameters
    ----------
    curriculum
        What the file says.
    file
        The name of the file: it is the source of every fact.
    today
        The day on which it is read.
    """
    losses = Losses()
    curriculum = _seen(curriculum, losses)
    school = slug(curriculum.institution) or "imported-school"
    program = f"{school}-{slug(curriculum.name) or 'curriculum'}"
    codes = codes_of(curriculum.courses, losses)
    _note_losses(curriculum, losses)
    folder = f"schools/{school}"
    head = _Head(file=file, today=today)
    return CatalogMade(
        files={
            f"{folder}/school.yaml": head.text("school", _school(curriculum, school)),
            f"{folder}/courses.yaml": head.text("courses", _courses(curriculum, school, codes)),
            f"{folder}/calendar.yaml": head.text("calendar", _calendar(school)),
            f"{folder}/assumptions.yaml": _dumped(_assumptions(school)),
            f"{folder}/programs/{program}/current.yaml": head.text(
                "program", _program(curriculum, school, program, codes)
            ),
        },
        program=program,
        losses=losses.told(),
    )


def slug(text: str) -> str:
    """Return a text as an id: lower-case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_SLUG_LENGTH].strip("-")


def codes_of(courses: Iterable[CurriculumCourse], losses: Losses) -> dict[int, CourseCode]:
    """Return a code for every course: prefix and number, else an own id made of its name."""
    found: dict[int, CourseCode] = {}
    for course in courses:
        printed = f"{course.prefix} {course.number}".strip()
        code = _own_code(course)
        if printed:
            try:
                code = parse_code(printed)
            except DomainError:
                losses.add("codes that are no subject and number: own ids stand for them", printed)
        if code in found.values():
            losses.add("codes that stand for several courses: own ids stand for them", code)
            code = CourseCode(f"{_own_code(course)}-{course.id}")
        found[course.id] = code
    return found


def _own_code(course: CurriculumCourse) -> CourseCode:
    return CourseCode(f"~{slug(course.name) or 'course'}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What every file begins with: the file that was read is the source of all."""

    file: str
    today: dt.date

    def text(self, kind: str, body: dict[str, _Yaml]) -> str:
        head: dict[str, _Yaml] = {
            "format": 1,
            "kind": kind,
            "sources": {
                _SOURCE: {
                    "title": f"File {self.file}, a curriculum in the CSV format of "
                    "CurricularAnalytics",
                    "read": self.today,
                }
            },
            "facts": {"source": _SOURCE, "as_of": "unknown", "certainty": "reported"},
        }
        return _dumped({**head, **body})


class _Dumper(yaml.SafeDumper):
    """Writes no anchors, which catalog files may not hold."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _dumped(body: dict[str, _Yaml]) -> str:
    return str(yaml.dump(body, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100))


def _school(curriculum: Curriculum, school: str) -> dict[str, _Yaml]:
    return {
        "id": school,
        "name": curriculum.institution or "unknown",
        "currency": "XXX",
        "country": "unknown",
        "grades": {
            "usual": "unknown",
            "scale": [{"grade": "pass"}, {"grade": "fail", "earns": False}],
            "certainty": "unknown",
            "note": "The file names no currency (XXX) and no grades; pass and fail stand for them.",
        },
    }


def _calendar(school: str) -> dict[str, _Yaml]:
    term: dict[str, _Yaml] = {
        "season": "Year",
        "dates": ["01-01", "12-31"],
        "grades_after_days": "unknown",
        "assumption": _YEAR,
    }
    return {"school": school, "calendars": {"main": {"terms": [term]}}}


def _assumptions(school: str) -> dict[str, _Yaml]:
    """Return why a year stands where the file gives no dates: a catalog cannot do without."""
    return {
        "format": 1,
        "kind": "assumptions",
        "school": school,
        "assumptions": {
            _YEAR: {
                "text": "A calendar year stands as one period in place of terms",
                "value": 0,
                "range": [-183, 183],
                "unit": "days by which it starts later",
                "reason": "the imported file numbers its terms, if at all, and gives no dates",
                "source": "none; to be replaced by the calendar of the school",
            }
        },
    }


def _courses(
    curriculum: Curriculum, school: str, codes: Mapping[int, CourseCode]
) -> dict[str, _Yaml]:
    courses: dict[str, _Yaml] = {}
    for course in curriculum.courses:
        asked = [str(codes[name]) for name in course.before]
        asked += [f"concurrent {codes[name]}" for name in course.beside]
        asked += [f"with {codes[name]}" for name in course.together]
        courses[codes[course.id]] = {
            "title": course.name,
            "credits": _number(course.credits),
            "requires": " and ".join(asked) or "not stated",
            "delivery": "unknown",
            "topics": "unknown",
            "areas": "unknown",
        }
    return {"school": school, "courses": courses}


def _program(
    curriculum: Curriculum, school: str, program: str, codes: Mapping[int, CourseCode]
) -> dict[str, _Yaml]:
    inside: list[_Yaml] = [
        codes[course.id] for course in curriculum.courses if not course.is_additional
    ]
    return {
        "id": program,
        "school": school,
        "name": curriculum.name,
        "degree": curriculum.degree_type or "unknown",
        "catalog_year": "current",
        "credit_unit": f"{curriculum.system} credit hour".strip(),
        "completeness": "partial",
        "calendar": "main",
        "min_grade": "unknown",
        "admission": {
            "eligibility": "unknown",
            "rolling": "unknown",
            "starts": "unknown",
            "deadlines": "unknown",
        },
        "requirements": {"all": inside},
        "enrolment": {
            "loads": "unknown",
            "gap": "unknown",
            "minimum": "unknown",
            "maximum": "unknown",
        },
        "unknown": [
            "which courses are choices: the file lists each as required",
            "total, floors, caps and every other rule but requisites",
        ],
    }


def _number(value: Fraction) -> _Yaml:
    if value.denominator == 1:
        return value.numerator
    text = print_number(value)
    return text if "/" in text else float(text)


def _seen(curriculum: Curriculum, losses: Losses) -> Curriculum:
    """Return the curriculum without signs that nobody sees: a catalog holds none of them."""
    changed: list[str] = []

    def shown(text: str) -> str:
        kept = "".join(
            sign if sign.isprintable() else " " if sign.isspace() else "" for sign in text
        )
        if kept != text:
            changed.append(kept)
        return kept

    seen = replace(
        curriculum,
        name=shown(curriculum.name),
        institution=shown(curriculum.institution),
        degree_type=shown(curriculum.degree_type),
        courses=tuple(
            replace(
                course,
                name=shown(course.name),
                prefix=shown(course.prefix),
                number=shown(course.number),
            )
            for course in curriculum.courses
        ),
    )
    losses.add("signs that nobody sees, in texts", *changed)
    return seen


def _note_losses(curriculum: Curriculum, losses: Losses) -> None:
    courses = curriculum.courses
    losses.add("the name of the degree plan", *filter(None, [curriculum.plan]))
    losses.add("the CIP code", *filter(None, [curriculum.cip]))
    losses.add("terms of courses", *(c.name for c in courses if c.term is not None))
    losses.add(
        "courses that stand outside the curriculum: they are courses of the school alone",
        *(course.name for course in courses if course.is_additional),
    )
    losses.add("canonical names", *(c.canonical_name for c in courses if c.canonical_name))
    losses.add(
        "institutions of single courses",
        *(c.institution for c in courses if c.institution not in ("", curriculum.institution)),
    )
