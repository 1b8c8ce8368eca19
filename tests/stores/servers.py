"""Real servers, started on free loopback ports and ended by their process: Oxigraph's from PyPI, Virtuoso's
from Debian.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
PASSWORD = "hidden-9f3c"
INI = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
CaseMode = 2
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = 10000
"""


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, f"{url}: the server ended with {process.returncode}"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{url} does not answer")


def end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class OxigraphServer:
    """Oxigraph's server with a store on disk."""

    EMPTIED = 5
    """How often one folder is emptied: what was deleted in it makes each request slower, 80 times after 50."""

    def __init__(self, folder: Path) -> None:
        """Start it on a free port, with folders below one."""
        self._folder = folder
        self._address = f"127.0.0.1:{free_port()}"
        self._emptied = 0
        self.url = f"http://{self._address}"
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        place = self._folder / str(self._emptied)
        command = [str(OXIGRAPH), "serve", "--location", str(place), "--bind", self._address]
        for tries_left in reversed(range(40)):
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                wait_for(f"{self.url}/", process)
            except BaseException as error:
                end(process)
                # A client of another process may have got the port for its end of a connection.
                if not (isinstance(error, AssertionError) and tries_left):
                    raise
                time.sleep(0.25)
            else:
                break
        return process

    def empty(self) -> None:
        """Delete all that it holds."""
        self._emptied += 1
        if self._emptied % self.EMPTIED == 0:
            end(self._process)
            shutil.rmtree(self._folder)
            self._folder.mkdir()
            self._process = self._start()
            return
        request = urllib.request.Request(
            f"{self.url}/store", b"", {"Content-Type": "application/n-quads"}, method="PUT"
        )
        urllib.request.urlopen(request).close()

    def end(self) -> None:
        """Stop it."""
        end(self._process)


_SERVERS: dict[str, OxigraphServer] = {}
"""Those that run, by their addresses."""


def oxigraph_server(folder: Path) -> Iterator[str]:
    folder.mkdir()
    server = OxigraphServer(folder)
    _SERVERS[server.url] = server
    try:
        yield server.url
    finally:
        del _SERVERS[server.url]
        server.end()


def empty_oxigraph(url: str) -> None:
    _SERVERS[url].empty()


def has_virtuoso() -> bool:
    return all(map(shutil.which, ("virtuoso-t", "isql-vt")))


def virtuoso_server(folder: Path) -> Iterator[str]:
    folder.mkdir(exist_ok=True)
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(INI.format(sql=sql, http=http))
    command = ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{http}/sparql", process)
        change = f"EXEC=USER_SET_PASSWORD('dba', '{PASSWORD}');"
        subprocess.run(
            ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", change],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        yield f"http://127.0.0.1:{http}"
    finally:
        end(process)
