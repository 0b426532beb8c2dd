"""Whether the starts of which an admission speaks are seasons and periods of the calendar."""

from __future__ import annotations

from prospectus.catalogs.findings import Findings
from prospectus.catalogs.name_checks import note_unknown_season, seasons_of
from prospectus.catalogs.values import is_period, read_period
from prospectus.domain.program import Program, School


def check_starts(program: Program, school: School, findings: Findings) -> None:
    """Note seasons and periods that the calendar of the programme does not have."""
    admission, seasons = program.admission, seasons_of(school)
    for season in admission.starts or ():
        if season not in seasons:
            note_unknown_season(season, seasons, admission.provenance.at, "starts", findings)
    calendar = dict(school.calendars).get(program.calendar)
    periods = (*calendar.terms, *calendar.leaves) if calendar is not None else ()
    ids = {str(period.id) for period in periods}
    for deadline in admission.deadlines:
        at, start = deadline.provenance.at, deadline.start
        if start in seasons or start in ids:
            continue
        # A deadline of a mapping is named by its season, one of a list has a field for it.
        field = "start" if at.field.endswith("]") else ""
        season = read_period(start)[1] if is_period(start) else start
        if season not in seasons:
            note_unknown_season(season, seasons, at, field, findings)
        elif calendar is not None:
            findings.note(
                "CAT-033",
                at,
                field,
                f"{start} is no period of this calendar",
                "use a season of calendar.yaml, with the year of its start",
            )
