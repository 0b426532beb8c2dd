"""The catalog: loading it from the cache, reading and checking all its files, showing a programme.

`catalog.growth` is the exponent of the time to read one courses file against its size: 1 is linear.
"""

from __future__ import annotations

import math
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measurement import Measurement, command_seconds, seconds

REPEATS = 7
PROGRAM = "gatech-omscs"
N_COURSES = (500, 4000)
LOAD = "from prospectus.app.library import open_library; open_library()"
SCHOOL = """\
format: 1
kind: school
sources: {S1: {title: Handbook, read: 2026-08-19}}
facts: {source: S1, as_of: "2026-08-19", certainty: stated}
id: large
name: Large
currency: USD
grades: {scale: [{grade: A, points: 4}]}
"""
COURSE = (
    "  LC {number}: {{title: Course {number}, requires: LC {before} and LC 10000, "
    "topics: [a, b], hours: 10}}\n"
)


def measure() -> Iterator[Measurement]:
    """Yield the times of loading, checking and showing, and how reading grows with size."""
    from prospectus.app.library import open_library
    from prospectus.catalogs.check import check
    from prospectus.catalogs.listing import bundled_root

    with tempfile.TemporaryDirectory() as folder:
        yield from _loading(str(Path(sys.executable).with_name("prospectus")), folder)
    library = open_library()
    n_programs = len(library.ids())
    checks = [seconds(lambda: check([bundled_root()])) for _ in range(3)]
    yield Measurement(
        id="catalog.check_s",
        value=statistics.median(checks),
        unit="s",
        goal=5.0,
        note=f"all files of {n_programs} programmes read and checked, median of {len(checks)}",
    )
    yield _growth()


@contextmanager
def _cache(said: str) -> Iterator[None]:
    """Let the processes that start here use another cache."""
    before = os.environ.get("PROSPECTUS_CACHE")
    os.environ["PROSPECTUS_CACHE"] = said
    try:
        yield
    finally:
        del os.environ["PROSPECTUS_CACHE"]
        if before is not None:
            os.environ["PROSPECTUS_CACHE"] = before


def _loading(command: str, folder: str) -> Iterator[Measurement]:
    load = [sys.executable, "-c", LOAD]
    with _cache(folder):
        kept = statistics.median(command_seconds(load, REPEATS))
        shown = statistics.median(command_seconds([command, "show", PROGRAM], REPEATS))
    with _cache("off"):
        anew = statistics.median(command_seconds(load, 3))
    yield Measurement(
        id="catalog.load_s",
        value=kept,
        unit="s",
        goal=0.3,
        baseline=anew,
        baseline_name="the same without a cache",
        note=f"a fresh process with its imports, median of {REPEATS}",
    )
    yield Measurement(
        id="catalog.show_s",
        value=shown,
        unit="s",
        goal=0.6,
        note=f"`prospectus show {PROGRAM}`, a fresh process, median of {REPEATS}",
    )


def _growth() -> Measurement:
    """Return the exponent of reading time between a small and a large file."""
    from prospectus.catalogs.load import load_catalog

    times = []
    for n_courses in N_COURSES:
        with tempfile.TemporaryDirectory() as folder:
            school = Path(folder) / "schools" / "large"
            school.mkdir(parents=True)
            (school / "school.yaml").write_text(SCHOOL)
            head = SCHOOL.partition("id:")[0].replace("kind: school", "kind: courses")
            courses = "".join(
                COURSE.format(number=10000 + n, before=10000 + max(0, n - 1))
                for n in range(n_courses)
            )
            text = f"{head}school: large\ndefaults: {{credits: 3}}\ncourses:\n{courses}"
            (school / "courses.yaml").write_text(text)
            root = Path(folder)
            times.append(min(seconds(lambda root=root: load_catalog(root)) for _ in range(3)))
    exponent = math.log(times[1] / times[0]) / math.log(N_COURSES[1] / N_COURSES[0])
    return Measurement(
        id="catalog.growth",
        value=exponent,
        unit="",
        goal=1.2,
        note=f"exponent of time against size from {N_COURSES[0]} to {N_COURSES[1]} courses "
        f"({times[0]:.2f} s, {times[1]:.2f} s)",
    )
