"""How programmes are named where one is chosen: with the school, for many names are near twins."""

from __future__ import annotations

from prospectus.app.library import Library
from prospectus.app.options import tracks
from prospectus.domain.facts import Completeness
from prospectus.domain.program import Program


def full_name(library: Library, program: Program, track: str = "") -> str:
    """Return a programme's name with its school, and a track's name behind it."""
    name = f"{library.school(program).name}: {program.name}"
    return f"{name}, {track}" if track else name


def way_name(library: Library, program: str, track: str) -> str:
    """Return the full name of a way by its ids; of what the catalogue no longer has, the ids."""
    if program not in library.ids():
        return f"{program} {track}".strip()
    rules = library.named(program)
    names = {one.id: one.name for one in tracks(rules)}
    return full_name(library, rules, names.get(track or None, track))


def program_names(library: Library) -> tuple[tuple[str, str], ...]:
    """Return the id of every programme with its full name, in the order of the names."""
    programs = [library.named(name) for name in library.ids()]
    named = [(one.id, full_name(library, one)) for one in programs]
    return tuple(sorted(named, key=lambda pair: pair[1]))


def ways(library: Library) -> tuple[tuple[str, str], ...]:
    """Return every way that can be planned, by `programme/track`, with its full name, in order."""
    named = []
    for name in library.ids():
        program = library.named(name)
        if program.completeness is not Completeness.COMPLETE:
            continue
        named += [
            (f"{name}/{track.id or ''}", full_name(library, program, track.name))
            for track in tracks(program)
            if track.is_complete
        ]
    return tuple(sorted(named, key=lambda pair: pair[1]))
