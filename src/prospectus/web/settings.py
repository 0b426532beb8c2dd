"""What a server is told when it starts: one checked class, read once."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from prospectus.domain.errors import Fault, Place, UsageError

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_MEGABYTE = 1_000_000
_HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9_-][a-z0-9._-]{0,252})(:[0-9]{1,5})?")
_BYTES = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where work is kept, who may ask, and how much one request may bring.

    Parameters
    ----------
    database
        The database's file, or its URL as text; None means the person's own.
    catalogs
        Extra catalog folders beside the bundled one.
    hosts
        The names by which the server may be asked, without a port.
    today
        The day on which everything is judged; None means this day.
    most_upload, most_form
        The bytes that an upload, and any other request, may bring.
    """

    database: Path | str | None = None
    catalogs: tuple[Path, ...] = ()
    hosts: tuple[str, ...] = LOOPBACK
    today: dt.date | None = None
    most_upload: int = 5 * _MEGABYTE
    most_form: int = _MEGABYTE

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Return the settings that `PROSPECTUS_...` variables give.

        Raises
        ------
        UsageError
            WEB-001, all that cannot be read at once.
        """
        faults = list(_faults(environment))
        if faults:
            raise UsageError(faults=faults)
        said = {name: environment.get(f"PROSPECTUS_{name}", "") for name in _KNOWN}
        plain = cls()
        return cls(
            # as text: a path would take the slashes of a URL away
            database=said["DATABASE"] or None,
            catalogs=tuple(Path(part) for part in said["CATALOGS"].split(os.pathsep) if part),
            hosts=tuple(part.strip() for part in said["HOSTS"].split(",") if part.strip())
            or plain.hosts,
            today=dt.date.fromisoformat(said["TODAY"]) if said["TODAY"] else None,
            most_upload=int(said["MOST_UPLOAD"] or plain.most_upload),
            most_form=int(said["MOST_FORM"] or plain.most_form),
        )

    def day(self) -> dt.date:
        """Return the day on which is judged."""
        return self.today or dt.date.today()


def host_name(host: str) -> str:
    """Return the name in `NAME` or `NAME:PORT`, in lower case; "" for what is no such thing."""
    found = _HOST.fullmatch(host.lower())
    return found[1].removesuffix(".") if found else ""


_KNOWN = ("DATABASE", "CATALOGS", "HOSTS", "TODAY", "MOST_UPLOAD", "MOST_FORM")


def _faults(environment: Mapping[str, str]) -> Iterator[Fault]:
    day = environment.get("PROSPECTUS_TODAY", "")
    try:
        if day:
            dt.date.fromisoformat(day)
    except ValueError:
        yield _fault("TODAY", day, "write a day as in 2026-11-22")
    for name in ("MOST_UPLOAD", "MOST_FORM"):
        said = environment.get(f"PROSPECTUS_{name}", "")
        if said and not (_BYTES.fullmatch(said) and int(said) > 0):
            yield _fault(name, said, "write a number of bytes above 0")
    for part in environment.get("PROSPECTUS_HOSTS", "").split(","):
        host = part.strip()
        if host and host_name(host) != host.lower():
            yield _fault("HOSTS", host, "write names without scheme or port, as in 127.0.0.1,[::1]")


def _fault(name: str, said: str, fix: str) -> Fault:
    return Fault(
        code="WEB-001",
        what=f"the setting is '{said}'",
        fix=fix,
        at=Place(field=f"PROSPECTUS_{name}"),
    )
