"""The committed JSON Schemas are those of the code, and the bundled files fit them."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction

import pytest
from jsonschema import Draft202012Validator

from prospectus.catalogs.file_kinds import FILE_KINDS
from prospectus.catalogs.load import bundled_root
from prospectus.catalogs.schema import schema_folder, schema_text
from prospectus.catalogs.yaml_document import Data
from prospectus.catalogs.yaml_reader import read_yaml

BUNDLED = sorted([bundled_root() / "assumptions.yaml", *bundled_root().glob("schools/**/*.yaml")])


def as_json(value: Data) -> object:
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return float(value) if isinstance(value, Fraction) else value


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_the_committed_schema_is_current(kind: str) -> None:
    committed = (schema_folder() / f"{kind}.json").read_text(encoding="utf-8")
    assert committed == schema_text(kind), "run `python -m prospectus.catalogs.schema`"


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_bundled_file_fits_its_schema(path: object) -> None:
    data = as_json(read_yaml(path).data)  # type: ignore[arg-type]
    assert isinstance(data, dict)
    schema = json.loads((schema_folder() / f"{data['kind']}.json").read_text(encoding="utf-8"))
    found = Draft202012Validator(schema).iter_errors(data)
    assert [f"{error.json_path}: {error.message}" for error in found] == []


def test_the_schema_refuses_a_field_that_does_not_exist() -> None:
    schema = json.loads(schema_text("school"))
    data = as_json(read_yaml(bundled_root() / "schools" / "gatech" / "school.yaml").data)
    assert isinstance(data, dict)
    assert list(Draft202012Validator(schema).iter_errors({**data, "colour": "gold"}))
