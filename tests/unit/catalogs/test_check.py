"""Each kind of fault is found, at its own line, with a way to mend it."""

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
from prospectus.catalogs.load import load_catalog
from prospectus.domain.errors import CatalogError, Fault, Severity

CASES = [
    # fields
    ("CAT-020", SCHOOL, "name: Example College\n", "", "format: 1"),
    ("CAT-020", FEES, "assumption: price, ", "", "id: tuition"),
    ("CAT-020", SCHEDULE, "{pattern: {seasons: [Fall]}}\n", "{capacity: 3}\n", "capacity: 3"),
    ("CAT-020", PROGRAM, ", courses: 0..2", "", "id: load"),
    ("CAT-021", COURSES, "{title: Two,", "{titel: Two, title: Two,", "titel"),
    ("CAT-022", COURSES, "title: One, hours: {", "title: [One], hours: {", "title: [One]"),
    ("CAT-022", SCHOOL, "earns: no", "earns: maybe", "earns: maybe"),
    ("CAT-023", COURSES, "delivery: async", "delivery: asink", "asink"),
    ("CAT-023", SCHEDULE, "kind: schedule", "kind: timetable", "kind: timetable"),
    ("CAT-023", SCHEDULE, "day: Mon", "day: Moonday", "Moonday"),
    ("CAT-024", PROGRAM, "{id: cap, at_most:", "{id: cap, at_moist:", "at_moist"),
    ("CAT-024", PROGRAM, "[EX 101, EX 103]}", "[EX 101, set small]}", "set small]}"),
    ("CAT-024", CALENDAR, "Fall, dates: [08-24, 12-17],", "Fall,", "season: Fall"),
    ("CAT-024", FEES, "tiers: {0", "amount: 3, tiers: {0", "amount: 3"),
    ("CAT-025", COURSES, "credits: 1..2", "credits: 2..1", "2..1"),
    ("CAT-025", COURSES, "credits: 3,", "credits: three,", "three"),
    ("DOM-010", COURSES, "EX 105: {", "EX: {", "EX: {title"),
    ("CAT-025", CALENDAR, "08-24", "24.08", "24.08"),
    ("CAT-025", FEES, "2026-08-01..2027", "2028-08-01..2027", "2028-08-01"),
    ("CAT-025", FEES, "531.5}", "531.555}", "531.555"),
    ("CAT-025", FEES, "tiers: {0:", "tiers: {none:", "none: 212"),
    ("CAT-025", SCHEDULE, "Fall: 4 of 4", "Fall: 5 of 4", "5 of 4"),
    ("CAT-025", SCHEDULE, '"18:00"', '"28:00"', "28:00"),
    ("CAT-025", SCHEDULE, "[Fall 2026,", "[Autumn,", "[Autumn"),
    ("CAT-025", PROGRAM, "maximum: 6 years", "maximum: 6 terms", "6 terms"),
    ("CAT-026", PROGRAM, "of: set small}", "of: grade >= B}", "of: grade >= B"),
    (
        "CAT-027",
        PROGRAM,
        "- {id: twins, exclude: {course: EX 105, if: EX 103}}",
        "- when: {if: member(x), may: yes, then: {id: t, exclude: {course: EX 105, if: EX 103}}}",
        "may: yes",
    ),
    # values
    ("CAT-030", COURSES, "{credits: 3, delivery", "{delivery", "EX 101"),
    ("CAT-032", CALENDAR, "season: Spring", "season: Fall", "sessions"),
    ("CAT-033", CALENDAR, "period: Fall 2026", "period: Winter 2026", "Winter 2026"),
    ("CAT-033", CALENDAR, "period: Fall 2026", "period: Fall 1999", "Fall 1999"),
    ("CAT-034", SCHEDULE, "{Fall: 4 of 4,", "{Autumn: 4 of 4,", "Autumn"),
    ("CAT-034", FEES, "seasons: [Fall]", "seasons: [Winter]", "[Winter]"),
    ("CAT-034", PROGRAM, "per: term, seasons", "per: quarter, seasons", "quarter"),
    ("CAT-034", PROGRAM, "term, seasons: [Fall]", "term, seasons: [Winter]", "[Winter]"),
    ("CAT-035", COURSES, "EX 105: {", "ex-101: {", "ex-101"),
    ("DOM-014", SCHOOL, "usual: B", "usual: E", "grades:"),
    ("DOM-030", CALENDAR, "end: 2026-12-18", "end: 2026-08-18", "2026-08-18"),
    ("DOM-001", ASSUMPTIONS, "value: 400", "value: 900", "price:"),
    ("DOM-021", PROGRAM, "{credits: 2, of: set small}", "{of: set small}", "id: cap"),
    ("DOM-022", PROGRAM, "fill: {courses: 1, from: node", "fill: {from: node", "node(left)"),
    ("DOM-023", PROGRAM, "declare: yes", "n: 3", "- id: track"),
    # names
    ("CAT-038", FEES, "school: ex", "school: exx", "school: exx"),
    ("CAT-040", COURSES, "{title: Two,", "{title: Two, source: S9,", "S9"),
    ("CAT-041", FEES, "assumption: price", "assumption: prize", "prize"),
    ("CAT-042", PROGRAM, "{id: cap,", "{id: free,", "id: free, at_most"),
    ("CAT-042", PROGRAM, "{id: twins,", "{id: gate,", "gate, exclude"),
    ("CAT-043", PROGRAM, "main_choice: track", "main_choice: free", "main_choice"),
    ("CAT-044", PROGRAM, "pool: view}", "pool: vue}", "vue"),
    ("CAT-045", PROGRAM, "of: set small}", "of: set smal}", "set smal}"),
    ("CAT-046", PROGRAM, "node(left)", "node(lift)", "lift"),
    ("CAT-046", PROGRAM, "done(seen)", "done(scene)", "scene"),
    ("CAT-047", COURSES, "requires: EX 101}", "requires: EX 100}", "EX 100"),
    ("CAT-047", PROGRAM, "small: [EX 104]", "small: [EX 114]", "EX 114"),
    ("CAT-047", PROGRAM, "course: EX 105", "course: EX 115", "EX 115"),
    ("CAT-047", SCHEDULE, "EX 105:", "EX 115:", "EX 115"),
    ("CAT-048", PROGRAM, "min_grade: B,", "min_grade: B+,", "B+"),
    ("CAT-048", PROGRAM, "min_grade: C", "min_grade: Z", "min_grade: Z"),
    ("CAT-048", COURSES, "EX 102 [B]", "EX 102 [Q]", "[Q]"),
    ("CAT-049", PROGRAM, '"12": 12}', '"13": 13}', '"13"'),
    ("CAT-049", PROGRAM, "reading: {id: total", "reading: {id: sum", "id: sum"),
    ("CAT-050", PROGRAM, "credit_unit: credit", "credit_unit: credit\ncalendar: x", "calendar: x"),
    ("CAT-053", COURSES, "requires: EX 101}", "requires: not EX 101}", "not EX 101"),
    (
        "CAT-053",
        PROGRAM,
        "- {id: twins, exclude: {course: EX 105, if: EX 103}}",
        "- when: {if: EX 101, then: {id: t, exclude: {course: EX 105, if: EX 103}}}",
        "if: EX 101",
    ),
    ("CAT-054", PROGRAM, "{small: [EX 104]}", "{small: set tiny, tiny: set small}", "tiny"),
    # facts
    ("CAT-070", COURSES, "source: S1, ", "", "facts:"),
    ("CAT-071", FEES, ', as_of: "2026-08-19"', "", "id: fee"),
    ("CAT-072", COURSES, "{title: Two,", "{title: Two, certainty: assumed,", "EX 102"),
    ("CAT-073", PROGRAM, "sources:\n", "sources:\n  S8: {title: Unused}\n", "S8"),
    ("CAT-074", ASSUMPTIONS, "  price:", "  other:", "other:"),
    # order
    ("CAT-075", COURSES, "{title: One,", "{title: One, requires: EX 103 and EX 102,", "EX 101"),
    ("CAT-075", COURSES, "requires: EX 101}", "requires: EX 102}", "EX 102"),
    ("CAT-076", COURSES, "{title: One,", "{title: One, requires: with EX 102,", "EX 101"),
    ("CAT-076", COURSES, "requires: EX 101}", "requires: EX 101 and with EX 101}", "with"),
    ("CAT-079", COURSES, "requires: EX 101}", "requires: EX 102/3 or EX 101}", "EX 102/3"),
    # sums
    (
        "CAT-080",
        PROGRAM,
        "- {id: free,",
        "- {id: more, fill: {credits: 12, from: any}}\n    - {id: free,",
        "  total: {credits",
    ),
    ("CAT-081", PROGRAM, "{courses: 1, from: [EX 102", "{courses: 3, from: [EX 102", "one-of"),
    ("CAT-081", PROGRAM, "credits: rest, from: any", "credits: 7, from: set small", "credits: 7"),
    (
        "CAT-081",
        PROGRAM,
        "from: [EX 102, EX 103]}",
        "from: [EX 102, EX 103], with: [{at_least: {courses: 1, of: area x}}]}",
        "area x",
    ),
    ("CAT-082", PROGRAM, "at_most: {credits: 2,", "at_least: {credits: 20,", "credits: 20"),
    (
        "CAT-083",
        PROGRAM,
        "disputes:\n",
        "disputes:\n"
        + "".join(f"  d{i}: {{readings: {{a: x, b: y}}, why: unclear}}\n" for i in range(3)),
        "disputes:",
    ),
    (
        "CAT-084",
        PROGRAM,
        "disputes:\n",
        "disputes:\n  idle: {readings: {a: x, b: y}, why: unclear}\n",
        "idle",
    ),
    (
        "CAT-085",
        PROGRAM,
        "from: node(left), min_grade: B, pool: view}",
        "from: EX 101}",
        "id: seen",
    ),
    ("CAT-087", FEES, "programs: [ex-ms]", "programs: [ex-phd]", "ex-phd"),
    # expressions
    ("EXP-001", COURSES, "requires: EX 101}", "requires: EX 101 & EX 103}", "&"),
    ("EXP-002", PROGRAM, "of: set small}", "of: any except}", "any except"),
]


