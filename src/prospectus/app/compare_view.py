"""A finished comparison as a page shows it: sorted, filtered, what is beaten apart, a chart."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter

from prospectus.app.answers import Beginning, CompareAnswer, RowAnswer
from prospectus.app.catalog_answers import ProgramLine
from prospectus.app.compare_work import amount_of, field_fault
from prospectus.app.report import ReportContext, ReportRow, report_context
from prospectus.app.words import count
from prospectus.compare.cells import cost_text
from prospectus.compare.dominance import Criterion, Domination
from prospectus.compare.row import Admissible, Figures, Option, Row
from prospectus.domain.errors import Fault
from prospectus.domain.printer import month

SORTS = ("finish", "name", "admitted", "months", "cost", "peak")
"""What rows can be sorted by; the first is how they stand at first."""

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_NAMED_MONTH = re.compile(r"([a-z]{3})[a-z]*\.? (\d{4})", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOT_COMPARED = re.compile(r"([^/ ]+)(?:/(\S+))? \((\w+)\)")
_OPENNESS = list(Admissible)
_ADMITTED: Mapping[str, frozenset[Admissible]] = {
    "": frozenset(Admissible),
    "yes": frozenset({Admissible.YES}),
    "open": frozenset(Admissible) - {Admissible.NO},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which rows are asked for, as it was typed; "" does not filter.

    `admitted` is `yes` or `open` (not refused), `finish_by` a month or a day, `max_cost` an amount.
    """

    sort: str = ""
    admitted: str = ""
    finish_by: str = ""
    max_cost: str = ""

    @property
    def is_nothing(self) -> bool:
        """Return whether every row is shown."""
        return not (self.admitted or self.finish_by or self.max_cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One row of the page.

    `way` is how a plan of it is asked for; `rests_on` are the assumptions behind its figures,
    `unknown` what no source says; `beaten` tells by whom and on what it is dominated, "" by nobody;
    `beginning` what is doubtful about its first day, None for nothing.
    """

    told: ReportRow
    program: str
    way: str
    rests_on: tuple[str, ...]
    unknown: tuple[str, ...]
    beaten: str
    beginning: Beginning | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A way in the chart, where it stands by its number; `cost` is for drawing alone."""

    number: int
    name: str
    school: str
    finish: dt.date
    month: str
    cost: float
    cost_text: str
    peak: str
    is_beaten: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncompared:
    """A programme, or a track of one, whose rules are not all known; `why` is how far they are."""

    program: str
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A comparison as the page shows it.

    `report` has what does not depend on sorting and filters. `scope` says how much was compared,
    and `uncompared` is what was not. `ways` are to be chosen from,
    `dominated` those that another one beats, `without` those without a plan. `left_out` says what
    the filters hide; `finding` what the chart shows, in one sentence; `currency` its money.
    """

    report: ReportContext
    scope: str
    uncompared: tuple[Uncompared, ...]
    ways: tuple[Way, ...]
    dominated: tuple[Way, ...]
    without: tuple[Way, ...]
    left_out: str
    points: tuple[Point, ...]
    currency: str
    finding: str
    faults: tuple[Fault, ...]


def shown(answer: CompareAnswer, filters: Filters, lines: Sequence[ProgramLine]) -> Shown:
    """Return the page of an answer; a filter that cannot be read is told and does not filter.

    `lines` are the programmes of the catalog.
    """
    report = report_context(answer)
    currency = _currency(answer)
    faults = tuple(_faults(filters, currency))
    kept, hidden = _filtered(answer.rows, filters, currency)
    rows = _sorted(kept, filters.sort)
    told = dict(zip((id(one) for one in answer.rows), report.rows, strict=True))
    reasons = _reasons(answer)
    assumed = _assumed(answer)

    def way(one: RowAnswer) -> Way:
        return Way(
            told=told[id(one)],
            program=one.row.option.program,
            way=f"{one.row.option.program}/{one.row.option.track or ''}",
            rests_on=tuple(assumed.get(name, name) for name in one.row.assumptions),
            unknown=one.row.unknown,
            beaten=reasons.get(one.row.option, ""),
            beginning=one.beginning,
        )

    points = tuple(_points(rows, currency))
    uncompared = tuple(_uncompared(answer, lines))
    return Shown(
        report=report,
        scope=_scope(answer, uncompared),
        uncompared=uncompared,
        ways=tuple(way(one) for one in rows if _has_plan(one) and not one.is_dominated),
        dominated=tuple(way(one) for one in rows if _has_plan(one) and one.is_dominated),
        without=tuple(way(one) for one in rows if not _has_plan(one)),
        left_out=_left_out(hidden),
        points=points,
        currency=currency,
        finding=_finding(points),
        faults=faults,
    )


def _has_plan(one: RowAnswer) -> bool:
    return one.row.figures is not None


# ------------------------------------------------------------------ which rows, in which order


def _sorted(rows: Sequence[RowAnswer], sort: str) -> list[RowAnswer]:
    """Return rows by what is asked; those that are alike stand as the answer has them."""
    keys: dict[str, Callable[[Row], tuple[bool, int] | str | int]] = {
        "name": lambda row: row.program_name.casefold(),
        "admitted": lambda row: _OPENNESS.index(row.admissible),
        "months": lambda row: _last_unknown(row, lambda plan: plan.months),
        "cost": lambda row: _last_unknown(row, lambda plan: plan.cost.minor if plan.cost else None),
        "peak": lambda row: _last_unknown(row, lambda plan: plan.peak_hours),
    }
    key = keys.get(sort)
    return list(rows) if key is None else sorted(rows, key=lambda one: key(one.row))


def _last_unknown(row: Row, figure: Callable[[Figures], int | None]) -> tuple[bool, int]:
    value = None if row.figures is None else figure(row.figures)
    return (value is None, value or 0)


def _filtered(
    rows: Sequence[RowAnswer], filters: Filters, currency: str
) -> tuple[list[RowAnswer], dict[str, int]]:
    """Return the rows that are asked for, and how many are not, by why."""
    admitted = _ADMITTED.get(filters.admitted, _ADMITTED[""])
    last, most = _day_of(filters.finish_by), amount_of(filters.max_cost, currency)
    kept: list[RowAnswer] = []
    hidden: dict[str, int] = {}
    for one in rows:
        why = "" if one.row.admissible in admitted else "for admission"
        if not why and one.row.figures is not None:
            why = _too_much(one.row.figures, last, most, currency)
        if why:
            hidden[why] = hidden.get(why, 0) + 1
        else:
            kept.append(one)
    return kept, hidden


def _too_much(figures: Figures, last: dt.date | None, most: Fraction | None, currency: str) -> str:
    if last is not None and figures.finish > last:
        return "end later"
    if most is None:
        return ""
    if figures.cost is None:
        return "have no known cost"
    if figures.cost.currency != currency:
        return f"cost no {currency}"
    return "cost more" if figures.cost.minor > most * 100 else ""


def _left_out(hidden: Mapping[str, int]) -> str:
    if not hidden:
        return ""
    return f"Left out: {', '.join(f'{n} {why}' for why, n in hidden.items())}."


def _faults(filters: Filters, currency: str) -> Iterator[Fault]:
    if filters.sort and filters.sort not in SORTS:
        yield field_fault("sort", filters.sort, f"sort by {', '.join(SORTS)}")
    if filters.admitted not in _ADMITTED:
        yield field_fault("admitted", filters.admitted, "choose one of the list")
    if filters.finish_by and _day_of(filters.finish_by) is None:
        yield field_fault(
            "finish_by", filters.finish_by, "write a year or a month, as in 2029 or 2029-05"
        )
    if filters.max_cost and amount_of(filters.max_cost, currency) is None:
        yield field_fault("max_cost", filters.max_cost, "write an amount such as 12000")


def _day_of(text: str) -> dt.date | None:
    """Return the day that is meant: of a month or year, its last."""
    plain = text.strip()
    named = _NAMED_MONTH.fullmatch(plain.casefold())
    if named is not None and named[1] in _MONTHS:
        plain = f"{named[2]}-{_MONTHS.index(named[1]) + 1}"
    found = _DAY.fullmatch(plain)
    if found is None:
        return None
    year, number = int(found[1]), int(found[2] or 12)
    try:
        if found[3]:
            return dt.date(year, number, int(found[3]))
        first = dt.date(year, number, 1)
        return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    except (OverflowError, ValueError):
        return None


# ------------------------------------------------------------------ what is said of them


def _reasons(answer: CompareAnswer) -> dict[Option, str]:
    """Return by whom each dominated way is beaten, and on what: by one that nothing beats."""
    names = {one.row.option: one.row.name for one in reversed(answer.rows)}
    losers = {item.loser for item in answer.dominations}
    found: dict[Option, Domination] = {}
    for item in answer.dominations:
        before = found.get(item.loser)
        if before is None or (before.winner in losers and item.winner not in losers):
            found[item.loser] = item
    return {
        loser: f"dominated by {names.get(item.winner, item.winner)} on {_listed(item.on)}"
        for loser, item in found.items()
    }


def _listed(on: Sequence[Criterion]) -> str:
    words = [one.value for one in on]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _assumed(answer: CompareAnswer) -> dict[str, str]:
    return {
        line.id: f"{line.text}{f': {line.value}' if line.value else ''}"
        for line in answer.assumptions
    }


def _uncompared(answer: CompareAnswer, lines: Sequence[ProgramLine]) -> Iterator[Uncompared]:
    """Yield what was not compared, by the names of the catalog."""
    known = {line.id: line for line in lines}
    for told in answer.not_compared:
        found = _NOT_COMPARED.fullmatch(told)
        line = None if found is None else known.get(found[1])
        if found is None or line is None:
            yield Uncompared(program="", name=told, why="")
            continue
        track = dict(line.tracks).get(found[2] or "", "")
        name = f"{line.school}: {line.name}"
        yield Uncompared(program=line.id, name=f"{name}, {track}" if track else name, why=found[3])


def _scope(answer: CompareAnswer, uncompared: Sequence[Uncompared]) -> str:
    """Return in a sentence how much was compared, and what was not."""
    options = {one.row.option for one in answer.rows}
    programs = {option.program for option in options}
    others = {one.program or one.name for one in uncompared} - programs
    told = f"{count(len(programs), 'degree')} compared, in {count(len(options), 'way')} through"
    told += " them" if len(programs) != 1 else " it"
    if not others:
        return f"{told}."
    verb = "is" if len(others) == 1 else "are"
    return f"{told}; {count(len(others), 'other')} {verb} not, for some of the rules are not known."


# ------------------------------------------------------------------ the chart


def _currency(answer: CompareAnswer) -> str:
    """Return the currency of most costs."""
    known = [one.row.figures.cost for one in answer.rows if one.row.figures is not None]
    names = [cost.currency for cost in known if cost is not None]
    return max(sorted(set(names)), key=names.count, default="USD")


def _points(rows: Sequence[RowAnswer], currency: str) -> Iterator[Point]:
    number = 0
    for one in rows:
        figures = one.row.figures
        if figures is None or figures.cost is None or figures.cost.currency != currency:
            continue
        number += 1
        yield Point(
            number=number,
            name=one.row.name,
            school=one.row.school_name,
            finish=figures.finish,
            month=f"{month(figures.finish)}{figures.finish_certainty.mark}",
            cost=figures.cost.minor / 100,
            cost_text=cost_text(figures),
            peak=f"{figures.peak_hours} h{figures.peak_certainty.mark}",
            is_beaten=one.is_dominated,
        )


def _finding(points: Sequence[Point]) -> str:
    """Return what the chart shows, in one sentence."""
    if not points:
        return ""
    if len(points) == 1:
        only = points[0]
        return f"One way has a known cost: {only.name}, {only.month}, {only.cost_text}."
    free = [one for one in points if not one.is_beaten]
    first = min(points, key=attrgetter("finish", "cost"))
    least = min(points, key=attrgetter("cost", "finish"))
    told = f"Of {count(len(points), 'way')} with a known cost, {len(free)} are dominated by none"
    if first == least:
        return (
            f"{told}; {first.name} is both first ({first.month}) and cheapest ({first.cost_text})."
        )
    return (
        f"{told}; finishing by {first.month} costs {first.cost_text} ({first.name}), and the "
        f"cheapest, {least.cost_text}, ends {least.month} ({least.name})."
    )
