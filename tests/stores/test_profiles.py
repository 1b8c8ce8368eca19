"""What kind of store an address is: profiles that come with lodkit, own ones of ``lodkit.toml``, and
connections to them.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.stores.conftest import SMALL
from tests.stores.faults import FaultServer, status
from tests.stores.places import Place

from lodkit import cli
from lodkit.endpoint import open_endpoint
from lodkit.endpoint.credentials import Authorization
from lodkit.endpoint.origins import origin_of
from lodkit.endpoint.profiles import PROFILES, address, place, profile_by_server, profile_of, read_profiles
from lodkit.endpoint.transport import Limits, Transport
from lodkit.endpoint.watchdog import Watchdog
from lodkit.errors import InputError, StoreError
from lodkit.load import Graphs, Loaded, make_unit, quads_of

TLS = Path(__file__).parent / "tls"
EMPTY = b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}'

# ---------------------------------------------------------------- which


@pytest.mark.parametrize(
    ("server", "name"),
    [
        ("Oxigraph/0.5.13", "oxigraph"),
        ("Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu", "virtuoso"),
        ("Apache Jena Fuseki (5.0.0)", "fuseki"),
        ("nginx", "sparql"),
        ("", "sparql"),
    ],
)
def test_a_server_tells_what_it_is(
    faulty: FaultServer, server: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LODKIT_CONFIG", raising=False)
    assert profile_by_server(server).name == name
    faulty.always = status(404, Server=server)
    assert open_endpoint(faulty.url).profile.name == name


@pytest.mark.parametrize(
    ("name", "given", "query", "data"),
    [
        ("oxigraph", "http://h:1", "http://h:1/query", "http://h:1/store"),
        ("oxigraph", "http://h:1/query", "http://h:1/query", "http://h:1/store"),
        ("oxigraph", "http://h/under/path/", "http://h/under/path/query", "http://h/under/path/store"),
        ("virtuoso", "http://h/sparql", "http://h/sparql", "http://h/sparql-graph-crud-auth"),
        ("virtuoso", "http://h/sparql-auth", "http://h/sparql", "http://h/sparql-graph-crud-auth"),
        ("fuseki", "http://h/dataset", "http://h/dataset/query", "http://h/dataset/data"),
        (
            "graphdb",
            "http://h/repositories/a",
            "http://h/repositories/a",
            "http://h/repositories/a/rdf-graphs/service",
        ),
        (
            "rdf4j",
            "http://h/repositories/a/",
            "http://h/repositories/a",
            "http://h/repositories/a/rdf-graphs/service",
        ),
        ("sparql", "http://h/some/endpoint", "http://h/some/endpoint", None),
    ],
)
def test_addresses(name: str, given: str, query: str, data: str | None) -> None:
    profile = PROFILES[name]
    base = address(given, profile)
    assert place(base, profile.query) == query
    assert (place(base, profile.data) if profile.data is not None else None) == data


# ---------------------------------------------------------------- lodkit.toml


def configured(folder: Path, text: str) -> Path:
    path = folder / "lodkit.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_own_profiles(tmp_path: Path) -> None:
    text = """
    [stores.library]
    url = "https://data.example.org/rdf"
    profile = "fuseki"
    update = "https://write.example.org/update"
    auth = ["digest", "basic"]
    insert = 1000
    pause = 0
    [stores.archive]
    url = "https://data.example.org/rdf/archive/"
    auth = "basic"
    timeout = 2.5
    """
    own = read_profiles(configured(tmp_path, text))
    library, archive = own["library"], own["archive"]
    assert (library.kind, library.query, library.data) == ("fuseki", "query", "data")
    assert (library.auth, library.insert, library.chunk, library.pause) == (
        ("digest", "basic"),
        1000,
        10_000,
        0,
    )
    assert (archive.kind, archive.auth, archive.timeout) == ("sparql", ("basic",), 2.5)
    assert (
        place(address("https://data.example.org/rdf", library), library.update or "")
        == "https://write.example.org/update"
    )
    assert profile_of("https://data.example.org/rdf/more", own) is library
    assert profile_of("https://data.example.org/rdf/archive", own) is archive
    assert profile_of("https://data.example.org/rdfs", own) is None


BAD = {
    '[stores.x]\npassword = "p"': "stores.x: 'password' does not belong into a file (credentials come from LODKIT_USER",
    '[stores.x]\napi_token = "p"': "stores.x: 'api_token' does not belong into a file",
    '[stores.x]\nusername = "p"': "stores.x: 'username' does not belong into a file",
    "[stores.x]\nchunks = 5": "stores.x: no key 'chunks' (one of profile, auth, chunk,",
    '[stores.x]\nprofile = "jena"': "stores.x: no profile 'jena' (one of oxigraph, virtuoso, fuseki, graphdb, rdf4j, qlever, sparql)",
    "[stores.x]\nchunk = 0": "stores.x: chunk is 0, not a number above 0",
    "[stores.x]\nchunk = true": "stores.x: chunk is True, not a number above 0",
    "[stores.x]\nchunk = 2.5": "stores.x: chunk is 2.5, not a number above 0",
    '[stores.x]\ntimeout = "1"': "stores.x: timeout is '1', not a number above 0",
    '[stores.x]\nauth = "ntlm"': "stores.x: auth is ('ntlm',), not digest or basic",
    '[stores.x]\nlayout = "one"': "stores.x: layout is 'one', not graphs or merged",
    "[stores.x]\nquery = 1": "stores.x: query is 1, not a text",
    "stores = 1": "'stores' holds a table for each store (write [stores.NAME])",
    "[stores]\nx = 1": "'stores' holds a table for each store (write [stores.NAME])",
    "[stores": "not TOML: ",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_configuration_is_one_line(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = configured(tmp_path, text)
    monkeypatch.setenv("LODKIT_CONFIG", str(path))
    assert cli.main(["query", "founders", "--on", "http://127.0.0.1:9"]) == InputError.exit_code
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"lodkit: error: {path}")
    assert BAD[text] in err


def test_the_configuration_is_where_the_user_keeps_or_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never where a command happens to run: a folder of others must not say where requests go."""
    here, home, xdg = tmp_path / "here", tmp_path / "home", tmp_path / "xdg"
    for folder, name in ((here, "here"), (home / ".config" / "lodkit", "home"), (xdg / "lodkit", "xdg")):
        folder.mkdir(parents=True)
        configured(folder, f'[stores.{name}]\nquery = "q"')
    named, variable = tmp_path / "named.toml", tmp_path / "variable.toml"
    named.write_text("[stores.named]")
    variable.write_text("[stores.variable]")
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "LODKIT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    assert list(read_profiles()) == ["home"]
    monkeypatch.setenv("XDG_CONFIG_HOME", str(xdg))
    assert list(read_profiles()) == ["xdg"]
    monkeypatch.setenv("LODKIT_CONFIG", str(variable))
    assert list(read_profiles()) == ["variable"]
    assert list(read_profiles(named)) == ["named"]
    assert list(read_profiles(Path("lodkit.toml"))) == ["here"]


