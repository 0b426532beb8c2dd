"""The catalog on a terminal: programmes, one programme's rules, and what a check found."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from prospectus.app.catalog_answers import (
    CheckAnswer,
    CourseAnswer,
    ProgramAnswer,
    ProgramLine,
    RuleLine,
    RuleSection,
)
from prospectus.app.words import MARKS, count
from prospectus.catalogs.listing import bundled_root
from prospectus.cli.terminal import print_table, say
from prospectus.cli.topic_view import print_guaranteed, print_topics
from prospectus.domain.facts import Completeness, Source


def print_programs(lines: tuple[ProgramLine, ...], console: Console) -> None:
    """Print the programmes, their tracks below each."""
    for line in lines:
        state = "" if line.completeness is Completeness.COMPLETE else f", {line.completeness.value}"
        say(console, line.id, style="bold")
        say(console, line.name, 2)
        say(console, f"{line.school}; rules of {', '.join(line.catalog_years)}{state}", 2)
        if line.tracks:
            tracks = ", ".join(f"{name} ({track})" for track, name in line.tracks)
            say(console, f"tracks: {tracks}", 2)
    _explain_states(lines, console)


def _explain_states(lines: tuple[ProgramLine, ...], console: Console) -> None:
    if any(line.completeness is not Completeness.COMPLETE for line in lines):
        say(
            console,
            "\npartial: a requirement is missing that no source gives, so it is shown and not "
            "planned; stub: little more than a name is known.",
            style="dim",
        )


def print_program(
    answer: ProgramAnswer, console: Console, *, all_topics: bool = False, with_ids: bool = False
) -> None:
    """Print the rules and facts of a programme, each with its source and its line in a file."""
    say(console, answer.name, style="bold")
    state = "" if answer.completeness is Completeness.COMPLETE else f" {answer.completeness.value};"
    unit = f"one credit is one {answer.credit_unit}"
    rules = f"{answer.id}, rules of {answer.catalog_year};{state} {unit}"
    say(console, f"{answer.school}; {rules}")
    if all_topics:
        for track, reach in answer.reaches:
            title = f"What {track} teaches" if track else "What it teaches"
            print_topics(reach, console, title=title)
        return
    _warn_of_age(answer.old, answer.n_undated, console)
    _sections(answer.sections, console, with_ids=with_ids)
    for title, items in (
        ("Unknown: no source gives it", answer.unknown),
        ("Ask the school", answer.questions),
    ):
        if items:
            say(console, f"\n{title}", style="bold")
        for item in items:
            say(console, item, 2)
    for track, reach in answer.reaches:
        title = f"What {track} teaches" if track else "What it teaches"
        print_guaranteed(reach, console, title=title)
    if answer.reaches:
        say(console, f"every topic: prospectus show {answer.id} --topics", 2, style="dim")
    if answer.topics:
        say(console, "\nTopics of the courses, for `wanted` and `unwanted`", style="bold")
        say(console, ", ".join(answer.topics), 2)
    _sources(answer.sources, console)


def print_course(answer: CourseAnswer, console: Console) -> None:
    """Print what is known of a course, each fact with its source and its line in a file."""
    say(console, f"{answer.code} {answer.title}", style="bold")
    say(console, f"as students of {answer.program} meet it, rules of {answer.catalog_year}")
    _warn_of_age(answer.old, answer.n_undated, console)
    _sections(answer.sections, console)
    _sources(answer.sources, console)


def _warn_of_age(old: tuple[tuple[str, int], ...], n_undated: int, console: Console) -> None:
    """Say which facts are older than a year, and how many bear no date."""
    if old:
        listed = ", ".join(f"{count(n, 'fact')} of {as_of}" for as_of, n in old)
        say(console, f"Older than a year, so ask before you rely on it (marked !): {listed}.")
    if n_undated:
        told = f"{count(n_undated, 'fact')} here {'bears' if n_undated == 1 else 'bear'}"
        say(console, f"{told} no date (undated): ask about these too.")


def _sections(
    sections: tuple[RuleSection, ...], console: Console, *, with_ids: bool = False
) -> None:
    """Print facts with the line of the file that each stands in before them."""
    file = ""
    for section in sections:
        say(console, f"\n{section.title}", style="bold")
        grid = Table.grid(padding=(0, 1))
        grid.add_column(justify="right", width=5, style="dim")
        grid.add_column()
        for line in section.lines:
            if line.at.file and line.at.file != file:
                file = line.at.file
                grid.add_row("", Text(file, style="dim italic", overflow="fold"))
            number = "" if line.at.line is None else str(line.at.line)
            told = _told(line)
            if with_ids and line.id:
                told = Text.assemble((f"({line.id}) ", "bold"), told)
            grid.add_row(number, Padding(told, (0, 0, 0, 2 * line.depth)))
        print_table(grid, console)


def _told(line: RuleLine) -> Text:
    """Return a fact with its mark and, in brackets, its sources and the day of which it is."""
    text = Text(f"{line.text}{line.mark}")
    if line.sources:
        day = f", {line.as_of}" if line.as_of and line.as_of != "unknown" else ", undated"
        old = "!" if line.is_old else ""
        text.append(f" [{' '.join(line.sources)}{day}{old}]", style="dim")
    return text


def _sources(sources: tuple[Source, ...], console: Console) -> None:
    """Print the publications, and how to correct what is wrong."""
    say(console, "\nSources", style="bold")
    for source in sources:
        read = f", read {source.read}" if source.read is not None else ""
        address = f" {source.address}" if source.address else ""
        say(console, f"{source.id}: {source.title}{address}{read}", 2)
    say(console, f"\n{MARKS}; ! older than a year", style="dim")
    say(
        console,
        "To report a wrong fact, name the file and the number in front of the line: "
        f"that is where it stands, and what an issue of this project should say. Bundled files "
        f"(data/...) lie in {bundled_root().parent}.",
        style="dim",
    )


def print_check(answer: CheckAnswer, console: Console) -> None:
    """Print every fault in its three lines, then how much was read."""
    for fault in answer.faults:
        console.print(str(fault), soft_wrap=True, markup=False)
    n_warnings = len(answer.faults) - answer.n_errors
    found = f"{count(answer.n_errors, 'error')}, {count(n_warnings, 'warning')}"
    if answer.n_errors and not answer.n_solved:
        say(console, f"{count(answer.n_files, 'file')}, nothing planned while they err: {found}")
        return
    n_planned = answer.n_programs - len(answer.not_planned) if answer.n_solved else 0
    why = ", ".join(f"{name} {year} is {state.value}" for name, year, state in answer.not_planned)
    say(
        console,
        f"{count(answer.n_files, 'file')}; {n_planned} of "
        f"{count(answer.n_programs, 'programme')} planned"
        + (f" ({why})" if why else "")
        + f", {count(answer.n_solved, 'track')}: {found}",
    )
