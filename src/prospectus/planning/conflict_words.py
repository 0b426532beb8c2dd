"""Members of a conflict in words, and the order in which they are tried and shown."""

from __future__ import annotations

from prospectus.domain.period import Calendar
from prospectus.domain.student import Wishes

_RULES = ("requisite", "node", "load", "rule", "gap", "minimum", "maximum", "sequence", "total")
_LIMITS = ("budget", "out_of_pocket", "courses", "hours", "deadline")
_MOST_RANGES = 3


def order_of(id_: str) -> tuple[int, int, str]:
    """Return the place of a member in trying to do without it: what should go first, first.

    Wishes go before rules, so that the fewest wishes are left to blame; wishes on single courses
    and terms before limits, which are easier to bend by a little.
    """
    kind = id_.split(" ")[0]
    if kind in _RULES:
        return (2, _RULES.index(kind), id_)
    if kind in _LIMITS:
        return (1, _LIMITS.index(kind), id_)
    return (0, 0, id_)


def told(
    id_: str,
    text: str,
    parts: frozenset[int | None],
    all_parts: frozenset[int | None],
    wishes: Wishes,
    calendar: Calendar,
) -> str:
    """Return a member in words; of what holds by period or year, the periods that conflict."""
    some = sorted(part for part in parts if part is not None)
    every = sorted(part for part in all_parts if part is not None)
    if not some:
        return text
    ranges = _ranges(some, every)
    if id_ in ("budget by year", "out_of_pocket by year"):
        is_budget = id_ == "budget by year"
        limits = wishes.budget_by_year if is_budget else wishes.pocket_by_year
        limit = next((most for year, most in limits if year is None), None)
        if limit is None or some == every or len(ranges) > _MOST_RANGES:
            return text
        years = [str(a) if a == b else f"{a} to {b}" for a, b in ranges]
        return f"at most {limit} {'due' if is_budget else 'out of pocket'} in {_and(years)}"
    leaves = calendar.leaves
    periods = [leaves[part] for part in some]
    most = {
        wishes.hours_limit(one.start, one.end)
        if id_ == "hours"
        else wishes.courses_limit(one.start, one.end)
        for one in periods
    }
    if len(most) != 1 or len(ranges) > _MOST_RANGES:
        return text
    limit_of_all = most.pop()
    noun = "course" if limit_of_all == 1 else "courses"
    said = f"at most {limit_of_all} {noun} at once"
    if id_ == "hours":
        said = f"{limit_of_all} h a week"
    if id_ == "hours" and wishes.hours_are_assumed and not wishes.hours_by_range:
        said += " (assumed)"
    if some == every:
        return said
    names = [
        str(leaves[a].id) if a == b else f"{leaves[a].id} to {leaves[b].id}" for a, b in ranges
    ]
    return f"{said} in {_and(names)}"


def _ranges(some: list[int], every: list[int]) -> list[tuple[int, int]]:
    """Return parts as runs of neighbours among all parts."""
    place = {part: i for i, part in enumerate(every)}
    ranges: list[tuple[int, int]] = []
    for part in some:
        if ranges and place[part] == place[ranges[-1][1]] + 1:
            ranges[-1] = (ranges[-1][0], part)
        else:
            ranges.append((part, part))
    return ranges


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
