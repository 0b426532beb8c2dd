"""`compare.three_s`: how long a person waits for the comparison of the bundled programmes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from measurement import Measurement, command_seconds
from spine import EXAMPLES, TODAY


def measure() -> Iterator[Measurement]:
    """Yield the time of the whole command, two workers against one."""
    command = str(Path(sys.executable).with_name("prospectus"))
    student = EXAMPLES / "engineer-bangalore.yaml"
    call = [command, "compare", str(student), "--today", TODAY.isoformat(), "--json", "--workers"]
    [serial] = command_seconds([*call, "1"], repeats=1)
    [parallel] = command_seconds([*call, "2"], repeats=1)
    yield Measurement(
        id="compare.three_s",
        value=parallel,
        unit="s",
        goal=15.0,
        baseline=serial,
        baseline_name="one process",
        note=f"a fresh process, the second run, two workers, {student.name}",
    )
