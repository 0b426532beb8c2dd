"""Options of the tests, and what a run prints at its end: what differential cases held."""

from __future__ import annotations

import os
import tempfile
from collections import Counter

import pytest

# A cache of the tests' own, in this process and in those that tests start.
_CACHE = tempfile.TemporaryDirectory(prefix="prospectus-cache-")
os.environ["PROSPECTUS_CACHE"] = _CACHE.name


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch that writes golden files anew, for their diff to be reviewed."""
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many generated cases were compared, and how often each kind stood in them."""
    answers: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if name == "differential answers":
                answers.update(value)
            elif name == "differential kinds":
                kinds.update(value)
            elif name == "second formulation":
                second.update(value)
    if second:
        terminalreporter.section("planner against the second formulation")
        told = (f"{count} {answer}" for answer, count in second.most_common())
        terminalreporter.write_line("; ".join(told))
    n_cases = sum(answers.values())
    if not n_cases:
        return
    terminalreporter.section(f"planner against enumeration: {n_cases} cases")
    told = ", ".join(f"{count} {answer}" for answer, count in answers.most_common())
    terminalreporter.write_line(told)
    shares = (f"{kind} {count / n_cases:.0%}" for kind, count in sorted(kinds.items()))
    terminalreporter.write_line("kinds: " + ", ".join(shares))
