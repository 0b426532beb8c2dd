"""Bytes of a cache make objects of the domain, and can do nothing else."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import subprocess
from fractions import Fraction

import pytest

from prospectus.domain.course import Delivery
from prospectus.domain.facts import Money, Provenance
from prospectus.store.thawing import NotThawed, freeze, thaw

DOMAIN = ("prospectus.domain",)


class Calling:
    """Something whose unpickling calls a function."""

    def __init__(self, function: object, *arguments: object) -> None:
        self._reduced = (function, arguments)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self._reduced


def test_objects_come_back_equal() -> None:
    value = {
        "amount": Money(minor=930_000, currency="USD"),
        "share": Fraction(2, 3),
        "day": dt.date(2026, 11, 22),
        "way": (Delivery.ASYNC, frozenset({"a", "b"})),
        "from": Provenance(sources=("S1",), as_of="2026-08"),
    }
    assert thaw(freeze(value), DOMAIN) == value


@pytest.mark.parametrize(
    "hostile",
    [
        Calling(os.system, "true"),
        Calling(subprocess.run, ["true"]),
        Calling(eval, "1"),
        Calling(getattr, Provenance, "__init__"),
        Calling(pickle.loads, b""),
    ],
)
def test_bytes_that_would_call_something_are_refused(hostile: object) -> None:
    with pytest.raises(NotThawed):
        thaw(pickle.dumps(hostile, protocol=5), DOMAIN)


def test_functions_and_modules_of_the_package_itself_are_refused() -> None:
    reaching = b"\x80\x04\x8c\x1aprospectus.domain.printer\x94\x8c\x0cprint_number\x94\x93\x94."
    with pytest.raises(NotThawed):
        thaw(reaching, DOMAIN)
    dotted = b"\x80\x04\x8c\x17prospectus.domain.facts\x94\x8c\x0dMoney.__add__\x94\x93\x94."
    with pytest.raises(NotThawed):
        thaw(dotted, DOMAIN)


@pytest.mark.parametrize("data", [b"", b"junk", b"\x80\x05", freeze(Provenance())[:-3]])
def test_what_is_no_object_is_refused(data: bytes) -> None:
    with pytest.raises(NotThawed):
        thaw(data, DOMAIN)
