"""The faults of one foreign file, gathered until all of it was read."""

from __future__ import annotations

from dataclasses import dataclass, field

from prospectus.domain.errors import ExchangeError, Fault, Place

_MOST = 50


@dataclass(slots=True)
class FileFaults:
    """Gathers the faults of a file."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(
        self, code: str, what: str, fix: str, line: int | None = None, column: str = ""
    ) -> None:
        """Note a fault."""
        place = Place(file=self.file, line=line, field=column)
        self.found.append(Fault(code=code, what=what, fix=fix, at=place))

    def raise_any(self) -> None:
        """Raise what was noted, in the order of the lines; of very many the first.

        Raises
        ------
        ExchangeError
            With the faults, if there are any.
        """
        if self.found:
            ordered = sorted(self.found, key=lambda fault: fault.at.line or 0)
            raise ExchangeError(faults=ordered[:_MOST])
