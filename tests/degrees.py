"""Terse constructors of tiny degrees, records and witnesses, for tests of what rules mean.

A test says only what it is about: everything else (a catalogue of three-credit courses, a
calendar of Falls, Springs and Summers, courses on offer in every term) is given here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from prospectus.domain.course import Course, CourseCode, Delivery, Grade, GradeScale, Hours
from prospectus.domain.expression import (
    AnyCourse,
    Attribute,
    CodeIs,
    Done,
    Expression,
    Has,
    InSet,
    Selector,
    Union,
)
from prospectus.domain.facts import Assumption, Money, Provenance
from prospectus.domain.meaning import appraise, judge, resolve
from prospectus.domain.offering import Offering, OfferingKind
from prospectus.domain.period import Calendar, TermPattern, expand
from prospectus.domain.plan import (
    Allocation,
    Appraisal,
    Completion,
    Placement,
    Verdict,
    Witness,
)
from prospectus.domain.program import Dispute, Pool, Program, Resolved, School
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record
from prospectus.domain.requirement import (
    All,
    Amount,
    Any,
    Areas,
    Bound,
    Fill,
    Gpa,
    Header,
    Item,
    Measure,
    Milestone,
    NodeId,
    Over,
    Range,
    Reading,
    Share,
    Total,
    When,
)
from prospectus.domain.rule import (
    Enrolment,
    Load,
    Overlap,
    Point,
    PointKind,
    RecordRules,
    Rule,
    Span,
    SpanUnit,
)
from prospectus.domain.student import Person, Student, Wishes

TODAY = dt.date(2026, 7, 1)
START = dt.date(2026, 8, 1)

Size = int | str | Fraction | tuple[int, int] | Amount
From = Selector | str | Sequence["str | Selector"]

LETTERS = GradeScale(
    grades=(
        Grade(name="A", points=Fraction(4)),
        Grade(name="B", points=Fraction(3)),
        Grade(name="C", points=Fraction(2)),
        Grade(name="D", points=Fraction(1)),
        Grade(name="F", points=Fraction(0), earns=False),
        Grade(name="P"),
        Grade(name="W", earns=False, in_mean=False),
    ),
    usual="B",
)
LOWER_IS_BETTER = GradeScale(
    grades=(
        Grade(name="1.0", points=Fraction(1)),
        Grade(name="2.0", points=Fraction(2)),
        Grade(name="3.0", points=Fraction(3)),
        Grade(name="5.0", points=Fraction(5), earns=False),
    ),
    usual="2.0",
)
MARKS = GradeScale(
    grades=(
        Grade(name="first", low=Fraction(70), high=Fraction(100)),
        Grade(name="second", low=Fraction(50), high=Fraction(69)),
        Grade(name="fail", low=Fraction(0), high=Fraction(49), earns=False),
    ),
    usual="second",
)

HOURS_PER_CREDIT = Assumption(
    id="hours-per-credit",
    text="A credit asks 45 hours of work in all",
    value=Fraction(45),
    low=Fraction(30),
    high=Fraction(60),
    unit="hours per credit",
    reason="no weekly hours are published",
    source="34 CFR 600.2",
)

# ------------------------------------------------------------------- time

TERMS = (
    TermPattern(season="Spring", spans=(((1, 10), (5, 1)),), grades_after_days=5),
    TermPattern(season="Summer", spans=(((5, 15), (8, 1)),), grades_after_days=5),
    TermPattern(season="Fall", spans=(((8, 20), (12, 10)),), grades_after_days=5),
)
SESSIONS = (
    TermPattern(season="Spring", spans=(((1, 10), (3, 1)), ((3, 2), (5, 1))), has_sessions=True),
    TermPattern(
        season="Fall", spans=(((8, 20), (10, 10)), ((10, 11), (12, 10))), has_sessions=True
    ),
)


def calendar(patterns: tuple[TermPattern, ...] = TERMS) -> Calendar:
    """Return the calendar of 2016..2032."""
    return expand(patterns, (), 2016, 2032)


# ---------------------------------------------------------------- courses


def course(code: str, credits: int | str | tuple[int, int] = 3, **more: object) -> Course:
    """Return a course; `hours=12`, `topics=["nlp"]`, `areas=`, `attributes=` as plain lists."""
    low, high = credits if isinstance(credits, tuple) else (credits, credits)
    for name in ("topics", "areas", "attributes", "unknown", "restricted_to"):
        if name in more:
            more[name] = frozenset(more[name])  # type: ignore[call-overload]
    if "hours" in more:
        more["hours"] = Hours(hours_per_week=more["hours"], provenance=Provenance())  # type: ignore[arg-type]
    more.setdefault("delivery", Delivery.ASYNC)
    return Course(
        code=CourseCode(code),
        title=str(more.pop("title", code)),
        credits_low=Fraction(low),
        credits_high=Fraction(high),
        **more,  # type: ignore[arg-type]
    )


CATALOGUE = tuple(
    course(code)
    for code in ("CS 600", "CS 610", "CS 620", "CS 630", "CS 700", "CS 710", "MATH 500", "MATH 510")
)


def of(what: From) -> Selector:
    """Return a selector: a code, several, `any`, `set name`, `@attribute`, or one as it is."""
    if isinstance(what, str):
        if what == "any":
            return AnyCourse()
        if what.startswith("set "):
            return InSet(name=what.removeprefix("set "))
        if what.startswith("@"):
            return Has(attribute=Attribute.ATTRIBUTE, value=what[1:])
        code, _, floor = what.partition(" [")
        return CodeIs(code=code, min_grade=floor.rstrip("]") or None)
    if isinstance(what, Sequence):
        return Union(items=tuple(of(item) for item in what))
    return what


def has(attribute: str, value: str) -> Has:
    """Return the selector of an attribute's value."""
    return Has(attribute=Attribute(attribute), value=value)