def faults_at(faults: tuple[Fault, ...], code: str, name: str) -> list[Fault]:
    return [fault for fault in faults if fault.code == code and fault.at.file.endswith(name)]


def test_a_catalog_without_a_fault_is_clean(catalog: Path) -> None:
    assert check([catalog]) == ()


@pytest.mark.parametrize(("code", "name", "old", "new", "needle"), CASES)
def test_the_fault_is_found_at_its_line(
    spoil: Callable[..., Path], code: str, name: str, old: str, new: str, needle: str
) -> None:
    folder = spoil(name, old, new)
    found = faults_at(check([folder]), code, name)
    assert found, [str(fault) for fault in check([folder])]
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    at_needle = {number for number, line in enumerate(lines, start=1) if needle in line}
    assert at_needle & {fault.at.line for fault in found}, [str(fault) for fault in found]
    assert all(fault.what and fault.fix for fault in found)


def test_an_unknown_code_is_answered_with_the_nearest_existing_one(
    spoil: Callable[..., Path],
) -> None:
    folder = spoil(COURSES, "requires: EX 101}", "requires: EX 1O1}")
    assert any("EXP-" in fault.code for fault in check([folder]))
    folder = spoil(COURSES, "requires: EX 101}", "requires: EX 1010}")
    (fault,) = faults_at(check([folder]), "CAT-047", COURSES)
    assert "did you mean 'EX 101'?" in fault.what
    assert fault.at.field == "courses.EX 102.requires"


