"""What an export or import leaves out, in lines on stderr."""

from __future__ import annotations

import sys

from prospectus.cli.terminal import tell
from prospectus.exchange.losses import N_EXAMPLES, Loss


def tell_losses(losses: tuple[Loss, ...], title: str, *, quiet: bool) -> None:
    """Say what a format cannot hold: a line for each kind, with how many and the first of them."""
    if not losses:
        tell(f"{title}: nothing", quiet=quiet)
        return
    tell(f"{title}:", quiet=quiet)
    for loss in losses:
        more = ("...",) if loss.n > len(loss.examples) >= N_EXAMPLES else ()
        tell(f"{loss.n:>6}  {loss.what} ({'; '.join((*loss.examples, *more))})", quiet=quiet)


def write_text(text: str) -> None:
    """Write a file's text to stdout, with the line ends that its format asks for."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()
