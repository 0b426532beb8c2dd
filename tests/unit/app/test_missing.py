"""What is not known of a programme, and which of it a person should ask about first."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import snippets
from prospectus.app.missing import missing_facts
from prospectus.app.missing_answers import MissingAnswer, Swing

TODAY = dt.date(2026, 8, 1)
PROGRAM = """\
disputes:
  size: {readings: {"6": the rules, "9": the price page}, why: the pages differ, source: S1}
requirements:
  total: {credits: {reading: {id: size, "6": 6, "9": 9}}}
  all:
    - {id: core, fill: {courses: 1, from: CS 600}}
    - {id: rest, fill: {credits: rest, from: [CS 610, CS 620, CS 630]}}
enrolment:
  loads:
    - {id: most, per: term, credits: 0..3, assumption: cap}
"""
COURSES = """\
CS 600: {hours: {assumption: work}}
CS 610: {hours: 5}
CS 620: {hours: 5}
CS 630: {hours: unknown}
"""
SCHEDULE = """\
CS 600: {pattern: {seasons: [Fall]}}
CS 610: {pattern: {seasons: [Fall]}, assumption: runs}
CS 620: {pattern: {seasons: [Spring]}}
CS 630: unknown
"""
FEES = "  - {id: tuition, per: credit, assumption: price}\n"
ASSUMPTIONS = """\
  cap: {text: Three credits a term, value: 3, range: [3, 9], unit: credits, reason: r, source: s}
  work: {text: Eight hours, value: 8, range: [6, 20], unit: hours, reason: r, source: s}
  price: {text: The price, value: 100, range: [80, 150], unit: USD, reason: r, source: s}
  runs: {text: It runs, value: 1, range: [0, 1], unit: share, reason: r, source: s}
  hours-per-credit: {text: H, value: 45, range: [45, 46], unit: hours, reason: r, source: s}
"""


def asked(root: Path, me: str = "hours_per_week: 10\n") -> MissingAnswer:
    snippets.catalog(
        root / "own",
        PROGRAM,
        courses=COURSES,
        schedule=SCHEDULE,
        fees=FEES,
        assumptions=ASSUMPTIONS,
    )
    path = root / "me.yaml"
    path.write_text(f"format: 1\nname: Ada\nplan_from: 2026-08-10\n{me}", encoding="utf-8")
    return missing_facts("ms", path, today=TODAY, catalogs=(root / "own",))


def swing(answer: MissingAnswer, id: str) -> Swing:
    return next(one for one in answer.swings if one.id == id)


def test_the_fact_that_may_leave_no_plan_is_asked_about_first(tmp_path: Path) -> None:
    answer = asked(tmp_path)
    first = answer.swings[0]
    assert first.id == "work"  # at 20 hours a week the required course is beyond 10 hours
    assert first.breaks
    assert {end.name: end.finish is None for end in first.ends} == {
        "6 hours": False,
        "20 hours": True,
    }


def test_each_fact_moves_the_answer_by_what_the_plans_at_its_ends_differ(tmp_path: Path) -> None:
    answer = asked(tmp_path)
    assert answer.base is not None
    assert answer.base.finish == dt.date(2027, 5, 1)
    price = swing(answer, "price")
    assert price.cost is not None
    assert price.cost.minor == 6 * (150 - 80) * 100
    assert price.days == 0
    size = swing(answer, "size")
    # Nine credits at three a term: the third one, in Fall 2027, ends on 10 December.
    assert size.ends[0].name == "9"
    assert size.ends[0].finish == dt.date(2027, 12, 10)
    assert size.days == (dt.date(2027, 12, 10) - dt.date(2027, 5, 1)).days


def test_a_cap_that_may_be_wider_ends_the_studies_sooner(tmp_path: Path) -> None:
    # Two courses of the first Fall, eight and five hours, fit into fifteen hours a week.
    answer = asked(tmp_path, "hours_per_week: 15\n")
    cap = swing(answer, "cap")
    assert [end.name for end in cap.ends] == ["9 credits"]
    assert cap.ends[0].finish == dt.date(2026, 12, 10)
    assert answer.swings.index(cap) < answer.swings.index(swing(answer, "price"))


def test_what_moves_nothing_says_so(tmp_path: Path) -> None:
    assert not swing(asked(tmp_path), "hours-per-credit").moves
    assert not swing(asked(tmp_path), "runs").moves


def test_everything_that_is_missing_is_listed_without_a_student(tmp_path: Path) -> None:
    asked(tmp_path)
    answer = missing_facts("ms", today=TODAY, catalogs=(tmp_path / "own",))
    assert answer.swings == ()
    assert answer.base is None
    texts = [fact.text for fact in answer.facts]
    assert "when these run: CS 630" in texts
    assert "hours a week: CS 630" in texts
    assert "accreditation" in texts
    assert any(fact.id == "price" and "80 to 150 USD" in fact.text for fact in answer.facts)
    assert any(fact.id == "size" for fact in answer.facts)


def test_a_programme_that_is_not_complete_is_listed_and_not_planned(tmp_path: Path) -> None:
    snippets.catalog(tmp_path / "own", f"completeness: partial\n{PROGRAM}", assumptions=ASSUMPTIONS)
    path = tmp_path / "me.yaml"
    path.write_text("format: 1\nplan_from: 2026-08-10\n", encoding="utf-8")
    answer = missing_facts("ms", path, today=TODAY, catalogs=(tmp_path / "own",))
    assert answer.base is None
    assert answer.swings == ()
    assert "accreditation" in [fact.text for fact in answer.facts]


def test_a_fact_that_would_make_a_plan_possible_comes_first(tmp_path: Path) -> None:
    answer = asked(tmp_path, "hours_per_week: 7\n")
    assert answer.base is not None
    assert answer.base.finish is None  # the required course asks eight hours
    first = answer.swings[0]
    assert first.id == "work"
    assert first.mends
    assert not first.breaks
    assert {end.name: end.finish is not None for end in first.ends} == {
        "6 hours": True,
        "20 hours": False,
    }


def test_what_could_not_be_tried_is_named_with_the_reason(tmp_path: Path) -> None:
    rules = PROGRAM.replace("loads:\n", "loads: unknown\n").replace(
        "    - {id: most, per: term, credits: 0..3, assumption: cap}\n", ""
    )
    snippets.catalog(
        tmp_path / "own",
        rules,
        courses=COURSES,
        schedule=SCHEDULE,
        fees="  - {id: extra, per: term, amount: unknown}\n",
        assumptions=ASSUMPTIONS,
    )
    path = tmp_path / "me.yaml"
    path.write_text("format: 1\nplan_from: 2026-08-10\n", encoding="utf-8")
    untried = missing_facts("ms", path, today=TODAY, catalogs=(tmp_path / "own",)).untried
    assert any("how much may be taken in a term" in text for text in untried)
    assert any("the price 'extra'" in text for text in untried)
