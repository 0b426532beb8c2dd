from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

from fastapi.testclient import TestClient

import prospectus.web

WEB = Path(prospectus.web.__file__).parent
VENDOR = WEB / "static" / "vendor"


def test_every_file_of_others_is_the_one_that_the_manifest_names() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    listed = {one["file"]: one for one in manifest}
    for name, one in listed.items():
        assert sha256((VENDOR / name).read_bytes()).hexdigest() == one["sha256"], name
        assert one["version"]
        assert one["licence"]
    assert {path.name for path in VENDOR.glob("*.js")} == {
        name for name in listed if name.endswith(".js")
    }


def test_nothing_is_fetched_from_another_server() -> None:
    for path in (*WEB.glob("templates/*.html"), *WEB.glob("static/*.js"), WEB / "static/look.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"""(src|href|url\(|import)\s*[=(]?\s*["']?(https?:)?//""", text), path


def test_the_first_page_is_small(client: TestClient) -> None:
    page = client.get("/")
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    assert addresses
    asked = {"accept-encoding": "identity"}
    sizes = [len(client.get(address, headers=asked).content) for address in addresses]
    assert len(page.content) + sum(sizes) < 250_000


def test_files_come_with_their_kind(client: TestClient) -> None:
    for name, kind in (
        ("look.css", "text/css"),
        ("page.js", "text/javascript"),
        ("mark.svg", "image/svg+xml"),
    ):
        assert client.get(f"/static/{name}").headers["content-type"].startswith(kind)


def test_a_file_that_is_kept_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/static/look.css")
    again = client.get("/static/look.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
