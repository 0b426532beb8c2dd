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
from prospectus.domain.facts import Completeness
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


# Held on every track, under every reading, with 24 and without limited hours; of the other complete
# programmes one plan a year is held: the first track and reading, 24 hours a week.
HELD_WHOLE = ("cuboulder-msds", "gatech-omscs", "umich-mads")


def cases() -> dict[str, tuple[Resolved, Student]]:
    """Return the rules and the student of each plan that is held, by the name of its file."""
    found: dict[str, tuple[Resolved, Student]] = {}
    for program in CATALOG.programs:
        if program.completeness is not Completeness.COMPLETE:
            continue
        school = CATALOG.school(program.school)
        is_whole = program.id in HELD_WHOLE
        n = None if is_whole else 1
        year = "" if is_whole else program.catalog_year
        known = CATALOG.assumptions_of(program)
        for track in tracks(program)[:n]:
            for reading in all_readings(program)[:n]:
                resolved = resolve(program, school, RESIDENT, reading, known)[0]
                for hours in (None, 24) if is_whole else (24,):
                    wishes = Wishes(hours_per_week=hours, hours_are_assumed=False)
                    student = Student(
                        matriculation=START,
                        plan_from=START,
                        record=Record(matriculation=START),
                        person=RESIDENT,
                        wishes=wishes,
                    )
                    names = [program.id, year, track.id or "", *(option for _, option in reading)]
                    names.append("24h" if hours else "free")
                    key = "-".join(name for name in names if name)
                    assert key not in found
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
        "cost": None if appraisal.cost is None else str(appraisal.cost),
        "peak hours a week": appraisal.peak_hours,
        "credits": str(appraisal.credits),
        "courses": sorted(str(attempt.course) for attempt in result.plan.attempts),
        "assumptions": list(appraisal.assumptions),
        # an unknown cost has no value that could be proven
        "every level proven": all(
            level.is_proven for level in result.levels if level.value is not None
        ),
    }
    path = GOLDEN / f"{name}.json"
    if pytestconfig.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(got, indent=1) + "\n", encoding="utf-8")
    assert got == json.loads(path.read_text(encoding="utf-8"))
