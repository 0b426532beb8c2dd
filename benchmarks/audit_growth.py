"""How the time of one audit grows with uses and with leaves, on a plain and on an adverse shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from measurement import Measurement, percentile, seconds
from prospectus.audit import audit
from prospectus.domain.course import Course, CourseCode, Grade, GradeScale
from prospectus.domain.expression import AnyCourse, CodeIs, Selector, Union
from prospectus.domain.meaning import resolve
from prospectus.domain.period import Calendar
from prospectus.domain.program import Program, Resolved, School
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.requirement import All, Bound, Fill, Header, Measure, NodeId, Range, Total
from prospectus.domain.rule import Rule
from prospectus.domain.student import Person
from spine import TODAY

SIZES = (5, 10, 20, 30, 40)
USES, LEAVES = 20, 8
"""How many there are of what does not grow."""
MOST_SECONDS = 2.0
CODES = tuple(CourseCode(f"CS {600 + number}") for number in range(100))

Shape = Callable[[int, int], Resolved]


def growth() -> Iterator[Measurement]:
    """Yield the time at the largest size, with the smallest as its baseline and all in the note."""
    for shape, suffix, told in (
        (master, "", "lists of 5 that overlap by 1, the rest free"),
        (adverse, "_adverse", "lists of 9 with a minimum each that overlap by 6, 4 caps across"),
    ):
        for what in ("uses", "leaves"):
            times = []
            words = []
            for size in SIZES:
                uses, leaves = (size, LEAVES) if what == "uses" else (USES, size)
                value, is_proven = _timed(shape, uses, leaves)
                times.append(value)
                words.append(f"{size}: {value:.1f}{'' if is_proven else ' (limit)'}")
            beside = f"{LEAVES} leaves" if what == "uses" else f"{USES} uses"
            yield Measurement(
                id=f"audit.growth_{what}{suffix}",
                value=times[-1],
                unit="ms",
                baseline=times[0],
                baseline_name=f"{SIZES[0]} {what}",
                note=f"{told}; {beside}; {what} and ms: {', '.join(words)}",
            )


def _timed(shape: Shape, uses: int, leaves: int) -> tuple[float, bool]:
    resolved, record = shape(uses, leaves), _record(uses)
    first = 1000 * seconds(lambda: audit(resolved, record, TODAY, seconds=MOST_SECONDS))
    result = audit(resolved, record, TODAY, seconds=MOST_SECONDS)
    times = [
        1000 * seconds(lambda: audit(resolved, record, TODAY, seconds=MOST_SECONDS))
        for _ in range(5 if first < 200 else 1)
    ]
    return percentile(times, 0.5), result.is_proven


def _record(uses: int) -> Record:
    # every other course of the catalogue, so that each list has some and lacks some
    attempts = tuple(
        Attempt(
            id=str(code),
            course=code,
            credits=Fraction(3),
            status=AttemptStatus.PASSED,
            grade="A",
        )
        for code in CODES[: 2 * uses : 2]
    )
    return Record(attempts=attempts)


def master(uses: int, leaves: int) -> Resolved:
    """Return lists of which one course is asked, a total a little beyond the record, the rest."""
    lists = [
        _leaf(f"list-{place}", _some(CODES[4 * place % 90 : 4 * place % 90 + 5]), 1)
        for place in range(leaves - 1)
    ]
    total = 3 * (max(uses, leaves) + 3)
    return _resolved((*lists, _leaf("rest", AnyCourse(), None)), total, ())


def adverse(uses: int, leaves: int) -> Resolved:
    """Return overlapping lists with a minimum each, and caps across all of them."""
    lists = []
    for place in range(leaves):
        codes = CODES[3 * place % 90 : 3 * place % 90 + 9]
        least = _measure(f"min-{place}", Bound.AT_LEAST, _some(codes[:4]), 1)
        lists.append(_leaf(f"list-{place}", _some(codes), 2, with_=(least,)))
    caps = tuple(
        _measure(f"cap-{place}", Bound.AT_MOST, _some(CODES[place::3]), leaves)
        for place in range(3)
    )
    across = _measure("cap-3", Bound.AT_MOST, _some(CODES[::4]), leaves)
    return _resolved(tuple(lists), None, (*caps, across))


def _some(codes: Sequence[CourseCode]) -> Selector:
    return Union(items=tuple(CodeIs(code=code) for code in codes))


def _leaf(name: str, of: Selector, count: int | None, with_: tuple[Measure, ...] = ()) -> Fill:
    size = None if count is None else Range(low=Fraction(count))
    header = Header(id=NodeId(name))
    return Fill(header=header, from_=of, courses=size, rest=count is None, with_=with_)


def _measure(name: str, bound: Bound, of: Selector, courses: int) -> Measure:
    size = Range(low=Fraction(courses))
    return Measure(header=Header(id=NodeId(name)), bound=bound, of=of, courses=size)


def _resolved(leaves: tuple[Fill, ...], total: int | None, rules: tuple[Rule, ...]) -> Resolved:
    asked = None if total is None else Total(credits=Range(low=Fraction(total)))
    program = Program(
        id="growth",
        school="school",
        name="Master",
        degree="MS",
        catalog_year="2026-27",
        credit_unit="credit",
        tree=All(header=Header(id=NodeId("degree")), children=leaves, total=asked),
        rules=rules,
    )
    school = School(
        id="school",
        name="School",
        currency="USD",
        grades=GradeScale(grades=(Grade(name="A", points=Fraction(4)),), usual="A"),
        courses=tuple(
            Course(code=code, title=code, credits_low=Fraction(3), credits_high=Fraction(3))
            for code in CODES
        ),
        calendars=(("main", Calendar(terms=(), leaves=())),),
    )
    return resolve(program, school, Person(), (), {})[0]
