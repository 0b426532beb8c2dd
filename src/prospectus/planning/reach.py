"""What every legal plan takes, what some plan can take, and what none can.

Decided by the solver over the model of all legal plans, never by counting lists: a course on a
list may be locked out by sizes, caps, prerequisites or the calendar, and one on none may be the
only way through.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from prospectus.domain.course import CourseCode
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Student
from prospectus.legality.model import LegalModel
from prospectus.legality.store import Lit, negate
from prospectus.planning.completions import Asked, Completions, Needs, holding, with_unsure
from prospectus.planning.offers import offers, without_none
from prospectus.planning.ratio import Extreme, Quotient, extreme
from prospectus.planning.solve import asks_approval
from prospectus.planning.solver import Answer, Clock, Solution, Solver

_ANYTHING = "?"
"""The target that courses of unknown content carry."""


class Reached(Enum):
    """What is decided of one target, from certain to impossible."""

    GUARANTEED = "guaranteed"
    POSSIBLE = "possible"
    IF_RUN = "if it runs"
    IF_CARRIED = "unknown courses"
    IMPOSSIBLE = "impossible"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the courses are about, as far as this engine needs it.

    `targets` are the courses that carry each target; `unknown` those whose content nobody knows;
    `shares` the part (0..1) of each course that is weighed, for those of which it is known.
    """

    targets: Mapping[str, frozenset[CourseCode]]
    unknown: frozenset[CourseCode] = frozenset()
    shares: Mapping[CourseCode, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What was decided for one resolved programme; `has_plan` None where time ran out first.

    `least` and `most` are the weighed part of the credits that count and whose part is known;
    `unweighed` the greatest part of the credits that count of which it is not known.
    """

    has_plan: bool | None
    states: Mapping[str, Reached]
    least: Extreme | None = None
    most: Extreme | None = None
    unweighed: Extreme | None = None


def reach(
    resolved: Resolved,
    student: Student,
    record: Record,
    today: dt.date,
    contents: Contents,
    *,
    seconds: float = 60,
    seed: int = 0,
) -> Reach:
    """Return, for each target, whether all, some or no legal plans of a person bring it.

    A target is *guaranteed* where every legal plan takes a course that carries it, those plans
    included that rest on courses of which nobody knows whether they run. It is *possible* where a
    legal plan needs such a course: for a requirement, or for the prerequisite of one that a
    requirement holds. Where only a course of which nobody knows whether it runs could bring it, or
    one of unknown content, that is what is said. Otherwise it is *impossible*.

    Parameters
    ----------
    resolved, student, record, today
        As in `planning.solve.plan`: the plans meant are those which it accepts.
    contents
        The targets and the courses that carry them.
    seconds, seed
        Limit for everything; what is not settled by then is undecided.

    Raises
    ------
    UnsupportedError
        PLN-..., where the programme has a rule that can be judged but not yet planned.
    """
    solver = Solver(Clock(seconds=seconds), seed=seed, workers=1)
    start = max(student.plan_from, student.matriculation)
    offered = offers(resolved, student, start)
    asked = Asked(resolved=resolved, student=student, record=record, today=today)
    sure = without_none(offered.open)
    plans = _Seen(Completions(asked, sure), contents, solver)
    if plans.has_plan is False and asks_approval(plans.completions.compiled):
        asked = replace(asked, grant=True)
        plans = _Seen(Completions(asked, sure), contents, solver)
    if not plans.has_plan:
        undecided = dict.fromkeys(contents.targets, Reached.UNDECIDED)
        return Reach(has_plan=plans.has_plan, states={} if plans.has_plan is False else undecided)
    wide = plans
    unsure = with_unsure(asked, offered.all, start)
    if unsure != sure:
        wide = _Seen(Completions(asked, unsure), contents, solver, among=plans)
    return Reach(
        has_plan=True,
        states={target: _state(target, plans, wide) for target in contents.targets},
        least=_extreme(plans.completions, contents, solver, most=False),
        most=_extreme(plans.completions, contents, solver, most=True),
        unweighed=_unweighed(plans.completions, contents, solver),
    )


def _state(target: str, plans: _Seen, wide: _Seen) -> Reached:
    if target in wide.always:
        return Reached.GUARANTEED if wide.is_exhausted else Reached.UNDECIDED
    if target not in plans.never:
        return Reached.POSSIBLE
    if not plans.is_exhausted:
        return Reached.UNDECIDED
    if target not in wide.never:
        return Reached.IF_RUN
    if _ANYTHING not in wide.never:
        return Reached.IF_CARRIED
    return Reached.IMPOSSIBLE if wide.is_exhausted else Reached.UNDECIDED


class _Seen:
    """What the plans seen so far have in common: asked for ones that differ until there is none.

    `always` are the targets that every plan seen took, `never` those that none needed. `among`
    gives plans that are known to be among these.
    """

    def __init__(
        self,
        completions: Completions,
        contents: Contents,
        solver: Solver,
        *,
        among: _Seen | None = None,
    ) -> None:
        self.completions = completions
        self._targets = {**contents.targets, _ANYTHING: contents.unknown}
        self._solver = solver
        self.always: set[str] = set(contents.targets) if among is None else set(among.always)
        self.never: set[str] = set(self._targets) if among is None else set(among.never)
        self.has_plan: bool | None = None if among is None else True
        self.is_exhausted = False
        for last_day in completions.last_days:
            self._explore(last_day)

    def _explore(self, last_day: dt.date) -> None:
        """Ask for plans that end by a day, until none of them settles anything."""
        model = self.completions.until(last_day)
        needs = Needs(self.completions, model)
        store = model.store
        taken = {t: needs.taken(self._targets[t]) for t in self.always}
        needed = {t: needs.needed(self._targets[t]) for t in self.never}
        missing = {target: store.new_bool() for target in sorted(self.always)}
        covered = {target: store.new_bool() for target in sorted(self.never)}
        for target, lits in taken.items():
            for one in lits:
                store.clause((negate(one),), given=(missing[target],))
        for target, lits in needed.items():
            store.clause(lits, given=(covered[target],))
        while True:
            news = [missing[t] for t in sorted(self.always)]
            news += [covered[t] for t in sorted(self.never)]
            if self.has_plan:
                store.clause(news)
                store.model.clear_hints()  # type: ignore[no-untyped-call]
                for new in news:
                    # each plan should settle as many as it can
                    store.model.add_hint(new, 1)
            answer, solution, _ = self._solver.run(store)
            if solution is None:
                self.is_exhausted = answer is Answer.INFEASIBLE
                if self.has_plan is None and self.is_exhausted:
                    is_last = last_day == self.completions.last_days[-1]
                    self.has_plan = False if is_last else None
                return
            self.has_plan = True
            self._learn(solution, taken, needed)

    def _learn(
        self,
        solution: Solution,
        taken: Mapping[str, list[Lit]],
        needed: Mapping[str, list[Lit]],
    ) -> None:
        truth = solution.truth
        self.always = {t for t in self.always if any(truth(lit) for lit in taken[t])}
        self.never = {t for t in self.never if not any(truth(lit) for lit in needed[t])}


def _extreme(
    completions: Completions, contents: Contents, solver: Solver, *, most: bool
) -> Extreme | None:
    """Return the least or greatest weighed part of the credits of which it is known."""

    def quotient(model: LegalModel) -> Quotient:
        known = [item for item in _counting(model) if item[2] in contents.shares]
        part = [(lit, credits * contents.shares[code]) for lit, credits, code in known]
        return model.store, part, [(lit, credits) for lit, credits, _ in known]

    return extreme(_models(completions, quotient), solver, most=most)


def _unweighed(completions: Completions, contents: Contents, solver: Solver) -> Extreme | None:
    """Return the greatest part of the counting credits of which the weighed part is unknown."""

    def quotient(model: LegalModel) -> Quotient:
        counting = _counting(model)
        part = [(lit, n) for lit, n, code in counting if code not in contents.shares]
        return model.store, part, [(lit, credits) for lit, credits, _ in counting]

    return extreme(_models(completions, quotient), solver, most=True)


def _models(
    completions: Completions, quotient: Callable[[LegalModel], Quotient]
) -> list[Callable[[], Quotient]]:
    def make(day: dt.date) -> Callable[[], Quotient]:
        return lambda: quotient(completions.until(day))

    return [make(day) for day in completions.last_days]


def _counting(model: LegalModel) -> list[tuple[Lit, Fraction, CourseCode]]:
    """Return, per use, the literal that it counts, its credits and its course."""
    held = holding(model, counting=True)
    return [
        (model.store.any_of(held[use.index]), use.credits, use.code)
        for use in model.compiled.uses
        if use.index in held
    ]
