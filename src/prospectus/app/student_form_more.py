"""What else a student document can say: the folded part of the form."""

from __future__ import annotations

from prospectus.app.student_form_fields import YEAR, FieldGroup, Widget, plain, rest, usual
from prospectus.app.student_form_places import Usual
from prospectus.app.student_form_values import (
    DEGREES,
    EXCEPTIONS,
    GROUPS,
    LIST,
    MAPPING,
    MILESTONES,
    TOXIC,
    WORD,
)

YES_NO = (("", "not said"), ("yes", "yes"), ("no", "no"))
_POCKET = Usual(("money", "out_of_pocket", "per_year"), "every")
_CREDITS = Usual(("wishes", "credits_per_term"), "usual")

STUDIES = FieldGroup(
    id="studies",
    title="Where you study already",
    about="Whose student you are or will be. Leave it empty to compare all programmes as an "
    "applicant.",
    fields=(
        plain("program", "Programme", widget=Widget.CHOICE),
        plain(
            "catalog_year",
            "Rules of the year",
            widget=Widget.CHOICE,
            hint="the catalogue year you are held to; left open, the newest",
        ),
        plain(
            "matriculation",
            "Studies began",
            WORD,
            Widget.DAY,
            hint="leave it empty if you have not begun",
        ),
        plain("member_of", "Programmes you belong to", LIST, example="gatech-omsa"),
    ),
)

AGREED = FieldGroup(
    id="agreed",
    title="Milestones, and exceptions that were agreed",
    about="Of the programme that you named above; the rules are meant by their ids.",
    fields=(
        plain(
            "milestones",
            "How milestones stand",
            MILESTONES,
            Widget.LINES,
            hint="passed, in progress or failed, and the day",
            example="thesis: passed, 2026-05-01",
        ),
        plain(
            "exceptions",
            "Exceptions, one on each line",
            EXCEPTIONS,
            Widget.LINES,
            hint="waive, force, substitute or insert, the rule, and who agreed when and why",
            example="waive ml-core; who: J. Doe; when: 2026-05-01; why: equal work\n"
            "substitute ml-core; course: CS 6601; replaces: CS 7641; who: J. Doe; "
            "when: 2026-05-01; why: same content",
        ),
    ),
)

