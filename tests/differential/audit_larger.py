"""Cases too large to enumerate: 10 to 25 uses, 6 to 15 leaves; and records of real programmes."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tests.degrees import (
    TODAY,
    all_,
    any_,
    at_least,
    at_most,
    course,
    degree,
    done,
    header,
    leaf,
    share,
    taken,
    transfer,
    waived,
)
from tests.differential.drawing import Draw

from prospectus.app.library import open_library
from prospectus.app.options import all_readings
from prospectus.domain.course import Course, CourseCode
from prospectus.domain.expression import And, Compare, GradeIs, Or
from prospectus.domain.meaning import resolve, uses
from prospectus.domain.meaning.judging import last_day
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.requirement import Any, Fill, Item, Measure, Range, Total
from prospectus.domain.rule import Exclude, Overlap
from prospectus.domain.student import Person

LEAST_USES, MOST_USES = 10, 25
LEAST_LEAVES, MOST_LEAVES = 6, 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Larger:
    """One case, the choices declared and the kinds that it holds."""

    name: str
    resolved: Resolved
    record: Record
    choices: tuple[tuple[str, str], ...] = ()
    kinds: frozenset[str] = frozenset()


class _Larger:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"larger {seed}")
        self.kinds: set[str] = set()
        self.count = 0
        mixed = self.chance(0.35, "mixed credits")
        self.courses: list[Course] = [
            course(
                f"{'AA' if n % 3 else 'BB'} {500 + n}",
                self.rng.choice([1, 2, 3, 4]) if mixed else 3,
            )
            for n in range(self.rng.randint(26, 34))
        ]
        self.codes = [str(item.code) for item in self.courses]

    def chance(self, odds: float, kind: str) -> bool:
        hit = self.rng.random() < odds
        if hit:
            self.kinds.add(kind)
        return hit

    def name(self, stem: str) -> str:
        self.count += 1
        return f"{stem}-{self.count}"

    def some(self, least: int, most: int) -> list[str]:
        return self.rng.sample(self.codes, self.rng.randint(least, most))

    def leaf(self, pool: str | None = None) -> Fill:
        of = self.some(2, 9)
        floor = self.rng.choice([None, None, None, "B"])
        size = self.rng.choice([1, 1, 1, 2, 2, 3])
        shape = self.rng.random()
        if shape < 0.1:
            self.kinds.add("minima")
            inside: list[Measure] = [at_least(self.name("min"), self.rng.sample(of, 2), courses=1)]
            if self.chance(0.3, "cap inside a leaf"):
                inside.append(at_most(self.name("max"), self.rng.sample(of, 2), courses=1))
            return leaf(self.name("leaf"), of, size, with_=inside, min_grade=floor, pool=pool)
        if shape < 0.13:
            self.kinds.add("areas")
            areas = {"x": self.some(3, 6), "y": self.some(3, 6), "z": self.some(3, 6)}
            of = sorted({code for some in areas.values() for code in some})
            return leaf(self.name("leaf"), of, 3, areas=areas, shape=(2, 1), pool=pool)
        if shape < 0.4:
            self.kinds.add("credits")
            credits = self.rng.choice([3, 4, 6])
            high = (credits, credits + 2) if self.chance(0.2, "n..m credits") else credits
            return leaf(self.name("leaf"), of, credits=high, min_grade=floor, pool=pool)
        return leaf(self.name("leaf"), of, size, min_grade=floor, pool=pool)

    def tree(self, n_leaves: int) -> tuple[list[Item], Total | None]:
        children: list[Item] = []
        left = n_leaves
        while left > 0:
            if left > 2 and self.chance(0.12, "any"):
                blocks = all_(self.name("all"), self.leaf(), total=self.rng.choice([None, 4]))
                children.append(any_(self.name("any"), blocks, self.leaf()))
                left -= 2
                continue
            pool = "second" if self.chance(0.08, "counting pool") else None
            pool = "view" if pool is None and self.chance(0.1, "view pool") else pool
            children.append(self.leaf(pool))
            left -= 1
        for _ in range(self.rng.choice([0, 1, 1, 2])):
            self.kinds.add("at most")
            unit = self.rng.choice([{"credits": 6}, {"courses": 2}, {"credits": 4}])
            children.append(at_most(self.name("most"), self.some(5, 12), **unit))
        if self.chance(0.3, "at least"):
            children.append(at_least(self.name("least"), self.some(5, 12), credits=6))
        if self.chance(0.1, "distinct"):
            children.append(at_least(self.name("distinct"), "any", courses=2, distinct="subject"))
        if not self.chance(0.7, "total"):
            return children, None
        total = Total(credits=Range(low=Fraction(self.rng.randint(8, 16) * 3)))
        if self.chance(0.8, "rest"):
            of: list[str] | str = "any" if self.chance(0.7, "any elective") else self.some(15, 25)
            within = None
            if self.chance(0.2, "rest n..m"):
                within = Range(low=Fraction(3), high=self.rng.choice([None, Fraction(18)]))
            children.append(leaf("rest", of, credits="rest", rest_within=within))
        return children, total

    def record(self, n_uses: int) -> Record:
        attempts: list[Attempt] = []
        for code in self.rng.sample(self.codes, min(n_uses, len(self.codes))):
            credits = next(item.credits_low for item in self.courses if item.code == code)
            shape = self.rng.random()
            if shape < 0.05:
                self.kinds.add("waiver")
                attempts.append(waived(code))
            elif shape < 0.12:
                self.kinds.add("transfer")
                attempts.append(transfer(code, credits=credits))
            elif shape < 0.2:
                self.kinds.add("in progress")
                status = AttemptStatus.IN_PROGRESS
                attempts.append(taken(code, None, "Summer 2026", credits=credits, status=status))
            else:
                grade = self.rng.choice(["A", "A", "B", "B", "C"])
                attempts.append(taken(code, grade, credits=credits))
        return Record(matriculation=dt.date(2024, 1, 1), attempts=tuple(attempts))


def draw_larger(seed: int) -> Larger:
    """Return the larger case of a seed."""
    drawing = _Larger(seed)
    children, total = drawing.tree(drawing.rng.randint(LEAST_LEAVES, MOST_LEAVES))
    leaves = [str(one.header.id) for one in children if isinstance(one, Fill) and not one.rest]
    rules: list[Overlap] = []
    if len(leaves) > 1 and drawing.chance(0.3, "overlap"):
        of = (
            "any"
            if drawing.chance(0.5, "any shared")
            else GradeIs(compare=Compare.AT_LEAST, grade="B")
        )
        limits = drawing.rng.choice([{}, {"at_most_courses": 1}, {"at_most_credits": Fraction(6)}])
        rules.append(share(*drawing.rng.sample(leaves, 2), of_=of, **limits))  # type: ignore[arg-type]
    apart = Draw(random.Random(f"apart {seed}"), kinds=drawing.kinds)
    listed, exclusions = _apart(apart, drawing.codes)
    resolved = degree(
        *children,
        courses=drawing.courses,
        total=total,
        rules=[*rules, *exclusions],
        pools={"second": True, "view": False},
    )
    resolved = replace(resolved, school=replace(resolved.school, cross_listed=listed))
    record = drawing.record(drawing.rng.randint(LEAST_USES, MOST_USES))
    return Larger(
        name=f"seed {seed}", resolved=resolved, record=record, kinds=frozenset(drawing.kinds)
    )


def _apart(draw: Draw, codes: Sequence[str]) -> tuple[tuple[tuple[str, ...], ...], list[Exclude]]:
    """Return which courses are cross-listed, and exclusions between some."""
    listed: list[tuple[str, ...]] = []
    rules: list[Exclude] = []
    picked = draw.rng.sample(list(codes), len(codes))
    if draw.chance(0.4, "cross-listed"):
        listed = [tuple(picked[2 * n : 2 * n + 2]) for n in range(min(4, len(codes) // 4))]
    if draw.chance(0.4, "exclude"):
        for n in range(draw.rng.randint(1, 3)):
            one, *others = draw.rng.sample(picked, 3)
            both = tuple(done(str(other)) for other in others)
            condition = draw.rng.choice([both[0], And(items=both), Or(items=both)])
            header_ = header(f"apart-{n}")
            rules.append(Exclude(header=header_, course=str(one), condition=condition))
    return tuple(listed), rules


def draw_real(program_id: str, count: int) -> Iterator[Larger]:
    """Yield records of a bundled programme under its first reading, a track declared in some."""
    library = open_library()
    program = library.program(program_id, library.years(program_id)[-1])
    reading = all_readings(program)[0]
    known = library.assumptions_of(program)
    resolved = resolve(program, library.school(program), Person(), reading, known)[0]
    codes = [code for code, item in sorted(resolved.courses.items()) if _is_simple(resolved, item)]
    main = next((n for n in resolved.tree.children if _is_choice(n, program.main_choice)), None)
    for number in range(count):
        rng = random.Random(f"{program_id} {number}")
        choices: tuple[tuple[str, str], ...] = ()
        if isinstance(main, Any):
            child = rng.choice(main.children)
            choices = ((str(main.header.id), str(child.header.id)),)  # type: ignore[union-attr]
        yield Larger(
            name=f"{program_id} {number}",
            resolved=resolved,
            record=_real_record(rng, resolved, codes),
            choices=choices,
        )


def _is_choice(node: Item, name: str | None) -> bool:
    return isinstance(node, Any) and node.header.id == name


def _is_simple(resolved: Resolved, item: Course) -> bool:
    """Return whether the oracle can say a course: it brings whole credits, once."""
    is_whole = item.credits_low == item.credits_high and not item.split
    return item.counts_credit and is_whole and item.repeatable is None


def _real_record(rng: random.Random, resolved: Resolved, codes: Sequence[CourseCode]) -> Record:
    grades = [grade.name for grade in resolved.scale.grades if grade.earns and grade.points]
    attempts = tuple(
        Attempt(
            id=str(code),
            course=code,
            credits=resolved.courses[code].credits_low,
            status=AttemptStatus.PASSED,
            grade=rng.choice(grades[:6] or [grade.name for grade in resolved.scale.grades[:1]]),
            ended=dt.date(2025, 12, 10),
        )
        for code in rng.sample(codes, min(len(codes), rng.randint(4, 16)))
    )
    record = Record(matriculation=dt.date(2024, 8, 1), attempts=attempts)
    setting = Setting(resolved, record, TODAY)
    assert uses(setting, last_day(setting)), "a drawn record earns something"
    return record
