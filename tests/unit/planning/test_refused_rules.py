"""The two faults that stop the planner name the place and the way out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.builders import plan_it
from tests.degrees import any_, degree, header, leaf

from prospectus.domain.errors import UnsupportedError
from prospectus.domain.expression import NodeDone
from prospectus.domain.facts import Completeness
from prospectus.domain.rule import Exclude


def test_options_that_are_not_encoded_completely_are_named_with_their_node() -> None:
    stub = replace(leaf("b", "CS 700", 1), header=header("b", completeness=Completeness.STUB))
    with pytest.raises(UnsupportedError) as refused:
        plan_it(degree(any_("track", stub)))
    (fault,) = refused.value.faults
    assert fault.code == "PLN-002"
    assert fault.what.startswith("track: fewer than 1 of its options")
    assert "complete the options" in fault.fix


def test_credit_that_hangs_on_what_it_helps_to_meet_is_named_with_its_node() -> None:
    rule = Exclude(header=header("no"), course="CS 600", condition=NodeDone(node="core"))
    with pytest.raises(UnsupportedError) as refused:
        plan_it(degree(leaf("core", ["CS 600", "CS 610"], 2), rules=[rule]))
    (fault,) = refused.value.faults
    assert fault.code == "PLN-003"
    assert "done(core)" in fault.what
    assert "name the courses or the credits" in fault.fix
