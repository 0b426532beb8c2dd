"""A balancing problem as a file states it, by names and lines, and the way from there to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from prospectus.domain.balance import BalanceProblem, BalanceTrack, Criterion, Range
from prospectus.domain.errors import BalanceError, Fault, Place

MOST_COURSES = 1_000
MOST_PERIODS = 100
MOST_TRACKS = 200
MOST_PAIRS = 50_000
MOST_LOAD = 10_000
MOST_WEIGHT = 1_000
_MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class DraftCourse:
    """A course, its load, and its line."""

    name: str
    load: int
    line: int | None = None


@dataclass(frozen=True, slots=True)
class DraftTrack:
    """A track and the names of its courses."""

    name: str
    courses: tuple[str, ...]
    line: int | None = None


@dataclass(frozen=True, slots=True)
class DraftPair:
    """Two names that belong together: first and later course, or course and period."""

    one: str
    other: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class DraftLimit:
    """The least and most of something in a period; None where nothing is said."""

    least: int | None = None
    most: int | None = None
    line: int | None = None


@dataclass(slots=True, kw_only=True)
class BalanceDraft:
    """What a file states; `faults` holds what its reader found wrong so far."""

    file: str
    name: str
    criterion: Criterion = Criterion.PEAK
    periods: Sequence[str] = ()
    courses: list[DraftCourse] = field(default_factory=list)
    tracks: list[DraftTrack] = field(default_factory=list)
    order: list[DraftPair] = field(default_factory=list)
    excluded: list[DraftPair] = field(default_factory=list)
    undesired: list[DraftPair] = field(default_factory=list)
    load: DraftLimit = DraftLimit()
    count: DraftLimit = DraftLimit()
    deviation_weight: int = 1
    undesired_weight: int = 1
    faults: list[Fault] = field(default_factory=list)

    def add(self, code: str, what: str, fix: str, line: int | None = None) -> None:
        """Note a fault."""
        self.faults.append(
            Fault(code=code, what=what, fix=fix, at=Place(file=self.file, line=line))
        )

    def raise_any(self) -> None:
        """Raise what was noted, in the order of the lines; of very many the first.

        Raises
        ------
        BalanceError
            With the faults, if there are any.
        """
        if self.faults:
            ordered = sorted(self.faults, key=lambda fault: fault.at.line or 0)
            raise BalanceError(faults=ordered[:_MOST_FAULTS])


def built(draft: BalanceDraft) -> BalanceProblem:
    """Return the problem that a draft states.

    Raises
    ------
    BalanceError
        BAL-009 to BAL-017, all that were found, beside those that the draft holds.
    """
    _check_sizes(draft)
    _check_courses(draft)
    load = _limit(draft, draft.load, "load")
    count = _limit(draft, draft.count, "number of courses")
    course_at = {course.name: place for place, course in enumerate(draft.courses)}
    period_at = {name: place for place, name in enumerate(draft.periods)}
    if len(period_at) < len(draft.periods):
        draft.add("BAL-015", "two periods have one name", "give each its own")
    tracks = _tracks(draft, course_at)
    order = _order(draft, course_at)
    excluded = _marks(draft, draft.excluded, course_at, period_at)
    undesired = _marks(draft, draft.undesired, course_at, period_at)
    draft.raise_any()
    return BalanceProblem(
        name=draft.name,
        criterion=draft.criterion,
        periods=tuple(draft.periods),
        courses=tuple(course.name for course in draft.courses),
        loads=tuple(course.load for course in draft.courses),
        tracks=tracks,
        precedes=order,
        load=load,
        count=count,
        excluded=excluded,
        undesired=undesired,
        deviation_weight=draft.deviation_weight,
        undesired_weight=draft.undesired_weight,
    )


def _check_sizes(draft: BalanceDraft) -> None:
    n_pairs = len(draft.order) + len(draft.excluded) + len(draft.undesired)
    for what, n, least, most in (
        ("courses", len(draft.courses), 1, MOST_COURSES),
        ("periods", len(draft.periods), 1, MOST_PERIODS),
        ("tracks", len(draft.tracks), 0, MOST_TRACKS),
        ("pairs of courses and periods", n_pairs, 0, MOST_PAIRS),
    ):
        if not least <= n <= most:
            draft.add(
                "BAL-009",
                f"there are {n} {what}; a problem has {least} to {most:,}",
                "check that it is the right file, and whole",
            )
    for what, weight in (
        ("deviations", draft.deviation_weight),
        ("undesired periods", draft.undesired_weight),
    ):
        if not 0 <= weight <= MOST_WEIGHT:
            draft.add(
                "BAL-013",
                f"the weight of {what} is {weight}",
                f"write a whole number of 0 to {MOST_WEIGHT:,}",
            )


def _check_courses(draft: BalanceDraft) -> None:
    seen: dict[str, int | None] = {}
    for course in draft.courses:
        if course.name in seen:
            first = f" (first on line {seen[course.name]})" if seen[course.name] else ""
            draft.add(
                "BAL-011",
                f"course {course.name} stands twice{first}",
                "give each course its own name",
                course.line,
            )
        seen.setdefault(course.name, course.line)
        if course.load < 0:
            draft.add(
                "BAL-013",
                f"course {course.name} has a load of {course.load}",
                "write a whole number of 0 or more",
                course.line,
            )
    total = sum(max(0, course.load) for course in draft.courses)
    if total > MOST_LOAD:
        draft.add(
            "BAL-013",
            f"the loads come to {total:,}; at most {MOST_LOAD:,} are balanced",
            "give the loads in a larger unit",
        )


def _limit(draft: BalanceDraft, limit: DraftLimit, what: str) -> Range:
    least, most = limit.least or 0, limit.most
    if least < 0 or (most is not None and most < least):
        draft.add(
            "BAL-014",
            f"the {what} of a period is to be at least {least} and at most {most}",
            "write the smaller number first, and none below 0",
            limit.line,
        )
        return Range()
    return Range(least=least, most=most)


def _tracks(draft: BalanceDraft, course_at: dict[str, int]) -> tuple[BalanceTrack, ...]:
    if not draft.tracks:
        return (BalanceTrack(name="all", courses=tuple(range(len(draft.courses)))),)
    found = []
    for track in draft.tracks:
        known = [name for name in track.courses if _knows(draft, name, course_at, track.line)]
        for name, n in Counter(track.courses).items():
            if n > 1:
                draft.add(
                    "BAL-017",
                    f"track {track.name} names course {name} {n} times",
                    "name it once",
                    track.line,
                )
        if not track.courses:
            draft.add(
                "BAL-017", f"track {track.name} has no course", "name its courses", track.line
            )
        found.append(BalanceTrack(name=track.name, courses=tuple(course_at[n] for n in known)))
    return tuple(found)


def _knows(draft: BalanceDraft, name: str, course_at: dict[str, int], line: int | None) -> bool:
    if name not in course_at:
        draft.add(
            "BAL-010",
            f"there is no course {name}",
            "correct the name, or add the course with its load",
            line,
        )
    return name in course_at


def _order(draft: BalanceDraft, course_at: dict[str, int]) -> tuple[tuple[int, int], ...]:
    line_of: dict[tuple[int, int], int | None] = {}
    for pair in draft.order:
        are_known = [_knows(draft, name, course_at, pair.line) for name in (pair.one, pair.other)]
        if all(are_known):
            line_of.setdefault((course_at[pair.one], course_at[pair.other]), pair.line)
    cycle = _cycle(line_of, len(draft.courses))
    if cycle:
        names = [draft.courses[course].name for course in (*cycle, cycle[0])]
        last = (cycle[-1], cycle[0])
        draft.add(
            "BAL-012",
            f"a course has to come before itself: {' before '.join(names)}",
            "take out one of these prerequisites",
            line_of[last],
        )
    return tuple(line_of)


def _cycle(pairs: dict[tuple[int, int], int | None], n_courses: int) -> list[int]:
    """Return the courses of a shortest cycle in order, empty where there is none."""
    behind: list[list[int]] = [[] for _ in range(n_courses)]
    waiting = [0] * n_courses
    for first, second in pairs:
        behind[first].append(second)
        waiting[second] += 1
    ready = [course for course in range(n_courses) if not waiting[course]]
    for course in ready:
        for second in behind[course]:
            waiting[second] -= 1
            if not waiting[second]:
                ready.append(second)
    left = set(range(n_courses)) - set(ready)
    shortest: list[int] = []
    for start in sorted(left):
        came_from = {start: start}
        queue = [start]
        for course in queue:
            if start in behind[course]:
                path = [course]
                while path[-1] != start:
                    path.append(came_from[path[-1]])
                if not shortest or len(path) < len(shortest):
                    shortest = path[::-1]
                break
            for second in behind[course]:
                if second in left and second not in came_from:
                    came_from[second] = course
                    queue.append(second)
    return shortest


def _marks(
    draft: BalanceDraft,
    pairs: list[DraftPair],
    course_at: dict[str, int],
    period_at: dict[str, int],
) -> frozenset[tuple[int, int]]:
    found = set()
    for pair in pairs:
        is_known = _knows(draft, pair.one, course_at, pair.line)
        if pair.other not in period_at:
            draft.add(
                "BAL-015",
                f"there is no period {pair.other}",
                f"name one of the {len(period_at)} periods",
                pair.line,
            )
        elif is_known:
            found.add((course_at[pair.one], period_at[pair.other]))
    return frozenset(found)
