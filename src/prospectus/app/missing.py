"""What is not known of a programme, and which of it would move a person's answer most.

Every missing fact that can be computed with is tried at both ends of its plausible range, the plan
solved anew each time: what moves the end of the studies or their price most is what to ask first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from prospectus.app.best_plan import Best, best_plan
from prospectus.app.binding import program_faults, season_faults, wanted_faults
from prospectus.app.library import Library, open_library
from prospectus.app.missing_answers import Ending, MissingAnswer, MissingFact, Swing
from prospectus.app.options import Variant, all_readings
from prospectus.app.relevant import relevant_courses
from prospectus.app.solving import DEFAULT_EFFORT, Effort
from prospectus.app.words import listed
from prospectus.app.worlds import World, assumed_ids, running, with_value
from prospectus.catalogs.student_file import read_student
from prospectus.catalogs.student_parts import StudentFile
from prospectus.domain.errors import StudentError
from prospectus.domain.facts import Completeness, Money
from prospectus.domain.printer import print_number
from prospectus.domain.program import Program, School
from prospectus.planning.result import PlanStatus

_N_NAMED = 6
_BINDING = frozenset({"how much may be taken in a term", "the most time to the degree"})
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A missing fact with the worlds at the ends of its range; each end has a name."""

    ask: str
    id: str
    ends: tuple[tuple[str, World, Variant | None], ...]


def missing_facts(
    program_id: str,
    student_path: Path | None = None,
    catalog_year: str | None = None,
    *,
    today: dt.date,
    catalogs: tuple[Path, ...] = (),
    effort: Effort = DEFAULT_EFFORT,
    progress: Progress | None = None,
) -> MissingAnswer:
    """Return what no source says of a programme; for a person, what to ask first.

    Parameters
    ----------
    program_id
        The programme.
    student_path
        The student file; None lists what is missing and solves nothing.
    catalog_year
        The year of the rules; None means the one the student is held to, else the newest.
    today
        The day on which it is asked.
    catalogs
        Extra catalog folders beside the bundled one.
    effort
        Seconds for each plan, seed, workers of the solver.
    progress
        Called with the number of plans solved and of all.

    Raises
    ------
    ProspectusError
        For a student file or catalog that cannot be used, or an unknown programme (USE-001).
    """
    library = open_library(catalogs)
    if student_path is None:
        program = library.named(program_id, catalog_year)
        return _answer(library, program, ())
    file = read_student(student_path, today)
    faults = program_faults(file, library.ids())
    if faults:
        raise StudentError(faults=faults)
    program = (
        library.rules_for(program_id, file.student)
        if catalog_year is None and "@" not in program_id
        else library.named(program_id, catalog_year)
    )
    school = library.school(program)
    faults = season_faults(file, [school]) + wanted_faults(file, [school])
    if faults:
        raise StudentError(faults=faults)
    if program.completeness is not Completeness.COMPLETE:
        return _answer(library, program, (), student=file.student.name)
    world = World(program=program, school=school, assumptions=library.assumptions_of(program))
    return _with_swings(library, world, file, today, effort, progress or (lambda done, of: None))


def _answer(
    library: Library,
    program: Program,
    swings: tuple[Swing, ...],
    *,
    student: str = "",
    base: Ending | None = None,
    track: str | None = None,
) -> MissingAnswer:
    school = library.school(program)
    return MissingAnswer(
        program=program.id,
        program_name=program.name,
        catalog_year=program.catalog_year,
        completeness=program.completeness,
        facts=tuple(_facts(program, school, library)),
        questions=program.questions,
        student=student,
        track=track,
        base=base,
        swings=swings,
    )


def _facts(program: Program, school: School, library: Library) -> Iterator[MissingFact]:
    """Yield what is missing: words of the files, then courses grouped by what they lack."""
    at = program.provenance.at
    for text in program.unknown:
        yield MissingFact(text=text, file=at.file)
    for name, value in (
        ("accreditation", program.accreditation),
        ("how it is taught", program.delivery),
        ("capstone, practicum, thesis or the like", program.experiential),
        ("credit from elsewhere", program.transfer),
        ("conditions of admission", program.admission.eligibility),
        ("in which seasons one can begin", program.admission.starts),
    ):
        if value is None:
            yield MissingFact(text=name, file=at.file)
    if program.admission.rolling is None and not program.admission.deadlines:
        yield MissingFact(text="by when to apply", file=at.file)
    mine = relevant_courses(program, school, library.assumptions_of(program))
    runs = {offering.course for offering in school.offerings_for(program.id)}
    for name, codes in (
        ("prerequisites", [c.code for c in mine if c.requisite is None and not c.requisite_stated]),
        ("when these run", [c.code for c in mine if c.code not in runs]),
        ("hours a week", [c.code for c in mine if c.hours is None]),
    ):
        if codes:
            yield MissingFact(text=f"{name}: {_named(codes)}", file="", n_courses=len(codes))
    fees = [fee for fee in school.fees if not fee.programs or program.id in fee.programs]
    if not fees:
        yield MissingFact(text="prices", file=at.file)
    for fee in fees:
        if fee.is_unknown:
            yield MissingFact(text=f"the price '{fee.id}'", file=fee.provenance.at.file)
    world = World(program=program, school=school, assumptions=library.assumptions_of(program))
    for id in sorted(assumed_ids(world)):
        entry = world.assumptions[id]
        low, high = print_number(entry.low), print_number(entry.high)
        yield MissingFact(
            text=f"{entry.text} (assumed; could be {low} to {high} {entry.unit})", file="", id=id
        )
    for dispute in program.disputes:
        yield MissingFact(
            text=f"{dispute.id}: {dispute.why}", file=dispute.provenance.at.file, id=dispute.id
        )


