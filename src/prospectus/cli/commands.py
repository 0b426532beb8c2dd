"""The commands for a person: compare, init. What is heavy is loaded where it is needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from prospectus.cli.application import LIMIT, NO, app
from prospectus.cli.guard import guarded
from prospectus.cli.options import (
    AsJson,
    Catalogs,
    Quiet,
    Seconds,
    Seed,
    StudentArgument,
    Today,
    day_of,
    paths_of,
)


@app.command(epilog="Example: prospectus compare examples/nurse-denver.yaml --html report.html")
def compare(
    student: StudentArgument,
    programs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PROGRAM]...", help="Ids; every programme without them."),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Also write one page that stands alone."),
    ] = None,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    seconds: Seconds = 30.0,
    seed: Seed = 0,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="Processes that solve side by side.")
    ] = 2,
) -> None:
    """Solve every programme and track for one person and put them side by side.

    Exit codes: 0 some plan was found, 1 none is possible, 4 a limit was reached without proof.
    """
    with guarded("compare", as_json=as_json):
        from prospectus.app.comparing import compare_programs, process_pool
        from prospectus.app.document import envelope
        from prospectus.app.report import write_report
        from prospectus.app.solving import Effort
        from prospectus.cli.compare_view import print_comparison
        from prospectus.cli.terminal import answer_console, progress_bar, tell, write_line
        from prospectus.compare.row import Outcome

        with process_pool(workers) as pool, progress_bar("planning", quiet=quiet or as_json) as bar:
            answer = compare_programs(
                student,
                programs or (),
                today=day_of(today),
                catalogs=paths_of(catalog),
                effort=Effort(seconds=seconds, seed=seed),
                executor=pool,
                progress=bar,
            )
        if html is not None:
            write_report(answer, html)
            tell(f"wrote {html}", quiet=quiet)
        if as_json:
            write_line(envelope("compare", answer, seed=seed))
        else:
            print_comparison(answer, answer_console())
        outcomes = {item.row.outcome for item in answer.rows}
        if outcomes & {Outcome.FOUND, Outcome.OPEN}:
            raise typer.Exit(LIMIT)
        if Outcome.PROVEN not in outcomes:
            raise typer.Exit(NO)


@app.command(
    epilog='Example: prospectus init me.yaml --hours 12 --money "USD 5250" --topic databases'
)
def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The student file to write.")],
    name: Annotated[str, typer.Option(help="What the report calls you.")] = "",
    start: Annotated[str, typer.Option(metavar="DAY", help="First day of study.")] = "",
    program: Annotated[str, typer.Option(metavar="ID", help="Where you are enrolled.")] = "",
    hours: Annotated[str, typer.Option(metavar="N", help="Hours a week.")] = "",
    money: Annotated[
        str, typer.Option(metavar="AMOUNT", help='Most in a calendar year, "USD 5250".')
    ] = "",
    deadline: Annotated[str, typer.Option(metavar="DAY", help="The day to be done by.")] = "",
    zone: Annotated[str, typer.Option(metavar="ZONE", help="Time zone, America/Denver.")] = "",
    residence: Annotated[str, typer.Option(metavar="WORD", help="Residence for prices.")] = "",
    topic: Annotated[
        list[str] | None, typer.Option(metavar="TOPIC", help="A wanted topic; may be repeated.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that exists.")] = False,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a commented student file: from flags, or from questions on a terminal."""
    with guarded("init", as_json=as_json):
        from prospectus.app.document import envelope
        from prospectus.app.files import refuse_existing
        from prospectus.app.student_draft import Draft, write_student
        from prospectus.cli.questions import ask
        from prospectus.cli.terminal import tell, write_line
        from prospectus.domain.errors import UsageError

        if not force:
            refuse_existing(file)
        draft = Draft(
            name=name,
            plan_from=start,
            program=program,
            hours_per_week=hours,
            money_per_year=money,
            deadline=deadline,
            time_zone=zone,
            residence=residence,
            topics=tuple(topic or ()),
        )
        if draft == Draft():
            if as_json or not sys.stdin.isatty():
                raise UsageError(
                    "USE-009",
                    what="answers can only be asked in a terminal",
                    fix="give flags, such as --start 2027-01-04; see `prospectus init -h`",
                )
            draft = ask(day_of(today), paths_of(catalog))
        text = write_student(
            file, draft, today=day_of(today), catalogs=paths_of(catalog), force=force
        )
        if as_json:
            write_line(envelope("init", {"file": str(file), "text": text}))
        tell(f"wrote {file}; next: prospectus compare {file}", quiet=quiet)
