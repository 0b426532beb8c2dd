"""A catalog checked: every fault of its files, and every track that no legal plan can finish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from prospectus.app.catalog_answers import CheckAnswer
from prospectus.app.library import Library, open_library
from prospectus.app.options import Track, all_readings, main_choice, on_track, tracks
from prospectus.app.solving import DEFAULT_EFFORT, Effort, solve
from prospectus.catalogs.check import check
from prospectus.catalogs.listing import bundled_root, files_of
from prospectus.domain.errors import Fault, Place, Severity, UnsupportedError
from prospectus.domain.expression import CodeIs, Union
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.offering import OfferingKind
from prospectus.domain.program import Program, Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import All, Any, Fill, Item, Range, Reading, When
from prospectus.domain.student import Level, Student, Wishes
from prospectus.planning.result import PlanResult, PlanStatus

_N_SHOWN = 8


def check_catalog(
    paths: Sequence[Path] = (),
    *,
    today: dt.date,
    effort: Effort = DEFAULT_EFFORT,
    solve_tracks: bool = True,
) -> CheckAnswer:
    """Return every fault of the files at `paths`, of the bundled catalog where there are none.

    Where the files hold no error, each track of each complete programme is planned for a person
    who asks nothing: a track that has no plan is a fault of the catalog.

    Raises
    ------
    InternalError
        INT-001 when a plan fails its own re-check.
    """
    asked = list(paths) or [bundled_root()]
    faults = list(check(asked))
    shown = [name for _, _, name in files_of(asked, [])]
    n_programs = n_solved = 0
    partial: list[tuple[str, str, Completeness]] = []
    if not any(fault.severity is Severity.ERROR for fault in faults):
        library = open_library(tuple(paths))
        mine = [p for p in library.catalog.programs if p.provenance.at.file in shown]
        n_programs = len(mine)
        for program in mine if solve_tracks else ():
            if program.completeness is not Completeness.COMPLETE:
                partial.append((program.id, program.catalog_year, program.completeness))
                continue
            for track in tracks(program):
                if track.is_complete:
                    n_solved += 1
                    faults += _track_faults(library, program, track, today, effort)
    return CheckAnswer(
        faults=tuple(faults),
        n_files=len(shown),
        n_programs=n_programs,
        n_solved=n_solved,
        not_planned=tuple(partial),
    )


def anyone(today: dt.date) -> Student:
    """Return a person who begins now and asks nothing."""
    wishes = Wishes(hours_per_week=None, hours_are_assumed=False, levels=(Level.FINISH,))
    return Student(
        matriculation=today, plan_from=today, record=Record(matriculation=today), wishes=wishes
    )


def _track_faults(
    library: Library, program: Program, track: Track, today: dt.date, effort: Effort
) -> Iterator[Fault]:
    """Yield what keeps anyone from finishing a track, under each reading."""
    student = on_track(anyone(today), program, track.id)
    school = library.school(program)
    name = program.id if track.id is None else f"{program.id}, track '{track.id}'"
    at = _place(program, track)
    for reading in all_readings(program):
        for resolved in resolve(
            program, school, student.person, reading, library.assumptions_of(program)
        ):
            told = "".join(f", {key} {value}" for key, value in (*reading, *resolved.branches))
            try:
                result = solve(resolved, student, today, effort).result
            except UnsupportedError as error:
                for fault in error.faults:
                    yield Fault(
                        code=fault.code,
                        what=f"{name} cannot be planned yet: {fault.what}",
                        fix=fault.fix,
                        at=fault.at if str(fault.at) else at,
                        severity=Severity.WARNING,
                    )
                return
            if result.status is PlanStatus.INFEASIBLE:
                yield _no_plan(name + told, result, at, _never_run(resolved, student))
            elif result.status is PlanStatus.UNKNOWN:
                yield Fault(
                    code="CAT-091",
                    what=f"{name}{told}: no plan was found in {effort.seconds:g} s",
                    fix="check it again with a longer --seconds",
                    at=at,
                    severity=Severity.WARNING,
                )


def _never_run(resolved: Resolved, student: Student) -> tuple[str, ...]:
    """Return the courses that the requirements need and of which no offering is known."""
    least = student.wishes.min_offering_share
    needed: dict[str, None] = {}
    stack: list[Item] = [resolved.tree]
    while stack:
        node = stack.pop()
        if isinstance(node, All):
            stack += reversed(node.children)
        elif isinstance(node, Any):
            chosen = dict(student.choices).get(str(node.header.id))
            stack += [child for child in node.children if _id(child) == chosen]
        elif isinstance(node, Fill) and isinstance(node.courses, Range):
            items = node.from_.items if isinstance(node.from_, Union) else (node.from_,)
            codes = [item.code for item in items if isinstance(item, CodeIs)]
            if len(codes) == len(items) and node.courses.low >= len(codes):
                needed.update(dict.fromkeys(codes))
    offered = {
        offering.course
        for offering in resolved.offerings
        if offering.kind is not OfferingKind.LIKELY or (offering.share or 0) >= least
    }
    return tuple(code for code in needed if code not in offered)


def _id(item: Item) -> str:
    return "" if isinstance(item, When | Reading) else str(item.header.id)


def _no_plan(name: str, result: PlanResult, at: Place, never_run: tuple[str, ...]) -> Fault:
    if never_run:
        shown = ", ".join(never_run[:_N_SHOWN])
        more = f" and {len(never_run) - _N_SHOWN} others" if len(never_run) > _N_SHOWN else ""
        return Fault(
            code="CAT-090",
            what=f"{name}: no legal plan, for no offering of {shown}{more} is known",
            fix="add them to schedule.yaml; where nobody says when they run, assume it by name, or "
            "write `completeness: partial`",
            at=at,
        )
    rules = "; ".join(item.text for item in result.conflict if not item.is_wish)
    because = f": these cannot all hold: {rules}" if rules else ""
    return Fault(
        code="CAT-090",
        what=f"{name}: no legal plan can meet its requirements{because}",
        fix="correct sizes, lists, prerequisites or offerings until someone can finish it",
        at=at,
    )


def _place(program: Program, track: Track) -> Place:
    node = main_choice(program)
    for child in node.children if node is not None else ():
        header = getattr(child, "header", None)
        if header is not None and str(header.id) == track.id:
            place = header.provenance.at
            assert isinstance(place, Place)
            return place
    return program.provenance.at
