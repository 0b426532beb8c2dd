"""Every complete programme and track, planned for one person and put side by side."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from prospectus.app.answers import (
    AssumptionLine,
    Beginning,
    CompareAnswer,
    RowAnswer,
)
from prospectus.app.beginning import beginning
from prospectus.app.binding import bind, program_faults, season_faults, wanted_faults
from prospectus.app.library import Library, open_library
from prospectus.app.next_steps import next_steps
from prospectus.app.options import all_readings, chosen_track, tracks
from prospectus.app.rows import assumption_lines
from prospectus.app.solving import DEFAULT_EFFORT, Effort
from prospectus.app.task import Task, run
from prospectus.app.topics import topic_notes, topics_of
from prospectus.app.wishes import wish_words
from prospectus.catalogs.student_file import read_student
from prospectus.catalogs.student_parts import StudentFile
from prospectus.compare.cells import columns_assumed
from prospectus.compare.dominance import dominations
from prospectus.compare.row import Option, Row
from prospectus.compare.sentences import reading_note, sentences
from prospectus.domain.errors import InternalError, StudentError
from prospectus.domain.facts import Completeness
from prospectus.domain.program import Program

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A piece that is solved: its rows, and how many programmes are done with it, of how many."""

    rows: tuple[Row, ...]
    n_programs_done: int
    n_programs: int


Found = Callable[[Solved], None]


def compare_programs(
    student_path: Path,
    program_ids: Sequence[str] = (),
    *,
    today: dt.date,
    catalogs: tuple[Path, ...] = (),
    effort: Effort = DEFAULT_EFFORT,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> CompareAnswer:
    """Return the comparison of programmes for a student.

    Parameters
    ----------
    student_path
        The student file.
    program_ids
        The programmes; empty means every one of the catalog.
    today
        The day on which it is asked.
    catalogs
        Extra catalog folders beside the bundled one.
    effort
        Seconds for each plan, seed, workers of the solver.
    executor
        Where the pieces are solved, None here; the answer does not depend on it.
    progress
        Called with the number of pieces done and of all.

    Raises
    ------
    ProspectusError
        For a student file or catalog that cannot be used, and INT-002 when a solver dies.
    """
    return compare_for(
        open_library(catalogs),
        read_student(student_path, today),
        program_ids,
        today=today,
        catalogs=catalogs,
        effort=effort,
        executor=executor,
        progress=progress,
    )


def compare_for(
    library: Library,
    file: StudentFile,
    program_ids: Sequence[str] = (),
    *,
    today: dt.date,
    catalogs: tuple[Path, ...] = (),
    effort: Effort = DEFAULT_EFFORT,
    executor: Executor | None = None,
    progress: Progress | None = None,
    found: Found | None = None,
) -> CompareAnswer:
    """Return the comparison for a student document that was read, as `compare_programs` does.

    `found` is called with each piece as soon as it is solved, before `progress`.
    """
    unknown = program_faults(file, library.ids())
    if unknown:
        raise StudentError(faults=unknown)
    programs = [library.rules_for(name, file.student) for name in program_ids or library.ids()]
    schools = [library.school(program) for program in programs]
    faults = season_faults(file, schools) + wanted_faults(file, schools)
    if faults:
        raise StudentError(faults=faults)
    tasks, not_compared = _tasks(library, programs, file, today, catalogs, effort)
    solved = _run_all(tasks, executor, progress, found)
    rows, notes = _merge(solved, programs)
    return _answer(library, programs, file, today, rows, notes, not_compared, effort.seed)


@contextmanager
def process_pool(
    n_workers: int, begin: Callable[[], None] | None = None
) -> Iterator[ProcessPoolExecutor]:
    """Give workers in processes of their own: a solver that aborts takes only its own down.

    `begin` is what each does first; without it Ctrl-C ends them.
    """
    pool = ProcessPoolExecutor(
        max_workers=n_workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=begin or _die_quietly,
    )
    try:
        yield pool
    except BaseException:
        # Nobody waits for the other answers any more.
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    pool.shutdown()


def _die_quietly() -> None:
    """Let Ctrl-C end a worker at once, without its own traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def _ctrl_c_ignored() -> Iterator[None]:
    """Let processes that start here ignore Ctrl-C until they can die of it quietly."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _tasks(
    library: Library,
    programs: Sequence[Program],
    file: StudentFile,
    today: dt.date,
    catalogs: tuple[Path, ...],
    effort: Effort,
) -> tuple[list[Task], list[str]]:
    tasks: list[Task] = []
    left_out: list[str] = []
    for program in programs:
        if program.completeness is not Completeness.COMPLETE:
            left_out.append(f"{program.id} ({program.completeness.value})")
            continue
        student = bind(file, program, library.school(program))
        chosen = chosen_track(program, student)
        for track in tracks(program):
            if chosen is not None and track.id != chosen:
                continue
            if not track.is_complete:
                left_out.append(f"{program.id}/{track.id} (partial)")
                continue
            tasks += [
                Task(
                    catalogs=catalogs,
                    program=program.id,
                    catalog_year=program.catalog_year,
                    track=track.id,
                    reading=reading,
                    file=file,
                    today=today,
                    effort=effort,
                )
                for reading in all_readings(program)
            ]
    return tasks, left_out


