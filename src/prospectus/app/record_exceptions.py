"""Milestones and exceptions of a record that name nothing, or would do nothing where they stand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from prospectus.app.nearest import nearest
from prospectus.app.record_binding import RecordBinder
from prospectus.app.tree_walk import walk
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import Fault, Place
from prospectus.domain.program import Program
from prospectus.domain.record import AuditException, ExceptionKind, MilestoneResult
from prospectus.domain.requirement import Fill, Milestone, Node, Reading, When
from prospectus.domain.rule import Overlap, Rule

_MOST_NAMED = 12
_NEEDED = {
    ExceptionKind.SUBSTITUTE: ("course", "replaces"),
    ExceptionKind.INSERT: ("course",),
}


def faults_of_nodes(
    milestones: Sequence[MilestoneResult],
    exceptions: Sequence[AuditException],
    program: Program,
    binder: RecordBinder,
    *,
    place: Callable[[str], Place],
    on_record: Collection[CourseCode] | None,
) -> Iterator[Fault]:
    """Yield the faults of milestones and exceptions that name what the programme does not have.

    `place` says where a dotted field stands; `on_record` None means that not all courses on
    record are known, so that one an exception names may be among them.
    """
    nodes = {str(node.header.id): node for node, _ in walk(program.tree)}
    known = [name for name, node in nodes.items() if isinstance(node, Milestone)]
    # Gates and other rules beside the tree have ids too, and exceptions may name them.
    ids = [*nodes, *(name for rule in program.rules for name in _ids_of(rule))]
    for index, result in enumerate(milestones):
        if result.milestone not in known:
            yield Fault(
                code="REC-049",
                what=f"the programme has no milestone '{result.milestone}'",
                fix=nearest(result.milestone, known, "remove it"),
                at=place(f"milestones[{index}].milestone"),
            )
    for index, one in enumerate(exceptions):
        here = f"exceptions[{index}]"
        if one.node not in ids:
            yield Fault(
                code="REC-049",
                what=f"the programme has no node '{one.node}'",
                fix=nearest(one.node, ids, "see the ids that `prospectus show --ids` prints"),
                on_page=nearest(one.node, ids, "use the id of a rule of the programme"),
                at=place(f"{here}.node"),
            )
        elif (idle := without_effect(one, program)) is not None:
            what, fix = idle
            yield Fault(code="REC-056", what=what, fix=fix, at=place(f"{here}.node"))
        for field in ("course", "replaces"):
            code = one.course if field == "course" else one.replaces
            if code is None and field in _NEEDED.get(one.kind, ()):
                yield Fault(
                    code="REC-020",
                    what=f"an exception `{one.kind.value}` names no `{field}`",
                    fix=f"add `{field}:`",
                    at=place(here),
                )
            elif (
                code is not None
                and on_record is not None
                and code not in on_record
                and not binder.is_known(code)
            ):
                yield Fault(
                    code="REC-040",
                    what=f"{binder.school.name} has no course {code}, and none is on record",
                    fix=binder.nearest_course(code, "correct the code"),
                    at=place(f"{here}.{field}"),
                )


def _ids_of(rule: Rule | When[Rule] | Reading[Rule]) -> Iterator[str]:
    """Yield the ids of a rule beside the tree, in all its readings."""
    match rule:
        case When():
            yield from _ids_of(rule.then)
            if rule.otherwise is not None:
                yield from _ids_of(rule.otherwise)
        case Reading():
            for _, option in rule.options:
                yield from _ids_of(option)
        case _:
            yield str(rule.header.id)


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
        return "name the leaf that the course is to fill, by its id"
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
