"""Options of `plan` that ask for several plans, and what answers them."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prospectus.cli.application import LIMIT, NO

if TYPE_CHECKING:
    from prospectus.app.plan_choices import ChoiceCase, ChoiceStream, Choosing
    from prospectus.app.solving import Effort

FrontLevels = Annotated[
    str | None,
    typer.Option(
        "--front",
        metavar="LEVELS",
        help="Show what a choice costs: all best trades of 2 or 3 levels, e.g. finish,cost,peak.",
        show_default=False,
    ),
]
TermsLater = Annotated[
    int,
    typer.Option(
        "--terms-later",
        min=0,
        help="With --front: how many terms after the earliest finish a plan may end.",
    ),
]
HowMany = Annotated[
    int | None,
    typer.Option(
        "--alternatives",
        metavar="N",
        min=1,
        help="Show the best plan and the next best ones, N in all.",
        show_default=False,
    ),
]
Apart = Annotated[
    int,
    typer.Option(
        "--apart",
        metavar="N",
        min=1,
        help="With --alternatives: least number of changes (another course, or another time) "
        "between any two.",
    ),
]
ByCourses = Annotated[
    bool,
    typer.Option(
        "--other-courses", help="With --alternatives: another time of a course is no change."
    ),
]
Within = Annotated[
    str | None,
    typer.Option(
        "--within",
        metavar="LEVEL=LOSS",
        help="With --alternatives: how much worse than the best a plan may be, e.g. "
        "finish=0,cost=500 (days, units of money).",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a call asks for: the trades of some levels, or so many plans."""

    front: str | None
    terms_later: int
    n_plans: int | None
    apart: int
    by_courses: bool
    within: str | None

    @property
    def is_asked(self) -> bool:
        """Return whether several plans are asked for."""
        return self.front is not None or self.n_plans is not None


def answer_choices(
    file: Path,
    program: str | None,
    track: str | None,
    asked: Choices,
    *,
    today: dt.date,
    catalogs: tuple[Path, ...],
    effort: Effort,
    as_json: bool,
    html: Path | None,
) -> None:
    """Show several plans as they are found.

    Exit codes: 0 all proven, 1 no plan is possible, 4 a limit was reached before.
    """
    from prospectus.app.choices_page import write_choices
    from prospectus.app.document import envelope
    from prospectus.app.plan_choices import Choosing
    from prospectus.cli.choices_view import exit_code, print_stream
    from prospectus.cli.plan_view import print_readings
    from prospectus.cli.terminal import answer_console, say, write_line

    choosing = Choosing(file, program, track, today, catalogs)
    title, streams = _streams(choosing, asked, effort)
    console = answer_console()
    if not as_json:
        opened = choosing.opened
        who = f" for {opened.file.student.name}" if opened.file.student.name else ""
        rules = f"{opened.program.name}, rules of {opened.program.catalog_year}"
        say(console, f"{rules}: {title}{who}", style="bold")
        for note in choosing.idle_wishes:
            say(console, note)
        print_readings(choosing.readings, console)
    cases: list[ChoiceCase] = []
    for stream in streams:
        if as_json:
            for _ in stream:
                pass
            assert stream.case is not None
            cases.append(stream.case)
        else:
            cases.append(print_stream(stream, console))
            sys.stdout.flush()
        if cases[-1].was_stopped:
            break
    answer = choosing.answer(title, cases, effort.seed)
    if html is not None:
        write_choices(answer, html)
    if as_json:
        name = "plan-front" if asked.front is not None else "plan-alternatives"
        write_line(envelope(name, answer, seed=effort.seed))
    code = exit_code(cases, LIMIT, NO)
    if code:
        raise typer.Exit(code)


def _streams(
    choosing: Choosing, asked: Choices, effort: Effort
) -> tuple[str, Iterator[ChoiceStream]]:
    """Return what is asked for, in words, and the streams that answer it."""
    from prospectus.app import alternatives, front
    from prospectus.domain.errors import UsageError

    if asked.front is not None and asked.n_plans is not None:
        raise UsageError(
            "USE-022",
            what="the call asks for a front and for alternatives at once",
            fix="give --front or --alternatives, and ask twice",
        )
    if asked.front is not None:
        levels = front.levels_named(asked.front)
        streams = front.front_streams(choosing, levels, effort, asked.terms_later)
        return front.TITLE, streams
    assert asked.n_plans is not None, "one of the two is asked for"
    wanted = alternatives.OtherPlans(
        n_plans=asked.n_plans,
        apart=asked.apart,
        by_courses=asked.by_courses,
        within=alternatives.losses_named(asked.within),
    )
    return alternatives.TITLE, alternatives.alternative_streams(choosing, wanted, effort)
