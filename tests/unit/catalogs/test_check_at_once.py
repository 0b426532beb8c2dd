"""One run of check tells everything that can be told, and nothing that only follows from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_catalog import (
    ASSUMPTIONS,
    CALENDAR,
    COURSES,
    FEES,
    FILES,
    PROGRAM,
    SCHEDULE,
    SCHOOL,
    write,
)

from prospectus.catalogs.check import check
from prospectus.catalogs.gathering import gathered
from prospectus.catalogs.load import load_catalog
from prospectus.domain.errors import CatalogError, Fault, Place, Severity

Spoil = Callable[..., Path]


def codes(folder: Path) -> list[tuple[str, str]]:
    return sorted((fault.code, Path(fault.at.file).name) for fault in check([folder]))


def spoiled(tmp_path: Path, *changes: tuple[str, str, str]) -> Path:
    files = dict(FILES)
    for name, old, new in changes:
        assert old in files[name], old
        files[name] = files[name].replace(old, new)
    return write(tmp_path, files)


def test_spelling_names_expressions_and_facts_are_told_together(tmp_path: Path) -> None:
    folder = spoiled(
        tmp_path,
        (COURSES, "{title: Five,", "{titel: Five,"),
        (COURSES, "requires: EX 101}", "requires: EX 101 & EX 103}"),
        (COURSES, "credits: 1..2,", "credits: 1..2, requires: EX 111,"),
        (PROGRAM, "of: set small}", "of: set smal}"),
        (PROGRAM, "declare: yes", "declare: maybe"),
        (PROGRAM, "if: EX 103}", "if: EX 103 &}"),
        (FEES, ', as_of: "2026-08-19"', ""),
        (FEES, "per: term", "per: semester"),
        (SCHEDULE, "Fall: 4 of 4", "Fall: 1 of 4"),
    )
    assert codes(folder) == [
        ("CAT-021", "courses.yaml"),
        ("CAT-022", "2026-27.yaml"),
        ("CAT-023", "fees.yaml"),
        ("CAT-045", "2026-27.yaml"),
        ("CAT-047", "courses.yaml"),
        ("CAT-077", "courses.yaml"),
        ("EXP-001", "2026-27.yaml"),
        ("EXP-001", "courses.yaml"),
    ]


def test_what_is_cut_from_a_list_moves_no_line(tmp_path: Path) -> None:
    folder = spoiled(
        tmp_path,
        (PROGRAM, "- {id: cap, at_most:", "- {id: cap, at_moist:"),
        (
            PROGRAM,
            "at_least: 3.0, over: attempted, of: any",
            "at_least: 3.0, over: attempted, of: a b",
        ),
    )
    found = {fault.code: fault for fault in check([folder])}
    lines = (folder / PROGRAM).read_text(encoding="utf-8").splitlines()
    assert set(found) == {"CAT-024", "EXP-001"}
    assert "id: mean" in lines[(found["EXP-001"].at.line or 0) - 1]
    assert found["EXP-001"].at.field == "requirements.all[4].gpa.of"


def test_a_course_that_is_cut_is_not_missed_elsewhere(spoil: Spoil) -> None:
    folder = spoil(COURSES, "EX 101: {title: One,", "EX 101: {titel: One,")
    assert {code for code, _ in codes(folder)} == {"CAT-021"}


def test_a_season_a_grade_a_pool_and_a_set_that_are_cut_are_not_missed(tmp_path: Path) -> None:
    folder = spoiled(
        tmp_path,
        (CALENDAR, "- {season: Fall, dates:", "- {season: Fall, date: 3, dates:"),
        (SCHOOL, "- {grade: B, points: 3}", "- {grade: B, points: three}"),
        (PROGRAM, "pools: {view: {counts: no}}", "pools: {view: {counts: never}}"),
        (PROGRAM, "sets: {small: [EX 104]}", "sets: {small: {a: b}}"),
    )
    assert {code for code, _ in codes(folder)} <= {"CAT-021", "CAT-022", "CAT-025"}


def test_defaults_that_are_cut_do_not_leave_courses_without_credits(spoil: Spoil) -> None:
    folder = spoil(COURSES, "defaults: {credits: 3,", "defaults: {credits: three,")
    assert codes(folder) == [("CAT-025", "courses.yaml")]


def test_a_source_named_only_in_a_block_with_a_fault_is_named(tmp_path: Path) -> None:
    second = FILES[COURSES].replace("facts:", "  S2: {title: Reviews}\nfacts:")
    text = second.replace("{title: Two,", "{titel: Two, source: S2,")
    assert {code for code, _ in codes(write(tmp_path, {COURSES: text}))} == {"CAT-021"}


def test_faults_of_values_do_not_hide_the_rest_of_a_file(spoil: Spoil) -> None:
    folder = spoil(CALENDAR, "end: 2026-12-18", "end: 2026-12-38")
    again = (folder / FEES).read_text(encoding="utf-8").replace("per: term", "per: semester")
    (folder / FEES).write_text(again, encoding="utf-8")
    assert codes(folder) == [("CAT-011", "calendar.yaml"), ("CAT-023", "fees.yaml")]


def test_an_unreadable_file_of_one_school_leaves_the_others_to_be_checked(tmp_path: Path) -> None:
    folder = spoiled(tmp_path, (SCHEDULE, "courses:\n", "courses: [\n"))
    for name, text in FILES.items():
        if name != ASSUMPTIONS:
            other = folder / name.replace("ex/", "ey/").replace("ex-ms", "ey-ms")
            other.parent.mkdir(parents=True, exist_ok=True)
            mine = text.replace("school: ex", "school: ey").replace("id: ex", "id: ey")
            other.write_text(mine.replace("[ex-ms]", "[ey-ms]"), encoding="utf-8")
    path = folder / "schools/ey/courses.yaml"
    text = path.read_text(encoding="utf-8").replace("requires: EX 101}", "requires: EX 100}")
    path.write_text(text, encoding="utf-8")
    assert codes(folder) == [("CAT-006", "schedule.yaml"), ("CAT-047", "courses.yaml")]


def test_loading_beside_the_bundled_catalog_refuses_what_check_refuses(spoil: Spoil) -> None:
    folder = spoil(FEES, ', as_of: "2026-08-19"', "")
    with pytest.raises(CatalogError) as caught:
        load_catalog(extra=[folder])
    assert {fault.code for fault in caught.value.faults} == {"CAT-071"}


# ----------------------------------------------------------------- gathering


def many(n: int, what: str, field: str = "courses.EX {}") -> list[Fault]:
    return [
        Fault(
            code="CAT-077",
            what=what.format(100 + i),
            fix="mend it",
            at=Place(file="c.yaml", line=i + 1, field=field.format(100 + i)),
            severity=Severity.WARNING,
        )
        for i in range(n)
    ]


def test_one_fault_stands_for_many_that_differ_in_the_name() -> None:
    (fault,) = gathered(many(33, "nothing says that EX {} will run"))
    assert fault.what == (
        "nothing says that EX 100, EX 101, EX 102, EX 103, EX 104, EX 105, EX 106, EX 107 and "
        "25 others will run"
    )
    assert fault.at.line == 1


def test_one_fault_stands_for_many_that_say_the_same() -> None:
    (fault,) = gathered(many(7, "'live' is no field", "a[{}].live_at"))
    assert fault.what == "7 times: 'live' is no field; also on the lines 2, 3, 4, 5, 6, 7"


def test_a_few_faults_stay_what_they_are() -> None:
    assert len(gathered(many(5, "nothing says that EX {} will run"))) == 5
    assert len(gathered(many(4, "x {}") + many(3, "y {}"))) == 7
