"""A plan as one page that stands alone, and the sentences that every interface says of plans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prospectus.app.answers import (
    LevelLine,
    PlanAnswer,
    PlannedCourse,
    PlannedPeriod,
    PlanVariant,
)
from prospectus.app.files import write_whole
from prospectus.app.impossible_words import outcome, whose
from prospectus.app.pages import page_environment
from prospectus.app.words import MARKS_LINE
from prospectus.compare.cells import cells
from prospectus.domain.printer import long_day, month, print_number
from prospectus.planning.result import PlanStatus

STATUS = {
    PlanStatus.OPTIMAL: "proven best",
    PlanStatus.FEASIBLE: "best found, not proven",
    PlanStatus.INFEASIBLE: "no plan is possible",
    PlanStatus.UNKNOWN: "no plan found in the time given",
}
"""How an answer ends, in words."""

_STOPPED = {
    PlanStatus.FEASIBLE: "best found when it was stopped, not proven",
    PlanStatus.UNKNOWN: "no plan found when it was stopped",
}
"""How one ends that a person stopped before its time."""

_HIDDEN_LEVELS = frozenset({"order"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContext:
    """Everything the template of a plan may use; `shown` are the variants shown in full."""

    title: str
    answer: PlanAnswer
    today: str
    admitted: str
    variants: tuple[PlanVariant, ...]
    shown: tuple[PlanVariant, ...]
    several: bool
    has_tracks: bool
    marks: str
    sources: str


def admitted_text(answer: PlanAnswer) -> str:
    """Return whether the person is admitted, why, and by when to apply."""
    admitted = answer.admission.admissible.value
    reasons = "; ".join(answer.admission.reasons)
    told = f"{admitted} ({reasons})" if reasons else admitted
    return f"Admitted: {told}. Apply by: {answer.admission.apply_by}."


def variants_of(answer: PlanAnswer) -> tuple[PlanVariant, ...]:
    """Return every plan of an answer, track by track."""
    return tuple(variant for track in answer.tracks for variant in track.variants)


def shown_variants(answer: PlanAnswer) -> tuple[PlanVariant, ...]:
    """Return the plans shown in full: of several tracks the best alone."""
    best = answer.best
    if len(answer.tracks) > 1 and best is not None:
        return (best,)
    return variants_of(answer)


def variant_name(variant: PlanVariant) -> str:
    """Return track, readings and facts that a plan is for."""
    return ", ".join(part for part in (variant.row.track_name, variant.row.variant_label) if part)


def when_text(period: PlannedPeriod) -> str:
    """Return the days of a period; a projected one is told by months."""
    if period.is_projected:
        return f"{month(period.start)} to {month(period.end)}, projected"
    return f"{long_day(period.start)} to {long_day(period.end)}"


def about_text(course: PlannedCourse) -> str:
    """Return credits, hours and how the course is known to run."""
    hours = "?" if course.hours_per_week is None else str(course.hours_per_week)
    text = f"{print_number(course.credits)} cr, {hours}{course.hours_certainty.mark} h, "
    text += course.offering
    return text if course.until is None else f"{text}, until {course.until}"


def end_text(variant: PlanVariant) -> str:
    """Return when a plan ends, what it costs and its peak; nothing where there is no plan."""
    if variant.finish is None:
        return ""
    end = month(variant.finish) if variant.finish_is_projected else long_day(variant.finish)
    line = cells(variant.row)
    rates = f" {line.rates} rates" if line.rates else ""
    return f"Ends {end}, {line.months} months; {line.cost}{rates}; peak {line.peak} a week"


def status_text(variant: PlanVariant) -> str:
    """Return how an answer ends."""
    return status_words(variant.status, was_stopped=variant.certificate.was_stopped)


def status_words(status: PlanStatus, *, was_stopped: bool) -> str:
    """Return how an answer ends that ran its time or that a person stopped."""
    words = STATUS[status]
    return _STOPPED.get(status, words) if was_stopped else words


def headline(variant: PlanVariant) -> str:
    """Return a plan in one sentence."""
    name = variant_name(variant)
    status = status_text(variant)
    first = f"{name}: {status}" if name else status.capitalize()
    end = end_text(variant)
    return f"{first}. {end}." if end else f"{first}."


def levels_of(variant: PlanVariant) -> tuple[LevelLine, ...]:
    """Return the levels that a person cares for."""
    return tuple(level for level in variant.levels if level.level not in _HIDDEN_LEVELS)


def proof_text(level: LevelLine) -> str:
    """Return how far a level is proven."""
    if level.is_proven:
        return "proven, nothing better exists"
    if level.bound is None:
        return "no bound known"
    return f"not proven, at best {level.bound}"


def sources_text(program: str) -> str:
    """Return how to follow a figure to its source."""
    return f"Where a figure comes from: prospectus show {program}, for a course with --course CODE"


def write_plan(answer: PlanAnswer, path: Path) -> None:
    """Write the page whole or not at all.

    Raises
    ------
    UsageError
        USE-005 when it cannot be written.
    """
    write_whole(path, render_plan(answer))


def render_plan(answer: PlanAnswer) -> str:
    """Return the page as HTML."""
    environment = page_environment()
    environment.filters["when"] = when_text
    environment.filters["about"] = about_text
    environment.filters["name"] = variant_name
    environment.filters["headline"] = headline
    environment.filters["levels"] = levels_of
    environment.filters["proof"] = proof_text
    environment.filters["whose"] = whose
    environment.filters["outcome"] = outcome
    environment.filters["most_hours"] = _most_hours
    environment.filters["cells"] = lambda row: cells(row)
    return environment.get_template("plan.html").render(page=_context(answer))


def _most_hours(variant: PlanVariant) -> int:
    return max((period.hours_per_week for period in variant.periods), default=0) or 1


def _context(answer: PlanAnswer) -> PlanContext:
    who = f" for {answer.student}" if answer.student else ""
    return PlanContext(
        title=f"{answer.program_name}: a plan{who}",
        answer=answer,
        today=long_day(answer.today),
        admitted=admitted_text(answer),
        variants=variants_of(answer),
        shown=shown_variants(answer),
        several=len(variants_of(answer)) > 1,
        has_tracks=len(answer.tracks) > 1,
        marks=MARKS_LINE,
        sources=sources_text(answer.program),
    )
