"""Stores to test against: the embedded one, Oxigraph's and Virtuoso's servers, and one that fails on demand."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from tests.stores.faults import FaultServer
from tests.stores.places import KINDS, Place, empty_place
from tests.stores.servers import empty_oxigraph, has_virtuoso, oxigraph_server, virtuoso_server

from lodkit.domain import Domain
from lodkit.load import Unit, group_units
from lodkit.query import ontology

SMALL = Path(__file__).parent.parent / "queries" / "small.trig"


@pytest.fixture(autouse=True)
def no_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the user who runs the tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "no-configuration"))
    monkeypatch.delenv("LODKIT_CONFIG", raising=False)


_IN_MEMORY, _ROOM = Path("/dev/shm"), 2**31


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where servers put their data: in memory where there is room, since they wait for the disk at each
    change, most of the time of a test.
    """
    if not _IN_MEMORY.is_dir() or shutil.disk_usage(_IN_MEMORY).free < _ROOM:
        yield tmp_path_factory.mktemp("servers")
        return
    with tempfile.TemporaryDirectory(
        dir=_IN_MEMORY, prefix="lodkit-tests-", ignore_cleanup_errors=True
    ) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def oxigraph(server_folder: Path) -> Iterator[str]:
    """The address of an Oxigraph server."""
    yield from oxigraph_server(server_folder / "oxigraph")


@pytest.fixture(scope="session")
def virtuoso(server_folder: Path) -> Iterator[str]:
    """The address of a Virtuoso server, where Debian's packages are installed."""
    if not has_virtuoso():
        pytest.skip(
            "no virtuoso-t and isql-vt here: apt-get install virtuoso-opensource-7-bin virtuoso-opensource-7-common"
        )
    yield from virtuoso_server(server_folder / "virtuoso")


@pytest.fixture(params=KINDS)
def place(
    request: pytest.FixtureRequest, domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Place:
    """An empty store of each kind in turn."""
    return empty_place(request.param, request, domain, tmp_path, monkeypatch)


@pytest.fixture(params=KINDS[1:])
def server(
    request: pytest.FixtureRequest, domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Place:
    """An empty store on each server in turn."""
    return empty_place(request.param, request, domain, tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def small() -> list[Unit]:
    """Three invented articles."""
    return list(group_units(parse(SMALL.read_bytes(), RdfFormat.TRIG)))


@pytest.fixture(scope="session")
def vocabulary(domain: Domain) -> list[Unit]:
    """The ontology."""
    return list(group_units(ontology(domain)))


def serving(server: FaultServer) -> Iterator[FaultServer]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def faulty() -> Iterator[FaultServer]:
    """A server that fails on demand, with none behind it."""
    yield from serving(FaultServer())


@pytest.fixture
def other() -> Iterator[FaultServer]:
    """Another one, on another port: another origin."""
    yield from serving(FaultServer())


@pytest.fixture
def proxy(faulty: FaultServer, oxigraph: str) -> FaultServer:
    """A server that fails on demand, in front of an empty Oxigraph server."""
    empty_oxigraph(oxigraph)
    faulty.backend = oxigraph
    return faulty


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faulty: FaultServer) -> Path:
    """A ``lodkit.toml`` with short pauses for the server that fails."""
    file = tmp_path / "lodkit.toml"
    table = {"profile": "oxigraph", "url": faulty.url, "pause": 0.01, "auth": ["digest", "basic"]}
    file.write_text(
        "[stores.quick]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())
    )
    monkeypatch.setenv("LODKIT_CONFIG", str(file))
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    monkeypatch.delenv("LODKIT_USER", raising=False)
    monkeypatch.delenv("LODKIT_PASSWORD", raising=False)
    return file
