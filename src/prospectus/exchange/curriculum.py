"""A curriculum or degree plan as CurricularAnalytics files hold it.

The format is that of the files which the CurricularAnalytics toolbox reads and writes: a head of
name and value, then one row for each course with the ids of its requisites.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

HEAD = ("Curriculum", "Degree Plan", "Institution", "Degree Type", "System Type", "CIP")
"""The lines of the head, in the order in which they stand."""

COURSES = "Courses"
ADDITIONAL = "Additional Courses"
COLUMNS = (
    "Course ID",
    "Course Name",
    "Prefix",
    "Number",
    "Prerequisites",
    "Corequisites",
    "Strict-Corequisites",
    "Credit Hours",
    "Institution",
    "Canonical Name",
)
TERM = "Term"
SYSTEMS = ("semester", "quarter")


@dataclass(frozen=True, slots=True, kw_only=True)
class CurriculumCourse:
    """One row. `before` are its prerequisites, `beside` its corequisites, `together` the strict.

    Requisites are ids of other rows, all of them asked. `term` is the 1-based term of a degree
    plan, None in a curriculum; an `is_additional` course of a plan stands outside the curriculum.
    `line` is where the row was read.
    """

    id: int
    name: str
    prefix: str = ""
    number: str = ""
    before: tuple[int, ...] = ()
    beside: tuple[int, ...] = ()
    together: tuple[int, ...] = ()
    credits: Fraction
    institution: str = ""
    canonical_name: str = ""
    term: int | None = None
    is_additional: bool = False
    line: int | None = None

    @property
    def requisites(self) -> Iterator[int]:
        """Yield the ids of all requisites."""
        yield from self.before
        yield from self.beside
        yield from self.together


@dataclass(frozen=True, slots=True, kw_only=True)
class Curriculum:
    """A whole file; `plan` is the name of the degree plan, None in a curriculum.

    `system` is `semester`, `quarter`, or empty where nobody says.
    """

    name: str
    plan: str | None = None
    institution: str = ""
    degree_type: str = ""
    system: str = ""
    cip: str = ""
    courses: tuple[CurriculumCourse, ...] = ()


def requisite_circle(courses: Mapping[int, CurriculumCourse]) -> tuple[int, ...]:
    """Return the ids of a circle of requisites that nobody can meet, empty where there is none.

    Courses that wait for each other side by side can be taken together, so a circle is one only if
    some course of it must come before another. A strict corequisite binds both courses to one term,
    so it leads both ways. Depth first with an explicit stack: O(courses + requisites) for each
    course that has a prerequisite in its own circle.
    """
    leads: dict[int, set[int]] = {name: set(course.requisites) for name, course in courses.items()}
    for name, course in courses.items():
        for other in course.together:
            leads[other].add(name)
    circle_of = _circles(leads)
    for name, course in courses.items():
        for other in course.before:
            if circle_of[name] == circle_of[other]:
                return (name, *_way(leads, other, name))
    return ()


def _way(leads: Mapping[int, set[int]], start: int, goal: int) -> tuple[int, ...]:
    """Return a shortest way from start to the goal, without the goal; start where they are one."""
    came: dict[int, int] = {}
    seen, edge = {start}, [start]
    while goal not in seen:
        following = []
        for here in edge:
            for there in sorted(leads[here] - seen):
                seen.add(there)
                came[there] = here
                following.append(there)
        edge = following
    if start == goal:
        return ()
    way = [came[goal]]
    while way[-1] != start:
        way.append(came[way[-1]])
    return tuple(reversed(way))


def _circles(leads: Mapping[int, set[int]]) -> dict[int, int]:
    """Return for each vertex the least of those that reach each other with it (Kosaraju)."""
    back: dict[int, set[int]] = {name: set() for name in leads}
    for name, others in leads.items():
        for other in others:
            back[other].add(name)
    finished: list[int] = []
    seen: set[int] = set()
    for root in sorted(leads):
        if root in seen:
            continue
        seen.add(root)
        stack = [(root, iter(sorted(leads[root])))]
        while stack:
            here, rest = stack[-1]
            following = next((name for name in rest if name not in seen), None)
            if following is None:
                finished.append(here)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(sorted(leads[following]))))
    group: dict[int, int] = {}
    for root in reversed(finished):
        if root in group:
            continue
        members, edge = {root}, [root]
        while edge:
            for name in back[edge.pop()]:
                if name not in group and name not in members:
                    members.add(name)
                    edge.append(name)
        group.update(dict.fromkeys(members, min(members)))
    return group
