"""What comes out of one block of a batch, and how it is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from prospectus.app.audit_answers import NOT_KNOWN
from prospectus.app.audit_batch_arrow import coded, flags, numbers
from prospectus.app.audit_batch_names import digests
from prospectus.app.audit_words import standing_word
from prospectus.audit.batch_answer import BatchAnswer
from prospectus.domain.errors import Fault
from prospectus.domain.plan import Standing
from prospectus.domain.printer import print_number
from prospectus.domain.requirement import NodeId

if TYPE_CHECKING:
    from pyarrow import Array, StringArray, Table

COLUMNS = (
    "student",
    "rules",
    "verdict",
    "courses_complete",
    "credits_left",
    "choices",
    "met",
    "open",
    "path",
    "proven",
    "faults",
)
FAULT_COLUMNS = ("line", "code", "field", "what", "fix")


@dataclass(slots=True, kw_only=True)
class BlockResult:
    """The answers of one block.

    `answers` has, per variant of the rules, the place of each student's answer among `results`;
    `by_kernel` whether the kernel gave it, `standings` how the degree stands, `open_` the place
    among `open_sets` of what courses do not decide and is open. Where not `is_known`, too little of
    what the degree asks is known to call it complete. `in_doubt` are students of whom two lines
    contradict one another. `n_faults` counts the lines of each student left out.
    """

    index: int
    students: StringArray
    variants: list[str]
    results: list[list[BatchAnswer]]
    answers: list[npt.NDArray[np.int32]]
    by_kernel: list[npt.NDArray[np.bool_]]
    standings: list[npt.NDArray[np.int8]]
    open_: list[npt.NDArray[np.int32]]
    open_sets: list[list[tuple[NodeId, ...]]]
    is_known: bool
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
    n_met: int


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
            n_met=int(_in_all(_met(result)).sum()),
        ),
    )


def _complete(result: BlockResult) -> list[npt.NDArray[np.bool_]]:
    """Return, for each reading of the rules, which students have nothing left to take."""
    return [
        np.array([one.is_complete for one in results], np.bool_)[places]
        for results, places in zip(result.results, result.answers, strict=True)
        if results
    ]


def _met(result: BlockResult) -> list[npt.NDArray[np.bool_]]:
    """Return, for each reading of the rules, whose degree is met, means and milestones too."""
    return [(one == int(Standing.MET)) & result.is_known for one in result.standings]


def verdict_words(result: BlockResult) -> list[str]:
    """Return the word for each standing, by its number."""
    return [
        standing_word(one) if result.is_known or one < Standing.PLANNED else NOT_KNOWN
        for one in Standing
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
    words = verdict_words(result)
    tails: dict[tuple[int, ...], str] = {}
    faults = result.n_faults.tolist()
    columns = [
        list(
            zip(
                *(
                    its[one].tolist()
                    for its in (result.answers, result.standings, result.open_, result.by_kernel)
                ),
                result.in_doubt.tolist(),
                strict=True,
            )
        )
        for one in range(n_variants)
    ]
    for row, student in enumerate(result.students.to_pylist()):
        name = _cell(student)
        for one in range(n_variants):
            key = (one, *columns[one][row])
            tail = tails.get(key)
            if tail is None:
                _, place, standing, waits, by_kernel, in_doubt = key
                answer = result.results[one][place]
                complete, left, choices, met = _words(answer)
                cells = (
                    "",
                    _cell(result.variants[one]),
                    words[standing],
                    complete,
                    left,
                    _cell(choices),
                    _cell(met),
                    _cell(" ".join(result.open_sets[one][waits])),
                    "kernel" if by_kernel else "exact",
                    "yes" if answer.is_proven and not in_doubt else "no",
                    "",
                )
                tail = tails[key] = ",".join(cells)
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
        left = np.array([float(a.credits_left or 0) for a in answers], float)
        has_left = np.array([a.credits_left is not None for a in answers], bool)
        is_complete = np.array([a.is_complete for a in answers], bool)
        is_proven = np.array([a.is_proven for a in answers], bool)
        columns = {
            "student": result.students,
            "rules": coded(np.zeros(n, np.int32), [variant]),
            "verdict": coded(result.standings[one], verdict_words(result)),
            "courses_complete": flags(is_complete[places]),
            "credits_left": numbers(left[places], has_left[places]),
            "choices": _named([word[2] for word in words], places),
            "met": _named([word[3] for word in words], places),
            "open": _named([" ".join(names) for names in result.open_sets[one]], result.open_[one]),
            "path": coded(result.by_kernel[one].astype(np.int32), ["exact", "kernel"]),
            "proven": flags(is_proven[places] & ~result.in_doubt),
            "faults": numbers(result.n_faults),
        }
        tables.append(pa.table(columns))
    if n_variants == 1:
        return tables[0]
    order = np.arange(n * n_variants).reshape(n_variants, n).T.reshape(-1)
    return pa.concat_tables(tables).unify_dictionaries().combine_chunks().take(numbers(order))


def _named(values: list[str], places: npt.NDArray[np.int32]) -> Array:
    """Return a column of values by their places, each different one once."""
    names = list(dict.fromkeys(values))
    to = {name: place for place, name in enumerate(names)}
    which = np.array([to[value] for value in values], np.int32)
    return coded(which[places] if values else np.zeros(0, np.int32), names)


def _frames(table: Table) -> bytes:
    """Return a table in the frames of Arrow, lightly packed: it is read once more at most."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
