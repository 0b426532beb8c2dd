"""The whole second formulation: every plan within some days, and what is proven of its levels."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.domain.record import Attempt
from prospectus.domain.student import Level, Wishes
from prospectus.planning.verifying.facts import Facts
from prospectus.planning.verifying.levels import Levels
from prospectus.planning.verifying.loads import Loads
from prospectus.planning.verifying.measures import Measures
from prospectus.planning.verifying.order import Order
from prospectus.planning.verifying.positions import Positions
from prospectus.planning.verifying.prices import Prices
from prospectus.planning.verifying.program import Outcome, Program, Solution, Sum
from prospectus.planning.verifying.sharing import Sharing
from prospectus.planning.verifying.sizes import Sizes
from prospectus.planning.verifying.tree import Tree
from prospectus.planning.verifying.wishes import Musts, is_open


class Formulation:
    """Every plan that ends by a day and keeps some wishes, and perhaps more: a relaxation.

    `left_out` names the rules, wishes and fees that it does not keep in full.
    """

    def __init__(self, facts: Facts, wishes: Wishes, last_day: dt.date | None = None) -> None:
        self.facts = facts
        self.program = Program()
        self.left_out: set[str] = set()
        self.taken = {
            piece.index: self.program.column()
            for piece in facts.planned
            if is_open(piece, facts, wishes) and (last_day is None or piece.end <= last_day)
        }
        self._once_each()
        tree = Tree(facts, self.program, self.taken, self.left_out)
        Sharing(tree)
        Sizes(tree, Measures(tree))
        order = Order(facts, self.program, tree, self.left_out)
        Positions(order)
        Loads(order)
        self.prices = Prices(facts, self.program, self.taken, self.left_out, wishes.rates_grow)
        if wishes.limits_pocket:
            self.left_out.add("limits of what is paid out of pocket")
        Musts(facts, self.program, self.taken, wishes, self.prices, self.left_out)
        self.levels = Levels(facts, self.program, self.taken, wishes, self.prices)

    def _once_each(self) -> None:
        """Keep each course planned once, or once in a period where it is taken anew in each."""
        groups: dict[str, list[int]] = defaultdict(list)
        for piece in self.facts.planned:
            if piece.index in self.taken:
                name = piece.use if piece.is_repeatable else piece.code
                groups[name].append(self.taken[piece.index])
        if any(p.is_repeatable and p.index in self.taken for p in self.facts.planned):
            self.left_out.add("how often a course is taken anew")
        for columns in groups.values():
            if len(columns) > 1:
                self.program.keep(Sum.of(columns), high=1)

    def hold(self, level: str, value: Fraction) -> bool:
        """Keep a level at most at a value; return whether this formulation has the level."""
        total = self.levels.of(level)
        if total is None:
            return False
        self.program.keep(total, high=value)
        return True

    def least(self, level: str, seconds: float) -> Solution | None:
        """Return what is proven of the least value of a level, None where it is not had."""
        total = self.levels.of(level)
        return None if total is None else self.program.minimise(total, seconds)

    def any_plan(self, seconds: float) -> Solution:
        """Return whether any plan is left: infeasible, or how the solve ended."""
        return self.program.minimise(Sum(), seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A level with the value and the bound that are claimed."""

    level: str
    value: Fraction | None
    bound: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the second formulation proves of one level.

    `bound` is its own least value, None where none was found in time. `is_exact` says that it keeps
    every rule of this programme and was solved to the end, so that a lower value is a real one.
    `left_out` is empty where the bound is confirmed.
    """

    level: str
    bound: Fraction | None
    is_confirmed: bool
    is_exact: bool
    is_timed_out: bool
    left_out: tuple[str, ...]
    seconds: float


def prove(
    facts: Facts,
    claimed: tuple[Claimed, ...],
    seconds: float,
    begins: Callable[[str], None] = lambda level: None,
) -> tuple[Proof, ...]:
    """Return what is proven of each claimed bound, the levels before it held at their values.

    `begins` is told each level before it is looked at.
    """
    return _Proving(facts, claimed, seconds).proofs(begins)


def admits(facts: Facts, attempts: Iterable[Attempt], seconds: float) -> bool:
    """Return whether the formulation admits a plan: one that rules it out proves nothing of it."""
    pieces = {(p.code, p.credits, p.attempt.periods): p for p in facts.planned}
    mine = [pieces.get((a.course, a.credits, a.periods)) for a in attempts]
    found = tuple(piece for piece in mine if piece is not None)
    if len(found) < len(mine):
        return False
    model = Formulation(replace(facts, planned=found), facts.student.wishes.hard)
    if len(model.taken) < len(found):
        return False
    for column in model.taken.values():
        model.program.keep(Sum().add(column), low=1)
    return model.any_plan(seconds).outcome is Outcome.OPTIMAL


def prove_none(facts: Facts, seconds: float) -> Proof:
    """Return whether no plan exists that keeps the musts."""
    model = Formulation(facts, facts.student.wishes.hard)
    found = model.any_plan(seconds)
    none = found.outcome is Outcome.INFEASIBLE
    return Proof(
        level="",
        bound=None,
        is_confirmed=none,
        is_exact=not model.left_out and found.outcome is Outcome.OPTIMAL,
        is_timed_out=found.outcome is Outcome.LIMIT,
        left_out=() if none else tuple(sorted(model.left_out)),
        seconds=found.seconds,
    )


class _Proving:
    """Goes through the levels in order; what was held before binds what comes after."""

    def __init__(self, facts: Facts, claimed: tuple[Claimed, ...], seconds: float) -> None:
        self.facts = facts
        self.claimed = claimed
        self.seconds = seconds
        self.wishes = facts.student.wishes.hard
        self.last_day: dt.date | None = None
        self.held: list[tuple[str, Fraction]] = []
        self.lost: set[str] = set()
        self._kept: Formulation | None = None

    def proofs(self, begins: Callable[[str], None]) -> tuple[Proof, ...]:
        """Return one proof for each level that has a bound."""
        found: list[Proof] = []
        for item in self.claimed:
            if item.bound is not None and item.value is not None:
                begins(item.level)
                found.append(self._proof(item, item.bound))
            if item.value is not None:
                self._hold(item.level, item.value)
        return tuple(found)

    def _proof(self, item: Claimed, bound: Fraction) -> Proof:
        if item.level == Level.GOALS.value:
            return self._goals(bound)
        if item.level == Level.FINISH.value:
            return self._finish(bound)
        model = self._model()
        found = model.least(item.level, self.seconds)
        if found is None:
            return self._told(item.level, None, {f"the level {item.level}"}, exact=False)
        if found.outcome is Outcome.INFEASIBLE:
            # the plan claimed keeps the levels before: what finds none proves nothing
            return self._told(item.level, None, {"every plan of these values"}, exact=False)
        left_out = model.left_out | self.lost
        return self._told(
            item.level,
            found.bound,
            left_out,
            seconds=found.seconds,
            exact=found.outcome is Outcome.OPTIMAL,
            timed_out=found.outcome is Outcome.LIMIT,
            is_reached=found.bound is not None and found.bound >= bound,
        )

    def _told(
        self,
        level: str,
        bound: Fraction | None,
        left_out: set[str],
        *,
        seconds: float = 0.0,
        exact: bool = True,
        timed_out: bool = False,
        is_reached: bool = False,
    ) -> Proof:
        return Proof(
            level=level,
            bound=bound,
            is_confirmed=is_reached,
            is_exact=exact and not left_out,
            is_timed_out=timed_out,
            left_out=() if is_reached else tuple(sorted(left_out)),
            seconds=seconds,
        )

    def _goals(self, bound: Fraction) -> Proof:
        """Return that some goal is missed in every plan: none keeps them all."""
        if bound <= 0:
            return self._told(Level.GOALS.value, Fraction(0), set(), is_reached=True)
        strict = self._build(self.facts.student.wishes)
        found = strict.any_plan(self.seconds)
        none = found.outcome is Outcome.INFEASIBLE
        left_out = set() if none and bound == 1 else {"how often goals are missed"}
        return self._told(
            Level.GOALS.value,
            Fraction(int(none)),
            left_out | (set() if none else strict.left_out),
            seconds=found.seconds,
            exact=False,
            timed_out=found.outcome is Outcome.LIMIT,
            is_reached=none and bound <= 1,
        )

    def _finish(self, bound: Fraction) -> Proof:
        """Return that no plan ends before a day: none is left with the runs that end earlier."""
        name = Level.FINISH.value
        alone = self.facts.ends_alone.toordinal()
        ends = [piece.end.toordinal() for piece in self.facts.planned]
        least = alone if self.facts.recorded else min([alone, *ends])
        if bound <= least:
            return self._told(name, Fraction(least), set(), is_reached=True)
        model = self._build(self.wishes, dt.date.fromordinal(int(bound) - 1))
        found = model.any_plan(self.seconds)
        none = found.outcome is Outcome.INFEASIBLE
        return self._told(
            name,
            bound if none else None,
            model.left_out | self.lost,
            seconds=found.seconds,
            exact=found.outcome is Outcome.OPTIMAL,
            timed_out=found.outcome is Outcome.LIMIT,
            is_reached=none,
        )

    def _hold(self, level: str, value: Fraction) -> None:
        """Hold a level at its value for those that come after."""
        self._kept = None if level in (Level.FINISH.value, Level.GOALS.value) else self._kept
        if level == Level.FINISH.value:
            self.last_day = dt.date.fromordinal(int(value))
        elif level == Level.GOALS.value:
            goals = self.facts.student.wishes.goals
            if goals and value == 0:
                # nothing may be missed any more: every goal is a must
                self.wishes = replace(self.facts.student.wishes, goals=frozenset())
            elif goals:
                self.lost.add("the goals that are kept")
        else:
            self.held.append((level, value))
            if self._kept is not None and not self._kept.hold(level, value):
                self.lost.add(f"the level {level}")

    def _model(self) -> Formulation:
        if self._kept is None:
            self._kept = self._build(self.wishes, self.last_day)
        return self._kept

    def _build(self, wishes: Wishes, last_day: dt.date | None = None) -> Formulation:
        model = Formulation(self.facts, wishes, last_day or self.last_day)
        for level, value in self.held:
            if not model.hold(level, value):
                self.lost.add(f"the level {level}")
        return model