MORE = (
    FieldGroup(
        id="pauses",
        title="Pauses",
        fields=(
            plain(
                "pauses",
                "Days on which nothing may run",
                LIST,
                example="2027-07-01..2027-08-15",
                hint="ranges of days with two dots, a comma between them",
            ),
        ),
    ),
    FieldGroup(
        id="topics",
        title="Courses and topics you want, or not",
        fields=(
            plain("wanted.courses", "Courses that must be in the plan", LIST, example="CS 7643"),
            plain("wanted.topics", "Topics you want", LIST, example="natural language processing"),
            plain("unwanted.courses", "Courses you do not want", LIST, example="CS 7210"),
            plain("unwanted.topics", "Topics you do not want", LIST, example="law"),
            plain(
                "preferences",
                "Points for single courses",
                MAPPING,
                Widget.LINES,
                hint="below 0 for doing without",
                example="CS 7643: 3\nCS 6210: -2",
            ),
            plain(
                "least_offering_share",
                "Rely only on courses that ran in at least",
                WORD,
                Widget.SHORT,
                hint="a share of such terms",
                example="50%",
            ),
        ),
    ),
    FieldGroup(
        id="about",
        title="For admission and prices",
        about="What you leave out is unknown, not no.",
        fields=(
            plain("residence", "Residence", example="US-CO", hint="where a price depends on it"),
            plain("citizenship", "Citizenship", example="US"),
            plain("visa", "Visa", example="F-1"),
            plain(
                "degrees",
                "Degrees you hold",
                DEGREES,
                Widget.LINES,
                example="bachelor: nursing",
                hint="level and field, one on each line",
            ),
            plain("gpa", "Grade average", WORD, Widget.SHORT, example="3.4", hint="A is 4"),
            plain("tests", "Tests", MAPPING, Widget.LINES, example="TOEFL: 104"),
            plain("background", "What you know already", LIST, example="python, linear algebra"),
            plain(
                "facts",
                "Other facts that rules ask",
                MAPPING,
                Widget.LINES,
                example="employed: yes",
            ),
        ),
    ),
    FieldGroup(
        id="wishes",
        title="Wishes about courses and terms",
        fields=(
            plain(
                "wishes.apart",
                "Never at the same time",
                GROUPS,
                Widget.LINES,
                example="CS 6515, CS 7641",
                hint="two or more courses on each line",
            ),
            plain("wishes.together", "Begin together, or not at all", GROUPS, Widget.LINES),
            plain("wishes.in_order", "One after the other", GROUPS, Widget.LINES),
            plain("wishes.heavy.hours", "A course is heavy from hours a week", WORD, Widget.SHORT),
            plain("wishes.heavy.courses", "Or these courses are heavy", LIST),
            plain("wishes.heavy.at_most", "Heavy courses at once, at most", WORD, Widget.SHORT),
            usual(_CREDITS, "Credits in a term", example="3..6", hint="least and most: 3..6"),
            rest(_CREDITS, "Credits in some terms", "Summer: ..3"),
            plain(
                "wishes.half_time",
                "Credits that count as half-time",
                WORD,
                Widget.SHORT,
                hint="at least so many in each term but the last",
            ),
            plain(
                "wishes.avoid",
                "Kinds of courses to do without",
                LIST,
                example="in person, hybrid, live, group work, proctored",
            ),
            plain(
                "wishes.no_campus_visits",
                "No visits to a campus",
                WORD,
                Widget.CHOICE,
                options=YES_NO,
            ),
            plain(
                "wishes.topics_by",
                "A topic by a day",
                MAPPING,
                Widget.LINES,
                example="computer vision: 2029-05-31",
            ),
            plain(
                "wishes.begin",
                "The first course begins within",
                example="2027-01-01..2027-12-31",
            ),
            plain("wishes.buffer_terms", "Whole terms left before the end", WORD, Widget.SHORT),
            plain(
                "wishes.place",
                "A course in this term",
                MAPPING,
                Widget.LINES,
                example="CS 7641: Fall 2027",
            ),
            plain("wishes.not_in", "A course not in this term", MAPPING, Widget.LINES),
            plain(
                "wishes.if_approved",
                "A course only if approved by",
                MAPPING,
                Widget.LINES,
                example="CS 7210: advisor",
            ),
            plain(
                "approvals",
                "How approvals stand",
                MAPPING,
                Widget.LINES,
                hint="open, requested, granted or refused",
                example="advisor: granted",
            ),
            plain(
                "toxic_pairs",
                "Pairs that are bad in one term",
                TOXIC,
                Widget.LINES,
                hint="with a weight, if you like",
                example="CS 6210, CS 6515: 2",
            ),
        ),
    ),
    FieldGroup(
        id="payback",
        title="Money, more closely",
        fields=(
            rest(YEAR, "Other amounts in single years", "2027: USD 2000"),
            plain(
                "money.currency",
                "Currency of amounts without one",
                widget=Widget.SHORT,
                example="USD",
            ),
            plain(
                "money.employer.min_grade",
                "The employer pays from the grade",
                widget=Widget.SHORT,
                example="B",
            ),
            plain(
                "money.employer.paid_after_days",
                "So many days after a term's end",
                WORD,
                Widget.SHORT,
                example="45",
            ),
            plain(
                "money.employer.carry_over",
                "What a year leaves is added to the next",
                WORD,
                Widget.CHOICE,
                options=YES_NO,
            ),
            plain("money.employer.covers", "Only these fees", LIST, example="tuition"),
            plain(
                "money.out_of_pocket.total",
                "Of my own, in total",
                WORD,
                Widget.SHORT,
                example="USD 9000",
            ),
            usual(_POCKET, "Of my own, in each calendar year", example="USD 3000"),
            rest(_POCKET, "Of my own, in single years", "2027: USD 1000"),
            plain(
                "money.rates_grow",
                "Prices grow each year by",
                WORD,
                Widget.SHORT,
                hint="beyond the last published year",
                example="3%",
            ),
        ),
    ),
    FieldGroup(
        id="goals",
        title="What may be missed, and what is worth what",
        fields=(
            plain(
                "goals",
                "Wishes that may be missed",
                LIST,
                example="hours, together, wanted CS 7643",
                hint="missed as seldom as can be; without this every wish is a must",
            ),
            plain(
                "trade",
                "What levels are worth in money",
                MAPPING,
                Widget.LINES,
                hint="a day later, an hour a week more",
                example="cost: 1\nfinish: 10\npeak: 50",
            ),
        ),
    ),
)
