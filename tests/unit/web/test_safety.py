from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message, Scope

import prospectus.web
from prospectus.web.application import create_app
from prospectus.web.safety import HEADERS, TOKEN
from prospectus.web.settings import Settings

TODAY = dt.date(2026, 11, 22)
WEB = Path(prospectus.web.__file__).parent
API = "/api/v1"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """One application for all of these tests: what they ask for changes next to nothing."""
    made = create_app(
        Settings(
            database=tmp_path_factory.mktemp("kept") / "work.db",
            hosts=("testserver", "localhost", "[::1]"),
            today=TODAY,
        )
    )
    yield made
    made.state.apart.close()
    made.state.workspace.close()


@pytest.fixture
def browsing(application: FastAPI) -> Callable[..., TestClient]:
    """What opens browsers: each has its own cookies, and none follows by itself."""
    return lambda: TestClient(application, base_url="http://testserver", follow_redirects=False)


@pytest.fixture
def client(browsing: Callable[..., TestClient]) -> TestClient:
    """One browser that has not been here yet."""
    return browsing()


def names(client: TestClient) -> list[str]:
    return [one["id"] for one in client.get(f"{API}/students").json()["result"]]


@pytest.fixture
def token(client: TestClient) -> str:
    """The token that the browser was given with its first page."""
    client.get("/")
    return str(client.cookies[TOKEN])


# ------------------------------------------------------------------ by which name


@pytest.mark.parametrize(
    "host",
    [
        "testserver",
        "testserver:8000",
        "TESTSERVER",
        "testserver.",
        "[::1]",
        "[::1]:80",
        "localhost",
    ],
)
def test_a_server_is_asked_by_its_names(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "eviltestserver",
        "testserver@evil.example",
        "evil.example@testserver",
        "testserver:80@evil.example",
        "testserver:x",
        "testserver:80:80",
        "testserver/",
        "testserver..",
        "[::2]",
        "[::1",
        "[",
        "",
        " ",
        ".",
        "testserver,evil.example",
        "127.0.0.1",
    ],
)
@pytest.mark.parametrize("path", ["/", "/static/look.css", f"{API}/students", "/none"])
def test_a_name_that_is_not_its_own_is_refused(client: TestClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == 421
    assert "WEB-005" in answer.text
    assert TOKEN not in answer.headers.get("set-cookie", "")


def test_two_host_headers_are_refused(client: TestClient) -> None:
    answer = client.get("/", headers=[("host", "testserver"), ("host", "testserver")])
    assert answer.status_code == 421


# ------------------------------------------------------------------ from which page


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://testserver:81"},
        {"origin": "http://["},
        {"origin": "http://testserver/"},
        {"origin": "ftp://testserver"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    ],
)
@pytest.mark.parametrize(
    ("path", "kind"),
    [("/boards", FORM), (f"{API}/students", "application/json"), ("/none", FORM)],
)
def test_a_change_that_another_page_asks_for_is_refused(
    client: TestClient, token: str, headers: dict[str, str], path: str, kind: str
) -> None:
    sent = {**headers, "content-type": kind, "x-prospectus-token": token}
    answer = client.post(path, content=b"{}", headers=sent)
    assert answer.status_code == 403
    assert "WEB-006" in answer.text


@pytest.mark.parametrize("origin", ["http://testserver", "HTTP://TESTSERVER", "https://testserver"])
def test_our_own_pages_may_ask_for_changes(client: TestClient, origin: str) -> None:
    sent = {"origin": origin, "sec-fetch-site": "same-origin"}
    answer = client.post(f"{API}/students", json={"name": "", "text": ""}, headers=sent)
    assert answer.status_code == 201


@pytest.mark.parametrize("mode", ["no-cors", "cors", "websocket"])
def test_another_page_may_not_embed_what_is_asked_for(client: TestClient, mode: str) -> None:
    sent = {"sec-fetch-site": "cross-site", "sec-fetch-mode": mode}
    for path in ("/", "/static/look.css", f"{API}/students"):
        assert client.get(path, headers=sent).status_code == 403


def test_a_link_on_another_page_may_lead_here_but_not_into_a_frame(client: TestClient) -> None:
    sent = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/", headers={**sent, "sec-fetch-dest": "document"}).status_code == 200
    assert client.get("/", headers={**sent, "sec-fetch-dest": "iframe"}).status_code == 403


def test_who_follows_a_link_from_elsewhere_keeps_the_token(client: TestClient, token: str) -> None:
    assert "set-cookie" not in client.get("/").headers
    answer = TestClient(client.app, base_url="http://testserver").get("/")
    cookie = answer.headers["set-cookie"]
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie


