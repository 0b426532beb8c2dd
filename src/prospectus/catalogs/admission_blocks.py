"""How one gets into a programme: the fields of `admission`, and their way into the domain."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from prospectus.catalogs.blocks import (
    Block,
    DueDay,
    ExpressionText,
    MonthDay,
    Months,
    OrNone,
    OrUnknown,
    Text,
    Words,
)
from prospectus.catalogs.site import Site
from prospectus.catalogs.values import is_period
from prospectus.domain.expression import And, Expression
from prospectus.domain.program import Admission, Deadline, Pathway


class DeadlineBlock(Block):
    """By when to apply for a start."""

    start: Text = Field(description="a season, or one period such as Fall 2027")
    by: DueDay
    round: Text = ""

    def to_domain(self, site: Site) -> Deadline:
        """Return the deadline."""
        here = site.within(self)
        year, month, day = self.by
        if year is not None and not is_period(self.start):
            here.at("by").fault(
                "CAT-025",
                f"a day of one year cannot be the deadline of every {self.start}",
                f"write the period, such as `start: {self.start} {year}`, or a day of every year, "
                f"`by: {month:02d}-{day:02d}`",
            )
        return Deadline(
            start=" ".join(self.start.split()),
            month=month,
            day=day,
            year=year,
            round=self.round,
            provenance=here.provenance,
        )


class PathwayBlock(Block):
    """A way in by what one takes first."""

    id: Text
    label: Text | None = None
    needs: ExpressionText
    within: Months | None = None

    def to_domain(self, site: Site) -> Pathway | None:
        """Return the pathway; None where its condition cannot be read."""
        here = site.within(self)
        needs = here.at("needs").expression(self.needs)
        if needs is None:
            return None
        return Pathway(
            id=self.id,
            label=self.label or self.id,
            needs=needs,
            within_months=self.within,
            provenance=here.provenance,
        )


def _kind_of_deadlines(value: object) -> str:
    if value == "unknown":
        return "<unknown>"
    return "<list>" if isinstance(value, list) else "<by season>"


Deadlines = Annotated[
    Annotated[dict[str, MonthDay], Tag("<by season>")]
    | Annotated[list[DeadlineBlock], Tag("<list>")]
    | Annotated[Literal["unknown"], Tag("<unknown>")],
    Discriminator(_kind_of_deadlines),
]


class AdmissionBlock(Block):
    """How one gets in."""

    eligibility: OrNone[ExpressionText] | None = None
    rolling: OrUnknown[bool] | None = None
    starts: OrUnknown[Words] | None = Field(
        default=None, description="seasons in which one may begin"
    )
    deadlines: Deadlines | None = None
    pathways: OrNone[list[PathwayBlock]] | None = None
    pathways_only: bool = False
    notes: Words = Field(default_factory=list)

    def to_domain(self, site: Site) -> Admission:
        """Return the admission."""
        here = site.within(self)
        if self.pathways_only and not isinstance(self.pathways, list):
            here.at("pathways_only").fault(
                "CAT-025",
                "a pathway is said to be the only way in, and there is none",
                "name the ways in under `pathways:`, or leave `pathways_only` out",
            )
        eligibility: Expression | None = None
        if self.eligibility == "none":
            # a source says that there is no condition: all of nothing
            eligibility = And(items=())
        elif self.eligibility not in (None, "unknown"):
            eligibility = here.at("eligibility").expression(str(self.eligibility))
        return Admission(
            eligibility=eligibility,
            rolling=self.rolling if isinstance(self.rolling, bool) else None,
            starts=tuple(self.starts) if isinstance(self.starts, list) else None,
            deadlines=self._deadlines(here.at("deadlines")),
            pathways=self._pathways(here.at("pathways")),
            pathways_only=self.pathways_only,
            notes=tuple(self.notes),
            provenance=here.provenance,
        )

    def _deadlines(self, site: Site) -> tuple[Deadline, ...]:
        if isinstance(self.deadlines, dict):
            return tuple(
                Deadline(start=season, month=month, day=day, provenance=site.at(season).provenance)
                for season, (month, day) in self.deadlines.items()
            )
        if isinstance(self.deadlines, list):
            return tuple(
                block.to_domain(site.at(index)) for index, block in enumerate(self.deadlines)
            )
        return ()

    def _pathways(self, site: Site) -> tuple[Pathway, ...]:
        blocks = self.pathways if isinstance(self.pathways, list) else []
        for name, n in Counter(block.id for block in blocks).items():
            if n > 1:
                site.fault("CAT-042", f"{n} pathways have the id '{name}'", "rename all but one")
        made = (block.to_domain(site.at(index)) for index, block in enumerate(blocks))
        return tuple(pathway for pathway in made if pathway is not None)
