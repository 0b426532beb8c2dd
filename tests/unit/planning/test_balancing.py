from __future__ import annotations

from dataclasses import replace

import pytest

from prospectus.domain.balance import BalanceProblem, BalanceTrack, Criterion, Range
from prospectus.planning import balance as balancing
from prospectus.planning.balance import balance
from prospectus.planning.balance_anneal import anneal
from prospectus.planning.balance_bounds import least_cost, least_peak
from prospectus.planning.balance_tracks import lower_hull, prepare, windows, within_reach
from prospectus.planning.result import PlanStatus


def problem(
    loads: tuple[int, ...], n_periods: int, criterion: Criterion = Criterion.PEAK
) -> BalanceProblem:
    """A problem of one track without limits."""
    return BalanceProblem(
        name="small",
        criterion=criterion,
        periods=tuple(f"P{number + 1}" for number in range(n_periods)),
        courses=tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(loads)]),
        loads=loads,
        tracks=(BalanceTrack(name="all", courses=tuple(range(len(loads)))),),
        precedes=(),
        load=Range(),
        count=Range(),
    )


SIX = problem((4, 4, 4, 3, 3, 3), 3)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"load": Range(most=3)}, "course A has a load of 4"),
        ({"load": Range(most=6)}, "21 in all, and 3 periods of at most 6 hold 18"),
        ({"load": Range(least=8)}, "21 in all, and 3 periods of at least 8 ask 24"),
        ({"count": Range(most=1)}, "number of courses of 6 in all, and 3 periods"),
        ({"precedes": ((0, 1), (1, 2), (2, 3))}, "4 courses must follow one another in 3 periods"),
        ({"excluded": frozenset({(1, 0), (1, 1), (1, 2)})}, "no period is left to course B"),
        (
            {"load": Range(most=7), "excluded": frozenset({(0, 1), (0, 2), (1, 1), (1, 2)})},
            "A, B can only stand in period P1 and come to a load of 8; at most 7 fit",
        ),
        (
            {"count": Range(least=2), "precedes": tuple((0, c) for c in range(1, 6))},
            "only A can stand in period P1, a number of 1; at least 2 is asked",
        ),
    ],
)
def test_counting_gives_the_reason_why_nothing_is_possible(
    change: dict[str, object], reason: str
) -> None:
    found = balance(replace(SIX, **change))  # type: ignore[arg-type]
    assert found.status is PlanStatus.INFEASIBLE
    assert reason in found.reason
    assert not found.searched
    assert found.places is None


def test_what_counting_does_not_show_is_blamed_on_the_limits_that_are_needed() -> None:
    # two 6s fit into a period of 15, so three periods hold six of the seven, though 42 < 45
    seven = replace(problem((6,) * 7, 3), load=Range(most=15), count=Range(least=1))
    found = balance(seven)
    assert found.status is PlanStatus.INFEASIBLE
    assert found.searched
    assert found.reason == (
        "proven by search, not by counting: a load of at most 15 a period cannot hold"
    )
    less = replace(seven, load=Range(), count=Range(least=3))
    assert balance(replace(less, count=Range(least=2))).status is PlanStatus.OPTIMAL


def test_a_peak_that_meets_the_count_is_proven_without_the_solver() -> None:
    found = balance(SIX)
    assert (found.status, found.value, found.bound) == (PlanStatus.OPTIMAL, 7, 7)
    assert not found.searched


def test_windows_follow_from_order_and_exclusions() -> None:
    chained = replace(SIX, precedes=((0, 1), (1, 2)), excluded=frozenset({(3, 1)}))
    assert windows(chained)[:4] == ((0,), (1,), (2,), (0, 2))


def test_loads_within_reach_are_sums_of_as_many_courses_as_may_be() -> None:
    prepared = prepare(replace(SIX, count=Range(least=1, most=2)))
    assert within_reach(prepared, prepared.groups[0], 0) == [3, 4, 6, 7, 8]


def test_the_hull_keeps_the_corners_below() -> None:
    assert lower_hull([(0, 9), (2, 4), (3, 3), (4, 0), (6, 8)]) == [(0, 9), (2, 4), (4, 0), (6, 8)]


def test_the_bound_of_patterns_is_reached_where_nothing_else_binds() -> None:
    prepared = prepare(problem((6, 6, 6, 12), 4, Criterion.GBAC))
    # a mean of 7.5, so loads of 7 and 8 cost nothing: 6, 6, 6, 12 cost 1 + 1 + 1 + 16
    assert least_cost(prepared, prepared.groups[0], 0, 1.0) == 19
    assert balance(prepared.problem).value == 19


def test_a_stretch_of_periods_bounds_the_peak() -> None:
    late = frozenset((course, 0) for course in range(6))
    assert least_peak(prepare(SIX)) == 7
    assert least_peak(prepare(replace(SIX, excluded=late))) == 11


def test_local_search_keeps_the_order_and_says_what_it_exceeds() -> None:
    prepared = prepare(replace(SIX, precedes=((0, 1), (1, 2)), count=Range(least=2)))
    found = anneal(prepared, 2_000, 1, enough=7)
    assert found.excess == 0
    assert found.places[0] < found.places[1] < found.places[2]
    none = anneal(prepared, 0, 1, enough=7)
    assert none.excess > 0


def test_equal_tracks_are_counted_once_and_cost_twice() -> None:
    alone = problem((6, 6, 6, 12), 4, Criterion.GBAC)
    twice = replace(alone, tracks=(alone.tracks[0], replace(alone.tracks[0], name="twin")))
    assert len(prepare(twice).groups) == 1
    assert balance(twice).value == 38


def test_the_same_seed_gives_the_same_layout() -> None:
    first = balance(replace(SIX, criterion=Criterion.SQUARES), seed=3, workers=1)
    again = balance(replace(SIX, criterion=Criterion.SQUARES), seed=3, workers=1)
    assert first.places == again.places


def test_ctrl_c_gives_the_best_so_far_with_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **named: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(balancing, "run", interrupted)
    # all others come behind A, which counting by patterns leaves aside
    late = replace(problem((4,) * 6, 3), precedes=tuple((0, course) for course in range(1, 6)))
    found = balance(replace(late, criterion=Criterion.GBAC))
    assert found.was_interrupted
    assert found.status is PlanStatus.FEASIBLE
    assert (found.value, found.bound) == (32, 0)
