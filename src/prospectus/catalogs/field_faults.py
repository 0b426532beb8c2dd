"""What is wrong with the fields of a catalog file, in the words of its author."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import takewhile

from pydantic import BaseModel, ValidationError

from prospectus.catalogs.nearest import nearest
from prospectus.catalogs.rule_blocks import RULE_KINDS
from prospectus.catalogs.tree_blocks import NODE_KINDS, NodeBlock
from prospectus.catalogs.yaml_document import Data, Document, FieldPath
from prospectus.domain.errors import Fault, Place

_KIND_NAMES = {
    "model_type": "a mapping of fields",
    "model_attributes_type": "a mapping of fields",
    "dict_type": "a mapping",
    "list_type": "a list",
    "string_type": "a text",
    "bool_type": "yes or no",
    "int_type": "a whole number",
    "date_type": "a day such as 2026-08-24",
}
_MAPPINGS = ("model_type", "model_attributes_type", "dict_type")
_OF_BLOCKS = ("source", "as_of", "certainty", "assumption", "n", "note", "label", "unknown")
_COMMA = "; a comma separates fields: a list stands in [ ], a text with commas in quotes"


def field_faults(
    error: ValidationError, document: Document, model: type[BaseModel]
) -> Iterator[Fault]:
    """Yield pydantic's complaints in the catalog's words, in file order."""
    found = []
    meant: set[str] = set()
    for problem in error.errors(include_url=False):
        path = path_in(document.data, problem["loc"])
        missing = problem["type"] in ("missing", "extra_forbidden")
        last = next((str(step) for step in reversed(problem["loc"]) if not _is_tag(step)), "")
        shown = (*path, last) if missing and (not path or path[-1] != last) else path
        place = Place(
            file=document.file, line=document.line(path), field=document.place(shown).field
        )
        context = problem.get("ctx", {})
        code, what, fix = _words(problem["type"], last, problem["msg"], context, problem["input"])
        if problem["type"] in _MAPPINGS:
            fix = _example(last, _fields_at(model, path)) + _also(problem["loc"])
        elif code in ("CAT-022", "CAT-023", "CAT-025"):
            fix += _also(problem["loc"])
        if problem["type"] == "extra_forbidden":
            known = _fields_at(model, path[:-1])
            fix = f"use one of {', '.join(sorted(known))}" if known else fix
            close = nearest(last, known)
            what += close
            meant.update(
                place.field.removesuffix(last) + field for field in known if f"'{field}'" in close
            )
        found.append(Fault(code=code, what=what, at=place, fix=fix))
    # A field whose name is only misspelt is not missing.
    found = [fault for fault in found if fault.code != "CAT-020" or fault.at.field not in meant]
    yield from sorted(_merged(found), key=lambda fault: (fault.at.line or 0, fault.at.field))


def _also(loc: Sequence[str | int]) -> str:
    """Return the words that may stand in place of the value, where there are such."""
    tags = list(takewhile(_is_tag, reversed(loc)))
    if "<given or none>" in tags:
        return ", `unknown` or `none`"
    return ", or `unknown`" if "<given>" in tags else ""


def _is_tag(step: str | int) -> bool:
    """Return whether a step names the alternative of a union, which is nothing of the file."""
    return isinstance(step, str) and step.startswith("<")


def _example(name: str, fields: Sequence[str]) -> str:
    """Return how a mapping is written, in one line with fields that it has."""
    shown = [field for field in fields if field not in _OF_BLOCKS][:2] or ["a", "b"]
    inner = ", ".join(f"{field}: ..." for field in shown)
    return f"write fields with their values, e.g. `{name}: {{{inner}}}`"


def _merged(faults: Sequence[Fault]) -> Iterator[Fault]:
    """Yield the faults, those of the alternatives of one field as one."""
    by_place: dict[Place, list[Fault]] = {}
    for fault in faults:
        by_place.setdefault(fault.at, []).append(fault)
    for same in by_place.values():
        if len(same) == 1 or not {fault.code for fault in same} <= {"CAT-022", "CAT-023"}:
            yield from same
            continue
        wanted = dict.fromkeys(
            fault.fix.removeprefix("write ").removesuffix(_COMMA) for fault in same
        )
        value = same[0].what.partition(", not ")[2] or same[0].what.partition(" is not")[0]
        what = "a value is missing here" if value == "nothing" else f"{value} cannot stand here"
        hint = _COMMA if value == "nothing" else ""
        yield replace(same[0], what=what, fix=f"write {' or '.join(wanted)}{hint}")


def path_in(data: Data, loc: Sequence[str | int]) -> FieldPath:
    """Return the part of pydantic's way that leads through the file; tags of unions do not."""
    here: object = data
    path: FieldPath = ()
    for step in loc:
        if isinstance(here, dict) and str(step) in here:
            path, here = (*path, str(step)), here[str(step)]
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            path, here = (*path, step), here[step]
    return path


