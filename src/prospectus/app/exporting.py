"""A programme, or a plan for it, handed to other programs; what they cannot hold is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from prospectus.app.admission import deadline_day
from prospectus.app.degree_plan import asked_tracks
from prospectus.app.library import open_library
from prospectus.app.options import main_choice
from prospectus.app.plan_to_export import PlanToExport, plan_to_export, planned_rows
from prospectus.app.solving import DEFAULT_EFFORT, Effort
from prospectus.app.tree_walk import walk
from prospectus.app.words import condition_words
from prospectus.catalogs.matching import Candidate, select
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Fault
from prospectus.domain.expression import Expression, Selector
from prospectus.domain.program import Program, School
from prospectus.domain.requirement import Fill, Milestone
from prospectus.domain.student import Student
from prospectus.exchange.curriculum_of_program import (
    CurriculumMade,
    curriculum_of,
    curriculum_of_plan,
)
from prospectus.exchange.curriculum_writer import write_curriculum
from prospectus.exchange.json_ld import write_json_ld
from prospectus.exchange.losses import Loss, Losses
from prospectus.planning.result import PlanStatus

_N_STARTS = 6

_ANYBODY = Student(matriculation=dt.date.min, plan_from=dt.date.min)


class ExportFormat(Enum):
    """The formats that other programs read."""

    CURRICULAR_ANALYTICS = "curricular-analytics"
    JSON_LD = "json-ld"
    ICS = "ics"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAnswer:
    """A file's text, with everything that it leaves out or changes, and warnings about it."""

    program: str
    catalog_year: str
    format: ExportFormat
    text: str
    dropped: tuple[Loss, ...]
    warnings: tuple[Fault, ...] = ()


def export_program(
    program_id: str,
    form: ExportFormat,
    *,
    track: str | None = None,
    year: str | None = None,
    student: Path | None = None,
    today: dt.date,
    catalogs: tuple[Path, ...] = (),
    effort: Effort = DEFAULT_EFFORT,
) -> ExportAnswer:
    """Return a programme, or with a student file the best plan for it, in a foreign format.

    Parameters
    ----------
    program_id
        The programme.
    form
        The format. JSON-LD knows programmes only.
    track
        The child of the programme's main choice.
    year
        The catalogue year; None means the newest, or the one that the student is held to.
    student
        A student file.
    today
        The day on which it is asked.
    catalogs
        Extra catalog folders beside the bundled one.
    effort
        How hard to look for a plan.

    Raises
    ------
    ProspectusError
        For a student file or catalog that cannot be used, an unknown programme, year or track, or
        a plan that cannot be had.
    """
    library = open_library(catalogs)
    if student is not None and form is not ExportFormat.JSON_LD:
        plan = plan_to_export(library, student, program_id, track, year, today=today, effort=effort)
        return _plan(plan, form, today)
    program = library.named(program_id, year)
    school = library.school(program)
    if form is ExportFormat.ICS:
        return _dates(program, school, today)
    if form is ExportFormat.JSON_LD:
        answer = _json_ld(program, school, today)
        losses = Losses()
        if student is not None:
            losses.add("the plan: the format knows programmes only", str(student))
        if track is not None:
            asked_tracks(program, _ANYBODY, track)
        losses.add("the track: every course of the programme is written", *filter(None, [track]))
        return _answer(program, form, answer.text, losses, answer.dropped)
    return export_curriculum(program, school, track)


def _answer(
    program: Program,
    form: ExportFormat,
    text: str,
    first: Losses,
    dropped: tuple[Loss, ...],
    warnings: tuple[Fault, ...] = (),
) -> ExportAnswer:
    return ExportAnswer(
        program=program.id,
        catalog_year=program.catalog_year,
        format=form,
        text=text,
        dropped=(*first.told(), *dropped),
        warnings=warnings,
    )


def export_curriculum(program: Program, school: School, track: str | None = None) -> ExportAnswer:
    """Return the courses of every completion of a programme, and its open places, as CSV.

    Raises
    ------
    UsageError
        USE-003 when it has no such track.
    """
    chosen: dict[str, str] = {}
    node = main_choice(program)
    if track is not None:
        item = asked_tracks(program, _ANYBODY, track)[0]
        if node is not None and item.id is not None:
            chosen[str(node.header.id)] = item.id
    members = _Membership(program, school)
    made = curriculum_of(program, school, members, chosen)
    return _csv(program, made, Losses())


def _csv(program: Program, made: CurriculumMade, first: Losses) -> ExportAnswer:
    return _answer(
        program,
        ExportFormat.CURRICULAR_ANALYTICS,
        write_curriculum(made.curriculum),
        first,
        made.losses,
        made.warnings,
    )


def _plan(plan: PlanToExport, form: ExportFormat, today: dt.date) -> ExportAnswer:
    losses = Losses()
    losses.add("other readings and cases, of which each has a plan of its own", *plan.others)
    if plan.solved.result.status is not PlanStatus.OPTIMAL:
        losses.add("the proof that no plan is better: time ran out", plan.program.id)
    student = plan.solved.student
    if form is ExportFormat.ICS:
        return _plan_dates(plan, today, losses)
    rows, terms = planned_rows(plan)
    outside = [a for a in plan.solved.record.attempts if a not in plan.attempts]
    losses.add(
        "courses without a term: transferred, failed, withdrawn", *(a.course for a in outside)
    )
    whose = " - ".join(
        filter(None, [student.name, plan.track, f"from {terms[0]}" if terms else ""])
    )
    made = curriculum_of_plan(
        plan.program, plan.school, whose or "Plan", rows, terms, dict(student.choices)
    )
    return _csv(plan.program, made, losses)


