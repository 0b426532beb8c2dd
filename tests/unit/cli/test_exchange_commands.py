"""Export and import as commands: the file on stdout, everything else on stderr."""

from __future__ import annotations

import json
from pathlib import Path

import icalendar
import pytest

import snippets
from prospectus.cli.main import main

COLUMNS = (
    "Course ID,Course Name,Prefix,Number,Prerequisites,Corequisites,Strict-Corequisites,"
    "Credit Hours,Institution,Canonical Name"
)
CURRICULUM = f"""\
Curriculum,Weaving
Institution,Here College
CIP,445786
Courses
{COLUMNS}
1,Yarn,BW,110,,,,3,,
2,Loom,BW,111,1,,3,3,,Looms
3,Loom lab,BW,111L,,,,1,,
4,Elective,,,,,,3,,
"""
PROGRAM = "requirements: {all: [CS 600, CS 610]}\nadmission: {deadlines: {Fall: 03-15}}\n"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A catalog folder of one small programme."""
    root = tmp_path_factory.mktemp("exported") / "own"
    snippets.catalog(root, PROGRAM, courses="CS 610: {requires: 'CS 600 or CS 600 [B]'}\n")
    return str(root)


def export(own: str, form: str, *more: str) -> int:
    return main(
        ["export", "ms", "--format", form, "--catalog", own, "--today", "2026-08-01", *more]
    )


def test_without_out_the_file_is_printed_and_its_losses_stand_on_stderr(
    own: str, capsys: pytest.CaptureFixture[str]
):
    assert export(own, "curricular-analytics") == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Curriculum,Master (2026-27)")
    assert printed.err.startswith("left out or changed:\n")
    line = "     1  alternatives (or) among requisites, left out (CS 610: CS 600 or CS 600 [B])"
    assert line in printed.err.splitlines()


def test_quiet_leaves_the_file_alone(own: str, capsys: pytest.CaptureFixture[str]):
    assert export(own, "json-ld", "--quiet") == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert json.loads(printed.out)["@type"] == "EducationalOccupationalProgram"


def test_a_calendar_keeps_the_line_ends_of_its_format(
    own: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "ms.ics"
    assert export(own, "ics", "--out", str(out)) == 0
    assert capsys.readouterr().out == ""
    data = out.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 10
    assert icalendar.Calendar.from_ical(data).walk("VEVENT")


def test_a_file_that_exists_is_kept_without_force(
    own: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "ms.csv"
    out.write_text("mine", encoding="utf-8")
    assert export(own, "curricular-analytics", "--out", str(out)) == 2
    assert "USE-006" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "mine"
    assert export(own, "curricular-analytics", "--out", str(out), "--force") == 0
    assert out.read_text(encoding="utf-8").startswith("Curriculum,")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_json_holds_the_text_and_what_was_dropped(own: str, capsys: pytest.CaptureFixture[str]):
    assert export(own, "curricular-analytics", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "prospectus.export"
    assert document["result"]["text"].startswith("Curriculum,")
    loss = document["result"]["dropped"][0]
    assert loss.keys() == {"what", "n", "examples"}


def test_a_title_like_a_formula_is_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    snippets.catalog(
        tmp_path, "requirements: {all: [CS 600]}", courses="CS 600: {title: '=cmd()'}\n"
    )
    assert export(str(tmp_path), "curricular-analytics", "--json") == 0
    printed = capsys.readouterr()
    assert "warning EXC-020" in printed.err
    assert json.loads(printed.out)["warnings"][0]["code"] == "EXC-020"


def test_an_import_writes_a_catalog_that_check_accepts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path, out = tmp_path / "c.csv", tmp_path / "mine"
    path.write_text(CURRICULUM, encoding="utf-8")
    assert main(["import", str(path), "--out", str(out), "--today", "2026-08-01"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "     1  the CIP code (445786)" in told.err.splitlines()
    assert main(["check", "--no-solve", str(out)]) == 0
    name = "here-college-weaving"
    assert main(["show", name, "--course", "BW-111", "--catalog", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "BW 110" in shown
    assert "File c.csv" in " ".join(shown.split())
    assert main(["programs", "--catalog", str(out), "--json"]) == 0
    lines = json.loads(capsys.readouterr().out)["result"]
    assert [line["completeness"] for line in lines if line["id"] == name] == ["partial"]


def test_an_imported_programme_is_not_planned(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path, out, me = tmp_path / "c.csv", tmp_path / "mine", tmp_path / "me.yaml"
    path.write_text(CURRICULUM, encoding="utf-8")
    me.write_text("format: 1\nplan_from: 2027-01-01\n", encoding="utf-8")
    assert main(["import", str(path), "--out", str(out), "--quiet"]) == 0
    assert main(["plan", str(me), "here-college-weaving", "--catalog", str(out)]) == 2
    assert "USE-004" in capsys.readouterr().err


def test_a_folder_that_exists_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "c.csv"
    path.write_text(CURRICULUM, encoding="utf-8")
    assert main(["import", str(path), "--out", str(tmp_path)]) == 2
    assert "USE-006" in capsys.readouterr().err


def test_a_bad_file_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "c.csv"
    path.write_text(CURRICULUM.replace("2,Loom", "1,Loom"), encoding="utf-8")
    assert main(["import", str(path), "--out", str(tmp_path / "mine")]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("error EXC-010: ")
    assert lines[1].endswith("c.csv:7   Course ID")
    assert [item.name for item in tmp_path.iterdir()] == ["c.csv"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "c.csv"
    path.write_text(CURRICULUM, encoding="utf-8")
    assert main(["import", str(path), "--out", str(tmp_path / "no" / "mine")]) == 2
    assert "USE-005" in capsys.readouterr().err


def test_a_format_that_is_not_there_is_a_fault_of_the_call(capsys: pytest.CaptureFixture[str]):
    assert main(["export", "gatech-omscs", "--format", "pdf", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["errors"][0]["code"] == "USE-010"
