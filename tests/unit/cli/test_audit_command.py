"""`prospectus audit`: exit codes, one document on stdout, errors in three lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prospectus.cli.main import main

ROOT = Path(__file__).parents[3]
MIDWAY = str(ROOT / "examples" / "omscs-midway.yaml")
ROBIN = str(ROOT / "examples" / "records" / "omscs-robin-sample.yaml")
TODAY = ["--today", "2026-11-22"]


def test_something_left_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", MIDWAY, *TODAY]) == 1
    told = capsys.readouterr()
    assert "Not complete: 15 credits left at least" in told.out
    assert told.err == ""
    assert max(len(line) for line in told.out.splitlines()) <= 80


def test_nothing_left_ends_with_nought(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    courses = {
        "Fall 2024": ("CS 6300", "CS 7637"),
        "Spring 2025": ("CS 6601", "CS 7632"),
        "Summer 2025": ("CS 6750",),
        "Fall 2025": ("CS 6250", "CS 6035"),
        "Spring 2026": ("CS 6460", "CS 6440"),
        "Summer 2026": ("CS 6603",),
    }
    lines = [f"{code},A,{term}" for term, codes in courses.items() for code in codes]
    path = tmp_path / "done.csv"
    path.write_text("course,grade,term\n" + "\n".join(lines) + "\n", encoding="utf-8")
    call = ["audit", str(path), "--program", "gatech-omscs", "--choose", "specialization=ai"]
    assert main([*call, *TODAY]) == 0
    assert "Complete as far as the rules are known" in capsys.readouterr().out


def test_json_is_one_document_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", MIDWAY, "--add", "CS 6515", "--json", *TODAY]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["ok"]) == ("prospectus.audit", True)
    (variant,) = document["result"]["variants"]
    assert variant["summary"]["credits_left"] == 12
    assert variant["what_if"]["before"]["credits_left"] == 15


def test_the_page_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "audit.html"
    assert main(["audit", MIDWAY, "--html", str(page), *TODAY]) == 1
    assert ": degree audit for Sam" in page.read_text(encoding="utf-8")
    assert f"wrote {page}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--choose", "ai"], "USE-015"),
        (["--choose", "specialization=law"], "USE-014"),
        (["--what-if", "nonsense"], "USE-015"),
        (["--add", "CS 9999"], "USE-016"),
        (["--why", "CS 9999"], "USE-016"),
        (["--regrade", "CS 6601"], "USE-015"),
        (["--regrade", "CS 6515=A"], "USE-016"),
        (["--program", "nowhere"], "USE-001"),
        (["--catalog-year", "1900"], "USE-001"),
    ],
)
def test_a_call_that_names_what_is_not_there_ends_with_two(
    more: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", MIDWAY, *more, *TODAY]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"error {code}: ")
    assert "  fix  " in told.err


def test_one_student_of_many_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "many.csv"
    path.write_text(
        "student,course,term,grade\ns1,CS 6300,Fall 2024,A\ns2,CS 6515,Fall 2024,B\n"
        "s2,CS 7641,Fall 2024,A\n",
        encoding="utf-8",
    )
    call = ["audit", str(path), "--program", "gatech-omscs", *TODAY]
    assert main(call) == 3
    told = capsys.readouterr().err
    assert told.startswith("error REC-017: ")
    assert "--student" in told
    assert main([*call, "--student", "s2"]) == 1
    assert "(2 attempts)" in capsys.readouterr().out
    assert main([*call, "--student", "s3"]) == 3
    assert capsys.readouterr().err.startswith("error REC-027: ")


def test_rules_that_the_record_names_wrongly_are_told_with_their_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "old.yaml"
    head = "format: 1\nkind: record\n"
    path.write_text(
        f"{head}program: gatech-omscs\ncatalog_year: 1999-00\nchoices: {{foo: bar}}\ncolour: red\n",
        encoding="utf-8",
    )
    assert main(["audit", str(path), *TODAY]) == 3
    told = capsys.readouterr().err
    assert f"error REC-052: gatech-omscs has no rules of 1999-00\n  at   {path}:4 " in told
    assert "error REC-048: " in told
    assert "error REC-021: " in told
    path.write_text(f"{head}program: gatech-omsc\ngpa: x\n", encoding="utf-8")
    assert main(["audit", str(path), *TODAY]) == 3
    told = capsys.readouterr().err
    assert f"error REC-051: there is no programme 'gatech-omsc'\n  at   {path}:3 " in told
    assert "error REC-022: " in told
    path.write_text(f"{head}program: [a, b]\ngpa: x\n", encoding="utf-8")
    assert main(["audit", str(path), *TODAY]) == 3
    assert capsys.readouterr().err.count("error REC-022: ") == 2


def test_why_answers_about_one_course_and_prints_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["audit", MIDWAY, "--why", "CS 6601", "--why", "CS 6515", *TODAY]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "CS 6601, Spring 2026: held by Machine Learning Electives, met" in told
    assert "CS 6515: not taken; it would serve Algorithms; it runs next in Spring 2027" in told
    assert "Requirements" not in told


def test_another_grade_is_a_what_if(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", MIDWAY, "--regrade", "CS 6601=C", *TODAY]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "Supposed: CS 6601 with C instead of B." in told
    assert "What if" in told


def test_a_record_of_another_school_is_told_in_its_own_codes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["audit", MIDWAY, "--what-if", "program=utaustin-msai", *TODAY]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "CS 6601 of Spring 2026" in told
    assert "all from Georgia Institute of Technology" in told
    assert "~gatech" not in told


def test_each_choice_says_what_would_no_longer_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", ROBIN, "--all-choices", *TODAY]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "Every choice, by credits left, then by requirements met" in told
    assert "Human-Computer Interaction (specialization=hci): 15 credits left; 1 of 10" in told
    assert "- would no longer count: CS 7646" in told
