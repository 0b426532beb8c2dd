"""LANGUAGE 5, eligibility: admissible yes, no, depends or unknown, with reasons."""

from __future__ import annotations

from fractions import Fraction

from prospectus.domain.expression import (
    And,
    Background,
    GpaIs,
    HasDegree,
    Not,
    Soft,
    Softness,
    TestIs,
)
from prospectus.domain.meaning import eligibility
from prospectus.domain.student import Person

# -------------------------------------------------------------------- eligibility

BACHELOR = HasDegree(level="bachelor")
SCORE = TestIs(name="TOEFL", at_least=Fraction(100))


def test_eligibility_is_yes_no_or_depends_with_the_conditions_that_lack() -> None:
    rule = And(items=(BACHELOR, SCORE))
    both = Person(degrees=(("bachelor", "art"),), tests=(("TOEFL", Fraction(101)),))
    assert eligibility(rule, both) == (True, ())
    low = Person(degrees=(("bachelor", "art"),), tests=(("TOEFL", Fraction(90)),))
    assert eligibility(rule, low) == (False, (SCORE,))
    unsaid = Person(degrees=(("bachelor", "art"),))
    assert eligibility(rule, unsaid) == (None, (SCORE,))


def test_eligibility_that_nobody_states_is_unknown() -> None:
    assert eligibility(None, Person()) == (None, ())


def test_eligibility_never_fails_on_what_is_recommended() -> None:
    rule = Soft(kind=Softness.RECOMMENDED, item=Background(topic="calculus"))
    assert eligibility(rule, Person(background=frozenset())) == (True, ())


def test_an_earlier_degree_may_make_one_ineligible() -> None:
    rule = Not(item=HasDegree(level="master", field="data science"))
    assert eligibility(rule, Person(degrees=(("master", "data science"),)))[0] is False
    assert eligibility(rule, Person(degrees=(("bachelor", "data science"),)))[0] is True


def test_the_mean_of_a_prior_degree_is_a_fact_of_the_person() -> None:
    rule = GpaIs(at_least=Fraction(3))
    assert eligibility(rule, Person(gpa=Fraction(3)))[0] is True
    assert eligibility(rule, Person(gpa=Fraction(2)))[0] is False
    assert eligibility(rule, Person())[0] is None
