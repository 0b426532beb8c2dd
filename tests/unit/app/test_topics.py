from __future__ import annotations

from dataclasses import replace

from sample_school import program, school

from prospectus.app.topics import topic_notes, topics_of


def test_topics_are_those_of_courses_open_to_the_programme() -> None:
    here = school()
    first, second, *rest = here.courses
    first = replace(first, topics=frozenset({"text"}), areas=frozenset({"theory"}))
    closed = replace(second, topics=frozenset({"law"}), restricted_to=frozenset({"other-ms"}))
    changed = replace(here, courses=(first, closed, *rest))
    assert {"text", "theory"} <= set(topics_of(program(), changed))
    assert "law" not in topics_of(program(), changed)


def test_a_wanted_topic_that_no_course_carries_is_named_with_the_nearest() -> None:
    known = ["machine learning", "natural language processing", "r"]
    notes = topic_notes(["Machine Learning", "machine lerning", "language", "flubber"], known)
    assert notes == (
        "No course asked about carries the wanted topic 'machine lerning'; nearest: "
        "machine learning.",
        "No course asked about carries the wanted topic 'language'; nearest: "
        "natural language processing.",
        "No course asked about carries the wanted topic 'flubber'; each programme lists its "
        "topics.",
    )
