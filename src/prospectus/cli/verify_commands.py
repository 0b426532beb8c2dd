"""The command that verifies a certificate."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from prospectus.cli.application import LIMIT, NO, app
from prospectus.cli.guard import guarded
from prospectus.cli.options import AsJson, Catalogs, Quiet, paths_of


@app.command(epilog="Example: prospectus verify plan.json")
def verify(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="What `plan --certificate FILE` wrote.", show_default=False
        ),
    ],
    any_catalog: Annotated[
        bool,
        typer.Option("--anyway", help="Verify against the catalog at hand though it is another."),
    ] = False,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, help="Longest solve of one level, in seconds.")
    ] = 60.0,
) -> None:
    """Check a plan's certificate: the plan by the definition, each bound by another solver.

    Exit codes: 0 all is confirmed, 1 something claimed is false, 4 not all could be confirmed.
    """
    with guarded("verify", as_json=as_json):
        from prospectus.app.document import envelope
        from prospectus.app.verifying import verify_certificate
        from prospectus.cli.terminal import answer_console, tell, write_line
        from prospectus.cli.verify_view import print_verified

        is_silent = as_json or quiet or not sys.stderr.isatty()
        answer = verify_certificate(
            file,
            catalogs=paths_of(catalog),
            seconds=seconds,
            any_catalog=any_catalog,
            begins=lambda text: tell(f"verifying {text} ...", quiet=is_silent),
        )
        if as_json:
            write_line(envelope("verify", answer))
        else:
            print_verified(answer, answer_console())
        if answer.is_wrong:
            raise typer.Exit(NO)
        if not answer.is_confirmed:
            raise typer.Exit(LIMIT)
