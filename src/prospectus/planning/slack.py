"""The least change of one wish with which a plan exists, as an optimisation with a slack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from ortools.sat.python import cp_model

from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Student, Wishes
from prospectus.domain.wish import Buffer, last_day_with_buffer
from prospectus.legality.model import LegalModel
from prospectus.legality.store import Term
from prospectus.planning.changes import (
    Changing,
    dropped,
    fewer_terms,
    later,
    limits_by_year,
    more_hours,
    more_hours_once,
    more_money,
    rarer_courses,
    without,
)
from prospectus.planning.offers import offers
from prospectus.planning.search import Search
from prospectus.planning.solve import asks_approval, compiled_for
from prospectus.planning.solver import Answer, Solver, minimise, worth
from prospectus.planning.wishes import WishRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks, of which rules, and how: what stays the same while wishes change."""

    resolved: Resolved
    student: Student
    record: Record
    today: dt.date
    solver: Solver

    def search(self, wishes: Wishes, *levels: Level) -> Search:
        """Return a search, not yet run, for plans that keep other wishes than the person's own.

        Approvals count as granted: a plan that rests on one is a plan, where no other exists.
        """
        asked = replace(wishes.hard, levels=levels or (Level.FINISH,))
        student = replace(self.student, wishes=asked)
        offered = offers(self.resolved, student, self.first_day)
        place = (self.resolved, student, self.record, self.today, offered)
        compiled = compiled_for(*place)
        if asks_approval(compiled):
            compiled = compiled_for(*place, grant=True)
        return Search(compiled, student, offered, self.solver, self.solver.clock, n_levels=1)

    @property
    def first_day(self) -> dt.date:
        """Return the first day that is planned."""
        return max(self.student.plan_from, self.student.matriculation)

    def has_plan(self, wishes: Wishes) -> bool | None:
        """Return whether some plan keeps the wishes, None where that was not found out."""
        search = self.search(wishes)
        days = search.horizon.days
        place = search.horizon.first_guess()
        if place >= len(days):
            return False
        for day in dict.fromkeys((days[min(place + 8, len(days) - 1)], days[-1])):
            answer, _, _ = self.solver.run(search.build(day)[0].store)
            if answer in (Answer.OPTIMAL, Answer.FEASIBLE):
                return True
        return False if answer is Answer.INFEASIBLE else None


def least_changes(asked: Asked, wishes: Wishes, id_: str, text: str) -> list[Changing]:
    """Return the least changes of one wish with which a plan exists, one of each kind.

    Nothing where not even dropping it is enough. A change that asks more of the person than another
    of the list, whatever the plan, is left out.
    """
    kind = id_.split(" ")[0]
    if kind in ("hours", "courses"):
        return list(_hours(asked, wishes, id_))
    if kind == "deadline":
        return list(_deadline(asked, wishes))
    if kind in ("budget", "out_of_pocket"):
        return list(_money(asked, wishes, id_, text))
    if id_ == "buffer":
        return list(_buffer(asked, wishes, text))
    if id_ == "offerings":
        return list(_offerings(asked, wishes))
    return [partial(dropped, id_=id_, text=text)] if asked.has_plan(without(wishes, id_)) else []


@dataclass(frozen=True, slots=True)
class _Least:
    """The least of a sum over the plans that keep some wishes, with the place where it is."""

    value: int
    is_proven: bool
    place: int = 0


def _least(
    asked: Asked,
    wishes: Wishes,
    slack: Callable[[LegalModel, WishRules], tuple[list[Term], list[Term]] | None],
    *levels: Level,
) -> _Least | None:
    """Minimise the first sum; the second says where, the first place winning among equals."""
    search = asked.search(wishes, *levels)
    days = search.horizon.days
    if search.horizon.first_guess() >= len(days):
        return None
    model, rules = search.build(days[-1])
    sums = slack(model, rules)
    if sums is None:
        return None
    amount, place = sums
    scale = 1 + max((weight for _, weight in place), default=0)
    minimise(model.store, [*((lit, weight * scale) for lit, weight in amount), *place])
    answer, solution, _ = asked.solver.run(model.store)
    if solution is None:
        return None
    return _Least(worth(amount, solution), answer is Answer.OPTIMAL, worth(place, solution))


