"""Whole student bodies: every record of a table audited, in blocks, on all cores.

What is written does not depend on how many workers there are, on which of them did what, or on
whether the batch was stopped in between.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from prospectus.app.library import open_library
from prospectus.domain.errors import UsageError
from prospectus.domain.fingerprint import fingerprint
from prospectus.planning.memory import seldom_collecting
from prospectus.store.cache import Cache

MOST_SHOWN = 20
"""How many faults are shown; all are written beside the output."""

_AHEAD = 2
_PARTS_VERSION = 5


@dataclass(slots=True, kw_only=True)
class BatchSummary:
    """What a batch did.

    `n_met` counts the students whose degree is met, `n_complete` those who have no course left to
    take; `n_exact` those whom the exact engine audited alone; `n_kept` the blocks that an
    earlier run had finished, `n_again` the students that stand at another place once more and were
    audited there as somebody else. `faults` are the first of the lines left out, `faults_file`
    holds all of them.
    """

    out: Path
    faults_file: Path
    program: str
    catalog_year: str
    n_students: int = 0
    n_lines: int = 0
    n_faults: int = 0
    n_exact: int = 0
    n_complete: int = 0
    n_met: int = 0
    n_blocks: int = 0
    n_kept: int = 0
    n_again: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def exact_share(self) -> float:
        """Return the share of students whom the exact engine audited alone."""
        return self.n_exact / self.n_students if self.n_students else 0.0


@seldom_collecting()
def audit_batch(
    path: Path,
    program: str,
    out: Path,
    *,
    today: dt.date,
    year: str | None = None,
    choices: tuple[tuple[str, str], ...] = (),
    catalogs: tuple[Path, ...] = (),
    workers: int | None = None,
    executor: Executor | None = None,
    steps: int = 50_000,
    on_progress: Callable[[float, BatchSummary], None] | None = None,
) -> BatchSummary:
    """Audit every student of a table and write one line for each.

    Parameters
    ----------
    path
        A CSV or Parquet table of attempts with a column `student`; the lines of a student stand
        together.
    program
        The programme.
    out
        The file to write, `.csv` or `.parquet`. One that is there is replaced at the end.
    today
        The day on which is judged.
    year
        The catalogue year; None means the newest.
    choices
        Declared choices, the same for all.
    catalogs
        Extra catalog folders beside the bundled one.
    workers
        How many blocks are worked on at once; None means one for each core.
    executor
        Where to work instead of threads of this process.
    steps
        The longest search for one student.
    on_progress
        Called after each block with the share of the file that is done.

    Raises
    ------
    ProspectusError
        For a table whose headings cannot be read, a programme or choice that is not known, or an
        output that cannot be written. What is wrong with a line is no error.
    """
    _keep_compiled()
    library = open_library(catalogs)
    rules = library.program(program, year or library.years(program)[-1])
    from prospectus.app.audit_batch_blocks import Block, blocks_of, layout_of_batch, size_of_batch
    from prospectus.app.audit_batch_parts import Output, Parts
    from prospectus.app.audit_batch_result import Part, PartNote
    from prospectus.app.audit_batch_work import BatchTask, audit_block, share

    _check_choices(library, program, rules.catalog_year, choices)
    layout = layout_of_batch(path)
    task = BatchTask(
        path=path,
        program=program,
        year=rules.catalog_year,
        choices=choices,
        today=today,
        steps=steps,
        catalogs=catalogs,
        is_parquet=out.suffix.lower() == ".parquet",
    )
    known = library.assumptions_of(rules)
    school = replace(library.school(rules), fees=(), sources=())
    parts = Parts(out, _digest(task, fingerprint((rules, school, known), places=False), out))
    parts.prepare()
    done = BatchSummary(
        out=out, faults_file=parts.faults_file, program=program, catalog_year=rules.catalog_year
    )
    size = max(1, size_of_batch(path))
    n_workers = workers or os.cpu_count() or 1

    def add(index: int, note: PartNote, share: float) -> None:
        done.n_blocks += 1
        done.n_students += note.n_students
        done.n_lines += note.n_lines
        done.n_faults += note.n_faults
        done.n_exact += note.n_exact
        done.n_complete += note.n_complete
        done.n_met += note.n_met
        if note.n_faults and len(done.faults) < MOST_SHOWN:
            done.faults += parts.first_faults(index, MOST_SHOWN - len(done.faults))
        if on_progress is not None:
            on_progress(min(1.0, share), done)

    if executor is None:
        share(task, library)
    own = ThreadPoolExecutor(n_workers) if executor is None else nullcontext(executor)
    with own as pool, closing(Output(parts)) as output:
        waiting: list[tuple[int, float, Future[Part] | PartNote]] = []

        def settle(most: int) -> None:
            """Take up what is done from the front, and wait until no more than `most` are left."""
            while waiting and (len(waiting) > most or _is_done(waiting[0][2])):
                index, share, one = waiting.pop(0)
                if isinstance(one, PartNote):
                    output.add(index)
                    add(index, one, share)
                    continue
                part = one.result()
                parts.write(part)
                output.add(index, part.answers)
                add(index, part.note, share)

        blocks: Iterator[Block] = blocks_of(path, layout)
        n_done = 0
        try:
            for block in blocks:
                n_done += block.size
                note = parts.note(block.index)
                if note is not None:
                    done.n_kept += 1
                    waiting.append((block.index, n_done / size, note))
                else:
                    future = pool.submit(audit_block, task, block)
                    waiting.append((block.index, n_done / size, future))
                settle(_AHEAD * n_workers)
            settle(0)
        except BaseException:
            begun = [one for *_, one in waiting if isinstance(one, Future) and not one.cancel()]
            for one in begun:
                # those of our own are waited for anyway; what they did is kept
                if (executor is None or one.done()) and one.exception() is None:
                    parts.write(one.result())
            raise
        done.n_again = parts.n_again(done.n_blocks)
        output.finish()
    return done


def _is_done(one: object) -> bool:
    return not isinstance(one, Future) or one.done()


def _digest(task: object, rules: str, out: Path) -> str:
    """Return what names a batch: the input, the rules, the options, and how it is cut."""
    from prospectus.app.audit_batch_work import BatchTask

    assert isinstance(task, BatchTask)
    found = hashlib.blake2b(digest_size=20)
    options = (task.program, task.year, task.choices, task.today, task.steps, out.suffix)
    told = (version("prospectus"), _PARTS_VERSION, *options)
    found.update(repr(told).encode())
    found.update(rules.encode())
    with task.path.open("rb") as file:
        while chunk := file.read(1 << 22):
            found.update(chunk)
    return found.hexdigest()


def _check_choices(
    library: object, program: str, year: str, choices: tuple[tuple[str, str], ...]
) -> None:
    """Tell at once of a choice that the programme does not have.

    Raises
    ------
    UsageError
        USE-014.
    """
    from prospectus.app.binding import declared
    from prospectus.app.library import Library
    from prospectus.app.nearest import nearest

    assert isinstance(library, Library)
    known = declared(library.program(program, year))
    for node, child in choices:
        names = tuple(known) if node not in known else known[node]
        word = node if node not in known else child
        if word not in names:
            raise UsageError(
                "USE-014",
                what=f"{program} has no choice {node}={child}",
                fix=nearest(word, names, f"use one of {', '.join(names)}" if names else "drop it"),
            )


def _keep_compiled() -> None:
    """Let numba keep what it compiles where everything else that can be lost is kept."""
    folder = Cache.default().folder
    if folder is not None:
        os.environ.setdefault("NUMBA_CACHE_DIR", str(folder / "kernel"))
