"""Changes of one wish: what is asked instead, in words, and how much of the wish it gives up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.domain.facts import Money
from prospectus.domain.period import Calendar
from prospectus.domain.printer import long_day
from prospectus.domain.student import DayRange, LimitByRange, Wishes
from prospectus.domain.wish import Buffer
from prospectus.planning.wish_list import each_wish

WHOLE = Fraction(1)
"""The share of a wish that is given up where it is dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One wish bent or dropped.

    `amount` says by how much in `unit` (None: dropped), `share` which part of what was asked that
    is. `is_least` says whether less was shown to be too little.
    """

    wish: str
    text: str
    amount: int | None = None
    unit: str = ""
    share: Fraction = WHOLE
    is_least: bool = True


@dataclass(frozen=True, slots=True)
class Changed:
    """A change and the wishes with it."""

    change: Change
    wishes: Wishes


Changing = Callable[[Wishes], Changed | None]
"""Changes one wish; None where that cannot be said in a student file."""


def without(wishes: Wishes, id_: str) -> Wishes:
    """Return the wishes without those of an id, as a conflict names them."""
    if id_ == "offerings":
        return replace(wishes, min_offering_share=Fraction(0))
    # where some fees are unknown, no limit of money can be met, whichever it is
    if id_ == "budget" and wishes.budget_total is None:
        return replace(wishes, budget_by_year=())
    if id_ == "out_of_pocket" and wishes.pocket_total is None:
        return replace(wishes, pocket_by_year=())
    while (one := next((w for w in each_wish(wishes) if w.id == id_), None)) is not None:
        wishes = one.without
    return wishes


def dropped(wishes: Wishes, id_: str, text: str) -> Changed:
    """Return the wish given up."""
    what = "have it approved" if id_.startswith("approval ") else "give up"
    return Changed(Change(wish=id_, text=f"{what}: {text}"), without(wishes, id_))


def fewer_terms(wishes: Wishes, fewer: int) -> Changed:
    """Return the wishes with fewer terms left before the deadline."""
    n_terms = max(one.terms for one in wishes.about if isinstance(one, Buffer))
    others = tuple(one for one in wishes.about if not isinstance(one, Buffer))
    kept = Buffer(terms=n_terms - fewer)
    change = Change(
        wish="buffer",
        text=f"{kept.text} instead of {n_terms}",
        amount=fewer,
        unit=f"{'term' if fewer == 1 else 'terms'} of buffer fewer",
        share=share_of(fewer, n_terms),
    )
    return Changed(change, replace(wishes, about=(*others, kept)))


def rarer_courses(wishes: Wishes, share: Fraction) -> Changed:
    """Return the wishes with a plan allowed to rest on courses that ran less often."""
    asked = wishes.min_offering_share
    change = Change(
        wish="offerings",
        text=f"rest on courses that ran in only {share} of such terms (instead of {asked})",
        share=(asked - share) / asked,
    )
    return Changed(change, replace(wishes, min_offering_share=share))


def share_of(amount: int, asked: int) -> Fraction:
    """Return which part of what was asked an amount is; of nothing, all."""
    return Fraction(amount, asked) if asked else WHOLE


def more_hours(wishes: Wishes, id_: str, more: int, *, is_least: bool) -> Changed:
    """Return the limit of hours or courses raised by so much wherever there is one."""
    ranges = wishes.hours_by_range if id_ == "hours" else wishes.courses_by_range
    usual = wishes.hours_per_week if id_ == "hours" else wishes.courses_per_period
    raised = tuple(
        replace(one, limit=None if one.limit is None else one.limit + more) for one in ranges
    )
    higher = None if usual is None else usual + more
    where = "in every period" if not ranges or usual is None else "wherever you give a limit"
    asked = max([*(one.limit or 0 for one in ranges), usual or 0])
    if id_ == "hours":
        told = f"{more} h a week more {where}"
        after = replace(wishes, hours_per_week=higher, hours_by_range=raised)
        unit = "h a week in every period"
    else:
        told = f"{more} more {'course' if more == 1 else 'courses'} at once {where}"
        after = replace(wishes, courses_per_period=higher, courses_by_range=raised)
        unit = f"{'course' if more == 1 else 'courses'} at once in every period"
    told += f" ({higher} instead of {usual})" if usual is not None and not ranges else ""
    change = Change(
        wish=id_,
        text=told,
        amount=more,
        unit=unit,
        share=share_of(more, asked),
        is_least=is_least,
    )
    return Changed(change, after)


def more_hours_once(
    wishes: Wishes, id_: str, more: int, leaf: int, calendar: Calendar, *, is_least: bool
) -> Changed | None:
    """Return the limit raised in one period; None where its days lie all inside others too."""
    periods = calendar.leaves
    is_hours = id_ == "hours"
    limit_of = wishes.hours_limit if is_hours else wishes.courses_limit
    limits = [limit_of(one.start, one.end) for one in periods]
    asked = limits[leaf]
    if asked is None:
        return None
    limits[leaf] = asked + more
    ranges = wishes.hours_by_range if is_hours else wishes.courses_by_range
    mine = periods[leaf]
    if not any(one.days.overlaps(mine.start, mine.end) for one in ranges):
        changed = {leaf: limits[leaf]}
    else:
        # the least of several ranges holds, so that raising one means saying each anew
        changed, ranges = dict(enumerate(limits)), ()
    own = [_own_day(calendar, index) for index in changed]
    ranges += tuple(
        LimitByRange(days=DayRange(first=day, last=day), limit=limit)
        for day, limit in zip(own, changed.values(), strict=True)
        if day is not None
    )
    kept = "hours_by_range" if is_hours else "courses_by_range"
    after = replace(wishes, **{kept: ranges})  # type: ignore[arg-type]
    limit_after = after.hours_limit if is_hours else after.courses_limit
    if [limit_after(one.start, one.end) for one in periods] != limits:
        return None
    noun = "course" if more == 1 else "courses"
    text = f"{more} h a week more" if is_hours else f"{more} more {noun} at once"
    change = Change(
        wish=id_,
        text=f"{text} in {mine.id} ({asked + more} instead of {asked})",
        amount=more,
        unit=f"{'h a week' if is_hours else f'{noun} at once'} in {mine.id}",
        share=share_of(more, asked),
        is_least=is_least,
    )
    return Changed(change, after)


def _own_day(calendar: Calendar, leaf: int) -> dt.date | None:
    """Return a day that lies in one leaf period only."""
    mine = calendar.leaves[leaf]
    others = [one for index, one in enumerate(calendar.leaves) if index != leaf]
    days = (mine.start, mine.end, mine.start + (mine.end - mine.start) / 2)
    return next(
        (day for day in days if not any(one.start <= day <= one.end for one in others)), None
    )


def later(
    wishes: Wishes, day: dt.date, calendar: Calendar, since: dt.date, *, is_least: bool
) -> Changed:
    """Return the deadline moved to a later day."""
    asked = wishes.deadline
    assert asked is not None
    n_terms = sum(asked < term.end <= day for term in calendar.terms)
    noun = "term" if n_terms == 1 else "terms"
    told = f"done by {long_day(day)} instead of {long_day(asked)}"
    change = Change(
        wish="deadline",
        text=told + (f" ({n_terms} {noun} later)" if n_terms else ""),
        amount=(day - asked).days,
        unit="days later",
        share=share_of((day - asked).days, (asked - since).days),
        is_least=is_least,
    )
    return Changed(change, replace(wishes, deadline=day))


def more_money(
    wishes: Wishes, id_: str, more: int, *, is_least: bool, years: Iterable[int] = (), once: int = 0
) -> Changed:
    """Return a limit of money raised; of one for each year, in the year `once` if that is told.

    `years` are those in which something may fall due.
    """
    kind, _, rest = id_.partition(" ")
    is_budget = kind == "budget"
    words = "due" if is_budget else "out of pocket"
    total = wishes.budget_total if is_budget else wishes.pocket_total
    by_year = wishes.budget_by_year if is_budget else wishes.pocket_by_year
    if not rest:
        assert total is not None
        asked, where = total, "in all" if is_budget else "in all out of pocket"
        total = _raised(total, more)
    elif once:
        asked = _least_of(by_year, None)
        others = tuple(pair for pair in by_year if pair[0] is not None)
        each = {year: asked for year in sorted({*years, once})} | {once: _raised(asked, more)}
        by_year, where = (*others, *each.items()), f"{words} in {once}"
    else:
        year = None if rest == "by year" else int(rest)
        asked = _least_of(by_year, year)
        by_year = tuple(
            (when, _up_to(m, asked, more) if when == year else m) for when, m in by_year
        )
        where = f"{words} in {'each calendar year' if year is None else year}"
    raised = _raised(asked, more)
    change = Change(
        wish=id_,
        text=f"{Money(minor=more, currency=asked.currency)} more {where} "
        f"({raised} instead of {asked})",
        amount=more,
        unit=f"minor units of {asked.currency} {where}",
        share=share_of(more, asked.minor),
        is_least=is_least,
    )
    if is_budget:
        return Changed(change, replace(wishes, budget_total=total, budget_by_year=by_year))
    return Changed(change, replace(wishes, pocket_total=total, pocket_by_year=by_year))


def _least_of(by_year: Iterable[tuple[int | None, Money]], year: int | None) -> Money:
    return min((most for when, most in by_year if when == year), key=lambda money: money.minor)


def _raised(money: Money, more: int) -> Money:
    return Money(minor=money.minor + more, currency=money.currency)


def _up_to(money: Money, asked: Money, more: int) -> Money:
    return Money(minor=max(money.minor, asked.minor + more), currency=money.currency)


def limits_by_year(wishes: Wishes, id_: str) -> Mapping[int | None, int]:
    """Return the least limit for each year, in minor units; None: every year."""
    pairs = wishes.budget_by_year if id_.startswith("budget") else wishes.pocket_by_year
    found: dict[int | None, int] = {}
    for year, money in pairs:
        found[year] = min(found.get(year, money.minor), money.minor)
    return found
