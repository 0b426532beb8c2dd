"""What is told of one course, under a bundled programme."""

from __future__ import annotations

from prospectus.app.describe_course import course_sections
from prospectus.app.library import open_library


def told(code: str) -> dict[str, list[str]]:
    library = open_library()
    program = library.program("gatech-omscs", library.years("gatech-omscs")[-1])
    school = library.school(program)
    course = next(one for one in school.courses if one.code == code)
    found = course_sections(course, program, school)
    return {section.title: [line.text for line in section.lines] for section in found}


def test_a_course_that_earns_no_credit_counts_for_nothing() -> None:
    seminar = told("CS 8001")
    assert "earns no credit" in seminar["The course"]
    assert seminar["What it counts for"] == ["nothing in gatech-omscs"]
    assert "Free electives" in told("CS 6035")["What it counts for"]
