"""Topics in words: those a programme's courses carry, and what becomes of the wanted ones."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable

from prospectus.app.solving import Solved
from prospectus.domain.meaning.setting import Setting
from prospectus.domain.meaning.uses import uses
from prospectus.domain.program import Program, School

_N_NEAREST = 3
_LEAST_LETTERS = 4


def topics_of(program: Program, school: School) -> tuple[str, ...]:
    """Return the topics and areas of the courses that are open to a programme's students."""
    found: set[str] = set()
    for course in school.courses:
        if not course.restricted_to or program.id in course.restricted_to:
            found |= course.topics | course.areas
    return tuple(sorted(found))


def topics_covered(solved: Solved, today: dt.date) -> tuple[str, ...]:
    """Return the wanted topics that a plan covers, as the file writes them."""
    if solved.appraisal is None:
        return ()
    setting = Setting(solved.resolved, solved.record, today)
    carried: set[str] = set()
    for use in uses(setting, solved.appraisal.finish):
        carried |= setting.topics(use.attempt)
        if use.course is not None:
            carried |= use.course.topics | use.course.areas
    folded = {topic.casefold() for topic in carried}
    wanted = solved.student.wishes.wanted_topics
    return tuple(topic for topic in wanted if topic.casefold() in folded)


def topic_notes(wanted: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return a warning for each wanted topic that no course of these programmes carries."""
    folded = {topic.casefold(): topic for topic in known}
    notes = []
    for topic in wanted:
        word = topic.casefold()
        if word in folded:
            continue
        alike = [
            name
            for key, name in folded.items()
            if min(len(word), len(key)) >= _LEAST_LETTERS and (word in key or key in word)
        ]
        near = difflib.get_close_matches(word, folded, n=_N_NEAREST, cutoff=0.6)
        told = list(dict.fromkeys([*alike, *(folded[key] for key in near)]))[:_N_NEAREST]
        instead = f"nearest: {', '.join(told)}" if told else "each programme lists its topics"
        notes.append(f"No course asked about carries the wanted topic '{topic}'; {instead}.")
    return tuple(notes)
