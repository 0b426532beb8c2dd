"""The tree of requirements as files spell it: the fields of every kind of node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Discriminator, Field, PlainValidator, Tag, WithJsonSchema
from typing_extensions import TypeAliasType

from prospectus.catalogs.blocks import (
    Block,
    ExpressionText,
    Number,
    OrUnknown,
    RangeText,
    ReadingBlock,
    ReadingOf,
    SelectorText,
    Size,
    SizeOrShare,
    Strict,
    Text,
    WhenBlock,
    WhenOf,
    Words,
    checked,
    kind_of_value,
)
from prospectus.catalogs.values import read_range
from prospectus.domain.requirement import Range

BasisName = Literal["letter", "pass_fail", "audit", "pass_revise"]
CreditSourceName = Literal["home", "transfer", "exam", "credential", "non_degree", "waiver"]


class NodeBlock(Block):
    """What every node and rule carries."""

    id: Text
    label: Text = ""
    completeness: Literal["complete", "partial", "stub"] | None = None
    unknown: Words = Field(default_factory=list, description="rules here that no source gives")


class Eligibility(Strict):
    """What a use must be to serve a leaf, inherited by the leaves below."""

    min_grade: Text | None = None
    basis: Annotated[list[BasisName], Field(min_length=1)] | None = None
    credit_source: Annotated[list[CreditSourceName], Field(min_length=1)] | None = None
    pool: Text | None = None


class MeasureFields(Strict):
    """A bound on credits, courses or distinct values."""

    credits: OrUnknown[SizeOrShare] | None = None
    courses: OrUnknown[Size] | None = None
    of: SelectorText | None = None
    in_: Words = Field(default_factory=list, alias="in", description="ids of nodes")
    over: Literal["applied", "attempted"] | None = None
    per: Text | None = None
    distinct: Text | None = None


class WithBlock(Block):
    """A measure over what one leaf holds."""

    id: Text | None = None
    label: Text = ""
    at_least: MeasureFields | None = None
    at_most: MeasureFields | None = None


class AreasFields(Strict):
    """Areas of which some distinct ones reach the counts of `shape`."""

    of: dict[str, SelectorText] = Field(min_length=1)
    shape: list[Number] = Field(min_length=1)
    unit: Literal["courses", "credits"] = "courses"


def _kind_of_credits(value: object) -> str:
    if isinstance(value, str) and value.startswith("rest "):
        return "<rest within>"
    return "<rest>" if value == "rest" else kind_of_value(value)


@dataclass(frozen=True, slots=True)
class RestWithin:
    """Free electives with bounds of their own."""

    bounds: Range


def _read_rest(value: object) -> RestWithin:
    return RestWithin(read_range(str(value).removeprefix("rest ").strip()))


LeafCredits = Annotated[
    Annotated[Literal["rest"], Tag("<rest>")]
    | Annotated[
        RestWithin,
        PlainValidator(checked(_read_rest)),
        WithJsonSchema({"type": "string", "pattern": "^rest "}),
        Tag("<rest within>"),
    ]
    | Annotated[RangeText, Tag("<plain>")]
    | Annotated[WhenBlock[RangeText], Tag("<when>")]
    | Annotated[ReadingBlock[RangeText], Tag("<reading>")],
    Discriminator(_kind_of_credits),
]


class FillFields(Eligibility):
    """A leaf: its size, what it takes, and what a use must be."""

    courses: OrUnknown[Size] | None = None
    credits: OrUnknown[LeafCredits] | None = None
    from_: SelectorText = Field(alias="from")
    with_: list[WithBlock] = Field(default_factory=list, alias="with")
    areas: AreasFields | None = None


class GpaFields(Strict):
    """A credit-weighted mean."""

    at_least: OrUnknown[Number]
    over: Literal["applied", "attempted"]
    of: SelectorText | None = None
    in_: Words = Field(default_factory=list, alias="in", description="ids of nodes")


class MilestoneFields(Strict):
    """An exam, portfolio, immersion or practicum."""

    kind: Text = "milestone"
    needs: ExpressionText | None = None
    by: Text | None = Field(default=None, description="matriculation + ..., conferral - ...")
    months: int | None = Field(default=None, ge=0)
    hours: int | None = Field(default=None, ge=0)
    attempts: int | None = Field(default=None, ge=1)


class TotalFields(Strict):
    """A total of distinct uses."""

    credits: OrUnknown[Size] | None = None
    courses: OrUnknown[Size] | None = None
    less: Literal["waived"] | None = None
    note: Text | None = None


class FillNode(NodeBlock):
    """A leaf."""

    fill: FillFields


class AtMostNode(NodeBlock):
    """A cap."""

    at_most: MeasureFields


class AtLeastNode(NodeBlock):
    """A minimum."""

    at_least: MeasureFields


class GpaNode(NodeBlock):
    """A mean."""

    gpa: GpaFields


class MilestoneNode(NodeBlock):
    """A milestone."""

    milestone: MilestoneFields = Field(default_factory=MilestoneFields)


class AllNode(NodeBlock, Eligibility):
    """Every child."""

    all: list[NodeItem]
    total: TotalFields | None = None


class RootNode(AllNode):
    """The root of the tree; its id is `degree`."""

    id: Text = "degree"


class AnyNode(NodeBlock, Eligibility):
    """So many of the children."""

    any: list[NodeItem] = Field(min_length=1)
    n: int = Field(default=1, ge=1)
    declare: bool = False


class WhenNode(Block):
    """A node that depends on the person."""

    when: WhenOf[NodeItem]


class ReadingNode(Block):
    """A node that depends on a disputed text."""

    reading: ReadingOf[NodeItem]


NODE_KINDS = (
    "all", "any", "fill", "at_most", "at_least", "gpa", "milestone", "when", "reading",
)  # fmt: skip


BareCode = Annotated[str, Field(description="a course code: a leaf of that course")]


def _kind_of_node(value: object) -> str | None:
    if isinstance(value, str):
        return "<nothing>" if value == "nothing" else "<code>"
    return one_kind(value, NODE_KINDS)


def one_kind(value: object, kinds: tuple[str, ...]) -> str | None:
    """Return the tag of the one kind that a mapping names; None for none or several."""
    named = [kind for kind in kinds if isinstance(value, dict) and kind in value]
    return f"<{named[0]}>" if len(named) == 1 else None


NodeItem = TypeAliasType(
    "NodeItem",
    Annotated[
        Annotated[BareCode, Tag("<code>")]
        | Annotated[Literal["nothing"], Tag("<nothing>")]
        | Annotated[AllNode, Tag("<all>")]
        | Annotated[AnyNode, Tag("<any>")]
        | Annotated[FillNode, Tag("<fill>")]
        | Annotated[AtMostNode, Tag("<at_most>")]
        | Annotated[AtLeastNode, Tag("<at_least>")]
        | Annotated[GpaNode, Tag("<gpa>")]
        | Annotated[MilestoneNode, Tag("<milestone>")]
        | Annotated[WhenNode, Tag("<when>")]
        | Annotated[ReadingNode, Tag("<reading>")],
        Discriminator(_kind_of_node),
    ],
)
"""A node: a bare code, or a mapping with the key of its kind."""

PlainNode = AllNode | AnyNode | FillNode | AtMostNode | AtLeastNode | GpaNode | MilestoneNode
Spelled = PlainNode | WhenNode | ReadingNode | str
"""What stands at a place in the tree once its fields are checked."""

for _model in (AllNode, RootNode, AnyNode, WhenNode, ReadingNode):
    _model.model_rebuild()
