"""Where text goes: the answer to stdout, everything else to stderr."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

PLAIN_WIDTH = 80
"""The width of an answer that no terminal bounds."""

MOST_WIDTH = 100


def answer_console() -> Console:
    """Return the console of the answer; a pipe gets 80 columns and no colour."""
    console = Console(file=sys.stdout, highlight=False, emoji=False, soft_wrap=False)
    width = min(console.width, MOST_WIDTH) if console.is_terminal else PLAIN_WIDTH
    return Console(file=sys.stdout, highlight=False, emoji=False, width=width)


def say(console: Console, text: str, indent: int = 0, style: str = "", hang: int = 0) -> None:
    """Print a text wrapped under its own indent, further lines by `hang` deeper."""
    margin = " " * indent
    for line in text.split("\n"):
        wrapped = textwrap.fill(
            line,
            width=console.width,
            initial_indent=margin,
            subsequent_indent=margin + " " * hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
        console.print(Text(wrapped, style=style), soft_wrap=True)


def print_table(table: Table, console: Console) -> None:
    """Print a table without the spaces that pad its lines."""
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        console.file.write(line.rstrip() + "\n")


def write_line(text: str) -> None:
    """Write one document to stdout as it is."""
    sys.stdout.write(text + "\n")


def tell(text: str, *, quiet: bool) -> None:
    """Say something that is not the answer."""
    if not quiet:
        sys.stderr.write(text + "\n")


def once(say_it: Callable[[], None]) -> Callable[[], None]:
    """Return a function that says something the first time it is called."""
    said: list[bool] = []

    def say_once() -> None:
        if not said:
            said.append(True)
            say_it()

    return say_once


@contextmanager
def progress_bar(text: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function that moves a bar on stderr; on a terminal only."""
    console = Console(file=sys.stderr)
    if quiet or not console.is_terminal:
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(text, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
