"""What counting calls impossible, against the plans of full enumeration."""

from __future__ import annotations

from tests.differential.drawing import TODAY
from tests.differential.enumeration import enumerate_plans
from tests.differential.generation import generate

from prospectus.planning.conflict_counts import Counts
from prospectus.planning.money import Tariff
from prospectus.planning.offers import offers
from prospectus.planning.solve import compiled_for

N_CASES = 150


def test_no_enumerated_plan_is_called_impossible_by_counting() -> None:
    n_cores = 0
    for seed in range(N_CASES):
        problem = generate(seed)
        student = problem.student
        offered = offers(problem.resolved, student, max(student.plan_from, student.matriculation))
        compiled = compiled_for(
            problem.resolved, student, problem.record, TODAY, offered, grant=True, everything=True
        )
        tariff = Tariff(compiled, student.wishes)
        if Counts(compiled, student, offered, tariff).core() is None:
            continue
        n_cores += 1
        best = enumerate_plans(problem.resolved, student, problem.record, TODAY)
        assert best is None, f"seed {seed}: counting forbids a plan"
    assert n_cores
