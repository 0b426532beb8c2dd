"""Whose fault it is that there is no plan, and what a way out leads to, in words."""

from __future__ import annotations

from prospectus.app.impossible_answers import BlameLine, RelaxationLine
from prospectus.domain.printer import long_day, month


def whose(line: BlameLine) -> str:
    """Return whether a wish or a rule is to blame, and where it stands."""
    if line.is_wish:
        where = f", line {line.at.line}" if line.at.line is not None else ""
        return f"your wish{where}"
    if not line.sources:
        return "a rule"
    day = f", {line.as_of}" if line.as_of else ""
    return f"a rule [{' '.join(line.sources)}{day}]"


def outcome(line: RelaxationLine) -> str:
    """Return the end and the price of the best plan after a change of wishes."""
    end = month(line.finish) if line.finish_is_projected else long_day(line.finish)
    cost = "price unknown" if line.cost is None else str(line.cost)
    least = "" if line.is_least else "; perhaps less is enough"
    return f"then done by {end}, {cost}{least}"
