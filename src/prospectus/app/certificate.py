"""Certificates: what a plan claims, in a file from which a stranger can check it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from prospectus.app.document import Json
from prospectus.app.files import write_whole
from prospectus.app.plain_values import NotPlain, from_plain, plainly
from prospectus.app.solving import Solved
from prospectus.catalogs.digest import digest_of_data
from prospectus.catalogs.listing import bundled_root
from prospectus.domain.errors import CertificateError, DomainError, Place
from prospectus.domain.plan import Plan
from prospectus.domain.student import Level, Student
from prospectus.planning.result import LevelResult, PlanStatus
from prospectus.planning.verifying.formulation import Claimed
from prospectus.planning.verifying.levels import CREDITS

FORMAT = 1
_MARK = "prospectus_certificate"
_MOST_BYTES = 5_000_000

_UNITS = {
    Level.GOALS.value: "wishes missed",
    Level.FINISH.value: "last day",
    Level.PEAK.value: "hours in the fullest week",
    Level.TOPICS.value: "wanted topics left out",
    Level.HOURS.value: "hours of work",
    Level.LIVE.value: "minutes of live sessions",
    CREDITS: "planned credits",
}

T = TypeVar("T")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is claimed of one track under one reading: a plan with its levels, or that none is.

    `student` is bound to the programme and has the track declared; the name is left out.
    """

    track: str | None
    readings: Pairs
    branches: Pairs
    status: PlanStatus
    student: Student
    approvals: tuple[str, ...]
    plan: Plan | None
    levels: tuple[Claimed, ...]
    conflict: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCertificate:
    """The claims of one answer, and the catalog files that it was computed from."""

    program: str
    catalog_year: str
    catalog: str
    today: dt.date
    made_by: str
    claims: tuple[Claim, ...]


def claim_of(track: str | None, solved: Solved) -> Claim:
    """Return what a solved plan claims; the tie-breaks at its end are no claim."""
    result = solved.result
    named = {level.value for level in Level} | {CREDITS}
    return Claim(
        track=track,
        readings=solved.resolved.readings,
        branches=solved.resolved.branches,
        status=result.status,
        student=replace(solved.student, name=""),
        approvals=result.approvals,
        plan=result.plan,
        levels=tuple(_claimed(level) for level in result.levels if level.level in named),
        conflict=tuple(item.text for item in result.conflict),
    )


def _claimed(level: LevelResult) -> Claimed:
    return Claimed(level=level.level, value=level.value, bound=level.bound)


def certify(
    solved: Sequence[tuple[str | None, Solved]],
    today: dt.date,
    catalogs: tuple[Path, ...],
    path: Path,
) -> PlanCertificate:
    """Write the certificate of an answer, whole or not at all, and return it.

    Raises
    ------
    UsageError
        USE-005 when the file cannot be written.
    """
    program = solved[0][1].resolved.program
    found = PlanCertificate(
        program=program.id,
        catalog_year=program.catalog_year,
        catalog=catalog_digest(program.school, catalogs),
        today=today,
        made_by=f"Prospectus {version('prospectus')}, {solved[0][1].result.certificate.solver}",
        claims=tuple(claim_of(track, item) for track, item in solved),
    )
    write_whole(path, certificate_text(found))
    return found


def catalog_digest(school: str, catalogs: tuple[Path, ...]) -> str:
    """Return the SHA-256 of the catalog files of a school, of assumptions and of extra folders."""
    root = bundled_root()
    own = root / "schools" / school
    bundled = own if own.is_dir() else root
    return digest_of_data((bundled, root / "assumptions.yaml", *catalogs)) or "unknown"


