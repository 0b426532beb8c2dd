"""What plans cost: which fee rows hold when, for the model and for a finished plan alike."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from prospectus.domain.errors import UnsupportedError
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.offering import Run
from prospectus.domain.period import Period
from prospectus.domain.record import AttemptStatus, CreditSource
from prospectus.legality.compiled import Compiled
from prospectus.legality.uses import Use, leaves_of, recorded

PER_COURSE = (FeePer.CREDIT, FeePer.COURSE)
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


class Tariff:
    """The fees of a resolved programme for one person."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.resolved = compiled.resolved
        self.calendar = compiled.resolved.calendar
        self.groups: dict[str, list[Fee]] = defaultdict(list)
        for fee in self.resolved.fees:
            if fee.per in PER_COURSE and fee.tiers:
                raise UnsupportedError(
                    "PLN-010",
                    what=f"fee {fee.id}: tiers of a price per credit or course cannot be planned "
                    "yet",
                    fix="charge tiers per term or per session",
                )
            where = [*sorted(fee.seasons), *sorted(fee.delivery)]
            self.groups[" ".join([fee.id, *where])].append(fee)
        # what was brought along was not paid for here
        home = CreditSource.HOME
        self.is_first_study = all(a.source is not home for a in compiled.record.attempts)
        self.registered_in_term = self._registered(self.calendar.term_of.__getitem__)
        self.registered_in_leaf = self._registered(lambda leaf: leaf)
        self.unknown = self._unknown()

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
        terms = {
            self.calendar.term_of[run.leaves[0]] for use in self.compiled.uses for run in use.runs
        }
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
            if not fee.is_unknown and (not fee.seasons or period.season in fee.seasons):
                yield fee

    def of_run(self, use: Use, run: Run) -> list[Charge]:
        """Return what registering a use in a run costs by credit and by course."""
        term = self.calendar.terms[self.calendar.term_of[run.leaves[0]]]
        found: list[Charge] = []
        for fee in self._rows(PER_COURSE, term):
            if self.compiled.selecting.matches(fee.of, use, run.leaves) is not True:
                continue
            if fee.delivery:
                taught = self.compiled.selecting.values("delivery", use, run.leaves)
                if not (taught or frozenset()) & fee.delivery:
                    continue
            times = use.credits if fee.per is FeePer.CREDIT else Fraction(1)
            assert fee.amount is not None
            found.append(_charge(fee, term, fee.amount.minor * times))
        return found

    def of_term(self, term: int) -> list[Steps]:
        """Return what a term with enrolment costs, by fee per term and per month."""
        period = self.calendar.terms[term]
        found = [self._steps(fee, period, 1) for fee in self._rows((FeePer.TERM,), period)]
        months = (period.end.year - period.start.year) * 12
        months += period.end.month - period.start.month + 1
        found += [self._steps(fee, period, months) for fee in self._rows((FeePer.MONTH,), period)]
        return found

    def of_session(self, leaf: int) -> list[Steps]:
        """Return what a session in which something is registered costs."""
        period = self.calendar.leaves[leaf]
        return [self._steps(fee, period, 1) for fee in self._rows((FeePer.SESSION,), period)]

    def of_year(self, term: int) -> list[Steps]:
        """Return what a calendar year costs whose first term with enrolment is this one."""
        period = self.calendar.terms[term]
        return [self._steps(fee, period, 1) for fee in self._rows((FeePer.YEAR,), period)]

    def of_start(self, term: int) -> list[Steps]:
        """Return what is charged once, where the first planned term is this one."""
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
        year = (period.start + dt.timedelta(days=fee.due_days)).year
        return Steps(year=year, tiers=tuple(sorted(tiers.items())))

    def charges(self, plan: Iterable[tuple[Use, Run]]) -> list[Charge]:
        """Return everything that is due for the planned uses."""
        found: list[Charge] = []
        terms: dict[int, int] = defaultdict(int)
        leaves: dict[int, int] = defaultdict(int)
        for use, run in plan:
            found += self.of_run(use, run)
            steps = self.compiled.steps(use.credits)
            terms[self.calendar.term_of[run.leaves[0]]] += steps
            leaves[run.leaves[0]] += steps
        years: set[int] = set()
        for place, term in enumerate(sorted(terms)):
            year = self.calendar.terms[term].start.year
            billed = self.of_term(term)
            billed += self.of_year(term) if year not in years else []
            billed += self.of_start(term) if place == 0 else []
            years.add(year)
            steps = terms[term] + self.registered_in_term.get(term, 0)
            found += [Charge(year=bill.year, minor=bill.at(steps)) for bill in billed]
        for leaf, steps in leaves.items():
            total = steps + self.registered_in_leaf.get(leaf, 0)
            found += [Charge(year=b.year, minor=b.at(total)) for b in self.of_session(leaf)]
        return found


def _charge(fee: Fee, period: Period, minor: Fraction) -> Charge:
    day = period.start + dt.timedelta(days=fee.due_days)
    return Charge(year=day.year, minor=int(minor + Fraction(1, 2)))
