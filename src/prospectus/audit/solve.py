"""The entry of the audit: from resolved rules and a record to the canonical answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from prospectus.audit.result import AuditResult
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record

STEPS = 200_000
"""After so many steps of the search the best answer found is given, and said not to be proven."""


def audit(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    *,
    choices: Mapping[str, str] | None = None,
    conferral: dt.date | None = None,
    steps: int = STEPS,
    seconds: float | None = None,
) -> AuditResult:
    """Return the canonical audit of a record under the rules of one person.

    Parameters
    ----------
    resolved
        The rules without `when` and `reading`; compiled once and kept with the object.
    record
        What was taken; planned attempts count as planned.
    today
        The day on which is judged.
    choices
        Declared choices: id of an `any` -> id of the child chosen.
    conferral
        The day of conferral judged; by default the end of the last attempt.
    steps, seconds
        Limits of the search. Where one is reached, the best answer found is returned with
        `status` limit and the bound that was proven.

    Raises
    ------
    UnsupportedError
        AUD-..., for the few kinds of rule that the audit cannot search (docs/errors.md).
    StudentError
        AUD-..., where `choices` names no child of that node.
    """
    raise NotImplementedError
