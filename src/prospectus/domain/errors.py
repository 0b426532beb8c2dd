"""Errors: what is wrong, where, and how to mend it.

    ProspectusError              every fault that a user can mend; carries one or more `Fault`s
    ├── UsageError     exit 2    the call itself is off (flags, contradictory options)
    ├── DataError      exit 3    a file says something that cannot be
    │   ├── CatalogError         CAT-...  a catalog file
    │   ├── StudentError         STU-..., REC-...  a student file or a record
    │   ├── ExpressionError      EXP-...  an expression or selector in a file
    │   ├── ExchangeError        EXC-...  a file of a foreign format
    │   ├── BalanceError         BAL-...  a file of courses to balance
    │   ├── CertificateError     CER-...  a certificate of a plan
    │   └── StoreError           STO-...  what the database keeps, or is to keep
    │       ├── MissingError         STO-001  it keeps nothing of that id
    │       ├── StaleError           STO-002  it was changed meanwhile
    │       └── UnavailableError     STO-003, STO-004  it cannot be used now
    ├── DomainError    exit 3    DOM-...  a value that cannot exist (raised by constructors)
    ├── UnsupportedError exit 3  PLN-...  a kind of rule that this engine cannot yet plan
    ├── NoPlanError    exit 1    there is no plan to hand out
    ├── LimitError     exit 4    a limit was reached before there was a proof
    └── InternalError  exit 70   our fault

"Infeasible", "not met" and "limit reached with a plan" are answers, not errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from unicodedata import category

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_MOST_SHOWN = 2_000


def shown_plainly(text: str) -> str:
    """Return a text of which a terminal shows every character and obeys none.

    Control characters, marks that turn the direction of writing, and halves of characters come as
    their numbers; lines stay lines.
    """
    if text.isprintable():
        return text
    return "".join(
        sign
        if sign == "\n" or category(sign) not in _UNSEEN
        else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )


class Severity(Enum):
    """How bad a fault is: an error stops the work, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a statement stands: file, 1-based line, and the dotted field."""

    file: str = ""
    line: int | None = None
    field: str = ""

    def __str__(self) -> str:
        """Return `file:line   field`, leaving out what is not known."""
        where = self.file + (f":{self.line}" if self.line is not None else "")
        return "   ".join(shown_plainly(part) for part in (where, self.field) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: a stable code, what, where, and how to mend it.

    `on_page` says how to mend it on a page, where `fix` speaks of the command line; "" where the
    same words do for both.
    """

    code: str
    what: str
    fix: str
    at: Place = Place()
    severity: Severity = Severity.ERROR
    on_page: str = ""

    def __post_init__(self) -> None:
        # What a file says is repeated here: it must not take over a terminal, or fill it.
        for name, text in (("what", self.what), ("fix", self.fix), ("on_page", self.on_page)):
            if len(text) > _MOST_SHOWN:
                object.__setattr__(self, name, f"{shown_plainly(text[:_MOST_SHOWN])}...")
            elif not text.isprintable():
                object.__setattr__(self, name, shown_plainly(text))

    @property
    def page_fix(self) -> str:
        """Return how to mend it, in words for whoever looks at a page."""
        return self.on_page or self.fix

    def __str__(self) -> str:
        """Return the three lines that the command line prints."""
        lines = [f"{self.severity.value} {self.code}: {self.what}"]
        if str(self.at):
            lines.append(f"  at   {self.at}")
        lines.append(f"  fix  {self.fix}")
        return "\n".join(lines)


class ProspectusError(Exception):
    """A fault, or all faults of one reading, that a user can mend."""

    exit_code = 70

    def __init__(
        self,
        code: str = "",
        *,
        what: str = "",
        fix: str = "",
        at: Place | None = None,
        on_page: str = "",
        faults: Sequence[Fault] = (),
    ) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults) or (
            Fault(code=code, what=what, fix=fix, at=at or Place(), on_page=on_page),
        )
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UsageError(ProspectusError):
    """The call itself is off."""

    exit_code = 2


class DataError(ProspectusError):
    """A file says something that cannot be."""

    exit_code = 3


class CatalogError(DataError):
    """A catalog file is wrong (CAT-...)."""


class StudentError(DataError):
    """A student file or a record is wrong (STU-..., REC-...)."""


class ExpressionError(DataError):
    """An expression or selector cannot be read (EXP-...)."""


class ExchangeError(DataError):
    """A file of a foreign format is wrong (EXC-...)."""


class BalanceError(DataError):
    """A file of courses to balance is wrong (BAL-...)."""


class CertificateError(DataError):
    """A certificate cannot be read, or is not of the catalog at hand (CER-...)."""


class StoreError(DataError):
    """Something cannot be kept, or is not kept (STO-...)."""


class MissingError(StoreError):
    """The database keeps nothing of that id (STO-001)."""


class StaleError(StoreError):
    """What was to be changed was changed by somebody else meanwhile (STO-002)."""


class UnavailableError(StoreError):
    """The database cannot be opened, read or written now (STO-003, STO-004)."""


class DomainError(DataError):
    """A value that cannot exist was about to be made (DOM-...)."""


class UnsupportedError(DataError):
    """A kind of rule that can be judged but not yet planned (PLN-...)."""


class NoPlanError(ProspectusError):
    """There is no plan to hand out (EXC-...)."""

    exit_code = 1


class LimitError(ProspectusError):
    """A limit was reached before there was a proof (LIM-...)."""

    exit_code = 4


class InternalError(ProspectusError):
    """A slip of our own, e.g. a plan that fails its own re-check (INT-...)."""

    exit_code = 70