def _named(codes: Sequence[str]) -> str:
    """Return codes, the first of them where they are many."""
    more = [f"{len(codes) - _N_NAMED} more"] if len(codes) > _N_NAMED else []
    return listed([*codes[:_N_NAMED], *more], "and")


def _with_swings(
    library: Library,
    world: World,
    file: StudentFile,
    today: dt.date,
    effort: Effort,
    tell: Progress,
) -> MissingAnswer:
    best = best_plan(world, file, today, effort)
    base = _ending(best)
    questions, untried = _questions(world)
    n_plans = sum(len(question.ends) for question in questions)
    swings, n_done = [], 0
    for question in questions:
        found = []
        for name, other, reading in question.ends:
            ending = _ending(best_plan(other, file, today, effort, reading=reading))
            found.append(replace(ending, name=name))
            n_done += 1
            tell(n_done, n_plans)
        swings.append(_swing(question, base, found))
    swings.sort(key=lambda swing: swing.rank)
    return replace(
        _answer(library, world.program, tuple(swings), student=file.student.name, base=base),
        track=best.track if best is not None else None,
        untried=tuple(untried),
    )


def _questions(world: World) -> tuple[list[_Question], list[str]]:
    """Return the missing facts that can be computed with, at their ends, and the others."""
    questions, untried = [], []
    for id in sorted(assumed_ids(world)):
        entry = world.assumptions[id]
        tried = [
            (f"{print_number(value)} {entry.unit}", other, None)
            for value in (entry.low, entry.high)
            if value != entry.value and (other := with_value(world, id, value)) is not None
        ]
        if tried:
            questions.append(_Question(ask=entry.text, id=id, ends=tuple(tried)))
        else:
            untried.append(f"{entry.text} [{id}]: its range is no number that a plan counts with")
    program, school = world.program, world.school
    mine = {course.code for course in relevant_courses(program, school, world.assumptions)}
    silent = frozenset(mine - {offering.course for offering in school.offerings})
    if silent:
        ask = f"when these run: {_named(sorted(silent))}"
        always = ("every term", running(world, silent), None)
        questions.append(_Question(ask=ask, id="", ends=(always,)))
    first, *others = all_readings(program)
    for dispute in program.disputes:
        alone = [other for other in others if _differs_only_in(other, first, dispute.id)]
        if alone:
            ends = tuple((dict(other)[dispute.id], world, other) for other in alone)
            questions.append(_Question(ask=dispute.why, id=dispute.id, ends=ends))
    for text in program.unknown:
        if text in _BINDING:
            untried.append(f"{text}: nobody says between what it lies")
    untried += [
        f"the price '{fee.id}': nobody says between what it lies"
        for fee in school.fees
        if fee.is_unknown and (not fee.programs or program.id in fee.programs)
    ]
    return questions, untried


def _differs_only_in(reading: Variant, first: Variant, dispute: str) -> bool:
    return all((name == dispute) == (dict(first)[name] != value) for name, value in reading)


def _ending(best: Best | None) -> Ending:
    """Return when the best plan of a world ends and what it costs."""
    if best is None:
        return Ending(status=PlanStatus.UNKNOWN.value)
    appraisal, status = best.solved.appraisal, best.solved.result.status.value
    if appraisal is None:
        return Ending(status=status)
    return Ending(status=status, finish=appraisal.finish, cost=appraisal.cost)


def _swing(question: _Question, base: Ending, ends: list[Ending]) -> Swing:
    """Return how far a missing fact moves the answer, from the best to the worst of its ends."""
    known = [base, *ends]
    finishes = [ending.finish for ending in known if ending.finish is not None]
    costs = [ending.cost for ending in known if ending.cost is not None]
    shut = [ending for ending in ends if ending.status == PlanStatus.INFEASIBLE.value]
    spread = max(costs).minor - min(costs).minor if costs else 0
    return Swing(
        ask=question.ask,
        id=question.id,
        ends=tuple(ends),
        days=(max(finishes) - min(finishes)).days if finishes else 0,
        cost=Money(minor=spread, currency=costs[0].currency) if costs else None,
        breaks=base.finish is not None and bool(shut),
        mends=base.finish is None and bool(finishes),
        is_open=any(ending.status == PlanStatus.UNKNOWN.value for ending in ends),
    )
