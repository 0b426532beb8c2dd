"""Expressions judged at a moment: what is done by then, with grades known, nothing competing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import assert_never

from prospectus.domain.course import CourseCode
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
from prospectus.domain.meaning.matching import (
    Tri,
    all_of,
    any_of,
    approval,
    expected_grade,
    matches,
    meets_floor,
    negate,
    values,
)
from prospectus.domain.meaning.setting import Setting, Use
from prospectus.domain.meaning.trees_done import mean_reaches, node_done
from prospectus.domain.plan import Allocation
from prospectus.domain.record import Attempt, AttemptStatus, Basis
from prospectus.domain.student import Person

_DEAD = (AttemptStatus.WITHDRAWN, AttemptStatus.FAILED, AttemptStatus.INCOMPLETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a condition is judged.

    `before` is the first day of what asks (its own `attempt`, where it is a course). `earlier`
    holds what counted on each earlier day, where a repeat or an exclusion has since changed it.
    """

    before: dt.date
    attempt: Attempt | None = None
    after_grades: bool = False
    earlier: tuple[tuple[Use, ...], ...] = ()

    def is_over(self, attempt: Attempt, setting: Setting, part: int | None = None) -> bool:
        """Return whether an attempt (or its part) is done by the moment."""
        if self.attempt is not None and attempt.id == self.attempt.id:
            return False
        done = setting.end(attempt, part)
        if self.after_grades and part is None:
            done = setting.grades_known(attempt)
        return done <= self.before


def evaluate(
    expression: Expression,
    moment: Moment,
    setting: Setting,
    uses: Iterable[Use],
    allocations: tuple[Allocation, ...] = (),
) -> Tri:
    """Return whether an expression holds at a moment; None when a needed fact is not known."""
    finished = tuple(use for use in uses if moment.is_over(use.attempt, setting))

    def some(n: int, items: tuple[Expression, ...]) -> Tri:
        # only the assumed grades of the alternatives that are rested on are remembered
        answers: list[tuple[Tri, frozenset[tuple[str, str]]]] = []
        for part in items:
            with setting.quietly() as noted:
                answers.append((ask(part), noted()))
        sure = sorted((grades for answer, grades in answers if answer is True), key=len)
        if len(sure) >= n:
            setting.assumed_grades.update(*sure[:n])
            return True
        return None if sum(answer is not False for answer, _ in answers) >= n else False

    def ask(item: Expression) -> Tri:
        match item:
            case Done():
                return _done(item, moment, setting)
            case CreditsOf():
                chosen = [u for u in finished if _in(item.of, u, setting) is True]
                return sum((u.credits for u in chosen), Fraction(0)) >= item.credits
            case CoursesOf():
                chosen = [u for u in finished if matches(item.of, u, setting) is True]
                chosen = [u for u in chosen if not u.is_waiver]
                if item.at is not None:
                    chosen = [u for u in chosen if item.at in (values("school", u, setting) or ())]
                return len(chosen) >= item.courses
            case GpaIs():
                return mean_reaches(item, finished, setting)
            case NodeDone():
                # once met it stays met, whatever a repeat takes away later
                return any_of(
                    node_done(item.node, cut, setting, allocations, ask, moment.before)
                    for cut in (finished, *moment.earlier)
                )
            case Approval():
                return approval(item.who, setting)
            case And():
                return all_of([ask(part) for part in item.items])
            case Or():
                return some(1, item.items)
            case NOf():
                return some(item.n, item.items)
            case Not():
                return negate(ask(item.item))
            case Soft():
                return True
            case Member() | HasDegree() | TestIs() | Background() | PersonIs():
                return static(item, setting.resolved.person)
            case _:
                assert_never(item)

    return ask(expression)


