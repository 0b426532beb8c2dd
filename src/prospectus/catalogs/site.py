"""Where a reader stands in a file: place, inherited facts, and the one list of faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeVar

from prospectus.catalogs.blocks import Block
from prospectus.catalogs.expressions import parse_expression, parse_point, parse_selector
from prospectus.catalogs.nearest import nearest
from prospectus.catalogs.values import UnreadableValue, read_code
from prospectus.catalogs.yaml_document import Document, FieldPath
from prospectus.domain.course import CourseCode
from prospectus.domain.errors import DataError, Fault, Place, Severity
from prospectus.domain.expression import AnyCourse, Expression, Selector
from prospectus.domain.facts import Assumption, Certainty, Provenance
from prospectus.domain.rule import Point, PointKind

V = TypeVar("V")


@dataclass(slots=True, kw_only=True)
class Reading:
    """What one reading of files gathers: faults, assumptions, names that are not to be missed."""

    faults: list[Fault] = field(default_factory=list)
    names_refused: set[str] = field(default_factory=set)
    """Codes and node ids that are written but could not be made: not to be missed elsewhere."""
    lacks_assumptions: bool = False
    """Whether some file of assumptions could not be read."""
    live_unknown: list[tuple[str, CourseCode]] = field(default_factory=list)
    """Courses with live sessions of which no source gives the time, by the file that says so."""
    root_of: dict[str, int] = field(default_factory=dict)
    """Which of the paths that are read each file is from."""
    by_root: dict[tuple[int, str], dict[str, Assumption]] = field(default_factory=dict)
    """Assumptions by the path that they are from, and the school for which alone they hold."""
    roots_with_schools: set[int] = field(default_factory=set)
    school_of: dict[str, str] = field(default_factory=dict)
    _held: dict[tuple[int, str], dict[str, Assumption]] = field(default_factory=dict)

    def assumptions_for(self, file: str | None) -> dict[str, Assumption]:
        """Return the assumptions that hold for a file, for all files when None.

        Those that stand in a folder without schools hold for everything; those beside schools
        hold for these first, and elsewhere only where nobody says otherwise. A school's own come
        before all of them, and hold for no other.
        """
        key = (self.root_of.get(file or "", -1), self.school_of.get(file or "", ""))
        if key not in self._held:
            self._held[key] = dict(sorted(self._holding(*key).items()))
        return self._held[key]

    def _holding(self, root: int, school: str) -> dict[str, Assumption]:
        """Return what holds for the files of a school that are from one of the paths."""
        found: dict[str, Assumption] = {}
        everywhere = sorted(key for key in self.by_root if not key[1])
        own = sorted(key for key in self.by_root if school and key[1] == school)
        for key in (
            *reversed(everywhere),
            *(key for key in everywhere if key[0] == root),
            *(key for key in everywhere if key[0] not in self.roots_with_schools),
            *(key for key in own if key[0] in self.roots_with_schools),
            *(key for key in own if key[0] not in self.roots_with_schools),
        ):
            found |= self.by_root[key]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One value of a file, with the provenance that the blocks around it give."""

    document: Document
    reading: Reading
    facts: Provenance = Provenance(certainty=Certainty.STATED)
    scope: str = ""
    path: FieldPath = ()

    def at(self, *parts: str | int) -> Site:
        """Return the site of a value below this one."""
        return replace(self, path=self.path + parts)

    def within(self, block: Block) -> Site:
        """Return this site with the facts of its block laid over those around it."""
        facts = self.facts
        sources = facts.sources
        if block.source is not None:
            sources = tuple(self.scope + name for name in block.source)
            for name in block.source:
                self._check_source(name)
        certainty, assumption = facts.certainty, facts.assumption
        if block.certainty is not None:
            certainty, assumption = Certainty(block.certainty), None
        if block.assumption is not None:
            certainty, assumption = Certainty.ASSUMED, block.assumption
            self._check_assumption(block.assumption)
        return replace(
            self,
            facts=Provenance(
                sources=sources,
                as_of=block.as_of if block.as_of is not None else facts.as_of,
                certainty=certainty,
                n_reports=block.n,
                assumption=assumption,
                note=block.note or "",
            ),
        )

    @property
    def place(self) -> Place:
        """Return file, line and field."""
        return self.document.place(self.path)

    @property
    def provenance(self) -> Provenance:
        """Return the facts that hold here, with their place."""
        return replace(self.facts, at=self.place)

    def fault(self, code: str, what: str, fix: str, severity: Severity = Severity.ERROR) -> None:
        """Note one thing that is wrong here."""
        self.reading.faults.append(
            Fault(code=code, what=what, fix=fix, at=self.place, severity=severity)
        )

    def make(self, build: Callable[[], V]) -> V | None:
        """Return what `build` makes; None, with its faults noted here, when it cannot be."""
        try:
            return build()
        except DataError as error:
            self.reading.faults.extend(replace(fault, at=self.place) for fault in error.faults)
            return None

    def code(self, text: str) -> CourseCode | None:
        """Return the course code written here; None, with its fault noted, when it is none."""
        try:
            return read_code(text)
        except UnreadableValue as error:
            self.fault("DOM-010", error.what, error.fix)
            return None

    def assumed_value(self, assumption: str | None) -> Fraction | None:
        """Return the value of an assumption; None when there is none of that id."""
        known = self.reading.assumptions_for(self.document.file)
        entry = known.get(assumption or "")
        return None if entry is None else entry.value

    def expression(self, text: str) -> Expression | None:
        """Return the expression written here; None when it cannot be read."""
        return self.make(lambda: parse_expression(text))

    def selector(self, value: str | list[str] | None) -> Selector:
        """Return the selector written here; every course when none is, or none can be read."""
        if value is None:
            return AnyCourse()
        return self.make(lambda: parse_selector(value)) or AnyCourse()

    def point(self, text: str) -> Point:
        """Return the point in time written here."""
        return self.make(lambda: parse_point(text)) or Point(kind=PointKind.CONFERRAL)

    def _check_source(self, name: str) -> None:
        data = self.document.data
        declared = data.get("sources") if isinstance(data, dict) else None
        known = declared if isinstance(declared, dict) else {}
        if name not in known:
            self.fault(
                "CAT-040",
                f"source '{name}' is not declared in this file{nearest(name, known)}",
                f"add it under `sources:` with its title, e.g. `{name}: {{title: ...}}`",
            )

    def _check_assumption(self, name: str) -> None:
        refused = self.reading.lacks_assumptions or name in self.reading.names_refused
        known = self.reading.assumptions_for(self.document.file)
        if name not in known and not refused:
            elsewhere = sorted(
                school for (_, school), entries in self.reading.by_root.items() if name in entries
            )
            what = f"there is no assumption '{name}'{nearest(name, known)}"
            if elsewhere:
                what = f"the assumption '{name}' holds for {', '.join(elsewhere)} alone"
            self.fault(
                "CAT-041",
                what,
                "add it to assumptions.yaml with value, range and reason, or correct the id",
            )
