"""A new student file: commented, complete enough to plan with, and checked before it is written."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass
from pathlib import Path

from prospectus.app.binding import program_faults
from prospectus.app.files import write_whole
from prospectus.app.library import open_library
from prospectus.catalogs.student_file import read_student
from prospectus.domain.errors import Fault, Place, ProspectusError, StudentError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The answers to the questions, as typed; empty where nothing was said."""

    name: str = ""
    plan_from: str = ""
    program: str = ""
    hours_per_week: str = ""
    money_per_year: str = ""
    deadline: str = ""
    time_zone: str = ""
    residence: str = ""
    topics: tuple[str, ...] = ()


def write_student(
    path: Path,
    draft: Draft,
    *,
    today: dt.date,
    catalogs: tuple[Path, ...] = (),
    force: bool = False,
) -> str:
    """Write a commented student file, and return its text.

    Raises
    ------
    ProspectusError
        For an answer that cannot be (USE-007, with what is wrong with it), a file that exists
        (USE-006) or cannot be written (USE-005).
    """
    text = student_text(draft, today)
    _check(text, today, catalogs)
    write_whole(path, text, force=force)
    return text


def draft_faults(
    draft: Draft, *, today: dt.date, catalogs: tuple[Path, ...] = ()
) -> tuple[Fault, ...]:
    """Return what is wrong with the answers given so far.

    A catalog that cannot be used is told as an answer that cannot be.
    """
    try:
        _check(student_text(draft, today), today, catalogs)
    except UsageError as error:
        return error.faults
    return ()


def student_text(draft: Draft, today: dt.date) -> str:
    """Return the file's text; what was not said stands as a comment to fill in."""
    topics = ", ".join(_quoted(topic) for topic in draft.topics)
    wanted = f"wanted:\n  topics: [{topics}]"
    lines = [
        "# A student file of Prospectus. Lines that start with # say what else can be said;",
        "# remove the # to say it. Every field: docs/student-file.md",
        "format: 1",
        _line("name", _quoted(draft.name) if draft.name else "", "Maria"),
        "",
        "# The first day on which a planned course may start.",
        f"plan_from: {draft.plan_from or today.isoformat()}",
        "",
        "# Whose student you are, or will be. Without `matriculation` your studies begin on",
        "# `plan_from`; who has begun already says when, and what is finished.",
        _line("program", draft.program, "gatech-omscs"),
        "# matriculation: 2025-08-18",
        "# finished:",
        "#   - {course: CS 6035, grade: A, period: Fall 2025}",
        "# A course that the school has waived: {course: CS 6300, source: waiver}",
        "",
        "# The year whose rules you are held to; without this line the newest.",
        "# catalog_year: 2026-27",
        "# The track and the options you have declared, by the ids that `prospectus show` prints.",
        "# choices: {specialization: ml}",
        "# What somebody has to agree to: open, requested, granted or refused.",
        "# approvals: {advisor: granted}",
        "",
        "# Hours a week that you can study; without this line 15 are assumed, and shown so.",
        "# By season or days: {usual: 12, Summer: 6, 2027-06-01..2027-08-15: 0}",
        _line("hours_per_week", draft.hours_per_week, "12"),
        "# pauses: [2027-07-01..2027-08-15]",
        "# courses_per_period: 2",
        "",
        "# The most you can spend, for example what an employer pays back in a calendar year.",
        _money(draft.money_per_year),
        "",
        "# The day by which you must be done.",
        _line("deadline", draft.deadline, f"{today.year + 4}-12-31"),
        "",
        "# Your time zone, and when you are free for live sessions.",
        _line("time_zone", draft.time_zone, "America/Denver"),
        '# free_for_live_sessions: {Mon: "18:00-21:00", Sat: any}',
        "",
        "# Where you live, where a price depends on it; what admission asks for.",
        _line("residence", _quoted(draft.residence) if draft.residence else "", "US-CO"),
        "# degrees: [{level: bachelor, field: nursing}]",
        "# gpa: 3.4",
        "# tests: {TOEFL: 104}",
        "# What you bring along without a course for it, in the words that programmes use:",
        "# background: [python, linear algebra, probability, statistics, calculus, algorithms]",
        "",
        "# What you would like to learn, or not; courses that must or must not be in the plan.",
        wanted if topics else "# wanted: {topics: [machine learning], courses: []}",
        "# unwanted: {topics: [], courses: []}",
        "",
        "# What matters most comes first.",
        "objectives: [finish, cost, peak, topics]",
    ]
    return "\n".join(lines) + "\n"


def _line(field: str, value: str, example: str) -> str:
    return f"{field}: {value}" if value else f"# {field}: {example}"


def _money(amount: str) -> str:
    if not amount:
        return "# money: {per_year: USD 5250, total: USD 30000}"
    return f"money:\n  per_year: {_quoted(amount)}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _check(text: str, today: dt.date, catalogs: tuple[Path, ...]) -> None:
    """Read the text as a student file would be read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "student.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            file = read_student(path, today)
            if file.student.program is not None:
                known = program_faults(file, open_library(catalogs).ids())
                if known:
                    raise StudentError(faults=known)
        except ProspectusError as error:
            raise UsageError(faults=[_as_answer(fault) for fault in error.faults]) from None


def _as_answer(fault: Fault) -> Fault:
    """Return a fault of the unwritten file as a fault of the answer behind it."""
    return Fault(code="USE-007", what=fault.what, fix=fault.fix, at=Place(field=fault.at.field))
