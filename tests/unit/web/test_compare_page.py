"""The comparison's page: asked once, shown as it is found, sorted and filtered by its address."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sample_answers import comparison
from sample_rows import figures, impossible, row

from prospectus.app.answers import Beginning, CompareAnswer
from prospectus.app.document import to_json
from prospectus.app.workspace import Job, JobState, KeptStudent, Workspace
from prospectus.compare.cells import cells
from prospectus.compare.row import Admissible
from prospectus.domain.errors import Fault

ME = """format: 1
name: Maria
plan_from: 2027-01-04
hours_per_week: 12
money: {per_year: EUR 5250}
"""


@pytest.fixture
def client(browsing: Callable[[], TestClient]) -> TestClient:
    """A browser that has visited; nothing does jobs but the tests."""
    made = browsing()
    made.get("/")
    return made


@pytest.fixture
def maria(workspace: Workspace) -> KeptStudent:
    """A person who has said something."""
    return workspace.students.add("Maria", ME)


def sent(client: TestClient, address: str, **fields: str) -> None:
    """Send a form as a page of ours does."""
    token = client.cookies["prospectus_token"]
    answer = client.post(address, data={"token": token, **fields})
    assert answer.status_code == 303


def answered(workspace: Workspace, answer: CompareAnswer) -> Job:
    """Do the job that waits."""
    job = workspace.jobs.claim("test")
    assert job is not None
    return workspace.jobs.finish(job.id, "test", json.dumps(to_json(answer)))


def order_in(text: str) -> list[str]:
    """Return the ids of the programmes of the page, in the order of its rows."""
    return re.findall(r'<th scope="row"><a href="/programmes/([^"]+)"', text)


def test_a_first_visit_asks_and_a_second_asks_nothing_more(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    page = client.get(f"/compare/{maria.id}")
    assert page.status_code == 200
    assert "<noscript><meta http-equiv=" in page.text
    assert "Waiting for its turn" in page.text
    client.get(f"/compare/{maria.id}")
    (job,) = workspace.jobs.recent()
    assert f'data-events="/jobs/{job.id}/events"' in page.text
    answered(workspace, comparison())
    found = client.get(f"/compare/{maria.id}").text
    assert "Side by side" in found
    assert "http-equiv" not in found
    assert len(workspace.jobs.recent()) == 1


def test_a_changed_document_is_another_question(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    client.get(f"/compare/{maria.id}")
    answered(workspace, comparison())
    workspace.students.replace(
        maria.id, name="Maria", text=ME.replace("week: 12", "week: 20"), version=maria.version
    )
    assert "Waiting for its turn" in client.get(f"/compare/{maria.id}").text
    assert len(workspace.jobs.recent()) == 2


def test_rows_are_shown_as_they_are_found(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    client.get(f"/compare/{maria.id}")
    job = workspace.jobs.claim("test")
    assert job is not None
    so_far = json.dumps([to_json(cells(row())), to_json(cells(impossible()))])
    workspace.jobs.beat(job.id, "test", done=2, total=9, said="now <this>", so_far=so_far)
    text = client.get(f"/compare/{maria.id}").text
    assert 'max="9" value="2"' in text
    assert "now &lt;this&gt;" in text
    assert "Name of gatech-omscs" in text
    assert "no plan" in text


@pytest.mark.parametrize("so_far", ['[{"name": "of an older version"}]', '{"a": 1}', "[1]", "null"])
def test_rows_that_another_version_found_are_left_out(
    client: TestClient, workspace: Workspace, maria: KeptStudent, so_far: str
) -> None:
    client.get(f"/compare/{maria.id}")
    job = workspace.jobs.claim("test")
    assert job is not None
    workspace.jobs.beat(job.id, "test", done=2, total=9, said="two of nine", so_far=so_far)
    page = client.get(f"/compare/{maria.id}")
    assert page.status_code == 200
    assert "two of nine" in page.text


def test_what_is_found_tells_plans_dominated_ways_and_those_without(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    client.get(f"/compare/{maria.id}")
    answered(workspace, comparison())
    text = client.get(f"/compare/{maria.id}").text
    assert "1 way dominated" in text
    assert "Dominated by OMSCS - Machine Learning on peak hours." in text
    assert "1 way without a plan, and why" in text
    assert "These cannot all hold" in text
    assert f'href="/boards?student={maria.id}&amp;way=gatech-omscs/ml"' in text
    assert 'href="/programmes/gatech-omscs"' in text
    assert "Prices beyond the published year stay as they are: 0 per cent" in text
    assert "Is transfer accepted?" in text
    assert "other-ms (stub)" in text
    assert "3 degrees compared, in 4 ways through them; 1 other is not" in text


def test_the_chart_has_its_figures_in_a_table_and_a_finding(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    client.get(f"/compare/{maria.id}")
    answered(
        workspace,
        comparison(row(), row("x-ms", None, plan=figures("2027-12-17", 2_000_000, 30))),
    )
    text = client.get(f"/compare/{maria.id}").text
    assert "Of 2 ways with a known cost, 2 are dominated by none; finishing by Dec 2027" in text
    assert "&#34;costText&#34;: &#34;USD 20,000*&#34;" in text
    assert text.count("USD 20,000*") >= 3
    assert "style=" not in text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", ["b-ms", "a-ms", "c-ms", "d-ms"]),
        ("sort=cost", ["a-ms", "c-ms", "b-ms", "d-ms"]),
        ("sort=peak", ["b-ms", "c-ms", "d-ms", "a-ms"]),
        ("sort=name", ["a-ms", "b-ms", "c-ms", "d-ms"]),
        ("sort=admitted", ["b-ms", "a-ms", "d-ms", "c-ms"]),
        ("admitted=yes", ["b-ms", "a-ms", "d-ms"]),
        ("finish_by=2028-12", ["b-ms", "a-ms"]),
        ("finish_by=2028", ["b-ms", "a-ms"]),
        ("finish_by=Dec 2028", ["b-ms", "a-ms"]),
        ("max_cost=20,000", ["a-ms", "c-ms"]),
        ("max_cost=$20,000", ["a-ms", "c-ms"]),
        ("max_cost=USD 20000", ["a-ms", "c-ms"]),
        ("max_cost=20000&sort=peak&admitted=open", ["c-ms", "a-ms"]),
    ],
)
def test_rows_are_sorted_and_filtered_by_the_address(
    client: TestClient, workspace: Workspace, maria: KeptStudent, asked: str, expected: list[str]
) -> None:
    client.get(f"/compare/{maria.id}")
    answered(
        workspace,
        comparison(
            row("b-ms", None, plan=figures("2028-06-01", 3_000_000, 8)),
            row("a-ms", None, plan=figures("2028-12-31", 1_000_000, 22)),
            row(
                "c-ms",
                None,
                plan=figures("2029-06-01", 2_000_000, 10),
                admissible=Admissible.DEPENDS,
            ),
            row("d-ms", None, plan=figures("2029-12-01", None, 14)),
        ),
    )
    text = client.get(f"/compare/{maria.id}?{asked}").text
    assert order_in(text) == expected
    assert ("Left out:" in text) == (len(expected) < 4)


def test_filters_that_cannot_be_read_are_told_at_their_fields_and_kept(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    client.get(f"/compare/{maria.id}")
    answered(workspace, comparison())
    text = client.get(f"/compare/{maria.id}?finish_by=soon&max_cost=<b>&sort=").text
    assert 'value="soon"' in text
    assert 'aria-describedby="finish_by-wrong"' in text
    assert "&lt;b&gt;&#39; cannot be used here" in text
    assert len(order_in(text)) == 4


def test_other_hours_and_money_are_another_question_in_the_documents_currency(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    text = client.get(f"/compare/{maria.id}?hours=20&total=12,000").text
    assert "20 h a week" in text
    assert "at most EUR 12,000 in all" in text
    assert "at most EUR 5,250 due in each calendar year" in text
    (job,) = workspace.jobs.recent()
    assert (job.params["hours"], job.params["total"]) == ("20", "12,000")


@pytest.mark.parametrize(
    "asked",
    [
        *("hours=0", "hours=many", "total=-3", "total=$12,000", "per_year=1e9", "hours=1.5"),
        *("start=soon", "start=2026-11-21", "start=2027-13", "start=2099-01-01"),
    ],
)
def test_hours_and_money_that_cannot_be_used_ask_nothing(
    client: TestClient, workspace: Workspace, maria: KeptStudent, asked: str
) -> None:
    text = client.get(f"/compare/{maria.id}?{asked}").text
    assert 'aria-invalid="true"' in text
    assert workspace.jobs.recent() == ()


def test_a_document_with_faults_leads_to_where_it_is_mended(
    client: TestClient, workspace: Workspace
) -> None:
    kept = workspace.students.add("Max", "format: 1\nplan_from: 2027-01-04\nhours_per_week: lots\n")
    text = client.get(f"/compare/{kept.id}").text
    assert 'role="alert"' in text
    assert f'href="/you/{kept.id}"' in text
    assert workspace.jobs.recent() == ()


def test_what_failed_says_why_and_can_be_asked_again(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    client.get(f"/compare/{maria.id}?hours=9")
    job = workspace.jobs.claim("test")
    assert job is not None
    fault = Fault(code="INT-002", what="the solver <stopped>", fix="ask again")
    workspace.jobs.fail(job.id, "test", [fault])
    text = client.get(f"/compare/{maria.id}?hours=9").text
    assert "the solver &lt;stopped&gt;" in text
    assert "Compare again" in text
    assert len(workspace.jobs.recent()) == 1
    sent(client, f"/compare/{maria.id}", hours="9")
    newest = workspace.jobs.latest("compare", job.params)
    assert newest is not None
    assert (newest.id != job.id, newest.state) == (True, JobState.QUEUED)


def test_an_answer_that_another_version_wrote_is_worked_out_anew(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    client.get(f"/compare/{maria.id}")
    job = workspace.jobs.claim("test")
    assert job is not None
    workspace.jobs.finish(job.id, "test", '{"rows": []}')
    assert "Waiting for its turn" in client.get(f"/compare/{maria.id}").text
    assert len(workspace.jobs.recent()) == 2


def test_texts_of_a_catalog_cannot_become_markup(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    client.get(f"/compare/{maria.id}")
    bad = "<script>alert('x')</script>\"'"
    answer = comparison(replace(row(), program_name=bad, short_name=bad, unknown=(bad,)))
    answered(workspace, answer)
    text = client.get(f"/compare/{maria.id}").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_a_script_gets_the_comparison_alone_and_a_browser_that_goes_back_the_page(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    address = f"/compare/{maria.id}"
    part = client.get(address, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<section id="comparison"')
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert client.get(address, headers=back).text.startswith("<!doctype html>")


def test_a_person_who_is_not_there_is_a_clear_page(client: TestClient) -> None:
    assert client.get("/compare/nobody").status_code == 404


def test_a_later_start_is_another_question_in_plain_words(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    text = client.get(f"/compare/{maria.id}?start=2027-05").text
    assert "beginning on 1 May 2027 or later" in text
    (job,) = workspace.jobs.recent()
    assert job.params["start"] == "2027-05"


def test_a_doubtful_start_is_told_beside_its_row_and_leads_to_a_later_one(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    client.get(f"/compare/{maria.id}?hours=14")
    found = comparison(row())
    doubt = Beginning(said="It may be <past>.", later=dt.date(2027, 5, 17))
    answered(workspace, replace(found, rows=(replace(found.rows[0], beginning=doubt),)))
    text = client.get(f"/compare/{maria.id}?hours=14").text
    assert "It may be &lt;past&gt;." in text
    assert f'href="/compare/{maria.id}?hours=14&amp;start=2027-05-17"' in text


def test_another_question_takes_the_place_of_the_one_before_and_of_no_one_elses(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    other = workspace.students.add("Robin", ME)
    client.get(f"/compare/{other.id}")
    for hours in range(11, 14):
        client.get(f"/compare/{maria.id}?hours={hours}")
    states = {
        (one.params["student"], one.params["hours"]): one.state for one in workspace.jobs.recent()
    }
    assert states == {
        (other.id, ""): JobState.QUEUED,
        (maria.id, "11"): JobState.CANCELLED,
        (maria.id, "12"): JobState.CANCELLED,
        (maria.id, "13"): JobState.QUEUED,
    }
    # looking again at what was dropped does not begin it again, which two windows would do in turn
    assert "Compare again" in client.get(f"/compare/{maria.id}?hours=11").text
    assert len(workspace.jobs.under_way("compare")) == 2


def test_what_was_found_before_a_stop_stays(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    client.get(f"/compare/{maria.id}")
    job = workspace.jobs.claim("test")
    assert job is not None
    so_far = json.dumps([to_json(cells(row()))])
    workspace.jobs.beat(job.id, "test", done=1, total=9, so_far=so_far)
    workspace.jobs.ask_to_stop(job.id)
    workspace.jobs.cancelled(job.id, "test")
    text = client.get(f"/compare/{maria.id}").text
    assert "Found before it ended" in text
    assert "Name of gatech-omscs" in text


def test_what_is_supposed_is_saved_and_a_plan_can_come_next(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    page = client.get(f"/compare/{maria.id}?hours=18&per_year=6,000&start=2027-05").text
    assert f'action="/compare/{maria.id}/keep"' in page
    said = {"hours": "18", "per_year": "6,000", "start": "2027-05", "version": "1"}
    sent(client, f"/compare/{maria.id}/keep", **said, way="gatech-omscs/ai")
    text = workspace.students.get(maria.id).text
    assert "hours_per_week: 18" in text
    assert "EUR 6000" in text
    assert "plan_from: 2027-05-01" in text


def test_a_plan_is_asked_for_the_person_compared_and_says_what_it_leaves_out(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    workspace.students.add("Zoe", ME)
    address = f"/boards?student={maria.id}&way=gatech-omscs/ai"
    text = client.get(address).text
    assert f'<option value="{maria.id}" selected>Maria' in text
    assert '<option value="gatech-omscs/ai" selected>Georgia Institute of Technology: ' in text
    assert "What was compared supposes" not in text
    text = client.get(f"{address}&hours=18").text
    assert "What was compared supposes 18 h a week" in text
    assert f'action="/compare/{maria.id}/keep"' in text
    assert "choose one" in client.get(f"/boards?student={maria.id}&way=none").text


def test_the_form_is_sent_anew_only_when_it_was_used(
    client: TestClient, workspace: Workspace, maria: KeptStudent
) -> None:
    address = f"/compare/{maria.id}"
    whole = client.get(address, headers={"HX-Request": "true", "HX-Target": "asked"}).text
    assert whole.lstrip().startswith('<div id="asked"')
    assert 'id="hours"' in whole
    part = client.get(address, headers={"HX-Request": "true", "HX-Target": "comparison"}).text
    assert 'id="hours"' not in part
