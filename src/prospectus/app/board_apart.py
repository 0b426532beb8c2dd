"""What is worked out about a board in a process that solves, apart from the one that serves."""

from __future__ import annotations

from prospectus.app.board_answers import Cards, Repaired
from prospectus.app.board_repair import asked_by, begun, mended, planned
from prospectus.app.board_source import BoardSource
from prospectus.app.board_why import WhyHere, why_here


def planned_apart(source: BoardSource) -> Cards:
    """Plan a board."""
    return planned(source.case)


def begun_apart(source: BoardSource) -> Repaired:
    """Plan a board or say why there is no plan."""
    # it loads the solver, which only such a process has
    from prospectus.app.board_way_out import with_ways_out

    return with_ways_out(source, (), begun(source.case))


def repaired_apart(source: BoardSource, cards: Cards) -> Repaired:
    """Repair a board or say why there is no plan."""
    from prospectus.app.board_way_out import with_ways_out

    found = mended(source.case, asked_by(source.case, cards), cards)
    return with_ways_out(source, cards, found)


def why_apart(source: BoardSource, cards: Cards, key: str) -> WhyHere:
    """Say why a card is where it is."""
    return why_here(source.case, cards, key)
