"""`web.*`: how long pages, moves of a card and repairs take, on a server of its own on loopback.

The load of 200 users needs locust (`pip install 'prospectus[bench]'`), the move in a browser needs
Chromium; where one is missing its line is left out and the reason printed.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

from measurement import Measurement, percentile

HERE = Path(__file__).parent
STUDENT = HERE.parent / "examples" / "engineer-bangalore.yaml"
RECORD = HERE.parent / "examples" / "records" / "omscs-robin-sample.yaml"
TODAY = "2026-11-22"
WAYS = ("gatech-omscs/ml", "gatech-omscs/ai", "utaustin-msai/", "uiuc-mcs-online/")
"""Degrees of up to 12 courses."""
N_USERS = 200
LOAD_SECONDS = 60
N_MOVES = 30
_GPA = re.compile(r"gpa: [\d.]+")
_KNOWS = re.compile(r"background: \[.*\]")
_TOPICS = (
    *("python", "java", "linear algebra", "algorithms", "statistics", "calculus"),
    *("operating systems", "probability"),
)
_HAS = re.compile(r"total: USD [\d,]+")
_VERSION = re.compile(r'data-version="(\d+)"')
_CARD = re.compile(r'data-card="([^"]+)"')
_PERIOD = re.compile(r'class="column[^"]*"[^>]*data-period="([^"]+)"')


@dataclass(slots=True)
class Browsing:
    """Somebody who asks a server, with cookies and the token of its forms."""

    address: str
    opener: urllib.request.OpenerDirector
    jar: CookieJar

    @classmethod
    def at(cls, address: str) -> Browsing:
        """Begin at the start page."""
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        browsing = cls(address, opener, jar)
        browsing.get("/")
        return browsing

    def get(self, path: str) -> str:
        """Return a page."""
        with self.opener.open(self.address + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **values: str) -> str:
        """Send a form and return the page that it leads to."""
        token = next(one.value for one in self.jar if one.name == "prospectus_token")
        data = urlencode({"token": token, **values}).encode()
        with self.opener.open(self.address + path, data, timeout=120) as answer:
            return str(answer.read().decode())


def measure() -> Iterator[Measurement]:
    """Yield the figures of the web application."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "work.db"
        student, record, others = _filled(database)
        with _serving(database, workers=1) as address:
            asking = Browsing.at(address)
            boards = [_new_board(asking, student, way) for way in WAYS]
            yield _first_page(asking)
            yield from _pages(asking, student, record, boards[0])
            yield from _in_browser(address, boards[0])
            yield from _repairs(address, boards)
            boards = [_new_board(asking, each, WAYS[0], "empty") for each in others]
            cards = asking.get(_new_board(asking, student, WAYS[0]))
            course, period = _CARD.findall(cards)[0], _PERIOD.findall(cards)[1]
            for board in boards:
                version = _version(asking.get(board))
                asking.post(f"{board}/add", version=version, course=course, period=period)
        with _serving(database, workers=2) as address:
            yield from _load(address, boards)


def _filled(database: Path) -> tuple[str, str, list[str]]:
    """Return the ids of a student document, a record and `N_USERS` more documents, no two alike."""
    from prospectus.app.workspace import Workspace

    text = STUDENT.read_text("utf-8")
    with Workspace.open(database) as workspace:
        student = workspace.students.add("Arjun", text)
        others = [workspace.students.add(f"user {n}", _another(text, n)).id for n in range(N_USERS)]
        record = workspace.records.add(
            name="sample", file_name=RECORD.name, kind="yaml", content=RECORD.read_bytes()
        )
    return student.id, record.id, others


def _another(text: str, n: int) -> str:
    """Return a document of other facts and other wishes: what is kept for one serves no other."""
    knows = ", ".join(topic for place, topic in enumerate(_TOPICS) if n >> place & 1)
    text = _GPA.sub(f"gpa: {2.8 + n / 200:.3f}", _HAS.sub(f"total: USD {60_000 + n}", text))
    return _KNOWS.sub(f"background: [{knows}]", text)


