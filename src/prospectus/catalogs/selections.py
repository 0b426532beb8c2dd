"""Whether what a programme selects can be matched: no circles, and nothing that grows too large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prospectus.catalogs.cycles import cycles
from prospectus.catalogs.findings import Findings
from prospectus.catalogs.parts import nodes_in, selectors_in
from prospectus.catalogs.unfolding import MOST_DEPTH, MOST_PARTS, unfolded
from prospectus.domain.errors import Place
from prospectus.domain.expression import InNode, InSet, Selector
from prospectus.domain.program import Program
from prospectus.domain.requirement import Fill, Node

_N_SHOWN = 12


def check_selection(program: Program, nodes: Mapping[str, Node], findings: Findings) -> bool:
    """Note sets and leaves that select by way of themselves, or of too much.

    Return whether matching what the programme selects ends, and soon.
    """
    graph: dict[str, list[str]] = {}
    for name, selector in program.sets:
        graph[f"set {name}"] = list(_selected_by(selector, nodes))
    for name, node in nodes.items():
        if isinstance(node, Fill):
            graph[f"node {name}"] = list(_selected_by(node.from_, nodes))
    circles = list(cycles(graph))
    for circle in circles:
        at, field = _place_of(circle[0], program, nodes)
        shown = [*circle, circle[0]] if len(circle) < _N_SHOWN else [*circle[:_N_SHOWN], "..."]
        findings.note(
            "CAT-054",
            at,
            field,
            f"selection runs in a circle: {' -> '.join(shown)}",
            "name the courses in one of them",
        )
    too_large = [] if circles else _too_large(graph)
    for name in too_large:
        at, field = _place_of(name, program, nodes)
        findings.note(
            "CAT-056",
            at,
            field,
            f"'{name}' selects by way of so many others that it has more than {MOST_PARTS} "
            f"parts or is more than {MOST_DEPTH} deep",
            "name the courses, or their area or attribute, in one of them",
        )
    return not circles and not too_large


def _place_of(name: str, program: Program, nodes: Mapping[str, Node]) -> tuple[Place, str]:
    """Return the block and the field of a set or of a leaf."""
    kind, _, inner = name.partition(" ")
    if kind == "set":
        return program.provenance.at, f"sets.{inner}"
    return nodes[inner].header.provenance.at, "fill.from"


def _too_large(graph: Mapping[str, list[str]]) -> list[str]:
    """Return the sets and leaves that grow past what is read, without those that only use them."""
    sizes = unfolded(graph)
    large = {
        name for name, (parts, deep) in sizes.items() if parts > MOST_PARTS or deep > MOST_DEPTH
    }
    return [name for name in graph if name in large and large.isdisjoint(graph[name])]


def _selected_by(selector: Selector, nodes: Mapping[str, Node]) -> Iterator[str]:
    """Yield the sets and leaves by which a selector selects."""
    for part in selectors_in(selector):
        if isinstance(part, InSet):
            yield f"set {part.name}"
        elif isinstance(part, InNode) and part.node in nodes:
            for inner in nodes_in(nodes[part.node]):
                if isinstance(inner, Fill):
                    yield f"node {inner.header.id}"
