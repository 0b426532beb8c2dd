"""calendar.yaml, fees.yaml and assumptions.yaml: dated facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from prospectus.catalogs.blocks import (
    Block,
    CatalogFile,
    Days,
    MonthDay,
    Number,
    OrUnknown,
    PeriodName,
    SelectorText,
    SignedNumber,
    Strict,
    Text,
    Words,
)
from prospectus.catalogs.site import Site
from prospectus.domain.errors import Severity
from prospectus.domain.facts import Assumption, Money
from prospectus.domain.fees import Fee, FeePer, FeeTier
from prospectus.domain.period import Calendar, Period, TermPattern, expand

FIRST_YEAR, LAST_YEAR = 2014, 2045
"""The years over which calendars are laid out."""
_DAYS_OF_A_YEAR = 366


class TermBlock(Block):
    """A term that comes every year."""

    season: Text
    dates: list[MonthDay] | None = Field(default=None, min_length=2, max_length=2)
    sessions: list[Annotated[list[MonthDay], Field(min_length=2, max_length=2)]] | None = Field(
        default=None, min_length=1
    )
    grades_after_days: OrUnknown[int] | None = None

    def to_domain(self, site: Site) -> TermPattern | None:
        """Return the pattern of a term."""
        here = site.within(self)
        if (self.dates is None) == (self.sessions is None):
            here.fault(
                "CAT-024",
                f"{self.season} needs either `dates` or `sessions`",
                "give `dates: [08-24, 12-17]`, or a list of such pairs under `sessions:`",
            )
            return None
        spans = self.sessions if self.sessions is not None else [self.dates or []]
        grades = self.grades_after_days
        if isinstance(grades, int) and not 0 <= grades <= _DAYS_OF_A_YEAR:
            here.at("grades_after_days").fault(
                "CAT-025", f"grades come {grades} days after the end", "write 0 to 366 days"
            )
            grades = None
        return TermPattern(
            season=self.season,
            spans=tuple((span[0], span[1]) for span in spans),
            has_sessions=self.sessions is not None,
            grades_after_days=grades if isinstance(grades, int) else None,
            provenance=here.provenance,
        )


class PublishedPeriod(Block):
    """A period whose days are published."""

    period: PeriodName
    start: dt.date
    end: dt.date
    grades: dt.date | None = None

    def to_domain(self, site: Site) -> Period | None:
        """Return the leaf period."""
        name, season, year, session = self.period
        here = site.within(self)
        return site.make(
            lambda: Period(
                id=name,
                term=name if session is None else type(name)(f"{season} {year}"),
                season=season,
                year=year,
                start=self.start,
                end=self.end,
                session=session,
                grades=self.grades,
                published=True,
                provenance=here.provenance,
            )
        )


class CalendarBlock(Block):
    """One calendar: the pattern of every year, and the days that are published."""

    terms: list[TermBlock] = Field(min_length=1)
    published: list[PublishedPeriod] = Field(default_factory=list)

    def to_domain(self, site: Site) -> Calendar | None:
        """Return the calendar laid out over the years."""
        here = site.within(self)
        patterns = [
            term.to_domain(here.at("terms", index)) for index, term in enumerate(self.terms)
        ]
        seasons = [pattern.season for pattern in patterns if pattern]
        for index, season in enumerate(seasons):
            if season in seasons[:index]:
                here.at("terms", index).fault(
                    "CAT-032", f"{season} stands twice", "merge the two terms"
                )
        published = [
            block.to_domain(here.at("published", index))
            for index, block in enumerate(self.published)
        ]
        kept = tuple(pattern for pattern in patterns if pattern)
        leaves = {
            leaf.id: (index, leaf) for index, leaf in enumerate(published) if leaf is not None
        }
        known = {leaf for pattern in kept for leaf in _leaf_names(pattern)}
        for index, leaf in leaves.values():
            shape = f"{leaf.season} S{leaf.session}" if leaf.session else leaf.season
            if leaf.season in site.reading.names_refused:
                continue
            if shape not in known or not FIRST_YEAR <= leaf.year <= LAST_YEAR:
                here.at("published", index, "period").fault(
                    "CAT-033",
                    f"{leaf.id} is no period of this calendar",
                    f"use one of {', '.join(sorted(known))} in {FIRST_YEAR}..{LAST_YEAR}",
                )
        if len(kept) < len(self.terms):
            here.reading.names_refused |= {here.path[-1], *(t.season for t in self.terms)}  # type: ignore[arg-type]
            return None
        return site.make(
            lambda: expand(kept, tuple(leaf for _, leaf in leaves.values()), FIRST_YEAR, LAST_YEAR)
        )


def _leaf_names(pattern: TermPattern) -> Iterator[str]:
    if not pattern.has_sessions:
        yield pattern.season
    else:
        for number in range(1, len(pattern.spans) + 1):
            yield f"{pattern.season} S{number}"


class CalendarFile(CatalogFile, Block):
    """calendar.yaml: the terms and sessions of a school."""

    kind: Literal["calendar"]
    school: Text
    calendars: dict[str, CalendarBlock]

    def to_domain(self, site: Site) -> tuple[tuple[str, Calendar], ...]:
        """Return the calendars by name."""
        made = (
            (name, block.to_domain(site.at("calendars", name)))
            for name, block in self.calendars.items()
        )
        return tuple((name, calendar) for name, calendar in made if calendar is not None)


class FeeBlock(Block):
    """One fee."""

    id: Text
    per: Literal[
        "credit",
        "course",
        "term",
        "session",
        "month",
        "year",
        "program",
        "once",
        "transfer_course",
    ]
    amount: OrUnknown[Number] | None = None
    tiers: dict[str, Number] | None = Field(
        default=None, description="amounts from so many registered credits of the period"
    )
    of: SelectorText | None = None
    programs: Words = Field(default_factory=list)
    seasons: Words = Field(default_factory=list)
    residence: Words = Field(default_factory=list)
    delivery: Words = Field(default_factory=list)
    year: Text = ""
    valid: Days | None = None
    due_days: Annotated[int, Field(ge=-_DAYS_OF_A_YEAR, le=_DAYS_OF_A_YEAR)] = 0

    @property
    def is_assumed_or_unknown(self) -> bool:
        """Return whether no source gives the price."""
        return self.assumption is not None or (self.tiers is None and self.amount == "unknown")

    def to_domain(self, site: Site, currency: str) -> Fee | None:
        """Return the fee; its amount is the assumption's where it gives none."""
        here = site.within(self)
        amount = self.amount if isinstance(self.amount, Fraction) else None
        if self.amount is None and self.assumption is not None:
            amount = here.assumed_value(self.assumption)
        if self.amount is not None and self.tiers is not None:
            here.fault("CAT-024", f"{self.id} has both an amount and tiers", "keep one of the two")
        if self.amount is None and self.tiers is None and self.assumption is None:
            here.fault(
                "CAT-020", f"{self.id} has no amount", "give `amount:` or `tiers:`, or `unknown`"
            )
        tiers = []
        for key, value in sorted((self.tiers or {}).items(), key=lambda item: item[0].zfill(6)):
            where = here.at("tiers", key)
            if not key.isdigit():
                where.fault("CAT-025", f"'{key}' is no number of credits", "write a whole number")
                continue
            tiers.append(FeeTier(from_credits=int(key), amount=_money(where, value, currency)))
        return Fee(
            id=self.id,
            per=FeePer(self.per),
            amount=None if amount is None else _money(here.at("amount"), amount, currency),
            tiers=tuple(tiers),
            of=here.at("of").selector(self.of),
            seasons=frozenset(self.seasons),
            residence=frozenset(self.residence),
            delivery=frozenset(self.delivery),
            programs=frozenset(self.programs),
            valid_from=self.valid[0] if self.valid else None,
            valid_to=self.valid[1] if self.valid else None,
            due_days=self.due_days,
            year_label=self.year,
            provenance=here.provenance,
        )


