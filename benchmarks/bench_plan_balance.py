"""`plan.bacp_*`, `plan.gbac_*`: how long the evenest layout of the published instances takes.

The id's first word is that of the goal `plan.bacp_worst_ms`; times hold reading nothing but the
problem in memory, and building every model.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from balance_plain import plain_peak
from measurement import Measurement, seconds
from prospectus.app.balancing import read_problem
from prospectus.domain.balance import BalanceProblem
from prospectus.planning.balance import BalanceResult, balance
from prospectus.planning.result import PlanStatus

IDS = ("plan.bacp_", "plan.gbac_")
DATA = Path(__file__).parent / "data" / "bacp"
WORKERS = 2
BACP_LIMIT_S = 30.0
GBAC_LIMIT_S = 60.0
LARGE_LIMIT_S = 30.0
UP_TO_UD4 = ("toy", "reduced_UD4", "reduced_UD10", "UD4")
"""The instances of the generalised problem that are no larger than UD4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A published instance and the best value known of it."""

    problem: BalanceProblem
    best: int

    @property
    def short(self) -> str:
        """Return the instance's name without its form."""
        return self.problem.name.removesuffix("-gbac")


def instances(folder: str) -> list[Instance]:
    """Return the instances of one folder, or of several whose names begin so."""
    with (DATA / "known.csv").open(encoding="utf-8", newline="") as file:
        return [
            Instance(problem=read_problem(DATA / row["file"]), best=int(row["best"]))
            for row in csv.DictReader(file)
            if row["file"].startswith(folder)
        ]


def timed(problem: BalanceProblem, limit: float) -> tuple[float, BalanceResult]:
    """Return the wall seconds of one answer, and the answer."""
    answers: list[BalanceResult] = []
    took = seconds(lambda: answers.append(balance(problem, seconds=limit, workers=WORKERS)))
    return took, answers[0]


def measure() -> Iterator[Measurement]:
    """Yield the worst time of the bacp files, how many are proven, and the gbac files."""
    bacp = [*instances("csplib/"), *instances("minizinc-bacp/")]
    timed(bacp[0].problem, BACP_LIMIT_S)  # the first run loads the solver
    ours = [timed(item.problem, BACP_LIMIT_S) for item in bacp]
    plain_times = [
        seconds(partial(plain_peak, item.problem, seconds=BACP_LIMIT_S, workers=WORKERS))
        for item in bacp
    ]
    worst = max(range(len(bacp)), key=lambda place: ours[place][0])
    yield Measurement(
        id="plan.bacp_worst_ms",
        value=1_000 * ours[worst][0],
        unit="ms",
        goal=500.0,
        baseline=1_000 * max(plain_times),
        baseline_name="plain model, solver defaults, its own worst",
        note=f"{len(bacp)} files, worst {bacp[worst].short}; all together "
        f"{sum(time for time, _ in ours):.2f} s, plain {sum(plain_times):.2f} s",
    )
    yield Measurement(
        id="plan.bacp_unproven",
        value=sum(
            result.status is not PlanStatus.OPTIMAL or result.value != item.best
            for item, (_, result) in zip(bacp, ours, strict=True)
        ),
        unit="",
        goal=0,
        note=f"of {len(bacp)} files without a proof, or off the known optimum",
    )
    yield from _gbac()


def _gbac() -> Iterator[Measurement]:
    """Yield the worst time up to UD4's size, and value, bound and gap of each gbac file."""
    gbac = instances("minizinc-gbac/")
    small = [item for item in gbac if item.short in UP_TO_UD4]
    ours = [timed(item.problem, GBAC_LIMIT_S) for item in small]
    worst = max(range(len(small)), key=lambda place: ours[place][0])
    yield Measurement(
        id="plan.gbac_worst_ms",
        value=1_000 * ours[worst][0],
        unit="ms",
        goal=30_000.0,
        note=f"up to UD4's size; worst {small[worst].short}: "
        + "; ".join(_told(item, r) for item, (_, r) in zip(small, ours, strict=True)),
    )
    large = [item for item in gbac if item.short not in UP_TO_UD4]
    theirs = [timed(item.problem, LARGE_LIMIT_S)[1] for item in large]
    yield Measurement(
        id="plan.gbac_above_best",
        value=sum(
            result.value is None or result.value > item.best
            for item, result in zip(large, theirs, strict=True)
        ),
        unit="",
        note=f"of {len(large)} larger files above the best known, {LARGE_LIMIT_S:.0f} s each: "
        + "; ".join(_told(item, r) for item, r in zip(large, theirs, strict=True)),
    )


def _told(item: Instance, result: BalanceResult) -> str:
    if result.status is PlanStatus.OPTIMAL:
        return f"{item.short} {result.value} proven"
    return f"{item.short} {result.value}, bound {result.bound}, best known {item.best}"
