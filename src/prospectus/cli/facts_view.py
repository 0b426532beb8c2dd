"""How sure a programme's facts are, and what is missing, on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from prospectus.app.fact_counts import CountsAnswer
from prospectus.app.missing_answers import Ending, MissingAnswer, Swing
from prospectus.app.words import count
from prospectus.cli.terminal import print_table, say
from prospectus.domain.facts import Certainty, Completeness
from prospectus.domain.printer import long_day

_NO_FINISH = {
    "infeasible": "no plan is possible",
    "unknown": "no plan found in the time given",
}


def print_counts(answer: CountsAnswer, console: Console) -> None:
    """Print how many facts of each kind are stated, reported, assumed and unknown."""
    say(console, f"{answer.program_name}, rules of {answer.catalog_year}", style="bold")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("facts about")
    for certainty in Certainty:
        table.add_column(certainty.value, justify="right")
    for line in answer.lines:
        table.add_row(line.title, *(str(n) if n else "" for _, n in line.counts))
    totals = [sum(dict(line.counts)[one] for line in answer.lines) for one in Certainty]
    table.add_row("all", *(str(n) for n in totals), style="bold")
    print_table(table, console)
    if answer.old:
        listed = ", ".join(f"{count(n, 'fact')} of {as_of}" for as_of, n in answer.old)
        say(console, f"Older than a year: {listed}.")
    say(
        console,
        f"What is unknown, one by one: prospectus facts {answer.program} --unknown; "
        f"each fact with its source: prospectus show {answer.program}",
        style="dim",
    )


def print_missing(answer: MissingAnswer, console: Console) -> None:
    """Print what to ask first, then everything that is missing."""
    who = f" for {answer.student}" if answer.student else ""
    say(console, f"{answer.program_name}, rules of {answer.catalog_year}{who}", style="bold")
    if answer.base is not None:
        _base(answer, console)
        _swings(answer, console)
    elif answer.student and answer.completeness is not Completeness.COMPLETE:
        say(
            console,
            f"The rules are {answer.completeness.value}, so nothing is planned, and what moves "
            "the answer most cannot be said.",
        )
    say(console, "\nWhat no source says", style="bold")
    for fact in answer.facts:
        named = f" [{fact.id}]" if fact.id else ""
        say(console, f"- {fact.text}{named}", 2)
    if not answer.facts:
        say(console, "nothing: every fact has a source", 2)
    if answer.questions:
        say(console, "\nAsk the school", style="bold")
        for question in answer.questions:
            say(console, f"- {question}", 2)


def _base(answer: MissingAnswer, console: Console) -> None:
    base = answer.base
    if base is None:
        return
    if base.finish is None:
        say(console, f"As far as is known, {_ending(base)}.")
        return
    track = f" (track {answer.track})" if answer.track else ""
    say(console, f"The best plan{track} ends {_ending(base)}.")


def _swings(answer: MissingAnswer, console: Console) -> None:
    moving = [swing for swing in answer.swings if swing.moves]
    if moving:
        say(console, "\nAsk these first: what moves the answer most", style="bold")
    for number, swing in enumerate(moving, start=1):
        named = f" [{swing.id}]" if swing.id else ""
        say(console, f"{number}. Is it so? {swing.ask}{named}", 2)
        say(console, f"{_spread(swing)}:", 5)
        for ending in swing.ends:
            say(console, f"at {ending.name}: {_ending(ending)}", 7)
    still = [swing.id or swing.ask for swing in answer.swings if not swing.moves]
    if still:
        say(console, f"\nTried, and moves neither the end nor the price: {'; '.join(still)}.")
    for text in answer.untried:
        say(console, f"Not tried: {text}.")


def _spread(swing: Swing) -> str:
    parts = []
    if swing.mends:
        parts.append("would make a plan possible")
    if swing.breaks:
        parts.append("may leave no plan")
    if swing.days:
        parts.append(f"moves the end by {count(swing.days, 'day')}")
    if swing.cost is not None and swing.cost.minor:
        parts.append(f"moves the price by {swing.cost}")
    return ", ".join(parts)


def _ending(ending: Ending) -> str:
    if ending.finish is None:
        return _NO_FINISH.get(ending.status, ending.status)
    cost = "at an unknown price" if ending.cost is None else f"at {ending.cost}"
    return f"{long_day(ending.finish)} {cost}"
