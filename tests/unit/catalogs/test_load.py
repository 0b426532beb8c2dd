"""What the small catalog becomes in the domain."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from small_catalog import COURSES, FEES, FILES, PROGRAM, SCHOOL, write

from prospectus.catalogs import listing
from prospectus.catalogs.load import Catalog, load_catalog
from prospectus.domain.course import Course
from prospectus.domain.errors import CatalogError
from prospectus.domain.facts import Certainty, Money
from prospectus.domain.offering import OfferingKind, runs
from prospectus.domain.requirement import All, Any, Fill, Range, Reading
from prospectus.domain.rule import Gate


def course(catalog: Catalog, code: str) -> Course:
    return next(item for item in catalog.school("ex").courses if item.code == code)


def test_a_block_takes_what_it_does_not_say_from_the_block_around_it(catalog: Path) -> None:
    one = course(load_catalog(catalog), "EX 101")
    assert one.provenance.sources == ("courses:S1",)
    assert one.provenance.as_of == "2026-08-19"
    assert one.provenance.certainty is Certainty.STATED
    assert one.hours is not None
    assert one.hours.provenance.certainty is Certainty.REPORTED
    assert (one.hours.hours_per_week, one.hours.provenance.n_reports) == (9, 4)
    assert one.hours.provenance.sources == ("courses:S1",)
    assert (one.hours.provenance.at.line, one.hours.provenance.at.field) == (
        9,
        "courses.EX 101.hours",
    )


def test_sources_are_those_of_the_file_that_names_them(catalog: Path) -> None:
    loaded = load_catalog(catalog)
    ids = {source.id for source in loaded.school("ex").sources}
    assert ids == {f"{kind}:S1" for kind in ("school", "courses", "calendar", "fees", "schedule")}
    assert [source.id for source in loaded.program("ex-ms").sources] == ["S1"]


def test_none_is_not_the_same_as_not_stated(spoil: Callable[..., Path]) -> None:
    loaded = load_catalog(spoil(COURSES, "{title: Four,", "{title: Four, requires: not stated,"))
    assert (course(loaded, "EX 101").requisite, course(loaded, "EX 101").requisite_stated) == (
        None,
        True,
    )
    assert course(loaded, "EX 104").requisite_stated is False
    assert course(loaded, "EX 103").requisite is not None


def test_credits_may_vary_and_defaults_fill_what_is_not_given(catalog: Path) -> None:
    loaded = load_catalog(catalog)
    four, two = course(loaded, "EX 104"), course(loaded, "EX 102")
    assert (four.credits_low, four.credits_high) == (1, 2)
    assert (two.credits_low, two.credits_high) == (3, 3)
    assert four.topics == {"vision"}


def test_an_unknown_list_is_unknown_and_a_missing_one_is_empty(spoil: Callable[..., Path]) -> None:
    loaded = load_catalog(spoil(COURSES, "topics: [vision]", "topics: unknown"))
    assert course(loaded, "EX 104").unknown == {"topics"}
    assert course(loaded, "EX 101").unknown == frozenset()


def test_an_amount_may_be_an_assumption(catalog: Path) -> None:
    tuition, fee = load_catalog(catalog).school("ex").fees
    assert tuition.amount == Money(minor=40_000, currency="USD")
    assert tuition.provenance.assumption == "price"
    assert tuition.provenance.certainty is Certainty.ASSUMED
    assert [(tier.from_credits, tier.amount.minor) for tier in fee.tiers] == [
        (0, 21_200),
        (4, 53_150),
    ]
    assert fee.valid_to == dt.date(2027, 7, 31)


def test_an_unknown_amount_stays_unknown(spoil: Callable[..., Path]) -> None:
    loaded = load_catalog(spoil(FEES, "assumption: price", "amount: unknown"))
    assert loaded.school("ex").fees[0].is_unknown


def test_the_calendar_is_laid_out_and_published_days_stand(catalog: Path) -> None:
    calendar = dict(load_catalog(catalog).school("ex").calendars)["main"]
    by_id = {leaf.id: leaf for leaf in calendar.leaves}
    assert by_id["Fall 2026"].start == dt.date(2026, 8, 25)  # type: ignore[index]
    assert by_id["Fall 2026"].published  # type: ignore[index]
    assert by_id["Fall 2027"].start == dt.date(2027, 8, 24)  # type: ignore[index]
    assert by_id["Fall 2027"].grades == dt.date(2027, 12, 22)  # type: ignore[index]
    assert by_id["Spring 2027 S2"].start == dt.date(2027, 3, 8)  # type: ignore[index]


def test_offerings_are_certain_expected_or_likely(catalog: Path) -> None:
    school = load_catalog(catalog).school("ex")
    kinds = {(item.course, item.kind, item.season) for item in school.offerings}
    assert ("EX 101", OfferingKind.LIKELY, "Spring") in kinds
    assert ("EX 102", OfferingKind.EXPECTED, "Spring") in kinds
    assert ("EX 104", OfferingKind.CERTAIN, None) in kinds
    calendar = dict(school.calendars)["main"]
    occupied = {
        tuple(calendar.leaves[leaf].id for leaf in run.leaves)
        for run in runs(school.offerings, calendar)
        if run.course == "EX 102"
    }
    assert ("Spring 2030 S1", "Spring 2030 S2") in occupied
    assert {run.course for run in runs(school.offerings, calendar)} >= {"EX 101", "EX 105"}


def test_the_tree_is_read_with_its_readings(catalog: Path) -> None:
    program = load_catalog(catalog).program("ex-ms")
    assert isinstance(program.tree, All)
    assert program.tree.header.id == "degree"
    assert program.tree.total is not None
    assert program.tree.total.credits == Reading(
        dispute="total",
        options=(("9", Range(low=Fraction(9))), ("12", Range(low=Fraction(12)))),
    )
    track = program.tree.children[0]
    assert isinstance(track, Any)
    assert track.declare


def test_a_bare_code_is_a_leaf_and_a_repeated_one_bears_its_branch(catalog: Path) -> None:
    program = load_catalog(catalog).program("ex-ms")
    assert isinstance(program.tree, All)
    track = program.tree.children[0]
    assert isinstance(track, Any)
    leaves = [
        child.header.id
        for branch in track.children
        if isinstance(branch, All)
        for child in branch.children
        if isinstance(child, Fill)
    ]
    assert leaves == ["left/EX 101", "one-of", "right/EX 101", "EX 103"]


def test_unknown_rules_are_named_and_none_is_not(catalog: Path) -> None:
    program = load_catalog(catalog).program("ex-ms")
    assert program.unknown == ("when credit expires",)
    assert program.enrolment.max_months == 72


def test_a_leaf_of_unknown_size_asks_nothing_and_says_so(spoil: Callable[..., Path]) -> None:
    loaded = load_catalog(spoil(PROGRAM, "courses: 1, from: node", "courses: unknown, from: node"))
    tree = loaded.program("ex-ms").tree
    assert isinstance(tree, All)
    leaf = tree.children[1]
    assert isinstance(leaf, Fill)
    assert leaf.courses == Range(low=Fraction(0))
    assert leaf.header.unknown == ("how many courses seen asks",)


def test_a_measure_of_unknown_size_is_left_out_and_named(spoil: Callable[..., Path]) -> None:
    loaded = load_catalog(spoil(PROGRAM, "{credits: 2, of: set", "{credits: unknown, of: set"))
    assert "cap" in loaded.program("ex-ms").unknown


def test_a_gate_in_terms_is_read(catalog: Path) -> None:
    gate = load_catalog(catalog).program("ex-ms").rules[0]
    assert isinstance(gate, Gate)
    assert (gate.by_terms, gate.locks) == (2, None)


def test_the_latest_catalogue_year_answers_unless_one_is_named(tmp_path: Path) -> None:
    older = FILES[PROGRAM].replace("catalog_year: 2026-27", "catalog_year: 2024-25")
    loaded = load_catalog(write(tmp_path, {PROGRAM.replace("2026-27", "2024-25"): older}))
    assert loaded.program("ex-ms").catalog_year == "2026-27"
    assert loaded.program("ex-ms", "2024-25").catalog_year == "2024-25"
    with pytest.raises(CatalogError) as caught:
        loaded.program("ex-ms", "1999-00")
    assert caught.value.faults[0].code == "CAT-061"


def test_an_unknown_programme_or_school_is_answered_with_the_nearest(catalog: Path) -> None:
    loaded = load_catalog(catalog)
    with pytest.raises(CatalogError, match=r"CAT-060.*did you mean .ex-ms."):
        loaded.program("ex-sm")
    with pytest.raises(CatalogError) as caught:
        loaded.school("nowhere")
    assert caught.value.faults[0].code == "CAT-062"


def test_a_school_of_ones_own_stands_beside_the_bundled_ones(catalog: Path) -> None:
    (catalog / "assumptions.yaml").rename(catalog / "schools" / "ex" / "assumed.yaml")
    loaded = load_catalog(extra=[catalog / "schools" / "ex"])
    assert {"ex-ms", "gatech-omscs"} <= {program.id for program in loaded.programs}


def test_a_catalog_of_ones_own_may_set_an_assumption_anew(tmp_path: Path) -> None:
    own = FILES["assumptions.yaml"].replace("  price:", "  hours-per-credit:")
    fees = FILES[FEES].replace("assumption: price", "amount: 3")
    loaded = load_catalog(extra=[write(tmp_path, {"assumptions.yaml": own, FEES: fees})])
    assert loaded.assumptions_of(loaded.program("ex-ms"))["hours-per-credit"].value == 400
    assert loaded.assumptions_of(loaded.program("gatech-omscs"))["hours-per-credit"].value == 45


def test_assumptions_that_stand_alone_hold_for_every_programme(tmp_path: Path) -> None:
    own = FILES["assumptions.yaml"].replace("  price:", "  hours-per-credit:")
    (tmp_path / "mine.yaml").write_text(own, encoding="utf-8")
    loaded = load_catalog(extra=[tmp_path / "mine.yaml"])
    assert loaded.assumptions_of(loaded.program("gatech-omscs"))["hours-per-credit"].value == 400


def test_two_schools_of_one_id_are_refused(catalog: Path) -> None:
    given = [catalog / "again", catalog / "and-again"]
    for folder in given:
        folder.mkdir()
        (folder / "school.yaml").write_text(FILES[SCHOOL], encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        load_catalog(extra=given)
    assert [fault.code for fault in caught.value.faults] == ["CAT-037"]


@pytest.mark.parametrize(("name", "code"), [("nothing", "CAT-001"), ("empty", "CAT-013")])
def test_a_folder_that_is_none_is_refused(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CatalogError) as caught:
        load_catalog(tmp_path / name)
    assert caught.value.faults[0].code == code


def test_a_name_that_names_nothing_stops_loading(spoil: Callable[..., Path]) -> None:
    with pytest.raises(CatalogError) as caught:
        load_catalog(spoil(PROGRAM, "of: set small}", "of: set smal}"))
    assert [fault.code for fault in caught.value.faults] == ["CAT-045"]


def test_an_assumption_that_stands_twice_in_one_folder_is_refused(catalog: Path) -> None:
    (catalog / "schools" / "ex" / "more.yaml").write_text(
        FILES["assumptions.yaml"], encoding="utf-8"
    )
    with pytest.raises(CatalogError) as caught:
        load_catalog(catalog)
    assert [(fault.code, fault.at.line) for fault in caught.value.faults] == [("CAT-036", 4)]


def test_a_folder_of_too_many_files_is_refused(
    catalog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MAX_FILES", 3)
    with pytest.raises(CatalogError) as caught:
        load_catalog(catalog)
    assert "CAT-012" in {fault.code for fault in caught.value.faults}


def test_a_loaded_catalog_can_be_sent_to_another_process(catalog: Path) -> None:
    loaded = load_catalog(catalog)
    assert pickle.loads(pickle.dumps(loaded)) == loaded
