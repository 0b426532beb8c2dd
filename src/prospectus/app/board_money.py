"""The money of a board: what falls due by period and by calendar year, and who pays it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from prospectus.app.board_answers import YearView
from prospectus.app.fee_words import due_words, fee_names
from prospectus.domain.facts import Money
from prospectus.domain.plan import Appraisal
from prospectus.domain.program import Resolved
from prospectus.domain.student import Wishes

DueLine = tuple[dt.date, str, Money]
"""The day on which an amount falls due, what for, and how much."""


def dues_by_period(
    appraisal: Appraisal, resolved: Resolved, shown: Sequence[int]
) -> dict[int, tuple[DueLine, ...]]:
    """Return what falls due from the start of each shown period until the next one's."""
    leaves = resolved.calendar.leaves
    names = fee_names(resolved)
    found: dict[int, list[DueLine]] = {index: [] for index in shown}
    for due in appraisal.dues if shown else ():
        before = [index for index in shown if leaves[index].start <= due.on]
        line = (due.on, due_words(due.label, names), due.amount)
        found[before[-1] if before else shown[0]].append(line)
    return {index: tuple(lines) for index, lines in found.items()}


def years_of(appraisal: Appraisal, wishes: Wishes, currency: str) -> tuple[YearView, ...]:
    """Return the money by calendar year: due, the person's limit, what an employer pays back."""
    nothing = Money(minor=0, currency=currency)
    due: dict[int, Money] = {}
    for one in appraisal.dues:
        due[one.on.year] = due.get(one.on.year, nothing) + one.amount
    back = dict(appraisal.paid_back)
    views = []
    for year in sorted({*due, *back}):
        owed = due.get(year, nothing)
        paid = back.get(year, nothing)
        limits = [most for limited, most in wishes.budget_by_year if limited in (None, year)]
        has_aid = wishes.aid is not None
        views.append(
            YearView(
                year=year,
                due=owed,
                limit=min(limits, key=lambda money: money.minor, default=None),
                paid_back=paid if has_aid else None,
                out_of_pocket=Money(minor=owed.minor - paid.minor, currency=currency)
                if has_aid
                else None,
            )
        )
    return tuple(views)
