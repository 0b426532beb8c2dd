"""What is compiled of a programme's rules: leaves, minima, totals, measures, and rows of uses."""

from __future__ import annotations

from dataclasses import dataclass

from prospectus.audit.use import Tri
from prospectus.domain.course import CourseCode
from prospectus.domain.plan import Standing
from prospectus.domain.requirement import Amount, Fill, Measure, NodeId, Range

Values = frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """A measure over what one leaf holds; `index` is its place among all measures."""

    index: int
    is_most: bool
    bound: int
    in_courses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A leaf with its place among all leaves; sizes in whole units (credits times `unit`)."""

    index: int
    fill: Fill
    counts: bool
    courses: int | None
    most_courses: int | None
    credits: int | None
    most_credits: int | None
    minima: tuple[Minimum, ...]
    shape: tuple[int, ...]
    area_names: tuple[str, ...]
    above: tuple[NodeId, ...]
    total_node: NodeId | None
    has_pieces: bool
    bit: int
    rest_least: int

    @property
    def id(self) -> NodeId:
        """Return the leaf's id."""
        return self.fill.header.id

    @property
    def takes_parts(self) -> bool:
        """Return whether it may hold a part of a use: where it is counted in credits alone."""
        areas = self.fill.areas
        return self.courses is None and (areas is None or areas.in_credits)

    @property
    def is_plain(self) -> bool:
        """Return whether it asks a number of courses, or of credits, and nothing else."""
        sizes = (self.courses is None) + (self.credits is None)
        special = self.minima or self.shape or self.has_pieces
        return sizes == 1 and not special


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A total: what it asks, in units and courses, below which node, and its mosts."""

    node: NodeId
    scope: int
    credits: int | None
    courses: int | None
    most_credits: int | None
    most_courses: int | None
    less_waived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounding:
    """A measure over what is applied, in the tree or beside it."""

    index: int
    measure: Measure
    scope: int
    above: NodeId
    in_tree: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a use is to every rule: all that decides where it may go and what it does there.

    `fits` tells per leaf whether it is eligible; `measured` per measure whether it is selected;
    `areas` per leaf the areas it serves; `allows` per overlap whether it may be shared;
    `values` per measure those that `distinct` and `per` look at; `pieces` per leaf the courses
    for which it is one of several pieces there, where it fits for no other reason.
    """

    units: int
    is_waiver: bool
    standing: Standing
    splits: bool
    fits: tuple[Tri, ...]
    measured: tuple[Tri, ...]
    areas: tuple[frozenset[str], ...]
    overlaps: tuple[Tri, ...]
    values: tuple[Values, ...]
    pieces: tuple[tuple[tuple[CourseCode, frozenset[str]], ...], ...]


def plain(amount: Amount) -> Range:
    """Return a resolved size."""
    assert isinstance(amount, Range), "sizes are resolved before they are audited"
    return amount
