"""Money by calendar year and plans that wait for an approval, on a terminal of 80 columns."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

from rich.console import Console
from sample_answers import variant

from prospectus.app.answers import IfGranted, PlanVariant, WorthLine, YearMoney
from prospectus.cli.money_view import print_money, print_waiting
from prospectus.domain.facts import Money
from prospectus.planning.result import PlanStatus


def usd(minor: int) -> Money:
    return Money(minor=minor, currency="USD")


def year(number: int, due: int, paid: int) -> YearMoney:
    return YearMoney(year=number, due=usd(due), paid_back=usd(paid), out_of_pocket=usd(due - paid))


WAITED_FOR = IfGranted(
    who="advisor",
    courses=("CS 7643",),
    refused=PlanStatus.OPTIMAL,
    granted=PlanStatus.OPTIMAL,
    periods=(("Spring 2027", ("CS 6035", "CS 6150")), ("Fall 2027", ("CS 7643",))),
    agree_until="Spring 2027",
    is_same=False,
    differences=("in: CS 7643, Fall 2027",),
    levels=(WorthLine(level="finish", refused="17 Dec 2027", granted="6 May 2028"),),
)


def money(shown: PlanVariant) -> str:
    out = StringIO()
    print_money(shown, Console(file=out, highlight=False, emoji=False, width=80))
    return out.getvalue()


def waiting(*items: IfGranted) -> str:
    out = StringIO()
    shown = replace(variant(), approvals_waited_for=items)
    print_waiting(shown, Console(file=out, highlight=False, emoji=False, width=80))
    assert all(len(line) <= 80 for line in out.getvalue().splitlines())
    return out.getvalue()


def test_dues_stand_beside_what_is_paid_back_and_what_is_left() -> None:
    lines = (year(2027, 800_400, 525_000), year(2028, 0, 100_050))
    rows = [line.split() for line in money(replace(variant(), money_by_year=lines)).splitlines()]
    assert ["2027", "USD", "8,004", "USD", "5,250", "USD", "2,754"] in rows
    assert ["2028", "USD", "0", "USD", "1,000.50", "-USD", "1,000.50"] in rows
    total = "in all USD 8,004 USD 6,250.50 USD 1,753.50"
    assert total.split() in rows


def test_without_an_employer_the_dues_stand_in_one_line() -> None:
    assert money(replace(variant(), money_by_year=())).startswith("Due by calendar year: ")


def test_both_plans_of_an_approval_stand_side_by_side() -> None:
    text = waiting(WAITED_FOR)
    assert "If advisor approves CS 7643" in text
    assert "Up to Spring 2027 both plans begin the same" in text
    assert "Fall 2027: CS 7643" in text
    assert "finish  17 Dec 2027  6 May 2028" in text


def test_an_approval_that_changes_nothing_or_decides_everything_is_told() -> None:
    assert "changes nothing" in waiting(replace(WAITED_FOR, is_same=True))
    alone = replace(WAITED_FOR, refused=PlanStatus.INFEASIBLE, agree_until=None)
    assert "If it is refused, no plan is possible." in waiting(alone)
    never = replace(WAITED_FOR, granted=PlanStatus.INFEASIBLE, agree_until=None)
    assert "If it is granted, no plan is possible" in waiting(never)
    assert "Refused or granted" in waiting(replace(alone, granted=PlanStatus.INFEASIBLE))
    apart = replace(WAITED_FOR, agree_until=None)
    assert "differ from their first period on" in waiting(apart)
    late = replace(WAITED_FOR, granted=PlanStatus.UNKNOWN)
    assert "not found in the time given" in waiting(late)
