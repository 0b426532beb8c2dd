"""Every node of a tree of requirements, parents first."""

from __future__ import annotations

from collections.abc import Iterator

from prospectus.domain.requirement import All, Any, Fill, Item, Node, Reading, When


def walk(item: Item, depth: int = 0) -> Iterator[tuple[Node, int]]:
    """Yield every node of a tree with its depth, parents first, in file order."""
    match item:
        case All() | Any():
            yield item, depth
            for child in item.children:
                yield from walk(child, depth + 1)
        case When():
            yield from walk(item.then, depth)
            if item.otherwise is not None:
                yield from walk(item.otherwise, depth)
        case Fill():
            yield item, depth
            for measure in item.with_:
                yield measure, depth + 1
        case Reading():
            for _, option in item.options:
                yield from walk(option, depth)
        case _:
            yield item, depth
