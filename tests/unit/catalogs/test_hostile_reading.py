"""Files made to do harm: each gives a fault, none leads out of its folder or takes very long."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from small_catalog import COURSES, FILES, PROGRAM, write

from conftest import Spoil
from prospectus.catalogs.check import check
from prospectus.catalogs.expressions import parse_expression, parse_selector
from prospectus.catalogs.load import load_catalog
from prospectus.catalogs.nearest import nearest
from prospectus.domain.course import parse_code
from prospectus.domain.errors import (
    CatalogError,
    DomainError,
    ExpressionError,
    Fault,
    Severity,
    shown_plainly,
)


def codes(folder: Path) -> set[str]:
    return {fault.code for fault in check([folder]) if fault.severity is Severity.ERROR}


def with_sets(sets: str) -> dict[str, str]:
    text = FILES[PROGRAM].replace("sets: {small: [EX 104]}", f"sets: {{small: [EX 104], {sets}}}")
    return {PROGRAM: text.replace("credits: rest, from: any", "credits: rest, from: set s0")}


def test_sets_that_double_at_each_step_are_refused_unmatched(tmp_path: Path) -> None:
    sets = ", ".join(f's{n}: "set s{n + 1} or set s{n + 1}"' for n in range(40))
    folder = write(tmp_path, with_sets(f"{sets}, s40: [EX 101]"))
    assert codes(folder) == {"CAT-056"}


def test_a_chain_of_very_many_sets_is_refused(tmp_path: Path) -> None:
    sets = ", ".join(f's{n}: "set s{n + 1}"' for n in range(3000))
    folder = write(tmp_path, with_sets(f"{sets}, s3000: [EX 101]"))
    assert codes(folder) == {"CAT-056"}


def test_a_circle_of_very_many_sets_is_told_in_few_words(tmp_path: Path) -> None:
    sets = ", ".join(f's{n}: "set s{(n + 1) % 500} or set s0"' for n in range(500))
    folder = write(tmp_path, with_sets(sets))
    (fault,) = [fault for fault in check([folder]) if fault.code == "CAT-054"]
    assert len(fault.what) < 300


@pytest.mark.parametrize("target", ["/etc/hostname", "/dev/zero", "/proc/self/environ"])
def test_a_link_out_of_the_folder_is_not_followed(catalog: Path, target: str) -> None:
    (catalog / "schools/ex/more.yaml").symlink_to(target)
    assert codes(catalog) == {"CAT-014"}
    with pytest.raises(CatalogError):
        load_catalog(catalog)


def test_a_folder_of_schools_that_is_a_link_out_is_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {})
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "schools").symlink_to(outside / "schools")
    assert "CAT-014" in codes(inside)


def test_a_link_to_itself_a_pipe_and_a_folder_called_like_a_file_are_told(catalog: Path) -> None:
    (catalog / "schools/ex/loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(catalog / "schools/ex/pipe.yaml")
    (catalog / "schools/ex/folder.yaml").mkdir()
    assert codes(catalog) <= {"CAT-001", "CAT-002"}
    assert codes(catalog)


@pytest.mark.parametrize("sign", [r"\e[31m", r"\0", r"\x9b", r"\u202e", r"\u200f", r"\u2066"])
def test_a_text_with_characters_that_nobody_sees_is_refused(spoil: Spoil, sign: str) -> None:
    folder = spoil(COURSES, "{title: Two,", f'{{title: "Tw{sign}o",')
    (fault,) = [fault for fault in check([folder]) if fault.severity is Severity.ERROR]
    assert (fault.code, fault.at.line) == ("CAT-005", 10)
    assert str(fault).isascii()


def test_a_fault_repeats_nothing_that_a_terminal_would_obey() -> None:
    fault = Fault(code="CAT-001", what="a\x1b[2Jb\u202ec\x07", fix="d\x9be")
    assert str(fault) == "error CAT-001: a\\x1b[2Jb\\u202ec\\x07\n  fix  d\\x9be"
    assert len(Fault(code="CAT-001", what="x" * 10**6, fix="").what) < 2_100
    assert shown_plainly("Zürich 東京\nnext") == "Zürich 東京\nnext"


def test_a_file_whose_name_would_be_obeyed_is_shown_plainly(catalog: Path) -> None:
    (catalog / "schools/ex/\x1b[31m.yaml").write_text("x: 1", encoding="utf-8")
    (fault,) = check([catalog])
    assert "\x1b" not in fault.at.file


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        (COURSES, "per_week: 9", "per_week: 99999999999", "DOM-011"),
        (COURSES, "{title: Two,", '{credits: "' + "9" * 5000 + '", title: Two,', "CAT-025"),
        (COURSES, "{title: Two,", "{" + "k" * 300 + ": 1, title: Two,", "CAT-008"),
        (COURSES, "requires: EX 101}", f"requires: {'9' * 30} credits}}", "EXP-007"),
        (COURSES, "requires: EX 101}", f"requires: D{'.' * 80}101}}", "EXP-007"),
        ("schools/ex/calendar.yaml", "days: 5", "days: 99999999999", "CAT-025"),
        (PROGRAM, "school: ex", "school: ../../../etc", "CAT-038"),
        (PROGRAM, "school: ex", f"school: {'a' * 5000}", "CAT-038"),
    ],
)
def test_a_value_out_of_all_bounds_is_one_fault(
    spoil: Spoil, name: str, old: str, new: str, code: str
) -> None:
    assert codes(spoil(name, old, new)) == {code}


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3999,
        "not " * 999,
        '"' + "\\a" * 1900,
        "a_" * 1900,
        "EX 101 " + "A" * 3900,
        "EX" + " " * 3900 + "1",
        "number " + "x" * 3900,
        "EX 101" + " [B]" * 900,
    ],
)
def test_long_texts_that_could_take_long_are_read_or_refused(text: str) -> None:
    for parse in (parse_expression, parse_selector):
        with suppress(ExpressionError):
            parse(text)


@pytest.mark.parametrize("text", ["CSC 101_NO", "CSC 101-NO", "CS 8803-A", "EN.605.645"])
def test_a_code_as_printed_is_that_code(text: str) -> None:
    code = parse_code(text)
    assert parse_code(code) == code


@pytest.mark.parametrize(
    "text", ["CS \uff17\uff16\uff14\uff11", "\u0421S 7641", "CS 76\uff141", "CS\u00a07641"]
)
def test_a_code_that_only_looks_like_one_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        parse_code(text)
    with pytest.raises(ExpressionError):
        parse_expression(text)


def test_among_very_many_words_the_one_a_slip_away_is_found() -> None:
    known = frozenset(f"LC {number}" for number in range(10000, 12000))
    assert nearest("LC 1100", known) == " (did you mean 'LC 10100'?)"
    assert nearest("LC 11999Z", known) == " (did you mean 'LC 11999'?)"
    assert nearest("nothing like it", known) == ""


def test_every_course_in_one_circle_is_one_fault(catalog: Path) -> None:
    n = 1500
    lines = "".join(
        f"  LC {10000 + i}: {{title: T, requires: LC {10000 + (i + 1) % n}}}\n" for i in range(n)
    )
    path = catalog / COURSES
    path.write_text(path.read_text(encoding="utf-8") + lines, encoding="utf-8")
    circles = [fault for fault in check([catalog]) if fault.code == "CAT-075"]
    assert len(circles) == 1
    assert len(circles[0].what) < 300


def test_a_school_given_takes_the_place_of_the_bundled_one(tmp_path: Path) -> None:
    from prospectus.catalogs.listing import bundled_root

    bundled = load_catalog()
    name = sorted(school.id for school in bundled.schools)[0]
    folder = tmp_path / name
    for path in (bundled_root() / "schools" / name).rglob("*.yaml"):
        mine = folder / path.relative_to(bundled_root() / "schools" / name)
        mine.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        if path.name == "school.yaml":
            text = text.replace("\nname: ", "\nname: My ", 1)
        mine.write_text(text, encoding="utf-8")
    loaded = load_catalog(extra=[folder])
    assert f"the school {name}" in loaded.replaced
    assert loaded.school(name).name.startswith("My ")
    assert len(loaded.programs) == len(bundled.programs)
    assert not any(fault.severity is Severity.ERROR for fault in check([folder]))


def test_a_text_split_by_a_comma_outside_quotes_is_told(spoil: Spoil) -> None:
    new = "catalog_year: 2026-27\nquestions: [The fee is due each term, whatever one takes]"
    (fault,) = check([spoil(PROGRAM, "catalog_year: 2026-27", new)])
    assert (fault.code, fault.severity) == ("CAT-092", Severity.WARNING)
    assert fault.at.field == "questions[1]"


def test_items_that_stand_for_themselves_are_not_told(spoil: Spoil) -> None:
    new = "catalog_year: 2026-27\nquestions: [delivery of some, topics of all, 'A b', 'c d']"
    assert check([spoil(PROGRAM, "catalog_year: 2026-27", new)]) == ()


def test_two_schools_given_under_one_id_are_still_refused(tmp_path: Path) -> None:
    folders = [write(tmp_path / name, {}) for name in ("a", "b")]
    assert "CAT-037" in {fault.code for fault in check(folders)}
