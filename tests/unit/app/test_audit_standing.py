"""How nodes are shown to stand where the verdict alone says too little."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hand_made_audits import audited
from tests.degrees import all_, degree, leaf, share, taken

from prospectus.app.audit_answers import AuditVariant
from prospectus.app.audit_lines import requirement_lines, summary
from prospectus.app.audit_report import headline
from prospectus.app.audit_standing import asks_something, nodes_shown, not_known
from prospectus.app.audit_what_if import parse_supposition
from prospectus.app.auditing import audit_record
from prospectus.domain.plan import Standing
from prospectus.domain.requirement import Fill, NodeId, Range

TODAY = dt.date(2026, 11, 22)
LOW = """format: 1
kind: record
program: gatech-omscs
matriculation: 2024-08-19
attempts:
  - {course: CS 6300, grade: A, period: Fall 2024}
  - {course: CS 6601, grade: F, period: Spring 2025}
  - {course: CS 6601, grade: C, period: Fall 2025}
  - {course: CS 7637, grade: B, period: Summer 2025}
  - {course: CS 6750, grade: C, period: Spring 2026}
  - {course: MATH 500, source: transfer, credits: 3, school: Elsewhere, ended: 2023-05-10}
  - {course: CS 7643, status: in progress, period: Fall 2026, expected_grade: B}
exceptions:
  - {kind: waive, node: foundational, who: J. Doe, when: 2026-05-01, why: elsewhere}
"""
FORCED = "  - {kind: force, node: degree, who: J. Doe, when: 2026-05-01, why: granted}\n"


@pytest.fixture
def shown(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Return a function that audits a record with low grades under a track."""

    def audit(track: str, *added: str, text: str = LOW) -> AuditVariant:
        path = tmp_path / "record.yaml"
        path.write_text(text, encoding="utf-8")
        (found,) = audit_record(
            path,
            today=TODAY,
            choices=(("specialization", track),),
            supposition=parse_supposition((), added),
        ).variants
        return found

    return audit


def test_the_mean_needed_counts_a_retake_and_all_that_is_still_to_take(shown) -> None:  # type: ignore[no-untyped-def]
    """11 points in five courses; one under way, one again and four new ones must bring 22."""
    found = shown("hci")
    (line,) = found.means
    assert line.standing == "pending"
    assert "3.67 needed in what remains" in line.text
    assert dict(found.summary.standings)[line.id] == "pending"


def test_the_rest_asks_what_the_others_leave_though_no_completion_exists(shown) -> None:  # type: ignore[no-untyped-def]
    (free,) = [one for one in shown("hci").requirements if one.id == "free"]
    assert free.counted == "18 of 15 credits"
    assert free.standing == "in progress"


def test_a_degree_set_met_leaves_the_rest_of_its_total_open(shown) -> None:  # type: ignore[no-untyped-def]
    found = shown("hci", text=LOW + FORCED)
    (line,) = found.means
    assert line.standing == "pending"
    assert "3.80 needed in what remains (at least 15 credits)" in line.text


def test_a_supposed_grade_weighs_on_the_mean_needed_like_an_earned_one(shown) -> None:  # type: ignore[no-untyped-def]
    """15 credits at 2.20 and 15 ahead need 3.80; with a fail more, 66 points in 15 credits."""
    (before,) = shown("ai").means
    (after,) = shown("ai", "CS 6440=F").means
    assert "3.80 needed" in before.text
    assert "4.40 needed" in after.text
    assert (before.standing, after.standing) == ("pending", "not met")


def _vague(name: str) -> Fill:
    plain = leaf(name, "any", 1)
    header = replace(plain.header, unknown=("how many courses it asks",))
    return replace(plain, header=header, courses=Range(low=Fraction(0)))


def test_what_asks_nothing_that_is_known_is_not_known_and_no_requirement() -> None:
    found = audited(
        degree(leaf("core", "CS 600", 1), _vague("more")), [taken("CS 600")], {"core": "CS 600"}
    )
    assert not_known(found) == {NodeId("more")}
    words = {line.id: line.word for line in requirement_lines(found)}
    assert (words["core"], words["more"]) == ("met", "not known")
    assert summary(found).standing == "met"
    assert "more" not in dict(summary(found).standings)


def test_a_degree_of_which_nothing_asked_is_known_is_not_complete() -> None:
    found = audited(degree(all_("part", _vague("more"))), [])
    assert not_known(found) == {NodeId("degree"), NodeId("part"), NodeId("more")}
    assert summary(found).standing == "not known"
    assert found.verdict.degree is Standing.MET


def test_the_rest_asks_the_total_without_what_the_others_still_ask() -> None:
    rules = degree(leaf("core", "CS 600", 1), leaf("free", "any", credits="rest"), total=9)
    found = audited(rules, [taken("CS 610")], {"free": "CS 610"}, left=None)
    assert nodes_shown(found)[NodeId("free")].counted == "3 of 6 credits"


def test_the_rest_asks_at_most_what_it_does_now_where_others_may_share_what_they_lack() -> None:
    leaves = [leaf("core", "CS 600", 1), leaf("other", "CS 610", 1)]
    rules = degree(
        *leaves, leaf("free", "any", credits="rest"), total=9, rules=[share("core", "other")]
    )
    record = [taken("CS 610"), taken("CS 620")]
    found = audited(rules, record, {"other": "CS 610", "free": "CS 620"}, left=None)
    assert nodes_shown(found)[NodeId("free")].counted == "3 of at most 6 credits"
    met = [taken("CS 600"), *record]
    held = {"core": "CS 600", "other": "CS 610", "free": "CS 620"}
    found = audited(rules, met, held, left=None)
    assert nodes_shown(found)[NodeId("free")].counted == "3 of 3 credits"


def test_an_empty_record_does_not_complete_a_stub(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    path.write_text("format: 1\nkind: record\nprogram: jhu-ep-ai\nattempts: []\n", encoding="utf-8")
    (found,) = audit_record(path, today=TODAY).variants
    assert not found.is_complete
    assert headline(found).startswith("Not known whether complete")


def test_a_degree_asks_something_where_a_total_or_any_part_does() -> None:
    vague = all_("part", _vague("more"))
    assert not asks_something(degree(vague).tree)
    assert asks_something(degree(vague, total=9).tree)
    assert asks_something(degree(vague, leaf("core", "CS 600", 1)).tree)
