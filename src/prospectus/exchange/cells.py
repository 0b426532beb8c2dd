"""Cells of CSV files that a spreadsheet may open: no text is run as a formula."""

from __future__ import annotations

import re

# What a spreadsheet takes for a formula when a cell begins with it; apostrophes in front of it
# are counted in, so that what is written can be read back exactly.
_FORMULA = re.compile(r"'*[=+\-@]")
_SPACES = re.compile(r"\s+")


def looks_like_formula(text: str) -> bool:
    """Return whether a spreadsheet would take the text for a formula, or once did."""
    return _FORMULA.match(text) is not None


def one_line(text: str) -> str:
    """Return the text in one line, with single spaces."""
    return _SPACES.sub(" ", text).strip()


def written(text: str) -> str:
    """Return the text as a cell: in one line, an apostrophe before a formula."""
    line = one_line(text)
    return f"'{line}" if looks_like_formula(line) else line


def as_read(cell: str) -> str:
    """Return the text of a cell; the inverse of `written`."""
    line = one_line(cell)
    return line[1:] if line.startswith("'") and looks_like_formula(line) else line
