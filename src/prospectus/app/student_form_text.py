"""A student document's text, changed field by field: what is not changed stays as it was written.

Comments and the order of fields are the person's own. A field is replaced where it stands, and the
comments inside it go above it; a new one takes the place of the comment that shows how to write it,
or goes to the end. What comes out is read again, and only a text that says exactly what was meant
is handed back.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import yaml

from prospectus.catalogs.student_file import read_student_data
from prospectus.catalogs.yaml_document import Data
from prospectus.domain.errors import CatalogError, Fault

Fields: TypeAlias = "dict[str, Data]"
"""The fields of a document, as they stand in it."""

_NAME = "your details"
_WIDTH = 96
_DEEPEST = 4
_PLAIN = re.compile(r"[A-Za-z][\w./+%-]*(?: [\w./+%][\w./+%-]*)*", re.ASCII)
_FIGURES = re.compile(r"(?:\.\.)?\d[A-Za-z0-9./%-]*", re.ASCII)
_COMMENT = re.compile(r"(?:^|(?<=\s))#")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS = frozenset({"null", "yes", "true", "True", "no", "false", "False"})
_READER: type[yaml.CSafeLoader] | type[yaml.SafeLoader] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)


class NotSayable(ValueError):
    """Values that no text of a student document says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """A text as data; `fields` None where it is no document, `faults` say what is unread."""

    fields: Fields | None
    faults: tuple[Fault, ...] = ()


def read_fields(text: str) -> ReadText:
    """Return the fields of a text, as far as they can be read."""
    try:
        document, faults = read_student_data(text, _NAME)
    except CatalogError as error:
        return ReadText(fields=None, faults=error.faults)
    data = document.data
    return ReadText(fields=data if isinstance(data, dict) else None, faults=faults)


def with_fields(text: str, wanted: Mapping[str, Data]) -> str:
    """Return the text that says these fields and nothing else.

    Raises
    ------
    NotSayable
        When no such text can be made.
    """
    before = read_fields(text)
    had = before.fields or {}
    new = text
    for key in (*had, *(key for key in wanted if key not in had)):
        if key not in wanted:
            new = _without(new, key)
        elif key not in had or not _same(had[key], wanted[key]):
            new = _with(new, key, wanted[key])
    if _says(new, wanted):
        return new
    # what could not be read would be lost with a text that is written anew
    if not before.faults:
        lines = [line for key, value in wanted.items() for line in _block(key, value)]
        new = "".join(f"{line}\n" for line in (*_all_comments(text), *lines))
        if _says(new, wanted):
            return new
    raise NotSayable


def _says(text: str, wanted: Mapping[str, Data]) -> bool:
    found = read_fields(text).fields
    return found is not None and _same(found, dict(wanted))


def _same(one: Data, other: Data) -> bool:
    """Return whether two values are the same in value and in kind: `yes` is not 1."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
        case list(), list():
            return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other


# ------------------------------------------------------------------------ lines


def _blocks(lines: list[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each field of a text with its first line and the one behind its last."""
    starts: list[tuple[str, int]] = []
    depth, is_key = 0, True
    for event in yaml.parse("\n".join(lines), Loader=_READER):
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            is_key = is_key or depth == 1
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        if depth == 1 and is_key and isinstance(event, yaml.ScalarEvent):
            starts.append((str(event.value), _line(event)))
            is_key = False
        elif depth == 1 and not isinstance(event, yaml.CollectionStartEvent):
            is_key = True
        depth += isinstance(event, yaml.CollectionStartEvent)
    ends = [line for _, line in starts[1:]] + [len(lines)]
    for (key, first), end in zip(starts, ends, strict=True):
        # comments and empty lines before a field belong to it, not to the one before
        while end > first + 1 and (not lines[end - 1].strip() or lines[end - 1][0] == "#"):
            end -= 1
        yield key, first, end


