"""What planned attempts cost, when it is due, and what an employer pays back of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from prospectus.domain.aid import EmployerAid
from prospectus.domain.expression import AnyCourse
from prospectus.domain.facts import Certainty, Money
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.meaning.matching import matches, values
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.period import Period
from prospectus.domain.plan import Due
from prospectus.domain.printer import print_selector
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource

RATES_HELD_FLAT = "rates-held-flat"
RATES_GROW = "rates-grow"
"""The person's own assumption in place of the one above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Billing:
    """One period that is billed: what is registered in it, and what of that is planned."""

    period: Period
    term: int
    planned: tuple[Attempt, ...]
    credits: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What is due, the id of its fee, and the index of the term that it is billed with."""

    due: Due
    fee: str
    term: int


def bills(
    setting: Setting, planned: list[Attempt], growth: Fraction | None = None
) -> tuple[list[Bill], set[str], set[str]]:
    """Return what is due for planned attempts, the unknown fees, and the assumptions used.

    A period is billed where at least one planned attempt is registered in it; tiers look at
    everything registered there. Rates beyond their validity are held flat, as assumed, unless the
    person says by which share they grow each year.
    """
    owed: list[Bill] = []
    unknown: set[str] = set()
    assumed: set[str] = set()
    groups: dict[str, list[Fee]] = defaultdict(list)
    for fee in setting.resolved.fees:
        groups[_group(fee)].append(fee)
    for name, rows in groups.items():
        for billing, units in _billed(rows[0], setting, planned):
            fee, is_flat = _valid(rows, billing.period.start)
            if fee.seasons and billing.period.season not in fee.seasons:
                continue
            counted = units if fee.per in _BY_COURSE else None
            times = _times(fee, billing, counted, setting)
            if times == 0:
                continue
            if fee.is_unknown:
                unknown.add(f"fee {name}")
                continue
            if is_flat:
                day = billing.period.start
                is_grown = growth is not None and fee.years_beyond(day) > 0
                assumed.add(RATES_GROW if is_grown else RATES_HELD_FLAT)
                fee = fee.grown(growth or Fraction(0), day)
            if fee.provenance.assumption is not None:
                assumed.add(fee.provenance.assumption)
            amount = _amount(fee, billing.credits)
            due = Due(
                on=billing.period.start + dt.timedelta(days=fee.due_days),
                amount=Money(minor=_round(amount.minor * times), currency=amount.currency),
                label=f"{fee.id}, {billing.period.id}",
                assumed=is_flat or fee.provenance.certainty is Certainty.ASSUMED,
            )
            owed.append(Bill(due=due, fee=fee.id, term=billing.term))
    owed.sort(key=lambda bill: (bill.due.on, bill.due.label))
    return owed, unknown, assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidBack:
    """What an employer pays back, in minor units by the calendar year of payment.

    `grades` are (attempt, floor) where that rests on more than the usual grade; `unknown` says
    what nobody knows of it.
    """

    by_year: dict[int, int]
    grades: frozenset[tuple[str, str]] = frozenset()
    unknown: frozenset[str] = frozenset()


def paid_back(
    setting: Setting, aid: EmployerAid | None, owed: Sequence[Bill], planned: Sequence[Attempt]
) -> PaidBack:
    """Return what is paid back of bills: `EmployerAid` says in words what is meant.

    A planned course without an expected grade meets the floor, as it meets those of the rules. A
    floor that the school's scale does not have is met by nothing.
    """
    if aid is None or not planned:
        return PaidBack(by_year={})
    scale, floor = setting.resolved.scale, aid.min_grade
    if floor is not None and scale.rank(floor) is None:
        unknown = f"which grades here are {floor} or better, so nothing counts as paid back"
        return PaidBack(by_year={}, unknown=frozenset({unknown}))
    calendar = setting.resolved.calendar
    short: set[int] = set()
    grades: set[tuple[str, str]] = set()
    for attempt in planned:
        if floor is None:
            break
        if attempt.expected_grade is None:
            if scale.usual is not None and not scale.at_least(scale.usual, floor):
                grades.add((attempt.id, floor))
        elif not scale.at_least(attempt.expected_grade, floor):
            short.add(calendar.term_of[setting.leaves(attempt)[0]])
    asked: dict[int, int] = defaultdict(int)
    for bill in owed:
        if aid.covers_fee(bill.fee) and bill.term not in short:
            year = aid.paid_on(calendar.terms[bill.term].end).year
            asked[year] += bill.due.amount.minor
    first = min(setting.start(attempt) for attempt in planned).year
    paid = {year: minor for year, minor in aid.paid(asked, first).items() if minor}
    return PaidBack(by_year=paid, grades=frozenset(grades))


_BY_COURSE = (FeePer.CREDIT, FeePer.COURSE)


def _group(fee: Fee) -> str:
    """Return what makes rows of several years one fee: all but amount and validity."""
    where = [*sorted(fee.seasons), *sorted(fee.delivery)]
    of = [] if fee.of == AnyCourse() else [print_selector(fee.of)]
    return " ".join([fee.id, *where, *of])


def _round(value: Fraction | int) -> int:
    """Return a whole number of minor units, halves up."""
    return int(Fraction(value) + Fraction(1, 2))


def _valid(rows: list[Fee], day: dt.date) -> tuple[Fee, bool]:
    """Return the row valid on a day, else the latest that ended before it, else the earliest."""
    for fee in rows:
        if (fee.valid_from or day) <= day <= (fee.valid_to or day):
            return fee, False
    ended = [fee for fee in rows if fee.valid_to is not None and fee.valid_to < day]
    if ended:
        return max(ended, key=lambda fee: fee.valid_to or day), True
    return min(rows, key=lambda fee: fee.valid_from or day), True


def _amount(fee: Fee, credits: Fraction) -> Money:
    reached = [tier for tier in fee.tiers if credits >= tier.from_credits]
    if reached:
        return max(reached, key=lambda tier: tier.from_credits).amount
    assert fee.amount is not None
    return fee.amount


def _times(
    fee: Fee, billing: _Billing, counted: tuple[Attempt, ...] | None, setting: Setting
) -> Fraction:
    """Return how many times the amount is charged in a billing; not at all below all tiers."""
    if fee.tiers and fee.amount is None:
        lowest = min(tier.from_credits for tier in fee.tiers)
        if billing.credits < lowest:
            return Fraction(0)
    if counted is not None:
        chosen = [a for a in counted if matches(fee.of, setting.use(a), setting) is True]
        chosen = [a for a in chosen if _delivery_fits(fee, a, setting)]
        if fee.per is FeePer.COURSE:
            return Fraction(len(chosen))
        return sum((a.credits for a in chosen), Fraction(0))
    if fee.per is FeePer.TRANSFER_COURSE:
        brought = (a for a in setting.record.attempts if a.source is CreditSource.TRANSFER)
        return Fraction(sum(matches(fee.of, setting.use(a), setting) is True for a in brought))
    if fee.per is FeePer.MONTH:
        start, end = billing.period.start, billing.period.end
        return Fraction((end.year - start.year) * 12 + end.month - start.month + 1)
    return Fraction(1)


def _delivery_fits(fee: Fee, attempt: Attempt, setting: Setting) -> bool:
    if not fee.delivery:
        return True
    known = values("delivery", setting.use(attempt), setting)
    return known is not None and bool(known & fee.delivery)


def _billed(
    fee: Fee, setting: Setting, planned: list[Attempt]
) -> Iterator[tuple[_Billing, tuple[Attempt, ...]]]:
    """Yield the billings of a fee and the planned attempts that each charges for."""
    calendar = setting.resolved.calendar
    by_term: dict[int, list[Attempt]] = defaultdict(list)
    by_leaf: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in planned:
        leaves = setting.leaves(attempt)
        if leaves:
            by_term[calendar.term_of[leaves[0]]].append(attempt)
            by_leaf[leaves[0]].append(attempt)
    match fee.per:
        case FeePer.SESSION:
            for leaf, mine in sorted(by_leaf.items()):
                credits = _registered(setting, lambda a, at=leaf: setting.leaves(a)[:1] == (at,))
                yield (
                    _Billing(
                        period=calendar.leaves[leaf],
                        term=calendar.term_of[leaf],
                        planned=tuple(mine),
                        credits=credits,
                    ),
                    tuple(mine),
                )
        case FeePer.YEAR:
            seen: set[int] = set()
            for term, mine in sorted(by_term.items()):
                year = calendar.terms[term].start.year
                if year not in seen:
                    seen.add(year)
                    yield _billing(setting, term, mine), tuple(mine)
        case FeePer.PROGRAM | FeePer.ONCE | FeePer.TRANSFER_COURSE:
            # what was brought along was not paid for here
            earlier = any(
                not a.is_planned and a.source is CreditSource.HOME for a in setting.record.attempts
            )
            if by_term and not earlier:
                term = min(by_term)
                yield _billing(setting, term, by_term[term]), tuple(planned)
        case _:
            for term, mine in sorted(by_term.items()):
                yield _billing(setting, term, mine), tuple(mine)


def _billing(setting: Setting, term: int, mine: list[Attempt]) -> _Billing:
    credits = _registered(setting, lambda a: setting.terms(a)[:1] == (term,))
    period = setting.resolved.calendar.terms[term]
    return _Billing(period=period, term=term, planned=tuple(mine), credits=credits)


def _registered(setting: Setting, inside: object) -> Fraction:
    """Return the credits registered where `inside` holds, whatever they count towards."""
    assert callable(inside)
    return sum(
        (
            attempt.credits
            for attempt in setting.record.attempts
            if attempt.status is not AttemptStatus.WITHDRAWN and inside(attempt)
        ),
        Fraction(0),
    )
