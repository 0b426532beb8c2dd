"""What a plan says of wishes that ask nothing, of disputed rules, and of calls that are wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from tests.builders import plan_it
from tests.degrees import START, TODAY, course, degree, leaf, planned, record, witness

from prospectus.app.degree_plan import asked_ways, plan_degree
from prospectus.app.idle_wishes import idle_wishes
from prospectus.app.library import open_library
from prospectus.app.plan_readings import readings_told
from prospectus.app.plan_report import render_plan
from prospectus.app.plan_talk import Asked, TalkAnswer, talk
from prospectus.app.plan_trim import trimmed
from prospectus.app.solving import Effort
from prospectus.catalogs.student_file import read_student_text
from prospectus.cli.guard import wrapped
from prospectus.cli.main import main
from prospectus.domain.errors import Fault, StudentError, UsageError
from prospectus.domain.facts import Money
from prospectus.domain.plan import Plan
from prospectus.domain.student import Student, Wishes
from prospectus.domain.wish import Buffer, StartIn
from prospectus.planning.result import PlanStatus

NOW = dt.date(2026, 11, 22)
HEAD = "format: 1\nplan_from: 2027-01-04\nhours_per_week: 24\n"


def asking(tmp_path: Path, text: str, program: str, **asked: object) -> TalkAnswer:
    file = tmp_path / "me.yaml"
    file.write_text(HEAD + text)
    return talk(
        file,
        program,
        None,
        Asked(**asked),  # type: ignore[arg-type]
        today=NOW,
        catalogs=(),
        effort=Effort(),
    )


def test_a_buffer_without_a_deadline_is_said_to_ask_nothing() -> None:
    student = Student(matriculation=START, plan_from=START)
    idle = replace(student, wishes=replace(student.wishes, about=(Buffer(terms=1),)))
    (line,) = idle_wishes(idle)
    assert "`buffer_terms` asks nothing" in line
    bound = replace(idle, wishes=replace(idle.wishes, deadline=dt.date(2030, 1, 1)))
    assert idle_wishes(bound) == ()


def test_a_wish_to_begin_asks_nothing_of_who_has_begun() -> None:
    student = Student(matriculation=START, plan_from=START)
    wish = StartIn(first=START, last=dt.date(2027, 1, 1))
    fresh = replace(student, wishes=replace(student.wishes, about=(wish,)))
    assert idle_wishes(fresh) == ()
    begun = replace(fresh, record=record(planned("CS 600", "Fall 2025")))
    assert len(idle_wishes(begun)) == 1


def test_a_reading_is_asked_for_by_its_label_and_told_in_words() -> None:
    program = open_library(()).program("umich-mads", "2023-24")
    student = Student(matriculation=START, plan_from=START)
    for text in ("total 34", "Total: 34", "34"):
        _, readings = asked_ways(program, student, text)
        assert readings == ((("total", "34"),),)
    _, every = asked_ways(program, student, None)
    (told,) = readings_told(program, every)
    assert [label for label, _ in told.readings] == ["total 34", "total 38"]
    assert told.why
    with pytest.raises(UsageError) as caught:
        asked_ways(program, student, "total 99")
    assert "total 34, total 38" in caught.value.faults[0].fix


def test_a_track_is_asked_for_in_capitals_or_not_and_a_wrong_one_lists_all() -> None:
    program = open_library(()).program("gatech-omscs", "2026-27")
    student = Student(matriculation=START, plan_from=START)
    for text in ("ML", "machine learning"):
        (track,), _ = asked_ways(program, student, text)
        assert track.id == "ml"
    with pytest.raises(UsageError) as caught:
        asked_ways(program, student, "zzz")
    assert "ml (Machine Learning)" in caught.value.faults[0].fix


def test_everything_wrong_in_a_call_is_told_at_once_before_anything_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*args: object, **more: object) -> None:
        raise AssertionError("nothing is to be solved")

    monkeypatch.setattr("prospectus.app.plan_talk.choose", never)
    wrong = ("hourz=3", "place=AI 391L@Fall 2025", "with=CS 7643")
    with pytest.raises(UsageError) as caught:
        asking(tmp_path, "", "utaustin-msai", why=("AI 391X", "finish", "QQ 1"), what_if=wrong)
    faults = caught.value.faults
    assert [fault.code for fault in faults] == ["USE-016"] * 2 + ["USE-019"] * 3
    over = next(fault for fault in faults if "place=" in fault.what)
    assert over.what.endswith("Fall 2025 is over")
    # what stands as an example is of this programme
    assert not any("CS 7641" in fault.fix for fault in faults)


def test_all_that_a_programme_does_not_know_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "me.yaml"
    wanted = "wanted: {courses: [AI 391X, QQ 12]}\nmoney: {total: EUR 100}\n"
    file.write_text(HEAD + wanted)
    with pytest.raises(StudentError) as caught:
        plan_degree(file, "utaustin-msai", today=NOW)
    assert [fault.code for fault in caught.value.faults] == ["STU-018", "STU-018", "STU-010"]


def test_what_is_supposed_is_not_called_the_persons_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "me.yaml"
    file.write_text(HEAD + "deadline: 2029-12-31\n")
    call = ["plan", str(file), "utaustin-msai", "--track", "recommended", "--today", "2026-11-22"]
    assert main([*call, "--what-if", "hours=8"]) == 1
    text = capsys.readouterr().out
    assert "8 h a week (supposed)" in text
    assert "(your wish, line 4)" in text
    assert "foundations recommended: ethics and 27 elective credits" in text


def test_credits_by_season_are_one_wish_and_a_trade_is_money(tmp_path: Path) -> None:
    text = (
        "wishes: {credits_per_term: {Spring: ..3}}\n"
        "objectives: [trade]\ntrade: {cost: 1, finish: 1}\n"
    )
    answer = asking(tmp_path, text, "utaustin-msai", prices=True, why=("finish",))
    assert answer.prices is not None
    (season,) = [one for one in answer.prices.wishes if one.id.startswith("credits")]
    assert season.text == "at most 3 credits in each Spring with study"
    assert "USD" in season.changes
    assert "by your trade" in season.changes
    assert answer.finish is not None
    assert answer.finish.lines[0].startswith("Trade comes before finish in your objectives")


def test_a_plan_that_is_not_proven_has_no_course_that_it_does_not_need() -> None:
    rules = degree(leaf("core", "any", 1), courses=(course("CS 600"), course("CS 610")))
    best = plan_it(rules).result
    assert best.plan is not None
    attempts = (planned("CS 600", "Fall 2026"), planned("CS 610", "Fall 2026"))
    plan = Plan(attempts=attempts, witness=witness({"core": "CS 600"}))
    free = Wishes(hours_per_week=None)
    student = Student(matriculation=START, plan_from=START, record=record(), wishes=free)
    loose = replace(best, plan=plan, status=PlanStatus.FEASIBLE)
    found = trimmed(rules, student, loose, TODAY)
    assert found.plan is not None
    assert [attempt.course for attempt in found.plan.attempts] == ["CS 600"]
    assert dict((level.level, level.value) for level in found.levels)["credits"] == 3
    assert trimmed(rules, student, replace(loose, status=PlanStatus.OPTIMAL), TODAY).plan == plan


def test_an_amount_may_keep_its_comma_and_a_bare_one_is_told_to_be_quoted() -> None:
    text = HEAD + "money: {total: USD 15,250, per_year: {every: USD 5,250.50}}\n"
    wishes = read_student_text(text, "me.yaml", NOW).student.wishes
    assert wishes.budget_total == Money(minor=1_525_000, currency="USD")
    assert wishes.budget_by_year == ((None, Money(minor=525_050, currency="USD")),)
    with pytest.raises(StudentError) as caught:
        read_student_text(HEAD + "money: {total: 5,250}\n", "me.yaml", NOW)
    assert "quotes" in caught.value.faults[0].fix


def test_a_long_way_to_mend_a_fault_is_wrapped() -> None:
    fault = Fault(code="USE-001", what="no", fix="use one of " + ", ".join(["abcdefgh"] * 20))
    lines = wrapped(fault).splitlines()
    assert max(map(len, lines)) <= 80
    assert all(line.startswith("       ") for line in lines[2:])


def test_the_page_of_a_plan_says_what_each_reading_is(tmp_path: Path) -> None:
    file = tmp_path / "me.yaml"
    file.write_text(HEAD + "wishes: {buffer_terms: 1}\n")
    page = render_plan(plan_degree(file, "utaustin-msai", today=NOW))
    assert "ethics and 27 elective credits" in page
    assert "`buffer_terms` asks nothing" in page
    assert "degree/nothing" not in page