def _money(site: Site, value: Fraction, currency: str) -> Money:
    minor = value * 100
    if minor.denominator != 1:
        site.fault("CAT-025", f"{float(value)} is no whole number of cents", "round it to cents")
    return Money(minor=int(minor), currency=currency)


class FeesFile(CatalogFile, Block):
    """fees.yaml: the prices of a school."""

    kind: Literal["fees"]
    school: Text
    fees: list[FeeBlock]

    def to_domain(self, site: Site, currency: str) -> tuple[Fee, ...]:
        """Return the fees in the school's currency."""
        ageless = [
            (index, block.id)
            for index, block in enumerate(self.fees)
            if block.year and block.valid is None and not block.is_assumed_or_unknown
        ]
        if ageless:
            site.at("fees", ageless[0][0]).fault(
                "CAT-088",
                f"{', '.join(name for _, name in ageless)}: `year` is only a label; a price "
                "without `valid` never ages",
                "add e.g. `valid: 2026-08-01..2027-07-31`: the price of a later period then counts "
                "as held flat, and is marked assumed",
                Severity.WARNING,
            )
        made = (
            block.to_domain(site.at("fees", index), currency)
            for index, block in enumerate(self.fees)
        )
        return tuple(fee for fee in made if fee is not None)


class AssumptionBlock(Strict):
    """A value that an answer needs and no source gives."""

    text: Text
    value: SignedNumber
    range: list[SignedNumber] = Field(min_length=2, max_length=2)
    unit: Text
    reason: Text
    source: Text
    note: Text | None = None


class AssumptionsFile(CatalogFile):
    """assumptions.yaml: every assumed value with its range and reason."""

    kind: Literal["assumptions"]
    school: Text | None = Field(default=None, description="the school for which alone they hold")
    assumptions: dict[str, AssumptionBlock]

    def to_domain(self, site: Site) -> tuple[Assumption, ...]:
        """Return the assumptions that can be."""
        found = []
        for key, block in self.assumptions.items():
            made = site.at("assumptions", key).make(
                lambda key=key, block=block: Assumption(  # type: ignore[misc]
                    id=key,
                    text=block.text,
                    value=block.value,
                    low=block.range[0],
                    high=block.range[1],
                    unit=block.unit,
                    reason=block.reason,
                    source=block.source,
                )
            )
            if made is not None:
                found.append(made)
        return tuple(found)
