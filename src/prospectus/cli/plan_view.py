"""A plan on a terminal: what to take, when, why, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from prospectus.app.answers import (
    AssumptionLine,
    PlanAnswer,
    PlannedCourse,
    PlannedPeriod,
    PlanVariant,
)
from prospectus.app.plan_readings import ReadIn
from prospectus.app.plan_report import (
    about_text,
    admitted_text,
    end_text,
    levels_of,
    proof_text,
    shown_variants,
    sources_text,
    status_text,
    variant_name,
    variants_of,
    when_text,
)
from prospectus.app.words import MARKS
from prospectus.cli.impossible_view import print_impossible
from prospectus.cli.money_view import print_money, print_waiting
from prospectus.cli.terminal import print_table, say
from prospectus.compare.cells import cells
from prospectus.domain.student import Level


def print_plan(answer: PlanAnswer, console: Console) -> None:
    """Print the plan of the declared track, or of the best one with a line for each other."""
    who = f" for {answer.student}" if answer.student else ""
    say(console, f"{answer.program_name}, rules of {answer.catalog_year}{who}", style="bold")
    say(console, admitted_text(answer))
    for note in (*answer.topic_notes, *answer.idle_wishes):
        say(console, note)
    print_readings(answer.readings, console)
    several = len(answer.tracks) > 1
    if len(variants_of(answer)) > 1:
        _overview(variants_of(answer), console)
    for variant in shown_variants(answer):
        _print_variant(variant, console)
    if several and answer.best is not None:
        say(console, "\nAnother track in full: add --track ID", style="dim")
    for note in answer.not_planned:
        say(console, f"Not planned: {note}.")
    say(console, f"\n{sources_text(answer.program)}", style="dim")


def print_readings(disputes: Sequence[ReadIn], console: Console) -> None:
    """Print why rules are read in several ways, and what each reading is."""
    for one in disputes:
        sources = f" [{' '.join(one.sources)}]" if one.sources else ""
        ways = "The rules can be read in more than one way"
        say(console, f"\n{ways} ({one.id}): {one.why}{sources}.")
        for label, text in one.readings:
            say(console, f"{label}: {text}", 2, hang=2)


def print_assumptions(lines: tuple[AssumptionLine, ...], console: Console) -> None:
    """Print assumptions with value, range and id."""
    if lines:
        say(console, "\nAssumed (*)", style="bold")
    for item in lines:
        told = f"{item.text}: {item.value}" if item.value else item.text
        could_be = f" (could be {item.range})" if item.range else ""
        say(console, f"{told}{could_be} [{item.id}]", 2, hang=2)


def _overview(variants: Sequence[PlanVariant], console: Console) -> None:
    """Print one line per track and reading."""
    has_tracks = any(variant.row.option.track for variant in variants)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Track" if has_tracks else "Read as")
    for name in (*(("--track",) if has_tracks else ()), "Finish", "Cost", "Peak"):
        table.add_column(name)
    for variant in variants:
        line = cells(variant.row)
        track = (variant.row.option.track or "",) if has_tracks else ()
        table.add_row(line.track, *track, line.finish, line.cost, line.peak)
    say(console, "")
    print_table(table, console)


def _print_variant(variant: PlanVariant, console: Console) -> None:
    name = variant_name(variant)
    heading = f"{name}: " if name else ""
    say(console, f"\n{heading}{status_text(variant)}", style="bold")
    if variant.finish is None:
        if variant.impossible is not None:
            print_impossible(variant.impossible, console)
        elif variant.conflict:
            _conflict(variant, console)
        print_waiting(variant, console)
        return
    for who in variant.approvals:
        text = f"Rests on an approval that nobody has given yet, taken as granted: {who}"
        say(console, text, style="bold")
    for period in variant.periods:
        _period(period, console)
    say(console, f"\n{end_text(variant)}")
    print_money(variant, console)
    _topics(variant, console)
    _earlier(variant, console)
    _levels(variant, console)
    _requirements(variant, console)
    print_waiting(variant, console)
    _rests_on(variant, console)


def _earlier(variant: PlanVariant, console: Console) -> None:
    """Print what changes against an earlier plan."""
    if variant.earlier is None:
        return
    say(console, "\nAgainst the earlier plan", style="bold")
    for change in variant.earlier.changes or ("nothing changes",):
        say(console, change, 2)
    for words, courses in (
        ("stays where it was", variant.earlier.kept),
        ("on record by now", variant.earlier.taken),
        ("its time is past, and it is not on record", variant.earlier.past),
    ):
        if courses:
            say(console, f"{words}: {', '.join(courses)}", 2)


def _topics(variant: PlanVariant, console: Console) -> None:
    told = [
        f"{word} {', '.join(topics)}"
        for word, topics in (("covers", variant.topics_covered), ("not", variant.topics_missing))
        if topics
    ]
    if told:
        say(console, f"Topics: {'; '.join(told)}")


def _conflict(variant: PlanVariant, console: Console) -> None:
    """Print what cannot all hold where its sources were not looked up."""
    least = "" if variant.conflict_is_minimal else " (perhaps not all of them are to blame)"
    say(console, f"These cannot all hold{least}:")
    for item in variant.conflict:
        whose = "your wish" if item.is_wish else "a rule"
        say(console, f"- {item.text} ({whose})", 2, hang=2)


def _period(period: PlannedPeriod, console: Console) -> None:
    when = when_text(period)
    cost = f", {period.cost} due" if period.cost is not None else ""
    say(console, f"\n{period.id} ({when}): {period.hours_per_week} h a week{cost}")
    for course in period.starts:
        say(console, _course(course), 2, hang=2)


def _course(course: PlannedCourse) -> str:
    text = f"{course.heading}, {about_text(course)}"
    return text + (f" -> {'; '.join(course.meets)}" if course.meets else "")


def _levels(variant: PlanVariant, console: Console) -> None:
    say(console, "\nWhat was optimised, in order", style="bold")
    for level in levels_of(variant):
        say(console, f"{level.level}: {level.value} ({proof_text(level)})", 2)
        if level.level == Level.GOALS.value:
            for missed in variant.goals_missed:
                say(console, f"missed: {missed}", 4)


def _requirements(variant: PlanVariant, console: Console) -> None:
    say(console, "\nRequirements", style="bold")
    for line in variant.requirements:
        held = f": {', '.join(line.courses)}" if line.courses else ""
        counted = f" ({line.counted})" if line.counted and not line.courses else ""
        text = f"{line.label} - {line.standing}{counted}{held}"
        say(console, text, 2 + 2 * min(line.depth, 5), hang=4)


def _rests_on(variant: PlanVariant, console: Console) -> None:
    print_assumptions(variant.assumptions, console)
    if variant.assumed_grades:
        grades = ", ".join(f"{floor} or better in {code}" for code, floor in variant.assumed_grades)
        say(console, f"Grades above the usual: {grades}", 2)
    for note in variant.notes:
        say(console, f"Note: {note}", 2)
    if variant.unknown:
        say(console, "\nUnknown (?), so it does not bind this plan", style="bold")
        say(console, "; ".join(variant.unknown), 2)
    proof = variant.certificate
    say(console, f"\n{MARKS}", style="dim")
    say(
        console,
        "Re-checked by the definition of the rules; "
        f"{proof.solver}, seed {proof.seed}, {proof.seconds:.2f} s",
        style="dim",
    )
