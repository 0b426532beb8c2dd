"""The tree under the declared choices, without the options that are not encoded completely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from prospectus.domain.errors import UnsupportedError
from prospectus.domain.facts import Completeness
from prospectus.domain.requirement import All, Any, Node
from prospectus.legality.selecting import walk


def chosen(tree: All, choices: Mapping[str, str]) -> All:
    """Return the tree with declared choices made and incomplete options left out."""
    result = _kept(tree, choices)
    assert isinstance(result, All)
    return result


def _kept(node: Node, choices: Mapping[str, str]) -> Node:
    if isinstance(node, All):
        return replace(node, children=tuple(_kept(child, choices) for child in nodes(node)))
    if isinstance(node, Any):
        children = nodes(node)
        choice = choices.get(node.header.id)
        if choice is not None and choice in {child.header.id for child in children}:
            first = [child for child in children if child.header.id == choice]
            others = [child for child in children if child.header.id != choice]
            children = tuple(first) if node.n == 1 else (*first, *others)
        complete = tuple(child for child in children if _is_complete(child))
        if len(complete) < node.n:
            raise UnsupportedError(
                "PLN-002",
                what=f"{node.header.id}: fewer than {node.n} of its options are encoded completely",
                fix="complete the options in the programme's file, or choose another one",
            )
        return replace(node, children=tuple(_kept(child, choices) for child in complete))
    return node


def nodes(node: All | Any) -> tuple[Node, ...]:
    """Return the children of a resolved node."""
    found = tuple(child for child in node.children if isinstance(child, Node))
    assert len(found) == len(node.children), "the tree is resolved before it is compiled"
    return found


def _is_complete(node: Node) -> bool:
    partial = (Completeness.PARTIAL, Completeness.STUB)
    return all(below.header.completeness not in partial for below in walk(node))
