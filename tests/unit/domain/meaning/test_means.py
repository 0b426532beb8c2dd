"""A mean with what is known of the time ahead beside the witness."""

from __future__ import annotations

from fractions import Fraction

from tests.degrees import (
    TODAY,
    degree,
    failed,
    leaf,
    mean,
    planned,
    record,
    taken,
    witness,
)

from prospectus.domain.meaning.judging import judged
from prospectus.domain.meaning.means import Prospect, mean_verdict
from prospectus.domain.plan import NodeVerdict, Standing
from prospectus.domain.record import Attempt
from prospectus.domain.requirement import Gpa


def _mean(ahead: Prospect, *attempts: Attempt) -> NodeVerdict:
    rules = degree(leaf("core", "any", 1), mean(3))
    _, holding = judged(rules, record(*attempts), witness({}), TODAY)
    (rule,) = (node for node in holding.active.values() if isinstance(node, Gpa))
    return mean_verdict(holding, rule, ahead)


def test_the_mean_needed_counts_credits_still_to_be_taken() -> None:
    """3 credits at 2.00; 3 more would ask 4.00, 6 more 3.50."""
    low = taken("CS 600", "C")
    assert _mean(Prospect(), low).standing is Standing.UNMET
    found = _mean(Prospect(credits=Fraction(6), is_least=True), low)
    assert found.standing is Standing.PENDING
    assert found.counted.endswith("3.50 needed in what remains (at least 6 credits)")


def test_where_what_remains_is_not_known_nothing_is_out_of_reach() -> None:
    found = _mean(Prospect(credits=Fraction(1), is_least=True), taken("CS 600", "C"))
    assert found.standing is Standing.PENDING


def test_an_attempt_that_is_replaced_leaves_the_mean_needed() -> None:
    low, fine = taken("CS 600", "C"), taken("CS 610", "B")
    ahead = Prospect(credits=Fraction(3), is_least=True)
    assert "4.00 needed" in _mean(ahead, low, fine).counted
    dropped = Prospect(replaced=frozenset({low.id}), credits=Fraction(3), is_least=True)
    assert "3.00 needed" in _mean(dropped, low, fine).counted


def test_a_settled_grade_is_judged_like_an_earned_one() -> None:
    good, bad = taken("CS 600", "A"), planned("CS 610", expected_grade="F")
    settled = Prospect(settled=frozenset({bad.id}))
    assert _mean(settled, good, bad).counted == _mean(Prospect(), good, failed("CS 610")).counted
    assert _mean(settled, good, bad).standing is Standing.UNMET
    fine = planned("CS 610", expected_grade="B")
    held = _mean(Prospect(settled=frozenset({fine.id})), good, fine)
    assert held.standing is Standing.PLANNED
