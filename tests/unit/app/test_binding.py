from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
from sample_school import program, school

from prospectus.app.binding import bind, declared, season_faults, wanted_faults
from prospectus.catalogs.student_file import read_student
from prospectus.catalogs.student_parts import StudentFile
from prospectus.domain.errors import Fault, StudentError
from prospectus.domain.record import CreditSource

TODAY = dt.date(2026, 8, 1)
MINE = "format: 1\nprogram: here-ms\nmatriculation: 2025-08-20\nplan_from: 2026-08-20\n"
NOBODYS = "format: 1\nplan_from: 2026-08-20\n"


def read(folder: Path, text: str) -> StudentFile:
    path = folder / "me.yaml"
    path.write_text(text, encoding="utf-8")
    return read_student(path, TODAY)


def fault(file: StudentFile) -> Fault:
    with pytest.raises(StudentError) as caught:
        bind(file, program(), school())
    (found,) = caught.value.faults
    return found


def test_finished_courses_take_the_catalogue_s_credits_and_leaf_periods(tmp_path: Path):
    text = MINE + "finished: [{course: ab-100, grade: A, period: fall 2025}]\n"
    (attempt,) = bind(read(tmp_path, text), program(), school()).record.attempts
    assert (attempt.course, attempt.credits, attempt.grade) == ("AB 100", Fraction(3), "A")
    assert attempt.periods == ("Fall 2025",)


def test_a_course_under_its_old_name_is_known(tmp_path: Path):
    text = MINE + "finished: [{course: AB 099, period: Fall 2025}]\n"
    (attempt,) = bind(read(tmp_path, text), program(), school()).record.attempts
    assert attempt.course == "AB 100"


def test_transferred_and_external_courses_need_no_place_in_the_catalogue(tmp_path: Path):
    text = MINE + (
        "finished:\n  - {course: ZZ 500, source: transfer, credits: 3}\n"
        "  - {course: XY 100}\n  - {course: AB 200, source: waiver}\n"
    )
    attempts = bind(read(tmp_path, text), program(), school()).record.attempts
    assert [item.credits for item in attempts] == [Fraction(3), Fraction(0), Fraction(0)]
    assert attempts[2].source is CreditSource.WAIVER


def test_a_finished_course_nobody_knows_is_answered_with_the_nearest(tmp_path: Path):
    found = fault(read(tmp_path, MINE + "finished:\n  - {course: AB 101}\n"))
    assert found.code == "STU-012"
    assert "AB 100" in found.fix
    assert (found.at.line, found.at.field) == (6, "finished[0]")


def test_a_period_no_calendar_has_is_a_fault(tmp_path: Path):
    text = MINE + "finished: [{course: AB 100, period: Fal 2025}]\n"
    found = fault(read(tmp_path, text))
    assert found.code == "STU-013"
    assert "Fall 2025" in found.fix


def test_a_grade_off_the_scale_is_a_fault(tmp_path: Path):
    text = MINE + "finished: [{course: AB 100, grade: E}]\n"
    assert fault(read(tmp_path, text)).code == "STU-014"


def test_a_mistyped_exception_is_a_fault_as_in_an_audit(tmp_path: Path):
    said = "who: J. Doe, when: 2026-05-01, why: agreed}"
    text = MINE + f"exceptions:\n  - {{kind: waive, node: nothing-such, {said}\n"
    found = fault(read(tmp_path, text))
    assert found.code == "REC-049"
    assert (found.at.line, found.at.field) == (6, "exceptions[0].node")
    text = MINE + (
        "milestones: [{milestone: thesys, status: passed}]\n"
        f"exceptions:\n  - {{kind: insert, node: degree, course: ZZ 999, {said}\n"
    )
    with pytest.raises(StudentError) as caught:
        bind(read(tmp_path, text), program(), school())
    assert [one.code for one in caught.value.faults] == ["REC-049", "REC-056", "REC-040"]


def test_an_exception_may_name_a_course_on_record_that_the_school_does_not_have(tmp_path: Path):
    said = "who: J. Doe, when: 2026-05-01, why: agreed}"
    text = MINE + (
        "finished: [{course: ZZ 500, source: transfer, credits: 3}]\n"
        f"exceptions:\n  - {{kind: insert, node: base, course: ZZ 500, {said}\n"
    )
    (one,) = bind(read(tmp_path, text), program(), school()).record.exceptions
    assert (one.node, one.course) == ("base", "ZZ 500")


@pytest.mark.parametrize("choice", ["track: four", "trak: two"])
def test_an_unknown_choice_is_a_fault(tmp_path: Path, choice: str):
    assert fault(read(tmp_path, MINE + f"choices: {{{choice}}}\n")).code == "STU-015"


def test_money_in_another_currency_is_a_fault(tmp_path: Path):
    found = fault(read(tmp_path, NOBODYS + "money: {total: EUR 9000}\n"))
    assert found.code == "STU-010"
    assert "USD" in found.fix


def test_another_programme_does_not_see_the_record(tmp_path: Path):
    text = MINE.replace("here-ms", "there-ms") + "finished: [{course: AB 100, grade: A}]\n"
    student = bind(read(tmp_path, text), program(), school())
    assert student.record.attempts == ()
    assert student.matriculation == student.record.matriculation == dt.date(2026, 8, 20)


def test_an_applicant_s_choice_holds_where_the_programme_has_it(tmp_path: Path):
    text = NOBODYS + "choices: {track: two, specialization: ml}\n"
    assert bind(read(tmp_path, text), program(), school()).choices == (("track", "two"),)


def test_a_season_s_limit_binds_its_terms_and_no_other(tmp_path: Path):
    text = NOBODYS + "hours_per_week: {usual: 12, spring: 5}\ncourses_per_period: {Fall 2027: 1}\n"
    wishes = bind(read(tmp_path, text), program(), school()).wishes
    assert wishes.hours_limit(dt.date(2027, 1, 11), dt.date(2027, 5, 6)) == 5
    assert wishes.hours_limit(dt.date(2027, 8, 24), dt.date(2027, 12, 17)) == 12
    assert wishes.courses_limit(dt.date(2027, 8, 24), dt.date(2027, 12, 17)) == 1
    assert wishes.courses_limit(dt.date(2026, 8, 24), dt.date(2026, 12, 17)) is None


def test_a_season_no_school_has_is_a_fault(tmp_path: Path):
    file = read(tmp_path, NOBODYS + "hours_per_week: {usual: 12, Sprung: 5}\n")
    (found,) = season_faults(file, [school()])
    assert found.code == "STU-017"
    assert "Spring" in found.fix


def test_a_wanted_course_no_school_has_is_a_fault(tmp_path: Path):
    file = read(tmp_path, NOBODYS + "wanted: {courses: [AB 100, AB 400]}\n")
    (found,) = wanted_faults(file, [school()])
    assert found.code == "STU-018"
    assert bind(file, program(), school()).wishes.wanted == ("AB 100",)


@pytest.mark.parametrize(
    ("home", "seen"), [("US-MI", "US-MI"), ("US-CO", "out-of-state"), ("IN", "out-of-state")]
)
def test_whoever_lives_where_no_price_is_named_is_out_of_state(
    tmp_path: Path, home: str, seen: str
):
    student = bind(read(tmp_path, NOBODYS + f"residence: {home}\n"), program(), school())
    assert student.person.fact("residence") == seen


def test_an_unknown_residence_stays_unknown(tmp_path: Path):
    student = bind(read(tmp_path, NOBODYS), program(), school())
    assert student.person.fact("residence") is None


def test_declared_choices_are_found_with_their_children():
    assert declared(program()) == {"track": ("two", "three")}
