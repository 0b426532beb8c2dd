"""`prospectus claims`: the list, one claim, JSON, the page."""

from __future__ import annotations

import json

import pytest

from prospectus.cli.main import main

DAY = ["--today", "2026-11-22"]


def test_the_list_has_every_claim_with_its_status(capsys: pytest.CaptureFixture[str]):
    assert main(["claims", *DAY]) == 0
    shown = capsys.readouterr().out
    assert "hybrid-delivery  [computed]" in shown
    assert "applied-tracks  [unverified]" in shown
    assert "complete programmes of" in shown
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_one_claim_comes_with_evidence_definition_and_the_programmes_left_out(
    capsys: pytest.CaptureFixture[str],
):
    assert main(["claims", "hybrid-delivery", *DAY]) == 0
    shown = capsys.readouterr().out
    for words in ("searched on 2026-11-22", "Evidence", "https://", "What is counted", "Left out"):
        assert words in shown
    assert "data/claims.yaml:" in shown


def test_a_claim_that_is_not_computed_shows_no_figure(capsys: pytest.CaptureFixture[str]):
    assert main(["claims", "applied-tracks", *DAY]) == 0
    assert "What is counted" not in capsys.readouterr().out


def test_an_unknown_claim_names_the_nearest(capsys: pytest.CaptureFixture[str]):
    assert main(["claims", "hybrid-delivry", *DAY]) == 2
    told = capsys.readouterr().err
    assert "USE-012" in told
    assert "did you mean hybrid-delivery?" in told


def test_json_has_the_figure_with_numerator_and_denominator(capsys: pytest.CaptureFixture[str]):
    assert main(["claims", "hybrid-delivery", "--json", *DAY]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "prospectus.claims"
    (one,) = document["result"]["claims"]
    hybrid = one["figure"]["parts"][0]
    assert hybrid["label"] == "hybrid"
    assert 0 <= hybrid["n"] <= hybrid["of"] == len(one["figure"]["cases"])
    assert one["claim"]["search"]["found"] is False
    assert document["result"]["digest"]