def _line(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark is not None else 0


def _place(lines: list[str], key: str) -> tuple[int, int] | None:
    try:
        return next(((first, end) for one, first, end in _blocks(lines) if one == key), None)
    except yaml.YAMLError:
        return None


def _with(text: str, key: str, value: Data) -> str:
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    place, block = _place(lines, key), _block(key, value)
    if place is not None:
        block = _with_comments(block, lines[slice(*place)], comments_in(lines, *place))
    else:
        place = _shown_in_comment(lines, key) or (len(lines), len(lines))
    lines[slice(*place)] = block
    return "\n".join(lines) + "\n"


def _without(text: str, key: str) -> str:
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    place = _place(lines, key)
    if place is not None:
        lines[slice(*place)] = comments_in(lines, *place)
    return "\n".join(lines) + "\n"


def _with_comments(block: list[str], before: list[str], comments: list[str]) -> list[str]:
    """Return the lines of a field with the comments that stood in it: behind it, or above."""
    is_behind = len(block) == len(before) == len(comments) == 1
    if is_behind and len(behind := f"{block[0]}  {comments[0]}") <= _WIDTH:
        return [behind]
    return [*comments, *block]


def _all_comments(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    return comments_in(lines, 0, len(lines))


def comments_in(lines: list[str], first: int, end: int) -> list[str]:
    """Return the comments that stand in some lines of a text, each as a line of its own."""
    if not any("#" in line for line in lines[first:end]):
        return []
    try:
        tokens = list(yaml.scan("\n".join(lines), Loader=_READER))
    except yaml.YAMLError:
        return []
    texts = [(one.start_mark, one.end_mark) for one in tokens if isinstance(one, yaml.ScalarToken)]
    found = []
    for number in range(first, end):
        for sign in _COMMENT.finditer(lines[number]):
            here = number, sign.start()
            if not any((a.line, a.column) <= here < (b.line, b.column) for a, b in texts):
                found.append(lines[number][sign.start() :].rstrip())
                break
    return found


def _shown_in_comment(lines: list[str], key: str) -> tuple[int, int] | None:
    """Return the lines of the comment that shows how a field is written."""
    for first, line in enumerate(lines):
        if line.startswith(f"# {key}:"):
            end = first + 1
            while end < len(lines) and lines[end].startswith("#  "):
                end += 1
            return first, end
    return None


# ---------------------------------------------------------------------- writing


def _block(key: str, value: Data, indent: str = "") -> list[str]:
    """Return the lines of a field: one where it fits, else one for each part."""
    name = f"{indent}{_key(key)}:"
    line = f"{name} {_flow(value)}"
    if len(line) <= _WIDTH or len(indent) > 2 * _DEEPEST:
        return [line]
    if isinstance(value, dict) and value:
        inner = (_block(part, one, indent + "  ") for part, one in value.items())
        return [name, *(one for block in inner for one in block)]
    if isinstance(value, list) and value:
        return [name, *(f"{indent}  - {_flow(one)}" for one in value)]
    return [line]


def _flow(value: Data) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "yes" if value else "no"
        case Fraction():
            return decimal(value)
        case dt.date():
            return value.isoformat()
        case str():
            return _text(value)
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case dict():
            pairs = (f"{_key(key)}: {_flow(one)}" for key, one in value.items())
            return "{" + ", ".join(pairs) + "}"
    return str(value)


def _key(text: str) -> str:
    """Return a name; one is always text, also where it looks like a number."""
    is_plain = _PLAIN.fullmatch(text) or _FIGURES.fullmatch(text)
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _text(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) and text not in _WORDS
    is_figures = _FIGURES.fullmatch(text) and not _NUMBER.fullmatch(text)
    if is_plain or (is_figures and not _DAY.fullmatch(text)):
        return text
    return json.dumps(text, ensure_ascii=False)


def decimal(value: Fraction) -> str:
    """Return a number that was read from a decimal as one; with a point, so that it stays one."""
    places = 1
    while (value * 10**places).denominator != 1 and places < 18:
        places += 1
    digits = f"{abs(int(value * 10**places)):0{places + 1}d}"
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
