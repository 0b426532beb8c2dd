"""What holds for every bundled programme."""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest

from prospectus.app.options import tracks
from prospectus.catalogs.check import check
from prospectus.catalogs.load import Catalog, bundled_root
from prospectus.domain.errors import Fault, Severity
from prospectus.domain.facts import Certainty, Completeness, Provenance

ENGINE_ASSUMPTIONS = {"hours-per-credit", "hours-per-week", "rates-held-flat"}

# Every programme of the catalog of record with its catalogue years, the complete ones marked.
PROGRAMS = {
    ("asu-mcs-online", "2025-26"): "stub",
    ("columbia-cvn-mscs-machine-learning", "2022-23"): "partial",
    ("columbia-cvn-mscs-machine-learning", "2026-27"): "complete",
    ("cuboulder-msai", "2025-26"): "partial",
    ("cuboulder-mscs", "2023-24"): "partial",
    ("cuboulder-mscs", "2024-25"): "partial",
    ("cuboulder-msds", "2023-24"): "complete",
    ("depaul-ms-ai", "2023-24"): "partial",
    ("depaul-ms-ai", "current"): "partial",
    ("gatech-omsa", "2018-19"): "complete",
    ("gatech-omscs", "2026-27"): "complete",
    ("harvard-extension-alm-data-science", "2022-23"): "partial",
    ("harvard-extension-alm-data-science", "2024-25"): "partial",
    ("harvard-extension-alm-data-science", "2025-26"): "partial",
    ("imperial-msc-mlds", "2020-21"): "stub",
    ("jhu-ep-ai", "current"): "stub",
    ("jhu-ep-computer-science", "current"): "partial",
    ("jhu-ep-data-science", "before-current"): "partial",
    ("jhu-ep-data-science", "current"): "partial",
    ("msoe-msml", "2023-24"): "complete",
    ("msoe-msml", "2026-27"): "complete",
    ("northwestern-sps-ds-programme-cohort", "current"): "complete",
    ("northwestern-sps-msds", "current"): "partial",
    ("uc-berkeley-mids", "2022-23"): "complete",
    ("uc-berkeley-mids-5th-year", "2022-23"): "partial",
    ("ucsd-mds-online", "2025"): "partial",
    ("uiuc-mcs-online", "2025-26"): "complete",
    ("umich-mads", "2023-24"): "complete",
    ("usandiego-ms-applied-ai", "current"): "partial",
    ("utaustin-msai", "2025-26"): "complete",
    ("utaustin-mscso", "2023-24"): "partial",
    ("utaustin-msds", "2022-23"): "partial",
    ("uw-extended-campus-msds", "2018-19"): "complete",
    ("wgu-msda", "2020-11"): "partial",
    ("wgu-msda", "2024-08"): "complete",
}

# The requirement that no source gives, by programme: how its first unknown begins.
MISSING = {
    "asu-mcs-online": "the core courses",
    "columbia-cvn-mscs-machine-learning": "the courses of group B",
    "cuboulder-msai": "the official list of requirements",
    "cuboulder-mscs": "six of the 15 credits of breadth",
    "depaul-ms-ai": "prerequisites of every course",
    "harvard-extension-alm-data-science": "the lists of data science core and elective courses",
    "imperial-msc-mlds": "the modules",
    "jhu-ep-ai": "every requirement of the degree",
    "jhu-ep-computer-science": "the lists of core courses",
    "jhu-ep-data-science": ("the seven required courses", "the lists of core, required"),
    "northwestern-sps-msds": "the official list of required courses",
    "uc-berkeley-mids-5th-year": "the required sequence of courses",
    "ucsd-mds-online": "which courses are required",
    "usandiego-ms-applied-ai": "the prerequisites of the ten courses",
    "utaustin-mscso": "how many courses each core area asks for",
    "utaustin-msds": "which courses, beside DSC 382, are foundational",
    "wgu-msda": "where the 32nd unit comes from",
}

# The only warnings: courses on whose running no plan can rest, and one that waits for such a one.
WARNINGS = {
    "gatech": ("CS 6271", "CS 8001", "CS 8803 O25", "CS 8803 ORO", "ECE 8843"),
    "msoe": ("CSC 5651",),
    "uiuc": ("CS 450", "CS 461", "CS 463", "CS 475", "CS 598 CCC"),
}


@pytest.fixture(scope="module")
def faults() -> tuple[Fault, ...]:
    return check([bundled_root()])


