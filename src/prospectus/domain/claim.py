"""Claims met in advice and reports: who says what, on whose authority, and what is known of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from prospectus.domain.errors import Place
from prospectus.domain.facts import Source


class ClaimStatus(Enum):
    """What is known of a claim; `computed` puts a figure of our own beside it and judges nothing.

    `supported` and `contradicted` rest on evidence that a reader can open.
    """

    UNVERIFIED = "unverified"
    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    COMPUTED = "computed"


class FigureKind(Enum):
    """A figure that is computed over the complete programmes of the catalog."""

    PROGRAMMING = "programming"
    ELECTIVES = "electives"
    DELIVERY = "delivery"
    EXPERIENCE = "experience"
    MONTHS = "months"
    HARD_COURSES = "hard-courses"


class Bearing(Enum):
    """Which way a piece of evidence points; `beside` is about something near the claim."""

    FOR = "for"
    AGAINST = "against"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a publication says that bears on a claim."""

    text: str
    bearing: Bearing
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The search for the report that a claim names: when, where, and what came of it."""

    day: dt.date
    where: str
    found: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement with its origin.

    `attributed_to` is the body on whose authority it is said, `report` the publication of that
    body that is named; empty where none is.
    """

    id: str
    statement: str
    said_by: str
    attributed_to: str
    report: str
    search: Search
    status: ClaimStatus
    why: str
    figure: FigureKind | None = None
    evidence: tuple[Evidence, ...] = ()
    at: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """All claims in the order of their file, and the publications that their evidence names."""

    claims: tuple[Claim, ...]
    sources: tuple[Source, ...]

    def source(self, id_: str) -> Source:
        """Return the publication of an id."""
        return next(source for source in self.sources if source.id == id_)
