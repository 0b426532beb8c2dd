"""One block of a batch: read, bound to the school, audited, written as a part.

All that a worker needs is named by a `BatchTask`, so that a block may be done in this thread, in
another one or in another process.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from prospectus.app.audit_batch_arrow import numbers as numbers_column
from prospectus.app.audit_batch_arrow import texts as texts_column
from prospectus.app.audit_batch_beside import Beside
from prospectus.app.audit_batch_blocks import (
    Block,
    RowBlock,
    TextBlock,
    layout_of_batch,
    told_student,
)
from prospectus.app.audit_batch_doubled import doubled_lines
from prospectus.app.audit_batch_names import plain_names
from prospectus.app.audit_batch_result import BlockResult, Part, part_of
from prospectus.app.audit_batch_rows import BETWEEN, coded_rows
from prospectus.app.audit_standing import asks_something
from prospectus.app.library import Library, open_library
from prospectus.app.options import all_readings
from prospectus.app.record_binding import RecordBinder
from prospectus.audit.batch import BatchAuditor
from prospectus.audit.batch_answer import BatchAnswer
from prospectus.audit.compiled_rules import Compiled
from prospectus.catalogs.record_columns import plain
from prospectus.catalogs.record_table import broken_line, broken_student, cells_of
from prospectus.domain.errors import Fault, Place
from prospectus.domain.meaning import resolve
from prospectus.domain.student import Person

if TYPE_CHECKING:
    from pyarrow import StringArray

_MOST_TEXTS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTask:
    """What is to be done with every block."""

    path: Path
    program: str
    year: str
    choices: tuple[tuple[str, str], ...]
    today: dt.date
    steps: int
    catalogs: tuple[Path, ...]
    is_parquet: bool


@dataclass(slots=True)
class _Records:
    """The records of a block: students, where each begins, its attempts, their lines."""

    students: StringArray
    offsets: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int32]
    lines: npt.NDArray[np.int64]
    n_lines: int
    faults: list[tuple[str, Fault]]


class Shared:
    """What the workers of one process have in common: the rules, and the attempts met so far."""

    def __init__(self, task: BatchTask, library: Library | None = None) -> None:
        library = library or open_library(task.catalogs)
        program = library.program(task.program, task.year)
        school = library.school(program)
        self.layout = layout_of_batch(task.path)
        self.binder = RecordBinder(program, school, task.today)
        known = library.assumptions_of(program)
        resolved = [
            one
            for reading in all_readings(program)
            for one in resolve(program, school, Person(), reading, known)
        ]
        self.variants = [
            ", ".join(f"{name} {value}" for name, value in one.readings + one.branches)
            for one in resolved
        ]
        self.tables = [Compiled(one, dict(task.choices), task.today) for one in resolved]
        self.texts: dict[str, int] = {}
        self.lock = threading.Lock()


class Worker:
    """Audits blocks of one task; what it learns serves the next block."""

    def __init__(self, task: BatchTask, shared: Shared) -> None:
        self.task = task
        self.layout, self.binder = shared.layout, shared.binder
        self.variants = shared.variants
        self._is_known = all(asks_something(one.resolved.tree) for one in shared.tables)
        self._texts, self._lock = shared.texts, shared.lock
        self.auditors = [
            BatchAuditor(one.resolved, task.today, dict(task.choices), task.steps, one)
            for one in shared.tables
        ]
        self.beside = [Beside(one, task.today, task.steps) for one in self.auditors]

    def _judged(self, auditor: BatchAuditor) -> list[BatchAnswer]:
        """Return the answers so far; none is complete where nothing asked is known."""
        if self._is_known:
            return list(auditor.results)
        return [
            replace(one, is_complete=False, credits_left=None, met=()) for one in auditor.results
        ]

    # ----------------------------------------------------------------- reading

    def _number(self, text: str, cells: Sequence[str], line: int) -> int | tuple[Fault, ...]:
        """Return the number of the attempt that cells say, or what is wrong with them."""
        with self._lock:
            known = self._texts.get(text)
            if known is not None:
                return known
            found = self._read(cells, line)
            if len(self._texts) >= _MOST_TEXTS:
                self._texts.clear()
            if isinstance(found, int):
                self._texts[text] = found
            return found

    def _read(self, cells: Sequence[str], line: int) -> int | tuple[Fault, ...]:
        read = self.layout.reader.read(cells, line)
        if isinstance(read, tuple):
            return read
        bound = self.binder.bind(read)
        if isinstance(bound, tuple):
            file = str(self.task.path)
            return tuple(
                Fault(
                    code=one.code,
                    what=one.what,
                    fix=one.fix,
                    at=Place(file=file, line=line, field=one.field),
                )
                for one in bound
            )
        numbers = {one.number(bound) for one in self.auditors}
        assert len(numbers) == 1, "all variants see the same attempts in the same order"
        return numbers.pop()

    def _text_records(self, block: TextBlock) -> _Records:
        """Return the records of lines of text; equal lines are read once."""
        layout, file = self.layout, str(self.task.path)
        delimiter, at, header = layout.delimiter, layout.student_at, layout.header_line
        text = block.data.decode("utf-8", "surrogateescape")
        if block.index == 0:
            text = text.removeprefix("\ufeff")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        texts = self._texts
        students: list[str] = []
        offsets: list[int] = []
        numbers: list[int] = []
        lines: list[int] = []
        faults: list[tuple[str, Fault]] = []
        last, sound, n_lines = "", "", 0
        for line, row in enumerate(text.split("\n"), block.first_line):
            if line <= header or not row:
                continue
            number: int | tuple[Fault, ...] | None
            if at == 0 and row[0] != '"' and len(row) < 20_000:
                student, _, key = row.partition(delimiter)
                number = texts.get(key)
                cells = None
            else:
                student, key, number, cells = "", row, None, None
            if number is None:
                if not row.strip():
                    continue
                cells = cells_of(row, delimiter)
                if cells is None or len(cells) != layout.n_columns or len(row) >= 20_000:
                    n_lines += 1
                    broken = broken_line(file, line, row[:20_000], cells, layout)
                    faults.append((told_student(row, layout) or last, broken))
                    continue
                student = cells.pop(at or 0)
                if at != 0 or row[0] == '"':
                    key = delimiter.join(cells) if '"' not in row else BETWEEN.join(cells)
                number = self._number(key, cells, line)
            n_lines += 1
            if student != sound:
                name = plain(student)
                fault = broken_student(name, file, line)
                if fault is not None:
                    faults.append((last, fault))
                    continue
                sound = student
                if name != last or not students:
                    last = name
                    students.append(name)
                    offsets.append(len(numbers))
            if isinstance(number, tuple):
                faults += [(last, one) for one in number]
                continue
            numbers.append(number)
            lines.append(line)
        offsets.append(len(numbers))
        return _Records(
            texts_column(students),
            np.array(offsets, np.int64),
            np.array(numbers, np.int32),
            np.array(lines, np.int64),
            n_lines,
            faults,
        )

    def _row_records(self, block: RowBlock) -> _Records:
        """Return the records of rows; rows that say the same are read once."""
        from prospectus.catalogs.record_parquet import as_text

        layout, file = self.layout, str(self.task.path)
        assert layout.student_at is not None
        columns = list(block.rows.columns)
        named = as_text(columns.pop(layout.student_at)).dictionary_encode()
        who = named.indices.to_numpy(zero_copy_only=False)
        which, texts, first_row = coded_rows(columns, len(who))
        faults: list[tuple[str, Fault]] = []
        of_text = np.zeros(len(texts), np.int32)
        broken: dict[int, tuple[Fault, ...]] = {}
        for place, text in enumerate(texts):
            known: int | tuple[Fault, ...] | None = self._texts.get(text)
            if known is None:
                cells = text.split(BETWEEN)
                line = block.first_line + int(first_row[place])
                known = (
                    self._number(text, cells, line)
                    if len(cells) == len(layout.reader.columns)
                    else (_no_text(file, line),)
                )
            if isinstance(known, tuple):
                broken[place] = known
                of_text[place] = -1
            else:
                of_text[place] = known
        names, no_names = plain_names(named.dictionary)
        numbers = of_text[which]
        is_bad = no_names[who]
        for row in np.flatnonzero((numbers < 0) | is_bad):
            line = block.first_line + int(row)
            name = names[int(who[row])].as_py()
            if is_bad[row]:
                fault = broken_student(name, file, line)
                assert fault is not None
                faults.append(("", fault))
                continue
            for one in broken[int(which[row])]:
                at = Place(file=file, line=line, field=one.at.field)
                faults.append((name, Fault(code=one.code, what=one.what, fix=one.fix, at=at)))
        sound = ~is_bad
        if not sound.all():
            who, numbers = who[sound], numbers[sound]
        rows = np.flatnonzero(sound) + block.first_line
        begins = np.flatnonzero(np.diff(who, prepend=-1))
        good = numbers >= 0
        ahead = np.concatenate([[0], np.cumsum(good)])
        offsets = np.concatenate([ahead[begins], ahead[-1:]]).astype(np.int64)
        return _Records(
            names.take(numbers_column(who[begins])),
            offsets,
            np.ascontiguousarray(numbers[good], np.int32),
            rows[good],
            len(which),
            faults,
        )

    # ---------------------------------------------------------------- auditing

    def run(self, block: Block) -> BlockResult:
        """Return the answers of a block."""
        if isinstance(block, TextBlock):
            found = self._text_records(block)
        else:
            found = self._row_records(block)
        answers, by_kernel, verdicts = [], [], []
        for auditor, beside in zip(self.auditors, self.beside, strict=True):
            places, kernel = auditor.run(found.offsets, found.numbers)
            answers.append(places)
            by_kernel.append(kernel)
            verdicts.append(beside.judge(found.offsets, found.numbers, places))
        doubled = doubled_lines(
            found.offsets, found.numbers, self.auditors[0].compiled.attempts, by_kernel[0]
        )
        in_doubt = np.zeros(len(found.students), bool)
        in_doubt[[one.record for one in doubled if one.is_contradicted]] = True
        if in_doubt.any():
            # what two lines say differently is not taken from either
            gone = {at for one in doubled if one.is_contradicted for at in one.places}
            records = np.flatnonzero(in_doubt)
            kept = [
                [n for n in range(found.offsets[r], found.offsets[r + 1]) if n not in gone]
                for r in records
            ]
            offsets = np.cumsum([0, *map(len, kept)], dtype=np.int64)
            numbers = found.numbers[[at for some in kept for at in some]]
            for one, auditor in enumerate(self.auditors):
                mine, kernel = auditor.run(offsets, numbers)
                answers[one][records], by_kernel[one][records] = mine, kernel
                standings, waits = verdicts[one]
                standings[records], waits[records] = self.beside[one].judge(offsets, numbers, mine)
        faults = found.faults + [
            (found.students[one.record].as_py(), fault)
            for one in doubled
            for fault in one.faults(found.lines, str(self.task.path))
        ]
        place = {name: i for i, name in enumerate(found.students.to_pylist())} if faults else {}
        n_faults = np.zeros(len(found.students), np.int32)
        for student, _ in faults:
            if student in place:
                n_faults[place[student]] += 1
        return BlockResult(
            index=block.index,
            students=found.students,
            variants=self.variants,
            results=[self._judged(auditor) for auditor in self.auditors],
            answers=answers,
            by_kernel=by_kernel,
            standings=[standing for standing, _ in verdicts],
            open_=[waits for _, waits in verdicts],
            open_sets=[list(one.open_sets) for one in self.beside],
            is_known=self._is_known,
            in_doubt=in_doubt,
            n_faults=n_faults,
            n_lines=found.n_lines,
            faults=sorted((fault for _, fault in faults), key=lambda one: one.at.line or 0),
        )


def _no_text(file: str, line: int) -> Fault:
    return Fault(
        code="REC-004",
        what="a cell is not plain text",
        fix="remove its control characters",
        at=Place(file=file, line=line),
    )


_shared: dict[BatchTask, Shared] = {}
_shared_lock = threading.Lock()
_own = threading.local()


def share(task: BatchTask, library: Library) -> None:
    """Read the rules of a task for the threads of this process, from what is read already."""
    with _shared_lock:
        if task not in _shared:
            _shared.clear()
            _shared[task] = Shared(task, library)


def audit_block(task: BatchTask, block: Block) -> Part:
    """Audit a block, in whichever thread or process; tables are shared by the threads of one."""
    if getattr(_own, "task", None) != task:
        with _shared_lock:
            first = _shared.get(task)
            if first is None:
                _shared.clear()
                first = _shared[task] = Shared(task)
        _own.task, _own.worker = task, Worker(task, first)
    worker: Worker = _own.worker
    return part_of(worker.run(block), is_parquet=task.is_parquet)