@contextmanager
def _serving(database: Path, workers: int) -> Iterator[str]:
    """Run a server while somebody asks it, and yield its address."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [
        *(sys.executable, "-m", "prospectus.cli.main", "serve", "--no-browser", "--quiet"),
        *("--port", str(port), "--database", str(database), "--today", TODAY),
        *("--workers", str(workers)),
    ]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except OSError:
                if time.monotonic() > end or running.poll() is not None:
                    raise
                time.sleep(0.2)
        yield address
    finally:
        running.terminate()
        running.wait(timeout=60)


def _new_board(asking: Browsing, student: str, way: str, start: str = "planned") -> str:
    """Return the address of a new board."""
    page = asking.post("/boards", student=student, way=way, start=start, name="measured")
    found = re.search(r'data-board="([^"]+)"', page)
    assert found is not None, "the answer is no board"
    return f"/boards/{found.group(1)}"


def _version(page: str) -> str:
    found = _VERSION.search(page)
    assert found is not None, "the answer is no board"
    return found.group(1)


def _first_page(asking: Browsing) -> Measurement:
    """Return what the start page brings over the line, scripts and styles included."""
    page = asking.get("/")
    parts = ["/", *re.findall(r'(?:href|src)="(/static/[^"]+)"', page)]
    total = 0
    for part in parts:
        request = urllib.request.Request(asking.address + part)
        request.add_header("Accept-Encoding", "gzip")
        with asking.opener.open(request) as answer:
            total += len(answer.read())
    return Measurement(
        id="web.first_page_kb",
        value=total / 1_000,
        unit="kB",
        goal=250,
        note=f"the start page with its {len(parts) - 1} files, as sent",
    )


def _pages(asking: Browsing, student: str, record: str, board: str) -> Iterator[Measurement]:
    """Yield how long pages take from the request to the last byte, each asked again and again."""
    addresses = {
        "start": "/",
        "you": f"/you/{student}",
        "compare": f"/compare/{student}",
        "programmes": "/programmes",
        "programme": "/programmes/gatech-omscs",
        "course": "/programmes/gatech-omscs/courses/CS%207641",
        "boards": "/boards",
        "board": board,
        "calendar": f"{board}/calendar",
        "records": "/records",
        "audit": f"/records/{record}",
    }
    medians: dict[str, float] = {}
    every: list[float] = []
    for name, path in addresses.items():
        asking.get(path)
        times = []
        for _ in range(15):
            begun = time.perf_counter()
            asking.get(path)
            times.append(1_000 * (time.perf_counter() - begun))
        medians[name] = percentile(times, 0.5)
        every += times
    worst = max(medians, key=lambda name: medians[name])
    yield Measurement(
        id="web.page_ms_p50",
        value=percentile(every, 0.5),
        unit="ms",
        goal=100,
        note=f"{len(addresses)} pages, 15 times each, after the first; slowest at the median is "
        f"'{worst}' with {medians[worst]:.0f} ms",
    )
    yield Measurement(
        id="web.page_ms_worst",
        value=medians[worst],
        unit="ms",
        note="; ".join(f"{name} {value:.0f}" for name, value in medians.items()),
    )


def _repairs(address: str, boards: list[str]) -> Iterator[Measurement]:
    """Yield how long repair takes: a card put where it does not fit, two boards at once."""
    times: list[float] = []
    # a process that has not solved yet loads the solver first
    warm = Browsing.at(address)
    for board in boards:
        _break(warm, board, 0)
        warm.post(f"{board}/repair", version=_version(warm.get(board)))

    def mend(mine: list[str]) -> None:
        asking = Browsing.at(address)
        for turn in range(8):
            for board in mine:
                _break(asking, board, turn)
                version = _version(asking.get(board))
                begun = time.perf_counter()
                asking.post(f"{board}/repair", version=version)
                times.append(1_000 * (time.perf_counter() - begun))

    threads = [threading.Thread(target=mend, args=(boards[half::2],)) for half in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield Measurement(
        id="web.repair_ms_p95",
        value=percentile(times, 0.95),
        unit="ms",
        goal=500,
        note=f"{len(times)} boards with a card moved to another period, two at once; median "
        f"{percentile(times, 0.5):.0f} ms",
    )


def _break(asking: Browsing, board: str, turn: int) -> None:
    """Put a card into the first period, or the next one."""
    page = asking.get(board)
    cards, periods = _CARD.findall(page), _PERIOD.findall(page)
    card = cards[turn % len(cards)]
    asking.post(f"{board}/move", version=_version(page), card=card, period=periods[turn % 2])


def _in_browser(address: str, board: str) -> Iterator[Measurement]:
    """Yield the time from sending a move to the board as it is shown then, in Chromium."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if chromium is None:
        print("web.card_move_ms_p95: no Chromium; `make browser` installs it", file=sys.stderr)
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=args)
        page = browser.new_page(base_url=address)
        page.goto(board)
        times = [page.evaluate(_MOVE, turn) for turn in range(N_MOVES + 3)][3:]
        browser.close()
    yield Measurement(
        id="web.card_move_ms_p95",
        value=percentile(times, 0.95),
        unit="ms",
        goal=100,
        note=f"{N_MOVES} moves, from sending to the next frame with the checked board; median "
        f"{percentile(times, 0.5):.0f} ms",
    )


_MOVE = """(turn) => new Promise((resolve) => {
  const board = document.getElementById("board");
  const cards = [...board.querySelectorAll("[data-card]")];
  const card = cards[turn % cards.length].dataset.card;
  const columns = [...board.querySelectorAll(".column")];
  const period = columns[turn % columns.length].dataset.period;
  const begun = performance.now();
  document.body.addEventListener("htmx:afterSettle", () => {
    requestAnimationFrame(() => resolve(performance.now() - begun));
  }, { once: true });
  htmx.ajax("POST", `/boards/${board.dataset.board}/move`, {
    target: "#board", swap: "outerHTML",
    values: { version: board.dataset.version, card, period },
  });
})"""


def _load(address: str, boards: list[str]) -> Iterator[Measurement]:
    """Yield the answer times of many users at once, as locust measures them."""
    try:
        import locust  # noqa: F401
    except ImportError:
        print("web.load_p95_ms: no locust; pip install 'prospectus[bench]'", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "load"
        subprocess.run(
            [
                *(sys.executable, "-m", "locust", "-f", str(HERE / "web_users.py")),
                *("--headless", "--users", str(N_USERS), "--spawn-rate", "10"),
                *("--run-time", f"{LOAD_SECONDS}s", "--host", address),
                *("--csv", str(out), "--only-summary", "--exit-code-on-error", "0"),
            ],
            env={**os.environ, "WEB_BOARDS": ",".join(boards)},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with Path(f"{out}_stats.csv").open(encoding="utf-8", newline="") as file:
            total = next(row for row in csv.DictReader(file) if row["Name"] == "Aggregated")
        with Path(f"{out}_failures.csv").open(encoding="utf-8", newline="") as file:
            why = "; ".join(f"{row['Name']}: {row['Error']}" for row in csv.DictReader(file))
    yield Measurement(
        id="web.load_p95_ms",
        value=float(total["95%"]),
        unit="ms",
        goal=500,
        note=f"{N_USERS} users, each with a document of their own, think time 2 to 8 s, a move in "
        f"three requests, two workers, {LOAD_SECONDS} s; {total['Request Count']} requests, "
        f"{total['Failure Count']} failed{f' ({why})' if why else ''}",
    )
