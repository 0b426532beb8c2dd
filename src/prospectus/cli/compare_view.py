"""The comparison on a terminal."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.table import Table
from rich.text import Text

from prospectus.app.answers import CompareAnswer, NextSteps
from prospectus.app.plan_report import sources_text
from prospectus.app.report import assumed_sentence, headline
from prospectus.app.words import MARKS
from prospectus.cli.plan_view import print_assumptions
from prospectus.cli.terminal import print_table, say
from prospectus.compare.cells import COLUMNS, cells
from prospectus.domain.printer import long_day

ASK_AT_MOST = 3
TITLES_AT_MOST = 3
_WIDTHS = (17, 8, 9, 6, 11, 5, 18)
_RIGHT = frozenset({"Months", "Peak"})


def print_comparison(answer: CompareAnswer, console: Console) -> None:
    """Print table, sentences, what the readings change, and the next steps."""
    who = f" for {answer.student}" if answer.student else ""
    say(console, f"Comparison{who}, as of {long_day(answer.today)}", style="bold")
    say(console, "; ".join(answer.wishes), style="dim")
    say(console, "")
    print_table(_table(answer), console)
    say(console, MARKS, style="dim")
    say(console, assumed_sentence(answer))
    say(console, "")
    say(console, headline(answer), style="bold")
    for item in answer.rows:
        name = item.row.name + (" (dominated)" if item.is_dominated else "")
        say(console, f"\n{name}", style="dim" if item.is_dominated else "bold")
        # What is beaten needs no more than by what; its figures stand in the table.
        told = item.sentences[-1:] if item.is_dominated else item.sentences
        for sentence in told:
            say(console, sentence, 2)
        if item.beginning is not None and not item.is_dominated:
            say(console, item.beginning.said, 2)
    _notes(answer, console)
    _next_steps(answer.next_steps, console)


def _table(answer: CompareAnswer) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name, width in zip(COLUMNS, _WIDTHS, strict=True):
        last = name == COLUMNS[-1]
        table.add_column(
            name,
            width=None if last else width,
            min_width=width,
            ratio=1 if last else None,
            justify="right" if name in _RIGHT else "left",
            overflow="fold",
        )
    for item in answer.rows:
        line = cells(item.row)
        first = Text("\n".join(textwrap.wrap(line.id, _WIDTHS[0])), style="bold")
        if line.track:
            first.append(f"\n{line.track}", style="not bold")
        if line.rules:
            first.append(f"\nrules of {line.rules}", style="not bold dim")
        table.add_row(
            first,
            line.admitted,
            line.finish,
            line.months,
            line.cost + (f"\n{line.rates}" if line.rates else ""),
            line.peak,
            "; ".join(line.obstacles) or "nothing found",
            style="dim" if item.is_dominated else "",
        )
        table.add_row()
    return table


def _notes(answer: CompareAnswer, console: Console) -> None:
    if answer.topic_notes or answer.reading_notes or answer.not_compared:
        say(console, "")
    for note in (*answer.topic_notes, *answer.reading_notes):
        say(console, note)
    if answer.not_compared:
        left_out = ", ".join(answer.not_compared)
        say(console, f"Not compared, for their rules are encoded only in part: {left_out}.")
    print_assumptions(answer.assumptions, console)


def _next_steps(steps: tuple[NextSteps, ...], console: Console) -> None:
    if steps:
        say(console, "\nNext steps", style="bold")
    for step in steps:
        say(console, step.short_name, 2, style="bold")
        say(console, f"Apply by: {step.apply_by}", 4)
        if step.first_courses:
            say(console, f"First courses, {step.first_period}: {_courses(step)}", 4)
        for question in step.ask[:ASK_AT_MOST]:
            mark = "" if question.startswith("about: ") else ":"
            say(console, f"Ask{mark} {question}", 4)
        n_more = len(step.ask) - ASK_AT_MOST
        if n_more > 0:
            say(console, f"{n_more} more to ask: prospectus show {step.program}", 4, style="dim")
    say(console, f"\n{sources_text('PROGRAM')}", style="dim")


def _courses(step: NextSteps) -> str:
    """Return the first courses: with titles where they are few, else their codes."""
    if len(step.first_courses) <= TITLES_AT_MOST:
        return "; ".join(f"{course.code} {course.title}".rstrip() for course in step.first_courses)
    return ", ".join(course.code for course in step.first_courses)
