"""Options that ask about a plan instead of printing it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Why = Annotated[
    list[str] | None,
    typer.Option(
        "--why",
        metavar="COURSE",
        help="Say why a course is where it is or is not in the plan, and what else would cost; "
        "`finish`: why the degree cannot end earlier. May be repeated.",
        show_default=False,
    ),
]
WhatIf = Annotated[
    list[str] | None,
    typer.Option(
        "--what-if",
        metavar="KEY=VALUE",
        help="Say what changes with hours=12, courses=2, deadline=DAY, money=AMOUNT, "
        "money-per-year=AMOUNT, out-of-pocket=AMOUNT, out-of-pocket-per-year=AMOUNT, "
        "rates-grow=SHARE, with=COURSE, without=COURSE, place=COURSE@PERIOD, "
        "not-in=COURSE@PERIOD, pause=PERIOD, start=DAY, objectives=LIST or track=ID; "
        "may be repeated.",
        show_default=False,
    ),
]
Windows = Annotated[
    bool, typer.Option("--windows", help="Say when else each planned course could begin.")
]
Prices = Annotated[
    bool, typer.Option("--prices", help="Say what each wish and each planned course costs.")
]
Next = Annotated[
    bool, typer.Option("--next", help="Say what has to begin first, whatever is chosen later.")
]
Earlier = Annotated[
    Path | None,
    typer.Option(
        "--from",
        metavar="FILE",
        help="Change an earlier plan (a file of `plan --json`) as little as can be.",
    ),
]
KeepUntil = Annotated[
    str | None,
    typer.Option(
        "--keep-until",
        metavar="PERIOD",
        help='With --from: nothing that begins by the end of "Spring 2027" moves.',
    ),
]
HtmlPage = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Also write one page that stands alone."),
]
Certificate = Annotated[
    Path | None,
    typer.Option(
        "--certificate",
        metavar="FILE",
        help="Also write what is claimed, for `prospectus verify FILE`.",
    ),
]
