from __future__ import annotations

from sample_rows import figures, impossible, row

from prospectus.compare.dominance import Criterion, dominations
from prospectus.compare.row import Admissible, Option
from prospectus.domain.facts import Money

ML = Option(program="gatech-omscs", track="ml")
HCI = Option(program="gatech-omscs", track="hci")
MADS = Option(program="umich-mads", track=None)


def test_an_option_worse_on_one_count_and_better_on_none_is_dominated():
    found = dominations([row(), row(track="hci", plan=figures(peak=26))])
    assert [(item.loser, item.winner, item.on) for item in found] == [(HCI, ML, (Criterion.PEAK,))]


def test_equal_options_do_not_dominate_each_other():
    assert dominations([row(), row(track="hci")]) == ()


def test_an_option_better_on_one_count_is_not_dominated():
    later_but_cheaper = figures(finish="2030-05-06", cost=500_000)
    assert dominations([row(), row(track="hci", plan=later_but_cheaper)]) == ()


def test_an_unknown_cost_neither_dominates_nor_is_dominated():
    unpriced_and_later = row("cuboulder-msds", None, plan=figures("2031-01-01", None, 40))
    unpriced_and_sooner = row("umich-mads", None, plan=figures("2027-01-01", None, 4))
    assert dominations([row(), unpriced_and_later, unpriced_and_sooner]) == ()


def test_costs_in_two_currencies_are_not_compared():
    euros = figures("2031-01-01")
    foreign = row("kit-ms", None, plan=euros.__class__(**_with_cost(euros, "EUR")))
    assert dominations([row(), foreign]) == ()


def test_what_does_not_admit_the_person_is_no_choice():
    closed = row("umich-mads", None, plan=figures("2027-01-01", 100), admissible=Admissible.NO)
    assert dominations([row(), closed]) == ()


def test_a_doubtful_admission_does_not_dominate_a_sure_one():
    sooner = figures("2028-01-01", 100, 4)
    doubtful = row("umich-mads", None, plan=sooner, admissible=Admissible.DEPENDS)
    assert dominations([row(), doubtful]) == ()
    assert dominations([row(admissible=Admissible.DEPENDS), doubtful]) != ()


def test_readings_of_one_programme_do_not_dominate_each_other():
    short = row("umich-mads", None, plan=figures("2028-01-01"), variant=(("total", "34"),))
    long = row("umich-mads", None, plan=figures("2028-06-01"), variant=(("total", "38"),))
    assert dominations([short, long]) == ()


def test_an_option_is_dominated_only_if_it_is_under_every_reading():
    one = row("umich-mads", None, plan=figures("2030-01-01"), variant=(("total", "34"),))
    other = row("umich-mads", None, plan=figures("2029-05-06"), variant=(("total", "38"),))
    assert dominations([row(), one, other]) == ()
    worse = row("umich-mads", None, plan=figures("2029-06-01"), variant=(("total", "38"),))
    assert [item.loser for item in dominations([row(), one, worse])] == [MADS]


def test_a_row_without_a_plan_takes_no_part():
    assert dominations([row(), impossible()]) == ()


def _with_cost(plan: object, currency: str) -> dict[str, object]:
    from dataclasses import fields

    values = {field.name: getattr(plan, field.name) for field in fields(plan)}  # type: ignore[arg-type]
    return values | {"cost": Money(minor=99_999_999, currency=currency)}
