"""programs/<program>/<catalog-year>.yaml: its fields, and its way into the domain."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field

from prospectus.catalogs.admission_blocks import AdmissionBlock
from prospectus.catalogs.blocks import (
    Block,
    CatalogFile,
    Code,
    ExpressionText,
    Months,
    OrNone,
    OrUnknown,
    RangeText,
    SelectorText,
    Text,
    Words,
)
from prospectus.catalogs.program_blocks import (
    AccreditationBlock,
    ExperientialBlock,
    Notes,
    ProgramDeliveryBlock,
    TransferBlock,
    notes_of,
)
from prospectus.catalogs.rule_blocks import RuleItem
from prospectus.catalogs.rule_reader import RuleReader
from prospectus.catalogs.site import Site
from prospectus.catalogs.tree_blocks import NodeBlock, RootNode
from prospectus.catalogs.tree_reader import TreeReader, repeated_codes
from prospectus.domain.facts import Completeness, Source
from prospectus.domain.program import Credential, Dispute, HeldBy, Pool, Program
from prospectus.domain.requirement import NodeId
from prospectus.domain.rule import Enrolment, Load, RecordRules, Repeats, WhichAttempt

_SPAN_OF_LEAVES = re.compile(r"span (\d{1,2})")


class PoolBlock(Block):
    """A pool of leaves."""

    counts: bool = True


class DisputeBlock(Block):
    """A text that can be read in several ways."""

    readings: dict[str, Text] = Field(min_length=2)
    why: Text


class LoadBlock(NodeBlock):
    """Registered credits or courses in each period of a kind."""

    per: Text = Field(description="term, session, year, `span 2`, or a season")
    of: SelectorText | None = None
    seasons: Words = Field(default_factory=list)
    credits: RangeText | None = None
    courses: RangeText | None = None
    unless: ExpressionText | None = None

    def to_domain(self, reader: TreeReader, site: Site) -> Load:
        """Return the load."""
        here = site.within(self)
        if self.credits is None and self.courses is None:
            here.fault("CAT-020", f"{self.id} has no size", "give `credits:` or `courses:`")
        span = _SPAN_OF_LEAVES.fullmatch(self.per.strip())
        return Load(
            header=reader.header(self, here),
            per="span" if span else self.per,
            of=here.at("of").selector(self.of),
            seasons=tuple(self.seasons),
            span=int(span[1]) if span else None,
            credits=self.credits,
            courses=self.courses,
            unless=None if self.unless is None else here.at("unless").expression(self.unless),
        )


class EnrolmentBlock(Block):
    """Loads, gaps and durations."""

    loads: OrUnknown[list[LoadBlock]] = Field(default_factory=list)
    gap: OrNone[Months] | None = None
    minimum: OrNone[Months] | None = None
    maximum: OrNone[Months] | None = None
    locked_sequence: list[list[Code]] = Field(default_factory=list)

    def to_domain(self, reader: TreeReader, site: Site) -> Enrolment:
        """Return the enrolment rules, naming those that no source gives."""
        here = site.within(self)
        for name, words in (
            ("gap", "the longest gap in enrolment"),
            ("minimum", "the least time to the degree"),
            ("maximum", "the most time to the degree"),
        ):
            if getattr(self, name) == "unknown":
                reader.unknown.append(words)
        if self.loads == "unknown":
            reader.unknown.append("how much may be taken in a term")
        loads = self.loads if isinstance(self.loads, list) else []
        return Enrolment(
            loads=tuple(
                load.to_domain(reader, here.at("loads", index)) for index, load in enumerate(loads)
            ),
            gap_months=_months(self.gap),
            min_months=_months(self.minimum),
            max_months=_months(self.maximum),
            locked_sequence=tuple(tuple(group) for group in self.locked_sequence),
            provenance=here.provenance,
        )


def _months(value: object) -> int | None:
    return value if isinstance(value, int) else None


class RepeatsBlock(Block):
    """How repeats are treated."""

    use: Literal["newest", "best", "first", "unknown"]
    allowed: ExpressionText | None = None
    only_below: Text | None = None
    in_mean: Literal["all", "used", "unknown"] = "unknown"
    mean_keeps: Text | None = None
    cap: int | None = Field(default=None, ge=1)
    at_most_in_all: int | None = Field(default=None, ge=0)

    def to_domain(self, site: Site) -> Repeats:
        """Return the rule on repeats."""
        if self.mean_keeps is not None and self.in_mean != "used":
            site.fault(
                "CAT-025",
                "`mean_keeps` says which replaced grades stay in the mean, and none is replaced",
                "write `in_mean: used` beside it, or leave it out",
            )
        return Repeats(
            use=None if self.use == "unknown" else WhichAttempt(self.use),
            allowed=None if self.allowed is None else site.at("allowed").expression(self.allowed),
            only_below=self.only_below,
            mean_uses_all={"all": True, "used": False}.get(self.in_mean),
            mean_keeps=self.mean_keeps,
            cap=self.cap,
            at_most_in_all=self.at_most_in_all,
        )


class ExpiresBlock(Block):
    """How old a use may be at conferral."""

    after: Months
    of: SelectorText | None = None


class AttemptsBlock(Block):
    """How often a course may be tried."""

    at_most: int = Field(ge=1)
    of: SelectorText | None = None
    then: Literal["block", "out"] = "block"


class RecordRulesBlock(Block):
    """What makes an attempt a use."""

    repeats: OrNone[RepeatsBlock] | None = None
    expires: OrNone[ExpiresBlock] | None = None
    attempts: OrNone[AttemptsBlock] | None = None

    def to_domain(self, reader: TreeReader, site: Site) -> RecordRules:
        """Return the record rules, naming those that no source gives."""
        here = site.within(self)
        repeats = self.repeats if isinstance(self.repeats, RepeatsBlock) else None
        expires = self.expires if isinstance(self.expires, ExpiresBlock) else None
        attempts = self.attempts if isinstance(self.attempts, AttemptsBlock) else None
        for name, words in (
            ("repeats", "how repeated courses count"),
            ("expires", "when credit expires"),
            ("attempts", "how often a course may be tried"),
        ):
            if getattr(self, name) in (None, "unknown"):
                reader.unknown.append(words)
        if repeats is not None and repeats.use == "unknown":
            reader.unknown.append("which attempt of a repeated course counts")
        return RecordRules(
            expires_months=expires.after if expires else None,
            expires_of=here.at("expires", "of").selector(expires.of) if expires else None,
            repeats=None if repeats is None else repeats.to_domain(here.at("repeats")),
            attempts_at_most=attempts.at_most if attempts else None,
            attempts_of=here.at("attempts", "of").selector(attempts.of) if attempts else None,
            attempts_then_block=attempts is not None and attempts.then == "block",
            provenance=here.provenance,
        )


class CredentialBlock(Block):
    """A certificate or an exit award."""

    id: Text
    name: Text
    instead_of: Literal["degree"] | None = None
    requirements: RootNode


class ProgramFile(CatalogFile, Block):
    """The rules of one programme in one catalogue year."""

    kind: Literal["program"]
    id: Text
    school: Text
    name: Text
    degree: Text
    catalog_year: Text
    credit_unit: Text
    completeness: Literal["complete", "partial", "stub"] = "stub"
    calendar: Text = "main"
    urls: Words = Field(default_factory=list)
    min_grade: OrNone[Text] | None = None
    main_choice: Text | None = None
    sets: dict[str, SelectorText] = Field(default_factory=dict)
    pools: dict[str, PoolBlock] = Field(default_factory=dict)
    disputes: dict[str, DisputeBlock] = Field(default_factory=dict)
    accreditation: OrUnknown[AccreditationBlock] | None = None
    delivery: OrUnknown[ProgramDeliveryBlock] | None = None
    experiential: OrUnknown[ExperientialBlock] | None = None
    transfer: OrUnknown[TransferBlock] | None = None
    notes: Notes | None = None
    held_by: Literal["admission", "first_credit", "election", "unknown"] = "unknown"
    admission: AdmissionBlock = Field(default_factory=AdmissionBlock)
    requirements: RootNode
    rules: list[RuleItem] = Field(default_factory=list)
    enrolment: EnrolmentBlock = Field(default_factory=EnrolmentBlock)
    record_rules: RecordRulesBlock = Field(default_factory=RecordRulesBlock)
    credentials: list[CredentialBlock] = Field(default_factory=list)
    unknown: Words = Field(default_factory=list)
    questions: Words = Field(default_factory=list)

    def to_domain(self, site: Site, sources: tuple[Source, ...]) -> Program:
        """Return the programme, as far as it can be read."""
        here = site.within(self)
        reader = TreeReader(repeated=repeated_codes(self.requirements))
        rules = RuleReader(reader)
        root = here.at("requirements")
        tree = reader.all(self.requirements, root.within(self.requirements))
        made = (rules.item(rule, here.at("rules", index)) for index, rule in enumerate(self.rules))
        plain_rules = tuple(rule for rule in made if rule is not None)
        enrolment = self.enrolment.to_domain(reader, here.at("enrolment"))
        record_rules = self.record_rules.to_domain(reader, here.at("record_rules"))
        if self.min_grade == "unknown":
            reader.unknown.append("the grade that a course must reach")
        known_floor = self.min_grade not in (None, "unknown", "none")
        return Program(
            id=self.id,
            school=self.school,
            name=self.name,
            degree=self.degree,
            catalog_year=self.catalog_year,
            credit_unit=self.credit_unit,
            tree=tree,
            calendar=self.calendar,
            rules=plain_rules,
            enrolment=enrolment,
            record_rules=record_rules,
            min_grade=self.min_grade if known_floor else None,
            sets=tuple(
                (name, here.at("sets", name).selector(value)) for name, value in self.sets.items()
            ),
            pools=tuple(Pool(name=name, counts=block.counts) for name, block in self.pools.items()),
            disputes=tuple(
                Dispute(
                    id=name,
                    readings=tuple(block.readings.items()),
                    why=block.why,
                    provenance=here.at("disputes", name).within(block).provenance,
                )
                for name, block in self.disputes.items()
            ),
            credentials=self._credentials(here),
            accreditation=self.accreditation.to_domain(here.at("accreditation"))
            if isinstance(self.accreditation, AccreditationBlock)
            else None,
            delivery=self.delivery.to_domain(here.at("delivery"))
            if isinstance(self.delivery, ProgramDeliveryBlock)
            else None,
            experiential=self.experiential.to_domain(here.at("experiential"))
            if isinstance(self.experiential, ExperientialBlock)
            else None,
            transfer=self.transfer.to_domain(here.at("transfer"), self.credit_unit)
            if isinstance(self.transfer, TransferBlock)
            else None,
            notes=notes_of(self.notes, here.at("notes")),
            admission=self.admission.to_domain(here.at("admission")),
            held_by=None if self.held_by == "unknown" else HeldBy(self.held_by),
            main_choice=NodeId(self.main_choice) if self.main_choice else None,
            completeness=Completeness(self.completeness),
            places=(
                ("min_grade", here.at("min_grade").place),
                *((f"set {name}", here.at("sets", name).place) for name in self.sets),
            ),
            sources=sources,
            urls=tuple(self.urls),
            questions=tuple(self.questions),
            unknown=tuple(dict.fromkeys((*self.unknown, *reader.unknown))),
            provenance=here.provenance,
        )

    def _credentials(self, here: Site) -> tuple[Credential, ...]:
        found = []
        for index, block in enumerate(self.credentials):
            site = here.at("credentials", index).within(block)
            reader = TreeReader(repeated=repeated_codes(block.requirements))
            inner = site.at("requirements").within(block.requirements)
            found.append(
                Credential(
                    id=block.id,
                    name=block.name,
                    tree=reader.all(block.requirements, inner),
                    instead_of_degree=block.instead_of == "degree",
                    provenance=site.provenance,
                )
            )
        return tuple(found)
