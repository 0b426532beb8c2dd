"""Which course comes before which: edges of a curriculum, and the term each course may stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from prospectus.app.words import count, listed
from prospectus.domain.course import Course, CourseCode
from prospectus.domain.expression import And, Done, Expression, NOf, Or, Soft, Timing

NEVER = 1_000
"""The term of a course that cannot be taken."""


class Tie(Enum):
    """How strongly one course asks another."""

    REQUIRED = "required"
    ONE_OF = "one of several"
    ADVISED = "advised"


_WHEN = {
    Timing.BEFORE: "before",
    Timing.CONCURRENT: "before or beside",
    Timing.WITH: "together with",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A course that another one asks."""

    first: CourseCode
    then: CourseCode
    tie: Tie
    timing: Timing
    min_grade: str | None = None

    @property
    def words(self) -> str:
        """Return what the edge says, such as `required before, with B or better`."""
        floor = f", with {self.min_grade} or better" if self.min_grade else ""
        return f"{self.tie.value}, {_WHEN[self.timing]}{floor}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """A course of the graph.

    `term` is the earliest, counted from 1, in which prerequisites alone let it stand;
    `blocks` are the courses that cannot be taken without it.
    """

    code: CourseCode
    title: str
    term: int
    blocks: tuple[CourseCode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseGraph:
    """The courses of a programme that ask or are asked, and what they ask.

    `drawn` are the edges without those that others say by a longer way; `outside` are edges from
    courses that the school's catalog does not have: whoever asks them means what one brings along,
    so they delay nothing. `n_alone` courses are left out: they ask
    no course of the catalog and none asks them; of `n_unstated` of these no source says whether
    they do. `finding` says in one sentence what the graph shows.
    """

    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]
    drawn: tuple[Edge, ...]
    outside: tuple[Edge, ...]
    n_alone: int
    n_unstated: int
    finding: str


def course_graph(courses: Iterable[Course], catalog: Mapping[CourseCode, Course]) -> CourseGraph:
    """Return the graph of courses, and of all that they ask by way of others.

    Parameters
    ----------
    courses
        Those that a programme may take.
    catalog
        All courses of the school, by code.
    """
    own = tuple(courses)
    found = _all_edges(own, catalog)
    edges = [edge for edge in found if edge.first in catalog]
    drawn = sorted({code for edge in edges for code in (edge.first, edge.then)})
    asked = {code: catalog[code].requisite for code in drawn}
    terms = _terms(asked)
    vertices = tuple(
        Vertex(
            code=code,
            title=catalog[code].title,
            term=terms[code],
            blocks=_blocked(asked, terms, code),
        )
        for code in drawn
    )
    alone = [course for course in own if course.code not in terms]
    ordered = sorted(edges, key=lambda edge: (terms[edge.then], edge.then, edge.first))
    return CourseGraph(
        vertices=vertices,
        edges=tuple(ordered),
        drawn=_without_detours(ordered),
        outside=tuple(edge for edge in found if edge.first not in catalog),
        n_alone=len(alone),
        n_unstated=sum(not one.requisite_stated for one in alone),
        finding=_finding(vertices, tuple(ordered), terms),
    )


def _all_edges(
    courses: tuple[Course, ...], catalog: Mapping[CourseCode, Course]
) -> tuple[Edge, ...]:
    """Return what courses ask, what these ask, and so on; each edge once."""
    waiting = [course.code for course in reversed(courses)]
    seen = set(waiting)
    found: dict[Edge, None] = {}
    while waiting:
        course = catalog.get(waiting.pop())
        for edge in () if course is None else _edges(course):
            found[edge] = None
            if edge.first not in seen:
                seen.add(edge.first)
                waiting.append(edge.first)
    return tuple(found)


def _without_detours(edges: list[Edge]) -> tuple[Edge, ...]:
    """Return the edges but those of required courses that must come before by others too."""
    after: dict[CourseCode, set[CourseCode]] = {}
    for edge in edges:
        if edge.tie is Tie.REQUIRED and edge.timing is Timing.BEFORE:
            after.setdefault(edge.first, set()).add(edge.then)

    def leads(first: CourseCode, then: CourseCode) -> bool:
        """Return whether a way of two lines or more leads from one to the other."""
        waiting = [code for code in after.get(first, ()) if code != then]
        seen = {first, *waiting}
        while waiting:
            for code in after.get(waiting.pop(), ()):
                if code == then:
                    return True
                if code not in seen:
                    seen.add(code)
                    waiting.append(code)
        return False

    return tuple(
        edge
        for edge in edges
        if edge.then not in after.get(edge.first, ()) or not leads(edge.first, edge.then)
    )


def _edges(course: Course) -> Iterator[Edge]:
    if course.requisite is not None:
        yield from _asked(course.code, course.requisite, Tie.REQUIRED)
    if course.advisory is not None:
        yield from _asked(course.code, course.advisory, Tie.ADVISED)


def _asked(code: CourseCode, expression: Expression, tie: Tie) -> Iterator[Edge]:
    match expression:
        case Done():
            if expression.code != code:
                yield Edge(
                    first=CourseCode(expression.code),
                    then=code,
                    tie=tie,
                    timing=expression.timing,
                    min_grade=expression.min_grade,
                )
        case And(items=items):
            for item in items:
                yield from _asked(code, item, tie)
        case Or(items=items) | NOf(items=items):
            n = expression.n if isinstance(expression, NOf) else 1
            inner = Tie.ONE_OF if tie is Tie.REQUIRED and n < len(items) else tie
            for item in items:
                yield from _asked(code, item, inner)
        case Soft(item=item):
            yield from _asked(code, item, Tie.ADVISED)
        case _:
            return


def _terms(
    asked: Mapping[CourseCode, Expression | None], without: CourseCode | None = None
) -> dict[CourseCode, int]:
    """Return the earliest term of each course, by prerequisites alone.

    The least fixpoint: every course begins in term 1 and moves on while something it asks stands
    later. What circles for ever, or needs a course that is left out, is `NEVER` taken.
    """
    terms = {code: NEVER if code == without else 1 for code in asked}
    is_moved = True
    while is_moved:
        is_moved = False
        for code, expression in asked.items():
            if expression is None or terms[code] == NEVER:
                continue
            term = _earliest(expression, terms)
            if term > len(asked):
                term = NEVER
            if term > terms[code]:
                terms[code] = term
                is_moved = True
    return terms


def _earliest(expression: Expression, terms: Mapping[CourseCode, int]) -> int:
    """Return the first term in which an expression may hold, as far as courses are asked."""
    match expression:
        case Done():
            # what the catalog does not have was done before
            term = terms.get(CourseCode(expression.code), 0)
            return max(1, term + (expression.timing is Timing.BEFORE))
        case And(items=items):
            return max((_earliest(item, terms) for item in items), default=1)
        case Or(items=items):
            return min((_earliest(item, terms) for item in items), default=1)
        case NOf(n=n, items=items):
            found = sorted(_earliest(item, terms) for item in items)
            return found[n - 1] if 0 < n <= len(found) else 1
        case _:
            return 1


def _blocked(
    asked: Mapping[CourseCode, Expression | None],
    terms: Mapping[CourseCode, int],
    code: CourseCode,
) -> tuple[CourseCode, ...]:
    left = _terms(asked, without=code)
    return tuple(
        other for other in asked if other != code and left[other] >= NEVER and terms[other] < NEVER
    )


def _finding(
    vertices: tuple[Vertex, ...], edges: tuple[Edge, ...], terms: Mapping[CourseCode, int]
) -> str:
    """Return the longest chain and the course that most depends on, in one sentence."""
    taken = [one for one in vertices if one.term < NEVER]
    if not taken:
        return "No source names a course of this catalog that must come before another."
    last = max(taken, key=lambda one: one.term)
    if last.term == 1:
        chain = "As far as prerequisites go, every course may stand in the first term"
    else:
        codes = _chain(last.code, edges, terms)
        chain = (
            f"The longest chain is {listed(list(codes), 'then')}: "
            f"{last.code} can stand in term {last.term} at the earliest"
        )
    most = max(vertices, key=lambda one: len(one.blocks))
    if not most.blocks:
        return f"{chain}; no course is needed for another one without an alternative."
    n = count(len(most.blocks), "course")
    return f"{chain}; most depends on {most.code}, without which {n} cannot be taken."


def _chain(
    code: CourseCode, edges: tuple[Edge, ...], terms: Mapping[CourseCode, int]
) -> tuple[CourseCode, ...]:
    """Return courses of which each is what keeps the next one from an earlier term."""
    found = [code]
    while True:
        before = [
            edge.first
            for edge in edges
            if edge.then == found[0]
            and edge.tie is not Tie.ADVISED
            and terms[edge.first] + (edge.timing is Timing.BEFORE) == terms[found[0]]
            and edge.first not in found
        ]
        if not before:
            return tuple(found)
        found.insert(0, min(before))
