"""`compare.three_s`: how long a person waits for the comparison of the bundled programmes."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from measurement import Measurement, command_seconds
from spine import EXAMPLES, TODAY

REPEATS = 3


def measure() -> Iterator[Measurement]:
    """Yield the time of the whole command, two workers against one."""
    command = str(Path(sys.executable).with_name("prospectus"))
    student = EXAMPLES / "engineer-bangalore.yaml"
    call = [command, "compare", str(student), "--today", TODAY.isoformat(), "--json", "--workers"]
    serial = statistics.median(command_seconds([*call, "1"], REPEATS))
    parallel = statistics.median(command_seconds([*call, "2"], REPEATS))
    yield Measurement(
        id="compare.three_s",
        value=parallel,
        unit="s",
        goal=15.0,
        baseline=serial,
        baseline_name="one process",
        note=f"median of {REPEATS} fresh processes, two workers, {student.name}",
    )
