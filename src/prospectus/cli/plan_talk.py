"""Questions about a plan: asked, answered, printed. Loaded by the command that needs it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from prospectus.app.document import envelope
from prospectus.app.plan_talk import Asked, talk
from prospectus.app.solving import Effort
from prospectus.cli.application import LIMIT, NO
from prospectus.cli.talk_view import print_talk
from prospectus.cli.terminal import answer_console, write_line
from prospectus.planning.result import PlanStatus


def answer_talk(
    file: Path,
    program: str | None,
    track: str | None,
    asked: Asked,
    *,
    today: dt.date,
    catalogs: tuple[Path, ...],
    effort: Effort,
    as_json: bool,
) -> None:
    """Answer what is asked of a plan.

    Exit codes: 0 answered for certain, 1 no plan is possible, as it is or as it is supposed, 4 a
    limit was reached without proof.
    """
    answer = talk(file, program, track, asked, today=today, catalogs=catalogs, effort=effort)
    if as_json:
        write_line(envelope("plan-talk", answer, seed=effort.seed))
    else:
        print_talk(answer, answer_console())
    if not answer.is_settled:
        raise typer.Exit(LIMIT)
    supposed = answer.status if answer.what_if is None else answer.what_if.result.status
    if supposed is PlanStatus.INFEASIBLE:
        raise typer.Exit(NO)
