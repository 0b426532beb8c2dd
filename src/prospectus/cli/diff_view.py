"""What changed between two sets of rules, on a terminal."""

from __future__ import annotations

from rich.console import Console

from prospectus.app.words import count
from prospectus.app.year_answers import Change, ChangeKind, DiffAnswer, StudentFate, YearFate
from prospectus.cli.terminal import say
from prospectus.domain.printer import long_day

_N_PERCENT = 100
_N_NAMED = 12
_STATUS = {
    "infeasible": "no plan is possible",
    "unknown": "no plan found in the time given",
    "not planned": "not planned",
}


def print_diff(answer: DiffAnswer, console: Console) -> None:
    """Print every rule that differs, the rate of change, and what becomes of plans."""
    say(console, f"{answer.old_name}: from {answer.old} to {answer.new}", style="bold")
    if answer.old_name != answer.new_name:
        say(console, f"the second is {answer.new_name}")
    section = ""
    for change in answer.changes:
        if change.section != section:
            section = change.section
            say(console, f"\n{section}", style="bold")
        _change(change, console)
    say(console, f"\n{_rate(answer)}")
    for fate in answer.students:
        _fate(fate, console)


def _change(change: Change, console: Console) -> None:
    if change.kind is ChangeKind.ADDED:
        say(console, f"+ {change.now}{_at(change.after)}", 2)
        return
    if change.kind is ChangeKind.REMOVED:
        say(console, f"- {change.was}{_at(change.before)}", 2)
        return
    if change.came or change.went:
        say(console, f"~ {change.now.partition(':')[0]}{_at(change.after)}", 2)
        for words, codes in (("no longer", change.went), ("now also", change.came)):
            if codes:
                more = f" and {len(codes) - _N_NAMED} more" if len(codes) > _N_NAMED else ""
                say(console, f"{words}: {', '.join(codes[:_N_NAMED])}{more}", 6)
        if not _only_courses(change):
            say(console, f"was: {change.was}", 6)
            say(console, f"now: {change.now}", 6)
        return
    say(console, f"~ was: {change.was}{_at(change.before)}", 2)
    say(console, f"now: {change.now}{_at(change.after)}", 4)


def _at(place: str) -> str:
    return f"  [{place}]" if place else ""


def _only_courses(change: Change) -> bool:
    """Return whether the words differ in the courses alone: up to `from` they are the same."""
    return change.was.partition(" from ")[0] == change.now.partition(" from ")[0]


def _rate(answer: DiffAnswer) -> str:
    text = f"{answer.n_changed} of {count(answer.n_rules, 'rule')} differ"
    if answer.yearly is None or answer.n_years is None:
        return f"{text}; no rate: one year is not complete, not a number, or of another programme."
    share = float(answer.yearly) * _N_PERCENT
    return f"{text} over {count(answer.n_years, 'year')}: {share:.0f} percent of the rules a year."


def _fate(fate: StudentFate, console: Console) -> None:
    say(console, f"\n{fate.student}", style="bold")
    if fate.note:
        say(console, f"{fate.note}.", 2)
        return
    say(console, f"under {fate.before.rules}: {_told(fate.before)}", 2)
    say(console, f"under {fate.fresh.rules}, planned anew: {_told(fate.fresh)}", 2)
    if fate.before.finish is None:
        say(console, "why not: prospectus plan", 4)
        return
    if not fate.is_broken:
        say(console, "The old plan completes the new rules too.", 2)
    else:
        say(console, f"The old plan breaks in {fate.breaks_in}.", 2)
        if fate.lost:
            lost = ", ".join(f"{code} ({period})" for period, code in fate.lost)
            say(console, f"no longer counts: {lost}", 4)
        if fate.repair is not None and fate.repair.finish is not None:
            more = ", ".join(f"{code} ({period})" for period, code in fate.more) or "nothing"
            say(console, f"repair that keeps the rest: take {more} instead", 4)
            say(console, f"then: {_told(fate.repair)}", 4)
        else:
            say(console, "nothing keeps the rest of it: plan anew", 4)
        if fate.cheapest is not None:
            is_repair = fate.cheapest is fate.repair
            say(console, f"cheapest: {'that repair' if is_repair else 'to plan anew'}", 4)
    if fate.elect is not None:
        say(console, f"If one may choose: {fate.elect}.", 2)


def _told(fate: YearFate) -> str:
    if fate.finish is None:
        return _STATUS.get(fate.status, fate.status)
    track = f" on track {fate.track}" if fate.track else ""
    cost = "at an unknown price" if fate.cost is None else f"at {fate.cost}"
    return f"done {long_day(fate.finish)} {cost}{track}"
