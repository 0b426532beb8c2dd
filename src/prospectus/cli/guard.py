"""No traceback reaches a user: faults in three lines, anything else in one."""

from __future__ import annotations

import logging
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer

from prospectus.domain.errors import Fault, ProspectusError, UsageError

PLAIN_WIDTH = 80
_HANG = 7
INTERRUPTED = 130
OUR_FAULT = 70
_STOPPED = "stopped; nothing was written\n"
_log = logging.getLogger(__name__)


@contextmanager
def guarded(command: str, *, as_json: bool) -> Iterator[None]:
    """Turn every exception of a command into printed lines and an exit code."""
    try:
        yield
    except ProspectusError as error:
        _report(command, error.faults, error.exit_code, as_json=as_json)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        sys.stderr.write(_STOPPED)
        raise typer.Exit(INTERRUPTED) from None
    except (typer.Exit, typer.Abort, BrokenPipeError):
        raise
    except Exception as error:
        if _is_interrupt(error):
            sys.stderr.write(_STOPPED)
            raise typer.Exit(INTERRUPTED) from None
        _log.debug("event=unexpected command=%s", command, exc_info=True)
        fault = unexpected(error)
        if as_json:
            _report(command, (fault,), OUR_FAULT, as_json=True)
        else:
            sys.stderr.write(one_line(fault))
        raise typer.Exit(OUR_FAULT) from None


def _is_interrupt(error: BaseException) -> bool:
    """Return whether Ctrl-C is behind an error: a library stopped while it loads says it so."""
    cause = error.__cause__ or error.__context__
    return isinstance(cause, KeyboardInterrupt) or (cause is not None and _is_interrupt(cause))


def unexpected(error: Exception) -> Fault:
    """Return the fault behind an exception that nobody foresaw."""
    told = " ".join(str(error).split())[:200]
    return Fault(
        code="INT-003",
        what=f"an unforeseen {type(error).__name__}" + (f" ({told})" if told else ""),
        fix="please report this with the command and the files it read",
    )


def misread(words: Sequence[str], error: Exception) -> int:
    """Tell, as JSON too, that a call could not be parsed, and return the exit code."""
    command = next((word for word in words if not word.startswith("-")), "prospectus")
    told = getattr(error, "message", "") or str(error)
    fault = Fault(
        code="USE-010",
        what=str(told).rstrip(".") or "the call names no command",
        fix="see `prospectus --help`, or `-h` behind the command",
    )
    code = UsageError.exit_code
    _report(command, (fault,), code, as_json=True)
    return code


def wrapped(fault: Fault) -> str:
    """Return a fault, how to mend it no wider than the terminal: 80 columns where there is none.

    What is wrong and where stay lines of their own: one is searched for, one is clicked on.
    """
    is_terminal = sys.stderr.isatty()
    width = shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns if is_terminal else PLAIN_WIDTH
    return "\n".join(
        textwrap.fill(
            line,
            width=width,
            subsequent_indent=" " * _HANG,
            break_long_words=False,
            break_on_hyphens=False,
        )
        if line.startswith("  fix ")
        else line
        for line in str(fault).splitlines()
    )


def one_line(fault: Fault) -> str:
    """Return a fault of our own in one line."""
    return f"error {fault.code}: {fault.what}; {fault.fix}\n"


def _report(command: str, faults: tuple[Fault, ...], code: int, *, as_json: bool) -> None:
    for fault in faults:
        sys.stderr.write(f"{wrapped(fault)}\n")
    if as_json:
        from prospectus.app.document import error_envelope

        sys.stdout.write(error_envelope(command, faults, code) + "\n")
