"""The curriculum graph: earliest terms, what a course blocks, and how it is drawn.

CS 100 --> CS 200 --> CS 300      CS 200 or CS 150 --> CS 310
     \\----------------^
CS 150    CS 900 (elsewhere) --> CS 150      CS 400 <..> CS 410 (advice in a circle)
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from prospectus.app.course_drawing import HEIGHT, WIDTH, draw
from prospectus.app.course_graph import NEVER, CourseGraph, Tie, course_graph
from prospectus.app.library import open_library
from prospectus.app.relevant import relevant_courses
from prospectus.catalogs.expressions import parse_expression
from prospectus.domain.course import Course, CourseCode


def course(code: str, requires: str = "", advises: str = "") -> Course:
    return Course(
        code=CourseCode(code),
        title=f"Title of {code}",
        credits_low=Fraction(3),
        credits_high=Fraction(3),
        requisite=parse_expression(requires) if requires else None,
        advisory=parse_expression(advises) if advises else None,
    )


def graph(*courses: Course) -> CourseGraph:
    return course_graph(courses, {one.code: one for one in courses})


@pytest.fixture(scope="module")
def small() -> CourseGraph:
    """The graph above."""
    return graph(
        course("CS 100"),
        course("CS 150", "CS 900"),
        course("CS 200", "CS 100 [B]"),
        course("CS 300", "CS 100 and CS 200"),
        course("CS 310", "CS 200 or CS 150"),
        course("CS 400", advises="CS 410"),
        course("CS 410", advises="CS 400"),
        course("CS 500"),
    )


def test_the_earliest_term_follows_from_prerequisites_alone(small: CourseGraph) -> None:
    terms = {str(one.code): one.term for one in small.vertices}
    assert terms == {
        "CS 100": 1,
        "CS 150": 1,
        "CS 200": 2,
        "CS 300": 3,
        "CS 310": 2,
        "CS 400": 1,
        "CS 410": 1,
    }


def test_a_course_blocks_what_has_no_other_way(small: CourseGraph) -> None:
    blocks = {str(one.code): one.blocks for one in small.vertices}
    assert blocks["CS 100"] == ("CS 200", "CS 300")
    assert blocks["CS 200"] == ("CS 300",)
    assert blocks["CS 150"] == ()


def test_the_finding_names_the_longest_chain_and_what_most_depends_on(small: CourseGraph) -> None:
    assert small.finding == (
        "The longest chain is CS 100, CS 200 then CS 300: CS 300 can stand in term 3 at the "
        "earliest; most depends on CS 100, without which 2 courses cannot be taken."
    )


def test_a_course_that_the_catalog_does_not_have_was_brought_along(small: CourseGraph) -> None:
    assert [(edge.first, edge.then) for edge in small.outside] == [("CS 900", "CS 150")]
    assert "CS 900" not in {one.code for one in small.vertices}


def test_courses_without_any_line_are_only_counted(small: CourseGraph) -> None:
    assert small.n_alone == 1
    assert small.n_unstated == 0


def test_an_edge_says_how_strongly_and_when_a_course_is_asked() -> None:
    found = graph(
        course("CS 100"),
        course("CS 110"),
        course("CS 200", "CS 100 [B] and concurrent CS 110", "recommended(CS 110)"),
    )
    assert [edge.words for edge in found.edges] == [
        "required, before, with B or better",
        "required, before or beside",
        "advised, before",
    ]


def test_courses_side_by_side_may_stand_in_one_term() -> None:
    found = graph(course("CS 100"), course("CS 200", "concurrent CS 100"))
    assert {one.term for one in found.vertices} == {1}


def test_of_several_alternatives_so_many_as_are_asked_count() -> None:
    found = graph(
        course("CS 100"),
        course("CS 200", "CS 100"),
        course("CS 300", "CS 200"),
        course("CS 400", "2 of (CS 100, CS 200, CS 300)"),
    )
    assert {str(one.code): one.term for one in found.vertices}["CS 400"] == 3
    assert {edge.tie for edge in found.edges if edge.then == "CS 400"} == {Tie.ONE_OF}


def test_courses_that_ask_each_other_are_never_taken_and_are_drawn() -> None:
    found = graph(course("CS 100", "CS 200"), course("CS 200", "CS 100"), course("CS 300"))
    assert {one.term for one in found.vertices} == {NEVER}
    assert len(draw(found).boxes) == 2


def test_a_line_that_others_say_is_left_out_of_the_drawing_only(small: CourseGraph) -> None:
    both = {("CS 100", "CS 300")}
    assert both <= {(edge.first, edge.then) for edge in small.edges}
    assert not both & {(edge.first, edge.then) for edge in small.drawn}


def test_no_course_is_no_drawing() -> None:
    nothing = graph()
    assert nothing.finding.startswith("No source names a course")
    assert draw(nothing).boxes == ()


def test_what_comes_first_stands_further_left_and_no_box_covers_another() -> None:
    library = open_library()
    for name in library.ids():
        program = library.named(name)
        school = library.school(program)
        courses = relevant_courses(program, school, library.assumptions_of(program))
        found = course_graph(courses, {one.code: one for one in school.courses})
        drawing = draw(found)
        assert drawing == draw(found)
        corners = [(box.x, box.y) for box in drawing.boxes]
        for place, (x, y) in enumerate(corners):
            assert 0 <= x <= drawing.width - WIDTH
            assert 0 <= y <= drawing.height - HEIGHT
            for other_x, other_y in corners[place + 1 :]:
                assert x != other_x or abs(y - other_y) >= HEIGHT
        left = {box.vertex.code: box.x for box in drawing.boxes}
        taken = {one.code for one in found.vertices if one.term < NEVER}
        for edge in found.drawn:
            if edge.tie is Tie.REQUIRED and edge.timing.value == "before" and edge.then in taken:
                assert left[edge.first] < left[edge.then], (name, edge)
