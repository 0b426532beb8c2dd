"""What is left under every reading and open fact, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from prospectus.app.audit_answers import AuditVariant
from prospectus.app.words import listed
from prospectus.domain.printer import print_number
from prospectus.domain.program import Program

_BACKGROUND = "background("


def spread_words(variants: Sequence[AuditVariant], disputes: Sequence[str] = ()) -> str:
    """Return the credits left under all variants and what they depend on; empty where on nothing.

    No variant is surer than another, so the first one alone would say too much.
    """
    lefts = {one.credits.left for one in variants}
    if len(lefts) < 2:
        return ""
    numbers = [print_number(left) for left in sorted(left for left in lefts if left is not None)]
    text = f"{listed(numbers, 'or')} credits left" if numbers else ""
    if None in lefts:
        text += ", or not to be completed"
    names = list(dict.fromkeys(_deciding(variants)))
    if names:
        text += f", depending on {listed([_plain(name, disputes) for name in names], 'and')}"
    if any(name.startswith(_BACKGROUND) for name in names):
        text += "; to settle it, name what you bring under `background:` in the record"
        text += " ([] for nothing of it)"
    return text


def readings_words(program: Program) -> tuple[str, ...]:
    """Return each text that can be read in several ways, with why and what each reading is."""
    return tuple(
        f"{one.id}: {one.why}: {'; '.join(f'{name} ({where})' for name, where in one.readings)}"
        for one in program.disputes
    )


def variant_words(variant: Sequence[tuple[str, str]]) -> str:
    """Return what tells an audit from the others: readings, and facts left open, in words."""
    return ", ".join(_pair(name, value) for name, value in variant)


def _pair(name: str, value: str) -> str:
    if name.startswith(_BACKGROUND):
        article = "a" if value == "yes" else "no"
        return f"{article} {_plain(name, ()).removeprefix('a ')}"
    return f"{name} {value}"


def _deciding(variants: Sequence[AuditVariant]) -> Iterator[str]:
    """Yield each name on which alone two variants differ that leave different credits."""
    for one, other in combinations(variants, 2):
        mine, theirs = dict(one.variant), dict(other.variant)
        apart = [name for name in mine if theirs.get(name) != mine[name]]
        if len(apart) == 1 and one.credits.left != other.credits.left:
            yield apart[0]


def _plain(name: str, disputes: Sequence[str]) -> str:
    """Return a fact in words: `background("linear algebra")` is a background in linear algebra."""
    if name.startswith(_BACKGROUND):
        return f"a background in {name.removeprefix(_BACKGROUND).strip(')').strip(chr(34))}"
    return f"how '{name}' is read" if name in disputes else name
