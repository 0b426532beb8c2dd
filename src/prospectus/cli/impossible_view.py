"""Why there is no plan on a terminal, and what would make one possible."""

from __future__ import annotations

from rich.console import Console

from prospectus.app.impossible_answers import BlameLine, Impossible, RelaxationLine
from prospectus.cli.terminal import say
from prospectus.domain.printer import long_day, month


def print_impossible(answer: Impossible, console: Console) -> None:
    """Print the conflict with its sources, then the cheapest changes of wishes."""
    if answer.blamed:
        least = "" if answer.is_minimal else " (perhaps not all of them are to blame)"
        say(console, f"These cannot all hold{least}:")
        for line in answer.blamed:
            say(console, f"- {line.text} ({_whose(line)})", 2, hang=2)
    else:
        say(console, "Which rules or wishes are to blame was not found out in the time given.")
    _ways_out(answer, console)


def _whose(line: BlameLine) -> str:
    if line.is_wish:
        where = f", line {line.at.line}" if line.at.line is not None else ""
        return f"your wish{where}"
    if not line.sources:
        return "a rule"
    day = f", {line.as_of}" if line.as_of else ""
    return f"a rule [{' '.join(line.sources)}{day}]"


def _ways_out(answer: Impossible, console: Console) -> None:
    if answer.n_wishes == 0:
        say(console, "\nNo change of your wishes helps: rules or offerings are in the way.")
        return
    if not answer.relaxations:
        say(console, "\nNo change of a few wishes that helps was found in the time given.")
        return
    say(console, "\nWhat would make a plan possible, least given up first", style="bold")
    if answer.n_wishes is not None and answer.n_wishes > 1:
        say(console, f"No change of fewer than {answer.n_wishes} wishes is enough.", 2)
    for line in answer.relaxations:
        changes = " and ".join(change.text for change in line.changes)
        say(console, f"- {changes}: {_outcome(line)}", 2, hang=2)


def _outcome(line: RelaxationLine) -> str:
    end = month(line.finish) if line.finish_is_projected else long_day(line.finish)
    cost = "price unknown" if line.cost is None else str(line.cost)
    least = "" if line.is_least else "; perhaps less is enough"
    return f"then done by {end}, {cost}{least}"
