"""What the API answers with: one envelope for every answer, the command line's for every fault."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Generic, Literal, TypeAlias, TypeVar

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from prospectus.app.document import to_json

T = TypeVar("T")

MOST_NAME = 300
"""Characters of a name."""
_MOST_VERSION = 2**63 - 1

JsonObject: TypeAlias = dict[str, JsonValue]

Id = Annotated[str, Path(max_length=MOST_NAME, description="An id that the API has given out.")]
Name = Annotated[str, Field(max_length=MOST_NAME)]
Version = Annotated[
    int,
    Field(
        ge=0,
        le=_MOST_VERSION,
        description="The version that the change was made from; a stale one is refused with 409.",
    ),
]
AskedVersion = Annotated[
    int, Query(ge=0, le=_MOST_VERSION, description="The version that is to be removed.")
]


class Sent(BaseModel):
    """What a request brings: every field is known, and of its type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Nothing(Sent):
    """Nothing has to be said."""


class Place(BaseModel):
    """Where a statement stands."""

    file: str
    line: int | None
    field: str


class FaultOut(BaseModel):
    """One thing that is wrong: what, where, and how to mend it; `code` stands in docs/errors.md."""

    code: str
    severity: Literal["error", "warning"]
    what: str
    at: Place
    fix: str


class Faults(BaseModel):
    """An answer that tells what is wrong, in the shape that `--json` prints."""

    schema_: str = Field(alias="schema")
    version: Literal[1]
    ok: Literal[False]
    errors: list[FaultOut]
    exit_code: int = Field(description="What the command line would end with.")


class Answer(BaseModel, Generic[T]):
    """An answer, in the envelope that `--json` prints."""

    model_config = ConfigDict(populate_by_name=True)

    schema_: str = Field(alias="schema", description="What the result is.")
    version: Literal[1] = 1
    ok: Literal[True] = True
    result: T
    warnings: list[FaultOut] = []


class Removed(BaseModel):
    """What is kept no more."""

    id: str


def answered(name: str, result: T) -> Answer[T]:
    """Return a result in its envelope."""
    return Answer[T](schema=f"prospectus.{name}", result=result)


def json_object(answer: object) -> JsonObject:
    """Return an answer of a use case as the command line prints it."""
    return _JSON.validate_python(to_json(answer))


_JSON: TypeAdapter[JsonObject] = TypeAdapter(JsonObject)
_TOLD = {
    HTTPStatus.BAD_REQUEST: "The request is off: a field is missing, unknown, or cannot be read.",
    HTTPStatus.FORBIDDEN: "It comes from a page of another site.",
    HTTPStatus.NOT_FOUND: "There is nothing of that id.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "It brings more than the server takes.",
    HTTPStatus.MISDIRECTED_REQUEST: "The server was asked by a name that is not its own.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "A slip of ours; nothing was changed.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database cannot be used now; nothing was changed.",
}
_OF_CHANGES = {
    HTTPStatus.CONFLICT: "It was changed meanwhile; nothing was overwritten.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "It is not JSON.",
}
_OF_WORK = {
    HTTPStatus.UNPROCESSABLE_ENTITY: "A file, a document or a value says what cannot be.",
    HTTPStatus.GATEWAY_TIMEOUT: "There was no answer in time.",
}

Responses: TypeAlias = dict[int | str, dict[str, object]]


def _documented(told: dict[HTTPStatus, str]) -> Responses:
    return {int(status): {"model": Faults, "description": text} for status, text in told.items()}


ASKING = _documented({**_TOLD, **_OF_WORK})
"""What a request that changes nothing may be answered with, beside its answer."""
CHANGING = _documented({**_TOLD, **_OF_WORK, **_OF_CHANGES})
"""What a request that changes something may be answered with, beside its answer."""
