"""Auditing kept records: what was uploaded is read anew each time, under the rules of the day."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from prospectus.app.audit_answers import AuditAnswer
from prospectus.app.audit_what_if import Supposition, parse_supposition
from prospectus.app.auditing import audit_record
from prospectus.app.library import Library
from prospectus.app.workspace import KeptRecord, Workspace, plain_name
from prospectus.domain.errors import Fault, Place, ProspectusError, UsageError

SECONDS = 5.0
"""The longest search for one audit."""

_SUFFIXES = frozenset({".csv", ".json", ".parquet", ".xml", ".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class RecordWork:
    """The records of a workspace on one day."""

    workspace: Workspace
    library: Library
    today: dt.date

    def add(
        self, name: str, file_name: str, content: bytes, program: str = "", student: str = ""
    ) -> KeptRecord:
        """Keep a record, if it can be audited.

        Raises
        ------
        ProspectusError
            With all faults of the file.
        """
        if not content:
            raise UsageError(
                "WEB-004",
                what="no file was chosen, or it is empty",
                fix="choose the file of a record",
                at=Place(field="file"),
            )
        plain = plain_name(PurePosixPath(file_name.replace("\\", "/")).name) or "record"
        self._audited(plain, content, program, Supposition(), all_choices=False)
        return self.workspace.records.add(
            name=name or plain,
            file_name=plain,
            kind=PurePosixPath(plain).suffix.lstrip(".").lower(),
            content=content,
            program=program,
            student_id=student or None,
        )

    def audit(
        self, record: str, what_if: Sequence[str] = (), *, all_choices: bool = False
    ) -> tuple[KeptRecord, AuditAnswer]:
        """Return a record with its audit.

        Raises
        ------
        ProspectusError
            For an id that names nothing (STO-001), or what cannot be supposed.
        """
        kept = self.workspace.records.get(record)
        content = self.workspace.records.content(record)
        supposed = parse_supposition([text for text in what_if if text.strip()])
        answer = self._audited(
            kept.file_name, content, kept.program, supposed, all_choices=all_choices
        )
        return kept, answer

    def _audited(
        self,
        file_name: str,
        content: bytes,
        program: str,
        supposed: Supposition,
        *,
        all_choices: bool,
    ) -> AuditAnswer:
        suffix = PurePosixPath(file_name).suffix.lower()
        with tempfile.TemporaryDirectory(prefix="prospectus-") as folder:
            # the name is the sender's: only a known ending of it is used
            path = Path(folder) / f"record{suffix if suffix in _SUFFIXES else ''}"
            path.write_bytes(content)
            try:
                answer = audit_record(
                    path,
                    program or None,
                    today=self.today,
                    supposition=supposed,
                    all_choices=all_choices,
                    library=self.library,
                    seconds=SECONDS,
                )
                return replace(answer, record=file_name)
            except ProspectusError as error:
                raise type(error)(faults=_named(error.faults, path, file_name)) from None


def _named(faults: Sequence[Fault], path: Path, file_name: str) -> list[Fault]:
    """Return faults that call the file as the person does."""
    return [
        replace(
            fault,
            what=fault.what.replace(str(path), file_name),
            fix=fault.fix.replace(str(path), file_name),
            at=Place(
                file=fault.at.file.replace(str(path), file_name),
                line=fault.at.line,
                field=fault.at.field,
            ),
        )
        for fault in faults
    ]
