"""Options that several commands share, spelled once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from prospectus.domain.errors import UsageError

StudentArgument = Annotated[
    Path, typer.Argument(metavar="STUDENT.yaml", help="The student file.", show_default=False)
]
Today = Annotated[
    dt.datetime | None,
    typer.Option(
        "--today",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="The day on which it is asked [default: this day].",
        show_default=False,
    ),
]
Catalogs = Annotated[
    list[Path] | None,
    typer.Option(
        "--catalog",
        metavar="PATH",
        help="A folder of catalog files beside the bundled ones; may be repeated.",
        show_default=False,
    ),
]
NamedProgram = Annotated[
    str | None,
    typer.Option(
        "--program", metavar="ID", help="The same as the argument PROGRAM.", show_default=False
    ),
]
CatalogYear = Annotated[
    str | None,
    typer.Option(
        "--year",
        metavar="YEAR",
        help="The catalogue year [default: the newest].",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the answer only.")]
Seconds = Annotated[
    float, typer.Option("--seconds", min=0.1, help="Longest search for one plan, in seconds.")
]
Memory = Annotated[
    int,
    typer.Option("--memory", metavar="MB", min=256, help="Most memory of the process, in MB."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the solver.")]


def day_of(today: dt.datetime | None) -> dt.date:
    """Return the day asked for, else this day."""
    return dt.date.today() if today is None else today.date()


def one_program(argument: str | None, option: str | None) -> str | None:
    """Return the programme that a call names, once or twice.

    Raises
    ------
    UsageError
        USE-008 when it names two.
    """
    if argument is not None and option is not None and argument != option:
        raise UsageError(
            "USE-008",
            what=f"the call names two programmes, {argument} and {option}",
            fix="give one, as an argument or with --program",
        )
    return argument or option


def needed_program(argument: str | None, option: str | None) -> str:
    """Return the programme that a call names.

    Raises
    ------
    UsageError
        USE-008 when it names two, USE-002 when it names none.
    """
    asked = one_program(argument, option)
    if asked is None:
        raise UsageError(
            "USE-002",
            what="the call names no programme",
            fix="name one of those that `prospectus programs` lists",
        )
    return asked


def student_first(student: Path, program: str | None) -> tuple[Path, str | None]:
    """Return the student file and the programme, whichever of the two a call names first."""
    if program is not None and not student.exists() and Path(program).is_file():
        return Path(program), str(student)
    return student, program


def paths_of(catalogs: list[Path] | None) -> tuple[Path, ...]:
    """Return the extra catalog folders."""
    return tuple(catalogs or ())