# ------------------------------------------------------------------ with which token


def told(token: str) -> dict[str, dict[str, str]]:
    return {
        "nothing": {},
        "an empty field": {"token": ""},
        "a wrong field": {"token": token[:-1] + ("a" if token[-1] != "a" else "b")},
        "a field not of ASCII": {"token": "é" * 32},
        "a longer field": {"token": token + "a"},
    }


@pytest.mark.parametrize("which", list(told("a" * 32)))
def test_a_form_without_the_browsers_token_is_refused(
    client: TestClient, token: str, which: str
) -> None:
    answer = client.post("/boards", data=told(token)[which])
    assert answer.status_code == 403
    assert "WEB-007" in answer.text


def test_the_token_of_another_browser_is_refused(
    browsing: Callable[..., TestClient], token: str
) -> None:
    other = browsing()
    other.get("/")
    assert other.cookies[TOKEN] != token
    assert other.post("/boards", data={"token": token}).status_code == 403


def test_a_browser_without_cookies_is_refused(
    browsing: Callable[..., TestClient], token: str
) -> None:
    assert browsing().post("/boards", data={"token": token}).status_code == 403


@pytest.mark.parametrize("made_up", ["", "a", "é" * 32, "a" * 31, "a" * 33, "a b" * 11, '"' * 32])
def test_a_cookie_that_we_cannot_have_made_counts_as_none(
    browsing: Callable[..., TestClient], made_up: str
) -> None:
    client = browsing()
    sent = {"cookie": f"{TOKEN}={made_up}".encode()}
    first = client.get("/", headers=sent)
    assert TOKEN in first.headers["set-cookie"]
    answer = client.post("/boards", data={"token": made_up}, headers=sent)
    assert answer.status_code == 403


def test_cookies_of_other_programs_on_this_machine_do_not_hide_ours(
    client: TestClient, token: str
) -> None:
    # cookies know no ports: a server beside this one may have set what is not well formed
    sent = {"cookie": f'theirs={{"a": [1, 2]}}; =; ;;; {TOKEN}={token}; more="'}
    answer = client.post("/boards", data={"token": token}, headers=sent)
    assert answer.status_code == 400  # the form was taken, and lacks its fields


def test_an_upload_brings_the_token_in_its_first_parts(client: TestClient, token: str) -> None:
    file = {"file": ("a.csv", b"")}
    for sent in ({"token": token}, {"program": "", "token": token}):
        assert client.post("/records", files=file, data=sent).status_code == 400
    for data in ({}, {"token": token[::-1]}, {"program": token}):
        assert client.post("/records", files=file, data=data).status_code == 403
    assert client.post("/records", files={"token": ("a", token.encode())}).status_code == 403
    disposition = 'Content-Disposition: form-data; name="token"'
    for kind, body in (
        ("multipart/form-data", f"--\r\n{disposition}\r\n\r\n{token}"),
        ("multipart/form-data; boundary=a", f"--a\r\n\r\n{token}\r\n--a--"),
        (
            "multipart/form-data; boundary=a",
            f'--a\r\n{disposition}; filename="a"\r\n\r\n{token}\r\n--a\r\n{disposition}\r\n\r\n'
            f"{token}\r\n--a--",
        ),
        ("multipart/form-data; boundary=a", f"--b\r\n{disposition}\r\n\r\n{token}\r\n--a--"),
    ):
        answer = client.post("/records", content=body.encode(), headers={"content-type": kind})
        assert answer.status_code == 403


def test_no_address_holds_the_token(client: TestClient, token: str) -> None:
    file = {"file": ("a.csv", b"")}
    assert client.post("/records", params={"token": token}, files=file).status_code == 403
    for page in ("/", "/records", "/you/new", "/boards", "/programmes"):
        for address in re.findall(r'(?:href|action|src|hx-\w+)="([^"]*)"', client.get(page).text):
            assert "token=" not in address
            assert token not in address


def test_no_link_can_make_a_page_say_something(client: TestClient, token: str) -> None:
    assert "Your account" not in client.get("/boards?said=Your account is locked").text
    answer = client.post("/you/new", data={"token": token, "name": "Ada"})
    assert (answer.status_code, "said" in answer.headers["location"]) == (303, False)
    page = answer.headers["location"]
    assert 'aria-live="polite">Saved</p>' in client.get(page).text
    # once: neither reloaded nor gone back to
    assert 'aria-live="polite"></p>' in client.get(page).text


