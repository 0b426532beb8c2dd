"""The command that audits a whole student body."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from prospectus.cli.application import app
from prospectus.cli.guard import guarded
from prospectus.cli.options import AsJson, Catalogs, Quiet, Today, day_of, paths_of


@app.command(
    name="audit-batch",
    epilog="Example: prospectus audit-batch students.csv --program gatech-omscs --out audits.csv",
)
def audit_batch_command(
    table: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv|.parquet",
            help="Attempts, one a line, with a column `student`.",
            show_default=False,
        ),
    ],
    program: Annotated[
        str, typer.Option("--program", metavar="ID", help="The programme.", show_default=False)
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE.csv|.parquet",
            help="What to write: a line for each student.",
            show_default=False,
        ),
    ],
    choose: Annotated[
        list[str] | None,
        typer.Option(
            "--choose",
            metavar="CHOICE=CHILD",
            help="Declare a track or option for all; may be repeated.",
            show_default=False,
        ),
    ] = None,
    year: Annotated[
        str | None,
        typer.Option(
            "--catalog-year",
            metavar="YEAR",
            help="The catalogue year [default: the newest].",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            min=1,
            max=256,
            help="Blocks audited side by side [default: one for each core].",
            show_default=False,
        ),
    ] = None,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    steps: Annotated[
        int, typer.Option("--steps", min=1, help="Longest search for one student, in steps.")
    ] = 50_000,
) -> None:
    """Audit every student of a table; what was stopped goes on where it was.

    Exit code 0 once all is written, whatever the answers and however many lines were left out.
    """
    with guarded("audit-batch", as_json=as_json):
        from prospectus.app.audit_what_if import parse_choices

        run_batch(
            table,
            program,
            out,
            choices=parse_choices(choose or ()),
            year=year,
            workers=workers,
            today=today,
            catalog=catalog,
            as_json=as_json,
            quiet=quiet,
            steps=steps,
        )


def run_batch(
    table: Path,
    program: str,
    out: Path,
    *,
    choices: tuple[tuple[str, str], ...],
    year: str | None,
    workers: int | None,
    today: Today,
    catalog: Catalogs,
    as_json: bool,
    quiet: bool,
    steps: int,
) -> None:
    """Audit a table and print what was done."""
    from prospectus.app.audit_batch import BatchSummary, audit_batch
    from prospectus.app.document import envelope
    from prospectus.cli.audit_batch_view import fault_lines, summary_lines, told
    from prospectus.cli.terminal import progress_bar, tell, write_line

    with progress_bar("auditing", quiet=quiet or as_json) as bar:

        def moved(share: float, done: BatchSummary) -> None:
            # the bar counts students: those done, and as many as there will be at this rate
            bar(done.n_students, max(done.n_students, round(done.n_students / max(share, 1e-6))))

        done = audit_batch(
            table,
            program,
            out,
            today=day_of(today),
            year=year,
            choices=choices,
            catalogs=paths_of(catalog),
            workers=workers,
            steps=steps,
            on_progress=moved,
        )
    for line in fault_lines(done):
        tell(line, quiet=quiet)
    if as_json:
        write_line(envelope("audit-batch", told(done)))
    else:
        for line in summary_lines(done):
            write_line(line)
