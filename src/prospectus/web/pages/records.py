"""Degree audits: upload a record, see the tree, suppose something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from starlette.responses import Response

from prospectus.app.audit_report import AuditContext, audit_context
from prospectus.app.record_work import RecordWork
from prospectus.app.workspace import KeptRecord
from prospectus.web.asked import AskedDay, AskedLibrary, AskedRendering, AskedWorkspace
from prospectus.web.rendering import turn_to

router = APIRouter(prefix="/records", tags=["pages"], include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsPage:
    """The records that are kept, and the programmes that one may be audited under."""

    title: str
    records: tuple[KeptRecord, ...]
    programs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """One record with its audit, and what was supposed of it."""

    title: str
    kept: KeptRecord
    audit: AuditContext
    supposed: tuple[str, ...]
    programs: tuple[tuple[str, str], ...]
    is_ranked: bool


def _work(workspace: AskedWorkspace, library: AskedLibrary, today: AskedDay) -> RecordWork:
    return RecordWork(workspace=workspace, library=library, today=today)


Work = Annotated[RecordWork, Depends(_work)]


def _programs(library: AskedLibrary) -> tuple[tuple[str, str], ...]:
    found = ((name, library.named(name).name) for name in library.ids())
    return tuple(sorted(found, key=lambda pair: pair[1]))


@router.get("")
def list_records(
    request: Request, workspace: AskedWorkspace, library: AskedLibrary, rendering: AskedRendering
) -> Response:
    """Show the records, and the form of an upload."""
    page = RecordsPage(
        title="Degree audit", records=workspace.records.all(), programs=_programs(library)
    )
    return rendering.page(request, "records.html", page)


@router.post("")
def upload(
    request: Request,
    work: Work,
    file: Annotated[UploadFile, File()],
    program: Annotated[str, Form()] = "",
) -> Response:
    """Keep a record and show its audit."""
    # not `async`: an audit takes seconds, and other requests must go on meanwhile
    kept = work.add("", file.filename or "", file.file.read(), program)
    return turn_to(request, f"/records/{kept.id}")


@router.get("/{record}")
def show_record(
    request: Request,
    work: Work,
    library: AskedLibrary,
    rendering: AskedRendering,
    record: str,
    suppose: Annotated[list[str] | None, Query()] = None,
    under: str = "",
    ranked: str = "",
) -> Response:
    """Show a record's audit, with what is supposed."""
    supposed = tuple(text for text in suppose or () if text.strip())
    asked = (*supposed, *((f"program={under}",) if under else ()))
    kept, answer = work.audit(record, asked, all_choices=bool(ranked))
    page = RecordPage(
        title=kept.name,
        kept=kept,
        audit=audit_context(answer),
        supposed=supposed,
        programs=_programs(library),
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
