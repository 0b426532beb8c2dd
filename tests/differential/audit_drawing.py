"""Drawn rules and records for the audit, with the shapes that docs/language.md names."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace
from fractions import Fraction

from tests.degrees import (
    LETTERS,
    LOWER_IS_BETTER,
    all_,
    any_,
    at_least,
    at_most,
    course,
    done,
    header,
    leaf,
    mean,
    milestone,
    program,
    school_of,
)
from tests.differential.audit_apart import (
    with_former_content,
    with_more_tries,
    with_other_repeats,
    with_topic_leaves,
)
from tests.differential.audit_named import (
    named_names,
    named_record_rules,
    named_rules,
    with_named_nodes,
    with_nodes_on_parts,
    with_unknown_attributes,
)
from tests.differential.audit_named_records import (
    day_judged,
    declared_choices,
    with_exceptions,
    with_named_attempts,
)
from tests.differential.audit_together import courses_together
from tests.differential.drawing import Draw
from tests.differential.drawn_rules import with_bounded_rest, with_repeats

from prospectus.domain.course import Course, CourseCode, GradeScale, RepeatBy
from prospectus.domain.expression import And, AnyCourse, Compare, GradeIs
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Equivalent, Resolved
from prospectus.domain.record import (
    Attempt,
    AttemptStatus,
    CreditSource,
    Record,
)
from prospectus.domain.requirement import Fill, Item, Measure, Range, Share, Total
from prospectus.domain.rule import Exclude, Overlap, RecordRules, Repeats, Rule, WhichAttempt
from prospectus.domain.student import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One drawn case and the kinds it holds."""

    seed: int
    resolved: Resolved
    record: Record
    choices: tuple[tuple[str, str], ...] = ()
    conferral: dt.date | None = None
    kinds: frozenset[str]


