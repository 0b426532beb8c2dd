"""The command about the register of claims."""

from __future__ import annotations

from typing import Annotated

import typer

from prospectus.cli.application import app
from prospectus.cli.guard import guarded
from prospectus.cli.options import AsJson, Catalogs, Seconds, Seed, Today, day_of, paths_of


@app.command(epilog="Example: prospectus claims hybrid-delivery")
def claims(
    claim: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="One claim, in full.", show_default=False),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the page docs/claims.md, everything solved.")
    ] = False,
    today: Today = None,
    catalog: Catalogs = None,
    as_json: AsJson = False,
    seconds: Seconds = 30.0,
    seed: Seed = 0,
) -> None:
    """Say what is claimed of such degrees, who says it, and what the catalog's rules say to it.

    The list solves nothing: figures that need plans are there once they were asked for by ID.
    """
    with guarded("claims", as_json=as_json):
        from prospectus.app.claims import show_claims
        from prospectus.app.solving import Effort

        answer = show_claims(
            claim,
            today=day_of(today),
            catalogs=paths_of(catalog),
            effort=Effort(seconds=seconds, seed=seed),
            may_solve=markdown or claim is not None,
        )
        if as_json:
            from prospectus.app.document import envelope
            from prospectus.cli.terminal import write_line

            write_line(envelope("claims", answer, seed=seed))
        elif markdown:
            from prospectus.app.claims_page import page
            from prospectus.cli.terminal import write_line

            write_line(page(answer).rstrip("\n"))
        else:
            from prospectus.cli.claims_view import print_claim, print_claims
            from prospectus.cli.terminal import answer_console

            shown = print_claims if claim is None else print_claim
            shown(answer, answer_console())
