"""What a better grade would have changed, and what is only a reshuffle."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from prospectus.app.auditing import audit_record

LEE = """format: 1
kind: record
program: gatech-omscs
catalog_year: 2026-27
matriculation: 2024-08-19
choices: {specialization: ai}
attempts:
  - {course: CS 6300, grade: A, period: Fall 2024}
  - {course: CS 6601, grade: C, period: Fall 2025}
  - {course: CS 7637, grade: B, period: Summer 2025}
  - {course: CS 6750, grade: C, period: Spring 2026}
  - {course: CS 7643, status: in progress, period: Fall 2026, expected_grade: B}
"""


def test_with_as_much_left_nothing_is_told_that_takes_from_another_requirement(
    tmp_path: Path,
) -> None:
    path = tmp_path / "lee.yaml"
    path.write_text(LEE, encoding="utf-8")
    (found,) = audit_record(path, today=dt.date(2026, 11, 22)).variants
    # a B in CS 6750 would fill the electives and take from the core, with 15 credits left as now
    (better,) = found.grades
    assert (better.course, better.gained, better.lost) == ("CS 6601", ("AI Core",), ())
