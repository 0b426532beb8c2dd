"""What an employer pays in each calendar year of what is asked of it."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from prospectus.domain.aid import EmployerAid
from prospectus.domain.errors import DomainError
from prospectus.domain.facts import Money
from prospectus.domain.fees import Fee, FeePer, FeeTier


def usd(minor: int) -> Money:
    return Money(minor=minor, currency="USD")


def test_what_is_above_the_cap_of_a_year_is_lost() -> None:
    aid = EmployerAid(per_year=usd(500))
    assert aid.paid({2027: 700, 2028: 300, 2029: 600}, 2027) == {2027: 500, 2028: 300, 2029: 500}


def test_with_carry_over_unused_room_moves_to_later_years() -> None:
    aid = EmployerAid(per_year=usd(500), carry_over=True)
    assert aid.paid({2028: 800, 2029: 900}, 2027) == {2027: 0, 2028: 800, 2029: 700}


def test_carried_room_counts_from_the_first_planned_year_only() -> None:
    aid = EmployerAid(per_year=usd(500), carry_over=True)
    assert aid.paid({2029: 900}, 2029) == {2029: 500}


def test_words_name_the_fees_that_are_covered() -> None:
    aid = EmployerAid(per_year=usd(500), covers=frozenset({"tuition"}))
    assert aid.covers_fee("omscs-tuition")
    assert not aid.covers_fee("omscs-online-fee")
    assert EmployerAid(per_year=usd(500)).covers_fee("omscs-online-fee")


def test_nothing_is_paid_back_before_the_term_ends() -> None:
    with pytest.raises(DomainError):
        EmployerAid(per_year=usd(500), paid_after_days=-1)


def test_a_rate_grows_once_for_each_year_begun_beyond_its_last_day() -> None:
    fee = Fee(id="x", per=FeePer.CREDIT, amount=usd(10_000), valid_to=dt.date(2027, 7, 31))
    days = (dt.date(2027, 7, 31), dt.date(2027, 8, 1), dt.date(2028, 7, 31), dt.date(2028, 8, 20))
    assert [fee.years_beyond(day) for day in days] == [0, 1, 1, 2]
    grown = [fee.grown(Fraction(3, 100), day).amount for day in days]
    assert grown == [usd(10_000), usd(10_300), usd(10_300), usd(10_609)]


def test_each_tier_grows_to_whole_cents_halves_up() -> None:
    tiers = (FeeTier(from_credits=0, amount=usd(50)), FeeTier(from_credits=4, amount=usd(30)))
    fee = Fee(id="x", per=FeePer.TERM, tiers=tiers, valid_to=dt.date(2026, 12, 31))
    grown = fee.grown(Fraction(5, 100), dt.date(2027, 1, 10))
    assert [tier.amount.minor for tier in grown.tiers] == [53, 32]
