"""The files that a catalog is made of."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from prospectus.domain.errors import Fault, Place

MAX_FILES = 5_000


def bundled_root() -> Path:
    """Return the folder of the facts that come with the package."""
    return Path(str(files("prospectus").joinpath("data")))


def files_of(paths: Sequence[Path], faults: list[Fault]) -> Iterator[tuple[int, Path, str]]:
    """Yield each YAML file once: which of `paths` it is from, and the name that faults give it."""
    seen: set[Path] = set()
    for index, root in enumerate(paths):
        bundled = root == bundled_root()
        for path in _walk(root, faults):
            real = path.resolve()
            if real in seen:
                continue
            if len(seen) >= MAX_FILES:
                faults.append(
                    Fault(
                        code="CAT-012",
                        what=f"the folder holds more than {MAX_FILES} YAML files",
                        at=Place(file=str(root)),
                        fix="name the folder of a catalog or of one school",
                    )
                )
                return
            seen.add(real)
            yield index, path, str(path.relative_to(root.parent)) if bundled else str(path)


def _walk(root: Path, faults: list[Fault]) -> Iterator[Path]:
    """Yield the YAML files of a catalog folder, of a school's folder, or a single file."""
    if not root.is_dir():
        yield root
        return
    parts = [root]
    if (root / "schools").is_dir():
        assumptions = root / "assumptions.yaml"
        parts = [*([assumptions] if assumptions.exists() else []), root / "schools"]
    n_found = 0
    for part in parts:
        if part.is_file():
            n_found += 1
            yield part
            continue
        for folder, inner, names in os.walk(part):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            for name in sorted(names):
                if name.endswith((".yaml", ".yml")) and not name.startswith("."):
                    n_found += 1
                    yield Path(folder) / name
    if n_found == 0:
        faults.append(
            Fault(
                code="CAT-013",
                what="the folder holds no YAML file",
                at=Place(file=str(root)),
                fix="name a catalog folder (with `schools/` in it), a school's folder or a file",
            )
        )
