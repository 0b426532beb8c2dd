"""Degrees with their choice of a track taken out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from sample_school import leaf, program

from prospectus.app.claim_choice import without_choice
from prospectus.domain.expression import AnyCourse, InNode, NodeDone, PersonIs
from prospectus.domain.program import Pool, Program
from prospectus.domain.requirement import (
    All,
    Any,
    Bound,
    Fill,
    Header,
    Measure,
    NodeId,
    Range,
    Reading,
    When,
)
from prospectus.domain.rule import Gate


def tree_of(rules: Program) -> All:
    assert isinstance(rules.tree, All)
    return rules.tree


def with_children(*children: object, **more: object) -> Program:
    return replace(program(), tree=replace(tree_of(program()), children=children, **more))


BASE, CHOICE, FREE = tree_of(program()).children


def taken_out(rules: Program) -> Program:
    found = without_choice(rules)
    assert isinstance(found, Program), found
    return found


def why_not(rules: Program) -> str:
    found = without_choice(rules)
    assert isinstance(found, str)
    return found


def test_total_other_parts_and_free_electives_stay():
    found = taken_out(program())
    assert tree_of(found).children == (BASE, FREE)
    assert tree_of(found).total == tree_of(program()).total
    assert found.main_choice is None


def test_a_choice_deeper_in_the_tree_is_taken_out_there():
    inner = All(header=Header(id=NodeId("inner")), children=(BASE, CHOICE))
    found = taken_out(with_children(inner, FREE))
    assert tree_of(found).children == (replace(inner, children=(BASE,)), FREE)


def test_without_free_electives_nothing_fills_the_total():
    assert "no free electives" in why_not(with_children(BASE, CHOICE))


def test_free_electives_of_another_total_fill_nothing():
    other = All(header=Header(id=NodeId("other")), children=(FREE,), total=tree_of(program()).total)
    assert "no free electives" in why_not(with_children(BASE, CHOICE, other))


def test_without_a_total_nothing_says_how_much_is_left():
    assert "no total" in why_not(with_children(BASE, CHOICE, FREE, total=None))


def test_lists_that_restate_the_degree_leave_nothing_to_fill():
    restated = replace(CHOICE, pool="track")
    rules = replace(with_children(BASE, restated), pools=(Pool(name="track", counts=False),))
    assert tree_of(taken_out(rules)).children == (BASE,)


def test_a_leaf_of_one_case_or_reading_that_counts_has_to_be_filled():
    pools = (Pool(name="track", counts=False),)
    counting = replace(leaf("two", "AB 200"), pool="degree")
    ask = PersonIs(fact="residence", value="in-state")
    when = When(condition=ask, then=replace(counting, pool="track"), otherwise=counting)
    reading = Reading(dispute="d", options=(("a", counting),))
    for child in (when, reading):
        choice = replace(CHOICE, pool="track", children=(child,))
        assert "no free electives" in why_not(replace(with_children(BASE, choice), pools=pools))


def test_a_choice_below_another_stays():
    ways = Any(header=Header(id=NodeId("ways")), children=(CHOICE, BASE))
    assert why_not(with_children(ways, FREE)) == "it stands below another choice"


def test_a_programme_without_a_choice_has_none():
    assert why_not(replace(program(), main_choice=None)) == "there is none"


def test_a_rule_that_speaks_of_a_track_holds_the_choice_fast():
    gate = Gate(header=Header(id=NodeId("gate")), needs=NodeDone(node="two"))
    assert why_not(replace(program(), rules=(gate,))) == "a rule outside it names two"
    within = Measure(
        header=Header(id=NodeId("most")),
        bound=Bound.AT_MOST,
        of=AnyCourse(),
        courses=Range(low=Fraction(1)),
        within=(NodeId("track"),),
    )
    assert "names track" in why_not(with_children(BASE, CHOICE, FREE, within))
    again = Fill(
        header=Header(id=NodeId("again")),
        from_=InNode(node="three"),
        courses=Range(low=Fraction(1)),
    )
    assert "names three" in why_not(with_children(BASE, CHOICE, FREE, again))
