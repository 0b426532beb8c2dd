"""What changed between two sets of rules, in words, and how much of them each year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from prospectus.app.catalog_answers import RuleLine, RuleSection
from prospectus.app.describe import describe
from prospectus.app.describe_facts import facts_of
from prospectus.app.library import Library, open_library
from prospectus.app.tree_walk import walk
from prospectus.app.year_answers import Change, ChangeKind, DiffAnswer, StudentFate
from prospectus.domain.errors import UsageError
from prospectus.domain.expression import CodeIs, Except, InSet, Selector, Union
from prospectus.domain.program import Program
from prospectus.domain.requirement import Fill

_YEAR = re.compile(r"\d{4}")
_OF_THE_SCHOOL = frozenset({"Prices", "Terms"})


def named_rules(library: Library, text: str, same_as: str = "") -> Program:
    """Return the rules that `PROGRAM@YEAR`, `PROGRAM` (the newest) or `YEAR` names.

    Parameters
    ----------
    library
        The catalog.
    text
        What the call says.
    same_as
        The programme that a bare year belongs to.

    Raises
    ------
    UsageError
        USE-001 when there is no such programme or year.
    """
    name, at, year = text.partition("@")
    if not at and same_as and name in library.years(same_as):
        return library.program(same_as, name)
    return library.program(name or same_as, year or library.years(name or same_as)[-1])


def compare_years(
    old: str,
    new: str,
    students: tuple[Path, ...] = (),
    *,
    today: dt.date,
    catalogs: tuple[Path, ...] = (),
    seconds: float = 30.0,
    seed: int = 0,
) -> DiffAnswer:
    """Return what changed from one set of rules to another, and what that does to plans.

    Parameters
    ----------
    old, new
        `PROGRAM@YEAR`; the second may be a year alone.
    students
        Student files whose plans are tried under both.
    today
        The day on which it is asked.
    catalogs
        Extra catalog folders beside the bundled one.
    seconds, seed
        The longest search for one plan, and the seed of the solver.

    Raises
    ------
    ProspectusError
        For a catalog or student file that cannot be used, unknown rules (USE-001), or the same
        rules twice (USE-011).
    """
    library = open_library(catalogs)
    first = named_rules(library, old)
    second = named_rules(library, new, first.id)
    if (first.id, first.catalog_year) == (second.id, second.catalog_year):
        years = ", ".join(library.years(first.id))
        raise UsageError(
            "USE-011",
            what=f"both name the rules of {first.id} of {first.catalog_year}",
            fix=f"name two of its years ({years}), as in {first.id}@YEAR",
        )
    changes, n_rules = changes_between(library, first, second)
    n_years = _years_between(first.catalog_year, second.catalog_year)
    fates: tuple[StudentFate, ...] = ()
    if students:
        from prospectus.app.year_plans import fates_of

        fates = fates_of(library, first, second, students, today, seconds, seed)
    return DiffAnswer(
        old=label(first),
        new=label(second),
        old_name=first.name,
        new_name=second.name,
        changes=changes,
        n_rules=n_rules,
        n_years=n_years,
        yearly=Fraction(len(changes), n_rules * n_years) if n_years and n_rules else None,
        students=fates,
    )


def label(program: Program) -> str:
    """Return how rules are named in calls and answers."""
    return f"{program.id}@{program.catalog_year}"


def changes_between(library: Library, old: Program, new: Program) -> tuple[tuple[Change, ...], int]:
    """Return every rule that differs, in the order of the files, and how many rules there are.

    Rules are held against each other by id where they have one, else by their words.
    """
    before, after = _lines(library, old), _lines(library, new)
    codes_before, codes_after = _codes(old), _codes(new)
    changes: list[Change] = []
    for key, (section, line) in before.items():
        if key not in after:
            changes.append(
                Change(
                    kind=ChangeKind.REMOVED,
                    section=section,
                    id=line.id,
                    was=line.text,
                    now="",
                    before=_place(line),
                )
            )
            continue
        now = after[key][1]
        went = tuple(sorted(codes_before.get(line.id, set()) - codes_after.get(line.id, set())))
        came = tuple(sorted(codes_after.get(line.id, set()) - codes_before.get(line.id, set())))
        if line.text != now.text or went or came:
            changes.append(
                Change(
                    kind=ChangeKind.CHANGED,
                    section=section,
                    id=line.id,
                    was=line.text,
                    now=now.text,
                    came=_titled(library, new, came),
                    went=_titled(library, old, went),
                    before=_place(line),
                    after=_place(now),
                )
            )
    changes += [
        Change(
            kind=ChangeKind.ADDED,
            section=section,
            id=line.id,
            was="",
            now=line.text,
            after=_place(line),
        )
        for key, (section, line) in after.items()
        if key not in before
    ]
    return tuple(changes), len(before.keys() | after.keys())


def _lines(library: Library, program: Program) -> dict[tuple[str, str], tuple[str, RuleLine]]:
    """Return the rules by what they are held against each other by."""
    school = library.school(program)
    # Prices and terms are of their own days, not of a catalogue year.
    own = [part for part in facts_of(program, school) if part.title not in _OF_THE_SCHOOL]
    sections = (*describe(program), *own)
    return {
        (section.title, line.id or line.text): (section.title, line)
        for section in _told(sections)
        for line in section.lines
    }


def _told(sections: Iterable[RuleSection]) -> Iterable[RuleSection]:
    """Yield sections without notes, and without the lists, which rules show course by course."""
    for section in sections:
        if section.title == "Lists":
            continue
        lines = tuple(line for line in section.lines if not line.text.startswith("note:"))
        yield RuleSection(title=section.title, lines=lines)


def _codes(program: Program) -> dict[str, set[str]]:
    """Return the codes that each leaf lists, its sets unfolded."""
    sets = dict(program.sets)
    return {
        str(node.header.id): set(_listed(node.from_, sets, frozenset()))
        for node, _ in walk(program.tree)
        if isinstance(node, Fill)
    }


def _listed(selector: Selector, sets: dict[str, Selector], seen: frozenset[str]) -> Iterable[str]:
    match selector:
        case CodeIs(code=code):
            yield str(code)
        case Union(items=items):
            for item in items:
                yield from _listed(item, sets, seen)
        case Except(of=of, without=without):
            gone = set(_listed(without, sets, seen))
            yield from (code for code in _listed(of, sets, seen) if code not in gone)
        case InSet(name=name) if name in sets and name not in seen:
            yield from _listed(sets[name], sets, seen | {name})


def _titled(library: Library, program: Program, codes: tuple[str, ...]) -> tuple[str, ...]:
    titles = {str(c.code): c.title for c in library.school(program).courses}
    return tuple(f"{code} ({titles[code]})" if titles.get(code) else code for code in codes)


def _place(line: RuleLine) -> str:
    return str(line.at).partition("   ")[0]


def _years_between(old: str, new: str) -> int | None:
    """Return how many years lie between two catalogue years; None where they are not numbers."""
    first, second = _YEAR.search(old), _YEAR.search(new)
    if first is None or second is None:
        return None
    return abs(int(second[0]) - int(first[0])) or None
