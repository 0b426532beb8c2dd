"""Runs the benchmarks, prints their table and writes build/bench.json.

A benchmark is a module `bench_<group>.py` beside this file whose `measure()` yields measurements
with ids `<group>.<what>_<unit>`; `--only compare` or `--only plan.build` runs a part. A module may
say in `IDS` how its ids begin; it is then left alone when others are asked for.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from measurement import Measurement

HERE = Path(__file__).parent
RESULT = HERE.parent / "build" / "bench.json"
COLUMNS = "{:<27} {:>11} {:>9} {:>11} {:>6}  {}"


def groups(only: str) -> list[str]:
    """Return the groups that may yield an id beginning with `only`."""
    names = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    return [
        name
        for name in names
        if name.startswith(only) or only.startswith(f"{name.partition('_')[0]}.")
    ]


def measurements(only: str) -> Iterator[Measurement]:
    """Yield the measurements whose id begins with `only`."""
    for group in groups(only):
        module = importlib.import_module(f"bench_{group}")
        begins: tuple[str, ...] = getattr(module, "IDS", ("",))
        if not any(begin.startswith(only) or only.startswith(begin) for begin in begins):
            continue
        for measurement in module.measure():
            if measurement.id.startswith(only):
                yield measurement


def figure(value: float | None, unit: str = "") -> str:
    """Return a number in three significant digits with its unit, a dash for none."""
    return "-" if value is None else f"{value:.3g} {unit}".rstrip()


def line(measurement: Measurement) -> str:
    """Return the table's line of one measurement."""
    against = f"against {measurement.baseline_name}; " if measurement.baseline_name else ""
    missed = "MISSED; " if measurement.is_missed else ""
    return COLUMNS.format(
        measurement.id,
        figure(measurement.value, measurement.unit),
        figure(measurement.goal, measurement.unit),
        figure(measurement.baseline, measurement.unit),
        figure(measurement.ratio),
        missed + against + measurement.note,
    )


def warn_when_busy() -> None:
    """Say on stderr that others use the machine: then ratios hold and times do not."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores / 2:
        print(f"load average {load:.1f} on {cores} cores: read the ratios", file=sys.stderr)


def main() -> int:
    """Run what was asked for; 2 when no benchmark has such an id."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", metavar="PREFIX", help="ids that begin so")
    only = parser.parse_args().only
    done: list[Measurement] = []
    warn_when_busy()
    print(COLUMNS.format("id", "value", "goal", "baseline", "ratio", "note"))
    for measurement in measurements(only):
        print(line(measurement), flush=True)
        done.append(measurement)
    if not done:
        print(f"no benchmark begins with '{only}'", file=sys.stderr)
        return 2
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps([item.to_json() for item in done], indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
