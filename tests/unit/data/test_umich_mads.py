"""Facts of the MADS files against the numbers of their sources."""

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from math import inf

import pytest
from bundled_records import TODAY, judged, leaf, passed, planned

from prospectus.catalogs.load import Catalog
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import And, CodeIs, Done, Expression, NodeDone, Or, Union
from prospectus.domain.facts import Certainty
from prospectus.domain.meaning import appraise, readings
from prospectus.domain.period import Calendar
from prospectus.domain.plan import Standing, Witness
from prospectus.domain.printer import print_expression
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource, Record
from prospectus.domain.student import Student

MILESTONE_1 = ["501", "502", "503", "505", "511", "515", "516", "521", "522"]
MILESTONE_2 = ["532", "542", "543", "630", "632", "642", "643"]


@pytest.fixture(scope="module")
def mads(resolved_for: Callable[..., Resolved]) -> Resolved:
    """MADS of 2023-24 read with 34 credits."""
    return resolved_for("umich-mads", ("total", "34"))


def listed(resolved: Resolved, id: str) -> set[str]:
    chosen = leaf(resolved, id).from_
    assert isinstance(chosen, Union)
    return {item.code for item in chosen.items if isinstance(item, CodeIs)}


def sessions_of(resolved: Resolved, code: str) -> set[tuple[int | None, ...]]:
    """Return the sessions that runs of a course occupy, over all years."""
    leaves = resolved.calendar.leaves
    return {
        tuple(leaves[i].session for i in run.leaves) for run in resolved.runs_of(CourseCode(code))
    }


def test_it_has_the_thirty_seven_courses_whose_syllabi_were_found(catalog: Catalog) -> None:
    courses = catalog.school("umich").courses
    assert len(courses) == 37
    credits = {c.code: (c.credits_low, c.credits_high) for c in courses}
    unusual = {code: size for code, size in credits.items() if size != (1, 1)}
    assert unusual == {
        "SIADS 593": (2, 2),
        "SIADS 696": (2, 2),
        "SIADS 699": (3, 3),
        "SIADS 691": (1, 2),
    }


def test_the_required_blocks_are_those_of_the_milestones(mads: Resolved) -> None:
    assert listed(mads, "milestone_1_base") == {f"SIADS {n}" for n in MILESTONE_1}
    assert listed(mads, "milestone_2_base") == {f"SIADS {n}" for n in MILESTONE_2}
    assert listed(mads, "application") == {f"SIADS {n}" for n in (680, 682, 685, 688)}
    assert {leaf(mads, "milestone_1_base").min_grade, leaf(mads, "remaining").min_grade} == {"C-"}


def test_the_total_is_disputed_and_leaves_ten_or_fourteen_credits(
    catalog: Catalog, resolved_for: Callable[..., Resolved]
) -> None:
    program = catalog.program("umich-mads")
    assert readings(program) == ((("total", "34"),), (("total", "38"),))
    for reading, rest in (("34", 10), ("38", 14)):
        tree = resolved_for("umich-mads", ("total", reading)).tree
        assert tree.total is not None
        assert tree.total.credits is not None
        assert tree.total.credits.low - (7 + 9 + 7 + 1) == rest


@pytest.mark.parametrize(
    ("code", "sessions"),
    [
        ("SIADS 501", {(1,)}),
        ("SIADS 511", {(2,)}),
        ("SIADS 642", {(3,)}),
        ("SIADS 516", {(4,)}),
        ("SIADS 593", {(1, 2)}),
        ("SIADS 696", {(1, 2)}),
        ("SIADS 699", {(2, 3, 4)}),
        ("SIADS 691", {(1,), (2,), (3,), (4,)}),
    ],
)
def test_a_course_runs_in_the_same_sessions_of_every_semester(
    mads: Resolved, code: str, sessions: set[tuple[int, ...]]
) -> None:
    assert sessions_of(mads, code) == sessions
    seasons = {mads.calendar.leaves[run.leaves[0]].season for run in mads.runs_of(CourseCode(code))}
    assert seasons == {"Fall", "Winter", "Summer"}


