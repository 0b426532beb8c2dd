"""Everything that is wrong with catalog files, in one reading: what `prospectus check` prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from prospectus.catalogs.assembly import Assembled, assemble
from prospectus.catalogs.check_facts import check_facts, check_program_names
from prospectus.catalogs.check_order import check_order
from prospectus.catalogs.check_sums import check_sums
from prospectus.catalogs.findings import Findings
from prospectus.catalogs.gathering import gathered
from prospectus.catalogs.listing import bundled_root, files_of, real_path
from prospectus.catalogs.references import check_references
from prospectus.catalogs.school_files import SchoolFile
from prospectus.domain.collecting import no_collecting
from prospectus.domain.errors import Fault

_FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")


def check(paths: Sequence[Path]) -> tuple[Fault, ...]:
    """Return all faults of the files at `paths`: errors and warnings, by file and line.

    A folder of one school or a single file is read together with the files it rests on: its
    school's, and the assumptions of its catalog or the bundled ones. Their faults are left out.
    What can be read of a file with faults is checked as well; what would only follow from a fault
    is not told. The same fault of many blocks comes as one.

    Parameters
    ----------
    paths
        Catalog folders, folders of one school, or single files; the bundled catalog when empty.
    """
    with no_collecting():
        return _checked(list(paths) or [bundled_root()])


def _checked(asked: Sequence[Path]) -> tuple[Fault, ...]:
    ignored: list[Fault] = []
    own = {real_path(path) for _, path, _ in files_of(asked, ignored)}
    context = [path for path in _context(asked) if real_path(path) not in own]
    own_places = range(len(asked))
    assembled = assemble([*asked, *context], own_places)
    missing = _missing_schools(assembled)
    if missing:
        context += missing
        assembled = assemble([*asked, *context], own_places)
    beside = {shown for _, path, shown in files_of(context, ignored) if real_path(path) not in own}
    check_sense(assembled)
    return gathered(fault for fault in assembled.faults if fault.at.file not in beside)


def check_sense(assembled: Assembled, only: frozenset[str] | None = None) -> None:
    """Note what is wrong between the files, beside what is wrong in each.

    Parameters
    ----------
    assembled
        What the files say.
    only
        The files of interest, all when None: what costs time is asked of these alone.
    """
    n_faults = len(assembled.faults)
    check_references(assembled)
    findings = Findings(assembled)
    check_facts(assembled, findings, only)
    check_program_names(assembled, findings)
    schools = {
        school.id: school for school in assembled.schools if not assembled.lacks_file_of(school.id)
    }
    for school in schools.values():
        if only is None or not only.isdisjoint(assembled.files_of(school.id)):
            check_order(school, findings, assembled.unscheduled(school.id))
    for program in assembled.programs:
        home = schools.get(program.school)
        file = program.provenance.at.file
        is_whole = file not in {*assembled.lost, *assembled.unbounded} and not assembled.loses_of(
            program.school
        )
        if home is not None and is_whole and (only is None or file in only):
            check_sums(program, home, findings)
    assembled.drop_consequences(n_faults)


def _context(paths: Sequence[Path]) -> list[Path]:
    """Return the files and folders that what is asked for rests on."""
    found: list[Path] = []
    for path in paths:
        here = real_path(path)
        above = [here, *here.parents] if here.is_dir() else list(here.parents)
        school = next((folder for folder in above if (folder / "school.yaml").is_file()), None)
        if school is not None:
            found.append(school)
        # What stands beside a school.yaml is that school's own.
        root = next(
            (
                folder
                for folder in above
                if (folder / "assumptions.yaml").is_file()
                and not (folder / "school.yaml").is_file()
            ),
            bundled_root(),
        )
        if root == bundled_root() or here != root:
            found.append(root / "assumptions.yaml")
    # What nobody named must not lead anywhere else.
    return [path for path in dict.fromkeys(found) if not path.is_symlink()]


def _missing_schools(assembled: Assembled) -> list[Path]:
    """Return the bundled folders of schools that files name and no file describes."""
    known = {school.id for school in assembled.schools}
    wanted = {
        fields.school
        for _, fields in assembled.files
        if not isinstance(fields, SchoolFile)
        and fields.school is not None
        and fields.school not in known
    }
    folders = [
        bundled_root() / "schools" / name for name in sorted(wanted) if _FOLDER.fullmatch(name)
    ]
    return [folder for folder in folders if (folder / "school.yaml").is_file()]
