"""Expressions that an exclusion, a repeat or an overlap asks, read on a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from prospectus.audit.selecting import Selecting
from prospectus.audit.use import Approvals, Tri, Use, all_of, any_of, meets_floor, stated_grade
from prospectus.domain.errors import UnsupportedError
from prospectus.domain.expression import (
    And,
    Approval,
    Background,
    CoursesOf,
    CreditsOf,
    Done,
    Expression,
    GpaIs,
    HasDegree,
    Member,
    NodeDone,
    NOf,
    Not,
    Or,
    PersonIs,
    Soft,
    TestIs,
    Timing,
)
from prospectus.domain.record import ApprovalState, AttemptStatus, Basis

_DEAD = (AttemptStatus.WITHDRAWN, AttemptStatus.FAILED, AttemptStatus.INCOMPLETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A use with its first and last day."""

    use: Use
    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What an expression is read on: the attempts known, the uses that earn, and the moment.

    `own` is the attempt that asks, which never answers for itself.
    """

    selecting: Selecting
    given: Approvals
    attempts: Sequence[Dated]
    earning: Sequence[Dated]
    before: dt.date
    own: Use | None = None
    ends: Mapping[int, dt.date]

    def _is_over(self, dated: Dated, part: int | None = None) -> bool:
        if self.own is not None and dated.use.attempt.id == self.own.attempt.id:
            return False
        if part is not None and part <= len(dated.use.leaves):
            return self.ends[dated.use.leaves[part - 1]] <= self.before
        return dated.end <= self.before

    def holds(self, item: Expression) -> Tri:
        """Return whether an expression holds; None where a fact is not known."""
        match item:
            case Done():
                return any(self._done(item, dated) for dated in self.attempts)
            case CreditsOf():
                test = None if item.of is None else self.selecting.test(item.of)
                mine = [u for u in self._finished() if test is None or test(u, self.given) is True]
                return sum((use.attempt.credits for use in mine), Fraction(0)) >= item.credits
            case CoursesOf():
                return self._courses(item)
            case GpaIs():
                return self._mean(item)
            case Approval():
                state = self.given.get(item.who, ApprovalState.OPEN)
                if state is ApprovalState.GRANTED:
                    return True
                return False if state is ApprovalState.REFUSED else None
            case And():
                return all_of([self.holds(part) for part in item.items])
            case Or():
                return any_of([self.holds(part) for part in item.items])
            case NOf():
                answers = [self.holds(part) for part in item.items]
                if answers.count(True) >= item.n:
                    return True
                return None if len(answers) - answers.count(False) >= item.n else False
            case Not():
                answer = self.holds(item.item)
                return None if answer is None else not answer
            case Soft():
                return True
            case NodeDone():
                raise UnsupportedError(
                    "AUD-001",
                    what=f"done({item.node}) decides which attempt earns credit: an exclusion, a "
                    "repeat or a shared course cannot hang on a requirement that is met",
                    fix="name the courses or credits that it stands for",
                )
            case Member() | HasDegree() | TestIs() | Background() | PersonIs():
                return self._static(item)
            case _:
                assert_never(item)

    def _finished(self) -> list[Use]:
        return [dated.use for dated in self.earning if self._is_over(dated)]

    def _courses(self, item: CoursesOf) -> bool:
        test = self.selecting.test(item.of)
        mine = [u for u in self._finished() if not u.is_waiver and test(u, self.given) is True]
        if item.at is not None:
            school = self.selecting.reader("school")
            mine = [use for use in mine if item.at in (school(use) or ())]
        return len(mine) >= item.courses

    def _done(self, item: Done, dated: Dated) -> bool:
        use, attempt = dated.use, dated.use.attempt
        if item.code not in use.names or attempt.status in _DEAD or attempt.basis is Basis.AUDIT:
            return False
        if item.topic is not None and item.topic not in use.topics:
            return False
        if item.since is not None and dated.start < item.since:
            return False
        if self._is_over(dated, item.part):
            if item.part is not None and not self._is_over(dated):
                return True
            return item.timing is not Timing.WITH and self._passes(use, item)
        if item.timing is Timing.BEFORE or self.own is None or self.own.attempt.id == attempt.id:
            return False
        mine, theirs = set(self.own.leaves), set(use.leaves)
        if not mine & theirs:
            return False
        return item.timing is Timing.WITH or min(theirs) <= min(mine)

    def _passes(self, use: Use, item: Done) -> bool:
        scale = self.selecting.resolved.scale
        name = stated_grade(use.attempt)
        grade = None if name is None else scale.get(name)
        if grade is not None and not grade.earns:
            return False
        return meets_floor(use.attempt, item.min_grade, (), scale)

    def _mean(self, item: GpaIs) -> Tri:
        """Return whether a mean reaches a value: with planned grades, or at best (not known)."""
        scale = self.selecting.resolved.scale
        test = None if item.of is None else self.selecting.test(item.of)
        mine = [u for u in self._finished() if test is None or test(u, self.given) is True]
        points = [g.points for g in scale.grades if g.points is not None]
        lower = len(points) > 1 and points[0] < points[-1]

        def reaches(ungraded: str | None) -> Tri:
            total = weight = Fraction(0)
            for use in mine:
                name = stated_grade(use.attempt) if ungraded != best else use.attempt.grade
                name = ungraded if name is None and use.attempt.is_open else name
                grade = None if name is None else scale.get(name)
                if grade is not None and grade.points is not None and grade.in_mean:
                    total += grade.points * use.attempt.credits
                    weight += use.attempt.credits
            if weight == 0:
                return None
            return total / weight <= item.at_least if lower else total / weight >= item.at_least

        best = scale.grades[0].name
        planned = reaches(scale.usual)
        if planned is not False:
            return planned
        return None if reaches(best) else False

    def _static(self, item: Expression) -> Tri:
        person = self.selecting.resolved.person
        match item:
            case Member():
                return item.program in person.memberships
            case HasDegree():
                if person.degrees is None:
                    return None
                fields = [field for level, field in person.degrees if level == item.level]
                return any(item.field is None or item.field == field for field in fields)
            case TestIs():
                if person.tests is None:
                    return None
                return any(s >= item.at_least for name, s in person.tests if name == item.name)
            case Background():
                return None if person.background is None else item.topic in person.background
            case PersonIs():
                value = person.fact(item.fact)
                return None if value is None else value == item.value
            case _:
                return None
