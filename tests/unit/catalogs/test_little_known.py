"""What may be `unknown`, and what a file says of it then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from small_catalog import COURSES, FEES, FILES, PROGRAM, SCHEDULE, SCHOOL, write

from prospectus.catalogs.check import check
from prospectus.catalogs.load import load_catalog
from prospectus.domain.errors import Severity
from prospectus.domain.facts import Certainty

Spoil = Callable[..., Path]
LIVE = 'day: Mon, at: "18:00"'


@pytest.mark.parametrize(
    "written", ["2026-08-19", "2026-08", "2026", "2026-27", "2026-2027", "2026/27", "unknown"]
)
def test_a_fact_is_of_a_day_a_month_a_year_or_an_academic_year(spoil: Spoil, written: str) -> None:
    assert check([spoil(COURSES, '"2026-08-19"', f'"{written}"')]) == ()


@pytest.mark.parametrize("written", ["someday", "2026-13-01", "2026-40", "August 2026", "26"])
def test_a_fact_of_no_day_is_a_fault(spoil: Spoil, written: str) -> None:
    found = check([spoil(COURSES, '"2026-08-19"', f'"{written}"')])
    assert [(fault.code, fault.at.field) for fault in found] == [("CAT-025", "facts.as_of")]


def test_old_and_new_are_both_codes_or_both_subjects(spoil: Spoil) -> None:
    for names, codes in (
        ("{old: EX 999, new: EX 101}", []),
        ("{old: EY, new: EX}", []),
        ("{old: EX/W 1, new: EX 101}", ["DOM-010"]),
        ("{old: EY, new: EX 101}", ["CAT-025"]),
    ):
        folder = spoil(SCHOOL, "external: [EX 999]", f"external: [EX 999]\nrenamed: [{names}]")
        assert [fault.code for fault in check([folder])] == codes


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SCHOOL, "external: [EX 999]", "external: [EX W999]"),
        (
            SCHOOL,
            "external: [EX 999]",
            "renamed: [{old: EX W999, new: EX 101}]",
        ),
        (COURSES, "EX 105: {", "EX W105: {"),
        (COURSES, "requires: EX 101}", "requires: EX W101}"),
        (SCHEDULE, "EX 105: {", "EX W105: {"),
        (PROGRAM, "right, all: [EX 101,", "right, all: [EX W101,"),
    ],
)
def test_a_letter_before_the_number_belongs_to_the_subject(
    spoil: Spoil, name: str, old: str, new: str
) -> None:
    fixes = [fault.fix for fault in check([spoil(name, old, new)])]
    assert any("write `EXW " in fix for fix in fixes), fixes


def test_a_code_in_a_locked_sequence_exists(spoil: Spoil) -> None:
    new = "maximum: 6 years\n  locked_sequence: [[EX 101], [EX 1022]]"
    (fault,) = check([spoil(PROGRAM, "maximum: 6 years", new)])
    assert (fault.code, fault.at.field) == ("CAT-047", "enrolment.locked_sequence[1]")
    assert "did you mean 'EX 102'?" in fault.what


def test_a_price_without_days_never_ages(spoil: Spoil) -> None:
    found = {f.code: f for f in check([spoil(FEES, "assumption: price,", "amount: 400,")])}
    fault = found["CAT-088"]
    assert fault.severity is Severity.WARNING
    assert "tuition: `year` is only a label" in fault.what


@pytest.mark.parametrize(
    ("name", "old", "new", "fix"),
    [
        (PROGRAM, "seasons: [Fall]", "seasons: {a: b}", "write a list"),
        (COURSES, "topics: [vision]", "topics: 3", "write [3]"),
        (PROGRAM, "requirements:", "admission: 3\nrequirements:",
         "`admission: {eligibility: ..., rolling: ...}`"),
        (PROGRAM, "main_choice", "admission: {rolling: perhaps}\nmain_choice",
         "write yes or no, or `unknown`"),
        (PROGRAM, "maximum: 6 years", "maximum: long", ", `unknown` or `none`"),
        (SCHOOL, "usual: B\n", "usual: B\n  scale: unknown\n  old", "list the grades"),
    ],
)  # fmt: skip
def test_the_way_to_mend_shows_what_to_write(
    spoil: Spoil, name: str, old: str, new: str, fix: str
) -> None:
    fixes = [fault.fix for fault in check([spoil(name, old, new)])]
    assert any(fix in text for text in fixes), fixes


def test_loads_usual_grade_and_title_may_be_unknown(tmp_path: Path) -> None:
    program = FILES[PROGRAM].replace(
        "loads: [{id: load, per: term, seasons: [Fall], courses: 0..2}]", "loads: unknown"
    )
    folder = write(
        tmp_path,
        {
            PROGRAM: program,
            SCHOOL: FILES[SCHOOL].replace("usual: B", "usual: unknown"),
            COURSES: FILES[COURSES].replace("title: Two", "title: unknown"),
        },
    )
    assert check([folder]) == ()
    loaded = load_catalog(folder)
    assert "how much may be taken in a term" in loaded.program("ex-ms").unknown
    school = loaded.school("ex")
    assert school.grades.usual is None
    course = next(item for item in school.courses if item.code == "EX 102")
    assert (course.title, "title" in course.unknown) == ("", True)


def test_when_courses_run_may_be_unknown_for_one_or_for_all(tmp_path: Path) -> None:
    one = FILES[SCHEDULE].replace("{pattern: {seasons: [Spring], sessions: [1, 2]}}", "unknown")
    assert check([write(tmp_path, {SCHEDULE: one})]) == ()
    head = FILES[SCHEDULE].partition("courses:\n")[0]
    folder = write(tmp_path, {SCHEDULE: head + "courses: unknown\n"})
    assert check([folder]) == ()
    assert load_catalog(folder).school("ex").offerings == ()
    typo = FILES[SCHEDULE].replace("EX 105: {pattern: {seasons: [Fall]}}", "EX 1055: unknown")
    assert [fault.code for fault in check([write(tmp_path, {SCHEDULE: typo})])] == [
        "CAT-077",
        "CAT-047",
    ]


@pytest.mark.parametrize(
    "said", ['day: unknown, at: "18:00"', "day: Mon, at: unknown", "day: Mon", 'at: "18:00"']
)
def test_a_live_session_of_unknown_time_is_named_and_not_judged(spoil: Spoil, said: str) -> None:
    folder = spoil(SCHEDULE, LIVE, said)
    assert check([folder]) == ()
    loaded = load_catalog(folder)
    assert all(offering.live == () for offering in loaded.school("ex").offerings)
    assert "the weekday and time of live sessions (EX 104)" in loaded.program("ex-ms").unknown


def test_a_live_session_may_rest_on_an_assumption(spoil: Spoil) -> None:
    folder = spoil(SCHEDULE, LIVE, f"assumption: price, note: a guess, {LIVE}")
    assert check([folder]) == ()
    (offering,) = [item for item in load_catalog(folder).school("ex").offerings if item.live]
    assert offering.provenance.assumption == "price"
    assert offering.provenance.certainty is Certainty.ASSUMED


def test_a_note_on_the_total_is_kept(spoil: Spoil) -> None:
    text = '"12": 12}}, note: a sum of ours}'
    loaded = load_catalog(spoil(PROGRAM, '"12": 12}}}', text))
    tree = loaded.program("ex-ms").tree
    assert tree.header.provenance.note == "a sum of ours"  # type: ignore[union-attr]


def test_a_total_that_its_leaves_cannot_reach_is_a_fault(spoil: Spoil) -> None:
    folder = spoil(PROGRAM, "    - {id: free, fill: {credits: rest, from: any}}\n", "")
    found = {fault.code: fault for fault in check([folder])}
    assert "the leaves below hold at most 6 credits, the total asks 12" in found["CAT-086"].what
    text = (folder / PROGRAM).read_text(encoding="utf-8")
    (folder / PROGRAM).write_text(text.replace(": complete", ": partial"), encoding="utf-8")
    assert "CAT-086" not in {fault.code for fault in check([folder])}


REPEATS = "repeats: {use: newest, in_mean: all}"


def test_rules_on_repeats_name_grades_of_the_scale(spoil: Spoil) -> None:
    said = "repeats: {use: unknown, only_below: B, in_mean: used, mean_keeps: B, at_most_in_all: 2}"
    assert not check([spoil(PROGRAM, REPEATS, said)])
    folder = spoil(PROGRAM, REPEATS, said.replace("only_below: B", "only_below: Z"))
    (fault,) = check([folder])
    assert fault.at.field == "record_rules.repeats.only_below"


def test_grades_stay_in_the_mean_only_where_others_leave_it(spoil: Spoil) -> None:
    said = "repeats: {use: newest, in_mean: all, mean_keeps: B}"
    (fault,) = check([spoil(PROGRAM, REPEATS, said)])
    assert "none is replaced" in fault.what


def test_a_milestone_is_due_by_a_day_and_not_by_a_course(spoil: Spoil) -> None:
    node = "    - {id: exam, milestone: {kind: exam, by: BY}}\n"
    head = "  all:\n    - id: track\n"
    for by, codes in (
        ("matriculation + 1 year", []),
        ("conferral - 6 months", []),
        ("3 courses finished", ["CAT-025"]),
    ):
        folder = spoil(PROGRAM, head, f"  all:\n{node.replace('BY', by)}    - id: track\n")
        assert [fault.code for fault in check([folder])] == codes


FORMERLY = """formerly:
      - {until: 2024-12-31, title: Old Proofs, topics: [logic]}
      - {until: 2025-12-31, title: Proofs, topics: unknown}
      - {until: unknown, title: unknown, topics: [sets]}"""


def test_a_course_may_have_had_another_content(spoil: Spoil) -> None:
    line = "EX 105: {"
    (old,) = [one for one in FILES[COURSES].splitlines() if line in one]
    folder = spoil(COURSES, old, f"  EX 105:\n    title: New\n    {FORMERLY}")
    assert check([folder]) == ()
    (course,) = [one for one in load_catalog(folder).school("ex").courses if one.code == "EX 105"]
    days = [former.until for former in course.formerly]
    assert days == [dt.date(2024, 12, 31), dt.date(2025, 12, 31), None]
    early, late = (course.as_taught(dt.date(year, 6, 1)) for year in (2023, 2025))
    assert (early.title, early.topics) == ("Old Proofs", {"logic"})
    assert (late.title, "topics" in late.unknown) == ("Proofs", True)
    assert course.as_taught(dt.date(2026, 1, 1)) is course
    turned = FORMERLY.replace("2025-12-31", "2023-12-31")
    folder = spoil(COURSES, old, f"  EX 105:\n    title: New\n    {turned}")
    assert [fault.code for fault in check([folder])] == ["CAT-025"]
