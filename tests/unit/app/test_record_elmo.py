"""An ELMO transcript as a record: what is home, what comes from elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sample_school import program, school

from prospectus.app.records import LoadedRecord, read_record
from prospectus.domain.errors import StudentError
from prospectus.domain.record import AttemptStatus, CreditSource

TODAY = dt.date(2026, 10, 1)
NAMESPACE = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
TERM = "<academicTerm><title>{}</title><start>{}</start><end>{}</end></academicTerm>"
FALL = TERM.format("Autumn", "2025-08-20", "2025-12-15")
ECTS = "<credit><scheme>ects</scheme><value>{}</value></credit>"


def course(local: str, inside: str, kind: str = "local", title: str = "A course") -> str:
    return (
        f'<learningOpportunitySpecification><identifier type="{kind}">{local}</identifier>'
        f"<title>{title}</title><type>Course</type><specifies><learningOpportunityInstance>"
        f"{inside}</learningOpportunityInstance></specifies></learningOpportunitySpecification>\n"
    )


def report(school_name: str, *courses: str) -> str:
    return (
        f'<report><issuer><identifier type="x">x.example</identifier><title>{school_name}</title>'
        f"<url>https://x.example</url></issuer>{''.join(courses)}"
        "<issueDate>2026-05-01T10:00:00Z</issueDate></report>\n"
    )


def load(folder: Path, *reports: str, unit: str = "credit hour") -> LoadedRecord:
    text = (
        f'<elmo xmlns="{NAMESPACE}"><generatedDate>2026-05-01T10:00:00Z</generatedDate>'
        "<learner><givenNames>Ada</givenNames><familyName>B</familyName></learner>\n"
        f"{''.join(reports)}</elmo>"
    )
    path = folder / "transcript"
    path.write_text(text, encoding="utf-8")
    return read_record(path, replace(program(), credit_unit=unit), school(), TODAY)


def test_the_own_school_s_report_is_home(tmp_path: Path) -> None:
    first = course("AB-100", f"{FALL}<status>passed</status><resultLabel>A</resultLabel>")
    second = course("AB 200", "<academicTerm><title>Fall 2026</title></academicTerm>").replace(
        "</title></academicTerm>",
        "</title><start>2026-08-20</start><end>2026-12-15</end></academicTerm>"
        "<status>in-progress</status>" + ECTS.format("7.5"),
    )
    loaded = load(tmp_path, report("here university", first, second))
    one, two = loaded.record.attempts
    assert (loaded.name, loaded.notes) == ("Ada B", ())
    assert (one.course, one.grade, one.periods) == ("AB 100", "A", ("Fall 2025",))
    assert (one.source, one.credits) == (CreditSource.HOME, 3)
    assert (two.periods, two.status) == (("Fall 2026",), AttemptStatus.IN_PROGRESS)


def test_what_the_school_does_not_know_is_told_with_its_line(tmp_path: Path) -> None:
    late = TERM.format("Sommersemester", "2025-06-01", "2025-07-20")
    text = report(
        "Here University",
        course("AB 101", ""),
        course("AB 100", late + "<status>passed</status><resultLabel>1,3</resultLabel>"),
        course("AB 300", "<credit><scheme>credit hour</scheme><value>4</value></credit>"),
    )
    with pytest.raises(StudentError) as caught:
        load(tmp_path, text)
    found = [(fault.code, fault.at.line, fault.at.field) for fault in caught.value.faults]
    assert found == [
        ("REC-040", 2, "course"),
        ("REC-041", 3, "term"),
        ("REC-042", 3, "grade"),
        ("REC-043", 4, "credits"),
    ]


def test_a_course_of_the_own_school_needs_a_code(tmp_path: Path) -> None:
    with pytest.raises(StudentError) as caught:
        load(tmp_path, report("Here University", course("?", "")))
    assert [fault.code for fault in caught.value.faults] == ["REC-038"]


def test_ects_are_not_converted_without_a_rule(tmp_path: Path) -> None:
    loaded = load(tmp_path, report("Elsewhere", course("AB 100", ECTS.format(6))))
    assert loaded.record.attempts == ()
    assert [note.code for note in loaded.notes] == ["REC-037", "REC-036"]
    assert "6 ects" in loaded.notes[1].what


def test_where_the_programme_counts_in_ects_they_count_as_they_are(tmp_path: Path) -> None:
    inside = f"<date>2024-02-01</date><resultLabel>A</resultLabel>{ECTS.format('7.5')}"
    loaded = load(
        tmp_path,
        report("Elsewhere", course("AB 100", inside), course("AB 100", inside)),
        report("Here University", course("AB 200", "")),
        unit="ECTS credit",
    )
    one, two, home = loaded.record.attempts[1:] + loaded.record.attempts[:1]
    assert home.course == "AB 200"
    assert {one.course, two.course} == {"~elsewhere-ab-100", "~elsewhere-ab-100-2"}
    assert (one.source, str(one.credits), one.grade) == (CreditSource.TRANSFER, "15/2", None)
    assert (one.school, one.ended) == ("Elsewhere", dt.date(2024, 2, 1))


def test_an_identifier_under_the_school_s_id_says_what_a_course_stands_for(
    tmp_path: Path,
) -> None:
    own = course("AB 200", ECTS.format(5), kind="here")
    loaded = load(tmp_path, report("Elsewhere", own), unit="ECTS")
    assert [one.course for one in loaded.record.attempts] == ["AB 200"]
