"""What the pages of a Parquet file unfold to, told by themselves before any is unfolded.

The footer of a file says so too, but a reader allocates what each page says: a footer that lies
would hide a page of two gigabytes in a thousand bytes.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pyarrow.parquet import FileMetaData

_Fields: TypeAlias = "dict[int, int | _Fields]"

_MOST_PAGES = 1_000_000
_MOST_DEPTH = 8
_MOST_HEADER = 1 << 16
# Fields of a page header, and of the headers of data in it.
_UNFOLDED, _FOLDED = 2, 3
_DATA, _DATA_V2 = 5, 8
_N_VALUES, _ENCODING, _ENCODING_V2 = 1, 2, 4
# A text is told as what it shares with the one before: each may be as long as the whole page.
_SHARING = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfolded:
    """Bytes to which the pages of a file unfold: all of them, and the largest."""

    total: int
    largest: int


def unfolded(path: Path, metadata: FileMetaData) -> Unfolded:
    """Return what the pages of a file unfold to.

    Raises
    ------
    ValueError
        For headers of pages that are none.
    """
    total = largest = n_pages = 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for start, end in _chunks(metadata):
            for fields in _pages(data, start, end):
                n_bytes = _size_of(fields)
                total, largest, n_pages = total + n_bytes, max(largest, n_bytes), n_pages + 1
                if n_pages > _MOST_PAGES:
                    raise ValueError("it has too many pages")
    return Unfolded(total=total, largest=largest)


def _chunks(metadata: FileMetaData) -> Iterator[tuple[int, int]]:
    for group in range(metadata.num_row_groups):
        columns = metadata.row_group(group)
        for index in range(columns.num_columns):
            chunk = columns.column(index)
            starts = [chunk.data_page_offset]
            if chunk.has_dictionary_page and (chunk.dictionary_page_offset or 0) > 0:
                starts.append(chunk.dictionary_page_offset)
            yield min(starts), min(starts) + chunk.total_compressed_size


def _pages(data: mmap.mmap, start: int, end: int) -> Iterator[_Fields]:
    if not 0 < start <= end <= len(data):
        raise ValueError("a column lies outside the file")
    while start < end:
        header = _Header(data[start : min(start + _MOST_HEADER, end)])
        try:
            fields = header.fields(0)
        except IndexError:
            raise ValueError("a page breaks off") from None
        yield fields
        start += header.at + max(0, _number(fields, _FOLDED))


def _size_of(fields: _Fields) -> int:
    n_bytes = max(0, _number(fields, _UNFOLDED))
    for which, encoding in ((_DATA, _ENCODING), (_DATA_V2, _ENCODING_V2)):
        about = fields.get(which)
        if isinstance(about, dict) and _number(about, encoding) == _SHARING:
            return n_bytes * max(1, _number(about, _N_VALUES))
    return n_bytes


def _number(fields: _Fields, field: int) -> int:
    found = fields.get(field, 0)
    return found if isinstance(found, int) else 0


class _Header:
    """A struct of Thrift's compact protocol; `at` is where reading has come to."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def fields(self, depth: int) -> _Fields:
        """Return the whole numbers and structs of a struct by field, reading over the rest."""
        if depth > _MOST_DEPTH:
            raise ValueError("a page's header is too deep")
        found: _Fields = {}
        field = 0
        while head := self._byte():
            delta, kind = head >> 4, head & 15
            field = field + delta if delta else self._zigzag()
            value = self._value(kind, depth)
            if value is not None:
                found[field] = value
        return found

    def _value(self, kind: int, depth: int) -> int | _Fields | None:
        match kind:
            case 1 | 2:  # true and false stand in the head itself
                return None
            case 3:
                self.at += 1
            case 4 | 5 | 6:
                return self._zigzag()
            case 7:
                self.at += 8
            case 8:
                n_bytes = self._varint()  # moves `at` first
                self.at += n_bytes
            case 9 | 10:
                self._list(depth)
            case 12:
                return self.fields(depth + 1)
            case _:
                raise ValueError("a page's header is none")
        return None

    def _list(self, depth: int) -> None:
        head = self._byte()
        n_items, kind = head >> 4, head & 15
        for _ in range(self._varint() if n_items == 15 else n_items):
            if kind in (1, 2):
                self._byte()
            else:
                self._value(kind, depth + 1)
            if self.at > len(self._data):
                raise IndexError

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise ValueError("a number of a page's header is too long")

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
