"""A person's document: seven questions, the rest of the form, and the text itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from starlette.responses import Response

from prospectus.app.student_form import StudentForm
from prospectus.app.student_work import Difference, StudentState, StudentWork, zones
from prospectus.app.workspace import KeptStudent
from prospectus.domain.errors import Fault, ProspectusError, StaleError
from prospectus.web.asked import AskedDocuments, AskedRendering
from prospectus.web.faults import status_of
from prospectus.web.rendering import STUDENT, Rendering, is_fragment, turn_to

router = APIRouter(prefix="/you", tags=["pages"], include_in_schema=False)

_A_YEAR = 365 * 24 * 3600
# fields that change which others there are
_TURNING = frozenset({"program", "catalog_year"})
# what a script saw in a field, and what it has sent of it without an answer yet
_SEEN = ("was.", "sent.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPage:
    """The seven questions, and what is wrong with a file that was sent instead."""

    title: str
    form: StudentForm
    faults: tuple[Fault, ...] = ()
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class YouPage:
    """A document as a form; `is_part` and `is_turned` say what a script asks to have anew."""

    title: str
    state: StudentState
    is_part: bool = False
    is_turned: bool = False
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPage:
    """A document as text."""

    title: str
    state: StudentState


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPage:
    """A document that was changed meanwhile: what was sent, and what is kept.

    `differences` are fields, `text` is a whole text that was sent; one of the two is empty.
    """

    title: str
    kept: KeptStudent
    differences: tuple[Difference, ...] = ()
    text: str = ""


async def _sent(request: Request) -> dict[str, str]:
    """Return what a form says; a name that comes more than once has a line for each."""
    sent: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            sent.setdefault(name, []).append(value)
    return {
        name: "\n".join(value for value in values if value.strip()) for name, values in sent.items()
    }


def _seen(sent: dict[str, str]) -> dict[str, tuple[str, ...]] | None:
    """Return what a script says that each field showed; None without one."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in sent.items():
        for start in _SEEN:
            if name.startswith(start):
                key = name.removeprefix(start)
                found[key] = (*found.get(key, ()), value)
    return found or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that was sent, by the name that its sender gave it."""

    name: str
    content: bytes


async def _uploaded(file: Annotated[UploadFile, File()]) -> Upload:
    return Upload(name=file.filename or "", content=await file.read())


Work = AskedDocuments
Uploaded = Annotated[Upload, Depends(_uploaded)]
Sent = Annotated[dict[str, str], Depends(_sent)]
Version = Annotated[int, Form(ge=0)]


@router.get("/new")
def ask_anew(request: Request, work: Work, rendering: AskedRendering) -> Response:
    """Show the seven questions."""
    return rendering.page(request, "you_new.html", _new(work))


@router.post("/new")
def create(request: Request, work: Work, rendering: AskedRendering, sent: Sent) -> Response:
    """Keep a new document, with faults or without, and show it."""
    state = work.create(sent)
    if state.is_refused:
        return _form(request, rendering, state)
    return turn_to(request, f"/you/{state.kept.id}", said="Saved")


@router.post("/upload")
def upload(request: Request, work: Work, rendering: AskedRendering, file: Uploaded) -> Response:
    """Keep the document in a file and show it."""
    try:
        kept = work.take(file.content)
    except ProspectusError as error:
        page = _new(work, error.faults)
        return rendering.page(request, "you_new.html", page, status=status_of(error))
    return turn_to(request, f"/you/{kept.id}")


@router.get("/{student}.yaml")
def download(work: Work, student: str) -> Response:
    """Return the text as it is kept."""
    kept = work.open(student).kept
    name = re.sub(r"[^a-z0-9]+", "-", kept.name.lower()).strip("-") or "me"
    headers = {"content-disposition": f'attachment; filename="{name}.yaml"'}
    return Response(kept.text, media_type="application/yaml; charset=utf-8", headers=headers)


@router.get("/{student}")
def show(request: Request, work: Work, rendering: AskedRendering, student: str) -> Response:
    """Show a document as a form; what is no document, as text."""
    state = work.open(student)
    if not state.form.is_read:
        return _text(request, rendering, state)
    return _form(request, rendering, state)


@router.post("/{student}")
def save(
    request: Request,
    work: Work,
    rendering: AskedRendering,
    student: str,
    version: Version,
    sent: Sent,
) -> Response:
    """Keep what a form says."""
    said = {key: value for key, value in sent.items() if not key.startswith(_SEEN)}
    try:
        state = work.save(student, version, said, _seen(sent))
    except StaleError as error:
        page = ConflictPage(
            title="Changed elsewhere",
            kept=work.open(student).kept,
            differences=work.differences(student, said),
        )
        return _conflict(request, rendering, page, error)
    if is_fragment(request) or state.is_refused:
        return _form(request, rendering, state, is_turned=bool(_TURNING & said.keys()))
    return turn_to(request, f"/you/{student}", said="Saved")


@router.get("/{student}/text")
def show_text(request: Request, work: Work, rendering: AskedRendering, student: str) -> Response:
    """Show a document as text."""
    return _text(request, rendering, work.open(student))


@router.post("/{student}/text")
def save_text(
    request: Request,
    work: Work,
    rendering: AskedRendering,
    student: str,
    version: Version,
    text: Annotated[str, Form()] = "",
) -> Response:
    """Keep a text as it is, with faults or without."""
    try:
        work.save_text(student, version, text)
    except StaleError as error:
        page = ConflictPage(title="Changed elsewhere", kept=work.open(student).kept, text=text)
        return _conflict(request, rendering, page, error)
    return turn_to(request, f"/you/{student}/text", said="Saved")


@router.post("/{student}/remove")
def remove(request: Request, work: Work, student: str, version: Version) -> Response:
    """Forget a document with its plans."""
    work.remove(student, version)
    answer = turn_to(request, "/")
    if request.cookies.get(STUDENT) == student:
        answer.delete_cookie(STUDENT, httponly=True, samesite="lax")
    return answer


def remembered(request: Request, answer: Response, student: str) -> Response:
    """Return the answer that lets later pages link to whose pages these are."""
    if request.cookies.get(STUDENT) != student:
        answer.set_cookie(STUDENT, student, max_age=_A_YEAR, httponly=True, samesite="lax")
    return answer


def _new(work: StudentWork, faults: tuple[Fault, ...] = ()) -> NewPage:
    return NewPage(title="About you", form=work.blank(), faults=faults, zones=zones())


def _form(
    request: Request, rendering: Rendering, state: StudentState, *, is_turned: bool = False
) -> Response:
    request.state.student = state.kept.id
    page = YouPage(
        title=state.kept.name or "Your details",
        state=state,
        is_part=is_fragment(request),
        is_turned=is_turned,
        zones=zones(),
    )
    answer = rendering.page(request, "you.html", page, block="state")
    return remembered(request, answer, state.kept.id)


def _text(request: Request, rendering: Rendering, state: StudentState) -> Response:
    request.state.student = state.kept.id
    page = TextPage(title=state.kept.name or "Your details", state=state)
    return remembered(request, rendering.page(request, "you_text.html", page), state.kept.id)


def _conflict(
    request: Request, rendering: Rendering, page: ConflictPage, error: StaleError
) -> Response:
    request.state.student = page.kept.id
    return rendering.page(
        request, "you_conflict.html", page, status=status_of(error), block="conflict"
    )
