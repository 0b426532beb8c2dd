"""The audit of records under bundled programmes, searched and re-checked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from prospectus.app.audit_answers import AuditAnswer, AuditVariant, RequirementLine
from prospectus.app.audit_report import headline
from prospectus.app.audit_what_if import Supposition, parse_supposition
from prospectus.app.auditing import audit_record
from prospectus.domain.errors import Severity, UsageError

TODAY = dt.date(2026, 11, 22)
MIDWAY = Path(__file__).parents[3] / "examples" / "omscs-midway.yaml"


@pytest.fixture
def omscs(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Return a function that audits OMSCS courses, written `CS 6601 A Fall 2025`."""

    def audit(*lines: str, more: str = "", supposition: str = "", **options: object) -> AuditAnswer:
        attempts = []
        for line in lines:
            subject, number, rest = line.split(" ", 2)
            topic, _, other = rest.partition(" ") if rest[0] == "O" else ("", "", rest)
            grade, period = other.split(" ", 1)
            code = " ".join(part for part in (subject, number, topic) if part)
            attempts.append(f"  - {{course: {code}, grade: {grade}, period: {period}}}")
        path = tmp_path / "record.yaml"
        text = "format: 1\nkind: record\nprogram: gatech-omscs\nmatriculation: 2024-08-19\n"
        path.write_text(text + more + "attempts:\n" + "\n".join(attempts), encoding="utf-8")
        supposed = parse_supposition(supposition.split(";")) if supposition else Supposition()
        return audit_record(path, today=TODAY, supposition=supposed, **options)  # type: ignore[arg-type]

    return audit


def only(answer: AuditAnswer) -> AuditVariant:
    (variant,) = answer.variants
    return variant


def line(answer: AuditAnswer, node: str) -> RequirementLine:
    return next(item for item in only(answer).requirements if item.id == node)


def codes(found: RequirementLine) -> list[str]:
    return [course.code for course in found.courses]


def test_the_second_core_course_cannot_fill_a_perception_elective(omscs) -> None:  # type: ignore[no-untyped-def]
    answer = omscs(
        "CS 6601 A Fall 2024", "CS 7641 A Spring 2025", choices=(("specialization", "cpr"),)
    )
    assert codes(line(answer, "cpr-core")) == ["CS 6601"]
    assert codes(line(answer, "cpr-elective")) == []
    assert codes(line(answer, "free")) == ["CS 7641"]
    missing = line(answer, "cpr-elective").missing
    assert missing is not None
    assert missing.courses == 3
    assert not {"CS 6601", "CS 7641"} & set(missing.one_of)
    assert missing.path == ("degree", "specialization", "cpr", "cpr-elective")


def test_a_surplus_core_course_fills_an_elective_of_artificial_intelligence(omscs) -> None:  # type: ignore[no-untyped-def]
    answer = omscs(
        "CS 6601 A Fall 2024",
        "CS 7641 A Spring 2025",
        "CS 7637 A Summer 2025",
        choices=(("specialization", "ai"),),
    )
    held = {*codes(line(answer, "ai-core")), *codes(line(answer, "ai-elective"))}
    assert held == {"CS 6601", "CS 7637", "CS 7641"}
    assert line(answer, "ai-core").standing == "met"
    assert only(answer).summary.credits_left == 21


def test_seminar_hours_fill_the_load_and_not_the_degree(omscs) -> None:  # type: ignore[no-untyped-def]
    answer = omscs("CS 6601 A Fall 2024", "CS 8001 S Fall 2024")
    (seminar,) = only(answer).unused
    assert seminar.course.code == "CS 8001"
    assert "load of its term" in seminar.text
    assert only(answer).credits.earned == 3


def test_at_most_six_credits_from_outside_count(omscs) -> None:  # type: ignore[no-untyped-def]
    outside = ("ISYE 6402 A Fall 2024", "ISYE 6414 A Spring 2025", "ISYE 6501 A Summer 2025")
    answer = omscs(*outside, choices=(("specialization", "ai"),))
    cap = next(cap for cap in only(answer).caps if cap.id == "outside-cap")
    assert (cap.have, cap.most, cap.is_reached) == (6, 6, True)
    (left_out,) = only(answer).unused
    assert (left_out.reason, left_out.node) == ("cap", "outside-cap")
    assert only(answer).credits.earned == 6


