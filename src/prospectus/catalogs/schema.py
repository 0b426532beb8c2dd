"""JSON Schema of every kind of catalog file, so that editors complete and check as one types.

Run ``python -m prospectus.catalogs.schema`` after a change of the fields.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeAlias

from prospectus.catalogs.file_kinds import FILE_KINDS
from prospectus.catalogs.listing import bundled_root

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def schema_text(kind: str) -> str:
    """Return the JSON Schema of a kind of file, as it is committed."""
    schema = FILE_KINDS[kind].model_json_schema(by_alias=True)
    loose = _without_one_of(schema)
    assert isinstance(loose, dict)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps({**head, **loose}, indent=1, ensure_ascii=False) + "\n"


def schema_folder() -> Path:
    """Return the folder of the committed schemas."""
    return bundled_root() / "schema"


def _without_one_of(value: Json) -> Json:
    """Return a schema whose alternatives may overlap: `unknown` is a text and a word of its own."""
    if isinstance(value, dict):
        return {
            "anyOf" if key == "oneOf" else key: _without_one_of(inner)
            for key, inner in value.items()
            # Titles only repeat the names; a field called `title` is no text.
            if key != "discriminator" and not (key == "title" and isinstance(inner, str))
        }
    return [_without_one_of(inner) for inner in value] if isinstance(value, list) else value


def write_schemas(folder: Path) -> None:
    """Write one schema for each kind of file."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in FILE_KINDS:
        (folder / f"{kind}.json").write_text(schema_text(kind), encoding="utf-8")


if __name__ == "__main__":
    write_schemas(schema_folder())
