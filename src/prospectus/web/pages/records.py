"""Degree audits: upload a record, see the tree, suppose something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from starlette.responses import Response

from prospectus.app.audit_report import AuditContext, audit_context
from prospectus.app.library import Library
from prospectus.app.program_names import program_names
from prospectus.app.record_what_if import Offers, Supposed, offers
from prospectus.app.record_work import RecordWork
from prospectus.app.workspace import KeptRecord, Workspace
from prospectus.domain.errors import Fault, ProspectusError
from prospectus.web.asked import AskedDay, AskedLibrary, AskedRendering, AskedWorkspace
from prospectus.web.faults import status_of
from prospectus.web.rendering import turn_to

router = APIRouter(prefix="/records", tags=["pages"], include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsPage:
    """The records that are kept, and the programmes that one may be audited under.

    `faults` are those of a file that was sent for `program` and not kept.
    """

    title: str
    records: tuple[KeptRecord, ...]
    programs: tuple[tuple[str, str], ...]
    program: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """One record with its audit, and what was supposed of it."""

    title: str
    kept: KeptRecord
    audit: AuditContext
    supposed: Supposed
    offers: Offers
    programs: tuple[tuple[str, str], ...]
    is_ranked: bool


def _work(workspace: AskedWorkspace, library: AskedLibrary, today: AskedDay) -> RecordWork:
    return RecordWork(workspace=workspace, library=library, today=today)


Work = Annotated[RecordWork, Depends(_work)]
Several = Annotated[list[str] | None, Query()]


@router.get("")
def list_records(
    request: Request, workspace: AskedWorkspace, library: AskedLibrary, rendering: AskedRendering
) -> Response:
    """Show the records, and the form of an upload."""
    page = _records(workspace, library)
    return rendering.page(request, "records.html", page)


@router.post("")
def upload(
    request: Request,
    work: Work,
    rendering: AskedRendering,
    file: Annotated[UploadFile, File()],
    program: Annotated[str, Form()] = "",
) -> Response:
    """Keep a record and show its audit."""
    # not `async`: an audit takes seconds, and other requests must go on meanwhile
    try:
        kept = work.add("", file.filename or "", file.file.read(), program)
    except ProspectusError as error:
        page = _records(work.workspace, work.library, program, error.faults)
        return rendering.page(request, "records.html", page, status=status_of(error))
    return turn_to(request, f"/records/{kept.id}")


@router.get("/{record}")
def show_record(
    request: Request,
    work: Work,
    library: AskedLibrary,
    rendering: AskedRendering,
    record: str,
    suppose: Several = None,
    choice: Several = None,
    course: str = "",
    grade: str = "",
    again: str = "",
    instead: str = "",
    year: str = "",
    under: str = "",
    ranked: str = "",
) -> Response:
    """Show a record's audit, with what is supposed."""
    supposed = Supposed(
        courses=course.strip(),
        grade=grade.strip(),
        again=again.strip(),
        instead=instead.strip(),
        choices=tuple(choice or ()),
        year=year,
        under=under,
        more=tuple(suppose or ()),
    )
    kept, answer = work.audit(record, supposed.texts, all_choices=bool(ranked))
    page = RecordPage(
        title=kept.name,
        kept=kept,
        audit=audit_context(answer, on_page=True),
        supposed=supposed,
        offers=offers(library, answer.program, answer.catalog_year),
        programs=program_names(library),
        is_ranked=bool(ranked),
    )
    return rendering.page(request, "record.html", page)


@router.post("/{record}/remove")
def remove(
    request: Request,
    workspace: AskedWorkspace,
    record: str,
    version: Annotated[int, Form(ge=0)],
) -> Response:
    """Forget a record."""
    workspace.records.remove(record, version=version)
    return turn_to(request, "/records")


def _records(
    workspace: Workspace, library: Library, program: str = "", faults: tuple[Fault, ...] = ()
) -> RecordsPage:
    return RecordsPage(
        title="Degree audit",
        records=workspace.records.all(),
        programs=program_names(library),
        program=program,
        faults=faults,
    )
