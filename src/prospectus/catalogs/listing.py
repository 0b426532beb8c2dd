"""The files that a catalog is made of."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from prospectus.domain.errors import Fault, Place, shown_plainly

MAX_FILES = 5_000
MAX_FOLDERS = 20_000


def bundled_root() -> Path:
    """Return the folder of the facts that come with the package."""
    return Path(str(files("prospectus").joinpath("data")))


def files_of(paths: Sequence[Path], faults: list[Fault]) -> Iterator[tuple[int, Path, str]]:
    """Yield each YAML file once: which of `paths` it is from, and the name that faults give it."""
    seen: set[Path] = set()
    for index, root in enumerate(paths):
        bundled = root == bundled_root()
        inside = real_path(root)
        for path in _walk(root, faults):
            real = real_path(path)
            if real in seen:
                continue
            shown = str(path.relative_to(root.parent)) if bundled else shown_plainly(str(path))
            if not real.is_relative_to(inside):
                faults.append(
                    Fault(
                        code="CAT-014",
                        what="this link leads out of the folder",
                        at=Place(file=shown),
                        fix="put the file itself there, or name it beside the folder",
                    )
                )
                continue
            if len(seen) >= MAX_FILES:
                faults.append(_too_many(root, f"{MAX_FILES} YAML files"))
                return
            seen.add(real)
            yield index, path, shown


def real_path(path: Path) -> Path:
    """Return what a path leads to; of a link that leads to itself, the path."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path.absolute()


def _too_many(root: Path, what: str) -> Fault:
    return Fault(
        code="CAT-012",
        what=f"the folder holds more than {what}",
        at=Place(file=str(root)),
        fix="name the folder of a catalog or of one school",
    )


def _walk(root: Path, faults: list[Fault]) -> Iterator[Path]:
    """Yield the YAML files of a catalog folder, of a school's folder, or a single file."""
    if not root.is_dir():
        yield root
        return
    parts = [root]
    if (root / "schools").is_dir():
        assumptions = root / "assumptions.yaml"
        parts = [*([assumptions] if assumptions.exists() else []), root / "schools"]
    n_found = n_folders = 0
    for part in parts:
        if part.is_file():
            n_found += 1
            yield part
            continue
        for folder, inner, names in os.walk(part):
            n_folders += 1
            if n_folders > MAX_FOLDERS:
                faults.append(_too_many(root, f"{MAX_FOLDERS} folders"))
                return
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
