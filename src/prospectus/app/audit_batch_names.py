"""The names of students, a column at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from prospectus.app.audit_batch_arrow import texts as column_of
from prospectus.audit.kernel_table import compiled, whole
from prospectus.catalogs.record_columns import plain

if TYPE_CHECKING:
    from pyarrow import StringArray

# What `plain` leaves as it is, and is printable: as a rule all of them.
_PLAIN = r"^[0-9A-Za-z]([!-~]| [!-~])*$"

Words = npt.NDArray[np.uint64]


def plain_names(names: StringArray) -> tuple[StringArray, npt.NDArray[np.bool_]]:
    """Return names as they are printed, and which of them are none."""
    from pyarrow import compute

    simple = compute.match_substring_regex(names, _PLAIN)
    odd = np.flatnonzero(~simple.to_numpy(zero_copy_only=False))
    broken = np.zeros(len(names), bool)
    if not len(odd):
        return names, broken
    texts = names.to_pylist()
    for place in odd:
        texts[place] = plain(texts[place])
        broken[place] = not texts[place] or not texts[place].isprintable()
    return column_of(texts), broken


def digests(names: StringArray) -> Words:
    """Return a number of 64 bits for each name, by which one that comes back is noticed."""
    _, ends, data = names.buffers()
    found = np.zeros(len(names), np.uint64)
    if ends is not None and data is not None and len(names):
        at = np.frombuffer(ends, np.int32)[names.offset : names.offset + len(names) + 1]
        _digest(at, np.frombuffer(data, np.uint8), found)
    return found


@compiled
def _digest(ends: npt.NDArray[np.int32], data: npt.NDArray[np.uint8], found: Words) -> None:
    for name in range(len(found)):
        mixed = np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(ends[name + 1] - ends[name])
        for place in range(ends[name], ends[name + 1]):
            mixed = (mixed ^ np.uint64(data[whole(np.uint64(place))])) * np.uint64(0x100000001B3)
            mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xFF51AFD7ED558CCD)
        found[name] = mixed ^ (mixed >> np.uint64(32))
