"""Drawn facts of a school: calendars, courses, requisites, offerings, fees."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tests.differential.drawing import TOPICS, Draw

from prospectus.domain.course import (
    Course,
    CourseCode,
    Delivery,
    GradeScale,
    Hours,
)
from prospectus.domain.expression import (
    And,
    AnyCourse,
    CoursesOf,
    CreditsOf,
    Done,
    Expression,
    NOf,
    Or,
    SubjectIn,
    Timing,
)
from prospectus.domain.facts import Money, Provenance
from prospectus.domain.fees import Fee, FeePer, FeeTier
from prospectus.domain.offering import Offering, OfferingKind
from prospectus.domain.period import TermPattern
from prospectus.domain.program import Equivalent, Program


def patterns(draw: Draw) -> tuple[tuple[TermPattern, ...], int]:
    if draw.chance(0.3, "sessions"):
        fall = TermPattern(
            season="Fall", spans=(((8, 20), (10, 10)), ((10, 11), (12, 10))), has_sessions=True
        )
        spring = TermPattern(
            season="Spring", spans=(((1, 10), (3, 1)), ((3, 2), (5, 1))), has_sessions=True
        )
        return (fall, spring), 2
    fall = TermPattern(season="Fall", spans=(((8, 20), (12, 10)),))
    spring = TermPattern(season="Spring", spans=(((1, 10), (5, 1)),))
    return (fall, spring), 1


def draw_courses(draw: Draw) -> list[Course]:
    found = []
    for number in range(draw.rng.choice([4, 5, 5])):
        subject = draw.rng.choice(["AA", "AA", "BB"])
        level = draw.rng.choice([400, 500, 600])
        low = Fraction(draw.rng.choice([1, 2, 3, 3, 3]))
        high = low + 1 if draw.chance(0.05, "variable credits") else low
        hours = draw.rng.choice([None, 4, 6, 9, 12])
        found.append(
            Course(
                code=CourseCode(f"{subject} {level + number}"),
                title=f"Course {number}",
                credits_low=low,
                credits_high=high,
                topics=frozenset(draw.rng.sample(TOPICS, draw.rng.choice([0, 1, 1, 2]))),
                attributes=frozenset({"base"} if draw.rng.random() < 0.5 else set()),
                delivery=Delivery.ASYNC,
                hours=None
                if hours is None
                else Hours(hours_per_week=hours, provenance=Provenance()),
                counts_credit=not draw.chance(0.025, "seminar"),
            )
        )
    return found


def with_requisites(
    draw: Draw, courses: list[Course], program: Program, grades: GradeScale
) -> list[Course]:
    found = []
    for place, course in enumerate(courses):
        earlier = courses[:place]
        if not earlier or not draw.chance(0.35):
            found.append(course)
            continue
        requisite = _requisite(draw, earlier, grades)
        fields = {name: getattr(course, name) for name in course.__dataclass_fields__}
        found.append(Course(**{**fields, "requisite": requisite}))
    return found


def _requisite(draw: Draw, earlier: list[Course], grades: GradeScale) -> Expression:
    one = draw.rng.choice(earlier).code
    other = draw.rng.choice(earlier).code
    worst_passing = [grade.name for grade in grades.grades if grade.earns][-1]
    shapes: list[tuple[str, Callable[[], Expression]]] = [
        ("prerequisite", lambda: Done(code=one)),
        ("prerequisite", lambda: Done(code=one)),
        ("prerequisite with floor", lambda: Done(code=one, min_grade=worst_passing)),
        ("concurrent", lambda: Done(code=one, timing=Timing.CONCURRENT)),
        ("with", lambda: Done(code=one, timing=Timing.WITH)),
        ("and", lambda: And(items=(Done(code=one), Done(code=other)))),
        ("or", lambda: Or(items=(Done(code=one), Done(code=other)))),
        ("n of", lambda: NOf(n=1, items=(Done(code=one), Done(code=other)))),
        ("credits of", lambda: CreditsOf(credits=Fraction(3), of=SubjectIn(subjects=("AA",)))),
        ("courses of", lambda: CoursesOf(courses=1, of=AnyCourse())),
    ]
    kind, build = draw.rng.choice(shapes)
    draw.kinds.add(kind)
    return build()


def draw_offerings(
    draw: Draw, codes: list[CourseCode], patterns: tuple[TermPattern, ...], sessions: int
) -> list[Offering]:
    found = []
    for code in codes:
        seasons = draw.rng.choice([["Fall"], ["Spring"], *[["Fall", "Spring"]] * 3])
        spans: tuple[int, ...] = ()
        any_session = False
        if sessions == 2:
            shape = draw.rng.choice(["any", "first", "second", "both"])
            any_session = shape == "any"
            spans = {"any": (), "first": (1,), "second": (2,), "both": (1, 2)}[shape]
            if shape == "both":
                draw.kinds.add("spanning course")
        likely = draw.chance(0.1, "likely offering")
        for season in seasons:
            found.append(
                Offering(
                    course=code,
                    kind=OfferingKind.LIKELY if likely else OfferingKind.EXPECTED,
                    season=season,
                    sessions=spans,
                    any_session=any_session,
                    share=Fraction(draw.rng.choice([1, 3]), 4) if likely else None,
                )
            )
    return found


def draw_fees(draw: Draw) -> list[Fee]:
    def usd(amount: int) -> Money:
        return Money(minor=amount * 100, currency="USD")

    found = [Fee(id="tuition", per=FeePer.CREDIT, amount=usd(draw.rng.choice([100, 250])))]
    if draw.chance(0.4, "tiered fee"):
        tiers = (
            FeeTier(from_credits=0, amount=usd(40)),
            FeeTier(from_credits=4, amount=usd(110)),
        )
        found.append(Fee(id="term-fee", per=FeePer.TERM, tiers=tiers))
    if draw.chance(0.2, "fee by season"):
        found.append(Fee(id="fall", per=FeePer.TERM, amount=usd(30), seasons=frozenset({"Fall"})))
    if draw.chance(0.15, "fee by residence"):
        for place, amount in (("in", 10), ("out", 60)):
            found.append(
                Fee(
                    id="residence",
                    per=FeePer.COURSE,
                    amount=usd(amount),
                    residence=frozenset({place}),
                )
            )
    if draw.chance(0.1, "fee once"):
        found.append(Fee(id="once", per=FeePer.ONCE, amount=usd(75)))
    if draw.chance(0.1, "fee per month"):
        found.append(Fee(id="month", per=FeePer.MONTH, amount=usd(5)))
    if draw.chance(0.1, "fee per year"):
        found.append(Fee(id="year", per=FeePer.YEAR, amount=usd(55)))
    if draw.chance(0.1, "fee per session"):
        found.append(Fee(id="session", per=FeePer.SESSION, amount=usd(7)))
    return found


def draw_transfer_fees(draw: Draw) -> list[Fee]:
    """Return a price for each course that the record brings, in some cases."""
    if not draw.chance(0.2, "fee per transferred course"):
        return []
    amount = Money(minor=5000, currency="USD")
    return [Fee(id="transfer", per=FeePer.TRANSFER_COURSE, amount=amount)]


def draw_rates(draw: Draw) -> list[Fee]:
    """Return a price by credit or course whose rate hangs on the credits of the term, at times."""
    if not draw.chance(0.12, "rate by tiers"):
        return []
    first, second = draw.rng.choice([(90, 60), (60, 90), (33, 20)])
    tiers = (
        FeeTier(from_credits=draw.rng.choice([0, 2]), amount=Money(minor=first, currency="USD")),
        FeeTier(from_credits=4, amount=Money(minor=second, currency="USD")),
    )
    return [
        Fee(
            id="rate",
            per=draw.rng.choice([FeePer.CREDIT, FeePer.COURSE]),
            amount=None if draw.rng.random() < 0.5 else Money(minor=45, currency="USD"),
            tiers=tiers,
            of=draw.rng.choice([AnyCourse(), SubjectIn(subjects=("AA",))]),
        )
    ]


def draw_equivalents(draw: Draw, codes: list[CourseCode]) -> tuple[Equivalent, ...]:
    """Return a course that two others together stand for, at times."""
    if not draw.chance(0.1, "equivalent together"):
        return ()
    whole, one, other = draw.rng.sample(codes, 3)
    return (Equivalent(course=whole, met_by=And(items=(Done(code=one), Done(code=other)))),)
