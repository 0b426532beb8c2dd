"""Values of the domain as plain JSON, and back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.differential.generation import generate

from prospectus.app.plain_values import NotPlain, from_plain, plainly
from prospectus.domain.student import Student


def test_students_of_all_kinds_come_back_as_they_were() -> None:
    for seed in range(60):
        problem = generate(seed)
        student = replace(problem.student, record=problem.record)
        read = json.loads(json.dumps(plainly(student)))
        assert from_plain(read, Student, "student") == student, seed


def test_defaults_are_left_out() -> None:
    student = generate(0).student
    assert "choices" not in plainly(replace(student, choices=()))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("field", "value", "at"),
    [
        ("plan_from", "tomorrow", "student.plan_from"),
        ("plan_from", None, "student.plan_from"),
        ("wishes", {"hours_per_week": "many"}, "student.wishes.hours_per_week"),
        ("wishes", {"hours_per_week": True}, "student.wishes.hours_per_week"),
        ("wishes", {"wanted": ["no code at all"]}, "student.wishes.wanted[0]"),
        ("wishes", {"about": [{"kind": "Nothing"}]}, "student.wishes.about[0]"),
        ("wishes", {"levels": ["luck"]}, "student.wishes.levels[0]"),
        ("wishes", {"min_offering_share": "1e99999999"}, "student.wishes.min_offering_share"),
        ("wishes", [], "student.wishes"),
        ("choices", [["one"]], "student.choices[0]"),
        ("luck", 1, "student.luck"),
    ],
)
def test_what_is_of_another_type_is_told_with_its_place(field: str, value: object, at: str) -> None:
    plain = json.loads(json.dumps(plainly(generate(0).student)))
    plain[field] = value
    with pytest.raises(NotPlain) as caught:
        from_plain(plain, Student, "student")
    assert caught.value.at == at


def test_a_missing_field_is_told_with_its_place() -> None:
    with pytest.raises(NotPlain) as caught:
        from_plain({}, Student, "student")
    assert caught.value.at == "student.matriculation"
