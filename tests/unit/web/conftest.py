"""An application of each test's own, and browsers that ask it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from prospectus.app.workspace import Workspace
from prospectus.web.application import create_app
from prospectus.web.settings import Settings

TODAY = dt.date(2026, 11, 22)
EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a server that knows the tests by name."""
    return Settings(
        database=tmp_path / "work.db", hosts=("testserver", "localhost", "[::1]"), today=TODAY
    )


@pytest.fixture
def application(settings: Settings) -> FastAPI:
    """An application with an empty database."""
    return create_app(settings)


@pytest.fixture
def workspace(application: FastAPI) -> Workspace:
    """The workspace behind the pages."""
    found = application.state.workspace
    assert isinstance(found, Workspace)
    return found


@pytest.fixture
def browsing(application: FastAPI) -> Iterator[Callable[..., TestClient]]:
    """What opens browsers: each has its own cookies, and none follows by itself."""
    opened: list[TestClient] = []

    def browse(base_url: str = "http://testserver") -> TestClient:
        client = TestClient(application, base_url=base_url, follow_redirects=False)
        opened.append(client)
        return client

    yield browse
    for client in opened:
        client.close()
    application.state.apart.close()
    application.state.workspace.close()


@pytest.fixture
def client(browsing: Callable[..., TestClient]) -> TestClient:
    """One browser that has not been here yet."""
    return browsing()


@pytest.fixture
def student_text() -> str:
    """A student document without faults."""
    return (EXAMPLES / "engineer-bangalore.yaml").read_text(encoding="utf-8")
