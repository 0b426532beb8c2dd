"""Which option is dominated: no better on any count, worse on at least one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from prospectus.compare.row import Admissible, Figures, Option, Row


class Criterion(Enum):
    """What options are held against each other on; less is better."""

    FINISH = "finish"
    COST = "cost"
    PEAK = "peak hours"
    TOPICS = "wanted topics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Domination:
    """`loser` is worse than `winner` on these criteria and better on none."""

    loser: Option
    winner: Option
    on: tuple[Criterion, ...]


_OPENNESS = {Admissible.YES: 0, Admissible.DEPENDS: 1, Admissible.UNKNOWN: 2}


def dominations(rows: Sequence[Row]) -> tuple[Domination, ...]:
    """Return every domination between options that can be chosen, in the order of the rows.

    An option dominates another only if it does so under every reading and unknown fact of both:
    readings are not for the person to choose. Where a cost is unknown, or in another currency,
    neither dominates. An option does not dominate one that surely or more surely admits.
    """
    by_option: dict[Option, list[Row]] = {}
    for row in rows:
        by_option.setdefault(row.option, []).append(row)
    return tuple(
        Domination(loser=loser, winner=winner, on=on)
        for loser in by_option
        for winner in by_option
        if winner != loser and (on := _worse_on(by_option[loser], by_option[winner]))
    )


def _worse_on(losers: Iterable[Row], winners: Sequence[Row]) -> tuple[Criterion, ...]:
    """Return the criteria on which some loser is worse; empty unless every one is dominated."""
    worse: set[Criterion] = set()
    for loser in losers:
        for winner in winners:
            found = _pair(loser, winner)
            if not found:
                return ()
            worse |= found
    return tuple(criterion for criterion in Criterion if criterion in worse)


def _pair(loser: Row, winner: Row) -> set[Criterion]:
    if loser.figures is None or winner.figures is None:
        return set()
    if Admissible.NO in (loser.admissible, winner.admissible):
        return set()
    if _OPENNESS[winner.admissible] > _OPENNESS[loser.admissible]:
        return set()
    mine, other = _values(loser.figures), _values(winner.figures)
    cost, other_cost = loser.figures.cost, winner.figures.cost
    if cost is None or other_cost is None or cost.currency != other_cost.currency:
        return set()
    if any(other[criterion] > mine[criterion] for criterion in Criterion):
        return set()
    return {criterion for criterion in Criterion if other[criterion] < mine[criterion]}


def _values(figures: Figures) -> dict[Criterion, int]:
    return {
        Criterion.FINISH: figures.finish.toordinal(),
        Criterion.COST: figures.cost.minor if figures.cost is not None else 0,
        Criterion.PEAK: figures.peak_hours,
        Criterion.TOPICS: figures.topics_missing,
    }
