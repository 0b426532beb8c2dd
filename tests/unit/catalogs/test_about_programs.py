"""What files say of a school and of a programme as a whole, and how one gets in."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from small_catalog import COURSES, PROGRAM, SCHEDULE, SCHOOL

from prospectus.catalogs.check import check
from prospectus.catalogs.load import load_catalog
from prospectus.domain.conversion import Rounding
from prospectus.domain.course import Delivery
from prospectus.domain.expression import And, Done
from prospectus.domain.facts import Certainty
from prospectus.domain.program import ExperienceKind, HeldBy, Obligation, Program, Visits

Spoil = Callable[..., Path]
HEAD = "completeness: complete\n"
COURSE = "hours: {per_week: 9, certainty: reported, n: 4}"


def with_head(spoil: Spoil, text: str) -> Path:
    """Write the small catalog with more in the head of its programme."""
    return spoil(PROGRAM, HEAD, f"{HEAD}{text}\n")


def program(spoil: Spoil, text: str) -> Program:
    """Return the programme of the small catalog with more in its head."""
    folder = with_head(spoil, text)
    assert check([folder]) == ()
    return load_catalog(folder).program("ex-ms")


# ------------------------------------------------------------------ as a whole


def test_the_country_of_a_school_is_known_by_two_letters(spoil: Spoil, catalog: Path) -> None:
    assert load_catalog(catalog).school("ex").country is None
    for written, country in (("US", "US"), ("unknown", None)):
        folder = spoil(SCHOOL, "currency: USD", f"currency: USD\ncountry: {written}")
        assert load_catalog(folder).school("ex").country == country
    (fault,) = check([spoil(SCHOOL, "currency: USD", "currency: USD\ncountry: USA")])
    assert (fault.code, fault.at.field, fault.at.line) == ("CAT-025", "country", 9)
    assert "such as US" in fault.fix


def test_nothing_is_known_of_a_programme_whose_file_says_nothing(spoil: Spoil) -> None:
    every = ("accreditation", "delivery", "experiential", "transfer")
    found = [
        program(spoil, text)
        for text in ("", "\n".join(f"{name}: unknown" for name in (*every, "notes")))
    ]
    for one in found:
        assert [getattr(one, name) for name in every] == [None] * 4
        assert one.notes == ()
        assert one.admission.starts is None


def test_none_accredits_is_not_the_same_as_nobody_says(spoil: Spoil) -> None:
    found = program(spoil, "accreditation: {bodies: [Commission], program: none, note: since 1990}")
    assert found.accreditation is not None
    assert found.accreditation.bodies == ("Commission",)
    assert found.accreditation.program == ()
    assert found.accreditation.provenance.note == "since 1990"
    assert found.accreditation.provenance.sources == ("S1",)
    unsaid = program(spoil, "accreditation: {bodies: unknown}").accreditation
    assert unsaid is not None
    assert (unsaid.bodies, unsaid.program) == (None, None)


def test_how_a_programme_is_taught_is_read(spoil: Spoil) -> None:
    text = "delivery: {mode: async, visits: none, zone: America/Chicago, notes: [Proctored.]}"
    found = program(spoil, text).delivery
    assert found is not None
    assert (found.mode, found.visits) == (Delivery.ASYNC, Visits.NONE)
    assert (found.zone, found.notes) == ("America/Chicago", ("Proctored.",))
    little = program(spoil, "delivery: {zone: unknown}").delivery
    assert little is not None
    assert (little.mode, little.visits, little.zone) == (Delivery.UNKNOWN, Visits.UNKNOWN, None)


@pytest.mark.parametrize(
    ("said", "kinds", "required"),
    [
        (
            "{kinds: [capstone, thesis], required: choice}",
            (ExperienceKind.CAPSTONE, ExperienceKind.THESIS),
            Obligation.CHOICE,
        ),
        ("{kinds: [project], required: yes}", (ExperienceKind.PROJECT,), Obligation.YES),
        ("{kinds: unknown, required: no}", None, Obligation.NO),
        ("{kinds: none}", (), Obligation.NO),
        ("{notes: [Many do one.]}", None, Obligation.UNKNOWN),
    ],
)
def test_what_is_done_beside_courses_is_read(
    spoil: Spoil, said: str, kinds: tuple[ExperienceKind, ...] | None, required: Obligation
) -> None:
    found = program(spoil, f"experiential: {said}").experiential
    assert found is not None
    assert (found.kinds, found.required) == (kinds, required)


def test_transfer_is_told_in_words_and_notes_keep_their_source(spoil: Spoil) -> None:
    text = (
        "transfer: {notes: [At most 9 credits.], certainty: reported}\n"
        "notes: [The diploma is the same., {text: Prices rose., as_of: 2025, certainty: reported}]"
    )
    found = program(spoil, text)
    assert found.transfer is not None
    assert found.transfer.notes == ("At most 9 credits.",)
    assert found.transfer.provenance.certainty is Certainty.REPORTED
    first, second = found.notes
    assert (first.text, first.provenance.certainty) == (
        "The diploma is the same.",
        Certainty.STATED,
    )
    assert (second.text, second.provenance.as_of) == ("Prices rose.", "2025")
    assert [note.text for note in program(spoil, "notes: One, with a comma.").notes] == [
        "One, with a comma."
    ]


@pytest.mark.parametrize(
    ("text", "code", "field", "fix"),
    [
        ("delivery: online", "CAT-022", "delivery", "`delivery: {mode: ..., visits: ...}`, or"),
        ("delivery: {mode: online}", "CAT-023", "delivery.mode", "write async, sync"),
        ("delivery: {visits: maybe}", "CAT-023", "delivery.visits", "write none, optional"),
        ("delivery: {zone: Chicago}", "CAT-025", "delivery.zone", "did you mean America/Chicago"),
        ("accreditation: HLC", "CAT-022", "accreditation", "{bodies: ..., program: ...}"),
        ("accreditation: {source: S9}", "CAT-040", "accreditation", "add it under `sources:`"),
        ("experiential: {kinds: capstone}", "CAT-022", "experiential.kinds", "write [capstone]"),
        ("experiential: {kinds: [essay]}", "CAT-023", "experiential.kinds[0]", "write capstone"),
        ("experiential: {required: often}", "CAT-023", "experiential.required", "write yes, no"),
        (
            "experiential: {kinds: none, required: yes}",
            "CAT-024",
            "experiential.required",
            "name its `kinds`",
        ),
        (
            "transfer: none",
            "CAT-022",
            "transfer",
            "`transfer: {notes: ..., convert: ...}`, or `unknown`",
        ),
        ("notes: [{txt: A word.}]", "CAT-021", "notes[0].txt", "text"),
        ("notes: [{text: A word., certainty: assumed}]", "CAT-072", "notes[0]", "`assumption:`"),
    ],
)
def test_a_wrong_value_of_the_head_is_told_with_its_mend(
    spoil: Spoil, text: str, code: str, field: str, fix: str
) -> None:
    found = {(fault.code, fault.at.field): fault for fault in check([with_head(spoil, text)])}
    assert fix in found[code, field].fix


# ------------------------------------------------------------------- admission


def test_deadlines_by_season_are_those_of_every_year(spoil: Spoil) -> None:
    found = program(spoil, "admission: {deadlines: {Fall: 03-15}, starts: Fall}").admission
    (deadline,) = found.deadlines
    assert (deadline.start, deadline.month, deadline.day) == ("Fall", 3, 15)
    assert (deadline.year, deadline.round) == (None, "")
    assert deadline.provenance.sources == ("S1",)
    assert found.starts == ("Fall",)


def test_a_deadline_of_one_period_stands_before_those_of_its_season(spoil: Spoil) -> None:
    text = """\
