"""What a batch writes: a part per block, each whole or not there, joined at the end.

The parts lie in a folder beside the output, named by a digest of the input, the rules and the
options. A batch that was stopped, however, is taken up where it was; one that asks something else
does not find the old parts.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from prospectus.app.audit_batch_work import BlockResult
from prospectus.audit.batch_answer import BatchAnswer
from prospectus.domain.errors import Fault, UsageError
from prospectus.domain.printer import print_number

COLUMNS = (
    "student",
    "rules",
    "complete",
    "credits_left",
    "choices",
    "met",
    "path",
    "proven",
    "faults",
)
FAULT_COLUMNS = ("line", "code", "field", "what", "fix")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNote:
    """What is kept of a block beside its answers."""

    n_students: int
    n_lines: int
    n_faults: int
    n_exact: int
    n_complete: int


class Parts:
    """The parts of one output."""

    def __init__(self, out: Path, digest: str) -> None:
        self.out = out
        self.is_parquet = out.suffix.lower() == ".parquet"
        if not self.is_parquet and out.suffix.lower() not in (".csv", ".tsv"):
            raise UsageError(
                "USE-017",
                what=f"{out.name} says no form of output",
                fix="end its name with .csv or .parquet",
            )
        self.folder = out.with_name(f".{out.name}.{digest[:24]}.parts")
        self.faults_file = out.with_name(out.name + ".faults.csv")

    def prepare(self) -> None:
        """Make the folder; parts of the same batch in it are kept.

        Raises
        ------
        UsageError
            USE-018 where nothing can be written there.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                "USE-018",
                what=f"nothing can be written beside {self.out} ({error.strerror})",
                fix="check the folder and its permissions",
            ) from None

    def _path(self, index: int, kind: str) -> Path:
        return self.folder / f"{index:08}.{kind}"

    def note(self, index: int) -> PartNote | None:
        """Return the note of a part that is there; it is written last."""
        try:
            return PartNote(**json.loads(self._path(index, "json").read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, result: BlockResult) -> PartNote:
        """Write the part of a block, its note last."""
        data = _parquet(result) if self.is_parquet else _csv(result).encode()
        faults = "".join(_row(_fault_cells(fault)) for fault in result.faults)
        note = PartNote(
            n_students=len(result.students),
            n_lines=result.n_lines,
            n_faults=len(result.faults),
            n_exact=sum(int((~one).sum()) for one in result.by_kernel),
            n_complete=sum(
                int(np.array([one.is_complete for one in results], bool)[places].sum())
                for results, places in zip(result.results, result.answers, strict=True)
                if results
            ),
        )
        _put(self._path(result.index, "part"), data)
        _put(self._path(result.index, "faults"), faults.encode())
        _put(self._path(result.index, "students"), result.digests())
        _put(self._path(result.index, "json"), json.dumps(asdict(note)).encode())
        return note

    def join(self, n_parts: int) -> None:
        """Write the output out of its parts, whole or not at all, and remove them."""
        target = self.folder / "whole"
        if self.is_parquet:
            _join_parquet([self._path(index, "part") for index in range(n_parts)], target)
        else:
            _join_text([self._path(index, "part") for index in range(n_parts)], target, COLUMNS)
        faults = self.folder / "faults"
        _join_text([self._path(i, "faults") for i in range(n_parts)], faults, FAULT_COLUMNS)
        os.replace(faults, self.faults_file)
        os.replace(target, self.out)
        shutil.rmtree(self.folder, ignore_errors=True)

    def n_again(self, n_parts: int) -> int:
        """Return how many students stand at several places of the table.

        Eight bytes of each are held, so that it is known of ten million in 80 MB.
        """
        kept = [np.fromfile(self._path(i, "students"), "<u8") for i in range(n_parts)]
        if not kept:
            return 0
        everyone = np.concatenate(kept)
        everyone.sort()
        return int((everyone[1:] == everyone[:-1]).sum())

    def first_faults(self, index: int, most: int) -> Iterator[str]:
        """Yield the first faults of a part, a line each."""
        with self._path(index, "faults").open(encoding="utf-8", newline="") as file:
            for count, row in enumerate(csv.reader(file)):
                if count >= most:
                    return
                line, code, field, what, fix = row
                where = f"line {line}" + (f", {field}" if field else "")
                yield f"{code} {where}: {what}; {fix}"


def _put(path: Path, data: bytes) -> None:
    part = path.with_suffix(path.suffix + ".new")
    part.write_bytes(data)
    os.replace(part, path)


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
                        "yes" if answer.is_proven else "no",
                        "",
                    )
                )
                for path in ("exact", "kernel")
            ]
            for answer in answers
        ]
        for variant, answers in zip(result.variants, result.results, strict=True)
    ]
    faults = result.n_faults.tolist()
    places = [one.tolist() for one in result.answers]
    kernel = [one.tolist() for one in result.by_kernel]
    for row, student in enumerate(result.students):
        name = _cell(student)
        for one in range(n_variants):
            tail = tails[one][places[one][row]][kernel[one][row]]
            rows.append(f"{name}{tail}{faults[row]}\n")
    return "".join(rows)


