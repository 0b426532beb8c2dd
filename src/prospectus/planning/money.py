"""What plans cost: which fee rows hold when, for the model and for a finished plan alike."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from prospectus.domain.aid import EmployerAid
from prospectus.domain.expression import AnyCourse
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.offering import Run
from prospectus.domain.period import Period
from prospectus.domain.printer import print_selector
from prospectus.domain.record import AttemptStatus, CreditSource
from prospectus.domain.student import Wishes
from prospectus.legality.compiled import Compiled
from prospectus.legality.uses import Use, leaves_of, recorded

PER_COURSE = (FeePer.CREDIT, FeePer.COURSE)
_ANY = AnyCourse()
AT_START = (FeePer.PROGRAM, FeePer.ONCE, FeePer.TRANSFER_COURSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """An amount in minor units and the calendar year of its due date."""

    year: int
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What a billed period costs by the credits registered in it: (from steps, amount)."""

    year: int
    tiers: tuple[tuple[int, int], ...]

    def at(self, steps: int) -> int:
        """Return the amount for so many steps of credit."""
        reached = [amount for low, amount in self.tiers if steps >= low]
        return reached[-1] if reached else 0

    @property
    def is_rising(self) -> bool:
        """Return whether more credits never cost less."""
        amounts = [0, *(amount for _, amount in self.tiers)]
        return all(one <= other for one, other in pairwise(amounts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """A fee by credit or by course at a rate that hangs on the credits registered in the term."""

    fee: Fee
    by: Steps

    def due(self, steps: int, times: Fraction) -> int:
        """Return what so many credits or courses cost, so many steps being registered."""
        return int(self.by.at(steps) * times + Fraction(1, 2))


class Tariff:
    """The fees of a resolved programme for one person.

    `refunds` are those that an employer may pay back, None without an employer's aid.
    """

    def __init__(self, compiled: Compiled, wishes: Wishes) -> None:
        self.compiled = compiled
        self.growth = wishes.rates_grow
        self.resolved = compiled.resolved
        self.calendar = compiled.resolved.calendar
        self.groups: dict[str, list[Fee]] = defaultdict(list)
        for fee in filter(self._is_told, self.resolved.fees):
            where = [*sorted(fee.seasons), *sorted(fee.delivery)]
            of = [] if fee.of == _ANY else [print_selector(fee.of)]
            self.groups[" ".join([fee.id, *where, *of])].append(fee)
        # what was brought along was not paid for here
        home = CreditSource.HOME
        self.is_first_study = all(a.source is not home for a in compiled.record.attempts)
        self.registered_in_term = self._registered(self.calendar.term_of.__getitem__)
        self.registered_in_leaf = self._registered(lambda leaf: leaf)
        self._spans = compiled.spans
        self._of_run: dict[tuple[int, object], tuple[list[Charge], int]] = {}
        self._plain: dict[int, bool] = {}
        self._of_steps: dict[tuple[int, int], tuple[list[Charge], int]] = {}
        self._course_rows: dict[int, tuple[Fee, ...]] = {}
        self._by_run: dict[int, bool] = {}
        self._billed: dict[tuple[str, int], list[Steps]] = {}
        self._rates: dict[int, list[Rates]] = {}
        self.unknown = self._unknown()
        self.refunds = None if wishes.aid is None else Refunds(compiled, wishes, wishes.aid)

    def _is_told(self, fee: Fee) -> bool:
        """Return whether this tariff speaks of a fee."""
        return True

    def _year(self, fee: Fee, period: Period) -> int:
        """Return the calendar year in which the fee of a period counts."""
        return (period.start + dt.timedelta(days=fee.due_days)).year

    def _registered(self, place: Callable[[int], int]) -> dict[int, int]:
        """Return the steps of credit on record, by the period they were registered in."""
        found: dict[int, int] = defaultdict(int)
        for attempt in self.compiled.record.attempts:
            leaves = leaves_of(attempt, self.resolved)
            if leaves and attempt.status is not AttemptStatus.WITHDRAWN:
                found[place(leaves[0])] += self.compiled.steps(attempt.credits)
        return found

    def _unknown(self) -> tuple[str, ...]:
        """Return the fees whose amount nobody gives, where a plan could meet them."""
        unknown: list[str] = []
        if not any(fee.is_unknown for rows in self.groups.values() for fee in rows):
            return ()
        terms = {self._spans[run.leaves].term for use in self.compiled.uses for run in use.runs}
        for name, rows in self.groups.items():
            if rows[0].per in AT_START and not (self.is_first_study and self._times(rows[0])):
                continue
            valid = [self._valid(rows, self.calendar.terms[term].start) for term in sorted(terms)]
            if any(fee.is_unknown for fee in valid):
                unknown.append(name)
        return tuple(unknown)

    @staticmethod
    def _valid(rows: list[Fee], day: dt.date) -> Fee:
        """Return the row valid on a day, else the latest ended before it, else the earliest."""
        for fee in rows:
            if (fee.valid_from or day) <= day <= (fee.valid_to or day):
                return fee
        ended = [fee for fee in rows if fee.valid_to is not None and fee.valid_to < day]
        if ended:
            return max(ended, key=lambda fee: fee.valid_to or day)
        return min(rows, key=lambda fee: fee.valid_from or day)

    def _rows(self, kinds: Iterable[FeePer], period: Period) -> Iterable[Fee]:
        """Yield the row of each fee of these kinds that holds for a period."""
        wanted = tuple(kinds)
        for rows in self.groups.values():
            if rows[0].per not in wanted:
                continue
            fee = self._valid(rows, period.start)
            if self.growth:
                fee = fee.grown(self.growth, period.start)
            if not fee.is_unknown and (not fee.seasons or period.season in fee.seasons):
                yield fee

    def of_run(self, use: Use, run: Run) -> list[Charge]:
        """Return what registering a use in a run costs by credit and by course."""
        return self.due_of_run(use, run)[0]

    def sum_of_run(self, use: Use, run: Run) -> int:
        """Return what registering a use in a run costs so in all, in minor units."""
        return self.due_of_run(use, run)[1]

    def due_of_run(self, use: Use, run: Run) -> tuple[list[Charge], int]:
        """Return what registering a use in a run costs so, and what that comes to."""
        leaves = run.leaves
        term = self._spans[leaves].term
        by_run = self._by_run.get(term)
        if by_run is None:
            by_run = self.hangs_on_run(term)
        key = (use.index, leaves if by_run else term)
        found = self._of_run.get(key)
        if found is None:
            found = self._of_run[key] = self._worked_out(use, run, term)
        return found

    def _worked_out(self, use: Use, run: Run, term: int) -> tuple[list[Charge], int]:
        is_plain = self._plain.get(term)
        if is_plain is None:
            rows = self.course_rows(term)
            is_plain = all(fee.of == _ANY and not fee.delivery for fee in rows)
            self._plain[term] = is_plain
        if not is_plain:
            charges = self._by_course(use, run)
            return charges, sum([charge.minor for charge in charges])
        # what is charged for any course hangs on its credits alone
        key = (term, self.compiled.use_steps[use.index])
        found = self._of_steps.get(key)
        if found is None:
            charges = self._by_course(use, run)
            found = self._of_steps[key] = (charges, sum([charge.minor for charge in charges]))
        return found

    def hangs_on_run(self, term: int) -> bool:
        """Return whether runs of one course in a term may be charged differently."""
        found = self._by_run.get(term)
        if found is None:
            found = self._by_run[term] = any(
                fee.delivery or self.compiled.selecting.depends_on_run(fee.of)
                for fee in self.course_rows(term)
            )
        return found

    def _by_course(self, use: Use, run: Run) -> list[Charge]:
        place = self.calendar.term_of[run.leaves[0]]
        term = self.calendar.terms[place]
        found: list[Charge] = []
        for fee in self.course_rows(place):
            if fee.tiers or not self.is_charged(fee, use, run):
                continue
            times = use.credits if fee.per is FeePer.CREDIT else Fraction(1)
            assert fee.amount is not None
            whole = 2 * fee.amount.minor * times.numerator + times.denominator
            minor = whole // (2 * times.denominator)
            found.append(Charge(year=self._year(fee, term), minor=minor))
        return found

    def course_rows(self, term: int) -> tuple[Fee, ...]:
        """Return the fees by credit and by course that hold for a term."""
        if term not in self._course_rows:
            rows = tuple(self._rows(PER_COURSE, self.calendar.terms[term]))
            self._course_rows[term] = rows
        return self._course_rows[term]

    def is_charged(self, fee: Fee, use: Use, run: Run) -> bool:
        """Return whether a fee by credit or by course is charged for a use in a run."""
        if self.compiled.selecting.matches(fee.of, use, run.leaves) is not True:
            return False
        if not fee.delivery:
            return True
        taught = self.compiled.selecting.values("delivery", use, run.leaves)
        return bool((taught or frozenset()) & fee.delivery)

    def rates_in(self, term: int) -> list[Rates]:
        """Return the fees by credit and by course whose rate hangs on the credits of a term."""
        if term not in self._rates:
            period = self.calendar.terms[term]
            rows = [fee for fee in self.course_rows(term) if fee.tiers]
            self._rates[term] = [Rates(fee=fee, by=self._steps(fee, period, 1)) for fee in rows]
        return self._rates[term]

    def _once(self, what: str, place: int, work_out: Callable[[int], list[Steps]]) -> list[Steps]:
        """Return what a period is billed for, worked out once."""
        found = self._billed.get((what, place))
        if found is None:
            found = self._billed[what, place] = work_out(place)
        return found

    def of_term(self, term: int) -> list[Steps]:
        """Return what a term with enrolment costs, by fee per term and per month."""
        return self._once("term", term, self._of_term)

    def _of_term(self, term: int) -> list[Steps]:
        period = self.calendar.terms[term]
        found = [self._steps(fee, period, 1) for fee in self._rows((FeePer.TERM,), period)]
        months = (period.end.year - period.start.year) * 12
        months += period.end.month - period.start.month + 1
        found += [self._steps(fee, period, months) for fee in self._rows((FeePer.MONTH,), period)]
        return found

    def of_session(self, leaf: int) -> list[Steps]:
        """Return what a session in which something is registered costs."""
        return self._once("session", leaf, self._of_session)

    def _of_session(self, leaf: int) -> list[Steps]:
        period = self.calendar.leaves[leaf]
        return [self._steps(fee, period, 1) for fee in self._rows((FeePer.SESSION,), period)]

    def of_year(self, term: int) -> list[Steps]:
        """Return what a calendar year costs whose first term with enrolment is this one."""
        return self._once("year", term, self._of_year)

    def _of_year(self, term: int) -> list[Steps]:
        period = self.calendar.terms[term]
        return [self._steps(fee, period, 1) for fee in self._rows((FeePer.YEAR,), period)]

    def of_start(self, term: int) -> list[Steps]:
        """Return what is charged once, where the first planned term is this one."""
        return self._once("start", term, self._of_start)

    def _of_start(self, term: int) -> list[Steps]:
        if not self.is_first_study:
            return []
        period = self.calendar.terms[term]
        return [
            self._steps(fee, period, times)
            for fee in self._rows(AT_START, period)
            if (times := self._times(fee))
        ]

    def _times(self, fee: Fee) -> int:
        """Return how often a fee is charged with the first term."""
        if fee.per is not FeePer.TRANSFER_COURSE:
            return 1
        brought = (
            recorded(-1, attempt, self.resolved, self.compiled.names)
            for attempt in self.compiled.record.attempts
            if attempt.source is CreditSource.TRANSFER
        )
        matches = self.compiled.selecting.matches
        return sum(
            matches(fee.of, use, leaves_of(use.attempt, self.resolved)) is True for use in brought
        )

    def _steps(self, fee: Fee, period: Period, times: int) -> Steps:
        tiers = {self.compiled.unit * t.from_credits: t.amount.minor * times for t in fee.tiers}
        if fee.amount is not None:
            tiers.setdefault(0, fee.amount.minor * times)
        return Steps(year=self._year(fee, period), tiers=tuple(sorted(tiers.items())))

    def charges(self, plan: Iterable[tuple[Use, Run]]) -> list[Charge]:
        """Return everything that is due for the planned uses."""
        found: list[Charge] = []
        terms: dict[int, int] = defaultdict(int)
        leaves: dict[int, int] = defaultdict(int)
        chosen = list(plan)
        for use, run in chosen:
            found += self.of_run(use, run)
            steps = self.compiled.steps(use.credits)
            terms[self.calendar.term_of[run.leaves[0]]] += steps
            leaves[run.leaves[0]] += steps
        years: set[int] = set()
        for place, term in enumerate(sorted(terms)):
            year = self.calendar.terms[term].start.year
            billed = [*self.of_term(term)]
            billed += self.of_year(term) if year not in years else []
            billed += self.of_start(term) if place == 0 else []
            years.add(year)
            steps = terms[term] + self.registered_in_term.get(term, 0)
            found += [Charge(year=bill.year, minor=bill.at(steps)) for bill in billed]
            found += self._by_rate(chosen, term, steps)
        for leaf, steps in leaves.items():
            total = steps + self.registered_in_leaf.get(leaf, 0)
            found += [Charge(year=b.year, minor=b.at(total)) for b in self.of_session(leaf)]
        return found

    def _by_rate(self, plan: list[tuple[Use, Run]], term: int, steps: int) -> Iterable[Charge]:
        for rates in self.rates_in(term):
            mine = [
                use
                for use, run in plan
                if self.calendar.term_of[run.leaves[0]] == term
                and self.is_charged(rates.fee, use, run)
            ]
            per_credit = rates.fee.per is FeePer.CREDIT
            times = sum((u.credits if per_credit else Fraction(1) for u in mine), Fraction(0))
            yield Charge(year=rates.by.year, minor=rates.due(steps, times))


class Refunds(Tariff):
    """The fees that an employer may pay back, by the calendar year of the payment."""

    def __init__(self, compiled: Compiled, wishes: Wishes, aid: EmployerAid) -> None:
        self.aid = aid
        self._ends = {term.id: term.end for term in compiled.resolved.calendar.terms}
        scale = compiled.resolved.scale
        # a planned course meets any floor that the scale has
        self._is_met = aid.min_grade is None or scale.rank(aid.min_grade) is not None
        super().__init__(compiled, replace(wishes, aid=None))

    def _is_told(self, fee: Fee) -> bool:
        return self._is_met and self.aid.covers_fee(fee.id)

    def _year(self, fee: Fee, period: Period) -> int:
        return self.aid.paid_on(self._ends[period.term]).year

    def paid(self, plan: Iterable[tuple[Use, Run]]) -> int:
        """Return what is paid back of a finished plan, in minor units."""
        runs = list(plan)
        if not runs:
            return 0
        asked: dict[int, int] = defaultdict(int)
        for charge in self.charges(runs):
            asked[charge.year] += charge.minor
        first = min(self.calendar.leaves[run.leaves[0]].start for _, run in runs).year
        return sum(self.aid.paid(asked, first).values())
