"""A record that is written is read back the same."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from record_writing import record_csv, record_yaml
from sample_school import program, school

from prospectus.app.records import LoadedRecord, read_record
from prospectus.catalogs.record_parts import RecordForm
from prospectus.domain.course import CourseCode, Delivery
from prospectus.domain.program import School
from prospectus.domain.record import (
    ApprovalState,
    Attempt,
    AttemptStatus,
    AuditException,
    Basis,
    CreditSource,
    ExceptionKind,
    MilestoneResult,
    Record,
)
from prospectus.domain.requirement import NodeId
from prospectus.domain.student import Person

TODAY = dt.date(2026, 10, 1)
TERMS = ("Fall 2025", "Spring 2026")
# Tabs and the like become single spaces in a cell; that is not what is asked here.
TEXTS = st.text(st.characters(categories=("L", "N", "P", "S"), max_codepoint=0x2FFF), min_size=1)
WORDS = st.lists(TEXTS, min_size=1, max_size=3).map(" ".join).filter(lambda text: len(text) < 200)
NAMES = WORDS.filter(lambda text: "|" not in text)
DAYS = st.dates(dt.date(2014, 1, 1), dt.date(2026, 9, 1))


def here() -> School:
    """Return the sample school with a course of 1 to 3 credits."""
    plain = school()
    variable = replace(plain.courses[2], credits_low=Fraction(1))
    return replace(plain, courses=(*plain.courses[:2], variable))


@st.composite
def attempts(draw: st.DrawFn) -> tuple[Attempt, ...]:
    """Return attempts that the sample school can have."""
    found: dict[str, Attempt] = {}
    for _ in range(draw(st.integers(0, 5))):
        source = draw(st.sampled_from(CreditSource))
        is_home = source is CreditSource.HOME
        codes = ["AB 100", "AB 200", "AB 300"] + ([] if is_home else ["ZZ 900"])
        course = draw(st.sampled_from(codes if source is not CreditSource.WAIVER else codes[:3]))
        periods = tuple(t for t in TERMS if draw(st.booleans())) if is_home else ()
        status = draw(st.sampled_from(AttemptStatus))
        grade = None
        if source is not CreditSource.WAIVER and draw(st.booleans()):
            if status is AttemptStatus.PASSED:
                grade = draw(st.sampled_from(["A", "B"]))
            elif status is AttemptStatus.FAILED:
                grade = "F"
        credits = Fraction(3)
        if course in ("AB 300", "ZZ 900"):
            credits = draw(st.fractions(1, 3, max_denominator=9))
        topic = draw(st.none() | WORDS)
        words = source.value.replace("_", " ")
        parts = (course, topic or "", " + ".join(periods), "" if is_home else words)
        name = ", ".join(part for part in parts if part)
        found[name] = Attempt(
            id=name,
            course=CourseCode(course),
            credits=Fraction(0) if source is CreditSource.WAIVER else credits,
            status=status,
            topic=topic,
            periods=periods,
            grade=grade,
            expected_grade=draw(st.sampled_from([None, "A"])),
            basis=draw(st.sampled_from(Basis)),
            source=source,
            counted_in=draw(st.frozensets(NAMES, max_size=2)),
            instructor=draw(st.none() | WORDS),
            delivery=draw(st.sampled_from(Delivery)),
            campus=draw(st.none() | WORDS),
            school=draw(st.none() | WORDS),
            ended=draw(st.none() | DAYS),
        )
    order = {term: place for place, term in enumerate(TERMS)}
    return tuple(
        sorted(
            found.values(), key=lambda one: (order[one.periods[0]] if one.periods else -1, one.id)
        )
    )


@st.composite
def records(draw: st.DrawFn) -> LoadedRecord:
    """Return records with all that a record file can say."""
    record = Record(
        matriculation=draw(st.none() | DAYS),
        attempts=draw(attempts()),
        approvals=tuple(
            sorted(draw(st.dictionaries(WORDS, st.sampled_from(ApprovalState), max_size=2)).items())
        ),
        exceptions=tuple(
            AuditException(
                kind=ExceptionKind.SUBSTITUTE,
                node=NodeId("base"),
                who=who,
                when=draw(DAYS),
                why=draw(WORDS),
                course=CourseCode("AB 200"),
                replaces=CourseCode("AB 100"),
            )
            for who in draw(st.lists(WORDS, max_size=2))
        ),
    )
    person = Person(
        facts=tuple(sorted(draw(st.dictionaries(WORDS, WORDS, max_size=2)).items())),
        degrees=draw(st.none() | st.just((("bachelor", "art"),))),
        gpa=draw(st.none() | st.fractions(0, 4, max_denominator=100)),
        background=draw(st.none() | st.frozensets(WORDS, max_size=2)),
        memberships=draw(st.frozensets(WORDS, max_size=2)),
    )
    return LoadedRecord(
        record=record,
        form=RecordForm.RECORD,
        name=draw(WORDS),
        program="here-ms",
        catalog_year=draw(st.sampled_from([None, "2026-27"])),
        choices=draw(st.sampled_from([(), (("track", "two"),)])),
        person=person,
    )


def read(text: str) -> LoadedRecord:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record"
        path.write_text(text, encoding="utf-8")
        found = read_record(path, program(), here(), TODAY)
    # A course that is still open though its time is over is noted; that is not asked here.
    return replace(found, notes=())


@given(records())
@settings(max_examples=100, deadline=None)
def test_a_record_written_as_yaml_is_read_back_the_same(loaded: LoadedRecord) -> None:
    assert read(record_yaml(loaded)) == loaded


@given(attempts())
@settings(max_examples=100, deadline=None)
def test_attempts_written_as_a_table_are_read_back_the_same(taken: tuple[Attempt, ...]) -> None:
    found = read(record_csv(Record(attempts=taken)))
    assert found.record.attempts == taken


def test_milestones_are_written_too() -> None:
    result = MilestoneResult(
        milestone=NodeId("exam"), status=AttemptStatus.IN_PROGRESS, on=dt.date(2026, 1, 2)
    )
    loaded = LoadedRecord(record=Record(milestones=(result,)), form=RecordForm.RECORD)
    assert (
        record_yaml(loaded) == "format: 1\nkind: record\nmilestones:\n"
        '  - {"milestone": "exam", "status": "in_progress", "on": "2026-01-02"}\n'
    )
