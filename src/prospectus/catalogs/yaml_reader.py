"""Reading YAML that may be hostile into plain data that knows its lines.

Only what a catalog or a student file needs: mappings, lists, text, whole numbers, exact decimals,
dates, `yes` and `no`. Nothing is built before size, depth and number of values are known to be
bounded, and aliases are refused, so that no small file can grow large.
"""

from __future__ import annotations

import datetime as dt
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import NoReturn, TypeAlias

import yaml

from prospectus.catalogs.yaml_texts import UNSEEN, goes_on, plain_text
from prospectus.domain.errors import CatalogError, Fault, Place

Data: TypeAlias = "bool | int | Fraction | str | dt.date | list[Data] | dict[str, Data] | None"
"""What a file holds: keys are always text, as written."""

FieldPath: TypeAlias = "tuple[str | int, ...]"
"""A way into the data: keys of mappings, 0-based places in lists."""

_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"[-+]?\d{1,18}\.\d{1,18}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "null", "~")),
    **dict.fromkeys(("yes", "true", "True"), True),
    **dict.fromkeys(("no", "false", "False"), False),
}
_READER: type[yaml.CSafeLoader] | type[yaml.SafeLoader] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a file may hold before it is refused."""

    n_bytes: int = 5_000_000
    depth: int = 40
    n_values: int = 120_000
    n_letters_of_key: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as plain data; `lines` maps the path of each value to its 1-based line.

    `kept` gives the places, in the file, of the list items that were left after wrong ones were
    cut, so that a path through what is left still names the line it was read from. `split` are the
    items of lists in one line that look like the rest of the text before them.
    """

    file: str
    data: Data
    lines: dict[FieldPath, int] = field(default_factory=dict, repr=False, compare=False)
    kept: dict[FieldPath, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)
    split: tuple[FieldPath, ...] = ()

    def original(self, path: FieldPath) -> FieldPath:
        """Return the way into the file that a way into what is left of it stands for."""
        if not self.kept:
            return path
        found: list[str | int] = []
        for length, step in enumerate(path):
            places = self.kept.get(path[:length], ())
            found.append(places[step] if isinstance(step, int) and step < len(places) else step)
        return tuple(found)

    def line(self, path: FieldPath) -> int | None:
        """Return the line of a value, or of the innermost block around it that there is."""
        for length in range(len(path), -1, -1):
            found = self.lines.get(path[:length])
            if found is not None:
                return found
        return None

    def place(self, path: FieldPath) -> Place:
        """Return file, line and dotted field of a value."""
        original = self.original(path)
        return Place(file=self.file, line=self.line(original), field=dotted(original))