def test_an_unknown_field_is_answered_with_the_fields_that_there_are(
    spoil: Callable[..., Path],
) -> None:
    folder = spoil(COURSES, "{title: Two,", "{title: Two, topix: [a],")
    (fault,) = faults_at(check([folder]), "CAT-021", COURSES)
    assert "did you mean 'topics'?" in fault.what
    assert "attributes" in fault.fix


def test_a_prerequisite_circle_is_shown_in_order(spoil: Callable[..., Path]) -> None:
    folder = spoil(COURSES, "{title: Five,", "{title: Five, requires: EX 105 and EX 101,")
    assert "EX 105 needs EX 105" in faults_at(check([folder]), "CAT-075", COURSES)[0].what
    folder = spoil(COURSES, "{title: One,", "{title: One, requires: EX 102,")
    assert "EX 101 needs EX 102 needs EX 101" in (
        faults_at(check([folder]), "CAT-075", COURSES)[0].what
    )


def test_two_courses_that_need_each_other_at_the_same_time_are_no_circle(
    spoil: Callable[..., Path],
) -> None:
    folder = spoil(COURSES, "{title: Two, requires: EX 101}", "{title: Two, requires: with EX 101}")
    text = (folder / COURSES).read_text(encoding="utf-8")
    (folder / COURSES).write_text(
        text.replace("{title: One,", "{title: One, requires: with EX 102,"), encoding="utf-8"
    )
    assert not [f for f in check([folder]) if f.code in ("CAT-075", "CAT-076", "CAT-078")]


def test_a_choice_of_prerequisites_with_a_way_out_is_no_circle(spoil: Callable[..., Path]) -> None:
    folder = spoil(COURSES, "{title: One,", "{title: One, requires: EX 102 or EX 105,")
    assert check([folder]) == ()


def test_a_course_that_never_runs_is_named_with_those_that_wait_for_it(
    spoil: Callable[..., Path],
) -> None:
    folder = spoil(SCHEDULE, "Fall: 4 of 4", "Fall: 1 of 4")
    found = check([folder])
    assert [(fault.code, fault.at.line) for fault in found] == [("CAT-077", 9), ("CAT-078", 10)]
    assert "EX 101" in found[0].what
    assert "EX 102 cannot be reached: it waits for EX 101" in found[1].what


