"""The command that audits a record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from prospectus.cli.application import LIMIT, NO, app
from prospectus.cli.guard import guarded
from prospectus.cli.options import AsJson, Catalogs, Quiet, Today, day_of, paths_of
from prospectus.domain.errors import UsageError


@app.command(epilog="Example: prospectus audit examples/omscs-midway.yaml --all-choices")
def audit(
    record: Annotated[
        Path | None,
        typer.Argument(
            metavar="RECORD",
            help="A record or student file, a plan as JSON, a table, or an ELMO transcript.",
            show_default=False,
        ),
    ] = None,
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
    regrade: Annotated[
        list[str] | None,
        typer.Option(
            "--regrade",
            metavar="COURSE=GRADE",
            help="Suppose another grade for a course on record; may be repeated.",
            show_default=False,
        ),
    ] = None,
    why: Annotated[
        list[str] | None,
        typer.Option(
            "--why",
            metavar="COURSE",
            help="Say only what one course counts for, why not, or where it would serve; may be "
            "repeated.",
            show_default=False,
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Also write one page that stands alone."),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            "--batch",
            metavar="FILE.csv|.parquet",
            help="Audit every student of a table instead; a batch that was stopped goes on.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE.csv|.parquet",
            help="What a batch writes [default: beside its table, as FILE-audited].",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            min=1,
            max=256,
            help="Blocks of a batch audited side by side [default: one for each core].",
            show_default=False,
        ),
    ] = None,
    steps: Annotated[
        int,
        typer.Option("--steps", min=1, help="Longest search for a student of a batch, in steps."),
    ] = 50_000,
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
        if batch is not None:
            from prospectus.cli.audit_batch import check_call, run_batch

            of_one = {
                "RECORD": record,
                "--student": student,
                "--all-choices": all_choices,
                "--what-if": what_if,
                "--add": add,
                "--regrade": regrade,
                "--why": why,
                "--html": html,
            }
            run_batch(
                batch,
                check_call(program, of_one),
                out,
                choose=choose or (),
                year=year,
                workers=workers,
                today=today,
                catalog=catalog,
                as_json=as_json,
                quiet=quiet,
                steps=steps,
            )
            return
        if record is None:
            raise UsageError(
                "USE-010",
                what="no record to audit is named",
                fix="name its file, or a table of many students with --batch",
            )
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
            supposition=parse_supposition(what_if or (), add or (), regrade or ()),
            all_choices=all_choices,
            catalogs=paths_of(catalog),
            seconds=seconds,
            student=student,
            why=tuple(why or ()),
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
