"""What a programme and its courses say that lists of courses and requisites cannot hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prospectus.domain.course import Course, Delivery
from prospectus.domain.facts import Completeness
from prospectus.domain.printer import print_number
from prospectus.domain.program import Program, School
from prospectus.domain.requirement import (
    All,
    Any,
    Fill,
    Gpa,
    Item,
    Measure,
    Reading,
    When,
)
from prospectus.domain.rule import Exclude, Gate, Overlap, Position, Rule
from prospectus.exchange.losses import Losses


def note_rules(program: Program, chosen: Mapping[str, str], losses: Losses) -> None:
    """Note the rules of a programme that are left out, each by its name.

    Of an `any` that is `chosen`, by its id, the other children are not looked at.
    """
    if program.completeness is not Completeness.COMPLETE:
        losses.add("what the catalog itself has not encoded", program.completeness.value)
    losses.add("what no source gives", *program.unknown)
    _note_tree(program.tree, chosen, losses)
    for rule in program.rules:
        _note_rule(rule, losses)
    enrolment, record = program.enrolment, program.record_rules
    losses.add(
        "limits on how much is taken at once", *(load.header.name for load in enrolment.loads)
    )
    losses.add("sequences that a cohort is held to", *map(" ".join, enrolment.locked_sequence))
    months = {
        "longest gap": enrolment.gap_months,
        "shortest study": enrolment.min_months,
        "longest study": enrolment.max_months,
        "expiry of courses": record.expires_months,
    }
    losses.add("limits of time", *(name for name, value in months.items() if value is not None))
    if record.repeats is not None or record.attempts_at_most is not None:
        losses.add("rules on repeated courses", program.id)
    if program.min_grade is not None:
        losses.add("the grade floor of the programme", program.min_grade)
    losses.add("certificates and exit awards", *(item.name for item in program.credentials))


def note_courses(courses: Iterable[Course], losses: Losses) -> None:
    """Note what is known of courses and has no column."""
    told = tuple(courses)
    facts = {
        "weekly hours": [c.code for c in told if c.hours is not None],
        "difficulty": [c.code for c in told if c.difficulty is not None],
        "topics and areas": [c.code for c in told if c.topics or c.areas],
        "how courses are delivered": [c.code for c in told if c.delivery is not Delivery.UNKNOWN],
        "courses that may be repeated": [c.code for c in told if c.repeatable is not None],
        "sources and days of facts": [c.code for c in told if c.provenance.sources],
    }
    for what, codes in facts.items():
        losses.add(what, *codes)
    losses.add(
        "variable credits: the least is written",
        *(
            f"{c.code}: {print_number(c.credits_low)} to {print_number(c.credits_high)}"
            for c in told
            if c.credits_low != c.credits_high
        ),
    )


def note_school(
    program: Program, school: School, courses: Iterable[Course], losses: Losses
) -> None:
    """Note what is known of offerings, prices and admission."""
    codes = {course.code for course in courses}
    offered = dict.fromkeys(offer.course for offer in school.offerings if offer.course in codes)
    losses.add("when courses are offered", *offered)
    mine = [fee for fee in school.fees if not fee.programs or program.id in fee.programs]
    losses.add("prices", *(fee.id for fee in mine))
    admission = program.admission
    if admission.eligibility is not None:
        losses.add("who is admitted", program.id)
    losses.add("days by which to apply", *(deadline.start for deadline in admission.deadlines))


def _note_tree(item: Item, chosen: Mapping[str, str], losses: Losses) -> None:
    match item:
        case All() | Any():
            if item.min_grade is not None:
                losses.add("grade floors of requirements", item.header.name)
            taken = chosen.get(str(item.header.id))
            for child in item.children:
                if taken in (None, _id_of(child)):
                    _note_tree(child, chosen, losses)
        case When(then=then, otherwise=otherwise):
            _note_tree(then, chosen, losses)
            if otherwise is not None:
                _note_tree(otherwise, chosen, losses)
        case Reading(options=options):
            for _, option in options:
                _note_tree(option, chosen, losses)
        case Fill():
            if item.min_grade is not None:
                losses.add("grade floors of requirements", item.header.name)
            if item.with_ or item.areas is not None:
                losses.add("minima and areas inside a requirement", item.header.name)
            if item.basis or item.source:
                losses.add("where credit may come from and how it is graded", item.header.name)
        case Measure():
            losses.add("caps and minima", item.header.name)
        case Gpa():
            losses.add("grade averages", item.header.name)
        case _:
            return


def _id_of(item: Item) -> str | None:
    return None if isinstance(item, When | Reading) else str(item.header.id)


def _note_rule(rule: Rule | When[Rule] | Reading[Rule], losses: Losses) -> None:
    match rule:
        case When(then=then, otherwise=otherwise):
            _note_rule(then, losses)
            if otherwise is not None:
                _note_rule(otherwise, losses)
        case Reading(options=options):
            for _, option in options:
                _note_rule(option, losses)
        case Gate():
            losses.add("gates: what must be done before other courses open", rule.header.name)
        case Position():
            losses.add("rules on when a course may stand", rule.header.name)
        case Exclude():
            losses.add("courses that lose their credit beside others", rule.header.name)
        case Overlap():
            losses.add("rules on counting a course twice", rule.header.name)
        case Measure():
            losses.add("caps and minima", rule.header.name)
        case Gpa():
            losses.add("grade averages", rule.header.name)
