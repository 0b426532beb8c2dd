"""Curricula and degree plans written as CurricularAnalytics CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from fractions import Fraction

from prospectus.domain.printer import print_number
from prospectus.exchange.cells import written
from prospectus.exchange.curriculum import (
    ADDITIONAL,
    COLUMNS,
    COURSES,
    TERM,
    Curriculum,
    CurriculumCourse,
)

_PLACES = 3


def write_curriculum(curriculum: Curriculum) -> str:
    """Return the text of a file; rows stand in the order given, additional courses last."""
    is_plan = curriculum.plan is not None
    columns = (*COLUMNS, TERM) if is_plan else COLUMNS
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")

    def line(*cells: str) -> None:
        writer.writerow([*cells, *[""] * (len(columns) - len(cells))])

    line("Curriculum", written(curriculum.name))
    if curriculum.plan is not None:
        line("Degree Plan", written(curriculum.plan))
    line("Institution", written(curriculum.institution))
    line("Degree Type", written(curriculum.degree_type))
    line("System Type", curriculum.system)
    line("CIP", written(curriculum.cip))
    line(COURSES)
    line(*columns)
    for course in curriculum.courses:
        if not course.is_additional:
            line(*_row(course, is_plan))
    if any(course.is_additional for course in curriculum.courses):
        line(ADDITIONAL)
        line(*columns)
        for course in curriculum.courses:
            if course.is_additional:
                line(*_row(course, is_plan))
    return text.getvalue()


def credit_text(credits: Fraction) -> str:
    """Return credits as the decimal that the format asks for, thirds to three places."""
    text = print_number(credits)
    return text if "/" not in text else f"{float(credits):.{_PLACES}f}"


def is_exact(credits: Fraction) -> bool:
    """Return whether credits can be written as they are."""
    return Fraction(credit_text(credits)) == credits


def _row(course: CurriculumCourse, is_plan: bool) -> list[str]:
    cells = [
        str(course.id),
        written(course.name),
        written(course.prefix),
        written(course.number),
        _ids(course.before),
        _ids(course.beside),
        _ids(course.together),
        credit_text(course.credits),
        written(course.institution),
        written(course.canonical_name),
    ]
    if is_plan:
        cells.append("" if course.term is None else str(course.term))
    return cells


def _ids(ids: Iterable[int]) -> str:
    return ";".join(str(name) for name in sorted(ids))
