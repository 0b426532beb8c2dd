"""An audit as one page that stands alone, and the sentences that every interface says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prospectus.app.audit_answers import AuditAnswer, AuditedCourse, AuditVariant, GradeLine
from prospectus.app.audit_words import credits_left_words
from prospectus.app.files import write_whole
from prospectus.app.words import count, listed
from prospectus.compare.cells import MARKS, long_day
from prospectus.domain.printer import print_number

SYMBOLS = {
    "met": "[x]",
    "in progress": "[>]",
    "planned": "[+]",
    "pending": "[?]",
    "not met": "[ ]",
}
"""The sign of each standing; the word always stands beside it."""

CLOCK_SYMBOLS = {
    "kept": "[x]",
    "running": "[>]",
    "late": "[!]",
    "missed": "[!]",
    "undated": "[?]",
}
"""The sign of each state of a rule with a date."""

KEY = ", ".join([*(f"{sign} {word}" for word, sign in SYMBOLS.items()), "[!] missed or late"])
"""Every sign with its word."""

_OPEN = ("in progress", "registered", "planned")

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
    clock_symbols: dict[str, str]
    key: str
    marks: str


def headline(variant: AuditVariant) -> str:
    """Return the audit in one sentence."""
    standing = variant.summary.standing
    text = _HEADS[standing]
    if standing == "met" and variant.unknown:
        text += " as far as the rules are known"
    if not variant.is_complete:
        text += f": {credits_left_words(variant.credits.left, is_proven=variant.is_proven)}"
        if variant.retakes:
            text += ", " + " and ".join(line.text for line in variant.retakes)
        elif variant.credits.left is None and any(line.again for line in variant.missing):
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
    text += f"; {variant.summary.n_met} of {count(n, 'requirement')} met"
    for state in ("missed", "late"):
        if clocks := [clock.label for clock in variant.clocks if clock.state == state]:
            text += f"; {state}: {', '.join(clocks)}"
    return text


def grade_text(line: GradeLine) -> str:
    """Return what another grade would have changed, as one sentence."""
    before, after = line.before, line.credits_left
    told = []
    if after is None and before is not None:
        told.append(
            f"new courses alone would not complete it, {count(before, 'credit')} left as it is"
        )
    elif after is not None and before is None:
        told.append(
            f"{count(after, 'credit')} left, where new courses alone do not complete it now"
        )
    elif after is not None and before is not None and after != before:
        told.append(f"{count(after, 'credit')} left instead of {print_number(before)}")
    told += [f"meets {listed(list(line.gained), 'and')}"] if line.gained else []
    told += [f"no longer meets {listed(list(line.lost), 'and')}"] if line.lost else []
    return f"{line.better} instead of {line.grade} in {line.course}: {'; '.join(told)}"


def held_text(course: AuditedCourse) -> str:
    """Return a course on the record in a few words."""
    text = course.code
    if course.grade is not None:
        text += f" {course.grade}" + (" expected" if course.status in _OPEN else "")
    if course.status not in ("passed",):
        text += f" ({course.status})"
    if course.source != "home":
        text += f" ({course.source})"
    return text + (f", {course.period}" if course.period else "")


def days_text(n: int) -> str:
    """Return how far a day is ahead or past."""
    return f"{count(n, 'day')} left" if n >= 0 else f"{count(-n, 'day')} ago"


def label_of(name: str, variant: AuditVariant) -> str:
    """Return the name of a requirement by its id."""
    return next((line.label for line in variant.requirements if line.id == name), name)


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
        clock_symbols=CLOCK_SYMBOLS,
        key=KEY,
        marks=MARKS,
    )


def render_audit(context: AuditContext) -> str:
    """Return the page as HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

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
    environment.filters["better"] = grade_text
    environment.filters["days"] = days_text
    environment.filters["label_of"] = label_of
    return environment.get_template("audit.html").render(page=context)
