"""Verifying a certificate: the plan by the definition, each bound by a second formulation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from prospectus.app.certificate import (
    Claim,
    PlanCertificate,
    catalog_digest,
    read_certificate,
)
from prospectus.app.library import Library, open_library
from prospectus.app.options import all_readings, chosen_track
from prospectus.app.tree_walk import walk
from prospectus.app.verify_facts import approvals_named, facts_of
from prospectus.app.verify_words import open_text, shown, why_open
from prospectus.compare.row import variant_words
from prospectus.domain.errors import CertificateError, Place
from prospectus.domain.meaning import appraise, judge, resolve
from prospectus.domain.plan import Plan, Standing
from prospectus.domain.program import Program, Resolved
from prospectus.domain.record import Attempt, AttemptStatus
from prospectus.domain.requirement import Fill
from prospectus.planning.result import PlanStatus
from prospectus.planning.verifying.facts import Facts
from prospectus.planning.verifying.formulation import Claimed, Proof, admits, prove, prove_none
from prospectus.planning.verifying.levels import CREDITS

DEFAULT_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedLevel:
    """One level: what is claimed, what the plan has, what the second formulation proves.

    `is_true` says that the plan has the value claimed; `is_confirmed` that nothing better exists,
    by the second formulation; `why` says why not.
    """

    level: str
    claimed: str
    is_true: bool
    is_confirmed: bool
    why: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedClaim:
    """One claim: `wrong` lists what is false in it, `open` what could not be confirmed."""

    track: str | None
    readings: tuple[tuple[str, str], ...]
    status: PlanStatus
    n_courses: int
    levels: tuple[VerifiedLevel, ...]
    wrong: tuple[str, ...]
    open: tuple[str, ...]
    seconds: float

    @property
    def is_confirmed(self) -> bool:
        """Return whether nothing is wrong and nothing is left open."""
        return not self.wrong and not self.open


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAnswer:
    """What verifying a certificate gave."""

    program: str
    catalog_year: str
    today: dt.date
    made_by: str
    is_same_catalog: bool
    claims: tuple[VerifiedClaim, ...]

    @property
    def is_wrong(self) -> bool:
        """Return whether some claim is false."""
        return any(claim.wrong for claim in self.claims)

    @property
    def is_confirmed(self) -> bool:
        """Return whether every claim is confirmed."""
        return all(claim.is_confirmed for claim in self.claims)


def verify_certificate(
    path: Path,
    *,
    catalogs: tuple[Path, ...] = (),
    seconds: float = DEFAULT_SECONDS,
    any_catalog: bool = False,
    begins: Callable[[str], None] = lambda text: None,
) -> VerifyAnswer:
    """Return what of a certificate holds by the catalog at hand.

    Parameters
    ----------
    path
        The certificate.
    catalogs
        Extra catalog folders beside the bundled one.
    seconds
        Longest solve for one level.
    any_catalog
        Whether to go on where the catalog at hand is not the one of the certificate.
    begins
        Is told what is looked at next.

    Raises
    ------
    CertificateError
        CER-001..003 for a file that is no whole certificate; CER-004 for one of other catalog
        files; CER-005 where the catalog at hand has no such reading.
    UsageError
        USE-001 when the catalog at hand has no such programme or year.
    """
    certificate = read_certificate(path)
    library = open_library(catalogs)
    program = library.program(certificate.program, certificate.catalog_year)
    here = catalog_digest(program.school, catalogs)
    if here != certificate.catalog and not any_catalog:
        raise CertificateError(
            "CER-004",
            what="the certificate was made from other catalog files: they have SHA-256 "
            f"{certificate.catalog[:12]}..., and those at hand {here[:12]}...",
            fix="verify it with the catalog it was made from, or against this one with --anyway",
            at=Place(file=str(path), field="catalog_sha256"),
        )
    return VerifyAnswer(
        program=certificate.program,
        catalog_year=certificate.catalog_year,
        today=certificate.today,
        made_by=certificate.made_by,
        is_same_catalog=here == certificate.catalog,
        claims=tuple(
            _verified(
                claim,
                _resolved(claim, certificate, library, path),
                certificate,
                seconds,
                _told(begins, f"claim {n} of {len(certificate.claims)}, {_name(claim)}"),
            )
            for n, claim in enumerate(certificate.claims, 1)
        ),
    )


def _told(begins: Callable[[str], None], head: str) -> Callable[[str], None]:
    return lambda text: begins(head + text)


def _name(claim: Claim) -> str:
    """Return the track and the readings of a claim, to stand before what is looked at."""
    parts = [claim.track or "", variant_words((*claim.readings, *claim.branches))]
    return "".join(f"{part}: " for part in parts if part)


def _resolved(claim: Claim, certificate: PlanCertificate, library: Library, path: Path) -> Resolved:
    """Return the rules under the reading of a claim."""
    program = library.program(certificate.program, certificate.catalog_year)
    school = library.school(program)
    assumptions = library.assumptions_of(program)
    for reading in all_readings(program):
        for resolved in resolve(program, school, claim.student.person, reading, assumptions):
            if (resolved.readings, resolved.branches) == (claim.readings, claim.branches):
                return resolved
    raise CertificateError(
        "CER-005",
        what=f"{program.id} of {program.catalog_year} has no reading {dict(claim.readings)} with "
        f"{dict(claim.branches)} for this person",
        fix="verify it with the catalog it was made from",
        at=Place(file=str(path), field="claims.readings"),
    )


def _verified(
    claim: Claim,
    resolved: Resolved,
    certificate: PlanCertificate,
    seconds: float,
    begins: Callable[[str], None],
) -> VerifiedClaim:
    today = certificate.today
    facts = facts_of(resolved, claim.student, today, claim.approvals)
    wrong = list(_contradictions(claim, resolved.program))
    if claim.plan is None:
        if claim.status is PlanStatus.INFEASIBLE:
            # none exists even with every approval
            named = approvals_named(resolved, claim.student)
            facts = facts_of(resolved, claim.student, today, named)
        begins("that no plan exists")
        return _without_plan(claim, facts, seconds, wrong)
    values, faults = judged(claim, claim.plan, resolved, today)
    wrong += faults
    told = {level.level: values.get(level.level) for level in claim.levels}
    wrong += [
        f"{level.level}: the plan has {shown(level.level, told[level.level], resolved)}, not "
        f"{shown(level.level, level.value, resolved)}"
        for level in claim.levels
        if told[level.level] != level.value
    ]
    begins("the plan")
    # what is false needs no proof
    is_admitted = not wrong and admits(facts, claim.plan.attempts, seconds)
    found = prove(facts, claim.levels, seconds, begins) if is_admitted else ()
    proofs = {proof.level: proof for proof in found}
    levels = tuple(
        _level(level, proofs.get(level.level), told[level.level], resolved)
        for level in claim.levels
    )
    refuted = [level for level in claim.levels if _is_refuted(level, proofs.get(level.level))]
    wrong += [f"{level.level}: a plan with a better value exists" for level in refuted]
    wrong += [
        f"{level.level}: no plan can have {shown(level.level, level.value, resolved)}"
        for level in claim.levels
        if _is_too_good(level, proofs.get(level.level))
    ]
    unsure = [level for level in levels if level.is_true and not level.is_confirmed]
    left = [f"{level.level}: {level.why}" for level in unsure]
    if not is_admitted and not wrong:
        left = ["the bounds: the second formulation does not admit this plan"]
    if claim.approvals:
        alone = prove_none(facts_of(resolved, claim.student, today), seconds)
        if not alone.is_confirmed:
            left.append(f"that no plan exists without the approvals: {why_open(alone)}")
    return VerifiedClaim(
        track=claim.track,
        readings=(*claim.readings, *claim.branches),
        status=claim.status,
        n_courses=len(claim.plan.attempts),
        levels=levels,
        wrong=tuple(wrong),
        open=() if wrong else tuple(left),
        seconds=sum(level.seconds for level in levels),
    )


def _without_plan(claim: Claim, facts: Facts, seconds: float, wrong: list[str]) -> VerifiedClaim:
    """Return what holds of a claim that there is no plan."""
    left: list[str] = []
    spent = 0.0
    if claim.status is PlanStatus.INFEASIBLE:
        proof = prove_none(facts, seconds)
        spent = proof.seconds
        if proof.is_exact and not proof.is_confirmed:
            wrong = [*wrong, "a plan exists"]
        elif not proof.is_confirmed:
            left.append(f"that no plan exists: {why_open(proof)}")
    else:
        left.append("nothing is claimed: the search ended without a plan and without a proof")
    return VerifiedClaim(
        track=claim.track,
        readings=(*claim.readings, *claim.branches),
        status=claim.status,
        n_courses=0,
        levels=(),
        wrong=tuple(wrong),
        open=tuple(left),
        seconds=spent,
    )


def _contradictions(claim: Claim, program: Program) -> Iterator[str]:
    """Yield what a claim says that cannot be, whatever the catalog says."""
    has_plan = claim.status in (PlanStatus.OPTIMAL, PlanStatus.FEASIBLE)
    if has_plan and claim.plan is None:
        yield f"the status is {claim.status.value}, but there is no plan"
    if not has_plan and claim.plan is not None:
        yield f"the status is {claim.status.value}, but there is a plan"
    names = [level.level for level in claim.levels]
    asked = [level.value for level in dict.fromkeys(claim.student.wishes.levels)]
    order = [name for name in [*asked, CREDITS] if name in names]
    if names != order:
        yield "the levels are not those of the person, in their order"
    for level in claim.levels:
        if level.value is not None and level.bound is not None and level.bound > level.value:
            yield f"{level.level}: the bound claimed is above the value"
        if claim.status is PlanStatus.OPTIMAL and level.bound != level.value:
            yield f"{level.level}: the plan is called best, but bound and value differ"
    missing = [name for name in [*asked, CREDITS] if name not in names]
    if has_plan and missing:
        yield f"the claim says nothing of {', '.join(missing)}"
    declared = chosen_track(program, claim.student)
    if claim.track != declared:
        yield f"it is called one of track {claim.track}, but was made for {declared}"


def judged(
    claim: Claim, plan: Plan, resolved: Resolved, today: dt.date
) -> tuple[dict[str, Fraction | None], list[str]]:
    """Return the values of a plan by the definition, and what it breaks."""
    periods = {str(leaf.id) for leaf in resolved.calendar.leaves}
    wrong = [
        f"{attempt.course} is not a planned attempt of a course that can be taken so"
        for attempt in plan.attempts
        if attempt.course not in resolved.courses
        or attempt.credits not in resolved.courses[attempt.course].credit_steps
        or not attempt.periods
        or not set(attempt.periods) <= periods
        or not _says_nothing_more(attempt, resolved)
    ]
    student = claim.student
    ids = {attempt.id for attempt in student.record.attempts}
    if wrong or len({a.id for a in plan.attempts} | ids) < len(plan.attempts) + len(ids):
        return {}, wrong or ["an attempt stands twice"]
    record = replace(student.record, attempts=student.record.attempts + plan.attempts)
    verdict = judge(resolved, record, plan.witness, today)
    appraisal = appraise(resolved, student, record, plan.witness, today)
    wrong += [breach.text for breach in (*verdict.faults, *verdict.breaches)]
    wrong += [breach.text for breach in appraisal.wishes_broken]
    leaves = {node.header.id for node, _ in walk(resolved.tree) if isinstance(node, Fill)}
    for node in verdict.nodes:
        if node.standing is Standing.UNMET:
            wrong.append(f"{node.node} is not met")
        elif node.standing is Standing.PENDING and node.node in leaves and not claim.approvals:
            wrong.append(f"{node.node} rests on an approval that is not named")
    values = {name: None if v is None else Fraction(v) for name, v in appraisal.levels}
    return {**values, CREDITS: appraisal.credits}, wrong


def _says_nothing_more(attempt: Attempt, resolved: Resolved) -> bool:
    """Return whether a planned attempt is course, credits and periods, and nothing beside them.

    Whatever else it said, a grade or a topic, would be promised by nobody.
    """
    leaves = resolved.calendar.leaves
    runs = resolved.runs_of(attempt.course)
    own = {r.delivery for r in runs if tuple(leaves[i].id for i in r.leaves) == attempt.periods}
    course = resolved.courses[attempt.course]
    plain = Attempt(
        id=attempt.id,
        course=attempt.course,
        credits=attempt.credits,
        status=AttemptStatus.PLANNED,
        periods=attempt.periods,
        delivery=attempt.delivery,
    )
    taught = {course.delivery if delivery is None else delivery for delivery in own}
    return attempt == plain and attempt.delivery in taught


def _level(
    level: Claimed, proof: Proof | None, value: Fraction | None, resolved: Resolved
) -> VerifiedLevel:
    told = shown(level.level, level.value, resolved)
    is_true = level.value == value
    is_confirmed = is_true and value is None
    why = "the price is not known" if is_confirmed else ""
    if is_true and not is_confirmed:
        is_proven = proof is not None and proof.is_confirmed
        is_confirmed = is_proven and level.bound == level.value
        if proof is None:
            why = "no bound is claimed" if level.bound is None else "not tried"
        elif is_proven and not is_confirmed:
            bound = shown(level.level, level.bound, resolved)
            why = f"only the bound {bound} is claimed; it is confirmed"
        elif not is_proven:
            why = open_text(level, proof)
    return VerifiedLevel(
        level=level.level,
        claimed=told,
        is_true=is_true,
        is_confirmed=is_confirmed,
        why=why,
        seconds=0.0 if proof is None else proof.seconds,
    )


def _is_refuted(level: Claimed, proof: Proof | None) -> bool:
    if proof is None or level.bound is None or not proof.is_exact:
        return False
    return not proof.is_confirmed


def _is_too_good(level: Claimed, proof: Proof | None) -> bool:
    """Return whether a value lies below what the second formulation shows to be the least."""
    if proof is None or proof.bound is None or level.value is None:
        return False
    return proof.is_confirmed and level.value < proof.bound
