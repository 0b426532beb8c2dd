"""The student document as a form: it shows what is said, and changes what was written otherwise."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from prospectus.app.library import Library, open_library
from prospectus.app.student_draft import Draft, student_text
from prospectus.app.student_form import (
    StudentForm,
    changed,
    document_faults,
    form_groups,
    shown,
    student_form,
)
from prospectus.app.student_form_fields import QUESTIONS, FormField
from prospectus.app.student_form_more import AGREED, MORE, STUDIES
from prospectus.app.student_form_text import NotSayable, decimal, read_fields, with_fields
from prospectus.app.student_form_values import TEXT, WORD, typed
from prospectus.catalogs.student_file import read_student_text
from prospectus.catalogs.student_schema import StudentModel
from prospectus.domain.errors import Fault

TODAY = dt.date(2026, 11, 22)
EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.yaml"))
STATIC_FIELDS = [one for group in (*QUESTIONS, STUDIES, AGREED, *MORE) for one in group.fields]


@pytest.fixture(scope="session")
def library() -> Library:
    """The bundled catalog."""
    return open_library()


def sent_by(form: StudentForm) -> dict[str, str]:
    """Return what a browser sends of a form that nobody touched: its lines end as on the web."""
    views = (one for one in form.views if not one.is_locked)
    return {one.field.key: one.value.replace("\n", "\r\n") for one in views}


def field_of(key: str) -> FormField:
    return next(one for one in STATIC_FIELDS if one.key == key)


def owners(form: StudentForm) -> dict[str, str]:
    """Return the code of each fault with the key of the field that it is shown at."""
    return {fault.code: field.key if field else "" for fault, field in form.faults}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_form_that_is_sent_untouched_changes_no_letter(path: Path, library: Library) -> None:
    text = path.read_text(encoding="utf-8")
    form = student_form(text, library, TODAY)
    assert form.faults == ()
    assert [one.field.key for one in form.views if one.is_locked] == []
    done = changed(text, sent_by(form), library)
    assert (done.text, done.keys, done.refused) == (text, (), ())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_is_written_anew_field_by_field_means_the_same(path: Path, library: Library) -> None:
    """Every field is emptied and filled again: what comes out is read as what went in."""
    text = path.read_text(encoding="utf-8")
    form = student_form(text, library, TODAY)
    for view in form.views:
        if not view.value or view.field.key == "program" or view.field.key.startswith("choices."):
            continue
        emptied = changed(text, {view.field.key: ""}, library)
        assert emptied.keys == (view.field.key,)
        filled = changed(emptied.text, {view.field.key: view.value}, library)
        before = read_student_text(text, "one", TODAY)
        after = read_student_text(filled.text, "one", TODAY)
        # where things stand is not what they say
        assert before.student == after.student, view.field.key
        assert sorted(before.finished, key=str) == sorted(after.finished, key=str)
        assert set(before.hours_by_season) == set(after.hours_by_season)
        assert set(before.places_by_name) == set(after.places_by_name)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_one_changed_field_leaves_every_other_and_every_comment(
    path: Path, library: Library
) -> None:
    text = path.read_text(encoding="utf-8")
    done = changed(text, {"name": "Ada Lovelace"}, library)
    old, new = text.split("\n"), done.text.split("\n")
    assert [line for line in old if line not in new] == [
        line for line in old if line.startswith("name:")
    ]
    before, after = read_fields(text).fields, read_fields(done.text).fields
    assert before is not None
    assert after == {**before, "name": "Ada Lovelace"}


def test_what_the_form_does_not_show_survives(library: Library) -> None:
    text = (
        "format: 1\nprogram: gatech-omscs\nplan_from: 2027-01-04\n"
        "exceptions:   # as agreed\n"
        "  - {kind: waive, node: ml-core, who: J. Doe, when: 2026-05-01, why: equal}\n"
        "hours_per_week: 10\n"
    )
    done = changed(text, {"hours_per_week": "12", "deadline": "2031-12-31"}, library)
    assert done.text == text.replace(": 10", ": 12") + "deadline: 2031-12-31\n"
    assert student_form(text, library, TODAY).other == ()


def test_every_field_of_the_document_is_shown_or_said_to_be_elsewhere() -> None:
    shown_keys = {one.key.partition(".")[0] for one in STATIC_FIELDS}
    elsewhere = {"format", "kind", "finished", "choices"}
    assert shown_keys | elsewhere == set(StudentModel.model_fields)
    assert shown_keys & elsewhere == set()


def test_keys_and_ids_of_fields_are_unique() -> None:
    assert len({one.key for one in STATIC_FIELDS}) == len(STATIC_FIELDS)
    assert len({one.id for one in STATIC_FIELDS}) == len(STATIC_FIELDS)


def test_a_new_document_says_what_was_answered_where_the_comment_stood(library: Library) -> None:
    draft = student_text(Draft(), TODAY)
    sent = {"name": "Maria", "hours_per_week": "12", "hours_per_week.by": "Summer: 6"}
    done = changed(draft, sent, library)
    assert "name: Maria\n" in done.text
    assert "hours_per_week: {usual: 12, Summer: 6}\n# pauses:" in done.text
    assert "# hours_per_week" not in done.text
    assert document_faults(done.text, library, TODAY) == ()


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        ({"hours_per_week": "twelve"}, "hours_per_week"),
        ({"hours_per_week": "12", "hours_per_week.by": "Summer: many"}, "hours_per_week.by"),
        ({"hours_per_week": "12", "hours_per_week.by": "Sumer: 6"}, "hours_per_week.by"),
        ({"plan_from": "2027-02-30"}, "plan_from"),
        ({"plan_from": ""}, "plan_from"),
        ({"deadline": "2020-01-01"}, "deadline"),
        ({"money.total": "plenty"}, "money.total"),
        ({"money.per_year": "5000", "money.per_year.by": "soon: 3"}, "money.per_year.by"),
        ({"money.employer.min_grade": "B"}, "money.employer.per_year"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"free_for_live_sessions.Wed": "late"}, "free_for_live_sessions.Wed"),
        ({"objectives": "finish\nfame"}, "objectives"),
        ({"program": "no-such"}, "program"),
        ({"program": "gatech-omscs", "catalog_year": "1999"}, "catalog_year"),
        ({"gpa": "high"}, "gpa"),
        ({"wanted.courses": "CS 99999"}, "wanted.courses"),
        ({"wanted.topics": "law", "unwanted.topics": "law"}, "unwanted.topics"),
        ({"wishes.apart": "CS 6515"}, "wishes.apart"),
        ({"wishes.heavy.at_most": "1"}, "wishes.heavy.at_most"),
        ({"wishes.place": "CS 7641: Someday"}, "wishes.place"),
        ({"pauses": "the summer"}, "pauses"),
        ({"toxic_pairs": "CS 6210: 2"}, "toxic_pairs"),
        ({"approvals": "advisor: soon"}, "approvals"),
        ({"goals": "fame"}, "goals"),
        ({"trade": "fame: 3"}, "trade"),
    ],
)
def test_a_fault_stands_at_its_field_and_what_was_typed_stays(
    sent: dict[str, str], at: str, library: Library
) -> None:
    draft = student_text(Draft(), TODAY)
    done = changed(draft, sent, library)
    form = student_form(done.text, library, TODAY)
    assert [field.key if field else None for _, field in form.faults] == [at]
    views = {one.field.key: one for one in form.views}
    assert len(views[at].faults) == 1
    for key, words in sent.items():
        assert key not in views or views[key].value == words


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("hours_per_week.by", "Summer: 6\nSummer: 8"),
        ("hours_per_week.by", "usual: 6"),
        ("tests", ": 104"),
        ("facts", f"{'x' * 201}: yes"),
        ("degrees", ": nursing"),
        ("toxic_pairs", ": 2"),
    ],
)
def test_words_that_cannot_be_kept_are_refused_and_the_rest_is_kept(
    key: str, words: str, library: Library
) -> None:
    draft = student_text(Draft(), TODAY)
    done = changed(draft, {key: words, "name": "Maria"}, library)
    assert done.keys == ("name",)
    assert [(one, fault.code, fault.at.field) for one, fault in done.refused] == [
        (key, "STU-024", key)
    ]
    form = student_form(done.text, library, TODAY, instead={key: words}, refused=done.refused)
    view = next(one for one in form.views if one.field.key == key)
    assert (view.value, [fault.code for fault in view.faults]) == (words, ["STU-024"])


def test_a_value_that_no_field_can_show_is_locked_and_stays(library: Library) -> None:
    text = (
        "format: 1\nplan_from: 2027-01-04\nname: |\n  Two\n  lines\n"
        'wanted: {topics: ["law, and order"]}\nmoney: 500\n'
    )
    form = student_form(text, library, TODAY)
    locked = {one.field.key for one in form.views if one.is_locked}
    assert {"name", "wanted.topics", "money.total", "money.employer.per_year"} <= locked
    done = changed(text, {"name": "x", "wanted.topics": "y", "money.total": "1"}, library)
    assert (done.text, done.keys) == (text, ())


def test_a_text_that_is_no_document_has_no_form(library: Library) -> None:
    for text in ("", "- a\n- b\n", "a: [1", "\0", "{"):
        form = student_form(text, library, TODAY)
        assert not form.is_read
        assert form.faults
        assert changed(text, {"name": "x"}, library).text == text


def test_a_field_that_stands_twice_is_told_and_neither_is_lost(library: Library) -> None:
    text = "format: 1\nplan_from: 2027-01-04\nhours_per_week: 10\nname: One\nname: Two\n"
    form = student_form(text, library, TODAY)
    assert owners(form) == {"CAT-009": "name"}
    done = changed(text, {"hours_per_week": "12"}, library)
    assert done.text == text.replace(": 10", ": 12")


def test_a_document_in_one_line_is_written_anew(library: Library) -> None:
    text = "{format: 1, plan_from: 2027-01-04, milestones: [{milestone: m, status: passed}]}\n"
    done = changed(text, {"name": "Maria"}, library)
    before = read_fields(text).fields
    assert before is not None
    assert read_fields(done.text).fields == {**before, "name": "Maria"}


def test_choices_of_the_programme_are_offered_by_name(library: Library) -> None:
    text = "format: 1\nplan_from: 2027-01-04\nprogram: gatech-omscs\n"
    studies = form_groups(read_fields(text).fields or {}, library)[len(QUESTIONS)]
    fields = {one.key: one for one in studies.fields}
    options = dict(fields["choices.specialization"].options)
    assert options["ml"] == "Machine Learning"
    done = changed(text, {"choices.specialization": "ml"}, library)
    assert done.text == text + "choices: {specialization: ml}\n"


def test_a_choice_of_another_programme_can_be_taken_back(library: Library) -> None:
    text = "format: 1\nplan_from: 2027-01-04\nprogram: utaustin-msai\nchoices: {lane: ml}\n"
    assert owners(student_form(text, library, TODAY)) == {"STU-015": "choices.lane"}
    done = changed(text, {"choices.lane": ""}, library)
    assert student_form(done.text, library, TODAY).faults == ()


def test_the_last_free_day_taken_away_takes_the_field_with_it(library: Library) -> None:
    text = 'format: 1\nplan_from: 2027-01-04\nfree_for_live_sessions: {monday: "18:00-21:00"}\n'
    field = field_of("free_for_live_sessions.Mon")
    assert shown(field, read_fields(text).fields or {}) == "18:00-21:00"
    done = changed(text, {"free_for_live_sessions.Mon": ""}, library)
    assert done.text == "format: 1\nplan_from: 2027-01-04\n"


def test_nothing_that_nobody_sees_is_kept(library: Library) -> None:
    draft = student_text(Draft(), TODAY)
    done = changed(draft, {"name": "Ma\u202eria\x00\ufeff \t x\x7f"}, library)
    assert "name: Maria x\n" in done.text


def test_a_text_is_only_written_when_it_says_the_same() -> None:
    with pytest.raises(NotSayable):
        with_fields("format: 1\n", {"format": 1, "x" * 300: "y"})


@pytest.mark.parametrize("words", ["3.4", "0.5", "-2.25", "12345.678901"])
def test_a_decimal_is_written_as_it_was_read(words: str) -> None:
    assert decimal(Fraction(words)) == words


# ------------------------------------------------------------------------- laws

_WORDS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="abc 019:,.-/%'\"#{}[]&*!|>\n\\yesnoul", max_size=40),
    st.sampled_from(
        ("12", "no limit", "yes", "no", "null", "~", "3.40", "USD 5,250", "a, b", "- x")
    ),
    st.sampled_from(
        ("2027-01-04", "2027-02-30", "CS 7641: Fall 2027", "A: 6\nFall 2027: no limit", "...")
    ),
)
_SENT = st.dictionaries(st.sampled_from([one.key for one in STATIC_FIELDS]), _WORDS, max_size=8)


# a machine under load may draw slowly
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(sent=_SENT)
@example(sent={"name": "..."})
@example(sent={"hours_per_week": "1", "hours_per_week.by": "x"})
@example(sent={"name": "no", "gpa": "007", "deadline": "2027-02-30"})
def test_a_form_shows_again_what_was_sent(sent: dict[str, str], library: Library) -> None:
    """Form, document, form: the same words, as far as their field can say them at all."""
    done = changed(student_text(Draft(), TODAY), sent, library)
    data = read_fields(done.text).fields
    assert data is not None
    for key in done.keys:
        field = field_of(key)
        value = field.spelling.value(typed(sent[key]))
        words = "" if value is None else field.spelling.show(value)
        assert words is not None
        assert shown(field, data) == words
        if field.spelling in (TEXT, WORD):
            assert words == typed(sent[key])


@given(sent=_SENT)
def test_a_form_that_is_sent_twice_changes_nothing_the_second_time(
    sent: dict[str, str], library: Library
) -> None:
    once = changed(student_text(Draft(), TODAY), sent, library)
    form = student_form(once.text, library, TODAY)
    again = changed(once.text, sent_by(form), library)
    assert (again.text, again.keys) == (once.text, ())


@given(text=st.text(max_size=80), words=st.text(max_size=20))
def test_no_text_breaks_the_form(text: str, words: str, library: Library) -> None:
    form = student_form(text, library, TODAY)
    done = changed(text, {"name": words}, library)
    assert form.is_read or done.text == text
    assert all(isinstance(fault, Fault) for fault, _ in form.faults)


COMMENTED = """format: 1
plan_from: 2027-01-04
# on weekdays
hours_per_week:   # after work
  usual: 12       # since May
  # the thesis of my sister
  Summer: 4
