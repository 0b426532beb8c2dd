"""Facts: where a statement comes from, of what day it is, and how sure it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from prospectus.domain.errors import DomainError, Place


class Certainty(Enum):
    """How sure a fact is; the mark is what tables print beside it."""

    STATED = "stated"
    REPORTED = "reported"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"

    @property
    def mark(self) -> str:
        """Return `~` for reported, `*` for assumed, `?` for unknown, nothing for stated."""
        return {"stated": "", "reported": "~", "assumed": "*", "unknown": "?"}[self.value]


class Completeness(Enum):
    """How much of a source a node encodes; only what is complete is planned."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    STUB = "stub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication that facts are taken from."""

    id: str
    title: str
    address: str = ""
    read: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a block of facts comes from.

    `n_reports` is the number of reports behind a reported figure; `assumption` the id of the
    entry of `assumptions.yaml` behind an assumed one.
    """

    sources: tuple[str, ...] = ()
    as_of: str = ""
    certainty: Certainty = Certainty.STATED
    n_reports: int | None = None
    assumption: str | None = None
    note: str = ""
    at: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A value that an answer needs and no source gives: shown as assumed, with its range."""

    id: str
    text: str
    value: Fraction
    low: Fraction
    high: Fraction
    unit: str
    reason: str
    source: str

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise DomainError(
                "DOM-001",
                what=f"assumption {self.id}: {self.value} lies outside {self.low}..{self.high}",
                fix="give a value inside its own range",
            )


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Money:
    """An amount in minor units (cents) of one currency."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        """Return the sum of two amounts of one currency."""
        if self.currency != other.currency:
            raise DomainError(
                "DOM-002",
                what=f"{self.currency} and {other.currency} cannot be added",
                fix="give all amounts in one currency",
            )
        return Money(minor=self.minor + other.minor, currency=self.currency)

    def __str__(self) -> str:
        """Return e.g. `USD 9,300`, `USD 12.50` or `-USD 12.50`."""
        whole, cents = divmod(abs(self.minor), 100)
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{self.currency} {whole:,}" + (f".{cents:02d}" if cents else "")
