"""A degree with its choice of a track taken out: what a track is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace

from prospectus.app.options import main_choice
from prospectus.app.tree_walk import walk
from prospectus.domain.expression import InNode, NodeDone
from prospectus.domain.program import Program
from prospectus.domain.requirement import (
    DEGREE_POOL,
    All,
    Any,
    Fill,
    Gpa,
    Item,
    Measure,
    NodeId,
    Reading,
    When,
)
from prospectus.domain.rule import Point


def without_choice(program: Program) -> Program | str:
    """Return the same degree without its main choice; where that cannot be, why not.

    What stays is the total, whatever stands outside the choice, and the free electives, which then
    fill the total.
    """
    choice = main_choice(program)
    if choice is None:
        return "there is none"
    way = _way_to(program.tree, choice.header.id)
    if not isinstance(program.tree, All) or not way:
        return "it stands below another choice"
    counts = {pool.name: pool.counts for pool in program.pools}
    pool = next((node.pool for node in reversed(way) if node.pool), DEGREE_POOL)
    rest = replace(program, tree=_cut(program.tree, choice.header.id), main_choice=None)
    # Lists that restate the degree in a pool of their own leave no credits to fill.
    if _counts(choice, pool, counts):
        whole = next((node for node in reversed(way) if node.total is not None), None)
        if whole is None:
            return "no total says how much would stand in its place"
        if not _has_rest(_cut(whole, choice.header.id)):
            return "no free electives would fill the total in its place"
    gone = {str(node.header.id) for node, _ in walk(choice)}
    named = gone & set(_nodes_named((rest.tree, rest.rules, rest.sets, rest.enrolment)))
    if named:
        return f"a rule outside it names {', '.join(sorted(named))}"
    return rest


def _way_to(item: Item, id_: NodeId) -> tuple[All, ...]:
    """Return the nodes above a choice that everybody comes to, the root first."""
    if not isinstance(item, All):
        return ()
    for child in item.children:
        below = _way_to(child, id_)
        if below or (isinstance(child, Any) and child.header.id == id_):
            return (item, *below)
    return ()


def _cut(node: All, id_: NodeId) -> All:
    """Return a node without the choice below it."""
    children = tuple(
        _cut(child, id_) if isinstance(child, All) else child
        for child in node.children
        if not (isinstance(child, Any) and child.header.id == id_)
    )
    return replace(node, children=children)


def _counts(item: Item | None, pool: str, counts: Mapping[str, bool]) -> bool:
    """Return whether something at or below a node counts in the degree."""
    match item:
        case All() | Any():
            mine = item.pool or pool
            return any(_counts(child, mine, counts) for child in item.children)
        case Fill():
            return counts.get(item.pool or pool, True)
        case When():
            return _counts(item.then, pool, counts) or _counts(item.otherwise, pool, counts)
        case Reading():
            return any(_counts(option, pool, counts) for _, option in item.options)
        case _:
            return False


def _has_rest(whole: All) -> bool:
    """Return whether a leaf takes whatever the total of this very node leaves."""
    return any(
        (isinstance(child, Fill) and child.rest)
        or (isinstance(child, All) and child.total is None and _has_rest(child))
        for child in whole.children
    )


def _nodes_named(value: object) -> Iterator[str]:
    """Yield the nodes that rules speak of, at or inside a value."""
    match value:
        case InNode() | NodeDone():
            yield value.node
        case Point() if value.node is not None:
            yield value.node
        case Measure() | Gpa():
            yield from value.within
        case _:
            pass
    if isinstance(value, tuple):
        for item in value:
            yield from _nodes_named(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _nodes_named(getattr(value, field.name))