def done(code: str, **more: object) -> Done:
    """Return the condition that a course is done."""
    return Done(code=code, **more)  # type: ignore[arg-type]


# ------------------------------------------------------------------ rules


def size(value: Size | None) -> Amount | None:
    """Return `3`, `"8/3"` or `(3, 6)` as a range; what depends on facts as it is."""
    if value is None or isinstance(value, Range | When | Reading):
        return value
    if isinstance(value, tuple):
        return Range(low=Fraction(value[0]), high=Fraction(value[1]))
    return Range(low=Fraction(value))


def header(id: str, **more: object) -> Header:
    """Return the header of a node or rule."""
    return Header(id=NodeId(id), **more)  # type: ignore[arg-type]


def leaf(
    id: str,
    from_: From = "any",
    courses: Size | None = None,
    *,
    credits: Size | None = None,
    **more: object,
) -> Fill:
    """Return a leaf; `with_=[...]`, `areas={"x": ...}` with `shape=(1, 1)`."""
    rest = credits == "rest"
    if "areas" in more:
        areas: Mapping[str, From] = more.pop("areas")  # type: ignore[assignment]
        shape: Sequence[int] = more.pop("shape")  # type: ignore[assignment]
        more["areas"] = Areas(
            areas=tuple((name, of(which)) for name, which in areas.items()),
            shape=tuple(Fraction(count) for count in shape),
            in_credits=bool(more.pop("in_credits", False)),
        )
    return Fill(
        header=header(id),
        from_=of(from_),
        courses=size(courses),
        credits=None if rest else size(credits),
        rest=rest,
        with_=tuple(more.pop("with_", ())),  # type: ignore[arg-type, call-overload]
        **more,  # type: ignore[arg-type]
    )


