"""The comparison as cells of text, the same for terminal and page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prospectus.compare.row import Admissible, Figures, Outcome, Row
from prospectus.domain.facts import Certainty
from prospectus.domain.printer import month

COLUMNS = ("Programme, track", "Admitted", "Finish", "Months", "Cost", "Peak", "In the way")
FIGURE_COLUMNS = ("Finish", "Months", "Cost", "Peak")

_ADMITTED = {
    Admissible.YES: "yes",
    Admissible.NO: "no",
    Admissible.DEPENDS: "depends",
    Admissible.UNKNOWN: "?",
}
_NO_FIGURES = {
    Outcome.IMPOSSIBLE: "no plan",
    Outcome.OPEN: "not found",
    Outcome.UNPLANNED: "not planned",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """One line of the table; `rates` stands under the cost."""

    id: str
    name: str
    school: str
    track: str
    rules: str
    admitted: str
    finish: str
    months: str
    cost: str
    rates: str
    peak: str
    obstacles: tuple[str, ...]


def cells(row: Row) -> Cells:
    """Return the texts of one row, each figure with its mark."""
    track = ", ".join(part for part in (row.track_name, row.variant_label) if part)
    figures = row.figures
    if figures is None:
        return Cells(
            id=row.option.program,
            name=row.program_name,
            school=row.school_name,
            track=track,
            rules=row.rules,
            admitted=_ADMITTED[row.admissible],
            finish=_NO_FIGURES.get(row.outcome, "-"),
            months="-",
            cost="-",
            rates="",
            peak="-",
            obstacles=row.obstacles,
        )
    return Cells(
        id=row.option.program,
        name=row.program_name,
        school=row.school_name,
        track=track,
        rules=row.rules,
        admitted=_ADMITTED[row.admissible],
        finish=month(figures.finish) + figures.finish_certainty.mark,
        months=str(figures.months) + figures.finish_certainty.mark,
        cost=cost_text(figures),
        rates=f"at {figures.rates}" if figures.rates and figures.cost is not None else "",
        peak=f"{figures.peak_hours} h{figures.peak_certainty.mark}",
        obstacles=row.obstacles,
    )


def cost_text(figures: Figures) -> str:
    """Return the cost with its mark; what is known of an unknown cost is a least."""
    if figures.cost is not None:
        return f"{figures.cost}{figures.cost_certainty.mark}"
    if figures.cost_known is not None and figures.cost_known.minor:
        return f"{figures.cost_known}+?"
    return "?"


def columns_assumed(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the columns of figures in which some row rests on an assumption."""
    figures = [row.figures for row in rows if row.figures is not None]
    finish = any(item.finish_certainty is Certainty.ASSUMED for item in figures)
    by_column = {
        "Finish": finish,
        "Months": finish,
        "Cost": any(item.cost_certainty is Certainty.ASSUMED for item in figures),
        "Peak": any(item.peak_certainty is Certainty.ASSUMED for item in figures),
    }
    return tuple(column for column in FIGURE_COLUMNS if by_column[column])
