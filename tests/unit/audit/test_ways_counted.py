"""Ways left are as many with each short cut of the count as without it, on drawn records."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.degrees import TODAY
from tests.unit.audit.drawn_boards import audited, drawn_cases

from prospectus.audit.boards import board_of
from prospectus.audit.problem import problem_of
from prospectus.audit.result import AuditResult, WaysLeft
from prospectus.audit.rules import rules_of
from prospectus.audit.ways import _Counting, _fits, _serve, ways_left

CASES = 60
A, B = 1, 2
"""Leaves."""


@pytest.fixture(scope="module")
def results() -> list[tuple[AuditResult, WaysLeft]]:
    return list(counted())


def counted() -> Iterator[tuple[AuditResult, WaysLeft]]:
    """Yield the ways left of each drawn case that is proven and lacks something."""
    for case in drawn_cases(CASES):
        result = audited(case)
        if result.is_proven and result.credits_left:
            rules = rules_of(case.resolved, case.record)
            problem = problem_of(rules, case.record, TODAY, result.witness.conferral)
            yield result, ways_left(board_of(problem, result), result, steps=50_000)


def test_what_is_chosen_may_be_asked_to_be_needed(
    results: list[tuple[AuditResult, WaysLeft]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Counting, "_goes_on", lambda *_: True)
    assert [ways for _, ways in counted()] == [ways for _, ways in results]
    assert sum(ways.is_exact and ways.count > 1 for _, ways in results) > 5


def test_what_did_not_do_rules_out_what_is_less(
    results: list[tuple[AuditResult, WaysLeft]], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = _Counting._may_go_on

    def forgetting(self: _Counting, counts: list[int]) -> bool:
        self.dead.clear()
        return plain(self, counts)

    monkeypatch.setattr(_Counting, "_may_go_on", forgetting)
    assert [ways for _, ways in counted()] == [ways for _, ways in results]


def test_a_pattern_fits_courses_that_may_stand_in_more_leaves() -> None:
    assert _fits(((0, A),), ((0, A | B),))
    assert not _fits(((0, A | B),), ((0, A),))
    assert not _fits(((0, A),), ((1, A),))


def test_each_of_a_pattern_needs_a_course_of_its_own() -> None:
    assert not _fits(((0, A), (0, A)), ((0, A | B), (0, B)))
    assert _fits(((0, A), (0, B)), ((0, A | B), (0, A)))


def test_courses_serve_where_each_finds_a_place_of_its_own() -> None:
    assert _serve(((0, A | B), (0, A)), ((0, A), (0, B)))
    assert not _serve(((0, A), (0, A)), ((0, A), (0, B)))
