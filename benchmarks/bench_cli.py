"""`cli.help_s`: how long a person waits for `prospectus --help`."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from measurement import Measurement, command_seconds

REPEATS = 9


def measure() -> Iterator[Measurement]:
    """Yield the start-up time of the command beside that of the bare interpreter."""
    command = str(Path(sys.executable).with_name("prospectus"))
    bare = statistics.median(command_seconds([sys.executable, "-c", "pass"], REPEATS))
    help_seconds = statistics.median(command_seconds([command, "--help"], REPEATS))
    yield Measurement(
        id="cli.help_s",
        value=help_seconds,
        unit="s",
        goal=0.3,
        baseline=bare,
        baseline_name="python -c pass",
        note=f"median of {REPEATS} fresh processes",
    )
