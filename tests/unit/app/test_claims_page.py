"""docs/claims.md is what the register and the catalog give."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from prospectus.app.claim_answers import ClaimsAnswer
from prospectus.app.claims import show_claims
from prospectus.app.claims_page import claim_text, page, part_words
from prospectus.domain.claim import FigureKind

DOCS = Path(__file__).parents[3] / "docs"
TODAY = dt.date(2026, 11, 22)
AGAIN = "run `make claims`: docs/claims.md is not what the register gives"


@pytest.fixture(scope="module")
def answer() -> ClaimsAnswer:
    """The register with the figures that need no plan."""
    return show_claims(today=TODAY, may_solve=False)


@pytest.fixture(scope="module")
def text() -> str:
    """The page as it is committed."""
    return (DOCS / "claims.md").read_text(encoding="utf-8")


def test_the_page_says_what_the_register_says(answer: ClaimsAnswer, text: str):
    sources = {source.id: source for source in answer.sources}
    for one in answer.claims:
        assert f"{claim_text(one.claim, sources)}\n" in text, AGAIN
    assert text.startswith(page(answer).split("Computed on")[0]), AGAIN
    assert text.count("\n## ") == len(answer.claims), AGAIN


def test_a_figure_of_the_page_is_what_the_catalog_gives(answer: ClaimsAnswer, text: str):
    (found,) = (
        one.figure
        for one in answer.claims
        if one.figure is not None and one.figure.kind is FigureKind.DELIVERY
    )
    for part in found.parts:
        assert f"| {part.label} | {part_words(part)} |" in text, AGAIN


def test_every_computed_claim_of_the_page_has_its_figure(answer: ClaimsAnswer, text: str):
    for one in answer.claims:
        assert (f"**Computed** by `prospectus claims {one.claim.id}`" in text) == (
            one.claim.figure is not None
        ), AGAIN


def test_the_page_names_day_number_of_programmes_and_digest(text: str):
    assert "\nComputed on 20" in text
    assert "complete programmes of the" in text
    assert "(digest " in text
