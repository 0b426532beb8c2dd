"""Gates, time limits, expiry and gaps as an audit meets them."""

from __future__ import annotations

import datetime as dt

from hand_made_audits import audited
from tests.degrees import (
    TODAY,
    all_,
    degree,
    done,
    header,
    leaf,
    planned,
    record,
    running,
    taken,
)

from prospectus.app.audit_answers import ClockLine
from prospectus.app.audit_clocks import clock_lines
from prospectus.domain.expression import CodeIs
from prospectus.domain.record import Attempt, AuditException, ExceptionKind
from prospectus.domain.requirement import NodeId
from prospectus.domain.rule import (
    Enrolment,
    Gate,
    Point,
    PointKind,
    Position,
    RecordRules,
    Span,
    SpanUnit,
    TermsCount,
)

FREE = leaf("free", "any", credits=6)


def _gate(**more: object) -> Gate:
    more.setdefault("by_terms", 3)
    more.setdefault("terms_count", TermsCount.CALENDAR)
    return Gate(header=header("gate"), needs=done("CS 600"), **more)  # type: ignore[arg-type]


def _clock(*attempts: object, today: dt.date = TODAY, **more: object) -> ClockLine:
    """Return the only clock of a record that began in Fall 2025."""
    rules = degree(FREE, **more)  # type: ignore[arg-type]
    what = record(*attempts, matriculation=dt.date(2025, 8, 20))  # type: ignore[arg-type]
    (line,) = clock_lines(audited(rules, what, left=None, today=today))
    return line


def test_a_gate_that_is_met_is_kept() -> None:
    line = _clock(taken("CS 600"), rules=[_gate()])
    assert (line.kind, line.state, line.days_left) == ("gate", "kept", None)
    assert line.text == "CS 600: done"


def test_a_gate_has_a_deadline_day_and_the_days_left() -> None:
    line = _clock(taken("CS 700"), rules=[_gate()])
    assert (line.state, line.on, line.days_left) == ("running", dt.date(2026, 8, 1), 31)
    assert line.text == "CS 600 by 1 Aug 2026: open"


def test_what_is_under_way_will_meet_a_gate() -> None:
    line = _clock(running("CS 600"), rules=[_gate()])
    assert line.state == "running"
    assert line.text.endswith("done once what is under way or planned is passed")


def test_a_gate_whose_day_has_passed_is_missed() -> None:
    line = _clock(taken("CS 700"), rules=[_gate()], today=dt.date(2026, 8, 11))
    assert (line.state, line.days_left) == ("missed", -10)


def test_a_gate_that_was_met_after_its_day_is_late() -> None:
    late = taken("CS 600", when="Fall 2026")
    line = _clock(taken("CS 700"), late, rules=[_gate()], today=dt.date(2027, 1, 2))
    assert (line.state, line.on, line.days_left) == ("late", dt.date(2026, 8, 1), None)
    assert line.text == "CS 600: met on 10 Dec 2026, 131 days after 1 Aug 2026"


def test_a_gate_that_was_met_in_time_stays_kept_after_its_day() -> None:
    line = _clock(taken("CS 600"), rules=[_gate()], today=dt.date(2027, 1, 2))
    assert (line.state, line.text) == ("kept", "CS 600: done")


def _first_term(code: str = "CS 600", **more: object) -> Position:
    term = Span(n=1, unit=SpanUnit.TERM)
    by = Point(kind=PointKind.MATRICULATION, span=term)
    return Position(header=header("first"), of=CodeIs(code=code), by=by, **more)  # type: ignore[arg-type]


def test_a_course_that_is_due_by_a_day_has_a_clock() -> None:
    core = leaf("core", "CS 600", 1)

    def line(*attempts: Attempt, today: dt.date = TODAY) -> ClockLine:
        rules = degree(core, rules=[_first_term()])
        what = record(*attempts, matriculation=dt.date(2025, 8, 20))
        (found,) = clock_lines(audited(rules, what, left=None, today=today))
        return found

    missed = line(taken("CS 700"))
    assert (missed.kind, missed.state) == ("position", "missed")
    assert missed.text == "CS 600 by 10 Dec 2025: not done in time"
    assert line(taken("CS 600")).state == "kept"
    assert line(taken("CS 700"), today=dt.date(2025, 9, 1)).state == "running"
    late = line(taken("CS 600", when="Spring 2026"))
    assert late.state == "late"
    assert late.text.startswith("CS 600: met on ")


