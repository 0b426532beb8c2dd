"""The command that audits a record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from prospectus.cli.application import LIMIT, NO, app
from prospectus.cli.guard import guarded
from prospectus.cli.options import AsJson, Catalogs, Quiet, Today, day_of, paths_of


@app.command(epilog="Example: prospectus audit examples/omscs-midway.yaml --all-choices")
def audit(
    record: Annotated[
        Path,
        typer.Argument(
            metavar="RECORD",
            help="A record or student file, a plan as JSON, a table, or an ELMO transcript.",
            show_default=False,
        ),
    ],
    program: Annotated[
        str | None,
        typer.Option(
            "--program",
            metavar="ID",
            help="The programme [default: the one whose record it is].",
            show_default=False,
        ),
    ] = None,
    student: Annotated[
        str | None,
        typer.Option(
            "--student",
            metavar="NAME",
            help="Whose record, in a table of many students.",
            show_default=False,
        ),
    ] = None,
    choose: Annotated[
        list[str] | None,
        typer.Option(
            "--choose",
            metavar="CHOICE=CHILD",
            help="Declare a track or option; may be repeated.",
            show_default=False,
        ),
    ] = None,
    year: Annotated[
        str | None,
        typer.Option(
            "--catalog-year",
            metavar="YEAR",
            help="The catalogue year [default: the record's, else the newest].",
            show_default=False,
        ),
    ] = None,
    all_choices: Annotated[
        bool, typer.Option("--all-choices", help="Rank every choice by what is left under it.")
    ] = False,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="NAME=VALUE",
            help="Suppose program=ID, year=YEAR, add=COURSE or CHOICE=CHILD; may be repeated.",
            show_default=False,
        ),
    ] = None,
    add: Annotated[
        list[str] | None,
        typer.Option(
            "--add",
            metavar="COURSE[=GRADE]",
            help="Suppose a course taken, at a planned grade or this one; may be repeated.",
            show_default=False,
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Also write one page that stands alone."),
    ] = None,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, help="Longest search for one audit, in seconds.")
    ] = 10.0,
) -> None:
    """Say what a record meets of a degree, what is missing, and why.

    Exit codes: 0 nothing is left to take, 1 something is, 4 a limit was reached without proof.
    """
    with guarded("audit", as_json=as_json):
        from prospectus.app.audit_what_if import parse_choices, parse_supposition
        from prospectus.app.auditing import audit_record
        from prospectus.app.document import envelope
        from prospectus.cli.audit_view import print_audit
        from prospectus.cli.terminal import answer_console, tell, write_line

        answer = audit_record(
            record,
            program,
            today=day_of(today),
            year=year,
            choices=parse_choices(choose or ()),
            supposition=parse_supposition(what_if or (), add or ()),
            all_choices=all_choices,
            catalogs=paths_of(catalog),
            seconds=seconds,
            student=student,
        )
        if html is not None:
            from prospectus.app.audit_report import write_audit

            write_audit(answer, html)
            tell(f"wrote {html}", quiet=quiet)
        if as_json:
            write_line(envelope("audit", answer, warnings=answer.notes))
        else:
            print_audit(answer, answer_console())
        if not all(variant.is_proven for variant in answer.variants):
            raise typer.Exit(LIMIT)
        if not all(variant.is_complete for variant in answer.variants):
            raise typer.Exit(NO)
