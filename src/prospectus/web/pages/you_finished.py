"""The finished courses of a person's document: search, add, remove, take from a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from prospectus.app.student_form_finished import SOURCES, STATUSES
from prospectus.app.student_work import StudentState, StudentWork
from prospectus.domain.course import Course
from prospectus.domain.errors import Fault, ProspectusError, StaleError
from prospectus.web.asked import AskedRendering
from prospectus.web.faults import status_of
from prospectus.web.pages.you import Uploaded, Version, Work, remembered
from prospectus.web.rendering import Rendering, turn_to

router = APIRouter(prefix="/you", tags=["pages"], include_in_schema=False)

Word = Annotated[str, Form()]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedPage:
    """The finished courses, the courses that a search found, and what could not be taken."""

    title: str
    state: StudentState
    asked: str = ""
    found: tuple[Course, ...] = ()
    faults: tuple[Fault, ...] = ()
    programs: tuple[tuple[str, str], ...] = ()
    statuses: tuple[tuple[str, str], ...] = STATUSES
    sources: tuple[tuple[str, str], ...] = SOURCES


@router.get("/{student}/finished")
def show_finished(
    request: Request, work: Work, rendering: AskedRendering, student: str, q: str = ""
) -> Response:
    """Show the finished courses, with what a search found."""
    state = work.open(student)
    request.state.student = student
    page = FinishedPage(
        title="Finished courses",
        state=state,
        asked=q,
        found=work.search(student, q),
        programs=work.programs(),
    )
    answer = rendering.page(request, "you_finished.html", page, block="found")
    return remembered(request, answer, student)


@router.post("/{student}/finished")
def add(
    request: Request,
    work: Work,
    rendering: AskedRendering,
    student: str,
    version: Version,
    course: Word = "",
    written: Word = "",
    period: Word = "",
    grade: Word = "",
    status: Word = "",
    source: Word = "",
    credits: Word = "",
) -> Response:
    """Add a finished course: one that was found, or by a code that was written."""
    is_open = status in ("in progress", "registered")
    line = {
        "course": written.strip() or course,
        "expected_grade" if is_open else "grade": grade,
        "period": period,
        "status": status,
        "source": source,
        "credits": credits,
    }
    try:
        state = work.add_finished(student, version, line)
    except StaleError:
        raise
    except ProspectusError as error:
        return _refused(request, work, rendering, student, error)
    return _shown(request, student, state)


@router.post("/{student}/finished/remove")
def remove(
    request: Request,
    work: Work,
    student: str,
    version: Version,
    index: Annotated[int, Form(ge=0)],
    course: Word = "",
) -> Response:
    """Remove a finished course."""
    return _shown(request, student, work.remove_finished(student, version, index, course))


@router.post("/{student}/finished/upload")
def take(
    request: Request,
    work: Work,
    rendering: AskedRendering,
    student: str,
    version: Version,
    file: Uploaded,
    program: Word = "",
) -> Response:
    """Take the courses of a record over."""
    try:
        state = work.take_record(student, version, file.name, file.content, program)
    except StaleError:
        raise
    except ProspectusError as error:
        return _refused(request, work, rendering, student, error)
    return _shown(request, student, state)


def _refused(
    request: Request,
    work: StudentWork,
    rendering: Rendering,
    student: str,
    error: ProspectusError,
) -> Response:
    request.state.student = student
    page = FinishedPage(
        title="Finished courses",
        state=work.open(student),
        faults=error.faults,
        programs=work.programs(),
    )
    return rendering.page(request, "you_finished.html", page, status=status_of(error))


def _shown(request: Request, student: str, state: StudentState) -> Response:
    return turn_to(request, f"/you/{student}/finished", said=state.said)
