"""Each template and its context: what it names is there, and what there is it shows."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

import pytest
from jinja2 import nodes

from prospectus.web import pages
from prospectus.web.api.docs import ApiPage
from prospectus.web.pages.board import BoardPage, BrokenBoardPage, SpotsPage, WhyPage
from prospectus.web.pages.boards import BoardsPage, NoPlanPage, StandsPage
from prospectus.web.pages.calendar import CalendarPage
from prospectus.web.pages.compare import ComparePage
from prospectus.web.pages.front import OthersPage
from prospectus.web.pages.jobs import JobPage
from prospectus.web.pages.programmes import CoursePage, ProgrammePage, ProgrammesPage, TopicsPage
from prospectus.web.pages.records import RecordPage, RecordsPage
from prospectus.web.pages.start import StartPage
from prospectus.web.pages.you import ConflictPage, NewPage, TextPage, YouPage
from prospectus.web.pages.you_finished import FinishedPage
from prospectus.web.rendering import FaultPage, Frame, Rendering

CONTEXTS: dict[str, type] = {
    "api.html": ApiPage,
    "board.html": BoardPage,
    "board_broken.html": BrokenBoardPage,
    "board_changes.html": BoardPage,
    "board_none.html": NoPlanPage,
    "board_others.html": OthersPage,
    "board_stands.html": StandsPage,
    "board_why.html": WhyPage,
    "boards.html": BoardsPage,
    "calendar.html": CalendarPage,
    "compare.html": ComparePage,
    "course.html": CoursePage,
    "fault.html": FaultPage,
    "job.html": JobPage,
    "programme.html": ProgrammePage,
    "programme_topics.html": TopicsPage,
    "programmes.html": ProgrammesPage,
    "record.html": RecordPage,
    "records.html": RecordsPage,
    "spots.html": SpotsPage,
    "start.html": StartPage,
    "you.html": YouPage,
    "you_conflict.html": ConflictPage,
    "you_finished.html": FinishedPage,
    "you_new.html": NewPage,
    "you_text.html": TextPage,
}
NOT_SHOWN = {
    # what the script's headers say, not the template
    (BoardPage, "marks"),
}
PARTS_OF_PAGES = {"board_changes.html"}
RENDERING = Rendering()
Known = dict[str, object]


class Reading:
    """What a template asks of its context, followed by the types of what it is given."""

    def __init__(self, template: str) -> None:
        self.context = CONTEXTS[template]
        self.shown: set[str] = set()
        self.wrong: set[str] = set()
        self.name = template
        self.handed: Known = {}
        self.read(template, {"page": self.context, "frame": Frame})

    def read(self, template: str, known: Known) -> None:
        """Follow a template that knows these names."""
        loader = RENDERING.environment.loader
        assert loader is not None
        source, _, _ = loader.get_source(RENDERING.environment, template)
        outer, self.name = self.name, template
        tree = RENDERING.environment.parse(source)
        # one macro may call another that stands further down
        known |= {one.name: None for one in tree.find_all(nodes.Macro)}
        self.statements(tree.body, known)
        self.name = outer

    def statements(self, body: Iterable[nodes.Node], known: Known) -> None:
        for node in body:
            self.statement(node, known)

    def statement(self, node: nodes.Node, known: Known) -> None:
        match node:
            case nodes.For():
                inner = dict(known)
                self.bind(node.target, part_of(self.type_of(node.iter, known)), inner)
                inner["loop"] = None
                if node.test is not None:
                    self.type_of(node.test, inner)
                self.statements(node.body, inner)
                self.statements(node.else_, known)
            case nodes.With():
                inner = dict(known)
                for target, value in zip(node.targets, node.values, strict=True):
                    self.bind(target, self.type_of(value, known), inner)
                self.statements(node.body, inner)
            case nodes.Assign():
                self.bind(node.target, self.type_of(node.node, known), known)
            case nodes.AssignBlock():
                self.statements(node.body, known)
                self.bind(node.target, None, known)
            case nodes.If():
                self.type_of(node.test, known)
                for body in (node.body, node.elif_, node.else_):
                    self.statements(body, known)
            case nodes.Macro() | nodes.CallBlock():
                inner = {**known, **{one.name: self.handed.get(one.name) for one in node.args}}
                inner["caller"] = None
                if isinstance(node, nodes.CallBlock):
                    self.type_of(node.call, known)
                self.statements(node.body, inner)
            case nodes.Include() | nodes.Extends():
                assert isinstance(node.template, nodes.Const)
                self.read(node.template.value, dict(known))
            case nodes.FromImport() | nodes.Import():
                assert isinstance(node.template, nodes.Const)
                # parts that are imported as a whole are handed the page by its name
                outer, self.handed = self.handed, {}
                if isinstance(node, nodes.Import):
                    self.handed = {"page": self.context, "frame": Frame}
                self.read(node.template.value, dict(known) if node.with_context else {})
                self.handed = outer
                names = [node.target] if isinstance(node, nodes.Import) else node.names
                known |= {name if isinstance(name, str) else name[1]: None for name in names}
            case nodes.Expr():
                self.type_of(node, known)
            case _:
                for child in node.iter_child_nodes():
                    self.statement(child, known)

    def bind(self, target: nodes.Node, kind: object, known: Known) -> None:
        if isinstance(target, nodes.Name):
            known[target.name] = kind
        elif isinstance(target, nodes.Tuple):
            parts = typing.get_args(kind)
            is_known = len(parts) == len(target.items) and Ellipsis not in parts
            for index, item in enumerate(target.items):
                self.bind(item, parts[index] if is_known else None, known)

    def type_of(self, node: nodes.Node, known: Known) -> object:
        """Return the type of an expression, None where it is not followed."""
        match node:
            case nodes.Name():
                if node.name not in known and node.name not in RENDERING.environment.globals:
                    self.wrong.add(f"{self.name}: no name {node.name}")
                return known.get(node.name)
            case nodes.Test(node=nodes.Name(), name="defined"):
                known.setdefault(node.node.name, None)
                return None
            case nodes.Getattr():
                return self.attribute(self.type_of(node.node, known), node.attr)
            case nodes.Filter() if node.name in ("list", "sort", "reverse", "selectattr"):
                return self.type_of(node.node, known) if node.node is not None else None
            case nodes.CondExpr() | nodes.Or() | nodes.And():
                kinds = [self.type_of(child, known) for child in node.iter_child_nodes()]
                return kinds[0] if isinstance(node, nodes.Or) else None
            case nodes.Call():
                returned = self.type_of(node.node, known)
                for child in (*node.args, *(one.value for one in node.kwargs)):
                    self.type_of(child, known)
                return returned
            case _:
                for child in node.iter_child_nodes():
                    self.type_of(child, known)
                return None

    def attribute(self, kind: object, name: str) -> object:
        if kind is None:
            return None
        if kind is self.context:
            self.shown.add(name)
        found = [one for one in members_of(kind) if has(one, name)]
        if not found:
            self.wrong.add(f"{self.name}: no {name} in {kind}")
            return None
        return attribute_of(found[0], name)


def members_of(kind: object) -> tuple[object, ...]:
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        return tuple(one for one in typing.get_args(kind) if one is not type(None))
    return (kind,)


def has(kind: object, name: str) -> bool:
    plain = typing.get_origin(kind) or kind
    if not isinstance(plain, type) or issubclass(plain, Mapping | Enum):
        return True
    known = {one.name for one in fields(plain)} if is_dataclass(plain) else set()
    return name in known or hasattr(plain, name)


def attribute_of(kind: object, name: str) -> object:
    plain = typing.get_origin(kind) or kind
    if plain is dict and name == "items":
        return list[tuple[typing.get_args(kind)]] if typing.get_args(kind) else None
    if not isinstance(plain, type):
        return None
    try:
        hints = typing.get_type_hints(plain)
        if name in hints:
            return hints[name]
        there = inspect.getattr_static(plain, name, None)
        asked = there.fget if isinstance(there, property) else getattr(there, "func", there)
        return typing.get_type_hints(asked).get("return") if callable(asked) else None
    except (NameError, TypeError):
        return None  # a type that is imported for checkers alone


def part_of(kind: object) -> object:
    """Return the type of what a loop takes out of a thing."""
    for one in members_of(kind):
        parts = typing.get_args(one)
        if parts and (typing.get_origin(one) is not tuple or parts[-1] is Ellipsis):
            return parts[0]
    return None


def own_contexts() -> Iterator[type]:
    for module in pkgutil.iter_modules(pages.__path__):
        found = importlib.import_module(f"{pages.__name__}.{module.name}")
        for name, kind in vars(found).items():
            if name.endswith("Page") and is_dataclass(kind) and isinstance(kind, type):
                yield kind


def test_every_template_of_a_page_has_its_context_here() -> None:
    templates = [
        name
        for name in RENDERING.environment.list_templates()
        if RENDERING.environment.loader is not None
        and RENDERING.environment.loader.get_source(RENDERING.environment, name)[0].startswith(
            '{% extends "base.html"'
        )
    ]
    assert set(templates) == set(CONTEXTS) - PARTS_OF_PAGES
    assert set(own_contexts()) <= set(CONTEXTS.values())


@pytest.mark.parametrize("template", CONTEXTS)
def test_a_template_names_nothing_that_its_context_has_not(template: str) -> None:
    assert Reading(template).wrong == set()


@pytest.mark.parametrize(
    "context", dict.fromkeys(CONTEXTS.values()), ids=lambda kind: kind.__name__
)
def test_all_that_a_context_has_is_shown(context: type) -> None:
    shown: set[str] = set()
    for template, kind in CONTEXTS.items():
        if kind is context:
            shown |= Reading(template).shown
    known = {one.name for one in fields(context)}
    assert known - shown - {name for kind, name in NOT_SHOWN if kind is context} == set()
    assert context.__doc__
