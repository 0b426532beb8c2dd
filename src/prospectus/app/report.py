"""The comparison as one page that stands alone: no script, nothing loaded from elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from prospectus.app.answers import AssumptionLine, Beginning, CompareAnswer, NextSteps, RowAnswer
from prospectus.app.files import write_whole
from prospectus.app.pages import page_environment
from prospectus.app.words import MARKS_LINE
from prospectus.compare.cells import COLUMNS, Cells, cells
from prospectus.compare.row import Admissible, Outcome
from prospectus.domain.facts import Source
from prospectus.domain.printer import long_day, month


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A row's place on the time line, in per cent of its width, and its months in words."""

    left: float
    width: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A year on the time line; `left` in per cent."""

    left: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One option on the page: its cells, its sentences and, with a plan, its bar."""

    cells: Cells
    sentences: tuple[str, ...]
    is_dominated: bool
    has_plan: bool
    bar: Bar | None
    admitted_class: str
    beginning: Beginning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContext:
    """Everything the template of the report may use.

    `headline` is the answer in one sentence; `ticks` the years of the time line; `assumed` the
    sentence on how many columns rest on assumptions.
    """

    title: str
    headline: str
    student: str
    today: str
    wishes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[ReportRow, ...]
    ticks: tuple[Tick, ...]
    marks: str
    assumed: str
    reading_notes: tuple[str, ...]
    not_compared: tuple[str, ...]
    assumptions: tuple[AssumptionLine, ...]
    next_steps: tuple[NextSteps, ...]
    sources: tuple[tuple[str, tuple[Source, ...]], ...]


def write_report(answer: CompareAnswer, path: Path) -> None:
    """Write the page whole or not at all.

    Raises
    ------
    UsageError
        USE-005 when it cannot be written.
    """
    write_whole(path, render_report(report_context(answer)))


def render_report(context: ReportContext) -> str:
    """Return the page as HTML."""
    environment = page_environment()
    return environment.get_template("report.html").render(page=context)


def report_context(answer: CompareAnswer) -> ReportContext:
    """Return what the page shows of an answer."""
    planned = [row.row.figures for row in answer.rows if row.row.figures is not None]
    first = min((item.start for item in planned), default=answer.today)
    last = max((item.finish for item in planned), default=answer.today)
    begin, days = dt.date(first.year, 1, 1), max(1, _days_to_year_end(first, last))
    who = f" for {answer.student}" if answer.student else ""
    return ReportContext(
        title=f"Online master's programmes compared{who}",
        headline=headline(answer),
        student=answer.student,
        today=long_day(answer.today),
        wishes=answer.wishes,
        columns=COLUMNS,
        rows=tuple(_row(row, begin, days) for row in answer.rows),
        ticks=tuple(
            Tick(left=_share(dt.date(year, 1, 1), begin, days), label=str(year))
            for year in range(begin.year, last.year + 1)
        ),
        marks=MARKS_LINE,
        assumed=assumed_sentence(answer),
        reading_notes=(*answer.topic_notes, *answer.reading_notes),
        not_compared=answer.not_compared,
        assumptions=answer.assumptions,
        next_steps=answer.next_steps,
        sources=answer.sources,
    )


def headline(answer: CompareAnswer) -> str:
    """Return the answer in one sentence: how many fit, which ends first, which costs least."""
    found = [
        (item.row, item.row.figures)
        for item in answer.rows
        if item.row.figures is not None and item.row.admissible is not Admissible.NO
    ]
    if not found:
        return "No programme that was compared takes you with a plan that meets all your wishes."
    n_fit = len({row.option for row, _ in found})
    n_asked = len({item.row.option for item in answer.rows})
    # The rows stand in order: of those that end on one day, what nothing beats comes first.
    first, plan = min(found, key=lambda pair: pair[1].finish)
    told = f"{n_fit} of {n_asked} ways to a degree fit. {first.name} ends first, in "
    told += month(plan.finish)
    if first.admissible is not Admissible.YES:
        told += " (if it admits you)"
    priced = [(row, plan.cost) for row, plan in found if plan.cost is not None]
    if not priced:
        return f"{told}."
    least, cost = min(priced, key=lambda pair: pair[1])
    if cost == plan.cost:
        return f"{told}, and nothing costs less: {cost}."
    return f"{told}; {least.name} costs least, {cost}."


def assumed_sentence(answer: CompareAnswer) -> str:
    """Return how many columns rest on assumptions."""
    n, names = len(answer.columns_assumed), ", ".join(answer.columns_assumed).lower()
    if n == 0:
        return "No column of figures rests on an assumption."
    verb = "rests" if n == 1 else "rest"
    return f"{n} of 4 columns of figures {verb} on assumptions (*): {names}."


def _row(row: RowAnswer, begin: dt.date, days: int) -> ReportRow:
    figures = row.row.figures
    bar = None
    if figures is not None:
        left = _share(figures.start, begin, days)
        bar = Bar(
            left=left,
            width=max(1.0, round(_share(figures.finish, begin, days) - left, 2)),
            label=f"{month(figures.start)} to {month(figures.finish)}",
        )
    return ReportRow(
        cells=cells(row.row),
        sentences=row.sentences,
        is_dominated=row.is_dominated,
        has_plan=row.row.outcome in (Outcome.PROVEN, Outcome.FOUND),
        bar=bar,
        admitted_class=row.row.admissible.value,
        beginning=row.beginning,
    )


def _share(day: dt.date, begin: dt.date, days: int) -> float:
    return round((day - begin).days * 100 / days, 2)


def _days_to_year_end(first: dt.date, last: dt.date) -> int:
    return (dt.date(last.year + 1, 1, 1) - dt.date(first.year, 1, 1)).days
