"""How much of a degree is free choice: its leaves sorted by how much they leave open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from prospectus.app.claim_background import members
from prospectus.domain.course import Course
from prospectus.domain.program import Resolved
from prospectus.domain.requirement import All, Any, Fill, Item, Node, Range, Total

DEFINITION = (
    "Each leaf of the requirements that counts in the degree is fixed where its list is no longer "
    "than what it asks, free where it takes the rest of the credits or at least half of all "
    "courses open to the programme's students, and a choice from a list otherwise. Free credits "
    "are what free leaves ask; where one may choose between parts, those with the fewest free "
    "credits are counted, and of tracks that are declared every one; of a programme with tracks "
    "the median over them enters. Of a disputed text the first reading holds."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freedom:
    """Credits of one way through a degree by how free they are; `rest` waits for the total."""

    fixed: Fraction = Fraction(0)
    listed: Fraction = Fraction(0)
    free: Fraction = Fraction(0)
    rest: bool = False
    unknown: str = ""

    @property
    def total(self) -> Fraction:
        """Return all credits."""
        return self.fixed + self.listed + self.free

    def __add__(self, other: Freedom) -> Freedom:
        """Return both together."""
        return Freedom(
            fixed=self.fixed + other.fixed,
            listed=self.listed + other.listed,
            free=self.free + other.free,
            rest=self.rest or other.rest,
            unknown=self.unknown or other.unknown,
        )


def freedom(resolved: Resolved, choice: str | None, track: str | None) -> Freedom:
    """Return the credits of a degree on one track of its main choice, by how free they are."""
    found = _below(resolved.tree, resolved, {choice or "": track})
    if found.rest and not found.unknown:
        return replace(found, unknown="its total")
    return found


def _below(node: Item, resolved: Resolved, choices: dict[str, str | None]) -> Freedom:
    match node:
        case All():
            found = Freedom()
            for child in node.children:
                found += _below(child, resolved, choices)
            return _filled(found, node.total, resolved)
        case Any():
            told = choices.get(str(node.header.id))
            if told is not None:
                chosen = next(c for c in node.children if _is_node(c, told))
                return _below(chosen, resolved, choices)
            ways = [_below(child, resolved, choices) for child in node.children]
            # A rest below an alternative is as free as can be: it comes last. Of ways equally
            # free the one that binds most credits comes first: what it leaves, the rest may fill.
            ways.sort(key=lambda way: (way.rest, way.free, -way.fixed, -way.listed))
            found = Freedom()
            for way in ways[: node.n]:
                found += way
            return found
        case Fill():
            return _leaf(node, resolved)
        case _:
            return Freedom()


def _filled(found: Freedom, total: Total | None, resolved: Resolved) -> Freedom:
    """Return the credits with those that a rest below takes up to the total."""
    if not found.rest or total is None:
        return found
    asked = Fraction(0)
    if isinstance(total.credits, Range):
        asked = total.credits.low
    elif isinstance(total.courses, Range):
        asked = total.courses.low * _least(tuple(resolved.courses.values()))
    return replace(found, free=found.free + max(Fraction(0), asked - found.total), rest=False)


def _leaf(leaf: Fill, resolved: Resolved) -> Freedom:
    if not resolved.pool_counts.get(leaf.pool or "degree", True):
        return Freedom()
    if leaf.rest:
        return Freedom(rest=True)
    courses = leaf.courses.low if isinstance(leaf.courses, Range) else None
    credits = leaf.credits.low if isinstance(leaf.credits, Range) else None
    if courses is None and credits is None:
        return Freedom(unknown=f"how much {leaf.header.id} asks")
    able = members(leaf.from_, resolved)
    asked = max(credits or Fraction(0), (courses or Fraction(0)) * _least(able))
    if asked == 0:
        return Freedom()
    n_open = sum(course.counts_credit for course in resolved.courses.values())
    repeats = any(course.repeatable is not None for course in able)
    offered = sum((course.credits_low for course in able), Fraction(0))
    if not repeats and (len(able) <= (courses or 0) or offered <= (credits or 0)):
        return Freedom(fixed=asked)
    if 2 * len(able) >= n_open:
        return Freedom(free=asked)
    return Freedom(listed=asked)


def _least(courses: tuple[Course, ...]) -> Fraction:
    """Return the credits of the smallest course that earns any."""
    return min((c.credits_low for c in courses if c.credits_low > 0), default=Fraction(0))


def _is_node(item: Item, id_: str) -> bool:
    return isinstance(item, Node) and str(item.header.id) == id_
