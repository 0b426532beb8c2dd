"""What import-linter cannot say: that `domain` needs nothing but the standard library."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import prospectus

PACKAGE = Path(prospectus.__file__).parent
HEAVY = ("ortools", "pandas", "numpy", "pydantic", "lark", "yaml", "jinja2")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield str(node.module)


def test_domain_imports_the_standard_library_and_itself_alone() -> None:
    strangers = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in (PACKAGE / "domain").rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not name.startswith("prospectus.domain")
    }
    assert strangers == set()


@pytest.mark.parametrize(
    "module", ["prospectus", "prospectus.domain.student", "prospectus.cli.main"]
)
def test_importing_this_loads_none_of_the_heavy_libraries(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.split() == []