def _hours(asked: Asked, wishes: Wishes, id_: str) -> Iterator[Changing]:
    limit_of = wishes.hours_limit if id_ == "hours" else wishes.courses_limit
    leaves = asked.resolved.calendar.leaves

    def loads(model: LegalModel, rules: WishRules) -> dict[int, tuple[list[Term], int]]:
        limits = {leaf: limit_of(leaves[leaf].start, leaves[leaf].end) for leaf in rules.loads}
        found = {}
        for leaf in sorted(rules.loads):
            limit = limits[leaf]
            if limit is not None:
                terms = rules.loads[leaf] if id_ == "hours" else _counted(model, leaf)
                found[leaf] = (terms, limit)
        return found

    def everywhere(model: LegalModel, rules: WishRules) -> tuple[list[Term], list[Term]]:
        sums = loads(model, rules)
        more = model.store.new_int(0, _most_over(sums))
        for leaf, (terms, limit) in sums.items():
            _bound(model, leaf, [*terms, (more, -1)], limit, terms)
        return [(more, 1)], []

    def once(model: LegalModel, rules: WishRules) -> tuple[list[Term], list[Term]]:
        return _in_one_place(model, loads(model, rules), lambda *place: _bound(model, *place))

    bare = without(wishes, id_)
    here = _least(asked, bare, once)
    if here is not None and here.value > 0:
        yield partial(
            more_hours_once,
            id_=id_,
            more=here.value,
            leaf=here.place,
            calendar=asked.resolved.calendar,
            is_least=here.is_proven,
        )
    least = _least(asked, bare, everywhere)
    # as much in every period is more than in one
    if least is not None and (here is None or least.value < here.value):
        yield partial(more_hours, id_=id_, more=least.value, is_least=least.is_proven)


def _counted(model: LegalModel, leaf: int) -> list[Term]:
    """Return the courses in a leaf period, as a sum."""
    terms: list[Term] = [(start.lit, 1) for start in model.variables.occupying(leaf)]
    return terms + [(True, 1) for _, leaves in model.variables.open if leaf in leaves]


def _bound(
    model: LegalModel, leaf: int, sum_: Sequence[Term], limit: int, terms: Sequence[Term]
) -> None:
    """Bound a sum in a leaf period; what runs there already breaks nothing by itself."""
    running = sum(weight for lit, weight in terms if lit is True)
    starts = model.variables.occupying(leaf)
    given = (model.store.any_of([start.lit for start in starts]),) if running > limit else ()
    model.store.linear(sum_, None, limit, given=given)


def _in_one_place(
    model: LegalModel,
    sums: Mapping[int, tuple[list[Term], int]],
    bound: Callable[[int, Sequence[Term], int, Sequence[Term]], None],
) -> tuple[list[Term], list[Term]]:
    """Let one of several sums exceed its limit; return by how much, and which."""
    store = model.store
    tops = {place: _top(terms) for place, (terms, _) in sums.items()}
    more = store.new_int(0, _most_over(sums))
    chosen: list[Term] = []
    for place, (terms, limit) in sums.items():
        top = tops[place]
        if top <= limit:
            continue
        here = store.new_bool()
        chosen.append((here, place))
        bound(place, [*terms, (more, -1)], limit, terms)
        bound(place, [*terms, (here, limit - top)], limit, terms)
    store.linear([(lit, 1) for lit, _ in chosen], None, 1)
    return [(more, 1)], chosen


def _top(terms: Sequence[Term]) -> int:
    """Return a value that a sum of literals and whole numbers from 0 never exceeds."""
    return sum(
        weight * (max(lit.proto.domain) if isinstance(lit, cp_model.IntVar) else 1)
        for lit, weight in terms
        if weight > 0
    )


def _most_over(sums: Mapping[int, tuple[list[Term], int]]) -> int:
    """Return the most by which one of the sums could exceed its limit."""
    return max([0, *(_top(terms) - limit for terms, limit in sums.values())])