def certificate_text(certificate: PlanCertificate) -> str:
    """Return a certificate as JSON that a person can read."""
    document: dict[str, Json] = {
        _MARK: FORMAT,
        "program": certificate.program,
        "catalog_year": certificate.catalog_year,
        "catalog_sha256": certificate.catalog,
        "today": certificate.today.isoformat(),
        "made_by": certificate.made_by,
        "claims": [_claim_json(claim) for claim in certificate.claims],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _claim_json(claim: Claim) -> Json:
    found: dict[str, Json] = {
        "track": claim.track,
        "readings": plainly(claim.readings),
        "branches": plainly(claim.branches),
        "status": claim.status.value,
        "levels": [_level_json(level) for level in claim.levels],
        "approvals": list(claim.approvals),
        "conflict": list(claim.conflict),
        "plan": None if claim.plan is None else plainly(claim.plan),
        "student": plainly(claim.student),
    }
    return found


def _level_json(level: Claimed) -> Json:
    return {
        "level": level.level,
        "value": _shown(level.level, level.value),
        "bound": _shown(level.level, level.bound),
        "unit": _UNITS.get(level.level, "minor units of money" if is_money(level.level) else ""),
    }


def is_money(level: str) -> bool:
    """Return whether a level is counted in minor units of money."""
    return level in (Level.COST.value, Level.OUT_OF_POCKET.value, Level.TRADE.value)


def _shown(level: str, value: Fraction | None) -> Json:
    if value is not None and level == Level.FINISH.value:
        return dt.date.fromordinal(int(value)).isoformat()
    return plainly(value)


def read_certificate(path: Path) -> PlanCertificate:
    """Return the certificate in a file.

    Raises
    ------
    CertificateError
        CER-001 when it is none or not whole, CER-002 for another format, CER-003 for a field.
    """
    place = Place(file=str(path))
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CertificateError(
                "CER-001",
                what="the file is too large for a certificate",
                fix="name a file that `prospectus plan --certificate FILE` wrote",
                at=place,
            )
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise CertificateError(
            "CER-001",
            what=f"the file cannot be read ({error.strerror or error})",
            fix="name a file that `prospectus plan --certificate FILE` wrote",
            at=place,
        ) from None
    except (ValueError, RecursionError):
        raise CertificateError(
            "CER-001",
            what="the file is no whole JSON document: cut off, or never a certificate",
            fix="write it again with `prospectus plan --certificate FILE`",
            at=place,
        ) from None
    if not isinstance(data, Mapping) or _MARK not in data:
        raise CertificateError(
            "CER-001",
            what="the file is JSON, but no certificate",
            fix="name a file that `prospectus plan --certificate FILE` wrote",
            at=place,
        )
    if data[_MARK] != FORMAT:
        raise CertificateError(
            "CER-002",
            what=f"the certificate has format {data[_MARK]}, and this version reads {FORMAT}",
            fix="verify it with the version that wrote it, or write it again",
            at=place,
        )
    try:
        return _certificate(data)
    except NotPlain as error:
        raise _bad_field(path, error.at, error.what) from None
    except DomainError as error:
        raise _bad_field(path, "claims", error.faults[0].what) from None


def _bad_field(path: Path, at: str, what: str) -> CertificateError:
    return CertificateError(
        "CER-003",
        what=f"the certificate says what cannot be: {what}",
        fix="write it again with `prospectus plan --certificate FILE`; nobody edits a certificate",
        at=Place(file=str(path), field=at),
    )


def _certificate(data: Mapping[str, object]) -> PlanCertificate:
    claims = _get(data, "claims", "")
    if not isinstance(claims, list) or not claims:
        raise NotPlain("claims", "there is none")
    return PlanCertificate(
        program=_text(data, "program"),
        catalog_year=_text(data, "catalog_year"),
        catalog=_text(data, "catalog_sha256"),
        today=_typed(_get(data, "today", ""), dt.date, "today"),
        made_by=_text(data, "made_by"),
        claims=tuple(_claim(item, f"claims[{n}]") for n, item in enumerate(claims)),
    )


def _claim(data: object, at: str) -> Claim:
    if not isinstance(data, Mapping):
        raise NotPlain(at, "no block of fields")
    plan = _get(data, "plan", at)
    levels = _get(data, "levels", at)
    track = _get(data, "track", at)
    if not isinstance(levels, list):
        raise NotPlain(f"{at}.levels", "no list")
    return Claim(
        track=None if track is None else _typed(track, str, f"{at}.track"),
        readings=_pairs(data, "readings", at),
        branches=_pairs(data, "branches", at),
        status=_typed(_get(data, "status", at), PlanStatus, f"{at}.status"),
        student=_typed(_get(data, "student", at), Student, f"{at}.student"),
        approvals=_texts(data, "approvals", at),
        plan=None if plan is None else _typed(plan, Plan, f"{at}.plan"),
        levels=tuple(_level(item, f"{at}.levels[{n}]") for n, item in enumerate(levels)),
        conflict=_texts(data, "conflict", at),
    )


def _level(data: object, at: str) -> Claimed:
    if not isinstance(data, Mapping):
        raise NotPlain(at, "no block of fields")
    name = _typed(_get(data, "level", at), str, f"{at}.level")
    if name not in {level.value for level in Level} | {CREDITS}:
        raise NotPlain(f"{at}.level", f"'{name}' is no level")
    return Claimed(
        level=name,
        value=_number(name, _get(data, "value", at), f"{at}.value"),
        bound=_number(name, _get(data, "bound", at), f"{at}.bound"),
    )


def _number(level: str, data: object, at: str) -> Fraction | None:
    if data is None:
        return None
    if level == Level.FINISH.value:
        return Fraction(_typed(data, dt.date, at).toordinal())
    return _typed(data, Fraction, at)


def _typed(data: object, hint: type[T], at: str) -> T:
    found = from_plain(data, hint, at)
    assert isinstance(found, hint)
    return found


def _get(data: Mapping[str, object], name: str, at: str) -> object:
    if name not in data:
        raise NotPlain(f"{at}.{name}".lstrip("."), "the field is missing")
    return data[name]


def _text(data: Mapping[str, object], name: str) -> str:
    return _typed(_get(data, name, ""), str, name)


def _texts(data: Mapping[str, object], name: str, at: str) -> tuple[str, ...]:
    items = _get(data, name, at)
    if not isinstance(items, list):
        raise NotPlain(f"{at}.{name}", "no list")
    return tuple(_typed(item, str, f"{at}.{name}[{n}]") for n, item in enumerate(items))


def _pairs(data: Mapping[str, object], name: str, at: str) -> Pairs:
    found = from_plain(_get(data, name, at), tuple[tuple[str, str], ...], f"{at}.{name}")
    assert isinstance(found, tuple)
    return found