def static(
    item: Expression, person: Person, assumed: Mapping[Expression, bool] = MappingProxyType({})
) -> Tri:
    """Return whether a fact of the person holds; None when the person has not said.

    `assumed` answers facts that are branched on.
    """
    if item in assumed:
        return assumed[item]
    match item:
        case Member():
            return item.program in person.memberships
        case HasDegree():
            if person.degrees is None:
                return None
            levels = [field for level, field in person.degrees if level == item.level]
            return any(item.field is None or item.field == field for field in levels)
        case TestIs():
            if person.tests is None:
                return None
            scores = [score for name, score in person.tests if name == item.name]
            return any(score >= item.at_least for score in scores)
        case Background():
            return None if person.background is None else item.topic in person.background
        case PersonIs():
            value = person.fact(item.fact)
            return None if value is None else value == item.value
        case GpaIs():
            return None if person.gpa is None else person.gpa >= item.at_least
        case And():
            return all_of([static(part, person, assumed) for part in item.items])
        case Or():
            return any_of([static(part, person, assumed) for part in item.items])
        case NOf():
            answers = [static(part, person, assumed) for part in item.items]
            sure = sum(answer is True for answer in answers)
            hoped = sum(answer is not False for answer in answers)
            return True if sure >= item.n else (None if hoped >= item.n else False)
        case Not():
            return negate(static(item.item, person, assumed))
        case Soft():
            return True
        case _:
            return None


def eligibility(
    expression: Expression | None, person: Person
) -> tuple[Tri, tuple[Expression, ...]]:
    """Return whether the person is admissible, with the conditions that fail or are not known.

    True admissible, False not, None when it depends on what the person or the school has not
    said. No expression: nothing is known, so None without conditions.
    """
    if expression is None:
        return None, ()
    parts = expression.items if isinstance(expression, And) else (expression,)
    answers = [(part, static(part, person)) for part in parts]
    return (
        all_of([answer for _, answer in answers]),
        tuple(part for part, answer in answers if answer is not True),
    )


def _in(selector: object, use: Use, setting: Setting) -> Tri:
    return True if selector is None else matches(selector, use, setting)  # type: ignore[arg-type]


def _done(item: Done, moment: Moment, setting: Setting) -> Tri:
    """Return whether a course is done, or runs beside the one that asks, as the item says."""
    found = [
        attempt
        for attempt in setting.record.attempts
        if item.code in setting.names(attempt)
        and attempt.status not in _DEAD
        and attempt.basis is not Basis.AUDIT
        and (item.topic is None or item.topic in setting.topics(attempt))
        and (item.since is None or setting.start(attempt) >= item.since)
    ]
    for attempt in sorted(found, key=setting.seniority):
        if moment.is_over(attempt, setting, item.part):
            if item.part is not None and not moment.is_over(attempt, setting):
                return True
            if _passes(attempt, item, setting):
                return True
        elif item.timing is not Timing.BEFORE and _overlaps(attempt, item, moment, setting):
            return True
    return False


def _passes(attempt: Attempt, item: Done, setting: Setting) -> bool:
    if item.timing is Timing.WITH:
        return False
    name = expected_grade(attempt)
    grade = None if name is None else setting.resolved.scale.get(name)
    if grade is not None and not grade.earns:
        return False
    return meets_floor(attempt, item.min_grade, (), setting)


def _overlaps(attempt: Attempt, item: Done, moment: Moment, setting: Setting) -> bool:
    if moment.attempt is None or attempt.id == moment.attempt.id:
        return False
    mine, theirs = set(setting.leaves(moment.attempt)), set(setting.leaves(attempt))
    if not mine & theirs:
        return False
    return item.timing is Timing.WITH or min(theirs) <= min(mine)


def codes_named(expression: Expression) -> frozenset[CourseCode]:
    """Return the course codes that an expression names outright."""
    match expression:
        case Done():
            return frozenset({CourseCode(expression.code)})
        case And() | Or() | NOf():
            return frozenset[CourseCode]().union(*(codes_named(e) for e in expression.items))
        case Not() | Soft():
            return codes_named(expression.item)
        case _:
            return frozenset()
