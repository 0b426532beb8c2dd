"""Faults as a page or as JSON: the same fields as the command line prints."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from prospectus.app.document import error_document
from prospectus.domain.errors import (
    Fault,
    InternalError,
    LimitError,
    Place,
    ProspectusError,
    UsageError,
)
from prospectus.web.rendering import FaultPage, rendering_of

_log = logging.getLogger(__name__)

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
}
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
    return request.url.path.startswith("/api/")


def fault_answer(request: Request, error: ProspectusError) -> Response:
    """Return the answer that tells faults, as the one who asks reads it."""
    status = status_of(error)
    if is_api(request):
        document = error_document("api", error.faults, error.exit_code)
        return Response(
            json.dumps(document, ensure_ascii=False), status, media_type="application/json"
        )
    title = _TITLES.get(status, "This cannot be done")
    page = FaultPage(title=title, faults=error.faults, back=_back(request))
    return rendering_of(request).page(request, "fault.html", page, status=status)


def install(application: FastAPI) -> None:
    """Let every exception of a request end as a page or as JSON."""

    async def told(request: Request, error: Exception) -> Response:
        assert isinstance(error, ProspectusError)
        if isinstance(error, InternalError):
            _log.error("event=internal code=%s path=%s", error.faults[0].code, request.url.path)
        return fault_answer(request, error)

    async def misrouted(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return fault_answer(request, _of_status(request, error.status_code))

    async def misread(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return fault_answer(request, RequestError(faults=[_misread(one) for one in error.errors()]))

    async def unforeseen(request: Request, error: Exception) -> Response:
        _log.error("event=unforeseen path=%s", request.url.path, exc_info=error)
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

    application.add_exception_handler(ProspectusError, told)
    application.add_exception_handler(HTTPException, misrouted)
    application.add_exception_handler(RequestValidationError, misread)
    application.add_exception_handler(Exception, unforeseen)


def _of_status(request: Request, status: int) -> RequestError:
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return RequestError(
            "WEB-003",
            what=f"{request.url.path} does not take {request.method}",
            fix="use the forms and links of the pages, or see /api/docs",
        )
    if status == HTTPStatus.NOT_FOUND:
        return RequestError(
            "WEB-002",
            what=f"there is no page {request.url.path}",
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
        at=Place(field=field),
    )


def _back(request: Request) -> str:
    """Return where a reader came from, a page of ours alone."""
    came = request.headers.get("referer", "")
    start = str(request.base_url)
    return "/" + came.removeprefix(start) if came.startswith(start) else "/"
