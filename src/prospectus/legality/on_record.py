"""Conditions read on the record alone: what a repeat or an exclusion there hangs on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

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
from prospectus.domain.record import Basis
from prospectus.domain.requirement import Header
from prospectus.domain.rule import Exclude
from prospectus.legality.facts import static
from prospectus.legality.floors import meets_floor
from prospectus.legality.selecting import Selecting, Tri, all_of, any_of
from prospectus.legality.uses import Use, end_of, leaves_of, start_of, stated_grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a condition on the record sees.

    `uses` are what counts in sums and means, `seen` every attempt that was not given up; both as
    far as they are over by `before` (None: all are). `asking` is the attempt that asks.
    """

    uses: Sequence[Use]
    seen: Sequence[Use]
    before: dt.date | None = None
    asking: Use | None = None


class OnRecord:
    """Reads conditions on the record; True, False, or None where a fact is not known."""

    def __init__(self, selecting: Selecting) -> None:
        self.selecting = selecting
        self.resolved = selecting.resolved

    def holds(self, item: Expression, known: Known) -> Tri:
        """Return whether a condition holds."""
        match item:
            case Done():
                return any(self._is_met_by(use, item, known) for use in known.seen)
            case CreditsOf():
                found = self._finished(known)
                if item.of is not None:
                    found = [use for use in found if self._matches(item, use)]
                return sum((use.credits for use in found), Fraction(0)) >= item.credits
            case CoursesOf():
                found = [use for use in self._finished(known) if self._matches(item, use)]
                found = [use for use in found if not use.is_waiver and self._is_at(item.at, use)]
                return len(found) >= item.courses
            case GpaIs():
                return self._mean(item, self._finished(known))
            case NodeDone():
                raise unsupported(item.node)
            case And():
                return all_of(self.holds(part, known) for part in item.items)
            case Or():
                return any_of(self.holds(part, known) for part in item.items)
            case NOf():
                answers = [self.holds(part, known) for part in item.items]
                if sum(answer is True for answer in answers) >= item.n:
                    return True
                return None if sum(a is not False for a in answers) >= item.n else False
            case Approval():
                return self.selecting.approval(item.who)
            case Soft():
                return True
            case Not() | Member() | HasDegree() | TestIs() | Background() | PersonIs():
                return static(item, self.resolved.person)
            case _:
                assert_never(item)

    def _is_over(self, use: Use, known: Known) -> bool:
        if known.asking is not None and use.id == known.asking.id:
            return False
        return known.before is None or end_of(use.attempt, self.resolved) <= known.before

    def _finished(self, known: Known) -> list[Use]:
        return [use for use in known.uses if self._is_over(use, known)]

    def _matches(self, item: CreditsOf | CoursesOf | GpaIs, use: Use) -> bool:
        if item.of is None:
            return True
        occupied = leaves_of(use.attempt, self.resolved)
        return self.selecting.matches(item.of, use, occupied) is True

    def _is_at(self, school: str | None, use: Use) -> bool:
        occupied = leaves_of(use.attempt, self.resolved)
        return school is None or school in (
            self.selecting.values("school", use, occupied) or frozenset()
        )

    def _is_met_by(self, use: Use, item: Done, known: Known) -> bool:
        if item.code not in use.names or not names_it(use, item):
            return False
        if item.since is not None and start_of(use.attempt, self.resolved) < item.since:
            return False
        if self._is_over(use, known):
            return item.timing is not Timing.WITH and passes(use, item, self.selecting)
        if item.timing is Timing.BEFORE or known.asking is None or use.id == known.asking.id:
            return False
        mine = leaves_of(known.asking.attempt, self.resolved)
        theirs = leaves_of(use.attempt, self.resolved)
        if not set(mine) & set(theirs):
            return False
        return item.timing is Timing.WITH or min(theirs) <= min(mine)

    def _mean(self, item: GpaIs, finished: Sequence[Use]) -> Tri:
        """Return whether the mean is reached, None where better grades to come could reach it."""
        scale = self.resolved.scale
        chosen = [use for use in finished if self._matches(item, use)]
        worth = [mean_weight(use, item, self.selecting) for use in chosen]
        known = [weight for weight in worth if weight is not None]
        if not known:
            return None
        if sum(known, Fraction(0)) >= 0:
            return True
        best = scale.grades[0].name
        hoped = [mean_weight(use, item, self.selecting, planned=best) for use in chosen]
        return None if sum((w for w in hoped if w is not None), Fraction(0)) >= 0 else False


def mean_weight(
    use: Use, item: GpaIs, selecting: Selecting, *, planned: str | None = None
) -> Fraction | None:
    """Return what a use adds to a mean above what is asked; None where it does not enter it.

    Grades to come are those expected, else the usual one, or all `planned`.
    """
    scale, attempt = selecting.resolved.scale, use.attempt
    name = attempt.grade
    if attempt.is_open:
        name = planned or stated_grade(attempt) or scale.usual
    grade = None if name is None else scale.get(name)
    if grade is None or grade.points is None or not grade.in_mean or not use.credits:
        return None
    points = [value.points for value in scale.grades if value.points is not None]
    sign = -1 if len(points) > 1 and points[0] < points[-1] else 1
    return sign * (grade.points - item.at_least) * use.credits


def names_it(use: Use, item: Done) -> bool:
    """Return whether a use is what an expression names: its topic fits, and it is no audit."""
    topic_fits = item.topic is None or item.topic in use.topics
    return topic_fits and use.attempt.basis is not Basis.AUDIT


def passes(use: Use, item: Done, selecting: Selecting) -> bool:
    """Return whether a use, once over, passes as an expression asks."""
    name = stated_grade(use.attempt)
    grade = None if name is None else selecting.resolved.scale.get(name)
    if grade is not None and not grade.earns:
        return False
    return meets_floor(use.attempt, item.min_grade, (), selecting.resolved.scale)


def unsupported(node: str, rule: Header | None = None) -> UnsupportedError:
    """Return the error for a node on which credit would hang that counts in meeting it.

    `rule` is the exclusion that asks for it; without one it is the condition on repeats.
    """
    told, at = "the condition on repeats", None
    if rule is not None:
        at, given = rule.provenance.at, rule.provenance
        when = f", {given.as_of}" if given.as_of else ""
        source = f" (source: {', '.join(given.sources)}{when})" if given.sources else ""
        told = f"the exclusion '{rule.name}'{source}"
    return UnsupportedError(
        "PLN-003",
        what=f"{told} asks for done({node}): what earns credit cannot hang on a requirement that "
        "it helps to meet",
        fix="name the courses or the credits that it stands for",
        at=at,
    )


def refuse_nodes(rule: Exclude) -> None:
    """Refuse an exclusion that hangs on a node.

    Raises
    ------
    UnsupportedError
        PLN-003.
    """
    parts = [rule.condition]
    while parts:
        item = parts.pop()
        if isinstance(item, NodeDone):
            raise unsupported(item.node, rule.header)
        if isinstance(item, And | Or | NOf):
            parts += item.items
