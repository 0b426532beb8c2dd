"""From the spelled tree of requirements to `domain.requirement`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import assert_never

from prospectus.catalogs.blocks import ReadingBlock, WhenBlock, WhenOf
from prospectus.catalogs.expressions import parse_selector
from prospectus.catalogs.parts import selectors_in
from prospectus.catalogs.site import Site
from prospectus.catalogs.tree_blocks import (
    AllNode,
    AnyNode,
    AreasFields,
    AtLeastNode,
    AtMostNode,
    FillNode,
    GpaFields,
    GpaNode,
    MeasureFields,
    MilestoneNode,
    NodeBlock,
    PlainNode,
    ReadingNode,
    RestWithin,
    Spelled,
    TotalFields,
    WhenNode,
    WithBlock,
)
from prospectus.catalogs.values import code_hint
from prospectus.domain.errors import ExpressionError
from prospectus.domain.expression import AnyCourse, CodeIs, GradeIs, Selector
from prospectus.domain.facts import Completeness
from prospectus.domain.requirement import (
    All,
    Amount,
    Any,
    Areas,
    Bound,
    Fill,
    Gpa,
    Header,
    Item,
    Measure,
    Milestone,
    Node,
    NodeId,
    Over,
    Range,
    Reading,
    Share,
    Total,
    When,
)
from prospectus.domain.rule import PointKind


@dataclass(slots=True)
class TreeReader:
    """Reads one programme's tree; `unknown` gathers the rules whose figure no source gives."""

    repeated: frozenset[str] = frozenset()
    unknown: list[str] = field(default_factory=list)

    def item(self, value: Spelled, site: Site, parent: str) -> Item | None:
        """Return what stands at a place; None where it cannot be read or says nothing."""
        if isinstance(value, str):
            if value == "nothing":
                header = Header(id=NodeId(f"{parent}/nothing"), provenance=site.provenance)
                return All(header=header, children=())
            return self._bare(value, site, parent)
        if isinstance(value, WhenNode):
            return self._when(value.when, site.within(value).at("when"), parent)
        if isinstance(value, ReadingNode):
            return self._reading(value, site.within(value).at("reading"), parent)
        made = self._node(value, site.within(value))
        if made is None:
            site.reading.names_refused.add(value.id)
        return made

    def _node(self, value: PlainNode, here: Site) -> Node | None:
        match value:
            case AllNode():
                return self.all(value, here)
            case AnyNode():
                return self._any(value, here)
            case FillNode():
                return self._fill(value, here)
            case AtMostNode():
                return self.measure(value, value.at_most, Bound.AT_MOST, here)
            case AtLeastNode():
                return self.measure(value, value.at_least, Bound.AT_LEAST, here)
            case GpaNode():
                return self.gpa(value, value.gpa, here)
            case MilestoneNode():
                return self._milestone(value, here)
            case _:
                assert_never(value)

    def all(self, block: AllNode, here: Site) -> All:
        """Return an `all` whose block's facts already hold at `here`."""
        header = self.header(block, here)
        if block.total is not None and block.total.note:
            notes = [note for note in (header.provenance.note, block.total.note) if note]
            header = replace(header, provenance=replace(header.provenance, note=" ".join(notes)))
        return All(
            header=header,
            children=self._children(block.all, here.at("all"), block.id),
            total=self._total(block.total, here.at("total")) if block.total else None,
            min_grade=block.min_grade,
            basis=tuple(block.basis or ()),
            source=tuple(block.credit_source or ()),
            pool=block.pool,
        )

    def _any(self, block: AnyNode, here: Site) -> Any | None:
        children = self._children(block.any, here.at("any"), block.id)
        return here.make(
            lambda: Any(
                header=self.header(block, here),
                children=children,
                n=block.n,
                declare=block.declare,
                min_grade=block.min_grade,
                basis=tuple(block.basis or ()),
                source=tuple(block.credit_source or ()),
                pool=block.pool,
            )
        )

    def _children(self, values: list[Spelled], site: Site, parent: str) -> tuple[Item, ...]:
        made = (self.item(value, site.at(index), parent) for index, value in enumerate(values))
        return tuple(child for child in made if child is not None)

    def _when(self, block: WhenOf[Spelled], site: Site, parent: str) -> Item | None:
        condition = site.at("if").expression(block.if_)
        then = self.item(block.then, site.at("then"), parent)
        other = None if block.else_ is None else self.item(block.else_, site.at("else"), parent)
        if condition is None or then is None:
            return None
        return When(condition=condition, then=then, otherwise=other, may=block.may)

    def _reading(self, block: ReadingNode, site: Site, parent: str) -> Item:
        options = []
        for name, value in (block.reading.model_extra or {}).items():
            option = self.item(value, site.at(name), parent)
            if option is not None:
                options.append((name, option))
        return Reading(dispute=block.reading.id, options=tuple(options))

    def _bare(self, text: str, site: Site, parent: str) -> Fill | None:
        try:
            selector = parse_selector(text)
        except ExpressionError:
            selector = AnyCourse()
        if not isinstance(selector, CodeIs):
            site.fault(
                "CAT-024",
                f"'{text}' is no node",
                code_hint(text)
                or "write a course code, or `{id: ..., fill: {courses: 1, from: ...}}`",
            )
            return None
        name = selector.code
        # The same course in several branches: an id stays its own by the branch's id.
        node = f"{parent}/{name}" if name in self.repeated else name
        return Fill(
            # The note of the block around it is not its own.
            header=Header(id=NodeId(node), provenance=replace(site.provenance, note="")),
            from_=selector,
            courses=Range(low=Fraction(1)),
        )

    def _fill(self, block: FillNode, here: Site) -> Fill | None:
        fill, site = block.fill, here.at("fill")
        unknown = [name for name in ("courses", "credits") if getattr(fill, name) == "unknown"]
        within = fill.credits if isinstance(fill.credits, RestWithin) else None
        rest = fill.credits == "rest" or within is not None
        courses = self.amount(fill.courses, site.at("courses"))
        credits = None if rest else self.amount(fill.credits, site.at("credits"))
        if unknown and courses is None and credits is None:
            courses = Range(low=Fraction(0))
        size = [f"how many {name} {block.label or block.id} asks" for name in unknown]
        return here.make(
            lambda: Fill(
                header=self.header(block, here, *size),
                from_=site.at("from").selector(fill.from_),
                courses=courses,
                credits=credits,
                rest=rest,
                rest_within=None if within is None else within.bounds,
                min_grade=fill.min_grade,
                basis=tuple(fill.basis or ()),
                source=tuple(fill.credit_source or ()),
                with_=tuple(self._with(fill.with_, site.at("with"), block.id)),
                areas=self._areas(fill.areas, site.at("areas")) if fill.areas else None,
                pool=fill.pool,
            )
        )

    def _with(self, blocks: list[WithBlock], site: Site, leaf: str) -> Iterator[Measure]:
        for index, block in enumerate(blocks):
            here = site.at(index).within(block)
            if (block.at_least is None) == (block.at_most is None):
                here.fault(
                    "CAT-024", "a measure needs `at_least` or `at_most`", "give one of the two"
                )
                continue
            bound = Bound.AT_LEAST if block.at_least else Bound.AT_MOST
            fields = block.at_least or block.at_most
            assert fields is not None
            name = block.id or f"{leaf}/with-{index + 1}"
            named = NodeBlock(id=name, label=block.label)
            measure = self.measure(named, fields, bound, here)
            if measure is not None:
                yield measure

    def _areas(self, fields: AreasFields, site: Site) -> Areas:
        return Areas(
            areas=tuple(
                (name, site.at("of", name).selector(value)) for name, value in fields.of.items()
            ),
            shape=tuple(fields.shape),
            in_credits=fields.unit == "credits",
        )

    def measure(
        self, block: NodeBlock, fields: MeasureFields, bound: Bound, here: Site
    ) -> Measure | None:
        """Return a measure; None, named among what is unknown, where its figure is not known."""
        site = here.at(bound.value)
        of = site.at("of").selector(fields.of)
        if "unknown" in (fields.credits, fields.courses):
            self.unknown.append(block.label or block.id)
            return None
        if fields.over is None and _tests_grade(of):
            site.fault(
                "CAT-026",
                "a measure that tests grades must say what it looks at",
                "add `over: applied` or `over: attempted`",
            )
        credits = fields.credits
        return here.make(
            lambda: Measure(
                header=self.header(block, here),
                bound=bound,
                of=of,
                credits=credits
                if isinstance(credits, Share)
                else self.amount(credits, site.at("credits")),
                courses=self.amount(fields.courses, site.at("courses")),
                within=tuple(map(NodeId, fields.in_)),
                over=Over(fields.over or "applied"),
                per=fields.per,
                distinct=fields.distinct,
            )
        )

    def gpa(self, block: NodeBlock, fields: GpaFields, here: Site) -> Gpa | None:
        """Return a mean; None, named among what is unknown, where its figure is not known."""
        of = here.at("gpa", "of").selector(fields.of)
        if fields.at_least == "unknown":
            self.unknown.append(block.label or block.id)
            return None
        return Gpa(
            header=self.header(block, here),
            at_least=fields.at_least,
            over=Over(fields.over),
            of=of,
            within=tuple(map(NodeId, fields.in_)),
        )

    def _milestone(self, block: MilestoneNode, here: Site) -> Milestone:
        fields = block.milestone
        needs = here.at("milestone", "needs")
        at = here.at("milestone", "by")
        by = None if fields.by is None else at.point(fields.by)
        if by is not None and by.kind not in (PointKind.MATRICULATION, PointKind.CONFERRAL):
            at.fault(
                "CAT-025",
                "a milestone has no course that could be before or after this",
                "write `by:` from a day, such as `matriculation + 1 year`",
            )
        return Milestone(
            header=self.header(block, here),
            kind=fields.kind,
            needs=None if fields.needs is None else needs.expression(fields.needs),
            by=by,
            months=fields.months,
            hours=fields.hours,
            attempts=fields.attempts,
        )

    def header(self, block: NodeBlock, here: Site, *unknown: str) -> Header:
        """Return what the node carries beside its kind."""
        return Header(
            id=NodeId(block.id),
            label=block.label,
            completeness=Completeness(block.completeness) if block.completeness else None,
            provenance=here.provenance,
            unknown=(*block.unknown, *unknown),
        )

    def amount(self, value: object, site: Site) -> Amount | None:
        """Return a size, plain or depending on the person or on a reading."""
        if isinstance(value, Range):
            return value
        if isinstance(value, WhenBlock):
            condition = site.at("when", "if").expression(value.when.if_)
            if condition is None:
                return None
            return When(condition=condition, then=value.when.then, otherwise=value.when.else_)
        if isinstance(value, ReadingBlock):
            return Reading(
                dispute=value.reading.id,
                options=tuple((value.reading.model_extra or {}).items()),
            )
        return None

    def _total(self, fields: TotalFields, site: Site) -> Total:
        for name in ("credits", "courses"):
            if getattr(fields, name) == "unknown":
                self.unknown.append(f"the total of {name}")
        return Total(
            credits=self.amount(fields.credits, site.at("credits")),
            courses=self.amount(fields.courses, site.at("courses")),
            less_waived=fields.less == "waived",
        )


def _tests_grade(selector: Selector) -> bool:
    return any(isinstance(part, GradeIs) for part in selectors_in(selector))


def repeated_codes(root: AllNode) -> frozenset[str]:
    """Return the courses that stand as bare nodes more than once below a root."""
    counts: Counter[str] = Counter()
    stack: list[Spelled] = [root]
    while stack:
        value = stack.pop()
        match value:
            case str():
                try:
                    selector = parse_selector(value)
                except ExpressionError:
                    continue
                if isinstance(selector, CodeIs):
                    counts[selector.code] += 1
            case AllNode():
                stack += value.all
            case AnyNode():
                stack += value.any
            case WhenNode():
                stack += [value.when.then, *([value.when.else_] if value.when.else_ else [])]
            case ReadingNode():
                stack += (value.reading.model_extra or {}).values()
            case _:
                continue
    return frozenset(code for code, n in counts.items() if n > 1)
