"""The parts of expressions, selectors and trees, walked without recursion."""

from __future__ import annotations

from collections.abc import Iterator

from prospectus.domain.errors import Place
from prospectus.domain.expression import (
    And,
    Approved,
    Both,
    CoursesOf,
    CreditsOf,
    Except,
    Expression,
    GpaIs,
    NOf,
    Not,
    Or,
    Selector,
    Soft,
    Union,
)
from prospectus.domain.requirement import All, Any, Item, Node, Reading, When


def selectors_in(selector: Selector) -> Iterator[Selector]:
    """Yield a selector and every selector inside it."""
    stack = [selector]
    while stack:
        part = stack.pop()
        yield part
        match part:
            case Union() | Both():
                stack.extend(part.items)
            case Except():
                stack += [part.of, part.without]
            case Approved():
                stack.append(part.of)
            case _:
                continue


def expressions_in(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and every expression inside it."""
    stack = [expression]
    while stack:
        part = stack.pop()
        yield part
        match part:
            case And() | Or() | NOf():
                stack.extend(part.items)
            case Not() | Soft():
                stack.append(part.item)
            case _:
                continue


def selectors_of(expression: Expression) -> Iterator[Selector]:
    """Yield every selector that an expression names."""
    for part in expressions_in(expression):
        if isinstance(part, CreditsOf | CoursesOf | GpaIs) and part.of is not None:
            yield from selectors_in(part.of)


def nodes_in(item: Item) -> Iterator[Node]:
    """Yield every node of a tree in file order, under each `when` and each reading."""
    stack: list[Item] = [item]
    while stack:
        part = stack.pop()
        match part:
            case When():
                stack += [one for one in (part.otherwise, part.then) if one is not None]
            case Reading():
                stack += [option for _, option in reversed(part.options)]
            case All() | Any():
                yield part
                stack += reversed(part.children)
            case _:
                yield part


def ids_in(item: Item) -> list[tuple[str, Place]]:
    """Return ids with their places; of alternatives that exclude each other an id counts once."""
    if isinstance(item, When | Reading):
        options = (
            [item.then, item.otherwise] if isinstance(item, When) else [o for _, o in item.options]
        )
        found: list[tuple[str, Place]] = []
        for option in options:
            if option is not None:
                seen = {name for name, _ in found}
                found += [pair for pair in ids_in(option) if pair[0] not in seen]
        return found
    own = [(str(item.header.id), item.header.provenance.at)]
    if isinstance(item, All | Any):
        return own + [pair for child in item.children for pair in ids_in(child)]
    return own
