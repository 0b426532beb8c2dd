"""`plan.peer_*`: the plans of the public `curricularanalytics` package beside the planner's.

The package (PyPI, 0.2.0 and later) makes one kind of degree plan: `create_degree_plan` fills terms
one after the other (`bin_filling`) with a fixed list of courses, prerequisites and corequisites all
of which are asked, and a most of credits in a term. It has no choices, no seasons, no prices, no
hours, no goal but to be done and no proof; its least credits in a term and its numbers of terms are
parameters that its algorithm does not read. So what is compared is what a CurricularAnalytics file
holds: terms needed, and time. The files:

- each complete bundled programme as `prospectus export --format curricular-analytics` writes it,
  its first track, with 6 and with 9 credits a term, where no row has more;
- the published curricula of `benchmarks/data/bacp`, with the most credits in a period that each
  file gives;
- the same, with as few credits in a period as the file's number of periods allows (`known.csv`).

The other limits of the published files are left out, for both.

Both get the same text. The planner reads it by `prospectus import` and proves its answer; since the
format says nothing of seasons, every course is taken to run in every term. The package is no part
of the project's own environment: `pip install 'prospectus[bench]'` brings it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib
import io
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Protocol, cast

from bench_plan_balance import instances
from measurement import Measurement
from prospectus.app.exporting import ExportFormat, export_program
from prospectus.app.importing import import_curriculum
from prospectus.app.library import open_library
from prospectus.app.options import all_readings, tracks
from prospectus.domain.balance import BalanceProblem
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.offering import Offering, OfferingKind
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student, Wishes
from prospectus.domain.wish import TermCredits
from prospectus.exchange.curriculum import Curriculum, CurriculumCourse
from prospectus.exchange.curriculum_reader import parse_curriculum
from prospectus.exchange.curriculum_writer import write_curriculum
from prospectus.planning.result import PlanResult, PlanStatus
from prospectus.planning.solve import plan

IDS = ("plan.peer",)
TODAY = dt.date(2026, 11, 22)
BEGIN = dt.date(2027, 1, 1)
LIMIT_S = 60.0
SEASON = "Year"
"""The one term of an imported calendar: a file that gives no dates gets years."""
CREDITS_PER_TERM = (6, 9)
"""Two and three courses of the usual size."""


class PeerCourse(Protocol):
    """A course as the package reads it."""

    id: int
    credit_hours: float


class PeerTerm(Protocol):
    """A term of a plan of the package."""

    courses: Sequence[PeerCourse]


class PeerPlan(Protocol):
    """A degree plan of the package."""

    terms: Sequence[PeerTerm]


class Peer(Protocol):
    """What is called of the package."""

    def read_csv(self, raw_file_path: str) -> object:
        """Return the curriculum of a file."""

    def create_degree_plan(self, curric: object, *, max_cpt: float) -> PeerPlan | None:
        """Return a plan with at most so many credits in a term."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A curriculum with the most credits in a term."""

    name: str
    curriculum: Curriculum
    text: str
    most: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Terms and processor seconds of both; `broken` says which rules the package's plan breaks."""

    name: str
    ours: int
    theirs: int
    our_seconds: float
    their_seconds: float
    broken: tuple[str, ...]


def bundled() -> Iterator[Instance]:
    """Yield the complete bundled programmes."""
    library = open_library()
    for name in library.ids():
        program = library.named(name)
        if program.completeness is not Completeness.COMPLETE:
            continue
        form, first = ExportFormat.CURRICULAR_ANALYTICS, tracks(program)[0].id
        text = export_program(name, form, track=first, today=TODAY).text
        curriculum = parse_curriculum(text, name).curriculum
        largest = max(course.credits for course in curriculum.courses)
        for most in CREDITS_PER_TERM:
            if largest <= most:
                yield Instance(
                    name=f"{name} {most}", curriculum=curriculum, text=text, most=Fraction(most)
                )


def published(*, is_tight: bool) -> Iterator[Instance]:
    """Yield the published curricula; `is_tight`: with the least peak that is known of each."""
    for item in (*instances("csplib/"), *instances("minizinc-bacp/")):
        problem = item.problem
        most = item.best if is_tight else problem.load.most
        assert most is not None, "every such file bounds the load of a period"
        curriculum = _as_curriculum(problem)
        yield Instance(
            name=problem.name,
            curriculum=curriculum,
            text=write_curriculum(curriculum),
            most=Fraction(most),
        )


def _as_curriculum(problem: BalanceProblem) -> Curriculum:
    before: dict[int, list[int]] = {}
    for first, later in problem.precedes:
        before.setdefault(later, []).append(first + 1)
    courses = tuple(
        CurriculumCourse(
            id=number + 1,
            name=name,
            prefix="C",
            number=str(number + 1),
            credits=Fraction(problem.loads[number]),
            before=tuple(before.get(number, ())),
        )
        for number, name in enumerate(problem.courses)
    )
    return Curriculum(name=problem.name, system="semester", courses=courses)


