"""An audit as one page that stands alone, and the sentences that every interface says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from prospectus.app.audit_answers import (
    NOT_KNOWN,
    AuditAnswer,
    AuditedCourse,
    AuditVariant,
    ChoiceRank,
    GradeLine,
    MissingLine,
    StepLine,
    UnusedLine,
    WaysLine,
)
from prospectus.app.audit_spread import variant_words
from prospectus.app.audit_words import credits_left_words
from prospectus.app.files import write_whole
from prospectus.app.pages import page_environment
from prospectus.app.words import MARKS_LINE, count, listed
from prospectus.domain.printer import long_day, print_number

if TYPE_CHECKING:
    from jinja2 import Environment

SYMBOLS = {
    "met": "[x]",
    "in progress": "[>]",
    "planned": "[+]",
    "pending": "[?]",
    NOT_KNOWN: "[?]",
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
    NOT_KNOWN: "Not known whether complete: too little of what the degree asks is known",
    "not met": "Not complete",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditContext:
    """Everything the template of the audit may use.

    `headlines` has one sentence for each variant, `names` what tells the variants apart, `shown`
    says which of them comes first, `unproven` what the search did not prove.
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
    shown: str
    unproven: tuple[str, ...]


def headline(variant: AuditVariant) -> str:
    """Return the audit in one sentence."""
    standing = variant.summary.standing
    text = _HEADS[standing]
    if standing == "met" and variant.unknown:
        text += " as far as the rules are known"
    if not variant.is_complete and standing != NOT_KNOWN:
        is_least = variant.is_proven or variant.credits.left == variant.bound
        text += f": {credits_left_words(variant.credits.left, is_proven=is_least)}"
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
    text += f"; {variant.summary.n_met} of {count(n, 'requirement')} met" if n else ""
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
        least = "" if line.is_proven else ", perhaps fewer,"
        told.append(f"{count(after, 'credit')} left{least} instead of {print_number(before)}")
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
        text += f" ({course.source}{f' from {course.school}' if course.school else ''})"
    return text + (f", {course.period}" if course.period else "")


def missing_text(line: MissingLine) -> str:
    """Return what a requirement lacks; its name is left out where it is the course itself."""
    is_named = line.text == line.label or line.text.startswith(
        (f"{line.label} (", f"{line.label};")
    )
    return line.text if is_named else f"{line.label}: {line.text}"


def rank_text(rank: ChoiceRank) -> str:
    """Return what is left under one choice, and why it stands where it does."""
    short = rank.summary
    if short.credits_left is None:
        left = "cannot be completed"
    else:
        left = f"{count(short.credits_left, 'credit')} left"
        left += "".join(f" and {text}" for text in short.again)
    text = f"{rank.label} ({rank.choice}={rank.child}): {left}"
    text += f"; {short.n_met} of {count(short.n_requirements, 'requirement')} met"
    return text + ("; declared" if rank.is_declared else "")


def step_text(step: StepLine) -> str:
    """Return a course by code and title; an id of our own (`~...`) says nothing to a reader."""
    if step.course.startswith("~") and step.title:
        return step.title
    return f"{step.course} {step.title}".rstrip()


def ways_text(ways: WaysLine) -> str:
    """Return how many ways are left, as one sentence."""
    at_least = "" if ways.is_exact else "at least "
    sets = "set of courses completes" if ways.count == 1 else "sets of courses complete"
    return f"Ways left: {at_least}{ways.count} {sets} it with as few credits."


def grouped(lines: tuple[UnusedLine, ...]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return what is not used as courses, reason and path; what has one reason stands together."""
    groups: dict[tuple[str, tuple[str, ...], str], list[AuditedCourse]] = {}
    for line in lines:
        groups.setdefault((line.text, line.path, line.course.school), []).append(line.course)
    return tuple((_together(courses), text, path) for (text, path, _), courses in groups.items())


def _together(courses: list[AuditedCourse]) -> str:
    """Return courses from one school, which is named once."""
    school = courses[0].school if len(courses) > 1 else ""
    names = (held_text(replace(one, school="") if school else one) for one in courses)
    return "; ".join(names) + (f" (all from {school})" if school else "")


def shown_text(answer: AuditAnswer) -> str:
    """Return which of several audits is shown in full; nothing where there is one."""
    first, n = variant_name(answer.variants[0]), len(answer.variants)
    if n == 1:
        return f"Judged with {first}." if first else ""
    return f"Shown in full: {first}, the first of {n} ways to judge; the others stand below."


def unproven_texts(answer: AuditAnswer, hint: str = " --seconds allows more.") -> tuple[str, ...]:
    """Return what the search did not prove, a sentence for each audit that reached its limit.

    `hint` is what the reader can do about it.
    """
    told = []
    for variant in answer.variants:
        if variant.is_proven:
            continue
        name, bound = variant_name(variant), count(variant.bound, "credit")
        where = f" with {name}" if name else ""
        if variant.credits.left == variant.bound:
            text = f"fewer than {bound} left is ruled out, a way that meets more now is not"
        else:
            text = f"all that is proven is that {bound} are left at least"
        told.append(f"The search{where} reached its limit: {text}.{hint}")
    return tuple(told)


def days_text(n: int) -> str:
    """Return how far a day is ahead or past."""
    return f"{count(n, 'day')} left" if n >= 0 else f"{count(-n, 'day')} ago"


def label_of(name: str, variant: AuditVariant) -> str:
    """Return the name of a requirement by its id."""
    return next((line.label for line in variant.requirements if line.id == name), name)


def variant_name(variant: AuditVariant) -> str:
    """Return what tells a variant from the others: readings, and facts left open."""
    return variant_words(variant.variant)


def write_audit(answer: AuditAnswer, path: Path) -> None:
    """Write the page whole or not at all.

    Raises
    ------
    UsageError
        USE-005 when it cannot be written.
    """
    write_whole(path, render_audit(audit_context(answer)))


def audit_context(answer: AuditAnswer, *, on_page: bool = False) -> AuditContext:
    """Return what the page shows of an answer.

    `on_page`: a page of the web application, where nobody types commands.
    """
    if on_page:
        notes = tuple(replace(fault, fix=fault.page_fix) for fault in answer.notes)
        answer = replace(answer, notes=notes)
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
        marks=MARKS_LINE,
        shown=shown_text(answer),
        unproven=unproven_texts(answer, "") if on_page else unproven_texts(answer),
    )


def render_audit(context: AuditContext) -> str:
    """Return the page as HTML."""
    environment = page_environment()
    add_filters(environment)
    return environment.get_template("audit.html").render(page=context)


def add_filters(environment: Environment) -> None:
    """Let templates say what an audit says."""
    environment.filters["number"] = print_number
    environment.filters["day"] = long_day
    environment.filters["held"] = held_text
    environment.filters["better"] = grade_text
    environment.filters["days"] = days_text
    environment.filters["missing"] = missing_text
    environment.filters["rank"] = rank_text
    environment.filters["ways"] = ways_text
    environment.filters["course"] = step_text
    environment.filters["grouped"] = grouped
    environment.filters["credits"] = lambda n: count(n, "credit")
    environment.filters["listed"] = lambda words: listed(list(words), "and")
    environment.filters["label_of"] = label_of
