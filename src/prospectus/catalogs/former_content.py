"""What a course was before its number took another content."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from prospectus.catalogs.blocks import Block, OrUnknown, Text, Words
from prospectus.catalogs.site import Site
from prospectus.domain.course import FormerContent


class FormerBlock(Block):
    """The content up to a day."""

    until: OrUnknown[dt.date]
    title: Text
    topics: OrUnknown[Words]


def former_contents(blocks: list[FormerBlock], site: Site) -> tuple[FormerContent, ...]:
    """Return what a course was before, the oldest first."""
    days = [block.until for block in blocks if isinstance(block.until, dt.date)]
    if any(later <= earlier for earlier, later in pairwise(days)):
        site.fault(
            "CAT-025",
            "the former contents do not follow each other",
            "give the oldest first, each with a later `until` than the one before",
        )
    return tuple(
        FormerContent(
            until=block.until if isinstance(block.until, dt.date) else None,
            title="" if block.title == "unknown" else block.title,
            topics=frozenset(block.topics) if isinstance(block.topics, list) else None,
            provenance=site.at(index).within(block).provenance,
        )
        for index, block in enumerate(blocks)
    )