def dotted(path: FieldPath) -> str:
    """Return a path as people read it: `courses[0].title`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else ("." if text else "") + part
    return text


def read_yaml(path: Path, limits: Limits = Limits(), *, shown_as: str | None = None) -> Document:
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
    limits: Limits = Limits(),
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
    text: str, name: str, limits: Limits = Limits()
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
    composer = _Composer(name, limits)
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


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


class _Composer:
    """Turns parser events into data, counting what it builds."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._lines: dict[FieldPath, int] = {}
        self._split: list[FieldPath] = []
        self.faults: list[Fault] = []
        self._n_values = 0

    def compose(self, text: str) -> Document:
        """Return the one document of `text`.

        Raises
        ------
        CatalogError
            When a limit is passed; duplicate keys, tags and impossible dates stand in `faults`.
        """
        events = iter(yaml.parse(text, Loader=_READER))
        data: Data = None
        n_documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                n_documents += 1
                if n_documents > 1:
                    self._stop(
                        "CAT-010",
                        event,
                        "the file holds more than one document",
                        "remove the line `---` and what follows, or make it a file",
                    )
            elif isinstance(event, yaml.NodeEvent):
                data = self._value(event, events, ())
        if n_documents == 0:
            raise CatalogError(
                "CAT-004",
                what="the file is empty",
                at=Place(file=self._file),
                fix="start it with `format: 1`",
            )
        return Document(file=self._file, data=data, lines=self._lines, split=tuple(self._split))

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], path: FieldPath) -> Data:
        """Return the value that starts with `event`, recursing at most `depth` deep."""
        self._n_values += 1
        if self._n_values > self._limits.n_values:
            self._stop(
                "CAT-007",
                event,
                f"the file holds more than {self._limits.n_values} values",
                "check that this is the right file, or split it",
            )
        if len(path) > self._limits.depth:
            self._stop(
                "CAT-007",
                event,
                f"blocks stand more than {self._limits.depth} deep",
                "write it flatter",
            )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            self._stop(
                "CAT-008",
                event,
                "anchors (`&name`) and aliases (`*name`) are not read",
                "write the value out, or quote a text that begins with & or *",
            )
        line = _line(event)
        self._lines.setdefault(path, line)
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self._note("CAT-008", line, path, f"the tag {tag} is not read", "remove the tag")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line, path)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Data] = []
            before = ""
            for inner in events:
                if isinstance(inner, yaml.SequenceEndEvent):
                    break
                here = (*path, len(items))
                item = plain_text(inner)
                if event.flow_style and goes_on(before, item):
                    self._split.append(here)
                before = item
                items.append(self._value(inner, events, here))
            return items
        return self._mapping(events, path)

    def _mapping(self, events: Iterator[yaml.Event], path: FieldPath) -> dict[str, Data]:
        """Return a mapping; a key that stands twice is a fault, its first value stands."""
        found: dict[str, Data] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None:
                self._stop("CAT-008", event, "a key is no plain text", "write a plain word as key")
            key, line = self._seen(str(event.value), _line(event), path), _line(event)
            if len(key) > self._limits.n_letters_of_key:
                self._stop(
                    "CAT-008",
                    event,
                    f"a key has {len(key)} letters; at most {self._limits.n_letters_of_key} are "
                    "read",
                    "write a plain word as key",
                )
            inner = (*path, key)
            if key in found:
                first = self._lines[inner]
                self._note(
                    "CAT-009",
                    line,
                    inner,
                    f"'{key}' stands twice (first on line {first})",
                    "keep one of the two, or merge them",
                )
                # The second value is read for its own faults, under a path nobody asks for.
                self._value(next(events), events, (*inner, "(again)"))
                continue
            self._lines[inner] = line
            found[key] = self._value(next(events), events, inner)
        return found

    def _scalar(self, event: yaml.ScalarEvent, line: int, path: FieldPath) -> Data:
        """Return a plain word as what it looks like, anything quoted as text."""
        text = self._seen(str(event.value), line, path)
        if event.style is not None and event.style != "":
            return text
        if text in _WORDS:
            return _WORDS[text]
        first = text[0]
        if not (first.isdigit() or first in "+-"):
            return text
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Fraction(text)
        if _DATE.fullmatch(text):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                self._note(
                    "CAT-011",
                    line,
                    path,
                    f"there is no day {text}",
                    "write an existing day as year-month-day",
                )
        return text

    def _seen(self, text: str, line: int, path: FieldPath) -> str:
        """Return a text; one that holds what nobody sees is a fault, and read without it."""
        hidden = None if text.isprintable() else UNSEEN.search(text)
        if hidden is None:
            return text
        self._note(
            "CAT-005",
            line,
            path,
            f"a text holds the unseen character U+{ord(hidden.group()):04X}",
            "remove it; what nobody sees could make a text look like another",
        )
        return UNSEEN.sub("", text)

    def _note(self, code: str, line: int, path: FieldPath, what: str, fix: str) -> None:
        place = Place(file=self._file, line=line, field=dotted(path))
        self.faults.append(Fault(code=code, what=what, at=place, fix=fix))

    def _stop(self, code: str, event: yaml.Event, what: str, fix: str) -> NoReturn:
        """Give up reading: what follows could be without bound."""
        place = Place(file=self._file, line=_line(event))
        self.faults.append(Fault(code=code, what=what, at=place, fix=fix))
        raise CatalogError(faults=self.faults)
