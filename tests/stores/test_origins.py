"""Two servers: the one whose address is given, and one that a configuration, a redirection or a challenge
names. The other gets neither data nor credentials, and nothing that is shown has the password in it.
"""

from __future__ import annotations

import base64
import html
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from tests.stores.conftest import SMALL
from tests.stores.faults import (
    SECRET,
    Fault,
    FaultHandler,
    FaultServer,
    basic,
    by_digest,
    raw,
    redirect,
    status,
)
from tests.stores.test_faults import command_lines

from lodkit import cli
from lodkit.endpoint import open_endpoint, origin_of
from lodkit.endpoint.challenges import Credentials
from lodkit.endpoint.credentials import Authorization
from lodkit.endpoint.transport import Limits, Transport

pytestmark = pytest.mark.slow

JSON = "application/sparql-results+json"
EMPTY = b'{"head": {"vars": []}, "results": {"bindings": []}}'
ARTICLE = Path(__file__).parents[2] / "data" / "articles"
CODES = [301, 302, 303, 307, 308]


def slow(value: object) -> object:
    """A parameter for `make test` only."""
    return pytest.param(value, marks=pytest.mark.slow)


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(quick: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run the command in this process, with the short pauses of ``quick``."""
    return lambda *words: Done(cli.main(list(words)), *capsys.readouterr())


@pytest.fixture(params=["environment", slow("netrc"), slow("netrc by default")])
def known(
    request: pytest.FixtureRequest, tmp_path: Path, quick: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A user and a password, from each source; netrc tells hosts apart, and not ports."""
    know(request.param, tmp_path, monkeypatch)
    return str(request.param)


def know(source: str, folder: Path, monkeypatch: pytest.MonkeyPatch, password: str = SECRET) -> None:
    if source == "environment":
        monkeypatch.setenv("LODKIT_USER", "ada")
        monkeypatch.setenv("LODKIT_PASSWORD", password)
        return
    netrc = folder / "netrc"
    machine = "default" if source == "netrc by default" else "machine 127.0.0.1"
    escaped = password.replace("\\", "\\\\").replace('"', '\\"')
    netrc.write_text(f'{machine} login ada password "{escaped}"\n', encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))


def greedy(scheme: str) -> Fault:
    """Ask for a password, whatever comes, and for the whole world."""
    offer = {
        "basic": 'Basic realm="lodkit"',
        "digest": 'Digest realm="lodkit", nonce="abc", qop="auth", domain="/ http://127.0.0.1/ http://localhost/"',
        "both": 'Digest realm="lodkit", nonce="abc", Basic realm="lodkit"',
    }[scheme]
    return status(401, WWW_Authenticate=offer)


def answers(handler: FaultHandler) -> None:
    handler.answer(200, {"Content-Type": JSON}, EMPTY)


def is_write(handler: FaultHandler) -> bool:
    return not handler.path.startswith("/query")


def writes(server: FaultServer) -> list[str]:
    return [path for method, path, *_ in server.requests if method != "GET" and not path.startswith("/query")]


def check_got_nothing(other: FaultServer, *, questions: bool = False) -> None:
    """Neither credentials nor data; questions only where a configuration says so."""
    if not questions:
        assert other.requests == []
    for method, path, headers, body in other.requests:
        assert not {"authorization", "proxy-authorization", "cookie"} & {name.lower() for name in headers}
        assert (method, path.partition("?")[0]) == ("POST", "/query")
        assert body.startswith(b"query=")
        assert not any(word in body.lower() for word in (b"insert+data", b"delete+", b"insert+%7b"))
        assert SECRET.encode() not in body + path.encode()


LOADS = [
    "load {file} --into {url}",
    "build {article} --into {url}",
    "load {file} --into {url} --layout merged",
]
SOME = [LOADS[0], *map(slow, LOADS[1:])]
READS = ["query founders --on {url}", "query founders --on {url} --evidence", "store {url}"]
READS += ["export {url} --to - --format nq"]
ALL = [READS[0], *map(slow, READS[1:]), *SOME]


