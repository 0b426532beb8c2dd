"""Balancing against plain enumeration, and published instances against a checker of their own."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path

import pytest
from tests.differential.balance_drawing import (
    best_by_enumeration,
    drawn_problem,
    keeps_all,
    value_of,
)

from prospectus.app.balancing import read_problem
from prospectus.planning.balance import BalanceResult, balance
from prospectus.planning.result import PlanStatus

DATA = Path(__file__).parents[2] / "benchmarks" / "data" / "bacp"
KNOWN = list(csv.DictReader((DATA / "known.csv").read_text(encoding="utf-8").splitlines()))
BACP = [row for row in KNOWN if not row["file"].startswith("minizinc-gbac")]
QUICK_GBAC = ("toy", "reduced_UD4", "reduced_UD10")
BATCH = 50


@pytest.mark.parametrize("batch", range(8))
def test_the_value_is_that_of_enumeration(batch: int) -> None:
    statuses = set()
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        problem = drawn_problem(seed)
        best = best_by_enumeration(problem)
        found = balance(problem, seconds=20, workers=1)
        statuses.add(found.status)
        if best is None:
            assert found.status is PlanStatus.INFEASIBLE, seed
            assert found.reason, seed
            continue
        assert found.status is PlanStatus.OPTIMAL, seed
        assert (found.value, found.bound) == (best, best), seed
        assert found.places is not None
        assert keeps_all(problem, found.places), seed
        assert value_of(problem, found.places) == best, seed
    assert statuses == {PlanStatus.OPTIMAL, PlanStatus.INFEASIBLE}


@pytest.mark.parametrize("row", BACP, ids=lambda row: Path(row["file"]).stem)
def test_a_bacp_file_is_proven_at_its_known_value(row: dict[str, str]) -> None:
    path = DATA / row["file"]
    found = balance(read_problem(path), seconds=60, workers=1)
    assert found.status is PlanStatus.OPTIMAL
    assert found.value == int(row["best"])
    assert peak_by_text(path, found) == found.value


@pytest.mark.parametrize("name", QUICK_GBAC)
def test_a_small_gbac_file_is_proven_at_its_known_value(name: str) -> None:
    check_gbac(name)


@pytest.mark.slow
def test_ud4_is_proven_at_its_known_value() -> None:
    check_gbac("UD4")


def check_gbac(name: str) -> None:
    row = next(row for row in KNOWN if row["file"].endswith(f"/{name}-gbac.dzn"))
    path = DATA / row["file"]
    found = balance(read_problem(path), seconds=240, workers=1)
    assert found.status is PlanStatus.OPTIMAL
    assert found.value == int(row["best"])
    assert cost_by_text(path, found) == found.value


def number(text: str, name: str) -> int:
    return int(re.search(rf"(?m)^\s*{name}\s*=\s*(\d+)", text)[1])  # type: ignore[index]


def numbers(text: str) -> list[int]:
    return [int(word) for word in re.findall(r"\d+", text)]


def peak_by_text(path: Path, found: BalanceResult) -> int:
    """Return the largest load, read from the file by searches of its text alone; check limits."""
    text = re.sub(r"/\*[^\n]*", "", path.read_text(encoding="utf-8"))
    text = re.sub(r"(%|//)[^\n]*", "", text)
    places = found.places
    assert places is not None
    if path.suffix == ".dat":
        p, least, most, fewest, many = (number(text, name) for name in "pabcd")
        inside = re.search(r"courses\s*=\s*\{(.*?)\}", text, re.DOTALL)[1]  # type: ignore[index]
        names = [name.strip() for name in inside.split(",")]
        loads = numbers(re.search(r"credit\s*=\s*\[(.*?)\]", text, re.DOTALL)[1])  # type: ignore[index]
        pairs = re.findall(r"<\s*(\w+)\s*,\s*(\w+)\s*>", text)
        order = [(names.index(first), names.index(later)) for later, first in pairs]
    else:
        p = number(text, "n_periods")
        least, most = number(text, "load_per_period_lb"), number(text, "load_per_period_ub")
        fewest, many = number(text, "courses_per_period_lb"), number(text, "courses_per_period_ub")
        loads = numbers(re.search(r"course_load\s*=\s*\[(.*?)\]", text)[1])  # type: ignore[index]
        pairs = re.findall(r"prerequisite\((\d+), (\d+)\)", text)
        order = [(int(first) - 1, int(later) - 1) for later, first in pairs]
    assert len(order) >= 30
    assert len(places) == len(loads)
    assert all(places[first] < places[later] for first, later in order)
    held = [[load for load, at in zip(loads, places, strict=True) if at == t] for t in range(p)]
    assert sum(map(len, held)) == len(loads)
    assert all(least <= sum(row) <= most for row in held)
    assert all(fewest <= len(row) <= many for row in held)
    return max(map(sum, held))


def cost_by_text(path: Path, found: BalanceResult) -> Fraction:
    """Return the cost as the MiniZinc model states it, read from the file's text; check limits."""
    text = re.sub(r"%[^\n]*", "", path.read_text(encoding="utf-8"))
    places = found.places
    assert places is not None
    p = number(text, "n_periods")
    loads = numbers(re.search(r"course_load\s*=\s*\[(.*?)\]", text)[1])  # type: ignore[index]
    inside = re.search(r"courses_of\s*=\s*\[(.*?)\]", text)[1]  # type: ignore[index]
    curricula = [numbers(group) for group in re.findall(r"\{(.*?)\}", inside)]
    order = numbers(re.search(r"precedes\s*=\s*array2d\(.*?\[(.*?)\]", text)[1])  # type: ignore[index]
    marks = numbers(re.search(r"undesirable\s*=\s*array2d\(.*?\[(.*?)\]", text)[1])  # type: ignore[index]
    assert len(order) == 2 * number(text, "n_precedences")
    assert len(curricula) == number(text, "n_curricula")
    for first, later in zip(order[::2], order[1::2], strict=True):
        assert places[first - 1] < places[later - 1]
    cost = 0
    for courses in curricula:
        total = sum(loads[course - 1] for course in courses)
        low, high = total // p, -(-total // p)
        for period in range(p):
            held = [loads[course - 1] for course in courses if places[course - 1] == period]
            assert number(text, "min_courses") <= len(held) <= number(text, "max_courses")
            cost += max(sum(held) - high, low - sum(held), 0) ** 2
    pairs = zip(marks[::2], marks[1::2], strict=True)
    return Fraction(cost + sum(places[course - 1] == period - 1 for course, period in pairs))
