"""The person's hard wishes as constraints, each under a guard of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache, partial
from typing import Protocol

from prospectus.domain.record import AttemptStatus
from prospectus.domain.student import Student, Wishes
from prospectus.legality.compiled import Compiled
from prospectus.legality.expiry import counting
from prospectus.legality.model import LegalModel
from prospectus.legality.store import Lit, Term, negate
from prospectus.legality.uses import Use
from prospectus.legality.variables import Variables
from prospectus.planning.aid import Pocket
from prospectus.planning.costs import Costs
from prospectus.planning.money import Tariff
from prospectus.planning.offers import Offers
from prospectus.planning.wishes_about import AboutRules

HOURS_ASSUMPTION = "hours-per-credit"


def hours_of(use: Use, leaves: tuple[int, ...], compiled: Compiled) -> int | None:
    """Return weekly hours: known ones, else credits over weeks by the assumption, halves up."""
    if use.course is not None and use.course.hours is not None:
        return use.course.hours.hours_per_week
    assumption = compiled.resolved.assumptions.get(HOURS_ASSUMPTION)
    if assumption is None or not leaves:
        return None
    # hours hang on the weeks of a run alone; what is no use of the programme's has no place
    weeks = compiled.spans[leaves].weeks
    key = (use.index, weeks)
    found = compiled.hours.get(key) if use.index >= 0 else None
    if found is None:
        found = compiled.hours[key] = _assumed(use.credits, assumption.value, weeks)
    return found


@lru_cache(1024)
def _assumed(credits: Fraction, per_credit: Fraction, weeks: int) -> int:
    return max(1, int(credits * per_credit / weeks + Fraction(1, 2)))


class WishRules:
    """What the person asks as constraints: musts under guards, goals counted where missed.

    `missed` is a sum over literals: how often a wish that may be missed is missed.
    """

    def __init__(
        self,
        model: LegalModel,
        student: Student,
        offered: Offers,
        costs: Costs | Tariff | None,
    ) -> None:
        self.model = model
        self.store = model.store
        self.student = student
        self.variables = model.variables
        self.compiled = model.compiled
        self.offered = offered
        self._costs = costs
        self.loads: dict[int, list[Term]] = {}
        self.missed: list[Term] = []
        self._pocket: Pocket | Costs | None = None
        self._sum_hours()
        _Asked(self, student.wishes.hard, self._must)
        if self.store.explain or self.store.only is not None:
            self._bans()
        elif student.wishes.goals:
            _Asked(self, student.wishes.soft, self._goal)
            for start in self.variables.planned:
                times = offered.missed.get((start.run.course, start.run.leaves), 0)
                self.missed.append((start.lit, times))

    @property
    def costs(self) -> Costs | None:
        """Return what is due, put into the model when it is first asked for; None: unknown."""
        if isinstance(self._costs, Tariff):
            self._costs = Costs(self.variables, self._costs)
        return self._costs

    def pocket(self) -> Pocket | Costs:
        """Return what is paid out of pocket: everything due, where nobody pays any of it back."""
        assert self.costs is not None, "an unknown cost is no level"
        if self._pocket is None:
            refunds = self.costs.tariff.refunds
            self._pocket = (
                self.costs if refunds is None else Pocket(self.variables, self.costs, refunds)
            )
        return self._pocket

    def _must(self, id_: str, text: str, part: int | None = None) -> Lit:
        return self.store.guard(id_, text, is_wish=True, part=part)

    def _goal(self, id_: str, text: str, part: int | None = None) -> Lit:
        kept = self.store.new_bool()
        self.missed.append((negate(kept), 1))
        return kept

    def _sum_hours(self) -> None:
        for start in self.variables.planned:
            leaves = start.run.leaves
            term = (start.lit, hours_of(start.use, leaves, self.compiled) or 0)
            for leaf in leaves:
                self.loads.setdefault(leaf, []).append(term)
        for use, leaves in self.variables.open:
            for leaf in leaves:
                hours = hours_of(use, leaves, self.compiled) or 0
                self.loads.setdefault(leaf, []).append((True, hours))

    def _bans(self) -> None:
        """Explain what is left out: each run ruled out stands under the wishes against it."""
        for start in self.variables.planned:
            for ban in self.offered.bans.get((start.run.course, start.run.leaves), ()):
                guard = self.store.guard(ban.id, ban.text, is_wish=True)
                self.store.clause((), given=(start.lit, guard))


class _Guarding(Protocol):
    """The literal under which a wish, or what it asks of one period or year, is kept."""

    def __call__(self, id_: str, text: str, part: int | None = None, /) -> Lit: ...


class _Asked:
    """The constraints of some of the wishes, each under the literal that `guard` gives it."""

    def __init__(self, rules: WishRules, wishes: Wishes, guard: _Guarding) -> None:
        self.store = rules.store
        self.variables = rules.variables
        self.loads = rules.loads
        self.rules = rules
        self.pocket = rules.pocket
        self.wishes = wishes
        self.guard = guard
        compiled = rules.compiled
        self._hours_limit()
        self._courses_limit()
        self._deadline()
        self._budgets()
        self._out_of_pocket()
        self._wanted()
        AboutRules(
            self.variables,
            replace(wishes, deadline=rules.student.wishes.deadline),
            guard,
            lambda use, leaves: hours_of(use, leaves, compiled),
        )

    def _hours_limit(self) -> None:
        for leaf, terms in self.loads.items():
            period = self.variables.calendar.leaves[leaf]
            limit = self.wishes.hours_limit(period.start, period.end)
            if limit is None:
                continue
            if sum(hours for _, hours in terms) > limit:
                guard = self.guard("hours", self._hours_text(), leaf)
                if self._is_full(terms, limit, guard):
                    continue
                self.store.linear(terms, None, limit, given=(guard,))
                self._count_that_fit(terms, limit, guard)

    def _is_full(self, terms: list[Term], limit: int, guard: Lit) -> bool:
        """Return whether what runs already breaks a limit; then nothing may be added to it."""
        if sum(weight for lit, weight in terms if lit is True) <= limit:
            return False
        for lit, _ in terms:
            if lit is not True:
                self.store.clause((), given=(lit, guard))
        return True

    def _count_that_fit(self, terms: list[Term], limit: int, guard: Lit) -> None:
        """Say how many courses fit at once: implied by their hours, but far easier to search."""
        left = limit - sum(hours for lit, hours in terms if lit is True)
        moving = sorted(
            (hours, place) for place, (lit, hours) in enumerate(terms) if lit is not True
        )
        fitting = 0
        for hours, _ in moving:
            left -= hours
            if left < 0:
                break
            fitting += 1
        if fitting == 1:
            self.store.at_most_one([terms[place][0] for _, place in moving], given=(guard,))
        elif fitting < len(moving):
            counted: list[Term] = [(terms[place][0], 1) for _, place in moving]
            self.store.linear(counted, None, fitting, given=(guard,))
        for hours, place in moving:
            if hours > limit:
                self.store.clause((), given=(terms[place][0], guard))

    def _hours_text(self) -> str:
        limit = self.wishes.hours_per_week
        assumed = " (assumed)" if self.wishes.hours_are_assumed else ""
        usual = "" if limit is None else f"{limit} h a week{assumed}"
        if not self.wishes.hours_by_range:
            return usual
        extra = "other hours in some periods"
        return f"{usual}, {extra}" if usual else extra

    def _courses_limit(self) -> None:
        for leaf in self.loads:
            period = self.variables.calendar.leaves[leaf]
            limit = self.wishes.courses_limit(period.start, period.end)
            if limit is None:
                continue
            terms: list[Term] = [(s.lit, 1) for s in self.variables.occupying(leaf)]
            terms += [(True, 1) for _, leaves in self.variables.open if leaf in leaves]
            if len(terms) > limit:
                guard = self.guard("courses", self._courses_text(), leaf)
                if not self._is_full(terms, limit, guard):
                    self.store.linear(terms, None, limit, given=(guard,))

    def _courses_text(self) -> str:
        most = self.wishes.courses_per_period
        if most is None:
            return "at most so many courses at once in some periods"
        usual = f"at most {most} {'course' if most == 1 else 'courses'} at once"
        if not self.wishes.courses_by_range:
            return usual
        return f"{usual}, another number in some periods"

    def _deadline(self) -> None:
        deadline = self.wishes.deadline
        if deadline is None:
            return
        guard = self.guard("deadline", f"deadline {deadline}")
        late = self.variables.ends_after(deadline)
        self.store.clause((), given=(late, guard))

    def _budgets(self) -> None:
        wishes = self.wishes
        if wishes.budget_total is None and not wishes.budget_by_year:
            return
        if self.rules.costs is None:
            text = "a budget, while some fees are unknown"
            self.store.clause((), given=(self._planned(), self.guard("budget", text)))
            return
        if wishes.budget_total is not None:
            text = f"at most {wishes.budget_total} in all"
            guard = self.guard("budget", text)
            total = self.rules.costs.total()
            self.store.linear(total, None, wishes.budget_total.minor, given=(guard,))
        for year, terms in self.rules.costs.by_year.items():
            for limited, most in wishes.budget_by_year:
                if limited is None:
                    text = f"at most {most} due in each calendar year"
                    guard = self.guard("budget by year", text, year)
                elif limited == year:
                    guard = self.guard(f"budget {year}", f"at most {most} due in {year}")
                else:
                    continue
                self.store.linear(terms, None, most.minor, given=(guard,))

    def _out_of_pocket(self) -> None:
        wishes, most = self.wishes, self.wishes.pocket_total
        if not wishes.limits_pocket:
            return
        if self.rules.costs is None:
            text = "a limit out of pocket, while some fees are unknown"
            guard = self.guard("out_of_pocket", text)
            self.store.clause((), given=(self._planned(), guard))
            return
        pocket = self.pocket()
        if most is not None:
            guard = self.guard("out_of_pocket", f"at most {most} in all out of pocket")
            self.store.linear(pocket.total(), None, most.minor, given=(guard,))
        for year in sorted(self.rules.costs.by_year):
            for limited, limit in wishes.pocket_by_year:
                if limited is None:
                    text = f"at most {limit} out of pocket in each calendar year"
                    guard = self.guard("out_of_pocket by year", text, year)
                elif limited == year:
                    text = f"at most {limit} out of pocket in {year}"
                    guard = self.guard(f"out_of_pocket {year}", text)
                else:
                    continue
                self.store.linear(pocket.by_year[year], None, limit.minor, given=(guard,))

    def _planned(self) -> Lit:
        return self.store.any_of([start.lit for start in self.variables.planned])

    def _wanted(self) -> None:
        for code in self.wishes.wanted:
            guard = self.guard(f"wanted {code}", f"{code} in the plan")
            counts = partial(counting, variables=self.variables)
            self.store.clause(wanted_lits(self.variables, code, counts), given=(guard,))


def wanted_lits(
    variables: Variables, code: str, counts: Callable[[Use], Sequence[Lit]]
) -> list[Lit]:
    """Return literals of which one holds where a wanted course is taken.

    `counts` gives literals of which one holds where a use that can earn credit counts.
    """
    found: list[Lit] = []
    for use in variables.named(code):
        if use.earns:
            found += counts(use)
        elif use.is_candidate or _is_seminar(use):
            found.append(variables.taken[use.index])
    return found


def _is_seminar(use: Use) -> bool:
    """Return whether a use on record is of a course that never earns credit."""
    taken = use.attempt.is_open or use.attempt.status is AttemptStatus.PASSED
    return taken and use.course is not None and not use.course.counts_credit