def planned(path: Path, most: Fraction, folder: Path) -> tuple[PlanResult, float]:
    """Return the planner's answer for a file with its processor seconds."""
    made = import_curriculum(path, folder, today=TODAY)
    library = open_library((folder,))
    program = library.named(made.program)
    school = library.school(program)
    every_term = tuple(
        Offering(course=course.code, kind=OfferingKind.EXPECTED, season=SEASON)
        for course in school.courses
    )
    wishes = Wishes(hours_per_week=None, levels=(Level.FINISH,), about=(TermCredits(high=most),))
    student = Student(
        matriculation=BEGIN, plan_from=BEGIN, record=Record(matriculation=BEGIN), wishes=wishes
    )
    resolved = resolve(
        program,
        replace(school, offerings=every_term),
        student.person,
        all_readings(program)[0],
        library.assumptions_of(program),
    )[0]
    start = time.process_time()
    result = plan(resolved, student, student.record, TODAY, seconds=LIMIT_S, n_levels=1)
    return result, time.process_time() - start


def n_terms(result: PlanResult) -> int:
    """Return how many terms, each a year in an imported calendar, the plan takes."""
    assert result.status is PlanStatus.OPTIMAL, "each of these files has a plan, soon proven"
    assert result.plan is not None
    levels = {level.level: level.value for level in result.levels}
    finish = levels[Level.FINISH.value]
    assert finish is not None
    return dt.date.fromordinal(int(finish)).year - BEGIN.year + 1


def broken(terms: Sequence[PeerTerm], curriculum: Curriculum, most: Fraction) -> tuple[str, ...]:
    """Return which rules of the file a plan breaks, in words."""
    place = {course.id: number for number, term in enumerate(terms) for course in term.courses}
    found: set[str] = set()
    if any(sum(course.credit_hours for course in term.courses) > most for term in terms):
        found.add("credits in a term")
    for course in curriculum.courses:
        here = place.get(course.id)
        if here is None:
            found.add("a course left out")
            continue
        if any(place.get(other, here) >= here for other in course.before):
            found.add("prerequisites")
        if any(place.get(other, here + 1) > here for other in course.beside):
            found.add("corequisites")
        if any(place.get(other) != here for other in course.together):
            found.add("strict corequisites")
    return tuple(sorted(found))


def compared(peer: Peer, item: Instance) -> Compared:
    """Return what both make of one file, reading not counted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "curriculum.csv"
        path.write_text(item.text, "utf-8")
        with contextlib.redirect_stdout(io.StringIO()):  # it prints when it finds no plan
            curriculum = peer.read_csv(str(path))
            start = time.process_time()
            theirs = peer.create_degree_plan(curriculum, max_cpt=float(item.most))
            their_seconds = time.process_time() - start
        result, our_seconds = planned(path, item.most, Path(folder) / "catalog")
    assert theirs is not None, "filling terms always ends with a plan"
    return Compared(
        name=item.name,
        ours=n_terms(result),
        theirs=len(theirs.terms),
        our_seconds=our_seconds,
        their_seconds=their_seconds,
        broken=broken(theirs.terms, item.curriculum, item.most),
    )


def measure() -> Iterator[Measurement]:
    """Yield terms and times of both, or one line that says that the package is not there."""
    try:
        peer = cast(Peer, importlib.import_module("curricularanalytics"))
    except ImportError:
        yield Measurement(
            id="plan.peer",
            value=0,
            unit="",
            note="not compared: curricularanalytics is not installed "
            "(pip install 'prospectus[bench]')",
        )
        return
    every = {
        "bundled": [*bundled()],
        "published": [*published(is_tight=False)],
        "tight": [*published(is_tight=True)],
    }
    compared(peer, every["bundled"][0])  # the first run loads the solver
    for words, items in every.items():
        yield from _rows(words, [compared(peer, item) for item in items])


def _rows(words: str, found: Sequence[Compared]) -> Iterator[Measurement]:
    lawful = [one for one in found if not one.broken]
    more = [one.theirs - one.ours for one in lawful]
    bad = ", ".join(f"{one.name}: {' and '.join(one.broken)}" for one in found if one.broken)
    yield Measurement(
        id=f"plan.peer_{words}_terms",
        value=sum(one.ours for one in lawful),
        unit="terms",
        baseline=sum(one.theirs for one in lawful),
        baseline_name="curricularanalytics",
        note=f"{len(lawful)} curricula, ours proven; theirs longer in "
        f"{sum(n > 0 for n in more)}, by up to {max(more, default=0)}; breaks its file's rules in "
        f"{len(found) - len(lawful)} more{': ' if bad else ''}{bad}",
    )
    yield Measurement(
        id=f"plan.peer_{words}_ms",
        value=1_000 * median(one.our_seconds for one in found),
        unit="ms",
        baseline=1_000 * median(one.their_seconds for one in found),
        baseline_name="curricularanalytics",
        note=f"{len(found)} curricula, median of processor time, models included; worst "
        f"{1_000 * max(one.our_seconds for one in found):.0f} against "
        f"{1_000 * max(one.their_seconds for one in found):.0f} ms",
    )
