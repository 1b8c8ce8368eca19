"""What goes wrong with a server: each row is one line with cause and remedy, exit code 4, and nothing lost."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from pyoxigraph import RdfFormat, parse
from tests.sampled import rotated
from tests.stores.conftest import SMALL
from tests.stores.faults import (
    SECRET,
    Fault,
    FaultHandler,
    FaultServer,
    apply_and_drop,
    basic,
    by_digest,
    cut_body,
    cut_stream,
    drip,
    drip_body,
    hang,
    page,
    redirect,
    refuse_to_apply,
    reset_after,
    status,
)
from tests.stores.servers import OXIGRAPH, empty_oxigraph, free_port
from tests.stores.sizes import OF_ARTICLE

from lodkit import cli
from lodkit.endpoint import Endpoint, open_endpoint
from lodkit.endpoint.challenges import Credentials, digest
from lodkit.endpoint.credentials import Authorization
from lodkit.endpoint.origins import origin_of
from lodkit.endpoint.transport import Limits, Transport
from lodkit.errors import StoreError
from lodkit.load import (
    Bounds,
    Graphs,
    Layout,
    Loading,
    Merged,
    Unit,
    layout_of,
    open_loading,
    way_into_endpoint,
)


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(quick: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run the command in this process, with the short pauses of ``quick``."""
    return lambda *words: Done(cli.main(list(words)), *capsys.readouterr())


def dump(url: str) -> set[str]:
    """All quads of an Oxigraph server."""
    request = urllib.request.Request(f"{url}/store", headers={"Accept": "application/n-quads"})
    with urllib.request.urlopen(request) as response:
        return {str(quad) for quad in parse(response.read(), RdfFormat.N_QUADS)}


# ---------------------------------------------------------------- each fault, for good


def greet(handler: FaultHandler) -> None:
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n")


ALWAYS: dict[str, tuple[Fault, str]] = {
    "hang": (hang, "gave no sign of life for 0.5 s (is it busy? --timeout sets how long to wait)"),
    "drip in the headers": (
        drip,
        "did not finish within the deadline of 1.5 s (ask for less, or raise --deadline)",
    ),
    "drip in the body": (
        drip_body,
        "did not finish within the deadline of 1.5 s (ask for less, or raise --deadline)",
    ),
    "reset at once": (
        reset_after(0),
        "the connection was lost (see the store's log; what was loaded stays, the same command goes on)",
    ),
    "reset in the headers": (reset_after(20), "the connection was lost"),
    "reset in the body": (reset_after(90), "the connection was lost"),
    "401": (
        status(401, WWW_Authenticate='Basic realm="x"'),
        "wants a user and a password (401) (set LODKIT_USER and LODKIT_PASSWORD, or",
    ),
    "403": (
        status(403, b"read only"),
        "the store forbids this (403): read only (the user may lack the right to it)",
    ),
    "404": (status(404), "the store has nothing at this address (404) (check the address, and --profile)"),
    "413": (
        status(413),
        "the store finds the request too large (413) (lower 'chunk' and 'insert' in lodkit.toml)",
    ),
    "429": (status(429), "the store is asked too often (429) (try again later)"),
    "500": (status(500, b"out of memory\n\nat line 3"), "the store failed (500): out of memory\n"),
    "502": (status(502), "the store is not reached through its gateway (502) (try again later)"),
    "503": (status(503), "the store is not available now (503) (try again later)"),
    "503 for an hour": (
        status(503, Retry_After="3600"),
        "a pause of 3600 s would be over the deadline of 1.5 s (try again later)",
    ),
    "504": (status(504), "the store did not answer its gateway in time (504) (try again later)"),
    "a page": (
        page,
        "answered with a web page, not with query results: Please log in (check the address, and --profile)",
    ),
    "no type": (status(200, b"{}", Content_Type=""), "not with query results: {} (check the address"),
    "no results": (
        status(200, b"{}", Content_Type="application/json"),
        "answered with results that are broken or cut off",
    ),
    "no HTTP": (greet, "does not speak HTTP"),
    "elsewhere": (
        redirect("http://localhost:9/query"),
        "redirects to another host, http://localhost:9 (if that is right, give that address)",
    ),
    "another port": (
        redirect("http://127.0.0.1:9/query"),
        "redirects to another host, http://127.0.0.1:9 (if that is right",
    ),
    "in a circle": (redirect("/query?again"), "redirects in a circle (check the address)"),
}


