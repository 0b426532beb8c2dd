"""Small cases of what drawn rules have shown to be wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.degrees import TODAY, degree, done, leaf, record, taken

from prospectus.audit import audit
from prospectus.domain.course import CourseCode
from prospectus.domain.meaning import judge
from prospectus.domain.program import Equivalent


@pytest.mark.parametrize("on_record", ["CS 600", "CS 610"])
def test_what_another_course_stands_for_may_still_be_taken_itself(on_record: str) -> None:
    """CS 610 meets what asks CS 600, and is another course; each was refused beside the other."""
    stands_for = Equivalent(course=CourseCode("CS 600"), met_by=done("CS 610"))
    rules = degree(
        leaf("first", "CS 600", 1),
        leaf("second", "CS 610", 1),
        school={"equivalents": (stands_for,)},
    )
    whole = record(taken(on_record))
    result = audit(rules, whole, TODAY)
    assert result.credits_left == Fraction(3)
    assert judge(rules, whole, result.witness, TODAY).is_valid
