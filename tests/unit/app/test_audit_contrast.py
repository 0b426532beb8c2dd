"""Two audits side by side: what differs is told, what is the same is not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from prospectus.app.audit_answers import AuditSummary
from prospectus.app.audit_contrast import differences

SHORT = AuditSummary(
    standing="not met",
    credits_left=Fraction(6),
    n_met=1,
    n_requirements=2,
    standings=(("degree", "not met"), ("core", "met")),
)


def test_nothing_is_told_of_two_that_are_alike() -> None:
    assert differences(SHORT, SHORT, {}) == ()


def test_a_date_that_only_one_of_two_misses_is_told() -> None:
    late = replace(SHORT, missed=("Time limit",))
    assert differences(SHORT, late, {}) == ("not kept in time: Time limit",)
    assert differences(late, SHORT, {}) == ("no longer missed: Time limit",)
    assert differences(late, late, {}) == ()


def test_what_only_one_of_two_asks_is_named_by_its_label() -> None:
    more = replace(SHORT, standings=(*SHORT.standings, ("talk", "pending")))
    labels = {"talk": "Talk"}
    assert differences(SHORT, more, labels) == ("now asked: Talk (pending)",)
    assert differences(more, SHORT, labels) == ("no longer asked: Talk",)
