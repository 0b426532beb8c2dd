"""The commands. Whatever is heavy to load is loaded by the command that needs it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from prospectus.cli.guard import guarded
from prospectus.cli.options import (
    AsJson,
    Catalogs,
    NamedProgram,
    Quiet,
    Seconds,
    Seed,
    StudentArgument,
    Today,
    day_of,
    one_program,
    paths_of,
)

NO = 1
BAD_DATA = 3
LIMIT = 4

app = typer.Typer(
    name="prospectus",
    help="Online master's degrees as rules that can be computed with: compare, plan, read.",
    no_args_is_help=True,
    add_completion=False,
    # Rich help and rich tracebacks cost a third of the time that `--help` may take.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
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


@app.command(epilog="Example: prospectus plan examples/nurse-denver.yaml cuboulder-msds")
def plan(
    student: StudentArgument,
    program: Annotated[
        str | None,
        typer.Argument(metavar="[PROGRAM]", help="The id; without it the one in the file."),
    ] = None,
    named: NamedProgram = None,
    track: Annotated[
        str | None, typer.Option("--track", metavar="ID", help="The track, by id or name.")
    ] = None,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    seconds: Seconds = 30.0,
    seed: Seed = 0,
) -> None:
    """Say what to take and when, with the proof that nothing better exists.

    Exit codes: 0 proven best, 1 no plan is possible, 4 a limit was reached without proof.
    """
    with guarded("plan", as_json=as_json):
        from prospectus.app.degree_plan import plan_degree
        from prospectus.app.document import envelope
        from prospectus.app.solving import Effort
        from prospectus.cli.plan_view import print_plan
        from prospectus.cli.terminal import answer_console, tell, write_line
        from prospectus.planning.result import PlanStatus

        if not as_json:
            tell("planning ...", quiet=quiet or not sys.stderr.isatty())
        answer = plan_degree(
            student,
            one_program(program, named),
            track,
            today=day_of(today),
            catalogs=paths_of(catalog),
            effort=Effort(seconds=seconds, seed=seed),
        )
        if as_json:
            write_line(envelope("plan", answer, seed=seed))
        else:
            print_plan(answer, answer_console())
        statuses = {variant.status for track in answer.tracks for variant in track.variants}
        if statuses & {PlanStatus.FEASIBLE, PlanStatus.UNKNOWN}:
            raise typer.Exit(LIMIT)
        if PlanStatus.OPTIMAL not in statuses:
            raise typer.Exit(NO)


@app.command(epilog="Example: prospectus programs")
def programs(today: Today = None, catalog: Catalogs = None, as_json: AsJson = False) -> None:
    """List the programmes of the catalog, their tracks and how complete they are."""
    del today
    with guarded("programs", as_json=as_json):
        from prospectus.app.catalog_views import list_programs
        from prospectus.app.document import envelope
        from prospectus.cli.program_view import print_programs
        from prospectus.cli.terminal import answer_console, write_line

        lines = list_programs(paths_of(catalog))
        if as_json:
            write_line(envelope("programs", lines))
        else:
            print_programs(lines, answer_console())


@app.command(epilog="Example: prospectus show gatech-omscs")
def show(
    program: Annotated[
        str | None, typer.Argument(metavar="PROGRAM", help="The id of the programme.")
    ] = None,
    named: NamedProgram = None,
    year: Annotated[
        str | None,
        typer.Option("--year", metavar="YEAR", help="The catalogue year [default: the newest]."),
    ] = None,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
) -> None:
    """Say a programme's rules in plain words, each with its sources."""
    del today
    with guarded("show", as_json=as_json):
        from prospectus.app.catalog_views import show_program
        from prospectus.app.document import envelope
        from prospectus.cli.program_view import print_program
        from prospectus.cli.terminal import answer_console, write_line
        from prospectus.domain.errors import UsageError

        asked = one_program(program, named)
        if asked is None:
            raise UsageError(
                "USE-002",
                what="the call names no programme",
                fix="name one of those that `prospectus programs` lists",
            )
        answer = show_program(asked, year, catalogs=paths_of(catalog))
        if as_json:
            write_line(envelope("show", answer))
        else:
            print_program(answer, answer_console())


@app.command(epilog="Example: prospectus check my-catalog/")
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Catalog files or folders; else the bundled."),
    ] = None,
    solve: Annotated[
        bool, typer.Option(help="Also look for requirements and tracks that no plan can meet.")
    ] = True,
    today: Today = None,
    as_json: AsJson = False,
    seconds: Seconds = 10.0,
) -> None:
    """Read catalog files to their end and report every fault at once.

    Exit codes: 0 no error (warnings allowed), 3 errors.
    """
    with guarded("check", as_json=as_json):
        from prospectus.app.checking import check_catalog
        from prospectus.app.document import envelope
        from prospectus.app.solving import Effort
        from prospectus.cli.program_view import print_check
        from prospectus.cli.terminal import answer_console, write_line

        answer = check_catalog(
            tuple(paths or ()),
            today=day_of(today),
            effort=Effort(seconds=seconds),
            solve_tracks=solve,
        )
        if as_json:
            write_line(envelope("check", answer))
        else:
            print_check(answer, answer_console())
        if answer.n_errors:
            raise typer.Exit(BAD_DATA)


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
