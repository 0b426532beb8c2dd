"""`audit.batch_per_s`, `audit.kernel_per_s`: a whole student body, from file to Parquet.

OMSCS with all its tracks, records of 0 to 14 uses: a third with surplus, a third with a cap reached
or transfers, a third with grades under a floor or repeats. At most one record in ten says the same
as another, in the long table too. What is measured is warm in one thing alone: the modules are
loaded and the loops compiled before. Reading the rules, and each attempt when it is first met, is
inside; `audit.batch_fixed_s` is how much of it, in seconds of processor. Then every complete
programme (`batch_programs`).
"""

from __future__ import annotations

import csv
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import numpy as np

from batch_programs import each_program
from measurement import Measurement
from prospectus.app.audit_batch import audit_batch
from prospectus.app.library import open_library
from prospectus.app.options import all_readings
from prospectus.audit.batch import BatchAuditor, Int32, Int64
from prospectus.audit.kernel_layout import EXACT, MISSING, PAIR
from prospectus.domain.course import CourseCode
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, CreditSource
from prospectus.domain.student import Person
from spine import TODAY

PROGRAM = "gatech-omscs"
N_RECORDS = 200_000
N_LONG = 1_000_000
_AT_ONCE = 50_000
_HEADINGS = ("student", "course", "term", "grade", "source", "credits")

Row = tuple[str, str, str, str, str]


def measure() -> Iterator[Measurement]:
    """Yield records a second from file to Parquet, and through the kernel alone."""
    resolved = _rules()
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = _records(resolved, N_RECORDS)
        _write(folder / "few.csv", records[:200])
        # the modules that read and write both kinds of table
        audit_batch(folder / "few.csv", PROGRAM, folder / "few.parquet", today=TODAY)
        _write_parquet(folder, folder / "some.parquet", resolved, 200)
        audit_batch(folder / "some.parquet", PROGRAM, folder / "few.csv", today=TODAY)
        spent = []
        for count, id_ in ((N_RECORDS, "audit.batch_per_s"), (N_LONG, "audit.batch_long_per_s")):
            table = folder / f"{count}.parquet"
            alike = _write_parquet(folder, table, resolved, count)
            started, cpu = time.perf_counter(), time.process_time()
            done = audit_batch(table, PROGRAM, folder / "out.parquet", today=TODAY)
            wall = time.perf_counter() - started
            spent.append(time.process_time() - cpu)
            yield Measurement(
                id=id_,
                value=done.n_students / wall,
                unit="/s",
                goal=100_000,
                note=f"{done.n_students:,} records, {done.n_lines:,} lines; exact path "
                f"{100 * done.exact_share:.3f} %; {100 * alike:.1f} % alike; "
                f"{done.n_students / spent[-1]:,.0f} per second of processor; {_load(cores)}",
            )
    each = (spent[1] - spent[0]) / (N_LONG - N_RECORDS)
    yield Measurement(
        id="audit.batch_fixed_s",
        value=spent[0] - each * N_RECORDS,
        unit="s",
        note=f"of processor, whatever the length; beyond it {1 / each:,.0f} records per second "
        "of processor",
    )
    yield from _kernel(resolved, records, cores)
    yield from each_program()


def _load(cores: int) -> str:
    return f"load {os.getloadavg()[0]:.1f} on {cores} cores"


def _kernel(resolved: Resolved, records: Sequence[list[Row]], cores: int) -> Iterator[Measurement]:
    """Time the loops alone, a thread for each core, over records other than those learnt from."""
    first = BatchAuditor(resolved, TODAY)
    auditors = [BatchAuditor(resolved, TODAY, compiled=first.compiled) for _ in range(cores)]
    fresh = _records(resolved, N_RECORDS, 8)
    rows = {row for one in (*records, *fresh) for row in one}
    known = {row: first.number(_attempt(row)) for row in rows}

    def packed(some: Sequence[list[Row]]) -> tuple[Int64, Int32]:
        numbers = np.array([known[row] for record in some for row in record], np.int32)
        return np.cumsum([0, *map(len, some)], dtype=np.int64), numbers

    def run(place: int, some: Sequence[list[Row]]) -> float:
        offsets, numbers = packed(some[place::cores])
        todo = np.arange(len(offsets) - 1, dtype=np.int32)
        answers = np.full(len(todo), MISSING, np.int32)
        cpu = time.thread_time()
        # what is not known yet is learnt in further passes: inside the time, as in a batch
        while len(todo):
            auditors[place].learn(offsets, numbers, todo, answers)
            todo = np.flatnonzero((answers == MISSING) | (answers == PAIR)).astype(np.int32)
        spent = time.thread_time() - cpu
        n_exact[place] = int((answers == EXACT).sum())
        return (len(offsets) - 1) / spent

    n_exact = [0] * cores
    with ThreadPoolExecutor(cores) as pool:
        cold = list(pool.map(run, range(cores), [records] * cores))
        new = list(pool.map(run, range(cores), [fresh] * cores))
        warm = [sum(pool.map(run, range(cores), [fresh] * cores)) for _ in range(5)]
    yield Measurement(
        id="audit.kernel_per_s",
        value=max(warm),
        unit="/s",
        goal=1_000_000,
        note=f"from numbers of attempts to those of answers: {N_RECORDS:,} records over {cores} "
        "threads at once, by the processor time of each, best of 5; records that are new, after "
        f"as many others: {sum(new):,.0f}; while nothing is known: {sum(cold):,.0f}; "
        f"exact path {100 * sum(n_exact) / N_RECORDS:.3f} %; {_load(cores)}",
    )


