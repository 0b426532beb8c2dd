"""Answers from the JSON that `document.to_json` makes of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from prospectus.app.document import Json

T = TypeVar("T")


class NotRead(ValueError):
    """The JSON is no answer of this kind: another version wrote it, or something else."""


def from_json(kind: type[T], document: Json) -> T:
    """Return the dataclass of a kind that `to_json` made a document of.

    Fields may be dataclasses, enumerations, tuples, fractions, days, times and plain values, and
    each of them or None.

    Raises
    ------
    NotRead
        When the document is none of that.
    """
    try:
        found = _read(kind, document)
    except (KeyError, TypeError, ValueError) as error:
        raise NotRead(str(error)) from error
    assert isinstance(found, kind)
    return found


def _read(kind: object, value: Json) -> object:
    if isinstance(kind, NewType):
        return _read(kind.__supertype__, value)
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _read_optional(get_args(kind), value)
    if origin is tuple:
        return _read_tuple(get_args(kind), value)
    if not isinstance(kind, type):
        raise NotRead(f"{kind} is not read")
    if is_dataclass(kind):
        return _read_fields(kind, value)
    if issubclass(kind, Enum):
        return kind(value)
    if kind is Fraction and isinstance(value, int | str):
        return Fraction(value)
    if issubclass(kind, dt.date | dt.time) and isinstance(value, str):
        return kind.fromisoformat(value)
    if type(value) is not kind:
        raise NotRead(f"{value!r:.40} is no {kind.__name__}")
    return value


def _read_optional(kinds: tuple[object, ...], value: Json) -> object:
    rest = [kind for kind in kinds if kind is not NoneType]
    if value is None and len(rest) < len(kinds):
        return None
    if len(rest) != 1:
        raise NotRead("it could be of several kinds")
    return _read(rest[0], value)


def _read_tuple(kinds: tuple[object, ...], value: Json) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise NotRead(f"{value!r:.40} is no list")
    if kinds[-1:] == (Ellipsis,):
        return tuple(_read(kinds[0], one) for one in value)
    return tuple(_read(kind, one) for kind, one in zip(kinds, value, strict=True))


def _read_fields(kind: type, value: Json) -> object:
    if not isinstance(value, Mapping):
        raise NotRead(f"{value!r:.40} is no {kind.__name__}")
    hints = _hints(kind)
    if value.keys() != hints.keys():
        raise NotRead(f"{kind.__name__} has other fields")
    return kind(**{name: _read(hint, value[name]) for name, hint in hints.items()})


@cache
def _hints(kind: type) -> dict[str, object]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
