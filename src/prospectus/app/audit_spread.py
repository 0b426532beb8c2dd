"""What is left under every reading and open fact, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from prospectus.app.audit_answers import AuditVariant
from prospectus.app.words import listed
from prospectus.domain.printer import print_number

_BACKGROUND = "background("


def spread_words(variants: Sequence[AuditVariant]) -> str:
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
        text += f", depending on {listed([_plain(name) for name in names], 'and')}"
    if any(name.startswith(_BACKGROUND) for name in names):
        text += "; to settle it, name what you bring under `background:` in the record"
        text += " ([] for nothing of it)"
    return text


def _deciding(variants: Sequence[AuditVariant]) -> Iterator[str]:
    """Yield each name on which alone two variants differ that leave different credits."""
    for one, other in combinations(variants, 2):
        mine, theirs = dict(one.variant), dict(other.variant)
        apart = [name for name in mine if theirs.get(name) != mine[name]]
        if len(apart) == 1 and one.credits.left != other.credits.left:
            yield apart[0]


def _plain(name: str) -> str:
    """Return a fact in words: `background("linear algebra")` is a background in linear algebra."""
    if name.startswith(_BACKGROUND):
        return f"a background in {name.removeprefix(_BACKGROUND).strip(')').strip(chr(34))}"
    return name