admission:
  starts: [Fall, Spring]
  deadlines:
    - {start: Fall, by: 03-15, round: priority}
    - {start: Fall, by: 06-01, round: final}
    - {start: Fall 2027, by: 2027-05-01, note: moved}
    - {start: Spring 2028 S2, by: 12-01}"""
    found = program(spoil, text).admission
    assert found.starts == ("Fall", "Spring")
    assert [one.round for one in found.deadlines_of("Fall", "Fall 2026")] == ["priority", "final"]
    (moved,) = found.deadlines_of("Fall", "Fall 2027")
    assert (moved.year, moved.month, moved.day) == (2027, 5, 1)
    assert moved.provenance.note == "moved"
    assert found.deadlines_of("Spring", "Spring 2027") == ()
    assert found.deadlines_of("Spring", "Spring 2028", "Spring 2028 S2")


def test_a_way_in_by_courses_is_an_expression(spoil: Spoil) -> None:
    text = """\
admission:
  pathways:
    - {id: by-courses, label: By courses, needs: "EX 101 [B] and EX 102 [B]", note: first}
    - {id: short, needs: EX 101, within: 1 year}"""
    first, second = program(spoil, text).admission.pathways
    assert (first.id, first.label, first.note) == ("by-courses", "By courses", "first")
    assert first.needs == And(
        items=(Done(code="EX 101", min_grade="B"), Done(code="EX 102", min_grade="B"))
    )
    assert second.label == "short"
    assert (first.within_months, second.within_months) == (None, 12)
    assert program(spoil, "admission: {pathways: none}").admission.pathways == ()


def test_a_way_in_may_be_the_only_one(spoil: Spoil) -> None:
    ways = "pathways: [{id: a, needs: EX 101}]"
    assert not program(spoil, f"admission: {{{ways}}}").admission.pathways_only
    assert program(spoil, f"admission: {{{ways}, pathways_only: yes}}").admission.pathways_only


def test_whose_rules_hold_is_said_or_unknown(spoil: Spoil) -> None:
    for text, held_by in (
        ("held_by: first_credit", HeldBy.FIRST_CREDIT),
        ("held_by: admission", HeldBy.ADMISSION),
        ("held_by: election", HeldBy.ELECTION),
        ("held_by: unknown", None),
        ("questions: []", None),
    ):
        assert program(spoil, text).held_by is held_by


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("pathways_only: yes", "CAT-025", "admission.pathways_only"),
        ("starts: [Winter]", "CAT-034", "admission.starts"),
        ("deadlines: {Winter: 03-15}", "CAT-034", "admission.deadlines.Winter"),
        ("deadlines: 03-15", "CAT-022", "admission.deadlines"),
        ("deadlines: [{start: Winter, by: 03-15}]", "CAT-034", "admission.deadlines[0].start"),
        ("deadlines: [{start: Winter 2027, by: 03-15}]", "CAT-034", "admission.deadlines[0].start"),
        ("deadlines: [{start: Fall 2099, by: 03-15}]", "CAT-033", "admission.deadlines[0].start"),
        (
            "deadlines: [{start: Fall 2027 S1, by: 03-15}]",
            "CAT-033",
            "admission.deadlines[0].start",
        ),
        ("deadlines: [{start: Fall, by: 2027-03-15}]", "CAT-025", "admission.deadlines[0].by"),
        ("deadlines: [{start: Fall, by: 15 March}]", "CAT-025", "admission.deadlines[0].by"),
        ("deadlines: [{start: Fall}]", "CAT-020", "admission.deadlines[0].by"),
        ("pathways: [{id: a, needs: EX 777}]", "CAT-047", "admission.pathways[0].needs"),
        ('pathways: [{id: a, needs: "EX 101 [B+]"}]', "CAT-048", "admission.pathways[0].needs"),
        ("pathways: [{id: a, needs: EX 101 and}]", "EXP-002", "admission.pathways[0].needs"),
        (
            "pathways: [{id: a, needs: EX 101}, {id: a, needs: EX 102}]",
            "CAT-042",
            "admission.pathways",
        ),
    ],
)
def test_what_an_admission_names_exists(spoil: Spoil, text: str, code: str, field: str) -> None:
    (fault,) = check([with_head(spoil, f"admission: {{{text}}}")])
    assert (fault.code, fault.at.field) == (code, field)
    assert fault.at.line == 13


# --------------------------------------------------------------------- courses


def test_reports_of_a_course_are_medians_with_quartiles(spoil: Spoil) -> None:
    said = COURSE.replace("n: 4", "n: 4, quartiles: [7, 12]") + (
        ", difficulty: {median: 3, quartiles: [2.5, 4], scale: [1, 5], certainty: reported, n: 4}"
    )
    folder = spoil(COURSES, COURSE, said)
    assert check([folder]) == ()
    course = load_catalog(folder).school("ex").courses[0]
    assert course.hours is not None
    assert (course.hours.lower_quartile, course.hours.upper_quartile) == (7, 12)
    hard = course.difficulty
    assert hard is not None
    assert [hard.median, hard.lower_quartile, hard.upper_quartile] == [3, Fraction(5, 2), 4]
    assert [hard.low, hard.high, hard.provenance.n_reports] == [1, 5, 4]
    for course in load_catalog(folder).school("ex").courses[1:]:
        assert course.difficulty is None


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ("hours: {per_week: 9, quartiles: [10, 12]}", "DOM-015", "hours"),
        ("hours: {quartiles: [10, 12]}", "CAT-020", "hours.quartiles"),
        ("hours: {per_week: 9, quartiles: [8]}", "CAT-022", "hours.quartiles"),
        ("difficulty: {median: 9, scale: [1, 5]}", "DOM-015", "difficulty"),
        ("difficulty: {median: 1, scale: [1, 1]}", "DOM-015", "difficulty"),
        ("difficulty: {median: 3}", "CAT-020", "difficulty.scale"),
        ("difficulty: hard", "CAT-022", "difficulty"),
    ],
)
def test_reports_that_cannot_be_are_told(spoil: Spoil, said: str, code: str, field: str) -> None:
    (fault,) = check([spoil(COURSES, COURSE, said)])
    assert (fault.code, fault.at.field) == (code, f"courses.EX 101.{field}")


def test_a_mean_is_no_median(spoil: Spoil) -> None:
    said = "difficulty: {mean: 3.2, scale: [1, 5]}"
    (fault,) = check([spoil(COURSES, COURSE, said)])
    assert "did you mean 'median'?" in fault.what


def test_a_run_may_be_delivered_in_its_own_way(spoil: Spoil) -> None:
    folder = spoil(SCHEDULE, "EX 105: {", "EX 105: {delivery: sync, ")
    assert check([folder]) == ()
    school = load_catalog(folder).school("ex")
    own = {str(one.course): one.delivery for one in school.offerings}
    assert own["EX 105"] is Delivery.SYNC
    assert own["EX 101"] is None
    (fault,) = check([spoil(SCHEDULE, "EX 105: {", "EX 105: {delivery: online, ")])
    assert (fault.code, fault.at.field) == ("CAT-023", "courses.EX 105.delivery")


def test_the_zone_of_a_live_session_exists(spoil: Spoil) -> None:
    (fault,) = check([spoil(SCHEDULE, "zone: America/Chicago", "zone: Chicago")])
    assert fault.code == "CAT-025"
    assert "did you mean America/Chicago?" in fault.fix


# ------------------------------------------------------------------ credit from elsewhere


def test_a_rule_that_converts_credits_is_read_with_its_source(spoil: Spoil) -> None:
    rule = "{from: ECTS credits, ratio: 1/2, rounding: nearest, step: 0.5, as_of: 2026-08}"
    found = program(spoil, f"transfer: {{notes: [Six at most.], convert: [{rule}]}}").transfer
    assert found is not None
    (one,) = found.conversions
    assert (one.unit, one.ratio, one.step) == ("ects", Fraction(1, 2), Fraction(1, 2))
    assert one.rounding is Rounding.NEAREST
    assert one.provenance.as_of == "2026-08"
    assert one.provenance.sources == found.provenance.sources


@pytest.mark.parametrize(
    ("rules", "code", "field"),
    [
        ("{from: ects, ratio: 1/2}", "CAT-020", "transfer.convert[0].rounding"),
        ("{from: ects, ratio: 0, rounding: down}", "DOM-016", "transfer.convert[0]"),
        (
            "{from: ects, ratio: 1/2, rounding: none, step: 1}",
            "CAT-024",
            "transfer.convert[0].step",
        ),
        (
            "{from: ects, ratio: 1/2, rounding: up}, {from: ECTS, ratio: 1, rounding: up}",
            "CAT-024",
            "transfer.convert[1].from",
        ),
        ("{from: credits, ratio: 1, rounding: up}", "CAT-024", "transfer.convert[0].from"),
        ("{from: ects, ratio: half, rounding: up}", "CAT-025", "transfer.convert[0].ratio"),
    ],
)
def test_a_rule_that_converts_nothing_or_twice_is_told(
    spoil: Spoil, rules: str, code: str, field: str
) -> None:
    (fault,) = check([with_head(spoil, f"transfer: {{convert: [{rules}]}}")])
    assert (fault.code, fault.at.field) == (code, field)
