"""`prospectus audit --batch`: a whole table of students."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from prospectus.cli.guard import INTERRUPTED
from prospectus.cli.options import Catalogs, Today, day_of, paths_of
from prospectus.domain.errors import UsageError


def check_call(program: str | None, of_one: Mapping[str, object]) -> str:
    """Return the programme of a batch.

    Parameters
    ----------
    program
        The programme named, if one is.
    of_one
        What the call gives that belongs to the audit of one record, by its spelling.

    Raises
    ------
    UsageError
        USE-010 for what belongs to the audit of one record, USE-002 without a programme.
    """
    given = [name for name, value in of_one.items() if value]
    if given:
        raise UsageError(
            "USE-010",
            what=f"--batch audits a whole table, and {given[0]} belongs to one record",
            fix=f"leave out --batch or {given[0]}",
        )
    if program is None:
        raise UsageError(
            "USE-002",
            what="no programme is named for the batch",
            fix="add --program ID; `prospectus programs` lists them",
        )
    return program


def run_batch(
    table: Path,
    program: str,
    out: Path | None,
    *,
    choose: Sequence[str],
    year: str | None,
    workers: int | None,
    today: Today,
    catalog: Catalogs,
    as_json: bool,
    quiet: bool,
    steps: int,
) -> None:
    """Audit a table and print what was done.

    Raises
    ------
    typer.Exit
        When it is stopped from outside; what is done is kept for the same call.
    """
    from prospectus.app.audit_batch import BatchSummary, audit_batch
    from prospectus.app.audit_what_if import parse_choices
    from prospectus.app.document import envelope
    from prospectus.cli.audit_batch_view import fault_lines, summary_lines, told
    from prospectus.cli.terminal import progress_bar, tell, write_line

    with progress_bar("auditing", quiet=quiet or as_json) as bar:

        def moved(share: float, done: BatchSummary) -> None:
            # the bar counts students: those done, and as many as there will be at this rate
            bar(done.n_students, max(done.n_students, round(done.n_students / max(share, 1e-6))))

        try:
            done = audit_batch(
                table,
                program,
                out or table.with_name(f"{table.stem}-audited{table.suffix or '.csv'}"),
                today=day_of(today),
                year=year,
                choices=parse_choices(choose),
                catalogs=paths_of(catalog),
                workers=workers,
                steps=steps,
                on_progress=moved,
            )
        except KeyboardInterrupt:
            tell("stopped; the same call goes on where it was", quiet=quiet)
            raise typer.Exit(INTERRUPTED) from None
    for line in fault_lines(done):
        tell(line, quiet=quiet)
    if as_json:
        write_line(envelope("audit-batch", told(done)))
    else:
        for line in summary_lines(done):
            write_line(line)
