"""The page of a kept record: its audit, what is supposed of it, an upload that is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from prospectus.app.record_what_if import Supposed

RECORDS = Path(__file__).parents[3] / "examples" / "records"


@pytest.fixture
def robin(application: FastAPI) -> str:
    """The id of a record under way."""
    kept = application.state.workspace.records.add(
        name="Robin",
        file_name="robin.yaml",
        kind="yaml",
        content=(RECORDS / "omscs-robin-sample.yaml").read_bytes(),
        program="",
        student_id=None,
    )
    return str(kept.id)


def test_several_suppositions_are_shown_again_as_they_were_chosen(
    client: TestClient, robin: str
) -> None:
    asked = {
        "course": "CS 7643, CS 6515",
        "grade": "A",
        "choice": "specialization=ai",
        "again": "CS 7641",
        "instead": "A",
    }
    page = client.get(f"/records/{robin}", params=asked)
    assert page.status_code == 200
    assert "CS 7643 taken with A" in page.text
    assert "CS 6515 taken with A" in page.text
    assert 'name="course" class="short" list="courses" value="CS 7643, CS 6515"' in page.text
    assert 'value="specialization=ai" selected' in page.text
    assert "As it is, supposing nothing" in page.text
    plain = client.get(f"/records/{robin}").text
    assert "As it is, supposing nothing" not in plain
    assert '<option value="CS 7641">Machine Learning</option>' in plain


def test_another_programme_stays_chosen(client: TestClient, robin: str) -> None:
    page = client.get(f"/records/{robin}", params={"under": "gatech-omsa"})
    assert page.status_code == 200
    assert '<option value="gatech-omsa" selected>' in page.text


def test_a_list_of_texts_may_stand_in_one() -> None:
    said = Supposed(more=("add=CS 7641; year=2025-26",), courses="CS 6515,", choices=("", "a=b"))
    assert said.texts == ("add=CS 7641", "year=2025-26", "add=CS 6515", "a=b")
    assert Supposed().texts == ()


def test_a_file_that_is_refused_leaves_the_form_with_its_programme(client: TestClient) -> None:
    client.get("/")
    token = client.cookies["prospectus_token"]
    answer = client.post(
        "/records",
        files={"file": ("me.csv", b"course,grade\nCS 99999,Z\n")},
        data={"token": token, "program": "gatech-omscs"},
    )
    assert 400 <= answer.status_code < 500
    assert "CS 99999" in answer.text
    assert '<option value="gatech-omscs" selected>' in answer.text
    assert 'type="file"' in answer.text