def test_a_course_that_nothing_asks_or_that_is_only_advised_has_no_clock() -> None:
    for rule in (_first_term("CS 610"), _first_term("CS 600", required=False)):
        rules = degree(leaf("core", "CS 600", 1), rules=[rule])
        assert clock_lines(audited(rules, [taken("CS 600")], left=None)) == ()


def test_a_gate_in_enrolled_terms_has_no_day_before_they_are_known() -> None:
    gate = _gate(terms_count=TermsCount.ENROLLED, by_terms=2)
    line = _clock(taken("CS 700"), rules=[gate])
    assert (line.state, line.on) == ("undated", None)
    assert "within 2 terms" in line.text


def test_a_gate_may_be_excused() -> None:
    given = AuditException(
        kind=ExceptionKind.WAIVE, node=NodeId("gate"), who="dean", when=TODAY, why="ill"
    )
    what = record(taken("CS 700"), exceptions=(given,))
    (line,) = clock_lines(audited(degree(FREE, rules=[_gate()]), what, left=None))
    assert (line.state, line.text) == ("kept", "excused by an exception")


def test_the_time_limit_is_counted_from_the_first_day() -> None:
    line = _clock(taken("CS 700"), enrolment=Enrolment(max_months=24))
    assert (line.kind, line.state, line.on) == ("time limit", "running", dt.date(2027, 8, 20))
    assert line.text == "at most 2 years from 20 Aug 2025: by 20 Aug 2027"


def test_a_time_limit_that_has_passed_is_missed() -> None:
    line = _clock(taken("CS 700"), enrolment=Enrolment(max_months=6))
    assert line.state == "missed"


def test_a_break_in_enrolment_is_counted_from_the_last_course() -> None:
    line = _clock(taken("CS 700"), enrolment=Enrolment(gap_months=12))
    assert (line.kind, line.on, line.state) == ("gap", dt.date(2026, 12, 10), "running")
    later = _clock(taken("CS 700"), planned("CS 710"), enrolment=Enrolment(gap_months=12))
    assert later.on == dt.date(2027, 12, 10)


def test_the_course_that_expires_first_is_named() -> None:
    rules = degree(FREE, record_rules=RecordRules(expires_months=60))
    attempts = [taken("CS 600", when="Fall 2024"), taken("CS 610", when="Spring 2025")]
    found = audited(rules, attempts, {"free": ["CS 600", "CS 610"]})
    (line,) = clock_lines(found)
    assert (line.kind, line.on, line.state) == ("expiry", dt.date(2029, 12, 10), "kept")
    assert line.text.startswith("CS 600 counts for a degree conferred by 10 Dec 2029")


def test_credit_that_has_expired_with_the_degree_still_open_is_a_clock_that_was_missed() -> None:
    rules = degree(FREE, record_rules=RecordRules(expires_months=12))
    found = audited(rules, [taken("CS 600", when="Fall 2024")], {"free": ["CS 600"]}, left=None)
    (line,) = clock_lines(found)
    assert (line.on, line.state) == (dt.date(2025, 12, 10), "missed")


def test_a_gate_on_a_requirement_speaks_of_it_by_its_name() -> None:
    from prospectus.domain.expression import NodeDone

    gate = Gate(header=header("gate"), needs=NodeDone(node="core"), by_terms=3)
    rules = degree(all_("core", leaf("theory", "CS 600", 1)), rules=[gate])
    (line,) = clock_lines(audited(rules, [taken("CS 600")], {"theory": "CS 600"}))
    assert (line.text, line.state) == ("'core' met: done", "kept")