def provenances(value: object) -> Iterator[Provenance]:
    """Yield the provenance of every block at or below a value of the domain."""
    if isinstance(value, Provenance):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from provenances(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from provenances(tuple(value.values()))
    elif isinstance(value, tuple | frozenset):
        for item in value:
            yield from provenances(item)


def test_every_programme_and_year_ships_as_complete_as_it_is_known(catalog: Catalog) -> None:
    found = [(p.id, p.catalog_year) for p in catalog.programs]
    assert [name for name, n in Counter(found).items() if n > 1] == []
    states = {(p.id, p.catalog_year): p.completeness.value for p in catalog.programs}
    assert states == PROGRAMS


def test_at_least_eight_programmes_are_complete(catalog: Catalog) -> None:
    complete = {p.id for p in catalog.programs if p.completeness is Completeness.COMPLETE}
    assert len(complete) >= 8


def test_every_school_has_a_programme_and_stands_in_its_own_folder(catalog: Catalog) -> None:
    folders = {path.name for path in (bundled_root() / "schools").iterdir()}
    assert {school.id for school in catalog.schools} == folders
    assert {program.school for program in catalog.programs} == folders


def test_tracks_of_a_complete_programme_are_complete(catalog: Catalog) -> None:
    for program in catalog.programs:
        if program.completeness is Completeness.COMPLETE:
            assert all(track.is_complete for track in tracks(program)), program.id


def test_everything_stated_or_reported_has_a_source_and_a_day_or_says_that_it_bears_none(
    catalog: Catalog,
) -> None:
    found = list(provenances((catalog.schools, catalog.programs)))
    assert len(found) > 5_000
    bare = [
        str(one.at)
        for one in found
        if one.certainty in (Certainty.STATED, Certainty.REPORTED)
        and not (one.sources and one.as_of)
    ]
    assert bare == []


def test_every_source_that_a_fact_names_is_one_of_its_school(catalog: Catalog) -> None:
    for program in catalog.programs:
        school = catalog.school(program.school)
        known = {source.id for source in (*program.sources, *school.sources)}
        named = {name for one in provenances((program, school)) for name in one.sources}
        assert named <= known, program.id


def test_whatever_is_assumed_names_its_assumption(catalog: Catalog) -> None:
    found = provenances((catalog.schools, catalog.programs))
    assumed = [one for one in found if one.certainty is Certainty.ASSUMED]
    assert [str(one.at) for one in assumed if one.assumption is None] == []


def test_every_assumption_is_named_by_a_file_and_says_why(catalog: Catalog) -> None:
    for program in catalog.programs:
        for id, assumption in catalog.assumptions_of(program).items():
            assert assumption.reason, id
            assert assumption.source, id
            # no range is one point: what is certain is no assumption
            assert assumption.low < assumption.high, id
    given = {id for program in catalog.programs for id in catalog.assumptions_of(program)}
    named = {one.assumption for one in provenances((catalog.schools, catalog.programs))}
    assert sorted(given - named - ENGINE_ASSUMPTIONS) == []


def test_a_programme_that_is_not_complete_names_the_requirement_that_is_missing(
    catalog: Catalog,
) -> None:
    lacking = [p for p in catalog.programs if p.completeness is not Completeness.COMPLETE]
    assert {program.id for program in lacking} == set(MISSING)
    for program in lacking:
        assert program.unknown[0].startswith(MISSING[program.id]), program.id


def test_every_programme_of_today_asks_the_school_something(catalog: Catalog) -> None:
    newest = {p.id: p for p in sorted(catalog.programs, key=lambda p: p.catalog_year)}
    assert [p.id for p in newest.values() if not p.questions] == []
    assert [p.id for p in newest.values() if not p.urls] == []


def test_terms_of_a_calendar_follow_each_other(catalog: Catalog) -> None:
    for school in catalog.schools:
        for name, calendar in school.calendars:
            found = [
                f"{school.id}, {name}: {one.id} runs into {after.id}"
                for one, after in pairwise(calendar.terms)
                if one.end >= after.start
            ]
            assert found == []


def test_no_text_is_the_rest_of_the_one_before_it(catalog: Catalog) -> None:
    """A comma in a list without quotes splits a sentence in two."""
    starts = ("and ", "or ", "but ", "nor ", "whether any ", "so ", "while ")
    for program in catalog.programs:
        texts = [*program.unknown, *program.questions, *(note.text for note in program.notes)]
        assert [text for text in texts if text.startswith(starts)] == [], program.id
        assert [text for text in texts if text.count("(") != text.count(")")] == [], program.id


def test_the_check_finds_no_error(faults: tuple[Fault, ...]) -> None:
    assert [str(fault) for fault in faults if fault.severity is Severity.ERROR] == []


def test_the_check_warns_of_courses_that_may_not_run_and_of_nothing_else(
    faults: tuple[Fault, ...],
) -> None:
    found = [(fault.code, fault.at.file, fault.at.field.split(".")[1]) for fault in faults]
    expected = [
        ("CAT-078" if code == "CS 463" else "CAT-077", f"data/schools/{school}/courses.yaml", code)
        for school, codes in WARNINGS.items()
        for code in codes
    ]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("school", WARNINGS)
def test_the_schedule_explains_the_warnings_of_its_school(school: str) -> None:
    text = (bundled_root() / "schools" / school / "schedule.yaml").read_text(encoding="utf-8")
    comments = " ".join(
        line.lstrip("# ") for line in text.splitlines() if line.startswith("#")
    ).split("`check` warns of")[1]
    assert [code for code in WARNINGS[school] if code not in comments] == []
