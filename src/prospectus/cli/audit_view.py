"""An audit on a terminal: a tree that is read without colour, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from prospectus.app.audit_answers import (
    NOT_KNOWN,
    AuditAnswer,
    AuditVariant,
    Contrast,
    RequirementLine,
)
from prospectus.app.audit_report import (
    CLOCK_SYMBOLS,
    KEY,
    SYMBOLS,
    days_text,
    grade_text,
    grouped,
    headline,
    held_text,
    label_of,
    missing_text,
    rank_text,
    shown_text,
    step_text,
    unproven_texts,
    ways_text,
)
from prospectus.app.words import MARKS_LINE, count, listed
from prospectus.cli.terminal import print_table, say
from prospectus.domain.printer import long_day, print_number

_CHECKED = "Re-checked by the definition of the rules."


def print_audit(answer: AuditAnswer, console: Console) -> None:
    """Print the audit: the first variant in full, of each other what it says otherwise."""
    who = f" for {answer.student}" if answer.student else ""
    say(console, f"{answer.program_name}, rules of {answer.catalog_year}{who}", style="bold")
    attempts = count(answer.n_attempts, "attempt")
    say(console, f"Audit of {answer.record} ({attempts}) as of {long_day(answer.today)}")
    if answer.completeness != "complete":
        say(console, f"The rules are encoded only in part ({answer.completeness}).")
    for text in answer.supposed:
        say(console, f"Supposed: {text}.")
    for text in answer.transfer:
        say(console, f"Carried over: {text}", 2, hang=2)
    for fault in answer.notes:
        say(console, f"{fault.code}: {fault.what}; {fault.fix}", 2, hang=2)
    _head(answer, console)
    if answer.why:
        _why(answer, console)
        return
    _variant(answer.variants[0], answer, console)
    if answer.differs:
        say(console, "\nUnder other readings or facts", style="bold")
        _points(answer.differs, console)
        if answer.readings:
            say(console, "What can be read in more than one way:", 2)
            _points(answer.readings, console)
    say(console, f"\n{KEY}", style="dim")
    text = f"Behind a rule: {MARKS_LINE}; in brackets its sources and their day."
    say(console, f"{text} `prospectus show {answer.program}` lists them. {_CHECKED}", style="dim")


def _head(answer: AuditAnswer, console: Console) -> None:
    """Print the answer in one sentence, and what it depends on right below."""
    say(console, f"\n{headline(answer.variants[0])}", style="bold")
    if answer.spread:
        say(console, f"{answer.spread}.", style="bold")
    if text := shown_text(answer):
        say(console, text)
    for text in unproven_texts(answer):
        say(console, text)


def _why(answer: AuditAnswer, console: Console) -> None:
    say(console, "\nWhat was asked about", style="bold")
    for line in answer.why:
        say(console, f"- {line.course}: {line.text}", 2, hang=2)
        if line.path:
            say(console, " / ".join(line.path), 4, style="dim")


def _points(texts: Iterable[str], console: Console) -> None:
    for text in texts:
        say(console, f"- {text}", 2, hang=2)


def _variant(variant: AuditVariant, answer: AuditAnswer, console: Console) -> None:
    credits = variant.credits
    parts = [f"{print_number(credits.earned)} earned"]
    for value, word in ((credits.in_progress, "in progress"), (credits.planned, "planned")):
        parts += [f"{print_number(value)} {word}"] if value else []
    asked = "" if credits.asked is None else f" of {print_number(credits.asked)}"
    say(console, f"Credits that count: {', '.join(parts)}{asked}")
    for line in variant.means:
        say(console, f"{line.label}: {line.text} - {line.standing}")
    _contrast(variant.what_if, console)
    _missing(variant, console)
    _requirements(variant.requirements, console)
    _choices(variant, console)
    _unused(variant, console)
    _beside(variant, console)
    _next(variant, console)
    _exceptions(answer, variant, console)
    _rests_on(variant, console)


def _contrast(found: Contrast | None, console: Console) -> None:
    if found is None:
        return
    say(console, f"\n{found.title}", style="bold")
    _points(found.differences or ("nothing would be different",), console)


def _missing(variant: AuditVariant, console: Console) -> None:
    if not variant.missing:
        return
    say(console, "\nStill to take", style="bold")
    for line in variant.missing:
        say(console, f"- {missing_text(line)}", 2, hang=2)
        say(console, " / ".join(line.path), 4, style="dim")


def _requirements(lines: tuple[RequirementLine, ...], console: Console) -> None:
    """Print the tree with the line of the file that each rule stands in before it."""
    say(console, "\nRequirements", style="bold")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", width=4, style="dim")
    grid.add_column()
    file = ""
    for line in lines:
        if line.rule.at.file and line.rule.at.file != file:
            file = line.rule.at.file
            grid.add_row("", Text(file, style="dim italic"))
        number = "" if line.rule.at.line is None else str(line.rule.at.line)
        left = 2 * min(line.depth, 5)
        grid.add_row(number, Padding(_told(line), (0, 0, 0, left)))
        for text in _below(line):
            grid.add_row("", Padding(Text(text), (0, 0, 0, left + 4)))
    print_table(grid, console)


def _told(line: RequirementLine) -> Text:
    counted = f" ({line.counted})" if line.counted and line.word != NOT_KNOWN else ""
    text = Text(f"{SYMBOLS[line.word]} {line.label}: {line.word}{counted}{line.rule.mark}")
    if line.rule.sources:
        text.append(f" [{' '.join(line.rule.sources)}, {line.rule.as_of or 'undated'}]", "dim")
    return text


def _below(line: RequirementLine) -> list[str]:
    found = []
    if line.courses:
        found.append("; ".join(held_text(course) for course in line.courses))
    if line.excepted:
        found.append("by an exception on the record")
    if line.unknown and line.word == "met":
        found.append("complete as far as the rules are known")
    return found


def _choices(variant: AuditVariant, console: Console) -> None:
    for choice in variant.open_choices:
        taken = listed([label_of(one, variant) for one in choice.taken], "and")
        tied = f"; as good: {', '.join(choice.tied)}" if choice.tied else ""
        say(console, f"\n{choice.label} is not declared; judged as {taken}{tied}.")
        say(console, f"Declare it with --choose {choice.id}=ID; see them all: --all-choices", 2)
    if not variant.choices:
        return
    say(console, "\nEvery choice, by credits left, then by requirements met", style="bold")
    for rank in variant.choices:
        say(console, f"{rank.rank}. {rank_text(rank)}", 2, hang=3)
        for line in rank.missing:
            say(console, f"- {missing_text(line)}", 5, style="dim", hang=2)
        if rank.no_longer:
            codes = listed(list(rank.no_longer), "and")
            say(console, f"- would no longer count: {codes}", 5, style="dim", hang=2)


def _unused(variant: AuditVariant, console: Console) -> None:
    if not variant.unused:
        return
    say(console, "\nNot used, and why", style="bold")
    for courses, text, path in grouped(variant.unused):
        say(console, f"- {courses}: {text}", 2, hang=2)
        if path:
            say(console, " / ".join(path), 4, style="dim")


def _beside(variant: AuditVariant, console: Console) -> None:
    """Print milestones, mosts and everything with a date."""
    if variant.milestones:
        say(console, "\nMilestones", style="bold")
        for line in variant.milestones:
            text = f"{SYMBOLS[line.standing]} {line.label}: {line.standing} ({line.text})"
            say(console, text, 2, hang=4)
    caps = [cap for cap in variant.caps if cap.have or cap.is_reached]
    if caps:
        say(console, "\nAt most", style="bold")
    for cap in caps:
        reached = ": reached" if cap.is_reached else ""
        out = f"; left out: {', '.join(cap.left_out)}" if cap.left_out else ""
        used = f"{print_number(cap.have)} of {print_number(cap.most)} {cap.unit}"
        say(console, f"- {cap.label}: {used}{reached}{out}", 2, hang=2)
    if variant.clocks:
        say(console, "\nClocks", style="bold")
    for clock in variant.clocks:
        left = "" if clock.days_left is None else f" ({days_text(clock.days_left)})"
        symbol = CLOCK_SYMBOLS[clock.state]
        say(console, f"{symbol} {clock.label}: {clock.text} - {clock.state}{left}", 2, hang=4)


def _next(variant: AuditVariant, console: Console) -> None:
    """Print what would change the audit most."""
    if variant.steps:
        say(console, "\nWhich one course completes most", style="bold")
        if not any(step.completes for step in variant.steps):
            say(console, "No single course completes a requirement; these leave the least:", 2)
    for step in variant.steps[:3]:
        run = "" if step.next_run is None else f", next in {step.next_run.period}"
        done = f"; completes {listed(list(step.completes), 'and')}" if step.completes else ""
        told = f"{count(step.credits_left, 'credit')} left then"
        told += "" if step.is_proven else ", perhaps fewer"
        say(console, f"- {step_text(step)}" + f": {told}{done}{run}", 2, hang=2)
    if variant.grades:
        say(console, "\nWhat a better grade would have changed", style="bold")
    for line in variant.grades:
        say(console, f"- {grade_text(line)}", 2)
    if variant.ways is not None and variant.missing:
        say(console, f"\n{ways_text(variant.ways)}")


def _exceptions(answer: AuditAnswer, variant: AuditVariant, console: Console) -> None:
    if not answer.exceptions:
        return
    say(console, "\nExceptions on the record", style="bold")
    for one in answer.exceptions:
        course = f" {one.course}" if one.course else ""
        course += f" for {one.replaces}" if one.replaces else ""
        text = f"- {one.kind}{course} at {one.label} ({one.node}): {one.why}"
        say(console, f"{text}; {one.who}, {long_day(one.when)}", 2, hang=2)
    _contrast(variant.without_exceptions, console)


def _rests_on(variant: AuditVariant, console: Console) -> None:
    if variant.assumed_grades:
        grades = ", ".join(f"{floor} or better in {name}" for name, floor in variant.assumed_grades)
        say(console, f"\nTaken for granted, above the usual grade: {grades}")
    if not variant.is_sure:
        text = "The way to completion leans on an approval not given or a fact not known."
        say(console, f"\n{text}")
    if variant.notes:
        say(console, "\nNotes of order", style="bold")
        _points(variant.notes, console)
    if variant.unknown:
        say(console, "\nUnknown (?), so it does not bind this audit", style="bold")
        say(console, "; ".join(variant.unknown), 2)