def test_a_grade_below_the_floor_falls_on_to_what_takes_it(omscs) -> None:  # type: ignore[no-untyped-def]
    answer = omscs("CS 6300 C Fall 2024", choices=(("specialization", "ai"),))
    assert codes(line(answer, "free")) == ["CS 6300"]
    (better,) = only(answer).grades
    assert (better.course, better.grade, better.better) == ("CS 6300", "C", "B")
    assert "Algorithms and Design" in better.gained


def test_a_course_that_would_have_to_be_taken_again_is_named(omscs) -> None:  # type: ignore[no-untyped-def]
    answer = omscs("CS 6515 C Fall 2024", choices=(("specialization", "ml"),))
    missing = line(answer, "ml-algorithms").missing
    assert missing is not None
    assert missing.again == ("CS 6515",)
    assert missing.text.startswith("CS 6515 again with B or better")
    assert only(answer).summary.credits_left == 27
    assert headline(only(answer)).startswith(
        "Not complete: 27 credits left at least, CS 6515 again with B or better"
    )


def test_an_undeclared_choice_is_judged_by_its_best_child_and_said(omscs) -> None:  # type: ignore[no-untyped-def]
    (choice,) = only(omscs("CS 6750 A Fall 2024", "CS 7470 A Spring 2025")).open_choices
    assert choice.id == "specialization"
    assert choice.taken


def test_all_choices_are_ranked_by_what_is_left() -> None:
    answer = audit_record(MIDWAY, today=TODAY, all_choices=True)
    ranks = only(answer).choices
    assert len(ranks) == 6
    assert [rank.rank for rank in ranks] == [1, 2, 3, 4, 5, 6]
    left = [rank.summary.credits_left for rank in ranks]
    assert left == sorted(left)  # type: ignore[type-var]
    assert [rank.child for rank in ranks if rank.is_declared] == ["ml"]


def test_the_midway_example_misses_one_named_course_and_free_electives() -> None:
    answer = audit_record(MIDWAY, today=TODAY)
    variant = only(answer)
    assert (variant.summary.standing, variant.summary.credits_left) == ("not met", 15)
    assert [item.id for item in variant.missing] == ["ml-algorithms", "free"]
    assert variant.missing[0].text.startswith("CS 6515 (3 credits); it runs next in Spring 2027")
    assert variant.steps[0].course == "CS 6515"
    (mean,) = variant.means
    assert "2.67 needed in what remains" in mean.text
    assert line(answer, "ml-core").standing == "in progress"
    assert line(answer, "ml-core").rule.at.line is not None
    assert line(answer, "free").rule.sources == ("S2", "S9")


def test_a_supposed_course_is_shown_with_what_it_changes() -> None:
    found = audit_record(MIDWAY, today=TODAY, supposition=parse_supposition([], ["CS 6515"]))
    assert found.supposed == ("CS 6515 taken as planned",)
    change = only(found).what_if
    assert change is not None
    assert change.differences[0] == "credits left: 15 -> 12"
    assert "Algorithms: not met -> planned" in change.differences
    assert not any("offered" in note for note in only(found).notes)


def test_another_choice_is_supposed_without_changing_the_record() -> None:
    supposition = parse_supposition(["specialization=hci"])
    change = only(audit_record(MIDWAY, today=TODAY, supposition=supposition)).what_if
    assert change is not None
    assert dict(change.before.standings)["ml"] == "not met"
    assert "hci" in dict(change.after.standings)


def test_another_school_takes_courses_as_transferred_and_says_what_it_does_not_know() -> None:
    answer = audit_record(MIDWAY, "utaustin-mscso", today=TODAY)
    assert any("instead of" in text for text in answer.supposed)
    assert answer.n_attempts == 5
    assert any("for the school to say" in text for text in answer.transfer)
    assert any(text.startswith("if nothing is carried over") for text in answer.transfer)
    assert "REC-050" in [note.code for note in answer.notes]
    sources = {item.course.source for variant in answer.variants for item in variant.unused}
    assert sources <= {"transfer"}


