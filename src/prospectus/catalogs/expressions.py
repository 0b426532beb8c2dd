"""The grammar of expressions, selectors and points: text in, trees of `domain.expression` out."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import NoReturn, cast

from lark import Lark
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from prospectus.catalogs.expression_builder import expression_builder
from prospectus.catalogs.expression_words import expected_words
from prospectus.catalogs.values import code_hint
from prospectus.domain import expression as ex
from prospectus.domain.errors import ExpressionError, Fault, Place
from prospectus.domain.rule import Point

MAX_LENGTH = 4_000
MAX_DEPTH = 25
MAX_EXCEPTS = 25


def parse_expression(text: object, at: Place | None = None) -> ex.Expression:
    """Return the expression that a text says.

    Raises
    ------
    ExpressionError
        EXP-0xx, with the column where reading stopped and what could stand there.
    """
    return cast(ex.Expression, _parse(text, "expression", at))


def parse_selector(value: object, at: Place | None = None) -> ex.Selector:
    """Return the selector that a text says, or the union of a list of texts.

    Raises
    ------
    ExpressionError
        EXP-0xx, one fault for each text of the list that cannot be read.
    """
    if not isinstance(value, list | tuple):
        return cast(ex.Selector, _parse(value, "selector", at))
    if not value:
        _refuse("EXP-005", "the list selects nothing", "name a course or write `any`", at)
    found: list[ex.Selector] = []
    faults: list[Fault] = []
    for item in value:
        try:
            found.append(cast(ex.Selector, _parse(item, "selector", at)))
        except ExpressionError as error:
            faults.extend(error.faults)
    if faults:
        raise ExpressionError(faults=faults)
    return found[0] if len(found) == 1 else ex.Union(items=tuple(found))


def parse_point(text: object, at: Place | None = None) -> Point:
    """Return the point in the course of study that a text says.

    Raises
    ------
    ExpressionError
        EXP-0xx, as in `parse_expression`.
    """
    return cast(Point, _parse(text, "point", at))


def _parse(text: object, start: str, at: Place | None) -> object:
    """Return the tree of `text`, its faults at `at`."""
    if not isinstance(text, str):
        _refuse(
            "EXP-009",
            f"text was expected here, not {_kind(text)}",
            f"write the {start} as text, in quotes where YAML reads it otherwise",
            at,
        )
    try:
        return _parse_text(text, start)
    except ExpressionError as error:
        if at is None:
            raise
        raise ExpressionError(faults=[replace(fault, at=at) for fault in error.faults]) from None


# Codes and short selectors recur hundreds of times in a catalog.
@lru_cache(maxsize=8192)
def _parse_text(text: str, start: str) -> object:
    if not text.strip():
        _refuse("EXP-005", f"the {start} is empty", "write one, or leave the field out")
    if len(text) > MAX_LENGTH:
        _refuse(
            "EXP-003",
            f"the {start} has {len(text)} characters; at most {MAX_LENGTH} are read",
            "name parts of it as sets or nodes",
        )
    _check_depth(text, start)
    try:
        return _parser().parse(text, start=start)
    except UnexpectedInput as error:
        _refuse_input(error, text, start)


def _check_depth(text: str, start: str) -> None:
    """Refuse what would nest so deep that walking the tree could overflow."""
    bare = re.sub(r""""([^"\\]|\\.)*"|'([^'\\]|\\.)*'""", "", text)
    depth = deepest = 0
    for sign in bare:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH or len(re.findall(r"\bexcept\b", bare)) > MAX_EXCEPTS:
        _refuse(
            "EXP-004",
            f"the {start} nests more than {MAX_DEPTH} deep",
            "name parts of it as sets or nodes",
        )


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = files("prospectus.catalogs").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer="contextual",
        start=["expression", "selector", "point"],
        transformer=expression_builder(),
        maybe_placeholders=True,
    )


def _refuse_input(error: UnexpectedInput, text: str, start: str) -> NoReturn:
    """Translate the parser's complaint: where it stopped and what could stand there."""
    if isinstance(error, UnexpectedEOF) or (
        isinstance(error, UnexpectedToken) and error.token.type == "$END"
    ):
        expected = expected_words(getattr(error, "accepts", None) or error.expected)
        _refuse(
            "EXP-002",
            f"the {start} '{_short(text)}' stops too early (column {len(text) + 1})",
            f"go on with {expected}",
        )
    position = error.pos_in_stream or 0
    if isinstance(error, UnexpectedCharacters):
        names = set(error.allowed or ())
    else:
        assert isinstance(error, UnexpectedToken)
        names = set(error.accepts or error.expected)
    found = re.match(r"\"[^\"]*\"?|[\w&~.-]+|\S", text[position:])
    shown = found.group() if found else text[position : position + 1]
    _refuse(
        "EXP-001",
        f"'{shown}' cannot stand at column {position + 1} of '{_short(text)}'",
        code_hint(text) or f"expected {expected_words(names)}" + _hint(shown),
    )


def _hint(shown: str) -> str:
    if shown in {"AND", "OR", "NOT", "EXCEPT", "OF"}:
        return f"; write `{shown.lower()}` in lower case"
    if shown in {"&", "|", "&&", "||"}:
        return "; write `and` or `or`"
    if shown in {"permission", "consent", "approval", "instructor"}:
        return '; write `approval("instructor")`, naming who approves'
    if shown == ",":
        return "; a list of texts stands in [ ]"
    if re.fullmatch(r"[A-Za-z][\w-]*", shown):
        return "; a text of several words stands in quotes"
    return ""


def _refuse(code: str, what: str, fix: str, at: Place | None = None) -> NoReturn:
    raise ExpressionError(code, what=what, fix=fix, at=at)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 80 else f"{flat[:77]}..."


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, int | Fraction):
        return "a number"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else f"{value}"
