"""topics.yaml: the taxonomy of topics, read apart from the catalog, which does not need it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from prospectus.catalogs.blocks import SourceBlock, Strict, Text, Words
from prospectus.catalogs.field_faults import field_faults
from prospectus.catalogs.listing import bundled_root
from prospectus.catalogs.nearest import nearest
from prospectus.catalogs.yaml_document import Document
from prospectus.catalogs.yaml_reader import read_yaml
from prospectus.domain.errors import CatalogError, Fault
from prospectus.domain.facts import Source
from prospectus.domain.topic import Area, AreaKind, Practice, Taxonomy, Topic, normal


class AreaBlock(Strict):
    """A core area, a field, or what lies beside them."""

    label: Text
    kind: Literal["core", "field", "further"]


class TopicBlock(Strict):
    """A leaf: the words of stated topics, and of titles, that mean it."""

    label: Text
    areas: list[Text] = Field(min_length=1)
    practice: Literal["applied", "theoretical", "both"]
    words: Words
    titles: Words = []


class TopicsFile(Strict):
    """The taxonomy."""

    format: Literal[1]
    kind: Literal["topics"]
    sources: dict[str, SourceBlock] = {}
    areas: dict[str, AreaBlock]
    topics: dict[str, TopicBlock]
    outside: list[Text] = []

    def to_domain(self) -> Taxonomy:
        """Return the taxonomy."""
        return Taxonomy(
            areas=tuple(
                Area(id=id_, label=area.label, kind=AreaKind(area.kind))
                for id_, area in self.areas.items()
            ),
            topics=tuple(
                Topic(
                    id=id_,
                    label=topic.label,
                    areas=tuple(topic.areas),
                    practice=Practice(topic.practice),
                    words=tuple(topic.words),
                    titles=tuple(topic.titles),
                )
                for id_, topic in self.topics.items()
            ),
            outside=tuple(self.outside),
            sources=tuple(
                Source(id=id_, title=source.title, address=source.address, read=source.read)
                for id_, source in self.sources.items()
            ),
        )


def load_topics(path: Path | None = None) -> Taxonomy:
    """Return the taxonomy of a file; the bundled one when there is none.

    Raises
    ------
    CatalogError
        With everything that is wrong with the file.
    """
    bundled = bundled_root() / "topics.yaml"
    document = read_yaml(path or bundled, shown_as="data/topics.yaml" if path is None else None)
    try:
        fields = TopicsFile.model_validate(document.data)
    except ValidationError as error:
        raise CatalogError(faults=tuple(field_faults(error, document, TopicsFile))) from None
    faults = tuple(_faults(fields, document))
    if faults:
        raise CatalogError(faults=faults)
    return fields.to_domain()


def _faults(fields: TopicsFile, document: Document) -> Iterator[Fault]:
    """Yield areas that are not there, and words that are both meant and outside."""
    outside = {normal(word) for word in fields.outside}
    for id_, topic in fields.topics.items():
        for place, area in enumerate(topic.areas):
            if area not in fields.areas:
                yield Fault(
                    code="CAT-055",
                    what=f"{id_} belongs to the area '{area}', which the file does not have"
                    + nearest(area, set(fields.areas)),
                    at=document.place(("topics", id_, "areas", place)),
                    fix=f"use one of {', '.join(fields.areas)}, or add it under `areas:`",
                )
        for place, word in enumerate(topic.words):
            if normal(word) in outside:
                yield Fault(
                    code="CAT-055",
                    what=f"'{word}' means {id_} and stands under `outside` too",
                    at=document.place(("topics", id_, "words", place)),
                    fix="remove it from one of the two",
                )
