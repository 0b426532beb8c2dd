"""The questions of `prospectus init`."""

from __future__ import annotations

import typer

from prospectus.app.student_draft import Draft

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


def ask(name: str) -> Draft:
    """Return the answers; an empty one leaves its line as a comment."""
    typer.echo("Press Enter to leave a question open.", err=True)
    told: dict[str, str] = {}
    for field, question in _QUESTIONS:
        told[field] = typer.prompt(question, default="", show_default=False, err=True).strip()
    topics = tuple(part.strip() for part in told.pop("topics").split(",") if part.strip())
    return Draft(name=name, topics=topics, **told)
