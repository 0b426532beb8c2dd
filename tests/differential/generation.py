"""Small programmes, records and students, drawn from a seed, with the shapes that go wrong."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from prospectus.domain.course import (
    Course,
    CourseCode,
    Delivery,
    Grade,
    GradeScale,
    Hours,
)
from prospectus.domain.expression import (
    And,
    AnyCourse,
    Attribute,
    CodeIs,
    CoursesOf,
    CreditsOf,
    Done,
    Except,
    Expression,
    Has,
    LevelIs,
    NodeDone,
    NOf,
    Or,
    PersonIs,
    Selector,
    SubjectIn,
    Timing,
    Union,
)
from prospectus.domain.facts import Assumption, Money, Provenance
from prospectus.domain.fees import Fee, FeePer, FeeTier
from prospectus.domain.meaning import readings, resolve
from prospectus.domain.offering import Offering, OfferingKind
from prospectus.domain.period import TermPattern, expand
from prospectus.domain.program import Dispute, Pool, Program, Resolved, School
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record
from prospectus.domain.requirement import (
    All,
    Any,
    Areas,
    Bound,
    Enrolment,
    Exclude,
    Fill,
    Gate,
    Gpa,
    Header,
    Item,
    Load,
    Measure,
    Milestone,
    NodeId,
    OnMiss,
    Over,
    Overlap,
    Point,
    PointKind,
    Position,
    Range,
    Reading,
    Rule,
    Span,
    SpanUnit,
    Total,
    When,
)
from prospectus.domain.student import (
    DayRange,
    Level,
    LimitByRange,
    Person,
    Student,
    Wishes,
)

TODAY = dt.date(2026, 7, 1)
LETTERS = GradeScale(
    grades=(
        Grade(name="A", points=Fraction(4)),
        Grade(name="B", points=Fraction(3)),
        Grade(name="C", points=Fraction(2)),
        Grade(name="F", points=Fraction(0), earns=False),
    ),
    usual="B",
)
MARKS = GradeScale(  # lower is better
    grades=(
        Grade(name="1", points=Fraction(1)),
        Grade(name="2", points=Fraction(2)),
        Grade(name="3", points=Fraction(3)),
        Grade(name="5", points=Fraction(5), earns=False),
    ),
    usual="2",
)
TOPICS = ("nlp", "vision", "ethics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One generated case and the kinds it holds."""

    seed: int
    resolved: Resolved
    student: Student
    record: Record
    kinds: frozenset[str]


@dataclass
class _Draw:
    """The state of one drawing."""

    rng: random.Random
    kinds: set[str] = field(default_factory=set)
    count: int = 0

    def chance(self, share: float, kind: str = "") -> bool:
        """Return True with this chance, noting the kind when it happens."""
        hit = self.rng.random() < share
        if hit and kind:
            self.kinds.add(kind)
        return hit

    def header(self, name: str) -> Header:
        """Return a header with a fresh id."""
        self.count += 1
        return Header(id=NodeId(f"{name}-{self.count}"))


def generate(seed: int) -> Problem:
    """Return the problem of a seed."""
    draw = _Draw(random.Random(seed))
    calendar_patterns, sessions = _patterns(draw)
    courses = _courses(draw)
    codes = [course.code for course in courses]
    program = _program(draw, codes)
    grades = MARKS if draw.chance(0.1, "lower-is-better scale") else LETTERS
    school = School(
        id="school",
        name="School",
        currency="USD",
        grades=grades,
        courses=tuple(_with_requisites(draw, courses, program, grades)),
        calendars=(("main", expand(calendar_patterns, (), 2025, 2029)),),
        offerings=tuple(_offerings(draw, codes, calendar_patterns, sessions)),
        fees=tuple(_fees(draw)),
    )
    person = Person(facts=(("residence", draw.rng.choice(["in", "out"])),))
    reading = draw.rng.choice(readings(program))
    hours = Assumption(
        id="hours-per-credit",
        text="",
        value=Fraction(45),
        low=Fraction(30),
        high=Fraction(60),
        unit="h",
        reason="",
        source="",
    )
    resolved = resolve(program, school, person, reading, {hours.id: hours})[0]
    record = _record(draw, resolved)
    student = _student(draw, resolved, person, record)
    return Problem(
        seed=seed, resolved=resolved, student=student, record=record, kinds=frozenset(draw.kinds)
    )


