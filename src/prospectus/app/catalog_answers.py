"""What the use cases about the catalog hand to the interfaces: frozen data, no printing."""

from __future__ import annotations

from dataclasses import dataclass

from prospectus.app.topic_answers import TopicReach
from prospectus.domain.errors import Fault, Place
from prospectus.domain.facts import Certainty, Completeness, Provenance, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramLine:
    """One programme of the catalog."""

    id: str
    name: str
    school: str
    catalog_years: tuple[str, ...]
    completeness: Completeness
    tracks: tuple[tuple[str, str], ...]
    as_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One fact in plain words, with where it comes from and where it is written.

    `mark` says how sure it is; `sources` are ids of sources; `as_of` is the day, month or year of
    which the fact is, nothing where the source bears no date, and `is_old` tells whether that is
    more than a year back; `at` is file and line, for whoever wants to correct it. A line that only
    introduces those below it has no place of its own.
    """

    depth: int
    id: str
    text: str
    mark: str
    sources: tuple[str, ...]
    as_of: str = ""
    certainty: Certainty = Certainty.STATED
    at: Place = Place()
    is_old: bool = False


def fact_line(text: str, provenance: Provenance, *, depth: int = 0, id: str = "") -> RuleLine:
    """Return a fact with its provenance."""
    return RuleLine(
        depth=depth,
        id=id,
        text=text,
        mark=provenance.certainty.mark,
        sources=provenance.sources,
        as_of=provenance.as_of,
        certainty=provenance.certainty,
        at=provenance.at,
    )


def unknown_line(what: str) -> RuleLine:
    """Return a line that says that no source gives a fact."""
    unknown = Certainty.UNKNOWN
    return RuleLine(
        depth=0, id="", text=f"{what}: unknown", mark=unknown.mark, sources=(), certainty=unknown
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSection:
    """Facts under one heading."""

    title: str
    lines: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramAnswer:
    """The answer of `show_program`: its rules and facts in plain words, each with its sources.

    `sources` are those that the lines name; `old` are the days, of which facts are, that lie more
    than a year back, each with how many facts are of it, `n_undated` how many bear no date;
    `reaches` says of each track, by its name, what it teaches whatever one chooses, what it can
    teach and what it cannot.
    """

    id: str
    name: str
    school: str
    degree: str
    catalog_year: str
    completeness: Completeness
    credit_unit: str
    sections: tuple[RuleSection, ...]
    unknown: tuple[str, ...]
    questions: tuple[str, ...]
    sources: tuple[Source, ...]
    urls: tuple[str, ...]
    topics: tuple[str, ...] = ()
    old: tuple[tuple[str, int], ...] = ()
    reaches: tuple[tuple[str, TopicReach], ...] = ()
    n_undated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseAnswer:
    """The answer of `show_course`: everything that is known of one course of a programme."""

    code: str
    title: str
    program: str
    catalog_year: str
    sections: tuple[RuleSection, ...]
    sources: tuple[Source, ...]
    old: tuple[tuple[str, int], ...] = ()
    n_undated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """The answer of `check_catalog`: every fault, and how much was read.

    `n_solved` tracks were planned; `not_planned` are the programmes that are not complete, with
    catalogue year and completeness.
    """

    faults: tuple[Fault, ...]
    n_files: int
    n_programs: int
    n_solved: int
    not_planned: tuple[tuple[str, str, Completeness], ...] = ()

    @property
    def n_errors(self) -> int:
        """Return how many faults are errors."""
        return sum(fault.severity.value == "error" for fault in self.faults)