def filled(command: str, url: str) -> list[str]:
    article = min(ARTICLE.glob("*.txt"))
    return command.format(file=SMALL, url=url, article=article).split()


# ---------------------------------------------------------------- by a configuration


@pytest.mark.parametrize("command", ALL)
@pytest.mark.parametrize("scheme", [slow("basic"), slow("digest"), "both", "none"])
def test_questions_elsewhere_go_without_a_password(
    run: Callable[..., Done],
    proxy: FaultServer,
    other: FaultServer,
    quick: Path,
    known: str,
    command: str,
    scheme: str,
) -> None:
    """They go there, and that is said once; a challenge from there is not answered."""
    quick.write_text(quick.read_text() + f'query = "{other.url}/query"\n')
    proxy.always = basic
    other.always = answers if scheme == "none" else greedy(scheme)
    done = run(*filled(command, proxy.url), "-vv")
    check_got_nothing(other, questions=True)
    assert other.requests
    note = f"lodkit: warning: queries go to {other.url}, as lodkit.toml says, without a user or a password\n"
    assert done.err.count(note) == 1
    assert SECRET not in done.out + done.err
    if scheme != "none":
        message = (
            f"{other.url}/query: wants a user and a password (401), and those for {proxy.url} are not for it"
        )
        assert (done.code, message in done.err) == (4, True), done
        assert writes(proxy) == []


@pytest.mark.parametrize("key", ["update", "data", "quads"])
@pytest.mark.parametrize("command", [*SOME, "load {file} --into {url} --dry-run"])
def test_data_go_nowhere_else(
    run: Callable[..., Done],
    proxy: FaultServer,
    other: FaultServer,
    quick: Path,
    known: str,
    key: str,
    command: str,
) -> None:
    """They are refused before the first of them is sent, also to where they might go."""
    quick.write_text(quick.read_text() + f'{key} = "{other.url}/{key}"\n')
    proxy.always, other.always = basic, greedy("both")
    done = run(*filled(command, proxy.url))
    assert (done.code, done.out) == (2, ""), done
    assert (
        f"{other.url}/{key}: data would go to {other.url}, and the address given is of {proxy.url}"
        in done.err
    )
    check_got_nothing(other)
    assert writes(proxy) == []


@pytest.mark.parametrize("key", ["update", "data", "quads"])
def test_what_is_only_read_does_not_mind(
    run: Callable[..., Done], proxy: FaultServer, other: FaultServer, quick: Path, known: str, key: str
) -> None:
    quick.write_text(quick.read_text() + f'{key} = "{other.url}/{key}"\n')
    proxy.always = basic
    assert run("store", proxy.url).code == 0
    check_got_nothing(other)


def test_a_profile_for_another_address_moves_nothing(
    run: Callable[..., Done], proxy: FaultServer, other: FaultServer, quick: Path, known: str
) -> None:
    """Named or not, its address counts only where the one that is given lies under it."""
    quick.write_text(quick.read_text().replace(proxy.url, other.url))
    proxy.always = basic
    done = run(*filled(LOADS[0], proxy.url), "--profile", "quick")
    assert done.code == 0, done
    check_got_nothing(other)


