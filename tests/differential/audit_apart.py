"""What is drawn apart for the audit: tries at a course, rules on them, former content.

Each is drawn from a generator of its own, so that what is drawn beside it stays as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from tests.differential.drawing import TOPICS, Draw

from prospectus.domain.course import Course, FormerContent
from prospectus.domain.expression import Attribute, Has
from prospectus.domain.program import Resolved
from prospectus.domain.record import Attempt, AttemptStatus, Record
from prospectus.domain.requirement import Fill, Item
from prospectus.domain.rule import RecordRules, Repeats, WhichAttempt

_WHEN = ("Spring 2024", "Fall 2024", "Spring 2025", "Spring 2026")


def with_former_content(draw: Draw, courses: Sequence[Course]) -> list[Course]:
    """Return the courses with topics, some of which had others until a day."""
    if not draw.chance(0.25, "topics"):
        return list(courses)
    found = []
    for course in courses:
        formerly: tuple[FormerContent, ...] = ()
        if draw.chance(0.4, "former content"):
            until = draw.rng.choice([None, dt.date(2024, 6, 1), dt.date(2025, 12, 31)])
            topics = draw.rng.choice([None, frozenset({draw.rng.choice(TOPICS)})])
            formerly = (FormerContent(until=until, title=f"{course.title} I", topics=topics),)
        topic = frozenset({draw.rng.choice(TOPICS)})
        found.append(replace(course, topics=topic, formerly=formerly))
    return found


def with_topic_leaves(draw: Draw, children: Sequence[Item]) -> list[Item]:
    """Return the nodes with some leaf that asks a topic, where topics were drawn."""
    if "topics" not in draw.kinds:
        return list(children)
    found: list[Item] = []
    for child in children:
        plain = isinstance(child, Fill) and not child.rest and child.areas is None
        if plain and draw.chance(0.6, "topic leaf"):
            topic = Has(attribute=Attribute.TOPIC, value=draw.rng.choice(TOPICS))
            child = replace(child, from_=topic)  # type: ignore[type-var]  # it is a leaf
        found.append(child)
    return found


def with_other_repeats(draw: Draw, rules: RecordRules) -> RecordRules:
    """Return the record rules, in some cases with another rule on repeats."""
    if not draw.chance(0.4):
        return rules
    use = draw.rng.choice([None, *WhichAttempt])
    cap = draw.rng.choice([1, 2]) if draw.chance(0.25, "repeats: cap") else None
    return replace(rules, repeats=Repeats(use=use, cap=cap))


def with_more_tries(draw: Draw, resolved: Resolved, record: Record) -> Record:
    """Return the record with some further tries at what was tried in another term."""
    scale = resolved.scale
    grades = [grade for grade in scale.grades if grade.points is not None]
    more = []
    for attempt in record.attempts:
        if not attempt.periods or not draw.chance(0.3, "another try"):
            continue
        grade = draw.rng.choice(grades)
        again = Attempt(
            id=f"{attempt.id} once more",
            course=attempt.course,
            credits=attempt.credits,
            status=AttemptStatus.PASSED if grade.earns else AttemptStatus.FAILED,
            grade=grade.name,
            periods=(draw.rng.choice(_WHEN),),
        )
        more.append(again)
    return replace(record, attempts=(*record.attempts, *more))
