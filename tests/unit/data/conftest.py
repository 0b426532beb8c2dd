"""The bundled catalog, resolved for a person."""

from collections.abc import Callable, Iterable

import pytest

from prospectus.catalogs.load import Catalog, load_catalog
from prospectus.domain.meaning import resolve
from prospectus.domain.program import Resolved
from prospectus.domain.student import Person

ResolveFor = Callable[..., Resolved]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """Everything that ships with the package."""
    return load_catalog()


@pytest.fixture(scope="session")
def resolved_for(catalog: Catalog) -> ResolveFor:
    """Resolve a bundled programme for a person with the facts given."""

    def build(
        program_id: str, *reading: tuple[str, str], facts: Iterable[tuple[str, str]] = ()
    ) -> Resolved:
        program = catalog.program(program_id)
        found = resolve(
            program,
            catalog.school(program.school),
            Person(facts=tuple(facts)),
            reading,
            catalog.assumptions,
        )
        assert len(found) == 1
        return found[0]

    return build
