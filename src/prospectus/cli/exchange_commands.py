"""The commands that hand facts to other programs and take theirs: export, import."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from prospectus.cli.application import app
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
)


class _Outward(StrEnum):
    """What `export` writes."""

    CURRICULAR_ANALYTICS = "curricular-analytics"
    JSON_LD = "json-ld"
    ICS = "ics"


class _Inward(StrEnum):
    """What `import` reads."""

    CURRICULAR_ANALYTICS = "curricular-analytics"


Force = Annotated[bool, typer.Option("--force", help="Write over what exists.")]


@app.command(epilog="Example: prospectus export cuboulder-msds --format ics --out boulder.ics")
def export(
    program: Annotated[
        str | None, typer.Argument(metavar="PROGRAM", help="The id of the programme.")
    ] = None,
    named: NamedProgram = None,
    form: Annotated[
        _Outward,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="curricular-analytics (CSV), json-ld (schema.org) or ics (iCalendar).",
            show_default=False,
        ),
    ] = ...,  # type: ignore[assignment]  # typer's word for an option that must be given
    track: Annotated[
        str | None, typer.Option("--track", metavar="ID", help="The track, by id or name.")
    ] = None,
    student: Annotated[
        Path | None,
        typer.Option(
            "--student", metavar="FILE", help="A student file: the plan in place of the programme."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The file to write; else it is printed."),
    ] = None,
    force: Force = False,
    year: CatalogYear = None,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    seconds: Seconds = 30.0,
    seed: Seed = 0,
) -> None:
    """Write a programme, or a plan for it, as a file that other programs read.

    What the format cannot hold is listed on stderr, with counts and examples.
    """
    with guarded("export", as_json=as_json):
        from prospectus.app.document import envelope
        from prospectus.app.exporting import ExportFormat, export_program
        from prospectus.app.files import refuse_existing, write_whole
        from prospectus.app.solving import Effort
        from prospectus.cli.exchange_view import tell_losses, write_text
        from prospectus.cli.terminal import tell, write_line

        asked = needed_program(program, named)
        if out is not None and not force:
            refuse_existing(out)
        answer = export_program(
            asked,
            ExportFormat(form.value),
            track=track,
            year=year,
            student=student,
            today=day_of(today),
            catalogs=paths_of(catalog),
            effort=Effort(seconds=seconds, seed=seed),
        )
        if out is not None:
            write_whole(out, answer.text, force=force)
        for warning in answer.warnings:
            tell(str(warning), quiet=quiet)
        tell_losses(answer.dropped, "left out or changed", quiet=quiet)
        if as_json:
            write_line(envelope("export", answer, seed=seed, warnings=answer.warnings))
        elif out is None:
            write_text(answer.text)
        if out is not None:
            tell(f"wrote {out}", quiet=quiet)


@app.command(
    "import",
    epilog="Example: prospectus import curriculum.csv --format curricular-analytics --out mine",
)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The file to read.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder to make; it must not exist.")
    ],
    form: Annotated[
        _Inward,
        typer.Option("--format", metavar="FORMAT", help="curricular-analytics (CSV)."),
    ] = _Inward.CURRICULAR_ANALYTICS,
    today: Today = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the catalog folder of a foreign file: what the file does not say stays unknown.

    The folder holds a programme that is `partial`: it can be shown and checked, not planned. What
    was not taken over is listed on stderr.
    """
    del form
    with guarded("import", as_json=as_json):
        from prospectus.app.document import envelope
        from prospectus.app.importing import import_curriculum
        from prospectus.cli.exchange_view import tell_losses
        from prospectus.cli.terminal import tell, write_line

        answer = import_curriculum(file, out, today=day_of(today))
        tell_losses(answer.dropped, "not taken over", quiet=quiet)
        if as_json:
            write_line(envelope("import", answer))
        tell(f"wrote {out}; next: prospectus check {out}", quiet=quiet)
