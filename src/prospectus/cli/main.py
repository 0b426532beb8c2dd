"""The entry point of the command line: one call in, one exit code out."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from prospectus.cli.guard import INTERRUPTED, OUR_FAULT, misread, one_line, unexpected

# What a bad option and every other call that cannot be parsed have in common.
_MISCALL: type[Exception] = typer.BadParameter.__bases__[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments
        The words behind `prospectus`; those of the process when None.
    """
    try:
        # importing the modules of commands makes them known
        from prospectus.cli import (  # noqa: F401
            audit_commands,
            balance_commands,
            catalog_commands,
            claims_commands,
            commands,
            exchange_commands,
            plan_commands,
            serve_commands,
            store_commands,
            verify_commands,
        )
        from prospectus.cli.application import app

        words = list(sys.argv[1:] if arguments is None else arguments)
        if "--json" not in words:
            app(args=words, prog_name="prospectus")
            return 0
        code = app(args=words, prog_name="prospectus", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        sys.stderr.write("stopped; nothing was written\n")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the answer has gone; nothing more can be said to them.
        sys.stderr.close()
        return 0
    except typer.Abort:
        sys.stderr.write("stopped; nothing was written\n")
        return INTERRUPTED
    except _MISCALL as error:
        return misread(words, error)
    except Exception as error:
        sys.stderr.write(one_line(unexpected(error)))
        return OUR_FAULT
    return 0


if __name__ == "__main__":
    sys.exit(main())
