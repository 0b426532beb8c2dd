"""What is kept of uses and courses for the next record is what would be made anew for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.degrees import TODAY
from tests.unit.audit.drawn_boards import drawn_cases

from prospectus.audit.problem import problem_of
from prospectus.audit.rules import Rules, rules_of


@pytest.mark.parametrize("parts", [False, True])
def test_entries_kept_of_other_records_are_those_made_anew(parts: bool) -> None:
    compared = 0
    for case in drawn_cases(40, parts=parts):
        kept = rules_of(case.resolved, case.record)
        attempts = case.record.attempts
        records = [
            replace(case.record, attempts=tuple(one for one in attempts if one is not out))
            for out in attempts
        ]
        # each record twice: what one leaves behind serves the next
        for record in (case.record, *records, case.record, *records):
            fresh = problem_of(Rules(case.resolved, kept.unit), record, TODAY, case.conferral)
            found = problem_of(kept, record, TODAY, case.conferral)
            assert found.uses == fresh.uses, case.seed
            assert found.courses == fresh.courses, case.seed
            compared += 1
    assert compared > 200
