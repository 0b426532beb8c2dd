from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sample_answers import comparison, plan_answer, variant
from sample_rows import impossible, row

from prospectus.cli.main import main
from prospectus.compare.row import Outcome
from prospectus.domain.errors import InternalError
from prospectus.planning.result import PlanStatus


@pytest.fixture
def me(tmp_path: Path) -> str:
    """A student file that can be read."""
    path = tmp_path / "me.yaml"
    path.write_text("format: 1\nplan_from: 2026-08-24\n", encoding="utf-8")
    return str(path)


def answer_with(monkeypatch: pytest.MonkeyPatch, where: str, answer: object) -> None:
    """Let a use case give this answer."""

    def use_case(*arguments: object, **named: object) -> object:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    monkeypatch.setattr(where, use_case)


COMPARE = "prospectus.app.comparing.compare_programs"
PLAN = "prospectus.app.degree_plan.plan_degree"


def test_the_comparison_fits_80_columns(
    me: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    answer_with(monkeypatch, COMPARE, comparison())
    assert main(["compare", me]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines) <= 80
    text = "\n".join(lines)
    assert "USD 9,300*" in text
    assert "3 of 4 columns of figures rest on assumptions" in text
    assert "Next steps" in text
    assert "Dominated by OMSCS - Machine Learning" in text
    assert all(line == line.rstrip() for line in lines)


def test_the_comparison_writes_the_page_and_says_so_on_stderr(
    me: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    answer_with(monkeypatch, COMPARE, comparison())
    page = tmp_path / "report.html"
    assert main(["compare", me, "--html", str(page)]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert str(page) in capsys.readouterr().err
    assert main(["compare", me, "--html", str(page), "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_json_is_one_document_and_nothing_else(
    me: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    answer_with(monkeypatch, COMPARE, comparison())
    assert main(["compare", me, "--json", "--seed", "7"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["version"], document["seed"]) == (
        "prospectus.compare",
        1,
        7,
    )


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([Outcome.PROVEN, Outcome.IMPOSSIBLE], 0),
        ([Outcome.IMPOSSIBLE], 1),
        ([Outcome.PROVEN, Outcome.FOUND], 4),
        ([Outcome.OPEN], 4),
    ],
)
def test_the_exit_code_of_a_comparison_says_how_it_ended(
    me: str, monkeypatch: pytest.MonkeyPatch, outcomes: list[Outcome], code: int
):
    rows = [
        row(str(index)) if item in (Outcome.PROVEN, Outcome.FOUND) else impossible(str(index))
        for index, item in enumerate(outcomes)
    ]
    from dataclasses import replace

    shown = [replace(made, outcome=item) for made, item in zip(rows, outcomes, strict=True)]
    answer_with(monkeypatch, COMPARE, comparison(*shown))
    assert main(["compare", me]) == code


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (PlanStatus.OPTIMAL, 0),
        (PlanStatus.INFEASIBLE, 1),
        (PlanStatus.FEASIBLE, 4),
        (PlanStatus.UNKNOWN, 4),
    ],
)
def test_the_exit_code_of_a_plan_says_how_it_ended(
    me: str, monkeypatch: pytest.MonkeyPatch, status: PlanStatus, code: int
):
    shown = row() if status in (PlanStatus.OPTIMAL, PlanStatus.FEASIBLE) else impossible()
    answer_with(monkeypatch, PLAN, plan_answer(variant(shown, status)))
    assert main(["plan", me, "gatech-omscs"]) == code


def test_a_plan_shows_periods_levels_requirements_and_what_it_rests_on(
    me: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    answer_with(monkeypatch, PLAN, plan_answer())
    main(["plan", me, "gatech-omscs"])
    text = capsys.readouterr().out
    assert "Fall 2026 (24 Aug 2026 to 17 Dec 2026): 22 h a week, USD 893 due" in text
    assert "finish: 6 May 2029 (proven, nothing better exists)" in text
    assert "cost: USD 9,300 (not proven, at best USD 9,100)" in text
    assert "order: 12" not in text
    assert "[rates-held-flat]" in text
    assert "A or better in CS 7641" in text
    assert "CS 6035 was taken while locked" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_an_impossible_plan_names_the_wishes_that_conflict(
    me: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    answer_with(monkeypatch, PLAN, plan_answer(variant(impossible(), PlanStatus.INFEASIBLE)))
    main(["plan", me, "gatech-omscs"])
    assert "- done by 2027 (your wish)" in capsys.readouterr().out


def test_an_unforeseen_exception_is_one_line_and_exit_code_70(
    me: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    answer_with(monkeypatch, PLAN, RuntimeError("two\nlines"))
    assert main(["plan", me, "gatech-omscs"]) == 70
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error INT-003: an unforeseen RuntimeError (two lines)")
    assert len(printed.err.splitlines()) == 1


def test_a_plan_that_fails_its_re_check_is_our_fault(
    me: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    answer_with(monkeypatch, PLAN, InternalError("INT-001", what="it fails", fix="report it"))
    assert main(["plan", me, "gatech-omscs"]) == 70
    assert capsys.readouterr().err == "error INT-001: it fails\n  fix  report it\n"


def test_ctrl_c_ends_without_a_traceback(
    me: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    answer_with(monkeypatch, PLAN, KeyboardInterrupt())
    assert main(["plan", me, "gatech-omscs"]) == 130
    assert capsys.readouterr().err == "stopped; nothing was written\n"


def test_ctrl_c_while_a_library_loads_is_no_fault_of_ours(
    me: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    loading = ImportError("initialization failed")
    loading.__cause__ = KeyboardInterrupt()
    answer_with(monkeypatch, PLAN, loading)
    assert main(["plan", me, "gatech-omscs"]) == 130
    assert capsys.readouterr().err == "stopped; nothing was written\n"


def test_programs_lists_the_bundled_programmes(capsys: pytest.CaptureFixture[str]):
    assert main(["programs"]) == 0
    text = capsys.readouterr().out
    assert "gatech-omscs" in text
    assert "Machine Learning (ml)" in text
    assert main(["programs", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    ids = [line["id"] for line in document["result"]]
    assert {"cuboulder-msds", "gatech-omscs", "umich-mads"} <= set(ids)


def test_show_says_rules_in_words_with_their_sources(capsys: pytest.CaptureFixture[str]):
    assert main(["show", "gatech-omscs"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Machine Learning Core: 1 course from CS 7641 or CSE 6740" in text
    assert "at least 24 credits of CS or CSE courses numbered 6000 and up" in text
    assert "S1: OMSCS degree requirements https://omscs.gatech.edu" in text


def test_help_names_every_command_with_an_example(capsys: pytest.CaptureFixture[str]):
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for command in ("compare", "plan", "programs", "show", "check", "init"):
        assert command in text
        assert main([command, "--help"]) == 0
        assert f"Example: prospectus {command}" in capsys.readouterr().out


def test_help_loads_nothing_heavy():
    heavy = ("ortools", "pydantic", "lark", "yaml", "jinja2", "rich", "numpy", "multiprocessing")
    script = (
        "import sys; from prospectus.cli.main import main; main(['--help']); "
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


def test_the_programme_may_be_named_as_an_option(
    me: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    asked: list[object] = []

    def use_case(student: Path, program: object, *arguments: object, **named: object) -> object:
        asked.append(program)
        return plan_answer()

    monkeypatch.setattr(PLAN, use_case)
    assert main(["plan", me, "--program", "gatech-omscs"]) == 0
    assert main(["plan", me, "gatech-omscs", "--program", "gatech-omscs"]) == 0
    assert asked == ["gatech-omscs", "gatech-omscs"]
    assert main(["plan", me, "gatech-omscs", "--program", "umich-mads"]) == 2
    assert "USE-008" in capsys.readouterr().err
    assert main(["show", "--program", "umich-mads"]) == 0
    assert main(["show"]) == 2
    assert "USE-002" in capsys.readouterr().err


def test_an_approval_that_nobody_gave_comes_before_the_plan(
    me: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    answer_with(monkeypatch, PLAN, plan_answer(replace(variant(), approvals=("dean",))))
    assert main(["plan", me]) == 0
    text = capsys.readouterr().out
    assert "taken as granted: dean" in text
    assert text.index("taken as granted") < text.index("Fall 2026 (")
