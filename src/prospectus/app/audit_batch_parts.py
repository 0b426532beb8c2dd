"""What a batch writes: a part per block, each whole or not there, and the output out of them.

The parts lie in a folder beside the output, named by a digest of the input, the rules and the
options. A batch that was stopped, however, is taken up where it was; one that asks something else
does not find the old parts. The output grows with them under another name, and is begun anew
when a batch is taken up.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from prospectus.app.audit_batch_result import COLUMNS, FAULT_COLUMNS, Part, PartNote
from prospectus.domain.errors import UsageError

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetWriter


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

    def path(self, index: int, kind: str) -> Path:
        """Return where something of a block is kept."""
        return self.folder / f"{index:08}.{kind}"

    def note(self, index: int) -> PartNote | None:
        """Return the note of a part that is there; it is written last."""
        try:
            return PartNote(**json.loads(self.path(index, "json").read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, part: Part) -> None:
        """Write the part of a block, its note last."""
        _put(self.path(part.index, "part"), part.answers)
        _put(self.path(part.index, "faults"), part.faults)
        _put(self.path(part.index, "students"), part.digests)
        _put(self.path(part.index, "json"), json.dumps(asdict(part.note)).encode())

    def n_again(self, n_parts: int) -> int:
        """Return how many students stand at several places of the table.

        Eight bytes of each are held, so that it is known of ten million in 80 MB.
        """
        kept = [np.fromfile(self.path(i, "students"), "<u8") for i in range(n_parts)]
        if not kept:
            return 0
        everyone = np.concatenate(kept)
        everyone.sort()
        return int((everyone[1:] == everyone[:-1]).sum())

    def first_faults(self, index: int, most: int) -> Iterator[str]:
        """Yield the first faults of a part, a line each."""
        with self.path(index, "faults").open(encoding="utf-8", newline="") as file:
            for count, row in enumerate(csv.reader(file)):
                if count >= most:
                    return
                line, code, field, what, fix = row
                where = f"line {line}" + (f", {field}" if field else "")
                yield f"{code} {where}: {what}; {fix}"


class Output:
    """The output while it grows, part after part."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._target = parts.folder / "whole"
        self._faults: BinaryIO = (parts.folder / "faults").open("wb")
        self._faults.write((",".join(FAULT_COLUMNS) + "\n").encode())
        self._text: BinaryIO | None = None
        self._writer: ParquetWriter | None = None
        if not parts.is_parquet:
            self._text = self._target.open("wb")
            self._text.write((",".join(COLUMNS) + "\n").encode())

    def add(self, index: int, answers: bytes | None = None) -> None:
        """Add the next part, read from its file where its answers are not at hand."""
        with self._parts.path(index, "faults").open("rb") as faults:
            shutil.copyfileobj(faults, self._faults, 1 << 20)
        if answers is None:
            answers = self._parts.path(index, "part").read_bytes()
        if self._text is not None:
            self._text.write(answers)
            return
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        with pa.ipc.open_file(pa.py_buffer(answers)) as frames:
            table = frames.read_all()
        if self._writer is None:
            coded = [name for name in table.column_names if name != "student"]
            self._writer = ParquetWriter(
                self._target, table.schema, compression="zstd", use_dictionary=coded
            )
        self._writer.write_table(table)

    def close(self) -> None:
        """Close the files; what was not finished is begun anew another time."""
        self._faults.close()
        if self._text is not None:
            self._text.close()
        if self._writer is not None:
            self._writer.close()

    def finish(self) -> None:
        """Put the output in its place, whole, and remove the parts."""
        self.close()
        os.replace(self._parts.folder / "faults", self._parts.faults_file)
        os.replace(self._target, self._parts.out)
        shutil.rmtree(self._parts.folder, ignore_errors=True)


def _put(path: Path, data: bytes) -> None:
    part = path.with_suffix(path.suffix + ".new")
    part.write_bytes(data)
    os.replace(part, path)
