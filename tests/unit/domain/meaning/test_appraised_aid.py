"""docs/student-file.md, Money: what an employer pays back of what is due, and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from tests.degrees import appraise_it, degree, leaf, planned, usd

from prospectus.domain.aid import EmployerAid
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.plan import Appraisal

TUITION = Fee(id="own-tuition", per=FeePer.CREDIT, amount=usd(1000))
LAB = Fee(id="lab", per=FeePer.TERM, amount=usd(100))
RULES = degree(leaf("core", "any", 2), school={"fees": (TUITION, LAB)})
FALL, SPRING = planned("CS 600", "Fall 2026"), planned("CS 610", "Spring 2027")


def back(found: Appraisal) -> dict[int, int]:
    """Return what is paid back, in whole dollars by calendar year."""
    return {year: amount.minor // 100 for year, amount in found.paid_back}


def test_each_term_is_paid_back_so_many_days_after_its_end() -> None:
    aid = EmployerAid(per_year=usd(9000), paid_after_days=45)
    found = appraise_it(RULES, [FALL, SPRING], aid=aid)
    assert back(found) == {2027: 6200}
    assert found.value("out_of_pocket") == 0
    at_once = appraise_it(RULES, [FALL, SPRING], aid=replace(aid, paid_after_days=21))
    assert back(at_once) == {2026: 3100, 2027: 3100}


def test_a_term_with_a_course_below_the_floor_is_not_paid_back() -> None:
    aid = EmployerAid(per_year=usd(9000), min_grade="B")
    weak = replace(FALL, expected_grade="C")
    assert back(appraise_it(RULES, [weak, SPRING], aid=aid)) == {2027: 3100}
    fine = replace(FALL, expected_grade="A")
    assert back(appraise_it(RULES, [fine, SPRING], aid=aid)) == {2026: 3100, 2027: 3100}


def test_a_floor_above_the_usual_grade_is_listed_as_an_assumption() -> None:
    found = appraise_it(RULES, [FALL], aid=EmployerAid(per_year=usd(9000), min_grade="A"))
    assert found.aid_grades == ((FALL.id, "A"),)
    usual = appraise_it(RULES, [FALL], aid=EmployerAid(per_year=usd(9000), min_grade="B"))
    assert usual.aid_grades == ()


def test_limits_out_of_pocket_are_broken_by_year_and_in_all() -> None:
    aid = EmployerAid(per_year=usd(3000), paid_after_days=45)
    found = appraise_it(
        RULES,
        [FALL, SPRING],
        aid=aid,
        pocket_total=usd(3000),
        pocket_by_year=((None, usd(200)), (2027, usd(100))),
    )
    assert [one.rule for one in found.wishes_broken] == ["out_of_pocket", "out_of_pocket 2026"]


def test_growing_rates_are_named_in_place_of_flat_ones() -> None:
    fee = replace(TUITION, valid_to=dt.date(2026, 12, 31))
    rules = degree(leaf("core", "any", 2), school={"fees": (fee,)})
    found = appraise_it(rules, [FALL, SPRING], rates_grow=Fraction(1, 200))
    assert [due.amount for due in found.dues] == [usd(3000), usd(3015)]
    assert found.assumptions == ("rates-grow",)
    before = degree(
        leaf("core", "any", 2),
        school={"fees": (replace(TUITION, valid_from=dt.date(2027, 1, 1)),)},
    )
    assert appraise_it(before, [FALL], rates_grow=Fraction(1, 200)).assumptions == (
        "rates-held-flat",
    )
