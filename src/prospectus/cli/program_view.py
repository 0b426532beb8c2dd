"""The catalog on a terminal: programmes, one programme's rules, and what a check found."""

from __future__ import annotations

from rich.console import Console

from prospectus.app.answers import CheckAnswer, ProgramAnswer, ProgramLine, RuleSection
from prospectus.app.words import count
from prospectus.cli.terminal import say
from prospectus.compare.cells import MARKS
from prospectus.domain.facts import Completeness


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


def print_program(answer: ProgramAnswer, console: Console) -> None:
    """Print the rules of a programme with marks and sources."""
    say(console, answer.name, style="bold")
    state = "" if answer.completeness is Completeness.COMPLETE else f" {answer.completeness.value};"
    unit = f"one credit is one {answer.credit_unit}"
    rules = f"{answer.id}, rules of {answer.catalog_year};{state} {unit}"
    say(console, f"{answer.school}; {rules}")
    for section in answer.sections:
        _section(section, console)
    for title, items in (
        ("Unknown: no source gives it", answer.unknown),
        ("Ask the school", answer.questions),
    ):
        if items:
            say(console, f"\n{title}", style="bold")
        for item in items:
            say(console, item, 2)
    if answer.topics:
        say(console, "\nTopics of the courses, for `wanted` and `unwanted`", style="bold")
        say(console, ", ".join(answer.topics), 2)
    say(console, "\nSources", style="bold")
    for source in answer.sources:
        read = f", read {source.read}" if source.read is not None else ""
        address = f" {source.address}" if source.address else ""
        say(console, f"{source.id}: {source.title}{address}{read}", 2)
    say(console, f"\n{MARKS}", style="dim")


def _section(section: RuleSection, console: Console) -> None:
    """Print the rules of a section; sources where they are not those of the rule around it."""
    say(console, f"\n{section.title}", style="bold")
    around: dict[int, tuple[str, ...]] = {}
    for line in section.lines:
        around = {depth: seen for depth, seen in around.items() if depth < line.depth}
        known = around[max(around)] if around else ()
        if line.sources:
            around[line.depth] = line.sources
        is_new = line.sources not in ((), known)
        sources = f" [{', '.join(line.sources)}]" if is_new else ""
        say(console, f"{line.text}{line.mark}{sources}", 2 + 2 * line.depth)


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
