"""Whatever a program sends, the API answers as its own description says, and never by a slip."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from prospectus.web.application import create_app
from prospectus.web.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "examples"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
QUICK = 10
LONG = 300
PATIENCE_S = 120
SOLVED = {"POST /api/v1/boards/{board}/repair", "GET /api/v1/programmes/{programme}/topics"}
"""Operations that solve with every call."""


@dataclass(frozen=True)
class Described:
    """The application, its description, and what ids of it name, by the path's parameter."""

    application: FastAPI
    schema: BaseSchema
    ids: Mapping[str, str]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    """An application in which there is one of everything."""
    application = create_app(
        Settings(
            database=tmp_path_factory.mktemp("kept") / "work.db",
            hosts=("testserver", "localhost"),
            today=dt.date(2026, 11, 22),
        )
    )
    client = TestClient(application, base_url="http://testserver")
    student = client.post(
        "/api/v1/students",
        json={"name": "Arjun", "text": (EXAMPLES / "engineer-bangalore.yaml").read_text()},
    ).json()["result"]["id"]
    board = {"student": student, "program": "utaustin-msai", "planned": False}
    ids = {
        "student": student,
        "board": client.post("/api/v1/boards", json=board).json()["result"]["id"],
        "record": client.post(
            "/api/v1/records",
            params={"file_name": "robin.yaml"},
            content=(EXAMPLES / "records" / "omscs-robin-sample.yaml").read_bytes(),
            headers={"content-type": "application/octet-stream"},
        ).json()["result"]["id"],
        # of a kind that nobody works at
        "job": application.state.workspace.jobs.add("made-up", {}).id,
        "programme": "gatech-omscs",
        "course": "CS 7641",
    }
    yield Described(
        application, schemathesis.openapi.from_asgi("/api/v1/openapi.json", application), ids
    )
    application.state.apart.close()
    application.state.workspace.close()


def hold(described: Described, label: str, n_examples: int) -> None:
    """Send an operation what its description allows and what it does not."""
    path, method = label.split(" ")[1], label.split(" ")[0]
    operation = described.schema[path][method]
    drawn = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=n_examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=drawn, is_kept=st.booleans())
    def answers(case: Case, is_kept: bool) -> None:
        # a comparison of a real document would really be worked at
        if is_kept and not label.endswith("/compare"):
            for name in set(case.path_parameters or ()) & set(described.ids):
                case.path_parameters[name] = described.ids[name]
        case.call_and_validate(checks=CHECKS, timeout=PATIENCE_S)

    answers()


OPERATIONS = [
    "GET /api/v1/students",
    "POST /api/v1/students",
    "GET /api/v1/students/{student}",
    "PUT /api/v1/students/{student}",
    "DELETE /api/v1/students/{student}",
    "GET /api/v1/students/{student}/yaml",
    "GET /api/v1/students/{student}/form",
    "PATCH /api/v1/students/{student}/form",
    "GET /api/v1/students/{student}/courses",
    "POST /api/v1/students/{student}/finished",
    "DELETE /api/v1/students/{student}/finished/{index}",
    "POST /api/v1/students/{student}/finished/record",
    "POST /api/v1/students/{student}/compare",
    "GET /api/v1/boards",
    "POST /api/v1/boards",
    "GET /api/v1/boards/{board}",
    "PATCH /api/v1/boards/{board}",
    "DELETE /api/v1/boards/{board}",
    "GET /api/v1/boards/{board}/why",
    "GET /api/v1/boards/{board}/calendar",
    "GET /api/v1/boards/{board}/calendar.ics",
    "GET /api/v1/boards/{board}/plan",
    "POST /api/v1/boards/{board}/others",
    "POST /api/v1/boards/{board}/put",
    "POST /api/v1/boards/{board}/tidy",
    "POST /api/v1/boards/{board}/copy",
    "GET /api/v1/boards/{board}/spots",
    "POST /api/v1/boards/{board}/move",
    "POST /api/v1/boards/{board}/add",
    "POST /api/v1/boards/{board}/remove",
    "POST /api/v1/boards/{board}/pin",
    "POST /api/v1/boards/{board}/undo",
    "POST /api/v1/boards/{board}/redo",
    "POST /api/v1/boards/{board}/repair",
    "GET /api/v1/records",
    "POST /api/v1/records",
    "GET /api/v1/records/{record}",
    "DELETE /api/v1/records/{record}",
    "GET /api/v1/records/{record}/audit",
    "GET /api/v1/programmes",
    "GET /api/v1/programmes/{programme}",
    "GET /api/v1/programmes/{programme}/courses/{course}",
    "GET /api/v1/programmes/{programme}/courses/{course}/offerings",
    "GET /api/v1/programmes/{programme}/graph",
    "GET /api/v1/programmes/{programme}/topics",
    "GET /api/v1/jobs",
    "GET /api/v1/jobs/{job}",
    "POST /api/v1/jobs/{job}/cancel",
]


def test_every_operation_is_tried_here(described: Described) -> None:
    found = {one.ok().label for one in described.schema.get_all_operations()}
    assert found == set(OPERATIONS)


@pytest.mark.parametrize("label", OPERATIONS)
def test_answers_are_as_described(described: Described, label: str) -> None:
    hold(described, label, 2 if label in SOLVED else QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("label", OPERATIONS)
def test_answers_are_as_described_whatever_comes(described: Described, label: str) -> None:
    hold(described, label, 20 if label in SOLVED else LONG)