def test_fall_2023_has_the_days_of_the_syllabi_and_all_others_are_assumed(mads: Resolved) -> None:
    published = [leaf for leaf in mads.calendar.leaves if leaf.published]
    assert [(leaf.start, leaf.end) for leaf in published] == [
        (dt.date(2023, 8, 29), dt.date(2023, 9, 25)),
        (dt.date(2023, 9, 26), dt.date(2023, 10, 23)),
        (dt.date(2023, 10, 24), dt.date(2023, 11, 20)),
        (dt.date(2023, 11, 21), dt.date(2023, 12, 18)),
    ]
    others = [leaf for leaf in mads.calendar.leaves if not leaf.published]
    assert {leaf.provenance.assumption for leaf in others} == {"umich-session-dates"}
    assert {leaf.n_weeks for leaf in mads.calendar.leaves} == {4}


@pytest.mark.parametrize(
    ("code", "requisite"),
    [
        ("SIADS 643", "SIADS 542 and SIADS 532 and SIADS 632"),
        ("SIADS 680", "done(milestone_2_base)"),
        ("SIADS 685", "SIADS 696/1"),
        (
            "SIADS 688",
            "concurrent SIADS 630 [C-] and concurrent SIADS 631 [C-] "
            "and concurrent SIADS 696/1 [C-]",
        ),
        ("SIADS 699", "SIADS 696 and (SIADS 680 or SIADS 682 or SIADS 685 or SIADS 688)"),
        ("SIADS 691", 'approval("faculty mentor")'),
    ],
)
def test_prerequisites_are_those_of_the_syllabi(mads: Resolved, code: str, requisite: str) -> None:
    found = mads.courses[CourseCode(code)].requisite
    assert found is not None
    assert print_expression(found) == requisite


def test_silence_about_prerequisites_is_not_taken_for_none(mads: Resolved) -> None:
    silent = {code for code, course in mads.courses.items() if not course.requisite_stated}
    assert silent == {"SIADS 611", "SIADS 632"}


@pytest.mark.parametrize(("residence", "rate"), [("in-state", 1161), ("out-of-state", 1548)])
def test_the_price_of_a_credit_goes_by_residence(
    resolved_for: Callable[..., Resolved], residence: str, rate: int
) -> None:
    mads = resolved_for("umich-mads", ("total", "34"), facts=[("residence", residence)])
    student = Student(matriculation=TODAY, plan_from=TODAY)
    record = Record(attempts=(planned("SIADS 593", "Fall 2026 S1", "Fall 2026 S2", credits=2),))
    found = appraise(mads, student, record, Witness(), TODAY)
    assert found.cost is not None
    assert found.cost.minor == 100 * 2 * rate
    assert all(fee.provenance.certainty is Certainty.REPORTED for fee in mads.fees)


def test_hours_rest_on_forty_five_a_credit(mads: Resolved) -> None:
    student = Student(matriculation=TODAY, plan_from=TODAY)
    record = Record(attempts=(planned("SIADS 593", "Fall 2026 S1", "Fall 2026 S2", credits=2),))
    found = appraise(mads, student, record, Witness(), TODAY)
    assert [load for _, load in found.hours] == [11, 11]
    assert "hours-per-credit" in found.assumptions


def test_credit_from_elsewhere_does_not_count(mads: Resolved) -> None:
    (home,) = passed("SIADS 687", grade="B", credits=1).attempts
    assert judged(mads, Record(attempts=(home,)), {"remaining": "SIADS 687"}).is_valid
    moved = Attempt(
        id="t",
        course=home.course,
        credits=Fraction(1),
        status=AttemptStatus.PASSED,
        source=CreditSource.TRANSFER,
    )
    assert not judged(mads, Record(attempts=(moved,)), {"remaining": "t"}).is_valid


def test_independent_study_counts_two_credits_at_most(mads: Resolved) -> None:
    cap = next(n for n in mads.tree.children if n.header.id == "independent-study-cap")
    assert cap.credits.low == 2


def test_years_gaps_and_mean_are_those_of_the_handbook(catalog: Catalog) -> None:
    program = catalog.program("umich-mads")
    assert program.enrolment.max_months == 60
    assert program.enrolment.gap_months == 12