class _Drawing:
    def __init__(self, seed: int, *, parts: bool) -> None:
        self.rng = random.Random(seed)
        self.kinds: set[str] = set()
        self.parts = parts
        self.count = 0
        self.codes: list[CourseCode] = []

    def chance(self, share: float, kind: str = "") -> bool:
        hit = self.rng.random() < share
        if hit and kind:
            self.kinds.add(kind)
        return hit

    def name(self, stem: str) -> str:
        self.count += 1
        return f"{stem}-{self.count}"

    def some(self, least: int = 2, most: int = 4) -> list[str]:
        size = min(len(self.codes), self.rng.randint(least, most))
        return [str(code) for code in self.rng.sample(self.codes, size)]

    # ------------------------------------------------------------------ rules

    def leaf(self, pool: str | None = None, most: int = 2) -> Fill:
        fill_from: list[str] | str = "any" if self.chance(0.15) else self.some(2, 5)
        floor = self.rng.choice([None, None, None, "B"])
        name = self.name("leaf")
        if self.chance(0.1, "areas"):
            return leaf(
                name,
                "any",
                2,
                areas={"x": self.some(), "y": self.some()},
                shape=(1, 1),
                pool=pool,
            )
        if self.chance(0.12, "minima"):
            inside: list[Measure] = [at_least(self.name("min"), self.some(1, 3), courses=1)]
            if self.chance(0.3):
                inside.append(at_least(self.name("min"), self.some(1, 3), courses=1))
            if self.chance(0.3, "cap inside a leaf"):
                inside.append(at_most(self.name("max"), self.some(1, 3), courses=1))
            size = self.rng.randint(1, most)
            return leaf(name, fill_from, size, with_=inside, min_grade=floor, pool=pool)
        if self.chance(0.06, "two sizes"):
            return leaf(name, fill_from, 1, credits=4, min_grade=floor, pool=pool)
        if self.chance(0.35):
            credits = self.rng.choice([2, 3, 4, 6])
            size_: int | tuple[int, int] = credits
            if self.chance(0.2, "n..m credits"):
                size_ = (credits, credits + self.rng.choice([0, 1, 2]))
            return leaf(name, fill_from, credits=size_, min_grade=floor, pool=pool)
        return leaf(name, fill_from, self.rng.randint(1, most), min_grade=floor, pool=pool)

    def tree(self) -> tuple[list[Item], Total | None]:
        children: list[Item] = [self.leaf()]
        if self.chance(0.5):
            children.append(self.leaf())
        if self.chance(0.25, "any"):
            first: Item = self.leaf(most=1)
            if self.chance(0.4):
                block = None
                if self.chance(0.8, "block total"):
                    block = 4
                first = all_(self.name("all"), self.leaf(most=1), total=block)
            options: list[Item] = [first, self.leaf(most=1)]
            n = 1
            if self.chance(0.25, "two of three"):
                options.append(self.leaf(most=1))
                n = 2
            node = any_(self.name("any"), *options, n=n)
            children.append(node)
        # what is split in one pool that counts is never tried whole in another (docs/audit.md)
        if not self.parts and self.chance(0.15, "counting pool"):
            children.append(self.leaf("second", most=1))
        if self.chance(0.2, "view pool"):
            children.append(self.leaf("view", most=1))
        if self.chance(0.15, "at least"):
            children.append(at_least(self.name("least"), self.some(), credits=3))
        if self.chance(0.25, "at most"):
            most = self.rng.choice([2, 3, 5])
            children.append(at_most(self.name("most"), self.some(), credits=most))
        if self.chance(0.06, "distinct"):
            children.append(at_least(self.name("distinct"), "any", courses=2, distinct="subject"))
        if self.chance(0.08, "mean and milestone"):
            children += [mean(), milestone("exam")]
        total: Total | None = None
        if self.chance(0.6, "total"):
            total = Total(
                credits=Range(low=Fraction(self.rng.choice([3, 6, 7, 9]))),
                courses=Range(low=Fraction(2)) if self.chance(0.1, "total in courses") else None,
                less_waived=self.chance(0.2, "less waived"),
            )
            if self.chance(0.75, "rest"):
                what: list[str] | str = "any" if self.chance(0.7) else self.some(3, 5)
                children.append(leaf("rest", what, credits="rest"))
            if self.chance(0.1, "share of total"):
                half = Share(share=Fraction(1, 2))
                children.append(at_most(self.name("half"), self.some(), credits=half))
        return children, total

    def rules(self, leaves: list[str]) -> list[Rule]:
        found: list[Rule] = []
        if self.chance(0.12, "twins"):
            found.append(at_most("twins", self.some(2, 2), courses=1))
        if self.chance(0.12, "exclude"):
            one, other = self.rng.sample(self.codes, 2)
            found.append(Exclude(header=header("ex"), course=one, condition=done(str(other))))
        if not self.parts and len(leaves) > 1 and self.chance(0.25, "overlap"):
            one_leaf, other_leaf = self.rng.sample(leaves, 2)
            of = AnyCourse()
            if self.chance(0.4, "overlap by grade"):
                of = GradeIs(compare=Compare.AT_LEAST, grade="B")  # type: ignore[assignment]
            between: tuple[str, ...] = (one_leaf, other_leaf)
            if self.chance(0.2):
                between = (one_leaf, "award")
            limits = self.rng.choice([{}, {"at_most_courses": 1}, {"at_most_credits": Fraction(3)}])
            found.append(
                Overlap(header=header("share"), between=between, of=of, **limits)  # type: ignore[arg-type]
            )
        return found

    # ----------------------------------------------------------------- school

    def courses(self) -> list[Course]:
        mixed = self.chance(0.4, "mixed credits")
        found = []
        for number in range(3 if self.parts else self.rng.choice([4, 5, 5])):
            subject = self.rng.choice(["AA", "AA", "BB"])
            credits: int | tuple[int, int] = self.rng.choice([1, 2, 3, 4]) if mixed else 3
            more: dict[str, object] = {}
            if self.parts and self.chance(0.35, "variable credits"):
                credits = (1, self.rng.choice([2, 3]))
            elif self.parts and self.chance(0.1, "split"):
                more["split"] = True
            if self.chance(0.06, "repeatable"):
                more["repeatable"] = self.rng.choice(list(RepeatBy))
            found.append(course(f"{subject} {500 + number}", credits, **more))
        self.codes = [item.code for item in found]
        return found

    def record(self, resolved: Resolved, scale: GradeScale) -> Record:
        names = [grade.name for grade in scale.grades]
        attempts: list[Attempt] = []
        # parts make the enumeration grow fast
        size = self.rng.choice([0, 1, 1, 2, 2] if self.parts else [0, 1, 2, 3, 4, 5])
        for code in self.rng.sample(self.codes, min(size, len(self.codes))):
            attempts += self.tries(resolved, code, names)
        return Record(attempts=tuple(attempts))

    def tries(self, resolved: Resolved, code: CourseCode, names: list[str]) -> list[Attempt]:
        item = resolved.courses[code]
        shape = self.rng.choice(
            ["passed"] * 6
            + ["low grade", "waiver", "transfer", "repeat", "in progress", "planned", "failed"]
        )
        self.kinds.add(shape)
        fields: dict[str, object] = {
            "id": str(code),
            "course": code,
            "credits": item.credits_high,
            "status": AttemptStatus.PASSED,
            "grade": names[0],
            "periods": ("Fall 2025",),
        }
        if self.chance(0.08, "counted elsewhere"):
            fields["counted_in"] = frozenset({"award"})
        match shape:
            case "low grade":
                fields["grade"] = names[2]
            case "waiver":
                fields |= {"credits": Fraction(0), "grade": None, "periods": ()}
                fields["source"] = CreditSource.WAIVER
            case "transfer":
                fields |= {"grade": None, "periods": (), "source": CreditSource.TRANSFER}
            case "in progress":
                fields |= {"grade": None, "status": AttemptStatus.IN_PROGRESS}
                fields["periods"] = ("Summer 2026",)
            case "planned":
                fields |= {"grade": None, "status": AttemptStatus.PLANNED}
                fields["periods"] = ("Fall 2026",)
            case "failed":
                fields |= {"grade": None, "status": AttemptStatus.FAILED}
            case "repeat":
                again = {**fields, "id": f"{code} again", "periods": ("Spring 2026",)}
                fields["grade"] = names[2]
                return [Attempt(**fields), Attempt(**again)]  # type: ignore[arg-type]
        return [Attempt(**fields)]  # type: ignore[arg-type]


