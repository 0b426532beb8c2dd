"""Places: the spellings of a state of the US are one."""

from __future__ import annotations

import pytest

from prospectus.domain.expression import PersonIs
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.place import place, place_name
from prospectus.domain.student import Person


@pytest.mark.parametrize("text", ["Iowa", "iowa", "IA", "US-IA", "us-ia", " Iowa "])
def test_a_state_is_one_place_however_it_is_spelled(text: str) -> None:
    assert place(text) == "US-IA"
    assert place_name(place(text)) == "Iowa"


@pytest.mark.parametrize("text", ["in-state", "India", "in", "ia", "US-XX", "US", ""])
def test_any_other_place_stays_as_it_is_written(text: str) -> None:
    assert place(text) == text
    assert place_name(text) == text


def test_rules_prices_and_persons_name_places_alike() -> None:
    assert PersonIs(fact="residence", value="Iowa") == PersonIs(fact="residence", value="IA")
    assert PersonIs(fact="employer", value="IA") != PersonIs(fact="employer", value="Iowa")
    assert Person(facts=(("residence", "Iowa"),)).fact("residence") == "US-IA"
    assert Fee(id="a", per=FeePer.ONCE, residence=frozenset({"IA", "Iowa"})).residence == {"US-IA"}
