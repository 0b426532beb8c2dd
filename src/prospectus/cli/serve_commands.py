"""The command that starts the web application."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from prospectus.cli.application import app
from prospectus.cli.guard import guarded
from prospectus.cli.options import Catalogs, Quiet, Today, paths_of
from prospectus.domain.errors import UsageError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SHOWN_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_PATIENCE_S = 60.0
_KEPT_ALIVE_S = 75
"""So long a connection waits for the next request: closed while people think, it meets some of
their requests on the way."""
_PATIENCE_AT_END_S = 5
"""How long requests that are under way may take when the server is stopped."""


@app.command(epilog="Example: prospectus serve --port 8080")
def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Where it listens.")] = 8000,
    host: Annotated[
        str, typer.Option("--host", metavar="NAME", help="The address it listens at.")
    ] = "127.0.0.1",
    database: Annotated[
        Path | None,
        typer.Option(
            "--database",
            metavar="FILE",
            help="Where work is kept [default: your own].",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=16, help="Processes.")] = 1,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the start page.")
    ] = False,
    today: Today = None,
    catalog: Catalogs = None,
    quiet: Quiet = False,
) -> None:
    """Start the web application on this machine and open it in the browser."""
    with guarded("serve", as_json=False):
        _need_free(host, port)
        shown = f"[{host}]" if ":" in host else host
        settings = {
            "PROSPECTUS_DATABASE": "" if database is None else str(database.absolute()),
            "PROSPECTUS_CATALOGS": os.pathsep.join(str(one) for one in paths_of(catalog)),
            "PROSPECTUS_TODAY": "" if today is None else today.date().isoformat(),
            "PROSPECTUS_HOSTS": "" if host in _LOOPBACK else ",".join((shown, *_SHOWN_LOOPBACK)),
        }
        # who gave names of their own knows by which the server is asked
        if os.environ.get("PROSPECTUS_HOSTS"):
            del settings["PROSPECTUS_HOSTS"]
        # workers are processes of their own: what they are told stands in the environment
        os.environ.update({name: value for name, value in settings.items() if value})
        _check_settings()
        import uvicorn

        address = f"http://{shown}:{port}/"
        if not quiet:
            sys.stderr.write(f"Prospectus is at {address}  (Ctrl-C stops it)\n")
        if host not in _LOOPBACK:
            sys.stderr.write(
                "warning: there are no accounts: who reaches this address sees and changes all\n"
            )
        if not no_browser:
            waiting = threading.Thread(target=_open_when_ready, args=(host, port, address))
            waiting.daemon = True
            waiting.start()
        uvicorn.run(
            "prospectus.web.factory:app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=_PATIENCE_AT_END_S,
            timeout_keep_alive=_KEPT_ALIVE_S,
        )


def _check_settings() -> None:
    """Open everything once, so that what is wrong is told before a server runs."""
    from prospectus.app.library import open_library
    from prospectus.app.workspace import Workspace

    # by name, as the server itself: this package and that do not know each other
    settings = import_module("prospectus.web.settings").Settings.from_environment()
    open_library(settings.catalogs)
    Workspace.open(settings.database).close()


def _need_free(host: str, port: int) -> None:
    """Refuse an address at which another program listens.

    Raises
    ------
    UsageError
        USE-023 when it is taken, or is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise UsageError(
                "USE-023",
                what=f"{host}:{port} cannot be listened at ({error.strerror})",
                fix=f"choose another port, such as --port {port + 1 if port < 65535 else 8001}",
            ) from None


def _open_when_ready(host: str, port: int, address: str) -> None:
    import webbrowser

    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        try:
            with socket.create_connection((host, port), timeout=1):
                webbrowser.open(address)
                return
        except OSError:
            time.sleep(0.1)
