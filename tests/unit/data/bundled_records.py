"""Records and witnesses to hold against the bundled programmes."""

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction

from prospectus.domain.course import CourseCode
from prospectus.domain.meaning import judge
from prospectus.domain.plan import Allocation, Placement, Verdict, Witness
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.requirement import All, Any, Fill, Node, NodeId

TODAY = dt.date(2026, 8, 20)


def attempt(
    code: str,
    *periods: str,
    credits: int = 3,
    grade: str | None = None,
    status: AttemptStatus = AttemptStatus.PASSED,
) -> Attempt:
    """Return an attempt whose id is its code."""
    return Attempt(
        id=code,
        course=CourseCode(code),
        credits=Fraction(credits),
        status=status,
        periods=periods,
        grade=grade,
    )


def planned(code: str, *periods: str, credits: int = 3) -> Attempt:
    """Return a planned attempt."""
    return attempt(code, *periods, credits=credits, status=AttemptStatus.PLANNED)


def passed(*codes: str, grade: str = "B", credits: int = 3) -> Record:
    """Return a record of passed courses."""
    return Record(attempts=tuple(attempt(c, credits=credits, grade=grade) for c in codes))


def placed(held: Mapping[str, str | Iterable[str]]) -> tuple[Placement, ...]:
    """Return placements of courses in leaves."""
    return tuple(
        Placement(attempt=code, leaf=NodeId(name))
        for name, codes in held.items()
        for code in ([codes] if isinstance(codes, str) else codes)
    )


def judged(
    resolved: Resolved,
    record: Record,
    held: Mapping[str, str | Iterable[str]],
    *choices: tuple[str, str],
    done: Mapping[str, Iterable[str]] | None = None,
) -> Verdict:
    """Judge a record with these courses in these leaves, under these choices.

    `done` says which courses meet the nodes that conditions ask for.
    """
    witness = Witness(
        placements=placed(held),
        choices=tuple((NodeId(node), (NodeId(child),)) for node, child in choices),
        allocations=tuple(
            Allocation(node=NodeId(name), placements=placed({name: codes}))
            for name, codes in (done or {}).items()
        ),
    )
    return judge(resolved, record, witness, TODAY)


def node(resolved: Resolved, id: str) -> Node:
    """Return the node of that id."""
    stack: list[Node] = [resolved.tree]
    while stack:
        found = stack.pop()
        if found.header.id == id:
            return found
        if isinstance(found, All | Any):
            stack += found.children
    raise KeyError(id)


def leaf(resolved: Resolved, id: str) -> Fill:
    """Return the leaf of that id."""
    found = node(resolved, id)
    assert isinstance(found, Fill)
    return found
