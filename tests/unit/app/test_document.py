from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction

import pytest
from sample_answers import comparison

from prospectus.app.document import envelope, error_envelope, to_json
from prospectus.domain.errors import Fault, Place
from prospectus.domain.facts import Certainty, Money


def test_an_answer_is_one_versioned_document():
    document = json.loads(envelope("compare", comparison(), seed=7))
    assert (document["schema"], document["version"], document["ok"]) == (
        "prospectus.compare",
        1,
        True,
    )
    assert document["seed"] == 7
    assert document["warnings"] == []
    row = document["result"]["rows"][0]["row"]
    assert row["figures"]["cost"] == {"minor": 930000, "currency": "USD"}
    assert row["figures"]["finish"] == "2029-05-06"


def test_exact_numbers_stay_exact():
    assert to_json(Fraction(8, 3)) == "8/3"
    assert to_json(Fraction(6, 3)) == 2


def test_values_have_their_plain_form():
    assert to_json(Certainty.ASSUMED) == "assumed"
    assert to_json(Money(minor=5, currency="USD")) == {"minor": 5, "currency": "USD"}
    assert to_json(frozenset({"b", "a"})) == ["a", "b"]
    assert to_json(dt.time(18, 0)) == "18:00:00"


def test_a_value_without_a_plain_form_is_refused():
    with pytest.raises(TypeError, match="object"):
        to_json(object())


def test_a_failed_call_gives_the_fields_of_the_three_lines():
    fault = Fault(code="STU-005", what="negative", fix="mend", at=Place(file="a.yaml", line=3))
    document = json.loads(error_envelope("plan", (fault,), 3))
    assert document["ok"] is False
    assert document["exit_code"] == 3
    assert document["errors"] == [
        {
            "code": "STU-005",
            "severity": "error",
            "what": "negative",
            "at": {"file": "a.yaml", "line": 3, "field": ""},
            "fix": "mend",
        }
    ]
