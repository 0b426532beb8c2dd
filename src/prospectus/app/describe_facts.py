"""What is known of a programme beside its rules: how it is taught, who is admitted, what it costs.

Each is a line in plain words with its source, its day and its place in a file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from prospectus.app.admission import pathway_words
from prospectus.app.catalog_answers import RuleLine, RuleSection, fact_line, unknown_line
from prospectus.app.offering_words import fee_words, term_words
from prospectus.app.words import condition_words, listed
from prospectus.domain.course import Delivery
from prospectus.domain.expression import And
from prospectus.domain.facts import Provenance
from prospectus.domain.program import Deadline, Obligation, Program, School, Visits

_MODE = {
    Delivery.ASYNC: "online, at one's own time",
    Delivery.SYNC: "online, live",
    Delivery.HYBRID: "partly online, partly on campus",
    Delivery.IN_PERSON: "on campus",
}
_VISITS = {
    Visits.NONE: "no visits to the campus",
    Visits.OPTIONAL: "visits to the campus are possible",
    Visits.REQUIRED: "visits to the campus are required",
}
_REQUIRED = {
    Obligation.YES: "required",
    Obligation.NO: "possible, not required",
    Obligation.CHOICE: "one of them is required",
    Obligation.UNKNOWN: "whether it is required is unknown",
}


def facts_of(program: Program, school: School) -> tuple[RuleSection, ...]:
    """Return what is known of a programme beside its rules, in sections."""
    found = (
        RuleSection(title="The programme", lines=tuple(_about(program))),
        RuleSection(title="Admission", lines=tuple(_admission(program))),
        RuleSection(title="Prices", lines=tuple(_prices(program, school))),
        RuleSection(title="Terms", lines=tuple(_terms(program, school))),
    )
    return tuple(section for section in found if section.lines)


def _about(program: Program) -> Iterator[RuleLine]:
    accreditation = program.accreditation
    if accreditation is None:
        yield unknown_line("accreditation")
    else:
        told = f"{_institution(accreditation.bodies)}; {_itself(accreditation.program)}"
        yield fact_line(told, accreditation.provenance)
    delivery = program.delivery
    if delivery is None:
        yield unknown_line("delivery")
    else:
        words = [_MODE.get(delivery.mode, "how it is taught is unknown")]
        words.append(_VISITS.get(delivery.visits, "visits to the campus: unknown"))
        if delivery.zone is not None:
            words.append(f"its live sessions are on the clocks of {delivery.zone}")
        yield fact_line("; ".join(words), delivery.provenance)
        yield from _notes(delivery.notes, delivery.provenance)
    experiential = program.experiential
    if experiential is None:
        yield unknown_line("capstone, practicum, thesis or the like")
    else:
        kinds = experiential.kinds
        if kinds:
            named = listed([kind.value for kind in kinds])
            text = f"{named}: {_REQUIRED[experiential.required]}"
        else:
            text = "no capstone, practicum, thesis or the like" if kinds == () else "kind unknown"
        yield fact_line(text, experiential.provenance)
        yield from _notes(experiential.notes, experiential.provenance)
    if program.transfer is None:
        yield unknown_line("credit from elsewhere")
    else:
        for text in program.transfer.notes:
            yield fact_line(f"credit from elsewhere: {text}", program.transfer.provenance)
        for one in program.transfer.conversions:
            yield fact_line(f"credit from elsewhere: {one.words()}", one.provenance)
    for note in program.notes or ():
        yield fact_line(note.text, note.provenance)


def _institution(bodies: tuple[str, ...] | None) -> str:
    if bodies is None:
        return "who accredits the institution is unknown"
    if not bodies:
        return "no body is named that accredits the institution"
    return f"the institution is accredited by {listed(list(bodies), 'and')}"


def _itself(bodies: tuple[str, ...] | None) -> str:
    if bodies is None:
        return "whether the programme itself is accredited is unknown"
    if not bodies:
        return "no body is named that accredits the programme itself"
    return f"the programme itself by {listed(list(bodies), 'and')}"


def _admission(program: Program) -> Iterator[RuleLine]:
    admission = program.admission
    if admission.eligibility == And(items=()):
        yield fact_line("no condition of admission", admission.provenance)
    elif admission.eligibility is not None:
        yield fact_line(condition_words(admission.eligibility, {}), admission.provenance)
    else:
        yield unknown_line("conditions of admission")
    for pathway in admission.pathways:
        way = "only by" if admission.pathways_only else "or"
        yield fact_line(f"{way} {pathway_words(pathway)}", pathway.provenance)
        if pathway.note:
            yield from _notes((pathway.note,), pathway.provenance)
    if admission.starts is None:
        yield unknown_line("in which seasons one can begin")
    else:
        seasons = listed(list(admission.starts))
        yield fact_line(f"one begins in {seasons}", admission.provenance)
    if admission.rolling:
        yield fact_line("applications are taken at any time", admission.provenance)
    for deadline in admission.deadlines:
        yield fact_line(deadline_words(deadline), deadline.provenance)
    if not admission.rolling and not admission.deadlines:
        yield unknown_line("by when to apply")
    yield from (fact_line(note, admission.provenance) for note in admission.notes)
    if admission.provenance.note:
        yield from _notes((admission.provenance.note,), admission.provenance)


def deadline_words(deadline: Deadline) -> str:
    """Return by when to apply for a start."""
    # a leap year, so that 29 February can be said of every year
    day = dt.date(deadline.year or 2000, deadline.month, deadline.day)
    when = f"{day.day} {day:%B}" + ("" if deadline.year is None else f" {day.year}")
    named = f" ({deadline.round})" if deadline.round else ""
    return f"for {deadline.start} apply by {when}{named}"


def _prices(program: Program, school: School) -> Iterator[RuleLine]:
    found = [fee for fee in school.fees if not fee.programs or program.id in fee.programs]
    if not found:
        yield unknown_line("prices")
    for fee in found:
        yield fact_line(fee_words(fee), fee.provenance)


def _terms(program: Program, school: School) -> Iterator[RuleLine]:
    calendar = dict(school.calendars).get(program.calendar)
    if calendar is None:
        return
    seen: set[str] = set()
    for term in calendar.terms:
        if term.season in seen:
            continue
        seen.add(term.season)
        inside = calendar.leaves_by_term[calendar.terms.index(term)]
        leaves = [calendar.leaves[index] for index in inside]
        yield fact_line(term_words(term, leaves), term.provenance)


def _notes(notes: tuple[str, ...], provenance: Provenance) -> Iterator[RuleLine]:
    for note in notes:
        yield fact_line(f"note: {note}", provenance, depth=1)
