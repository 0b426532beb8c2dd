"""What comes out of one block of a batch, and how it is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from prospectus.app.audit_batch_names import digests
from prospectus.audit.batch_answer import BatchAnswer
from prospectus.domain.errors import Fault
from prospectus.domain.printer import print_number

if TYPE_CHECKING:
    from pyarrow import Array, StringArray, Table

COLUMNS = (
    "student",
    "rules",
    "courses_complete",
    "credits_left",
    "choices",
    "met",
    "path",
    "proven",
    "faults",
)
FAULT_COLUMNS = ("line", "code", "field", "what", "fix")


@dataclass(slots=True, kw_only=True)
class BlockResult:
    """The answers of one block.

    `answers` has, per variant of the rules, the place of each student's answer among `results`;
    `by_kernel` whether the kernel gave it. `in_doubt` are students of whom two lines contradict
    one another. `n_faults` counts the lines of each student left out.
    """

    index: int
    students: StringArray
    variants: list[str]
    results: list[list[BatchAnswer]]
    answers: list[npt.NDArray[np.int32]]
    by_kernel: list[npt.NDArray[np.bool_]]
    in_doubt: npt.NDArray[np.bool_]
    n_faults: npt.NDArray[np.int32]
    n_lines: int
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNote:
    """What is kept of a block beside its answers."""

    n_students: int
    n_lines: int
    n_faults: int
    n_exact: int
    n_complete: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A block as it is written: its answers (CSV, or the frames of Arrow), its faults as CSV.

    `digests` are eight bytes for each student, by which one that comes back is noticed.
    """

    index: int
    answers: bytes
    faults: bytes
    digests: bytes
    note: PartNote


def part_of(result: BlockResult, *, is_parquet: bool) -> Part:
    """Return a block as it is written."""
    return Part(
        index=result.index,
        answers=_frames(_table(result)) if is_parquet else _csv(result).encode(),
        faults="".join(_row(_fault_cells(fault)) for fault in result.faults).encode(),
        digests=digests(result.students).tobytes(),
        note=PartNote(
            n_students=len(result.students),
            n_lines=result.n_lines,
            n_faults=len(result.faults),
            n_exact=int((~_in_all(result.by_kernel)).sum()),
            n_complete=int(_in_all(_complete(result)).sum()),
        ),
    )


def _complete(result: BlockResult) -> list[npt.NDArray[np.bool_]]:
    """Return, for each reading of the rules, which students have nothing left to take."""
    return [
        np.array([one.is_complete for one in results], np.bool_)[places]
        for results, places in zip(result.results, result.answers, strict=True)
        if results
    ]


def _in_all(readings: Sequence[npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
    """Return of which students something holds under every reading; one student counts once."""
    found = readings[0] if readings else np.zeros(0, np.bool_)
    for one in readings[1:]:
        found = found & one
    return found


def _fault_cells(fault: Fault) -> tuple[str, ...]:
    line = "" if fault.at.line is None else str(fault.at.line)
    return line, fault.code, fault.at.field or "", fault.what, fault.fix


def _row(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(map(_guarded, cells))
    return text.getvalue()


def _guarded(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def _cell(text: str) -> str:
    """Return a cell as CSV."""
    text = _guarded(text)
    if '"' in text or "," in text:
        text = '"' + text.replace('"', '""') + '"'
    return text


def _words(answer: BatchAnswer) -> tuple[str, str, str, str]:
    """Return whether it is complete, credits left, choices and nodes met, as text."""
    left = "" if answer.credits_left is None else print_number(answer.credits_left)
    choices = " ".join(f"{node}={'+'.join(children)}" for node, children in answer.taken)
    return "yes" if answer.is_complete else "no", left, choices, " ".join(answer.met)


def _csv(result: BlockResult) -> str:
    rows: list[str] = []
    n_variants = len(result.variants)
    tails = [
        [
            [
                ",".join(
                    (
                        "",
                        _cell(variant),
                        *map(_cell, _words(answer)),
                        path,
                        "yes" if answer.is_proven and is_sure else "no",
                        "",
                    )
                )
                for is_sure in (True, False)
                for path in ("exact", "kernel")
            ]
            for answer in answers
        ]
        for variant, answers in zip(result.variants, result.results, strict=True)
    ]
    faults = result.n_faults.tolist()
    places = [one.tolist() for one in result.answers]
    kinds = [(one + 2 * result.in_doubt).tolist() for one in result.by_kernel]
    for row, student in enumerate(result.students.to_pylist()):
        name = _cell(student)
        for one in range(n_variants):
            tail = tails[one][places[one][row]][kinds[one][row]]
            rows.append(f"{name}{tail}{faults[row]}\n")
    return "".join(rows)


def _table(result: BlockResult) -> Table:
    """Return the rows of a block as a table of Arrow."""
    import pyarrow as pa

    n, n_variants = len(result.students), len(result.variants)
    tables = []
    for one, (variant, answers) in enumerate(zip(result.variants, result.results, strict=True)):
        places = result.answers[one]
        words = [_words(answer) for answer in answers]
        left = [None if a.credits_left is None else float(a.credits_left) for a in answers]
        index = pa.array(places, pa.int32())

        def coded(values: list[str], places: npt.NDArray[np.int32] = places) -> Array:
            names = list(dict.fromkeys(values))
            to = {name: place for place, name in enumerate(names)}
            numbers = np.array([to[value] for value in values], np.int32)
            taken = numbers[places] if values else np.zeros(0, np.int32)
            return pa.DictionaryArray.from_arrays(pa.array(taken), pa.array(names, pa.string()))

        tables.append(
            pa.table(
                {
                    "student": result.students,
                    "rules": pa.DictionaryArray.from_arrays(
                        pa.array(np.zeros(n, np.int32)), pa.array([variant], pa.string())
                    ),
                    "courses_complete": pa.array([a.is_complete for a in answers], pa.bool_()).take(
                        index
                    ),
                    "credits_left": pa.array(left, pa.float64()).take(index),
                    "choices": coded([word[2] for word in words]),
                    "met": coded([word[3] for word in words]),
                    "path": pa.DictionaryArray.from_arrays(
                        pa.array(result.by_kernel[one].astype(np.int32)),
                        pa.array(["exact", "kernel"], pa.string()),
                    ),
                    "proven": pa.array(
                        np.array([a.is_proven for a in answers], bool)[places] & ~result.in_doubt
                    ),
                    "faults": pa.array(result.n_faults, pa.int32()),
                }
            )
        )
    if n_variants == 1:
        return tables[0]
    order = np.arange(n * n_variants).reshape(n_variants, n).T.reshape(-1)
    return pa.concat_tables(tables).unify_dictionaries().combine_chunks().take(order)


def _frames(table: Table) -> bytes:
    """Return a table in the frames of Arrow, lightly packed: it is read once more at most."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