def _deadline(asked: Asked, wishes: Wishes) -> Iterator[Changing]:
    """Yield the earliest deadline that a plan keeps, with the buffer before it."""
    search = asked.search(replace(wishes, deadline=None), Level.FINISH)
    search.run()
    if search.found is None:
        return
    finish = dt.date.fromordinal(search.found.values.finish)
    calendar = asked.resolved.calendar
    n_terms = max((one.terms for one in wishes.hard.about if isinstance(one, Buffer)), default=0)
    terms = [(term.start, term.end) for term in calendar.terms]
    days = [finish, *sorted(end for _, end in terms if end > finish)]
    day = next((d for d in days if last_day_with_buffer(terms, d, n_terms) >= finish), None)
    if day is not None:
        yield partial(
            later, day=day, calendar=calendar, since=asked.first_day, is_least=search.is_optimal
        )


def _money(asked: Asked, wishes: Wishes, id_: str, text: str) -> Iterator[Changing]:
    kind, _, rest = id_.partition(" ")
    bare = without(wishes, id_)
    level = Level.COST if kind == "budget" else Level.OUT_OF_POCKET
    years: set[int] = set()

    def due(rules: WishRules) -> Mapping[int, list[Term]]:
        assert rules.costs is not None
        by_year = rules.costs.by_year if kind == "budget" else rules.pocket().by_year
        years.update(by_year)
        return by_year

    def in_all(model: LegalModel, rules: WishRules) -> tuple[list[Term], list[Term]] | None:
        if rules.costs is None:
            return None
        terms = rules.costs.total() if kind == "budget" else rules.pocket().total()
        most = wishes.budget_total if kind == "budget" else wishes.pocket_total
        assert most is not None
        more = model.store.new_int(0, max(0, _top(terms) - most.minor))
        model.store.linear([*terms, (more, -1)], None, most.minor)
        return [(more, 1)], []

    def each_year(model: LegalModel, rules: WishRules) -> tuple[list[Term], list[Term]] | None:
        if rules.costs is None:
            return None
        sums = {y: (t, limit) for y, t in due(rules).items() if asked_year in (None, y)}
        more = model.store.new_int(0, _most_over(sums))
        for terms, _ in sums.values():
            model.store.linear([*terms, (more, -1)], None, limit)
        return [(more, 1)], []

    def one_year(model: LegalModel, rules: WishRules) -> tuple[list[Term], list[Term]] | None:
        if rules.costs is None:
            return None
        sums = {year: (terms, limit) for year, terms in sorted(due(rules).items())}
        return _in_one_place(
            model, sums, lambda _, sum_, most, __: model.store.linear(sum_, None, most)
        )

    if not rest:
        least = _least(asked, bare, in_all, level)
        if least is not None:
            yield partial(more_money, id_=id_, more=least.value, is_least=least.is_proven)
        elif asked.has_plan(bare):
            yield partial(dropped, id_=id_, text=text)
        return
    asked_year = None if rest == "by year" else int(rest)
    limit = limits_by_year(wishes, id_)[asked_year]
    here = None if asked_year is not None else _least(asked, bare, one_year, level)
    if here is not None:
        yield partial(
            more_money,
            id_=id_,
            more=here.value,
            is_least=here.is_proven,
            years=tuple(years),
            once=here.place,
        )
    least = _least(asked, bare, each_year, level)
    if least is not None and (here is None or least.value < here.value):
        yield partial(more_money, id_=id_, more=least.value, is_least=least.is_proven)


def _buffer(asked: Asked, wishes: Wishes, text: str) -> Iterator[Changing]:
    """Yield the most terms left before the deadline with which a plan exists."""
    n_terms = max(one.terms for one in wishes.about if isinstance(one, Buffer))
    for fewer in range(1, n_terms):
        if asked.has_plan(fewer_terms(wishes, fewer).wishes):
            yield partial(fewer_terms, fewer=fewer)
            return
    if asked.has_plan(without(wishes, "buffer")):
        yield partial(dropped, id_="buffer", text=text)


def _offerings(asked: Asked, wishes: Wishes) -> Iterator[Changing]:
    """Yield the greatest share of past terms on which a plan could rest."""
    shares = {
        run.share or Fraction(0)
        for code in asked.resolved.courses
        for run in asked.resolved.runs_of(code)
    }
    for share in sorted((one for one in shares if one < wishes.min_offering_share), reverse=True):
        if asked.has_plan(rarer_courses(wishes, share).wishes):
            yield partial(rarer_courses, share=share)
            return
