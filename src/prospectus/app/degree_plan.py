"""What to take, and when: the plan of one programme for one person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from prospectus.app.admission import admission
from prospectus.app.answers import Admission, PlanAnswer, PlanVariant, TrackPlan
from prospectus.app.binding import bind, program_faults, season_faults, wanted_faults
from prospectus.app.idle_wishes import idle_wishes
from prospectus.app.library import Library, open_library
from prospectus.app.nearest import nearest
from prospectus.app.options import Track, Variant, all_readings, chosen_track, on_track, tracks
from prospectus.app.plan_if_approved import if_granted
from prospectus.app.plan_lines import plan_variant
from prospectus.app.plan_readings import readings_named, readings_told
from prospectus.app.replanning import Earlier, against, read_earlier, with_earlier
from prospectus.app.rows import row
from prospectus.app.solving import DEFAULT_EFFORT, Effort, Solved, solve
from prospectus.app.topics import topic_notes, topics_of
from prospectus.app.tree_walk import walk
from prospectus.app.why_impossible import why_impossible
from prospectus.catalogs.student_file import read_student
from prospectus.catalogs.student_parts import StudentFile
from prospectus.domain.errors import StudentError, UsageError
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Program, School
from prospectus.domain.student import Student

_N_MISSING = 6


def plan_degree(
    student_path: Path,
    program_id: str | None = None,
    track: str | None = None,
    *,
    today: dt.date,
    catalogs: tuple[Path, ...] = (),
    effort: Effort = DEFAULT_EFFORT,
    earlier: Path | None = None,
    keep_until: str | None = None,
    keep: list[tuple[str | None, Solved]] | None = None,
) -> PlanAnswer:
    """Return the plans of a programme, one for each track that is left open.

    Parameters
    ----------
    student_path
        The student file.
    program_id
        The programme; None means the one that the student file names.
    track
        The child of the programme's main choice; None means the declared one, or each. A reading of
        what is disputed may be named too.
    today
        The day on which it is asked.
    catalogs
        Extra catalog folders beside the bundled one.
    effort
        Seconds for each plan, seed, workers of the solver.
    earlier, keep_until
        A plan to change as little as can be, and the period up to which nothing of it moves.
    keep
        Where to put what was solved, by track: for a certificate.

    Raises
    ------
    ProspectusError
        For a student file or catalog that cannot be used, an unknown programme (USE-001) or
        track (USE-003), none named at all (USE-002), or one not encoded in full (USE-004).
    """
    opened = open_case(student_path, program_id, today, catalogs)
    file, student = opened.file, opened.student
    program, school, answer = opened.program, opened.school, opened.admission
    before = None if earlier is None else read_earlier(earlier, program, school, student)
    if before is not None:
        calendar = dict(school.calendars)[program.calendar]
        student = with_earlier(student, before, calendar, keep_until)
        track = track or before.track or None
    asked, readings = asked_ways(program, student, track)
    opened = replace(opened, readings=readings)
    planned: list[TrackPlan] = []
    left = [f"{item.name}: encoded only in part" for item in asked if not item.is_complete]
    for item in (one for one in asked if one.is_complete):
        if any(was_stopped(variant) for track in planned for variant in track.variants):
            left.append(f"{item.name}: stopped before")
            continue
        planned.append(_track_plan(opened, student, item, before, today, effort, keep))
    return PlanAnswer(
        student=file.student.name,
        today=today,
        program=program.id,
        program_name=program.name,
        catalog_year=program.catalog_year,
        admission=answer,
        tracks=tuple(planned),
        not_planned=tuple(left),
        questions=program.questions,
        hours_are_assumed=file.student.wishes.hours_are_assumed,
        seed=effort.seed,
        topic_notes=topic_notes(student.wishes.wanted_topics, topics_of(program, school)),
        idle_wishes=idle_wishes(student),
        readings=readings_told(program, readings),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A student file with the programme it is asked about, read and bound.

    `readings` are those of what is disputed that are planned.
    """

    library: Library
    file: StudentFile
    program: Program
    school: School
    student: Student
    admission: Admission
    readings: tuple[Variant, ...]


def open_case(
    student_path: Path, program_id: str | None, today: dt.date, catalogs: tuple[Path, ...]
) -> Opened:
    """Return what a call names.

    Raises
    ------
    ProspectusError
        For a student file or catalog that cannot be used, an unknown programme (USE-001), none
        named at all (USE-002), or one not encoded in full (USE-004).
    """
    library = open_library(catalogs)
    file = read_student(student_path, today)
    unknown = program_faults(file, library.ids())
    if unknown:
        raise StudentError(faults=unknown)
    name = program_id or file.student.program
    if name is None:
        raise UsageError(
            "USE-002",
            what="neither the call nor the student file names a programme",
            fix=f"name one of {', '.join(library.ids())}, or write `program:` in the file",
        )
    program = library.rules_for(name, file.student)
    school = library.school(program)
    need_complete(program, library)
    faults = season_faults(file, [school]) + wanted_faults(file, [school])
    try:
        student = bind(file, program, school)
    except StudentError as error:
        raise StudentError(faults=[*faults, *error.faults]) from None
    if faults:
        raise StudentError(faults=faults)
    return Opened(
        library=library,
        file=file,
        program=program,
        school=school,
        student=student,
        admission=admission(program, school, student, today),
        readings=all_readings(program),
    )


