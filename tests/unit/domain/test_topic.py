"""A course carries what its own words say, and each tag tells which words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.degrees import course

from prospectus.domain.topic import (
    Area,
    AreaKind,
    Practice,
    Tag,
    Taxonomy,
    Topic,
    applied_share,
    is_content_known,
    normal,
    tags_of,
    untold_words,
)

TAXONOMY = Taxonomy(
    areas=(Area(id="ml", label="Machine learning", kind=AreaKind.CORE),),
    topics=(
        Topic(
            id="trees",
            label="Decision trees",
            areas=("ml",),
            practice=Practice.BOTH,
            words=("decision trees", "random forests"),
        ),
        Topic(
            id="proof",
            label="Proofs",
            areas=("ml",),
            practice=Practice.THEORETICAL,
            words=("proofs",),
            titles=("theory of learning",),
        ),
        Topic(
            id="sql",
            label="SQL",
            areas=("ml",),
            practice=Practice.APPLIED,
            words=("sql", "structured query language"),
            titles=("sql",),
        ),
    ),
    outside=("varies",),
)


def carried(*topics: str, title: str = "Seminar") -> dict[str, str]:
    found = tags_of(course("CS 600", title=title, topics=list(topics)), TAXONOMY)
    return {tag.topic: tag.why for tag in found}


@pytest.mark.parametrize(
    "stated",
    ["decision trees", "Decision Tree", "decision-trees", "DECISION  TREES", "decision_tree"],
)
def test_case_hyphens_and_plural_make_no_difference(stated: str) -> None:
    assert carried(stated) == {"trees": f"stated topic '{stated}'"}


def test_british_and_american_spelling_are_one() -> None:
    assert normal("convex optimisation") == normal("Convex Optimization")
    assert normal("modelling") == normal("modeling")
    assert normal("generalised linear models") == normal("generalized linear model")


def test_words_that_end_in_s_by_nature_are_left_alone() -> None:
    assert normal("statistics") == "statistics"
    assert normal("bias") == "bias"
    assert normal("analysis") == "analysis"
    assert normal("process") == "process"
    assert normal("c++") == "c++"


def test_a_stated_topic_is_compared_whole() -> None:
    assert carried("decision trees for beginners") == {}


def test_a_title_is_searched_for_whole_words() -> None:
    assert carried(title="Databases: SQL and More") == {"sql": "'sql' in the title"}
    assert carried(title="MySQLite") == {}
    assert carried(title="The Theory of Learning") == {"proof": "'theory of learning' in the title"}


def test_a_tag_names_every_word_it_came_from() -> None:
    assert carried("SQL", "structured query language", title="SQL") == {
        "sql": "stated topic 'SQL', stated topic 'structured query language', 'sql' in the title"
    }


def test_a_course_of_unknown_topics_is_unknown_unless_its_title_tells() -> None:
    silent = course("CS 600", title="Seminar", unknown=["topics"])
    telling = course("CS 600", title="SQL", unknown=["topics"])
    assert not is_content_known(silent, TAXONOMY)
    assert is_content_known(telling, TAXONOMY)


def test_a_course_whose_words_say_nothing_is_unknown() -> None:
    assert not is_content_known(course("CS 600", title="Topics", topics=["varies"]), TAXONOMY)


def test_the_applied_share_counts_each_topic_alike_and_both_as_half() -> None:
    tags = [Tag(topic="trees"), Tag(topic="proof"), Tag(topic="sql")]
    assert applied_share(tags, TAXONOMY) == Fraction(1, 2)
    assert applied_share(tags[:2], TAXONOMY) == Fraction(1, 4)
    assert applied_share(tags[2:], TAXONOMY) == 1


def test_the_applied_share_of_an_untagged_course_is_not_known() -> None:
    assert applied_share((), TAXONOMY) is None


def test_stated_topics_that_nobody_knows_are_listed() -> None:
    courses = [course("CS 600", topics=["proofs", "knitting"]), course("CS 610", topics=["varies"])]
    assert untold_words(courses, TAXONOMY) == ("knitting",)
