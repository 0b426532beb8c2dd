"""Topics on a terminal: what every, some and no legal completion brings."""

from __future__ import annotations

from fractions import Fraction

from rich.console import Console

from prospectus.app.topic_answers import (
    GUARANTEED,
    IF_CARRIED,
    IF_RUN,
    IMPOSSIBLE,
    POSSIBLE,
    UNDECIDED,
    AreaLine,
    TopicReach,
)
from prospectus.app.words import count
from prospectus.cli.terminal import say

DEFINITION = (
    "Guaranteed: every plan that meets the rules takes a course that carries it; possible: some "
    "plan needs one; decided by the solver from the stated topics and titles of courses "
    "(docs/topics.md)."
)
_IN_REACH = {
    GUARANTEED: "guaranteed",
    POSSIBLE: "possible",
    IF_RUN: "if it runs",
}
_OUT_OF_REACH = {
    IF_CARRIED: "Only by courses whose topics no source gives",
    IMPOSSIBLE: "Impossible, for no course that a plan can need states it",
    UNDECIDED: "Not decided in the time given",
}
_STATES = {**_IN_REACH, IF_CARRIED: "unknown", IMPOSSIBLE: "impossible", UNDECIDED: "not decided"}


def print_topics(reach: TopicReach, console: Console, *, title: str = "Topics") -> None:
    """Print the areas with their topics by what is decided of them, and the applied share."""
    say(console, f"\n{title}", style="bold")
    if reach.why_not:
        say(console, f"Not decided: {reach.why_not}.", 2)
        return
    say(console, DEFINITION, 2)
    for line in reach.areas:
        _area(line, console)
    labels = {topic.id: topic.label for line in reach.areas for topic in line.topics}
    for state, text in _OUT_OF_REACH.items():
        found = "; ".join(labels[id_] for id_ in reach.ids(state))
        if found:
            say(console, f"{text}: {found}.", 2)
    if reach.ids(IF_RUN):
        say(console, "If it runs: only by courses of which nobody says that they run.", 2)
    say(console, share_sentence(reach), 2)
    if reach.n_worlds > 1:
        held = count(reach.n_worlds - reach.n_without_plan, "case")
        say(
            console,
            f"Guaranteed in all of {held} (readings of what is disputed, facts of the person that "
            "nobody has given), possible in one of them at least.",
            2,
        )
    if reach.unknown_courses:
        codes = ", ".join(reach.unknown_courses)
        say(console, f"Content not known: {codes}.", 2)


def print_guaranteed(reach: TopicReach, console: Console, *, title: str = "Topics") -> None:
    """Print what every completion brings, how much more is possible, and the applied share."""
    say(console, f"\n{title}", style="bold")
    if reach.why_not:
        say(console, f"Not decided: {reach.why_not}.", 2)
        return
    labels = {topic.id: topic.label for line in reach.areas for topic in line.topics}
    sure = "; ".join(labels[id_] for id_ in reach.ids(GUARANTEED)) or "no single topic"
    say(console, f"Guaranteed, whatever one chooses: {sure}.", 2)
    n_possible = len(reach.ids(POSSIBLE)) + len(reach.ids(IF_RUN))
    n_open = len(reach.ids(IF_CARRIED)) + len(reach.ids(UNDECIDED))
    more = f"{n_possible} more possible by choice, {len(reach.ids(IMPOSSIBLE))} impossible"
    say(console, more + (f", {n_open} not known." if n_open else "."), 2)
    say(console, share_sentence(reach), 2)


def _area(line: AreaLine, console: Console) -> None:
    say(console, f"{line.area.label}: {_STATES[line.state]}", 2)
    for state, title in _IN_REACH.items():
        labels = [topic.label for topic in line.topics if topic.state == state]
        if labels:
            say(console, f"{title}: {'; '.join(labels)}", 4)


def share_sentence(reach: TopicReach) -> str:
    """Return the applied share of a completion in words."""
    share = reach.share
    if share is None:
        return "Applied share: not known, for no course that counts is tagged."
    least, most = _percent(share.least), _percent(share.most)
    between = f"{least} %" if least == most else f"{least} to {most} %"
    proven = "" if share.is_proven else " at least (the ends of the range are not proven)"
    rest = f"; up to {_percent(share.untagged)} % of its credits are untagged"
    return (
        f"Applied share of a completion's tagged credits: {between}{proven}, the rest theoretical"
        + (rest if share.untagged else "")
        + "."
    )


def _percent(share: Fraction) -> int:
    return round(100 * share)
