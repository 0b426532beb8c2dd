"""The money of a board, by period and by calendar year."""

from __future__ import annotations

from board_cases import EASY, case_of

from prospectus.app.board_repair import planned
from prospectus.app.board_view import check_board
from prospectus.domain.facts import Money

EMPLOYED = (
    EASY
    + """money:
  per_year: "USD 4,000"
  employer: {per_year: "USD 3,000"}
"""
)


def test_the_years_come_to_the_cost_and_so_do_the_periods() -> None:
    case = case_of("gatech-omscs", "hci")
    view = check_board(case, planned(case))
    assert view.cost is not None
    assert sum(one.due.minor for one in view.years) == view.cost.minor
    shown = [column.cost.minor for column in view.columns if column.cost is not None]
    assert sum(shown) == view.cost.minor
    assert all(one.paid_back is None and one.limit is None for one in view.years)
    assert view.aid_most is None


def test_an_employer_pays_back_up_to_the_cap_and_the_rest_is_out_of_pocket() -> None:
    case = case_of("gatech-omscs", "hci", EMPLOYED)
    view = check_board(case, planned(case))
    assert view.aid_most == Money(minor=300_000, currency="USD")
    assert any(one.paid_back is not None and one.paid_back.minor for one in view.years)
    for one in view.years:
        assert one.paid_back is not None
        assert one.out_of_pocket is not None
        assert one.paid_back.minor <= 300_000
        assert one.out_of_pocket.minor == one.due.minor - one.paid_back.minor
        assert one.limit == Money(minor=400_000, currency="USD")