@pytest.mark.parametrize("url", ["http://localhost:{port}", "http://127.0.0.2:{port}", "http://127.1:{port}"])
def test_another_name_is_another_origin(
    run: Callable[..., Done], proxy: FaultServer, quick: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LODKIT_USER", "ada")
    monkeypatch.setenv("LODKIT_PASSWORD", SECRET)
    elsewhere = url.format(port=proxy.server_address[1])
    quick.write_text(quick.read_text() + f'update = "{elsewhere}/update"\n')
    proxy.always = basic
    done = run(*filled(LOADS[0], proxy.url))
    assert (done.code, f"data would go to {elsewhere}" in done.err) == (2, True), done
    assert writes(proxy) == []


def test_the_same_origin_written_otherwise(
    run: Callable[..., Done], proxy: FaultServer, quick: Path, known: str
) -> None:
    quick.write_text(quick.read_text() + f'query = "{proxy.url.upper().replace("HTTP", "hTTp")}/query"\n')
    proxy.always = basic
    done = run("store", proxy.url + "/")
    assert (done.code, "warning" in done.err) == (0, False), done


# ---------------------------------------------------------------- in the working folder


@pytest.mark.parametrize("command", ALL)
def test_a_planted_configuration_takes_no_effect(
    run: Callable[..., Done],
    proxy: FaultServer,
    other: FaultServer,
    known: str,
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line says so, until it is named."""
    monkeypatch.delenv("LODKIT_CONFIG")
    folder = tmp_path / "cloned"
    folder.mkdir()
    monkeypatch.chdir(folder)
    keys = "".join(f'{key} = "{other.url}/{key}"\n' for key in ("query", "update", "data", "quads"))
    text = f'[stores.x]\nurl = "{proxy.url}"\nprofile = "oxigraph"\n{keys}'
    Path("lodkit.toml").write_text(text)
    proxy.always, other.always = basic, greedy("both")
    done = run(*filled(command, proxy.url))
    assert done.code in (0, 3), done  # 3: nothing to export
    assert done.err.startswith(
        "lodkit: warning: lodkit.toml in this folder is not used (--config lodkit.toml uses it)\n"
    )
    assert done.err.count("lodkit.toml in this folder") == 1
    check_got_nothing(other)
    named = run(*filled(command, proxy.url), "--config", "lodkit.toml")
    assert "is not used" not in named.err
    assert other.url in named.err
    check_got_nothing(other, questions=True)


def test_no_warning_where_there_is_nothing_to_warn_of(
    run: Callable[..., Done], proxy: FaultServer, quick: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "warning" not in run("store", proxy.url).err  # none in the working folder
    monkeypatch.chdir(quick.parent)
    assert "warning" not in run("store", proxy.url).err  # the one that is used
    assert "warning" not in run("store", proxy.url, "--config", "./lodkit.toml").err
    monkeypatch.delenv("LODKIT_CONFIG")
    assert "warning" not in run("query", "founders").err  # no address
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    (tmp_path / "xdg").mkdir()
    (tmp_path / "xdg" / "lodkit").symlink_to(quick.parent)
    assert "warning" not in run("store", proxy.url).err


def test_python_is_warned_too(proxy: FaultServer, quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LODKIT_CONFIG")
    monkeypatch.chdir(quick.parent)
    with pytest.warns(UserWarning, match=r"lodkit.toml in this folder is not used"):
        open_endpoint(proxy.url)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert open_endpoint(proxy.url, config=Path("lodkit.toml")).profile.name == "quick"


# ---------------------------------------------------------------- by a redirection


@pytest.mark.parametrize("code", [*map(slow, CODES[:2]), *CODES[2:4], slow(CODES[4])])
@pytest.mark.parametrize("command", ALL)
@pytest.mark.parametrize("scheme", ["basic", slow("digest")])
def test_nothing_follows_a_redirection_elsewhere(
    run: Callable[..., Done],
    proxy: FaultServer,
    other: FaultServer,
    code: int,
    command: str,
    scheme: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once it knows the password of the one, it is sent to the other, by a question or by data."""
    know("netrc", tmp_path, monkeypatch)
    accept = basic if scheme == "basic" else by_digest("MD5")
    other.always = greedy("both")
    for leads_away in (is_write, lambda handler: True):

        def fault(handler: FaultHandler, leads_away: Callable[[FaultHandler], bool] = leads_away) -> None:
            if "Authorization" in handler.headers and leads_away(handler):
                redirect(f"{other.url}{handler.path}", code)(handler)
            else:
                accept(handler)

        proxy.always = fault
        done = run(*filled(command, proxy.url), "-vv")
        check_got_nothing(other)
        assert SECRET not in done.out + done.err
        if leads_away is is_write and command in READS:
            continue
        wanted = "shows another page" if code == 303 else f"redirects to another host, {other.url} (if that"
        assert (done.code, wanted in done.err) == (4, True), done


def test_a_challenge_after_a_redirection_on_the_same_host_is_answered(
    run: Callable[..., Done], proxy: FaultServer, known: str
) -> None:
    def fault(handler: FaultHandler) -> None:
        if handler.path.startswith("/query"):
            redirect(f"{proxy.url}/moved{handler.path}")(handler)
        else:
            handler.path = handler.path.removeprefix("/moved")
            basic(handler)

    proxy.always = fault
    assert run("store", proxy.url).code == 0


def test_an_upgrade_is_answered_on_the_better_side_only() -> None:
    """http to https of the same host is followed with credentials; a challenge that came by https is not
    answered by http.
    """
    from urllib.request import Request

    authorization = Authorization(origin_of("http://a.example"), Credentials("ada", SECRET), ("basic",))
    plain, safe = Request("http://a.example/x"), Request("https://a.example/x")
    authorization.take_up(['Basic realm="x"'], safe.full_url)
    assert authorization.header(safe)
    assert authorization.header(plain) is None
    for url in (
        "https://a.example:8443/",
        "http://a.example:8080/",
        "https://b.example/",
        "http://b.a.example/",
    ):
        assert authorization.header(Request(url)) is None


# ---------------------------------------------------------------- in clear


@pytest.mark.parametrize(
    ("url", "scheme", "is_told"),
    [
        ("http://store.example", "basic", True),
        ("http://store.example:8080", "basic", True),
        ("http://store.example", "digest", False),
        ("http://127.0.0.1.example", "basic", True),
        ("https://store.example", "basic", False),
        ("http://localhost:1", "basic", False),
        ("http://[::1]", "basic", False),
    ],
)
def test_a_password_in_clear_is_told(url: str, scheme: str, is_told: bool) -> None:
    notes: list[str] = []
    offer = 'Digest realm="x", nonce="y"' if scheme == "digest" else 'Basic realm="x"'
    authorization = Authorization(
        origin_of(url), Credentials("ada", SECRET), ("basic", "digest"), notes.append
    )
    authorization.take_up([offer], url)
    note = f"the password goes to {url} in clear: anybody on the way can read it (use https)"
    assert notes == [note] * is_told


def test_it_is_told_once(
    run: Callable[..., Done], proxy: FaultServer, known: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Through a proxy of the environment, which gets the requests and nothing else."""
    if known == "netrc":
        (tmp_path / "netrc").write_text(f"machine store.example login ada password {SECRET}\n")
    monkeypatch.setenv("http_proxy", f"http://eve:{SECRET[::-1]}@127.0.0.1:{proxy.server_address[1]}")
    monkeypatch.delenv("no_proxy", raising=False)

    def fault(handler: FaultHandler) -> None:
        handler.path = handler.path.removeprefix("http://store.example")
        basic(handler)

    proxy.always = fault
    done = run(*filled(LOADS[0], "http://store.example"))
    assert done.code == 0, done
    assert done.err.count("lodkit: warning: ") == 1
    assert "the password goes to http://store.example in clear" in done.err
    assert not any("Proxy-Authorization" in headers for *_, headers, _ in proxy.requests)
    assert all(headers["Host"] == "store.example" for *_, headers, _ in proxy.requests)


def test_through_a_tunnel_no_password_meets_the_proxy(
    faulty: FaultServer, monkeypatch: pytest.MonkeyPatch, known: str
) -> None:
    """It is asked for a tunnel, without a password, also when it wants one."""
    heads: list[str] = []

    def connect(handler: FaultHandler) -> None:
        heads.append(f"{handler.requestline}\n{handler.headers}")
        greedy("basic")(handler)

    monkeypatch.setattr(FaultHandler, "do_CONNECT", connect, raising=False)
    monkeypatch.setenv("https_proxy", faulty.url)
    monkeypatch.delenv("no_proxy", raising=False)
    assert cli.main(["store", "https://store.example/", "--profile", "oxigraph"]) == 4
    assert len(heads) == 1
    assert heads[0].startswith("CONNECT store.example:443 ")
    assert "uthorization" not in heads[0]


# ---------------------------------------------------------------- nowhere shown

ODD = "hid&\"9f3c' <é> 100%/\\"
FORMS = [
    ODD,
    html.escape(ODD),
    html.escape(ODD, quote=False),
    quote(ODD),
    quote(ODD, safe=""),
    json.dumps(ODD),
    json.dumps(ODD, ensure_ascii=False),
    repr(ODD),
    ODD.upper(),
    base64.b64encode(f"ada:{ODD}".encode()).decode(),
]
TRACES = ["9f3c", "9F3C", base64.b64encode(f"ada:{ODD}".encode()).decode()[:12]]


def said(handler: FaultHandler, start: str) -> str:
    """All that a server knows of the password."""
    return f"{start} {' '.join(FORMS)} {handler.headers.get('Authorization')}"


def in_body(code: int, kind: str = "text/plain", start: str = "", coding: str = "utf-8") -> Fault:
    return lambda handler: handler.answer(
        code, {"Content-Type": kind}, said(handler, start).encode(coding, "replace")
    )


def in_head(line: str) -> Fault:
    def fault(handler: FaultHandler) -> None:
        head = line.replace("ECHO", said(handler, "")).replace("HOST", SECRET.upper())
        raw(head.encode("utf-8") + b"\r\nContent-Length: 2\r\n\r\n{}")(handler)

    return fault


ECHOES: dict[str, Fault] = {
    "400": in_body(400),
    "403": in_body(403),
    "500 page": in_body(500, "text/html", "<html><body><h1>"),
    "500 long": in_body(500, start="x " * 95),
    "500 longer": in_body(500, start="<!--" + "x" * 3900 + "-->"),
    "500 Latin-1": in_body(500, coding="latin-1"),
    "500 UTF-16": in_body(500, coding="utf-16"),
    "503": in_body(503),
    "401 again": in_body(401),
    "200 page": in_body(200, "text/html", "<title>x</title>"),
    "200 text": in_body(200),
    "200 type": in_head("HTTP/1.1 200 OK\r\nContent-Type: a/ECHO"),
    "200 JSON": in_body(200, JSON),
    "200 more JSON": in_body(
        200, JSON, '{"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "'
    ),
    "200 triples": in_body(200, "application/n-triples", "<x:a> <x:b> <"),
    "200 coding": in_head(f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Encoding: ECHO"),
    "reason": in_head("HTTP/1.1 500 ECHO"),
    "status line": in_head("ECHO"),
    "protocol": in_head("HTTP/ECHO 200 OK"),
    "status": in_head("HTTP/1.1 ECHO"),
    "header": in_head("HTTP/1.1 500 X\r\nECHO"),
    "server": in_head("HTTP/1.1 500 X\r\nServer: ECHO"),
    "location": in_head("HTTP/1.1 307 X\r\nLocation: http://HOST.example/ECHO"),
    "location host": in_head("HTTP/1.1 307 X\r\nLocation: http://9f3c:ECHO/"),
    "location user": in_head("HTTP/1.1 307 X\r\nLocation: http://ada:ECHO@127.0.0.1/"),
    "location path": in_head("HTTP/1.1 307 X\r\nLocation: /ECHO"),
    "retry": in_head("HTTP/1.1 503 X\r\nRetry-After: ECHO"),
    "length": in_head(f"HTTP/1.1 200 X\r\nContent-Type: {JSON}\r\nX: ECHO\r\nTransfer-Encoding: chunked"),
    "scheme": in_head("HTTP/1.1 401 X\r\nWWW-Authenticate: 9f3c ECHO"),
    "realm": in_head('HTTP/1.1 401 X\r\nWWW-Authenticate: Digest realm="ECHO'),
    "rows": in_head("HTTP/1.1 206 ECHO\r\nX-SPARQL-MaxRows: ECHO"),
}


def after_that(scheme: str, echo: Fault) -> Fault:
    """Ask for the password first, then answer with it."""

    def fault(handler: FaultHandler) -> None:
        if "Authorization" in handler.headers:
            echo(handler)
        else:
            greedy(scheme)(handler)

    return fault


@pytest.mark.parametrize("name", ECHOES)
@pytest.mark.parametrize(
    ("scheme", "source"),
    [("basic", "environment"), pytest.param("digest", "netrc", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("command", ["store {url}", slow("query founders --on {url}"), slow(LOADS[0])])
def test_what_a_server_echoes_is_not_shown(
    run: Callable[..., Done],
    faulty: FaultServer,
    name: str,
    scheme: str,
    source: str,
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not with tracebacks either. (A scheme or a host by the name of the password is the server's invention:
    it is not echoed, and looked for all the same.)
    """
    know(source, tmp_path, monkeypatch, "9f3c" if name in ("scheme", "location host") else ODD)
    if name == "location":
        know(source, tmp_path, monkeypatch, SECRET)
    faulty.always = after_that(scheme, ECHOES[name])
    done = run(*filled(command, faulty.url), "-vv")
    assert done.code == 4, done
    shown = done.out + done.err
    assert not any(trace in shown for trace in [*TRACES, SECRET, SECRET.upper()]), shown
    given = [headers["Authorization"] for *_, headers, _ in faulty.requests if "Authorization" in headers]
    assert given
    responses = [header.partition('response="')[2][:32] for header in given if scheme == "digest"]
    assert not any(response in shown for response in responses)


@pytest.mark.parametrize(
    "text", ["machine a login b passwort {}", "machine a login b password x {}", "{}", '"{}']
)
def test_a_broken_netrc_is_not_shown(
    run: Callable[..., Done], faulty: FaultServer, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text(text.format(SECRET) + "\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    done = run("store", faulty.url, "-vv")
    assert done.code in (2, 4)
    assert SECRET not in done.out + done.err


PROCESSES = [
    "load {file} --into {url}",
    "query founders --on {url}",
    "export {url} --to - --format nq",
    "store {url}",
    "store {url} --json",
    "build {article} --into {url}",
    "load {file} --into {url} --dry-run -v",
]


@pytest.mark.slow
@pytest.mark.parametrize("command", PROCESSES)
@pytest.mark.parametrize(
    ("echo", "scheme", "source"),
    [
        ("none", "basic", "environment"),
        ("none", "digest", "netrc"),
        ("500 page", "basic", "netrc"),
        ("status line", "digest", "environment"),
        ("200 JSON", "basic", "environment"),
        ("redirect", "basic", "netrc"),
    ],
)
def test_the_password_is_in_no_process(
    proxy: FaultServer,
    other: FaultServer,
    quick: Path,
    command: str,
    scheme: str,
    source: str,
    echo: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not in its output, not in what ps shows of it, and not in what another server gets."""
    know(source, tmp_path, monkeypatch)
    accept = basic if scheme == "basic" else by_digest("SHA-256")
    echoes = {"none": accept, "redirect": redirect(f"{other.url}/x")} | ECHOES
    other.always = greedy("both")
    shown: list[str] = []

    def fault(handler: FaultHandler) -> None:
        if not shown:
            shown.append(command_lines())
        if "Authorization" not in handler.headers:
            accept(handler)
            return
        handler.headers.add_header("X-Echo", SECRET)
        echoes[echo](handler)

    proxy.always = fault
    words = [*filled(command, proxy.url), "-vv"]
    process = subprocess.run(
        [sys.executable, "-m", "lodkit", *words], capture_output=True, timeout=120, env=dict(os.environ)
    )
    output = (process.stdout + process.stderr).decode()
    secrets = [SECRET, base64.b64encode(f"ada:{SECRET}".encode()).decode()]
    assert not any(secret in text for secret in secrets for text in (output, *shown))
    assert shown
    assert process.returncode in ((0, 3) if echo == "none" else (4,)), output
    check_got_nothing(other)


def test_a_transport_sends_no_data_elsewhere() -> None:
    """Whoever makes the request."""
    from urllib.request import Request

    from lodkit.errors import UsageError

    transport = Transport(Limits(1, 1, 0, 0), Authorization(origin_of("http://a.example"), None, ()))
    with pytest.raises(
        UsageError, match=r"data would go to http://b.example, and the address given is of http://a"
    ):
        transport.send(Request("http://b.example/x", b"data"))
