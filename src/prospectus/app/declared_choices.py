"""The choices that a student of a programme declares, each with what it offers."""

from __future__ import annotations

from typing import TypeAlias

from prospectus.app.binding import declared
from prospectus.app.tree_walk import walk
from prospectus.domain.program import Program
from prospectus.domain.requirement import Any, Reading, When

Offered: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
"""A choice: its name, and its options as id and name."""


def declared_choices(program: Program) -> dict[str, Offered]:
    """Return by the id of each choice its name and its options, in the order of the rules."""
    may = declared(program)
    offered: dict[str, Offered] = {}
    for node, _ in walk(program.tree):
        if isinstance(node, Any) and str(node.header.id) in may:
            children = (one for one in node.children if not isinstance(one, When | Reading))
            names = tuple((str(one.header.id), one.header.name) for one in children)
            offered[str(node.header.id)] = (node.header.name, names)
    return offered
