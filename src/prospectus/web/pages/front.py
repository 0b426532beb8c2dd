"""Other plans for a board, worked out as a job."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from prospectus.app.board_source import cards_as_text
from prospectus.app.front_work import Others
from prospectus.web.asked import AskedFront, AskedRendering
from prospectus.web.rendering import turn_to

router = APIRouter(prefix="/boards", tags=["pages"], include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OthersPage:
    """Other plans for a board; `texts` are their cards as a form sends them back."""

    title: str
    found: Others
    texts: tuple[str, ...]
    address: str


@router.get("/{board}/others")
def show_others(
    request: Request, work: AskedFront, rendering: AskedRendering, board: str
) -> Response:
    """Show other plans for a board, and begin to look for them where nobody did."""
    found = work.look(board)
    plans = () if found.answer is None else found.answer.plans
    page = OthersPage(
        title=f"Other plans for {found.kept.name}",
        found=found,
        texts=tuple(cards_as_text(plan.cards) for plan in plans),
        address=others_address(found.kept.id),
    )
    return rendering.page(request, "board_others.html", page, block="others")


@router.post("/{board}/others")
def look_again(request: Request, work: AskedFront, board: str) -> Response:
    """Look anew where looking failed or was stopped."""
    found = work.look(board, again=True)
    return turn_to(request, others_address(found.kept.id))


def others_address(board: str) -> str:
    """Return the page of a board's other plans."""
    return f"/boards/{board}/others"
