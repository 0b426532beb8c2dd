"""What a programme's file says of the programme as a whole, beside its rules."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from prospectus.catalogs.blocks import Block, Number, OrNone, OrUnknown, Text, Words, Zone
from prospectus.catalogs.site import Site
from prospectus.domain.conversion import Conversion, Rounding, unit_of
from prospectus.domain.course import Delivery
from prospectus.domain.program import (
    Accreditation,
    ExperienceKind,
    Experiential,
    Note,
    Obligation,
    ProgramDelivery,
    Transfer,
    Visits,
)


class AccreditationBlock(Block):
    """Who accredits the institution, and who the programme."""

    bodies: OrNone[Words] | None = Field(default=None, description="those of the institution")
    program: OrNone[Words] | None = Field(default=None, description="those of this programme")

    def to_domain(self, site: Site) -> Accreditation:
        """Return the accreditation."""
        return Accreditation(
            bodies=_named(self.bodies),
            program=_named(self.program),
            provenance=site.within(self).provenance,
        )


def _named(value: object) -> tuple[str, ...] | None:
    """Return names, none of them for `none`, None for what nobody says."""
    if isinstance(value, list):
        return tuple(value)
    return () if value == "none" else None


class ProgramDeliveryBlock(Block):
    """How the programme as a whole is taught."""

    mode: Literal["async", "sync", "hybrid", "in_person", "unknown"] = "unknown"
    visits: Literal["none", "optional", "required", "unknown"] = "unknown"
    zone: OrUnknown[Zone] | None = None
    notes: Words = Field(default_factory=list)

    def to_domain(self, site: Site) -> ProgramDelivery:
        """Return the delivery."""
        return ProgramDelivery(
            mode=Delivery(self.mode),
            visits=Visits(self.visits),
            zone=None if self.zone == "unknown" else self.zone,
            notes=tuple(self.notes),
            provenance=site.within(self).provenance,
        )


def _yes_or_no(value: object) -> object:
    """Return the words of yes and no, which YAML reads as truth."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


Kind = Literal[
    "capstone",
    "project",
    "thesis",
    "practicum",
    "internship",
    "portfolio",
    "residency",
    "research",
]


class ExperientialBlock(Block):
    """What is done beside ordinary courses, or on top of them."""

    kinds: OrNone[list[Kind]] | None = None
    required: Annotated[
        Literal["yes", "no", "choice", "unknown"],
        BeforeValidator(_yes_or_no),
        WithJsonSchema({"enum": [True, False, "choice", "unknown"]}),
    ] = "unknown"
    notes: Words = Field(default_factory=list)

    def to_domain(self, site: Site) -> Experiential:
        """Return what is asked; where there is none, none is required."""
        here = site.within(self)
        required = self.required
        if self.kinds == "none":
            if required in ("yes", "choice"):
                here.at("required").fault(
                    "CAT-024",
                    f"there is none of it, and `required` is {required}",
                    "name its `kinds`, or write `required: no`",
                )
            required = "no"
        kinds = _named(self.kinds)
        return Experiential(
            kinds=None if kinds is None else tuple(ExperienceKind(kind) for kind in kinds),
            required=Obligation(required),
            notes=tuple(self.notes),
            provenance=here.provenance,
        )


class ConversionBlock(Block):
    """What credits of another unit count here."""

    from_: Text = Field(alias="from", description="the other unit, such as ects")
    ratio: Number = Field(description="what one credit of it counts here, such as 1/2")
    rounding: Literal["none", "down", "nearest", "up"]
    step: Number | None = Field(default=None, description="rounded to multiples of it; 1")

    def to_domain(self, site: Site) -> Conversion | None:
        """Return the rule; None where by it nothing could be counted."""
        here = site.within(self)
        if self.step is not None and self.rounding == "none":
            here.at("step").fault(
                "CAT-024",
                "`step` says to what is rounded, and `rounding` is none",
                "leave `step` out, or say how it is rounded",
            )
        return here.make(
            lambda: Conversion(
                unit=unit_of(self.from_),
                ratio=self.ratio,
                rounding=Rounding(self.rounding),
                step=Fraction(1) if self.step is None else self.step,
                provenance=here.provenance,
            )
        )


class TransferBlock(Block):
    """What is said of credit from elsewhere."""

    notes: Words = Field(default_factory=list)
    convert: list[ConversionBlock] = Field(default_factory=list)

    def to_domain(self, site: Site, unit: str) -> Transfer:
        """Return what is said; `unit` is the programme's own."""
        here = site.within(self)
        seen = {unit_of(unit)}
        conversions = []
        for index, block in enumerate(self.convert):
            spot = here.at("convert", index)
            found = block.to_domain(spot)
            if unit_of(block.from_) in seen:
                spot.at("from").fault(
                    "CAT-024",
                    f"'{block.from_}' is the programme's own unit, or has a rule already",
                    "leave one rule for each other unit",
                )
            elif found is not None:
                seen.add(found.unit)
                conversions.append(found)
        return Transfer(
            notes=tuple(self.notes), conversions=tuple(conversions), provenance=here.provenance
        )


class NoteBlock(Block):
    """A fact that has no field of its own, with where it comes from."""

    text: Text


def _text_or_block(value: object) -> str:
    return "<block>" if isinstance(value, dict) else "<text>"


def _one_or_several(value: object) -> str:
    if value == "unknown":
        return "<unknown>"
    return "<several>" if isinstance(value, list) else "<one>"


NoteItem = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[NoteBlock, Tag("<block>")],
    Discriminator(_text_or_block),
]
Notes = Annotated[
    Annotated[NoteItem, Tag("<one>")]
    | Annotated[list[NoteItem], Tag("<several>")]
    | Annotated[Literal["unknown"], Tag("<unknown>")],
    Discriminator(_one_or_several),
]
"""Texts, each bare or a block of its own."""


def notes_of(value: str | NoteBlock | list[str | NoteBlock] | None, site: Site) -> tuple[Note, ...]:
    """Return the notes of a programme."""
    if value is None or value == "unknown":
        return ()
    found = []
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        here = site.at(index) if isinstance(value, list) else site
        if isinstance(item, NoteBlock):
            found.append(Note(text=item.text, provenance=here.within(item).provenance))
        else:
            found.append(Note(text=item, provenance=here.provenance))
    return tuple(found)
