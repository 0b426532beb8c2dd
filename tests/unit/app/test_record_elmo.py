"""An ELMO transcript as a record: what is home, what comes from elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from sample_school import program, school

from prospectus.app.records import LoadedRecord, read_record
from prospectus.domain.conversion import Conversion, Rounding
from prospectus.domain.errors import StudentError
from prospectus.domain.facts import Provenance, Source
from prospectus.domain.program import Transfer
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


def transcript(*reports: str) -> str:
    return (
        f'<elmo xmlns="{NAMESPACE}"><generatedDate>2026-05-01T10:00:00Z</generatedDate>'
        "<learner><givenNames>Ada</givenNames><familyName>B</familyName></learner>\n"
        f"{''.join(reports)}</elmo>"
    )


def load(folder: Path, *reports: str, unit: str = "credit hour") -> LoadedRecord:
    path = folder / "transcript"
    path.write_text(transcript(*reports), encoding="utf-8")
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
        course("AB 101", "<status>passed</status>"),
        course("AB 100", late + "<status>passed</status><resultLabel>1,3</resultLabel>"),
        course(
            "AB 300",
            "<status>passed</status><credit><scheme>credit hour</scheme><value>4</value></credit>",
        ),
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
    assert "6 ECTS;" in loaded.notes[1].what


def test_where_the_programme_counts_in_ects_they_count_as_they_are(tmp_path: Path) -> None:
    inside = f"<date>2024-02-01</date><resultLabel>A</resultLabel>{ECTS.format('7.5')}"
    loaded = load(
        tmp_path,
        report("Elsewhere", course("AB 100", inside), course("AB 100", inside)),
        report("Here University", course("AB 200", "<status>passed</status>")),
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


HOUR = "<credit><scheme>credit hour</scheme><value>3</value></credit>"
PASSED = "<status>passed</status>"
LABEL = "<resultLabel>{}</resultLabel>"
NOW = TERM.format("Fall 2026", "2026-08-20", "2026-12-15")
NEXT = TERM.format("Spring 2027", "2027-01-10", "2027-05-10")


@pytest.mark.parametrize(
    ("inside", "status"),
    [
        (FALL + LABEL.format("A"), AttemptStatus.PASSED),
        (FALL + LABEL.format("F"), AttemptStatus.FAILED),
        (FALL + LABEL.format("W"), AttemptStatus.WITHDRAWN),
        (NOW, AttemptStatus.IN_PROGRESS),
        (NEXT, AttemptStatus.REGISTERED),
    ],
    ids=["grade that earns", "grade that earns none", "mark", "running", "to come"],
)
def test_without_a_status_grade_and_period_tell_it(
    tmp_path: Path, inside: str, status: AttemptStatus
) -> None:
    loaded = load(tmp_path, report("Here University", course("AB 100", inside)))
    assert [one.status for one in loaded.record.attempts] == [status]
    assert loaded.notes == ()


@pytest.mark.parametrize("school_name", ["Here University", "Elsewhere"])
@pytest.mark.parametrize(
    "inside",
    ["", FALL, "<date>2024-02-01</date>", FALL + HOUR.replace("3", "0")],
    ids=["nothing", "past term", "past day", "no credits earned"],
)
def test_a_course_that_is_over_without_result_is_asked_for(
    tmp_path: Path, school_name: str, inside: str
) -> None:
    # Elsewhere, credits must be stated to be looked at.
    own = inside if "<credit>" in inside else inside + HOUR.replace("3", "0")
    with pytest.raises(StudentError) as caught:
        load(tmp_path, report(school_name, course("AB 100", own)))
    assert [(one.code, one.at.line) for one in caught.value.faults] == [("REC-053", 2)]


@pytest.mark.parametrize("school_name", ["Here University", "Elsewhere"])
def test_credits_earned_stand_for_a_pass_and_are_told(tmp_path: Path, school_name: str) -> None:
    loaded = load(tmp_path, report(school_name, course("AB 100", FALL + HOUR)))
    assert [one.status for one in loaded.record.attempts] == [AttemptStatus.PASSED]
    assert loaded.notes[-1].code == "REC-054"
    assert "brings 3 credit hours" in loaded.notes[-1].what


def test_a_course_elsewhere_that_runs_is_in_progress(tmp_path: Path) -> None:
    loaded = load(tmp_path, report("Elsewhere", course("AB 100", NOW + HOUR)))
    (one,) = loaded.record.attempts
    assert (one.status, one.ended) == (AttemptStatus.IN_PROGRESS, None)


@pytest.mark.parametrize("result", ["F", "Failed", "not passed"])
def test_a_result_elsewhere_that_is_no_pass_is_asked_for(tmp_path: Path, result: str) -> None:
    inside = FALL + LABEL.format(result) + HOUR
    with pytest.raises(StudentError) as caught:
        load(tmp_path, report("Elsewhere", course("AB 100", inside)))
    (fault,) = caught.value.faults
    assert fault.code == "REC-053"
    assert f"'{result}'" in fault.what


def test_what_was_failed_elsewhere_needs_no_credits(tmp_path: Path) -> None:
    failed = FALL + "<status>failed</status>"
    loaded = load(tmp_path, report("Elsewhere", course("AB 100", failed)))
    assert [(one.status, one.credits) for one in loaded.record.attempts] == [
        (AttemptStatus.FAILED, 0)
    ]


def test_ects_are_converted_by_the_programme_s_rule(tmp_path: Path) -> None:
    source = Source(
        id="t", title="Transfer credit", address="https://h.example", read=dt.date(2026, 5, 1)
    )
    rule = Conversion(
        unit="ects",
        ratio=Fraction(1, 2),
        rounding=Rounding.DOWN,
        provenance=Provenance(sources=("t",)),
    )
    degree = replace(program(), transfer=Transfer(conversions=(rule,)), sources=(source,))
    text = report("Elsewhere", course("AB 1", PASSED + ECTS.format(7)), course("AB 2", PASSED))
    path = tmp_path / "transcript"
    path.write_text(transcript(text), encoding="utf-8")
    loaded = read_record(path, degree, school(), TODAY)
    assert [one.credits for one in loaded.record.attempts] == [3]
    assert [note.code for note in loaded.notes] == ["REC-037", "REC-055", "REC-036"]
    assert loaded.notes[1].what.endswith(
        "rounded down to a whole credit (Transfer credit, https://h.example, read 2026-05-01)"
    )
    assert loaded.notes[1].what.startswith("7 ECTS of 'A course' count as 3 credit hours: ")


def test_the_schema_s_faults_are_told_with_those_of_the_school(tmp_path: Path) -> None:
    text = report(
        "Here University",
        course("AB 100", "<status>done</status>"),
        course("AB 999", PASSED),
    )
    with pytest.raises(StudentError) as caught:
        load(tmp_path, text)
    assert [(one.code, one.at.line) for one in caught.value.faults] == [
        ("REC-035", 2),
        ("REC-040", 3),
    ]


def test_what_the_schema_does_not_have_is_noted(tmp_path: Path) -> None:
    text = report("Here University", course("AB 100", PASSED + "<novelty/>"))
    assert [note.code for note in load(tmp_path, text).notes] == ["REC-039"]
