"""An audit as one page that stands alone, and the sentences that every interface says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prospectus.app.audit_answers import AuditAnswer, AuditedCourse, AuditVariant
from prospectus.app.audit_words import credits_left_words
from prospectus.app.files import write_whole
from prospectus.app.words import count
from prospectus.compare.cells import MARKS, long_day

SYMBOLS = {
    "met": "[x]",
    "in progress": "[>]",
    "planned": "[+]",
    "pending": "[?]",
    "not met": "[ ]",
}
"""The sign of each standing; the word always stands beside it."""

_HEADS = {
    "met": "Complete",
    "in progress": "Complete once what is in progress is passed",
    "planned": "Complete once what is planned is passed",
    "pending": "Not certain yet",
    "not met": "Not complete",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditContext:
    """Everything the template of the audit may use.

    `headlines` has one sentence for each variant, `names` what tells the variants apart.
    """

    title: str
    answer: AuditAnswer
    today: str
    headlines: tuple[str, ...]
    names: tuple[str, ...]
    symbols: dict[str, str]
    marks: str


def headline(variant: AuditVariant) -> str:
    """Return the audit in one sentence."""
    standing = variant.summary.standing
    text = _HEADS[standing]
    if standing == "met" and variant.unknown:
        text += " as far as the rules are known"
    if not variant.is_complete:
        text += f": {credits_left_words(variant.credits.left, is_proven=variant.is_proven)}"
        if variant.credits.left is None and any(line.again for line in variant.missing):
            text += ", but one taken again may"
        waits = [
            line.label
            for line in variant.requirements
            if line.kind in ("gpa", "milestone", "measure")
            and line.standing in ("pending", "not met")
        ]
        if variant.credits.left == 0 and waits:
            text += f"; open: {', '.join(waits)}"
    if not variant.is_proven:
        text += " (the search reached its limit: not proven)"
    n = variant.summary.n_requirements
    return f"{text}; {variant.summary.n_met} of {count(n, 'requirement')} met"


def held_text(course: AuditedCourse) -> str:
    """Return a course on the record in a few words."""
    text = course.code
    if course.grade is not None:
        text += f" {course.grade}" + (" expected" if course.status != "passed" else "")
    if course.status not in ("passed",):
        text += f" ({course.status})"
    if course.source != "home":
        text += f" ({course.source})"
    return text + (f", {course.period}" if course.period else "")


def variant_name(variant: AuditVariant) -> str:
    """Return what tells a variant from the others: readings, and facts left open."""
    return ", ".join(f"{name} {value}" for name, value in variant.variant)


def write_audit(answer: AuditAnswer, path: Path) -> None:
    """Write the page whole or not at all.

    Raises
    ------
    UsageError
        USE-005 when it cannot be written.
    """
    write_whole(path, render_audit(audit_context(answer)))


def audit_context(answer: AuditAnswer) -> AuditContext:
    """Return what the page shows of an answer."""
    who = f" for {answer.student}" if answer.student else ""
    return AuditContext(
        title=f"{answer.program_name}: degree audit{who}",
        answer=answer,
        today=long_day(answer.today),
        headlines=tuple(headline(variant) for variant in answer.variants),
        names=tuple(variant_name(variant) for variant in answer.variants),
        symbols=SYMBOLS,
        marks=MARKS,
    )


def render_audit(context: AuditContext) -> str:
    """Return the page as HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from prospectus.domain.printer import print_number

    environment = Environment(
        loader=PackageLoader("prospectus", "app/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = print_number
    environment.filters["day"] = long_day
    environment.filters["held"] = held_text
    return environment.get_template("audit.html").render(page=context)