@pytest.mark.parametrize(
    ("home", "xdg"),
    [("", ""), (".", "."), ("nowhere", ""), ("", "config"), (".", "./config"), ("/nowhere", "")],
)
def test_no_configuration_lies_under_the_working_folder(
    home: str, xdg: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths that are not absolute are ignored (XDG Base Directory Specification)."""
    for folder in ("", "lodkit", ".config/lodkit", "config/lodkit", "nowhere/.config/lodkit"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        configured(tmp_path / folder, '[stores.planted]\nquery = "q"')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("XDG_CONFIG_HOME", xdg)
    monkeypatch.delenv("LODKIT_CONFIG", raising=False)
    assert read_profiles() == {}


@pytest.mark.parametrize("by", ["LODKIT_CONFIG", "--config"])
def test_a_configuration_that_is_named_is_there(
    by: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["store", "http://127.0.0.1:9"]
    if by == "--config":
        words += ["--config", "nowhere.toml"]
    else:
        monkeypatch.setenv("LODKIT_CONFIG", "nowhere.toml")
    assert cli.main(words) == 3
    assert capsys.readouterr().err == f"lodkit: error: nowhere.toml: no such file ({by} names it)\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["query", "founders", "--on", "http://127.0.0.1:9", "--timeout", "0"],
            "--timeout and --deadline are seconds above 0",
        ),
        (["store", "http://127.0.0.1:9", "--deadline", "-1"], "--timeout and --deadline are seconds above 0"),
        (
            ["load", str(SMALL), "--into", "http://127.0.0.1:9", "--profile", "none"],
            "no profile 'none' (one of fuseki, graphdb, oxigraph, qlever, rdf4j, sparql, virt",
        ),
        (
            ["load", str(SMALL), "--into", "http://127.0.0.1:9", "--profile", "sparql"],
            "the profile sparql has no address for updates",
        ),
        (["load", str(SMALL), "--into", "folder", "--profile", "virtuoso"], "--profile is for servers"),
        (["load", str(SMALL), "--into", "folder", "--dry-run"], "--dry-run is for servers"),
        (["load", str(SMALL), "--into", "folder", "--config", "x.toml"], "--config is for servers"),
        (["store", "http://127.0.0.1:9", "--timeout", "nan"], "seconds above 0, up to 1000000"),
        (["store", "http://127.0.0.1:9", "--deadline", "inf"], "seconds above 0, up to 1000000"),
        (["store", "http://127.0.0.1:9", "--timeout", "1e300"], "seconds above 0, up to 1000000"),
        (
            ["load", str(SMALL), "--into", "http://ada:hidden@127.0.0.1:9"],
            "http://127.0.0.1:9: an address with a user or a password in it",
        ),
    ],
)
def test_what_does_not_fit_is_one_line(
    words: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LODKIT_CONFIG", raising=False)
    assert cli.main(words) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert message in err
    assert "hidden" not in err
    assert not list(tmp_path.iterdir())


# ---------------------------------------------------------------- bounds


@pytest.mark.slow
def test_more_rows_than_a_server_gives(place: Place) -> None:
    """Virtuoso cuts answers at 10,000 rows with status 200; that is an error, and reading back goes in pages."""
    name = "https://w3id.org/lodkit/article/Long"
    graph = NamedNode(f"{name}#facts")
    node = NamedNode(f"{name}#x")
    unit = make_unit(
        name,
        [
            Quad(node, NamedNode("https://w3id.org/lodkit/id/p"), Literal(f"{number}"), graph)
            for number in range(12_000)
        ],
    )
    place.load([unit], "graphs")
    query = f"SELECT ?o {{ GRAPH <{graph.value}> {{ ?s ?p ?o }} }}"
    if place.kind == "virtuoso":
        with pytest.raises(
            StoreError, match=r"cut the answer off at 10000 rows \(ask for less, or raise ResultSetMaxRows"
        ):
            list(place.target.solutions(query))
    else:
        assert len(list(place.target.solutions(query))) == 12_000
    assert len(list(place.target.solutions(f"{query} LIMIT 9999"))) == 9999
    found = place.target.solutions(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph.value}> {{ ?s ?p ?o }} }}")
    assert [row["n"].value for row in found] == ["12000"]
    read = quads_of(
        place.target, Graphs(), Loaded(name, unit.digest), {}, page=5000 if place.kind == "virtuoso" else 0
    )
    assert len(read) == 12_000
    assert set(read) == set(unit.quads)


# ---------------------------------------------------------------- connections


@pytest.fixture
def secured(faulty: FaultServer) -> str:
    """The address of a server with a certificate of its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    faulty.socket = context.wrap_socket(faulty.socket, server_side=True)
    faulty.always = status(200, EMPTY, Content_Type="application/sparql-results+json")
    return faulty.url.replace("http", "https", 1)


def test_a_certificate_that_is_known(secured: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "certificate.pem"))
    assert list(open_endpoint(secured, "sparql").solutions("SELECT * { ?s ?p ?o }")) == []


