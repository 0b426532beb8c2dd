"""docs/claims.md is what the register and the catalog give."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from prospectus.app import claim_experience, claim_months
from prospectus.app.claim_answers import ClaimsAnswer
from prospectus.app.claim_experience import stated_parts
from prospectus.app.claim_figures import counted
from prospectus.app.claims import data_digest, show_claims
from prospectus.app.claims_page import (
    basis_words,
    claim_text,
    figure_blocks,
    headline,
    page,
    part_words,
)
from prospectus.app.library import open_library
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


@pytest.mark.parametrize(
    "kind",
    [
        FigureKind.PROGRAMMING,
        FigureKind.ELECTIVES,
        FigureKind.DELIVERY,
        FigureKind.HARD_COURSES,
    ],
)
def test_a_figure_that_needs_no_plan_is_what_the_catalog_gives(
    kind: FigureKind, answer: ClaimsAnswer, text: str
):
    (found,) = (one for one in answer.claims if one.figure is not None and one.figure.kind is kind)
    for block in figure_blocks(found):
        assert f"{block}\n" in text, AGAIN
    assert found.figure is not None
    assert headline(found.figure) in text, AGAIN


def test_what_the_catalog_says_of_practical_work_is_what_the_page_says(text: str):
    programs, _ = counted(open_library())
    for part in stated_parts(programs):
        assert f"| {part.label} | {part_words(part)} |" in text, AGAIN


def test_the_page_defines_the_figures_that_are_solved_for(text: str):
    for definition in (claim_experience.DEFINITION, claim_months.DEFINITION):
        assert f"*What is counted.* {definition}\n" in text, AGAIN


def test_every_computed_claim_of_the_page_has_its_figure(answer: ClaimsAnswer, text: str):
    for one in answer.claims:
        assert (f"**Computed** by `prospectus claims {one.claim.id}`" in text) == (
            one.claim.figure is not None
        ), AGAIN


def test_the_page_rests_on_the_files_as_they_are(answer: ClaimsAnswer, text: str):
    """The digest on the page is of the data alone."""
    assert f"(digest {data_digest()})" in text, AGAIN
    assert f" {basis_words(answer)}\n" in text, AGAIN
    assert "\nComputed on 20" in text
