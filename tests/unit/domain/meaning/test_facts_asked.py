"""What rules ask about a person, and of whom the answers are alike."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from prospectus.app.library import Library, open_library
from prospectus.app.options import all_readings
from prospectus.domain.expression import Background, GpaIs, HasDegree, Member, PersonIs, TestIs
from prospectus.domain.meaning import resolve
from prospectus.domain.meaning.facts_asked import answers_of, facts_asked
from prospectus.domain.student import Person

KINDS = (Background, GpaIs, HasDegree, Member, PersonIs, TestIs)


@pytest.fixture(scope="module")
def library() -> Library:
    """The bundled catalog."""
    return open_library()


def test_no_question_of_a_bundled_programme_is_overlooked(library: Library) -> None:
    kinds = set()
    for name in library.ids():
        program = library.program(name, library.years(name)[-1])
        school = library.school(program)
        asked = facts_asked(program, school)
        written = repr(program) + repr(school)
        for kind in KINDS:
            is_asked = any(isinstance(one, kind) for one in asked)
            assert is_asked is (f"{kind.__name__}(" in written), (name, kind.__name__)
        assert len(set(asked)) == len(asked)
        kinds |= {type(one) for one in asked}
    assert len(kinds) > 2


def test_of_whom_the_answers_are_alike_the_rules_are_too(library: Library) -> None:
    people = [
        Person(),
        Person(gpa=Fraction(2)),
        Person(gpa=Fraction(39, 10)),
        Person(gpa=Fraction(4), degrees=(("bachelor", "computer science"),)),
        Person(facts=(("residence", "US-GA"),), background=frozenset({"python"})),
        Person(facts=(("residence", "IN"),), background=frozenset({"linear algebra", "python"})),
        Person(facts=(("residence", "IN"),), tests=(("TOEFL", Fraction(104)),)),
    ]
    n_alike = 0
    for name in library.ids():
        program = library.program(name, library.years(name)[-1])
        school = library.school(program)
        asked = facts_asked(program, school)
        reading = all_readings(program)[0]
        known = library.assumptions_of(program)
        seen: dict[tuple[object, ...], object] = {}
        for person in people:
            made = resolve(program, school, person, reading, known)
            told = [replace(one, person=Person()) for one in made]
            first = seen.setdefault(answers_of(person, asked), told)
            assert first == told, name
            n_alike += first is not told
    assert n_alike > len(library.ids())


def test_where_one_lives_is_always_told_for_fees_may_hang_on_it() -> None:
    here, there = Person(facts=(("residence", "US-GA"),)), Person(facts=(("residence", "IN"),))
    assert answers_of(here, ()) != answers_of(there, ())


def test_a_grade_is_told_by_what_is_asked_of_it_alone() -> None:
    asked = (GpaIs(at_least=Fraction(3)),)
    alike = [answers_of(Person(gpa=Fraction(gpa)), asked) for gpa in (3, 4)]
    assert alike[0] == alike[1]
    assert answers_of(Person(gpa=Fraction(2)), asked) != alike[0]
    assert answers_of(Person(), asked) != alike[0]