def test_a_certificate_that_is_not_known(secured: str) -> None:
    with pytest.raises(
        StoreError,
        match=r"no secure connection: self-signed certificate \(check the address and its certificate\)",
    ):
        open_endpoint(secured, "sparql").solutions("SELECT * { ?s ?p ?o }")


@pytest.fixture
def closing() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server that says it keeps connections, and closes them after one answer; and the
    requests it got.
    """
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    requests.append(connection.recv(65536))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/x", requests
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_kept_connection_that_was_closed_meanwhile(
    closing: tuple[str, list[bytes]], repeatable: bool
) -> None:
    """That is no fault, and costs no try."""
    url, requests = closing
    transport = Transport(Limits(5, 5, 0, 0), Authorization(origin_of(url), None, ()))
    for _ in range(3):
        assert transport.send(urllib.request.Request(url), repeatable=repeatable).body == b"ok"
        time.sleep(0.02)
    assert len(requests) == 3


def test_a_watchdog_lets_go() -> None:
    """What was over in time is not shut down later; what comes after a pause is watched again."""
    dog = Watchdog()
    near, far = socket.socketpair()
    with near, far:
        with dog.watching(near, 0.05) as late:
            pass
        time.sleep(0.2)
        assert not late.is_set()
        far.sendall(b"x")
        assert near.recv(1) == b"x"
        with dog.watching(near, 0.1) as late:
            assert near.recv(1) == b""
        assert late.is_set()
