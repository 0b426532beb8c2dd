"""A fingerprint follows the content of a value and nothing else."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from enum import Enum
from fractions import Fraction

import pytest
from tests.degrees import course, leaf, program, school_of

from prospectus.domain.errors import Place
from prospectus.domain.facts import Provenance
from prospectus.domain.fingerprint import fingerprint


class Colour(Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class Box:
    name: str
    size: Fraction = Fraction(1)
    inside: frozenset[str] = frozenset()
    memo: list[int] = field(default_factory=list, compare=False)


DIFFERENT: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    1.5,
    "",
    "1",
    b"1",
    Fraction(1),
    Fraction(1, 2),
    (),
    (1,),
    [1],
    ((1,),),
    (1, 1),
    ("ab", "c"),
    ("a", "bc"),
    ("abc",),
    frozenset(),
    frozenset({1}),
    frozenset({"1"}),
    {},
    {"a": 1},
    {"a": 2},
    {1: "a"},
    (("a", 1),),
    dt.date(2026, 1, 2),
    dt.date(2026, 2, 1),
    dt.time(1, 2),
    Colour.RED,
    Colour.BLUE,
    Box("a"),
    Box("b"),
    Box("a", Fraction(2)),
    Box("a", inside=frozenset({"x"})),
    Box("a", inside=frozenset({"x", "y"})),
)


def test_different_values_have_different_fingerprints() -> None:
    prints = [fingerprint(value) for value in DIFFERENT]
    assert len(set(prints)) == len(DIFFERENT)


def test_a_fingerprint_is_64_hexadecimal_digits() -> None:
    assert len(fingerprint("x")) == 64
    int(fingerprint("x"), 16)


def test_sets_and_mappings_have_no_order() -> None:
    words = [f"word {i}" for i in range(50)]
    assert fingerprint(frozenset(words)) == fingerprint(frozenset(reversed(words)))
    pairs = [(word, len(word)) for word in words]
    assert fingerprint(dict(pairs)) == fingerprint(dict(reversed(pairs)))


def test_the_order_of_a_tuple_counts() -> None:
    assert fingerprint((1, 2)) != fingerprint((2, 1))


def test_fields_that_do_not_count_in_comparisons_do_not_count_here() -> None:
    assert fingerprint(Box("a", memo=[1])) == fingerprint(Box("a"))


def test_every_field_of_a_course_counts() -> None:
    one = course("CS 600", topics=["nlp"])
    others = [
        replace(one, title="Other"),
        replace(one, credits_high=Fraction(4)),
        replace(one, topics=frozenset({"vision"})),
        replace(one, unknown=frozenset({"topics"})),
        replace(one, counts_credit=False),
        replace(one, provenance=Provenance(as_of="2026")),
    ]
    assert len({fingerprint(value) for value in (one, *others)}) == len(others) + 1


def test_places_count_unless_left_out() -> None:
    here = Provenance(at=Place(file="a.yaml", line=1))
    there = Provenance(at=Place(file="a.yaml", line=2))
    assert fingerprint(here) != fingerprint(there)
    assert fingerprint(here, places=False) == fingerprint(there, places=False)
    dated = replace(there, as_of="2026")
    assert fingerprint(here, places=False) != fingerprint(dated, places=False)


def test_a_value_without_stable_content_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no stable content"):
        fingerprint((1, object()))


PRINT_ONE = """
from fractions import Fraction
from tests.degrees import course, leaf, program, school_of
from prospectus.domain.fingerprint import fingerprint
courses = [course(f"CS {n}", topics=["a", "b", "c", "d"]) for n in range(600, 620)]
print(fingerprint((school_of(courses), program(leaf("core", ["CS 600", "CS 601"], 1)))))
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_with_another_seed_of_hashes_finds_the_same(seed: str) -> None:
    courses = [course(f"CS {n}", topics=["a", "b", "c", "d"]) for n in range(600, 620)]
    mine = fingerprint((school_of(courses), program(leaf("core", ["CS 600", "CS 601"], 1))))
    run = subprocess.run(
        [sys.executable, "-c", PRINT_ONE],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert run.stdout.strip() == mine
