"""Answers about a plan on a terminal: why, when else, at what price, what next, what if."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from prospectus.app.impossible_words import whose
from prospectus.app.plan_finish import FinishAnswer
from prospectus.app.plan_prices import PricesAnswer
from prospectus.app.plan_report import status_words
from prospectus.app.plan_suppose import Supposed
from prospectus.app.plan_talk import TalkAnswer
from prospectus.app.plan_what_if import WhatIf
from prospectus.app.plan_why import WhyAnswer
from prospectus.app.plan_windows import NextAnswer, Range, WindowsAnswer
from prospectus.app.words import course_name
from prospectus.cli.impossible_view import print_impossible
from prospectus.cli.plan_view import print_readings
from prospectus.cli.terminal import print_table, say
from prospectus.compare.row import variant_words
from prospectus.domain.course import CourseCode
from prospectus.domain.printer import long_day
from prospectus.domain.student import Level

_NAMED = frozenset(level.value for level in Level)
_OPEN = "?"
_WIDE = 26
"""Two columns of so many letters fit a terminal; what is wider stands in two lines."""

_NOT_SETTLED = "not settled in the time given"


def print_talk(answer: TalkAnswer, console: Console) -> None:
    """Print what the plan comes to in one line, then each answer."""
    who = f" for {answer.student}" if answer.student else ""
    say(console, f"{answer.program_name}, rules of {answer.catalog_year}{who}", style="bold")
    for note in answer.idle_wishes:
        say(console, note)
    print_readings(answer.readings, console)
    if answer.readings:
        say(console, "")
    told = ", ".join(name for name in (answer.track, variant_words(answer.variant)) if name)
    if answer.is_one_of_several:
        told += " (the best of several)"
    heading = f"{told.strip()}: " if told else ""
    say(console, f"{heading}{status_words(answer.status, was_stopped=answer.was_stopped)}")
    if answer.levels:
        levels = "; ".join(
            f"{one.level}: {one.value}" + ("" if one.is_proven else " (not proven)")
            for one in answer.levels
            if one.level in _NAMED
        )
        say(console, f"The plan. {levels}", hang=2)
    else:
        if answer.impossible is not None:
            print_impossible(answer.impossible, console)
        say(console, "Of a plan that does not exist only --what-if is answered.")
    for one in answer.why:
        _why(one, console)
    if answer.finish is not None:
        _finish(answer.finish, console)
    if answer.windows is not None:
        _windows(answer.windows, console)
    if answer.next is not None:
        _next(answer.next, console)
    if answer.prices is not None:
        _prices(answer.prices, console)
    if answer.what_if is not None:
        _what_if(answer.what_if, console)
    say(
        console,
        "\nEach plan behind these answers was re-checked by the definition of the rules; "
        f"seed {answer.seed}.",
        style="dim",
    )


def _why(answer: WhyAnswer, console: Console) -> None:
    name = course_name(answer.course, answer.title)
    told = name if name == answer.title else f"{name} {answer.title}"
    say(console, f"\n{told}: {answer.stands}", style="bold")
    if answer.serves:
        say(console, "; ".join(answer.serves), 2)
    for one in answer.supposed:
        _supposed(one, console)


def _supposed(one: Supposed, console: Console) -> None:
    text = one.text[:1].upper() + one.text[1:]
    if not one.is_possible:
        say(console, f"{text}: {_impossible(one)}", 2, hang=2)
        _blame(one, console)
        return
    say(console, f"{text}: {_price(one)}", 2, hang=2)
    for line in one.differences:
        say(console, line, 6, hang=2)


def _impossible(one: Supposed) -> str:
    if not one.is_settled:
        return _open_text(one)
    if not one.blamed:
        return "impossible"
    least = "" if one.conflict_is_minimal else " (perhaps not all of them are to blame)"
    if len(one.blamed) == 1:
        return f"impossible; this cannot hold with it{least}"
    return f"impossible; these cannot all hold with it{least}"


def _open_text(one: Supposed) -> str:
    return "not settled when it was stopped" if one.was_stopped else _NOT_SETTLED


def _blame(one: Supposed, console: Console) -> None:
    for line in one.blamed:
        is_supposed = any(
            id == asked or id.startswith(f"{asked} ") for id in line.ids for asked in one.supposed
        )
        told = "supposed" if is_supposed else whose(line)
        say(console, f"- {line.text} ({told})", 6, hang=2)


def _price(one: Supposed) -> str:
    if one.is_free:
        return "costs nothing, a plan as good is there"
    if not one.is_settled:
        so_far = f"{one.changes}; the rest is " if one.changes else ""
        return f"{so_far}{_open_text(one)}"
    return f"the degree {one.changes}"


def _finish(answer: FinishAnswer, console: Console) -> None:
    say(console, f"\nWhy not before {long_day(answer.finish)}", style="bold")
    for line in answer.lines:
        say(console, line, 2 if line.startswith("-") else 0, hang=2)


def _windows(answer: WindowsAnswer, console: Console) -> None:
    say(console, "\nWhen each course can begin", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("Course", "Planned", "As good a plan", "Any plan in time"):
        table.add_column(name)
    told = [(_range(one.best), _range(one.possible)) for one in answer.courses]
    is_wide = max((len(text) for pair in told for text in pair), default=0) > _WIDE
    for one, pair in zip(answer.courses, told, strict=True):
        cells = (text.replace(" .. ", "\n.. ") if is_wide else text for text in pair)
        table.add_row(one.name, one.period, *cells)
    print_table(table, console)
    last = "your deadline" if answer.until_is_deadline else "a year after the plan ends"
    ranges = [one for course in answer.courses for one in (course.best, course.possible)]
    is_proven = all(one.is_settled for one in ranges)
    proven = "Proven." if is_proven else f"Proven, but for what bears a {_OPEN}."
    say(
        console,
        f"As good: the same {', '.join(answer.levels)}. In time: done by "
        f"{long_day(answer.until)}, {last}. {proven}",
    )


def _range(one: Range) -> str:
    told = one.first if one.first == one.last else f"{one.first} .. {one.last}"
    return told if one.is_settled else f"{told} {_OPEN}"


def _next(answer: NextAnswer, console: Console) -> None:
    say(console, f"\nWhat has to begin in {answer.period}", style="bold")
    names = dict(answer.names)

    def named(codes: tuple[CourseCode, ...]) -> tuple[str, ...]:
        return tuple(names.get(code, code) for code in codes)

    best, as_early = answer.in_every_best, answer.in_every_as_early
    _begun("in every plan as good as this", named(best), named(answer.open_best), console)
    _begun(
        "in every plan that ends as early", named(as_early), named(answer.open_as_early), console
    )
    free = named(tuple(code for code in answer.planned if code not in best))
    if free and not answer.open_best:
        say(console, f"Can change places, at no cost: {', '.join(free)}", 2, hang=2)


def _begun(
    where: str, certain: tuple[str, ...], waiting: tuple[str, ...], console: Console
) -> None:
    told = ", ".join(certain) if certain else "none"
    if waiting:
        told = f"{_NOT_SETTLED} for {', '.join(waiting)}"
    say(console, f"{where.capitalize()}: {told}", 2, hang=2)


def _prices(answer: PricesAnswer, console: Console) -> None:
    say(console, "\nWhat each wish costs: without it", style="bold")
    if not answer.wishes:
        say(console, "no wish rules a plan out", 2)
    for one in answer.wishes:
        say(console, f"{one.text}: {_gain(one)}", 2, hang=2)
    say(console, "\nWhat each course is worth: without it alone", style="bold")
    by_price: dict[str, list[str]] = {}
    for one in answer.courses:
        price = _price(one)
        if not one.is_possible and one.is_settled:
            price = f"no plan that keeps your wishes is done by {long_day(answer.until)}"
        by_price.setdefault(price, []).append(one.text)
    for price, courses in by_price.items():
        say(console, f"{', '.join(courses)}: {price}", 2, hang=2)


def _gain(one: Supposed) -> str:
    if not one.is_possible and one.is_settled:
        return "no plan"
    if one.is_free:
        return "nothing is gained, it costs nothing"
    return _price(one)


def _what_if(answer: WhatIf, console: Console) -> None:
    one = answer.result
    say(console, f"\nWhat if {', '.join(answer.asked)}", style="bold")
    if not one.is_possible:
        say(console, _impossible(one), 2)
        _blame(one, console)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("", "Before", "After", ""):
        table.add_column(name)
    for level in one.levels:
        table.add_row(level.level, level.before, level.after, level.text)
    print_table(table, console)
    if not one.is_settled:
        say(console, f"The other levels are {_open_text(one)}.")
    for line in one.differences or ("the plan stays as it is",):
        say(console, line, 2, hang=2)
