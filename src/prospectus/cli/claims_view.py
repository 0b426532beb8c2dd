"""Claims and the figures beside them on a terminal."""

from __future__ import annotations

from rich.console import Console

from prospectus.app.claim_answers import ClaimAnswer, ClaimsAnswer, Figure
from prospectus.app.claims_page import (
    BEARING_WORDS,
    basis_words,
    few_words,
    found_words,
    headline,
    left_out_words,
    part_words,
)
from prospectus.app.words import listed
from prospectus.cli.terminal import say
from prospectus.domain.facts import Source


def print_claims(answer: ClaimsAnswer, console: Console) -> None:
    """Print every claim with its status, and in one line what was computed."""
    for one in answer.claims:
        say(console, f"{one.claim.id}  [{one.claim.status.value}]", style="bold")
        by = f" ({one.claim.attributed_to})" if one.claim.attributed_to else ""
        say(console, one.claim.statement + by, 2)
        if one.figure is not None:
            say(console, headline(one.figure), 4)
        elif one.command:
            say(console, f"not solved yet: {one.command}", 4)
    say(console, f"\n{_basis(answer)}", style="dim")
    say(console, "One claim in full, its evidence and figure: prospectus claims ID", style="dim")


def print_claim(answer: ClaimsAnswer, console: Console) -> None:
    """Print one claim in full."""
    (one,) = answer.claims
    claim = one.claim
    say(console, claim.statement, style="bold")
    say(console, f"said by  {claim.said_by}", 2)
    if claim.attributed_to:
        named = claim.report or "no report is named"
        say(console, f"after    {claim.attributed_to}; {named}", 2)
    say(console, f"found    {found_words(claim)}", 2)
    say(console, f"status   {claim.status.value}. {claim.why}", 2)
    say(console, f"at       {claim.at}", 2)
    sources = {source.id: source for source in answer.sources}
    if claim.evidence:
        say(console, "\nEvidence", style="bold")
    for piece in claim.evidence:
        say(console, f"- {BEARING_WORDS[piece.bearing]}: {piece.text}", 2)
        for name in piece.sources:
            say(console, _source(sources[name]), 4, style="dim")
    if one.figure is not None:
        _print_figure(one, one.figure, answer, console)


def _print_figure(one: ClaimAnswer, figure: Figure, answer: ClaimsAnswer, console: Console) -> None:
    say(console, f"\nComputed{few_words(figure)}", style="bold")
    for part in figure.parts:
        say(console, f"- {part.label}: {part_words(part)}", 2)
    say(console, "\nWhat is counted", style="bold")
    say(console, figure.definition, 2)
    if figure.cases:
        say(console, "\nProgramme by programme", style="bold")
    for case in figure.cases:
        say(console, f"{case.program} ({case.catalog_year})", 2)
        say(console, case.text, 4)
    if figure.left_out:
        say(console, "\nLeft out", style="bold")
        say(console, f"{left_out_words(figure)}.", 2)
    say(console, f"\n{_basis(answer)} Again: {one.command}", style="dim")


def _basis(answer: ClaimsAnswer) -> str:
    return f"Computed on {answer.today.isoformat()} {basis_words(answer)}"


def _source(source: Source) -> str:
    read = "" if source.read is None else f", read {source.read.isoformat()}"
    return listed([f"{source.title}{read}", source.address], "at")
