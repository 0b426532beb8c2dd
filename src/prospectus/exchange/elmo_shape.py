"""What may stand where in an ELMO file: schema 1.0 to 1.7 as a table, and the check against it.

Each later version of the schema allows all that the earlier ones do, so that one table serves.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType

from prospectus.domain.errors import Fault, Place, Severity
from prospectus.exchange.elmo_xml import Element

LOS = "learningOpportunitySpecification"
INSTANCE = "learningOpportunityInstance"
STATUSES = ("passed", "failed", "in-progress")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?")
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
    r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?"
)
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
# A number of credits is never negative; the digits are bounded, for what is computed with.
_CREDITS = re.compile(r"\+?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})")
_COUNTRY = re.compile(r"[A-Z]{2}")
_WHOLE = re.compile(r"\+?\d+|-0+")
_MOST_FAULTS = 200
_MOST_NOTES = 50
_LONGEST_NAME = 60

# Parts in the order in which they stand: name, `=` what it holds, and how often: once, `?` at
# most once, `+` once or more, `*` any number of times.
_SHAPES = {
    "elmo": "generatedDate=moment learner=learner report=report+ groups=groups?",
    "learner": "citizenship=country? identifier=identifier* givenNames=token familyName=token "
    "bday=day? placeOfBirth=token? birthName=token? currentAddress=anything? gender=gender?",
    "report": f"issuer=issuer {LOS}=los* issueDate=moment gradingScheme=scheme*",
    "issuer": "country=country? identifier=identifier+ title=token+ url=token",
    "scheme": "description=token*",
    "groups": "groupType=groupType*",
    "groupType": "title=token+ group=group*",
    "group": "title=token+",
    "los": "identifier=identifier* title=token+ type=type? subjectArea=token? iscedCode=token? "
    "url=token? description=token* descriptionHtml=token* specifies=specifies hasPart=hasPart*",
    "hasPart": f"{LOS}=los",
    "specifies": f"{INSTANCE}=instance",
    "instance": "identifier=identifier* start=day? date=day? academicTerm=term? status=status? "
    "gradingSchemeLocalId=token? resultLabel=token? shortenedGrading=shortened? "
    "resultDistribution=distribution? credit=credit* level=level* languageOfInstruction=token? "
    "engagementHours=decimal? attachments=references? grouping=token?",
    "term": "title=token+ start=day end=day",
    "shortened": "percentageLower=decimal percentageEqual=decimal percentageHigher=decimal",
    "distribution": "category=category+ description=token*",
    "category": "",
    "credit": "scheme=token level=degree? value=credits?",
    "level": "type=token description=token? value=token?",
    "references": "ref=token*",
}
_ATTRIBUTES = {
    "identifier": ("type",),
    "scheme": ("localId",),
    "category": ("label", "count"),
}


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    kind: str
    is_needed: bool
    may_repeat: bool


def _parts(text: str) -> tuple[_Part, ...]:
    found = []
    for word in text.split():
        name, _, kind = word.rstrip("?+*").partition("=")
        found.append(_Part(name, kind, word[-1] not in "?*", word[-1] in "+*"))
    return tuple(found)


_PARTS = MappingProxyType({kind: _parts(text) for kind, text in _SHAPES.items()})


def _homes() -> dict[str, list[str]]:
    """Return the elements that may hold an element of each name."""
    bearers: dict[str, list[str]] = {"elmo": ["elmo"]}
    for parts in _PARTS.values():
        for part in parts:
            bearers.setdefault(part.kind, []).append(part.name)
    homes: dict[str, list[str]] = {}
    for kind, parts in _PARTS.items():
        for part in parts:
            homes.setdefault(part.name, []).extend(dict.fromkeys(bearers[kind]))
    return homes


_HOMES = MappingProxyType(_homes())


def day_of(text: str) -> dt.date | None:
    """Return the day that a text of the schema's type `date` says; None where it is none."""
    return _day(_DAY, text)


def _day(pattern: re.Pattern[str], text: str) -> dt.date | None:
    match = pattern.fullmatch(text)
    try:
        return dt.date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def _one_of(*words: str) -> Callable[[str], bool]:
    return lambda text: text in words


_KINDS = ("Degree Programme", "Module", "Course", "Class")
_DEGREES = ("Bachelor", "Master", "PhD")
# Of each type of text: whether a text is one, what to call it, and what to write.
_VALUES: MappingProxyType[str, tuple[Callable[[str], bool], str, str]] = MappingProxyType(
    {
        "day": (lambda text: day_of(text) is not None, "date", "a day such as 2025-05-08"),
        "moment": (
            lambda text: _day(_MOMENT, text) is not None,
            "date with a time",
            "a day and time such as 2025-05-08T12:00:00Z",
        ),
        "decimal": (lambda text: bool(_DECIMAL.fullmatch(text)), "number", "one such as 7.5"),
        "credits": (
            lambda text: bool(_CREDITS.fullmatch(text)),
            "number of credits",
            "one such as 7.5",
        ),
        "country": (
            lambda text: bool(_COUNTRY.fullmatch(text)),
            "country",
            "its two letters, such as NO",
        ),
        "gender": (_one_of("0", "1", "2", "9"), "code of a gender", "0, 1, 2 or 9"),
        "status": (_one_of(*STATUSES), "status", "passed, failed or in-progress"),
        "type": (_one_of(*_KINDS), "type of a learning opportunity", ", ".join(_KINDS)),
        "degree": (_one_of(*_DEGREES), "level", ", ".join(_DEGREES)),
    }
)