def test_a_page_links_to_nobody_who_was_forgotten_elsewhere(client: TestClient, token: str) -> None:
    page = client.post("/you/new", data={"token": token, "name": "Ada"}).headers["location"]
    client.get(page)
    assert f'href="{page}"' in client.get("/programmes").text
    student = page.rpartition("/")[2]
    (version,) = (
        one["version"]
        for one in client.get(f"{API}/students").json()["result"]
        if one["id"] == student
    )
    client.delete(f"{API}/students/{student}", params={"version": version})
    assert student not in client.get("/programmes").text


@pytest.mark.parametrize(
    "kind",
    [FORM, "multipart/form-data; boundary=a", "text/plain", "", "text/plain; application/json"],
)
@pytest.mark.parametrize("with_cookie", [False, True])
def test_a_form_of_another_site_cannot_drive_the_api(
    browsing: Callable[..., TestClient], kind: str, with_cookie: bool
) -> None:
    client = browsing()
    before = names(client)
    if with_cookie:
        client.get("/")
    answer = client.post(
        f"{API}/students", content=b'{"name": "", "text": ""}', headers={"content-type": kind}
    )
    assert answer.status_code == 415
    assert answer.json()["errors"][0]["code"] == "WEB-009"
    assert names(client) == before


def test_a_browser_that_asks_before_it_sends_is_not_let_in(client: TestClient) -> None:
    sent = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    answer = client.options(f"{API}/students", headers=sent)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


