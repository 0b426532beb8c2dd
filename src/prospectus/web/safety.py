"""What keeps a page of the web from driving a server on loopback.

A browser sends what any page asks of it, also to addresses on the same machine. Hence: only names
that were given may be asked for (against names of others that point here), a change comes only
from our own pages (`Origin`, `Sec-Fetch-Site`) and brings a token that only they can read, no
other page may frame or embed ours, and ours run no script but our own. It is the outermost part of
the application, so that every answer, also one that tells a slip of ours, bears these headers.
"""

from __future__ import annotations

import hmac
import re
import secrets
from urllib.parse import parse_qs

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prospectus.domain.errors import ProspectusError
from prospectus.web.faults import RequestError, fault_answer, is_api, unforeseen_answer
from prospectus.web.settings import Settings, host_name

TOKEN = "prospectus_token"
"""The cookie that holds the token of a browser."""
FIELD = "token"
"""The field of a form that repeats it."""
ONCE = "once"
"""The field of a form that makes something: the id of what it makes."""
HEADER = "x-prospectus-token"
"""The header of a script's request that repeats it."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data"
_UPLOADS = frozenset({_PARTS, "application/octet-stream"})
_OF_PROGRAMS = frozenset({"application/json", "application/octet-stream"})
_OUR_ID = re.compile(r"[A-Za-z0-9_-]{12}")
_OUR_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_LONGEST_HEAD = 2_000
_MOST_PARTS = 3
_LENGTH = re.compile(r"[0-9]{1,18}")

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
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""What every answer bears."""


class Safety:
    """Refuses what does not come from our own pages, and bounds what a request may bring."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.hosts = frozenset(host_name(host) for host in settings.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            # no page of ours opens a socket, and those of others must not
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_head = scope["method"] == "HEAD"
        if is_head:
            # routes know GET alone; what they answer is sent without its body (the server keeps the
            # old scope, and must)
            scope = {**scope, "method": "GET"}
        request = Request(scope, receive)
        mine = _token_of(request)
        token = mine or secrets.token_urlsafe(24)
        scope.setdefault("state", {})["token"] = token
        needs_cookie = False
        began = ended = False

        async def answering(message: Message) -> None:
            nonlocal began, ended
            if message["type"] == "http.response.start":
                began = True
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("cache-control", "no-store")
                    if needs_cookie:
                        headers.append("set-cookie", _cookie(token))
            elif is_head:
                if ended:
                    return
                ended = True
                message = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(message)

        try:
            self._check_asker(request)
            # a browser that was refused keeps the token that its own pages have
            needs_cookie = not mine and not is_api(request)
            body = await self._read(request)
            await self.app(scope, _replaying(body, receive), answering)
        except ClientDisconnect:
            return
        except ProspectusError as error:
            if began:
                raise
            await fault_answer(request, error)(scope, receive, answering)
        except Exception as error:
            if began:
                raise
            await unforeseen_answer(request, error)(scope, receive, answering)

    # --------------------------------------------------------------- who asks

    def _check_asker(self, request: Request) -> None:
        asked = request.headers.getlist("host")
        host = asked[0].lower() if len(asked) == 1 else ""
        if host_name(host) not in self.hosts:
            raise RequestError(
                "WEB-005",
                what=f"this server is not '{', '.join(asked)}'",
                fix=f"ask for it by {' or '.join(self.settings.hosts)}, or start it with that name",
            )
        site = request.headers.get("sec-fetch-site")
        if request.method in _SAFE:
            if site in ("cross-site", "same-site") and not _is_visit(request.headers):
                raise _stranger()
            return
        ours = (f"http://{host}", f"https://{host}")
        if any(origin.lower() not in ours for origin in request.headers.getlist("origin")):
            raise _stranger()
        if site not in (None, "same-origin", "none"):
            raise _stranger()

    # ------------------------------------------------------- what a request brings

    async def _read(self, request: Request) -> bytes:
        """Return the body, read within its bound, its token held against the browser's."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        settings = self.settings
        most = settings.most_upload if kind in _UPLOADS else settings.most_form
        said = request.headers.get("content-length", "")
        # what is no number is refused below, by what really comes
        if _LENGTH.fullmatch(said) and int(said) > most:
            raise _too_large(most)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise _too_large(most)
        if request.method not in _SAFE:
            if is_api(request):
                _check_kind(request, kind)
            else:
                _check_form(request, kind, bytes(body))
        return bytes(body)


def _check_kind(request: Request, kind: str) -> None:
    """Refuse what a page of another site can send to the API without asking first."""
    # a browser asks before it sends DELETE, PUT or these kinds to another site, and is refused
    if request.method != "DELETE" and kind not in _OF_PROGRAMS:
        raise RequestError(
            "WEB-009",
            what=f"the API takes JSON, not '{kind}'",
            fix="send `Content-Type: application/json`, or `application/octet-stream` for a file",
        )


def _check_form(request: Request, kind: str, body: bytes) -> None:
    """Refuse a form without the browser's token; keep the id of what it is to make."""
    sent = _fields_in(request, kind, body)
    mine = _token_of(request)
    told = request.headers.get(HEADER) or sent.get(FIELD, "")
    if not mine or not hmac.compare_digest(mine.encode(), told.encode()):
        raise RequestError(
            "WEB-007",
            what="the form is from an earlier visit, or from another page",
            fix="open the page again and send its form; your browser must take its cookie",
        )
    if _OUR_ID.fullmatch(sent.get(ONCE, "")):
        request.state.once = sent[ONCE]


def _replaying(body: bytes, receive: Receive) -> Receive:
    """Return what hands out a body that was read already, and then what still comes."""
    is_sent = False

    async def replay() -> Message:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _is_visit(headers: Headers) -> bool:
    """Return whether a person follows a link to a page."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") in (
        None,
        "document",
    )


def _fields_in(request: Request, kind: str, body: bytes) -> dict[str, str]:
    """Return what a form says by its fields; of one with a file, by those that come first.

    No address holds a token, for addresses are remembered.
    """
    if kind == _FORMS:
        return {name: values[0] for name, values in parse_qs(_text(body)).items()}
    if kind != _PARTS:
        return {}
    _, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if not boundary or not body.startswith(b"--" + boundary):
        return {}
    found: dict[str, str] = {}
    begins = body[:_LONGEST_HEAD].split(b"--" + boundary + b"\r\n")
    for part in begins[1 : _MOST_PARTS + 1]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = _name_in(head)
        if not name or not value.endswith(b"\r\n"):
            break
        found.setdefault(name, _text(value.removesuffix(b"\r\n")))
    return found


def _name_in(head: bytes) -> str:
    """Return the name of a part that is no file; "" for others."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-disposition":
            _, said = parse_options_header(value.strip())
            return "" if b"filename" in said else _text(said.get(b"name", b""))
    return ""


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _token_of(request: Request) -> str:
    """Return a browser's token; "" for what we cannot have made."""
    found = request.cookies.get(TOKEN, "")
    return found if _OUR_TOKEN.fullmatch(found) else ""


def _cookie(token: str) -> str:
    # Lax, not Strict: who follows a link to us would else be given another token, and the forms of
    # the pages that are already open would be refused
    return f"{TOKEN}={token}; Path=/; HttpOnly; SameSite=Lax"


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
