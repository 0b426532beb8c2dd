"""Nothing is to be taken for what is waived: what a completion put there fills free electives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from prospectus.audit.result import AuditResult, Missing
from prospectus.domain.course import CourseCode
from prospectus.domain.meaning.holding import Holding, admits
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.plan import Standing
from prospectus.domain.requirement import Fill, NodeId


def off_waived(result: AuditResult, holding: Holding, setting: Setting) -> AuditResult:
    """Return the answer with the completion of excepted leaves moved to the free electives.

    It costs the same there; what the free electives do not take stays where it is.
    """
    waived = {leaf.header.id for leaf in holding.leaves() if _is_excepted(leaf, holding, setting)}
    rest = [leaf for leaf in holding.leaves() if leaf.rest and leaf.header.id not in waived]
    if not waived or len(rest) != 1 or result.credits_left is None:
        return result
    free = rest[0]
    moved = [
        item.course
        for item in result.witness.completion
        if item.leaf in waived and admits(free, setting.hypothetical(item.course), setting) is True
    ]
    if not moved:
        return result
    completion = tuple(
        replace(item, leaf=free.header.id) if item.leaf in waived and item.course in moved else item
        for item in result.witness.completion
    )
    path = _path(free, holding)
    return replace(
        result,
        witness=replace(result.witness, completion=completion),
        missing=tuple(_missing(result, moved, waived, path, free, holding, setting)),
        met=tuple(node for node in result.met if node not in path),
        nodes=tuple(
            replace(state, standing=Standing.UNMET) if state.node in path else state
            for state in result.nodes
        ),
    )


def _path(leaf: Fill, holding: Holding) -> tuple[NodeId, ...]:
    path = [leaf.header.id]
    while (above := holding.parent.get(path[0])) is not None:
        path.insert(0, above)
    return tuple(path)


def _is_excepted(leaf: Fill, holding: Holding, setting: Setting) -> bool:
    return any(
        setting.is_excepted(node) and holding.is_below(leaf.header.id, node)
        for node in holding.active
    )


def _missing(
    result: AuditResult,
    moved: list[CourseCode],
    waived: set[NodeId],
    path: tuple[NodeId, ...],
    free: Fill,
    holding: Holding,
    setting: Setting,
) -> Iterator[Missing]:
    """Yield what is missing, without what is waived and with the free electives in its stead."""
    courses = setting.resolved.courses
    more = sum((courses[code].credits_low for code in moved), Fraction(0))
    old = next((one for one in result.missing if one.node == free.header.id), None)
    taken = {use.attempt.course for use in holding.uses.values()}
    for one in result.missing:
        if one.node not in waived:
            if one is not old:
                yield one
            continue
        stays = tuple(code for code in one.chosen if code not in moved)
        if stays:
            credits = sum((courses[code].credits_low for code in stays), Fraction(0))
            yield replace(
                one,
                chosen=stays,
                courses=len(stays) if one.courses else 0,
                credits=credits if one.credits else one.credits,
            )
    yield Missing(
        node=free.header.id,
        path=path,
        credits=more + (old.credits if old is not None else 0),
        one_of=tuple(
            sorted(
                code
                for code in courses
                if code not in taken and admits(free, setting.hypothetical(code), setting) is True
            )
        ),
        chosen=tuple(sorted({*moved, *(old.chosen if old is not None else ())})),
        minima=old.minima if old is not None else (),
    )
