"""From the events of a YAML parser to plain data: counted while it is built, aliases refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NoReturn

import yaml

from prospectus.catalogs.yaml_document import Data, Document, FieldPath, Limits, dotted
from prospectus.catalogs.yaml_texts import UNSEEN, goes_on, plain_text
from prospectus.domain.errors import CatalogError, Fault, Place

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


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


class Composer:
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
