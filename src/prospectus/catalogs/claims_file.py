"""claims.yaml: the register of claims, read apart from the catalog, which does not need it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from prospectus.catalogs.blocks import SourceBlock, Strict, Text, Words
from prospectus.catalogs.field_faults import field_faults
from prospectus.catalogs.listing import bundled_root
from prospectus.catalogs.nearest import nearest
from prospectus.catalogs.yaml_document import Document
from prospectus.catalogs.yaml_reader import read_yaml
from prospectus.domain.claim import (
    Bearing,
    Claim,
    ClaimStatus,
    Evidence,
    FigureKind,
    Register,
    Search,
)
from prospectus.domain.errors import CatalogError, Fault
from prospectus.domain.facts import Source


class SearchBlock(Strict):
    """When and where the named report was looked for."""

    day: dt.date
    where: Text
    found: bool
    note: Text = ""


class EvidenceBlock(Strict):
    """What a publication says that bears on the claim."""

    text: Text
    bearing: Literal["for", "against", "beside"]
    source: Words


class ClaimBlock(Strict):
    """A claim with its origin, its status and the reason of that status."""

    statement: Text
    said_by: Text
    attributed_to: Text = ""
    report: Text = ""
    search: SearchBlock
    status: Literal["unverified", "supported", "contradicted", "computed"]
    why: Text
    figure: (
        Literal["programming", "electives", "delivery", "experience", "months", "hard-courses"]
        | None
    ) = None
    evidence: list[EvidenceBlock] = []


class ClaimsFile(Strict):
    """The register."""

    format: Literal[1]
    kind: Literal["claims"]
    sources: dict[str, SourceBlock] = {}
    claims: dict[str, ClaimBlock]


def load_claims(path: Path | None = None) -> Register:
    """Return the register of a file; the bundled one when there is none.

    Raises
    ------
    CatalogError
        With everything that is wrong with the file.
    """
    bundled = bundled_root() / "claims.yaml"
    document = read_yaml(path or bundled, shown_as="data/claims.yaml" if path is None else None)
    try:
        fields = ClaimsFile.model_validate(document.data)
    except ValidationError as error:
        raise CatalogError(faults=tuple(field_faults(error, document, ClaimsFile))) from None
    faults = tuple(_faults(fields, document))
    if faults:
        raise CatalogError(faults=faults)
    return Register(
        claims=tuple(_claim(id_, claim, document) for id_, claim in fields.claims.items()),
        sources=tuple(
            Source(id=id_, title=source.title, address=source.address, read=source.read)
            for id_, source in fields.sources.items()
        ),
    )


def _claim(id_: str, claim: ClaimBlock, document: Document) -> Claim:
    return Claim(
        id=id_,
        statement=claim.statement,
        said_by=claim.said_by,
        attributed_to=claim.attributed_to,
        report=claim.report,
        search=Search(
            day=claim.search.day,
            where=claim.search.where,
            found=claim.search.found,
            note=claim.search.note,
        ),
        status=ClaimStatus(claim.status),
        why=claim.why,
        figure=None if claim.figure is None else FigureKind(claim.figure),
        evidence=tuple(
            Evidence(text=one.text, bearing=Bearing(one.bearing), sources=tuple(one.source))
            for one in claim.evidence
        ),
        at=document.place(("claims", id_)),
    )


def _faults(fields: ClaimsFile, document: Document) -> Iterator[Fault]:
    """Yield statuses that nothing bears out, and sources that are not there or never read."""
    named: set[str] = set()
    for id_, claim in fields.claims.items():
        at = document.place(("claims", id_, "status"))
        if (claim.status == "computed") != (claim.figure is not None):
            yield Fault(
                code="CAT-057",
                what=f"{id_} is {claim.status} and names "
                + ("no figure" if claim.figure is None else f"the figure '{claim.figure}'"),
                at=at,
                fix="`figure:` and `status: computed` stand together, or neither does",
            )
        for status, bearing in (("supported", "for"), ("contradicted", "against")):
            if claim.status == status and all(one.bearing != bearing for one in claim.evidence):
                yield Fault(
                    code="CAT-057",
                    what=f"{id_} is {status}, and no evidence speaks {bearing} it",
                    at=at,
                    fix=f"give evidence with `bearing: {bearing}`, or write `status: unverified`",
                )
        for place, one in enumerate(claim.evidence):
            named.update(one.source)
            for name in one.source:
                if name not in fields.sources:
                    yield Fault(
                        code="CAT-040",
                        what=f"the evidence names the source '{name}', which the file does not "
                        "have" + nearest(name, set(fields.sources)),
                        at=document.place(("claims", id_, "evidence", place, "source")),
                        fix="add it under `sources:`, or correct the id",
                    )
    for id_, source in fields.sources.items():
        at = document.place(("sources", id_))
        if not source.address or source.read is None:
            yield Fault(
                code="CAT-057",
                what=f"the source '{id_}' has no address or no day on which it was read",
                at=at,
                fix="give `address:` and `read:`; what nobody can open is no evidence",
            )
        if id_ not in named:
            yield Fault(
                code="CAT-057",
                what=f"no evidence names the source '{id_}'",
                at=at,
                fix="name it where it speaks, or remove it",
            )
