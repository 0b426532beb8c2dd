"""What a programme brings in every completion, told in areas and topics, and kept."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from rich.console import Console
from tests.degrees import any_, calendar, course, leaf, offered, program, school_of, size

from prospectus.app import topic_reach as module
from prospectus.app.options import Track, tracks
from prospectus.app.topic_answers import TopicReach, merged
from prospectus.app.topic_reach import open_topics, topic_reach
from prospectus.app.topic_words import share_sentence
from prospectus.cli.topic_view import print_topics
from prospectus.domain.expression import PersonIs
from prospectus.domain.facts import Completeness, Money
from prospectus.domain.fees import Fee, FeePer
from prospectus.domain.program import Program, School
from prospectus.domain.requirement import NodeId, Reading, When
from prospectus.domain.topic import Area, AreaKind, Practice, Taxonomy, Topic
from prospectus.store.cache import Cache

TODAY = dt.date(2026, 7, 1)


def topic(id_: str, area: str, practice: Practice, *titles: str) -> Topic:
    return Topic(
        id=id_, label=id_.upper(), areas=(area,), practice=practice, words=(id_,), titles=titles
    )


TAXONOMY = Taxonomy(
    areas=(
        Area(id="maths", label="Mathematics", kind=AreaKind.CORE),
        Area(id="vision", label="Vision", kind=AreaKind.FIELD),
        Area(id="sport", label="Sport", kind=AreaKind.FURTHER),
    ),
    topics=(
        topic("algebra", "maths", Practice.THEORETICAL),
        topic("statistics", "maths", Practice.BOTH),
        topic("images", "vision", Practice.APPLIED, "computer vision"),
        topic("rowing", "sport", Practice.APPLIED),
    ),
)
COURSES = (
    course("CS 600", topics=["algebra"]),
    course("CS 610", topics=["statistics"]),
    course("CS 620", title="Computer Vision"),
    course("CS 630", title="Seminar", unknown=["topics"]),
)


@pytest.fixture
def kept(tmp_path: Path) -> Cache:
    return Cache(tmp_path)


def ask(rules: Program, kept: Cache, school: School | None = None, **more: object) -> TopicReach:
    where = school or school_of(COURSES)
    return topic_reach(rules, where, {}, TAXONOMY, TODAY, kept=kept, **more)  # type: ignore[arg-type]


def rules(*children: object, **more: object) -> Program:
    more.setdefault("completeness", Completeness.COMPLETE)
    return program(*children, **more)  # type: ignore[arg-type]


SMALL = rules(leaf("core", "CS 600", 1), leaf("more", ["CS 610", "CS 620"], 1))


def by_state(found: TopicReach) -> dict[str, str]:
    return {t.id: t.state for line in found.areas for t in line.topics}


def test_areas_and_topics_stand_in_the_order_of_the_taxonomy(kept: Cache) -> None:
    found = ask(SMALL, kept)
    assert [(line.area.id, line.state) for line in found.areas] == [
        ("maths", "guaranteed"),
        ("vision", "possible"),
        ("sport", "impossible"),
    ]
    assert by_state(found) == {
        "algebra": "guaranteed",
        "statistics": "possible",
        "images": "possible",
        "rowing": "impossible",
    }
    assert found.ids("possible") == ("statistics", "images")


def test_each_topic_names_its_courses_and_their_words(kept: Cache) -> None:
    found = ask(SMALL, kept)
    why = {t.id: [(code, tag.why) for code, tag in t.tags] for a in found.areas for t in a.topics}
    assert why["images"] == [("CS 620", "'computer vision' in the title")]
    assert why["algebra"] == [("CS 600", "stated topic 'algebra'")]
    assert found.unknown_courses == ("CS 630",)


def test_a_course_of_unknown_content_in_reach_makes_nothing_impossible(kept: Cache) -> None:
    found = ask(rules(leaf("core", ["CS 600", "CS 630"], 1)), kept)
    assert by_state(found)["rowing"] == "unknown courses"


def test_the_applied_share_is_told_with_what_is_untagged(kept: Cache) -> None:
    found = ask(SMALL, kept)
    assert found.share is not None
    # half of the credits theoretical, half of them both or applied
    assert (found.share.least, found.share.most) == (Fraction(1, 4), Fraction(1, 2))
    assert found.share.is_proven
    assert found.share.untagged == 0


def test_guaranteed_means_in_all_readings_and_possible_in_one(kept: Cache) -> None:
    one, other = leaf("core", "CS 600", 1), leaf("core", ["CS 600", "CS 610"], 1)
    disputed = Reading(dispute="core", options=(("a", one), ("b", other)))
    found = ask(rules(disputed, disputes=["core"]), kept)
    assert found.n_worlds == 2
    assert by_state(found)["algebra"] == "possible"
    assert by_state(found)["statistics"] == "possible"
    assert by_state(found)["images"] == "impossible"
    both = Reading(dispute="core", options=(("a", one), ("b", one)))
    assert by_state(ask(rules(both, disputes=["core"]), kept))["algebra"] == "guaranteed"


def test_an_unknown_fact_of_the_person_is_branched_on(kept: Cache) -> None:
    abroad = When(
        condition=PersonIs(fact="residence", value="abroad"),
        then=leaf("abroad", "CS 620", 1),
        otherwise=leaf("home", "CS 610", 1),
    )
    found = ask(rules(leaf("core", "CS 600", 1), abroad), kept)
    assert found.n_worlds == 2
    assert by_state(found)["algebra"] == "guaranteed"
    assert by_state(found)["images"] == "possible"


def test_a_reading_without_a_plan_is_left_out_and_counted(kept: Cache) -> None:
    sizes = Reading(dispute="size", options=(("a", size(1)), ("b", size(9))))
    found = ask(rules(leaf("core", ["CS 600"], sizes), disputes=["size"]), kept)  # type: ignore[arg-type]
    assert (found.n_worlds, found.n_without_plan) == (2, 1)
    assert by_state(found)["algebra"] == "guaranteed"


def test_a_degree_without_any_plan_says_so(kept: Cache) -> None:
    found = ask(rules(leaf("core", "CS 600", 2)), kept)
    assert found.why_not == "no legal plan was found to exist"
    assert found.areas == ()


def test_a_degree_encoded_in_part_is_not_decided(kept: Cache) -> None:
    found = ask(replace(SMALL, completeness=Completeness.PARTIAL), kept)
    assert "only in part" in found.why_not
    partly = Track(id="x", name="X", is_complete=False)
    assert "only in part" in ask(SMALL, kept, track=partly).why_not


def test_each_track_has_an_answer_of_its_own(kept: Cache) -> None:
    tree = any_("track", leaf("theory", "CS 600", 1), leaf("sight", "CS 620", 1), declare=True)
    tracked = rules(tree, main_choice=NodeId("track"))
    found = {track.id: by_state(ask(tracked, kept, track=track)) for track in tracks(tracked)}
    assert found["theory"]["algebra"] == "guaranteed"
    assert found["theory"]["images"] == "impossible"
    assert found["sight"]["images"] == "guaranteed"
    assert by_state(ask(tracked, kept))["images"] == "possible"


@pytest.fixture
def decisions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The programmes for which the solver was asked."""
    asked: list[str] = []
    decide = module._decide

    def counted(program: Program, *rest: object) -> object:
        asked.append(program.id)
        return decide(program, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_decide", counted)
    return asked


def test_an_answer_is_kept_and_told_again_unchanged(kept: Cache, decisions: list[str]) -> None:
    first = ask(SMALL, kept)
    assert ask(SMALL, kept) == first
    assert len(decisions) == 1


def test_an_answer_holds_until_the_next_period_begins(kept: Cache, decisions: list[str]) -> None:
    first = calendar().leaves[calendar().first_leaf_from(TODAY)].start
    for day in (TODAY, first, first + dt.timedelta(days=1)):
        topic_reach(SMALL, school_of(COURSES), {}, TAXONOMY, day, kept=kept)
    assert len(decisions) == 2


def test_a_price_changes_nothing_and_everything_else_does(
    kept: Cache, decisions: list[str]
) -> None:
    ask(SMALL, kept)
    fee = Fee(id="fee", per=FeePer.CREDIT, amount=Money(minor=100, currency="USD"))
    ask(SMALL, kept, replace(school_of(COURSES), fees=(fee,)))
    assert len(decisions) == 1
    retold = (course("CS 600", topics=["rowing"]), *COURSES[1:])
    assert by_state(ask(SMALL, kept, school_of(retold)))["rowing"] == "guaranteed"
    rarer = tuple(offered(item.code, "Fall")[0] for item in COURSES)
    ask(SMALL, kept, school_of(COURSES, offerings=rarer))
    ask(rules(leaf("core", "CS 600", 1)), kept)
    assert len(decisions) == 4


def test_a_corrupt_entry_is_decided_anew(kept: Cache, decisions: list[str]) -> None:
    ask(SMALL, kept)
    assert kept.folder is not None
    for path in (kept.folder / "topics").iterdir():
        path.write_bytes(b"{}")
    assert by_state(ask(SMALL, kept))["algebra"] == "guaranteed"
    assert len(decisions) == 2


def test_an_answer_that_time_cut_short_is_not_kept(kept: Cache, decisions: list[str]) -> None:
    found = ask(SMALL, kept, seconds=0)
    assert set(by_state(found).values()) == {"undecided"}
    assert by_state(ask(SMALL, kept))["algebra"] == "guaranteed"
    assert len(decisions) == 2


def test_the_taxonomy_is_kept_too(kept: Cache) -> None:
    first = open_topics(kept=kept)
    assert open_topics(kept=kept) == first
    assert open_topics(kept=kept).meant_by("SQL") == ("sql",)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["guaranteed", "guaranteed"], "guaranteed"),
        (["guaranteed", "possible"], "possible"),
        (["guaranteed", "impossible"], "possible"),
        (["guaranteed", "undecided"], "undecided"),
        (["impossible", "undecided"], "undecided"),
        (["possible", "undecided"], "possible"),
        (["impossible", "if it runs"], "if it runs"),
        (["unknown courses", "if it runs"], "if it runs"),
        (["impossible", "unknown courses"], "unknown courses"),
        (["impossible", "impossible"], "impossible"),
    ],
)
def test_states_of_several_readings_are_merged(states: list[str], expected: str) -> None:
    assert merged(states) == expected
    assert merged(states[::-1]) == expected


