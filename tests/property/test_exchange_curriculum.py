"""Laws of CurricularAnalytics files: what is written is read back the same, by whatever way."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prospectus.app.exporting import export_curriculum
from prospectus.app.importing import import_curriculum
from prospectus.catalogs.load import load_catalog
from prospectus.domain.errors import ExchangeError
from prospectus.exchange.cells import as_read, written
from prospectus.exchange.curriculum import Curriculum, CurriculumCourse
from prospectus.exchange.curriculum_reader import parse_curriculum
from prospectus.exchange.curriculum_writer import write_curriculum

TODAY = dt.date(2026, 8, 1)
# One line, as the format holds it: no line breaks, no spaces at the ends, and no comment.
texts = (
    st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), max_size=12)
    | st.from_regex(r"['=+@-]{1,3}[a-z,;\"]{0,4}", fullmatch=True)
    | st.sampled_from(["A, B", 'the "big" one', "Courses", "Additional Courses"])
)
names = texts.filter(bool)
credits = st.integers(0, 9_000).map(lambda n: Fraction(n, 8))


@st.composite
def curricula(draw: st.DrawFn, *, plan: bool, coded: bool = False) -> Curriculum:
    """A curriculum whose requisites lead to earlier rows, so that nothing is a circle."""
    n = draw(st.integers(1, 8))
    ids = draw(st.lists(st.integers(1, 10**9), min_size=n, max_size=n, unique=True))
    courses: list[CurriculumCourse] = []
    for place, number in enumerate(ids):
        kinds = draw(st.lists(st.sampled_from("-pcs"), min_size=place, max_size=place).map("".join))
        asked = {
            kind: tuple(sorted(ids[i] for i, found in enumerate(kinds) if found == kind))
            for kind in "pcs"
        }
        # Bound to one earlier course and waiting for nothing else, it can be in no circle.
        together = () if asked["p"] or asked["c"] else asked["s"][:1]
        courses.append(
            CurriculumCourse(
                id=number,
                name=f"Course {place}" if coded else draw(names),
                prefix="AB" if coded else draw(texts),
                number=str(100 + place) if coded else draw(texts),
                before=asked["p"],
                beside=asked["c"],
                together=together,
                credits=draw(
                    st.integers(1, 40).map(lambda n: Fraction(n, 2)) if coded else credits
                ),
                institution="" if coded else draw(texts),
                canonical_name="" if coded else draw(texts),
                term=draw(st.integers(1, 20)) if plan else None,
                is_additional=plan and not coded and place > 0 and draw(st.booleans()),
            )
        )
    courses.sort(key=lambda course: course.is_additional)
    return Curriculum(
        name="Weaving" if coded else draw(names),
        plan=draw(names) if plan else None,
        institution="Here College" if coded else draw(texts),
        degree_type="MS" if coded else draw(texts),
        system=draw(st.sampled_from(["semester", "quarter"])),
        cip="" if coded else draw(texts),
        courses=tuple(courses),
    )


def without_lines(curriculum: Curriculum) -> Curriculum:
    return replace(
        curriculum, courses=tuple(replace(course, line=None) for course in curriculum.courses)
    )


@pytest.mark.parametrize("plan", [False, True], ids=["curriculum", "degree plan"])
def test_what_is_written_is_read_back_the_same(plan: bool):
    @settings(max_examples=150, deadline=None)
    @given(curricula(plan=plan))
    def law(curriculum: Curriculum) -> None:
        text = write_curriculum(curriculum)
        found = parse_curriculum(text, "c.csv")
        assert without_lines(found.curriculum) == curriculum
        assert found.losses == ()
        assert write_curriculum(found.curriculum) == text

    law()


@settings(max_examples=300)
@given(texts)
def test_no_cell_begins_a_formula_and_every_cell_is_read_back(text: str):
    cell = written(text)
    assert not cell.startswith(("=", "+", "-", "@"))
    assert as_read(cell) == text


@settings(max_examples=15, deadline=None)
@given(curricula(plan=False, coded=True))
def test_a_curriculum_survives_the_way_through_a_catalog(curriculum: Curriculum):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.csv"
        path.write_text(write_curriculum(curriculum), encoding="utf-8")
        answer = import_curriculum(path, Path(folder) / "own", today=TODAY)
        catalog = load_catalog(Path(folder) / "own")
        program = catalog.program(answer.program, "current")
        exported = export_curriculum(program, catalog.school(program.school))
    found = parse_curriculum(exported.text, "again.csv").curriculum
    assert rows(found) == rows(curriculum)
    assert (found.system, found.institution, found.degree_type) == (
        curriculum.system,
        "Here College",
        "MS",
    )


@settings(max_examples=30, deadline=None)
@given(curricula(plan=True))
def test_whatever_names_a_curriculum_has_a_catalog_can_be_made_of_it(curriculum: Curriculum):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.csv"
        path.write_text(write_curriculum(curriculum), encoding="utf-8")
        answer = import_curriculum(path, Path(folder) / "own", today=TODAY)
        catalog = load_catalog(Path(folder) / "own")
    assert len(catalog.school(catalog.programs[0].school).courses) == len(curriculum.courses)
    assert answer.n_courses == len(curriculum.courses)


def rows(curriculum: Curriculum) -> list[tuple[object, ...]]:
    """The courses by code: ids are given anew."""
    code = {course.id: f"{course.prefix} {course.number}" for course in curriculum.courses}

    def named(ids: tuple[int, ...]) -> list[str]:
        return sorted(code[number] for number in ids)

    return sorted(
        (
            code[course.id],
            course.name,
            course.credits,
            named(course.before),
            named(course.beside),
            named(course.together),
        )
        for course in curriculum.courses
    )


def broken(change: Callable[[str, int], str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda curriculum, place: change(write_curriculum(curriculum), place),
        curricula(plan=True),
        st.integers(0, 2_000),
    )


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        broken(lambda text, place: text[:place]),
        broken(lambda text, place: text[:place] + '"' + text[place:]),
        broken(lambda text, place: text[:place] + text[place + 1 :]),
        st.text(max_size=200).map(lambda text: "Curriculum,W\nCourses\n" + text),
        st.text(max_size=200),
    )
)
def test_whatever_a_file_holds_only_named_faults_come_out(text: str):
    with suppress(ExchangeError):
        parse_curriculum(text, "c.csv")
