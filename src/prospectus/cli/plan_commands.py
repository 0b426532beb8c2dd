"""The command `plan`. What is heavy is loaded where it is needed."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from prospectus.cli.application import LIMIT, NO, app
from prospectus.cli.choices import (
    Apart,
    ByCourses,
    Choices,
    FrontLevels,
    HowMany,
    TermsLater,
    Within,
    answer_choices,
)
from prospectus.cli.guard import guarded
from prospectus.cli.options import (
    AsJson,
    Catalogs,
    Memory,
    NamedProgram,
    Quiet,
    Seconds,
    Seed,
    StudentArgument,
    Today,
    day_of,
    one_program,
    paths_of,
    student_first,
)
from prospectus.cli.plan_questions import (
    Certificate,
    Earlier,
    HtmlPage,
    KeepUntil,
    Next,
    Prices,
    WhatIf,
    Why,
    Windows,
)


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
    why: Why = None,
    what_if: WhatIf = None,
    windows: Windows = False,
    prices: Prices = False,
    next_: Next = False,
    earlier: Earlier = None,
    keep_until: KeepUntil = None,
    front: FrontLevels = None,
    terms_later: TermsLater = 4,
    alternatives: HowMany = None,
    apart: Apart = 1,
    other_courses: ByCourses = False,
    within: Within = None,
    html: HtmlPage = None,
    certificate: Certificate = None,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    seconds: Seconds = 30.0,
    memory: Memory = 4096,
    seed: Seed = 0,
) -> None:
    """Say what to take and when, with the proof that nothing better exists.

    Exit codes: 0 proven best, 1 no plan is possible, 4 a limit was reached without proof.
    """
    with guarded("plan", as_json=as_json):
        from prospectus.app.certificate import certify
        from prospectus.app.degree_plan import plan_degree
        from prospectus.app.document import envelope
        from prospectus.app.plan_report import write_plan
        from prospectus.app.plan_talk import Asked
        from prospectus.app.solving import Effort, Solved
        from prospectus.cli.plan_talk import answer_talk
        from prospectus.cli.plan_view import print_plan
        from prospectus.cli.terminal import answer_console, tell, write_line
        from prospectus.planning.result import PlanStatus

        if not as_json:
            tell("planning ...", quiet=quiet or not sys.stderr.isatty())
        file, asked = student_first(student, program)
        if why or what_if or windows or prices or next_:
            answer_talk(
                file,
                one_program(asked, named),
                track,
                Asked(
                    why=tuple(why or ()),
                    what_if=tuple(what_if or ()),
                    windows=windows,
                    prices=prices,
                    next=next_,
                ),
                today=day_of(today),
                catalogs=paths_of(catalog),
                effort=Effort(seconds=seconds, seed=seed, memory=memory),
                as_json=as_json,
            )
            return
        choices = Choices(
            front=front,
            terms_later=terms_later,
            n_plans=alternatives,
            apart=apart,
            by_courses=other_courses,
            within=within,
        )
        if choices.is_asked:
            answer_choices(
                file,
                one_program(asked, named),
                track,
                choices,
                today=day_of(today),
                catalogs=paths_of(catalog),
                effort=Effort(seconds=seconds, seed=seed, memory=memory),
                as_json=as_json,
                html=html,
            )
            return
        solved: list[tuple[str | None, Solved]] = []
        answer = plan_degree(
            file,
            one_program(asked, named),
            track,
            today=day_of(today),
            catalogs=paths_of(catalog),
            effort=Effort(seconds=seconds, seed=seed, memory=memory),
            earlier=earlier,
            keep_until=keep_until,
            keep=solved,
        )
        if certificate is not None and solved:
            certify(solved, day_of(today), paths_of(catalog), certificate)
            tell(f"wrote {certificate}", quiet=quiet)
        if html is not None:
            write_plan(answer, html)
            tell(f"wrote {html}", quiet=quiet)
        if as_json:
            write_line(envelope("plan", answer, seed=seed))
        else:
            print_plan(answer, answer_console())
        statuses = {variant.status for track in answer.tracks for variant in track.variants}
        if statuses & {PlanStatus.FEASIBLE, PlanStatus.UNKNOWN}:
            raise typer.Exit(LIMIT)
        if PlanStatus.OPTIMAL not in statuses:
            raise typer.Exit(NO)
