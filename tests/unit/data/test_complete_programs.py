"""Whoever asks nothing can finish every complete programme, by a plan that is proven the earliest.

No stated rule forbids any of them. Quick: each programme, year and track under the first reading
and the first value of what the rules ask of a person. Slow: every other reading and value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from prospectus.app.claim_background import members
from prospectus.app.options import all_readings, main_choice, on_track, tracks
from prospectus.app.solving import Effort, solve
from prospectus.app.tree_walk import walk
from prospectus.catalogs.check import check
from prospectus.catalogs.load import bundled_root, load_catalog
from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.plan import Standing
from prospectus.domain.program import Program, Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import All, Any, Fill, Item, Range
from prospectus.domain.student import Level, Student, Wishes
from prospectus.planning.result import PlanStatus

START = dt.date(2027, 1, 1)
CATALOG = load_catalog()
COMPLETE = [p for p in CATALOG.programs if p.completeness is Completeness.COMPLETE]


def variants(program: Program) -> Iterator[tuple[str, Resolved]]:
    """Yield the rules under each reading and each value of a person's facts, with a name."""
    school = CATALOG.school(program.school)
    for reading in all_readings(program):
        for resolved in resolve(
            program, school, anybody().person, reading, CATALOG.assumptions_of(program)
        ):
            named = (*reading, *resolved.branches)
            yield ", ".join(f"{key} {value}" for key, value in named), resolved


def anybody() -> Student:
    """A person with all hours of the week, no limit of money, and no record."""
    wishes = Wishes(hours_per_week=168, hours_are_assumed=False, levels=(Level.FINISH,))
    record = Record(matriculation=START)
    return Student(matriculation=START, plan_from=START, record=record, wishes=wishes)


def cases() -> list[object]:
    """Return every case; those beyond a programme's first variant are slow."""
    found: list[object] = []
    for program in COMPLETE:
        for place, (told, resolved) in enumerate(variants(program)):
            for track in tracks(program):
                name = " ".join(filter(None, (program.id, program.catalog_year, track.id, told)))
                marks = [pytest.mark.slow] if place else []
                found.append(pytest.param(resolved, track.id, id=name, marks=marks))
    return found


@pytest.mark.parametrize(("resolved", "track"), cases())
def test_a_proven_plan_finishes_it(resolved: Resolved, track: str | None) -> None:
    student = on_track(anybody(), resolved.program, track)
    # `solve` has the plan judged and appraised, and raises where either disagrees
    solved = solve(resolved, student, START, Effort(), n_levels=1)
    assert solved.result.status is PlanStatus.OPTIMAL, [x.text for x in solved.result.conflict]
    assert solved.result.levels[0].is_proven
    assert solved.verdict is not None
    assert solved.verdict.is_legal
    assert solved.verdict.degree >= Standing.PENDING


def test_every_choice_that_one_declares_is_one_of_the_tracks_planned_here() -> None:
    for program in COMPLETE:
        declared = [n for n, _ in walk(program.tree) if isinstance(n, Any) and n.declare]
        assert declared in ([], [main_choice(program)]), program.id


def required(item: Item, resolved: Resolved) -> set[CourseCode]:
    """Return the courses that nobody passes by, on a track of each choice that is declared."""
    match item:
        case All():
            return {code for child in item.children for code in required(child, resolved)}
        case Any() if item.declare:
            return {code for child in item.children for code in required(child, resolved)}
        case Fill() if isinstance(item.courses, Range):
            codes = {course.code for course in members(item.from_, resolved)}
            return codes if len(codes) <= item.courses.low else set()
        case _:
            return set()


@pytest.fixture(scope="module")
def doubtful() -> frozenset[tuple[str, str]]:
    """The courses, each with its school's file, that `check` doubts will run."""
    found = [fault for fault in check([bundled_root()]) if fault.code in ("CAT-077", "CAT-078")]
    return frozenset((fault.at.file, fault.at.field.split(".")[1]) for fault in found)


@pytest.mark.parametrize("program", COMPLETE, ids=lambda p: f"{p.id} {p.catalog_year}")
def test_every_course_that_it_requires_is_known_to_run(
    program: Program, doubtful: frozenset[tuple[str, str]]
) -> None:
    home = f"data/schools/{program.school}/"
    warned = {code for file, code in doubtful if file.startswith(home)}
    for _, resolved in variants(program):
        for code in sorted(required(resolved.tree, resolved)):
            assert code in resolved.courses
            assert code not in warned
            assert resolved.runs_of(code), code


def test_most_complete_programmes_require_courses_by_name() -> None:
    """The test above would be of no use if it found none."""
    found = {
        program.id
        for program in COMPLETE
        for _, resolved in variants(program)
        if required(resolved.tree, resolved)
    }
    assert len(found) >= 8, sorted(found)
