"""The best plan of every bundled programme and track, held to a reviewed file.

After a change that is meant to change plans: `make test ARGS="tests/golden --update-golden"`, and
read the diff.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from prospectus.app.options import all_readings, on_track, tracks
from prospectus.catalogs.load import load_catalog
from prospectus.domain.meaning import appraise, judge, resolve
from prospectus.domain.plan import Standing
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.student import Person, Student, Wishes
from prospectus.planning.result import PlanStatus
from prospectus.planning.solve import plan

TODAY = dt.date(2026, 7, 1)
START = dt.date(2026, 8, 15)
GOLDEN = Path(__file__).parent / "expected"
CATALOG = load_catalog()
RESIDENT = Person(facts=(("residence", "out-of-state"),))


def cases() -> dict[str, tuple[Resolved, Student]]:
    """Return each programme, track and reading, for students with 24 and without limited hours."""
    found: dict[str, tuple[Resolved, Student]] = {}
    for program in CATALOG.programs:
        school = CATALOG.school(program.school)
        for track in tracks(program):
            for reading in all_readings(program):
                resolved = resolve(program, school, RESIDENT, reading, CATALOG.assumptions)[0]
                for hours in (None, 24):
                    wishes = Wishes(hours_per_week=hours, hours_are_assumed=False)
                    student = Student(
                        matriculation=START,
                        plan_from=START,
                        record=Record(matriculation=START),
                        person=RESIDENT,
                        wishes=wishes,
                    )
                    names = [program.id, track.id or "", *(option for _, option in reading)]
                    names.append("24h" if hours else "free")
                    key = "-".join(name for name in names if name)
                    found[key] = (resolved, on_track(student, program, track.id))
    return found


CASES = cases()


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_best_plan_is_the_one_on_file(name: str, pytestconfig: pytest.Config) -> None:
    resolved, student = CASES[name]
    result = plan(resolved, student, student.record, TODAY)
    assert result.status is PlanStatus.OPTIMAL
    assert result.plan is not None
    record = replace(student.record, attempts=result.plan.attempts)
    verdict = judge(resolved, record, result.plan.witness, TODAY)
    assert verdict.is_legal
    assert verdict.degree >= Standing.PENDING
    appraisal = appraise(resolved, student, record, result.plan.witness, TODAY)
    # one worker and a fixed seed: the same plan every time
    got = {
        "finish": appraisal.finish.isoformat(),
        "cost": str(appraisal.cost),
        "peak hours a week": appraisal.peak_hours,
        "credits": str(appraisal.credits),
        "courses": sorted(str(attempt.course) for attempt in result.plan.attempts),
        "assumptions": list(appraisal.assumptions),
        "every level proven": all(level.is_proven for level in result.levels),
    }
    path = GOLDEN / f"{name}.json"
    if pytestconfig.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(got, indent=1) + "\n", encoding="utf-8")
    assert got == json.loads(path.read_text(encoding="utf-8"))
