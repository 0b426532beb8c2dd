"""The courses behind requirements that name them by a property or a list, not one by one."""

from __future__ import annotations

from collections.abc import Mapping

from prospectus.app.claim_background import members
from prospectus.app.options import all_readings
from prospectus.app.tree_walk import walk
from prospectus.domain.expression import AnyCourse, CodeIs, Selector, Union
from prospectus.domain.facts import Assumption
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Program, School
from prospectus.domain.requirement import Fill, Measure
from prospectus.domain.student import Person

MOST = 100
"""More courses than this are no list that helps."""

Listed = tuple[tuple[str, str], ...]


def courses_behind(
    program: Program, school: School, assumptions: Mapping[str, Assumption]
) -> dict[str, Listed]:
    """Return, by the id of a requirement that names no courses itself, their codes and titles.

    What holds for anybody, under any reading of the rules.
    """
    found: dict[str, dict[str, str]] = {}
    n_all = 0
    for reading in all_readings(program):
        for resolved in resolve(program, school, Person(), reading, assumptions):
            n_all = max(n_all, len(members(AnyCourse(), resolved)))
            for node, _ in walk(resolved.tree):
                match node:
                    case Fill(from_=selector) | Measure(of=selector) if not _is_told(selector):
                        taken = members(selector, resolved)
                    case _:
                        continue
                courses = found.setdefault(str(node.header.id), {})
                courses |= {str(course.code): course.title for course in taken}
    return {
        name: tuple(sorted(courses.items()))
        for name, courses in found.items()
        if 0 < len(courses) <= min(MOST, n_all - 1)
    }


def _is_told(selector: Selector) -> bool:
    """Return whether the words of a selector say all: any course, or each by its code."""
    match selector:
        case Union(items=items):
            return all(_is_told(item) for item in items)
        case AnyCourse() | CodeIs():
            return True
        case _:
            return False
