"""Coverage-guided fuzzing of the grammar of expressions, selectors and points.

Run by `make fuzz`. What is read must print to a text that is read back the same; what is refused
must be refused with a fault that docs/errors.md lists.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import atheris
from seeds import check_faults, expressions

with atheris.instrument_imports(include=["prospectus.catalogs", "prospectus.domain", "lark"]):
    from prospectus.catalogs.expressions import (
        MAX_DEPTH,
        MAX_LENGTH,
        parse_expression,
        parse_point,
        parse_selector,
    )
    from prospectus.domain.errors import ExpressionError
    from prospectus.domain.printer import print_expression, print_point, print_selector

READERS: tuple[tuple[Callable[[object], object], Callable[..., str]], ...] = (
    (parse_expression, print_expression),
    (parse_selector, print_selector),
    (parse_point, print_point),
)
SCRAPS = (
    "and or not except of at is since credits courses finished gpa done member degree test",
    "background approval person subject number level grade set node matriculation conferral start",
    "end any recommended helps typical concurrent with area topic attribute title terms months",
    ">= <= < > = ( ) [ ] , / + - 41xx 500+ 500-590 2026-08-24 0000-00-00 1/0 8/3 1.5",
    '99999999999999999999 "text" \'text\' " \\ [B-] 2 ~arch-1 /0 /1',
)
WORDS = [word.encode() for line in SCRAPS for word in line.split()]


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """Return other bytes: whole words are changed as often as single bytes."""
    rng = random.Random(seed)
    if rng.random() < 0.4 or len(data) < 2:
        return atheris.Mutate(data, most)
    parts = data[1:].split(b" ")
    place = rng.randrange(len(parts))
    match rng.randrange(4):
        case 0:
            parts[place] = rng.choice(WORDS)
        case 1:
            parts.insert(place, rng.choice(WORDS))
        case 2:
            del parts[place]
        case _:
            parts = [*parts[:place], b"(", *parts[place:], b")"]
    return (data[:1] + b" ".join(parts))[:most]


def test_one_input(data: bytes) -> None:
    """Read a text as an expression, a selector or a point."""
    if not data:
        return
    parse, print_tree = READERS[data[0] % len(READERS)]
    text = data[1:].decode("utf-8", errors="surrogateescape")
    try:
        tree = parse(text)
    except ExpressionError as error:
        check_faults(error.faults)
        return
    printed = print_tree(tree)
    # A tree is printed with every bracket, so that it may come out longer than what is read.
    if len(printed) <= MAX_LENGTH and printed.count("(") <= MAX_DEPTH:
        assert parse(printed) == tree, printed


def write_seeds(folder: Path) -> None:
    """Write the texts that fuzzing starts from."""
    folder.mkdir(parents=True, exist_ok=True)
    points = ["matriculation + 3 terms", "conferral - 12 months", "18 credits finished of CS 1000"]
    for number, text in enumerate([*expressions(), *points]):
        for start in range(len(READERS)):
            (folder / f"seed-{number}-{start}").write_bytes(bytes([start]) + text.encode())


if __name__ == "__main__":
    write_seeds(Path(sys.argv[-1]))
    atheris.Setup(sys.argv, test_one_input, custom_mutator=mutate)
    atheris.Fuzz()
