"""The register of claims: what is said of such degrees, and what the catalog says to it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from prospectus.app.claim_answers import ClaimAnswer, ClaimsAnswer, Figure
from prospectus.app.claim_figures import counted, figure
from prospectus.app.claim_planner import NotKept, Planner
from prospectus.app.library import open_library
from prospectus.app.nearest import nearest
from prospectus.app.solving import DEFAULT_EFFORT, Effort
from prospectus.catalogs.claims_file import load_claims
from prospectus.catalogs.digest import digest_of_data
from prospectus.catalogs.listing import bundled_root
from prospectus.domain.claim import Claim, Register
from prospectus.domain.errors import UsageError
from prospectus.store.cache import Cache

_N_DIGITS = 12


def show_claims(
    claim_id: str | None = None,
    *,
    today: dt.date,
    catalogs: tuple[Path, ...] = (),
    effort: Effort = DEFAULT_EFFORT,
    may_solve: bool = True,
    register: Path | None = None,
    kept: Cache | None = None,
) -> ClaimsAnswer:
    """Return one claim or all, each with its figure over the complete programmes.

    Parameters
    ----------
    claim_id
        The claim; all when None.
    today
        The day on which it is asked: plans begin with the next period.
    catalogs
        Extra catalog folders beside the bundled one.
    effort
        Seconds for each plan, seed, workers of the solver.
    may_solve
        Whether plans may be solved; else a figure that needs a new one is None.
    register
        Another register than the bundled one.
    kept
        Where plans are kept; the person's own cache when None.

    Raises
    ------
    ProspectusError
        For a register or catalog that cannot be read, or an unknown claim (USE-012).
    """
    found = load_claims(register)
    claims = found.claims if claim_id is None else (_claim(found, claim_id),)
    library = open_library(catalogs, kept=kept)
    planner = Planner(
        library=library,
        today=today,
        effort=effort,
        may_solve=may_solve,
        kept=kept if kept is not None else Cache.default(),
    )
    programs, absent = counted(library)
    named = {name for claim in claims for one in claim.evidence for name in one.sources}
    return ClaimsAnswer(
        claims=tuple(
            ClaimAnswer(
                claim=claim,
                figure=_figure(claim, planner),
                command="" if claim.figure is None else f"prospectus claims {claim.id}",
            )
            for claim in claims
        ),
        sources=tuple(source for source in found.sources if source.id in named),
        today=today,
        digest=data_digest(catalogs),
        n_programs=len(programs) + len(absent),
        n_complete=len(programs),
    )


def data_digest(catalogs: tuple[Path, ...] = ()) -> str:
    """Return how the SHA-256 of the data begins: of the bundled files, and of extra folders."""
    root = bundled_root()
    return (digest_of_data((root, root / "topics.yaml", *catalogs)) or "unknown")[:_N_DIGITS]


def _claim(register: Register, claim_id: str) -> Claim:
    for claim in register.claims:
        if claim.id == claim_id:
            return claim
    ids = tuple(claim.id for claim in register.claims)
    raise UsageError(
        "USE-012",
        what=f"there is no claim '{claim_id}'",
        fix=nearest(claim_id, ids, "see `prospectus claims`"),
    )


def _figure(claim: Claim, planner: Planner) -> Figure | None:
    if claim.figure is None:
        return None
    try:
        return figure(claim.figure, planner)
    except NotKept:
        return None
