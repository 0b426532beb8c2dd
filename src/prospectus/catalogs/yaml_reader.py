"""Reading YAML that may be hostile into plain data that knows its lines.

Only what a catalog or a student file needs: mappings, lists, text, whole numbers, exact decimals,
dates, `yes` and `no`. Nothing is built before size, depth and number of values are known to be
bounded, and aliases are refused, so that no small file can grow large.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

from prospectus.catalogs.yaml_composer import Composer
from prospectus.catalogs.yaml_document import USUAL_LIMITS, Document, Limits
from prospectus.domain.errors import CatalogError, Fault, Place


def read_yaml(
    path: Path, limits: Limits = USUAL_LIMITS, *, shown_as: str | None = None
) -> Document:
    """Return the data of a YAML file with the line of every value.

    Parameters
    ----------
    path
        The file.
    limits
        How much it may hold.
    shown_as
        What faults call the file; its path when None.

    Raises
    ------
    CatalogError
        CAT-001..CAT-011, all that can be told in one reading.
    """
    document, faults = read_partly(path, limits, shown_as=shown_as)
    if faults:
        raise CatalogError(faults=faults)
    return document


def read_partly(
    path: Path,
    limits: Limits = USUAL_LIMITS,
    *,
    shown_as: str | None = None,
    mend: Callable[[str], str] = str,
) -> tuple[Document, tuple[Fault, ...]]:
    """Return the data of a YAML file, its text mended first, and what is wrong with some values.

    Raises
    ------
    CatalogError
        Where nothing of the file can be read.
    """
    name = shown_as or str(path)
    return read_text_partly(mend(_read_text(path, name, limits)), name, limits)


def read_text_partly(
    text: str, name: str, limits: Limits = USUAL_LIMITS
) -> tuple[Document, tuple[Fault, ...]]:
    """Return the data of a text of YAML and what is wrong with some of its values.

    Parameters
    ----------
    text
        The text.
    name
        What faults call it.
    limits
        How much it may hold.

    Raises
    ------
    CatalogError
        Where nothing of the text can be read.
    """
    if len(text) > limits.n_bytes:
        raise CatalogError(
            "CAT-003",
            what=f"the text has {len(text) / 1e6:.1f} million letters; "
            f"at most {limits.n_bytes / 1e6:g} million are read",
            at=Place(file=name),
            fix="check that this is the right text, or split it",
        )
    composer = Composer(name, limits)
    try:
        return composer.compose(text), tuple(composer.faults)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise CatalogError(
            "CAT-006",
            what=f"this is not YAML: {error.problem or error.context}",
            at=Place(file=name, line=mark.line + 1 if mark else None),
            fix="look at indentation, brackets and quotes on that line and the one above; inside "
            "{ } and [ ] a text with brackets, commas or colons stands in quotes",
        ) from None
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        raise CatalogError(
            "CAT-005",
            what="the file holds a character that no text has",
            at=Place(
                file=name, line=text.count("\n", 0, position) + 1 if position is not None else None
            ),
            fix="remove the control character, or save the file as plain UTF-8 text",
        ) from None


def together(unread: Sequence[Fault], found: Sequence[Fault]) -> list[Fault]:
    """Return what could not be read and what is wrong with the rest; one fault for each value."""
    if not unread:
        return list(found)
    places = {(fault.at.line, fault.at.field) for fault in unread}
    rest = (fault for fault in found if (fault.at.line, fault.at.field) not in places)
    return sorted((*unread, *rest), key=lambda fault: fault.at.line or 0)


def _read_text(path: Path, name: str, limits: Limits) -> str:
    """Return the text of a regular file of bounded size in UTF-8."""
    at = Place(file=name)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise CatalogError(
                "CAT-002", what="this is a folder, not a file", at=at, fix="name a YAML file in it"
            )
        if not stat.S_ISREG(status.st_mode):
            raise CatalogError(
                "CAT-002", what="this is not a regular file", at=at, fix="name a YAML file"
            )
        if status.st_size > limits.n_bytes:
            raise CatalogError(
                "CAT-003",
                what=f"the file has {status.st_size / 1e6:.1f} MB; "
                f"at most {limits.n_bytes / 1e6:g} MB are read",
                at=at,
                fix="check that this is the right file, or split it",
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        raise CatalogError(
            "CAT-001", what="there is no such file", at=at, fix="check the name and the folder"
        ) from None
    except (OSError, ValueError) as error:
        raise CatalogError(
            "CAT-001",
            what=f"the file cannot be read ({getattr(error, 'strerror', None) or error})",
            at=at,
            fix="check its name and its permissions",
        ) from None
    if not raw.strip():
        raise CatalogError(
            "CAT-004", what="the file is empty", at=at, fix="start it with `format: 1`"
        )
    if b"\0" in raw:
        raise CatalogError(
            "CAT-005",
            what="the file holds binary data, not text",
            at=at,
            fix="check that this is the right file; save text as UTF-8",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogError(
            "CAT-005",
            what="the file is not UTF-8 text",
            at=Place(file=name, line=raw.count(b"\n", 0, error.start) + 1),
            fix="save it with the encoding UTF-8",
        ) from None
