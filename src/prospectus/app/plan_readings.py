"""Texts that can be read in several ways: what each reading is, and the one that a call names."""

from __future__ import annotations

from dataclasses import dataclass

from prospectus.app.options import Variant, all_readings
from prospectus.domain.program import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadIn:
    """A text that can be read in several ways: why, where it stands, and what each reading is.

    `readings` are pairs of the label under which plans are shown, and what is read.
    """

    id: str
    why: str
    sources: tuple[str, ...]
    readings: tuple[tuple[str, str], ...]


def readings_told(program: Program, held: tuple[Variant, ...]) -> tuple[ReadIn, ...]:
    """Return what is disputed of a programme, with the readings that are planned."""
    kept = {pair for reading in held for pair in reading}
    return tuple(
        ReadIn(
            id=one.id,
            why=one.why,
            sources=one.provenance.sources,
            readings=tuple(
                (reading_label(one.id, name), text)
                for name, text in one.readings
                if (one.id, name) in kept
            ),
        )
        for one in program.disputes
    )


def reading_label(dispute: str, reading: str) -> str:
    """Return how a reading is headed: `total 34`."""
    return f"{dispute} {reading}"


def readings_named(program: Program, text: str) -> tuple[Variant, ...]:
    """Return the readings of a programme with the one that a text names, `total 34` or `34`."""
    word = " ".join(text.replace(":", " ").split()).casefold()
    named = {
        (one.id, name)
        for one in program.disputes
        for name, _ in one.readings
        if word in (reading_label(one.id, name).casefold(), name.casefold())
    }
    return tuple(reading for reading in all_readings(program) if named & set(reading))
