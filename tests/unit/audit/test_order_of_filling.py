"""Records on which an audit that fills in file order goes wrong (docs/audit.md shows them)."""

from __future__ import annotations

import pytest
from tests.degrees import (
    TODAY,
    at_most,
    degree,
    has,
    leaf,
    record,
    share,
    taken,
    transfer,
)

from prospectus.audit import audit
from prospectus.domain.expression import Compare, GradeIs
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, CreditSource
from prospectus.domain.requirement import Fill, Measure, Range

MOVED = has("source", "transfer")
CASES: dict[str, tuple[Resolved, list[Attempt], int]] = {
    "the first list takes the only course of the second": (
        degree(leaf("choice", ["CS 600", "CS 610"], 1), leaf("fixed", "CS 600", 1)),
        [taken("CS 600"), taken("CS 610")],
        3,
    ),
    "a chain of three lists moves by one place each": (
        degree(
            leaf("one", ["CS 600", "CS 610"], 1),
            leaf("two", ["CS 600", "CS 620"], 1),
            leaf("three", ["CS 620"], 1),
        ),
        [taken("CS 600"), taken("CS 610"), taken("CS 620")],
        3,
    ),
    "a cap is spent on what anything could replace": (
        degree(
            leaf("electives", ["CS 600", "MATH 500"], 1),
            leaf("core", "MATH 510", 1),
            rules=[at_most("moved", MOVED, credits=3)],
        ),
        [transfer("MATH 500"), transfer("MATH 510"), taken("CS 600")],
        3,
    ),
    "one course may be shared, and the wrong one was": (
        degree(
            leaf("breadth", ["CS 600", "CS 610"], 1),
            leaf("depth", ["CS 600", "CS 620"], 1),
            rules=[share("breadth", "depth", of_=GradeIs(compare=Compare.AT_LEAST, grade="B"))],
        ),
        [taken("CS 600", "A")],
        3,
    ),
}


def missing_when_filled_in_order(rules: Resolved, attempts: list[Attempt]) -> int:
    """Return the credits that an audit finds missing which never takes a course back.

    It goes through the leaves in file order and gives each the first courses on record that fit,
    as long as no most is broken; it knows nothing of sharing.
    """
    caps = [rule for rule in rules.rules if isinstance(rule, Measure)]
    free, moved, missing = list(attempts), 0, 0
    for node in rules.tree.children:
        assert isinstance(node, Fill)
        assert isinstance(node.courses, Range)
        parts = getattr(node.from_, "items", (node.from_,))
        codes = {str(getattr(part, "code", "")) for part in parts}
        asked = int(node.courses.low)
        for attempt in tuple(free):
            is_moved = attempt.source is CreditSource.TRANSFER
            if asked == 0 or attempt.course not in codes or (caps and is_moved and moved == 3):
                continue
            free.remove(attempt)
            moved += 3 if is_moved else 0
            asked -= 1
        missing += 3 * asked
    return missing


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_missing_though_an_order_of_filling_says_so(name: str) -> None:
    rules, attempts, claimed = CASES[name]
    result = audit(rules, record(*attempts), TODAY)
    assert result.is_complete
    assert missing_when_filled_in_order(rules, attempts) == claimed
