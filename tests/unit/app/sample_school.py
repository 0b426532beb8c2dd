"""A school of three courses and a programme with two tracks, small enough to read."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from prospectus.domain.course import Course, CourseCode, Grade, GradeScale
from prospectus.domain.expression import AnyCourse, CodeIs
from prospectus.domain.facts import Completeness, Money
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.offering import Offering, OfferingKind
from prospectus.domain.period import Calendar, TermPattern, expand
from prospectus.domain.program import Program, Rename, School
from prospectus.domain.requirement import All, Any, Fill, Header, NodeId, Range, Total


def calendar() -> Calendar:
    """Falls and Springs of 2026 to 2029."""
    return expand(
        (
            TermPattern(season="Fall", spans=(((8, 24), (12, 17)),)),
            TermPattern(season="Spring", spans=(((1, 11), (5, 6)),)),
        ),
        (),
        2025,
        2029,
    )


def school() -> School:
    """Letters A to F, three courses of 3 credits, one price out of state."""
    codes = ("AB 100", "AB 200", "AB 300")
    return School(
        id="here",
        name="Here University",
        currency="USD",
        grades=GradeScale(
            grades=(
                Grade(name="A", points=Fraction(4)),
                Grade(name="B", points=Fraction(3)),
                Grade(name="F", points=Fraction(0), earns=False),
            ),
            usual="B",
        ),
        courses=tuple(
            Course(
                code=CourseCode(code),
                title=f"Course {code}",
                credits_low=Fraction(3),
                credits_high=Fraction(3),
            )
            for code in codes
        ),
        calendars=(("main", calendar()),),
        offerings=tuple(
            Offering(course=CourseCode(code), kind=OfferingKind.EXPECTED, season=season)
            for code in codes
            for season in ("Fall", "Spring")
        ),
        fees=(
            Fee(
                id="tuition",
                per=FeePer.CREDIT,
                amount=Money(minor=10_000, currency="USD"),
                residence=frozenset({"in-state", "US-MI"}),
                year_label="2026-27",
            ),
            Fee(
                id="tuition",
                per=FeePer.CREDIT,
                amount=Money(minor=20_000, currency="USD"),
                residence=frozenset({"out-of-state"}),
                year_label="2026-27",
            ),
        ),
        renames=(Rename(old="AB 099", new="AB 100"),),
        external=frozenset({"XY 100"}),
    )


def leaf(name: str, code: str) -> Fill:
    """A leaf of one course."""
    return Fill(
        header=Header(id=NodeId(name), label=f"Leaf {name}"),
        from_=CodeIs(code=code),
        courses=Range(low=Fraction(1)),
    )


def program() -> Program:
    """AB 100, then the track of AB 200 or that of AB 300; 6 credits in all."""
    return Program(
        id="here-ms",
        school="here",
        name="Master of Letters (ML)",
        degree="MS",
        catalog_year="2026-27",
        credit_unit="credit hour",
        tree=All(
            header=Header(id=NodeId("degree"), label="The degree"),
            total=Total(credits=Range(low=Fraction(6))),
            children=(
                leaf("base", "AB 100"),
                Any(
                    header=Header(id=NodeId("track"), label="Track"),
                    declare=True,
                    children=(leaf("two", "AB 200"), leaf("three", "AB 300")),
                ),
                Fill(header=Header(id=NodeId("free")), from_=AnyCourse(), rest=True),
            ),
        ),
        main_choice=NodeId("track"),
        completeness=Completeness.COMPLETE,
        questions=("Is there a fee?",),
    )


def day(text: str) -> dt.date:
    """Return an ISO day."""
    return dt.date.fromisoformat(text)
