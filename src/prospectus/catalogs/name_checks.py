"""Courses, grades and seasons that a school's rules name, and what conditions may test."""

from __future__ import annotations

from prospectus.catalogs.findings import Findings
from prospectus.catalogs.mentions import Mention, school_mentions
from prospectus.catalogs.nearest import nearest
from prospectus.catalogs.parts import expressions_in
from prospectus.domain.errors import Place
from prospectus.domain.expression import (
    CodeIs,
    CoursesOf,
    CreditsOf,
    Done,
    Expression,
    GradeIs,
    InNode,
    InSet,
    NodeDone,
    Not,
)
from prospectus.domain.program import School


def known_codes(school: School) -> frozenset[str]:
    """Return every code that the school's rules may name."""
    return frozenset(
        {course.code for course in school.courses}
        | set(school.external)
        | {code for rename in school.renames for code in (rename.old, rename.new)}
    )


class NamesOfSchool:
    """What the files of a school may name, gathered once for all its programmes."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.codes = known_codes(school)
        self.seasons = seasons_of(school)
        self.mentions = tuple(school_mentions(school))
        only = {course.provenance.at: course.restricted_to for course in school.courses}
        self.of_programs = tuple(
            (mention, only.get(mention.at, frozenset()))
            for mention in self.mentions
            if any(isinstance(one, InSet | InNode) for one in mention.selectors())
            or any(isinstance(one, NodeDone) for one in mention.expressions())
        )
        """Mentions of sets and nodes, which programmes have, and the programmes they are for."""


def check_school_names(names: NamesOfSchool, findings: Findings) -> None:
    """Note what a school's own files name and does not exist."""
    school, codes, seasons = names.school, names.codes, names.seasons
    for mention in names.mentions:
        check_names(mention, codes, school, findings)
    for offering in school.offerings:
        if offering.course not in codes:
            note_unknown_code(offering.course, codes, offering.provenance.at, "", findings)
    for fee in school.fees:
        for season in sorted(fee.seasons - set(seasons)):
            note_unknown_season(season, seasons, fee.provenance.at, "seasons", findings)


def seasons_of(school: School) -> tuple[str, ...]:
    """Return the seasons of the school's calendars."""
    return tuple(
        dict.fromkeys(term.season for _, calendar in school.calendars for term in calendar.terms)
    )


def note_unknown_code(
    code: str, codes: frozenset[str], at: Place, field: str, findings: Findings
) -> None:
    """Note a course that the school does not have."""
    if findings.is_refused(code):
        return
    findings.note(
        "CAT-047",
        at,
        field,
        f"the school has no course {code}{nearest(code, codes)}",
        "correct the code, add it to courses.yaml, or list it under `external:` in school.yaml",
    )


def note_unknown_season(
    season: str, known: tuple[str, ...], at: Place, field: str, findings: Findings
) -> None:
    """Note a season that no calendar has."""
    if findings.is_refused(season):
        return
    findings.note(
        "CAT-034",
        at,
        field,
        f"no calendar of the school has a season '{season}'",
        f"use {', '.join(known) or 'a season of calendar.yaml'}",
    )


def check_names(
    mention: Mention, codes: frozenset[str], school: School, findings: Findings
) -> None:
    """Check the courses and grades that a mention names, and what it negates."""
    for selector in mention.selectors():
        if isinstance(selector, CodeIs):
            if selector.code not in codes:
                note_unknown_code(selector.code, codes, mention.at, mention.field, findings)
            check_grade(selector.min_grade, school, mention.at, mention.field, findings)
        elif isinstance(selector, GradeIs):
            check_grade(selector.grade, school, mention.at, mention.field, findings)
    for expression in mention.expressions():
        if isinstance(expression, Done):
            if expression.code not in codes:
                note_unknown_code(expression.code, codes, mention.at, mention.field, findings)
            check_grade(expression.min_grade, school, mention.at, mention.field, findings)
        elif isinstance(expression, Not):
            _check_static(expression.item, "`not`", mention, findings)
    if mention.is_static and mention.expression is not None:
        _check_static(mention.expression, "`when`", mention, findings)


def _check_static(expression: Expression, where: str, mention: Mention, findings: Findings) -> None:
    """Refuse conditions on the record where only facts of the person may be tested."""
    for part in expressions_in(expression):
        if isinstance(part, Done | CreditsOf | CoursesOf | NodeDone):
            findings.note(
                "CAT-053",
                mention.at,
                mention.field,
                f"{where} tests what is taken, which changes as one studies",
                "test facts of the person: person(...) is ..., degree(...), test(...), "
                "background(...), member(...); for choices use `any`",
            )
            return


def check_grade(
    grade: str | None, school: School, at: Place, field: str, findings: Findings
) -> None:
    """Note a grade that the school's scale does not have."""
    if grade is None or findings.is_refused(grade):
        return
    if school.grades.rank(grade) is None:
        names = tuple(item.name for item in school.grades.grades)
        findings.note(
            "CAT-048",
            at,
            field,
            f"'{grade}' is no grade of {school.id}{nearest(grade, names)}",
            f"use one of {', '.join(names)}",
        )