name: "A # B"     # not a comment: the first
deadline: 2031-12-31
wanted: {topics: [law,   # for work
    art]}
"""


def test_comments_inside_a_changed_field_go_above_it(library: Library) -> None:
    done = changed(COMMENTED, {"hours_per_week": "14", "wanted.topics": "law, music"}, library)
    assert (
        "# on weekdays\n# after work\n# since May\n# the thesis of my sister\n"
        "hours_per_week: {usual: 14, Summer: 4}\n"
    ) in done.text
    assert "# for work\nwanted: {topics: [law, music]}\n" in done.text
    again = changed(done.text, {"hours_per_week": "15"}, library)
    assert again.text == done.text.replace("usual: 14", "usual: 15")


def test_a_comment_behind_a_short_field_stays_behind_it(library: Library) -> None:
    done = changed(COMMENTED, {"name": "C # D"}, library)
    assert done.text == COMMENTED.replace('"A # B"     #', '"C # D"  #')


def test_comments_of_a_field_that_is_emptied_stay(library: Library) -> None:
    done = changed(COMMENTED, {"wanted.topics": "", "name": ""}, library)
    assert "wanted" not in done.text
    assert "# for work\n" in done.text
    assert "# not a comment: the first\n" in done.text


def test_comments_of_a_document_in_one_block_stay(library: Library) -> None:
    text = "{format: 1,   # mine\n  name: Ada,\n  plan_from: 2027-01-04}\n"
    done = changed(text, {"name": "Bo"}, library)
    assert done.text.startswith("# mine\n")
    assert (read_fields(done.text).fields or {})["name"] == "Bo"


AGREED_TEXT = """format: 1
program: gatech-omscs
plan_from: 2027-01-04
milestones:
  - {milestone: thesis, status: passed, on: 2026-05-01}
  - {milestone: portfolio, status: in progress}
