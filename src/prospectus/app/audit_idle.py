"""Exceptions that do nothing in an audit: they stand below a child that is not chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from prospectus.app.audit_check import Audited
from prospectus.app.audit_words import labels_of
from prospectus.app.words import listed
from prospectus.domain.errors import Fault, Severity
from prospectus.domain.record import AuditException
from prospectus.domain.requirement import All, Any, Node, Reading, When


def idle_exceptions(audits: Sequence[Audited]) -> tuple[Fault, ...]:
    """Return a warning for each exception that does nothing in any of the audits."""
    first, *others = (list(_idle(one)) for one in audits)
    return tuple(note for note in first if all(note in other for other in others))


def _idle(found: Audited) -> Iterator[Fault]:
    labels = labels_of(found.resolved)
    for one in found.record.exceptions:
        path = _path_to(one.node, found.resolved.tree)
        picks = [
            (above, node)
            for above, node in pairwise(path)
            if isinstance(above, Any) and node.header.id not in found.holding.active
        ]
        if picks:
            yield _note(one, *picks[0], found, labels)


def _note(
    one: AuditException, choice: Any, child: Node, found: Audited, labels: dict[str, str]
) -> Fault:
    def say(name: str) -> str:
        return f"'{labels.get(name, name)}'"

    chosen = dict(found.result.witness.choices).get(choice.header.id, ())
    instead = listed([say(str(name)) for name in chosen], "and") or "nothing"
    below = "is" if child.header.id == one.node else f"stands below {say(child.header.id)},"
    return Fault(
        code="REC-056",
        what=f"the exception `{one.kind.value}` for {say(str(one.node))} does nothing: it {below} "
        f"a child of {say(choice.header.id)} that is not chosen ({instead} is)",
        fix=f"declare {say(child.header.id)} with --choose {choice.header.id}={child.header.id}, "
        "or remove the exception",
        severity=Severity.WARNING,
    )


def _path_to(name: str, node: Node) -> list[Node]:
    """Return the nodes from one down to the node of that id; empty where it stands elsewhere."""
    if node.header.id == name:
        return [node]
    for child in node.children if isinstance(node, All | Any) else ():
        below = [] if isinstance(child, When | Reading) else _path_to(name, child)
        if below:
            return [node, *below]
    return []
