"""Credit that is too old when the degree ends: it covers no topic and fulfils no wish."""

from __future__ import annotations

import datetime as dt

from tests.builders import plan_it
from tests.degrees import START, TODAY, course, degree, done, leaf, offered, taken, waived

from prospectus.domain.course import CourseCode
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record
from prospectus.domain.requirement import Header, NodeId
from prospectus.domain.rule import Exclude, RecordRules
from prospectus.domain.student import Level, Student, Wishes
from prospectus.domain.wish import TopicBy
from prospectus.planning.around import Case, Near
from prospectus.planning.result import PlanStatus
from prospectus.planning.solver import Clock, Solver
from prospectus.planning.windows import windows

A, OLD, NEW = CourseCode("CS 600"), CourseCode("CS 610"), CourseCode("CS 620")
COURSES = (course(A), course(OLD, topics=["ethics"]), course(NEW, topics=["ethics"]))
ONE_YEAR = RecordRules(expires_months=12)


def degree_of_a(*seasons: str, rules: RecordRules = ONE_YEAR) -> Resolved:
    """Return a degree of CS 600, which runs in these seasons; CS 610 and CS 620 are on ethics."""
    runs = [run for season in seasons for run in offered(A, season)]
    runs += [
        run for code in (OLD, NEW) for season in ("Fall", "Spring") for run in offered(code, season)
    ]
    return degree(
        leaf("core", A, 1), courses=COURSES, school={"offerings": tuple(runs)}, record_rules=rules
    )


def test_a_topic_is_not_covered_by_what_has_expired_when_the_degree_ends() -> None:
    by = TopicBy(topic="ethics", by=dt.date(2026, 12, 31))
    # CS 610 was over on 10 December 2025: it counts for a degree that ends in Fall 2026
    assert set(plan_it(degree_of_a("Fall"), taken(OLD), about=(by,)).runs) == {A}
    late = plan_it(degree_of_a("Spring"), taken(OLD), about=(by,))
    assert late.runs == {NEW: "Fall 2026", A: "Spring 2027"}


def test_a_window_ends_where_what_a_wish_rests_on_expires() -> None:
    rules = degree_of_a("Fall", "Spring")
    wishes = Wishes(hours_per_week=None, about=(TopicBy(topic="ethics", by=dt.date(2026, 5, 31)),))
    record = Record(matriculation=dt.date(2024, 1, 1), attempts=(taken(OLD),))
    student = Student(matriculation=START, plan_from=START, wishes=wishes)
    result = plan_it(rules, record=record, about=wishes.about).result
    solver = Solver(Clock(seconds=60), seed=0, workers=1)
    case = Case(rules, student, record, TODAY, result, solver)
    found = windows(Near(case, {}, dt.date(2027, 12, 31)), case.courses, case.spots)[A]
    leaves = rules.calendar.leaves
    assert (leaves[found.first].id, leaves[found.last].id) == ("Fall 2026", "Fall 2026")


def test_a_wanted_topic_is_left_out_where_its_course_has_expired() -> None:
    levels = (Level.TOPICS, Level.FINISH)
    fresh = plan_it(degree_of_a("Fall"), taken(OLD), wanted_topics=("ethics",), levels=levels)
    assert set(fresh.runs) == {A}
    late = plan_it(degree_of_a("Spring"), taken(OLD), wanted_topics=("ethics",), levels=levels)
    assert set(late.runs) == {A, NEW}
    assert late.value("topics") == 0


def test_a_wanted_course_on_record_must_still_count_when_the_degree_ends() -> None:
    assert set(plan_it(degree_of_a("Fall"), taken(OLD), wanted=(OLD,)).runs) == {A}
    late = plan_it(degree_of_a("Spring"), taken(OLD), wanted=(OLD,))
    assert late.result.status is PlanStatus.INFEASIBLE
    assert f"wanted {OLD}" in late.conflict


def test_a_wanted_course_is_not_planned_so_early_that_it_expires() -> None:
    rules = degree_of_a("Spring", rules=RecordRules(expires_months=3))
    assert plan_it(rules, wanted=(NEW,)).runs == {NEW: "Spring 2027", A: "Spring 2027"}


def test_credit_expires_by_the_end_of_what_is_passed_too() -> None:
    rules = degree(leaf("core", [A, NEW], 2), record_rules=ONE_YEAR)
    answer = plan_it(rules, taken(A, when="Fall 2023"), taken(NEW, when="Fall 2025"))
    assert answer.result.status is PlanStatus.INFEASIBLE


def test_a_topic_that_an_attempt_on_record_had_of_its_own_is_covered() -> None:
    seminar = taken("CS 700", topic="Ethics")
    rules = degree_of_a("Fall", rules=RecordRules())
    levels = (Level.TOPICS, Level.FINISH)
    answer = plan_it(rules, seminar, wanted_topics=("ethics",), levels=levels)
    assert set(answer.runs) == {A}
    by = TopicBy(topic="ethics", by=dt.date(2026, 5, 31))
    assert set(plan_it(rules, seminar, about=(by,)).runs) == {A}


def test_a_waiver_that_gives_way_to_what_is_planned_covers_nothing() -> None:
    rules = degree(
        leaf("core", A, 1),
        courses=COURSES,
        rules=(Exclude(header=Header(id=NodeId("either")), course=OLD, condition=done(A)),),
    )
    levels = (Level.TOPICS, Level.FINISH)
    answer = plan_it(rules, waived(OLD), wanted_topics=("ethics",), levels=levels)
    assert set(answer.runs) == {A, NEW}
    assert plan_it(rules, waived(OLD), wanted=(OLD,)).result.status is PlanStatus.INFEASIBLE
