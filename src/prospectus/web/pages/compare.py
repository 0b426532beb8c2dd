"""The comparison: programmes side by side for one person, worked out as a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from prospectus.app.catalog_answers import ProgramLine
from prospectus.app.compare_view import SORTS, Filters, Shown, shown
from prospectus.app.compare_work import CompareWork, Comparison, Otherwise, as_fields
from prospectus.domain.errors import Fault, UsageError
from prospectus.web.asked import (
    AskedDay,
    AskedDocuments,
    AskedPrograms,
    AskedRendering,
    AskedWorkspace,
)
from prospectus.web.rendering import Rendering, turn_to

router = APIRouter(prefix="/compare", tags=["pages"], include_in_schema=False)

_HEADS = ("name", "admitted", "finish", "months", "cost", "peak")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a column; `address` shows the rows sorted by it, "" where they cannot be."""

    text: str
    address: str
    is_sorted: bool
    is_figure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """A comparison: what was asked, the job that looks for it, or what was found.

    `wrong` has what is wrong with each field of the two forms, by its name; `points` the chart's
    ways as JSON text is made of them. `plan_to` begins the address of a plan, which the way ends,
    and `later_to` that of the same question for another first day, which the day ends.
    """

    title: str
    found: Comparison
    shown: Shown | None
    filters: Filters
    heads: tuple[Head, ...]
    points: tuple[dict[str, str | float | bool], ...]
    wrong: dict[str, str]
    address: str
    plain_address: str
    plan_to: str
    later_to: str


def _work(request: Request, workspace: AskedWorkspace, today: AskedDay) -> CompareWork:
    catalogs = request.app.state.settings.catalogs
    return CompareWork(workspace=workspace, today=today, catalogs=catalogs)


def _sent(
    hours: Annotated[str, Form()] = "",
    total: Annotated[str, Form()] = "",
    per_year: Annotated[str, Form()] = "",
    start: Annotated[str, Form()] = "",
) -> Otherwise:
    return Otherwise(hours=hours, total=total, per_year=per_year, start=start)


Work = Annotated[CompareWork, Depends(_work)]


@router.get("/{student}")
def show_comparison(
    request: Request,
    work: Work,
    programs: AskedPrograms,
    rendering: AskedRendering,
    student: str,
    otherwise: Annotated[Otherwise, Depends()],
    filters: Annotated[Filters, Depends()],
) -> Response:
    """Show a comparison, and begin it where it was never asked for."""
    found = work.look(student, otherwise, instead=True)
    return _page(request, rendering, found, filters, programs.lines())


@router.post("/{student}")
def compare_again(
    request: Request,
    work: Work,
    student: str,
    otherwise: Annotated[Otherwise, Depends(_sent)],
) -> Response:
    """Begin a comparison anew that failed or was stopped."""
    work.look(student, otherwise, again=True, instead=True)
    return turn_to(request, compare_address(student, **asdict(otherwise)))


@router.post("/{student}/keep")
def keep(
    request: Request,
    work: Work,
    documents: AskedDocuments,
    student: str,
    version: Annotated[int, Form(ge=0)],
    otherwise: Annotated[Otherwise, Depends(_sent)],
    way: Annotated[str, Form()] = "",
) -> Response:
    """Write what is supposed into the document; with a way, a plan of it comes next."""
    found = work.read(student, otherwise)
    if found.faults:
        raise UsageError(faults=found.faults)
    documents.save(student, version, as_fields(found))
    if way:
        return turn_to(request, plan_address(student, way=way))
    return turn_to(request, compare_address(student))


def compare_address(student: str, **asked: str) -> str:
    """Return the address of a comparison; what is "" is left out."""
    said = urlencode({name: text for name, text in asked.items() if text})
    return f"/compare/{quote(student, safe='')}{'?' if said else ''}{said}"


def plan_address(student: str, **asked: str) -> str:
    """Return the address of the form of a new plan; what is "" is left out."""
    said = urlencode({name: text for name, text in asked.items() if text}, safe="/")
    return f"/boards?student={quote(student, safe='')}{'&' if said else ''}{said}"


def _page(
    request: Request,
    rendering: Rendering,
    found: Comparison,
    filters: Filters,
    lines: Sequence[ProgramLine],
) -> Response:
    student = found.student
    # whose pages the navigation links to
    request.state.student = student.id
    view = None if found.answer is None else shown(found.answer, filters, lines)
    faults = (*found.faults, *(view.faults if view is not None else ()))
    plain = compare_address(student.id, **asdict(found.otherwise))
    without_start = compare_address(student.id, **asdict(replace(found.otherwise, start="")))
    page = ComparePage(
        title=f"Programmes compared{f' for {student.name}' if student.name else ''}",
        found=found,
        shown=view,
        filters=filters,
        heads=() if view is None else _heads(found, view, filters),
        points=() if view is None else tuple(_point(view)),
        wrong={fault.at.field: _said(fault) for fault in faults},
        address=compare_address(student.id, **asdict(found.otherwise), **asdict(filters)),
        plain_address=plain,
        plan_to=f"{plan_address(student.id, **asdict(found.otherwise))}&way=",
        later_to=f"{without_start}{'&' if '?' in without_start else '?'}start=",
    )
    # the form of what is supposed is left alone while it may be typed in
    is_asked = request.headers.get("hx-target") == "asked"
    block = "asked" if is_asked else "comparison"
    return rendering.page(request, "compare.html", page, block=block)


def _heads(found: Comparison, view: Shown, filters: Filters) -> tuple[Head, ...]:
    by = filters.sort if filters.sort in SORTS else SORTS[0]
    heads = []
    for place, text in enumerate(view.report.columns):
        sort = _HEADS[place] if place < len(_HEADS) else ""
        asked = {**asdict(found.otherwise), **asdict(replace(filters, sort=sort))}
        heads.append(
            Head(
                text=text,
                address=compare_address(found.student.id, **asked) if sort else "",
                is_sorted=sort == by,
                is_figure=sort in ("finish", "months", "cost", "peak"),
            )
        )
    return tuple(heads)


def _point(view: Shown) -> list[dict[str, str | float | bool]]:
    return [
        {
            "number": one.number,
            "name": one.name,
            "finish": one.finish.isoformat(),
            "month": one.month,
            "cost": one.cost,
            "costText": one.cost_text,
            "peak": one.peak,
            "isBeaten": one.is_beaten,
        }
        for one in view.points
    ]


def _said(fault: Fault) -> str:
    return f"{fault.what}: {fault.page_fix}"