# ------------------------------------------------------------ four semesters


def earliest_ends(resolved: Resolved, first: int) -> dict[CourseCode, float]:
    """Return the first leaf by which each course can be over, with no limit on load.

    Relaxes ends until nothing changes: a course takes its first run whose start lies behind the
    ends of what it requires. Parts of a course end in the leaf of that part.
    """
    runs = {code: [r.leaves for r in resolved.runs_of(code)] for code in resolved.courses}
    chosen: dict[CourseCode, tuple[int, ...]] = {}

    def over(item: Expression) -> float:
        """Return the leaf at whose end the condition holds."""
        match item:
            case Done(code=code, part=part):
                leaves = chosen.get(CourseCode(code))
                return inf if leaves is None else leaves[(part or len(leaves)) - 1]
            case NodeDone(node=id):
                return max(over(Done(code=code)) for code in listed(resolved, id))
            case And(items=items):
                return max(over(part) for part in items)
            case Or(items=items):
                return min(over(part) for part in items)
            case _:
                return first - 1

    while True:
        before = dict(chosen)
        for code, course in resolved.courses.items():
            ready = first - 1 if course.requisite is None else over(course.requisite)
            found = next((run for run in runs[code] if run[0] >= first and run[0] > ready), None)
            if found is not None:
                chosen[code] = found
        if chosen == before:
            return {code: leaves[-1] for code, leaves in chosen.items()}


def terms_between(calendar: Calendar, first: int, last: float) -> int:
    return calendar.term_of[int(last)] - calendar.term_of[first] + 1


#     532, 542 (S4) -> 643 (S3)          -> 696 (S1-S2)  -> 699 (S2-S4)
#     semester 1       semester 2           semester 3      semester 4
@pytest.mark.parametrize("start", ["Fall 2026 S1", "Winter 2027 S1", "Summer 2027 S1"])
def test_required_courses_need_four_semesters_even_with_unlimited_load(
    mads: Resolved, start: str
) -> None:
    first = mads.calendar.leaf_index(start)
    assert first is not None
    ends = earliest_ends(mads, first)
    required = [f"SIADS {n}" for n in (*MILESTONE_1, *MILESTONE_2, "593", "696", "699")]
    n_terms = {
        code: terms_between(mads.calendar, first, ends[CourseCode(code)]) for code in required
    }
    assert max(n_terms.values()) == n_terms["SIADS 699"] == 4
    assert n_terms["SIADS 643"] == 2
    assert n_terms["SIADS 696"] == 3
    assert (
        min(
            terms_between(mads.calendar, first, ends[CourseCode(f"SIADS {n}")])
            for n in (680, 682, 685, 688)
        )
        == 3
    )


def test_thirty_four_credits_in_four_semesters_are_a_legal_plan(mads: Resolved) -> None:
    first = mads.calendar.leaf_index("Fall 2026 S1")
    assert first is not None
    ends = earliest_ends(mads, first)
    base, second = ([f"SIADS {n}" for n in block] for block in (MILESTONE_1, MILESTONE_2))
    numbers = (523, 524, 601, 602, 611, 622, 631, 652, 655, 687)
    further = [f"SIADS {n}" for n in numbers]
    held = {
        "SIADS 593": "SIADS 593",
        "SIADS 696": "SIADS 696",
        "SIADS 699": "SIADS 699",
        "milestone_1_base": base,
        "milestone_2_base": second,
        "application": "SIADS 680",
        "remaining": further,
    }
    attempts = []
    for code in (*base, *second, *further, "SIADS 593", "SIADS 680", "SIADS 696", "SIADS 699"):
        course = mads.courses[CourseCode(code)]
        run = next(r for r in mads.runs_of(course.code) if r.leaves[-1] == ends[course.code])
        periods = [mads.calendar.leaves[i].id for i in run.leaves]
        attempts.append(planned(code, *periods, credits=int(course.credits_low)))
    verdict = judged(
        mads, Record(attempts=tuple(attempts)), held, done={"milestone_2_base": second}
    )
    assert verdict.is_legal
    assert verdict.degree is Standing.PLANNED
