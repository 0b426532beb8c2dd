"""What is told of the topics of a programme: areas, topics, what is decided of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.course import CourseCode
from prospectus.domain.topic import Area, Tag

GUARANTEED = "guaranteed"
POSSIBLE = "possible"
IF_RUN = "if it runs"
IF_CARRIED = "unknown courses"
IMPOSSIBLE = "impossible"
UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLine:
    """A topic and what is decided of it; `tags` are the courses that carry it, and why."""

    id: str
    label: str
    state: str
    tags: tuple[tuple[CourseCode, Tag], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLine:
    """An area, what is decided of it, and its topics in the order of the taxonomy."""

    area: Area
    state: str
    topics: tuple[TopicLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRange:
    """The least and the greatest applied share (0..1) of a completion's tagged credits.

    `untagged` is the greatest share of its credits whose courses carry no tag. A bound that is
    not proven is that of some completion; another might go beyond.
    """

    least: Fraction
    most: Fraction
    untagged: Fraction
    is_proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicReach:
    """What one programme, or one track of it, brings in every, some or no legal completion.

    Each of `n_worlds` is a reading of what is disputed and a value of what is not known of the
    person; `n_without_plan` of them have no legal plan and are left out. `why_not` tells why
    nothing could be decided.
    """

    program: str
    track: str | None
    areas: tuple[AreaLine, ...] = ()
    share: ShareRange | None = None
    n_worlds: int = 0
    n_without_plan: int = 0
    unknown_courses: tuple[CourseCode, ...] = ()
    why_not: str = ""

    def ids(self, state: str) -> tuple[str, ...]:
        """Return the ids of the topics of one state, in order."""
        found = {t.id: None for line in self.areas for t in line.topics if t.state == state}
        return tuple(found)


def merged(states: Sequence[str]) -> str:
    """Return what holds over several readings: guaranteed in all of them, possible in some."""
    found = set(states)
    if found == {GUARANTEED}:
        return GUARANTEED
    if POSSIBLE in found or (GUARANTEED in found and found & {IF_RUN, IF_CARRIED, IMPOSSIBLE}):
        return POSSIBLE
    return next((s for s in (UNDECIDED, IF_RUN, IF_CARRIED) if s in found), IMPOSSIBLE)
