"""Rows as `app` would hand them in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from prospectus.compare.row import (
    Admissible,
    Figures,
    FirstCourse,
    Option,
    Outcome,
    Row,
    Sensitivity,
    whole_months,
)
from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Certainty, Money

START = dt.date(2026, 8, 24)


def figures(
    finish: str = "2029-05-06", cost: int | None = 930_000, peak: int = 22, topics: int = 0
) -> Figures:
    """Figures of a plan that begins in Fall 2026; `cost` in cents, None unknown."""
    last = dt.date.fromisoformat(finish)
    money = None if cost is None else Money(minor=cost, currency="USD")
    return Figures(
        start=START,
        finish=last,
        finish_certainty=Certainty.ASSUMED,
        months=whole_months(START, last),
        cost=money,
        cost_known=money,
        cost_certainty=Certainty.UNKNOWN if cost is None else Certainty.ASSUMED,
        rates="2026-27",
        peak_hours=peak,
        peak_certainty=Certainty.REPORTED,
        topics_missing=topics,
        topics_wanted=3 if topics else 0,
    )


def row(
    program: str = "gatech-omscs",
    track: str | None = "ml",
    *,
    plan: Figures | None = None,
    **changes: object,
) -> Row:
    """A row with a proven plan unless `changes` say otherwise."""
    made = Row(
        option=Option(program=program, track=track),
        program_name=f"Name of {program}",
        school_name="A University",
        short_name=program.split("-")[-1].upper(),
        track_name={"ml": "Machine Learning", "hci": "Human-Computer Interaction"}.get(
            track or "", track or ""
        ),
        variant=(),
        admissible=Admissible.YES,
        admission_reasons=(),
        outcome=Outcome.PROVEN,
        figures=plan or figures(),
        obstacles=(),
        sensitivity=Sensitivity(
            hours_per_week=18, finish=dt.date(2029, 12, 17), is_impossible=False
        ),
        first_courses=(
            FirstCourse(code=CourseCode("CS 7641"), title="Machine Learning", period="Fall 2026"),
        ),
        assumptions=("rates-held-flat",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def impossible(program: str = "umich-mads") -> Row:
    """A row without a plan, and why."""
    return replace(
        row(program, None),
        outcome=Outcome.IMPOSSIBLE,
        figures=None,
        sensitivity=None,
        first_courses=(),
        obstacles=("at most USD 5,250 due in each calendar year",),
        conflict=("at most USD 5,250 due in each calendar year", "done by 31 Dec 2027"),
    )
