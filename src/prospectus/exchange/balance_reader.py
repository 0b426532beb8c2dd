"""Files of the balanced academic curriculum problem, in the forms in which they are published.

Three forms are told apart by the names of their parameters: CSPLib's problem 30 (`p`, `a`, `b`,
`courses`, `prereq`), MiniZinc's `bacp` (`load_per_period_lb`, `constraint prerequisite(...)`) and
MiniZinc's `gbac` (`courses_of`, `precedes`, `undesirable`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prospectus.domain.balance import BalanceProblem, Criterion
from prospectus.domain.balance_draft import (
    BalanceDraft,
    DraftCourse,
    DraftLimit,
    DraftPair,
    DraftTrack,
    built,
)
from prospectus.domain.errors import BalanceError, Place
from prospectus.exchange.bounded_file import read_text
from prospectus.exchange.parameter_text import (
    Assignment,
    Group,
    Item,
    Stated,
    Statement,
    parse_parameters,
)

_CSPLIB = ("p", "a", "b", "c", "d", "courses", "credit", "prereq")
_BACP = (
    "n_courses",
    "n_periods",
    "load_per_period_lb",
    "load_per_period_ub",
    "courses_per_period_lb",
    "courses_per_period_ub",
    "course_load",
)
_GBAC = (
    "n_periods",
    "n_courses",
    "n_curricula",
    "min_courses",
    "max_courses",
    "n_precedences",
    "n_undesirables",
    "w1",
    "w2",
    "course_load",
    "courses_of",
    "precedes",
    "undesirable",
)
_FORMS = {"CSPLib": _CSPLIB, "MiniZinc bacp": _BACP, "MiniZinc gbac": _GBAC}
_OWN = {"courses", "load_per_period_lb", "courses_of"}


def read_balance(path: Path) -> BalanceProblem:
    """Return the problem of a file.

    Raises
    ------
    DataError
        EXC-001 to EXC-004 for the file, BAL-001 to BAL-017 for what it says.
    """
    return parse_balance(read_text(path, "a CSPLib or MiniZinc data file"), str(path))


def parse_balance(text: str, file: str) -> BalanceProblem:
    """Return the problem that a text holds; `file` is its name, for faults.

    Raises
    ------
    BalanceError
        BAL-001 to BAL-017: a text that cannot be parsed with its first fault, else all.
    """
    statements = parse_parameters(text, file)
    draft = BalanceDraft(file=file, name=Path(file).stem)
    form = _Form(draft, statements)
    if form.names is _CSPLIB:
        form.csplib()
    elif form.names is _BACP:
        form.bacp()
    else:
        form.gbac()
    # what else is wrong may only follow from these
    draft.raise_any()
    return built(draft)


class _Form:
    """The parameters of one file, taken out by name and sort."""

    def __init__(self, draft: BalanceDraft, statements: Sequence[Statement]) -> None:
        self._draft = draft
        self._stated = [item for item in statements if isinstance(item, Stated)]
        self._by_name: dict[str, Assignment] = {}
        for item in statements:
            if isinstance(item, Assignment):
                if item.name in self._by_name:
                    self._add("BAL-006", f"`{item.name}` is given twice", "give it once", item.line)
                self._by_name.setdefault(item.name, item)
        self.names = self._told_apart()
        for name in self.names:
            if name not in self._by_name:
                self._add(
                    "BAL-005",
                    f"the file gives no `{name}`",
                    "add it; if the file was cut off, save or download it again",
                )
        for name, item in self._by_name.items():
            if name not in self.names:
                self._add(
                    "BAL-004",
                    f"a parameter `{name}` is not known in this form",
                    f"write {', '.join(self.names)}",
                    item.line,
                )
        draft.raise_any()

    def csplib(self) -> None:
        """Take the parameters of CSPLib's problem 30."""
        draft = self._draft
        draft.periods = _numbered(self._whole("p"))
        draft.load = self._limit("a", "b")
        draft.count = self._limit("c", "d")
        names = [(str(item.value), item.line) for item in self._items("courses")]
        self._courses(names, "credit")
        for pair in self._groups("prereq"):
            ends = [item for item in pair.items if isinstance(item, Item)]
            if len(ends) != 2 or len(pair.items) != 2:
                self._add(
                    "BAL-006",
                    "a prerequisite is no pair",
                    "write `<course, its prerequisite>`",
                    pair.line,
                )
                continue
            later, first = ends
            draft.order.append(DraftPair(str(first.value), str(later.value), pair.line))
        self._no_statements()

    def bacp(self) -> None:
        """Take the parameters of MiniZinc's bacp."""
        draft = self._draft
        draft.periods = _numbered(self._whole("n_periods"))
        draft.load = self._limit("load_per_period_lb", "load_per_period_ub")
        draft.count = self._limit("courses_per_period_lb", "courses_per_period_ub")
        self._numbered_courses()
        for stated in self._stated:
            ends = [item for item in stated.items if isinstance(item, Item)]
            if stated.name != "prerequisite" or len(ends) != 2 or len(stated.items) != 2:
                self._add(
                    "BAL-006",
                    f"a constraint `{stated.name}` of {len(stated.items)} is not known",
                    "write `constraint prerequisite(course, its prerequisite);`",
                    stated.line,
                )
                continue
            later, first = ends
            draft.order.append(DraftPair(str(first.value), str(later.value), stated.line))

    def gbac(self) -> None:
        """Take the parameters of MiniZinc's gbac."""
        draft = self._draft
        draft.criterion = Criterion.GBAC
        draft.periods = _numbered(self._whole("n_periods"))
        draft.count = self._limit("min_courses", "max_courses")
        draft.deviation_weight = self._whole("w1")
        draft.undesired_weight = self._whole("w2")
        self._numbered_courses()
        for number, group in enumerate(self._groups("courses_of"), start=1):
            names = tuple(str(i.value) for i in group.items if isinstance(i, Item))
            draft.tracks.append(DraftTrack(str(number), names, group.line))
        self._counted(len(draft.tracks), "n_curricula", "courses_of")
        draft.order.extend(self._pairs("precedes"))
        self._counted(len(draft.order), "n_precedences", "precedes")
        draft.undesired.extend(self._pairs("undesirable"))
        self._counted(len(draft.undesired), "n_undesirables", "undesirable")
        self._no_statements()

    def _told_apart(self) -> tuple[str, ...]:
        given = set(self._by_name)
        fitting = [names for names in _FORMS.values() if _OWN & set(names) & given] or [
            max(_FORMS.values(), key=lambda names: len(given & set(names)))
        ]
        if len(fitting) > 1 or not given & set(fitting[0]):
            raise BalanceError(
                "BAL-004",
                what="the file is in none of the forms that are read",
                fix="give a CSPLib `.dat`, a MiniZinc `bacp` or `gbac` data file, or YAML of "
                "`kind: balance`",
                at=Place(file=self._draft.file),
            )
        return fitting[0]

    def _numbered_courses(self) -> None:
        n_courses = min(max(self._whole("n_courses"), 0), 100_000)
        names = [(name, None) for name in _numbered(n_courses)]
        self._courses(names, "course_load")

    def _courses(self, names: Sequence[tuple[str, int | None]], parameter: str) -> None:
        loads = self._items(parameter)
        if len(loads) != len(names):
            self._add(
                "BAL-007",
                f"there are {len(names)} courses and {len(loads)} loads in `{parameter}`",
                "give one load for each course",
                self._by_name[parameter].line,
            )
        for (name, line), load in zip(names, loads, strict=False):
            if isinstance(load.value, int):
                self._draft.courses.append(DraftCourse(name, load.value, line or load.line))
            else:
                self._add(
                    "BAL-006",
                    f"the load of course {name} is `{load.value}`",
                    "write a whole number",
                    load.line,
                )

    def _counted(self, found: int, count: str, parameter: str) -> None:
        told = self._whole(count)
        if told != found:
            self._add(
                "BAL-007",
                f"`{count}` says {told}, and `{parameter}` holds {found}",
                "correct the one or the other",
                self._by_name[parameter].line,
            )

    def _pairs(self, name: str) -> list[DraftPair]:
        items = self._items(name)
        if len(items) % 2:
            self._add(
                "BAL-007",
                f"`{name}` holds {len(items)} numbers, which make no pairs",
                "write two numbers for each pair",
                self._by_name[name].line,
            )
        return [
            DraftPair(str(one.value), str(other.value), one.line)
            for one, other in zip(items[::2], items[1::2], strict=False)
        ]

    def _whole(self, name: str) -> int:
        value = self._by_name[name].value
        if isinstance(value, Item) and isinstance(value.value, int):
            return value.value
        self._add("BAL-006", f"`{name}` is no whole number", f"write `{name} = 8;`", value.line)
        return 0

    def _limit(self, least: str, most: str) -> DraftLimit:
        return DraftLimit(self._whole(least), self._whole(most), self._by_name[most].line)

    def _items(self, name: str) -> list[Item]:
        return [item for item in self._list(name).items if isinstance(item, Item)]

    def _groups(self, name: str) -> list[Group]:
        return [item for item in self._list(name).items if isinstance(item, Group)]

    def _list(self, name: str) -> Group:
        value = self._by_name[name].value
        if isinstance(value, Group):
            return value
        self._add("BAL-006", f"`{name}` is no list", "write it in brackets", value.line)
        return Group("[", (), value.line)

    def _no_statements(self) -> None:
        for stated in self._stated:
            self._add(
                "BAL-006",
                "a constraint stands in a file of data",
                "take it out, or write it as a parameter",
                stated.line,
            )

    def _add(self, code: str, what: str, fix: str, line: int | None = None) -> None:
        self._draft.add(code, what, fix, line)


def _numbered(n: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, min(n, 100_000) + 1))
