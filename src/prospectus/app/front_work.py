"""Other plans for a kept board: a job that follows the Pareto front, for each question one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from prospectus.app.board_answers import Cards
from prospectus.app.board_case import need_cards
from prospectus.app.board_others import OtherPlan, OtherPlans, other_plans
from prospectus.app.board_source import BoardSource, cards_kept, lend
from prospectus.app.catalog_rules import rules_digest
from prospectus.app.document import Json, to_json
from prospectus.app.document_reading import NotRead, from_json
from prospectus.app.job_work import Progress, Tell
from prospectus.app.library import Library
from prospectus.app.words import count
from prospectus.app.workspace import Job, JobState, KeptBoard, Workspace
from prospectus.domain.printer import long_day

KIND = "front"
"""The kind of job that looks for other plans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What there is of other plans: all of them, or the job that looks and its finds so far."""

    kept: KeptBoard
    job: Job
    answer: OtherPlans | None = None
    so_far: tuple[OtherPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class FrontWork:
    """The other plans of the boards of a workspace on one day."""

    workspace: Workspace
    library: Library
    today: dt.date
    catalogs: tuple[Path, ...] = ()

    def look(self, board: str, *, again: bool = False) -> Others:
        """Return what there is of a board's other plans; one never asked for is begun.

        Parameters
        ----------
        board
            The id of the board.
        again
            Whether to begin anew what failed or was stopped.

        Raises
        ------
        ProspectusError
            For an id that names nothing (STO-001), a student document that has faults, or cards
            that the catalog does not know (BRD-...).
        """
        lend(self.catalogs, self.library)
        kept = self.workspace.boards.get(board)
        text = self.workspace.students.get(kept.student_id)
        source = BoardSource(
            catalogs=self.catalogs,
            text=text.text,
            name=text.name,
            program=kept.program,
            year=kept.catalog_year,
            track=kept.track,
            today=self.today,
        )
        cards = cards_kept(kept.cards)
        # what cannot be planned with is told at once, and no job is made of it
        need_cards(source.case, cards)
        params = _params(board, source, cards)
        jobs = self.workspace.jobs
        job = jobs.latest(KIND, params)
        if job is None or (again and job.state in (JobState.FAILED, JobState.CANCELLED)):
            job = jobs.add(KIND, params, once=True)
        found = Others(kept=kept, job=job)
        if not job.state.is_final:
            return replace(found, so_far=_read(jobs.result(job.id)).plans)
        if job.state is not JobState.DONE:
            return found
        answer = _answer(jobs.result(job.id))
        if answer is None:
            # another version wrote it in another form
            return replace(found, job=jobs.add(KIND, params, once=True))
        return replace(found, answer=answer)


def front_job(params: Mapping[str, Json], tell: Tell) -> str:
    """Return the JSON text of a board's other plans, and tell each as it is found.

    Raises
    ------
    ProspectusError
        For a document or a board that cannot be used with the catalog.
    """
    tell(Progress(said="Reading the catalog"))
    said = {key: value for key, value in params.items() if isinstance(value, str)}
    folders = params["catalogs"]
    assert isinstance(folders, list)
    source = BoardSource(
        catalogs=tuple(Path(str(folder)) for folder in folders),
        text=said["text"],
        name=said["name"],
        program=said["program"],
        year=said["year"],
        track=said["track"],
        today=dt.date.fromisoformat(said["day"]),
    )
    cards = from_json(_Laid, {"cards": params["cards"]}).cards
    case = source.case
    tell(Progress(said="Looking for the first plan"))
    plans: list[OtherPlan] = []

    def found(plan: OtherPlan) -> None:
        plans.append(plan)
        last = f"{count(len(plans), 'plan')} so far; the last ends {long_day(plan.finish)}"
        tell(Progress(said=last, so_far=_text(OtherPlans(plans=tuple(plans), said=last))))

    return _text(other_plans(case, cards, found=found))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laid:
    cards: Cards


def _params(board: str, source: BoardSource, cards: Cards) -> dict[str, Json]:
    """Return all that an answer depends on: the same question has the same params."""
    return {
        "board": board,
        "text": source.text,
        "name": source.name,
        "program": source.program,
        "year": source.year,
        "track": source.track,
        "day": source.today.isoformat(),
        "catalogs": [str(path) for path in source.catalogs],
        "rules": rules_digest(source.catalogs),
        "cards": to_json(cards),
    }


def _text(found: OtherPlans) -> str:
    return json.dumps(to_json(found), ensure_ascii=False)


def _answer(text: str | None) -> OtherPlans | None:
    try:
        return from_json(OtherPlans, json.loads(text or ""))
    except (json.JSONDecodeError, NotRead):
        return None


def _read(text: str | None) -> OtherPlans:
    return _answer(text) or OtherPlans(plans=(), said="")
