"""LANGUAGE 4, Tree: all, any, when, readings, milestones, credentials."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.degrees import (
    TODAY,
    all_,
    any_,
    at_least,
    degree,
    faulted,
    judge_it,
    knowing,
    leaf,
    milestone,
    planned,
    point,
    program,
    record,
    school_of,
    size,
    taken,
    witness,
)

from prospectus.domain.errors import DomainError
from prospectus.domain.expression import HasDegree, Not, PersonIs
from prospectus.domain.meaning import as_degree, judge, readings, resolve
from prospectus.domain.plan import Standing
from prospectus.domain.program import Credential, Resolved
from prospectus.domain.record import AttemptStatus, MilestoneResult
from prospectus.domain.requirement import All, Any, NodeId, Range, Reading, When
from prospectus.domain.rule import PointKind, SpanUnit
from prospectus.domain.student import Person

A, B, C = (
    leaf(name, code, 1) for name, code in (("a", "CS 600"), ("b", "CS 610"), ("c", "CS 620"))
)
PASSED = [taken("CS 600"), taken("CS 610"), taken("CS 620")]
NORTH = PersonIs(fact="residence", value="MN")


def test_all_asks_every_child_and_stands_as_the_worst() -> None:
    rules = degree(A, B)
    both = {"a": "CS 600", "b": "CS 610"}
    assert judge_it(rules, PASSED, both).degree is Standing.MET
    assert judge_it(rules, PASSED, {"a": "CS 600"}).degree is Standing.UNMET
    assert judge_it(rules, [PASSED[0], planned("CS 610")], both).degree is Standing.PLANNED


def test_any_asks_exactly_n_children_and_stands_as_the_worst_chosen() -> None:
    rules = degree(any_("two", A, B, C, n=2))
    placed = {"a": "CS 600", "c": "CS 620"}
    assert judge_it(rules, PASSED, placed, chosen={"two": ["a", "c"]}).degree is Standing.MET
    assert judge_it(rules, PASSED, {"a": "CS 600"}, chosen={"two": ["a", "b"]}).degree is (
        Standing.UNMET
    )


@pytest.mark.parametrize("chosen", [[], ["a"], ["a", "b", "c"], ["a", "nobody"], ["a", "a"]])
def test_a_witness_names_exactly_n_children(chosen: list[str]) -> None:
    rules = degree(any_("two", A, B, C, n=2))
    assert "two" in faulted(judge_it(rules, PASSED, chosen={"two": chosen}))


def test_leaves_under_a_child_that_is_not_chosen_hold_nothing() -> None:
    rules = degree(any_("one", A, B))
    found = judge_it(rules, PASSED, {"a": "CS 600", "b": "CS 610"}, chosen={"one": "a"})
    assert faulted(found) == {"b"}


def test_courses_of_children_not_chosen_may_serve_as_free_electives() -> None:
    rules = degree(any_("one", A, B), leaf("free", credits="rest"), total=6)
    found = judge_it(rules, PASSED, {"a": "CS 600", "free": "CS 610"}, chosen={"one": "a"})
    assert found.degree is Standing.MET


def test_two_met_children_of_an_any_do_not_compete() -> None:
    rules = degree(any_("one", leaf("a", "CS 600", 1), leaf("b", "any", 1)))
    for child in ("a", "b"):
        found = judge_it(rules, PASSED, {child: "CS 600"}, chosen={"one": child})
        assert found.degree is Standing.MET


def test_choices_nest() -> None:
    rules = degree(any_("outer", all_("left", any_("inner", A, B)), C))
    chosen = {"outer": "left", "inner": "b"}
    assert judge_it(rules, PASSED, {"b": "CS 610"}, chosen=chosen).degree is Standing.MET


def test_exactly_one_pathway_is_taken_and_all_of_it() -> None:
    rules = degree(any_("path", all_("x", A, B), all_("y", C, leaf("d", "CS 630", 1))))
    mixed = judge_it(rules, PASSED, {"a": "CS 600", "c": "CS 620"}, chosen={"path": "x"})
    whole = judge_it(rules, PASSED, {"a": "CS 600", "b": "CS 610"}, chosen={"path": "x"})
    assert not mixed.is_valid
    assert whole.degree is Standing.MET


# --------------------------------------------------------------------------- when


def resolved(
    *children: object, person: Person | None = None, **more: object
) -> tuple[Resolved, ...]:
    rules = program(*children, **more)  # type: ignore[arg-type]
    first = readings(rules)[0]
    return resolve(rules, school_of(), person or Person(), first)


def test_when_picks_a_node_by_a_static_fact() -> None:
    node = When(condition=NORTH, then=B, otherwise=None)
    inside = degree(A, node, person=knowing(residence="MN"))
    outside = degree(A, node, person=knowing(residence="TX"))
    assert judge_it(inside, PASSED, {"a": "CS 600"}).degree is Standing.UNMET
    assert judge_it(outside, PASSED, {"a": "CS 600"}).degree is Standing.MET


def test_when_may_stand_at_a_size_a_total_and_a_measure() -> None:
    more = When(condition=NORTH, then=Range(low=size(6).low), otherwise=size(3))  # type: ignore[union-attr, arg-type]
    for person, standing in (("MN", Standing.UNMET), ("TX", Standing.MET)):
        facts = knowing(residence=person)
        in_size = degree(leaf("core", "any", credits=more), person=facts)
        in_total = degree(leaf("core", "any", 1), total=more, person=facts)
        in_measure = degree(
            leaf("core", "any", 1), at_least("m", "any", credits=more), person=facts
        )
        for rules in (in_size, in_total, in_measure):
            assert judge_it(rules, PASSED, {"core": "CS 600"}).degree is standing


def test_when_may_stand_at_a_rule() -> None:
    rule = When(condition=NORTH, then=at_least("two", "any", courses=2), otherwise=None)
    inside = degree(A, rules=[rule], person=knowing(residence="MN"))  # type: ignore[list-item]
    outside = degree(A, rules=[rule], person=knowing(residence="TX"))  # type: ignore[list-item]
    assert judge_it(inside, PASSED, {"a": "CS 600"}).degree is Standing.UNMET
    assert judge_it(outside, PASSED, {"a": "CS 600"}).degree is Standing.MET


def test_an_unknown_fact_is_solved_both_ways() -> None:
    found = resolved(A, When(condition=NORTH, then=B, otherwise=None))
    sizes = {rules.branches[0][1]: len(rules.tree.children) for rules in found}
    assert sizes == {"US-MN": 2, "(other)": 1}


def test_an_unknown_fact_that_is_tested_twice_is_one_fact() -> None:
    found = resolved(
        When(condition=NORTH, then=A, otherwise=B),
        When(condition=Not(item=NORTH), then=C, otherwise=None),
    )
    assert len(found) == 2


def test_an_unknown_degree_is_solved_both_ways_too() -> None:
    bachelor = HasDegree(level="bachelor", field="computer science")
    found = resolved(A, When(condition=Not(item=bachelor), then=B, otherwise=None))
    assert sorted(len(rules.tree.children) for rules in found) == [1, 2]


def test_facts_inside_the_measures_of_a_leaf_are_found() -> None:
    minimum = at_least("m", "any", courses=When(condition=NORTH, then=size(2), otherwise=size(1)))
    assert len(resolved(leaf("core", "any", 2, with_=[minimum]))) == 2


def test_of_more_than_three_unknown_facts_the_person_is_asked() -> None:
    nodes = [
        When(condition=PersonIs(fact=f"f{i}", value="x"), then=leaf(f"l{i}", "any", 1))
        for i in range(4)
    ]
    with pytest.raises(DomainError, match="DOM-060"):
        resolved(*nodes)
    assert len(resolved(*nodes[:3])) == 8


def test_may_makes_it_the_persons_option() -> None:
    node = When(condition=NORTH, then=A, otherwise=B, may=True)
    rules = degree(node, person=knowing(residence="MN"))
    (choice,) = rules.tree.children
    assert isinstance(choice, Any)
    for child, code in (("a", "CS 600"), ("b", "CS 610")):
        chosen = {choice.header.id: child}
        assert judge_it(rules, PASSED, {child: code}, chosen=chosen).degree is Standing.MET
    (fixed,) = degree(node, person=knowing(residence="TX")).tree.children
    assert fixed == B.__class__(**{**{f: getattr(B, f) for f in B.__slots__}, "pool": "degree"})


def test_what_a_person_may_do_a_person_may_leave() -> None:
    rules = degree(When(condition=NORTH, then=A, may=True), person=knowing(residence="MN"))
    (choice,) = rules.tree.children
    assert isinstance(choice, Any)
    other = next(c.header.id for c in choice.children if isinstance(c, All))
    assert judge_it(rules, [], chosen={choice.header.id: other}).degree is Standing.MET


# ----------------------------------------------------------------------- disputes


def test_the_places_of_a_dispute_move_together() -> None:
    total = Reading(dispute="units", options=(("a", size(3)), ("b", size(6))))
    extra = Reading(dispute="units", options=(("a", A), ("b", B)))
    rules = program(extra, total=total, disputes=["units"])  # type: ignore[arg-type]
    assert readings(rules) == ((("units", "a"),), (("units", "b"),))
    standings = {}
    for reading in readings(rules):
        (one,) = resolve(rules, school_of(), Person(), reading)
        (child,) = one.tree.children
        node = child.header.id  # type: ignore[union-attr]
        code = {"a": "CS 600", "b": "CS 610"}[node]
        standings[reading[0][1]] = judge_it(one, PASSED, {node: code}).degree
    assert standings == {"a": Standing.MET, "b": Standing.UNMET}


def test_all_combinations_of_disputes_are_read() -> None:
    assert len(readings(program(A, disputes=["x", "y"]))) == 4


# --------------------------------------------------------------------- milestones


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        (None, Standing.PENDING),
        (AttemptStatus.PLANNED, Standing.PLANNED),
        (AttemptStatus.REGISTERED, Standing.IN_PROGRESS),
        (AttemptStatus.PASSED, Standing.MET),
    ],
)
def test_a_milestone_stands_as_the_record_says(
    status: AttemptStatus | None, standing: Standing
) -> None:
    results = () if status is None else (MilestoneResult(milestone=NodeId("exam"), status=status),)
    what = record(milestones=results)
    assert judge_it(degree(milestone("exam")), what).degree is standing


@pytest.mark.parametrize(
    ("passed_on", "today", "told"),
    [
        (dt.date(2027, 7, 1), dt.date(2028, 1, 1), None),
        (dt.date(2027, 9, 1), dt.date(2028, 1, 1), "exam was passed after 2027-08-01"),
        (None, dt.date(2028, 1, 1), "exam was not passed by 2027-08-01"),
        (None, dt.date(2027, 1, 1), "exam has to be passed by 2027-08-01"),
    ],
)
def test_a_milestone_that_has_its_day_is_noted_and_breaks_nothing(
    passed_on: dt.date | None, today: dt.date, told: str | None
) -> None:
    by = point(PointKind.MATRICULATION, 12, SpanUnit.MONTH)
    passed = () if passed_on is None else (AttemptStatus.PASSED,)
    results = tuple(
        MilestoneResult(milestone=NodeId("exam"), status=status, on=passed_on) for status in passed
    )
    what = record(milestones=results, matriculation=dt.date(2026, 8, 1))
    found = judge(degree(milestone("exam", by=by)), what, witness({}), today)
    assert found.breaches == ()
    assert [note.text for note in found.notes] == ([] if told is None else [told])


def test_a_milestone_is_unmet_only_when_its_last_attempt_has_failed() -> None:
    failure = MilestoneResult(milestone=NodeId("exam"), status=AttemptStatus.FAILED)
    rules = degree(milestone("exam", attempts=2))
    assert judge_it(rules, record(milestones=(failure,))).degree is Standing.PENDING
    assert judge_it(rules, record(milestones=(failure, failure))).degree is Standing.UNMET
    passed = MilestoneResult(milestone=NodeId("exam"), status=AttemptStatus.PASSED)
    assert judge_it(rules, record(milestones=(failure, passed))).degree is Standing.MET


def test_a_milestone_never_earns_credit() -> None:
    passed = MilestoneResult(milestone=NodeId("exam"), status=AttemptStatus.PASSED)
    found = judge_it(degree(milestone("exam"), total=3), record(milestones=(passed,)))
    assert found.degree is Standing.UNMET


# -------------------------------------------------------------------- credentials


def test_what_a_certificate_holds_stays_available_to_the_degree() -> None:
    certificate = Credential(id="cert", name="Certificate", tree=all_("cert-root", A, B))
    rules = degree(A, C, credentials=(certificate,))
    whole = record(*PASSED)
    held = judge(rules, whole, witness({"a": "CS 600", "c": "CS 620"}), TODAY)
    beside = judge(as_degree(rules, "cert"), whole, witness({"a": "CS 600", "b": "CS 610"}), TODAY)
    assert held.degree is Standing.MET
    assert beside.degree is Standing.MET


def test_an_unmet_certificate_takes_nothing_from_the_degree() -> None:
    certificate = Credential(id="cert", name="Certificate", tree=all_("cert-root", B))
    rules = degree(A, credentials=(certificate,))
    assert judge_it(rules, PASSED[:1], {"a": "CS 600"}).degree is Standing.MET
    assert judge(as_degree(rules, "cert"), record(), witness(), TODAY).degree is Standing.UNMET
