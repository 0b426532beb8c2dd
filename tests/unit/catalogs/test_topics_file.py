"""topics.yaml is read like every other file: all faults at once, each with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from prospectus.catalogs.load import load_catalog
from prospectus.catalogs.topics_file import load_topics
from prospectus.domain.errors import CatalogError
from prospectus.domain.topic import AreaKind, Taxonomy, is_content_known, untold_words

LEAVES = (
    *("optimization", "linear-algebra", "probability", "graphical-models", "fairness", "cloud"),
    *("explainability", "mlops", "gpu", "python", "r", "sql", "reinforcement-learning"),
)

SMALL = """\
format: 1
kind: topics
areas:
  ml: {label: Machine learning, kind: core}
topics:
  trees: {label: Trees, areas: [ml], practice: both, words: [decision trees]}
outside: [varies]
"""


def read(folder: Path, text: str) -> Taxonomy:
    path = folder / "topics.yaml"
    path.write_text(text, encoding="utf-8")
    return load_topics(path)


def faults(folder: Path, text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(CatalogError) as caught:
        read(folder, text)
    return [(fault.code, fault.at.line) for fault in caught.value.faults]


def test_a_small_file_is_read(tmp_path: Path) -> None:
    taxonomy = read(tmp_path, SMALL)
    assert taxonomy.meant_by("Decision Tree") == ("trees",)
    assert taxonomy.topic("trees").areas == ("ml",)
    assert taxonomy.outside == ("varies",)


def test_an_area_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, SMALL.replace("[ml]", "[mll]")) == [("CAT-055", 6)]


def test_a_word_that_is_meant_and_outside_is_a_fault(tmp_path: Path) -> None:
    text = SMALL.replace("[varies]", "[Decision-Trees]")
    assert faults(tmp_path, text) == [("CAT-055", 6)]


def test_faults_of_fields_are_told_together(tmp_path: Path) -> None:
    text = SMALL.replace("practice: both", "practice: hands-on").replace("kind: core", "kind: main")
    assert sorted(faults(tmp_path, text)) == [("CAT-023", 4), ("CAT-023", 6)]


def test_a_topic_without_an_area_is_a_fault(tmp_path: Path) -> None:
    assert [code for code, _ in faults(tmp_path, SMALL.replace("[ml]", "[]"))] == ["CAT-022"]


def test_the_bundled_taxonomy_has_the_five_core_areas_and_six_fields() -> None:
    taxonomy = load_topics()
    core = [area.id for area in taxonomy.areas if area.kind is AreaKind.CORE]
    fields = [area.id for area in taxonomy.areas if area.kind is AreaKind.FIELD]
    assert core == ["mathematics", "programming", "ml-theory", "data", "advanced"]
    assert fields == ["ai", "data-science", "nlp", "vision", "deep-learning", "robotics"]
    used = {area for topic in taxonomy.topics for area in topic.areas}
    assert used == {area.id for area in taxonomy.areas}


@pytest.mark.parametrize("leaf", LEAVES)
def test_the_bundled_taxonomy_has_the_leaf(leaf: str) -> None:
    assert load_topics().topic(leaf).words


def test_every_stated_topic_of_every_bundled_course_is_known() -> None:
    courses = [course for school in load_catalog().schools for course in school.courses]
    assert untold_words(courses, load_topics()) == ()


def test_few_bundled_courses_with_a_title_are_of_unknown_content() -> None:
    taxonomy = load_topics()
    courses = [c for school in load_catalog().schools for c in school.courses if c.title]
    unknown = [course for course in courses if not is_content_known(course, taxonomy)]
    assert len(unknown) <= len(courses) / 20, [(c.code, c.title) for c in unknown]
