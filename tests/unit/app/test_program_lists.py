"""The courses behind requirements that name none themselves."""

from __future__ import annotations

from prospectus.app.library import open_library
from prospectus.app.program_lists import courses_behind


def test_a_requirement_by_a_property_or_a_list_says_which_courses_it_means() -> None:
    library = open_library()
    program = library.named("gatech-omscs")
    found = courses_behind(program, library.school(program), library.assumptions_of(program))
    foundational = dict(found["foundational"])
    assert foundational["CS 6300"] == "Software Development Process"
    assert "CS 6515" in foundational
    assert dict(found["cpr-elective/with-1"]).keys() < dict(found["cpr-elective"]).keys()
    # what names each course, or takes any, has no list of its own
    assert not {"graphics-core", "cg-core", "free", "gpa"} & found.keys()


def test_what_holds_of_every_course_is_no_list() -> None:
    library = open_library()
    program = library.named("utaustin-mscso")
    found = courses_behind(program, library.school(program), library.assumptions_of(program))
    assert "credit-no-credit" not in found
    assert "systems" in found
