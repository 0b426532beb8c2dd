"""A fingerprint of what a value says: the same in every process and on every machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from hashlib import sha256

from prospectus.domain.errors import Place


def fingerprint(value: object, *, places: bool = True) -> str:
    """Return 64 hexadecimal digits that depend on the content of a value alone.

    Values are frozen dataclasses, enum members, tuples, lists, sets, mappings, text, bytes,
    numbers, dates and None, inside each other. Sets and mappings have no order; fields that do
    not count in a comparison are left out; a value's class counts, so that `1`, `True`, `"1"` and
    `Fraction(1)` differ.

    Parameters
    ----------
    value
        What to read.
    places
        Whether the places (file and line) from which facts were read count.

    Raises
    ------
    TypeError
        For a value of another kind: our slip, for it would have no stable content.
    """
    return _Walk(places).read(value).hex()


class _Walk:
    """One reading; the field names of each class are looked up once."""

    def __init__(self, places: bool) -> None:
        self._places = places
        self._fields: dict[type, tuple[bytes, tuple[str, ...]]] = {}

    def read(self, value: object) -> bytes:
        """Return the digest of a value."""
        parts: list[bytes] = []
        self._add(value, parts)
        return sha256(b"".join(parts)).digest()

    def _add(self, value: object, parts: list[bytes]) -> None:
        """Append an unambiguous spelling: every part says its kind and its length."""
        kind = type(value)
        known = self._fields.get(kind)
        if known is not None:
            self._add_fields(value, known, parts)
        elif kind is str:
            text = str(value).encode()
            parts.append(b"s%d:" % len(text))
            parts.append(text)
        elif kind is tuple or kind is list:
            assert isinstance(value, tuple | list)
            parts.append(b"%c%d:" % (b"t" if kind is tuple else b"l", len(value)))
            for item in value:
                self._add(item, parts)
        elif value is None or kind is bool:
            parts.append(b"n" if value is None else b"y" if value else b"f")
        elif kind is int or kind is Fraction or kind is float:
            parts.append(f"{kind.__name__}{value!r};".encode())
        elif isinstance(value, Enum):
            parts.append(f"e{kind.__qualname__}.{value.name};".encode())
        elif isinstance(value, frozenset | set):
            parts.append(b"u%d:" % len(value))
            parts.extend(sorted(self.read(item) for item in value))
        elif isinstance(value, Mapping):
            parts.append(b"m%d:" % len(value))
            parts.extend(sorted(self.read(pair) for pair in value.items()))
        elif isinstance(value, dt.date | dt.time | dt.timedelta):
            parts.append(f"d{kind.__name__}{value!r};".encode())
        elif isinstance(value, bytes):
            parts.append(b"b%d:" % len(value))
            parts.append(value)
        elif is_dataclass(value) and not isinstance(value, type):
            self._fields[kind] = self._fields_of(kind, value)
            self._add_fields(value, self._fields[kind], parts)
        else:
            raise TypeError(f"a {kind.__name__} has no stable content")

    def _fields_of(self, kind: type, value: object) -> tuple[bytes, tuple[str, ...]]:
        if kind is Place and not self._places:
            return b"D5:Place0:", ()
        assert is_dataclass(value)
        names = tuple(field.name for field in fields(value) if field.compare)
        name = kind.__qualname__
        return f"D{len(name)}:{name}{len(names)}:".encode(), names

    def _add_fields(
        self, value: object, known: tuple[bytes, tuple[str, ...]], parts: list[bytes]
    ) -> None:
        head, names = known
        parts.append(head)
        for name in names:
            self._add(getattr(value, name), parts)
