"""Pages from templates: one typed context each, whole or, for htmx, one block of it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, unquote

from fastapi import Request
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from prospectus.app.audit_report import add_filters
from prospectus.app.words import count
from prospectus.domain.errors import Fault, ProspectusError

STATIC = Path(__file__).parent / "static"
STUDENT = "prospectus_student"
"""The cookie that holds whose pages were looked at last."""
SAID = "prospectus_said"
"""The cookie that tells the next page, and no other, what was done; no link can make us say it."""
_MOST_SAID = 400
_LASTS_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page shows around its content.

    Parameters
    ----------
    token
        What a form repeats, so that only our own pages can send it.
    today
        The day on which everything is judged.
    path
        The page's own address.
    student
        The id of whose pages are linked, "" where nobody is known yet.
    once
        The id of what a form on the page makes: sent twice, it makes one.
    said
        What the last action did, for those who do not see it happen.
    """

    token: str
    today: dt.date
    path: str
    student: str
    once: str
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPage:
    """What went wrong, each with how to mend it, and where the reader came from."""

    title: str
    faults: tuple[Fault, ...]
    back: str


class Rendering:
    """The templates of the application, everything escaped, an unknown name an error."""

    def __init__(self) -> None:
        self.environment = Environment(
            # what stands alone as a report is shown inside a page too
            loader=ChoiceLoader(
                [
                    PackageLoader("prospectus", "web/templates"),
                    PackageLoader("prospectus", "app/templates"),
                ]
            ),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals["static"] = static_address
        self.environment.filters["count"] = count
        add_filters(self.environment)

    def page(
        self,
        request: Request,
        template: str,
        page: object,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        block: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return a page, or one block of it where a script of ours asks for that.

        Parameters
        ----------
        template
            The template's file.
        page
            Its context: one dataclass, by the name `page`.
        block
            The block to answer with when htmx asks; None means always the whole page.
        """
        found = self.environment.get_template(template)
        values = {"page": page, "frame": frame_of(request)}
        if block is not None and is_fragment(request):
            context = found.new_context(values)
            text = "".join(found.blocks[block](context))
        else:
            text = found.render(values)
        vary = {"vary": "HX-Request"}
        answer = HTMLResponse(text, status, headers={**vary, **(headers or {})})
        if SAID in request.cookies and not is_fragment(request):
            answer.delete_cookie(SAID, httponly=True, samesite="lax")
        return answer


def rendering_of(request: Request) -> Rendering:
    """Return the templates that the application was made with."""
    found = request.app.state.rendering
    assert isinstance(found, Rendering)
    return found


def is_fragment(request: Request) -> bool:
    """Return whether htmx asks for a part of a page."""
    # a page that the browser goes back to is asked for whole
    whole = ("hx-boosted", "hx-history-restore-request")
    return "hx-request" in request.headers and not any(name in request.headers for name in whole)


def frame_of(request: Request) -> Frame:
    """Return what a page shows around its content."""
    return Frame(
        token=str(getattr(request.state, "token", "")),
        today=request.app.state.settings.day(),
        path=request.scope["path"],
        student=_student_of(request),
        once=secrets.token_urlsafe(9),
        said=unquote(request.cookies.get(SAID, ""))[:_MOST_SAID],
    )


def _student_of(request: Request) -> str:
    """Return whose pages are linked: of this page, else of the one that was looked at last."""
    mine = getattr(request.state, "student", None)
    if mine is not None:
        return str(mine)
    last = request.cookies.get(STUDENT, "")
    try:
        # they may have been forgotten since, in another window
        return last if last and request.app.state.workspace.students.has(last) else ""
    except ProspectusError:
        return ""


def turn_to(request: Request, address: str, said: str = "") -> Response:
    """Return the answer to a form that was taken: the page to see next, and what it tells first."""
    if is_fragment(request):
        headers = {"HX-Redirect": address}
        answer = Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    else:
        answer = RedirectResponse(address, HTTPStatus.SEE_OTHER)
    if said:
        told = quote(said[:_MOST_SAID], safe="")
        answer.set_cookie(SAID, told, max_age=_LASTS_S, httponly=True, samesite="lax")
    return answer


@lru_cache
def static_address(name: str) -> str:
    """Return the address of a file that we serve; it changes with the file, so it may be kept."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
