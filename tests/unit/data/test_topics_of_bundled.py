"""Spot facts about what the bundled programmes bring, each read off the rules by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from prospectus.app.options import tracks
from prospectus.app.topic_answers import TopicReach
from prospectus.app.topic_reach import topic_reach
from prospectus.catalogs.load import Catalog
from prospectus.catalogs.topics_file import load_topics
from prospectus.domain.program import Program
from prospectus.domain.requirement import All, Any, Item
from prospectus.domain.topic import tags_of
from prospectus.store.cache import Cache

TODAY = dt.date(2026, 11, 22)
Ask = Callable[..., TopicReach]


@pytest.fixture(scope="module")
def ask(catalog: Catalog) -> Ask:
    """Decide the topics of a programme or track, with rules changed if asked."""
    taxonomy = load_topics()

    def build(
        program_id: str,
        track: str | None = None,
        change: Callable[[Program], Program] | None = None,
    ) -> TopicReach:
        program = catalog.program(program_id)
        rules = change(program) if change is not None else program
        return topic_reach(
            rules,
            catalog.school(program.school),
            catalog.assumptions_of(program),
            taxonomy,
            TODAY,
            track=next(one for one in tracks(rules) if one.id == track),
            kept=Cache(None),
        )

    return build


def without(node_id: str) -> Callable[[Program], Program]:
    """Return rules without one node of the tree."""

    def cut(item: Item) -> Item:
        if isinstance(item, All | Any):
            kept = (c for c in item.children if getattr(c, "header", None) is None or _id(c))
            return replace(item, children=tuple(cut(child) for child in kept))
        return item

    def _id(item: Item) -> bool:
        return str(getattr(item, "header").id) != node_id  # noqa: B009

    return lambda program: replace(program, tree=cut(program.tree))


def state(found: TopicReach, topic: str) -> str:
    return next(t.state for line in found.areas for t in line.topics if t.id == topic)


def area(found: TopicReach, id_: str) -> str:
    return next(line.state for line in found.areas if line.area.id == id_)


def test_the_machine_learning_track_of_omscs_holds_machine_learning_and_algorithms(
    ask: Ask,
) -> None:
    # its core is CS 7641 or CSE 6740, both on machine learning, and CS 6515 on algorithms
    found = ask("gatech-omscs", "ml")
    assert state(found, "machine-learning") == "guaranteed"
    assert state(found, "algorithms") == "guaranteed"
    assert area(found, "ml-theory") == "guaranteed"
    # security fits into free electives
    assert state(found, "security") == "possible"


def test_other_tracks_of_omscs_only_allow_machine_learning(ask: Ask) -> None:
    found = ask("gatech-omscs", "cs")
    assert state(found, "machine-learning") == "possible"
    assert state(found, "algorithms") == "guaranteed"


def test_without_its_core_the_machine_learning_track_no_longer_holds_machine_learning(
    ask: Ask,
) -> None:
    found = ask("gatech-omscs", "ml", without("ml-core"))
    assert state(found, "machine-learning") == "possible"
    assert state(found, "algorithms") == "guaranteed"


def test_mids_holds_machine_learning_and_leaves_ethics_to_those_who_choose_it(ask: Ask) -> None:
    # DATASCI 203 and 207 stand in the foundation, DATASCI 231 and 233 among the advanced courses
    found = ask("uc-berkeley-mids")
    assert state(found, "statistics") == "guaranteed"
    assert state(found, "machine-learning") == "guaranteed"
    assert state(found, "ethics") == "possible"
    assert state(found, "privacy") == "possible"


def test_a_cohort_without_choice_holds_all_that_it_has(ask: Ask) -> None:
    found = ask("northwestern-sps-ds-programme-cohort")
    assert found.ids("possible") == ()
    assert found.share is not None
    assert found.share.least == found.share.most


def test_every_guaranteed_topic_is_carried_by_a_course_that_says_so(
    ask: Ask, catalog: Catalog
) -> None:
    found = ask("umich-mads")
    taxonomy = load_topics()
    courses = {course.code: course for course in catalog.school("umich").courses}
    for line in found.areas:
        for topic in line.topics:
            if topic.state == "guaranteed":
                assert topic.tags
            for code, tag in topic.tags:
                assert tag in tags_of(courses[code], taxonomy)
                assert tag.why
