"""A verified certificate on a terminal of 80 columns."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from prospectus.app.verifying import VerifiedClaim, VerifiedLevel, VerifyAnswer
from prospectus.app.words import count
from prospectus.cli.terminal import print_table, say
from prospectus.compare.row import variant_words
from prospectus.planning.result import PlanStatus


def print_verified(answer: VerifyAnswer, console: Console) -> None:
    """Print each claim with its levels, then what the whole comes to."""
    say(console, f"{answer.program} {answer.catalog_year}, claimed on {answer.today}", style="bold")
    say(console, f"Made by {answer.made_by}")
    if not answer.is_same_catalog:
        say(console, "The catalog at hand is not the one it was made from.", style="bold")
    for claim in answer.claims:
        _print_claim(claim, console)
    say(console, "")
    if answer.is_wrong:
        say(console, "False: the certificate claims what does not hold.", style="bold")
    elif answer.is_confirmed:
        say(console, "Confirmed: every claim holds, by a second formulation.", style="bold")
    else:
        say(console, "Nothing is false, but not everything is confirmed.", style="bold")
    say(console, "Plans judged by the definition of the rules; bounds by HiGHS", style="dim")
    say(console, "The day and the maker are as the file says; they are not checked.", style="dim")


def _print_claim(claim: VerifiedClaim, console: Console) -> None:
    parts = (claim.track, variant_words(claim.readings))
    heading = "".join(f"{part}: " for part in parts if part)
    if claim.status is PlanStatus.INFEASIBLE:
        claimed = "claimed that no plan exists"
    elif claim.status is PlanStatus.UNKNOWN:
        claimed = "nothing claimed"
    else:
        best = ", called the best" if claim.status is PlanStatus.OPTIMAL else ""
        claimed = f"a plan of {count(claim.n_courses, 'course')}{best}"
    say(console, f"\n{heading}{claimed}", style="bold")
    if claim.levels:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for name in ("Level", "Claimed", "The plan has it", "Nothing better", "s"):
            table.add_column(name)
        for level in claim.levels:
            table.add_row(
                level.level,
                level.claimed,
                "yes" if level.is_true else "NO",
                _proof(level),
                f"{level.seconds:.2f}",
            )
        print_table(table, console)
    elif claim.is_confirmed and claim.status is PlanStatus.INFEASIBLE:
        say(console, "Confirmed: none exists.", 2)
    for text in claim.wrong:
        say(console, f"False: {text}", 2)
    for text in claim.open:
        say(console, f"Not confirmed: {text}", 2)


def _proof(level: VerifiedLevel) -> str:
    return "confirmed" if level.is_confirmed else "not confirmed"
