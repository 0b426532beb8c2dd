"""What planned attempts cost, and when it is due."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Billing:
    """One period that is billed: what is registered in it, and what of that is planned."""

    period: Period
    planned: tuple[Attempt, ...]
    credits: Fraction


def dues(setting: Setting, planned: list[Attempt]) -> tuple[list[Due], set[str], set[str]]:
    """Return what is due for planned attempts, the unknown fees, and the assumptions used.

    A period is billed where at least one planned attempt is registered in it; tiers look at
    everything registered there. Rates beyond their validity are held flat, as assumed.
    """
    owed: list[Due] = []
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
                assumed.add(RATES_HELD_FLAT)
            if fee.provenance.assumption is not None:
                assumed.add(fee.provenance.assumption)
            amount = _amount(fee, billing.credits)
            owed.append(
                Due(
                    on=billing.period.start + dt.timedelta(days=fee.due_days),
                    amount=Money(minor=_round(amount.minor * times), currency=amount.currency),
                    label=f"{fee.id}, {billing.period.id}",
                    assumed=is_flat or fee.provenance.certainty is Certainty.ASSUMED,
                )
            )
    owed.sort(key=lambda due: (due.on, due.label))
    return owed, unknown, assumed


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
    """Return how many times the amount is charged in a billing."""
    if counted is not None:
        chosen = [a for a in counted if matches(fee.of, setting.use(a), setting) is True]
        chosen = [a for a in chosen if _delivery_fits(fee, a, setting)]
        if fee.per is FeePer.COURSE:
            return Fraction(len(chosen))
        return sum((a.credits for a in chosen), Fraction(0))
    if fee.per is FeePer.TRANSFER_COURSE:
        brought = (a for a in setting.record.attempts if a.source is CreditSource.TRANSFER)
        return Fraction(sum(matches(fee.of, setting.use(a), setting) is True for a in brought))
    if fee.tiers and fee.amount is None:
        lowest = min(tier.from_credits for tier in fee.tiers)
        if billing.credits < lowest:
            return Fraction(0)
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
                    _Billing(period=calendar.leaves[leaf], planned=tuple(mine), credits=credits),
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
    return _Billing(period=period, planned=tuple(mine), credits=credits)


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
