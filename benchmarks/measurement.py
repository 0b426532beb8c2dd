"""What a benchmark hands back, and how times are taken."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One figure of one run.

    `goal` is the most that the value should be, of a rate (`..._per_s`) the least; `baseline` a
    plainer way of the same job, taken in the same run on the same machine, and `baseline_name` says
    which. Lower is better, of a rate higher.
    """

    id: str
    value: float
    unit: str
    note: str
    goal: float | None = None
    baseline: float | None = None
    baseline_name: str = ""

    @property
    def ratio(self) -> float | None:
        """Return value / baseline, None without a baseline."""
        return self.value / self.baseline if self.baseline else None

    @property
    def is_missed(self) -> bool:
        """Return whether the value lies above its goal, a rate below it."""
        if self.goal is None:
            return False
        return self.value < self.goal if self.id.endswith("_per_s") else self.value > self.goal

    def to_json(self) -> dict[str, str | float | None]:
        """Return the fields that build/bench.json keeps."""
        return {
            "id": self.id,
            "value": self.value,
            "unit": self.unit,
            "goal": self.goal,
            "baseline": self.baseline,
            "baseline_name": self.baseline_name or None,
            "ratio": self.ratio,
            "note": self.note,
        }


def seconds(job: Callable[[], object]) -> float:
    """Return how long one call takes, in seconds of wall time."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def command_seconds(command: Sequence[str], repeats: int) -> list[float]:
    """Return the wall seconds of each of `repeats` runs of a command, after one to warm up.

    Raises
    ------
    subprocess.CalledProcessError
        When the command fails: a crash is not a fast answer.
    """
    # Compiled modules are kept, as they are on a person's machine.
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}

    def run() -> None:
        subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL, env=kept)

    run()
    return [seconds(run) for _ in range(repeats)]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` (0..1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]
