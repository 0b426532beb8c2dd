"""Programmes as they are looked at: rules as a tree, courses, their graph, what is taught."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from prospectus.app.apart import Apart
from prospectus.app.catalog_answers import (
    CourseAnswer,
    ProgramAnswer,
    ProgramLine,
)
from prospectus.app.catalog_views import course_answer, program_answer, programs_of
from prospectus.app.course_drawing import Drawing, draw
from prospectus.app.course_graph import CourseGraph, course_graph
from prospectus.app.library import Library, open_library
from prospectus.app.options import Track, tracks
from prospectus.app.program_lists import courses_behind
from prospectus.app.program_rows import (
    ComingRow,
    CourseRow,
    RunRow,
    TreeSection,
    coming_rows,
    course_row,
    node_labels,
    run_row,
    trees,
)
from prospectus.app.relevant import relevant_courses
from prospectus.app.topic_answers import TopicReach
from prospectus.app.topic_reach import open_topics, topic_reach
from prospectus.app.topic_words import share_sentence
from prospectus.app.words import listed
from prospectus.domain.errors import UsageError
from prospectus.domain.facts import Completeness
from prospectus.domain.program import Program

_N_PAGES = 64
_N_COURSES = 512
_N_REACHES = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramView:
    """A programme's page.

    `ways` are the tracks that can be planned, each with what a new plan is asked by.
    """

    answer: ProgramAnswer
    years: tuple[str, ...]
    tracks: tuple[Track, ...]
    ways: tuple[tuple[str, str], ...]
    sections: tuple[TreeSection, ...]
    courses: tuple[CourseRow, ...]
    graph: CourseGraph
    drawing: Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseView:
    """A course's page."""

    answer: CourseAnswer
    program: str
    sections: tuple[TreeSection, ...]
    history: tuple[RunRow, ...]
    coming: tuple[ComingRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackTopics:
    """What a track teaches, None where that has not been worked out yet."""

    track: Track
    reach: TopicReach | None

    @property
    def share(self) -> str:
        """Return the applied share of a completion in words."""
        return "" if self.reach is None else share_sentence(self.reach)


class Programs:
    """The programmes of one catalog; what was worked out for a day is kept."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.lines = lru_cache(maxsize=1)(self._lines)
        self.view = lru_cache(maxsize=_N_PAGES)(self._view)
        self.course = lru_cache(maxsize=_N_COURSES)(self._course)
        self._reaches: dict[tuple[str, str, str | None, dt.date], TopicReach | None] = {}

    def warm(self, today: dt.date, pause: Callable[[], bool]) -> None:
        """Make every programme's page ready, so that nobody waits for it; nothing is solved.

        `pause` is called between two of them, and says whether to end.
        """
        for program_id in self._library.ids():
            if pause():
                return
            self.view(program_id, "", today)
            self.topics(program_id, "", today)

    def _lines(self) -> tuple[ProgramLine, ...]:
        """Return every programme, by school and name."""
        return tuple(sorted(programs_of(self._library), key=lambda one: (one.school, one.name)))

    def found(self, words: str = "", *, only_complete: bool = False) -> tuple[ProgramLine, ...]:
        """Return the programmes whose name, school, id or tracks hold all of these words."""
        asked = words.casefold().split()
        return tuple(
            line
            for line in self.lines()
            if all(word in _searched(line) for word in asked)
            and not (only_complete and line.completeness is not Completeness.COMPLETE)
        )

    def _view(self, program_id: str, year: str, today: dt.date) -> ProgramView:
        """Return a programme's page; the newest year where none is given.

        Raises
        ------
        UsageError
            USE-001 for an unknown programme or year.
        """
        library = self._library
        program = library.named(program_id, year or None)
        school = library.school(program)
        answer = program_answer(library, program, today)
        found = tracks(program)
        is_complete = program.completeness is Completeness.COMPLETE
        assumptions = library.assumptions_of(program)
        courses = relevant_courses(program, school, assumptions)
        graph = course_graph(courses, {course.code: course for course in school.courses})
        return ProgramView(
            answer=answer,
            years=library.years(program.id),
            tracks=tuple(track for track in found if track.id is not None),
            ways=tuple(
                (f"{program.id}/{track.id or ''}", track.name)
                for track in found
                if is_complete and track.is_complete
            ),
            sections=trees(
                answer.sections,
                node_labels(program),
                courses_behind(program, school, assumptions),
            ),
            courses=tuple(course_row(course, program, school) for course in courses),
            graph=graph,
            drawing=draw(graph),
        )

    def _course(self, program_id: str, code: str, year: str, today: dt.date) -> CourseView:
        """Return a course's page.

        Raises
        ------
        UsageError
            USE-001 for an unknown programme, year or course.
        """
        program = self._library.named(program_id, year or None)
        school = self._library.school(program)
        answer = course_answer(self._library, program, code, today)
        mine = [one for one in school.offerings_for(program.id) if one.course == answer.code]
        calendar = dict(school.calendars).get(program.calendar)
        return CourseView(
            answer=answer,
            program=program.name,
            sections=trees(answer.sections, {}),
            history=tuple(run_row(one, calendar, today) for one in mine),
            coming=tuple(coming_rows(mine, program, school, today)),
        )

    def topics(self, program_id: str, year: str, today: dt.date) -> tuple[TrackTopics, ...]:
        """Return what each track that can be planned teaches, as far as that is kept: no solving.

        Raises
        ------
        UsageError
            USE-001 for an unknown programme or year.
        """
        program = self._library.named(program_id, year or None)
        if program.completeness is not Completeness.COMPLETE:
            return ()
        return tuple(
            TrackTopics(track=track, reach=self._kept_reach(program, track, today))
            for track in tracks(program)
            if track.is_complete
        )

    def worked_out(
        self,
        program_id: str,
        year: str,
        track_id: str,
        today: dt.date,
        apart: Apart,
        catalogs: tuple[Path, ...],
    ) -> TrackTopics:
        """Return what one track teaches; where it is not kept, another process works it out.

        Raises
        ------
        ProspectusError
            USE-001 for an unknown programme or year, USE-003 for an unknown track, LIM-001 when it
            takes too long.
        """
        program = self._library.named(program_id, year or None)
        known = {track.id or "": track for track in tracks(program)}
        if track_id not in known:
            raise UsageError(
                "USE-003",
                what=f"{program.id} has no track '{track_id}'",
                fix=f"use {listed(sorted(filter(None, known)))}" if any(known) else "name none",
            )
        track = known[track_id]
        reach = self._kept_reach(program, track, today)
        if reach is None:
            reach = apart.run(_solved, catalogs, program.id, program.catalog_year, track_id, today)
            self._reaches[program.id, program.catalog_year, track.id, today] = reach
        return TrackTopics(track=track, reach=reach)

    def _kept_reach(self, program: Program, track: Track, today: dt.date) -> TopicReach | None:
        key = (program.id, program.catalog_year, track.id, today)
        if key not in self._reaches:
            if len(self._reaches) >= _N_REACHES:
                self._reaches.clear()
            try:
                self._reaches[key] = _reach(self._library, program, track, today, _refuse)
            except _NotKeptError:
                # remembered too: to look it up costs as much as to show the page
                self._reaches[key] = None
        return self._reaches[key]


def _searched(line: ProgramLine) -> str:
    names = " ".join(name for _, name in line.tracks)
    return f"{line.name} {line.school} {line.id} {names}".casefold()


class _NotKeptError(Exception):
    """An answer would have to be worked out by the solver."""


def _refuse() -> None:
    raise _NotKeptError


def _reach(
    library: Library,
    program: Program,
    track: Track,
    today: dt.date,
    on_solving: Callable[[], None] | None = None,
) -> TopicReach:
    return topic_reach(
        program,
        library.school(program),
        library.assumptions_of(program),
        open_topics(),
        today,
        track=track,
        on_solving=on_solving,
    )


def _solved(
    catalogs: tuple[Path, ...], program_id: str, year: str, track_id: str, today: dt.date
) -> TopicReach:
    """Work out what a track teaches, in a process that solves."""
    library = open_library(catalogs)
    program = library.program(program_id, year)
    track = next(one for one in tracks(program) if (one.id or "") == track_id)
    return _reach(library, program, track, today)
