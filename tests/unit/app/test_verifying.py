"""Certificates: what holds is confirmed, and what was tampered with is caught."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prospectus.app.certificate import (
    certificate_text,
    certify,
    read_certificate,
)
from prospectus.app.degree_plan import plan_degree
from prospectus.app.library import open_library
from prospectus.app.solving import Effort, Solved
from prospectus.app.verifying import VerifyAnswer, verify_certificate
from prospectus.domain.errors import CertificateError, UsageError
from prospectus.domain.facts import Completeness

TODAY = dt.date(2026, 11, 22)
STUDENT = "format: 1\nplan_from: 2027-01-04\nhours_per_week: 20\n"
QUICK = ("gatech-omscs", "umich-mads")
QUICK_TRACKS = {"gatech-omscs": "hci"}

Document = dict[str, Any]


def solved_for(
    folder: Path, text: str, program: str, track: str | None = None
) -> list[tuple[str | None, Solved]]:
    """What is solved for a student."""
    student = folder / "me.yaml"
    student.write_text(text, encoding="utf-8")
    solved: list[tuple[str | None, Solved]] = []
    plan_degree(student, program, track, today=TODAY, keep=solved, effort=Effort(seconds=60))
    return solved


def written(folder: Path, text: str, program: str, track: str | None = None) -> Path:
    """The certificate of a student's plan."""
    path = folder / "plan.json"
    certify(solved_for(folder, text, program, track), TODAY, (), path)
    return path


