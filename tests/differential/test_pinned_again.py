"""Plans asked for again with a course pinned, from the answer before and as if for the first time.

Both have to say the same, to the last proven level.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from tests.differential.drawing import TODAY
from tests.differential.generation import Problem, generate

from prospectus.domain.course import CourseCode
from prospectus.domain.plan import Plan
from prospectus.domain.program import Resolved
from prospectus.domain.student import Student
from prospectus.domain.wish import Placed
from prospectus.planning.again import plan_again
from prospectus.planning.objective import ORDER
from prospectus.planning.offers import offers
from prospectus.planning.result import PlanResult
from prospectus.planning.solve import plan

CASES_PER_BATCH = 100
N_DRAWS = 2
"""How often each answer is asked from: it has to be the same afterwards."""

QUICK_BATCHES = 2
ALL_BATCHES = 16


def pinned(problem: Problem, before: PlanResult, draw: int) -> Student:
    """Return the student who wants courses of the plan where they are, or one in a drawn period.

    Or just not there.
    """
    rng = random.Random(f"pins {problem.seed} {draw}")
    student = problem.student
    begins = max(student.plan_from, student.matriculation)
    runs = offers(problem.resolved, student, begins).open
    planned = () if before.plan is None else before.plan.attempts
    calendar = problem.resolved.calendar
    places = [(one.course, calendar.leaves_of(one.periods[0])[0]) for one in planned if one.periods]
    if not places or rng.random() < 0.6:
        code = rng.choice(sorted(code for code in runs if runs[code]) or [CourseCode("AA 1")])
        places = [(code, run.leaves[0]) for run in runs.get(code, ())]
        places = rng.sample(places, min(1, len(places)))
    pins = []
    for code, leaf in rng.sample(places, min(len(places), rng.choice([1, 1, 2]))):
        day = calendar.leaves[leaf].start
        inside = rng.random() < 0.8
        pins.append(Placed(course=code, first=day, last=day, inside=inside))
    wishes = student.wishes
    return replace(student, wishes=replace(wishes, about=(*wishes.about, *pins)))


def order_of(plan: Plan, resolved: Resolved) -> tuple[int, int]:
    """Return what the last order counts, from the first period on: courses, then when they start.

    Two plans may be equal even so.
    """
    courses, calendar = sorted(resolved.courses), resolved.calendar
    ranks = [courses.index(one.course) for one in plan.attempts]
    return sum(ranks), sum(calendar.leaves_of(one.periods[0])[0] for one in plan.attempts)


def answers(problem: Problem, n_levels: int | None) -> list[str]:
    """Hold both answers to each other, of several draws one after the other; return their kinds."""
    asked = (problem.resolved, problem.student, problem.record, TODAY)
    before = plan(*asked, n_levels=n_levels, explain_conflict=problem.seed % 5 == 0)
    return [answer(problem, before, draw, n_levels) for draw in range(N_DRAWS)]


def answer(problem: Problem, before: PlanResult, draw: int, n_levels: int | None) -> str:
    """Hold the answer from the one before to the one as if for the first time."""
    explains = problem.seed % 5 == 0
    student = pinned(problem, before, draw)
    now = (problem.resolved, student, problem.record, TODAY)
    cold = plan(*now, n_levels=n_levels, explain_conflict=explains)
    again = plan_again(
        *now,
        before=before,
        asked=problem.student,
        n_levels=n_levels,
        explain_conflict=explains,
    )
    where = f"seed {problem.seed}, draw {draw}"
    assert again.status is cold.status, where
    assert bool(again.conflict) == bool(cold.conflict), where
    if cold.plan is None or again.plan is None:
        assert again.plan is cold.plan, where
        return "none before" if before.plan is None else "none"
    # what lies behind the levels asked is as it comes
    for one, expected in zip(again.levels[:n_levels], cold.levels[:n_levels], strict=True):
        assert (one.level, one.is_proven) == (expected.level, expected.is_proven), where
        if one.level == ORDER:
            # its value counts from the first period of a model, and a pin leaves some out
            assert order_of(again.plan, problem.resolved) == order_of(cold.plan, problem.resolved)
        else:
            assert one.value == expected.value, where
    return "kept" if again == before else "another"


def run_batch(batch: int) -> None:
    said = Counter(
        kind
        for seed in range(batch * CASES_PER_BATCH, (batch + 1) * CASES_PER_BATCH)
        for kind in answers(generate(seed), None if seed % 2 else 3)
    )
    assert said["kept"]
    assert said["another"]


@pytest.mark.parametrize("batch", range(QUICK_BATCHES))
def test_asking_again_with_pins_says_what_asking_anew_does(batch: int) -> None:
    run_batch(batch)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK_BATCHES, ALL_BATCHES))
def test_asking_again_with_pins_says_what_asking_anew_does_at_length(batch: int) -> None:
    run_batch(batch)
