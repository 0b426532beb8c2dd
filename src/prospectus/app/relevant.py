"""The courses that concern a programme: those that some requirement of it may take."""

from __future__ import annotations

from collections.abc import Mapping

from prospectus.app.claim_background import members
from prospectus.app.options import all_readings
from prospectus.app.tree_walk import walk
from prospectus.domain.course import Course
from prospectus.domain.facts import Assumption
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Program, School
from prospectus.domain.requirement import Fill
from prospectus.domain.student import Person


def relevant_courses(
    program: Program, school: School, assumptions: Mapping[str, Assumption]
) -> tuple[Course, ...]:
    """Return the courses that some requirement may take, whoever asks, under any reading.

    A school's other courses, those of a sister degree, are no courses of the programme.
    """
    taken: set[str] = set()
    for reading in all_readings(program):
        for resolved in resolve(program, school, Person(), reading, assumptions):
            for node, _ in walk(resolved.tree):
                if isinstance(node, Fill):
                    taken.update(course.code for course in members(node.from_, resolved))
    return tuple(course for course in school.courses if course.code in taken)
