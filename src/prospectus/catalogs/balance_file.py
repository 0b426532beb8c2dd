"""Courses to balance, as people write them: YAML of `kind: balance`."""

from __future__ import annotations

from pathlib import Path

from prospectus.catalogs.yaml_document import Data, Document, FieldPath, Limits
from prospectus.catalogs.yaml_reader import read_yaml
from prospectus.domain.balance import BalanceProblem, Criterion
from prospectus.domain.balance_draft import (
    MOST_PERIODS,
    BalanceDraft,
    DraftCourse,
    DraftLimit,
    DraftPair,
    DraftTrack,
    built,
)

_TOP = ("format", "kind", "name", "balance", "periods", "limits", "weights", "courses", "tracks")
_OF_COURSE = ("course", "load", "after", "only", "not", "rather_not")


def read_balance_file(path: Path) -> BalanceProblem:
    """Return the problem of a YAML file.

    Raises
    ------
    DataError
        CAT-001 to CAT-011 for what is no YAML, BAL-005 to BAL-017 for what it says.
    """
    document = read_yaml(path, Limits(n_bytes=1_000_000, depth=8))
    reader = _Reader(document)
    reader.read()
    # what else is wrong may only follow from these
    reader.draft.raise_any()
    return built(reader.draft)


class _Reader:
    """Takes the fields of one document, noting what is of the wrong sort."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.draft = BalanceDraft(file=document.file, name=Path(document.file).stem)

    def read(self) -> None:
        """Fill the draft."""
        top, draft = self._mapping(self._document.data, (), _TOP), self.draft
        for name in ("format", "kind", "periods", "courses"):
            if name not in top:
                draft.add("BAL-005", f"the file gives no `{name}`", "add it")
        if top.get("format", 1) != 1 or top.get("kind", "balance") != "balance":
            self._wrong("`format` or `kind` is another", "write `format: 1`, `kind: balance`", ())
        draft.name = str(top.get("name", draft.name))
        words = [criterion.value for criterion in Criterion]
        if top.get("balance", "peak") in words:
            draft.criterion = Criterion(top.get("balance", "peak"))
        else:
            self._wrong("`balance` is none of the criteria", ", ".join(words), ("balance",))
        draft.periods = self._periods(top.get("periods"))
        limits = self._mapping(top.get("limits", {}), ("limits",), ("load", "courses"))
        draft.load = self._limit(limits, "load")
        draft.count = self._limit(limits, "courses")
        weights = self._mapping(top.get("weights", {}), ("weights",), ("deviation", "undesired"))
        draft.deviation_weight = self._whole(weights, "deviation", ("weights",), 1)
        draft.undesired_weight = self._whole(weights, "undesired", ("weights",), 1)
        courses = top.get("courses", [])
        if not isinstance(courses, list):
            self._wrong("`courses` is no list", "write `- {course: CS 1, load: 3}`", ("courses",))
            courses = []
        for place, data in enumerate(courses):
            self._course(data, ("courses", place))
        tracks = top.get("tracks", {})
        if not isinstance(tracks, dict):
            self._wrong("`tracks` is no block", "write `name: [courses]` lines", ("tracks",))
            tracks = {}
        for name in tracks:
            path = ("tracks", name)
            line = self._document.line(path)
            draft.tracks.append(DraftTrack(name, tuple(self._names(tracks, name, path)), line))

    def _course(self, data: Data, path: FieldPath) -> None:
        fields = self._mapping(data, path, _OF_COURSE)
        if "course" not in fields or "load" not in fields:
            self._wrong("a course lacks its name or its load", "write `course:` and `load:`", path)
            return
        name, line = str(fields["course"]), self._document.line(path)
        self.draft.courses.append(DraftCourse(name, self._whole(fields, "load", path, 0), line))
        for first in self._names(fields, "after", (*path, "after")):
            self.draft.order.append(DraftPair(first, name, line))
        for period in self._names(fields, "rather_not", (*path, "rather_not")):
            self.draft.undesired.append(DraftPair(name, period, line))
        barred = self._names(fields, "not", (*path, "not"))
        if "only" in fields:
            only = self._names(fields, "only", (*path, "only"))
            # a misspelled period must be told, not silently exclude every other
            barred += [period for period in only if period not in self.draft.periods]
            barred += [period for period in self.draft.periods if period not in only]
        self.draft.excluded += [DraftPair(name, period, line) for period in barred]

    def _periods(self, data: Data) -> tuple[str, ...]:
        if isinstance(data, int) and not isinstance(data, bool) and 1 <= data <= MOST_PERIODS:
            return tuple(str(number) for number in range(1, data + 1))
        if isinstance(data, list) and data:
            return tuple(str(name) for name in data)
        if data is not None:
            self._wrong(
                "`periods` is neither a number nor a list of names",
                f"write a number of 1 to {MOST_PERIODS}, or names in time order",
                ("periods",),
            )
        return ()

    def _limit(self, limits: dict[str, Data], name: str) -> DraftLimit:
        if name not in limits:
            return DraftLimit()
        path = ("limits", name)
        found = self._mapping(limits[name], path, ("at_least", "at_most"))
        least = self._whole(found, "at_least", path, 0)
        most = self._whole(found, "at_most", path, 0) if "at_most" in found else None
        return DraftLimit(least, most, self._document.line(path))

    def _mapping(self, data: Data, path: FieldPath, known: tuple[str, ...]) -> dict[str, Data]:
        if not isinstance(data, dict):
            self._wrong("a block of fields was expected", f"write {', '.join(known)}", path)
            return {}
        for name in data:
            if name not in known:
                self._wrong(
                    f"there is no field `{name}` here", f"write {', '.join(known)}", (*path, name)
                )
        return data

    def _whole(self, data: dict[str, Data], name: str, path: FieldPath, default: int) -> int:
        value = data.get(name, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self._wrong(f"`{name}` is no whole number", f"write `{name}: 3`", (*path, name))
        return default

    def _names(self, data: dict[str, Data], name: str, path: FieldPath) -> list[str]:
        value = data.get(name, [])
        if isinstance(value, list):
            return [str(item) for item in value]
        if isinstance(value, str | int):
            return [str(value)]
        self._wrong(f"`{name}` is no list of names", f"write `{name}: [A, B]`", path)
        return []

    def _wrong(self, what: str, fix: str, path: FieldPath) -> None:
        self.draft.add("BAL-006", what, fix, self._document.line(path))
