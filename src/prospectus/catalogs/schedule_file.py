"""schedule.yaml: when the courses of a school run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from prospectus.catalogs.blocks import (
    Block,
    CatalogFile,
    Clock,
    Observed,
    OrUnknown,
    PeriodName,
    Strict,
    Text,
    Zone,
)
from prospectus.catalogs.site import Site
from prospectus.domain.course import CourseCode, Delivery
from prospectus.domain.facts import Provenance
from prospectus.domain.offering import LiveSession, Offering, OfferingKind, YearParity


class LiveBlock(Block):
    """A weekly live session; what is left out is unknown, and then it cannot be judged."""

    day: Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "unknown"] = "unknown"
    at: OrUnknown[Clock] = "unknown"
    minutes: OrUnknown[Annotated[int, Field(gt=0)]] = "unknown"
    zone: OrUnknown[Zone] = "unknown"
    mandatory: OrUnknown[bool] = "unknown"

    def to_domain(self) -> LiveSession | None:
        """Return the live session; None where a part of it is not known."""
        at, minutes, mandatory = self.at, self.minutes, self.mandatory
        if at == "unknown" or minutes == "unknown" or mandatory == "unknown":
            return None
        if "unknown" in (self.day, self.zone):
            return None
        days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
        return LiveSession(
            weekday=days.index(self.day),
            start=at,
            minutes=minutes,
            zone=self.zone,
            mandatory=mandatory,
        )


Sessions = Literal["any"] | list[Annotated[int, Field(ge=1)]]


class PatternBlock(Strict):
    """Seasons and sessions in which a course is expected."""

    seasons: Literal["every"] | list[Text]
    sessions: Sessions | None = None
    years: Literal["every", "odd", "even"] = "every"


class OfferingBlock(Block):
    """When a course runs: published periods, a pattern, or what was observed."""

    published: list[PeriodName] | None = None
    pattern: PatternBlock | None = None
    history: dict[str, Observed] | None = None
    sessions: Sessions | None = None
    live: list[LiveBlock] = Field(default_factory=list)
    capacity: int | None = Field(default=None, ge=0)
    delivery: Literal["async", "sync", "hybrid", "in_person", "unknown"] | None = Field(
        default=None, description="of these runs, where it is not the course's"
    )
    programs: list[Text] | None = None

    def to_domain(
        self, site: Site, course: CourseCode, seasons: tuple[str, ...]
    ) -> Iterator[Offering]:
        """Yield one offering for the published periods and one for each season."""
        here = site.within(self)
        sessions = [block.to_domain() for block in self.live]
        if None in sessions:
            here.reading.live_unknown.append((here.document.file, course))
        for index, block in enumerate(self.live):
            inner = here.at("live", index).within(block)
            if block.assumption is not None and here.facts.assumption is None:
                # Whoever needs the time of the session rests on what is assumed of it.
                here = replace(here, facts=replace(inner.facts, note=here.facts.note))
        live = tuple(session for session in sessions if session is not None)
        if self.published is None and self.pattern is None and self.history is None:
            here.fault(
                "CAT-020",
                f"nothing says when {course} runs",
                "give `published:`, `pattern:` or `history:`, or leave the course out",
            )
        provenance = here.provenance
        if self.published is not None:
            yield self._offering(
                course,
                OfferingKind.CERTAIN,
                provenance,
                live,
                periods=tuple(name for name, *_ in self.published),
            )
        if self.pattern is not None:
            named = seasons if self.pattern.seasons == "every" else tuple(self.pattern.seasons)
            _check_seasons(here.at("pattern", "seasons"), named, seasons)
            for season in named:
                yield self._offering(
                    course,
                    OfferingKind.EXPECTED,
                    provenance,
                    live,
                    season=season,
                    parity=YearParity(self.pattern.years),
                    sessions=self.pattern.sessions,
                )
        if self.history is not None:
            _check_seasons(here.at("history"), tuple(self.history), seasons)
            for season, (seen, of) in self.history.items():
                yield self._offering(
                    course,
                    OfferingKind.LIKELY,
                    provenance,
                    live,
                    season=season,
                    share=Fraction(seen, of),
                    n_observed=of,
                )

    def _offering(
        self,
        course: CourseCode,
        kind: OfferingKind,
        provenance: Provenance,
        live: tuple[LiveSession, ...],
        *,
        season: str | None = None,
        parity: YearParity = YearParity.EVERY,
        periods: tuple[str, ...] = (),
        sessions: Sessions | None = None,
        share: Fraction | None = None,
        n_observed: int | None = None,
    ) -> Offering:
        named = self.sessions if sessions is None else sessions
        return Offering(
            course=course,
            kind=kind,
            season=season,
            parity=parity,
            periods=periods,
            sessions=tuple(named) if isinstance(named, list) else (),
            any_session=named == "any",
            share=share,
            n_observed=n_observed,
            live=live,
            capacity=self.capacity,
            delivery=None if self.delivery is None else Delivery(self.delivery),
            programs=frozenset(self.programs or ()),
            provenance=provenance,
        )


def _check_seasons(site: Site, named: tuple[str, ...], known: tuple[str, ...]) -> None:
    for season in named:
        if known and season not in known and season not in site.reading.names_refused:
            site.fault(
                "CAT-034",
                f"no calendar of the school has a season '{season}'",
                f"use {', '.join(known)}",
            )


def _one_or_many(value: object) -> str:
    if value == "unknown":
        return "<unknown>"
    return "<several>" if isinstance(value, list) else "<one>"


class ScheduleFile(CatalogFile, Block):
    """schedule.yaml: when the courses of a school run."""

    kind: Literal["schedule"]
    school: Text
    courses: OrUnknown[
        dict[
            str,
            Annotated[
                Annotated[OfferingBlock, Tag("<one>")]
                | Annotated[list[OfferingBlock], Tag("<several>")]
                | Annotated[Literal["unknown"], Tag("<unknown>")],
                Discriminator(_one_or_many),
            ],
        ]
    ]

    def to_domain(self, site: Site, seasons: tuple[str, ...]) -> tuple[Offering, ...]:
        """Return the offerings; `seasons` are those of the school's calendars."""
        found: list[Offering] = []
        for key, value in self.courses.items() if isinstance(self.courses, dict) else ():
            here = site.at("courses", key)
            code = here.code(key)
            if code is None or isinstance(value, str):
                continue
            if isinstance(value, list):
                for index, block in enumerate(value):
                    found.extend(block.to_domain(here.at(index), code, seasons))
            else:
                found.extend(value.to_domain(here, code, seasons))
        return tuple(found)
