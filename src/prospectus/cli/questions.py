"""The questions of `prospectus init`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import typer

from prospectus.app.student_draft import Draft, draft_faults

_QUESTIONS = (
    ("plan_from", "From which day can you take courses? (year-month-day)"),
    ("program", "Are you enrolled already? (programme id, such as gatech-omscs)"),
    ("hours_per_week", "How many hours a week can you study?"),
    ("money_per_year", "What is the most you can spend in a calendar year? (such as USD 5250)"),
    ("deadline", "By which day must you be done? (year-month-day)"),
    ("time_zone", "In which time zone do you live? (such as America/Denver)"),
    ("residence", "Where do you live, if a price depends on it? (such as US-CO)"),
    ("topics", "What would you like to learn? (topics, with commas between)"),
)


def ask(today: dt.date, catalogs: tuple[Path, ...] = ()) -> Draft:
    """Return the answers, each checked at once; an empty one leaves its line as a comment."""
    typer.echo("Eight questions; press Enter to leave one open.", err=True)
    draft = Draft()
    for field, question in _QUESTIONS:
        while True:
            told = typer.prompt(question, default="", show_default=False, err=True).strip()
            answered = _with_answer(draft, field, told)
            faults = draft_faults(answered, today=today, catalogs=catalogs) if told else ()
            if not faults:
                draft = answered
                break
            for fault in faults:
                typer.echo(f"That cannot be: {fault.what}; {fault.fix}.", err=True)
    return draft


def _with_answer(draft: Draft, field: str, told: str) -> Draft:
    if field == "topics":
        topics = tuple(part.strip() for part in told.split(",") if part.strip())
        return replace(draft, topics=topics)
    return replace(draft, **{field: told})  # type: ignore[arg-type]
