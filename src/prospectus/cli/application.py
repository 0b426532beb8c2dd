"""The application that commands belong to, and what its exit codes mean."""

from __future__ import annotations

import typer

NO = 1
BAD_DATA = 3
LIMIT = 4

app = typer.Typer(
    name="prospectus",
    help="Online master's degrees as rules that can be computed with: compare, plan, read.",
    no_args_is_help=True,
    add_completion=False,
    # Rich help and rich tracebacks cost a third of the time that `--help` may take.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