def test_assumed_hours_are_whole(spoil: Callable[..., Path]) -> None:
    folder = spoil(COURSES, "{per_week: 9, certainty: reported,", "{assumption: half,")
    text = (folder / ASSUMPTIONS).read_text(encoding="utf-8")
    half = text[text.index("  price") :].replace("price", "half").replace("400", "400.5")
    (folder / ASSUMPTIONS).write_text(text + half, encoding="utf-8")
    (fault,) = faults_at(check([folder]), "CAT-031", COURSES)
    assert fault.at.line == 9


def test_all_faults_of_all_files_come_at_once(spoil: Callable[..., Path]) -> None:
    folder = spoil(COURSES, "requires: EX 101}", "requires: EX 100}")
    for name, old, new in (
        (SCHOOL, "usual: B", "usual: E"),
        (FEES, "per: credit", "per: credits"),
        (PROGRAM, "of: set small}", "of: set smal}"),
        (CALENDAR, "08-24", "8/24"),
    ):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    found = {(fault.code, Path(fault.at.file).name) for fault in check([folder])}
    assert {
        ("DOM-014", "school.yaml"),
        ("CAT-023", "fees.yaml"),
        ("CAT-025", "calendar.yaml"),
    } <= found
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    assert len(caught.value.faults) >= 3


def test_a_file_that_cannot_be_read_does_not_make_everything_else_wrong(
    spoil: Callable[..., Path],
) -> None:
    folder = spoil(COURSES, "courses:\n", "courses: [\n")
    assert {fault.code for fault in check([folder])} == {"CAT-006"}


def test_a_course_that_is_refused_is_not_missed_elsewhere(spoil: Callable[..., Path]) -> None:
    folder = spoil(COURSES, "{credits: 3, delivery", "{delivery")
    assert "CAT-047" not in {fault.code for fault in check([folder])}


def test_warnings_do_not_stop_loading(spoil: Callable[..., Path]) -> None:
    folder = spoil(SCHEDULE, "Fall: 4 of 4", "Fall: 1 of 4")
    assert {fault.severity for fault in check([folder])} == {Severity.WARNING}
    assert load_catalog(folder).program("ex-ms").id == "ex-ms"


def test_one_file_is_checked_against_the_school_around_it(spoil: Callable[..., Path]) -> None:
    folder = spoil(PROGRAM, "of: set small}", "of: EX 777}")
    (fault,) = check([folder / PROGRAM])
    assert (fault.code, fault.at.field) == ("CAT-047", "requirements.all[3].at_most.of")


def test_faults_of_files_that_are_only_read_beside_are_left_out(spoil: Callable[..., Path]) -> None:
    folder = spoil(FEES, "per: credit", "per: credits")
    assert check([folder / PROGRAM]) == ()
    assert {fault.code for fault in check([folder / "schools" / "ex"])} == {"CAT-023"}


def test_a_lone_programme_is_checked_against_the_bundled_school(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    text = FILES[PROGRAM].replace("school: ex\n", "school: gatech\n")
    path.write_text(text, encoding="utf-8")
    found = check([path])
    assert "CAT-038" not in {fault.code for fault in found}
    assert "the school has no course EX 104" in str(found[0])


def test_two_schools_of_one_id_and_two_programmes_of_one_year_are_faults(tmp_path: Path) -> None:
    write(tmp_path, {"other/school.yaml": FILES[SCHOOL], "schools/ex/again.yaml": FILES[PROGRAM]})
    assert {fault.code for fault in check([tmp_path, tmp_path / "other"])} == {"CAT-037", "CAT-039"}


def test_a_course_may_name_a_node_of_another_programme_of_its_school(catalog: Path) -> None:
    courses = catalog / COURSES
    text = courses.read_text(encoding="utf-8")
    courses.write_text(
        text.replace("recommended(EX 101)", "recommended(done(only-second))"), encoding="utf-8"
    )
    assert [fault.code for fault in check([catalog])] == ["CAT-046"]
    first = catalog / PROGRAM
    head = FILES[PROGRAM].partition("\nid: ")[0]
    second = head + (
        "\nid: ex-second\nschool: ex\nname: Second\ndegree: MS\ncatalog_year: 2026-27\n"
        "credit_unit: credit\ncompleteness: stub\nrequirements:\n  all:\n"
        "    - {id: only-second, fill: {courses: 1, from: EX 101}}\n"
    )
    (first.parent / "second.yaml").write_text(second, encoding="utf-8")
    assert "CAT-046" not in {fault.code for fault in check([catalog])}


def test_the_bundled_catalog_has_no_errors() -> None:
    assert [str(fault) for fault in check([]) if fault.severity is Severity.ERROR] == []