def all_(id: str, *children: Item, total: Size | Total | None = None, **more: object) -> All:
    """Return an `all`, with a total in credits."""
    whole = total if isinstance(total, Total) else None
    if total is not None and whole is None:
        whole = Total(credits=size(total))  # type: ignore[arg-type]
    return All(header=header(id), children=children, total=whole, **more)  # type: ignore[arg-type]


def any_(id: str, *children: Item, n: int = 1, **more: object) -> Any:
    """Return an `any`."""
    return Any(header=header(id), children=children, n=n, **more)  # type: ignore[arg-type]


def _measure(id: str, bound: Bound, of_: From, more: dict[str, object]) -> Measure:
    credits = more.pop("credits", None)
    return Measure(
        header=header(id),
        bound=bound,
        of=of(of_),
        credits=credits if isinstance(credits, Share) else size(credits),  # type: ignore[arg-type]
        courses=size(more.pop("courses", None)),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def at_most(id: str, of_: From, **more: object) -> Measure:
    """Return an `at_most` of `credits=` or `courses=`."""
    return _measure(id, Bound.AT_MOST, of_, more)


def at_least(id: str, of_: From, **more: object) -> Measure:
    """Return an `at_least` of `credits=` or `courses=`."""
    return _measure(id, Bound.AT_LEAST, of_, more)


def mean(
    least: str | int = 3, of_: From = "any", over: Over = Over.ATTEMPTED, **more: object
) -> Gpa:
    """Return a node `gpa`."""
    return Gpa(
        header=header(str(more.pop("id", "gpa"))),
        at_least=Fraction(least),
        over=over,
        of=of(of_),
        **more,  # type: ignore[arg-type]
    )


def milestone(id: str, **more: object) -> Milestone:
    """Return a milestone."""
    return Milestone(header=header(id), **more)  # type: ignore[arg-type]


def share(*between: str, of_: From = "any", **more: object) -> Overlap:
    """Return an overlap `share`."""
    return Overlap(header=header("share"), between=between, of=of(of_), **more)  # type: ignore[arg-type]


def load(id: str, per: str, of_: From = "any", **more: object) -> Load:
    """Return a load; `credits=(0, 7)` or `courses=(1, 9)`."""
    for name in ("credits", "courses"):
        if name in more:
            more[name] = size(more[name])  # type: ignore[arg-type]
    return Load(header=header(id), per=per, of=of(of_), **more)  # type: ignore[arg-type]


def point(kind: PointKind, n: int = 0, unit: SpanUnit = SpanUnit.TERM, **more: object) -> Point:
    """Return a point in the course of study, so many terms (months, ...) from another."""
    span = Span(n=n, unit=unit) if n else None
    return Point(kind=kind, span=span, **more)  # type: ignore[arg-type]


# ---------------------------------------------------------------- degrees


def school_of(courses: Sequence[Course] = CATALOGUE, **more: object) -> School:
    """Return a school that offers each course in every Fall, Spring and Summer."""
    times: Calendar = more.pop("calendar", None) or calendar()  # type: ignore[assignment]
    seasons = sorted({term.season for term in times.terms})
    offerings = more.pop("offerings", None)
    if offerings is None:
        offerings = tuple(offered(item.code, *seasons) for item in courses)
        offerings = tuple(row for rows in offerings for row in rows)
    return School(
        id="school",
        name="School",
        currency="USD",
        grades=more.pop("grades", LETTERS),  # type: ignore[arg-type]
        courses=tuple(courses),
        calendars=(("main", times),),
        offerings=offerings,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def offered(code: str, *seasons: str, **more: object) -> tuple[Offering, ...]:
    """Return the pattern that a course runs in these seasons."""
    more.setdefault("kind", OfferingKind.EXPECTED)
    return tuple(
        Offering(course=CourseCode(code), season=season, **more)  # type: ignore[arg-type]
        for season in seasons
    )


def program(
    *children: Item,
    total: Size | Total | None = None,
    rules: Sequence[Rule | When[Rule] | Reading[Rule]] = (),
    sets: Mapping[str, From] | None = None,
    pools: Mapping[str, bool] | None = None,
    enrolment: Enrolment | Sequence[Load] = (),
    disputes: Sequence[str] = (),
    **more: object,
) -> Program:
    """Return a programme whose tree is an `all` of these children.

    `pools` tells for each whether it counts; a dispute `x` has the readings `a` and `b`.
    """
    if not isinstance(enrolment, Enrolment):
        enrolment = Enrolment(loads=tuple(enrolment))
    return Program(
        id="ms",
        school="school",
        name="Master",
        degree="MS",
        catalog_year="2026-27",
        credit_unit="credit",
        tree=all_("degree", *children, total=total),
        rules=tuple(rules),
        enrolment=enrolment,
        record_rules=more.pop("record_rules", RecordRules()),  # type: ignore[arg-type]
        sets=tuple((name, of(which)) for name, which in (sets or {}).items()),
        pools=tuple(Pool(name=name, counts=counts) for name, counts in (pools or {}).items()),
        disputes=tuple(
            Dispute(id=name, readings=(("a", ""), ("b", "")), why="") for name in disputes
        ),
        **more,  # type: ignore[arg-type]
    )


def degree(
    *children: Item,
    courses: Sequence[Course] = CATALOGUE,
    school: Mapping[str, object] | None = None,
    person: Person | None = None,
    reading: tuple[tuple[str, str], ...] = (),
    assumptions: Sequence[Assumption] = (),
    **more: object,
) -> Resolved:
    """Return the resolved rules of a programme; see `program` and `school_of`."""
    found = resolve(
        program(*children, **more),  # type: ignore[arg-type]
        school_of(courses, **(school or {})),
        person or Person(),
        reading,
        {item.id: item for item in assumptions},
    )
    assert len(found) == 1, "a fact is not known: use `resolve`"
    return found[0]


# ---------------------------------------------------------------- records


def taken(code: str, grade: str | None = "A", when: str = "Fall 2025", **more: object) -> Attempt:
    """Return a passed attempt of three credits; its id is the code."""
    periods = more.pop("periods", (when,) if when else ())
    return Attempt(
        id=str(more.pop("id", code)),
        course=CourseCode(code),
        credits=Fraction(more.pop("credits", 3)),  # type: ignore[arg-type]
        status=more.pop("status", AttemptStatus.PASSED),  # type: ignore[arg-type]
        grade=grade,
        periods=periods,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def planned(code: str, when: str = "Fall 2026", **more: object) -> Attempt:
    """Return a planned attempt."""
    return taken(code, None, when, status=AttemptStatus.PLANNED, **more)


def running(code: str, when: str = "Summer 2026", **more: object) -> Attempt:
    """Return an attempt in progress."""
    return taken(code, None, when, status=AttemptStatus.IN_PROGRESS, **more)


def failed(code: str, when: str = "Fall 2025", **more: object) -> Attempt:
    """Return a failed attempt with grade F."""
    return taken(code, "F", when, status=AttemptStatus.FAILED, **more)


def transfer(code: str, **more: object) -> Attempt:
    """Return transfer credit without a letter."""
    more.setdefault("source", CreditSource.TRANSFER)
    return taken(code, more.pop("grade", None), "", **more)  # type: ignore[arg-type]


def waived(code: str) -> Attempt:
    """Return the waiver of a course."""
    return taken(code, None, "", credits=0, source=CreditSource.WAIVER)


# --------------------------------------------------------------- judging

Places = Mapping[str, Sequence[str] | str]


def _named(where: Places) -> list[tuple[str, str, str]]:
    """Return (course or attempt, leaf, area) of `{"core": ["CS 600", "CS 610 @ theory"]}`."""
    found = []
    for name, held in where.items():
        for text in [held] if isinstance(held, str) else held:
            what, _, area = text.partition(" @ ")
            found.append((what, name, area))
    return found


def witness(
    placed: Places | None = None,
    *,
    chosen: Mapping[str, Sequence[str] | str] | None = None,
    completion: Places | None = None,
    allocated: Mapping[str, Places] | None = None,
    parts: Mapping[tuple[str, str], int] | None = None,
    conferral: dt.date | None = None,
) -> Witness:
    """Return a witness: what each leaf holds, by attempt id, and what would complete it."""
    split = {key: Fraction(part) for key, part in (parts or {}).items()}
    return Witness(
        placements=tuple(
            Placement(attempt=what, leaf=NodeId(name), area=area, part=split.get((what, name)))
            for what, name, area in _named(placed or {})
        ),
        choices=tuple(
            (NodeId(node), tuple(NodeId(c) for c in ([found] if isinstance(found, str) else found)))
            for node, found in (chosen or {}).items()
        ),
        completion=tuple(
            Completion(course=CourseCode(what), leaf=NodeId(name), area=area)
            for what, name, area in _named(completion or {})
        ),
        allocations=tuple(
            Allocation(
                node=NodeId(node),
                placements=tuple(
                    Placement(attempt=what, leaf=NodeId(name), area=area)
                    for what, name, area in _named(where)
                ),
            )
            for node, where in (allocated or {}).items()
        ),
        conferral=conferral,
    )


def record(*attempts: Attempt, **more: object) -> Record:
    """Return a record that began on 2024-01-01."""
    more.setdefault("matriculation", dt.date(2024, 1, 1))
    return Record(attempts=attempts, **more)  # type: ignore[arg-type]


def judge_it(
    rules: Resolved,
    what: Record | Sequence[Attempt],
    placed: Places | None = None,
    *,
    today: dt.date = TODAY,
    **more: object,
) -> Verdict:
    """Return the verdict on attempts (or a record) under a witness; see `witness`."""
    whole = what if isinstance(what, Record) else record(*what)
    return judge(rules, whole, witness(placed, **more), today)  # type: ignore[arg-type]


def appraise_it(
    rules: Resolved, what: Record | Sequence[Attempt], *, today: dt.date = TODAY, **wishes: object
) -> Appraisal:
    """Return the appraisal of attempts for a person without an hour limit, with these wishes."""
    whole = what if isinstance(what, Record) else record(*what)
    wishes.setdefault("hours_per_week", None)
    student = Student(
        matriculation=START,
        plan_from=wishes.pop("plan_from", START),  # type: ignore[arg-type]
        record=whole,
        wishes=Wishes(**wishes),  # type: ignore[arg-type]
    )
    return appraise(rules, student, whole, Witness(), today)


def broken(found: Verdict) -> set[str]:
    """Return the ids of the order rules that planned starts break."""
    return {breach.rule for breach in found.breaches}


def noted(found: Verdict) -> set[str]:
    """Return the ids of the rules that notes speak of."""
    return {note.rule for note in found.notes}


def faulted(found: Verdict) -> set[str]:
    """Return the ids of the nodes and rules that make the witness invalid."""
    return {fault.rule for fault in found.faults}


def usd(amount: int) -> Money:
    """Return whole dollars."""
    return Money(minor=amount * 100, currency="USD")


def knowing(**facts: object) -> Person:
    """Return a person; `residence="MN"` and the like are facts, the rest fields."""
    fields = {name: facts.pop(name) for name in tuple(facts) if name in Person.__slots__}
    stated = tuple((name, str(value)) for name, value in facts.items())
    return replace(Person(**fields), facts=stated)  # type: ignore[arg-type]


def is_requisite(code: str) -> str:
    """Return the rule id of a course's prerequisites."""
    return f"requisite {code}"


def asks(code: str, condition: Expression, credits: int = 3, **more: object) -> Course:
    """Return a course with an enforced prerequisite."""
    return course(code, credits, requisite=condition, **more)
