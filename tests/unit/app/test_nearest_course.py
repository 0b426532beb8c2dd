"""A course that nobody knows is mended by one of its subject or of its number."""

from __future__ import annotations

import pytest

from prospectus.app.nearest import nearest_course

KNOWN = ("CS 7641", "CS 6515", "CSE 6040", "EECS 6699")


@pytest.mark.parametrize(
    ("code", "meant"), [("CS 7461", "CS 7641"), ("CES 6040", "CSE 6040"), ("CS 6516", "CS 6515")]
)
def test_a_slip_in_subject_or_number_is_mended(code: str, meant: str) -> None:
    assert nearest_course(code, KNOWN, "remove it").startswith(f"did you mean {meant}?")


def test_a_course_of_another_subject_and_number_is_not_meant() -> None:
    assert nearest_course("MCS 999", KNOWN, "remove it") == "remove it"
