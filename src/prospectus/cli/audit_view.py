"""An audit on a terminal: a tree that is read without colour, and what stands beside it."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from prospectus.app.audit_answers import (
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
    headline,
    held_text,
    label_of,
    variant_name,
)
from prospectus.app.words import count, listed
from prospectus.cli.terminal import print_table, say
from prospectus.compare.cells import MARKS, long_day
from prospectus.domain.printer import print_number


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
        say(console, f"Carried over: {text}", 2)
    for fault in answer.notes:
        say(console, f"{fault.code}: {fault.what}; {fault.fix}", 2)
    _variant(answer.variants[0], answer, console)
    if answer.differs:
        say(console, "\nUnder other readings or facts", style="bold")
        for text in answer.differs:
            say(console, f"- {text}", 2)
    say(console, f"\n{KEY}", style="dim")
    say(console, f"{MARKS}. Re-checked by the definition of the rules.", style="dim")


def _variant(variant: AuditVariant, answer: AuditAnswer, console: Console) -> None:
    name = variant_name(variant)
    say(console, f"\n{name + ': ' if name else ''}{headline(variant)}", style="bold")
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
    for text in found.differences or ("nothing would be different",):
        say(console, f"- {text}", 2)


def _missing(variant: AuditVariant, console: Console) -> None:
    if not variant.missing:
        return
    say(console, "\nStill to take", style="bold")
    for line in variant.missing:
        say(console, f"- {line.label}: {line.text}", 2)
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
    counted = f" ({line.counted})" if line.counted else ""
    text = Text(f"{SYMBOLS[line.standing]} {line.label}: {line.standing}{counted}{line.rule.mark}")
    if line.rule.sources:
        text.append(f" [{' '.join(line.rule.sources)}, {line.rule.as_of or 'undated'}]", "dim")
    return text


def _below(line: RequirementLine) -> list[str]:
    found = []
    if line.courses:
        found.append("; ".join(held_text(course) for course in line.courses))
    if line.excepted:
        found.append("by an exception on the record")
    if line.unknown and line.standing == "met":
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
    say(console, "\nEvery choice, by what is left", style="bold")
    for rank in variant.choices:
        left = rank.summary.credits_left
        told = "cannot be completed" if left is None else f"{count(left, 'credit')} left"
        declared = ", declared" if rank.is_declared else ""
        say(console, f"{rank.rank}. {rank.label} ({rank.choice}={rank.child}): {told}{declared}", 2)
        for line in rank.missing:
            say(console, f"{line.label}: {line.text}", 7, style="dim")


def _unused(variant: AuditVariant, console: Console) -> None:
    if not variant.unused:
        return
    say(console, "\nNot used, and why", style="bold")
    for line in variant.unused:
        say(console, f"- {held_text(line.course)}: {line.text}", 2)
        if line.path:
            say(console, " / ".join(line.path), 4, style="dim")


def _beside(variant: AuditVariant, console: Console) -> None:
    """Print milestones, mosts and everything with a date."""
    if variant.milestones:
        say(console, "\nMilestones", style="bold")
        for line in variant.milestones:
            say(console, f"{SYMBOLS[line.standing]} {line.label}: {line.standing} ({line.text})", 2)
    caps = [cap for cap in variant.caps if cap.have or cap.is_reached]
    if caps:
        say(console, "\nAt most", style="bold")
    for cap in caps:
        reached = ": reached" if cap.is_reached else ""
        out = f"; left out: {', '.join(cap.left_out)}" if cap.left_out else ""
        used = f"{print_number(cap.have)} of {print_number(cap.most)} {cap.unit}"
        say(console, f"- {cap.label}: {used}{reached}{out}", 2)
    if variant.clocks:
        say(console, "\nClocks", style="bold")
    for clock in variant.clocks:
        left = "" if clock.days_left is None else f" ({days_text(clock.days_left)})"
        symbol = CLOCK_SYMBOLS[clock.state]
        say(console, f"{symbol} {clock.label}: {clock.text} - {clock.state}{left}", 2)


def _next(variant: AuditVariant, console: Console) -> None:
    """Print what would change the audit most."""
    if variant.steps:
        say(console, "\nWhich one course completes most", style="bold")
    for step in variant.steps[:3]:
        run = "" if step.next_run is None else f", next in {step.next_run.period}"
        done = f"; completes {listed(list(step.completes), 'and')}" if step.completes else ""
        told = f"{count(step.credits_left, 'credit')} left then"
        say(console, f"- {step.course} {step.title}".rstrip() + f": {told}{done}{run}", 2)
    if variant.grades:
        say(console, "\nWhat a better grade would have changed", style="bold")
    for line in variant.grades:
        say(console, f"- {grade_text(line)}", 2)
    if variant.ways is not None and variant.missing:
        at_least = "" if variant.ways.is_exact else "at least "
        n = variant.ways.count
        ways = "1 set of courses completes" if n == 1 else f"{n} sets of courses complete"
        say(console, f"\nWays left: {at_least}{ways} it with as few credits.")


def _exceptions(answer: AuditAnswer, variant: AuditVariant, console: Console) -> None:
    if not answer.exceptions:
        return
    say(console, "\nExceptions on the record", style="bold")
    for one in answer.exceptions:
        course = f" {one.course}" if one.course else ""
        course += f" for {one.replaces}" if one.replaces else ""
        text = f"- {one.kind}{course} at {one.label} ({one.node}): {one.why}"
        say(console, f"{text}; {one.who}, {long_day(one.when)}", 2)
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
        for text in variant.notes:
            say(console, f"- {text}", 2)
    if variant.unknown:
        say(console, "\nUnknown (?), so it does not bind this audit", style="bold")
        say(console, "; ".join(variant.unknown), 2)
