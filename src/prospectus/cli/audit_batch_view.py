"""How the summary of a batch is printed."""

from __future__ import annotations

from dataclasses import fields

from prospectus.app.audit_batch import BatchSummary


def summary_lines(done: BatchSummary) -> list[str]:
    """Return what a batch did, a line each."""
    lines = [
        f"{done.program}, rules of {done.catalog_year}: {_n(done.n_students, 'student')}, "
        f"{_n(done.n_lines, 'line')}",
        f"complete: {done.n_met:,}; no course left to take: {done.n_complete:,}",
        f"audited one by one, beyond what the compiled rules decide: {done.n_exact:,} "
        f"({100 * done.exact_share:.2f} %)",
    ]
    if done.n_again:
        lines.append(f"came back further down, and stand there as other students: {done.n_again:,}")
    if done.n_kept:
        lines.append(f"kept from an earlier run: {done.n_kept:,} of {done.n_blocks:,} blocks")
    if done.n_faults:
        lines.append(f"left out: {_n(done.n_faults, 'fault')}, all in {done.faults_file}")
    lines.append(f"wrote {done.out}")
    return lines


def fault_lines(done: BatchSummary) -> list[str]:
    """Return the first lines left out, and how many more there are."""
    more = done.n_faults - len(done.faults)
    return [*done.faults, f"and {more:,} more"] if more > 0 else list(done.faults)


def told(done: BatchSummary) -> dict[str, object]:
    """Return what a batch did as plain values, its files by their names."""
    found: dict[str, object] = {one.name: getattr(done, one.name) for one in fields(done)}
    return {**found, "out": done.out.name, "faults_file": done.faults_file.name}


def _n(count: int, word: str) -> str:
    return f"{count:,} {word}" + ("" if count == 1 else "s")
