"""What is not known of a programme, and which of it would move a person's answer most.

Every missing fact that can be computed with is tried at both ends of its plausible range, the plan
solved anew each time: what moves the end of the studies or their price most is what to ask first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from prospectus.app.binding import bind, program_faults, season_faults, wanted_faults
from prospectus.app.library import Library, open_library
from prospectus.app.missing_answers import Ending, MissingAnswer, MissingFact, Swing
from prospectus.app.options import Variant, all_readings, chosen_track, on_track, tracks
from prospectus.app.solving import DEFAULT_EFFORT, Effort, Solved, solve
from prospectus.app.words import listed
from prospectus.app.worlds import World, assumed_ids, running, with_value
from prospectus.catalogs.student_file import read_student
from prospectus.catalogs.student_parts import StudentFile
from prospectus.domain.errors import StudentError
from prospectus.domain.facts import Completeness, Money
from prospectus.domain.meaning import resolve
from prospectus.domain.printer import print_number
from prospectus.domain.program import Program, School
from prospectus.domain.student import Level

_N_NAMED = 6
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
        program = library.program(program_id, catalog_year or library.years(program_id)[-1])
        return _answer(library, program, ())
    file = read_student(student_path, today)
    faults = program_faults(file, library.ids())
    if faults:
        raise StudentError(faults=faults)
    program = (
        library.rules_for(program_id, file.student)
        if catalog_year is None
        else library.program(program_id, catalog_year)
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
    mine = [c for c in school.courses if not c.restricted_to or program.id in c.restricted_to]
    runs = {offering.course for offering in school.offerings_for(program.id)}
    for name, codes in (
        ("prerequisites", [c.code for c in mine if c.requisite is None and not c.requisite_stated]),
        ("when it runs", [c.code for c in mine if c.code not in runs]),
        ("hours a week", [c.code for c in mine if c.hours is None]),
    ):
        if codes:
            more = [f"{len(codes) - _N_NAMED} more"] if len(codes) > _N_NAMED else []
            named = listed([*codes[:_N_NAMED], *more], "and")
            yield MissingFact(text=f"{name} of {named}", file="", n_courses=len(codes))
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


def _with_swings(
    library: Library,
    world: World,
    file: StudentFile,
    today: dt.date,
    effort: Effort,
    tell: Progress,
) -> MissingAnswer:
    program = world.program
    student = bind(file, program, world.school)
    chosen = chosen_track(program, student)
    asked = [t.id for t in tracks(program) if t.is_complete and chosen in (None, t.id)]
    first = all_readings(program)[0]
    ends = [(_ending(world, file, track, first, today, effort), track) for track in asked]
    base, track = min(ends, key=lambda pair: _rank(pair[0]))
    questions = list(_questions(world, base))
    n_plans = sum(len(question.ends) for question in questions)
    swings, n_done = [], 0
    for question in questions:
        found = []
        for name, other, reading in question.ends:
            ending = _ending(other, file, track, reading or first, today, effort)
            found.append(replace(ending, name=name))
            n_done += 1
            tell(n_done, n_plans)
        swings.append(_swing(question, base, found))
    swings.sort(key=lambda swing: swing.rank)
    return _answer(
        library, program, tuple(swings), student=file.student.name, base=base, track=track
    )


def _questions(world: World, base: Ending) -> Iterator[_Question]:
    """Yield the missing facts that can be computed with, each at the ends of its range."""
    for id in sorted(assumed_ids(world)):
        entry = world.assumptions[id]
        ends = []
        for value in (entry.low, entry.high):
            other = with_value(world, id, value)
            if other is not None and value != entry.value:
                ends.append((f"{print_number(value)} {entry.unit}", other, None))
        if ends:
            yield _Question(ask=entry.text, id=id, ends=tuple(ends))
    program, school = world.program, world.school
    mine = {c.code for c in school.courses if not c.restricted_to or program.id in c.restricted_to}
    silent = frozenset(mine - {one.course for one in school.offerings_for(program.id)})
    if silent:
        codes = sorted(silent)
        more = [f"{len(codes) - _N_NAMED} more"] if len(codes) > _N_NAMED else []
        named = listed([*codes[:_N_NAMED], *more], "and")
        ends = [("every term", running(world, silent), None)]
        yield _Question(ask=f"when {named} run", id="", ends=tuple(ends))
    for dispute in program.disputes:
        others = [
            reading
            for reading in all_readings(program)[1:]
            if _differs_only_in(reading, all_readings(program)[0], dispute.id)
        ]
        if others:
            yield _Question(
                ask=f"{dispute.why}",
                id=dispute.id,
                ends=tuple((dict(other)[dispute.id], world, other) for other in others),
            )


def _differs_only_in(reading: Variant, first: Variant, dispute: str) -> bool:
    return all((name == dispute) == (dict(first)[name] != value) for name, value in reading)


def _ending(
    world: World,
    file: StudentFile,
    track: str | None,
    reading: Variant,
    today: dt.date,
    effort: Effort,
) -> Ending:
    """Return when the best plan of a world ends and what it costs; the worst of its branches."""
    student = on_track(bind(file, world.program, world.school), world.program, track)
    levels = student.wishes.levels
    # Finish and price are what is told; levels behind both would only take time.
    n_levels = max(levels.index(one) for one in (Level.FINISH, Level.COST) if one in levels) + 1
    found = [
        _ending_of(
            solve(resolved, student, today, effort, n_levels=n_levels, explain_conflict=False)
        )
        for resolved in resolve(
            world.program, world.school, student.person, reading, world.assumptions
        )
    ]
    return max(found, key=_rank)


def _ending_of(solved: Solved) -> Ending:
    appraisal = solved.appraisal
    if appraisal is None:
        return Ending(status=solved.result.status.value)
    return Ending(status=solved.result.status.value, finish=appraisal.finish, cost=appraisal.cost)


def _rank(ending: Ending) -> tuple[dt.date, int]:
    cost = ending.cost.minor if ending.cost is not None else 2**62
    return (ending.finish or dt.date.max, cost)


def _swing(question: _Question, base: Ending, ends: list[Ending]) -> Swing:
    """Return how far a missing fact moves the answer, from the best to the worst of its ends."""
    known = [base, *ends]
    finishes = [ending.finish for ending in known if ending.finish is not None]
    costs = [ending.cost for ending in known if ending.cost is not None]
    breaks = base.finish is not None and any(ending.finish is None for ending in ends)
    spread = max(costs).minor - min(costs).minor if costs else 0
    currency = costs[0].currency if costs else ""
    return Swing(
        ask=question.ask,
        id=question.id,
        ends=tuple(ends),
        days=(max(finishes) - min(finishes)).days if finishes else 0,
        cost=Money(minor=spread, currency=currency) if costs else None,
        breaks=breaks,
    )
