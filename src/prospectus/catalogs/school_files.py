"""school.yaml and courses.yaml: their fields, and their way into the domain."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from prospectus.catalogs.blocks import (
    Block,
    CatalogFile,
    Code,
    Country,
    ExpressionText,
    Number,
    OrUnknown,
    RangeText,
    SignedNumber,
    Strict,
    Text,
    Words,
)
from prospectus.catalogs.former_content import FormerBlock, former_contents
from prospectus.catalogs.site import Site
from prospectus.catalogs.values import UnreadableValue, read_code_or_subject
from prospectus.domain.course import (
    Course,
    CourseCode,
    Delivery,
    Difficulty,
    Grade,
    GradeScale,
    Hours,
    RepeatBy,
)
from prospectus.domain.expression import Expression
from prospectus.domain.program import Award, Equivalent, Rename


class GradeBlock(Strict):
    """One grade, or one range of numeric marks."""

    grade: Text
    points: Number | None = None
    earns: bool = True
    in_mean: bool = True
    low: Number | None = None
    high: Number | None = None

    def to_domain(self) -> Grade:
        """Return the grade."""
        return Grade(
            name=self.grade,
            points=self.points,
            earns=self.earns,
            in_mean=self.in_mean,
            low=self.low,
            high=self.high,
        )


def _grades_known(value: object) -> object:
    if value in ("unknown", []):
        raise PydanticCustomError(
            "unreadable",
            "{what}",
            {
                "what": "a scale of grades cannot be unknown or empty: floors are judged by it",
                "fix": "list the grades that the school's own pages name, best first, `points` "
                "only where they are given, and say in `note:` that the scale is not complete",
            },
        )
    return value


class GradesBlock(Block):
    """A scale of grades, best first."""

    usual: Text | None = Field(default=None, description="a grade of the scale, or `unknown`")
    scale: Annotated[list[GradeBlock], BeforeValidator(_grades_known)]

    def to_domain(self, site: Site) -> GradeScale | None:
        """Return the scale; None when it cannot be."""
        site.within(self)
        return site.make(
            lambda: GradeScale(
                grades=tuple(grade.to_domain() for grade in self.scale),
                usual=None if self.usual == "unknown" else self.usual,
            )
        )


class RenameBlock(Block):
    """An old code and the one that took its place."""

    old: Text
    new: Text
    topic: Text | None = None
    from_: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = None

    def to_domain(self, site: Site) -> Rename | None:
        """Return the renaming of a course or of a whole subject; None when it cannot be."""
        site.within(self)
        names = []
        for field, text in (("old", self.old), ("new", self.new)):
            try:
                names.append(read_code_or_subject(text))
            except UnreadableValue as error:
                fix = f"{error.fix}; for a whole subject, the subject alone"
                site.at(field).fault("DOM-010", error.what, fix)
        if len(names) < 2:
            return None
        old, new = names
        if (" " in old) != (" " in new):
            site.fault(
                "CAT-025",
                f"'{old}' and '{new}': one is a course and the other a subject",
                "rename a course to a course, or a subject to a subject",
            )
            return None
        return Rename(
            old=old,
            new=new,
            topic=self.topic,
            valid_from=self.from_,
            valid_until=self.until,
        )


class EquivalentBlock(Block):
    """A course that others together stand for."""

    course: Code
    met_by: ExpressionText


class AwardBlock(Block):
    """An outside credential and the courses it gives."""

    credential: Text
    gives: list[Code]


class SchoolFile(CatalogFile, Block):
    """school.yaml: grades and names of a school."""

    kind: Literal["school"]
    id: Text
    name: Text
    country: OrUnknown[Country] | None = None
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217: USD, EUR")
    grades: GradesBlock
    renamed: list[RenameBlock] = Field(default_factory=list)
    cross_listed: list[list[Code]] = Field(default_factory=list)
    equivalent: list[EquivalentBlock] = Field(default_factory=list)
    awards: list[AwardBlock] = Field(default_factory=list)
    external: list[Code] = Field(default_factory=list)

    def renames(self, site: Site) -> tuple[Rename, ...]:
        """Return the courses and subjects that have another name now."""
        made = (
            block.to_domain(site.at("renamed", index)) for index, block in enumerate(self.renamed)
        )
        return tuple(rename for rename in made if rename is not None)

    def equivalents(self, site: Site) -> tuple[Equivalent, ...]:
        """Return the courses that others stand for."""
        found = []
        for index, block in enumerate(self.equivalent):
            here = site.at("equivalent", index)
            here.within(block)
            met_by = here.at("met_by").expression(block.met_by)
            if met_by is not None:
                found.append(Equivalent(course=CourseCode(block.course), met_by=met_by))
        return tuple(found)

    def credentials(self, site: Site) -> tuple[Award, ...]:
        """Return the outside credentials that give credit."""
        for index, block in enumerate(self.awards):
            site.at("awards", index).within(block)
        return tuple(
            Award(credential=block.credential, gives=tuple(map(CourseCode, block.gives)))
            for block in self.awards
        )


class HoursBlock(Block):
    """Weekly hours of work while the course runs."""

    per_week: OrUnknown[int] | None = None
    quartiles: list[Annotated[int, Field(ge=0)]] | None = Field(
        default=None, min_length=2, max_length=2, description="the lower and the upper"
    )


class DifficultyBlock(Block):
    """How hard reviewers find a course."""

    median: Number
    quartiles: list[Number] | None = Field(
        default=None, min_length=2, max_length=2, description="the lower and the upper"
    )
    scale: list[SignedNumber] = Field(
        min_length=2, max_length=2, description="its least and its most"
    )

    def to_domain(self, site: Site) -> Difficulty | None:
        """Return the difficulty; None when it cannot be."""
        here = site.within(self)
        lower, upper = self.quartiles or (None, None)
        return here.make(
            lambda: Difficulty(
                median=self.median,
                lower_quartile=lower,
                upper_quartile=upper,
                low=self.scale[0],
                high=self.scale[1],
                provenance=here.provenance,
            )
        )


def _kind_of_hours(value: object) -> str:
    if value == "unknown":
        return "<unknown>"
    return "<number>" if isinstance(value, int) else "<block>"


HoursField = Annotated[
    Annotated[int, Tag("<number>"), Field(ge=0)]
    | Annotated[HoursBlock, Tag("<block>")]
    | Annotated[Literal["unknown"], Tag("<unknown>")],
    Discriminator(_kind_of_hours),
]


class CourseFields(Block):
    """What courses and their defaults may say."""

    credits: RangeText | None = None
    requires: ExpressionText | None = Field(
        default=None, description="an expression, `none` (a source says so) or `not stated`"
    )
    advises: ExpressionText | None = Field(default=None, description="as `requires`; never blocks")
    topics: OrUnknown[Words] | None = None
    areas: OrUnknown[Words] | None = None
    attributes: OrUnknown[Words] | None = None
    delivery: Literal["async", "sync", "hybrid", "in_person", "unknown"] | None = None
    hours: HoursField | None = None
    level: int | None = Field(default=None, ge=0)
    repeatable: Literal["topic", "period", False] | None = None
    split: bool | None = None
    credit: bool | None = None
    restricted_to: Words | None = None


class CourseBlock(CourseFields):
    """One course."""

    title: Text = Field(description="or `unknown`: then the code alone is printed")
    difficulty: OrUnknown[DifficultyBlock] | None = None
    formerly: list[FormerBlock] = Field(default_factory=list)


class CoursesFile(CatalogFile, Block):
    """courses.yaml: the courses of a school."""

    kind: Literal["courses"]
    school: Text
    defaults: CourseFields = Field(default_factory=CourseFields)
    courses: dict[str, CourseBlock]

    def to_domain(self, site: Site) -> tuple[Course, ...]:
        """Return the courses that can be, noting what is wrong with the others."""
        base = site.at("defaults").within(self.defaults)
        inherited = (
            site
            if not _says_facts(self.defaults)
            else Site(
                document=site.document, reading=site.reading, facts=base.facts, scope=site.scope
            )
        )
        found: list[Course] = []
        for key, block in self.courses.items():
            course = _course(inherited.at("courses", key), key, block, self.defaults)
            if course is not None:
                found.append(course)
        return tuple(found)


def _says_facts(block: Block) -> bool:
    return bool({"source", "as_of", "certainty", "assumption"} & block.model_fields_set)


def _course(site: Site, key: str, block: CourseBlock, defaults: CourseFields) -> Course | None:
    """Return one course; a field it does not give is taken from the defaults."""
    here = site.within(block)

    def given(name: str) -> object:
        return getattr(block if name in block.model_fields_set else defaults, name)

    code = site.code(key)
    credits = block.credits or defaults.credits
    if credits is None:
        site.fault("CAT-030", f"{key} has no credits", "give `credits:` here or under `defaults:`")
    if code is None or credits is None:
        site.reading.names_refused.add(code or key)
        return None
    requisite, stated = _requisite(here.at("requires"), block.requires or defaults.requires)
    advisory, _ = _requisite(here.at("advises"), block.advises or defaults.advises)
    unknown = {
        name
        for name in ("topics", "areas", "attributes", "delivery", "title")
        if given(name) in ("unknown", None) and (name == "delivery" or given(name) is not None)
    }
    repeatable = given("repeatable")
    level = given("level")
    delivery = given("delivery")
    return site.make(
        lambda: Course(
            code=code,
            title="" if block.title == "unknown" else block.title,
            credits_low=credits.low,
            credits_high=credits.low if credits.high is None else credits.high,
            level=level if isinstance(level, int) else None,
            requisite=requisite,
            requisite_stated=stated,
            advisory=advisory,
            areas=_names(given("areas")),
            topics=_names(given("topics")),
            attributes=_names(given("attributes")),
            unknown=frozenset(unknown),
            delivery=Delivery(delivery) if isinstance(delivery, str) else Delivery.UNKNOWN,
            hours=_hours(here.at("hours"), given("hours")),
            difficulty=block.difficulty.to_domain(here.at("difficulty"))
            if isinstance(block.difficulty, DifficultyBlock)
            else None,
            repeatable=RepeatBy(repeatable) if isinstance(repeatable, str) else None,
            split=bool(given("split")),
            counts_credit=given("credit") is not False,
            restricted_to=_names(given("restricted_to")),
            formerly=former_contents(block.formerly, here.at("formerly")),
            provenance=here.provenance,
        )
    )


def _names(value: object) -> frozenset[str]:
    return frozenset(value) if isinstance(value, list) else frozenset()


def _requisite(site: Site, text: str | None) -> tuple[Expression | None, bool]:
    """Return the condition, and whether a source says that it is all there is."""
    if text is None or text.strip() in ("not stated", "unknown"):
        return None, False
    if text.strip() == "none":
        return None, True
    return site.expression(text), True


def _hours(site: Site, value: object) -> Hours | None:
    """Return weekly hours; None where no source and no assumption gives them."""
    if isinstance(value, int):
        return Hours(hours_per_week=value, provenance=site.provenance)
    if not isinstance(value, HoursBlock):
        return None
    here = site.within(value)
    hours: Fraction | int | None = value.per_week if isinstance(value.per_week, int) else None
    if value.assumption is not None:
        hours = here.assumed_value(value.assumption) if hours is None else hours
    lower, upper = value.quartiles or (None, None)
    if hours is None:
        if lower is not None:
            here.at("quartiles").fault(
                "CAT-020", "the quartiles stand without a median", "add `per_week:`"
            )
        return None
    if Fraction(hours).denominator != 1:
        here.fault("CAT-031", f"{hours} hours a week are not whole", "round to whole hours")
        return None
    return here.make(
        lambda: Hours(
            hours_per_week=int(hours),
            lower_quartile=lower,
            upper_quartile=upper,
            provenance=here.provenance,
        )
    )
