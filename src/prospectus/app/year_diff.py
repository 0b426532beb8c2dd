"""What changed between two sets of rules, in words, and how much of them each year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from prospectus.app.catalog_answers import RuleLine, RuleSection
from prospectus.app.describe import describe
from prospectus.app.describe_facts import facts_of
from prospectus.app.library import Library, open_library
from prospectus.app.tree_walk import walk
from prospectus.app.year_answers import Change, ChangeKind, DiffAnswer, StudentFate, label
from prospectus.domain.errors import UsageError
from prospectus.domain.expression import CodeIs, Except, InSet, Selector, Union
from prospectus.domain.facts import Completeness
from prospectus.domain.program import Program
from prospectus.domain.requirement import Fill

_YEAR = re.compile(r"\d{4}")
_OF_THE_SCHOOL = frozenset({"Prices", "Terms"})
_RULES = frozenset({"What the degree asks", "Rules beside it", "Enrolment"})
_CREDENTIAL = "On the way: "


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
    if same_as and "@" not in text and text not in library.ids():
        return library.program(same_as, text)
    return library.named(text)


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
    n_changed = sum(change.is_rule for change in changes)
    n_years = _years_between(first, second)
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
        n_changed=n_changed,
        n_years=n_years,
        yearly=Fraction(n_changed, n_rules * n_years) if n_years and n_rules else None,
        students=fates,
    )


def changes_between(library: Library, old: Program, new: Program) -> tuple[tuple[Change, ...], int]:
    """Return every rule and fact that differs, section by section, and how many rules there are.

    They are held against each other by id where they have one, else by their words.
    """
    before, after = _lines(library, old), _lines(library, new)
    codes = (_codes(old), _codes(new))
    changes: list[Change] = []
    for key, (section, line) in before.items():
        if key not in after:
            changes.append(_change(ChangeKind.REMOVED, section, was=line))
            continue
        now = after[key][1]
        was_listed, is_listed = (found.get(key, set()) for found in codes)
        went, came = tuple(sorted(was_listed - is_listed)), tuple(sorted(is_listed - was_listed))
        if line.text != now.text or went or came:
            change = _change(ChangeKind.CHANGED, section, was=line, now=now)
            changes.append(
                replace(change, came=_titled(library, new, came), went=_titled(library, old, went))
            )
    changes += [
        _change(ChangeKind.ADDED, section, now=line)
        for key, (section, line) in after.items()
        if key not in before
    ]
    order = list(dict.fromkeys(section for section, _ in (*before.values(), *after.values())))
    changes.sort(key=lambda change: order.index(change.section))
    rules = [key for key in before.keys() | after.keys() if is_rule(key[0])]
    return tuple(changes), len(rules)


def _change(
    kind: ChangeKind, section: str, *, was: RuleLine | None = None, now: RuleLine | None = None
) -> Change:
    known = was or now
    return Change(
        kind=kind,
        section=section,
        is_rule=is_rule(section),
        id=known.id if known is not None else "",
        was="" if was is None else was.text,
        now="" if now is None else now.text,
        before="" if was is None else _place(was),
        after="" if now is None else _place(now),
    )


def is_rule(section: str) -> bool:
    """Return whether a section holds rules, and not other facts."""
    return section in _RULES or section.startswith(_CREDENTIAL)


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
    """Yield sections without lists, notes and what is unknown: rules show lists by course."""
    for section in sections:
        if section.title == "Lists":
            continue
        if section.title == "The programme":
            section = replace(section, lines=tuple(x for x in section.lines if x.sources))
        lines = tuple(
            line for line in section.lines if line.at.line and not line.text.startswith("note:")
        )
        yield RuleSection(title=section.title, lines=lines)


def _codes(program: Program) -> dict[tuple[str, str], set[str]]:
    """Return the codes that each leaf lists, its sets unfolded, by section and id."""
    sets = dict(program.sets)
    trees = [("What the degree asks", program.tree)]
    trees += [(f"{_CREDENTIAL}{one.name}", one.tree) for one in program.credentials]
    return {
        (section, str(node.header.id)): set(_listed(node.from_, sets, frozenset()))
        for section, tree in trees
        for node, _ in walk(tree)
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


def _years_between(old: Program, new: Program) -> int | None:
    """Return how many years lie between two years of one programme; None where nobody can say.

    Rules that are encoded only in part say more about the sources than about the programme.
    """
    first, second = _YEAR.search(old.catalog_year), _YEAR.search(new.catalog_year)
    complete = {old.completeness, new.completeness} == {Completeness.COMPLETE}
    if first is None or second is None or old.id != new.id or not complete:
        return None
    return abs(int(second[0]) - int(first[0])) or None