exceptions:
  - {kind: waive, node: ml-core, who: J. Doe, when: 2026-05-01, why: "equal, by far"}
  - {kind: substitute, node: ml-core, course: CS 6601, replaces: CS 7641, who: J. Doe,
     when: 2026-05-01, why: "the same: in content"}
"""


def test_milestones_and_exceptions_are_lines_that_can_be_changed(library: Library) -> None:
    form = student_form(AGREED_TEXT, library, TODAY)
    views = {view.field.key: view for view in form.views}
    assert views["milestones"].value == "thesis: passed, 2026-05-01\nportfolio: in progress"
    first, second = views["exceptions"].value.split("\n")
    assert first == "waive ml-core; who: J. Doe; when: 2026-05-01; why: equal, by far"
    assert second.startswith("substitute ml-core; course: CS 6601; replaces: CS 7641; who:")
    (agreed,) = [one.group for one in form.more if one.group.id == "agreed"]
    assert "ml-core (Machine Learning Core)" in agreed.about
    assert "Milestones of Online Master of Science in Computer Science (OMSCS): none." in (
        agreed.about
    )
    assert sent_by(form)["exceptions"] == f"{first}\r\n{second}"
    had = read_fields(AGREED_TEXT).fields
    done = changed(AGREED_TEXT, {"exceptions": second, "milestones": ""}, library)
    new = read_fields(done.text).fields
    assert had is not None
    assert new is not None
    lines = had["exceptions"]
    assert isinstance(lines, list)
    assert new == {
        key: [lines[1]] if key == "exceptions" else value
        for key, value in had.items()
        if key != "milestones"
    }


def test_a_milestone_that_the_programme_does_not_have_is_told_at_its_field(
    library: Library,
) -> None:
    form = student_form(AGREED_TEXT.replace("matriculation", ""), library, TODAY)
    told = {field.key: fault.code for fault, field in form.faults if field is not None}
    assert told["milestones"] == "REC-049"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("exceptions", "waive ml-core; by: J. Doe"),
        ("exceptions", "waive ml-core; who: A; who: B"),
        ("exceptions", "waive"),
    ],
)
def test_an_exception_that_cannot_be_read_is_refused(
    key: str, words: str, library: Library
) -> None:
    done = changed("format: 1\nprogram: gatech-omscs\n", {key: words}, library)
    assert [name for name, _ in done.refused] == [key]


def test_an_exception_with_more_than_a_line_can_say_is_locked(library: Library) -> None:
    text = AGREED_TEXT.replace("equal, by far", "equal; by far")
    views = {view.field.key: view for view in student_form(text, library, TODAY).views}
    assert views["exceptions"].is_locked
    assert changed(text, {"exceptions": "", "name": "Ada"}, library).keys == ("name",)
