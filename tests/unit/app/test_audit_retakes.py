"""Courses on record that are to be taken again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.degrees import course, degree, leaf, record, taken

from prospectus.app.audit_answers import AuditVariant
from prospectus.app.audit_check import run_audit
from prospectus.app.audit_report import headline
from prospectus.app.audit_retakes import Retaken, retaken
from prospectus.app.auditing import audit_record
from prospectus.domain.program import Resolved
from prospectus.domain.rule import RecordRules, Repeats, WhichAttempt

TODAY = dt.date(2026, 11, 22)
HEAD = "format: 1\nkind: record\nprogram: {}\nmatriculation: 2024-08-19\nattempts:\n"


@pytest.fixture
def audited(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Return a function that audits attempts written as YAML mappings."""

    def audit(program: str, *lines: str, **options: object) -> tuple[AuditVariant, ...]:
        path = tmp_path / "record.yaml"
        text = HEAD.format(program) + "".join(f"  - {{{line}}}\n" for line in lines)
        path.write_text(text, encoding="utf-8")
        return audit_record(path, today=TODAY, **options).variants  # type: ignore[arg-type]

    return audit


def test_a_course_below_the_floor_is_to_be_taken_again_where_no_other_fits(audited) -> None:  # type: ignore[no-untyped-def]
    (found,) = audited(
        "gatech-omscs",
        "course: CS 6515, period: Spring 2025, grade: C",
        choices=(("specialization", "ml"),),
    )
    (again,) = found.retakes
    assert (again.course, again.grade, again.credits) == ("CS 6515", "B", 3)
    assert found.credits.left == found.summary.credits_left == 27
    assert found.missing[0].id == "ml-algorithms"
    assert "27 credits left at least, CS 6515 again with B or better" in headline(found)
    assert sum("again" in line.text for line in found.missing) == 1


def test_a_track_that_needs_a_course_again_ranks_by_all_that_is_to_take(audited) -> None:  # type: ignore[no-untyped-def]
    (found,) = audited(
        "gatech-omscs", "course: CS 6515, period: Spring 2025, grade: C", all_choices=True
    )
    ranks = {one.child: one for one in found.choices}
    assert all(one.summary.credits_left == 27 for one in found.choices)
    assert ranks["ml"].summary.again == ("CS 6515 again with B or better",)
    assert ranks["ai"].summary.again == ()
    # the course that is taken again costs its credits once more
    assert ranks["ai"].rank < ranks["ml"].rank


def test_where_a_repeat_may_count_is_unknown_that_is_said(audited) -> None:  # type: ignore[no-untyped-def]
    found, *_ = audited(
        "uc-berkeley-mids", "course: DATASCI 207, period: Fall 2025, basis: pass_fail"
    )
    (again,) = found.retakes
    assert again.text.startswith("DATASCI 207 again for a letter grade")
    assert found.credits.left is not None
    assert any("DATASCI 207 may be taken again" in note for note in found.notes)


def test_credit_that_a_most_keeps_out_is_taken_here(audited) -> None:  # type: ignore[no-untyped-def]
    found, *_ = audited(
        "umich-mads", "course: SIADS 502, source: transfer, credits: 1, school: Elsewhere"
    )
    assert [line.course for line in found.retakes] == ["SIADS 502"]
    assert found.retakes[0].text.startswith("SIADS 502 taken here")


def test_nothing_is_taken_again_where_something_else_costs_no_more(audited) -> None:  # type: ignore[no-untyped-def]
    (found,) = audited(
        "gatech-omscs",
        "course: CS 7643, period: Spring 2025, grade: C",
        choices=(("specialization", "ml"),),
    )
    assert found.retakes == ()
    assert found.credits.left == 27


def test_a_course_that_was_taken_twice_may_be_taken_a_third_time(audited) -> None:  # type: ignore[no-untyped-def]
    (found,) = audited(
        "gatech-omscs",
        "course: CS 7641, period: Fall 2024, grade: D",
        "course: CS 7641, period: Fall 2025, grade: C",
        choices=(("specialization", "ml"),),
    )
    assert [line.text for line in found.retakes] == ["CS 7641 again with B or better"]
    assert found.credits.left == 27


def test_what_is_under_way_and_expected_too_low_is_asked_with_the_grade_that_it_needs(
    audited,  # type: ignore[no-untyped-def]
) -> None:
    line = "course: CS 7641, period: Fall 2026, status: in progress"
    (found,) = audited(
        "gatech-omscs", f"{line}, expected_grade: C", choices=(("specialization", "ml"),)
    )
    text = "CS 7641 with B or better, now or again (C is expected)"
    assert [one.text for one in found.retakes] == [text]
    assert found.missing[0].text.startswith(text)
    assert found.credits.left == 27
    (mean,) = found.means
    assert "nothing to average yet, 2.00 as expected, of at least 3.00" in mean.text
    (found,) = audited("gatech-omscs", line, choices=(("specialization", "ml"),))
    assert found.retakes == ()
    assert "expected" not in found.means[0].text


def _core(*dear: int, **more: object) -> Resolved:
    codes = ["CS 600", "CS 610", "CS 620"]
    return degree(
        leaf("core", codes, 2, min_grade="B"),
        courses=[course(code, credits) for code, credits in zip(codes, dear, strict=True)],
        record_rules=RecordRules(repeats=Repeats(use=WhichAttempt.NEWEST, **more)),  # type: ignore[arg-type]
    )


def _again(rules: Resolved, *codes: str) -> Retaken | None:
    attempts = [taken(code, "C") for code in codes]
    return retaken(run_audit(rules, record(*attempts), TODAY, {}))


def test_two_are_taken_again_where_that_is_less_than_one_and_a_dear_course() -> None:
    again = _again(_core(3, 3, 9), "CS 600", "CS 610")
    assert again is not None
    assert [line.course for line in again.lines] == ["CS 600", "CS 610"]
    assert again.cost == 6
    again = _again(_core(3, 3, 2), "CS 600", "CS 610")
    assert again is not None
    assert [line.course for line in again.lines] == ["CS 600"]
    assert again.cost == 5


def test_no_more_are_taken_again_than_the_whole_record_may_repeat() -> None:
    again = _again(_core(3, 3, 9, at_most_in_all=1), "CS 600", "CS 610")
    assert again is not None
    assert [line.course for line in again.lines] == ["CS 600"]
    assert again.cost == 12
    assert _again(_core(3, 3, 9, at_most_in_all=0), "CS 600", "CS 610") is None
    assert _again(_core(3, 3, 9, at_most_in_all=1), "CS 600", "CS 610", "CS 620") is None