def test_each_reading_is_audited_and_the_differences_are_told(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    path.write_text("course,grade,term\nSIADS 501,A,Fall 2023 S1\n", encoding="utf-8")
    answer = audit_record(path, "umich-mads", today=TODAY)
    assert [dict(variant.variant)["total"] for variant in answer.variants] == ["34", "38"]
    first, other = (variant.summary.credits_left for variant in answer.variants)
    assert first is not None
    assert other == first + 4
    assert any(f"credits left: {first} -> {other}" in text for text in answer.differs)


def test_exceptions_are_shown_with_what_the_audit_would_say_without_them(omscs) -> None:  # type: ignore[no-untyped-def]
    waiver = (
        "exceptions:\n  - {kind: waive, node: cpr-algorithms, who: advisor, when: 2026-05-01, "
        "why: taken elsewhere}\n"
    )
    answer = omscs("CS 6601 A Fall 2024", more=waiver, choices=(("specialization", "cpr"),))
    assert line(answer, "cpr-algorithms").excepted
    without = only(answer).without_exceptions
    assert without is not None
    assert "Algorithms: met -> not met" in without.differences


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"choices": (("specialisation", "ai"),)}, "USE-014"),
        ({"choices": (("specialization", "law"),)}, "USE-014"),
        ({"year": "1999-00"}, "USE-001"),
        ({"program": "nowhere"}, "USE-001"),
    ],
)
def test_what_is_not_there_is_one_clear_error(options: dict[str, object], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        audit_record(MIDWAY, today=TODAY, **options)  # type: ignore[arg-type]
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_table_needs_a_programme(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    path.write_text("course,grade,term\nCS 6601,A,Fall 2024\n", encoding="utf-8")
    with pytest.raises(UsageError, match="USE-002"):
        audit_record(path, today=TODAY)


def test_a_waived_requirement_takes_nothing_and_free_electives_fill_the_total(omscs) -> None:  # type: ignore[no-untyped-def]
    waived = (
        "choices: {specialization: ml}\nexceptions:\n"
        "  - {kind: waive, node: ml-elective, who: A. Dean, when: 2026-05-01, why: industry}\n"
    )
    answer = omscs(
        "CS 6515 A Fall 2024",
        "CS 7641 A Fall 2024",
        "CS 6035 A Spring 2025",
        "CS 6200 A Spring 2025",
        "CS 6210 A Summer 2025",
        "CS 6250 A Fall 2025",
        "CS 6290 A Fall 2025",
        more=waived,
    )
    (missing,) = only(answer).missing
    assert (missing.id, missing.credits) == ("free", 9)
    assert only(answer).credits.left == 9
    assert line(answer, "ml-elective").missing is None


def test_a_supposed_course_that_is_on_record_already_adds_nothing(omscs) -> None:  # type: ignore[no-untyped-def]
    answer = omscs("CS 7637 A Fall 2024", supposition="add=CS 7637")
    (told,) = answer.supposed
    assert told.endswith("adds nothing, CS 7637 stands on record already with A")
    found = only(answer)
    assert found.what_if is not None
    assert found.what_if.differences == ()
    assert found.unused == ()


def test_a_supposed_repeat_leaves_the_old_grade_in_the_mean(omscs) -> None:  # type: ignore[no-untyped-def]
    answer = omscs("CS 7641 C Fall 2024", "CS 6601 A Spring 2025", supposition="add=CS 7641=B")
    (mean,) = only(answer).means
    assert mean.text.startswith("mean 3.00")
    found = only(answer).what_if
    assert found is not None
    # all three attempts enter: 4, 2 and 3
    assert found.after.credits_left == found.before.credits_left
    answer = omscs("CS 7641 C Fall 2024", "CS 6601 A Spring 2025", supposition="add=CS 7641=A")
    found = only(answer).what_if
    assert found is not None
    assert found.differences[-1].endswith("mean 3.00 -> mean 3.33")


def test_a_better_grade_that_only_lifts_the_mean_says_by_how_much(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    path.write_text(
        "format: 1\nkind: record\nprogram: gatech-omscs\nattempts:\n"
        "  - {course: CS 6601, period: Fall 2024, grade: B}\n",
        encoding="utf-8",
    )
    supposed = Supposition(grades=(("CS 6601", "A"),))
    found = only(audit_record(path, today=TODAY, supposition=supposed)).what_if
    assert found is not None
    assert found.differences[-1].endswith("mean 3.00 -> mean 4.00")


def test_what_open_facts_decide_is_said_with_how_to_settle_it(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    path.write_text(
        "format: 1\nkind: record\nprogram: msoe-msml\nmatriculation: 2024-09-01\nattempts:\n"
        "  - {course: CSC 5610, period: Fall 2024, grade: A}\n"
        "  - {course: MTH 5810, period: Fall 2025, grade: A}\n",
        encoding="utf-8",
    )
    answer = audit_record(path, today=TODAY)
    lefts = sorted({one.credits.left for one in answer.variants if one.credits.left is not None})
    assert len(lefts) == 2
    assert answer.spread.startswith(f"{lefts[0]} or {lefts[1]} credits left, depending on")
    assert "`background:`" in answer.spread
    assert answer.spread not in answer.differs


def test_a_least_over_the_degree_is_asked_of_the_widest_part_that_is_missing(omscs) -> None:  # type: ignore[no-untyped-def]
    answer = omscs("CS 6601 A Fall 2024", choices=(("specialization", "ai"),))
    texts = {one.id: one.text for one in only(answer).missing}
    assert "of them must count for 'CS and CSE courses at 6000 level or above'" in texts["free"]
    assert not any("must count for" in text for name, text in texts.items() if name != "free")


def test_a_least_that_several_parts_may_serve_is_asked_of_all_that_is_still_to_take(omscs) -> None:  # type: ignore[no-untyped-def]
    line = "CS 7641 C Fall 2024"
    answer = omscs(line, choices=(("specialization", "ml"),))
    (text,) = [one.text for one in only(answer).missing if "must count for" in one.text]
    # the course that is to be taken again is still to take too
    assert "; at least 24 credits of all that is still to take must count for 'CS and CSE" in text


EXCEPTION = "who: J. Doe, when: 2026-05-01, why: agreed}\n"


def test_a_leaf_that_holds_a_course_by_a_substitution_is_marked(omscs) -> None:  # type: ignore[no-untyped-def]
    more = "choices: {specialization: ml}\nexceptions:\n" + (
        "  - {kind: substitute, node: ml-core, course: CS 6035, replaces: CS 7641, " + EXCEPTION
    )
    answer = omscs("CS 6035 A Fall 2025", "CS 6515 A Fall 2025", more=more)
    assert codes(line(answer, "ml-core")) == ["CS 6035"]
    assert line(answer, "ml-core").excepted
    assert not line(answer, "ml-algorithms").excepted
    assert not answer.notes


def test_an_exception_below_a_child_that_is_not_chosen_is_told(omscs) -> None:  # type: ignore[no-untyped-def]
    more = "choices: {specialization: ai}\nexceptions:\n" + (
        "  - {kind: waive, node: hci-core, " + EXCEPTION
    )
    (note,) = omscs("CS 6515 A Fall 2025", more=more).notes
    assert (note.code, note.severity) == ("REC-056", Severity.WARNING)
    assert "'Human-Computer Interaction', a child of 'Specialization' that is not" in note.what
    assert not omscs("CS 6515 A Fall 2025", more=more, choices=(("specialization", "hci"),)).notes


def test_a_record_with_two_courses_of_another_size_is_proven(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    elsewhere = "source: transfer, credits: 1, school: There, ended: 2025-10-19}\n"
    path.write_text(
        "format: 1\nkind: record\nprogram: gatech-omscs\nattempts:\n"
        "  - {course: SIADS 501, " + elsewhere + "  - {course: SIADS 505, " + elsewhere,
        encoding="utf-8",
    )
    variant = only(audit_record(path, today=TODAY, seconds=None))
    assert (variant.is_proven, variant.credits.left) == (True, 30)
