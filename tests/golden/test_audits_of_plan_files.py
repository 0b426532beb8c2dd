"""Every best plan, as its file says it, audits as complete: with its periods and expected grades.

So gates, due days, expiry and rules of order are seen too. Beside `test_audits_of_plans`, which
audits the courses alone.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from test_audits_of_plans import ALL
from test_bundled_plans import TODAY

from prospectus.app.audit_answers import AuditVariant
from prospectus.app.audit_check import run_audit
from prospectus.app.auditing import audit_record
from prospectus.app.document import to_json
from prospectus.domain.plan import Standing
from prospectus.domain.record import Record
from prospectus.planning.solve import plan


@cache
def planned(name: str) -> Record:
    """Return the record of a student with the attempts of the best plan."""
    resolved, student = ALL[name]
    found = plan(resolved, student, student.record, TODAY).plan
    assert found is not None
    return replace(student.record, attempts=found.attempts)


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_plan_in_its_periods_keeps_every_rule_and_needs_each_of_its_courses(name: str) -> None:
    resolved, student = ALL[name]
    record, choices = planned(name), dict(student.choices)
    assert all(one.periods for one in record.attempts)
    whole = run_audit(resolved, record, TODAY, choices)
    assert whole.result.is_proven
    assert whole.result.credits_left == 0
    assert whole.result.unused == ()
    assert whole.verdict.breaches == ()
    assert whole.verdict.degree >= Standing.PENDING
    for one in record.attempts:
        others = tuple(other for other in record.attempts if other is not one)
        fewer = run_audit(resolved, replace(record, attempts=others), TODAY, choices)
        assert fewer.result.credits_left != 0, one.course
        assert fewer.verdict.degree is Standing.UNMET


def read_back(name: str, record: Record, folder: Path) -> list[AuditVariant]:
    """Return the audits of a plan's file under the rules of the plan.

    A plan's file says nothing of the person, so facts that the plan knew are open again.
    """
    resolved, student = ALL[name]
    program = resolved.program
    variant = {"finish": "2030-01-01", "record": to_json(record)}
    result = {
        "program": program.id,
        "catalog_year": program.catalog_year,
        "tracks": [{"track": None, "variants": [variant]}],
    }
    path = folder / "plan.json"
    path.write_text(json.dumps({"schema": "prospectus.plan", "result": result}), encoding="utf-8")
    answer = audit_record(path, today=TODAY, choices=student.choices)
    mine = set(resolved.readings + resolved.branches)
    return [one for one in answer.variants if mine <= set(one.variant)]


@pytest.mark.parametrize("name", sorted(ALL))
def test_the_file_of_a_plan_is_audited_as_complete(name: str, tmp_path: Path) -> None:
    found = read_back(name, planned(name), tmp_path)
    assert found
    for one in found:
        assert one.is_proven
        assert one.credits.left == 0
        assert not one.missing
        assert not one.unused
        assert not [note for note in one.notes if note.startswith("breaks a rule of order")]
        assert {clock.state for clock in one.clocks} <= {"kept", "running", "undated"}


@pytest.mark.parametrize("name", sorted(ALL))
def test_the_file_of_a_plan_without_its_last_course_names_what_is_missing(
    name: str, tmp_path: Path
) -> None:
    record = planned(name)
    for one in read_back(name, replace(record, attempts=record.attempts[:-1]), tmp_path):
        assert one.credits.left != 0
        assert one.missing
