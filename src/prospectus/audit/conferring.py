"""The audit on the day a degree can be conferred: not before today while something is ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from prospectus.audit.problem import problem_of
from prospectus.audit.result import AuditResult
from prospectus.audit.rules import rules_of
from prospectus.audit.solve import audit
from prospectus.domain.program import Resolved
from prospectus.domain.record import Record


def audit_to_come(
    resolved: Resolved,
    record: Record,
    today: dt.date,
    *,
    choices: Mapping[str, str] | None = None,
    conferral: dt.date | None = None,
    steps: int | None = None,
    seconds: float | None = None,
    is_short: bool = False,
) -> AuditResult:
    """Return the audit of a record; without a stated day, for the first day that is possible.

    That is the end of the last attempt. Where a course is still to be taken or graded it is no day
    that has gone by: what has expired by today is then too old. The witness carries that day.
    """

    def judged_on(day: dt.date | None) -> AuditResult:
        return audit(
            resolved,
            record,
            today,
            choices=choices,
            conferral=day,
            steps=steps,
            seconds=seconds,
            is_short=is_short,
        )

    found = judged_on(conferral)
    if conferral is not None or resolved.program.record_rules.expires_months is None:
        return found
    is_ahead = found.credits_left != 0 or any(attempt.is_open for attempt in record.attempts)
    if not is_ahead:
        return found
    last = problem_of(rules_of(resolved, record), record, today, None).reading.conferral
    return found if last >= today else judged_on(today)