# ------------------------------------------------------------------ what answers bear


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/api/docs", 200),
        ("GET", "/static/look.css", 200),
        ("HEAD", "/static/look.css", 200),
        ("GET", "/static/none.css", 404),
        ("GET", "/static/../web/safety.py", 404),
        ("GET", "/static/%2e%2e/safety.py", 404),
        ("GET", "/static/%00", 404),
        ("GET", "/none", 404),
        ("GET", "/boards/none", 404),
        ("GET", "/boards/%00", 404),
        ("GET", f"{API}/students", 200),
        ("GET", f"{API}/none", 404),
        ("GET", f"{API}/openapi.json", 200),
        ("POST", "/", 403),
        ("DELETE", f"{API}/students", 405),
        ("TRACE", "/", 403),
        ("BREW", "/", 403),
        ("OPTIONS", "/", 405),
        ("PATCH", f"{API}/students", 415),
    ],
)
def test_every_answer_bears_the_headers(
    client: TestClient, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert (method == "HEAD") == (answer.content == b"")


def test_the_answer_to_a_slip_of_ours_bears_the_headers_and_no_traceback(
    application: FastAPI, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    @application.get("/api/v1/slip")
    @application.get("/slip")
    def slip() -> None:
        raise RuntimeError("secret")

    for path in ("/slip", "/api/v1/slip"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "INT-003" in answer.text
        assert "secret" not in answer.text
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "event=unforeseen" in caplog.text


def test_the_policy_lets_no_inline_script_or_style_run() -> None:
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_pages_are_not_kept_by_browsers_and_files_with_a_digest_are(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["cache-control"] == "no-store"
    (address,) = set(re.findall(r"/static/look\.css\?v=\w+", page.text))
    assert "immutable" in client.get(address).headers["cache-control"]
    assert "immutable" not in client.get("/static/look.css").headers.get("cache-control", "")


class Reading(HTMLParser):
    """What of a template a policy without inline code would forbid."""

    def __init__(self) -> None:
        super().__init__()
        self.forbidden: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            at = f"{tag} {name}={value!r}, line {self.getpos()[0]}"
            if name == "style" or re.fullmatch(r"on[a-z]+", name) or name.startswith("hx-on"):
                self.forbidden.append(at)
            if name in ("href", "src", "action", "formaction") and (
                value or ""
            ).strip().lower().startswith(("javascript:", "http:", "//", "data:")):
                self.forbidden.append(at)
        if tag in ("style", "iframe", "object", "embed", "base"):
            self.forbidden.append(f"{tag}, line {self.getpos()[0]}")
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.forbidden.append(f"script with text, line {self.getpos()[0]}")


TEMPLATES = sorted((WEB / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_code_that_the_policy_would_stop(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    reading = Reading()
    reading.feed(text)
    assert reading.forbidden == []
    assert "| safe" not in text
    assert "|safe" not in text
    assert "autoescape false" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_changes_something_brings_the_token(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for form in re.findall(r"<form\b.*?</form>", text, flags=re.DOTALL):
        if re.search(r'method="post"|\{\{ act\(', form):
            # what several forms of a page bring is set once, above them
            shared = re.search(r"\{% set asked %\}.*?\{% endset %\}", text, re.DOTALL)
            form = form.replace("{{ asked }}", shared[0] if shared else "")
            assert re.search(r"(token|making)\(frame\)|keyed\(|frame\.token", form), form


def test_our_scripts_make_no_code_of_texts() -> None:
    for path in (WEB / "static").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        for word in ("eval(", "new Function", "innerHTML", "document.write", "insertAdjacentHTML"):
            assert word not in text, f"{path.name} uses {word}"


# ------------------------------------------------------------------ the bare protocol


def sent_by(application: FastAPI, scope: Scope, *messages: Message) -> list[Message]:
    """Return what the application sends to a request of these messages, after which none come."""
    left = list(messages)
    found: list[Message] = []

    async def receive() -> Message:
        if not left:
            await asyncio.Event().wait()
        return left.pop(0)

    async def send(message: Message) -> None:
        found.append(message)

    asyncio.run(application(scope, receive, send))
    return found


def scope_of(path: str, *headers: tuple[bytes, bytes], method: str = "GET") -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver"), *headers],
        "server": ("testserver", 80),
        "client": ("testclient", 1),
    }


def test_a_socket_is_refused_whoever_asks(application: FastAPI, client: TestClient) -> None:
    scope = {**scope_of("/"), "type": "websocket", "subprotocols": []}
    assert sent_by(application, scope, {"type": "websocket.connect"}) == [
        {"type": "websocket.close", "code": 1008}
    ]


def test_a_browser_that_goes_away_while_it_sends_leaves_nothing(
    application: FastAPI, client: TestClient
) -> None:
    before = names(client)
    scope = scope_of(f"{API}/students", (b"content-type", b"application/json"), method="POST")
    part = {"type": "http.request", "body": b'{"name": "', "more_body": True}
    assert sent_by(application, scope, part, {"type": "http.disconnect"}) == []
    assert names(client) == before


@pytest.mark.parametrize("said", ["²", "9" * 5_000, "-1", "1e9", "5, 5", "0x10"])
def test_a_length_that_is_no_number_is_no_slip_of_ours(
    application: FastAPI, client: TestClient, said: str
) -> None:
    header = (b"content-length", said.encode("latin-1"))
    got = sent_by(
        application,
        scope_of("/", header),
        {"type": "http.request", "body": b"", "more_body": False},
    )
    assert got[0]["status"] in (200, 413)


def test_the_answer_to_head_has_the_length_of_the_page_and_no_body(
    application: FastAPI, client: TestClient
) -> None:
    got = sent_by(
        application,
        scope_of("/static/look.css", method="HEAD"),
        {"type": "http.request", "body": b"", "more_body": False},
    )
    assert [message["type"] for message in got] == ["http.response.start", "http.response.body"]
    assert got[1]["body"] == b""
    length = dict(got[0]["headers"])[b"content-length"]
    assert int(length) == (WEB / "static" / "look.css").stat().st_size


# ------------------------------------------------------------------ how much


def chunks(n_bytes: int) -> Iterator[bytes]:
    for _ in range(n_bytes // 50_000):
        yield b"a" * 50_000


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize(
    ("path", "kind", "n_bytes"),
    [
        ("/boards", FORM, 1_050_000),
        (f"{API}/students", "application/json", 1_050_000),
        (f"{API}/records?file_name=a.csv", "application/octet-stream", 5_050_000),
        ("/records", "multipart/form-data; boundary=a", 5_050_000),
        ("/none", "", 1_050_000),
    ],
)
def test_what_is_too_large_is_refused_with_and_without_a_length(
    client: TestClient, path: str, kind: str, n_bytes: int, is_chunked: bool
) -> None:
    content = chunks(n_bytes) if is_chunked else b"".join(chunks(n_bytes))
    answer = client.post(path, content=content, headers={"content-type": kind})
    assert answer.status_code == 413
    assert "WEB-008" in answer.text


def test_a_length_that_is_too_large_is_refused_before_anything_is_read(
    application: FastAPI, client: TestClient
) -> None:
    def unread() -> Message:
        raise AssertionError("read")

    scope = scope_of("/boards", (b"content-length", b"99999999"), method="POST")
    found: list[Message] = []

    async def receive() -> Message:
        return unread()

    async def send(message: Message) -> None:
        found.append(message)

    asyncio.run(application(scope, receive, send))
    assert found[0]["status"] == 413
