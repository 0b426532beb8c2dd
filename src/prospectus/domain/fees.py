"""What a degree costs: fees by credit, course, period or year, with tiers and dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from prospectus.domain.expression import AnyCourse, Selector
from prospectus.domain.facts import Money, Provenance
from prospectus.domain.place import place


class FeePer(Enum):
    """What a fee is charged for."""

    CREDIT = "credit"
    COURSE = "course"
    TERM = "term"
    SESSION = "session"
    MONTH = "month"
    YEAR = "year"
    PROGRAM = "program"
    ONCE = "once"
    TRANSFER_COURSE = "transfer_course"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTier:
    """An amount from so many registered credits of the period upwards."""

    from_credits: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """One fee.

    `amount` None with no tiers is unknown. `seasons`, `residence` and `delivery` restrict it
    (empty: everyone). With `tiers`, the highest tier whose `from_credits` the registered credits
    of the period reach is charged. `valid_from`..`valid_to` bound the days on which a period may
    start; beyond the last published rate it is held flat and shown as assumed. `due_days` is the
    due day relative to the start of the period (default 0: its first day).
    `of` restricts fees per credit and per course, taken or transferred; one per transferred course
    is charged once, with the first term, for what the record brings.
    """

    id: str
    per: FeePer
    amount: Money | None = None
    tiers: tuple[FeeTier, ...] = ()
    of: Selector = AnyCourse()
    seasons: frozenset[str] = frozenset()
    residence: frozenset[str] = frozenset()
    delivery: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    due_days: int = 0
    year_label: str = ""
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        object.__setattr__(self, "residence", frozenset(map(place, self.residence)))

    @property
    def is_unknown(self) -> bool:
        """Return whether no source and no assumption gives the amount."""
        return self.amount is None and not self.tiers

    def years_beyond(self, day: dt.date) -> int:
        """Return how many years after the last valid day a day lies, begun ones counted whole."""
        last = self.valid_to
        if last is None or day <= last:
            return 0
        return day.year - last.year + ((day.month, day.day) > (last.month, last.day))

    def grown(self, growth: Fraction, day: dt.date) -> Fee:
        """Return the fee at the rates of a day beyond its validity, grown by a share each year.

        Each rate (a price per credit, a tier) is rounded to whole minor units, halves up, before
        it is multiplied by anything.
        """
        years = self.years_beyond(day)
        if not growth or not years:
            return self
        factor = (1 + growth) ** years

        def rate(amount: Money) -> Money:
            return replace(amount, minor=int(amount.minor * factor + Fraction(1, 2)))

        return replace(
            self,
            amount=None if self.amount is None else rate(self.amount),
            tiers=tuple(replace(tier, amount=rate(tier.amount)) for tier in self.tiers),
        )
