"""Faults as JSON text, and back: a job that failed says why after a restart too."""

from __future__ import annotations

import json
from collections.abc import Sequence

from prospectus.domain.errors import Fault, Place, Severity


def text_of_faults(faults: Sequence[Fault]) -> str:
    """Return faults as JSON text."""
    told = [
        {
            "code": fault.code,
            "severity": fault.severity.value,
            "what": fault.what,
            "fix": fault.fix,
            "on_page": fault.on_page,
            "file": fault.at.file,
            "line": fault.at.line,
            "field": fault.at.field,
        }
        for fault in faults
    ]
    return json.dumps(told)


def faults_from(text: str | None) -> tuple[Fault, ...]:
    """Return the faults of a text; none for no text."""
    return tuple(
        Fault(
            code=told["code"],
            severity=Severity(told["severity"]),
            what=told["what"],
            fix=told["fix"],
            on_page=told.get("on_page", ""),
            at=Place(file=told["file"], line=told["line"], field=told["field"]),
        )
        for told in json.loads(text or "[]")
    )
