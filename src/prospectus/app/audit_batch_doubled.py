"""Lines of a batch that speak of one attempt twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from prospectus.domain.errors import Fault, Place
from prospectus.domain.record import Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """An attempt that a record has more than once, and where: places among the block's attempts.

    `is_contradicted`: its lines do not say the same.
    """

    record: int
    name: str
    places: tuple[int, ...]
    is_contradicted: bool

    def faults(self, lines: npt.NDArray[np.int64], file: str) -> Iterator[Fault]:
        """Yield a fault for each line that is left out."""
        mine = [int(lines[place]) for place in self.places]
        for line in mine if self.is_contradicted else mine[1:]:
            at = Place(file=file, line=line, field="course")
            if not self.is_contradicted:
                yield Fault(
                    code="REC-044",
                    what=f"two records of one attempt: {self.name}, the same on line {mine[0]}, "
                    "which is taken",
                    fix="remove one of the two",
                    at=at,
                )
                continue
            others = [str(other) for other in mine if other != line]
            yield Fault(
                code="REC-044",
                what=f"two records of one attempt: {self.name}, otherwise on line "
                f"{' and '.join(others)}; none of them is taken",
                fix="remove what is wrong, or tell them apart by session or topic",
                at=at,
            )


def doubled_lines(
    offsets: npt.NDArray[np.int64],
    numbers: npt.NDArray[np.int32],
    attempts: Sequence[Attempt],
    by_kernel: npt.NDArray[np.bool_],
) -> list[Doubled]:
    """Return the attempts that stand more than once; the kernel answers for no such record."""
    found = []
    for record in np.flatnonzero(~by_kernel):
        places: dict[str, list[int]] = {}
        for at in range(offsets[record], offsets[record + 1]):
            places.setdefault(attempts[numbers[at]].id, []).append(at)
        found += [
            Doubled(
                record=int(record),
                name=name,
                places=tuple(its),
                is_contradicted=len({int(numbers[at]) for at in its}) > 1,
            )
            for name, its in places.items()
            if len(its) > 1
        ]
    return found
