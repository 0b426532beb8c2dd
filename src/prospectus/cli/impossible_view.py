"""Why there is no plan on a terminal, and what would make one possible."""

from __future__ import annotations

from rich.console import Console

from prospectus.app.impossible_answers import MORE_TIME, Impossible
from prospectus.app.impossible_words import outcome, whose
from prospectus.cli.terminal import say


def print_impossible(answer: Impossible, console: Console) -> None:
    """Print the conflict with its sources, then the cheapest changes of wishes."""
    if answer.blamed:
        least = "" if answer.is_minimal else " (perhaps not all of them are to blame)"
        say(console, f"These cannot all hold{least}:")
        for line in answer.blamed:
            say(console, f"- {line.text} ({whose(line)})", 2, hang=2)
    else:
        say(console, "Which rules or wishes are to blame was not found out in the time given.")
        say(console, f"{MORE_TIME}.")
    _ways_out(answer, console)


def _ways_out(answer: Impossible, console: Console) -> None:
    if answer.stuck is not None:
        say(console, f"\n{answer.stuck}")
        return
    say(console, "\nWhat would make a plan possible, least given up first", style="bold")
    if answer.n_wishes is not None and answer.n_wishes > 1:
        say(console, f"No change of fewer than {answer.n_wishes} wishes is enough.", 2)
    for line in answer.relaxations:
        changes = " and ".join(change.text for change in line.changes)
        say(console, f"- {changes}: {outcome(line)}", 2, hang=2)
