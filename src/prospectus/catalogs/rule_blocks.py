"""The rules beside the tree as files spell them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag
from typing_extensions import TypeAliasType

from prospectus.catalogs.blocks import (
    Block,
    Code,
    ExpressionText,
    Number,
    ReadingOf,
    SelectorText,
    Strict,
    Text,
    WhenOf,
)
from prospectus.catalogs.tree_blocks import (
    AtLeastNode,
    AtMostNode,
    GpaNode,
    NodeBlock,
    one_kind,
)

PointText = Annotated[Text, Field(description="a point of docs/catalog-format.md")]


class GateFields(Strict):
    """A prerequisite given to a set of courses."""

    needs: ExpressionText
    locks: SelectorText = Field(default="everything_else", description="or a selector")
    free: SelectorText | None = None
    unless: ExpressionText | None = None
    by: PointText | None = Field(default=None, description="`3 terms` or a point")
    count: Literal["enrolled", "calendar"] = "enrolled"
    on_miss: Literal["warn", "block"] = "warn"
    after: Literal["end", "grades"] = "end"


class PositionFields(Strict):
    """When courses stand in the course of study."""

    of: SelectorText
    from_: PointText | None = Field(default=None, alias="from")
    by: PointText | None = None
    adjacent_to: Code | None = None
    alone: bool = False
    strength: Literal["required", "recommended"] = "required"


class ExcludeFields(Strict):
    """No credit for a course where a condition holds."""

    course: Code
    if_: ExpressionText = Field(alias="if")


class OverlapLimit(Strict):
    """The most that may be shared."""

    credits: Number | None = None
    courses: int | None = Field(default=None, ge=0)


class OverlapFields(Strict):
    """Which uses may be shared, or are limited."""

    between: list[Text] = Field(min_length=2)
    of: SelectorText | None = None
    at_most: OverlapLimit | None = None
    if_: ExpressionText | None = Field(default=None, alias="if")


class GateRule(NodeBlock):
    """A gate."""

    gate: GateFields


class PositionRule(NodeBlock):
    """A position."""

    position: PositionFields


class ExcludeRule(NodeBlock):
    """An exclusion."""

    exclude: ExcludeFields


class OverlapRule(NodeBlock):
    """An overlap."""

    overlap: OverlapFields


class WhenRule(Block):
    """A rule that depends on the person."""

    when: WhenOf[RuleItem]


class ReadingRule(Block):
    """A rule that depends on a disputed text."""

    reading: ReadingOf[RuleItem]


RULE_KINDS = (
    "gate", "position", "exclude", "overlap", "at_most", "at_least", "gpa", "when", "reading",
)  # fmt: skip


def _kind_of_rule(value: object) -> str | None:
    return "<nothing>" if value == "nothing" else one_kind(value, RULE_KINDS)


RuleItem = TypeAliasType(
    "RuleItem",
    Annotated[
        Annotated[Literal["nothing"], Tag("<nothing>")]
        | Annotated[GateRule, Tag("<gate>")]
        | Annotated[PositionRule, Tag("<position>")]
        | Annotated[ExcludeRule, Tag("<exclude>")]
        | Annotated[OverlapRule, Tag("<overlap>")]
        | Annotated[AtMostNode, Tag("<at_most>")]
        | Annotated[AtLeastNode, Tag("<at_least>")]
        | Annotated[GpaNode, Tag("<gpa>")]
        | Annotated[WhenRule, Tag("<when>")]
        | Annotated[ReadingRule, Tag("<reading>")],
        Discriminator(_kind_of_rule),
    ],
)
"""A rule: a mapping with the key of its kind."""

PlainRule = GateRule | PositionRule | ExcludeRule | OverlapRule | AtMostNode | AtLeastNode | GpaNode
SpelledRule = PlainRule | WhenRule | ReadingRule | str

for _model in (WhenRule, ReadingRule):
    _model.model_rebuild()
