"""The levels of the objective as sums over literals, and their values in a finished plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise

from prospectus.domain.offering import Run
from prospectus.domain.student import Level, Student
from prospectus.legality.compiled import Compiled, plain
from prospectus.legality.expiry import counting, end_without_plan
from prospectus.legality.store import Lit, Term, reached_by, values_in
from prospectus.legality.uses import Use, end_of
from prospectus.legality.variables import Variables
from prospectus.planning.levels import MoreLevels, level_values, traded_from
from prospectus.planning.money import Tariff
from prospectus.planning.wishes import WishRules, hours_of
from prospectus.planning.wishes_about import carries

CREDITS = "credits"
RANK = "rank"
STARTS = "starts"
ORDER = "order"

_FROM_ZERO = frozenset(
    level.value
    for level in (
        Level.TOPICS,
        Level.GOALS,
        Level.LIVE,
        Level.PREFERENCE,
        Level.SPREAD,
        Level.DISTANCE,
        Level.TOXIC,
    )
)
"""Levels that are never below 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The values of a finished plan, by level; in the solver's whole units."""

    plan: tuple[tuple[Use, Run], ...]
    levels: Mapping[Level, int | None]
    credits: int
    rank: int
    starts: int

    def of(self, level: str) -> int | None:
        """Return the value of a level."""
        if level in (CREDITS, RANK, STARTS):
            return {CREDITS: self.credits, RANK: self.rank, STARTS: self.starts}[level]
        return self.levels[Level(level)]

    @property
    def finish(self) -> int:
        """Return the last day, as an ordinal."""
        found = self.levels[Level.FINISH]
        assert found is not None, "every plan ends"
        return found


class Ranks:
    """The place of each course in code order, and of each start in time."""

    def __init__(self, compiled: Compiled, first_leaf: int) -> None:
        self._place = {code: i for i, code in enumerate(sorted(compiled.resolved.courses))}
        self._first = first_leaf
        self.span = len(compiled.resolved.calendar.leaves)
        self.scale = self.span * (len(self._place) + 1)

    def rank(self, use: Use) -> int:
        """Return the 0-based place of a course in code order."""
        return self._place[use.code]

    def start(self, run: Run) -> int:
        """Return how many leaf periods after the first that can be planned a run starts."""
        return run.leaves[0] - self._first


class Objective:
    """The sum that each level minimises, over one model."""

    def __init__(
        self, variables: Variables, wishes: WishRules, student: Student, ranks: Ranks
    ) -> None:
        self.variables = variables
        self.store = variables.store
        self.compiled = variables.compiled
        self.wishes = wishes
        self.student = student
        self.ranks = ranks
        self.more = MoreLevels(variables, wishes, student)

    def terms(self, level: str) -> list[Term]:
        """Return the sum of a level."""
        if level == CREDITS:
            return [
                term
                for place in self.variables.terms_planned()
                for term in self.variables.planned_credits(place)
            ]
        if level == RANK:
            return self._planned(lambda use, run: self.ranks.rank(use))
        if level == STARTS:
            return self._planned(lambda use, run: self.ranks.start(run))
        match Level(level):
            case Level.GOALS:
                return self.wishes.missed
            case Level.FINISH:
                return self._finish()
            case Level.COST:
                assert self.wishes.costs is not None, "an unknown cost is no level"
                return self.wishes.costs.total()
            case Level.OUT_OF_POCKET:
                return self.wishes.pocket().total()
            case Level.PEAK:
                return self._peak()
            case Level.TOPICS:
                counts = partial(counting, variables=self.variables)
                return missing_topics(self.variables, self.student, counts)
            case Level.TRADE:
                return self._trade()
            case other:
                return self.more.terms(other)

    def _trade(self) -> list[Term]:
        """Return what the traded levels are worth together."""
        found: list[Term] = []
        for level, worth in self.student.wishes.trade:
            found += [(lit, weight * worth) for lit, weight in self.terms(level.value)]
            found.append((True, -worth * traded_from(level, self.student)))
        return found

    def least(self, level: str) -> int | None:
        """Return a value that no plan can go below, where one is plain to see."""
        if level in _FROM_ZERO:
            return 0
        if level != CREDITS:
            return None
        total = self.compiled.tree.total
        if total is None or total.credits is None or total.less_waived:
            return 0
        recorded = [u for u in self.compiled.uses if not u.is_candidate and u.earns]
        have = sum(self.compiled.use_steps[use.index] for use in recorded)
        return max(0, self.compiled.steps(plain(total.credits).low) - have)

    def _planned(self, weight: Callable[[Use, Run], int]) -> list[Term]:
        return [(start.lit, weight(start.use, start.run)) for start in self.variables.planned]

    def _finish(self) -> list[Term]:
        """Return the last day as a sum: the end with nothing planned and each later one reached."""
        base = end_without_plan(self.compiled)
        later = {start.last for start in self.variables.planned if start.last > base}
        ordered = [base, *sorted(later)]
        terms: list[Term] = [(True, base.toordinal())]
        for one, other in pairwise(ordered):
            terms.append((self.variables.ends_after(one), (other - one).days))
        return terms

    def _peak(self) -> list[Term]:
        loads = self.wishes.loads.values()
        least = reached = 0
        # only what some period can come to: a bound between two of them is the next one up
        for terms in loads:
            fixed = sum([hours for lit, hours in terms if lit is True])
            reached |= reached_by([hours for lit, hours in terms if lit is not True]) << fixed
            least = max(least, fixed)
        reached |= 1 << least
        peak = self.store.new_sum([value for value in values_in(reached) if value >= least])
        for terms in loads:
            self.store.linear([*terms, (peak, -1)], None, 0)
        return [(peak, 1)]


