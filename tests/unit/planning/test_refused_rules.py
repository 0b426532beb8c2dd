"""The two faults that stop the planner name the place and the way out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.builders import plan_it
from tests.degrees import any_, course, degree, header, leaf, taken

from prospectus.domain.errors import Place, UnsupportedError
from prospectus.domain.expression import Done, NodeDone, Or
from prospectus.domain.facts import Completeness, Provenance
from prospectus.domain.rule import Exclude, RecordRules, Repeats, WhichAttempt


def test_options_that_are_not_encoded_completely_are_named_with_their_node() -> None:
    stub = replace(leaf("b", "CS 700", 1), header=header("b", completeness=Completeness.STUB))
    with pytest.raises(UnsupportedError) as refused:
        plan_it(degree(any_("track", stub)))
    (fault,) = refused.value.faults
    assert fault.code == "PLN-002"
    assert fault.what.startswith("track: fewer than 1 of its options")
    assert "complete the options" in fault.fix


def test_credit_that_hangs_on_what_it_helps_to_meet_is_named_with_its_rule() -> None:
    place = Place(file="programme.yaml", line=12)
    told = Provenance(sources=("catalog",), as_of="2026-05-01", at=place)
    head = replace(header("no"), label="no double credit", provenance=told)
    rule = Exclude(
        header=head,
        course="CS 600",
        condition=Or(items=(Done(code="CS 610"), NodeDone(node="core"))),
    )
    with pytest.raises(UnsupportedError) as refused:
        plan_it(degree(leaf("core", ["CS 600", "CS 610"], 2), rules=[rule]))
    (fault,) = refused.value.faults
    assert fault.code == "PLN-003"
    assert "'no double credit' (source: catalog, 2026-05-01)" in fault.what
    assert "done(core)" in fault.what
    assert fault.at == place
    assert "name the courses or the credits" in fault.fix


def test_a_condition_on_repeats_that_hangs_on_a_node_is_named_as_such() -> None:
    repeats = Repeats(use=WhichAttempt.NEWEST, allowed=NodeDone(node="core"))
    rules = degree(
        leaf("core", "AA 500", 1, min_grade="B"),
        courses=[course("AA 500")],
        record_rules=RecordRules(repeats=repeats),
    )
    with pytest.raises(UnsupportedError, match=r"the condition on repeats asks for done\(core\)"):
        plan_it(rules, taken("AA 500", "C"))
