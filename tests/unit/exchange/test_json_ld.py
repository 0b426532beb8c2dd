"""The JSON-LD document: only names of schema.org, each on a type that has it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import snippets
from prospectus.app.exporting import ExportAnswer, ExportFormat, export_program

TODAY = dt.date(2026, 8, 1)
THING = {"name", "identifier", "url", "subjectOf", "description"}
# The properties that schema.org gives each type, as far as they are used here.
PROPERTIES = {
    "EducationalOccupationalProgram": THING
    | {
        "provider",
        "educationalCredentialAwarded",
        "numberOfCredits",
        "educationalProgramMode",
        "programPrerequisites",
        "applicationDeadline",
        "offers",
        "hasCourse",
    },
    "EducationalOccupationalCredential": THING | {"credentialCategory"},
    "CollegeOrUniversity": THING | {"address"},
    "PostalAddress": THING | {"addressCountry"},
    "QuantitativeValue": THING | {"value", "minValue", "maxValue", "unitText"},
    "Offer": THING | {"priceSpecification"},
    "UnitPriceSpecification": THING
    | {"price", "priceCurrency", "unitText", "validFrom", "validThrough"},
    "WebPage": THING,
    "CreativeWork": THING,
    "Course": THING
    | {
        "courseCode",
        "provider",
        "numberOfCredits",
        "coursePrerequisites",
        "teaches",
        "citation",
        "hasCourseInstance",
    },
    "CourseInstance": THING
    | {"courseMode", "courseWorkload", "courseSchedule", "startDate", "endDate"},
    "Schedule": THING
    | {
        "byDay",
        "startTime",
        "endTime",
        "scheduleTimezone",
        "repeatFrequency",
        "startDate",
        "endDate",
    },
}
PROGRAM = """\
urls: ["https://example.edu/ms"]
delivery: {mode: async, visits: none, zone: America/Chicago}
admission:
  eligibility: degree(bachelor)
  deadlines: {Fall: 06-15, Spring: 10-01}
requirements:
  total: {credits: 6}
  all: [CS 600, CS 610]
"""
FILES = {
    "courses": """\
CS 600: {topics: [vision], hours: {per_week: 9, quartiles: [8, 12], certainty: reported, n: 4}}
CS 610: {credits: 1..3, requires: "CS 600 [B] or background(\\"sql\\")"}
""",
    "schedule": """\
CS 600:
  - published: [Fall 2026]
    live: [{day: Mon, at: "18:00", minutes: 90, zone: America/Chicago, mandatory: yes}]
""",
    "calendar": snippets.CALENDAR
    + "    published:\n      - {period: Fall 2026, start: 2026-08-21, end: 2026-12-11}\n",
    "fees": """\
  - {id: tuition, per: credit, amount: 410.50, valid: 2026-08-01..2027-07-31}
  - {id: online, per: term, tiers: {0: 212, 4: 531}}
""",
}


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> ExportAnswer:
    """The document of two courses, one of them with a published live run."""
    root = tmp_path_factory.mktemp("own")
    snippets.catalog(root, PROGRAM, **FILES)
    return export_program("ms", ExportFormat.JSON_LD, today=TODAY, catalogs=(root,))


def typed(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from typed(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from typed(inner)


def test_every_property_is_one_of_schema_org_on_a_type_that_has_it(answer: ExportAnswer):
    document = json.loads(answer.text)
    assert document.pop("@context") == "https://schema.org"
    parts = list(typed(document))
    for part in parts:
        strange = part.keys() - PROPERTIES[str(part["@type"])] - {"@type"}
        assert strange == set(), part["@type"]
    assert {part["@type"] for part in parts} >= {
        "EducationalOccupationalProgram",
        "Course",
        "CourseInstance",
        "Schedule",
    }


def test_the_programme_says_credits_mode_admission_and_price(answer: ExportAnswer):
    document = json.loads(answer.text)
    assert document["numberOfCredits"]["value"] == 6
    assert document["educationalProgramMode"] == ["online", "asynchronous"]
    assert "bachelor" in document["programPrerequisites"]
    assert document["applicationDeadline"][:2] == ["2026-10-01", "2027-06-15"]
    (offer,) = document["offers"]
    assert offer["priceSpecification"] == {
        "@type": "UnitPriceSpecification",
        "price": "410.50",
        "priceCurrency": "USD",
        "unitText": "credit",
        "validFrom": "2026-08-01",
        "validThrough": "2027-07-31",
    }


def test_sources_keep_their_addresses(answer: ExportAnswer):
    document = json.loads(answer.text)
    page = {"@type": "WebPage", "name": "Handbook", "url": "https://example.edu"}
    assert document["subjectOf"] == [page]
    assert document["hasCourse"][0]["citation"] == [page]


def test_a_published_run_is_an_instance_with_its_weekly_session(answer: ExportAnswer):
    first, second = json.loads(answer.text)["hasCourse"]
    (run,) = first["hasCourseInstance"]
    assert (run["startDate"], run["endDate"]) == ("2026-08-21", "2026-12-11")
    assert run["courseWorkload"] == "9 hours a week"
    (schedule,) = run["courseSchedule"]
    assert schedule["byDay"] == "https://schema.org/Monday"
    assert (schedule["startTime"], schedule["endTime"]) == ("18:00", "19:30")
    assert schedule["scheduleTimezone"] == "America/Chicago"
    # The other course is only expected, every season.
    assert "hasCourseInstance" not in second
    assert (second["numberOfCredits"]["minValue"], second["numberOfCredits"]["maxValue"]) == (1, 3)


def test_what_has_no_place_is_counted(answer: ExportAnswer):
    dropped = {loss.what: loss.n for loss in answer.dropped}
    assert dropped["runs that are expected or likely, not published"] == 3
    assert dropped["prices in tiers, and prices that nobody knows"] == 1
    assert dropped["conditions that can be computed with: they stand in words"] == 2
    assert dropped["quartiles of weekly hours"] == 1
    assert (
        dropped["requirements: which courses are required, which are choices, and how many of them"]
        == 2
    )


def test_the_document_is_the_same_every_time(answer: ExportAnswer, tmp_path: Path):
    snippets.catalog(tmp_path, PROGRAM, **FILES)
    again = export_program("ms", ExportFormat.JSON_LD, today=TODAY, catalogs=(tmp_path,))
    assert again.text == answer.text
