"""What keeps a page of the web from driving a server on loopback.

A browser sends what any page asks of it, also to addresses on the same machine. Hence: only names
that were given may be asked for (against names of others that point here), a change comes only
from our own pages (`Origin`, `Sec-Fetch-Site`) and brings a token that only they can read, no
other page may frame or embed ours, and ours run no script but our own.
"""

from __future__ import annotations

import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prospectus.web.faults import RequestError, fault_answer
from prospectus.web.settings import Settings

TOKEN = "prospectus_token"
"""The cookie that holds the token of a browser."""
FIELD = "token"
"""The field of a form that repeats it."""
HEADER = "x-prospectus-token"
"""The header of a script's request that repeats it."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = "application/x-www-form-urlencoded"
_UPLOADS = "multipart/form-data"

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Safety:
    """Refuses what does not come from our own pages, and bounds what a request may bring."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        token = _token_of(request) or secrets.token_urlsafe(24)
        scope.setdefault("state", {})["token"] = token
        is_new = token != _token_of(request)

        async def answering(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("cache-control", "no-store")
                    if is_new and not scope["path"].startswith("/api/"):
                        headers.append("set-cookie", _cookie(token))
            await send(message)

        try:
            self._check_asker(request)
            receive = await self._read(request)
        except RequestError as error:
            await fault_answer(request, error)(scope, receive, answering)
            return
        await self.app(scope, receive, answering)

    # --------------------------------------------------------------- who asks

    def _check_asker(self, request: Request) -> None:
        host = request.headers.get("host", "")
        if _name_of(host) not in self.settings.hosts:
            raise RequestError(
                "WEB-005",
                what=f"this server is not '{host}'",
                fix=f"ask for it by {' or '.join(self.settings.hosts)}, or start it with that name",
            )
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin")
        if request.method in _SAFE:
            if site in ("cross-site", "same-site") and not _is_visit(request.headers):
                raise _stranger()
            return
        if origin is not None and urlsplit(origin).netloc != host:
            raise _stranger()
        if site not in (None, "same-origin", "none"):
            raise _stranger()

    # ------------------------------------------------------- what a request brings

    async def _read(self, request: Request) -> Receive:
        """Read the body within its bound, hold its token against the browser's, and replay it."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        most = self.settings.most_upload if kind == _UPLOADS else self.settings.most_form
        said = request.headers.get("content-length", "")
        if said.isdigit() and int(said) > most:
            raise _too_large(most)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise _too_large(most)
        if request.method not in _SAFE:
            self._check_token(request, kind, body)
        is_sent = False

        async def replay() -> Message:
            nonlocal is_sent
            if is_sent:
                return await request.receive()
            is_sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        return replay

    def _check_token(self, request: Request, kind: str, body: bytes) -> None:
        if request.url.path.startswith("/api/"):
            # a page of the web cannot send JSON here without asking first, which is refused
            if kind in (_FORMS, _UPLOADS, "text/plain") and not _token_of(request):
                raise RequestError(
                    "WEB-006",
                    what="the API takes JSON",
                    fix="send `Content-Type: application/json`",
                )
            return
        mine = _token_of(request)
        told = request.headers.get(HEADER) or _told_in(request, kind, body)
        if not mine or not told or not hmac.compare_digest(mine, told):
            raise RequestError(
                "WEB-007",
                what="the form is from an earlier visit, or from another page",
                fix="open the page again and send its form; your browser must take its cookie",
            )


def _is_visit(headers: Headers) -> bool:
    """Return whether a person follows a link to a page."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") in (
        None,
        "document",
    )


def _told_in(request: Request, kind: str, body: bytes) -> str:
    """Return the token that a form brings: of an upload, the one in its address."""
    if kind == _FORMS:
        return parse_qs(body.decode("utf-8", "replace")).get(FIELD, [""])[0]
    return request.query_params.get(FIELD, "")


def _token_of(request: Request) -> str:
    try:
        cookie = SimpleCookie(request.headers.get("cookie", "")).get(TOKEN)
    except CookieError:
        return ""
    return "" if cookie is None else cookie.value


def _cookie(token: str) -> str:
    return f"{TOKEN}={token}; Path=/; HttpOnly; SameSite=Strict"


def _name_of(host: str) -> str:
    """Return a host's name without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()


def _stranger() -> RequestError:
    return RequestError(
        "WEB-006",
        what="another page asked for this, and only our own pages may",
        fix="open the start page and do it there",
    )


def _too_large(most: int) -> RequestError:
    return RequestError(
        "WEB-008",
        what=f"a request may bring {most // 1_000:,} kB here, and this one brings more",
        fix="send a smaller file",
    )
