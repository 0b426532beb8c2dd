"""Answers of the use cases, without a solver."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from sample_rows import START, figures, impossible, row

from prospectus.app.answers import (
    Admission,
    AssumptionLine,
    CompareAnswer,
    LevelLine,
    NextSteps,
    NodeLine,
    PlanAnswer,
    PlannedCourse,
    PlannedPeriod,
    PlanVariant,
    RowAnswer,
    TrackPlan,
)
from prospectus.compare.cells import columns_assumed
from prospectus.compare.dominance import dominations
from prospectus.compare.row import Admissible, Row
from prospectus.compare.sentences import sentences
from prospectus.domain.course import CourseCode
from prospectus.domain.facts import Certainty, Money, Source
from prospectus.domain.plan import Due
from prospectus.planning.result import Certificate, Conflict, PlanStatus

TODAY = dt.date(2026, 8, 1)
CERTIFICATE = Certificate(
    solver="CP-SAT 9.15",
    seed=0,
    workers=1,
    seconds=0.25,
    build_seconds=0.01,
    n_solves=4,
    horizon_leaves=6,
)
ASSUMPTION = AssumptionLine(
    id="rates-held-flat",
    text="Prices beyond the published year stay as they are",
    value="0 per cent",
    range="0 to 5",
    source="no source",
)


def comparison(*rows: Row) -> CompareAnswer:
    """A comparison of these rows, else of four of every kind."""
    shown = rows or (
        row(),
        row(track="hci", plan=figures(peak=26)),
        row("cuboulder-msds", None, plan=figures("2028-04-20", None, 12)),
        impossible(),
    )
    found = dominations(shown)
    losers = {item.loser for item in found}
    names = {str(item.option): item.name for item in shown}
    return CompareAnswer(
        student="Maria",
        today=TODAY,
        plan_from=START,
        wishes=("12 h a week", "at most USD 5,250 due in each calendar year"),
        rows=tuple(
            RowAnswer(
                row=item,
                sentences=sentences(item, found, names),
                is_dominated=item.option in losers,
            )
            for item in shown
        ),
        dominations=found,
        reading_notes=("MADS: total 34: Apr 2028; total 38: Aug 2028 - the answer differs.",),
        columns_assumed=columns_assumed(shown),
        not_compared=("other-ms (stub)",),
        assumptions=(ASSUMPTION,),
        next_steps=(
            NextSteps(
                program="gatech-omscs",
                program_name="Online Master of Science (OMSCS), Machine Learning",
                short_name="OMSCS, Machine Learning",
                apply_by="ask: no source gives it",
                ask=("Is transfer accepted?", "By when?", "Which days?", "Which grades?"),
                first_courses=row().first_courses,
            ),
        ),
        sources=(
            (
                "Online Master of Science",
                (Source(id="S1", title="Rules <2026>", address="https://example.org/rules"),),
            ),
        ),
        seed=0,
    )


def period() -> PlannedPeriod:
    """A published Fall with one course."""
    return PlannedPeriod(
        id="Fall 2026",
        start=START,
        end=dt.date(2026, 12, 17),
        is_projected=False,
        starts=(
            PlannedCourse(
                code=CourseCode("CS 7641"),
                title="Machine Learning",
                credits=Fraction(3),
                meets=("Machine Learning Core",),
                offering="likely (100% of such terms)",
                hours_per_week=22,
                hours_certainty=Certainty.REPORTED,
            ),
        ),
        hours_per_week=22,
        dues=(Due(on=START, amount=Money(minor=89_300, currency="USD"), label="fee, Fall 2026"),),
    )


def variant(shown: Row | None = None, status: PlanStatus = PlanStatus.OPTIMAL) -> PlanVariant:
    """A plan of one period, or the conflict behind none."""
    made = shown or row()
    plan = made.figures
    return PlanVariant(
        variant=made.variant,
        status=status,
        row=made,
        periods=(period(),) if plan else (),
        finish=plan.finish if plan else None,
        finish_is_projected=True,
        cost=plan.cost if plan else None,
        cost_by_year=((2026, Money(minor=89_300, currency="USD")),) if plan else (),
        levels=(
            LevelLine(level="finish", value="6 May 2029", bound="6 May 2029", is_proven=True),
            LevelLine(level="cost", value="USD 9,300", bound="USD 9,100", is_proven=False),
            LevelLine(level="order", value="12", bound=None, is_proven=False),
        ),
        requirements=(
            NodeLine(
                id="ml-core",
                label="Machine Learning Core",
                depth=1,
                standing="planned",
                counted="1 of 1 course",
                courses=("CS 7641",),
            ),
        ),
        assumptions=(ASSUMPTION,),
        assumed_grades=(("CS 7641", "A"),),
        notes=("CS 6035 was taken while locked",),
        unknown=("when credit expires",),
        conflict=() if plan else (Conflict(id="deadline", text="done by 2027", is_wish=True),),
        conflict_is_minimal=True,
        certificate=CERTIFICATE,
    )


def plan_answer(*variants: PlanVariant) -> PlanAnswer:
    """A plan for each of these variants, a track each."""
    shown = variants or (variant(),)
    return PlanAnswer(
        student="Maria",
        today=TODAY,
        program="gatech-omscs",
        program_name="Online Master of Science in Computer Science (OMSCS)",
        catalog_year="2026-27",
        admission=Admission(
            admissible=Admissible.UNKNOWN,
            reasons=("no source gives the admission rule",),
            apply_by="ask: no source gives it",
        ),
        tracks=tuple(
            TrackPlan(track=item.row.option.track, track_name=item.row.track_name, variants=(item,))
            for item in shown
        ),
        not_planned=(),
        questions=(),
        hours_are_assumed=False,
        seed=0,
    )
