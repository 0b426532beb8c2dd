"""What the terminal says of a few records under bundled programmes, held to reviewed files.

After a change that is meant to change audits: `make test ARGS="tests/golden --update-golden"`,
and read the diff.
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from rich.console import Console

from prospectus.app.audit_what_if import parse_choices, parse_supposition
from prospectus.app.auditing import audit_record
from prospectus.cli.audit_view import print_audit

TODAY = dt.date(2026, 11, 22)
GOLDEN = Path(__file__).parent / "expected"

HEAD = "course,grade,term\n"
RECORDS = {
    "two-core-courses": HEAD + "CS 6601,A,Fall 2024\nCS 7641,A,Spring 2025\n",
    "three-core-courses": HEAD
    + "CS 6601,A,Fall 2024\nCS 7641,A,Spring 2025\nCS 7637,B,Summer 2025\n",
    "outside-and-seminar": HEAD
    + "ISYE 6402,A,Fall 2024\nISYE 6414,A,Spring 2025\nISYE 6501,B,Summer 2025\n"
    + "CS 8001,S,Summer 2025\nCS 6515,C,Fall 2025\n",
    "first-session": HEAD + "SIADS 501,A,Fall 2023 S1\nSIADS 505,C,Fall 2023 S1\n",
}
CASES = {
    "omscs-cpr-two-core-courses": ("two-core-courses", "gatech-omscs", ["specialization=cpr"], []),
    "omscs-ai-three-core-courses": (
        "three-core-courses",
        "gatech-omscs",
        ["specialization=ai"],
        [],
    ),
    "omscs-outside-and-seminar": (
        "outside-and-seminar",
        "gatech-omscs",
        ["specialization=ml"],
        ["CS 7641"],
    ),
    "mads-first-session": ("first-session", "umich-mads", [], []),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_audit_is_the_one_on_file(
    name: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    record, program, choices, added = CASES[name]
    path = tmp_path / f"{record}.csv"
    path.write_text(RECORDS[record], encoding="utf-8")
    answer = audit_record(
        path,
        program,
        today=TODAY,
        choices=parse_choices(choices),
        supposition=parse_supposition([], added),
    )
    out = io.StringIO()
    print_audit(answer, Console(file=out, highlight=False, emoji=False, width=80))
    held = GOLDEN / f"audit-{name}.txt"
    if pytestconfig.getoption("--update-golden"):
        held.parent.mkdir(exist_ok=True)
        held.write_text(out.getvalue(), encoding="utf-8")
    assert out.getvalue() == held.read_text(encoding="utf-8")
