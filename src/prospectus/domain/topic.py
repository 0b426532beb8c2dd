"""Topics: a taxonomy of what courses teach, and which of it a course's own words say it carries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from prospectus.domain.course import Course
from prospectus.domain.facts import Source

_GAPS = re.compile(r"[\s\-_/]+")
_EDGES = re.compile(r"[^\w\s+#&.]|\.(?=\s|$)")
_SPELLINGS = (("isation", "ization"), ("ised", "ized"), ("ising", "izing"), ("elling", "eling"))
_KEPT_ENDINGS = ("ss", "us", "is", "as", "ics")
_LEAST_LETTERS = 4


class Practice(Enum):
    """Whether a topic is about doing, about why it works, or about both."""

    APPLIED = "applied"
    THEORETICAL = "theoretical"
    BOTH = "both"

    @property
    def applied_share(self) -> Fraction:
        """Return how much of the topic counts as applied."""
        return {"applied": Fraction(1), "theoretical": Fraction(0), "both": Fraction(1, 2)}[
            self.value
        ]


class AreaKind(Enum):
    """A core area of knowledge, a field of work, or what lies beside them."""

    CORE = "core"
    FIELD = "field"
    FURTHER = "further"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A core area, field or further area: a named set of topics."""

    id: str
    label: str
    kind: AreaKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A leaf of the taxonomy.

    A stated topic that equals one of `words` means it; so does a title that holds one of
    `titles`.
    """

    id: str
    label: str
    areas: tuple[str, ...]
    practice: Practice
    words: tuple[str, ...]
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """Areas and topics; `outside` are stated topics that say nothing about content."""

    areas: tuple[Area, ...]
    topics: tuple[Topic, ...]
    outside: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    _by_word: dict[str, tuple[str, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _by_title: list[tuple[str, str, str]] = field(
        init=False, repr=False, compare=False, default_factory=list
    )
    _by_id: dict[str, Topic] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        found: dict[str, list[str]] = defaultdict(list)
        for topic in self.topics:
            self._by_id[topic.id] = topic
            for word in topic.words:
                found[normal(word)].append(topic.id)
            self._by_title.extend((f" {normal(t)} ", t, topic.id) for t in topic.titles)
        self._by_word.update({word: tuple(ids) for word, ids in found.items()})

    def topic(self, id_: str) -> Topic:
        """Return the topic of an id."""
        return self._by_id[id_]

    def meant_by(self, stated: str) -> tuple[str, ...]:
        """Return the ids of the topics that a stated topic means."""
        return self._by_word.get(normal(stated), ())

    def meant_by_title(self, title: str) -> tuple[tuple[str, str], ...]:
        """Return (id, phrase) of the topics whose phrases a title holds as whole words."""
        words = f" {normal(title)} "
        return tuple((id_, phrase) for key, phrase, id_ in self._by_title if key in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A topic that a course carries, and the words of the catalog that say so."""

    topic: str
    words: tuple[str, ...] = ()
    title: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """Return where the tag comes from, in words."""
        found = [f"stated topic '{word}'" for word in self.words]
        found += [f"'{phrase}' in the title" for phrase in self.title]
        return ", ".join(found)


def normal(text: str) -> str:
    """Return a word as words are compared: case, hyphens, plural and British spelling put aside."""
    folded = _GAPS.sub(" ", _EDGES.sub(" ", text.casefold())).strip()
    for one, other in _SPELLINGS:
        folded = folded.replace(one, other)
    return " ".join(_singular(word) for word in folded.split(" "))


def _singular(word: str) -> str:
    if len(word) < _LEAST_LETTERS or not word.endswith("s") or word.endswith(_KEPT_ENDINGS):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


def tags_of(course: Course, taxonomy: Taxonomy) -> tuple[Tag, ...]:
    """Return the topics that a course carries, in the order of the taxonomy, each with its words.

    Only the course's stated topics and its title are read: what a source does not say is not
    taken to be taught.
    """
    words: dict[str, list[str]] = defaultdict(list)
    titles: dict[str, list[str]] = defaultdict(list)
    for stated in sorted(course.topics):
        for id_ in taxonomy.meant_by(stated):
            words[id_].append(stated)
    for id_, phrase in taxonomy.meant_by_title(course.title):
        titles[id_].append(phrase)
    return tuple(
        Tag(topic=topic.id, words=tuple(words[topic.id]), title=tuple(titles[topic.id]))
        for topic in taxonomy.topics
        if topic.id in words or topic.id in titles
    )


def is_content_known(course: Course, taxonomy: Taxonomy) -> bool:
    """Return whether anything is known of what a course is about.

    A course without a tag whose topics no source gives, or only by words that say nothing about
    content, is unknown: it might be about anything.
    """
    return bool(tags_of(course, taxonomy))


def applied_share(tags: Iterable[Tag], taxonomy: Taxonomy) -> Fraction | None:
    """Return the applied part (0..1) of what a course carries; None where nothing is tagged.

    Each topic weighs the same; one that is both counts half. The rest is theoretical.
    """
    shares = [taxonomy.topic(tag.topic).practice.applied_share for tag in tags]
    return sum(shares, Fraction(0)) / len(shares) if shares else None


def untold_words(courses: Iterable[Course], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the stated topics that no topic means and that are not listed as outside."""
    outside = {normal(word) for word in taxonomy.outside}
    return tuple(
        sorted(
            {
                stated
                for course in courses
                for stated in course.topics
                if not taxonomy.meant_by(stated) and normal(stated) not in outside
            }
        )
    )
