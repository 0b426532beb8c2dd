"""The integer program behind a proof: what its bounds prove, and what they do not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from prospectus.planning.verifying.program import Outcome, Program, Sum

SECONDS = 10.0


def test_the_least_value_is_proven() -> None:
    program = Program()
    one, other = program.column(0, 5), program.column(0, 5)
    program.keep(Sum().add(one, 2).add(other, 3), low=7)
    found = program.minimise(Sum().add(one, 4).add(other, 5), SECONDS)
    assert (found.outcome, found.bound) == (Outcome.OPTIMAL, 13)


def test_a_row_is_kept_in_whole_numbers_without_a_common_factor() -> None:
    program = Program()
    one, other = program.column(), program.column()
    program.keep(Sum().add(one, Fraction(8, 3)).add(other, 4), high=5)
    assert program.rows == [((one, other), (2, 3), float("-inf"), 3.0)]


def test_bounds_of_a_row_with_a_part_are_not_rounded() -> None:
    program = Program()
    one, part = program.column(), program.column(0, 3, is_whole=False)
    program.keep(Sum().add(one, 2).add(part, 2), low=3)
    assert program.rows == [((one, part), (1, 1), 1.5, float("inf"))]


def test_a_sum_that_can_never_be_is_infeasible_without_a_solve() -> None:
    program = Program()
    program.column()
    program.keep(Sum(constant=Fraction(1)), low=2)
    assert program.minimise(Sum(), SECONDS).outcome is Outcome.INFEASIBLE


def test_what_has_no_solution_is_infeasible() -> None:
    program = Program()
    columns = [program.column() for _ in range(3)]
    program.keep(Sum.of(columns), low=2)
    for place, one in enumerate(columns):
        for other in columns[place + 1 :]:
            program.keep(Sum.of((one, other)), high=1)
    assert program.minimise(Sum(), SECONDS).outcome is Outcome.INFEASIBLE


@pytest.mark.parametrize(
    ("told", "proven"),
    [
        (929_999.9999, 930_000),
        (929_998.5, 929_999),
        (929_998.2, 929_998),
        (930_000.0, 930_000),
        (930_000.0000001, 930_000),
    ],
)
def test_a_bound_proves_the_next_whole_step_and_no_more(
    monkeypatch: pytest.MonkeyPatch, told: float, proven: int
) -> None:
    program = Program()
    cost = program.column(0, 1_000_000)
    monkeypatch.setattr(Program, "_solve", lambda *_: (Outcome.OPTIMAL, told, 0.0))
    assert program.minimise(Sum().add(cost), SECONDS).bound == proven


def test_a_step_is_the_common_factor_of_the_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program()
    total = Sum(constant=Fraction(7)).add(program.column(), 3_000).add(program.column(), 4_500)
    monkeypatch.setattr(Program, "_solve", lambda *_: (Outcome.LIMIT, 2.1, 0.0))
    found = program.minimise(total, SECONDS)
    assert (found.outcome, found.bound) == (Outcome.LIMIT, 3 * 1_500 + 7)


def test_without_a_bound_nothing_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program()
    total = Sum().add(program.column())
    monkeypatch.setattr(Program, "_solve", lambda *_: (Outcome.LIMIT, None, 0.0))
    assert program.minimise(total, SECONDS).bound is None
