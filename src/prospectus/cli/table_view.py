"""The table of the catalog: on a terminal, and as docs/catalog-of-record.md."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from prospectus.app.catalog_table import CatalogRow, CatalogTable, TrackPlan
from prospectus.app.words import count
from prospectus.cli.terminal import say
from prospectus.domain.facts import Completeness
from prospectus.domain.printer import long_day

_HEAD = """\
# The catalog of record

What the bundled files hold of each programme and catalogue year. Every fact, with its source, day
and certainty, is printed by `prospectus show <program>`; what is missing by
`prospectus facts <program> --unknown`. A test holds this page equal to the files.

*Courses* are those that some requirement may take. *Prerequisites*: of how many the source states
them, or that there are none; it is silent on the others. *Windows*: how it is known when they run,
as published / pattern / history / assumed / unknown. *Hours*: of how many the weekly hours are
reported or stated. *Price*: *partly* where some fees are unknown; the year is that in which the
first of the rates ends, from then on it is held flat. *Unknown*: how many rules no source gives."""
_MISSING_HEAD = """\
## What the others lack

Only complete programmes are planned and compared. Each of these lacks a requirement that no source
at hand gives; the first of its unknowns names it."""
_PLANS_HEAD = """\
## How soon each can be finished

The earliest end that the rules allow, proven, for a person who begins on {day} and has no
limit of hours, money or days: a bound, not a pace. A programme that states no most load can come
out with everything in one term. *Terms* are those of the programme's calendar that begin from that
day until the end, Summers included; *months* are counted from that day, a begun month whole. Two
numbers are the soonest and the latest over the readings of disputed rules and over what a person
may bring along."""


def print_catalog_table(answer: CatalogTable, console: Console) -> None:
    """Print each programme with what is known of it, in a few lines."""
    for row in answer.rows:
        say(console, f"{row.program}, rules of {row.catalog_year}", style="bold")
        windows = ", ".join(f"{n} {window.value}" for window, n in row.windows if n)
        say(
            console,
            f"{row.completeness.value}; {count(row.n_courses, 'course')}; "
            f"prerequisites stated of {row.n_prerequisites}; windows: {windows or 'none'}; "
            f"hours of {row.n_hours}; price {_price(row)}; "
            f"{count(row.n_unknown, 'unknown')}",
            2,
        )
        if row.missing is not None:
            say(console, f"no source gives: {row.missing}", 2)
        for plan in row.plans:
            named = f"{plan.name}: " if plan.name else ""
            say(console, f"{named}{_told(plan)}", 2)
    if answer.plan_from is not None:
        say(
            console,
            f"Ends are the earliest that the rules allow whoever begins on "
            f"{long_day(answer.plan_from)} and has no limits: a bound, not a pace. Where no most "
            "load is known, everything may come out in one term.",
            style="dim",
        )


def catalog_page(answer: CatalogTable) -> str:
    """Return the table as one page of Markdown."""
    blocks = [_HEAD, _summary(answer.rows), "\n".join(_rows(answer.rows))]
    missing = [row for row in answer.rows if row.missing is not None]
    if missing:
        blocks += [_MISSING_HEAD, "\n".join(_missing(missing))]
    if answer.plan_from is not None:
        head = _PLANS_HEAD.format(day=long_day(answer.plan_from))
        blocks += [head, "\n".join(_plans(answer.rows))]
    return "\n\n".join(blocks) + "\n"


def _summary(rows: tuple[CatalogRow, ...]) -> str:
    states = ", ".join(
        f"{sum(row.completeness is state for row in rows)} {state.value}" for state in Completeness
    )
    programs = count(len({row.program for row in rows}), "programme")
    return f"{programs} under the rules of {count(len(rows), 'catalogue year')}: {states}."


def _rows(rows: tuple[CatalogRow, ...]) -> Iterator[str]:
    yield (
        "| programme | rules of | courses | prerequisites | windows | hours | price | unknown "
        "| completeness |"
    )
    yield "|---|---|--:|--:|---|--:|---|--:|---|"
    for row in rows:
        windows = " / ".join(str(n) for _, n in row.windows) if row.n_courses else ""
        yield (
            f"| {row.program} | {row.catalog_year} | {row.n_courses} | {row.n_prerequisites} "
            f"| {windows} | {row.n_hours} | {_price(row)} | {row.n_unknown} "
            f"| {row.completeness.value} |"
        )


def _missing(rows: list[CatalogRow]) -> Iterator[str]:
    yield "| programme | rules of | no source gives |"
    yield "|---|---|---|"
    for row in rows:
        yield f"| {row.program} | {row.catalog_year} | {row.missing} |"


def _plans(rows: tuple[CatalogRow, ...]) -> Iterator[str]:
    yield "| programme | rules of | track | terms | months |"
    yield "|---|---|---|--:|--:|"
    for row in rows:
        for plan in row.plans:
            terms, months = _span(plan.terms), _span(plan.months)
            yield f"| {row.program} | {row.catalog_year} | {plan.name} | {terms} | {months} |"


def _price(row: CatalogRow) -> str:
    until = "" if row.price_until is None else f" to {row.price_until.year}"
    return f"{row.price.value}{until}"


def _told(plan: TrackPlan) -> str:
    if plan.terms is None:
        return "no plan is proven"
    terms = "1 term" if plan.terms == (1, 1) else f"{_span(plan.terms)} terms"
    return f"earliest end after {terms}, {_span(plan.months)} months"


def _span(bounds: tuple[int, int] | None) -> str:
    if bounds is None:
        return "no proven plan"
    low, high = bounds
    return str(low) if low == high else f"{low} to {high}"
