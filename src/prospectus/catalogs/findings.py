"""Faults noted on what was read, each at the line of its own field."""

from __future__ import annotations

from prospectus.catalogs.assembly import Assembled
from prospectus.catalogs.yaml_document import dotted
from prospectus.domain.errors import Fault, Place, Severity


class Findings:
    """Notes faults on an assembled catalog."""

    def __init__(self, assembled: Assembled) -> None:
        self._assembled = assembled
        self._lines: dict[str, dict[str, int]] = {}

    def note(
        self,
        code: str,
        at: Place,
        field: str,
        what: str,
        fix: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note one fault at a field below the block at `at`."""
        place = self.below(at, field)
        self._assembled.faults.append(
            Fault(code=code, what=what, at=place, fix=fix, severity=severity)
        )

    def is_refused(self, name: str) -> bool:
        """Return whether a file writes this name but what it names could not be made."""
        return name in self._assembled.reading.names_refused

    def below(self, at: Place, field: str) -> Place:
        """Return the place of a field of a block, the block's own where the file has no such."""
        full = ".".join(part for part in (at.field, field) if part)
        lines = self._lines_of(at.file)
        if not field or full not in lines:
            known = full.rpartition(".")[0]
            while known and known not in lines:
                known = known.rpartition(".")[0]
            return Place(file=at.file, line=lines.get(known, at.line) if field else at.line,
                         field=full)  # fmt: skip
        return Place(file=at.file, line=lines[full], field=full)

    def _lines_of(self, file: str) -> dict[str, int]:
        found = self._lines.get(file)
        if found is None:
            document = self._assembled.documents.get(file)
            found = (
                {dotted(path): line for path, line in document.lines.items()} if document else {}
            )
            self._lines[file] = found
        return found
