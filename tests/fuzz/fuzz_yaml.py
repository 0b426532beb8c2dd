"""Coverage-guided fuzzing of the YAML reader and of everything that reads catalog files.

Run by `make fuzz`. The first byte says which file of the small catalog of docs/catalog-format.md
the other bytes stand for, and whether it is read alone or with its catalog. Nothing but faults that
docs/errors.md lists may come out.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import atheris
from seeds import FILES, bundled, check_faults, words

with atheris.instrument_imports(include=["prospectus.catalogs", "prospectus.domain", "yaml"]):
    from prospectus.catalogs.check import check
    from prospectus.catalogs.file_kinds import read_fields
    from prospectus.catalogs.load import load_catalog
    from prospectus.catalogs.yaml_reader import read_partly
    from prospectus.domain.errors import CatalogError, Fault, Severity

ALONE = 112
"""First bytes below this: the file is read alone."""
NAMES = sorted(FILES)
KINDS = {Path(name).stem: index for index, name in enumerate(NAMES)}
SCRAPS = [
    word.encode()
    for word in [
        *words(),
        *("unknown", "none", "nothing", "yes", "no", "~", "-1", "0", "1..0", "9..3", "[]", "{}"),
        *("''", '""', "&a", "*a", "!!python/name:os.system", "!x", "? ", "- ", ": ", ", ", "#"),
        *(
            "99999999999999999999",
            "1e999",
            ".inf",
            "0x1F",
            "9999-99-99",
            "0000-01-01",
            "---",
            "...",
        ),
        *("\n", "\n  ", "\n    ", "\t", "|", ">", "\u202e", "\ufeff", "\x85", "\u2028", "'", '"'),
    ]
]


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """Return other bytes: whole words and lines are changed as often as single bytes."""
    rng = random.Random(seed)
    if rng.random() < 0.4 or len(data) < 2:
        return atheris.Mutate(data, most)
    head, body = data[:1], data[1:]
    lines = body.split(b"\n")
    place = rng.randrange(len(lines))
    match rng.randrange(5):
        case 0:
            lines.insert(place, lines[rng.randrange(len(lines))])
        case 1:
            del lines[place]
        case 2:
            lines[place] = b"  " + lines[place] if rng.random() < 0.5 else lines[place].strip()
        case 3:
            parts = lines[place].split(b" ")
            parts[rng.randrange(len(parts))] = rng.choice(SCRAPS)
            lines[place] = b" ".join(parts)
        case _:
            start = rng.randrange(len(body))
            end = min(len(body), start + rng.randrange(8))
            return (head + body[:start] + rng.choice(SCRAPS) + body[end:])[:most]
    return (head + b"\n".join(lines))[:most]


def test_one_input(data: bytes) -> None:
    """Read, check or load a catalog of which one file is made of these bytes."""
    if not data:
        return
    name = NAMES[data[0] % len(NAMES)]
    path = FOLDER / name
    path.write_bytes(data[1:])
    try:
        if data[0] < ALONE:
            read_alone(path)
            return
        faults = check([FOLDER])
        check_faults(faults)
        errors = {fault for fault in faults if fault.severity is Severity.ERROR}
        if data[0] % 2:
            return
        told = set(faults_of_loading())
        check_faults(told)
        # A fault that loading tells and checking does not would be missed by authors; only a school
        # that the files do not describe is looked for by checking alone.
        if all(fault.code != "CAT-038" for fault in told):
            assert told <= errors, told - errors
    finally:
        path.write_text(FILES[name], encoding="utf-8")


def faults_of_loading() -> tuple[Fault, ...]:
    """Return what loading the catalog complains about."""
    try:
        load_catalog(FOLDER)
    except CatalogError as error:
        return error.faults
    return ()


def read_alone(path: Path) -> None:
    """Read one file and its fields, which takes a tenth of the time."""
    try:
        document, faults = read_partly(path)
    except CatalogError as error:
        check_faults(error.faults)
        return
    check_faults([*faults, *read_fields(document).faults])


def write_seeds(folder: Path) -> None:
    """Write the files that fuzzing starts from."""
    folder.mkdir(parents=True, exist_ok=True)
    for index, name in enumerate(NAMES):
        for first in (index, ALONE + index):
            (folder / f"page-{first}").write_bytes(bytes([first]) + FILES[name].encode())
    for number, (path, text) in enumerate(bundled(2_500)):
        index = KINDS.get(path.stem, len(NAMES) - 1)
        (folder / f"bundled-{number}").write_bytes(bytes([index]) + text.encode())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        FOLDER = Path(temporary)
        for known, said in FILES.items():
            (FOLDER / known).parent.mkdir(parents=True, exist_ok=True)
            (FOLDER / known).write_text(said, encoding="utf-8")
        write_seeds(Path(sys.argv[-1]))
        atheris.Setup(sys.argv, test_one_input, custom_mutator=mutate)
        atheris.Fuzz()
