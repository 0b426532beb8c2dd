"""What of a catalog a person's own files take the place of: someone mends a copy of a school."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from prospectus.catalogs.dated_files import AssumptionsFile
from prospectus.catalogs.file_kinds import AnyFile
from prospectus.catalogs.program_files import ProgramFile
from prospectus.catalogs.school_files import SchoolFile
from prospectus.catalogs.yaml_document import Document


def replaced_files(
    given: Iterable[tuple[Document, AnyFile]], others: Iterable[tuple[Document, AnyFile]]
) -> dict[str, str]:
    """Return which of the other files the given ones replace, each with what it is known by.

    A school is replaced as a whole, with its programmes, where its school.yaml is given; else a
    programme by one of its id and catalogue year, any other file by one of its name and school.
    """
    own = list(given)
    schools = {fields.id for _, fields in own if isinstance(fields, SchoolFile)}
    names = {_name(document, fields) for document, fields in own} - {""}
    replaced: dict[str, str] = {}
    for document, fields in others:
        school = fields.id if isinstance(fields, SchoolFile) else fields.school
        if school in schools and not isinstance(fields, AssumptionsFile):
            replaced[document.file] = f"the school {school}"
        elif _name(document, fields) in names:
            replaced[document.file] = _name(document, fields)
    return replaced


def _name(document: Document, fields: AnyFile) -> str:
    """Return what a file is known by beside others; nothing where it only adds to them."""
    if isinstance(fields, ProgramFile):
        return f"{fields.id} of {fields.catalog_year}"
    if isinstance(fields, SchoolFile) or fields.school is None:
        return ""
    return f"{PurePath(document.file).name} of {fields.school}"