def draw(seed: int, *, parts: bool = False) -> Case:
    """Return the case of a seed; `parts`: courses with variable credits and split ones too."""
    drawing = _Drawing(seed, parts=parts)
    courses = drawing.courses()
    children, total = drawing.tree()
    lower = drawing.chance(0.1, "lower is better")
    apart = Draw(random.Random(f"apart {seed}"), kinds=drawing.kinds)
    named = Draw(random.Random(f"named {seed}"), kinds=drawing.kinds)
    courses = with_unknown_attributes(named, with_former_content(apart, courses))
    children = with_nodes_on_parts(named, with_topic_leaves(apart, children), courses)
    children = with_named_nodes(named, children, drawing.codes)
    scale = LOWER_IS_BETTER if lower else LETTERS
    school: dict[str, object] = {"grades": scale}
    if drawing.chance(0.1, "cross-listed"):
        school["cross_listed"] = (tuple(drawing.rng.sample(drawing.codes, 2)),)
    if drawing.chance(0.06, "composite"):
        whole, one, other = drawing.rng.sample(drawing.codes, 3)
        pieces = And(items=(done(str(one)), done(str(other))))
        school["equivalents"] = (Equivalent(course=whole, met_by=pieces),)
    school |= named_names(named, drawing.codes)
    together = Draw(random.Random(f"together {seed}"), kinds=drawing.kinds)
    pair = courses_together(
        together, drawing.codes, may_list="cross_listed" not in school, parts=parts
    )
    children = [*pair.leaves, *children]
    if pair.cross_listed:
        school["cross_listed"] = (pair.cross_listed,)
    leaves = [node.header.id for child in children for node in _leaves(child)]
    if lower:
        children = [_with_marks(child) for child in children]
    rules = [
        r for r in drawing.rules(leaves) if not (lower and "overlap by grade" in drawing.kinds)
    ]
    repeats = drawing.rng.choice([None, Repeats(use=WhichAttempt.NEWEST)])
    drawn = program(
        *children,
        total=total,
        rules=[*named_rules(named, rules, leaves), *pair.rules],
        pools={"second": True, "view": False},
        record_rules=named_record_rules(
            named, with_other_repeats(apart, RecordRules(repeats=repeats))
        ),
    )
    drawn = with_bounded_rest(apart, with_repeats(apart, drawn, scale))
    person = Person(facts=(("funded", named.rng.choice(["yes", "no"])),))
    resolved = named.rng.choice(resolve(drawn, school_of(courses, **school), person, (), {}))
    record = pair.without_taken(drawing.record(resolved, scale))
    record = with_more_tries(apart, resolved, record)
    record = with_exceptions(named, resolved, with_named_attempts(named, resolved, record))
    return Case(
        seed=seed,
        resolved=resolved,
        record=record,
        choices=declared_choices(named, resolved),
        conferral=day_judged(named),
        kinds=frozenset(drawing.kinds),
    )


def _leaves(item: Item) -> list[Fill]:
    if isinstance(item, Fill):
        return [item]
    children: tuple[Item, ...] = getattr(item, "children", ())
    return [leaf for child in children for leaf in _leaves(child)]


def _with_marks(item: Item) -> Item:
    """Return a node whose floor stands on the scale where lower is better."""
    if isinstance(item, Fill):
        return replace(item, min_grade="2.0" if item.min_grade else None)
    children = getattr(item, "children", None)
    if children is None:
        return item
    return replace(item, children=tuple(_with_marks(child) for child in children))  # type: ignore[type-var]
