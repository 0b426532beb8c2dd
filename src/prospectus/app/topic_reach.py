"""What a programme teaches whatever one chooses, what it can teach, and what it cannot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from prospectus.app.kept_answers import first_day, key_of, read, write
from prospectus.app.options import Track, all_readings, on_track
from prospectus.app.topic_answers import (
    UNDECIDED,
    AreaLine,
    ShareRange,
    TopicLine,
    TopicReach,
    merged,
)
from prospectus.catalogs.digest import digest_of
from prospectus.catalogs.listing import bundled_root
from prospectus.domain.course import Course, CourseCode
from prospectus.domain.errors import DomainError, UnsupportedError
from prospectus.domain.facts import Assumption, Completeness
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Program, Resolved, School
from prospectus.domain.record import Record
from prospectus.domain.student import Level, Person, Student, Wishes
from prospectus.domain.topic import Tag, Taxonomy, applied_share, tags_of
from prospectus.store.cache import Cache

if TYPE_CHECKING:
    from prospectus.planning.ratio import Extreme
    from prospectus.planning.reach import Contents, Reach

_NAME = "topics"
_MODULES = ("topic_reach", "topic_answers")
_AREA = "area "
_PARTIAL = "its rules are encoded only in part, and a rule that is missing could change it"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """What the solver decided: all that is kept between calls."""

    states: Mapping[str, str]
    share: ShareRange | None
    n_worlds: int
    n_without_plan: int
    why_not: str = ""

    @property
    def is_final(self) -> bool:
        """Return whether more time would change nothing."""
        is_proven = self.share is None or self.share.is_proven
        return UNDECIDED not in self.states.values() and is_proven


def open_topics(path: Path | None = None, *, kept: Cache | None = None) -> Taxonomy:
    """Return the taxonomy of a file (the bundled one if None), from the cache where it is kept.

    Raises
    ------
    CatalogError
        With the faults of the file.
    """
    store = kept if kept is not None else Cache.default()
    key = digest_of((path or bundled_root() / "topics.yaml",))
    found = read(store, "taxonomy", key, Taxonomy) if key is not None else None
    if found is not None:
        return found
    from prospectus.catalogs.topics_file import load_topics

    taxonomy = load_topics(path)
    if key is not None:
        write(store, "taxonomy", key, taxonomy)
    return taxonomy


def topic_reach(
    program: Program,
    school: School,
    assumptions: Mapping[str, Assumption],
    taxonomy: Taxonomy,
    today: dt.date,
    *,
    track: Track | None = None,
    seconds: float = 60,
    seed: int = 0,
    kept: Cache | None = None,
    on_solving: Callable[[], None] | None = None,
) -> TopicReach:
    """Return what every, some or no legal completion of a track brings, by the solver.

    A completion is a plan that `plan` would accept, for a person who asks nothing, has nothing on
    record and begins with the next period. docs/topics.md has the definitions.

    Parameters
    ----------
    program, school, assumptions
        The rules of a complete programme, and what they rest on.
    taxonomy
        The topics, and the words that mean them.
    today
        The day of asking.
    track
        The track to declare; None leaves the choice open.
    seconds, seed
        Limit for each reading and unknown fact; what is not settled by then is `undecided`, and
        such an answer is not kept.
    kept
        Where answers are kept, under a digest of all they depend on; the person's own when None.
    on_solving
        Called before an answer that was not kept is worked out, which takes seconds.
    """
    chosen = None if track is None else track.id
    is_complete = program.completeness is Completeness.COMPLETE
    if not is_complete or (track is not None and not track.is_complete):
        return TopicReach(program=program.id, track=chosen, why_not=_PARTIAL)
    store = kept if kept is not None else Cache.default()
    begin = first_day(program, school, today)
    key = key_of(_MODULES, program, school, assumptions, seed, taxonomy, chosen, begin)
    decided = read(store, _NAME, key, _Decided)
    if decided is None:
        if on_solving is not None:
            on_solving()
        decided = _decide(program, school, assumptions, taxonomy, begin, chosen, seconds, seed)
        if decided.is_final:
            write(store, _NAME, key, decided)
    return _told(program, school, taxonomy, chosen, decided)


def _decide(
    program: Program,
    school: School,
    assumptions: Mapping[str, Assumption],
    taxonomy: Taxonomy,
    begin: dt.date,
    track: str | None,
    seconds: float,
    seed: int,
) -> _Decided:
    # The solver takes a second to load, which an answer from the cache must not pay.
    from prospectus.planning.reach import reach

    wishes = Wishes(hours_per_week=None, hours_are_assumed=False, levels=(Level.FINISH,))
    record = Record(matriculation=begin)
    anyone = Student(matriculation=begin, plan_from=begin, record=record, wishes=wishes)
    student = on_track(anyone, program, track)
    found: list[Reach] = []
    try:
        for reading in all_readings(program):
            for resolved in resolve(program, school, Person(), reading, assumptions):
                contents = _contents(resolved, taxonomy)
                found.append(
                    reach(resolved, student, record, begin, contents, seconds=seconds, seed=seed)
                )
    except (DomainError, UnsupportedError) as error:
        return _Decided(
            states={}, share=None, n_worlds=0, n_without_plan=0, why_not=error.faults[0].what
        )
    with_plan = [one for one in found if one.has_plan is not False]
    targets = dict.fromkeys(target for one in with_plan for target in one.states)
    return _Decided(
        states={t: merged([one.states[t].value for one in with_plan]) for t in targets},
        share=_share_of(with_plan),
        n_worlds=len(found),
        n_without_plan=len(found) - len(with_plan),
        why_not="" if with_plan else "no legal plan was found to exist",
    )


def _contents(resolved: Resolved, taxonomy: Taxonomy) -> Contents:
    from prospectus.planning.reach import Contents

    tags = {code: tags_of(course, taxonomy) for code, course in resolved.courses.items()}
    carrying: dict[str, set[CourseCode]] = {topic.id: set() for topic in taxonomy.topics}
    carrying |= {_AREA + area.id: set() for area in taxonomy.areas}
    shares: dict[CourseCode, Fraction] = {}
    for code, mine in tags.items():
        for tag in mine:
            carrying[tag.topic].add(code)
            for area in taxonomy.topic(tag.topic).areas:
                carrying[_AREA + area].add(code)
        share = applied_share(mine, taxonomy)
        if share is not None:
            shares[code] = share
    return Contents(
        targets={target: frozenset(codes) for target, codes in carrying.items()},
        unknown=frozenset(code for code, mine in tags.items() if not mine),
        shares=shares,
    )


def _share_of(found: Iterable[Reach]) -> ShareRange | None:
    """Return the range over all readings; None where one of them has none."""
    rows = [(one.least, one.most, one.unweighed) for one in found]
    known: list[tuple[Extreme, Extreme, Extreme]] = []
    for least, most, unweighed in rows:
        if least is None or most is None or unweighed is None:
            return None
        known.append((least, most, unweighed))
    if not known:
        return None
    return ShareRange(
        least=min(least.value for least, _, _ in known),
        most=max(most.value for _, most, _ in known),
        untagged=max(unweighed.value for _, _, unweighed in known),
        is_proven=all(extreme.is_proven for row in known for extreme in row),
    )


def _told(
    program: Program, school: School, taxonomy: Taxonomy, track: str | None, decided: _Decided
) -> TopicReach:
    if decided.why_not:
        return TopicReach(
            program=program.id,
            track=track,
            n_worlds=decided.n_worlds,
            n_without_plan=decided.n_without_plan,
            why_not=decided.why_not,
        )
    carrying: dict[str, list[tuple[CourseCode, Tag]]] = {topic.id: [] for topic in taxonomy.topics}
    unknown: list[CourseCode] = []
    for course in sorted(_open_to(program, school), key=lambda course: course.code):
        tags = tags_of(course, taxonomy)
        for tag in tags:
            carrying[tag.topic].append((course.code, tag))
        if not tags:
            unknown.append(course.code)
    lines = {
        topic.id: TopicLine(
            id=topic.id,
            label=topic.label,
            state=decided.states[topic.id],
            tags=tuple(carrying[topic.id]),
        )
        for topic in taxonomy.topics
    }
    return TopicReach(
        program=program.id,
        track=track,
        areas=tuple(
            AreaLine(
                area=area,
                state=decided.states[_AREA + area.id],
                topics=tuple(lines[t.id] for t in taxonomy.topics if area.id in t.areas),
            )
            for area in taxonomy.areas
        ),
        share=decided.share,
        n_worlds=decided.n_worlds,
        n_without_plan=decided.n_without_plan,
        unknown_courses=tuple(unknown),
    )


def _open_to(program: Program, school: School) -> Iterable[Course]:
    for course in school.courses:
        if not course.restricted_to or program.id in course.restricted_to:
            yield course
