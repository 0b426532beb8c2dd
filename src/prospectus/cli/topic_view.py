"""Topics on a terminal: what every, some and no legal completion brings."""

from __future__ import annotations

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
from prospectus.app.topic_words import (
    DEFINITION,
    IN_REACH,
    OUT_OF_REACH,
    STATES,
    share_sentence,
)
from prospectus.app.words import count
from prospectus.cli.terminal import say


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
    for state, text in OUT_OF_REACH.items():
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
    say(console, f"{line.area.label}: {STATES[line.state]}", 2)
    for state, title in IN_REACH.items():
        labels = [topic.label for topic in line.topics if topic.state == state]
        if labels:
            say(console, f"{title}: {'; '.join(labels)}", 4)