def _run_all(
    tasks: Sequence[Task],
    executor: Executor | None,
    progress: Progress | None,
    found: Found | None,
) -> list[tuple[Row, ...]]:
    """Return the rows of every task, in the order of the tasks."""
    tell = progress or (lambda done, total: None)
    left = Counter(task.program for task in tasks)
    n_programs = len(left)

    def show(task: Task, rows: tuple[Row, ...]) -> None:
        left[task.program] -= 1
        n_done = sum(not n for n in left.values())
        if found is not None:
            found(Solved(rows=rows, n_programs_done=n_done, n_programs=n_programs))

    tell(0, len(tasks))
    if executor is None:
        solved = []
        for n_done, task in enumerate(tasks, start=1):
            solved.append(run(task))
            show(task, solved[-1])
            tell(n_done, len(tasks))
        return solved
    try:
        with _ctrl_c_ignored():
            futures = {executor.submit(run, task): task for task in tasks}
        for n_done, ended in enumerate(as_completed(futures), start=1):
            show(futures[ended], ended.result())
            tell(n_done, len(tasks))
        return [future.result() for future in futures]
    except BrokenProcessPool:
        raise InternalError(
            "INT-002",
            what="the solver stopped its own process while comparing",
            fix="run it again, or compare fewer programmes to see which one it was",
            on_page="compare again; if it stops again, report it with the student document",
        ) from None


def _merge(
    solved: Sequence[tuple[Row, ...]], programs: Sequence[Program]
) -> tuple[list[Row], list[str]]:
    """Return the rows, those of one option made one where readings change nothing, and notes."""
    by_id = {program.id: program for program in programs}
    by_option: dict[Option, list[Row]] = {}
    for rows in solved:
        for row in rows:
            by_option.setdefault(row.option, []).append(row)
    merged: list[Row] = []
    notes: list[str] = []
    for rows_here in by_option.values():
        if len(rows_here) > 1:
            option = rows_here[0].option
            notes.append(reading_note(rows_here, _meanings(by_id[option.program])))
        answers = {(row.outcome, row.figures) for row in rows_here}
        if len(answers) == 1:
            merged.append(replace(rows_here[0], variant=()))
        else:
            merged += rows_here
    return sorted(merged, key=_rank), notes


def _meanings(program: Program) -> dict[tuple[str, str], str]:
    """Return what each reading of a programme's disputes says, and under "" why there are some."""
    found = {(one.id, ""): one.why for one in program.disputes}
    for one in program.disputes:
        found |= {(one.id, name): where for name, where in one.readings}
    return found


def _rank(row: Row) -> tuple[bool, int, bool, int, str]:
    """Return what rows are sorted by: plans first, by finish, known cost, cost, name."""
    figures = row.figures
    if figures is None:
        return (True, 0, True, 0, row.name)
    cost = figures.cost
    finish = figures.finish.toordinal()
    return (False, finish, cost is None, cost.minor if cost is not None else 0, row.name)


def _answer(
    library: Library,
    programs: Sequence[Program],
    file: StudentFile,
    today: dt.date,
    rows: Sequence[Row],
    notes: Sequence[str],
    not_compared: Sequence[str],
    seed: int,
) -> CompareAnswer:
    found = dominations(rows)
    losers = {item.loser for item in found}
    # What nothing beats stands before what something does, where both end on one day.
    rows = sorted(rows, key=lambda row: (*_rank(row)[:2], row.option in losers, *_rank(row)[2:]))
    names = {str(row.option): replace(row, variant=()).name for row in rows}
    compared = {row.option.program for row in rows}
    by_id = {program.id: program for program in programs}
    return CompareAnswer(
        student=file.student.name,
        today=today,
        plan_from=file.student.plan_from,
        wishes=wish_words(file),
        rows=tuple(
            RowAnswer(
                row=row,
                sentences=sentences(row, found, names),
                is_dominated=row.option in losers,
                beginning=_beginning(library, by_id[row.option.program], file, today, row),
            )
            for row in rows
        ),
        dominations=found,
        reading_notes=tuple(notes),
        columns_assumed=columns_assumed(rows),
        not_compared=tuple(not_compared),
        assumptions=_assumptions(library, programs, rows, file.student.wishes.rates_grow),
        next_steps=next_steps(library, programs, file, today, rows, losers),
        sources=tuple(
            (program.name, library.sources(program))
            for program in programs
            if program.id in compared
        ),
        seed=seed,
        topic_notes=topic_notes(
            file.student.wishes.wanted_topics,
            [
                topic
                for program in programs
                for topic in topics_of(program, library.school(program))
            ],
        ),
    )


def _assumptions(
    library: Library, programs: Sequence[Program], rows: Sequence[Row], growth: Fraction | None
) -> tuple[AssumptionLine, ...]:
    """Return the assumptions used; one that two catalogs set differently comes once for each."""
    known = {program.id: library.assumptions_of(program) for program in programs}
    lines = {
        line
        for row in rows
        for line in assumption_lines(row.assumptions, known[row.option.program], growth)
    }
    return tuple(sorted(lines, key=lambda line: (line.id, line.value, line.text)))


def _beginning(
    library: Library, program: Program, file: StudentFile, today: dt.date, row: Row
) -> Beginning | None:
    if row.figures is None:
        return None
    school = library.school(program)
    student = bind(file, program, school)
    return beginning(program, school, student, row.figures.start, today)
