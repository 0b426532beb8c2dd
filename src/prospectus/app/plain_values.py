"""Values of the domain as plain JSON, and back, by the types of their fields."""

from __future__ import annotations

import datetime as dt
import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Union, get_args, get_origin, get_type_hints

from prospectus.app.document import Json
from prospectus.domain.course import CourseCode, parse_code
from prospectus.domain.errors import DomainError
from prospectus.domain.wish import CourseWish

_KIND = "kind"
_FRACTION = re.compile(r"-?\d{1,18}(/\d{1,18})?$", re.ASCII)


class NotPlain(ValueError):
    """A value that is not what its field holds: where, and what it should be."""

    def __init__(self, at: str, what: str) -> None:
        super().__init__(f"{at}: {what}")
        self.at = at
        self.what = what


def plainly(value: object) -> Json:
    """Return a value as JSON: fields at their defaults left out, wishes with their kind."""
    if isinstance(value, Enum):
        return plainly(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        is_one_of_several = isinstance(value, get_args(CourseWish))
        found: dict[str, Json] = {_KIND: type(value).__name__} if is_one_of_several else {}
        for field in fields(value):
            own = getattr(value, field.name)
            if field.init and not (_has_default(field) and own == _default(field)):
                found[field.name] = plainly(own)
        return found
    if isinstance(value, frozenset | set):
        return [plainly(item) for item in sorted(value, key=str)]
    if isinstance(value, tuple | list):
        return [plainly(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no plain form")


def from_plain(data: object, hint: object, at: str) -> object:
    """Return the value that JSON says, of a type.

    Raises
    ------
    NotPlain
        With the place, where it is of another type.
    """
    if hint is CourseCode:
        _need_code(data, at)
    hint = getattr(hint, "__supertype__", hint)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _of_union(data, get_args(hint), at)
    if origin is tuple:
        return _of_tuple(data, get_args(hint), at)
    if origin is frozenset:
        return frozenset(
            from_plain(item, get_args(hint)[0], f"{at}[{n}]")
            for n, item in enumerate(_list(data, at))
        )
    assert isinstance(hint, type), f"{hint} is no type of a field"
    if is_dataclass(hint):
        return _of_record(data, hint, at)
    return _of_scalar(data, hint, at)


def _need_code(data: object, at: str) -> None:
    try:
        parse_code(str(data))
    except DomainError:
        raise NotPlain(at, f"'{data}' is no course code") from None


def _of_union(data: object, options: tuple[object, ...], at: str) -> object:
    if data is None and type(None) in options:
        return None
    kinds = [one for one in options if one is not type(None)]
    if len(kinds) == 1:
        return from_plain(data, kinds[0], at)
    name = data.get(_KIND) if isinstance(data, Mapping) else None
    for kind in kinds:
        if getattr(kind, "__name__", "") == name:
            return from_plain(data, kind, at)
    raise NotPlain(at, f"'{name}' is no kind that can stand here")


def _of_tuple(data: object, options: tuple[object, ...], at: str) -> object:
    items = _list(data, at)
    if len(options) == 2 and options[1] is Ellipsis:
        return tuple(from_plain(item, options[0], f"{at}[{n}]") for n, item in enumerate(items))
    if len(items) != len(options):
        raise NotPlain(at, f"{len(items)} values where {len(options)} stand")
    return tuple(
        from_plain(item, option, f"{at}[{n}]")
        for n, (item, option) in enumerate(zip(items, options, strict=True))
    )


def _of_record(data: object, hint: type, at: str) -> object:
    if not isinstance(data, Mapping):
        raise NotPlain(at, "no block of fields")
    hints = _hints(hint)
    known = {field.name: field for field in fields(hint) if field.init}
    odd = sorted(str(name) for name in data if name not in known and name != _KIND)
    if odd:
        raise NotPlain(f"{at}.{odd[0]}", "there is no such field")
    values = {
        name: from_plain(data[name], hints[name], f"{at}.{name}") for name in known if name in data
    }
    missing = [
        name for name, field in known.items() if name not in data and not _has_default(field)
    ]
    if missing:
        raise NotPlain(f"{at}.{missing[0]}", "the field is missing")
    found: object = hint(**values)
    return found


def _of_scalar(data: object, hint: type, at: str) -> object:
    try:
        if issubclass(hint, Enum):
            return hint(data)
        if hint in (dt.date, dt.time) and isinstance(data, str):
            return hint.fromisoformat(data)
        if hint is Fraction and type(data) is int:
            return Fraction(data)
        if hint is Fraction and isinstance(data, str) and _FRACTION.match(data):
            return Fraction(data)
    except (ValueError, ZeroDivisionError):
        raise NotPlain(at, f"'{data}' is no {hint.__name__}") from None
    if type(data) is hint:
        return data
    raise NotPlain(at, f"'{data}' is no {hint.__name__}")


def _list(data: object, at: str) -> list[object]:
    if not isinstance(data, list):
        raise NotPlain(at, "no list")
    return data


@cache
def _hints(hint: type) -> Mapping[str, object]:
    return get_type_hints(hint)


def _has_default(field: Field[object]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _default(field: Field[object]) -> object:
    if field.default is not MISSING:
        return field.default
    assert field.default_factory is not MISSING
    return field.default_factory()
