"""The parts of expressions, selectors and trees, walked without recursion."""

from __future__ import annotations

from collections.abc import Iterator

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
