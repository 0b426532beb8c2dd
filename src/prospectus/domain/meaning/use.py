"""A use: an attempt that can earn credit, with the names and the course it has."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count

from prospectus.domain.course import Course
from prospectus.domain.plan import Standing
from prospectus.domain.record import Attempt, CreditSource

_numbers = count()


def next_number() -> int:
    """Return a number that no kind of uses has had."""
    return next(_numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An attempt that can earn credit; `hypothetical` ones come from a witness's completion.

    `names` are all codes it answers to, `numbers` those that the course itself bears or bore.
    `beside`: the attempt at its course that counts beside a waiver. Uses of one `kind` are alike
    to every selector and leaf.
    """

    attempt: Attempt
    course: Course | None
    names: frozenset[str]
    numbers: frozenset[str]
    standing: Standing
    hypothetical: bool = False
    beside: Use | None = None
    kind: int = field(default_factory=next_number, compare=False, repr=False)

    @property
    def id(self) -> str:
        """Return the attempt's id."""
        return self.attempt.id

    @property
    def credits(self) -> Fraction:
        """Return the credits as taken."""
        return self.attempt.credits

    @property
    def is_waiver(self) -> bool:
        """Return whether this is an exemption: it meets leaves and requisites, adds no credit."""
        return self.attempt.source is CreditSource.WAIVER

    def beside_of(self, other: Use | None) -> Use:
        """Return a waiver with the attempt at its course that counts beside it."""
        return self if other is None else replace(self, beside=other, kind=next_number())