def _parquet(result: BlockResult) -> bytes:
    """Return the rows of a block as a Parquet file of one group."""
    import pyarrow as pa
    from pyarrow import parquet

    n, n_variants = len(result.students), len(result.variants)
    students = pa.array(result.students, pa.string())
    tables = []
    for one, (variant, answers) in enumerate(zip(result.variants, result.results, strict=True)):
        places = result.answers[one]
        words = [_words(answer) for answer in answers]
        left = [None if a.credits_left is None else float(a.credits_left) for a in answers]
        by = result.by_kernel[one].astype(np.int32)
        index = pa.array(places, pa.int32())

        def coded(values: list[str], index: pa.Array = index) -> pa.Array:
            names = list(dict.fromkeys(values))
            to = {name: place for place, name in enumerate(names)}
            numbers = np.array([to[value] for value in values], np.int32)
            taken = pa.array(numbers[index.to_numpy()] if len(values) else [], pa.int32())
            return pa.DictionaryArray.from_arrays(taken, pa.array(names, pa.string()))

        tables.append(
            pa.table(
                {
                    "student": students,
                    "rules": pa.DictionaryArray.from_arrays(
                        pa.array(np.zeros(n, np.int32)), pa.array([variant], pa.string())
                    ),
                    "complete": pa.array([a.is_complete for a in answers], pa.bool_()).take(index),
                    "credits_left": pa.array(left, pa.float64()).take(index),
                    "choices": coded([word[2] for word in words]),
                    "met": coded([word[3] for word in words]),
                    "path": pa.DictionaryArray.from_arrays(
                        pa.array(by), pa.array(["exact", "kernel"], pa.string())
                    ),
                    "proven": pa.array([a.is_proven for a in answers], pa.bool_()).take(index),
                    "faults": pa.array(result.n_faults, pa.int32()),
                }
            )
        )
    table = tables[0]
    if n_variants > 1:
        order = np.arange(n * n_variants).reshape(n_variants, n).T.reshape(-1)
        table = pa.concat_tables(tables).unify_dictionaries().combine_chunks().take(order)
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _join_text(paths: list[Path], target: Path, columns: tuple[str, ...]) -> None:
    with target.open("wb") as out:
        out.write((",".join(columns) + "\n").encode())
        for path in paths:
            with path.open("rb") as part:
                shutil.copyfileobj(part, out, 1 << 20)


def _join_parquet(paths: list[Path], target: Path) -> None:
    from pyarrow import parquet

    writer = None
    try:
        for path in paths:
            table = parquet.read_table(path, use_threads=False)
            if writer is None:
                writer = parquet.ParquetWriter(target, table.schema, compression="zstd")
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
