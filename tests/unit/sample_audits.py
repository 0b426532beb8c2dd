"""An answer of the audit with something in every place, without a search."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from hand_made_audits import audited, missing
from tests.degrees import TODAY, at_most, degree, has, leaf, mean, milestone, running, taken

from prospectus.app.audit_answers import (
    AuditAnswer,
    AuditVariant,
    ChoiceRank,
    ClockLine,
    Contrast,
    ExceptionLine,
    GradeLine,
    OpenChoice,
    StepLine,
    WaysLine,
)
from prospectus.app.audit_lines import (
    cap_lines,
    credit_sums,
    requirement_lines,
    standing_lines,
    summary,
)
from prospectus.app.audit_missing import missing_lines
from prospectus.app.audit_unused import unused_lines
from prospectus.audit.result import Reason, Unused
from prospectus.domain.errors import Fault, Severity
from prospectus.domain.facts import Source
from prospectus.domain.requirement import Gpa, Milestone, NodeId


def answer(**more: object) -> AuditAnswer:
    """An audit with a course missing, one not used, and something of every other kind."""
    fields: dict[str, object] = {
        "student": "Sam",
        "record": "sam.yaml",
        "today": TODAY,
        "program": "ms",
        "program_name": "Master of <Tests>",
        "school": "School",
        "catalog_year": "2026-27",
        "completeness": "complete",
        "credit_unit": "credit",
        "n_attempts": 3,
        "supposed": ("CS 700 taken as planned",),
        "transfer": ("ms: Ask first.",),
        "exceptions": (
            ExceptionLine(
                kind="waive",
                node="core",
                label="core",
                course=None,
                replaces=None,
                who="advisor",
                when=dt.date(2026, 5, 1),
                why="taken elsewhere",
            ),
        ),
        "variants": (variant(),),
        "differs": ("residence abroad: no difference from residence here",),
        "notes": (
            Fault(code="REC-047", what="it is over", fix="grade it", severity=Severity.WARNING),
        ),
        "sources": (Source(id="S1", title="Rules", address="https://example.org"),),
    }
    return AuditAnswer(**(fields | more))  # type: ignore[arg-type]


def variant() -> AuditVariant:
    """One audit of two courses and one that is not used."""
    rules = degree(
        leaf("core", ["CS 600", "CS 610"], 1),
        leaf("free", "any", credits="rest"),
        at_most("outside", has("subject", "MATH"), credits=3),
        mean(3),
        milestone("thesis"),
        total=9,
    )
    found = audited(
        rules,
        [taken("CS 600", "B"), running("MATH 500"), taken("MATH 510", "C")],
        {"core": "CS 600", "free": "MATH 500"},
        completion={"free": "CS 700"},
        left=3,
        missing=[missing("free", "degree", credits=Fraction(3), one_of=["CS 700", "CS 710"])],
        unused=[
            Unused(
                attempt="MATH 510",
                reason=Reason.CAP,
                node=NodeId("outside"),
                path=(NodeId("outside"),),
                holders=("MATH 500",),
            )
        ],
    )
    lines = missing_lines(found)
    short = summary(found)
    step = StepLine(
        course="CS 700",
        title="Seven",
        credits_left=Fraction(0),
        completes=("free",),
        next_run=lines[0].next_runs[0],
    )
    return AuditVariant(
        variant=(("dispute", "a"),),
        summary=short,
        is_proven=True,
        bound=Fraction(3),
        is_sure=False,
        credits=credit_sums(found),
        requirements=requirement_lines(found, missing_lines(found)),
        missing=lines,
        unused=unused_lines(found),
        means=standing_lines(found, Gpa),
        milestones=standing_lines(found, Milestone),
        caps=cap_lines(found),
        clocks=(
            ClockLine(
                id="gate",
                label="Gate",
                kind="gate",
                on=dt.date(2026, 8, 1),
                days_left=31,
                state="running",
                text="CS 600 by 1 Aug 2026: open",
            ),
        ),
        notes=("CS 600 starts before what is recommended for it",),
        unknown=("when credit expires",),
        assumed_grades=(("CS 700", "A"),),
        open_choices=(OpenChoice(id="track", label="Track", taken=("core",), tied=("HCI",)),),
        steps=(step,),
        grades=(
            GradeLine(
                attempt="MATH 510",
                course="MATH 510",
                grade="C",
                better="B",
                credits_left=Fraction(0),
                before=Fraction(3),
                gained=("free",),
                lost=(),
            ),
        ),
        ways=WaysLine(count=2, is_exact=False),
        choices=(
            ChoiceRank(
                choice="track",
                child="ai",
                label="AI",
                rank=1,
                is_declared=True,
                summary=short,
                missing=lines,
            ),
        ),
        without_exceptions=Contrast(
            title="Without the exceptions",
            before=short,
            after=short,
            differences=("credits left: 3 -> 6",),
        ),
        what_if=Contrast(title="What if", before=short, after=short, differences=()),
    )
