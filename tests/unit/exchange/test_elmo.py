"""EMREX ELMO: what a transcript says, and what is refused."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from prospectus.domain.errors import StudentError
from prospectus.domain.record import AttemptStatus
from prospectus.exchange import elmo_xml
from prospectus.exchange.elmo import ElmoFile, read_elmo

NAMESPACE = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
ISSUER = (
    '<issuer><identifier type="schac">uni.example</identifier>'
    '<title xml:lang="pl">Uniwersytet</title><title xml:lang="en">A University</title>'
    "<url>https://uni.example</url></issuer>"
)


def course(
    inside: str = "<status>passed</status>",
    *,
    kind: str = "Course",
    head: str = '<identifier type="local">AB 100</identifier>',
    parts: str = "",
) -> str:
    """Return a node of the tree of learning opportunities."""
    return (
        f"<learningOpportunitySpecification>{head}<title>First</title><type>{kind}</type>"
        f"<specifies><learningOpportunityInstance>{inside}</learningOpportunityInstance>"
        f"</specifies>{parts}</learningOpportunitySpecification>"
    )


def part(text: str) -> str:
    return f"<hasPart>{text}</hasPart>"


def elmo(*courses: str, before: str = "") -> str:
    """Return a transcript of one report."""
    return (
        f'{before}<elmo xmlns="{NAMESPACE}"><generatedDate>2026-05-01T10:00:00+02:00'
        "</generatedDate>\n<learner><givenNames>Ada</givenNames><familyName>B.</familyName>"
        f"</learner>\n<report>{ISSUER}\n" + "\n".join(courses) + "\n"
        "<issueDate>2026-05-01T10:00:00Z</issueDate></report></elmo>"
    )


def read(folder: Path, text: str | bytes) -> ElmoFile:
    path = folder / "transcript.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_elmo(path)


def refused(folder: Path, text: str | bytes) -> list[tuple[str, int | None]]:
    with pytest.raises(StudentError) as caught:
        read(folder, text)
    return [(fault.code, fault.at.line) for fault in caught.value.faults]


def wrong(folder: Path, text: str) -> list[tuple[str, int | None]]:
    """Return what the schema does not allow, in the order of the lines."""
    found = [(fault.code, fault.at.line) for fault in read(folder, text).faults]
    return sorted(found, key=lambda pair: pair[1] or 0)


def test_a_course_is_read_with_its_result(tmp_path: Path) -> None:
    inside = (
        "<start>2025-08-25+02:00</start><date>2025-12-10</date><academicTerm>"
        '<title xml:lang="no">Høst 2025</title><title xml:lang="en-GB">Fall 2025</title>'
        "<start>2025-08-20</start><end>2025-12-20</end></academicTerm>"
        "<status>in-progress</status><resultLabel> A  minus </resultLabel>"
        "<credit><scheme>ECTS</scheme><value>7.5</value></credit>"
        "<credit><scheme>credit hour</scheme><value>4</value></credit>"
    )
    head = '<identifier type="x">CD 200</identifier><identifier type="local">ab100</identifier>'
    found = read(tmp_path, elmo(course(inside, head=head)))
    assert found.name == "Ada B."
    (report,) = found.reports
    assert report.title == "A University"
    assert {"uniwersytet", "a university", "uni.example"} <= report.issuer
    (one,) = report.courses
    assert (one.codes, one.grade) == (("AB 100", "CD 200"), "A minus")
    assert one.status is AttemptStatus.IN_PROGRESS
    assert one.credits == (("ects", Fraction(15, 2)), ("credit hour", Fraction(4)))
    assert (one.term, one.start, one.end) == (
        "Fall 2025",
        dt.date(2025, 8, 25),
        dt.date(2025, 12, 10),
    )
    assert one.line == 4


def test_of_a_course_without_status_none_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, elmo(course("")))
    assert found.reports[0].courses[0].status is None


def test_programmes_modules_and_classes_are_looked_through(tmp_path: Path) -> None:
    credit = "<credit><scheme>ects</scheme><value>5</value></credit>"
    inner = course(
        credit, parts=part(course(kind="Class", head='<identifier type="local">L1</identifier>'))
    )
    module = course("", kind="Module", parts=part(inner), head="")
    programme = course("", kind="Degree Programme", parts=part(module), head="")
    module_alone = course(credit, kind="Module", head='<identifier type="local">M 11</identifier>')
    found = read(tmp_path, elmo(programme, module_alone))
    assert [one.codes for one in found.reports[0].courses] == [("AB 100",), ("M 11",)]


def test_unknown_elements_and_documents_inside_are_passed_over(tmp_path: Path) -> None:
    inside = (
        "<status>passed</status><novelty><status>odd</status></novelty>"
        '<extension><x xmlns="urn:x"><y/></x></extension>'
        "<diplomaSupplement><section><attachment/></section></diplomaSupplement>"
    )
    text = elmo(course(inside)).replace(
        "</elmo>", "<attachment><content>data:,abc</content></attachment></elmo>"
    )
    found = read(tmp_path, text)
    assert len(found.reports[0].courses) == 1
    assert [(note.code, note.at.line, note.at.field) for note in found.notes] == [
        ("REC-039", 4, "novelty")
    ]


def test_other_encodings_are_read_as_declared(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + elmo(course()).replace("Ada", "Åda")
    assert read(tmp_path, text.encode("latin-1")).name == "Åda B."


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE elmo [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE elmo [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE elmo SYSTEM "https://uni.example/elmo.dtd">',
        "<!DOCTYPE elmo>",
        '<!DOCTYPE elmo [<!ENTITY % p SYSTEM "https://uni.example/p"> %p;]>',
    ],
    ids=["bomb", "file", "network", "bare", "parameter"],
)
def test_document_types_and_entities_are_refused(tmp_path: Path, declared: str) -> None:
    text = elmo(course(), before=declared + "\n").replace("Ada", "&b;")
    assert refused(tmp_path, text) == [("REC-031", 1)]


@pytest.mark.parametrize(
    "text",
    ["<elmo", "<elmo>", "<a></b>", "<a/><b/>", "<a>&nothing;</a>", "", "plain", "<a>\x00</a>"],
)
def test_what_is_no_whole_xml_is_told(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text)[0][0] == "REC-030"


def test_a_transcript_cut_off_is_told_with_the_line_of_the_cut(tmp_path: Path) -> None:
    assert refused(tmp_path, elmo(course())[:-60]) == [("REC-030", 4)]


def test_depth_is_bounded(tmp_path: Path) -> None:
    deep = course()
    for _ in range(40):
        deep = course("", kind="Module", parts=part(deep))
    assert refused(tmp_path, elmo(deep))[0][0] == "REC-032"
    left_out = "<extension>" + "<x>" * 200 + "</x>" * 200 + "</extension>"
    assert refused(tmp_path, elmo(course(left_out)))[0][0] == "REC-032"


def test_number_and_size_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elmo_xml, "MOST_ELEMENTS", 30)
    assert refused(tmp_path, elmo(*[course()] * 10))[0][0] == "REC-032"
    monkeypatch.setattr(elmo_xml, "MOST_BYTES", 100)
    assert refused(tmp_path, elmo(course())) == [("REC-003", None)]


def test_of_an_endless_text_only_the_beginning_is_held(tmp_path: Path) -> None:
    endless = "long " * 100_000
    found = read(tmp_path, elmo(course(head=f"<title>{endless}</title>")))
    assert len(found.reports[0].courses[0].title) <= 20_000


@pytest.mark.parametrize("text", ["<html/>", "<elmo/>", '<elmo xmlns="urn:other"/>'])
def test_xml_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text) == [("REC-033", 1)]


def test_what_the_schema_asks_for_is_told_all_at_once(tmp_path: Path) -> None:
    text = (
        f'<elmo xmlns="{NAMESPACE}">\n<learner><givenNames>A</givenNames></learner>\n'
        "<report>\n<issuer><title>T</title></issuer>\n<learningOpportunitySpecification>\n"
        "<specifies><learningOpportunityInstance><status>fine</status><date>2025-02-30</date>"
        "<credit><value>5</value></credit>"
        "<credit><scheme>ects</scheme><value>five</value></credit>"
        "</learningOpportunityInstance></specifies>\n<hasPart/>\n"
        "</learningOpportunitySpecification>\n<issueDate>soon</issueDate></report></elmo>"
    )
    assert wrong(tmp_path, text) == [
        ("REC-034", 1),  # generatedDate
        ("REC-034", 2),  # familyName
        ("REC-034", 4),  # identifier
        ("REC-034", 4),  # url
        ("REC-034", 5),  # title
        ("REC-035", 6),  # status
        ("REC-034", 6),  # date, which stands before the status
        ("REC-035", 6),  # and is none
        ("REC-034", 6),  # scheme
        ("REC-035", 6),  # value
        ("REC-034", 7),  # the part
        ("REC-035", 9),  # issueDate
    ]


def test_no_report_is_a_fault(tmp_path: Path) -> None:
    text = elmo(course())
    start, end = text.index("<report>"), text.index("</report>") + len("</report>")
    assert wrong(tmp_path, text[:start] + text[end:]) == [("REC-034", 1)]


@pytest.mark.parametrize(("name", "code"), [("none.xml", "REC-001"), (".", "REC-002")])
def test_what_is_no_file_is_told(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(StudentError) as caught:
        read_elmo(tmp_path / name)
    assert caught.value.faults[0].code == code


def fixes(folder: Path, text: str) -> list[tuple[str, str]]:
    """Return what is wrong, and how to mend it."""
    return [(fault.what, fault.fix) for fault in read(folder, text).faults]


PASSED = "<status>passed</status>"


@pytest.mark.parametrize(
    ("inside", "what", "fix"),
    [
        (
            "<Status>failed</Status>",
            "<learningOpportunityInstance> may not hold <Status>",
            "did you mean <status>?",
        ),
        (
            "<resultlabels>A</resultlabels>",
            "<learningOpportunityInstance> may not hold <resultlabels>",
            "did you mean <resultLabel>?",
        ),
        (
            "<value>5</value>",
            "<learningOpportunityInstance> may not hold <value>",
            "move it into <credit> or <level>",
        ),
        (
            "<resultLabel>A</resultLabel>" + PASSED,
            "in <learningOpportunityInstance>, <status> stands behind <resultLabel>",
            "put it before <resultLabel>",
        ),
        (
            PASSED * 2,
            "<learningOpportunityInstance> holds <status> 2 times",
            "leave one of them",
        ),
        (
            "<status><b>passed</b></status>",
            "<status> holds text alone, and <b> stands in it",
            "take it out",
        ),
        (
            "so far" + PASSED,
            "text stands loose in <learningOpportunityInstance>: 'so far'",
            "put it into the element it belongs to",
        ),
        (
            "<identifier>1</identifier>",
            "<identifier> has no attribute `type`",
            'write <identifier type="...">',
        ),
        (
            "<credit><scheme>ects</scheme><value>-5</value></credit>",
            "'-5' is no number of credits",
            "write one such as 7.5",
        ),
        (
            '<resultDistribution><category label="A" count="few"/></resultDistribution>',
            "'few' is no whole number",
            'write such as count="12"',
        ),
        ("<start>2025-13-01</start>", "'2025-13-01' is no date", "write a day such as 2025-05-08"),
        ("<engagementHours>many</engagementHours>", "'many' is no number", "write one such as 7.5"),
    ],
)
def test_what_the_schema_does_not_allow_is_told_with_its_mend(
    tmp_path: Path, inside: str, what: str, fix: str
) -> None:
    found = read(tmp_path, elmo(course(inside), course(PASSED)))
    assert (what, fix) in [(fault.what, fault.fix) for fault in found.faults]
    assert {fault.at.line for fault in found.faults} == {4}
    # The other course is sound: what is wrong with it elsewhere can be told in the same run.
    assert [one.line for one in found.reports[0].courses] == [5]


def test_a_misspelled_element_is_told_once(tmp_path: Path) -> None:
    text = elmo(course()).replace("familyName", "familyname")
    assert fixes(tmp_path, text) == [
        ("<learner> may not hold <familyname>", "did you mean <familyName>?")
    ]


def test_elements_of_other_namespaces_are_no_elements_of_the_schema(tmp_path: Path) -> None:
    foreign = '<status xmlns="urn:other">failed<deep><b/></deep></status>' + PASSED
    found = read(tmp_path, elmo(course(foreign)))
    assert found.faults == ()
    assert [note.code for note in found.notes] == ["REC-039"]
    assert found.reports[0].courses[0].status is AttemptStatus.PASSED


def test_the_learner_is_checked_too(tmp_path: Path) -> None:
    text = elmo(course()).replace(
        "<givenNames>Ada</givenNames><familyName>B.</familyName>",
        "<citizenship>Norway</citizenship><givenNames>Ada</givenNames><familyName/>"
        "<bday>long ago</bday><currentAddress><x/></currentAddress><gender>7</gender>",
    )
    assert wrong(tmp_path, text) == [("REC-035", 2)] * 3


@pytest.mark.parametrize("moment", ["2026-05-01", "2026-05-01T25:00:00Z", "2026-02-30T10:00:00Z"])
def test_a_moment_is_a_day_with_a_time_that_exists(tmp_path: Path, moment: str) -> None:
    text = elmo(course()).replace("2026-05-01T10:00:00+02:00", moment)
    assert wrong(tmp_path, text) == [("REC-035", 1)]


def test_many_strange_elements_are_told_in_part(tmp_path: Path) -> None:
    found = read(tmp_path, elmo(course("".join(f"<novelty{n}/>" for n in range(500)))))
    assert found.faults == ()
    assert len(found.notes) == 50
