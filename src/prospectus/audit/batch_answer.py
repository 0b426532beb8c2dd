"""What a batch keeps of an audit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from prospectus.audit.result import AuditResult
from prospectus.domain.plan import Standing
from prospectus.domain.requirement import NodeId


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What a batch says of a record: as `AuditResult`, without its witness.

    `taken` are the choices of the answer; `is_proven` False where a limit was reached. `standing`
    is how the degree stands by its courses alone; None where it is met by what is under way, and
    the answer does not say by what.
    """

    credits_left: Fraction | None
    taken: tuple[tuple[NodeId, tuple[NodeId, ...]], ...]
    met: tuple[NodeId, ...]
    is_complete: bool
    is_proven: bool = True
    standing: Standing | None = Standing.UNMET


def answer_of(result: AuditResult, *, is_short: bool = False) -> BatchAnswer:
    """Return what a batch keeps of an audit; a short one does not say what is under way."""
    standing = result.nodes[0].standing
    if is_short and standing not in (Standing.MET, Standing.UNMET):
        standing = None
    return BatchAnswer(
        credits_left=result.credits_left,
        taken=result.witness.choices,
        met=result.met,
        is_complete=result.is_complete,
        is_proven=result.is_proven,
        standing=standing,
    )
