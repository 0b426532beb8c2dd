"""What a batch keeps of an audit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from prospectus.audit.result import AuditResult
from prospectus.domain.requirement import NodeId


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What a batch says of a record: as `AuditResult`, without its witness.

    `taken` are the choices of the answer; `is_proven` False where a limit was reached.
    """

    credits_left: Fraction | None
    taken: tuple[tuple[NodeId, tuple[NodeId, ...]], ...]
    met: tuple[NodeId, ...]
    is_complete: bool
    is_proven: bool = True


def answer_of(result: AuditResult) -> BatchAnswer:
    """Return what a batch keeps of an audit."""
    return BatchAnswer(
        credits_left=result.credits_left,
        taken=result.witness.choices,
        met=result.met,
        is_complete=result.is_complete,
        is_proven=result.is_proven,
    )
