"""What one field of a form shows of a document's value, and the value that its words stand for.

A spelling is a pair of functions. `show` returns None for a value that one line of a form cannot
say; such a value is left to the text of the document. Words that make no value are kept as they
are: reading the document then says what is wrong with them, and nothing typed is lost.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from prospectus.app.student_form_text import decimal
from prospectus.catalogs.student_file import whole_amounts
from prospectus.catalogs.yaml_document import Data
from prospectus.catalogs.yaml_texts import UNSEEN

MOST_LETTERS_OF_NAME = 200
"""What a name in a mapping may have; a longer one is not read."""

# what no text of YAML holds, beside what nobody sees
_UNSAYABLE = re.compile("[^\\t\\n\\x20-\\x7e\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_OF_EXCEPTION = ("course", "replaces", "who", "when", "why")
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?\d{1,18}\.\d{1,9}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Misspelt(ValueError):
    """Words that cannot be kept; `fix` says how to write them."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a kind of value is written in a field of a form."""

    show: Callable[[Data], str | None]
    read: Callable[[str], Data]

    def value(self, words: str) -> Data:
        """Return what words stand for, if they can be shown again; None for nothing.

        Raises
        ------
        Misspelt
            When the value would have no words here.
        """
        found = self.read(words) if words else None
        if found is None or found in ([], {}):
            return None
        if self.show(found) is None:
            raise Misspelt(
                f"'{words[:40]}' cannot be read here", "write it as the example of the field shows"
            )
        return found


def typed(text: str) -> str:
    """Return what was typed without what nobody sees, its lines ended as everywhere here."""
    text = UNSEEN.sub("", _UNSAYABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return whole_amounts("\n".join(line for line in lines if line))


# ---------------------------------------------------------------- single values


def _show_word(value: Data) -> str | None:
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case Fraction():
            return decimal(value)
        case dt.date():
            return value.isoformat()
        case str():
            return None if "\n" in value else value
    return None


def _read_word(text: str) -> Data:
    """Return a word as a file would be read, where it is shown again as it was written."""
    value: Data = text
    if text in ("yes", "no"):
        value = text == "yes"
    elif _INTEGER.fullmatch(text):
        value = int(text)
    elif _DECIMAL.fullmatch(text):
        value = Fraction(text)
    elif _DAY.fullmatch(text):
        try:
            value = dt.date.fromisoformat(text)
        except ValueError:
            return text
    return value if _show_word(value) == text else text


# ------------------------------------------------------------------------- lists


def _joined(words: Iterable[str | None], by: str, without: str) -> str | None:
    """Return words in one text; None where the text would be read as other words."""
    found = list(words)
    if any(not word or typed(word) != word or set(word) & set(without) for word in found):
        return None
    return by.join(word for word in found if word is not None)


def _parts(text: str, by: str = ",") -> list[str]:
    return [part.strip() for part in re.split(f"[{by}\n]", text) if part.strip()]


def _show_list(value: Data) -> str | None:
    items = value if isinstance(value, list) else [value]
    return _joined(map(_show_word, items), ", ", ",\n")


def _read_list(text: str) -> Data:
    return list[Data](_parts(text))


def _read_spans(text: str) -> Data:
    spans = [part.strip("\"'") for part in _parts(text)]
    return spans[0] if len(spans) == 1 else list[Data](spans)


def _show_order(value: Data) -> str | None:
    items = value if isinstance(value, list) else [value]
    return _joined(map(_show_word, items), "\n", "\n")


def _read_order(text: str) -> Data:
    return list[Data](_parts(text, ""))


def _show_groups(value: Data) -> str | None:
    groups: list[Data] = value if isinstance(value, list) else [value]
    if groups and not any(isinstance(group, list) for group in groups):
        groups = [groups]
    return _joined((_show_list(group) for group in groups), "\n", "\n")


def _read_groups(text: str) -> Data:
    return [_read_list(line) for line in text.split("\n") if _parts(line)]


# ---------------------------------------------------------- lines of name: value


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


def _line(name: str | None, value: str | None) -> str | None:
    if not name or value is None or ":" in name:
        return None
    return f"{name}: {value}" if value else name


def _show_mapping(value: Data) -> str | None:
    if not isinstance(value, dict):
        return _show_word(value)
    lines = (_line(key, _show_word(one)) for key, one in value.items())
    # a name that says nothing keeps its colon: without one a line is no `name: value`
    return _joined((line and (line if ":" in line else f"{line}:") for line in lines), "\n", "\n")


def _mapping(text: str, read: Callable[[str], Data]) -> Data:
    found: dict[str, Data] = {}
    for line in text.split("\n"):
        name, value = _pair(line)
        if ":" not in line:
            raise Misspelt(f"'{line[:40]}' says no value", "write lines such as `name: value`")
        if name in found:
            raise Misspelt(f"'{name}' stands twice", "keep one of the two lines")
        if not name or len(name) > MOST_LETTERS_OF_NAME:
            raise Misspelt(f"'{name[:40]}' is no name", "write lines such as `name: value`")
        found[name] = read(value)
    return found


def _read_mapping(text: str) -> Data:
    return _mapping(text, _read_word)


def _show_degrees(value: Data) -> str | None:
    lines: list[str | None] = []
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict) or not one.keys() <= {"level", "field"}:
            return None
        level = _show_word(one.get("level", ""))
        lines.append(_line(level, _show_word(one.get("field", ""))))
    return _joined(lines, "\n", "\n")


