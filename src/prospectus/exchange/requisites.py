"""Conditions on courses as three lists of courses, which is all that the format can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from prospectus.domain.course import Course, CourseCode
from prospectus.domain.expression import And, Done, Expression, NOf, Or, Soft, Timing
from prospectus.domain.printer import print_expression
from prospectus.exchange.losses import Losses


@dataclass(frozen=True, slots=True, kw_only=True)
class Requisites:
    """The codes that a course asks: before it, before or beside it, and together with it."""

    before: tuple[CourseCode, ...] = ()
    beside: tuple[CourseCode, ...] = ()
    together: tuple[CourseCode, ...] = ()


@dataclass(frozen=True, slots=True)
class RequisiteReader:
    """Reads what a course asks of others in the same file; `terms` are those of a degree plan."""

    known: frozenset[CourseCode]
    losses: Losses
    terms: Mapping[CourseCode, int] = field(default_factory=dict)

    def read(self, course: Course) -> Requisites:
        """Return the requisites of a course."""
        if course.advisory is not None:
            self.losses.add("advice that blocks nobody", str(course.code))
        if course.requisite is None:
            if not course.requisite_stated:
                self.losses.add(
                    "whether courses without requisites have none, or no source says", course.code
                )
            return Requisites()
        found: dict[Timing, list[CourseCode]] = {timing: [] for timing in Timing}
        for done in self._asked(course, course.requisite):
            code = CourseCode(done.code)
            text = f"{course.code}: {print_expression(done)}"
            if code not in self.known:
                self.losses.add("requisites that are not in the file", text)
                continue
            if done.min_grade is not None:
                self.losses.add("grade floors of requisites", text)
            if done.topic is not None or done.since is not None or done.part is not None:
                self.losses.add("topics, days and parts of requisites", text)
            if code not in found[done.timing]:
                found[done.timing].append(code)
        return Requisites(
            before=tuple(found[Timing.BEFORE]),
            beside=tuple(found[Timing.CONCURRENT]),
            together=tuple(found[Timing.WITH]),
        )

    def _asked(self, course: Course, expression: Expression) -> Iterator[Done]:
        match expression:
            case Done():
                yield expression
            case And(items=items):
                for item in items:
                    yield from self._asked(course, item)
            case NOf(n=n, items=items) if n == len(items):
                for item in items:
                    yield from self._asked(course, item)
            case Or() | NOf():
                yield from self._alternatives(course, expression)
            case Soft():
                self.losses.add("advice that blocks nobody", str(course.code))
            case _:
                self.losses.add(
                    "conditions that are not about a course",
                    f"{course.code}: {print_expression(expression)}",
                )

    def _alternatives(self, course: Course, expression: Or | NOf) -> Iterator[Done]:
        """Yield what a plan takes of several alternatives; a curriculum can say none of them."""
        text = f"{course.code}: {print_expression(expression)}"
        n = expression.n if isinstance(expression, NOf) else 1
        taken = [item for item in expression.items if self._is_met(course.code, item)][:n]
        if len(taken) < n:
            self.losses.add("alternatives (or) among requisites, left out", text)
            return
        self.losses.add("alternatives (or) among requisites: the one that the plan takes", text)
        for item in taken:
            yield from self._asked(course, item)

    def _is_met(self, code: CourseCode, expression: Expression) -> bool:
        """Return whether the plan's terms alone meet an expression about courses."""
        match expression:
            case Done():
                mine, theirs = self.terms.get(code), self.terms.get(CourseCode(expression.code))
                if mine is None or theirs is None:
                    return False
                if expression.timing is Timing.WITH:
                    return theirs == mine
                return theirs < mine or (theirs == mine and expression.timing is Timing.CONCURRENT)
            case And(items=items):
                return all(self._is_met(code, item) for item in items)
            case Or(items=items):
                return any(self._is_met(code, item) for item in items)
            case NOf(n=n, items=items):
                return sum(self._is_met(code, item) for item in items) >= n
            case _:
                return False