def _rules() -> Resolved:
    library = open_library(())
    program = library.program(PROGRAM, library.years(PROGRAM)[-1])
    known = library.assumptions_of(program)
    reading = next(iter(all_readings(program)))
    return resolve(program, library.school(program), Person(), reading, known)[0]


def _records(resolved: Resolved, n: int, seed: int = 7) -> list[list[Row]]:
    """Return drawn records; those of a third each have surplus, a cap, a floor or a repeat."""
    rng = random.Random(seed)
    ended = [leaf.id for leaf in resolved.calendar.leaves if leaf.end < TODAY]
    codes = sorted(code for code, course in resolved.courses.items() if course.counts_credit)
    inside = [code for code in codes if code.startswith(("CS ", "CSE "))]
    outside = [code for code in codes if code not in inside]
    specials = [
        [code for code in inside if any(code in _codes(leaf) for leaf in track)]
        for track in _tracks(resolved)
    ]
    found = []
    for index in range(n):
        shape, size = index % 3, rng.randint(0, 14)
        # most students take mainly courses of one track
        wanted = list(rng.choice(specials))
        record: dict[tuple[str, str], Row] = {}
        chosen: list[str] = []
        if shape == 1:
            chosen += rng.sample(outside, min(size, rng.randint(2, 4)))
        wanted = [code for code in wanted if code not in chosen]
        chosen += rng.sample(wanted, min(len(wanted), (size - len(chosen)) // 2))
        others = [code for code in inside if code not in chosen]
        chosen += rng.sample(others, max(0, size - len(chosen)))
        for code in chosen:
            term, grade, source = rng.choice(ended), rng.choice("AAB"), ""
            if shape == 1 and rng.random() < 0.1:
                term, grade, source = "", "", "transfer"
            if shape == 2 and rng.random() < 0.3:
                grade = rng.choice("CCDF")
            record[code, term] = (code, term, grade, source, "3" if source else "")
            if shape == 2 and rng.random() < 0.1:
                term = rng.choice(ended)
                record.setdefault((code, term), (code, term, rng.choice("ABC"), "", ""))
        found.append(list(record.values()))
    return found


def _tracks(resolved: Resolved) -> Iterator[list[object]]:
    for node in getattr(resolved.tree, "children", ()):
        for child in getattr(node, "children", ()):
            yield list(getattr(child, "children", ()))


def _codes(leaf: object) -> frozenset[str]:
    """Return the codes that a leaf names one by one."""
    items = getattr(getattr(leaf, "from_", None), "items", ())
    return frozenset(str(getattr(item, "code", "")) for item in items)


def _attempt(row: Row) -> Attempt:
    code, term, grade, source, _ = row
    return Attempt(
        id=", ".join(part for part in (code, term, source) if part),
        course=CourseCode(code),
        credits=Fraction(3),
        status=AttemptStatus.FAILED if grade == "F" else AttemptStatus.PASSED,
        periods=(term,) if term else (),
        grade=grade or None,
        source=CreditSource.TRANSFER if source else CreditSource.HOME,
    )


def _write(path: Path, records: Sequence[list[Row]], begin: int = 0) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        for index, record in enumerate(records, begin):
            # a table has no line for who has taken nothing: one that was left stands for it
            rows = record or [("CS 6515", "Fall 2025", "W", "", "")]
            writer.writerows((f"s{index}", *row) for row in rows)


def _write_parquet(folder: Path, path: Path, resolved: Resolved, n: int) -> float:
    """Write records, some at a time; return the share of those that say what another says."""
    import pyarrow as pa
    from pyarrow import csv as tables
    from pyarrow import parquet

    texts = tables.ConvertOptions(column_types=dict.fromkeys(_HEADINGS, pa.string()))
    schema = pa.schema([(name, pa.string()) for name in _HEADINGS])
    said: set[int] = set()
    with parquet.ParquetWriter(path, schema) as writer:
        for begin in range(0, n, _AT_ONCE):
            records = _records(resolved, min(_AT_ONCE, n - begin), 7 + begin)
            said.update(hash(tuple(sorted(one))) for one in records)
            _write(folder / "some.csv", records, begin)
            writer.write_table(tables.read_csv(folder / "some.csv", convert_options=texts))
    return 1 - len(said) / n
