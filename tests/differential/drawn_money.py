"""Drawn aid of an employer, limits out of pocket, rates that grow, and approvals waited for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from tests.differential.drawing import Draw

from prospectus.domain.aid import EmployerAid
from prospectus.domain.facts import Money
from prospectus.domain.program import Resolved
from prospectus.domain.student import Level, Student
from prospectus.domain.wish import IfApproved


def with_money(draw: Draw, student: Student, resolved: Resolved) -> tuple[Student, Resolved]:
    """Return the student with some of these, and rates that end before the plan does."""
    rng, wishes = draw.rng, student.wishes
    if draw.chance(0.12, "if approved"):
        course, is_granted = rng.choice(list(resolved.courses)), rng.random() < 0.6
        asked = IfApproved(course=course, who="advisor", is_granted=is_granted)
        wishes = replace(wishes, about=(*wishes.about, asked))
    if draw.chance(0.15, "growth of rates"):
        last = rng.choice([dt.date(2026, 7, 31), dt.date(2026, 12, 31)])
        fees = tuple(replace(fee, valid_to=last) for fee in resolved.fees)
        resolved = replace(resolved, fees=fees)
        wishes = replace(wishes, rates_grow=Fraction(rng.choice([3, 10]), 100))
    if draw.chance(0.3, "employer aid"):
        grades = [grade.name for grade in resolved.scale.grades[:3]]
        wishes = replace(
            wishes,
            aid=EmployerAid(
                per_year=_usd(rng.choice([150, 400, 700])),
                min_grade=rng.choice([None, *grades, "no grade here"]),
                paid_after_days=rng.choice([0, 45, 200]),
                carry_over=draw.chance(0.5, "aid carried over"),
                covers=frozenset({"tuition", "fee"})
                if draw.chance(0.4, "aid for some fees")
                else frozenset(),
            ),
        )
        if draw.chance(0.5, "level out of pocket"):
            place = rng.choice([0, 0, 1, len(wishes.levels)])
            levels = (*wishes.levels[:place], Level.OUT_OF_POCKET, *wishes.levels[place:])
            wishes = replace(wishes, levels=levels)
        if draw.chance(0.3, "limit out of pocket"):
            wishes = replace(wishes, pocket_total=_usd(rng.choice([700, 1200, 2000])))
        if draw.chance(0.3, "limit out of pocket by year"):
            year = rng.choice([None, 2027])
            wishes = replace(wishes, pocket_by_year=((year, _usd(rng.choice([200, 600, 900]))),))
        if wishes.goals and rng.random() < 0.5:
            wishes = replace(wishes, goals=wishes.goals | {"out_of_pocket"})
        if rng.random() < 0.6:
            wishes = replace(wishes, trade=(*wishes.trade, (Level.OUT_OF_POCKET, 2)))
    return replace(student, wishes=wishes), resolved


def _usd(amount: int) -> Money:
    return Money(minor=amount * 100, currency="USD")
