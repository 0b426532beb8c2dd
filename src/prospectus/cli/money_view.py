"""Money of a plan by calendar year, and what approvals that are waited for are worth."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from prospectus.app.answers import IfGranted, PlanVariant
from prospectus.cli.terminal import print_table, say
from prospectus.planning.result import PlanStatus


def print_money(variant: PlanVariant, console: Console) -> None:
    """Print what falls due by calendar year, with what an employer pays back of it."""
    if not variant.money_by_year:
        if variant.cost_by_year:
            years = ", ".join(f"{year}: {amount}" for year, amount in variant.cost_by_year)
            say(console, f"Due by calendar year: {years}")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Calendar year")
    for name in ("Due", "Paid back", "Out of pocket"):
        table.add_column(name, justify="right")
    for line in variant.money_by_year:
        amounts = (line.due, line.paid_back, line.out_of_pocket)
        table.add_row(str(line.year), *map(str, amounts))
    lines = variant.money_by_year
    first, *rest = lines
    due = sum((line.due for line in rest), start=first.due)
    back = sum((line.paid_back for line in rest), start=first.paid_back)
    left = sum((line.out_of_pocket for line in rest), start=first.out_of_pocket)
    table.add_row("in all", *map(str, (due, back, left)))
    say(console, "")
    print_table(table, console)


def print_waiting(variant: PlanVariant, console: Console) -> None:
    """Print the plan that holds if an approval is granted beside the one that holds anyway."""
    for item in variant.approvals_waited_for:
        what = f" {', '.join(item.courses)}" if item.courses else ""
        say(console, f"\nIf {item.who} approves{what}", style="bold")
        if PlanStatus.UNKNOWN in (item.refused, item.granted):
            say(console, "One of the two plans was not found in the time given.", 2)
        elif item.is_same:
            say(console, "The plan is the same: the approval changes nothing.", 2)
            continue
        elif item.refused is PlanStatus.INFEASIBLE and item.granted is PlanStatus.INFEASIBLE:
            say(console, "Refused or granted, no plan is possible.", 2)
            continue
        _agreement(item, console)
        for period, starts in item.periods:
            say(console, f"{period}: {', '.join(starts)}", 2)
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for name in ("Level", "If refused", "If granted"):
            table.add_column(name)
        for line in item.levels:
            table.add_row(line.level, line.refused, line.granted)
        say(console, "")
        print_table(table, console)


def _agreement(item: IfGranted, console: Console) -> None:
    is_planned = {PlanStatus.OPTIMAL, PlanStatus.FEASIBLE}
    if item.refused is PlanStatus.INFEASIBLE:
        say(console, "If it is refused, no plan is possible.", 2)
    elif item.granted is PlanStatus.INFEASIBLE:
        say(console, "If it is granted, no plan is possible: the course is wanted then.", 2)
    elif not {item.refused, item.granted} <= is_planned:
        return
    elif item.agree_until is None:
        say(console, "The plans differ from their first period on.", 2)
    else:
        text = f"Up to {item.agree_until} both plans begin the same; after it the answer counts."
        say(console, text, 2)
