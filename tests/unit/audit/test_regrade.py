"""Another grade that is the same to every rule asks for no other audit."""

from __future__ import annotations

from dataclasses import replace

from tests.degrees import TODAY, degree, failed, leaf, record, taken

from prospectus.audit import audit
from prospectus.audit.regrade import is_alike, with_planned
from prospectus.domain.record import Attempt, AttemptStatus

RULES = degree(
    leaf("core", ["CS 600", "CS 610"], 1, min_grade="B"),
    leaf("list", ["CS 600", "CS 620"], 1, min_grade="B"),
    leaf("only", ["CS 630"], 1, min_grade="B"),
    total=9,
)


def same(attempt: Attempt, grade: str, *others: Attempt) -> bool:
    """Return whether an attempt with another grade is the same to the rules."""
    whole = record(attempt, *others)
    bought = (item.course for item in audit(RULES, whole, TODAY).witness.completion)
    better = replace(attempt, grade=grade, status=AttemptStatus.PASSED)
    return is_alike(RULES, whole, TODAY, None, {}, (attempt, better), frozenset(bought))


def test_a_grade_that_still_fits_nowhere_is_the_same_as_a_failed_course() -> None:
    others = taken("CS 610"), taken("CS 620")
    assert same(failed("CS 600"), "C", *others)
    assert not same(failed("CS 600"), "B", *others)


def test_a_failed_course_that_the_completion_takes_again_is_not_the_same_passed() -> None:
    assert not same(failed("CS 630"), "C", taken("CS 610"), taken("CS 620"))


def test_what_is_planned_and_does_not_count_gives_no_answer() -> None:
    def asked(whole_record: tuple[Attempt, ...], *names: str) -> object:
        whole = record(*whole_record)
        return with_planned(RULES, whole, TODAY, names, choices={}, seconds=None)

    mine = taken("CS 610"), taken("CS 620")
    assert asked(mine, mine[0].id) is not None
    assert asked((failed("CS 610"),), failed("CS 610").id) is None
