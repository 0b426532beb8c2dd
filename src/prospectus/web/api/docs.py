"""The API as a page to read: a list made from its own OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from prospectus.web.asked import AskedRendering

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A field of an address or of a body."""

    name: str
    is_needed: bool
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that a program can ask for; `takes` is the kind of its body, "" without one."""

    anchor: str
    method: str
    path: str
    summary: str
    text: str
    parameters: tuple[Entry, ...]
    takes: str
    fields: tuple[Entry, ...]
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPage:
    """Everything that a program can ask for, by what it is about."""

    title: str
    address: str
    groups: tuple[tuple[str, tuple[Operation, ...]], ...]


@router.get("/api/docs")
def show_api(request: Request, rendering: AskedRendering) -> Response:
    """Show what a program can ask for."""
    document = _Document.model_validate(request.app.openapi())
    groups: dict[str, list[Operation]] = {}
    for tag, operation in _operations(document):
        groups.setdefault(tag, []).append(operation)
    page = ApiPage(
        title="The API",
        address=request.app.openapi_url,
        groups=tuple((tag, tuple(found)) for tag, found in groups.items()),
    )
    return rendering.page(request, "api.html", page)


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Schema(_Part):
    ref: str = Field("", alias="$ref")
    type: str = ""
    description: str = ""
    properties: dict[str, _Schema] = {}
    required: list[str] = []


class _Parameter(_Part):
    name: str
    required: bool = False
    description: str = ""
    given: _Schema = Field(alias="schema")


class _Content(_Part):
    given: _Schema = Field(default_factory=lambda: _Schema.model_validate({}), alias="schema")


_NOTHING = _Content.model_validate({})


class _Body(_Part):
    content: dict[str, _Content] = {}


class _Answer(_Part):
    description: str


class _Operation(_Part):
    tags: list[str]
    summary: str
    description: str
    id: str = Field(alias="operationId")
    parameters: list[_Parameter] = []
    body: _Body = Field(_Body(), alias="requestBody")
    responses: dict[str, _Answer]


class _Components(_Part):
    schemas: dict[str, _Schema]


class _Document(_Part):
    paths: dict[str, dict[str, _Operation]]
    components: _Components


def _operations(document: _Document) -> Iterator[tuple[str, Operation]]:
    for path, item in document.paths.items():
        for method, said in item.items():
            takes, content = next(iter(said.body.content.items()), ("", _NOTHING))
            named = content.given.ref.rpartition("/")[2]
            schema = document.components.schemas.get(named, content.given)
            yield (
                said.tags[0],
                Operation(
                    anchor=said.id,
                    method=method.upper(),
                    path=path,
                    summary=said.summary,
                    text=said.description,
                    parameters=tuple(
                        Entry(
                            name=one.name,
                            is_needed=one.required,
                            kind=one.given.type,
                            text=one.description,
                        )
                        for one in said.parameters
                    ),
                    takes=takes,
                    fields=tuple(
                        Entry(
                            name=name,
                            is_needed=name in schema.required,
                            kind=one.type,
                            text=one.description,
                        )
                        for name, one in schema.properties.items()
                    ),
                    answers=tuple(
                        (status, answer.description)
                        for status, answer in sorted(said.responses.items())
                    ),
                ),
            )
