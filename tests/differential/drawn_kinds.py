"""Drawn shapes of rules that are rare in programmes: each is planned all the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from tests.differential.drawing import TOPICS, Draw

from prospectus.domain.course import CourseCode
from prospectus.domain.expression import (
    And,
    AnyCourse,
    Attribute,
    CodeIs,
    CoursesOf,
    CreditsOf,
    Done,
    Except,
    Expression,
    GpaIs,
    Has,
    NodeDone,
    NOf,
    Or,
    PersonIs,
    Selector,
    SubjectIn,
    Union,
)
from prospectus.domain.program import Program
from prospectus.domain.requirement import (
    All,
    Any,
    Areas,
    Bound,
    Fill,
    Gpa,
    Item,
    Measure,
    Milestone,
    Over,
    Range,
    Share,
    Total,
)
from prospectus.domain.rule import (
    Exclude,
    Gate,
    OnMiss,
    Point,
    PointKind,
    Position,
    Rule,
    Span,
    SpanUnit,
)


def with_rare_kinds(draw: Draw, program: Program, codes: list[CourseCode]) -> Program:
    """Return the programme with one leaf that asks what few real leaves ask, in some cases."""
    leaves = [leaf for leaf in _leaves(program.tree) if not leaf.rest]
    if draw.rng.random() < 0.42:
        chosen = draw.rng.choice(leaves)
        rare = _leaf(draw, chosen, codes)
        program = replace(program, tree=_exchanged(program.tree, chosen.header.id, rare))
    program = replace(program, rules=(*program.rules, *_rules(draw, codes, leaves)))
    return _staged(draw, program, codes) if draw.rng.random() < 0.36 else program


def _staged(draw: Draw, program: Program, codes: list[CourseCode]) -> Program:
    """Return the programme with a gate that asks for a stage: a tree that is no plain leaf."""
    core = Fill(
        header=draw.header("rare-leaf"),
        from_=_some(draw, codes),
        courses=Range(low=Fraction(1)),
        pool="view",
    )
    kinds: dict[str, Callable[[], tuple[Item, ...]]] = {
        "done: total": lambda: (_rest(draw, codes, None),),
        "done: measure": lambda: (_beside(draw, codes),),
        "done: mean": lambda: (_mean(draw, codes),),
        "done: milestone": lambda: (_milestone(draw, codes),),
        "done: rest": lambda: (_rest(draw, codes, Fraction(draw.rng.choice([1, 2]))),),
    }
    kind = draw.rng.choice(list(kinds))
    draw.kinds.add(kind)
    has_total = kind in ("done: total", "done: rest") or draw.rng.random() < 0.2
    size = Total(credits=Range(low=Fraction(draw.rng.choice([2, 3]))))
    stage = All(
        header=draw.header("rare-stage"),
        children=(core, *kinds[kind]()),
        total=size if has_total else None,
    )
    way = Any(
        header=draw.header("rare-any"),
        children=(stage, All(header=draw.header("rare-none"), children=())),
    )
    gate = Gate(
        header=draw.header("rare-gate"),
        needs=NodeDone(node=stage.header.id),
        locks=CodeIs(code=draw.rng.choice(codes))
        if draw.rng.random() < 0.6
        else _some(draw, codes),
        by_terms=draw.rng.choice([None, 2]),
        on_miss=draw.rng.choice([OnMiss.WARN, OnMiss.WARN, OnMiss.BLOCK]),
        after_grades=draw.rng.random() < 0.2,
    )
    tree = replace(program.tree, children=(*program.tree.children, way))
    return replace(program, tree=tree, rules=(*program.rules, gate))


def _rest(draw: Draw, codes: list[CourseCode], least: Fraction | None) -> Fill:
    return Fill(
        header=draw.header("rare-rest"),
        from_=_some(draw, codes),
        rest=True,
        rest_within=None if least is None else Range(low=least),
        pool="view",
    )


def _beside(draw: Draw, codes: list[CourseCode]) -> Measure:
    most = draw.rng.random() < 0.4
    return Measure(
        header=draw.header("rare-beside"),
        bound=Bound.AT_MOST if most else Bound.AT_LEAST,
        of=_some(draw, codes),
        credits=Range(low=Fraction(draw.rng.choice([1, 2, 3]))),
    )


def _mean(draw: Draw, codes: list[CourseCode]) -> Gpa:
    return Gpa(
        header=draw.header("rare-mean"),
        at_least=draw.rng.choice([Fraction(2), Fraction(3), Fraction(7, 2)]),
        over=draw.rng.choice(list(Over)),
        of=_some(draw, codes),
    )


def _milestone(draw: Draw, codes: list[CourseCode]) -> Milestone:
    needs = Done(code=draw.rng.choice(codes)) if draw.rng.random() < 0.8 else None
    return Milestone(header=draw.header("rare-milestone"), needs=needs)


def _rules(draw: Draw, codes: list[CourseCode], leaves: list[Fill]) -> list[Rule]:
    """Return positions and gates that hang on what the plan holds or has finished."""
    found: list[Rule] = []
    if draw.chance(0.09, "position at a node"):
        node = draw.rng.choice(leaves).header.id
        point = Point(kind=draw.rng.choice([PointKind.NODE_START, PointKind.NODE_END]), node=node)
        found.append(_position(draw, codes, point, from_it=draw.rng.random() < 0.5))
    if draw.chance(0.08, "position by credits"):
        of = None if draw.rng.random() < 0.5 else _some(draw, codes)
        point = Point(kind=PointKind.FINISHED, credits=Fraction(draw.rng.choice([2, 3])), of=of)
        found.append(_position(draw, codes, point, from_it=False))
    if draw.chance(0.12, "gate by a point"):
        node = draw.rng.choice(leaves).header.id
        points = [
            Point(kind=PointKind.CONFERRAL, span=Span(n=1, unit=SpanUnit.TERM)),
            Point(kind=PointKind.CONFERRAL, span=Span(n=3, unit=SpanUnit.MONTH)),
            Point(kind=PointKind.FINISHED, credits=Fraction(3)),
            Point(kind=PointKind.FINISHED, courses=2),
            Point(kind=PointKind.NODE_START, node=node),
            Point(kind=PointKind.NODE_END, node=node),
        ]
        found.append(
            Gate(
                header=draw.header("rare-gate"),
                needs=Done(code=draw.rng.choice(codes))
                if draw.rng.random() < 0.3
                else CoursesOf(courses=1, of=_some(draw, codes)),
                locks=CodeIs(code=draw.rng.choice(codes)),
                by=draw.rng.choice(points),
                on_miss=OnMiss.BLOCK,
            )
        )
    return found


def with_conditions(draw: Draw, program: Program, codes: list[CourseCode]) -> Program:
    """Return the programme with an exclusion, or a rule on repeats, that asks more than courses."""
    rules = program.record_rules
    if rules.repeats is not None and draw.chance(0.3, "repeats: allowed"):
        allowed = replace(rules.repeats, allowed=_asked(draw, codes, 1))
        program = replace(program, record_rules=replace(rules, repeats=allowed))
    if draw.chance(0.1, "exclude by more"):
        course = draw.rng.choice(codes)
        header = draw.header("rare-exclude")
        rule = Exclude(header=header, course=course, condition=_asked(draw, codes, 3))
        program = replace(program, rules=(*program.rules, rule))
    return program


def _asked(draw: Draw, codes: list[CourseCode], credits: int) -> Expression:
    """Return a condition on what is done: sums, means, facts, and courses in several ways."""
    one, other, third = (Done(code=code) for code in draw.rng.sample(codes, 3))
    lives_in = PersonIs(fact="residence", value="in")
    return draw.rng.choice(
        [
            CreditsOf(credits=Fraction(credits), of=SubjectIn(subjects=("AA",))),
            CoursesOf(courses=1 + credits // 3, of=_some(draw, codes)),
            NOf(n=2, items=(one, other, third)),
            And(items=(one, lives_in)),
            Or(items=(And(items=(one, other)), lives_in)),
            GpaIs(at_least=Fraction(5, 2), of=_some(draw, codes)),
            replace(one, since=dt.date(2027, 1, 1)),
        ]
    )


def _position(draw: Draw, codes: list[CourseCode], point: Point, *, from_it: bool) -> Position:
    return Position(
        header=draw.header("rare-position"),
        of=CodeIs(code=draw.rng.choice(codes)) if draw.rng.random() < 0.85 else _some(draw, codes),
        start_from=point if from_it else None,
        by=None if from_it else point,
    )


def _leaves(item: Item) -> list[Fill]:
    if isinstance(item, Fill):
        return [item]
    if isinstance(item, All | Any):
        return [leaf for child in item.children for leaf in _leaves(child)]
    return []


def _exchanged(tree: All, old: str, new: Item) -> All:
    """Return the tree with another node in the place of one."""

    def exchanged(item: Item) -> Item:
        if isinstance(item, All | Any):
            if item.header.id == old:
                return new
            return replace(item, children=tuple(exchanged(child) for child in item.children))
        return new if isinstance(item, Fill) and item.header.id == old else item

    found = exchanged(tree)
    assert isinstance(found, All)
    return found


def _some(draw: Draw, codes: list[CourseCode]) -> Selector:
    several = Union(items=tuple(CodeIs(code=code) for code in draw.rng.sample(codes, 3)))
    return draw.rng.choice(
        [
            AnyCourse(),
            AnyCourse(),
            several,
            several,
            SubjectIn(subjects=("AA",)),
            Has(attribute=Attribute.TOPIC, value=draw.rng.choice(TOPICS)),
        ]
    )


def _leaf(draw: Draw, leaf: Fill, codes: list[CourseCode]) -> Fill:
    """Return a leaf with areas in credits or beside minima, or with a rarer measure inside."""
    kinds: dict[str, Callable[[Draw, list[CourseCode]], Measure] | None] = {
        "areas in credits": None,
        "areas beside minima": None,
        "distinct inside": _distinct,
        "per inside": _per,
        "share inside": _share,
        "season inside": _season,
    }
    kind = draw.rng.choice(list(kinds))
    draw.kinds.add(kind)
    build = kinds[kind]
    if draw.rng.random() < 0.8:
        leaf = replace(leaf, from_=AnyCourse())
    if build is not None:
        return replace(leaf, with_=(*leaf.with_, build(draw, codes)))
    leaf = replace(leaf, areas=_areas(draw, codes, in_credits=kind == "areas in credits"))
    if kind == "areas in credits":
        return leaf
    if draw.rng.random() < 0.5:
        return replace(leaf, courses=None, credits=Range(low=Fraction(draw.rng.choice([2, 3, 5]))))
    least = Measure(
        header=draw.header("rare-min"),
        bound=Bound.AT_LEAST,
        of=_some(draw, codes),
        credits=Range(low=Fraction(2)),
    )
    return replace(leaf, with_=(*leaf.with_, least))


def _areas(draw: Draw, codes: list[CourseCode], *, in_credits: bool) -> Areas:
    shape = draw.rng.choice([(3, 1), (2, 1), (2,), (3,)] if in_credits else [(1, 1), (1,), (1,)])
    return Areas(
        areas=(("x", _some(draw, codes)), ("y", _some(draw, codes))),
        shape=tuple(map(Fraction, shape)),
        in_credits=in_credits,
    )


def _distinct(draw: Draw, codes: list[CourseCode]) -> Measure:
    most = draw.rng.random() < 0.3
    return Measure(
        header=draw.header("rare-distinct"),
        bound=Bound.AT_MOST if most else Bound.AT_LEAST,
        of=_some(draw, codes),
        courses=Range(low=Fraction(1 if most else 2)),
        distinct=draw.rng.choice(["season", "topic", "subject", "period"]),
    )


def _per(draw: Draw, codes: list[CourseCode]) -> Measure:
    most = draw.rng.random() < 0.5
    return Measure(
        header=draw.header("rare-per"),
        bound=Bound.AT_MOST if most else Bound.AT_LEAST,
        of=_some(draw, codes),
        credits=Range(low=Fraction(draw.rng.choice([3, 4] if most else [1, 2, 4]))),
        per=draw.rng.choice(["season", "topic", "subject"]),
    )


def _share(draw: Draw, codes: list[CourseCode]) -> Measure:
    return Measure(
        header=draw.header("rare-share"),
        bound=Bound.AT_LEAST if draw.rng.random() < 0.7 else Bound.AT_MOST,
        of=_some(draw, codes),
        credits=Share(share=draw.rng.choice([Fraction(1, 2), Fraction(1, 3)])),
    )


def _season(draw: Draw, codes: list[CourseCode]) -> Measure:
    season = Has(attribute=Attribute.SEASON, value=draw.rng.choice(["Fall", "Spring"]))
    return Measure(
        header=draw.header("rare-season"),
        bound=draw.rng.choice(list(Bound)),
        of=season if draw.rng.random() < 0.7 else Except(of=_some(draw, codes), without=season),
        courses=Range(low=Fraction(1)),
    )
