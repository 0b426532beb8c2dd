"""What a programme's page is made of: no fact is lost, nothing is solved in a request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

import snippets
from prospectus.app.apart import Apart
from prospectus.app.library import Library, open_library
from prospectus.app.program_rows import Branch
from prospectus.app.program_work import Programs
from prospectus.app.topic_answers import TopicReach
from prospectus.domain.errors import UsageError

TODAY = dt.date(2026, 11, 22)
PROGRAM = """\
main_choice: track
requirements:
  total: {credits: 9}
  all:
    - {id: core, label: Core, all: [CS 600]}
    - id: track
      label: Track
      declare: yes
      any:
        - {id: a, label: Track A, all: [CS 610, CS 620]}
        - {id: b, label: "Track B: hard", completeness: partial, all: [CS 611, CS 620]}
"""
FILES = {
    "courses": """\
CS 600: {hours: {per_week: 12, certainty: reported, n: 4, source: S1}, credits: 1..3}
CS 610: {requires: "CS 600 [B]", advises: "recommended(CS 620)"}
CS 611: {requires: not stated}
""",
    "schedule": """\
CS 600: {history: {Fall: 4 of 5, Spring: 0 of 5}}
CS 610: {pattern: {seasons: [Spring], years: odd}}
CS 611: {published: [Fall 2026]}
CS 620: {pattern: {seasons: [Fall]}}
""",
}


class Refusing(Apart):
    """Processes that must not be asked."""

    def run(self, *_: object, **__: object) -> NoReturn:
        raise AssertionError("the solver was asked")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A catalog of one programme with two tracks, one of them encoded in part."""
    root = tmp_path_factory.mktemp("looked-at") / "own"
    snippets.catalog(root, PROGRAM, **FILES)
    return open_library((root,))


@pytest.fixture
def programs(own: Library) -> Programs:
    return Programs(own)


def lines(branches: tuple[Branch, ...], depth: int = 0) -> Iterator[tuple[int, str]]:
    for one in branches:
        label = f"{one.label}: " if one.label else ""
        yield depth, f"{label}{one.text}"
        yield from lines(one.below, depth + 1)


def test_every_line_of_every_programme_stands_in_its_tree_once_and_in_order() -> None:
    library = open_library()
    programs = Programs(library)
    for name in library.ids():
        for year in library.years(name):
            view = programs.view(name, year, TODAY)
            for section, tree in zip(view.answer.sections, view.sections, strict=True):
                told = [text for _, text in lines(tree.branches)]
                assert told == [line.text for line in section.lines], (name, section.title)


def test_a_rule_is_named_apart_from_what_it_says(programs: Programs) -> None:
    root = programs.view("ms", "", TODAY).sections[0].branches[0]
    assert [one.label for one in root.below] == ["Core", "Track"]
    assert [one.label for one in root.below[1].below] == ["Track A", "Track B: hard"]
    assert root.below[1].text.startswith("1 of the following")


def test_only_what_can_be_planned_leads_to_a_plan(programs: Programs) -> None:
    view = programs.view("ms", "", TODAY)
    assert view.ways == (("ms/a", "Track A"),)
    assert [track.id for track in view.tracks] == ["a", "b"]


def test_a_course_says_in_a_few_words_when_it_runs_and_what_it_asks(programs: Programs) -> None:
    rows = {row.code: row for row in programs.view("ms", "", TODAY).courses}
    assert (rows["CS 600"].runs, rows["CS 600"].hours) == ("Fall 4 of 5", "12~")
    assert rows["CS 600"].credits == "1 to 3"
    assert rows["CS 610"].runs == "Spring of odd years"
    assert rows["CS 610"].before == "CS 600 with B or better; recommended: CS 620"
    assert (rows["CS 611"].runs, rows["CS 611"].before) == ("Fall 2026", "unknown")
    assert (rows["CS 620"].runs, rows["CS 620"].before) == ("Fall", "none")


def test_a_course_tells_its_history_and_the_terms_ahead(programs: Programs) -> None:
    view = programs.course("ms", "cs-600", "", TODAY)
    assert [(row.when, row.known) for row in view.history] == [
        ("Fall", "seen in 4 of 5"),
        ("Spring", "seen in 0 of 5"),
    ]
    coming = {row.term: row.known for row in programs.course("ms", "CS 610", "", TODAY).coming}
    assert coming["Spring 2027"] == "expected"
    assert coming["Spring 2028"] == ""
    assert {"Fall 2026", "Fall 2028"} <= set(coming)


def test_what_is_not_kept_is_not_worked_out_to_show_a_page(programs: Programs) -> None:
    found = programs.topics("ms", "", TODAY)
    assert [one.track.id for one in found] == ["a"]
    assert [one.reach for one in found] == [None]
    assert programs.topics("ms", "", TODAY) == found


def test_what_another_process_worked_out_is_shown_from_then_on(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = TopicReach(program="ms", track="a", why_not="of a test")
    asked: list[tuple[object, ...]] = []

    def run(self: Apart, function: object, *args: object) -> TopicReach:
        asked.append(args)
        return told

    monkeypatch.setattr(Apart, "run", run)
    one = programs.worked_out("ms", "", "a", TODAY, Apart(), ())
    assert one.reach is told
    assert asked == [((), "ms", "2026-27", "a", TODAY)]
    assert programs.topics("ms", "", TODAY)[0].reach is told
    programs.worked_out("ms", "", "a", TODAY, Refusing(), ())


def test_a_track_in_part_is_refused_without_the_solver(programs: Programs) -> None:
    one = programs.worked_out("ms", "", "b", TODAY, Refusing(), ())
    assert one.reach is not None
    assert "only in part" in one.reach.why_not


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda one: one.view("nothing", "", TODAY), "USE-001"),
        (lambda one: one.view("ms", "1999", TODAY), "USE-001"),
        (lambda one: one.course("ms", "CS 999", "", TODAY), "USE-001"),
        (lambda one: one.worked_out("ms", "", "z", TODAY, Refusing(), ()), "USE-003"),
    ],
)
def test_what_is_not_there_is_told(
    programs: Programs, ask: Callable[[Programs], object], code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        ask(programs)
    assert caught.value.faults[0].code == code


def test_a_page_is_made_once_for_a_day(programs: Programs) -> None:
    assert programs.view("ms", "", TODAY) is programs.view("ms", "", TODAY)
    later = TODAY + dt.timedelta(days=500)
    assert programs.view("ms", "", later) is not programs.view("ms", "", TODAY)
    assert programs.view("ms", "", later).answer.old


def test_pages_that_were_made_ready_are_not_made_again(own: Library) -> None:
    programs = Programs(own)
    asked: list[str] = []

    def pause() -> bool:
        asked.append("")
        return False

    programs.warm(TODAY, pause)
    assert len(asked) == len(own.ids())
    made = programs.view.cache_info().misses
    assert made == len(own.ids())
    for name in own.ids():
        programs.view(name, "", TODAY)
    assert programs.view.cache_info().misses == made


def test_making_pages_ready_ends_when_it_is_told(own: Library) -> None:
    programs = Programs(own)
    programs.warm(TODAY, lambda: True)
    assert programs.view.cache_info().misses == 0


def test_single_periods_on_record_are_told_with_their_days(own: Library) -> None:
    (row,) = Programs(own).course("ms", "CS 611", "", TODAY).history
    assert row.known == "published"
    assert row.seen == ("Fall 2026: 20 Aug 2026 to 10 Dec 2026, now",)
    (fall, *_) = Programs(own).course("ms", "CS 600", "", TODAY).history
    assert (fall.known, fall.seen) == ("seen in 4 of 5", ())
