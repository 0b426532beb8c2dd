"""Faults as a page or as JSON: the same fields as the command line prints."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from prospectus.app.document import Json, error_document
from prospectus.domain.errors import (
    Fault,
    InternalError,
    LimitError,
    Place,
    ProspectusError,
    UsageError,
    shown_plainly,
)
from prospectus.web.rendering import FaultPage, is_fragment, rendering_of

_log = logging.getLogger(__name__)

_MOST_FAULTS = 50
_MOST_FIELD = 200

_STATUS = {
    "USE-001": HTTPStatus.NOT_FOUND,
    "STO-001": HTTPStatus.NOT_FOUND,
    "STO-002": HTTPStatus.CONFLICT,
    "STO-003": HTTPStatus.SERVICE_UNAVAILABLE,
    "STO-004": HTTPStatus.SERVICE_UNAVAILABLE,
    "WEB-002": HTTPStatus.NOT_FOUND,
    "WEB-003": HTTPStatus.METHOD_NOT_ALLOWED,
    "WEB-005": HTTPStatus.MISDIRECTED_REQUEST,
    "WEB-006": HTTPStatus.FORBIDDEN,
    "WEB-007": HTTPStatus.FORBIDDEN,
    "WEB-008": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "WEB-009": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}
_IN_PAGE = {
    "hx-retarget": "#trouble",
    "hx-reswap": "innerHTML",
    "hx-push-url": "false",
    "hx-trigger-after-settle": "troubled",
}
"""How a script puts a fault into the page that asked, beside what it shows."""
_TITLES = {
    HTTPStatus.NOT_FOUND: "There is nothing here",
    HTTPStatus.CONFLICT: "Changed elsewhere",
    HTTPStatus.SERVICE_UNAVAILABLE: "Your work cannot be reached",
    HTTPStatus.FORBIDDEN: "Not taken",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Too large",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Our fault",
}


class RequestError(UsageError):
    """A request is off (WEB-...)."""


def status_of(error: ProspectusError) -> HTTPStatus:
    """Return the status of an answer that tells a fault."""
    known = _STATUS.get(error.faults[0].code)
    if known is not None:
        return known
    if isinstance(error, InternalError):
        return HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, LimitError):
        return HTTPStatus.GATEWAY_TIMEOUT
    if isinstance(error, UsageError):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.UNPROCESSABLE_ENTITY


def is_api(request: Request) -> bool:
    """Return whether a program asks, which wants JSON."""
    return _path(request).startswith("/api/") and _path(request) != "/api/docs"


def fault_answer(
    request: Request, error: ProspectusError, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the answer that tells faults, as the one who asks reads it."""
    status = status_of(error)
    if is_api(request):
        return json_answer(error_document("api", error.faults, error.exit_code), status, headers)
    title = _TITLES.get(status, "This cannot be done")
    page = FaultPage(title=title, faults=error.faults, back=_back(request))
    if is_fragment(request):
        # what the page shows stays: the fault is told above it
        headers = {**(headers or {}), **_IN_PAGE}
    return rendering_of(request).page(
        request, "fault.html", page, status=status, block="told", headers=headers
    )


def json_answer(
    document: Mapping[str, Json],
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a document; halves of characters, which no text may hold, as JSON writes them."""
    text = json.dumps(document, ensure_ascii=False)
    return Response(
        text.encode("utf-8", "backslashreplace"), status, headers, media_type="application/json"
    )


def unforeseen_answer(request: Request, error: Exception) -> Response:
    """Return the answer to what nobody foresaw, and log it; no traceback goes out."""
    _log.error("event=unforeseen path=%s", shown_plainly(_path(request)), exc_info=error)
    fault = InternalError(
        "INT-003",
        what=f"an unforeseen {type(error).__name__}",
        fix="please report this with what you did; nothing was changed",
    )
    try:
        return fault_answer(request, fault)
    except Exception:
        # the page that tells it is at fault too
        return HTMLResponse("<!doctype html><title>Our fault</title><p>error INT-003", 500)


def install(application: FastAPI) -> None:
    """Let every exception of a request end as a page or as JSON."""

    async def told(request: Request, error: Exception) -> Response:
        assert isinstance(error, ProspectusError)
        if isinstance(error, InternalError):
            code, path = error.faults[0].code, shown_plainly(_path(request))
            _log.error("event=internal code=%s path=%s", code, path)
        return fault_answer(request, error)

    async def misrouted(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return fault_answer(request, _of_status(request, error.status_code), error.headers)

    async def misread(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        faults = [_misread(one) for one in error.errors()[:_MOST_FAULTS]]
        return fault_answer(request, RequestError(faults=faults))

    application.add_exception_handler(ProspectusError, told)
    application.add_exception_handler(HTTPException, misrouted)
    application.add_exception_handler(RequestValidationError, misread)


def _path(request: Request) -> str:
    """Return the path that is asked for; `request.url` is made of a header too."""
    return str(request.scope["path"])


def _of_status(request: Request, status: int) -> RequestError:
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return RequestError(
            "WEB-003",
            what=f"{_path(request)} does not take {request.method}",
            fix="use the forms and links of the pages, or see /api/docs",
        )
    if status == HTTPStatus.NOT_FOUND:
        return RequestError(
            "WEB-002",
            what=f"there is no page {_path(request)}",
            fix="begin at the start page",
        )
    return RequestError(
        "WEB-004",
        what=f"the request cannot be read (status {status})",
        fix="send the form of the page again",
    )


def _misread(problem: dict[str, object]) -> Fault:
    where = problem.get("loc")
    field = ".".join(str(part) for part in where) if isinstance(where, tuple) else ""
    return Fault(
        code="WEB-004",
        what=str(problem.get("msg", "the request cannot be read")),
        fix="correct the field that is named",
        at=Place(field=shown_plainly(field[:_MOST_FIELD])),
    )


def _back(request: Request) -> str:
    """Return where a reader came from, a page of ours alone."""
    came = request.headers.get("referer", "")
    start = f"{request.scope.get('scheme', 'http')}://{request.headers.get('host', '')}/"
    # one slash: an address with two of them would lead to another server
    return "/" + came.removeprefix(start).lstrip("/\\") if came.startswith(start) else "/"
