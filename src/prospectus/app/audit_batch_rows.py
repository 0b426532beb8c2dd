"""Rows of a Parquet table as the few texts that they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from prospectus.app.audit_batch_arrow import numbers as numbers_of

if TYPE_CHECKING:
    from pyarrow import Array

BETWEEN = "\x1f"
"""What stands between the cells of a row in its text."""

Int64 = npt.NDArray[np.int64]
_MOST_CODES = 1 << 62


def coded_rows(columns: Sequence[Array], n_rows: int) -> tuple[Int64, list[str], Int64]:
    """Return the text of each row by number, these texts, and the first row of each.

    Rows are told apart by the numbers of their cells, column by column.
    """
    codes, which, n_codes = np.zeros(n_rows, np.int64), np.zeros(n_rows, np.int64), 1
    cells: list[tuple[Int64, list[str]]] = []
    for column in columns:
        numbers, texts = _coded(column)
        if n_codes * max(1, len(texts)) >= _MOST_CODES:
            codes, n_codes = _renumbered(codes)
        codes = codes * len(texts) + numbers
        n_codes *= max(1, len(texts))
        cells.append((numbers, texts))
    coded = numbers_of(codes).dictionary_encode()
    which = coded.indices.to_numpy(zero_copy_only=False)
    first_row = np.full(len(coded.dictionary), -1, np.int64)
    backwards = np.arange(n_rows)[::-1]
    first_row[which[backwards]] = backwards
    said = [np.array(texts, object)[numbers[first_row]] for numbers, texts in cells]
    return which, [BETWEEN.join(row) for row in zip(*said, strict=True)], first_row


def _coded(column: Array) -> tuple[Int64, list[str]]:
    """Return the numbers of a column's cells, and their texts."""
    import pyarrow as pa

    from prospectus.catalogs.record_parquet import as_text

    if not pa.types.is_dictionary(column.type):
        column = as_text(column).dictionary_encode()
    texts = as_text(column.dictionary).to_pylist()
    numbers = column.indices.cast(pa.int64()).fill_null(len(texts))
    return numbers.to_numpy(zero_copy_only=False), [*texts, ""]


def _renumbered(codes: Int64) -> tuple[Int64, int]:
    """Return codes without gaps."""
    known, numbers = np.unique(codes, return_inverse=True)
    return numbers.astype(np.int64), len(known)