def printed(found: TopicReach) -> str:
    stream = io.StringIO()
    print_topics(found, Console(file=stream, width=100, highlight=False, emoji=False))
    return stream.getvalue()


def test_the_answer_is_printed_area_by_area(kept: Cache) -> None:
    text = printed(ask(SMALL, kept))
    assert "Guaranteed: every plan that meets the rules takes a course that carries it" in text
    assert "  Mathematics: guaranteed\n    guaranteed: ALGEBRA\n    possible: STATISTICS\n" in text
    assert "  Vision: possible\n    possible: IMAGES\n" in text
    assert "  Sport: impossible\n" in text
    assert "Impossible, for no course that a plan can need states it: ROWING." in text
    assert "Applied share of a completion's tagged credits: 25 to 50 %" in text
    assert "Content not known: CS 630." in text


def test_several_readings_are_told(kept: Cache) -> None:
    one, other = leaf("core", "CS 600", 1), leaf("core", "CS 610", 1)
    disputed = Reading(dispute="core", options=(("a", one), ("b", other)))
    text = printed(ask(rules(disputed, disputes=["core"]), kept))
    assert "Guaranteed in all of 2 cases" in text


def test_an_answer_that_is_not_there_says_why(kept: Cache) -> None:
    assert "Not decided: no legal plan" in printed(ask(rules(leaf("core", "CS 600", 2)), kept))
    nothing = ask(rules(leaf("core", "CS 630", 1)), kept)
    assert share_sentence(nothing).startswith("Applied share: not known")


def test_untagged_credits_are_told_beside_the_share(kept: Cache) -> None:
    found = ask(rules(leaf("core", ["CS 600", "CS 630"], 2)), kept)
    assert share_sentence(found).endswith("up to 50 % of its credits are untagged.")
