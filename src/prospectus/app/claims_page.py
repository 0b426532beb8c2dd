"""The register of claims as one page of Markdown: docs/claims.md is what this prints."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from prospectus.app.claim_answers import ClaimAnswer, ClaimsAnswer, Figure, Part, Share
from prospectus.app.words import count, listed
from prospectus.domain.claim import Bearing, Claim
from prospectus.domain.facts import Source
from prospectus.domain.printer import print_number

FEW = 10
"""Below so many programmes a figure says that it is over few."""

BEARING_WORDS = {
    Bearing.FOR: "speaks for it",
    Bearing.AGAINST: "speaks against it",
    Bearing.BESIDE: "beside it",
}
_HEAD = """\
# Claims

Advice on online master's degrees gives round figures. Here each of them stands with whoever says
it, the report that is named and whether it was found, what bears on it, and, where the rules of
programmes can answer, the figure that Prospectus computes over all complete programmes of its
catalog. A computed figure is no survey: it is exact over the programmes that it counts, and says
nothing of those that it does not. No constant in the code comes from a claim.

*Unverified*: nothing was found that bears it out or refutes it. *Supported*, *contradicted*: by the
evidence that is named. *Computed*: our own figure stands beside it.

The digest below is of the data alone: it begins the SHA-256 of the name and content of every file
that a figure rests on, which are the schools, the assumptions and the taxonomy of topics under
`src/prospectus/data`. `prospectus claims` prints that of the files at hand.

This page is written by `make claims`; the register is `src/prospectus/data/claims.yaml`."""


def page(answer: ClaimsAnswer) -> str:
    """Return the whole page."""
    sources = {source.id: source for source in answer.sources}
    blocks = [
        _HEAD,
        f"Computed on {answer.today.isoformat()} {basis_words(answer)}",
        "\n".join(_summary(answer)),
    ]
    for one in answer.claims:
        blocks.append("\n\n".join([claim_text(one.claim, sources), *figure_blocks(one)]))
    return "\n\n".join(blocks) + "\n"


def basis_words(answer: ClaimsAnswer) -> str:
    """Return over how many programmes and which files the figures are."""
    return (
        f"over {answer.n_complete} complete programmes of the {answer.n_programs} in the catalog "
        f"(digest {answer.digest})."
    )


def _summary(answer: ClaimsAnswer) -> Iterator[str]:
    yield "| claim | status | computed |"
    yield "|---|---|---|"
    for one in answer.claims:
        told = "" if one.figure is None else headline(one.figure)
        yield f"| [{one.claim.statement}](#{one.claim.id}) | {one.claim.status.value} | {told} |"


def headline(figure: Figure) -> str:
    """Return the figure in one line: its first part, and over how few programmes it is."""
    first = figure.parts[0]
    few = f"; over {count(figure.n_programs, 'programme')} only" if is_few(figure) else ""
    return f"{first.label}: {part_words(first)}{few}"


def is_few(figure: Figure) -> bool:
    """Return whether the figure is over so few programmes that one has to say so."""
    return figure.n_programs < FEW


def claim_text(claim: Claim, sources: dict[str, Source]) -> str:
    """Return what the register says of a claim: all of its section but the figure."""
    lines = [f"## {claim.id}", f"> {claim.statement}", "\n".join(_origin(claim))]
    if claim.evidence:
        lines.append("\n".join(_evidence(claim, sources)))
    return "\n\n".join(lines)


def _origin(claim: Claim) -> Iterator[str]:
    yield f"- **Said by**: {claim.said_by}"
    if claim.attributed_to:
        report = claim.report or "no report is named"
        yield f"- **On the authority of**: {claim.attributed_to}; {report}"
    yield f"- **Found**: {found_words(claim)}"
    yield f"- **Status**: {claim.status.value}. {claim.why}"


def found_words(claim: Claim) -> str:
    """Return whether the report was found, when and where it was looked for."""
    search = claim.search
    told = "yes" if search.found else "no public source"
    note = f". {search.note}" if search.note else ""
    return f"{told}; searched on {search.day.isoformat()} in {search.where}{note}"


def _evidence(claim: Claim, sources: dict[str, Source]) -> Iterator[str]:
    for one in claim.evidence:
        links = listed([_link(sources[name]) for name in one.sources], "and")
        yield f"- *{BEARING_WORDS[one.bearing]}*: {one.text} ({links})"


def _link(source: Source) -> str:
    read = "" if source.read is None else f", read {source.read.isoformat()}"
    return f"[{source.title}]({source.address}){read}"


def figure_blocks(one: ClaimAnswer) -> Iterator[str]:
    """Yield the paragraphs and tables of a claim's figure; none where it has none."""
    figure = one.figure
    if figure is None:
        return
    yield f"**Computed** by `{one.command}`{few_words(figure)}:"
    yield "\n".join(
        ["| figure | value |", "|---|---|"]
        + [f"| {part.label} | {part_words(part)} |" for part in figure.parts]
    )
    yield f"*What is counted.* {figure.definition}"
    if figure.cases:
        yield "\n".join(
            ["| programme | rules of | what it adds |", "|---|---|---|"]
            + [f"| {case.program} | {case.catalog_year} | {case.text} |" for case in figure.cases]
        )
    if figure.left_out:
        yield f"*Left out*: {left_out_words(figure)}."


def few_words(figure: Figure) -> str:
    """Return over how many programmes a figure is, and that they are few where they are."""
    few = ", which is few" if is_few(figure) else ""
    return f" over {count(figure.n_programs, 'programme')}{few}"


def left_out_words(figure: Figure) -> str:
    """Return which programmes are left out, by the reason."""
    by_reason: dict[str, list[str]] = {}
    for one in figure.left_out:
        by_reason.setdefault(one.why, []).append(f"{one.program} ({one.catalog_year})")
    return "; ".join(f"{listed(names, 'and')}: {why}" for why, names in by_reason.items())


def part_words(part: Part) -> str:
    """Return `9 of 12 programmes (75%)`, or `median 40% (0 to 80%) of 12 programmes`."""
    if isinstance(part, Share):
        plural = "" if part.of == 1 else "s"
        if part.share is None:
            return f"of no {part.unit}: nothing to count"
        return f"{part.n} of {part.of} {part.unit}{plural} ({float(100 * part.share):.0f}%)"
    if part.least is None or part.middle is None or part.most is None:
        return f"of no {part.counted}: nothing to count"
    plural = "" if part.of == 1 else "s"
    least, middle, most = (
        _value(value, part.unit) for value in (part.least, part.middle, part.most)
    )
    if least == most:
        return f"{middle} for each of {part.of} {part.counted}{plural}"
    return f"median {middle} ({least} to {most}) over {part.of} {part.counted}{plural}"


def _value(value: Fraction, unit: str) -> str:
    if unit == "%":
        return f"{round(value)}%"
    return f"{print_number(Fraction(round(value * 10), 10))} {unit}"