def _plan_dates(plan: PlanToExport, today: dt.date, losses: Losses) -> ExportAnswer:
    from prospectus.app.calendar_events import (
        DatedPlan,
        apply_by_events,
        plan_events,
        without_hour,
    )
    from prospectus.exchange.calendar_file import write_calendar

    program, student = plan.program, plan.solved.student
    dated = DatedPlan(
        whose=student.name,
        resolved=plan.solved.resolved,
        attempts=plan.attempts,
        appraisal=plan.solved.appraisal,
    )
    events = [*plan_events(dated)]
    if student.program != program.id:
        first = min((event.first for event in events), default=student.plan_from)
        since = min(first, student.plan_from)
        events += apply_by_events(program, plan.school, today, since, terms=1)
        _note_admission(program, losses)
    appraisal = plan.solved.appraisal
    if appraisal is not None:
        unknown = [name for name in appraisal.unknown if not name.startswith("hours of")]
        losses.add("what is not known and so has no day", *unknown)
        losses.add("weekly hours of periods", *(str(hours) for _, hours in appraisal.hours))
    losses.add("live sessions of which no source gives day and hour", *without_hour(dated))
    unlisted = [a for a in plan.attempts if not a.is_open]
    losses.add("courses that are finished", *(attempt.course for attempt in unlisted))
    nodes = [node for node, _ in walk(plan.solved.resolved.tree)]
    losses.add(
        "milestones, which have no day",
        *(node.header.name for node in nodes if isinstance(node, Milestone)),
    )
    text = write_calendar(f"{program.name}: plan", events, today)
    return _answer(program, ExportFormat.ICS, text, losses, ())


def _dates(program: Program, school: School, today: dt.date) -> ExportAnswer:
    from prospectus.app.calendar_events import apply_by_events, term_events
    from prospectus.exchange.calendar_file import write_calendar

    losses = Losses()
    events = [*term_events(program, school, today), *apply_by_events(program, school, today)]
    _note_admission(program, losses)
    losses.add("requirements and rules", *(str(node.header.id) for node, _ in walk(program.tree)))
    offered = dict.fromkeys(str(offering.course) for offering in school.offerings)
    losses.add("when courses run: give --student for those of a plan", *offered)
    losses.add("prices: give --student for the days on which they are due", *_fees(program, school))
    text = write_calendar(f"{program.name}: dates", events, today)
    return _answer(program, ExportFormat.ICS, text, losses, ())


def _note_admission(program: Program, losses: Losses) -> None:
    admission = program.admission
    if admission.deadlines:
        return
    known = "one may apply at any time" if admission.rolling else "no source gives them"
    losses.add(f"days by which to apply: {known}", program.id)


def _fees(program: Program, school: School) -> Iterator[str]:
    for fee in school.fees:
        if not fee.programs or program.id in fee.programs:
            yield fee.id


def _json_ld(program: Program, school: School, today: dt.date) -> ExportAnswer:
    calendar = dict(school.calendars)[program.calendar]
    labels = {str(node.header.id): node.header.name for node, _ in walk(program.tree)}

    def words(expression: Expression) -> str:
        return condition_words(expression, labels)

    starts = [term for term in calendar.terms if today <= term.start]
    days = {
        deadline_day(deadline, term.start)
        for term in starts[:_N_STARTS]
        for deadline in program.admission.deadlines_of(term.season, str(term.id))
    }
    members = _Membership(program, school)
    codes = {
        code
        for node, _ in walk(program.tree)
        if isinstance(node, Fill)
        for code in members(node.from_)
    }
    made = write_json_ld(program, school, codes, sorted(d for d in days if d >= today), words)
    return _answer(program, ExportFormat.JSON_LD, made.text, Losses(), made.losses)


class _Membership:
    """The courses that selectors of a programme may take, as far as the catalog tells."""

    def __init__(self, program: Program, school: School) -> None:
        self._sets = dict(program.sets)
        self._leaves: dict[str, tuple[Selector, ...]] = {}
        for node, _ in walk(program.tree):
            below = (inner for inner, _ in walk(node) if isinstance(inner, Fill))
            self._leaves[str(node.header.id)] = tuple(fill.from_ for fill in below)
        self._candidates = [
            Candidate(code=course.code, course=course)
            for course in school.courses
            if course.counts_credit
            and (not course.restricted_to or program.id in course.restricted_to)
        ]
        known = {candidate.code for candidate in self._candidates}
        self._candidates += [
            Candidate(code=CourseCode(code), course=None)
            for code in sorted(school.external - known)
        ]

    def __call__(self, selector: Selector) -> frozenset[CourseCode]:
        """Return the codes that a selector may take."""
        return select(selector, self._candidates, self._sets, self._leaves)
