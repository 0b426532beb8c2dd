"""What a record meets of a degree, what is missing, and why: the audit of one programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from prospectus.app.audit_answers import (
    AuditAnswer,
    AuditVariant,
    ChoiceRank,
    MissingLine,
    RequirementLine,
)
from prospectus.app.audit_check import DEFAULT_SECONDS, Audited, audit_again, run_audit
from prospectus.app.audit_clocks import clock_lines
from prospectus.app.audit_contrast import contrast, differences
from prospectus.app.audit_grades import grade_lines
from prospectus.app.audit_idle import idle_exceptions
from prospectus.app.audit_lines import (
    cap_lines,
    credit_sums,
    exception_lines,
    open_choices,
    requirement_lines,
    standing_lines,
)
from prospectus.app.audit_missing import missing_lines
from prospectus.app.audit_record import Subject, owner_of, read_subject, with_choices
from prospectus.app.audit_regrade import with_grades
from prospectus.app.audit_retakes import Retaken, retaken, short, shown
from prospectus.app.audit_spread import readings_words, spread_words, variant_words
from prospectus.app.audit_steps import step_lines, ways_line, with_measures
from prospectus.app.audit_unused import no_longer, unused_lines
from prospectus.app.audit_what_if import (
    Supposition,
    after_record,
    names_transfer,
    transfer_lines,
    with_courses,
    with_supposed_means,
    without_superfluous,
    without_transfer,
)
from prospectus.app.audit_why import why_lines
from prospectus.app.audit_words import credits_left_words, labels_of
from prospectus.app.library import Library, open_library
from prospectus.app.options import all_readings
from prospectus.domain.errors import UsageError
from prospectus.domain.meaning import resolve
from prospectus.domain.meaning.matching import nodes
from prospectus.domain.plan import Breach, NodeVerdict
from prospectus.domain.program import Resolved
from prospectus.domain.record import CreditSource
from prospectus.domain.requirement import Any, Gpa, Milestone, NodeId

_NOTHING = Supposition()


def audit_record(
    path: Path,
    program: str | None = None,
    *,
    today: dt.date,
    year: str | None = None,
    choices: tuple[tuple[str, str], ...] = (),
    supposition: Supposition = _NOTHING,
    all_choices: bool = False,
    catalogs: tuple[Path, ...] = (),
    seconds: float | None = DEFAULT_SECONDS,
    student: str | None = None,
    why: tuple[str, ...] = (),
    library: Library | None = None,
) -> AuditAnswer:
    """Return the audit of a record, one for each reading and each fact that is left open.

    Parameters
    ----------
    path
        The record: a record or student file, a plan, a table, or an ELMO transcript.
    program
        The programme; None means the one whose record it is. Another than that is a what-if.
    today
        The day on which is judged.
    year
        The catalogue year; None means the one that the record names, else the newest.
    choices
        Declared choices, which stand before those of the record.
    supposition
        What is only supposed.
    all_choices
        Whether every child of every declared choice is audited and ranked too.
    catalogs
        Extra catalog folders beside the bundled one.
    library
        The catalog, where it is read already; `catalogs` are not asked then.
    seconds
        The longest search for one audit.
    student
        Whose record is meant, in a table of many.
    why
        Courses to say of why they count, do not, or would.

    Raises
    ------
    ProspectusError
        For a record or catalog that cannot be used, and for a call that names what is not there.
    """
    library = library or open_library(catalogs)
    owner = owner_of(path, today)
    own_id = owner.program if owner.program in library.ids() else program or owner.program
    if own_id is None:
        raise UsageError(
            "USE-002",
            what="neither the call nor the record names a programme",
            fix="name one with --program; see `prospectus programs`",
            on_page="choose the programme by whose rules it is to be audited",
        )
    asked = supposition.program or program or own_id
    other = asked != own_id
    # A year or a choice that is asked for belongs to the programme that is asked about.
    base_year = owner.catalog_year if other else year or owner.catalog_year
    base, loaded = read_subject(path, library, own_id, base_year, today, student)
    base = base if other else with_choices(base, choices)
    told: list[str] = []
    subject = base
    if other:
        other_year = supposition.year or year
        subject, loaded = read_subject(path, library, asked, other_year, today, student)
        subject = with_choices(subject, choices)
        told.append(f"{subject.program.name} instead of {base.program.name}")
    elif supposition.year not in (None, base.program.catalog_year):
        rules = library.program(asked, str(supposition.year))
        subject = replace(base, program=rules, school=library.school(rules))
        told.append(f"rules of {supposition.year} instead of {base.program.catalog_year}")
    subject = with_choices(subject, supposition.choices)
    told += [f"{node} is {child}" for node, child in supposition.choices]
    if supposition.grades:
        rules_now = _first(subject, library)
        subject, regraded = with_grades(subject, supposition.grades, rules_now, today)
        told += regraded
    after = None
    if supposition.added:
        after = after_record(_first(subject, library), subject.record, today)
    subject, added = with_courses(subject, supposition.added, after)
    transfer = transfer_lines(subject.program, subject.record) if other else ()
    found = list(_audits(subject, library, today, seconds))
    if added:
        n_supposed = len(subject.record.attempts)
        subject, added = without_superfluous(subject, found, added)
        if len(subject.record.attempts) < n_supposed:
            found = list(_audits(subject, library, today, seconds))
    told += added
    before = list(_audits(base, library, today, seconds)) if told else []
    variants = tuple(
        variant_of(one, before=_counterpart(one, before), all_choices=all_choices) for one in found
    )
    spread = spread_words(variants, [one.id for one in subject.program.disputes])
    return AuditAnswer(
        student=loaded.name,
        record=path.name,
        today=today,
        program=subject.program.id,
        program_name=subject.program.name,
        school=subject.school.name,
        catalog_year=subject.program.catalog_year,
        completeness=subject.program.completeness.value,
        credit_unit=subject.program.credit_unit,
        n_attempts=len(subject.record.attempts),
        supposed=tuple(told),
        transfer=(*transfer, *_without_transfer(subject, transfer, found)),
        exceptions=exception_lines(found[0]),
        variants=variants,
        differs=tuple(_differing(found)),
        notes=(*loaded.notes, *idle_exceptions(found)),
        sources=library.sources(subject.program),
        spread=spread,
        readings=readings_words(subject.program),
        why=why_lines(variants[0], subject, why),
    )


def _first(subject: Subject, library: Library) -> Resolved:
    """Return the rules under the first reading and the first value of what is left open."""
    known = library.assumptions_of(subject.program)
    reading = all_readings(subject.program)[0]
    return resolve(subject.program, subject.school, subject.person, reading, known)[0]


def _audits(
    subject: Subject, library: Library, today: dt.date, seconds: float | None
) -> Iterator[Audited]:
    """Yield one audit for each reading and each value of the facts left open."""
    known = library.assumptions_of(subject.program)
    for reading in all_readings(subject.program):
        for resolved in resolve(subject.program, subject.school, subject.person, reading, known):
            yield run_audit(resolved, subject.record, today, subject.choices, seconds=seconds)


def variant_of(
    found: Audited, *, before: Audited | None = None, all_choices: bool = False
) -> AuditVariant:
    """Return all that is shown of one audit; `before` is what it is told apart from."""
    verdict = found.verdict
    bare = replace(found.record, exceptions=())
    again = retaken(found)
    # what is still to take is told with the courses that are to be taken again planned
    ahead = found if again is None else again.audited
    missing = _missing(found, again)
    nodes = shown(found, again)
    # what asks the answer itself comes before what searches others
    steps, ways = step_lines(ahead), ways_line(ahead)
    return AuditVariant(
        variant=found.resolved.readings + found.resolved.branches,
        summary=short(found, again),
        is_proven=ahead.result.is_proven,
        bound=ahead.result.bound,
        is_sure=ahead.result.is_sure,
        credits=replace(credit_sums(found), left=ahead.result.credits_left),
        requirements=tuple(_requirements(found, again, missing, nodes)),
        missing=missing,
        unused=unused_lines(found),
        means=standing_lines(found, Gpa, nodes),
        milestones=standing_lines(found, Milestone, nodes),
        caps=cap_lines(found),
        clocks=clock_lines(found),
        notes=tuple(
            dict.fromkeys(
                [f"breaks a rule of order: {one.text}" for one in _real(found, verdict.breaches)]
                + [one.text for one in verdict.notes]
                + list(again.notes if again is not None else ())
            )
        ),
        unknown=verdict.unknown,
        assumed_grades=verdict.assumed_grades,
        open_choices=open_choices(found),
        steps=steps,
        grades=grade_lines(found),
        ways=ways,
        choices=tuple(_ranked(found)) if all_choices else (),
        without_exceptions=None
        if not found.record.exceptions
        else contrast(
            "Without the exceptions",
            found,
            audit_again(found, record=bare),
        ),
        what_if=None
        if before is None
        else with_supposed_means(contrast("What if", before, found), before, found),
        retakes=() if again is None else again.lines,
    )


def _missing(found: Audited, again: Retaken | None) -> tuple[MissingLine, ...]:
    if again is None:
        return with_measures(missing_lines(found), found)
    lines = missing_lines(again.audited)
    return (*again.missing(), *with_measures(lines, again.audited, again.attempts))


def _requirements(
    found: Audited,
    again: Retaken | None,
    lines: Sequence[MissingLine],
    nodes: Mapping[NodeId, NodeVerdict],
) -> Iterator[RequirementLine]:
    """Yield the requirements as they stand, each with what is still to take for it."""
    missing = {line.id: line for line in reversed(lines)}
    for line in requirement_lines(found, nodes=nodes):
        lacks = None if line.standing == "met" and again is None else missing.get(line.id)
        yield line if lacks is None else replace(line, missing=lacks)


def _real(found: Audited, breaches: Sequence[Breach]) -> Iterator[Breach]:
    """Yield the breaches of attempts in some period; what is only supposed has none."""
    placed = {one.id for one in found.record.attempts if one.periods}
    for breach in breaches:
        if not breach.attempts or placed & set(breach.attempts):
            yield breach


def _counterpart(found: Audited, before: Sequence[Audited]) -> Audited | None:
    """Return the audit before, under the same reading where it has one."""
    mine = found.resolved.readings + found.resolved.branches
    same = (one for one in before if one.resolved.readings + one.resolved.branches == mine)
    return next(same, before[0] if before else None)


def _ranked(found: Audited) -> Iterator[ChoiceRank]:
    """Yield every child of every declared choice, by credits left and then by what is met."""
    labels = labels_of(found.resolved)
    for node in nodes(found.resolved.tree):
        if not isinstance(node, Any) or not node.declare or node.n != 1:
            continue
        name = str(node.header.id)
        audits: list[tuple[str, Audited, Retaken | None]] = []
        for child in node.children:
            choices = {**found.choices, name: str(child.header.id)}  # type: ignore[union-attr]
            one = audit_again(found, choices=choices)
            audits.append((choices[name], one, retaken(one)))
        ordered = sorted(enumerate(audits), key=lambda pair: (*_left(*pair[1][1:]), pair[0]))
        for place, (_, (child_id, one, again)) in enumerate(ordered):
            yield ChoiceRank(
                choice=name,
                child=child_id,
                label=labels.get(child_id, child_id),
                rank=place + 1,
                is_declared=found.choices.get(name) == child_id,
                summary=short(one, again),
                missing=_missing(one, again),
                no_longer=no_longer(found, one),
            )


def _left(found: Audited, again: Retaken | None) -> tuple[bool, Fraction, int]:
    left = found.result.credits_left if again is None else again.cost
    return left is None, left or Fraction(0), -len(found.result.met)


def _without_transfer(
    subject: Subject, transfer: Sequence[str], found: Sequence[Audited]
) -> Iterator[str]:
    """Yield what the audit says if nothing is carried over, where no rule says how much is."""
    carries = any(one.source is CreditSource.TRANSFER for one in subject.record.attempts)
    if not transfer or not carries or names_transfer(subject.program):
        return
    first = found[0]
    bare = audit_again(first, record=without_transfer(subject.record))
    if bare.result.credits_left == first.result.credits_left:
        return
    words = credits_left_words(bare.result.credits_left, is_proven=bare.result.is_proven)
    yield f"if nothing is carried over: {words}"


def _differing(found: Sequence[Audited]) -> Iterator[str]:
    """Yield what the audits under different readings and facts disagree on."""
    if len(found) < 2:
        return
    first, *others = found
    base = short(first, retaken(first))
    for one in others:
        labels = labels_of(first.resolved) | labels_of(one.resolved)
        told = differences(base, short(one, retaken(one)), labels)
        yield f"{_named(one.resolved)}: " + (
            "; ".join(told) if told else f"no difference from {_named(first.resolved)}"
        )


def _named(resolved: Resolved) -> str:
    return variant_words(resolved.readings + resolved.branches)
