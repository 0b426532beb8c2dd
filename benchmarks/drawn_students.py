"""Three hundred drawn student files: what people ask of the complete programmes, from one seed.

`python benchmarks/drawn_students.py DIR` writes them as files that `prospectus plan` reads.

Each file asks a programme and track, in turn so that all come up. Drawn for every file: the first
day (January, May or August 2027), weekly hours (normal, mean 30, deviation 4, 24 to 45: a cohort
that takes two courses at once needs 24). Each with its own chance: 8 to 16 hours in summer (25 %),
a most of 2 or 3 courses at once (20 %), a pause of 2 to 20 weeks (25 %), an employer's cap per
calendar year of USD 15,000, 20,000 or 30,000 (15 %),
a most in all of USD 75,000 to 150,000 (15 %), a deadline after 4 to 8 years (30 %), one to three
topics (50 %), one or two wanted courses (30 %), one or two unwanted ones (30 %), and one of six
wishes about courses, terms or days (30 %). Courses are drawn from those that the degree leaves a
choice of. Seven of ten leave the order of objectives as it is; one each puts cost, peak or topics
first. So most of these files have a plan. Every third file is drawn over-constrained: besides the
above it asks two or three of a deadline after 9 to 24 months, 4 to 8 hours a week, USD 3,000 to
12,000 in all, and four wanted courses. Nearly none of those has one.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from prospectus.app.library import Library, open_library
from prospectus.app.options import all_readings, tracks
from prospectus.domain.course import Course
from prospectus.domain.facts import Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Program
from prospectus.domain.record import Record
from prospectus.domain.requirement import Range
from prospectus.domain.student import Person
from prospectus.legality.eligibility import Eligibility
from prospectus.legality.names import Names
from prospectus.legality.selecting import Selecting
from prospectus.legality.uses import candidate

N_STUDENTS = 300
SEED = 5
STARTS = (dt.date(2027, 1, 4), dt.date(2027, 5, 10), dt.date(2027, 8, 16))
OTHER_FIRST = ("cost", "peak", "topics")
CAPS = (15_000, 20_000, 30_000)
SLACK = 3
"""How many more courses than asked a requirement admits that leaves a choice."""
CHANCE = {
    "summer": 0.25,
    "courses": 0.2,
    "pause": 0.25,
    "per year": 0.15,
    "in all": 0.15,
    "deadline": 0.3,
    "topics": 0.5,
    "wanted": 0.3,
    "unwanted": 0.3,
    "about": 0.3,
    "order": 0.3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One student file, as fields, and the programme and track that it is about."""

    number: int
    program: str
    track: str | None
    is_over_constrained: bool
    fields: Mapping[str, object]

    @property
    def text(self) -> str:
        """Return the file; JSON is YAML."""
        return json.dumps(self.fields, indent=1)


def complete_programs(library: Library) -> list[Program]:
    """Return the programmes that are encoded completely, each in its newest year."""
    newest = (library.program(name, library.years(name)[-1]) for name in library.ids())
    return [program for program in newest if program.completeness is Completeness.COMPLETE]


def drawn_students(
    library: Library, *, count: int = N_STUDENTS, seed: int = SEED
) -> Iterator[Drawn]:
    """Yield the drawn files, programme by programme in turn."""
    programs = complete_programs(library)
    choices = {program.id: _choice(library, program) for program in programs}
    for number in range(count):
        program = programs[number % len(programs)]
        turn = number // len(programs)
        options = [track.id for track in tracks(program)]
        is_tight = number % 3 == turn % 3
        # one of its own each: what changes in one programme leaves the other files as they are
        rng = random.Random(f"{seed} {number}")
        yield Drawn(
            number=number,
            program=program.id,
            track=options[turn % len(options)],
            is_over_constrained=is_tight,
            fields=_fields(rng, *choices[program.id], is_tight=is_tight),
        )


