"""What a search looks at: leaves, limits, and groups of alike uses."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from prospectus.audit.requirements import Leaf
from prospectus.domain.course import CourseCode

Values = frozenset[str]
Slot = tuple[int, int, int, int, int]
"""Group, leaves still open, leaves that hold it, how many, units left (-1 unless in parts)."""
Acc = int | Values
"""What a limit has counted: an amount, or the distinct values."""

IMPOSSIBLE = 1 << 50
"""A cost that says that there is no answer at all."""
LOOKS = 16
"""How many looks at what a leaf may hold are counted as one step."""
MOST_DEPTH = 350
"""The most leaves, and the most different courses in one of them, that are followed up."""
STEPS_A_GLANCE = 32
"""After so many steps the clock is looked at."""


class OutOfSteps(Exception):  # it is no error: the limit ends the search
    """The limit of steps or of time is reached."""


@dataclass(slots=True)
class Effort:
    """How far the search may go and has gone."""

    steps: int
    until: float | None = None
    done: int = 0
    looked: int = 0
    timed: int = 0
    is_late: bool = False

    @property
    def is_spent(self) -> bool:
        """Return whether the limit is reached."""
        return self.is_late or self.done > self.steps

    def half(self) -> Effort:
        """Return an effort of half of what is left."""
        now = time.monotonic()
        until = None if self.until is None else now + (self.until - now) / 2
        return Effort(steps=(self.steps - self.done) // 2, until=until)

    def go_down(self, depth: int) -> None:
        """Note how many choices wait for this one.

        Raises
        ------
        OutOfSteps
            When there are more than can be remembered at once.
        """
        if depth > MOST_DEPTH:
            raise OutOfSteps

    def look(self, weight: int = 1) -> None:
        """Count a look at one slot of one leaf; so many of them are a step.

        Raises
        ------
        OutOfSteps
            When there is no step left.
        """
        self.looked += weight
        if self.looked >= LOOKS:
            count, self.looked = divmod(self.looked, LOOKS)
            self.step(count)

    def step(self, count: int = 1) -> None:
        """Count a step, or so many.

        Raises
        ------
        OutOfSteps
            When there is none left.
        """
        self.done += count
        if self.until is not None and self.done >= self.timed:
            self.timed = self.done + STEPS_A_GLANCE
            self.is_late = time.monotonic() > self.until
        if self.is_spent:
            raise OutOfSteps


@dataclass(slots=True)
class Costs:
    """What the answers of a search may cost, and the next more that was asked for in vain."""

    budget: int = 0
    next: int | None = None

    def note(self, cost: int) -> None:
        """Note that something would cost so much in all."""
        if cost > self.budget and (self.next is None or cost < self.next):
            self.next = cost

    def over(self, beyond: int) -> None:
        """Note that something would cost so much more than may be spent."""
        self.note(self.budget + beyond)


@dataclass(slots=True, kw_only=True, eq=False)
class Limit:
    """A most or a least over what some leaves hold, each use once.

    `distinct`: values are counted, not uses. `by_part`: a part counts as a part (credits);
    otherwise whatever is held counts as one. A least that is not required only counts, for the
    free electives that ask the rest of it; a most has `is_required` False.
    """

    scope: int
    bound: int
    is_most: bool
    by_part: bool = True
    distinct: bool = False
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """A limit on what stands in two named groups of leaves (or here and in another award)."""

    groups: tuple[int, ...]
    most: int | None
    by_credits: bool

    def is_shared(self, held: int, elsewhere: int) -> bool:
        """Return whether a use in these leaves is shared."""
        if held & elsewhere:
            return True
        for place, one in enumerate(self.groups):
            for other in self.groups[place + 1 :]:
                mine, theirs = held & one, held & other
                if mine and theirs and (mine | theirs).bit_count() > 1:
                    return True
        return False


@dataclass(slots=True, kw_only=True, eq=False)
class Kind:
    """What alike uses have in common; `cost` is 0 for what is on record.

    `together` gives, per leaf, the leaves that may hold it too. `amounts` are per limit, `touches`
    those that are not 0 with their limit, `capped` those of them that count towards a most, `helps`
    how many more leasts than mosts they count towards.
    `minima` are per leaf with minima, `areas` per leaf with areas, `pieces` per leaf.
    """

    units: int
    cost: int
    splits: bool
    together: tuple[int, ...]
    amounts: tuple[int, ...]
    touches: tuple[tuple[int, int], ...]
    capped: tuple[tuple[int, int], ...]
    helps: int
    values: tuple[Values | None, ...]
    minima: tuple[tuple[int, ...], ...]
    areas: tuple[frozenset[str], ...]
    pieces: tuple[tuple[tuple[CourseCode, frozenset[str], frozenset[str]], ...], ...]
    shares: tuple[tuple[bool, int], ...]
    is_waiver: bool


@dataclass(slots=True)
class Taken:
    """So many of a slot put into a leaf, as what area, in what part."""

    slot: Slot
    count: int
    area: str = ""
    part: int = -1


class By(Enum):
    """How the sets that meet a leaf are found: by one size alone, or in general."""

    COURSES = "courses"
    CREDITS = "credits"
    ALL = "all"


@dataclass(slots=True, kw_only=True, eq=False)
class Place:
    """A leaf of the order, with what the search must know of it.

    `index` is its place in the tuples of a `Kind`. `is_optional` leaves need not be met. `low`
    and `high` are the credits that it holds at least and at most when it is met; `asks` is the
    limit whose rest it asks, for free electives.
    `pool` are the leaves of its pool, `within` those of them among which a use may be split,
    `views` those of other pools that do not count, or of all others where its own does not.
    """

    leaf: Leaf
    index: int
    bit: int
    by: By
    is_optional: bool
    low: int
    high: int
    round_to: int
    asks: int | None = None
    pool: int = 0
    within: int = 0
    views: int = 0

    def left_of(self, slot: Slot) -> int:
        """Return the units left of a use that is held here by parts, -1 of one that is whole."""
        return slot[4] if slot[4] >= 0 and slot[2] & (self.within | self.bit) else -1

    def open_after(self, slot: Slot, part: int, left: int, together: int) -> int:
        """Return the leaves that may still hold a use once this one holds it.

        What is held in parts goes on to leaves of the same pool while something is left of it, and
        whole to those of other pools, unless both count.
        """
        if part >= 0:
            return slot[1] & ((self.within if left else 0) | (self.views & together)) & ~self.bit
        return slot[1] & together & ~self.bit


@dataclass(frozen=True, slots=True)
class Rest:
    """The places from one of an order on: their leaves, by pool, and those with minima."""

    places: Sequence[Place]
    open: int
    pools: Sequence[tuple[Sequence[Place], int]]
    minima: Sequence[Place]


@dataclass(slots=True, kw_only=True, eq=False)
class Table:
    """One set of leaves, limits and groups of uses.

    `counts`, `opens` and `musts` say of each group how many there are, which leaves may and which
    must hold them. `pools` pairs the leaves of a pool with the units that sharing may save there.
    `rests` keeps what comes from each place of the order on, for all tables of that order.
    """

    order: Sequence[Place]
    limits: Sequence[Limit]
    sharings: Sequence[Sharing]
    kinds: Sequence[Kind]
    counts: Sequence[int]
    opens: Sequence[int]
    musts: Sequence[int]
    pools: Sequence[tuple[int, int]]
    rests: dict[int, Rest] = field(default_factory=dict)


def amount_of(acc: Acc) -> int:
    """Return what a limit has counted that counts amounts."""
    assert isinstance(acc, int)
    return acc


def size_of(acc: Acc) -> int:
    """Return what a limit has counted, of distinct values how many there are."""
    return acc if isinstance(acc, int) else len(acc)