def _read_degrees(text: str) -> Data:
    found: list[Data] = []
    for level, field in map(_pair, text.split("\n")):
        found.append({"level": level, "field": field} if field else {"level": level})
    return found


def _show_toxic(value: Data) -> str | None:
    lines: list[str | None] = []
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict) or not one.keys() <= {"courses", "weight"}:
            return None
        courses = _show_list(one.get("courses", []))
        lines.append(_line(courses, _show_word(one.get("weight", ""))))
    return _joined(lines, "\n", "\n")


def _read_toxic(text: str) -> Data:
    found: list[Data] = []
    for courses, weight in map(_pair, text.split("\n")):
        one: dict[str, Data] = {"courses": _read_list(courses)}
        found.append({**one, "weight": _read_word(weight)} if weight else one)
    return found


def _show_milestones(value: Data) -> str | None:
    lines: list[str | None] = []
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict) or not one.keys() <= {"milestone", "status", "on"}:
            return None
        said = [_show_word(one[key]) for key in ("status", "on") if key in one]
        lines.append(_line(_show_word(one.get("milestone", "")), _joined(said, ", ", ",\n")))
    return _joined(lines, "\n", "\n")


def _read_milestones(text: str) -> Data:
    found: list[Data] = []
    for name, said in map(_pair, text.split("\n")):
        status, _, day = (part.strip() for part in said.partition(","))
        one: dict[str, Data] = {"milestone": name}
        one |= {"status": status} if status else {}
        found.append(one | ({"on": _read_word(day)} if day else {}))
    return found


def _show_exceptions(value: Data) -> str | None:
    lines: list[str | None] = []
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict) or not one.keys() <= {"kind", "node", *_OF_EXCEPTION}:
            return None
        kind, node = _show_word(one.get("kind", "")), _show_word(one.get("node", ""))
        if not kind or not node or " " in kind:
            return None
        said = [_line(key, _show_word(one[key])) for key in _OF_EXCEPTION if key in one]
        lines.append(_joined([f"{kind} {node}", *said], "; ", ";\n"))
    return _joined(lines, "\n", "\n")


def _read_exceptions(text: str) -> Data:
    found: list[Data] = []
    for line in text.split("\n"):
        head, *parts = _parts(line, ";") or [""]
        kind, _, node = (part.strip() for part in head.partition(" "))
        one: dict[str, Data] = {"kind": kind, "node": node}
        for name, value in map(_pair, parts):
            if name not in _OF_EXCEPTION or name in one:
                raise Misspelt(
                    f"'{name[:40]}' is no part of an exception, or stands twice",
                    f"write kind and rule, then {', '.join(_OF_EXCEPTION)}, each with a colon",
                )
            one[name] = _read_word(value)
        found.append(one)
    return found


TEXT = Spelling(_show_word, str)
WORD = Spelling(_show_word, _read_word)
LIST = Spelling(_show_list, _read_list)
SPANS = Spelling(_show_list, _read_spans)
ORDER = Spelling(_show_order, _read_order)
GROUPS = Spelling(_show_groups, _read_groups)
MAPPING = Spelling(_show_mapping, _read_mapping)
DEGREES = Spelling(_show_degrees, _read_degrees)
TOXIC = Spelling(_show_toxic, _read_toxic)
MILESTONES = Spelling(_show_milestones, _read_milestones)
EXCEPTIONS = Spelling(_show_exceptions, _read_exceptions)
