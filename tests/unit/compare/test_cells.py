from __future__ import annotations

import datetime as dt

import pytest
from sample_rows import figures, impossible, row

from prospectus.compare.cells import cells, columns_assumed
from prospectus.compare.row import Admissible, whole_months


def test_every_figure_carries_its_mark():
    line = cells(row())
    assert (line.finish, line.months, line.cost, line.peak) == (
        "May 2029*",
        "33*",
        "USD 9,300*",
        "22 h~",
    )
    assert line.rates == "at 2026-27"


def test_an_unknown_cost_is_a_question_mark_and_never_zero():
    assert cells(row(plan=figures(cost=None))).cost == "?"


def test_a_row_without_a_plan_says_so_where_the_finish_stands():
    line = cells(impossible())
    assert (line.finish, line.cost, line.peak) == ("no plan", "-", "-")


def test_an_unknown_admission_is_marked():
    assert cells(row(admissible=Admissible.UNKNOWN)).admitted == "?"


def test_columns_that_rest_on_assumptions_are_counted():
    assert columns_assumed([row()]) == ("Finish", "Months", "Cost")
    assert columns_assumed([impossible()]) == ()


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-08-24", "2026-08-24", 1),
        ("2026-08-24", "2026-09-23", 1),
        ("2026-08-24", "2026-09-24", 2),
        ("2026-01-01", "2026-12-31", 12),
        ("2026-08-24", "2028-05-06", 21),
    ],
)
def test_a_begun_month_counts_whole(first: str, last: str, months: int):
    assert whole_months(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == months
