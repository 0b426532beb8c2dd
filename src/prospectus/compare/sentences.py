"""Two or three plain sentences per row, and what the readings of a programme change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prospectus.compare.cells import cost_text
from prospectus.compare.dominance import Criterion, Domination
from prospectus.compare.row import Figures, Outcome, Row, Without, is_background
from prospectus.domain.printer import month

_WORSE = {
    Criterion.FINISH: "ends later",
    Criterion.COST: "costs more",
    Criterion.PEAK: "has heavier weeks",
    Criterion.TOPICS: "covers fewer wanted topics",
}


def sentences(row: Row, found: Sequence[Domination], names: dict[str, str]) -> tuple[str, ...]:
    """Return what to know of a row: its plan, its sensitivity, what beats it.

    Parameters
    ----------
    row
        The row.
    found
        All dominations of the comparison.
    names
        Printed names of options by their text form.
    """
    figures = row.figures
    if figures is None:
        return _without_plan(row)
    lines = [_plan(row, figures)]
    if row.sensitivity is not None:
        lines.append(_sensitivity(row, figures))
    beaten = [item for item in found if item.loser == row.option]
    losers = {item.loser for item in found}
    best = next((item for item in beaten if item.winner not in losers), None)
    if best is not None:
        worse = _listed([_WORSE[criterion] for criterion in best.on])
        name = names.get(str(best.winner), str(best.winner))
        lines.append(f"Dominated by {name}: it {worse} and is better on nothing.")
    elif figures.cost is None:
        lines.append("Its cost is not known, so it is not held against the others on cost.")
    return tuple(lines)


def _plan(row: Row, figures: Figures) -> str:
    first = row.first_courses[0].period if row.first_courses else month(figures.start)
    rates = f" at {figures.rates} rates" if figures.rates else ""
    cost = (
        f"for {cost_text(figures)}{rates}"
        if figures.cost is not None
        else "at a cost that no source gives"
    )
    how = "" if row.outcome is Outcome.PROVEN else " (best found, not proven)"
    told = (
        f"Begins in {first} and ends in {month(figures.finish)}, "
        f"{_months(figures.months)} later, {cost}{how}."
    )
    if figures.topics_wanted:
        n_covered = figures.topics_wanted - figures.topics_missing
        told += f" Covers {n_covered} of {figures.topics_wanted} wanted topics."
    return told


def _sensitivity(row: Row, figures: Figures) -> str:
    fewer = row.sensitivity
    assert fewer is not None
    hours = f"{figures.peak_hours}{figures.peak_certainty.mark} h a week"
    if fewer.is_impossible:
        return f"Needs {hours}; with {fewer.hours_per_week} h there is no plan."
    takes = f"Takes up to {hours}"
    if fewer.finish is None:
        return f"{takes}; with {fewer.hours_per_week} h no plan was found in the time given."
    if fewer.finish <= figures.finish:
        return f"{takes}; with {fewer.hours_per_week} h it ends no later."
    return f"{takes}; with {fewer.hours_per_week} h it ends in {month(fewer.finish)}."


def _without_plan(row: Row) -> tuple[str, ...]:
    if row.outcome is Outcome.IMPOSSIBLE:
        lines = ["No plan meets the rules and all of your wishes."]
        if row.conflict:
            least = "" if row.conflict_is_minimal else " (perhaps not all of them are to blame)"
            lines.append(f"These cannot all hold{least}: {'; '.join(row.conflict)}.")
        more = row.sensitivity
        if more is not None and more.finish is not None:
            lines.append(
                f"Any plan takes {more.hours_per_week} h a week or more; with so many it would "
                f"end in {month(more.finish)}."
            )
        if row.without is not None:
            lines.append(_without_wishes(row.without))
        return tuple(lines)
    if row.outcome is Outcome.OPEN:
        return ("No plan was found in the time given; that none exists is not proven.",)
    return tuple(f"{obstacle[0].upper()}{obstacle[1:]}." for obstacle in row.obstacles)


def _without_wishes(without: Without) -> str:
    cost = f", costs {without.cost}" if without.cost is not None else ""
    return (
        f"Without those wishes the best plan ends in {month(without.finish)}{cost} and takes up "
        f"to {without.peak_hours} h a week."
    )


def reading_note(rows: Sequence[Row], meanings: Mapping[tuple[str, str], str] | None = None) -> str:
    """Return what the readings and unknown facts of one option change; empty for a single row.

    `meanings` tell, for a dispute and its reading, what is read, and for a dispute and "" why.
    """
    if len(rows) < 2:
        return ""
    known = meanings or {}
    track = f", {rows[0].track_name}" if rows[0].track_name else ""
    whys = dict.fromkeys(
        known[name, ""] for row in rows for name, _ in row.variant if (name, "") in known
    )
    head = f"{rows[0].short_name}{track}: "
    head += f"the rules can be read in several ways ({'; '.join(whys)}). " if whys else ""
    if len({_answer(row) for row in rows}) == 1:
        labels = "" if whys else f" ({'; '.join(row.variant_label for row in rows)})"
        return f"{head}The answer is the same in each case{labels}: {_answer(rows[0])}."
    told = "; ".join(f"{_variant(row, known)}: {_answer(row)}" for row in rows)
    is_yours = all(is_background(name) for row in rows for name, _ in row.variant)
    end = "say in your details which holds" if is_yours else "ask the school"
    return f"{head}{told}. The answer differs, so {end}."


def _variant(row: Row, meanings: Mapping[tuple[str, str], str]) -> str:
    meant = [meanings[pair] for pair in row.variant if pair in meanings]
    return f"{row.variant_label} ({'; '.join(meant)})" if meant else row.variant_label


def _answer(row: Row) -> str:
    if row.figures is None:
        return "no plan" if row.outcome is Outcome.IMPOSSIBLE else "not planned"
    return f"{month(row.figures.finish)}, {cost_text(row.figures)}, {row.figures.peak_hours} h"


def _months(n: int) -> str:
    return "1 month" if n == 1 else f"{n} months"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