def _fields(
    rng: random.Random, codes: Sequence[str], courses: Sequence[Course], *, is_tight: bool
) -> dict[str, object]:
    topics = sorted({topic for course in courses for topic in (*course.topics, *course.areas)})
    start = rng.choice(STARTS)
    hours: dict[str, object] = {"usual": min(45, max(24, round(rng.gauss(30, 4))))}
    fields: dict[str, object] = {"format": 1, "plan_from": start, "hours_per_week": hours}
    if _chance(rng, "summer"):
        hours["Summer"] = rng.randint(8, 16)
    if _chance(rng, "courses"):
        fields["courses_per_period"] = rng.randint(2, 3)
    if _chance(rng, "pause"):
        first = start + dt.timedelta(weeks=rng.randint(8, 100))
        fields["pauses"] = [f"{first}..{first + dt.timedelta(weeks=rng.randint(2, 20))}"]
    money: dict[str, str] = {}
    if _chance(rng, "per year"):
        money["per_year"] = f"USD {rng.choice(CAPS)}"
    if _chance(rng, "in all"):
        money["total"] = f"USD {rng.randint(75, 150) * 1_000}"
    if _chance(rng, "deadline"):
        fields["deadline"] = start + dt.timedelta(days=rng.randint(4 * 365, 8 * 365))
    wanted: dict[str, list[str]] = {}
    if _chance(rng, "topics") and topics:
        wanted["topics"] = _some(rng, topics, 3)
    chosen = _some(rng, codes, 5)
    if _chance(rng, "wanted") and chosen:
        wanted["courses"] = chosen[: rng.randint(1, 2)]
    others = [code for code in codes if code not in chosen]
    if _chance(rng, "unwanted") and others:
        fields["unwanted"] = {"courses": _some(rng, others, 2)}
    if _chance(rng, "about"):
        fields["wishes"] = _about(rng, codes, start)
    if _chance(rng, "order"):
        fields["objectives"] = [rng.choice(OTHER_FIRST)]
    if is_tight:
        _tighten(rng, fields, hours, money, wanted, codes)
    if money:
        fields["money"] = money
    if wanted:
        fields["wanted"] = wanted
    return {
        name: str(value) if isinstance(value, dt.date) else value for name, value in fields.items()
    }


def _choice(library: Library, program: Program) -> tuple[list[str], list[Course]]:
    """Return the courses that run and that no requirement needs, and all that one may hold."""
    school = library.school(program)
    facts, dispute = Person(), all_readings(program)[0]
    resolved = resolve(program, school, facts, dispute, library.assumptions_of(program))[0]
    names = Names(resolved)
    selecting = Selecting(resolved, Record(), names, grant=False)
    eligibility = Eligibility(selecting)
    uses = [
        candidate(-1, course, course.credits_low, (), names)
        for course in school.courses
        if course.counts_credit and resolved.runs_of(course.code)
    ]
    held: dict[str, Course] = {}
    needed: set[str] = set()
    for leaf in selecting.leaves(resolved.tree.header.id):
        fitting = [use for use in uses if eligibility.is_eligible(leaf, use)]
        held |= {str(use.code): use.course for use in fitting if use.course is not None}
        asked = leaf.courses.low if isinstance(leaf.courses, Range) else 1
        if len(fitting) < asked + SLACK:
            needed |= {str(use.code) for use in fitting}
    return sorted(set(held) - needed), list(held.values())


def _tighten(
    rng: random.Random,
    fields: dict[str, object],
    hours: dict[str, object],
    money: dict[str, str],
    wanted: dict[str, list[str]],
    codes: Sequence[str],
) -> None:
    """Ask more than can be had, as a rule: two or three of four tight wishes."""
    for kind in rng.sample(("deadline", "hours", "money", "courses"), rng.randint(2, 3)):
        if kind == "deadline":
            start = dt.date.fromisoformat(str(fields["plan_from"]))
            fields["deadline"] = start + dt.timedelta(days=rng.randint(270, 730))
        elif kind == "hours":
            hours["usual"] = rng.randint(4, 8)
        elif kind == "money":
            money["total"] = f"USD {rng.randint(3, 12) * 1_000}"
        else:
            block = fields.get("unwanted")
            barred = block["courses"] if isinstance(block, dict) else []
            free = [code for code in codes if code not in barred]
            if free:
                wanted["courses"] = sorted(rng.sample(free, min(4, len(free))))


def _about(rng: random.Random, codes: Sequence[str], start: dt.date) -> dict[str, object]:
    kinds = ["heavy", "credits", "begin"]
    if len(codes) >= 2:
        kinds += ["apart", "together", "in_order"]
    kind = rng.choice(kinds)
    match kind:
        case "heavy":
            return {"heavy": {"hours": rng.randint(12, 20), "at_most": 1}}
        case "credits":
            return {"credits_per_term": f"..{rng.choice((4, 6, 9))}"}
        case "begin":
            return {"begin": f"{start}..{start + dt.timedelta(days=300)}"}
        case _:
            return {kind: [rng.sample(codes, 2)]}


def _some(rng: random.Random, items: Sequence[str], most: int) -> list[str]:
    return sorted(rng.sample(items, min(len(items), rng.randint(1, most))))


def _chance(rng: random.Random, kind: str) -> bool:
    return rng.random() < CHANCE[kind]


def main(folder: Path) -> None:
    """Write every drawn file into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for drawn in drawn_students(open_library()):
        words = [f"{drawn.number:03}", drawn.program, *([drawn.track] if drawn.track else [])]
        (folder / f"{'_'.join(words)}.yaml").write_text(drawn.text + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