def _words(
    kind: str, name: str, message: str, context: Mapping[str, object], value: object
) -> tuple[str, str, str]:
    """Return code, what and fix of one complaint."""
    if kind == "missing":
        return "CAT-020", f"`{name}` is missing", f"add `{name}:`"
    if kind == "extra_forbidden":
        return "CAT-021", f"there is no field `{name}` here", "remove it"
    if kind == "unreadable":
        return "CAT-025", str(context["what"]), str(context["fix"])
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", "")).replace("'", "")
        return "CAT-023", f"{_shown(value)} is not allowed here", f"write {expected}"
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return (
            "CAT-024",
            "this is no node or rule: it names no kind, or several" + _nearest_kind(value),
            "give exactly one of all, any, fill, at_most, at_least, gpa, milestone, when, reading; "
            "under `rules:` also gate, position, exclude, overlap",
        )
    if kind in ("too_short", "too_long"):
        size = context.get("min_length", context.get("max_length"))
        many = "least" if kind == "too_short" else "most"
        what = f"there are {context.get('actual_length')} entries here"
        return "CAT-022", what, f"give at {many} {size}"
    if kind == "list_type" and isinstance(value, str | int | Fraction):
        return "CAT-022", f"a list was expected here, not {_shown(value)}", f"write [{value}]"
    if kind in _KIND_NAMES:
        return (
            "CAT-022",
            f"{_KIND_NAMES[kind]} was expected here, not {_shown(value)}",
            f"write {_KIND_NAMES[kind]}" + (_COMMA if value is None else ""),
        )
    return "CAT-022", f"{_shown(value)} cannot stand here", message[:1].lower() + message[1:]


def _nearest_kind(value: object) -> str:
    """Return the kind that a field of a node is nearest to."""
    keys = set(value) - set(NodeBlock.model_fields) if isinstance(value, dict) else set()
    kinds = {*NODE_KINDS, *RULE_KINDS}
    return "" if keys & kinds else next(filter(None, (nearest(key, kinds) for key in keys)), "")


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"'{value}'"


@cache
def _schema(model: type[BaseModel]) -> Mapping[str, object]:
    """Return the schema of a kind of file; making it takes longer than finding a field in it."""
    return model.model_json_schema(by_alias=True)


def _fields_at(model: type[BaseModel], path: FieldPath) -> tuple[str, ...]:
    """Return the fields that the kind of file knows at a place, those it needs first."""
    schema = _schema(model)
    defined = schema.get("$defs")
    definitions = defined if isinstance(defined, dict) else {}

    def alternatives(node: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield from alternatives(definitions[reference.rsplit("/", 1)[-1]])
            return
        yield node
        for key in ("anyOf", "oneOf", "allOf"):
            options = node.get(key)
            for option in options if isinstance(options, list) else ():
                yield from alternatives(option)

    places = list(alternatives(schema))
    for step in path:
        below: list[Mapping[str, object]] = []
        for node in places:
            properties = node.get("properties")
            known = properties if isinstance(properties, dict) else {}
            inner = (
                node.get("items")
                if isinstance(step, int)
                else known.get(step, node.get("additionalProperties"))
            )
            if isinstance(inner, dict):
                below.extend(alternatives(inner))
        places = below
    needed: dict[str, None] = {}
    others: dict[str, None] = {}
    for node in places:
        properties, required = node.get("properties"), node.get("required")
        needed.update(dict.fromkeys(required if isinstance(required, list) else ()))
        others.update(dict.fromkeys(properties if isinstance(properties, dict) else ()))
    return tuple(dict.fromkeys((*needed, *others)))
