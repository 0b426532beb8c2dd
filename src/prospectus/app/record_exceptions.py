"""Exceptions that would do nothing where they stand, told before anyone relies on them."""

from __future__ import annotations

from prospectus.app.tree_walk import walk
from prospectus.domain.program import Program
from prospectus.domain.record import AuditException, ExceptionKind
from prospectus.domain.requirement import Fill, Node, Reading, When
from prospectus.domain.rule import Overlap, Rule

_MOST_NAMED = 12


def without_effect(one: AuditException, program: Program) -> tuple[str, str] | None:
    """Return why an exception at a node that exists would do nothing, and how to mend it.

    What is admitted is admitted to leaves: an insertion to the one that it names, a
    substitution to those below its node. What a leaf holds is met or waived with the leaf.
    """
    found = [node for node, _ in walk(program.tree) if node.header.id == one.node]
    leaves = list(dict.fromkeys(leaf for node in found for leaf in _leaves(node)))
    match one.kind:
        case ExceptionKind.INSERT:
            if not any(isinstance(node, Fill) for node in found):
                return f"a course is inserted into a leaf, and {one.node} is none", _name(leaves)
        case ExceptionKind.SUBSTITUTE:
            if not leaves:
                return f"{one.node} holds no courses, so none stands for another in it", _name([])
        case ExceptionKind.WAIVE | ExceptionKind.FORCE:
            leaf = _leaf_around(one.node, program)
            if leaf is not None:
                return f"{one.node} is a measure inside {leaf}, and met with it", f"name {leaf}"
            if any(_is_overlap(rule, one.node) for rule in program.rules):
                return f"{one.node} is a rule on sharing, and no requirement to be met", (
                    "`insert` the course into the leaf that it is to fill, or waive that leaf"
                )
    return None


def _leaves(node: Node) -> list[str]:
    return [str(below.header.id) for below, _ in walk(node) if isinstance(below, Fill)]


def _name(leaves: list[str]) -> str:
    if not leaves:
        return "name the leaf that the course is to fill; `prospectus show --ids` prints the ids"
    more = len(leaves) - _MOST_NAMED
    named = ", ".join(leaves[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return (
        f"name a leaf below it: {named}" if len(leaves) > 1 else f"name the leaf below it: {named}"
    )


def _leaf_around(node: str, program: Program) -> str | None:
    """Return the leaf inside which a measure stands, None where it stands in none."""
    for leaf, _ in walk(program.tree):
        if isinstance(leaf, Fill) and any(one.header.id == node for one in leaf.with_):
            return str(leaf.header.id)
    return None


def _is_overlap(rule: Rule | When[Rule] | Reading[Rule], name: str) -> bool:
    """Return whether a rule on sharing, in one of its readings, has that id."""
    match rule:
        case When():
            others = () if rule.otherwise is None else (rule.otherwise,)
            return any(_is_overlap(option, name) for option in (rule.then, *others))
        case Reading():
            return any(_is_overlap(option, name) for _, option in rule.options)
        case _:
            return isinstance(rule, Overlap) and rule.header.id == name
