"""A programme as schema.org JSON-LD: EducationalOccupationalProgram, Course, CourseInstance."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from prospectus.domain.course import Course, CourseCode, Delivery
from prospectus.domain.expression import AnyCourse, Expression
from prospectus.domain.facts import Certainty, Completeness, Money, Provenance, Source
from prospectus.domain.fees import Fee
from prospectus.domain.offering import LiveSession, Offering, OfferingKind, runs
from prospectus.domain.period import Period
from prospectus.domain.printer import print_number
from prospectus.domain.program import Program, School
from prospectus.domain.requirement import All, Any, Fill, Item, Range, Reading, When
from prospectus.exchange.losses import Loss, Losses
from prospectus.exchange.rules_left_out import note_rules

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Words = Callable[[Expression], str]
"""A condition in plain words."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MODES: Mapping[Delivery, tuple[str, ...]] = {
    Delivery.ASYNC: ("online", "asynchronous"),
    Delivery.SYNC: ("online", "synchronous"),
    Delivery.HYBRID: ("blended",),
    Delivery.IN_PERSON: ("onsite",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLdMade:
    """The text of a document, and what it leaves out."""

    text: str
    losses: tuple[Loss, ...]


def write_json_ld(
    program: Program,
    school: School,
    codes: Iterable[CourseCode],
    deadlines: Sequence[dt.date],
    words: Words,
) -> JsonLdMade:
    """Return a programme with the courses that it may take.

    Parameters
    ----------
    program, school
        The rules, and the school's facts.
    codes
        The courses that some requirement may take.
    deadlines
        Days by which to apply that are still to come.
    words
        Says a condition in words: the vocabulary has no place for one that can be computed with.
    """
    writer = _Writer(program=program, school=school, words=words, losses=Losses())
    document = writer.program_document(sorted(set(codes)), deadlines)
    return JsonLdMade(
        text=json.dumps(document, ensure_ascii=False, indent=2) + "\n",
        losses=writer.losses.told(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    """Writes the parts of one document."""

    program: Program
    school: School
    words: Words
    losses: Losses
    _offerings: dict[CourseCode, list[Offering]] = field(default_factory=dict)

    def program_document(
        self, codes: Sequence[CourseCode], deadlines: Sequence[dt.date]
    ) -> dict[str, Json]:
        program = self.program
        for offering in self.school.offerings:
            self._offerings.setdefault(offering.course, []).append(offering)
        found: dict[str, Json] = {
            "@context": "https://schema.org",
            "@type": "EducationalOccupationalProgram",
            "name": program.name,
            "identifier": f"{program.id} {program.catalog_year}",
            "provider": self._provider(),
            "educationalCredentialAwarded": {
                "@type": "EducationalOccupationalCredential",
                "name": program.degree,
                "credentialCategory": "degree",
            },
        }
        if program.urls:
            found["url"] = _one_or_list(program.urls)
        credits = self._total()
        if credits is not None:
            found["numberOfCredits"] = {
                "@type": "QuantitativeValue",
                "value": _number(credits),
                "unitText": program.credit_unit,
            }
        mode = program.delivery.mode if program.delivery is not None else Delivery.UNKNOWN
        if mode in _MODES:
            found["educationalProgramMode"] = _one_or_list(_MODES[mode])
        if program.admission.eligibility is not None:
            found["programPrerequisites"] = self.words(program.admission.eligibility)
            self.losses.add(
                "conditions that can be computed with: they stand in words", "admission"
            )
        if deadlines:
            found["applicationDeadline"] = _one_or_list([day.isoformat() for day in deadlines])
        offers: list[Json] = [offer for fee in self._fees() for offer in self._offer(fee)]
        if offers:
            found["offers"] = offers
        pages = _pages(program.sources)
        if pages:
            found["subjectOf"] = pages
        self._note_sources(program.provenance, program.id)
        self.losses.add(
            "requirements: which courses are required, which are choices, and how many of them",
            *_leaf_names(program.tree),
        )
        note_rules(program, {}, self.losses)
        known = {course.code: course for course in self.school.courses}
        found["hasCourse"] = [self._course(known[code]) for code in codes if code in known]
        self.losses.add(
            "courses taught elsewhere, of which only the code is known",
            *(code for code in codes if code not in known),
        )
        if program.completeness is not Completeness.COMPLETE:
            self.losses.add("how much of the programme is encoded", program.completeness.value)
        return found

    def _provider(self) -> dict[str, Json]:
        found: dict[str, Json] = {"@type": "CollegeOrUniversity", "name": self.school.name}
        if self.school.country is not None:
            found["address"] = {
                "@type": "PostalAddress",
                "addressCountry": self.school.country,
            }
        return found

    def _total(self) -> Fraction | None:
        """Return the credits of the degree, None where they are not one known number."""
        tree = self.program.tree
        total = tree.total if isinstance(tree, All) else None
        if total is None or total.credits is None:
            return None
        if isinstance(total.credits, Range):
            # A total that no source gives asks nothing, and so stands as 0.
            return total.credits.low or None
        self.losses.add("a total that depends on the person or on how a text is read", "credits")
        return None

    def _fees(self) -> Iterable[Fee]:
        for fee in self.school.fees:
            if not fee.programs or self.program.id in fee.programs:
                yield fee

    def _offer(self, fee: Fee) -> Iterable[dict[str, Json]]:
        if fee.amount is None:
            self.losses.add("prices in tiers, and prices that nobody knows", fee.id)
            return
        if fee.seasons or fee.residence or fee.delivery or fee.of != AnyCourse():
            self.losses.add("whom and what a price is for", fee.id)
        self._note_sources(fee.provenance, fee.id)
        price: dict[str, Json] = {
            "@type": "UnitPriceSpecification",
            "price": _amount(fee.amount),
            "priceCurrency": fee.amount.currency,
            "unitText": fee.per.value,
        }
        if fee.valid_from is not None:
            price["validFrom"] = fee.valid_from.isoformat()
        if fee.valid_to is not None:
            price["validThrough"] = fee.valid_to.isoformat()
        name = f"{fee.id} ({', '.join(sorted(fee.residence))})" if fee.residence else fee.id
        yield {"@type": "Offer", "name": name, "priceSpecification": price}

    def _course(self, course: Course) -> dict[str, Json]:
        found: dict[str, Json] = {"@type": "Course", "name": course.title or course.code}
        if not course.code.startswith("~"):
            found["courseCode"] = course.code
        found["provider"] = {"@type": "CollegeOrUniversity", "name": self.school.name}
        if course.credits_low == course.credits_high:
            found["numberOfCredits"] = {
                "@type": "QuantitativeValue",
                "value": _number(course.credits_low),
                "unitText": self.program.credit_unit,
            }
        else:
            found["numberOfCredits"] = {
                "@type": "QuantitativeValue",
                "minValue": _number(course.credits_low),
                "maxValue": _number(course.credits_high),
                "unitText": self.program.credit_unit,
            }
        if course.requisite is not None:
            found["coursePrerequisites"] = self.words(course.requisite)
            self.losses.add(
                "conditions that can be computed with: they stand in words", course.code
            )
        if course.topics or course.areas:
            found["teaches"] = [*sorted(course.topics | course.areas)]
        pages = _pages(s for s in self.school.sources if s.id in course.provenance.sources)
        if pages:
            found["citation"] = pages
        self._note_sources(course.provenance, course.code)
        if course.difficulty is not None:
            self.losses.add("difficulty", course.code)
        if course.advisory is not None:
            self.losses.add("advice that blocks nobody", course.code)
        instances = self._instances(course)
        if instances:
            found["hasCourseInstance"] = instances
        elif course.hours is not None:
            self.losses.add("weekly hours of courses without a published run", course.code)
        return found

    def _instances(self, course: Course) -> list[Json]:
        """Return the published runs; what is only expected is no instance."""
        calendar = dict(self.school.calendars)[self.program.calendar]
        mine = self._offerings.get(course.code, [])
        certain = tuple(offer for offer in mine if offer.kind is OfferingKind.CERTAIN)
        unsure = [offer for offer in mine if offer.kind is not OfferingKind.CERTAIN]
        self.losses.add(
            "runs that are expected or likely, not published", *[course.code] * len(unsure)
        )
        capacity = {offer.capacity for offer in certain if offer.capacity is not None}
        if capacity:
            self.losses.add("seats", course.code)
        return [
            self._instance(course, [calendar.leaves[i] for i in run.leaves], run.delivery, run.live)
            for run in runs(certain, calendar)
        ]

    def _instance(
        self,
        course: Course,
        leaves: Sequence[Period],
        delivery: Delivery | None,
        live: Iterable[LiveSession],
    ) -> dict[str, Json]:
        found: dict[str, Json] = {
            "@type": "CourseInstance",
            "name": f"{course.code}, {leaves[0].id}",
            "startDate": self._day(leaves[0].start, leaves[0]),
            "endDate": self._day(leaves[-1].end, leaves[-1]),
        }
        mode = delivery or course.delivery
        if mode in _MODES:
            found["courseMode"] = _one_or_list(_MODES[mode])
        if course.hours is not None:
            found["courseWorkload"] = f"{course.hours.hours_per_week} hours a week"
            if course.hours.lower_quartile is not None:
                self.losses.add("quartiles of weekly hours", course.code)
        schedules: list[Json] = [self._schedule(session, leaves) for session in live]
        if schedules:
            found["courseSchedule"] = schedules
        return found

    def _day(self, day: dt.date, leaf: Period) -> str:
        """Return a published day; of a projected one the month alone."""
        if leaf.published:
            return day.isoformat()
        self.losses.add(
            "days of periods that no source has published: the month is written", leaf.id
        )
        return day.strftime("%Y-%m")

    def _schedule(self, session: LiveSession, leaves: Sequence[Period]) -> dict[str, Json]:
        begin = dt.datetime.combine(leaves[0].start, session.start)
        end = begin + dt.timedelta(minutes=session.minutes)
        return {
            "@type": "Schedule",
            "byDay": f"https://schema.org/{_DAYS[session.weekday]}",
            "startTime": session.start.isoformat("minutes"),
            "endTime": end.time().isoformat("minutes"),
            "scheduleTimezone": session.zone,
            "repeatFrequency": "P1W",
            "startDate": self._day(leaves[0].start, leaves[0]),
            "endDate": self._day(leaves[-1].end, leaves[-1]),
        }

    def _note_sources(self, provenance: Provenance, name: str) -> None:
        """Note what of a fact's provenance has no place: its day and how sure it is."""
        if provenance.as_of:
            self.losses.add("the days of which facts are", name)
        if provenance.certainty is not Certainty.STATED:
            self.losses.add("that a fact is reported, assumed or unknown", name)


def _leaf_names(item: Item) -> Iterator[str]:
    match item:
        case All() | Any():
            for child in item.children:
                yield from _leaf_names(child)
        case When(then=then, otherwise=otherwise):
            yield from _leaf_names(then)
            if otherwise is not None:
                yield from _leaf_names(otherwise)
        case Reading(options=options):
            for _, option in options:
                yield from _leaf_names(option)
        case Fill():
            yield item.header.name
        case _:
            return


def _pages(sources: Iterable[Source]) -> list[Json]:
    """Return sources as pages, each address once."""
    found: dict[tuple[str, str], Json] = {}
    for source in sources:
        page: dict[str, Json] = {
            "@type": "WebPage" if source.address else "CreativeWork",
            "name": source.title,
        }
        if source.address:
            page["url"] = source.address
        found[source.title, source.address] = page
    return [*found.values()]


def _one_or_list(texts: Sequence[str]) -> Json:
    return texts[0] if len(texts) == 1 else [*texts]


def _number(value: Fraction) -> Json:
    """Return a number that JSON holds exactly, else its text."""
    if value.denominator == 1:
        return value.numerator
    text = print_number(value)
    return text if "/" in text else float(text)


def _amount(amount: Money) -> str:
    return f"{amount.minor // 100}.{amount.minor % 100:02d}"
