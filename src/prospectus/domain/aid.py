"""What an employer pays back of a degree's price: under which grade, when, and how much a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from prospectus.domain.errors import DomainError
from prospectus.domain.facts import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerAid:
    """Reimbursement of what is billed with a term in which something is planned.

    It is paid `paid_after_days` after the term's last day, where every planned course of the term
    meets `min_grade` (None: any grade). Of what is due for payment in a calendar year at most
    `per_year` is paid; the rest is lost. With `carry_over` what a year leaves unused is added to
    the next, from the year on in which the first planned course begins. `covers` are words of fee
    ids, such as `tuition`; without them every fee is covered.
    """

    per_year: Money
    min_grade: str | None = None
    paid_after_days: int = 0
    carry_over: bool = False
    covers: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.paid_after_days < 0:
            raise DomainError(
                "DOM-051", what="paid_after_days is negative", fix="give 0 or more days"
            )

    def covers_fee(self, fee: str) -> bool:
        """Return whether a fee, by its id, is paid back."""
        return not self.covers or bool(self.covers & {fee, *fee.split("-")})

    def paid_on(self, term_end: dt.date) -> dt.date:
        """Return the day on which what was billed with a term is paid back."""
        return term_end + dt.timedelta(days=self.paid_after_days)

    def paid(self, asked: Mapping[int, int], first_year: int) -> dict[int, int]:
        """Return what is paid in each calendar year, in minor units.

        `asked` is what could be paid by the year of payment, `first_year` the year in which the
        first planned course begins; nothing is paid before it.
        """
        found: dict[int, int] = {}
        room = 0
        for year in range(first_year, max(asked, default=first_year) + 1):
            room = self.per_year.minor + (room if self.carry_over else 0)
            found[year] = min(asked.get(year, 0), room)
            room -= found[year]
        return found
