"""What one file of YAML holds, as plain data that knows its lines, and how much it may hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from prospectus.domain.errors import Place

Data: TypeAlias = "bool | int | Fraction | str | dt.date | list[Data] | dict[str, Data] | None"
"""What a file holds: keys are always text, as written."""

FieldPath: TypeAlias = "tuple[str | int, ...]"
"""A way into the data: keys of mappings, 0-based places in lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a file may hold before it is refused."""

    n_bytes: int = 5_000_000
    depth: int = 40
    n_values: int = 120_000
    n_letters_of_key: int = 200


USUAL_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as plain data; `lines` maps the path of each value to its 1-based line.

    `kept` gives the places, in the file, of the list items that were left after wrong ones were
    cut, so that a path through what is left still names the line it was read from. `split` are the
    items of lists in one line that look like the rest of the text before them.
    """

    file: str
    data: Data
    lines: dict[FieldPath, int] = field(default_factory=dict, repr=False, compare=False)
    kept: dict[FieldPath, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)
    split: tuple[FieldPath, ...] = ()

    def original(self, path: FieldPath) -> FieldPath:
        """Return the way into the file that a way into what is left of it stands for."""
        if not self.kept:
            return path
        found: list[str | int] = []
        for length, step in enumerate(path):
            places = self.kept.get(path[:length], ())
            found.append(places[step] if isinstance(step, int) and step < len(places) else step)
        return tuple(found)

    def line(self, path: FieldPath) -> int | None:
        """Return the line of a value, or of the innermost block around it that there is."""
        for length in range(len(path), -1, -1):
            found = self.lines.get(path[:length])
            if found is not None:
                return found
        return None

    def place(self, path: FieldPath) -> Place:
        """Return file, line and dotted field of a value."""
        original = self.original(path)
        return Place(file=self.file, line=self.line(original), field=dotted(original))


def dotted(path: FieldPath) -> str:
    """Return a path as people read it: `courses[0].title`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else ("." if text else "") + part
    return text
