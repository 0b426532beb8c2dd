"""Plan boards by the API: every action answers with the new state, checked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from prospectus.app.board_work import BoardWork
from prospectus.web.api.answers import (
    ASKING,
    CHANGING,
    MOST_NAME,
    Answer,
    AskedVersion,
    Id,
    JsonObject,
    Nothing,
    Removed,
    answered,
    json_object,
)
from prospectus.web.api.board_answers import (
    AddedCard,
    BoardLine,
    BoardOut,
    Changed,
    MovedCard,
    NamedCard,
    NewBoard,
    PinnedCard,
    PutPlan,
    Renamed,
    RepairOut,
    SpotOut,
    board_line,
    board_out,
    laid,
    repair_out,
)
from prospectus.web.api.jobs import Asked, JobOut, job_out
from prospectus.web.asked import AskedDay, AskedFront, AskedLibrary, AskedWorkspace

router = APIRouter(prefix="/boards", tags=["boards"])


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
AskedCard = Annotated[str, Query(max_length=MOST_NAME, description="The key of a card.")]


@router.get("", summary="List the boards", responses=ASKING)
def list_boards(workspace: AskedWorkspace) -> Answer[list[BoardLine]]:
    """List the plan boards, the one that was changed last first."""
    return answered("boards", [board_line(kept) for kept in workspace.boards.all()])


@router.post("", summary="Make a board", status_code=201, responses=CHANGING)
def new_board(work: Work, sent: NewBoard) -> Answer[BoardOut]:
    """Keep a new board, with the best plan on it or with nothing; return it with its check."""
    kept = work.create(
        sent.student, sent.program, sent.track, name=sent.name, is_planned=sent.planned
    )
    return answered("board", board_out(work.open(kept.id)))


@router.get("/{board}", summary="Read a board with its check", responses=ASKING)
def show_board(work: Work, board: Id) -> Answer[BoardOut]:
    """Return a board: its cards by period, and every rule and wish that they break."""
    return answered("board", board_out(work.open(board)))


@router.get("/{board}/spots", summary="Ask where a card could stand", responses=ASKING)
def show_spots(work: Work, board: Id, card: AskedCard) -> Answer[list[SpotOut]]:
    """Return, for each period, whether everything holds with the card there, else why not."""
    spots = [
        SpotOut(period=spot.period, fits=spot.fits, reasons=list(spot.reasons))
        for spot in work.spots(board, card)
    ]
    return answered("spots", spots)


@router.post("/{board}/move", summary="Move a card", responses=CHANGING)
def move_card(work: Work, board: Id, sent: MovedCard) -> Answer[BoardOut]:
    """Put a card into another period; one in which it does not run is said to be wrong."""
    return answered(
        "board", board_out(work.move(board, sent.version, sent.card, sent.period, sent.n_periods))
    )


@router.post("/{board}/add", summary="Add a card", responses=CHANGING)
def add_card(work: Work, board: Id, sent: AddedCard) -> Answer[BoardOut]:
    """Put a course on the board."""
    return answered("board", board_out(work.add(board, sent.version, sent.course, sent.period)))


@router.post("/{board}/remove", summary="Take a card off", responses=CHANGING)
def remove_card(work: Work, board: Id, sent: NamedCard) -> Answer[BoardOut]:
    """Take a card off the board."""
    return answered("board", board_out(work.remove(board, sent.version, sent.card)))


@router.post("/{board}/pin", summary="Pin a card, or let it go", responses=CHANGING)
def pin_card(work: Work, board: Id, sent: PinnedCard) -> Answer[BoardOut]:
    """Let a card stay where it is when the rest is mended, or no longer."""
    state = work.pin(board, sent.version, sent.card, is_pinned=sent.pinned)
    return answered("board", board_out(state))


@router.post("/{board}/undo", summary="Take the last action back", responses=CHANGING)
def undo(work: Work, board: Id, sent: Changed) -> Answer[BoardOut]:
    """Take the last action back; without one the board stays as it is."""
    return answered("board", board_out(work.undo(board, sent.version)))


@router.post("/{board}/redo", summary="Do again what was taken back", responses=CHANGING)
def redo(work: Work, board: Id, sent: Changed) -> Answer[BoardOut]:
    """Do again what was taken back; without anything the board stays as it is."""
    return answered("board", board_out(work.redo(board, sent.version)))


@router.post("/{board}/repair", summary="Mend a board", responses=CHANGING)
def repair(work: Work, board: Id, sent: Changed) -> Answer[RepairOut]:
    """Mend the board by the planner: pins stay, the rest changes as little as it can."""
    state, found = work.repair(board, sent.version)
    return answered("repair", repair_out(state, found))


@router.get("/{board}/why", summary="Ask why a card stands where it does", responses=ASKING)
def show_why(work: Work, board: Id, card: AskedCard) -> Answer[JsonObject]:
    """Return the proven price of a card's place: what each other place would bring."""
    return answered("why-here", json_object(work.why(board, card)))


@router.post("/{board}/others", summary="Ask for other plans", status_code=202, responses=CHANGING)
def find_others(work: AskedFront, board: Id, sent: Asked) -> Answer[JobOut]:
    """Return the job that looks for other plans; its result has `plans`, each with its `cards`.

    None of them is beaten by another on its end, its cost and its fullest week; pins are kept. The
    same question is asked once.
    """
    return answered("job", job_out(work.look(board, again=sent.again).job))


@router.post("/{board}/put", summary="Put another plan on a board", responses=CHANGING)
def put_plan(work: Work, board: Id, sent: PutPlan) -> Answer[BoardOut]:
    """Put a plan in place of what is on a board, in one step that can be taken back."""
    return answered("board", board_out(work.put(board, sent.version, laid(sent))))


@router.post("/{board}/tidy", summary="Take off what is gone", responses=CHANGING)
def tidy(work: Work, board: Id, sent: Changed) -> Answer[BoardOut]:
    """Take off the cards of courses and periods that the catalogue does not have any more."""
    return answered("board", board_out(work.tidy(board, sent.version)))


@router.post("/{board}/copy", summary="Copy a board", status_code=201, responses=CHANGING)
def copy_board(work: Work, board: Id, sent: Nothing) -> Answer[BoardLine]:
    """Keep a copy of a board as it now stands."""
    return answered("board", board_line(work.copy(board)))


@router.patch("/{board}", summary="Rename a board", responses=CHANGING)
def rename_board(work: Work, board: Id, sent: Renamed) -> Answer[BoardLine]:
    """Give a board another name; an empty one leaves it as it is."""
    return answered("board", board_line(work.rename(board, sent.version, sent.name)))


@router.delete("/{board}", summary="Remove a board", responses=CHANGING)
def remove_board(workspace: AskedWorkspace, board: Id, version: AskedVersion) -> Answer[Removed]:
    """Remove a board with its history."""
    workspace.boards.remove(board, version=version)
    return answered("removed", Removed(id=board))
