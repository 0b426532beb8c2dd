"""How many sets of courses complete a degree as cheaply as any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import comb, prod
from operator import le

from prospectus.audit.board import Board
from prospectus.audit.result import AuditResult, WaysLeft
from prospectus.audit.table import Effort, OutOfSteps
from prospectus.domain.course import CourseCode
from prospectus.domain.plan import Witness

STEPS = 20_000
"""How far the ways are searched."""
MOST_WAYS = 1_000
"""Beyond so many ways left it is only said that there are at least so many."""

Pattern = tuple[tuple[int, int], ...]
"""For each course bought, its kind, and the leaves that hold it or that may hold it."""
Stock = Sequence[tuple[int, int, int]]
"""Kinds of courses with the leaves that may hold one, and how many of each there are."""


def ways_left(
    board: Board, result: AuditResult, *, most: int = MOST_WAYS, steps: int = STEPS
) -> WaysLeft:
    """Return how many sets of courses complete the degree as cheaply, under the choices taken.

    `board` is the scope of the result.
    """
    if result.credits_left is None:
        return WaysLeft(count=0, is_exact=result.is_proven)
    if board.problem.conflicts.is_open and result.credits_left:
        # an exclusion asks more than which courses are bought: only the one set at hand is certain
        return WaysLeft(count=1, is_exact=False)
    cost = int(result.credits_left * board.problem.rules.unit)
    counting = _Counting(board, cost, Effort(steps), is_least=result.is_proven)
    count = 0
    try:
        count = counting.at_least(result.witness)
        if count < most:
            count = 0
            for ways in counting.ways():
                count += ways
                if count >= most:
                    break
            else:
                return WaysLeft(count=count, is_exact=True)
    except OutOfSteps:
        pass
    return WaysLeft(count=count, is_exact=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alike:
    """Entries of the catalogue that are alike to every rule of a board.

    `twins` is the same for entries that are the same courses with other credits.
    """

    kind: int
    open: int
    entries: tuple[int, ...]
    n_courses: int
    units: int
    twins: object


class _Counting:
    """Counts the sets of courses that cost so much and complete one board.

    What a solution buys is a pattern: a course of the same kind that may stand in the same leaves
    does as well. So one search answers for all sets of that pattern, and one that finds nothing
    for all sets that may stand in no more leaves.
    """

    def __init__(self, board: Board, cost: int, effort: Effort, *, is_least: bool) -> None:
        self.board = board
        self.cost = cost
        self.effort = effort
        self.is_least = is_least
        _, self.kinds, _ = board.kinds()
        groups: dict[object, list[int]] = {}
        for index in range(board.n_uses, len(board.entries)):
            twins = board.entries[index].twins
            key = (self.kinds[index], board.open(index), None if twins is None else index)
            groups.setdefault(key, []).append(index)
        self.alike = [self._alike(entries) for entries in groups.values()]
        # what may stand in fewest leaves is chosen last: most of it turns out to be too much
        self.alike.sort(key=lambda one: -one.open.bit_count())
        self.possible: list[Pattern] = []
        self.impossible: list[Pattern] = []
        self.dead: list[list[int]] = []

    def _alike(self, entries: list[int]) -> _Alike:
        first = self.board.entries[entries[0]]
        return _Alike(
            kind=self.kinds[entries[0]],
            open=self.board.open(entries[0]),
            entries=tuple(entries),
            n_courses=sum(len(self.board.entries[i].codes) for i in entries),
            units=first.row.units,
            twins=entries[0] if first.twins is None else first.twins,
        )

    def at_least(self, witness: Witness) -> int:
        """Return how many sets there are at least: those of the pattern of one completion."""
        place, entries = self.board.problem.rules.place, self.board.entries
        at: dict[CourseCode, int] = {}
        for item in witness.completion:
            at[item.course] = at.get(item.course, 0) | 1 << place[item.leaf]
        credits = {item.course: item.credits for item in witness.completion}
        bought: dict[tuple[int, int], frozenset[str]] = {}
        for index in range(self.board.n_uses, len(entries)):
            for code in entries[index].codes:
                if code in at and credits[code] == entries[index].credits:
                    slot = (self.kinds[index], at[code])
                    bought[slot] = bought.get(slot, frozenset()) | {code}
        self._learn(slot for slot, codes in bought.items() for _ in codes)
        if any(credits.values()):
            return 1
        pools = {slot: self._pool(*slot) for slot in bought}
        every = frozenset[str]().union(*bought.values())
        best = prod(comb(len(pool), len(bought[slot])) for slot, pool in _apart(pools))
        for slot, codes in bought.items():
            best = max(best, comb(len(pools[slot] - (every - codes)), len(codes)))
        return best

    def _pool(self, kind: int, leaves: int) -> frozenset[str]:
        """Return the courses that do as well in some leaves."""
        return frozenset(
            code
            for one in self.alike
            if one.kind == kind and not leaves & ~one.open
            for index in one.entries
            for code in self.board.entries[index].codes
        )

    def ways(self) -> Iterator[int]:
        """Yield, for each choice of how many courses of each sort, in how many ways it is made."""
        has_twins = any(self.board.entries[one.entries[0]].twins is not None for one in self.alike)
        seen: set[frozenset[tuple[object, int]]] = set()
        for counts in self._choices([], self.cost):
            if not has_twins:
                yield prod(
                    comb(one.n_courses, n) for one, n in zip(self.alike, counts, strict=True)
                )
                continue
            # courses taken for other credits are the same courses
            taken: Counter[object] = Counter()
            sizes: dict[object, int] = {}
            for one, n in zip(self.alike, counts, strict=True):
                taken[one.twins] += n
                sizes[one.twins] = one.n_courses
            name = frozenset((twins, n) for twins, n in taken.items() if n)
            if name not in seen:
                seen.add(name)
                yield prod(comb(sizes[twins], n) for twins, n in taken.items())

    def _choices(self, counts: list[int], left: int) -> Iterator[list[int]]:
        """Yield each choice that completes the degree and begins with these counts."""
        waiting = len(self.alike) - len(counts)
        if left == 0:
            # what is chosen costs all that may be spent
            whole = [*counts, *([0] * waiting)]
            if self._is_possible(whole):
                yield whole
            return
        here = self.alike[len(counts)]
        for n in range(min(here.n_courses, left // here.units if here.units else 0), -1, -1):
            some, rest = [*counts, n], left - n * here.units
            if rest and (waiting == 1 or not self._may_go_on(some)):
                # fewer of it do still less
                return
            if not rest or self._goes_on(some, rest):
                yield from self._choices(some, rest)

    def _is_possible(self, counts: Sequence[int]) -> bool:
        """Return whether a choice that costs all there is completes the degree."""
        self.effort.step()
        courses, n = self._courses(self.alike, counts), sum(counts)
        if any(len(pattern) == n and _fits(pattern, courses) for pattern in self.possible):
            return True
        if any(len(pattern) == n and _fits(courses, pattern) for pattern in self.impossible):
            return False
        if self._solved(counts):
            return True
        self.impossible.append(courses)
        return False

    def _courses(self, alike: Sequence[_Alike], counts: Sequence[int]) -> Pattern:
        """Return so many courses of each sort; no more sorts than counts."""
        pairs = zip(alike, counts, strict=False)
        return tuple([(one.kind, one.open) for one, n in pairs for _ in range(n)])

    def _stock(self, counts: Sequence[int]) -> Stock:
        """Return so many courses of each sort that there are any of."""
        pairs = zip(self.alike, counts, strict=True)
        return [(one.kind, one.open, n) for one, n in pairs if n]

    def _goes_on(self, counts: Sequence[int], left: int) -> bool:
        """Return whether these counts, all of them needed, are part of a choice.

        Nothing that completes the degree is cheaper, so what is chosen is needed where the rest
        can be had for what is left.
        """
        if not self.is_least or not counts[-1]:
            # none of this sort: as needed as what was chosen before
            return True
        chosen = self._courses(self.alike, counts)
        stock = self._stock([*counts, *(one.n_courses for one in self.alike[len(counts) :])])
        # where each finds one of the other on its own, all do at once
        if any(_serve(chosen, p) and _suffices(stock, p) for p in self.possible):
            return True
        return self._solved(counts, left)

    def _may_go_on(self, counts: Sequence[int]) -> bool:
        """Return whether no more than these counts leave a choice; False is certain."""
        waiting = self.alike[len(counts) :]
        every = [*counts, *(one.n_courses for one in waiting)]
        if any(all(map(le, every, dead)) for dead in self.dead):
            return False
        stock = self._stock(every)
        if any(_suffices(stock, pattern) for pattern in self.possible):
            return True
        if self._solved(counts):
            return True
        self.dead.append(every)
        return False

    def _solved(self, counts: Sequence[int], left: int | None = None) -> bool:
        """Return whether no more than these counts, and all of what waits, complete the degree.

        With what is `left`, so much of what waits alone may be spent.
        """
        wanted = self.board.nothing_wanted()
        for one, count in zip(self.alike, counts, strict=False):
            n = count
            for index in one.entries:
                wanted.most[index] = min(n, len(self.board.entries[index].codes))
                n -= wanted.most[index]
        most = self.cost
        if left is not None:
            most = left
            chosen = self.alike[: len(counts)]
            wanted.given = frozenset([index for one in chosen for index in one.entries])
        # most often there is none: what was found before answers where there is one
        found = self.board.solve(wanted, self.effort, most, is_hopeful=False)
        if found is not None:
            self._learn(
                (self.kinds[entry], sum(1 << one.leaf for one in tracks))
                for entry, _, tracks in found.bought
            )
        return found is not None

    def _learn(self, slots: Iterable[tuple[int, int]]) -> None:
        pattern = tuple(sorted(slots))
        if pattern not in self.possible:
            self.possible.append(pattern)


def _apart(
    pools: dict[tuple[int, int], frozenset[str]],
) -> Iterable[tuple[tuple[int, int], frozenset[str]]]:
    """Return the pools without what a smaller one has, so that no course stands in two."""
    gone = frozenset[str]()
    for slot, pool in sorted(pools.items(), key=lambda item: (len(item[1]), item[0])):
        yield slot, pool - gone
        gone |= pool


def _serve(courses: Pattern, pattern: Pattern) -> bool:
    """Return whether each of some courses finds a place of a pattern of its own."""
    return _matched(
        [
            [at for at, (its, leaves) in enumerate(pattern) if its == kind and not leaves & ~open_]
            for kind, open_ in courses
        ]
    )


def _fits(pattern: Pattern, courses: Pattern) -> bool:
    """Return whether each of a pattern finds a course of its own that has all its leaves."""
    return _matched(
        [
            [at for at, (its, open_) in enumerate(courses) if its == kind and not leaves & ~open_]
            for kind, leaves in pattern
        ]
    )


def _suffices(stock: Stock, pattern: Pattern) -> bool:
    """Return whether each of a pattern finds a course of its own in a stock of them."""
    rooms = [n for _, _, n in stock]
    held: list[list[int]] = [[] for _ in stock]
    able = [
        [at for at, (its, open_, _) in enumerate(stock) if its == kind and not leaves & ~open_]
        for kind, leaves in pattern
    ]
    return all(_find(able, rooms, held, index, set()) for index in range(len(able)))


def _find(
    able: Sequence[Sequence[int]],
    rooms: Sequence[int],
    held: Sequence[list[int]],
    index: int,
    seen: set[int],
) -> bool:
    """Return whether one finds a sort that has one left, others changing places for it."""
    for at in able[index]:
        if at in seen:
            continue
        seen.add(at)
        mine = held[at]
        if len(mine) < rooms[at]:
            mine.append(index)
            return True
        for place, other in enumerate(mine):
            if _find(able, rooms, held, other, seen):
                mine[place] = index
                return True
    return False


def _matched(able: Sequence[Sequence[int]]) -> bool:
    """Return whether each can have one of its own of those that it is able to have."""
    if not all(able):
        return False
    held: dict[int, int] = {}
    return all(_place(able, held, index, set()) for index in range(len(able)))


def _place(able: Sequence[Sequence[int]], held: dict[int, int], index: int, seen: set[int]) -> bool:
    """Return whether one finds what it can have, others changing places for it."""
    for other in able[index]:
        if other in seen:
            continue
        seen.add(other)
        if other not in held or _place(able, held, held[other], seen):
            held[other] = index
            return True
    return False
