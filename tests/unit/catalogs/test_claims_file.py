"""The register of claims is read to its end, and what it says has something behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from prospectus.catalogs.claims_file import load_claims
from prospectus.domain.claim import Bearing, ClaimStatus, FigureKind
from prospectus.domain.errors import CatalogError, Fault

REGISTER = """\
format: 1
kind: claims
sources:
  S1: {title: A survey, address: "https://survey.example", read: 2026-11-22}
claims:
  sunny:
    statement: Nine of ten programmes are sunny.
    said_by: an advice page
    attributed_to: Office of Weather
    report: Sun and Study
    search: {day: 2026-11-22, where: public web pages, found: no}
    status: contradicted
    why: The survey counted.
    evidence:
      - {text: Four of ten are., bearing: against, source: S1}
  hybrid:
    statement: All programmes are hybrid.
    said_by: an advice page
    search: {day: 2026-11-22, where: public web pages, found: no}
    status: computed
    why: It is a fact of the catalog.
    figure: delivery
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the small register with some texts replaced."""

    def apply(*changes: tuple[str, str]) -> Path:
        text = REGISTER
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "claims.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return apply


def faults(path: Path) -> list[Fault]:
    with pytest.raises(CatalogError) as caught:
        load_claims(path)
    return list(caught.value.faults)


def test_a_claim_keeps_who_says_it_and_whether_the_report_was_found(write: Write):
    register = load_claims(write())
    sunny, hybrid = register.claims
    assert (sunny.attributed_to, sunny.report) == ("Office of Weather", "Sun and Study")
    assert not sunny.search.found
    assert sunny.search.day.isoformat() == "2026-11-22"
    assert sunny.status is ClaimStatus.CONTRADICTED
    assert sunny.evidence[0].bearing is Bearing.AGAINST
    assert register.source("S1").address == "https://survey.example"
    assert hybrid.figure is FigureKind.DELIVERY
    assert (sunny.at.line, sunny.at.field) == (6, "claims.sunny")


def test_computed_without_a_figure_is_a_fault_on_its_line(write: Write):
    (fault,) = faults(write(("    figure: delivery\n", "")))
    assert fault.code == "CAT-057"
    assert "names no figure" in fault.what
    assert (fault.at.line, fault.at.field) == (20, "claims.hybrid.status")


def test_a_figure_beside_another_status_is_a_fault(write: Write):
    (fault,) = faults(write(("status: computed", "status: unverified")))
    assert (fault.code, "the figure 'delivery'" in fault.what) == ("CAT-057", True)


def test_contradicted_needs_evidence_against_it(write: Write):
    (fault,) = faults(write(("bearing: against", "bearing: beside")))
    assert (fault.code, "speaks against it" in fault.what) == ("CAT-057", True)


def test_supported_needs_evidence_for_it(write: Write):
    (fault,) = faults(write(("status: contradicted", "status: supported")))
    assert (fault.code, "speaks for it" in fault.what) == ("CAT-057", True)


def test_a_source_that_is_not_there_is_named_with_the_nearest(write: Write):
    first, second = faults(write(("source: S1", "source: S11")))
    assert first.code == "CAT-040"
    assert "did you mean 'S1'?" in first.what
    assert "no evidence names the source 'S1'" in second.what


def test_a_source_that_nobody_can_open_is_a_fault(write: Write):
    (fault,) = faults(write((', address: "https://survey.example"', "")))
    assert (fault.code, "no address" in fault.what) == ("CAT-057", True)


def test_all_faults_of_fields_come_at_once(write: Write):
    found = faults(
        write(
            ("bearing: against", "bearing: sideways"),
            ("figure: delivery", "figure: weather"),
            ("said_by: an advice page\n    attributed_to", "said: a page\n    attributed_to"),
        )
    )
    assert {fault.code for fault in found} == {"CAT-021", "CAT-023"}
    assert len(found) >= 3
    assert all(fault.at.line is not None for fault in found)


def test_a_claim_of_one_id_stands_once(write: Write):
    assert [fault.code for fault in faults(write(("  hybrid:\n", "  sunny:\n")))] == ["CAT-009"]


def test_the_bundled_register_says_of_no_report_that_it_was_found():
    register = load_claims()
    assert len(register.claims) >= 10
    assert all(claim.attributed_to for claim in register.claims)
    assert [claim.id for claim in register.claims if claim.search.found] == []
    assert {claim.figure for claim in register.claims if claim.figure} == set(FigureKind)


def test_the_bundled_register_calls_nothing_true_or_false_without_evidence():
    for claim in load_claims().claims:
        if claim.status in (ClaimStatus.SUPPORTED, ClaimStatus.CONTRADICTED):
            assert any(one.bearing is not Bearing.BESIDE for one in claim.evidence)
