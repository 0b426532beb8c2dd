"""`topics.track_s`, `topics.kept_s`: what a track brings, decided by the solver and told again."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from measurement import Measurement
from prospectus.app.library import open_library
from prospectus.app.options import tracks
from prospectus.app.topic_reach import open_topics, topic_reach
from prospectus.domain.facts import Completeness
from prospectus.store.cache import Cache
from spine import TODAY


def measure() -> Iterator[Measurement]:
    """Yield the slowest track of all complete programmes, and the slowest from the cache."""
    library, taxonomy = open_library(), open_topics()
    cold: list[tuple[float, str]] = []
    kept: list[tuple[float, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(Path(folder))
        for program in library.catalog.programs:
            if program.completeness is not Completeness.COMPLETE:
                continue
            for track in (one for one in tracks(program) if one.is_complete):
                for times in (cold, kept):
                    started = time.perf_counter()
                    topic_reach(
                        program,
                        library.school(program),
                        library.assumptions_of(program),
                        taxonomy,
                        TODAY,
                        track=track,
                        kept=cache,
                    )
                    name = f"{program.id} {program.catalog_year} {track.id or ''}".strip()
                    times.append((time.perf_counter() - started, name))
    for id_, times, goal in (("topics.track_s", cold, 10.0), ("topics.kept_s", kept, 0.2)):
        seconds, name = max(times)
        mean = sum(value for value, _ in times) / len(times)
        yield Measurement(
            id=id_,
            value=seconds,
            unit="s",
            goal=goal,
            note=f"slowest of {len(times)} tracks ({name}); mean {mean:.2f} s",
        )
