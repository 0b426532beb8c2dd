"""LANGUAGE 6, Fees: what planned courses cost, and when it is due."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.degrees import (
    CATALOGUE,
    SESSIONS,
    appraise_it,
    calendar,
    course,
    degree,
    knowing,
    leaf,
    of,
    offered,
    planned,
    running,
    taken,
    transfer,
    usd,
    waived,
)

from prospectus.domain.course import Delivery
from prospectus.domain.facts import Certainty, Money, Provenance
from prospectus.domain.fees import Fee, FeePer, FeeTier
from prospectus.domain.plan import Appraisal
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus

LEAF = leaf("core", "any", 1)


def fee(
    id: str = "tuition", per: FeePer = FeePer.CREDIT, amount: int | None = 100, **more: object
) -> Fee:
    for name in ("seasons", "residence", "delivery", "programs"):
        if name in more:
            more[name] = frozenset(more[name])  # type: ignore[call-overload]
    if "tiers" in more:
        tiers: dict[int, int] = more["tiers"]  # type: ignore[assignment]
        more["tiers"] = tuple(
            FeeTier(from_credits=low, amount=usd(cost)) for low, cost in tiers.items()
        )
    return Fee(id=id, per=per, amount=None if amount is None else usd(amount), **more)  # type: ignore[arg-type]


def charging(*fees: Fee, **more: object) -> Resolved:
    school = {"fees": fees, **more.pop("school", {})}  # type: ignore[dict-item]
    return degree(LEAF, school=school, **more)  # type: ignore[arg-type]


def cost(rules: Resolved, *attempts: Attempt) -> Money | None:
    return appraise_it(rules, attempts).cost


FALL, SPRING = planned("CS 600", "Fall 2026"), planned("CS 610", "Spring 2027")
SECOND = planned("CS 620", "Fall 2026")


@pytest.mark.parametrize(
    ("per", "expected"),
    [
        (FeePer.CREDIT, 900),  # three courses of three credits
        (FeePer.COURSE, 300),
        (FeePer.TERM, 200),
        (FeePer.SESSION, 200),
        (FeePer.MONTH, 1000),  # August to December, January to May
        (FeePer.YEAR, 200),
        (FeePer.PROGRAM, 100),
        (FeePer.ONCE, 100),
    ],
)
def test_a_fee_is_charged_per_its_unit(per: FeePer, expected: int) -> None:
    assert cost(charging(fee(per=per)), FALL, SECOND, SPRING) == usd(expected)


def test_only_planned_courses_are_still_to_be_paid() -> None:
    rules = charging(fee())
    attempts = [taken("CS 630"), running("CS 700"), transfer("CS 710"), waived("MATH 500")]
    assert cost(rules, *attempts) == usd(0)
    assert cost(rules, *attempts, FALL) == usd(300)


def test_tiers_look_at_the_credits_registered_in_the_period() -> None:
    rules = charging(fee("fee", FeePer.TERM, None, tiers={0: 212, 4: 531}))
    assert cost(rules, FALL) == usd(212)
    assert cost(rules, FALL, SECOND) == usd(531)
    assert cost(rules, FALL, SPRING) == usd(424)


def test_tiers_see_seminars_and_registered_courses_but_no_withdrawn_ones() -> None:
    seminar = course("CS 800", 1, counts_credit=False)
    rules = charging(
        fee("fee", FeePer.TERM, None, tiers={0: 212, 4: 531}), courses=[*CATALOGUE, seminar]
    )
    assert cost(rules, FALL, planned("CS 800", credits=1)) == usd(531)
    enrolled = taken("CS 630", None, "Fall 2026", status=AttemptStatus.REGISTERED)
    assert cost(rules, FALL, enrolled) == usd(531)
    gone = taken("CS 630", None, "Fall 2026", status=AttemptStatus.WITHDRAWN)
    assert cost(rules, FALL, gone) == usd(212)


def test_below_the_lowest_tier_nothing_is_due() -> None:
    rules = charging(fee("fee", FeePer.TERM, None, tiers={4: 531}))
    assert cost(rules, FALL) == usd(0)


def test_a_fee_may_differ_by_season() -> None:
    rules = charging(
        fee("fee", FeePer.TERM, 212, seasons=["Fall"]),
        fee("fee", FeePer.TERM, 99, seasons=["Spring"]),
    )
    assert cost(rules, FALL, SPRING) == usd(311)


def test_a_fee_may_differ_by_delivery() -> None:
    live = course("CS 640", delivery=Delivery.SYNC)
    rules = charging(
        fee("a", FeePer.COURSE, 10, delivery=["async"]),
        fee("b", FeePer.COURSE, 70, delivery=["sync"]),
        courses=[*CATALOGUE, live],
    )
    assert cost(rules, FALL, planned("CS 640")) == usd(80)


def test_a_fee_may_be_for_some_courses_only() -> None:
    rules = charging(fee("lab", FeePer.COURSE, 50, of=of("CS 600")), fee(amount=100))
    assert cost(rules, FALL, SPRING) == usd(650)


def test_two_prices_of_one_name_for_different_courses_are_two_fees() -> None:
    rules = charging(fee(amount=100, of=of("CS 600")), fee(amount=200, of=of("CS 610")))
    assert cost(rules, FALL, SPRING) == usd(900)


def test_a_fee_of_another_programme_is_not_charged() -> None:
    assert cost(charging(fee(programs=["mba"])), FALL) == usd(0)


# ------------------------------------------------------------------------ residence

BOTH = [fee(amount=100, residence=["in"]), fee(amount=300, residence=["out"])]


@pytest.mark.parametrize(("residence", "expected"), [("in", 300), ("out", 900), ("moon", 900)])
def test_a_fee_may_differ_by_residence(residence: str, expected: int) -> None:
    assert cost(charging(*BOTH, person=knowing(residence=residence)), FALL) == usd(expected)


def test_where_the_residence_is_unknown_the_dearest_is_taken_and_marked_assumed() -> None:
    found = appraise_it(charging(*BOTH), [FALL])
    assert found.cost == usd(900)
    assert all(due.assumed for due in found.dues)


def test_the_dearest_residence_is_sought_among_the_rows_of_the_same_year() -> None:
    years = [
        fee(
            amount=amount,
            residence=[where],
            valid_from=dt.date(year, 7, 1),
            valid_to=dt.date(year + 1, 6, 30),
        )
        for year, where, amount in (
            (2026, "in", 100),
            (2026, "out", 300),
            (2027, "in", 110),
            (2027, "out", 330),
        )
    ]
    assert cost(charging(*years), FALL) == usd(900)
    assert cost(charging(*years), planned("CS 600", "Fall 2027")) == usd(990)


def test_an_unknown_price_is_never_the_cheapest_residence() -> None:
    rules = charging(fee(amount=100, residence=["in"]), fee(amount=None, residence=["out"]))
    assert cost(rules, FALL) is None


# ----------------------------------------------------------------- years and dates


def yearly(amount: int, start: int) -> Fee:
    return fee(amount=amount, valid_from=dt.date(start, 8, 1), valid_to=dt.date(start + 1, 7, 31))


def test_each_term_meets_its_own_years_price() -> None:
    rules = charging(yearly(100, 2026), yearly(110, 2027))
    assert cost(rules, FALL, planned("CS 610", "Fall 2027")) == usd(630)
    assert "rates-held-flat" not in appraise_it(rules, [FALL]).assumptions


def test_rates_beyond_the_published_year_are_held_flat_and_marked_assumed() -> None:
    rules = charging(yearly(90, 2025), yearly(100, 2026))
    found = appraise_it(rules, [planned("CS 610", "Fall 2029")])
    assert found.cost == usd(300)
    assert found.assumptions == ("rates-held-flat",)
    assert [due.assumed for due in found.dues] == [True]


def test_before_the_first_published_year_its_rate_is_held_too() -> None:
    found = appraise_it(charging(yearly(100, 2027)), [FALL])
    assert found.cost == usd(300)
    assert found.assumptions == ("rates-held-flat",)


def test_an_assumed_price_names_its_assumption() -> None:
    source = Provenance(certainty=Certainty.ASSUMED, assumption="sister-price")
    found = appraise_it(charging(fee(provenance=source)), [FALL])
    assert found.assumptions == ("sister-price",)
    assert found.dues[0].assumed


def test_an_unknown_price_is_neither_free_nor_zero() -> None:
    found = appraise_it(charging(fee(amount=None), fee("other", FeePer.TERM, 10)), [FALL])
    assert found.cost is None
    assert "fee tuition" in found.unknown


def test_an_unknown_price_that_is_not_met_does_not_matter() -> None:
    rules = charging(fee(), fee("summer", FeePer.TERM, None, seasons=["Summer"]))
    assert cost(rules, FALL) == usd(300)


def test_the_due_date_fixes_the_calendar_year() -> None:
    early = charging(fee(per=FeePer.TERM, due_days=-30))
    found = appraise_it(early, [SPRING])  # starts 2027-01-10
    assert [due.on for due in found.dues] == [dt.date(2026, 12, 11)]


def test_dues_come_in_order_of_time() -> None:
    found = appraise_it(charging(fee()), [SPRING, FALL])
    assert [due.on for due in found.dues] == sorted(due.on for due in found.dues)
    assert len(found.dues) == 2


def test_a_subscription_is_a_price_per_term_whatever_is_taken() -> None:
    rules = charging(fee(per=FeePer.TERM, amount=4000))
    assert cost(rules, FALL) == cost(rules, FALL, SECOND) == usd(4000)


def test_what_is_paid_once_was_paid_by_who_has_studied_here_but_not_by_who_brings_credit() -> None:
    rules = charging(fee("application", FeePer.ONCE, 75))
    assert cost(rules, taken("CS 630"), FALL) == usd(0)
    assert cost(rules, transfer("CS 630"), waived("MATH 500"), FALL) == usd(75)


def test_a_price_per_transferred_course_is_charged_once_for_what_the_record_brings() -> None:
    rules = charging(fee("transfer", FeePer.TRANSFER_COURSE, 50))
    brought = transfer("CS 630"), transfer("MATH 500")
    assert cost(rules, *brought, waived("MATH 510"), FALL, SPRING) == usd(100)
    assert cost(rules, FALL) == usd(0)
    assert cost(rules, *brought, taken("CS 620"), SPRING) == usd(0)
    only_cs = charging(fee("transfer", FeePer.TRANSFER_COURSE, 50, of=of("CS 630")))
    assert cost(only_cs, *brought, FALL) == usd(50)
    unknown = charging(fee("transfer", FeePer.TRANSFER_COURSE, None))
    assert cost(unknown, *brought, FALL) is None
    assert cost(unknown, FALL) == usd(0)


def test_a_course_over_several_terms_is_charged_where_it_starts() -> None:
    rows = (
        *offered("CS 600", "Fall", sessions=(1, 2)),
        *offered("CS 610", "Fall", any_session=True),
    )
    school = {"calendar": calendar(SESSIONS), "offerings": rows}
    long = taken("CS 600", None, status=AttemptStatus.PLANNED, periods=("Fall 2026",))
    rules = charging(fee(per=FeePer.SESSION), school=school)
    assert cost(rules, long) == usd(100)
    assert cost(rules, long, planned("CS 610", "Fall 2026 S2")) == usd(200)


def test_amounts_are_exact_to_the_cent() -> None:
    third = Fee(id="t", per=FeePer.CREDIT, amount=Money(minor=33_33, currency="USD"))
    found: Appraisal = appraise_it(charging(third), [planned("CS 600", credits="5/2")])
    assert found.cost == Money(minor=83_33, currency="USD")  # 83.325, halves up
