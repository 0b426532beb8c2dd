"""The period tree: terms, the sessions inside them, and dates beyond the published calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NewType

from prospectus.domain.errors import DomainError
from prospectus.domain.facts import Certainty, Provenance

PeriodId = NewType("PeriodId", str)
"""`Fall 2026` for a term, `Fall 2026 S2` for its second session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A term, or a session inside a term.

    `start` and `end` are the first and last day. A term without sessions is a leaf; so is a
    session. `published` False means that the dates are projected by season and print as a month.
    `session` is the 1-based number of a session in its term.
    """

    id: PeriodId
    term: PeriodId
    season: str
    year: int
    start: dt.date
    end: dt.date
    session: int | None = None
    grades: dt.date | None = None
    published: bool = False
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise DomainError(
                "DOM-030", what=f"{self.id} ends before it starts", fix="give start before end"
            )

    @property
    def n_weeks(self) -> int:
        """Return the length in whole weeks, at least 1."""
        return max(1, round(((self.end - self.start).days + 1) / 7))

    @property
    def grades_known(self) -> dt.date:
        """Return the day grades are known: the calendar's grade date, else the last day."""
        return self.grades or self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class TermPattern:
    """A term that comes every year: its season and its sessions as (month, day) spans.

    Each span is ((start month, day), (end month, day)); an end before its start lies in the
    next year. One span and `has_sessions` False is a term without sessions.
    """

    season: str
    spans: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    has_sessions: bool = False
    grades_after_days: int | None = None
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Leaf periods in time order, with the terms that hold them.

    `leaves[i]` is the leaf with index i; `term_of[i]` the index into `terms` of its term;
    `leaves_by_term[t]` the leaf indexes of term t. Leaves may overlap in time only when they
    belong to one term.
    """

    leaves: tuple[Period, ...]
    terms: tuple[Period, ...]
    term_of: tuple[int, ...] = field(init=False, default=())
    leaves_by_term: tuple[tuple[int, ...], ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        if [leaf.start for leaf in self.leaves] != sorted(leaf.start for leaf in self.leaves):
            raise DomainError(
                "DOM-031", what="leaf periods are not in time order", fix="sort them by start"
            )
        place = {term.id: index for index, term in enumerate(self.terms)}
        term_of = tuple(place[leaf.term] for leaf in self.leaves)
        inside: list[list[int]] = [[] for _ in self.terms]
        for index, term in enumerate(term_of):
            inside[term].append(index)
        object.__setattr__(self, "term_of", term_of)
        object.__setattr__(self, "leaves_by_term", tuple(tuple(found) for found in inside))

    def leaf_index(self, period: str) -> int | None:
        """Return the index of the leaf of that id, None when there is none."""
        for index, leaf in enumerate(self.leaves):
            if leaf.id == period:
                return index
        return None

    def leaves_of(self, period: str) -> tuple[int, ...]:
        """Return the leaf indexes of a term or a leaf; empty when the id is not known."""
        return tuple(
            index for index, leaf in enumerate(self.leaves) if period in (leaf.id, leaf.term)
        )

    def first_leaf_from(self, day: dt.date) -> int:
        """Return the index of the first leaf that starts on or after `day`; len when none."""
        for index, leaf in enumerate(self.leaves):
            if leaf.start >= day:
                return index
        return len(self.leaves)


def _day(year: int, month_day: tuple[int, int]) -> dt.date:
    month, day = month_day
    if (month, day) == (2, 29):
        day = 28
    return dt.date(year, month, day)


def expand(
    patterns: tuple[TermPattern, ...],
    published: tuple[Period, ...],
    first_year: int,
    last_year: int,
) -> Calendar:
    """Return the calendar of `first_year`..`last_year`: published leaves, the rest projected.

    A published leaf replaces the projected one of the same id.
    """
    by_id = {leaf.id: leaf for leaf in published}
    leaves: list[Period] = []
    terms: dict[PeriodId, list[Period]] = {}
    for year in range(first_year, last_year + 1):
        for pattern in patterns:
            term_id = PeriodId(f"{pattern.season} {year}")
            for number, (begin, finish) in enumerate(pattern.spans, start=1):
                leaf_id = PeriodId(f"{term_id} S{number}") if pattern.has_sessions else term_id
                start = _day(year, begin)
                if begin < pattern.spans[0][0]:
                    start = _day(year + 1, begin)
                end = _day(start.year + (1 if finish < begin else 0), finish)
                projected = Period(
                    id=leaf_id,
                    term=term_id,
                    season=pattern.season,
                    year=year,
                    start=start,
                    end=end,
                    session=number if pattern.has_sessions else None,
                    grades=(
                        end + dt.timedelta(days=pattern.grades_after_days)
                        if pattern.grades_after_days is not None
                        else None
                    ),
                    provenance=pattern.provenance,
                )
                leaf = by_id.get(leaf_id, projected)
                leaves.append(leaf)
                terms.setdefault(term_id, []).append(leaf)
    leaves.sort(key=lambda leaf: (leaf.start, leaf.id))
    ordered = sorted(terms.items(), key=lambda item: min(leaf.start for leaf in item[1]))
    return Calendar(
        leaves=tuple(leaves),
        terms=tuple(_term(term_id, members) for term_id, members in ordered),
    )


def _term(term_id: PeriodId, members: list[Period]) -> Period:
    first = min(members, key=lambda leaf: leaf.start)
    last = max(members, key=lambda leaf: leaf.end)
    return Period(
        id=term_id,
        term=term_id,
        season=first.season,
        year=first.year,
        start=first.start,
        end=last.end,
        grades=last.grades,
        published=all(leaf.published for leaf in members),
        provenance=first.provenance
        if first.provenance.certainty is not Certainty.STATED
        else last.provenance,
    )
