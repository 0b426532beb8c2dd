"""The commands that keep what the web application stores safe: backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from prospectus.cli.application import app
from prospectus.cli.guard import guarded
from prospectus.cli.options import AsJson, Quiet

_DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="PATH",
        help="The database [default: PROSPECTUS_DATABASE, else your own].",
        show_default=False,
    ),
]


@app.command(epilog="Example: prospectus backup prospectus-2026-11-22.db")
def backup(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The backup to write.", show_default=False),
    ],
    database: _DatabaseOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write all that the web application keeps to one file, also while it is in use.

    A file of that name is replaced only if it is an older backup.
    """
    with guarded("backup", as_json=as_json):
        from prospectus.app.document import envelope
        from prospectus.app.workspace import back_up_workspace
        from prospectus.cli.terminal import tell, write_line

        made = back_up_workspace(file, where=database)
        if as_json:
            write_line(envelope("backup", made))
        tell(f"wrote {made.file}: {made.holdings}", quiet=quiet)


@app.command(epilog="Example: prospectus restore prospectus-2026-11-22.db")
def restore(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="What `backup` wrote.", show_default=False),
    ],
    database: _DatabaseOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Put a backup in the place of what the web application keeps, also while it is in use.

    What was there is kept beside it, under a name that ends in `.before-restore`.
    """
    with guarded("restore", as_json=as_json):
        from prospectus.app.document import envelope
        from prospectus.app.workspace import restore_workspace
        from prospectus.cli.terminal import tell, write_line

        back = restore_workspace(file, where=database)
        if as_json:
            write_line(envelope("restore", back))
        tell(f"restored {back.database}: {back.holdings}", quiet=quiet)
        if back.kept is not None:
            tell(f"what was there is kept as {back.kept}", quiet=quiet)
