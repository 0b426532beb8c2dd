"""Whether every fact says where it comes from, and everything declared is used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from prospectus.catalogs.assembly import Assembled
from prospectus.catalogs.dated_files import AssumptionsFile
from prospectus.catalogs.findings import Findings
from prospectus.catalogs.mentions import plain_rules
from prospectus.catalogs.parts import nodes_in
from prospectus.catalogs.yaml_document import Data, FieldPath
from prospectus.domain.errors import Place, Severity
from prospectus.domain.facts import Certainty, Provenance
from prospectus.domain.program import Program, School

ASSUMED_BY_ANSWERS = frozenset({"hours-per-credit", "hours-per-week", "rates-held-flat"})
"""Assumptions that answers take by themselves, so that no file need name them."""
_N_SHOWN = 3
_MOST_LETTERS = 20
_OF_TEXTS = frozenset({"notes", "unknown", "questions"})
_OF_FACTS = ("source", "as_of", "certainty", "assumption")


def check_facts(
    assembled: Assembled, findings: Findings, only: frozenset[str] | None = None
) -> None:
    """Note facts without source, day or assumption, and what is declared and never used."""
    missing: dict[tuple[str, str], list[Place]] = defaultdict(list)
    loses_facts = {file for file in assembled.lost if _loses_facts(assembled.lost[file])}
    for provenance in _provenances(assembled):
        file = provenance.at.file
        if (only is not None and file not in only) or file in loses_facts:
            continue
        for code in _lacking(provenance):
            missing[file, code].append(provenance.at)
    for (_, code), places in sorted(missing.items()):
        _note_lacking(code, places, findings)
    _check_unused(assembled, findings)
    _check_split(assembled, findings, only)


def _loses_facts(lost: Iterable[FieldPath]) -> bool:
    """Return whether what a file says of its own facts was cut: then facts only seem to lack it."""
    names = {str(path[-1]) for path in lost if not isinstance(path[-1], int)}
    return any(path[0] == "facts" for path in lost) or any(
        get_close_matches(name, _OF_FACTS, cutoff=0.7)
        for name in names
        if len(name) <= _MOST_LETTERS
    )


def _provenances(assembled: Assembled) -> Iterator[Provenance]:
    for school in assembled.schools:
        yield from _of_school(school)
    for program in assembled.programs:
        yield from _of_program(program)


def _of_school(school: School) -> Iterator[Provenance]:
    for course in school.courses:
        yield course.provenance
        if course.hours is not None:
            yield course.hours.provenance
        if course.difficulty is not None:
            yield course.difficulty.provenance
    for fee in school.fees:
        yield fee.provenance
    for offering in school.offerings:
        yield offering.provenance
    for _, calendar in school.calendars:
        yield from {leaf.provenance.at: leaf.provenance for leaf in calendar.leaves}.values()


def _of_program(program: Program) -> Iterator[Provenance]:
    yield program.provenance
    yield program.admission.provenance
    yield from (deadline.provenance for deadline in program.admission.deadlines)
    yield from (pathway.provenance for pathway in program.admission.pathways)
    wholes = (program.accreditation, program.delivery, program.experiential, program.transfer)
    yield from (block.provenance for block in wholes if block is not None)
    conversions = () if program.transfer is None else program.transfer.conversions
    yield from (conversion.provenance for conversion in conversions)
    yield from (note.provenance for note in program.notes)
    yield from (dispute.provenance for dispute in program.disputes)
    yield from (node.header.provenance for node in nodes_in(program.tree))
    yield from (rule.header.provenance for rule in plain_rules(program))
    yield from (load.header.provenance for load in program.enrolment.loads)


def _lacking(provenance: Provenance) -> Iterator[str]:
    """Yield the codes of what a fact does not say of itself."""
    if provenance.certainty is Certainty.UNKNOWN:
        return
    if provenance.certainty is Certainty.ASSUMED:
        if provenance.assumption is None:
            yield "CAT-072"
        return
    if not provenance.sources:
        yield "CAT-070"
    if not provenance.as_of:
        yield "CAT-071"


def _note_lacking(code: str, places: list[Place], findings: Findings) -> None:
    """Note each place, or the file once where hardly any block of it says where it is from."""
    words = {
        "CAT-070": ("no source", "name a source here, or for the whole file under `facts:`"),
        "CAT-071": ("no day", "add `as_of:` here, or for the whole file under `facts:`"),
        "CAT-072": (
            "no assumption",
            "name an entry of assumptions.yaml with `assumption:`, or state a source",
        ),
    }
    lack, fix = words[code]
    distinct = sorted(set(places), key=lambda place: (place.line or 0, place.field))
    if len(distinct) > _N_SHOWN:
        first = distinct[0]
        what = f"{len(distinct)} facts of this file have {lack}; the first is {first.field}"
        findings.note(code, Place(file=first.file, line=first.line), "facts", what, fix)
        return
    for place in distinct:
        findings.note(code, place, "", f"this fact has {lack}", fix)


def _check_unused(assembled: Assembled, findings: Findings) -> None:
    """Note what no text of a file names, whether that text could be read or not."""
    assumptions = set(ASSUMED_BY_ANSWERS)
    for document in assembled.documents.values():
        assumptions |= set(_named(document.data, "assumption"))
    for document, fields in assembled.files:
        at = Place(file=document.file)
        named = set(_named(document.data, "source"))
        for name in fields.sources:
            if name not in named:
                findings.note(
                    "CAT-073",
                    at,
                    f"sources.{name}",
                    f"source '{name}' is declared and no fact names it",
                    "name it where its facts stand, or remove it",
                    Severity.WARNING,
                )
        all_read = not assembled.failed and not assembled.lacks_programs
        if isinstance(fields, AssumptionsFile) and all_read:
            for name in fields.assumptions:
                if name not in assumptions:
                    findings.note(
                        "CAT-074",
                        at,
                        f"assumptions.{name}",
                        f"no file rests on the assumption '{name}'",
                        "name it with `assumption:` where it is needed, or remove it",
                        Severity.WARNING,
                    )


def _check_split(assembled: Assembled, findings: Findings, only: frozenset[str] | None) -> None:
    """Note texts of one line that a comma outside quotes makes two."""
    for document in assembled.documents.values():
        for path in document.split:
            if _OF_TEXTS.isdisjoint(path) or (only is not None and document.file not in only):
                continue
            at = document.place(path)
            findings.note(
                "CAT-092",
                Place(file=at.file, line=at.line),
                at.field,
                "this item begins like the rest of the text before it: a comma splits them",
                "put the whole text in quotes, or begin the item with a capital letter",
                Severity.WARNING,
            )


def _named(data: Data, field: str) -> Iterator[str]:
    """Yield what a field says wherever it stands."""
    stack: list[Data] = [data]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack += item
        elif isinstance(item, dict):
            stack += item.values()
            said = item.get(field)
            yield from (str(one) for one in (said if isinstance(said, list) else [said]))


def check_program_names(assembled: Assembled, findings: Findings) -> None:
    """Note programmes that a fee, a run or a course is for and that no file describes."""
    if assembled.lacks_programs:
        return
    known = {program.id for program in assembled.programs}
    for school in assembled.schools:
        named = [
            *((fee.provenance.at, "programs", fee.programs) for fee in school.fees),
            *((run.provenance.at, "programs", run.programs) for run in school.offerings),
            *((c.provenance.at, "restricted_to", c.restricted_to) for c in school.courses),
        ]
        for at, field, names in named:
            for name in sorted(names - known):
                findings.note(
                    "CAT-087",
                    at,
                    field,
                    f"no file describes the programme '{name}'",
                    "correct the id, or add the programme",
                    Severity.WARNING,
                )
