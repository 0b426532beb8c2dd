"""What there is to plan: programmes, their tracks, and the readings of their rules."""

from __future__ import annotations

from dataclasses import dataclass, replace

from prospectus.app.tree_walk import walk
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import readings
from prospectus.domain.program import Program
from prospectus.domain.requirement import Any, NodeId, Reading, When
from prospectus.domain.student import Student

Variant = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A child of a programme's main choice; id None where there is nothing to choose."""

    id: str | None
    name: str
    is_complete: bool = True


def tracks(program: Program) -> tuple[Track, ...]:
    """Return the children of the main choice in file order, or the one way through."""
    node = main_choice(program)
    if node is None:
        return (Track(id=None, name=""),)
    return tuple(
        Track(
            id=str(child.header.id),
            name=child.header.name,
            is_complete=child.header.completeness in (None, Completeness.COMPLETE),
        )
        for child in node.children
        if not isinstance(child, When | Reading)
    )


def main_choice(program: Program) -> Any | None:
    """Return the `any` that a track is chosen at, None where the programme has none."""
    for node, _ in walk(program.tree):
        if isinstance(node, Any) and node.header.id == program.main_choice:
            return node
    return None


def chosen_track(program: Program, student: Student) -> str | None:
    """Return the track that the student has declared, None where it is open."""
    return dict(student.choices).get(str(program.main_choice))


def on_track(student: Student, program: Program, track: str | None) -> Student:
    """Return the student with that track declared."""
    if track is None or program.main_choice is None:
        return student
    others = tuple(pair for pair in student.choices if pair[0] != program.main_choice)
    choice = (str(NodeId(program.main_choice)), track)
    return replace(student, choices=tuple(sorted((*others, choice))))


def all_readings(program: Program) -> tuple[Variant, ...]:
    """Return every combination of readings of the programme's disputes."""
    return readings(program)
