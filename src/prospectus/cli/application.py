"""The application that commands belong to, and what its exit codes mean."""

from __future__ import annotations

import typer
from typer.core import TyperGroup

NO = 1
BAD_DATA = 3
LIMIT = 4

_IN_HELP = ("init", "compare", "plan", "verify", "audit", "programs", "show", "facts", "diff")


class _InOrder(TyperGroup):
    """Commands in the order in which a person meets them; the others behind, as they came."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        known = super().list_commands(ctx)
        first = [name for name in _IN_HELP if name in known]
        return first + [name for name in known if name not in first]


app = typer.Typer(
    name="prospectus",
    cls=_InOrder,
    help="Online master's degrees as rules that can be computed with: compare, plan, read.",
    no_args_is_help=True,
    add_completion=False,
    # Rich help and rich tracebacks cost a third of the time that `--help` may take.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
