"""Columns of Arrow out of arrays and texts.

`pyarrow.array` would do; it loads pandas where that is installed, a third of a second for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from pyarrow import Array, Buffer, DictionaryArray, StringArray


def numbers(
    values: npt.NDArray[np.generic], is_known: npt.NDArray[np.bool_] | None = None
) -> Array:
    """Return numbers as a column, empty where they are not known."""
    import pyarrow as pa

    whole = np.ascontiguousarray(values)
    known = None if is_known is None else _bits(is_known)
    buffers = [known, pa.py_buffer(whole)]
    return pa.Array.from_buffers(pa.from_numpy_dtype(whole.dtype), len(whole), buffers)


def flags(values: npt.NDArray[np.bool_]) -> Array:
    """Return yes and no as a column."""
    import pyarrow as pa

    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])


def texts(values: Sequence[str]) -> StringArray:
    """Return texts as a column."""
    import pyarrow as pa

    encoded = [value.encode() for value in values]
    ends = np.zeros(len(encoded) + 1, np.int32)
    np.cumsum([len(one) for one in encoded], out=ends[1:])
    data = pa.py_buffer(b"".join(encoded))
    return pa.StringArray.from_buffers(len(encoded), pa.py_buffer(ends), data)


def coded(places: npt.NDArray[np.generic], words: Sequence[str]) -> DictionaryArray:
    """Return a column of words by their places."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(numbers(places), texts(words))


def _bits(values: npt.NDArray[np.bool_]) -> Buffer:
    import pyarrow as pa

    return pa.py_buffer(np.packbits(values, bitorder="little"))
