"""The entry point of the command line: one call in, one exit code out."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from prospectus.cli.guard import INTERRUPTED, OUR_FAULT, one_line, unexpected


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments
        The words behind `prospectus`; those of the process when None.
    """
    try:
        from prospectus.cli.commands import app

        app(args=None if arguments is None else list(arguments), prog_name="prospectus")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        sys.stderr.write("stopped; nothing was written\n")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the answer has gone; nothing more can be said to them.
        sys.stderr.close()
        return 0
    except Exception as error:
        sys.stderr.write(one_line(unexpected(error)))
        return OUR_FAULT
    return 0


if __name__ == "__main__":
    sys.exit(main())
