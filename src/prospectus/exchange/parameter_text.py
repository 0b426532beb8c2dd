"""Assignments of MiniZinc data and OPL data files as plain values that know their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from prospectus.domain.errors import BalanceError, Place

MOST_TOKENS = 400_000
_MOST_DEPTH = 6
# A comment that is never closed ends with its line: two of CSPLib's files hold one.
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\f]+)|(?P<line>\n)|(?P<comment>//[^\n]*|%[^\n]*|/\*.*?\*/|/\*[^\n]*)"
    r'|(?P<number>-?\d+(?!\.?\d))|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>"[^"\n]*")'
    r"|(?P<sign>\.\.|[=;,{}\[\]()<>|])",
    re.DOTALL,
)
_CLOSING = {"{": "}", "[": "]", "(": ")", "<": ">"}


@dataclass(frozen=True, slots=True)
class Token:
    """A number, name, text or sign, and the line it stands on."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """A whole number or a name, and the line it stands on."""

    value: int | str
    line: int


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in brackets: `sign` is the opening one, `items` what is inside."""

    sign: str
    items: tuple[Value, ...]
    line: int


Value: TypeAlias = "Item | Group"


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name = value;`."""

    name: str
    value: Value
    line: int


@dataclass(frozen=True, slots=True)
class Stated:
    """`constraint name(value, ...);`."""

    name: str
    items: tuple[Value, ...]
    line: int


Statement: TypeAlias = "Assignment | Stated"


def parse_parameters(text: str, file: str) -> tuple[Statement, ...]:
    """Return the statements of a text, in order; `include` lines are passed over.

    Raises
    ------
    BalanceError
        BAL-001 for what cannot be read, BAL-002 where the text ends too early.
    """
    return tuple(_Parser(list(_tokens(text, file)), file).statements())


def _tokens(text: str, file: str) -> Iterator[Token]:
    line, place, n_tokens = 1, 0, 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise BalanceError(
                "BAL-001",
                what=f"'{_piece(text, place)}' cannot be read here",
                fix="write whole numbers, names, and the brackets of the format",
                at=Place(file=file, line=line),
            )
        kind, piece = str(match.lastgroup), match.group()
        if kind in ("number", "name", "text", "sign"):
            n_tokens += 1
            if n_tokens > MOST_TOKENS or len(piece) > 200:
                raise BalanceError(
                    "BAL-003",
                    what=f"the file holds more than {MOST_TOKENS:,} words and numbers, or one of "
                    "more than 200 letters",
                    fix="check that it is the right one",
                    at=Place(file=file, line=line),
                )
            yield Token(kind, piece, line)
        line += piece.count("\n")
        place = match.end()


def _piece(text: str, place: int) -> str:
    found = re.match(r"[-\w.]+|.", text[place : place + 20])
    return found.group() if found else text[place]


class _Parser:
    """Reads statements from tokens, by one token of foresight."""

    def __init__(self, tokens: list[Token], file: str) -> None:
        self._tokens = tokens
        self._file = file
        self._next = 0
        self._began = 1

    def statements(self) -> Iterator[Statement]:
        """Yield the statements to the end."""
        while self._next < len(self._tokens):
            first = self._take()
            self._began = first.line
            if first.kind != "name":
                self._unread(first, "a statement begins with a name, as in `n_periods = 8;`")
            if first.text == "include":
                self._take()
            elif first.text == "constraint":
                yield self._stated()
            else:
                self._expect("=")
                yield Assignment(first.text, self._value(0), first.line)
            self._expect(";")

    def _stated(self) -> Stated:
        name = self._take()
        opening = self._expect("(")
        return Stated(name.text, self._group(opening, 0).items, name.line)

    def _value(self, depth: int) -> Value:
        token = self._take()
        if depth > _MOST_DEPTH:
            self._unread(token, "brackets stand too deep here")
        if token.kind == "number":
            low = int(token.text)
            if not self._is(".."):
                return Item(low, token.line)
            self._take()
            high = self._take()
            if high.kind != "number" or not 0 <= int(high.text) - low < 100_000:
                self._unread(high, "a range is written `1..8`")
            span = range(low, int(high.text) + 1)
            return Group("{", tuple(Item(value, token.line) for value in span), token.line)
        if token.kind == "name":
            if not self._is("("):
                return Item(token.text, token.line)
            inner = self._group(self._take(), depth)
            # array1d and array2d say how a list is to be read; the list itself comes last.
            if token.text in ("array1d", "array2d") and inner.items:
                return inner.items[-1]
            self._unread(token, "only array1d(...) and array2d(...) are read")
        if token.kind == "sign" and token.text in _CLOSING:
            return self._group(token, depth)
        return self._unread(token, "a number, a name or a list was expected")

    def _group(self, opening: Token, depth: int) -> Group:
        """Return what stands before the closing bracket; rows of `[| |]` come one after another."""
        closing, items = _CLOSING[opening.text], list[Value]()
        while not self._is(closing):
            if self._is("|") and opening.text == "[":
                self._take()
                continue
            if opening.text == "(" and items and self._is(".."):
                self._take()
            items.append(self._value(depth + 1))
            if self._is(","):
                self._take()
            # One of CSPLib's files leaves out the comma between two pairs.
            elif not any(self._is(sign) for sign in (closing, "|", "..", "<")):
                self._unread(self._take(), f"`,` or `{closing}` was expected")
        self._take()
        return Group(opening.text, tuple(items), opening.line)

    def _is(self, sign: str) -> bool:
        if self._next >= len(self._tokens):
            self._ended()
        token = self._tokens[self._next]
        return token.kind == "sign" and token.text == sign

    def _take(self) -> Token:
        if self._next >= len(self._tokens):
            self._ended()
        self._next += 1
        return self._tokens[self._next - 1]

    def _expect(self, sign: str) -> Token:
        token = self._take()
        if token.kind != "sign" or token.text != sign:
            self._unread(token, f"`{sign}` was expected")
        return token

    def _ended(self) -> NoReturn:
        last = self._tokens[-1].line if self._tokens else 1
        raise BalanceError(
            "BAL-002",
            what=f"the file ends inside the statement that begins on line {self._began}",
            fix="save or download it again; each statement ends with `;`",
            at=Place(file=self._file, line=last),
        )

    def _unread(self, token: Token, fix: str) -> NoReturn:
        raise BalanceError(
            "BAL-001",
            what=f"'{token.text}' cannot be read here",
            fix=fix,
            at=Place(file=self._file, line=token.line),
        )
