"""Windows, prices and what must come next against full enumeration, on small programmes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.differential.drawing import TODAY
from tests.differential.enumeration import Best, enumerate_plans, schedules
from tests.differential.every_plan import Plans, TooManyError, around_the_best
from tests.differential.generation import Problem, generate

from prospectus.app.plan_suppose import compared
from prospectus.app.solving import Effort, Solved, solve
from prospectus.domain.course import CourseCode
from prospectus.domain.student import Level, Student
from prospectus.planning.around import Case, Near
from prospectus.planning.solve import plan
from prospectus.planning.solver import Clock, Solver
from prospectus.planning.windows import begun_in_every_plan, in_every_plan, windows
from prospectus.planning.wish_list import each_wish

SEEDS_PER_BATCH = 50
QUICK_BATCHES = 2
ALL_BATCHES = 24
FEW_SCHEDULES = 130
MOST_SCHEDULES = 1000
FEW_WITNESSES = 100
MOST_WITNESSES = 2000
N_PRICES = 2
PRICED_SCHEDULES = 100


def is_small(problem: Problem, most: int) -> bool:
    """Return whether a case has few schedules: what is enumerated is judged one by one."""
    found = schedules(problem.resolved, problem.student, problem.record)
    return all(place < most for place, _ in enumerate(found))


def check_around(problem: Problem, most: int) -> int:
    """Hold windows and musts to the oracle; return how many courses were compared."""
    want = around_the_best(problem.resolved, problem.student, problem.record, TODAY, most)
    got = plan(problem.resolved, problem.student, problem.record, TODAY, explain_conflict=False)
    assert (got.plan is None) == (want is None), f"seed {problem.seed}"
    if want is None:
        return 0
    solver = Solver(Clock(seconds=60), seed=0, workers=1)
    case = Case(problem.resolved, problem.student, problem.record, TODAY, got, solver)
    deadline = problem.student.wishes.deadline
    assert deadline is not None
    finish = {Level.FINISH.value: case.levels[Level.FINISH.value]}
    compare(case, Near(case, case.levels, deadline), want.best, f"seed {problem.seed}: best")
    compare(case, Near(case, finish, deadline), want.in_time, f"seed {problem.seed}: as early")
    compare(case, Near(case, {}, deadline), want.every, f"seed {problem.seed}: any")
    return len(case.courses)


def compare(case: Case, near: Near, want: Plans, label: str) -> None:
    """Hold what is said of some plans to what they have in common."""
    for code, window in windows(near, case.courses, case.spots).items():
        assert window.is_settled, label
        assert (window.first, window.last) == want.ends[code], f"{label}, {code}"
    always = in_every_plan(near, case.courses)
    assert (always.settled, always.waiting) == (want.courses, frozenset()), label
    if case.spots:
        first = min(leaf for _, leaf in case.spots)
        here = [spot for spot in case.spots if spot[1] == first]
        expected = {code for code, leaf in here if (code, leaf) in (want.common or ())}
        assert begun_in_every_plan(near, here).settled == expected, label


def check_prices(problem: Problem) -> Counter[str]:
    """Hold the price of each wish and of a few courses to the oracle."""
    student = replace(problem.student, record=problem.record)
    before = solved(problem, student)
    told: Counter[str] = Counter()
    if before.result.plan is None:
        return told
    codes = sorted({attempt.course for attempt in before.result.plan.attempts})
    suppositions = [
        (wish.id, replace(student, wishes=wish.without))
        for wish in each_wish(student.wishes)
        # without a deadline there is no end to what could be enumerated
        if wish.id != "deadline"
    ][:N_PRICES]
    suppositions += [(f"without {code}", without(student, code)) for code in codes[:N_PRICES]]
    base = enumerate_plans(problem.resolved, student, problem.record, TODAY)
    for name, supposed in suppositions:
        best = enumerate_plans(problem.resolved, supposed, problem.record, TODAY)
        price = compared(before, solved(problem, supposed), name, name)
        label = f"seed {problem.seed}: {name}"
        assert price.is_settled, label
        assert price.is_possible == (best is not None), label
        if best is None or base is None:
            told["impossible"] += 1
            continue
        same = named(best, student) == named(base, student)
        assert price.is_free == same, f"{label}: {price.levels}"
        pairs = zip(named(base, student), named(best, student), strict=True)
        better = [None if old == new else new < old for old, new in pairs]
        assert [one.is_better for one in price.levels] == better, label
        told["free" if same else "priced"] += 1
    return told


def named(best: Best, student: Student) -> tuple[object, ...]:
    """Return the values of the levels that the person named."""
    return best.values[: len(student.wishes.levels)]


def solved(problem: Problem, student: Student) -> Solved:
    """Return the checked answer for a student."""
    return solve(problem.resolved, student, TODAY, Effort(seconds=60), explain_conflict=False)


def without(student: Student, code: CourseCode) -> Student:
    """Return the student who does not want a course."""
    wishes = student.wishes
    wanted = tuple(one for one in wishes.wanted if one != code)
    goals = frozenset(goal for goal in wishes.goals if not goal.startswith("unwanted"))
    changed = replace(wishes, wanted=wanted, unwanted=(*wishes.unwanted, code), goals=goals)
    return replace(student, wishes=changed)


def run_batch(
    batch: int, most: int, witnesses: int, record_property: Callable[[str, object], None]
) -> None:
    """Check the small cases of a batch, and report what they held."""
    n_cases = n_courses = 0
    told: Counter[str] = Counter()
    for seed in range(batch * SEEDS_PER_BATCH, (batch + 1) * SEEDS_PER_BATCH):
        problem = generate(seed)
        if not is_small(problem, most):
            continue
        try:
            n_courses += check_around(problem, witnesses)
        except TooManyError:
            continue
        n_cases += 1
        if is_small(problem, PRICED_SCHEDULES):
            told += check_prices(problem)
    record_property("explanations", {"cases": n_cases, "courses": n_courses, **told})
    assert n_courses


@pytest.mark.parametrize("batch", range(QUICK_BATCHES))
def test_explanations_match_enumeration(
    batch: int, record_property: Callable[[str, object], None]
) -> None:
    run_batch(batch, FEW_SCHEDULES, FEW_WITNESSES, record_property)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK_BATCHES, ALL_BATCHES))
def test_explanations_match_enumeration_at_length(
    batch: int, record_property: Callable[[str, object], None]
) -> None:
    run_batch(batch, MOST_SCHEDULES, MOST_WITNESSES, record_property)
