"""What the register of claims is answered with: frozen data, no printing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from prospectus.domain.claim import Claim, FigureKind
from prospectus.domain.facts import Source
from prospectus.domain.program import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many; `share` is None where there is none to count."""

    label: str
    n: int
    of: int
    unit: str

    @property
    def share(self) -> Fraction | None:
        """Return the part (0..1)."""
        return Fraction(self.n, self.of) if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Least, median and most of `of` values; None where there is none.

    `unit` is what a value is measured in ("%" of a whole, months), `counted` what has a value.
    """

    label: str
    least: Fraction | None
    middle: Fraction | None
    most: Fraction | None
    unit: str
    of: int
    counted: str


def spread(label: str, values: list[Fraction], unit: str, counted: str) -> Spread:
    """Return least, median and most of some values."""
    return Spread(
        label=label,
        least=min(values, default=None),
        middle=median(values) if values else None,
        most=max(values, default=None),
        unit=unit,
        of=len(values),
        counted=counted,
    )


Part = Share | Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What one programme adds to a figure."""

    program: str
    catalog_year: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A programme that a figure does not count, and why."""

    program: str
    catalog_year: str
    why: str


def case_of(program: Program, text: str) -> Case:
    """Return what a programme adds."""
    return Case(program=program.id, catalog_year=program.catalog_year, text=text)


def left_out_of(program: Program, why: str) -> LeftOut:
    """Return that a programme is left out."""
    return LeftOut(program=program.id, catalog_year=program.catalog_year, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure over the complete programmes: how it is defined, what came out, over which."""

    kind: FigureKind
    definition: str
    parts: tuple[Part, ...]
    cases: tuple[Case, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def n_programs(self) -> int:
        """Return over how many programmes the figure is."""
        return len(self.cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAnswer:
    """A claim with the figure beside it; None where it has none, or none was computed yet.

    `command` computes the figure anew; empty where there is none.
    """

    claim: Claim
    figure: Figure | None
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsAnswer:
    """The answer of `show_claims`: of which day, and over which files.

    `digest` begins the SHA-256 of the data files that figures rest on, and of nothing else.
    """

    claims: tuple[ClaimAnswer, ...]
    sources: tuple[Source, ...]
    today: dt.date
    digest: str
    n_programs: int
    n_complete: int