# ---------------------------------------------------------------- school facts


def _patterns(draw: _Draw) -> tuple[tuple[TermPattern, ...], int]:
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


def _courses(draw: _Draw) -> list[Course]:
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


def _with_requisites(
    draw: _Draw, courses: list[Course], program: Program, grades: GradeScale
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


def _requisite(draw: _Draw, earlier: list[Course], grades: GradeScale) -> Expression:
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


def _offerings(
    draw: _Draw, codes: list[CourseCode], patterns: tuple[TermPattern, ...], sessions: int
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


def _fees(draw: _Draw) -> list[Fee]:
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


# ------------------------------------------------------------------- the rules


def _selector(draw: _Draw, codes: list[CourseCode]) -> Selector:
    shape = draw.rng.choice(["codes"] * 6 + ["except"] * 3 + ["subject", "level", "topic"])
    if shape == "subject":
        return SubjectIn(subjects=(draw.rng.choice(["AA", "BB"]),))
    if shape == "level":
        return LevelIs(level=draw.rng.choice([400, 500, 600]))
    if shape == "except":
        return Except(of=AnyCourse(), without=CodeIs(code=draw.rng.choice(codes)))
    if shape == "topic":
        return Has(attribute=Attribute.TOPIC, value=draw.rng.choice(TOPICS))
    size = min(len(codes), draw.rng.choice([3, 4, 4]))
    return Union(items=tuple(CodeIs(code=code) for code in draw.rng.sample(codes, size)))


def _size(draw: _Draw, *, allow_range: bool = True) -> dict[str, Range]:
    if draw.chance(0.6, "leaf in courses"):
        n = Fraction(draw.rng.choice([1, 1, 1, 2]))
        high = n if allow_range and draw.chance(0.1, "n..m courses") else None
        return {"courses": Range(low=n, high=high)}
    n = Fraction(draw.rng.choice([2, 3, 3, 4]))
    draw.kinds.add("leaf in credits")
    high = n + 2 if allow_range and draw.chance(0.2, "n..m credits") else None
    return {"credits": Range(low=n, high=high)}


def _leaf(draw: _Draw, codes: list[CourseCode], pool: str | None = None) -> Fill:
    size = _size(draw)
    with_: tuple[Measure, ...] = ()
    if draw.chance(0.12, "leaf with minima"):
        with_ = (
            Measure(
                header=draw.header("min"),
                bound=Bound.AT_LEAST,
                of=_selector(draw, codes),
                courses=Range(low=Fraction(1)),
            ),
        )
    areas = None
    if not with_ and draw.chance(0.08, "areas"):
        areas = Areas(
            areas=(("x", _selector(draw, codes)), ("y", _selector(draw, codes))),
            shape=(Fraction(1), Fraction(1)),
        )
        size = {"courses": Range(low=Fraction(2))}
    floor = draw.rng.choice([None, None, "B", "C"])
    return Fill(
        header=draw.header("leaf"),
        from_=_selector(draw, codes),
        min_grade=floor,
        with_=with_,
        areas=areas,
        pool=pool,
        courses=size.get("courses"),
        credits=size.get("credits"),
    )


def _program(draw: _Draw, codes: list[CourseCode]) -> Program:
    children: list[Item] = [_leaf(draw, codes)]
    if draw.chance(0.3, "two leaves"):
        children.append(_leaf(draw, codes))
    if draw.chance(0.25, "any"):
        first: Item = _leaf(draw, codes)
        if draw.chance(0.4, "all under any"):
            first = All(
                header=draw.header("all"),
                children=(_leaf(draw, codes),),
                total=_block_total(draw),
            )
        children.append(
            Any(
                header=draw.header("any"),
                children=(first, _leaf(draw, codes)),
                declare=draw.chance(0.3, "declared any"),
            )
        )
    if draw.chance(0.15, "counting pool"):
        children.append(_leaf(draw, codes, pool="second"))
    if draw.chance(0.2, "view pool"):
        children.append(_leaf(draw, codes, pool="view"))
    if draw.chance(0.12, "at least"):
        children.append(
            Measure(
                header=draw.header("least"),
                bound=Bound.AT_LEAST,
                of=_selector(draw, codes),
                credits=Range(low=Fraction(draw.rng.choice([1, 3]))),
            )
        )
    if draw.chance(0.15, "at most"):
        children.append(
            Measure(
                header=draw.header("most"),
                bound=Bound.AT_MOST,
                of=_selector(draw, codes),
                credits=Range(low=Fraction(draw.rng.choice([2, 3, 5]))),
            )
        )
    if draw.chance(0.1, "gpa"):
        children.append(
            Gpa(
                header=draw.header("gpa"),
                at_least=Fraction(3),
                over=Over.ATTEMPTED,
                of=AnyCourse(),
            )
        )
    if draw.chance(0.1, "milestone"):
        children.append(Milestone(header=draw.header("milestone")))
    if draw.chance(0.1, "when"):
        children.append(
            When(
                condition=PersonIs(fact="residence", value="in"),
                then=_leaf(draw, codes),
                otherwise=None,
            )
        )
    total: Total | None = None
    disputes: tuple[Dispute, ...] = ()
    if draw.chance(0.5, "total"):
        size: Range | Reading[Range] = Range(low=Fraction(draw.rng.choice([3, 4, 6])))
        if draw.chance(0.18, "reading"):
            disputes = (Dispute(id="total", readings=(("a", ""), ("b", "")), why=""),)
            size = Reading(
                dispute="total",
                options=(("a", Range(low=Fraction(4))), ("b", Range(low=Fraction(6)))),
            )
        total = Total(credits=size, less_waived=draw.chance(0.2, "total less waived"))
        if draw.chance(0.7, "rest"):
            children.append(
                Fill(
                    header=draw.header("rest"),
                    from_=_selector(draw, codes) if draw.chance(0.3) else AnyCourse(),
                    rest=True,
                )
            )
    tree = All(header=Header(id=NodeId("degree")), children=tuple(children), total=total)
    leaves = [node for node in _leaves(tree)]
    return Program(
        id="program",
        school="school",
        name="Program",
        degree="MS",
        catalog_year="2026",
        credit_unit="credit",
        tree=tree,
        rules=tuple(_rules(draw, codes, leaves)),
        enrolment=_enrolment(draw, codes),
        pools=(Pool(name="second"), Pool(name="view", counts=False)),
        disputes=disputes,
    )


def _leaves(item: Item) -> list[Fill]:
    if isinstance(item, Fill):
        return [item]
    if isinstance(item, All | Any):
        return [leaf for child in item.children for leaf in _leaves(child)]
    return []


def _block_total(draw: _Draw) -> Total | None:
    if draw.chance(0.55, "block total"):
        return Total(credits=Range(low=Fraction(3)))
    return None


def _rules(draw: _Draw, codes: list[CourseCode], leaves: list[Fill]) -> list[Rule]:
    found: list[Rule] = []
    if draw.chance(0.2, "gate"):
        node = draw.rng.choice([leaf for leaf in leaves if not leaf.rest])
        needs: Expression = draw.rng.choice(
            [
                NodeDone(node=node.header.id),
                CoursesOf(courses=1, of=Has(attribute=Attribute.ATTRIBUTE, value="base")),
            ]
        )
        found.append(
            Gate(
                header=draw.header("gate"),
                needs=needs,
                locks=None if draw.rng.random() < 0.6 else _selector(draw, codes),
                free=CodeIs(code=draw.rng.choice(codes)) if draw.rng.random() < 0.3 else None,
                by_terms=draw.rng.choice([None, 1, 2]),
                on_miss=draw.rng.choice([OnMiss.WARN, OnMiss.BLOCK]),
            )
        )
    if draw.chance(0.15, "position"):
        points: list[dict[str, Point | bool]] = [
            {"start_from": Point(kind=PointKind.CONFERRAL, span=Span(n=1, unit=SpanUnit.TERM))},
            {"by": Point(kind=PointKind.MATRICULATION, span=Span(n=1, unit=SpanUnit.TERM))},
            {"start_from": Point(kind=PointKind.CONFERRAL, span=Span(n=6, unit=SpanUnit.MONTH))},
            {"start_from": Point(kind=PointKind.FINISHED, credits=Fraction(3))},
            {"alone": True},
        ]
        found.append(
            Position(
                header=draw.header("position"),
                of=CodeIs(code=draw.rng.choice(codes)),
                **draw.rng.choice(points),  # type: ignore[arg-type]
            )
        )
    if draw.chance(0.1, "twins"):
        pair = tuple(CodeIs(code=code) for code in draw.rng.sample(codes, 2))
        found.append(
            Measure(
                header=draw.header("twins"),
                bound=Bound.AT_MOST,
                of=Union(items=pair),
                courses=Range(low=Fraction(1)),
            )
        )
    if draw.chance(0.1, "exclude"):
        one, other = draw.rng.sample(codes, 2)
        found.append(Exclude(header=draw.header("exclude"), course=one, condition=Done(code=other)))
    if len(leaves) > 1 and draw.chance(0.15, "overlap"):
        one_leaf, other_leaf = draw.rng.sample([leaf for leaf in leaves], 2)
        found.append(
            Overlap(
                header=draw.header("overlap"),
                between=(one_leaf.header.id, other_leaf.header.id),
                of=AnyCourse() if draw.rng.random() < 0.7 else _selector(draw, codes),
                at_most_courses=draw.rng.choice([None, 1]),
            )
        )
    return found


def _enrolment(draw: _Draw, codes: list[CourseCode]) -> Enrolment:
    loads: list[Load] = []
    if draw.chance(0.35, "load in credits"):
        loads.append(
            Load(
                header=draw.header("load"),
                per="term",
                of=AnyCourse(),
                credits=Range(low=Fraction(0), high=Fraction(draw.rng.choice([4, 6, 7]))),
            )
        )
    if draw.chance(0.25, "load in courses"):
        loads.append(
            Load(
                header=draw.header("load"),
                per=draw.rng.choice(["session", "Fall", "year"]),
                of=AnyCourse(),
                courses=Range(low=Fraction(0), high=Fraction(draw.rng.choice([1, 2]))),
            )
        )
    if draw.chance(0.08, "least load"):
        loads.append(
            Load(
                header=draw.header("load"),
                per="term",
                of=AnyCourse(),
                courses=Range(low=Fraction(1), high=None),
            )
        )
    return Enrolment(
        loads=tuple(loads),
        gap_months=9 if draw.chance(0.08, "gap") else None,
        max_months=20 if draw.chance(0.1, "maximum") else None,
    )


# -------------------------------------------------------------- the person


def _record(draw: _Draw, resolved: Resolved) -> Record:
    attempts: list[Attempt] = []
    codes = list(resolved.courses)
    if draw.chance(0.35, "record"):
        for code in draw.rng.sample(codes, draw.rng.choice([1, 1, 2])):
            attempts.append(_attempt(draw, resolved, code))
        if draw.chance(0.2, "external course"):
            attempts.append(
                Attempt(
                    id="external",
                    course=CourseCode("ZZ 410"),
                    credits=Fraction(3),
                    status=AttemptStatus.PASSED,
                    source=CreditSource.TRANSFER,
                )
            )
    return Record(
        matriculation=dt.date(2026, 1, 1) if attempts else dt.date(2026, 8, 1),
        attempts=tuple(attempts),
    )


def _attempt(draw: _Draw, resolved: Resolved, code: CourseCode) -> Attempt:
    course = resolved.courses[code]
    shape = draw.rng.choice(["passed", "passed", "low grade", "waiver", "transfer", "withdrawn"])
    draw.kinds.add(f"record: {shape}")
    grades = [grade.name for grade in resolved.scale.grades]
    runs = [
        run
        for run in resolved.runs_of(code)
        if resolved.calendar.leaves[run.leaves[-1]].end < TODAY
        and resolved.calendar.leaves[run.leaves[0]].start >= dt.date(2026, 1, 1)
    ]
    periods = tuple(resolved.calendar.leaves[i].id for i in runs[-1].leaves) if runs else ()
    if shape == "waiver":
        return Attempt(
            id=f"waiver:{code}",
            course=code,
            credits=Fraction(0),
            status=AttemptStatus.PASSED,
            source=CreditSource.WAIVER,
        )
    if shape == "transfer" or not periods:
        return Attempt(
            id=f"transfer:{code}",
            course=code,
            credits=course.credits_low,
            status=AttemptStatus.PASSED,
            source=CreditSource.TRANSFER,
        )
    return Attempt(
        id=f"done:{code}",
        course=code,
        credits=course.credits_low,
        periods=periods,
        grade={"passed": grades[0], "low grade": grades[2], "withdrawn": None}[shape],
        status=AttemptStatus.WITHDRAWN if shape == "withdrawn" else AttemptStatus.PASSED,
    )


def _student(draw: _Draw, resolved: Resolved, person: Person, record: Record) -> Student:
    codes = list(resolved.courses)
    hours = draw.rng.choice([None, None, None, 15, 20])
    levels = list(Level)
    if draw.chance(0.5, "other order of levels"):
        draw.rng.shuffle(levels)
    pauses: tuple[DayRange, ...] = ()
    if draw.chance(0.1, "pause"):
        pauses = (DayRange(first=dt.date(2027, 1, 1), last=dt.date(2027, 2, 1)),)
    by_range: tuple[LimitByRange, ...] = ()
    if draw.chance(0.07, "hours by range"):
        days = DayRange(first=dt.date(2026, 9, 1), last=dt.date(2026, 12, 31))
        by_range = (LimitByRange(days=days, limit=draw.rng.choice([0, 8])),)
    wishes = Wishes(
        hours_per_week=hours,
        hours_are_assumed=False,
        hours_by_range=by_range,
        pauses=pauses,
        courses_per_period=draw.rng.choice([1, 2]) if draw.chance(0.2, "course limit") else None,
        budget_total=Money(minor=draw.rng.choice([1200_00, 2000_00]), currency="USD")
        if draw.chance(0.15, "budget")
        else None,
        budget_by_year=((draw.rng.choice([None, 2027]), Money(minor=900_00, currency="USD")),)
        if draw.chance(0.15, "budget by year")
        else (),
        deadline=draw.rng.choice([dt.date(2027, 6, 1), *[dt.date(2027, 12, 31)] * 3]),
        wanted=(draw.rng.choice(codes),) if draw.chance(0.12, "wanted course") else (),
        wanted_topics=tuple(draw.rng.sample(TOPICS, 1)) if draw.chance(0.3, "topics") else (),
        levels=tuple(levels),
    )
    unwanted = draw.rng.choice(codes)
    if unwanted not in wishes.wanted and draw.chance(0.12, "unwanted course"):
        fields = {name: getattr(wishes, name) for name in wishes.__dataclass_fields__}
        wishes = Wishes(**{**fields, "unwanted": (unwanted,)})
    return Student(
        matriculation=record.matriculation or TODAY,
        plan_from=dt.date(2026, 8, 1),
        record=record,
        person=person,
        wishes=wishes,
    )
