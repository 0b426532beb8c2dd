"""What is not used and why, each attempt with the rule behind it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hand_made_audits import audited
from tests.degrees import (
    TODAY,
    all_,
    any_,
    at_least,
    at_most,
    degree,
    done,
    failed,
    has,
    leaf,
    record,
    share,
    taken,
    transfer,
    waived,
)

from prospectus.app.audit_check import run_audit
from prospectus.app.audit_unused import no_longer, unused_lines
from prospectus.audit.result import Reason, Unused
from prospectus.domain.course import CourseCode
from prospectus.domain.expression import And
from prospectus.domain.program import Equivalent, Resolved
from prospectus.domain.record import Attempt, Basis
from prospectus.domain.requirement import NodeId
from prospectus.domain.rule import RecordRules, Repeats, WhichAttempt

CORE = leaf("core", ["CS 600", "CS 610", "CS 620"], 2, min_grade="B")
FREE = leaf("free", "any", credits="rest")


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


def test_a_course_without_a_grade_is_asked_for_it_before_another_choice_is_named() -> None:
    tracks = any_("track", leaf("ai", "CS 620", 1, min_grade="B"), leaf("ml", "CS 600", 1))
    free = leaf("free", "any", credits=6, min_grade="C")
    bare = taken("CS 620", None)
    for reason, node in ((Reason.FLOOR, "ai"), (Reason.CHOICE, "track")):
        path = tuple(map(NodeId, ("degree", "track", "ai")))
        one = Unused(attempt=bare.id, reason=reason, node=NodeId(node), path=path)
        rules = degree(tracks, free)
        found = audited(rules, [bare], chosen={"track": "ml"}, left=None, unused=[one])
        (line,) = unused_lines(found)
        assert (line.reason, line.path) == ("floor", ("degree", "free"))
        assert line.text == "free takes it with C or better; it has no grade"


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


def test_every_reason_has_words() -> None:
    for reason in Reason:
        assert _unused(reason, taken("CS 620", "C"))


def test_what_counts_in_one_audit_and_not_in_another_is_named() -> None:
    rules = degree(FREE, total=6)
    attempts = [taken("CS 600"), taken("CS 610")]
    both = audited(rules, attempts, {"free": ["CS 600", "CS 610"]})
    one = audited(rules, attempts, {"free": "CS 600"}, completion={"free": "CS 700"}, left=3)
    assert no_longer(both, one) == ("CS 610",)
    assert no_longer(one, both) == ()


def test_a_course_from_elsewhere_bears_the_name_it_has_there() -> None:
    other = replace(
        transfer("~elsewhere-stk1110"), title="Statistical Methods", school="Elsewhere State"
    )
    one = Unused(attempt=other.id, reason=Reason.NOTHING)
    found = audited(
        degree(CORE), [other], completion={"core": ["CS 600", "CS 610"]}, left=6, unused=[one]
    )
    (line,) = unused_lines(found)
    assert (line.course.code, line.course.school) == ("Statistical Methods", "Elsewhere State")


def _texts(rules: Resolved, *attempts: Attempt) -> dict[str, str]:
    found = run_audit(rules, record(*attempts), TODAY, {})
    return {line.course.attempt: line.text for line in unused_lines(found)}


def test_what_counts_in_another_award_is_told_by_the_rule_that_keeps_it_out() -> None:
    core = leaf("core", ["CS 600", "CS 610"], 2)
    shared = [taken(code, counted_in=frozenset({"bs"})) for code in ("CS 600", "CS 610")]
    forbidding = degree(core, rules=[share("ms", "bs", of_="CS 600")])
    assert _texts(forbidding, *shared) == {
        "CS 610": "it counts in bs, and may not count here too: share"
    }
    bounding = degree(core, rules=[share("ms", "bs", at_most_credits=Fraction(3))])
    assert _texts(bounding, *shared) == {
        "CS 610": "the most that may be shared with bs is reached by CS 600: share"
    }


def test_a_waiver_where_credits_are_asked_is_told_to_bring_none() -> None:
    rules = degree(leaf("core", ["CS 600", "CS 610"], credits=3))
    assert _texts(rules, waived("CS 600")) == {
        "CS 600": "core asks credits, and a waiver brings none"
    }


def test_a_piece_is_told_by_its_floor_or_by_what_is_missing_beside_it() -> None:
    whole = Equivalent(
        course=CourseCode("CS 600"), met_by=And(items=(done("CS 610"), done("CS 620")))
    )
    rules = degree(leaf("one", "CS 600", 1, min_grade="B"), school={"equivalents": (whole,)})
    assert _texts(rules, taken("CS 610", "A"), taken("CS 620", "C")) == {
        "CS 610": "one takes it only with what stands for a course together with it",
        "CS 620": "one takes it with B or better; the grade is C",
    }


def test_a_try_beyond_the_cap_is_told_as_one_too_many() -> None:
    rules = degree(
        leaf("core", "CS 600", 1),
        record_rules=RecordRules(repeats=Repeats(use=WhichAttempt.BEST, cap=1)),
    )
    tries = [
        failed("CS 600", when=when, id=name)
        for name, when in (("a", "Fall 2024"), ("b", "Spring 2025"))
    ]
    found = _texts(rules, *tries, taken("CS 600", "A", "Fall 2025", id="c"))
    assert found["c"] == "the course was tried more often than allowed"


def test_a_course_that_gives_its_place_to_one_still_to_take_is_told_so() -> None:
    rules = degree(
        leaf("free", "any", courses=2), at_least("seasons", "any", courses=2, distinct="season")
    )
    assert _texts(rules, taken("CS 600"), taken("CS 610")) == {
        "CS 610": "its place in free is kept for a course that the rules still ask"
    }
