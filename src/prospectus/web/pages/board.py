"""One plan board: its cards, what they break, and every action on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from prospectus.app.board_answers import Column, Repaired, Spot
from prospectus.app.board_case import keyed
from prospectus.app.board_check import card_named
from prospectus.app.board_source import cards_in_text, cards_kept
from prospectus.app.board_why import WhyHere
from prospectus.app.board_work import BoardState, BoardWork
from prospectus.app.program_names import way_name
from prospectus.app.workspace import KeptBoard
from prospectus.domain.errors import Fault, InternalError, ProspectusError, StaleError
from prospectus.web.asked import AskedDay, AskedLibrary, AskedRendering, AskedWorkspace
from prospectus.web.faults import status_of
from prospectus.web.pages.board_parts import (
    Changes,
    Wanted,
    broken_periods,
    changes_since,
    marks_of,
    part_name,
)
from prospectus.web.rendering import Rendering, is_fragment, turn_to

router = APIRouter(prefix="/boards", tags=["pages"], include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """One board: its state, what repair said last, what could not be done, courses to add.

    `marks` are those of its parts; with `changes` only the parts that they name are shown;
    `wanted` is a change that was made from an older version, and may be made again.
    `document` is the version of the details, which a way out changes; `whose` and `way` name the
    person, and the programme with its track.
    """

    title: str
    state: BoardState
    repaired: Repaired | None
    faults: tuple[Fault, ...]
    courses: tuple[tuple[str, str], ...]
    marks: Mapping[str, str]
    document: int
    whose: str
    way: str
    wanted: Wanted | None = None
    changes: Changes | None = None

    @property
    def broken(self) -> tuple[Column, ...]:
        """Return the periods in which something is broken."""
        return broken_periods(self.state.view)

    def name_of(self, column: Column) -> str:
        """Return the name of the part that is a period."""
        return part_name(column)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenBoardPage:
    """A board that cannot be shown: its cards as they are kept, and what to mend.

    `is_gone`: courses or periods on it are no longer in the catalogue, and can be taken off.
    """

    title: str
    kept: KeptBoard
    faults: tuple[Fault, ...]
    is_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotsPage:
    """Where a card could stand; `here` is where it stands."""

    title: str
    kept: KeptBoard
    key: str
    here: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage:
    """Why a card stands where it stands."""

    title: str
    kept: KeptBoard
    why: WhyHere


def _work(
    request: Request, workspace: AskedWorkspace, library: AskedLibrary, today: AskedDay
) -> BoardWork:
    state = request.app.state
    return BoardWork(
        workspace=workspace,
        library=library,
        apart=state.apart,
        today=today,
        catalogs=state.settings.catalogs,
    )


Work = Annotated[BoardWork, Depends(_work)]
Version = Annotated[int, Form(ge=0)]


@dataclass(frozen=True, slots=True)
class _Acting:
    """One action on one board: who asks, from which version of it, and how it is shown then."""

    request: Request
    work: Work
    rendering: AskedRendering
    board: str
    version: Version

    def done(self, act: Callable[[], BoardState], wanted: Wanted | None = None) -> Response:
        """Act, and show the board: in place, or as the page that a form leads to."""
        try:
            state = act()
        except ProspectusError as error:
            return self.refused(error, wanted)
        if is_fragment(self.request):
            return _shown(self.request, self.rendering, state)
        place = f"#{_anchor(state.moved)}" if state.moved else ""
        return turn_to(self.request, f"/boards/{state.kept.id}{place}", said=_told(state))

    def refused(self, error: ProspectusError, wanted: Wanted | None = None) -> Response:
        """Show the board as it is, with what could not be done; one that is gone is a fault.

        What was wanted of an older version can be done again, where its card is still there.
        """
        if isinstance(error, InternalError):
            raise error
        try:
            state = self.work.open(self.board)
        except ProspectusError:
            raise error from None
        return _shown(
            self.request,
            self.rendering,
            state,
            faults=error.faults,
            wanted=wanted if isinstance(error, StaleError) and _is_there(state, wanted) else None,
            status=status_of(error),
        )


def _is_there(state: BoardState, wanted: Wanted | None) -> bool:
    """Return whether the card of a change, if it is one of a card, is on the board."""
    key = None if wanted is None else dict(wanted.fields).get("card")
    return key is None or key in keyed(cards_kept(state.kept.cards))


Acting = Annotated[_Acting, Depends()]
Field = Annotated[str, Form()]
Fields = Annotated[tuple[str, ...], Form(max_length=20)]
Periods = Annotated[int | None, Form(ge=1, le=60)]


@router.get("/{board}")
def show_board(request: Request, work: Work, rendering: AskedRendering, board: str) -> Response:
    """Show a board, or what keeps it from being shown."""
    kept = work.workspace.boards.get(board)
    try:
        state = work.open(board)
    except InternalError:
        raise
    except ProspectusError as error:
        page = BrokenBoardPage(
            title=kept.name,
            kept=kept,
            faults=error.faults,
            is_gone=all(fault.code in ("BRD-001", "BRD-002", "BRD-003") for fault in error.faults),
        )
        return rendering.page(request, "board_broken.html", page, status=status_of(error))
    return _shown(request, rendering, state)


@router.get("/{board}/spots")
def show_spots(
    request: Request, work: Work, rendering: AskedRendering, board: str, card: str
) -> Response:
    """Show where a card could stand."""
    kept, spots = work.workspace.boards.get(board), work.spots(board, card)
    request.state.student = kept.student_id
    page = SpotsPage(
        title=f"Where {card} could stand",
        kept=kept,
        key=card,
        here=card_named(cards_kept(kept.cards), card).period,
        spots=spots,
    )
    return rendering.page(request, "spots.html", page, block="spots")


@router.get("/{board}/why")
def show_why(
    request: Request, work: Work, rendering: AskedRendering, board: str, card: str
) -> Response:
    """Show why a card stands where it stands, with the proven price of another place."""
    kept, why = work.workspace.boards.get(board), work.why(board, card)
    request.state.student = kept.student_id
    page = WhyPage(title=f"Why {why.course} in {why.period}", kept=kept, why=why)
    return rendering.page(request, "board_why.html", page, block="why")


@router.post("/{board}/move")
def move(acting: Acting, card: Field, period: Field, n_periods: Periods = None) -> Response:
    """Move a card."""
    board, version = acting.board, acting.version
    pace = () if n_periods is None else (("n_periods", str(n_periods)),)
    wanted = Wanted(
        text=f"move {card} to {period}",
        verb="move",
        fields=(("card", card), ("period", period), *pace),
    )
    return acting.done(lambda: acting.work.move(board, version, card, period, n_periods), wanted)


@router.post("/{board}/add")
def add(acting: Acting, course: Field, period: Field) -> Response:
    """Add a card."""
    fields = (("course", course), ("period", period))
    wanted = Wanted(text=f"add {course} in {period}", verb="add", fields=fields)
    return acting.done(
        lambda: acting.work.add(acting.board, acting.version, course, period), wanted
    )


@router.post("/{board}/remove")
def remove(acting: Acting, card: Field) -> Response:
    """Take a card off."""
    wanted = Wanted(text=f"take {card} off", verb="remove", fields=(("card", card),))
    return acting.done(lambda: acting.work.remove(acting.board, acting.version, card), wanted)


@router.post("/{board}/pin")
def pin(acting: Acting, card: Field, pinned: Field = "") -> Response:
    """Pin a card, or let it go."""
    board, version = acting.board, acting.version
    wanted = Wanted(
        text=f"{'pin' if pinned == 'yes' else 'unpin'} {card}",
        verb="pin",
        fields=(("card", card), ("pinned", pinned)),
    )
    return acting.done(
        lambda: acting.work.pin(board, version, card, is_pinned=pinned == "yes"), wanted
    )


@router.post("/{board}/undo")
def undo(acting: Acting) -> Response:
    """Take the last action back."""
    return acting.done(lambda: acting.work.undo(acting.board, acting.version))


@router.post("/{board}/redo")
def redo(acting: Acting) -> Response:
    """Do again what was taken back."""
    return acting.done(lambda: acting.work.redo(acting.board, acting.version))


@router.post("/{board}/put")
def put(acting: Acting, cards: Field) -> Response:
    """Put another plan on the board."""
    wanted = Wanted(text="put the other plan on it", verb="put", fields=(("cards", cards),))
    return acting.done(
        lambda: acting.work.put(acting.board, acting.version, cards_in_text(cards)), wanted
    )


@router.post("/{board}/tidy")
def tidy(acting: Acting) -> Response:
    """Take off what the catalogue no longer has."""
    return acting.done(lambda: acting.work.tidy(acting.board, acting.version))


@router.post("/{board}/repair")
def repair(acting: Acting) -> Response:
    """Mend the board by the planner."""
    try:
        state, found = acting.work.repair(acting.board, acting.version)
    except ProspectusError as error:
        return acting.refused(error, Wanted(text="repair it", verb="repair", fields=()))
    return _shown(acting.request, acting.rendering, state, repaired=found)


@router.post("/{board}/ease")
def ease(
    acting: Acting, document: Annotated[int, Form(ge=0)], change: Fields = (), free: Fields = ()
) -> Response:
    """Change the details, or let pinned cards go, as a way out says; then mend the board."""
    try:
        state, found = acting.work.ease(
            acting.board, acting.version, document, changes_in(change), free
        )
    except ProspectusError as error:
        return acting.refused(error)
    return _shown(acting.request, acting.rendering, state, repaired=found)


def changes_in(lines: Sequence[str]) -> dict[str, str]:
    """Return what fields of the details are to say: each line is a field, `=` and its words."""
    return {name: words for name, _, words in (line.partition("=") for line in lines)}


def _shown(
    request: Request,
    rendering: Rendering,
    state: BoardState,
    *,
    repaired: Repaired | None = None,
    faults: tuple[Fault, ...] = (),
    wanted: Wanted | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    kept = state.kept
    request.state.student = kept.student_id
    on_board = {card.course for card in kept.cards}
    page = BoardPage(
        title=kept.name,
        state=state,
        repaired=repaired,
        faults=faults,
        wanted=wanted,
        document=state.document,
        whose=state.case.student.name,
        way=way_name(state.case.library, kept.program, kept.track),
        courses=tuple(one for one in state.case.begun if one[0] not in on_board),
        marks=marks_of(
            state.view, (kept.undo_says, kept.redo_says), (faults, repaired, wanted), on_board
        ),
    )
    if not is_fragment(request):
        return rendering.page(request, "board.html", page, status=status)
    said = "; ".join(fault.what for fault in faults) or _told(state)
    # what leaves something broken is no success
    tone = "warn" if faults or state.view.n_broken or _is_hopeless(repaired) else ""
    focus = "refused" if faults else _anchor(state.moved) if state.moved else "verdict"
    # a header holds plain letters alone: json writes the others as escapes
    headers = {
        "HX-Trigger": json.dumps({"said": {"value": said, "tone": tone}}),
        "HX-Trigger-After-Settle": json.dumps(
            {"boardShown": {"version": kept.version, "focusOn": focus}}
        ),
    }
    changes = changes_since(request, page.marks)
    if changes is None:
        return rendering.page(
            request, "board.html", page, status=status, block="board", headers=headers
        )
    return rendering.page(
        request,
        "board_changes.html",
        replace(page, changes=changes),
        status=status,
        block="changes",
        headers={**headers, "HX-Reswap": "none"},
    )


def _is_hopeless(found: Repaired | None) -> bool:
    """Return whether repair was asked for and no plan exists."""
    return found is not None and found.cards is None


def _told(state: BoardState) -> str:
    """Return what was done and what is broken by it, to be read out."""
    if not state.said:
        return state.view.summary
    broken = [
        text
        for column in state.view.columns
        for card in column.cards
        if card.key == state.moved
        for text in (*card.broken, *(f"{column.id}: {one}" for one in column.broken))
    ]
    return ". ".join([state.said.rstrip("."), *broken[:3]]) + "."


def _anchor(key: str) -> str:
    return "card-" + key.replace(" ", "-")