def missing_topics(
    variables: Variables, student: Student, counts: Callable[[Use], Sequence[Lit]]
) -> list[Term]:
    """Return how many wanted topics are left out, as a sum.

    `counts` gives literals of which one holds where a use covers its topics.
    """
    terms: list[Term] = []
    for topic in student.wishes.wanted_topics:
        covering = [
            lit
            for use in variables.compiled.uses
            if use.earns and carries(use, topic)
            for lit in counts(use)
        ]
        missing = variables.store.new_bool()
        variables.store.clause([missing, *covering])
        terms.append((missing, 1))
    return terms


def values(
    plan: Sequence[tuple[Use, Run]],
    variables: Variables,
    student: Student,
    tariff: Tariff,
    ranks: Ranks,
    goals: int,
    lost: Collection[int],
) -> Values:
    """Return the values of a finished plan, computed without the solver but for missed goals.

    `lost` are the uses on record whose credit something planned takes away.
    """
    compiled = variables.compiled
    leaves = compiled.resolved.calendar.leaves
    recorded = [use for use in compiled.uses if not use.is_candidate]
    ends = [leaves[i].end for _, run in plan for i in run.leaves]
    loads: dict[int, int] = {}
    dated = [(use, run.leaves) for use, run in plan]
    dated += [(use, compiled.occupied(use)) for use in recorded if use.attempt.is_open]
    for use, occupied in dated:
        for leaf in occupied:
            loads[leaf] = loads.get(leaf, 0) + (hours_of(use, occupied, compiled) or 0)
    finish = max([*ends, end_without_plan(compiled)])
    had = [
        (use, compiled.occupied(use), end_of(use.attempt, compiled.resolved))
        for use in recorded
        if use.index not in lost
    ]
    had += [(use, run.leaves, max(leaves[i].end for i in run.leaves)) for use, run in plan]
    covering = [
        use
        for use, occupied, end in had
        if use.earns and finish <= compiled.counts_until(use, end, occupied)
    ]
    missing = [
        topic
        for topic in student.wishes.wanted_topics
        if not any(carries(use, topic) for use in covering)
    ]
    cost = None if tariff.unknown else sum(charge.minor for charge in tariff.charges(plan))
    back = 0 if tariff.refunds is None else tariff.refunds.paid(plan)
    known = {
        Level.GOALS: goals,
        Level.FINISH: finish.toordinal(),
        Level.COST: cost,
        Level.OUT_OF_POCKET: None if cost is None else cost - back,
        Level.PEAK: max(loads.values(), default=0),
        Level.TOPICS: len(missing),
    }
    return Values(
        plan=tuple(plan),
        levels=level_values(plan, loads, variables, student, known),
        credits=sum(compiled.use_steps[use.index] for use, _ in plan),
        rank=sum(ranks.rank(use) for use, _ in plan),
        starts=sum(ranks.start(run) for _, run in plan),
    )


def in_units(level: str, value: int, compiled: Compiled) -> Fraction:
    """Return a value in the unit in which its level is shown."""
    return Fraction(value, compiled.unit) if level == CREDITS else Fraction(value)
