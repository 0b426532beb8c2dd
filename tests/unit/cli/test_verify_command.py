"""`plan --certificate` and `verify` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prospectus.cli.main import main

STUDENT = "format: 1\nname: Ada\nplan_from: 2027-01-04\nhours_per_week: 20\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate as the command writes it."""
    folder = tmp_path_factory.mktemp("certificate")
    student, path = folder / "me.yaml", folder / "plan.json"
    student.write_text(STUDENT, encoding="utf-8")
    today = ["--today", "2026-11-22"]
    call = ["plan", str(student), "utaustin-msai", *today, "--certificate", str(path), "--json"]
    assert main(call) == 0
    return path


def test_a_confirmed_certificate_exits_0_in_80_columns(
    certificate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(certificate)]) == 0
    text = capsys.readouterr().out
    assert "Confirmed: every claim holds, by a second formulation." in text
    assert "a plan of 10 courses, called the best" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_json_is_one_document_in_the_envelope(
    certificate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(certificate), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["ok"]) == ("prospectus.verify", True)
    levels = document["result"]["claims"][0]["levels"]
    assert [level["level"] for level in levels][:2] == ["finish", "cost"]
    assert all(level["is_true"] and level["is_confirmed"] for level in levels)


def test_the_name_of_the_person_is_not_in_it(certificate: Path) -> None:
    assert "Ada" not in certificate.read_text(encoding="utf-8")


def test_a_false_certificate_exits_1_and_says_what_is_false(
    certificate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(certificate.read_text(encoding="utf-8"))
    for level in document["claims"][0]["levels"]:
        if level["level"] == "peak":
            level["value"] = level["bound"] = 1
    path = tmp_path / "false.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert main(["verify", str(path)]) == 1
    text = capsys.readouterr().out
    assert "False: peak: the plan has 16, not 1" in text
    assert "False: the certificate claims what does not hold." in text


def test_what_is_not_confirmed_exits_4(
    certificate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(certificate.read_text(encoding="utf-8"))
    document["claims"][0]["status"] = "feasible"
    document["claims"][0]["levels"][2]["bound"] = None
    path = tmp_path / "open.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert main(["verify", str(path)]) == 4
    assert "Not confirmed: peak: no bound is claimed" in capsys.readouterr().out


def test_a_certificate_that_was_cut_off_is_one_error(
    certificate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cut.json"
    path.write_bytes(certificate.read_bytes()[:900])
    assert main(["verify", str(path)]) == 3
    error = capsys.readouterr().err
    assert error.startswith("error CER-001: the file is no whole JSON document")
    assert error.count("error ") == 1


def test_another_catalog_is_refused_unless_told_otherwise(
    certificate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(certificate.read_text(encoding="utf-8"))
    document["catalog_sha256"] = "0" * 64
    path = tmp_path / "other.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert main(["verify", str(path)]) == 3
    assert "error CER-004: the certificate was made from other" in capsys.readouterr().err
    assert main(["verify", str(path), "--anyway"]) == 0
    assert "not the one it was made from" in capsys.readouterr().out