IMPATIENT = {"hang", "drip in the headers", "drip in the body", "503 for an hour"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ALWAYS)
@pytest.mark.parametrize(
    "command", ["query founders --on", "load small.trig --into", "export --to x.nq", "store"]
)
def test_a_fault_is_one_line(
    run: Callable[..., Done], faulty: FaultServer, name: str, command: str, tmp_path: Path
) -> None:
    faulty.always, message = ALWAYS[name]
    words = command.replace("small.trig", str(SMALL)).replace("x.nq", str(tmp_path / "x.nq")).split()
    patience = ["--timeout", "0.5", "--deadline", "1.5"] if name in IMPATIENT else []
    done = run(*words, faulty.url, *patience)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith(f"lodkit: error: {faulty.url}")
    assert done.err.count("\n") == 1
    assert message in done.err
    assert not (tmp_path / "x.nq").exists()


@pytest.mark.slow
def test_results_that_are_cut_off(run: Callable[..., Done], proxy: FaultServer) -> None:
    proxy.always = cut_body
    assert (
        "answered with results that are broken or cut off" in run("query", "founders", "--on", proxy.url).err
    )
    proxy.always = cut_stream
    assert "the answer was cut off (see the store's log)" in run("query", "founders", "--on", proxy.url).err


@pytest.mark.slow
def test_a_refused_connection(run: Callable[..., Done], faulty: FaultServer, quick: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    quick.write_text(quick.read_text().replace(faulty.url, url))
    done = run("load", str(SMALL), "--into", url)
    message = f"lodkit: error: {url}/query: the connection was refused (is the store running, and is this its port?)\n"
    assert done == Done(4, "", message)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://host.invalid/", "http://host.invalid/: no such host: host.invalid (check the address)"),
        ("http://127.0.0.1:99999/", "http://127.0.0.1:99999/: no address of a store"),
        ("http:///sparql", "http:///sparql: no address of a store"),
    ],
)
def test_an_address_that_is_none(run: Callable[..., Done], url: str, message: str) -> None:
    done = run("query", "founders", "--on", url)
    assert done.code in (2, 4)
    assert (done.out, done.err.count("\n"), message in done.err) == ("", 1, True), done


# ---------------------------------------------------------------- trying again

ONCE = ["429", "502", "503", "504", "reset at once", "reset in the headers", "reset in the body"]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "number"), rotated(ONCE, range(3)))
def test_a_passing_fault_is_got_over(
    run: Callable[..., Done], proxy: FaultServer, name: str, number: int
) -> None:
    proxy.faults[number] = ALWAYS[name][0]
    assert run("load", str(SMALL), "--into", proxy.url).code == 0
    before, count = dump(str(proxy.backend)), len(proxy.requests)
    proxy.requests.clear()
    proxy.faults.clear()
    empty_oxigraph(str(proxy.backend))
    assert run("load", str(SMALL), "--into", proxy.url).code == 0
    assert dump(str(proxy.backend)) == before
    assert len(proxy.requests) == count - 1


