"""Drawn rules: trees, leaves, measures, gates, positions, sharing, loads."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tests.differential.drawing import TOPICS, Draw

from prospectus.domain.course import (
    CourseCode,
    GradeScale,
)
from prospectus.domain.expression import (
    AnyCourse,
    Attribute,
    CodeIs,
    CoursesOf,
    Done,
    Except,
    Expression,
    Has,
    LevelIs,
    NodeDone,
    PersonIs,
    Selector,
    SubjectIn,
    Union,
)
from prospectus.domain.program import Dispute, Pool, Program
from prospectus.domain.requirement import (
    All,
    Any,
    Areas,
    Bound,
    Fill,
    Gpa,
    Header,
    Item,
    Measure,
    Milestone,
    NodeId,
    Over,
    Range,
    Reading,
    Total,
    When,
)
from prospectus.domain.rule import (
    Enrolment,
    Exclude,
    Gate,
    Load,
    OnMiss,
    Overlap,
    Point,
    PointKind,
    Position,
    RecordRules,
    Repeats,
    Rule,
    Span,
    SpanUnit,
    WhichAttempt,
)


def _selector(draw: Draw, codes: list[CourseCode]) -> Selector:
    shape = draw.rng.choice(["codes"] * 6 + ["except"] * 3 + ["subject", "level", "topic"])
    if shape == "subject":
        return SubjectIn(subjects=(draw.rng.choice(["AA", "BB"]),))
    if shape == "level":
        return LevelIs(level=draw.rng.choice([400, 500, 600]))
    if shape == "except":
        return Except(of=AnyCourse(), without=CodeIs(code=draw.rng.choice(codes)))
    if shape == "topic":
        return Has(attribute=Attribute.TOPIC, value=draw.rng.choice(TOPICS))
    size = min(len(codes), draw.rng.choice([3, 4, 4]))
    return Union(items=tuple(CodeIs(code=code) for code in draw.rng.sample(codes, size)))


def _size(draw: Draw, *, allow_range: bool = True) -> dict[str, Range]:
    if draw.chance(0.6, "leaf in courses"):
        n = Fraction(draw.rng.choice([1, 1, 1, 2]))
        high = n if allow_range and draw.chance(0.1, "n..m courses") else None
        return {"courses": Range(low=n, high=high)}
    n = Fraction(draw.rng.choice([2, 3, 3, 4]))
    draw.kinds.add("leaf in credits")
    high = n + 2 if allow_range and draw.chance(0.2, "n..m credits") else None
    return {"credits": Range(low=n, high=high)}


def _leaf(draw: Draw, codes: list[CourseCode], pool: str | None = None) -> Fill:
    size = _size(draw)
    with_: tuple[Measure, ...] = ()
    if draw.chance(0.12, "leaf with minima"):
        with_ = (
            Measure(
                header=draw.header("min"),
                bound=Bound.AT_LEAST,
                of=_selector(draw, codes),
                courses=Range(low=Fraction(1)),
            ),
        )
    areas = None
    if not with_ and draw.chance(0.08, "areas"):
        areas = Areas(
            areas=(("x", _selector(draw, codes)), ("y", _selector(draw, codes))),
            shape=(Fraction(1), Fraction(1)),
        )
        size = {"courses": Range(low=Fraction(2))}
    floor = draw.rng.choice([None, None, "B", "C"])
    return Fill(
        header=draw.header("leaf"),
        from_=_selector(draw, codes),
        min_grade=floor,
        with_=with_,
        areas=areas,
        pool=pool,
        courses=size.get("courses"),
        credits=size.get("credits"),
    )


def draw_program(draw: Draw, codes: list[CourseCode]) -> Program:
    children: list[Item] = [_leaf(draw, codes)]
    if draw.chance(0.3, "two leaves"):
        children.append(_leaf(draw, codes))
    if draw.chance(0.25, "any"):
        first: Item = _leaf(draw, codes)
        if draw.chance(0.4, "all under any"):
            first = All(
                header=draw.header("all"),
                children=(_leaf(draw, codes),),
                total=_block_total(draw),
            )
        children.append(
            Any(
                header=draw.header("any"),
                children=(first, _leaf(draw, codes)),
                declare=draw.chance(0.3, "declared any"),
            )
        )
    if draw.chance(0.15, "counting pool"):
        children.append(_leaf(draw, codes, pool="second"))
    if draw.chance(0.2, "view pool"):
        children.append(_leaf(draw, codes, pool="view"))
    if draw.chance(0.12, "at least"):
        children.append(
            Measure(
                header=draw.header("least"),
                bound=Bound.AT_LEAST,
                of=_selector(draw, codes),
                credits=Range(low=Fraction(draw.rng.choice([1, 3]))),
            )
        )
    if draw.chance(0.15, "at most"):
        children.append(
            Measure(
                header=draw.header("most"),
                bound=Bound.AT_MOST,
                of=_selector(draw, codes),
                credits=Range(low=Fraction(draw.rng.choice([2, 3, 5]))),
            )
        )
    if draw.chance(0.1, "gpa"):
        children.append(
            Gpa(
                header=draw.header("gpa"),
                at_least=Fraction(2),
                over=Over.ATTEMPTED,
                of=AnyCourse(),
            )
        )
    if draw.chance(0.1, "milestone"):
        children.append(Milestone(header=draw.header("milestone")))
    if draw.chance(0.1, "when"):
        children.append(
            When(
                condition=PersonIs(fact="residence", value="in"),
                then=_leaf(draw, codes),
                otherwise=None,
            )
        )
    total: Total | None = None
    disputes: tuple[Dispute, ...] = ()
    if draw.chance(0.5, "total"):
        size: Range | Reading[Range] = Range(low=Fraction(draw.rng.choice([3, 4, 6])))
        if draw.chance(0.18, "reading"):
            disputes = (Dispute(id="total", readings=(("a", ""), ("b", "")), why=""),)
            size = Reading(
                dispute="total",
                options=(("a", Range(low=Fraction(4))), ("b", Range(low=Fraction(6)))),
            )
        total = Total(credits=size, less_waived=draw.chance(0.2, "total less waived"))
        if draw.chance(0.7, "rest"):
            children.append(
                Fill(
                    header=draw.header("rest"),
                    from_=_selector(draw, codes) if draw.chance(0.3) else AnyCourse(),
                    rest=True,
                )
            )
    tree = All(header=Header(id=NodeId("degree")), children=tuple(children), total=total)
    leaves = [node for node in _leaves(tree)]
    return Program(
        id="program",
        school="school",
        name="Program",
        degree="MS",
        catalog_year="2026",
        credit_unit="credit",
        tree=tree,
        rules=tuple(_rules(draw, codes, leaves)),
        enrolment=_enrolment(draw, codes),
        record_rules=_record_rules(draw),
        pools=(Pool(name="second"), Pool(name="view", counts=False)),
        disputes=disputes,
    )


def _leaves(item: Item) -> list[Fill]:
    if isinstance(item, Fill):
        return [item]
    if isinstance(item, All | Any):
        return [leaf for child in item.children for leaf in _leaves(child)]
    return []


def _block_total(draw: Draw) -> Total | None:
    if draw.chance(0.55, "block total"):
        return Total(credits=Range(low=Fraction(3)))
    return None


def _rules(draw: Draw, codes: list[CourseCode], leaves: list[Fill]) -> list[Rule]:
    found: list[Rule] = []
    if draw.chance(0.2, "gate"):
        node = draw.rng.choice([leaf for leaf in leaves if not leaf.rest])
        needs: Expression = draw.rng.choice(
            [
                NodeDone(node=node.header.id),
                CoursesOf(courses=1, of=Has(attribute=Attribute.ATTRIBUTE, value="base")),
            ]
        )
        found.append(
            Gate(
                header=draw.header("gate"),
                needs=needs,
                locks=None if draw.rng.random() < 0.6 else _selector(draw, codes),
                free=CodeIs(code=draw.rng.choice(codes)) if draw.rng.random() < 0.3 else None,
                by_terms=draw.rng.choice([None, 1, 2]),
                on_miss=draw.rng.choice([OnMiss.WARN, OnMiss.BLOCK]),
            )
        )
    if draw.chance(0.15, "position"):
        points: list[dict[str, Point | bool]] = [
            {"start_from": Point(kind=PointKind.CONFERRAL, span=Span(n=1, unit=SpanUnit.TERM))},
            {"by": Point(kind=PointKind.MATRICULATION, span=Span(n=1, unit=SpanUnit.TERM))},
            {"start_from": Point(kind=PointKind.CONFERRAL, span=Span(n=6, unit=SpanUnit.MONTH))},
            {"start_from": Point(kind=PointKind.FINISHED, credits=Fraction(3))},
            {"alone": True},
        ]
        found.append(
            Position(
                header=draw.header("position"),
                of=CodeIs(code=draw.rng.choice(codes)),
                **draw.rng.choice(points),  # type: ignore[arg-type]
            )
        )
    if draw.chance(0.1, "twins"):
        pair = tuple(CodeIs(code=code) for code in draw.rng.sample(codes, 2))
        found.append(
            Measure(
                header=draw.header("twins"),
                bound=Bound.AT_MOST,
                of=Union(items=pair),
                courses=Range(low=Fraction(1)),
            )
        )
    if draw.chance(0.1, "exclude"):
        one, other = draw.rng.sample(codes, 2)
        found.append(Exclude(header=draw.header("exclude"), course=one, condition=Done(code=other)))
    if len(leaves) > 1 and draw.chance(0.15, "overlap"):
        one_leaf, other_leaf = draw.rng.sample([leaf for leaf in leaves], 2)
        found.append(
            Overlap(
                header=draw.header("overlap"),
                between=(one_leaf.header.id, other_leaf.header.id),
                of=AnyCourse() if draw.rng.random() < 0.7 else _selector(draw, codes),
                at_most_courses=draw.rng.choice([None, 1]),
            )
        )
    return found


def _record_rules(draw: Draw) -> RecordRules:
    """Return rules on repeats, attempts and expiry, each known in about one case in seven."""
    repeats: Repeats | None = None
    if draw.chance(0.4, "repeats"):
        use = draw.rng.choice(list(WhichAttempt))
        draw.kinds.add(f"repeats: {use.value}")
        repeats = Repeats(use=use, cap=1 if draw.chance(0.5, "repeats: cap") else None)
    return RecordRules(
        repeats=repeats,
        attempts_at_most=2 if draw.chance(0.15, "attempts") else None,
        expires_months=draw.rng.choice([12, 18]) if draw.chance(0.15, "expiry") else None,
    )


def with_repeats(draw: Draw, program: Program, scale: GradeScale) -> Program:
    """Return the programme with more said of repeats, where its drawn rules speak of them."""
    repeats = program.record_rules.repeats
    if repeats is None:
        return program
    grades = [grade.name for grade in scale.grades if grade.earns]
    drops = draw.chance(0.4, "repeats: mean of the used")
    more = replace(
        repeats,
        only_below=draw.rng.choice(grades[1:]) if draw.chance(0.4, "repeats: only below") else None,
        at_most_in_all=draw.rng.choice([0, 1]) if draw.chance(0.25, "repeats: in all") else None,
        mean_uses_all=False if drops else None,
        mean_keeps=draw.rng.choice([None, *grades]) if drops else None,
    )
    return replace(program, record_rules=replace(program.record_rules, repeats=more))


def with_bounded_rest(draw: Draw, program: Program) -> Program:
    """Return the programme with bounds on its free electives, in some cases that have them."""

    def bounded(item: Item) -> Item:
        if isinstance(item, All):
            return replace(item, children=tuple(bounded(child) for child in item.children))
        if not isinstance(item, Fill) or not item.rest or not draw.chance(0.5, "rest n..m"):
            return item
        low = Fraction(draw.rng.choice([0, 2, 4]))
        high = draw.rng.choice([None, low + 2, low + 5])
        return replace(item, rest_within=Range(low=low, high=high))

    return replace(program, tree=bounded(program.tree))


def _enrolment(draw: Draw, codes: list[CourseCode]) -> Enrolment:
    loads: list[Load] = []
    if draw.chance(0.35, "load in credits"):
        loads.append(
            Load(
                header=draw.header("load"),
                per="term",
                of=AnyCourse(),
                credits=Range(low=Fraction(0), high=Fraction(draw.rng.choice([4, 6, 7]))),
            )
        )
    if draw.chance(0.25, "load in courses"):
        loads.append(
            Load(
                header=draw.header("load"),
                per=draw.rng.choice(["session", "Fall", "year"]),
                of=AnyCourse(),
                courses=Range(low=Fraction(0), high=Fraction(draw.rng.choice([1, 2]))),
            )
        )
    if draw.chance(0.08, "least load"):
        loads.append(
            Load(
                header=draw.header("load"),
                per="term",
                of=AnyCourse(),
                courses=Range(low=Fraction(1), high=None),
            )
        )
    return Enrolment(
        loads=tuple(loads),
        gap_months=9 if draw.chance(0.08, "gap") else None,
        max_months=20 if draw.chance(0.1, "maximum") else None,
    )
