"""Exceptions that do nothing as chosen: they stand below a child that is not chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from prospectus.app.audit_check import Audited
from prospectus.app.audit_words import labels_of
from prospectus.app.words import listed
from prospectus.domain.errors import Fault, Severity
from prospectus.domain.program import Resolved
from prospectus.domain.record import AuditException, Record
from prospectus.domain.requirement import All, Any, Node, NodeId, Reading, When

Choices = Sequence[tuple[NodeId, Sequence[NodeId]]]


def idle_exceptions(audits: Sequence[Audited]) -> tuple[Fault, ...]:
    """Return a warning for each exception that does nothing in any of the audits."""
    first, *others = (
        list(idle_under(one.resolved, one.record, one.result.witness.choices)) for one in audits
    )
    return tuple(note for note in first if all(note in other for other in others))


def idle_under(resolved: Resolved, record: Record, choices: Choices) -> Iterator[Fault]:
    """Yield a warning for each exception on a record that does nothing under some choices."""
    chosen, labels = dict(choices), labels_of(resolved)
    for one in record.exceptions:
        for above, node in pairwise(_path_to(one.node, resolved.tree)):
            picked = chosen.get(above.header.id, ())
            if isinstance(above, Any) and node.header.id not in picked:
                yield _note(one, above, node, picked, labels)
                break


def _note(
    one: AuditException,
    choice: Any,
    child: Node,
    picked: Sequence[NodeId],
    labels: dict[str, str],
) -> Fault:
    def say(name: str) -> str:
        return f"'{labels.get(name, name)}'"

    instead = listed([say(str(name)) for name in picked], "and") or "nothing"
    below = "is" if child.header.id == one.node else f"stands below {say(child.header.id)},"
    return Fault(
        code="REC-056",
        what=f"the exception `{one.kind.value}` for {say(str(one.node))} does nothing: it {below} "
        f"a child of {say(choice.header.id)} that is not chosen ({instead} is)",
        fix=f"declare {say(child.header.id)} with --choose {choice.header.id}={child.header.id}, "
        "or remove the exception",
        on_page=f"declare {say(child.header.id)} for {say(choice.header.id)} in the record, or "
        "remove the exception",
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
