"""The commands about the catalog itself: what it holds, how sure it is, what is wrong with it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from prospectus.cli.application import BAD_DATA, NO, app
from prospectus.cli.guard import guarded
from prospectus.cli.options import (
    AsJson,
    Catalogs,
    CatalogYear,
    NamedProgram,
    Quiet,
    Seconds,
    Seed,
    Today,
    day_of,
    needed_program,
    paths_of,
    student_first,
)


@app.command(epilog="Example: prospectus programs --table")
def programs(
    table: Annotated[
        bool, typer.Option("--table", help="How much is known of each, and its earliest end.")
    ] = False,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """List the programmes of the catalog, their tracks and how complete they are.

    With --table every complete one is planned for somebody without limits, from the next January.
    """
    with guarded("programs", as_json=as_json):
        from prospectus.app.document import envelope
        from prospectus.cli.terminal import answer_console, progress_bar, write_line

        if table:
            from prospectus.app.catalog_table import catalog_table
            from prospectus.cli.table_view import print_catalog_table

            next_january = dt.date(day_of(today).year + 1, 1, 1)
            with progress_bar("planning", quiet=quiet or as_json) as bar:
                known = catalog_table(next_january, catalogs=paths_of(catalog), progress=bar)
            if as_json:
                write_line(envelope("table", known))
            else:
                print_catalog_table(known, answer_console())
            return
        from prospectus.app.catalog_views import list_programs
        from prospectus.cli.program_view import print_programs

        lines = list_programs(paths_of(catalog))
        if as_json:
            write_line(envelope("programs", lines))
        else:
            print_programs(lines, answer_console())


@app.command(epilog="Example: prospectus show gatech-omscs --course CS-7641")
def show(
    program: Annotated[
        str | None, typer.Argument(metavar="PROGRAM", help="The id of the programme.")
    ] = None,
    named: NamedProgram = None,
    year: CatalogYear = None,
    course: Annotated[
        str | None, typer.Option("--course", metavar="CODE", help="Only this course, in full.")
    ] = None,
    topics: Annotated[
        bool, typer.Option("--topics", help="Every topic of every track, area by area.")
    ] = False,
    ids: Annotated[
        bool, typer.Option("--ids", help="The id of each requirement and rule beside it.")
    ] = False,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say a programme's rules and facts in plain words, each with source, day and place."""
    with guarded("show", as_json=as_json):
        from prospectus.app.catalog_views import show_course, show_program
        from prospectus.app.document import envelope
        from prospectus.cli.program_view import print_course, print_program
        from prospectus.cli.terminal import answer_console, once, tell, write_line

        asked = needed_program(program, named)
        day, folders = day_of(today), paths_of(catalog)
        if course is not None:
            one = show_course(asked, course, year, today=day, catalogs=folders)
            if as_json:
                write_line(envelope("course", one))
            else:
                print_course(one, answer_console())
            return
        told = once(lambda: tell("working out what its tracks teach ...", quiet=quiet))
        answer = show_program(asked, year, today=day, catalogs=folders, on_solving=told)
        if as_json:
            write_line(envelope("show", answer))
        else:
            print_program(answer, answer_console(), all_topics=topics, with_ids=ids)


@app.command(epilog="Example: prospectus facts gatech-omscs --unknown examples/nurse-denver.yaml")
def facts(
    program: Annotated[
        str | None, typer.Argument(metavar="PROGRAM", help="The id of the programme.")
    ] = None,
    student: Annotated[
        Path | None,
        typer.Argument(metavar="[STUDENT.yaml]", help="Whom it matters to.", show_default=False),
    ] = None,
    named: NamedProgram = None,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="What no source says, and what to ask first.")
    ] = False,
    year: CatalogYear = None,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    seconds: Seconds = 10.0,
    seed: Seed = 0,
) -> None:
    """Count a programme's facts by how sure they are; with --unknown say what is missing.

    With a student file the missing facts are tried at both ends of their range, and those that move
    the answer most come first.
    """
    with guarded("facts", as_json=as_json):
        from prospectus.app.document import envelope
        from prospectus.cli.facts_view import print_counts, print_missing
        from prospectus.cli.terminal import answer_console, progress_bar, write_line

        if student is not None and program is not None:
            student, program = student_first(student, program)
        asked, day, folders = needed_program(program, named), day_of(today), paths_of(catalog)
        if not unknown and student is None:
            from prospectus.app.fact_counts import count_facts

            counts = count_facts(asked, year, today=day, catalogs=folders)
            if as_json:
                write_line(envelope("facts", counts))
            else:
                print_counts(counts, answer_console())
            return
        from prospectus.app.missing import missing_facts
        from prospectus.app.solving import Effort

        with progress_bar("planning", quiet=quiet or as_json or student is None) as bar:
            answer = missing_facts(
                asked,
                student,
                year,
                today=day,
                catalogs=folders,
                effort=Effort(seconds=seconds, seed=seed),
                progress=bar,
            )
        if as_json:
            write_line(envelope("missing", answer, seed=seed))
        else:
            print_missing(answer, answer_console())


@app.command(epilog="Example: prospectus diff msoe-msml@2023-24 2026-27")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="PROGRAM@YEAR.")],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="PROGRAM@YEAR, or another year of the same.")
    ],
    students: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[STUDENT.yaml]...", help="Whose plans to try.", show_default=False),
    ] = None,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    seconds: Seconds = 30.0,
    seed: Seed = 0,
) -> None:
    """Say what changed between two catalogue years, and whose plan that breaks.

    Exit codes: 0 no plan breaks, 1 some plan does.
    """
    with guarded("diff", as_json=as_json):
        from prospectus.app.document import envelope
        from prospectus.app.year_diff import compare_years
        from prospectus.cli.diff_view import print_diff
        from prospectus.cli.terminal import answer_console, write_line

        answer = compare_years(
            old,
            new,
            tuple(students or ()),
            today=day_of(today),
            catalogs=paths_of(catalog),
            seconds=seconds,
            seed=seed,
        )
        if as_json:
            write_line(envelope("diff", answer, seed=seed))
        else:
            print_diff(answer, answer_console())
        if any(fate.is_broken for fate in answer.students):
            raise typer.Exit(NO)


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