@pytest.mark.slow
def test_a_server_that_starts_late(
    run: Callable[..., Done], faulty: FaultServer, quick: Path, tmp_path: Path
) -> None:
    address = f"127.0.0.1:{free_port()}"
    quick.write_text(
        quick.read_text()
        .replace(faulty.url, f"http://{address}")
        .replace("pause = 0.01", "pause = 0.2")
        .replace("1.5", "30")
    )
    command = [
        "sh",
        "-c",
        f"sleep 0.3; exec {OXIGRAPH} serve --location {tmp_path / 'late'} --bind {address}",
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert run("load", str(SMALL), "--into", f"http://{address}").code == 0
    finally:
        server.terminate()
        server.wait()


def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that are made, none of them real."""
    made: list[float] = []
    # not time.sleep itself: the threads of other servers and of the watchdog pause too
    monkeypatch.setattr(
        "lodkit.endpoint.transport.time", SimpleNamespace(sleep=made.append, monotonic=time.monotonic)
    )
    return made


def transport(url: str, **limits: float) -> Transport:
    patience = Limits(**{"timeout": 5, "deadline": 60, "pause": 1, **limits})  # type: ignore[arg-type]
    return Transport(patience, Authorization(origin_of(url), None, ()))


def request(url: str) -> urllib.request.Request:
    return urllib.request.Request(f"{url}/x", b"data", method="POST")


def test_pauses_double(faulty: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = waits(monkeypatch)
    faulty.always = status(503)
    with pytest.raises(StoreError, match="503"):
        transport(faulty.url).send(request(faulty.url))
    assert pauses == [1, 2, 4, 8]
    assert [body for *_, body in faulty.requests] == [b"data"] * 5


def test_the_server_says_how_long(faulty: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = waits(monkeypatch)
    soon = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 20))
    faulty.faults = {
        0: status(429, Retry_After="7"),
        1: status(503, Retry_After=soon),
        2: status(503, Retry_After="soon"),
        3: status(204),
    }
    transport(faulty.url).send(request(faulty.url))
    assert pauses[0] == 7
    assert 15 < pauses[1] <= 20
    assert pauses[2:] == [4]


@pytest.mark.parametrize(
    ("fault", "times"),
    [(refuse_to_apply, 1), (status(502), 1), (status(504), 1), (status(503), 5), (status(429), 5)],
)
def test_what_cannot_be_repeated_is_not(
    faulty: FaultServer, monkeypatch: pytest.MonkeyPatch, fault: Fault, times: int
) -> None:
    """Only where the server surely did nothing is it asked again."""
    waits(monkeypatch)
    faulty.always = fault
    with pytest.raises(StoreError):
        transport(faulty.url).send(request(faulty.url), repeatable=False)
    assert len(faulty.requests) == times


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 413, 415, 500, 501])
def test_what_would_fail_again_is_not_repeated(
    faulty: FaultServer, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    waits(monkeypatch)
    faulty.always = status(code)
    with pytest.raises(StoreError):
        transport(faulty.url).send(request(faulty.url))
    assert len(faulty.requests) == 1


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirection_on_the_same_host_keeps_the_request(faulty: FaultServer, code: int) -> None:
    faulty.faults = {0: redirect("/there?x=1", code), 1: status(200, b"ok")}
    assert transport(faulty.url).send(request(faulty.url)).body == b"ok"
    assert [(method, path, body) for method, path, _, body in faulty.requests] == [
        ("POST", "/x", b"data"),
        ("POST", "/there?x=1", b"data"),
    ]


@pytest.mark.slow
def test_an_answer_before_all_was_sent(faulty: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may refuse a large body and close while it comes; what it said is told."""

    def refuse(handler: FaultHandler) -> None:
        handler.answer(413, {}, b"too big")

    monkeypatch.setattr(FaultHandler, "do_POST", refuse)
    with pytest.raises(StoreError, match=r"too large \(413\): too big|the connection was lost"):
        transport(faulty.url, retries=0).send(
            urllib.request.Request(faulty.url, b"x" * 30_000_000, method="POST")
        )


def test_through_a_proxy(faulty: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", faulty.url)
    monkeypatch.delenv("no_proxy", raising=False)
    faulty.always = status(200, b"by proxy")
    assert (
        transport("http://store.example").send(urllib.request.Request("http://store.example/x")).body
        == b"by proxy"
    )
    assert faulty.requests[0][1] == "http://store.example/x"


# ---------------------------------------------------------------- nothing lost


def endpoint(server: FaultServer, layout: str) -> tuple[Endpoint, Layout]:
    found = open_endpoint(server.url)
    return found, Merged() if layout == "merged" else Graphs()


def load_all(server: FaultServer, units: list[Unit], layout: str) -> None:
    """Load in many steps, or in the layout "added" as `open_loading` sees fit: each unit that is new in one."""
    target, where = endpoint(server, layout)
    way = way_into_endpoint(target)
    if layout == "added":
        loading = open_loading(way, "graphs", dict)
    else:
        loading = Loading(replace(way, bounds=Bounds(100, 150)), where)
    for unit in units:
        loading.load(unit)
    loading.finish()


STOPPING = {"500": status(500), "applied": apply_and_drop, "dropped": refuse_to_apply, "cut": cut_body}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "layout"), rotated(STOPPING, ("graphs", "merged", "added")))
def test_a_load_that_failed_at_any_request_goes_on(
    quick: Path,
    proxy: FaultServer,
    small: list[Unit],
    layout: str,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """For every k: the k-th request fails, with no second try; the load after that leaves what one load
    leaves, quad by quad.
    """
    fault = STOPPING[name]
    quick.write_text(quick.read_text() + "retries = 0\n")
    load_all(proxy, small[:2], layout)
    expected, total = dump(str(proxy.backend)), len(proxy.requests)
    assert total > (8 if layout == "added" else 10)
    for number in range(total):
        empty_oxigraph(str(proxy.backend))
        proxy.requests.clear()
        proxy.faults = {number: fault}
        failed = False
        try:
            load_all(proxy, small[:2], layout)
        except StoreError:
            failed = True
        # A body cut in half shows only where it is read.
        assert failed or fault is cut_body, number
        proxy.faults = {}
        load_all(proxy, small[:2], layout)
        assert dump(str(proxy.backend)) == expected, f"request {number}"


def test_a_store_that_drops_triples_is_noticed(quick: Path, proxy: FaultServer, small: list[Unit]) -> None:
    """What the store counts afterwards is compared; the article counts as unfinished, and the next load puts
    it right.
    """

    def lose(handler: FaultHandler) -> None:
        lines = handler.body.split(b"\n")
        handler.body = b"\n".join(line for line in lines if b"#sourceUrl>" not in line)
        handler.answer(*handler.forward())

    proxy.always = lose
    size = OF_ARTICLE[small[0].name]
    said = rf"holds {size - 1} triples of {size} afterwards \(the load counts as unfinished"
    with pytest.raises(StoreError, match=said) as caught:
        load_all(proxy, small[:1], "graphs")
    assert caught.value.term == small[0].name
    proxy.always = None
    load_all(proxy, small[:1], "graphs")
    found, _ = endpoint(proxy, "graphs")
    assert layout_of(found, "x") == Graphs()


@pytest.mark.slow
def test_a_load_that_stops_tells_how_far_it_came(run: Callable[..., Done], proxy: FaultServer) -> None:
    def fail_on_buoy(handler: FaultHandler) -> None:
        if handler.path == "/store" and b"The_Buoy#facts" in handler.body:
            handler.answer(507, {}, b"disk full")
        else:
            handler.answer(*handler.forward())

    proxy.always = fail_on_buoy
    done = run("load", str(SMALL), "--into", proxy.url)
    assert done.code == 4
    assert done.err.splitlines() == [
        "lodkit: stopped after 2 articles (2 new); the same command goes on from there",
        f"lodkit: error: {proxy.url}/store: the store failed (507): disk full",
    ]
    proxy.always = None
    done = run("load", str(SMALL), "--into", proxy.url)
    buoy = "https://w3id.org/lodkit/article/The_Buoy"
    assert (done.code, done.err) == (
        0,
        f"3 articles (1 new, 2 unchanged): {OF_ARTICLE[buoy]} triples loaded, in the layout graphs\n",
    )


def test_a_rehearsal_changes_nothing(run: Callable[..., Done], proxy: FaultServer) -> None:
    before = dump(str(proxy.backend))
    done = run("load", str(SMALL), "--into", proxy.url, "--dry-run")
    assert done.code == 0
    assert {method for method, path, *_ in proxy.requests if "/query" not in path} == set()
    assert dump(str(proxy.backend)) == before
    assert re.findall(r"^# .*/(\w+)$", done.out, re.MULTILINE)[-3:] == [
        "Blue_Lantern",
        "Red_Harbour_Union",
        "The_Buoy",
    ]
    assert f"POST {proxy.url}/store\n    application/n-quads, " in done.out
    assert "would be loaded" in done.err


@pytest.mark.parametrize(
    ("chunk", "insert", "times"),
    [(300, 2000, 1), (300, 100, 1), (700, 100, 2)],
    ids=["update", "transfer", "repeated"],
)
@pytest.mark.slow
def test_no_request_brings_more_than_it_may(
    run: Callable[..., Done],
    proxy: FaultServer,
    quick: Path,
    tmp_path: Path,
    chunk: int,
    insert: int,
    times: int,
) -> None:
    """Also of a file that says each triple twice."""
    quick.write_text(quick.read_text() + f"chunk = {chunk}\ninsert = {insert}\n")
    file = tmp_path / "small.trig"
    file.write_text(SMALL.read_text("utf-8") * times, "utf-8")
    assert run("load", str(file), "--into", proxy.url).code == 0
    bodies = [body for _, path, _, body in proxy.requests if path.startswith("/store")]
    assert len(bodies) > 5
    assert max(len(re.findall(rb"^<", body, re.MULTILINE)) for body in bodies) <= chunk


@pytest.mark.slow
def test_a_rehearsal_in_a_store_with_articles(
    run: Callable[..., Done], proxy: FaultServer, small: list[Unit]
) -> None:
    load_all(proxy, small[:1], "graphs")
    before = dump(str(proxy.backend))
    done = run("load", str(SMALL), "--into", proxy.url, "--dry-run", "-v")
    assert dump(str(proxy.backend)) == before
    assert f"POST {proxy.url}/update\n    application/sparql-update; charset=utf-8, " in done.out
    assert "    INSERT DATA { GRAPH <https://w3id.org/lodkit/article/The_Buoy#evidence> {" in done.out
    assert (
        f"PUT {proxy.url}/store?graph=https%3A%2F%2Fw3id.org%2Flodkit%2Fmovement\n    text/turtle; charset=utf-8, "
        in done.out
    )


# ---------------------------------------------------------------- who asks


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    [basic, by_digest("MD5"), by_digest("SHA-256"), by_digest("MD5", qop=False)],
    ids=["basic", "MD5", "SHA-256", "old"],
)
@pytest.mark.parametrize("source", ["environment", "netrc"])
def test_credentials(
    run: Callable[..., Done],
    proxy: FaultServer,
    fault: Fault,
    source: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy.always = fault
    if source == "environment":
        monkeypatch.setenv("LODKIT_USER", "ada")
        monkeypatch.setenv("LODKIT_PASSWORD", SECRET)
    else:
        netrc = tmp_path / "netrc"
        netrc.write_text(f"machine 127.0.0.1 login ada password {SECRET}\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
    assert run("load", str(SMALL), "--into", proxy.url).code == 0
    without = [
        number for number, (_, _, headers, _) in enumerate(proxy.requests) if "Authorization" not in headers
    ]
    assert without == [0]  # once challenged, it does not wait for the next challenge


def test_digest_as_in_the_standard() -> None:
    """RFC 7616 §3.9.1."""
    nonce, cnonce = (
        "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    challenge = {
        "realm": "http-auth@example.org",
        "nonce": nonce,
        "qop": "auth, auth-int",
        "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    }
    known = Credentials("Mufasa", "Circle of Life")
    found = [
        digest(known, {**challenge, "algorithm": name}, "GET", "/dir/index.html", 1, cnonce)
        for name in ("MD5", "SHA-256")
    ]
    responses = [re.findall(r'response="(\w+)"', header)[0] for header in found]
    assert responses == [
        "8ca523f5e9506fed4657c9700eebdbec",
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    ]


@pytest.mark.parametrize(
    ("environment", "message", "code"),
    [
        ({"LODKIT_USER": "ada", "LODKIT_PASSWORD": "wrong-5d"}, "refused the user or the password (401)", 4),
        ({"LODKIT_USER": "ada"}, "only one of LODKIT_USER and LODKIT_PASSWORD is set (set both or none)", 2),
        (
            {},
            "wants a user and a password (401) (set LODKIT_USER and LODKIT_PASSWORD, or name the host in ~/.netrc)",
            4,
        ),
    ],
)
def test_wrong_credentials(
    run: Callable[..., Done],
    proxy: FaultServer,
    environment: dict[str, str],
    message: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy.always = basic
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    done = run("load", str(SMALL), "--into", proxy.url)
    assert (done.code, done.err.count("\n")) == (code, 1)
    assert message in done.err


def test_a_broken_netrc(
    run: Callable[..., Done], proxy: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1\nlogin ada\npasswort {SECRET}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    done = run("store", proxy.url)
    assert (done.code, done.err.count("\n"), "cannot be read as netrc" in done.err, SECRET in done.err) == (
        2,
        1,
        True,
        False,
    )


def test_no_password_in_a_form_that_was_not_asked_for(
    run: Callable[..., Done], proxy: FaultServer, quick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.write_text(quick.read_text().replace('["digest", "basic"]', '"digest"'))
    monkeypatch.setenv("LODKIT_USER", "ada")
    monkeypatch.setenv("LODKIT_PASSWORD", SECRET)
    proxy.always = basic
    done = run("store", proxy.url)
    assert "offers basic authentication (digest is taken; 'auth' in lodkit.toml sets it)" in done.err
    assert not any("Authorization" in headers for *_, headers, _ in proxy.requests)


def test_no_password_follows_to_another_host(
    run: Callable[..., Done], proxy: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LODKIT_USER", "ada")
    monkeypatch.setenv("LODKIT_PASSWORD", SECRET)
    proxy.faults = {
        0: status(401, WWW_Authenticate='Basic realm="x"'),
        1: redirect(f"http://localhost:{proxy.server_address[1]}/query"),
    }
    assert "redirects to another host" in run("store", proxy.url).err
    assert len(proxy.requests) == 2


def command_lines() -> str:
    """What ps shows of all processes; it reads it from /proc."""
    if shutil.which("ps"):
        return subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True).stdout
    return "\n".join(
        file.read_bytes().replace(b"\0", b" ").decode() for file in Path("/proc").glob("[0-9]*/cmdline")
    )


COMMANDS = [
    "load {file} --into {url}",
    "query founders --on {url}",
    "export {url} --to -  --format nq",
    "store {url}",
    "load {file} --into {url} --dry-run",
]


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("fault", ["basic", "403", "slow"])
def test_the_password_is_nowhere(proxy: FaultServer, quick: Path, command: str, fault: str) -> None:
    """Not in what is printed, with tracebacks too, and not in what ps shows."""
    secrets = [SECRET, base64.b64encode(f"ada:{SECRET}".encode()).decode()]
    proxy.faults[0] = basic

    def slow(handler: FaultHandler) -> None:
        time.sleep(0.3)
        basic(handler)

    def forbid(handler: FaultHandler) -> None:
        handler.answer(
            403,
            {"Content-Type": "text/plain"},
            f"not {handler.headers.get('Authorization')} {SECRET}".encode(),
        )

    proxy.always = {"basic": basic, "403": forbid, "slow": slow}[fault]
    words = ["-vv", *command.format(file=SMALL, url=proxy.url).split()]
    environment = {**os.environ, "LODKIT_USER": "ada", "LODKIT_PASSWORD": SECRET}
    call = [
        sys.executable,
        "-c",
        "import sys; from lodkit.cli import main; sys.exit(main(sys.argv[1:]))",
        *words,
    ]
    process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
    shown = command_lines()
    assert str(SMALL) in shown or "{file}" not in command
    output = process.communicate(timeout=60)[0].decode()
    assert not any(secret in text for secret in secrets for text in (shown, output))
    assert process.returncode in ((4,) if fault == "403" else (0, 3))


def test_digest_changes_nothing_for_the_process(
    proxy: FaultServer, quick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = urllib.request._opener  # type: ignore[attr-defined]
    monkeypatch.setenv("LODKIT_USER", "ada")
    monkeypatch.setenv("LODKIT_PASSWORD", SECRET)
    proxy.always = by_digest("MD5")
    assert open_endpoint(proxy.url).ask("ASK {}") is True
    assert urllib.request._opener is before  # type: ignore[attr-defined]
