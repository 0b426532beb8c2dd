"""Objects of the domain as bytes, and back: nothing else can come out of the bytes."""

from __future__ import annotations

import io
import pickle
from collections.abc import Sequence
from dataclasses import is_dataclass
from enum import Enum

from prospectus.domain.collecting import no_collecting

_PLAIN = {("fractions", "Fraction"), ("datetime", "date"), ("datetime", "time")}


class NotThawed(Exception):
    """The bytes are no frozen object, or one of a kind that may not come out of them."""


class _Thawing(pickle.Unpickler):
    """Reads dataclasses and enumerations of named packages, and calls nothing else."""

    def __init__(self, stream: io.BytesIO, packages: Sequence[str]) -> None:
        super().__init__(stream)
        self._prefixes = tuple(f"{package}." for package in packages)

    def find_class(self, module: str, name: str) -> object:
        """Return a class that may be made."""
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith(self._prefixes) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
                return found
        raise NotThawed(f"{module}.{name} may not be made")


def freeze(value: object) -> bytes:
    """Return an object as bytes."""
    return pickle.dumps(value, protocol=5)


def thaw(data: bytes, packages: Sequence[str]) -> object:
    """Return what `freeze` was given, made of the dataclasses and enumerations of `packages`.

    Raises
    ------
    NotThawed
        When the bytes are none of that.
    """
    with no_collecting():
        try:
            return _Thawing(io.BytesIO(data), packages).load()
        except NotThawed:
            raise
        except Exception as error:
            raise NotThawed(f"{type(error).__name__}: {error}") from error