@dataclass(slots=True)
class ShapeCheck:
    """What is wrong with a tree of elements, and what of it is passed over.

    `broken` are the `id`s of the learning opportunities in which, parts aside, something is
    wrong.
    """

    file: str
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)

    def check(self, root: Element) -> None:
        """Check a file from its root."""
        self._check(root, "elmo", None)

    def _check(self, element: Element, kind: str, los: Element | None) -> None:
        if kind == "anything" or len(self.faults) >= _MOST_FAULTS:
            return
        los = element if kind == "los" else los
        for name in _ATTRIBUTES.get(kind, ()):
            self._attribute(element, name, los)
        parts = _PARTS.get(kind)
        if parts is None:
            self._text(element, kind, los)
            return
        if element.token:
            what = f"text stands loose in <{element.name}>: '{_short(element.token)}'"
            self._add("REC-035", element, what, "put it into the element it belongs to", los)
        meant = self._children(element, parts, los)
        for part in parts:
            if part.is_needed and element.first(part.name) is None and part.name not in meant:
                what = f"<{element.name}> holds no <{part.name}>"
                fix = "add one" if part.may_repeat else "add it"
                self._add("REC-034", element, what, fix, los, part.name)

    def _children(
        self, element: Element, parts: tuple[_Part, ...], los: Element | None
    ) -> set[str]:
        """Check the children; return the names that misspelled ones are meant to have."""
        place = {part.name: index for index, part in enumerate(parts)}
        n_seen: Counter[str] = Counter()
        meant: set[str] = set()
        last = 0
        for child in element.children:
            index = place.get(child.name)
            if index is None:
                meant |= self._stranger(element, child, tuple(place), los)
                continue
            part = parts[index]
            n_seen[part.name] += 1
            if n_seen[part.name] == 2 and not part.may_repeat:
                n = sum(1 for _ in element.all(part.name))
                what = f"<{element.name}> holds <{part.name}> {n} times"
                self._add("REC-034", child, what, "leave one of them", los)
            elif index < last:
                what = f"in <{element.name}>, <{part.name}> stands behind <{parts[last].name}>"
                self._add("REC-034", child, what, f"put it before <{parts[last].name}>", los)
            last = max(last, index)
            self._check(child, part.kind, los)
        return meant

    def _stranger(
        self, element: Element, child: Element, known: tuple[str, ...], los: Element | None
    ) -> set[str]:
        """Tell of a child that has no place here; return the names that it may be meant to have.

        Later versions may bring new elements, which readers are to pass over. What the schema
        has elsewhere, or has under almost that name, is no new element but a slip that would
        lose a result.
        """
        what = f"<{element.name}> may not hold <{_short(child.name)}>"
        if child.name in _HOMES:
            homes = " or ".join(f"<{home}>" for home in dict.fromkeys(_HOMES[child.name]))
            self._add("REC-034", child, what, f"move it into {homes}", los)
            return set()
        if len(self.notes) >= _MOST_NOTES:
            return set()
        near = []
        if len(child.name) <= _LONGEST_NAME:
            lowered = {name.lower(): name for name in known}
            near = difflib.get_close_matches(child.name.lower(), lowered, n=1, cutoff=0.8)
        if near:
            self._add("REC-034", child, what, f"did you mean <{lowered[near[0]]}>?", los)
            return {lowered[near[0]]}
        self.notes.append(
            Fault(
                code="REC-039",
                what=f"<{_short(child.name)}> in <{element.name}> is not of ELMO 1.7: passed over",
                fix="look whether it says something that the record needs",
                at=Place(file=self.file, line=child.line, field=_short(child.name)),
                severity=Severity.WARNING,
            )
        )
        return set()

    def _text(self, element: Element, kind: str, los: Element | None) -> None:
        """Check an element that holds text alone."""
        for child in element.children[:1]:
            what = f"<{element.name}> holds text alone, and <{_short(child.name)}> stands in it"
            self._add("REC-034", child, what, "take it out", los)
        value = _VALUES.get(kind)
        if value is None:
            return
        is_one, word, fix = value
        if not is_one(element.token):
            what = f"'{_short(element.token)}' is no {word}"
            self._add("REC-035", element, what, f"write {fix}", los)

    def _attribute(self, element: Element, name: str, los: Element | None) -> None:
        value = element.attributes.get(name)
        if value is None:
            what = f"<{element.name}> has no attribute `{name}`"
            self._add("REC-034", element, what, f'write <{element.name} {name}="...">', los, name)
        elif name == "count" and not _WHOLE.fullmatch(value.strip()):
            what = f"'{_short(value)}' is no whole number"
            self._add("REC-035", element, what, 'write such as count="12"', los, name)

    def _add(
        self,
        code: str,
        element: Element,
        what: str,
        fix: str,
        los: Element | None,
        name: str = "",
    ) -> None:
        if los is not None:
            self.broken.add(id(los))
        at = Place(file=self.file, line=element.line, field=_short(name or element.name))
        self.faults.append(Fault(code=code, what=what, fix=fix, at=at))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}..."
