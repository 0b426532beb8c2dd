"""The command that lays courses evenly over periods."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from prospectus.cli.application import LIMIT, NO, app
from prospectus.cli.guard import guarded
from prospectus.cli.options import AsJson, Quiet, Seed


class _By(StrEnum):
    """What an even load is."""

    PEAK = "peak"
    ABSOLUTE = "absolute"
    SQUARES = "squares"
    GBAC = "gbac"


@app.command(epilog="Example: prospectus balance examples/balance/two-tracks.yaml")
def balance(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="YAML of `kind: balance`, or a CSPLib or MiniZinc data file.",
            show_default=False,
        ),
    ],
    by: Annotated[
        _By | None,
        typer.Option(
            "--by",
            metavar="WORD",
            help="What is even: peak, absolute, squares or gbac [default: the file's].",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, help="Longest search, in seconds.")
    ] = 30.0,
    seed: Seed = 0,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="Threads, where a quick proof fails.")
    ] = 2,
) -> None:
    """Lay a fixed set of courses over periods so that the load is even, with the proof.

    Exit codes: 0 proven best, 1 no layout is possible, 4 a limit was reached without proof.
    Ctrl-C gives the best layout so far with its gap.
    """
    with guarded("balance", as_json=as_json):
        from prospectus.app.balancing import balance_courses
        from prospectus.app.document import envelope
        from prospectus.cli.balance_view import print_balance
        from prospectus.cli.terminal import answer_console, tell, write_line
        from prospectus.domain.balance import Criterion
        from prospectus.planning.result import PlanStatus

        if not as_json:
            tell("balancing ...", quiet=quiet or not sys.stderr.isatty())
        answer = balance_courses(
            file,
            by=None if by is None else Criterion(by.value),
            seconds=seconds,
            seed=seed,
            workers=workers,
        )
        if as_json:
            write_line(envelope("balance", answer, seed=seed))
        else:
            print_balance(answer, answer_console())
        if answer.status is PlanStatus.INFEASIBLE:
            raise typer.Exit(NO)
        if answer.status is not PlanStatus.OPTIMAL:
            raise typer.Exit(LIMIT)