@pytest.fixture(scope="module")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of a small programme."""
    return written(tmp_path_factory.mktemp("genuine"), STUDENT, "utaustin-msai")


def tampered(genuine: Path, folder: Path, change: Callable[[Document], None]) -> Path:
    """The certificate after somebody changed something in it."""
    document = json.loads(genuine.read_text(encoding="utf-8"))
    change(document)
    path = folder / "tampered.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def verified(path: Path) -> VerifyAnswer:
    """What verifying gives."""
    return verify_certificate(path, seconds=60)


def test_a_genuine_certificate_is_confirmed(genuine: Path) -> None:
    answer = verified(genuine)
    assert answer.is_confirmed
    assert not answer.is_wrong
    for claim in answer.claims:
        names = [level.level for level in claim.levels]
        assert names == ["finish", "cost", "peak", "topics", "credits"]


def test_a_certificate_reads_back_as_it_was_written(genuine: Path) -> None:
    found = read_certificate(genuine)
    assert certificate_text(found) == genuine.read_text(encoding="utf-8")
    assert found.claims[0].student.name == ""
    assert found.claims[0].student.wishes.hours_per_week == 20


def drop_a_course(document: Document) -> None:
    """Leave out the first course of the plan."""
    plan = document["claims"][0]["plan"]
    gone = plan["attempts"].pop(0)["id"]
    placements = plan["witness"]["placements"]
    plan["witness"]["placements"] = [p for p in placements if p["attempt"] != gone]


def swap_a_course(document: Document) -> None:
    """Take a course of another number in the place of one that is required."""
    text = json.dumps(document["claims"][0]["plan"])
    first = document["claims"][0]["plan"]["attempts"][0]["course"]
    document["claims"][0]["plan"] = json.loads(text.replace(first, "AI 999Z"))


def move_a_course(document: Document) -> None:
    """Put every course into one term."""
    attempts = document["claims"][0]["plan"]["attempts"]
    for attempt in attempts:
        attempt["periods"] = attempts[0]["periods"]


def lower_a_value(document: Document) -> None:
    """Claim a lower cost than the plan has, and prove it so."""
    for level in document["claims"][0]["levels"]:
        if level["level"] == "cost":
            level["value"] = level["bound"] = level["value"] - 100


def raise_a_bound(document: Document) -> None:
    """Claim a bound above the value."""
    document["claims"][0]["levels"][1]["bound"] += 100


def pass_a_course(document: Document) -> None:
    """Take what is planned for passed."""
    document["claims"][0]["plan"]["attempts"][0]["status"] = "passed"


def deny_the_plan(document: Document) -> None:
    """Claim that there is no plan."""
    claim = document["claims"][0]
    claim["status"], claim["plan"], claim["levels"] = "infeasible", None, []


def leave_a_level_out(document: Document) -> None:
    """Call the plan best without saying what it costs the person in hours."""
    claim = document["claims"][0]
    claim["levels"] = [level for level in claim["levels"] if level["level"] != "peak"]


def promise_a_topic(document: Document) -> None:
    """Let a planned course carry a topic that nobody promises."""
    document["claims"][0]["plan"]["attempts"][0]["topic"] = "robotics"


def promise_a_grade(document: Document) -> None:
    """Let a planned course have its grade already."""
    document["claims"][0]["plan"]["attempts"][0]["grade"] = "A"


def leave_the_price_out(document: Document) -> None:
    """Call the plan best without saying what it costs."""
    claim = document["claims"][0]
    claim["levels"] = [level for level in claim["levels"] if level["level"] != "cost"]


def leave_all_levels_out(document: Document) -> None:
    """Claim a plan and nothing of it."""
    claim = document["claims"][0]
    claim["status"], claim["levels"] = "feasible", []


def rename_the_track(document: Document) -> None:
    """Call it the plan of another track."""
    document["claims"][0]["track"] = "another"


@pytest.mark.parametrize(
    "change",
    [
        promise_a_topic,
        promise_a_grade,
        leave_the_price_out,
        leave_all_levels_out,
        rename_the_track,
        drop_a_course,
        swap_a_course,
        move_a_course,
        lower_a_value,
        raise_a_bound,
        pass_a_course,
        deny_the_plan,
        leave_a_level_out,
    ],
)
def test_what_was_tampered_with_is_false(
    genuine: Path, tmp_path: Path, change: Callable[[Document], None]
) -> None:
    answer = verified(tampered(genuine, tmp_path, change))
    assert not answer.is_confirmed
    assert answer.is_wrong
    assert answer.claims[0].wrong


def test_a_legal_plan_that_is_not_the_best_is_not_confirmed(genuine: Path, tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.mkdir()
    late = written(slow, STUDENT + "objectives: [peak, finish, cost, topics]\n", "utaustin-msai")
    plan = json.loads(late.read_text())["claims"][0]
    values = {level["level"]: level["value"] for level in plan["levels"]}

    def put(document: Document) -> None:
        claim = document["claims"][0]
        claim["plan"] = plan["plan"]
        for level in claim["levels"]:
            level["value"] = level["bound"] = values[level["level"]]

    answer = verified(tampered(genuine, tmp_path, put))
    finish = next(level for level in answer.claims[0].levels if level.level == "finish")
    assert finish.is_true
    assert not finish.is_confirmed
    assert not answer.is_confirmed


def test_a_plan_with_no_claim_of_a_bound_is_left_open(genuine: Path, tmp_path: Path) -> None:
    def unproven(document: Document) -> None:
        document["claims"][0]["status"] = "feasible"
        for level in document["claims"][0]["levels"]:
            level["bound"] = None

    answer = verified(tampered(genuine, tmp_path, unproven))
    assert not answer.is_wrong
    assert not answer.is_confirmed
    assert {level.why for level in answer.claims[0].levels} == {"no bound is claimed"}


def test_that_no_plan_exists_is_confirmed(tmp_path: Path) -> None:
    path = written(tmp_path, STUDENT + "deadline: 2027-12-31\n", "utaustin-msai")
    answer = verified(path)
    assert answer.is_confirmed
    assert answer.claims[0].levels == ()
    assert json.loads(path.read_text())["claims"][0]["conflict"]


def code_of(path: Path) -> str:
    """The code of the one fault that verifying raises."""
    with pytest.raises(CertificateError) as caught:
        verified(path)
    (fault,) = caught.value.faults
    return fault.code


def test_a_file_that_was_cut_off_is_one_clear_error(genuine: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    text = genuine.read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    assert code_of(path) == "CER-001"


def test_what_is_no_certificate_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"schema": "prospectus.plan"}', encoding="utf-8")
    assert code_of(path) == "CER-001"
    assert code_of(tmp_path / "none.json") == "CER-001"


def test_another_format_is_one_clear_error(genuine: Path, tmp_path: Path) -> None:
    path = tampered(genuine, tmp_path, lambda document: document.update(prospectus_certificate=9))
    assert code_of(path) == "CER-002"


def test_a_field_that_cannot_be_is_one_clear_error(genuine: Path, tmp_path: Path) -> None:
    def change(document: Document) -> None:
        document["claims"][0]["student"]["wishes"]["hours_per_week"] = "many"

    assert code_of(tampered(genuine, tmp_path, change)) == "CER-003"


def test_another_catalog_is_one_clear_error_unless_it_is_allowed(
    genuine: Path, tmp_path: Path
) -> None:
    path = tampered(genuine, tmp_path, lambda document: document.update(catalog_sha256="0" * 64))
    assert code_of(path) == "CER-004"
    answer = verify_certificate(path, any_catalog=True)
    assert answer.is_confirmed
    assert not answer.is_same_catalog


def test_another_reading_is_one_clear_error(genuine: Path, tmp_path: Path) -> None:
    def change(document: Document) -> None:
        document["claims"][0]["readings"] = [["no-dispute", "a"]]

    assert code_of(tampered(genuine, tmp_path, change)) == "CER-005"


def test_a_certificate_that_cannot_be_written_is_not_written(
    tmp_path: Path,
) -> None:
    with pytest.raises(UsageError):
        certify(solved_for(tmp_path, STUDENT, "utaustin-msai"), TODAY, (), tmp_path / "no" / "x")
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("program", QUICK)
def test_the_plans_of_these_programmes_are_confirmed(tmp_path: Path, program: str) -> None:
    answer = verified(written(tmp_path, STUDENT, program, QUICK_TRACKS.get(program)))
    assert answer.is_confirmed, [claim.open + claim.wrong for claim in answer.claims]


def complete_programs() -> list[str]:
    """The bundled programmes that are planned."""
    library = open_library()
    return [
        name for name in library.ids() if library.named(name).completeness is Completeness.COMPLETE
    ]


@pytest.mark.slow
@pytest.mark.parametrize("program", complete_programs())
def test_the_plans_of_every_complete_programme_are_confirmed(tmp_path: Path, program: str) -> None:
    answer = verified(written(tmp_path, STUDENT, program))
    assert answer.is_confirmed, [claim.open + claim.wrong for claim in answer.claims]
