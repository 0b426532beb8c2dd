"""What an audit shows: requirements with sources, what is missing, what is not used and why."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from hand_made_audits import audited, missing
from tests.degrees import (
    all_,
    any_,
    at_least,
    at_most,
    degree,
    has,
    leaf,
    mean,
    milestone,
    offered,
    planned,
    record,
    running,
    taken,
    transfer,
    waived,
)

from prospectus.app.audit_lines import (
    cap_lines,
    credit_sums,
    exception_lines,
    missing_lines,
    requirement_lines,
    standing_lines,
    summary,
    unused_lines,
)
from prospectus.audit.result import Reason, Unused
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Place
from prospectus.domain.facts import Provenance
from prospectus.domain.offering import OfferingKind
from prospectus.domain.record import AuditException, Basis, ExceptionKind
from prospectus.domain.requirement import Gpa, Header, Milestone, NodeId

CORE = leaf("core", ["CS 600", "CS 610", "CS 620"], 2, min_grade="B")
FREE = leaf("free", "any", credits="rest")


def test_each_requirement_names_its_courses_its_rule_and_its_place_in_a_file() -> None:
    provenance = Provenance(sources=("S1",), as_of="2026", at=Place(file="ms.yaml", line=12))
    core = leaf("core", ["CS 600"], 1)
    core = type(core)(
        header=Header(id=NodeId("core"), label="Core", provenance=provenance),
        from_=core.from_,
        courses=core.courses,
    )
    found = audited(degree(core), [taken("CS 600", "B")], {"core": "CS 600"})
    top, line = requirement_lines(found)
    assert (top.label, top.standing) == ("The degree", "met")
    assert (line.label, line.standing, line.counted) == ("Core", "met", "1 of 1 courses")
    assert [(course.code, course.grade, course.period) for course in line.courses] == [
        ("CS 600", "B", "Fall 2025")
    ]
    assert (line.rule.sources, line.rule.at.line, line.path) == (("S1",), 12, ("degree", "core"))


def test_a_met_node_with_unknown_rules_below_keeps_them() -> None:
    core = leaf("core", ["CS 600"], 1)
    core = type(core)(
        header=Header(id=NodeId("core"), unknown=("how old it may be",)),
        from_=core.from_,
        courses=core.courses,
    )
    found = audited(degree(core), [taken("CS 600")], {"core": "CS 600"})
    assert [line.unknown for line in requirement_lines(found)] == [("how old it may be",)] * 2
    assert found.verdict.unknown[-1:] == ("how old it may be",)


def test_what_is_missing_is_said_in_its_smallest_form_with_the_next_run() -> None:
    offerings = (*offered("CS 610", "Spring"), *offered("CS 620", "Fall"))
    rules = degree(CORE, school={"offerings": offerings})
    found = audited(
        rules,
        [taken("CS 600")],
        {"core": "CS 600"},
        completion={"core": "CS 610"},
        left=3,
        missing=[missing("core", "degree", courses=1, one_of=["CS 610", "CS 620"])],
        today=dt.date(2026, 11, 22),
    )
    (line,) = missing_lines(found)
    assert line.text == "one of CS 610, CS 620; CS 610 runs next in Spring 2027 (expected)"
    assert [(run.period, run.courses) for run in line.next_runs] == [
        ("Spring 2027", ("CS 610",)),
        ("Fall 2027", ("CS 620",)),
    ]


def test_a_course_that_seldom_ran_is_not_promised() -> None:
    seldom = offered("CS 610", "Spring", kind=OfferingKind.LIKELY, share=Fraction(1, 3))
    found = audited(
        degree(leaf("core", "CS 610", 1), school={"offerings": seldom}),
        [],
        completion={"core": "CS 610"},
        left=3,
        missing=[missing("core", "degree", courses=1, one_of=["CS 610"])],
    )
    assert missing_lines(found)[0].text == "CS 610; when it runs is not known"


def test_many_courses_are_counted_and_the_cheapest_named() -> None:
    codes = ["CS 600", "CS 610", "CS 620", "CS 630", "CS 700", "CS 710", "MATH 500", "MATH 510"]
    lack = missing("free", "degree", credits=Fraction(3), one_of=[*codes, "X 1"], chosen=["CS 600"])
    found = audited(
        degree(FREE, total=3), [], completion={"free": "CS 600"}, left=3, missing=[lack]
    )
    text = missing_lines(found)[0].text
    assert text.startswith("3 credits out of 9 courses, such as CS 600; 8 of them run next in")


def test_a_smaller_condition_that_is_not_reached_is_said() -> None:
    minimum = at_least("theory", "CS 600", courses=1)
    core = leaf("core", ["CS 600", "CS 610"], 1, with_=[minimum])
    lack = missing("core", "degree", courses=1, one_of=["CS 600"], minima=[NodeId("theory")])
    found = audited(degree(core), [], completion={"core": "CS 600"}, left=3, missing=[lack])
    assert "CS 600; among them at least 1 course of CS 600" in missing_lines(found)[0].text


def _unused(reason: Reason, attempt: object, **more: object) -> str:
    rules = degree(
        CORE,
        FREE,
        at_most("outside", has("source", "transfer"), credits=3),
        total=9,
    )
    one = Unused(attempt=attempt.id, reason=reason, **more)  # type: ignore[attr-defined, arg-type]
    found = audited(
        rules,
        [taken("CS 600"), attempt],  # type: ignore[list-item]
        {"core": "CS 600"},
        completion={"core": "CS 610", "free": "CS 700"},
        left=6,
        unused=[one],
    )
    return unused_lines(found)[0].text


def test_each_reason_why_something_is_not_used_is_a_sentence() -> None:
    core = {"node": NodeId("core"), "path": (NodeId("degree"), NodeId("core"))}
    low = taken("CS 620", "C")
    assert _unused(Reason.FLOOR, low, **core) == "core takes it with B or better; the grade is C"
    assert _unused(Reason.FULL, low, **core, holders=("CS 600",)) == "core is filled by CS 600"
    assert _unused(Reason.NOTHING, low) == "no requirement takes it"
    assert _unused(Reason.EXPIRED, low).startswith("its credit has expired")
    replaced = _unused(Reason.REPLACED, low, holders=("CS 600",))
    assert replaced == "another attempt of the course stands in its stead (CS 600)"
    cap = {"node": NodeId("outside"), "holders": ("CS 600",)}
    assert _unused(Reason.CAP, transfer("CS 630"), **cap) == (
        "the most is reached by CS 600: at most 3 credits of transferred courses"
    )
    source = _unused(Reason.SOURCE, transfer("CS 630"), **core)
    assert source == "core does not take credit by transfer"
    passed = taken("CS 620", "P", basis=Basis.PASS_FAIL)
    assert _unused(Reason.BASIS, passed, **core) == "core does not take it pass/fail"


def test_a_reason_names_the_rule_of_what_was_chosen() -> None:
    tracks = any_(
        "track",
        all_("ai", leaf("ai-core", "CS 620", 1, min_grade="B")),
        all_("ml", leaf("ml-core", "CS 620", 1, min_grade="A")),
    )
    low = taken("CS 620", "C")
    other = Unused(
        attempt=low.id,
        reason=Reason.FLOOR,
        node=NodeId("ai-core"),
        path=tuple(NodeId(name) for name in ("degree", "track", "ai", "ai-core")),
    )
    found = audited(degree(tracks), [low], chosen={"track": "ml"}, left=None, unused=[other])
    (line,) = unused_lines(found)
    assert line.text == "ml-core takes it with A or better; the grade is C"
    assert line.path == ("degree", "track", "ml", "ml-core")


def test_a_reason_that_only_another_choice_has_says_so() -> None:
    tracks = any_("track", leaf("ai", "CS 620", 1, min_grade="B"), leaf("ml", "CS 600", 1))
    low = taken("CS 620", "C")
    other = Unused(
        attempt=low.id,
        reason=Reason.FLOOR,
        node=NodeId("ai"),
        path=(NodeId("degree"), NodeId("track"), NodeId("ai")),
    )
    found = audited(degree(tracks), [low], chosen={"track": "ml"}, left=None, unused=[other])
    (line,) = unused_lines(found)
    assert (line.reason, line.text) == ("choice", "only what was not chosen takes it (track)")


def test_credit_that_a_most_of_nothing_shuts_out_names_that_most() -> None:
    none = at_most("elsewhere", has("source", "transfer"), credits=0)
    moved = transfer("CS 630")
    rules = degree(leaf("core", "CS 600", 1), none)
    one = Unused(attempt=moved.id, reason=Reason.NOTHING)
    (line,) = unused_lines(audited(rules, [moved], left=None, unused=[one]))
    assert (line.reason, line.node) == ("cap", "elsewhere")
    assert line.text == ("no credit of this kind counts (at most 0 credits of transferred courses)")


def test_a_waiver_that_a_requirement_holds_is_used() -> None:
    view = leaf("view", ["CS 600", "CS 620"], 1, pool="view")
    rules = degree(leaf("core", "CS 610", 1), view, pools={"view": False})
    for attempt, n in ((waived("CS 600"), 0), (taken("CS 620"), 1)):
        one = Unused(attempt=attempt.id, reason=Reason.NOTHING)
        placed = {"view": str(attempt.course)}
        found = audited(rules, [attempt], placed, left=None, unused=[one])
        assert len(unused_lines(found)) == n
    assert unused_lines(found)[0].text == (
        "it serves view and its credits do not count: no requirement takes it"
    )


def test_a_most_and_a_least_of_nothing_are_no_requirements() -> None:
    rules = degree(
        leaf("core", "CS 600", 1),
        at_most("outside", has("source", "transfer"), credits=3),
        at_least("nothing", "any", credits=0),
    )
    found = audited(rules, [taken("CS 600")], {"core": "CS 600"})
    short = summary(found)
    assert [node for node, _ in short.standings] == ["degree", "core"]
    assert (short.n_met, short.n_requirements) == (2, 2)
    assert [line.id for line in requirement_lines(found)] == ["degree", "core", "outside"]


def test_every_reason_has_words() -> None:
    for reason in Reason:
        assert _unused(reason, taken("CS 620", "C"))


def test_credits_are_summed_by_how_sure_they_are() -> None:
    found = audited(
        degree(FREE, total=12),
        [taken("CS 600"), running("CS 610"), planned("CS 620")],
        {"free": ["CS 600", "CS 610", "CS 620"]},
        completion={"free": "CS 700"},
        left=3,
    )
    sums = credit_sums(found)
    assert (sums.earned, sums.in_progress, sums.planned) == (3, 3, 3)
    assert (sums.asked, sums.left) == (12, 3)


def test_a_cap_names_what_it_left_out() -> None:
    rules = degree(FREE, at_most("outside", has("source", "transfer"), credits=3), total=6)
    found = audited(
        rules,
        [transfer("CS 600"), transfer("CS 610")],
        {"free": "CS 600"},
        completion={"free": "CS 620"},
        left=3,
        unused=[Unused(attempt="CS 610", reason=Reason.CAP, node=NodeId("outside"))],
    )
    (cap,) = cap_lines(found)
    assert (cap.have, cap.most, cap.unit, cap.is_reached) == (3, 3, "credits", True)
    assert cap.left_out == ("CS 610",)


def test_a_mean_says_what_is_needed_in_what_remains() -> None:
    rules = degree(FREE, mean(3), milestone("thesis", months=6), total=6)
    found = audited(
        rules, [taken("CS 600", "C")], {"free": "CS 600"}, completion={"free": "CS 610"}, left=3
    )
    (line,) = standing_lines(found, Gpa)
    assert line.text == "mean 2.00 of at least 3.00, 4.00 needed in what remains"
    assert line.standing == "pending"
    (thesis,) = standing_lines(found, Milestone)
    assert (thesis.standing, thesis.text) == ("pending", "milestone, 6 months")


def test_exceptions_are_shown_with_who_when_and_why() -> None:
    given = AuditException(
        kind=ExceptionKind.WAIVE,
        node=NodeId("core"),
        who="advisor",
        when=dt.date(2026, 5, 1),
        why="taken elsewhere",
        course=CourseCode("CS 600"),
    )
    found = audited(degree(CORE), record(exceptions=(given,)))
    (line,) = exception_lines(found)
    assert (line.kind, line.label, line.who, line.why) == (
        "waive",
        "core",
        "advisor",
        "taken elsewhere",
    )
    assert [line.excepted for line in requirement_lines(found)] == [False, True]
    assert summary(found).standing == "met"
