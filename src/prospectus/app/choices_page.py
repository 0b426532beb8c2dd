"""Several plans to choose from as one page that stands alone."""

from __future__ import annotations

from pathlib import Path

from prospectus.app.files import write_whole
from prospectus.app.pages import page_environment
from prospectus.app.plan_choices import ChoicesAnswer
from prospectus.domain.printer import long_day


def write_choices(answer: ChoicesAnswer, path: Path) -> None:
    """Write the page whole or not at all.

    Raises
    ------
    UsageError
        USE-005 when it cannot be written.
    """
    write_whole(path, render_choices(answer))


def render_choices(answer: ChoicesAnswer) -> str:
    """Return the page as HTML."""
    environment = page_environment()
    environment.filters["day"] = long_day
    return environment.get_template("choices.html").render(page=answer)
