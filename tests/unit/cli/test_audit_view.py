"""The audit on a terminal: eighty columns, every sign with its word, nothing left out."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from fractions import Fraction

import pytest
from rich.console import Console
from sample_audits import answer

from prospectus.app.audit_answers import AuditAnswer
from prospectus.app.audit_report import (
    SYMBOLS,
    audit_context,
    grade_text,
    grouped,
    headline,
    held_text,
    missing_text,
    rank_text,
    render_audit,
    variant_name,
)
from prospectus.app.document import envelope
from prospectus.cli.audit_view import print_audit


def _printed(what: AuditAnswer | None = None) -> str:
    out = io.StringIO()
    print_audit(what or answer(), Console(file=out, highlight=False, emoji=False, width=80))
    return out.getvalue()


def test_it_fits_eighty_columns_without_colour() -> None:
    text = _printed()
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "\x1b" not in text


def test_each_requirement_has_its_sign_and_its_word() -> None:
    text = _printed()
    assert "[x] core: met (1 of 1 courses)" in text
    assert "[ ] free: not met (3 of 6 credits)" in text
    assert "[?] thesis: pending" in text


@pytest.mark.parametrize(
    "words",
    [
        "Supposed: CS 700 taken as planned.",
        "Not complete: 3 credits left at least",
        "Judged with dispute a.",
        "3 earned, 3 in progress of 9",
        "free: one of CS 700, CS 710",
        "MATH 510 C, Fall 2025: the most is reached by MATH 500: at most 3 credits",
        "Track is not declared; judged as core; as good: HCI.",
        "1. AI (track=ai): 3 credits left",
        "declared",
        "at most 3 credits of MATH courses: 3 of 3 credits: reached; left out: MATH 510",
        "[>] Gate: CS 600 by 1 Aug 2026: open - running (31 days left)",
        "CS 700 Seven: 0 credits left then; completes free",
        "B instead of C in MATH 510: 0 credits left instead of 3; meets free",
        "Ways left: at least 2 sets of courses complete it",
        "waive at core (core): taken elsewhere; advisor, 1 May 2026",
        "credits left: 3 -> 6",
        "nothing would be different",
        "when credit expires",
        "A or better in CS 700",
        "leans on an approval not given",
        "residence abroad: no difference",
        "REC-047: it is over; grade it",
    ],
)
def test_everything_is_told(words: str) -> None:
    flat = " ".join(_printed().split())
    assert words in flat


def test_a_complete_degree_with_unknown_rules_is_complete_as_far_as_they_are_known() -> None:
    whole = answer()
    (one,) = whole.variants
    done = replace(one, summary=replace(one.summary, standing="met"), missing=())
    assert "Complete as far as the rules are known" in _printed(replace(whole, variants=(done,)))


def test_a_limit_that_was_reached_is_said() -> None:
    whole = answer()
    (one,) = whole.variants
    text = _printed(replace(whole, variants=(replace(one, is_proven=False),)))
    assert "not proven" in " ".join(text.split())


@pytest.mark.parametrize(("bound", "told"), [(3, "fewer than 3 credits left"), (0, "0 credits")])
def test_an_audit_that_is_not_shown_and_reached_its_limit_is_named(bound: int, told: str) -> None:
    whole = answer()
    (one,) = whole.variants
    other = replace(one, variant=(("dispute", "b"),), is_proven=False, bound=Fraction(bound))
    text = " ".join(_printed(replace(whole, variants=(one, other))).split())
    assert "The search with dispute b reached its limit" in text
    assert told in text


def test_a_grade_that_is_over_is_not_called_expected() -> None:
    course = answer().variants[0].unused[0].course
    told = {
        status: held_text(replace(course, code="CS 600", grade="F", status=status, period=""))
        for status in ("failed", "withdrawn", "incomplete", "planned", "in progress")
    }
    assert told == {
        "failed": "CS 600 F (failed)",
        "withdrawn": "CS 600 F (withdrawn)",
        "incomplete": "CS 600 F (incomplete)",
        "planned": "CS 600 F expected (planned)",
        "in progress": "CS 600 F expected (in progress)",
    }


def test_what_a_better_grade_would_have_changed_is_whole_in_every_case() -> None:
    line = replace(answer().variants[0].grades[0], gained=())
    three = Fraction(3)

    def told(before: Fraction | None, after: Fraction | None, *gained: str) -> str:
        text = grade_text(replace(line, before=before, credits_left=after, gained=gained))
        return text.removeprefix("B instead of C in MATH 510: ")

    assert told(three, None) == "new courses alone would not complete it, 3 credits left as it is"
    assert told(None, three) == "3 credits left, where new courses alone do not complete it now"
    assert told(None, None, "Grade point average") == "meets Grade point average"
    assert told(three, three, "Core") == "meets Core"
    assert told(Fraction(6), three, "Core") == "3 credits left instead of 6; meets Core"


def test_a_date_that_was_not_kept_reaches_the_headline_and_the_key() -> None:
    whole = answer()
    (one,) = whole.variants
    gate = one.clocks[0]
    clocks = (
        replace(gate, label="Time limit", state="missed", days_left=-10),
        replace(gate, label="Foundation", state="late"),
    )
    other = replace(whole, variants=(replace(one, clocks=clocks),))
    assert headline(other.variants[0]).endswith("; missed: Time limit; late: Foundation")
    flat = " ".join(_printed(other).split())
    assert "[!] Time limit" in flat
    assert "[!] Foundation" in flat
    assert "[ ] not met, [!] missed or late" in flat
    page = render_audit(audit_context(other))
    assert "[!] missed or late" in page
    assert 'aria-hidden="true">[!]</span> Time limit' in page
    assert "missed, 10 days ago" in page


def test_the_page_says_the_answer_before_the_other_readings() -> None:
    page = render_audit(audit_context(answer()))
    assert page.index('class="headline"') < page.index("Under other readings or facts")


def test_the_page_names_choices_as_the_terminal_does() -> None:
    whole = answer()
    (one,) = whole.variants
    named = tuple(
        replace(line, label="The Core") if line.id == "core" else line for line in one.requirements
    )
    page = render_audit(audit_context(replace(whole, variants=(replace(one, requirements=named),))))
    assert "judged as The Core; as good: HCI" in page
    assert "AI (track=ai): 3 credits left" in page


def test_the_page_stands_alone_and_says_every_state_in_words() -> None:
    page = render_audit(audit_context(answer()))
    assert "<script" not in page
    assert "http" not in page.replace("https://example.org", "")
    assert "Master of &lt;Tests&gt;" in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    for word in ("met", "not met", "pending"):
        assert f'aria-hidden="true">{SYMBOLS[word]}</span> {word}' in page
    assert "Missing: one of CS 700, CS 710" in page
    assert "the most is reached by MATH 500" in page


def test_the_document_holds_the_whole_answer() -> None:
    found = answer()
    document = json.loads(envelope("audit", found, warnings=found.notes))
    assert document["schema"] == "prospectus.audit"
    assert document["warnings"][0]["code"] == "REC-047"
    (one,) = document["result"]["variants"]
    assert one["summary"]["credits_left"] == 3
    assert one["requirements"][0]["standing"] == "not met"


def test_what_the_answer_depends_on_stands_right_below_it() -> None:
    told = replace(answer(), spread="3 or 6 credits left, depending on how 'dispute' is read")
    lines = _printed(told).splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("Not complete: "))
    assert "3 or 6 credits left, depending on how" in " ".join(lines[place : place + 4])
    page = render_audit(audit_context(told))
    assert page.index('class="headline"') < page.index("3 or 6 credits left")
    assert page.index("3 or 6 credits left") < page.index("Still to take")


def test_a_requirement_named_after_its_course_is_not_named_twice() -> None:
    line = answer().variants[0].missing[0]
    same = replace(line, label="CS 700", text="CS 700 (3 credits); it runs next in Fall 2026")
    assert missing_text(same) == same.text
    assert missing_text(replace(same, label="Core")) == f"Core: {same.text}"


def test_a_rank_says_what_is_left_what_is_taken_again_and_how_much_is_met() -> None:
    rank = answer().variants[0].choices[0]
    short = replace(rank.summary, again=("CS 600 again with B or better",), n_met=2)
    text = rank_text(replace(rank, summary=short))
    assert "3 credits left and CS 600 again with B or better; 2 of " in text
    none = rank_text(replace(rank, summary=replace(short, credits_left=None)))
    assert "cannot be completed" in none
    assert "again" not in none


def test_what_is_not_used_for_one_reason_stands_together() -> None:
    line = answer().variants[0].unused[0]
    course = replace(line.course, school="Elsewhere State", source="transfer")
    two = (replace(line, course=course), replace(line, course=replace(course, code="CS 1")))
    ((names, text, _),) = grouped(two)
    assert names.endswith("(all from Elsewhere State)")
    assert names.count("Elsewhere State") == 1
    assert text == line.text


def test_readings_and_backgrounds_are_told_in_words() -> None:
    pairs = (("total", "34"), ('background("linear algebra")', "no"), ("residence", "abroad"))
    one = replace(answer().variants[0], variant=pairs)
    assert variant_name(one) == "total 34, no background in linear algebra, residence abroad"