def need_complete(program: Program, library: Library) -> None:
    """Refuse a programme that is not complete, saying what is missing and what to ask instead."""
    if program.completeness is Completeness.COMPLETE:
        return
    partial = [
        f"{node.header.name} ({node.header.completeness.value})"
        for node, _ in walk(program.tree)
        if node.header.completeness in (Completeness.PARTIAL, Completeness.STUB)
    ]
    missing = [*partial, *program.unknown][:_N_MISSING]
    others = [
        year
        for year in library.years(program.id)
        if library.program(program.id, year).completeness is Completeness.COMPLETE
    ]
    instead = f"; the rules of {', '.join(others)} are complete: write `catalog_year:`"
    raise UsageError(
        "USE-004",
        what=f"the rules of {program.id} of {program.catalog_year} are encoded only in part "
        f"({program.completeness.value})"
        + (f"; missing or unknown: {'; '.join(missing)}" if missing else ""),
        fix="only complete rules are planned: see `prospectus show "
        + program.id
        + "`"
        + (instead if others else ""),
        on_page="only complete rules are planned: the programme's page says what is known of it"
        + (instead if others else ""),
    )


def asked_ways(
    program: Program, student: Student, text: str | None
) -> tuple[tuple[Track, ...], tuple[Variant, ...]]:
    """Return the tracks and the readings to plan: `AI`, `total 34`, or `AI, total 34`."""
    every = all_readings(program)
    if text is None or _track_named(program, text) is not None:
        return asked_tracks(program, student, text), every
    whole = readings_named(program, text)
    if whole:
        return asked_tracks(program, student, None), whole
    track, _, reading = text.rpartition(",")
    part = readings_named(program, reading)
    return asked_tracks(program, student, track if part else text), part or every


def asked_tracks(program: Program, student: Student, track: str | None) -> tuple[Track, ...]:
    """Return the tracks to plan: the one asked for, by id or name, the declared one, or all.

    Raises
    ------
    UsageError
        USE-003 for one that the programme does not have.
    """
    found = tracks(program)
    known = {item.id: item for item in found if item.id is not None}
    if track is not None:
        asked = _track_named(program, track)
        if asked is None:
            raise UsageError(
                "USE-003", what=f"{program.id} has no track '{track}'", fix=_ways(program, track)
            )
        return (asked,)
    chosen = chosen_track(program, student)
    return (known[chosen],) if chosen in known else found


def _track_named(program: Program, text: str) -> Track | None:
    """Return the track of an id or a name, in capitals or not."""
    word = " ".join(text.split()).casefold()
    for one in tracks(program):
        if one.id is not None and word in (one.id.casefold(), one.name.casefold()):
            return one
    return None


def _ways(program: Program, text: str) -> str:
    """Return how to mend a track that there is not: what may be named."""
    named = {one.id: one.name for one in tracks(program) if one.id is not None}
    disputes = readings_told(program, all_readings(program))
    read = [label for one in disputes for label, _ in one.readings]
    if not named and not read:
        return "leave it out: the programme has no tracks"
    listed = ", ".join([*(f"{id} ({name})" for id, name in named.items()), *read])
    return nearest(text, [*named, *named.values(), *read], f"use one of {listed}")


def was_stopped(variant: PlanVariant) -> bool:
    """Return whether a person stopped the search, and not the clock."""
    return variant.certificate.was_stopped


def _track_plan(
    opened: Opened,
    student: Student,
    track: Track,
    before: Earlier | None,
    today: dt.date,
    effort: Effort,
    keep: list[tuple[str | None, Solved]] | None = None,
) -> TrackPlan:
    program = opened.program
    mine = on_track(student, program, track.id)
    variants: list[PlanVariant] = []
    for reading in opened.readings:
        assumptions = opened.library.assumptions_of(program)
        for resolved in resolve(program, opened.school, mine.person, reading, assumptions):
            solved = solve(resolved, mine, today, effort)
            if keep is not None:
                keep.append((track.id, solved))
            found = row(
                solved,
                track=track.id,
                track_name=track.name,
                admission=opened.admission,
                variant=resolved.readings + resolved.branches,
            )
            variant = plan_variant(solved, found, today)
            why = why_impossible(solved, opened.file, today, effort)
            variant = variant if why is None else replace(variant, impossible=why)
            waited_for = if_granted(solved, mine, today, effort)
            if waited_for:
                variant = replace(variant, approvals_waited_for=waited_for)
            if before is not None and solved.result.plan is not None:
                differs = against(before, solved.result.plan.attempts)
                variant = replace(variant, earlier=differs)
            variants.append(variant)
    return TrackPlan(track=track.id, track_name=track.name, variants=tuple(variants))
