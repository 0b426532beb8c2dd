"""The credits for which a course of variable credits may be taken."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tests.degrees import course


def test_a_course_of_fixed_credits_is_taken_for_these() -> None:
    assert course("CS 600", 3).credit_steps == (3,)


def test_whole_credits_are_added_to_the_least() -> None:
    assert course("CS 697", (1, 4)).credit_steps == (1, 2, 3, 4)


def test_the_most_is_one_of_them_though_it_is_no_whole_step_away() -> None:
    odd = replace(course("CS 697", (1, 3)), credits_high=Fraction(5, 2))
    assert odd.credit_steps == (1, 2, Fraction(5, 2))
