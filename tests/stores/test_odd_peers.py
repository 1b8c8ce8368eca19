"""What a server, an address, a password or a configuration can be that nobody expects: one line and the right
exit code, and no more memory than was allowed.
"""

from __future__ import annotations

import gzip
import os
import random
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stores.conftest import serving
from tests.stores.faults import Fault, FaultHandler, FaultServer, endless, raw, redirect, status
from tests.stores.servers import OXIGRAPH, end, free_port, wait_for

from lodkit import cli
from lodkit.endpoint import open_endpoint
from lodkit.endpoint.answers import BoundedResponse
from lodkit.endpoint.challenges import Credentials, basic, digest, parse_challenges
from lodkit.endpoint.credentials import Authorization, find_credentials
from lodkit.endpoint.origins import Origin, origin_of, read_address, shown
from lodkit.endpoint.transport import _retry_after
from lodkit.errors import LodkitError, StoreError, UsageError
from lodkit.limits import reset_limits, set_limits

pytestmark = pytest.mark.slow

JSON = b"application/sparql-results+json"
EMPTY = b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}'
OK = b"HTTP/1.1 200 OK\r\nContent-Type: " + JSON + b"\r\n"
FRAME = OK + b"Transfer-Encoding: chunked\r\n\r\n"


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


def is_one_line(done: Done) -> bool:
    return done.out == "" and done.err.count("\n") == 1 and done.err.startswith("lodkit: error: ")


# ---------------------------------------------------------------- answers


def length(value: bytes, body: bytes = EMPTY) -> Fault:
    return raw(OK + b"Content-Length: " + value + b"\r\n\r\n" + body)


def challenge(*values: bytes) -> Fault:
    lines = b"".join(b"WWW-Authenticate: " + value + b"\r\n" for value in values)
    return raw(b"HTTP/1.1 401 No\r\n" + lines + b"Content-Length: 0\r\n\r\n")


def moved(location: bytes, code: bytes = b"307") -> Fault:
    return raw(b"HTTP/1.1 " + code + b" Gone\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n")


def busy(retry_after: bytes) -> Fault:
    start = b"HTTP/1.1 503 Busy\r\nRetry-After: " + retry_after
    return raw(start + b"\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n")


NOT_HTTP = "does not speak HTTP"
CUT = "the answer was cut off"
NO_RESULTS = "not with query results"
BROKEN = "broken or cut off"
NO_ADDRESS = "redirects to what is no address of a store (check the address)"
NOT_NOW = "the store is not available now (503)"
TOO_LONG = "the answer is longer than 64 KiB (ask for less, or raise the bound with --limit-answer)"
NO_END = "its headers do not end"
UNKNOWN = "offers digest authentication of a kind that is not known"
PADDING = b"a" * 1000

ANSWERS: dict[str, tuple[Fault, str]] = {
    # status lines
    "no status": (raw(b"HTTP/1.1\r\n\r\n"), NOT_HTTP),
    "a status of letters": (raw(b"HTTP/1.1 abc OK\r\n\r\n"), NOT_HTTP),
    "a negative status": (raw(b"HTTP/1.1 -20 OK\r\n\r\n"), NOT_HTTP),
    "a status of four digits": (raw(b"HTTP/1.1 2000 OK\r\n\r\n"), NOT_HTTP),
    "an odd digit": (raw(b"HTTP/1.1 20\xb2 OK\r\n\r\n"), NOT_HTTP),
    "another protocol": (raw(b"HTTP/3.0 200 OK\r\n\r\n"), NOT_HTTP),
    "not a word": (raw(bytes(range(256))), NOT_HTTP),
    "zeros": (raw(bytes(4000)), NOT_HTTP),
    "a status that is none": (raw(b"HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n"), "failed (999)"),
    "100 and no more": (raw(b"HTTP/1.1 100 Continue\r\n\r\n"), "the connection was lost"),
    "101": (raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + EMPTY), "failed (101)"),
    "103 and an answer": (raw(b"HTTP/1.1 103 Early\r\n\r\n", OK, b"\r\n", EMPTY), "failed (103)"),
    "204": (raw(b"HTTP/1.1 204 Nothing\r\n\r\n"), NO_RESULTS),
    "205": (raw(b"HTTP/1.1 205 Again\r\nContent-Length: 0\r\n\r\n"), NO_RESULTS),
    "206": (
        raw(OK.replace(b"200 OK", b"206 Partial") + b"Content-Range: bytes 0-9/99\r\n\r\n" + EMPTY),
        "the store answered in part, which was not asked for (206)",
    ),
    "206 in pieces": (raw(FRAME.replace(b"200 OK", b"206 Partial"), b"0\r\n\r\n"), "answered in part"),
    "300": (raw(b"HTTP/1.1 300 Choose\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"), "failed (300)"),
    "303": (moved(b"/x", b"303"), "shows another page instead of an answer (303)"),
    "304": (raw(b"HTTP/1.1 304 Same\r\n\r\n"), "failed (304)"),
    "407": (raw(b"HTTP/1.1 407 Proxy\r\nContent-Length: 0\r\n\r\n"), "behind a proxy that wants a password"),
    # headers
    "no colon": (raw(b"HTTP/1.1 200 OK\r\nContent-Type\r\n\r\n" + EMPTY), NO_RESULTS),
    "a type of odd bytes": (raw(b"HTTP/1.1 200 OK\r\nContent-Type: \xff\xfe\r\n\r\n" + EMPTY), NO_RESULTS),
    "a name of odd bytes": (raw(b"HTTP/1.1 200 OK\r\n\xe2\x82\xac: 1\r\n\r\n" + EMPTY), NO_RESULTS),
    "a server of odd bytes": (raw(OK + b"Server: \xe2\x82\xac\x00\x1b[2J\r\n\r\n{}"), BROKEN),
    "UTF-16": (raw(OK[:-2] + b"; charset=utf-16\r\n\r\n" + EMPTY.decode().encode("utf-16")), BROKEN),
    "no UTF-8": (raw(OK[:-2] + b"; charset=utf-8\r\n\r\n" + EMPTY.replace(b"s", b"\xff")), BROKEN),
    "a quote that does not end": (raw(OK[:-2] + b'; charset="\r\n\r\n{}'), BROKEN),
    "a charset by parts": (raw(OK[:-2] + b"; charset*=x''%ff; charset*0=a\r\n\r\n{}"), BROKEN),
    "a hundred and one headers": (raw(OK, b"X: y\r\n" * 101, b"\r\n"), NOT_HTTP),
    "a long header": (raw(OK, b"X: " + b"a" * 70_000 + b"\r\n\r\n"), NOT_HTTP),
    # lengths
    "a negative length": (length(b"-5", b""), BROKEN),
    "a length of letters": (length(b"many", b""), BROKEN),
    "a length beyond numbers": (length(b"9" * 5000, b""), BROKEN),
    "a length that is too large": (length(b"1000"), CUT),
    "a length beyond the bound": (length(b"1" + b"0" * 30), TOO_LONG),
    "a length that is too small": (length(b"10"), BROKEN),
    "a chunk of letters": (raw(FRAME, b"many\r\n"), CUT),
    "a chunk of less than nothing": (raw(FRAME, b"-5\r\nabc\r\n0\r\n\r\n"), NOT_HTTP),
    "a chunk to the end": (raw(FRAME, b"-1\r\n", EMPTY), CUT),
    "a chunk of everything": (raw(FRAME, b"f" * 40 + b"\r\n", EMPTY), CUT),
    "a chunk with a long name": (raw(FRAME, b"1;" + b"a" * 70_000 + b"\r\n"), NOT_HTTP),
    "a coding in pieces": (
        raw(OK, b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        BROKEN,
    ),
    "gzip": (
        raw(OK, b"Content-Encoding: gzip\r\n\r\n", gzip.compress(EMPTY)),
        "answered in the encoding 'gzip', which was not asked for",
    ),
    "a bomb": (
        raw(OK, b"Content-Encoding: GZip\r\n\r\n", gzip.compress(bytes(10**7))),
        "answered in the encoding 'gzip', which was not asked for",
    ),
    "an error page in gzip": (
        raw(b"HTTP/1.1 500 X\r\nContent-Encoding: br\r\n\r\n", gzip.compress(b"page")),
        "the store failed (500)\n",
    ),
    # without end
    "an endless answer": (endless(OK + b"\r\n", PADDING), TOO_LONG),
    "an endless answer in pieces": (endless(FRAME, b"3e8\r\n" + PADDING + b"\r\n"), TOO_LONG),
    "an endless answer in bytes": (endless(FRAME, b"1\r\na\r\n"), TOO_LONG),
    "an endless chunk": (endless(FRAME + b"ffffffffffff\r\n", PADDING), TOO_LONG),
    "an endless chunk of less than nothing": (endless(FRAME + b"-1\r\n", PADDING), TOO_LONG),
    "endless trailers": (endless(FRAME + b"0\r\n", b"X: y\r\n"), TOO_LONG),
    "an endless status line": (endless(b"HTTP/1.1 200 ", PADDING), NOT_HTTP),
    "an endless header": (endless(OK + b"X: ", PADDING), NOT_HTTP),
    "endless headers": (endless(OK, b"X: y\r\n"), NOT_HTTP),
    "endless promises": (endless(b"", b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n"), NO_END),
    "an endless error page": (
        endless(b"HTTP/1.1 500 X\r\nContent-Type: text/plain\r\n\r\n", b"no room "),
        "the store failed (500): no room no room",
    ),
    "an endless page in a redirection": (
        endless(b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:9/\r\n\r\n", PADDING),
        "redirects to another host, http://127.0.0.1:9",
    ),
    # when to try again
    "a pause without end": (busy(b"1" + b"0" * 30), "a pause of 1000000000 s would be over the deadline"),
    "a pause of many digits": (busy(b"9" * 5000), "a pause of 1000000000 s would be over the deadline"),
    "a pause of less than nothing": (busy(b"-5"), NOT_NOW),
    "a pause that is none": (busy(b"1e3"), NOT_NOW),
    "a pause until long ago": (busy(b"Mon, 01 Jan 1990 00:00:00 GMT"), NOT_NOW),
    "a pause until the end": (busy(b"Fri, 31 Dec 9999 23:59:59 GMT"), "s would be over the deadline"),
    "a pause until no day": (busy(b"Mon, 99 Foo 12345 99:99:99 +999999999999999999999"), NOT_NOW),
    "a pause beyond time zones": (busy(b"Mon, 01 Jan 2024 00:00:00 +99999999999999999999"), NOT_NOW),
    "a pause beyond years": (busy(b"Mon, 01 Jan 99999999999999 00:00:00 GMT"), NOT_NOW),
    "a pause in odd bytes": (busy(b"\xd9\xa1\xd9\xa2"), NOT_NOW),
    # where else
    "to brackets": (moved(b"http://["), NO_ADDRESS),
    "to a script": (moved(b"javascript:alert(1)"), NO_ADDRESS),
    "to a file": (moved(b"file:///etc/passwd"), NO_ADDRESS),
    "to ftp": (moved(b"ftp://127.0.0.1/x"), NO_ADDRESS),
    "to data": (moved(b"data:text/plain,x"), NO_ADDRESS),
    "to no host": (moved(b"http:///x"), "redirects in a circle"),
    "to a port of letters": (moved(b"http://127.0.0.1:x/"), NO_ADDRESS),
    "to a port beyond ports": (moved(b"http://127.0.0.1:99999/"), NO_ADDRESS),
    "to a user": (moved(b"http://ada:b@127.0.0.1:9/"), NO_ADDRESS),
    "to odd bytes": (moved(b"http://\xff\xfe/"), NO_ADDRESS),
    "to two dots": (moved(b"http://../x"), NO_ADDRESS),
    "to nowhere": (moved(b""), "redirects in a circle"),
    "to itself": (moved(b"#x"), "redirects in a circle"),
    "to another host's path": (moved(b"//127.0.0.1:9/x"), "redirects to another host, http://127.0.0.1:9"),
    "by backslashes": (moved(b"\\\\127.0.0.1:9\\x"), "redirects in a circle"),
    "into odd words": (moved(b"/\xc3\xa4 b\x01\x1b?\xff"), "redirects in a circle"),
    # who asks
    "a challenge that is none": (challenge(b""), "offers no authentication"),
    "no challenge": (challenge(), "offers no authentication"),
    "no realm": (challenge(b"Digest realm"), UNKNOWN),
    "an empty realm": (challenge(b"Digest realm="), UNKNOWN),
    "no nonce": (challenge(b'Digest realm="x"'), UNKNOWN),
    "a quote without its end": (challenge(b'Digest realm="x, nonce="y"'), "offers no authentication"),
    "a session": (challenge(b'Digest realm="x", nonce="y", algorithm=MD5-sess'), UNKNOWN),
    "another hash": (challenge(b'Digest realm="x", nonce="y", algorithm=SHA-512-256'), UNKNOWN),
    "only of the body": (challenge(b'Digest realm="x", nonce="y", qop="auth-int"'), UNKNOWN),
    "no way": (challenge(b'Digest realm="x", nonce="y", qop=""'), UNKNOWN),
    "another scheme": (challenge(b"Negotiate abc=="), "offers negotiate authentication (digest and basic is"),
    "odd bytes": (challenge(b"\xff\xfe \x00"), "offers no authentication"),
    "a header in two lines": (
        challenge(b'Digest realm="x\r\n y", nonce="z"'),
        "offers no authentication",
    ),
    "commas": (challenge(b"," * 5000), "offers no authentication"),
    "many": (challenge(b"Basic, " * 5000), "refused the user or the password (401)"),
    "refused after all": (challenge(b'Basic realm="x"'), "refused the user or the password (401)"),
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("command", ["store", slow("query founders --on")])
def test_an_odd_answer_is_one_line(
    run: Callable[..., Done], faulty: FaultServer, name: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LODKIT_USER", "ada")
    monkeypatch.setenv("LODKIT_PASSWORD", "x")
    faulty.always, message = ANSWERS[name]
    done = run(*command.split(), faulty.url, "--limit-answer", "64K", "--deadline", "50")
    assert done.code == StoreError.exit_code, done
    assert is_one_line(done), done
    assert message in done.err


@pytest.mark.slow
@pytest.mark.parametrize("name", ["an endless answer", "a bomb", "a chunk to the end", "103 and an answer"])
@pytest.mark.parametrize("command", ["store", "export --to - --format nq", "load small.nq --into"])
def test_all_commands_are_so(
    run: Callable[..., Done], faulty: FaultServer, name: str, command: str, tmp_path: Path
) -> None:
    (tmp_path / "small.nq").write_text("<x:a> <x:b> <x:c> <x:g> .\n")
    faulty.always, message = ANSWERS[name]
    words = command.replace("small.nq", str(tmp_path / "small.nq")).split()
    done = run(*words, faulty.url, "--limit-answer", "64K")
    assert (done.code, is_one_line(done), message in done.err) == (4, True, True), done


def test_what_is_asked_before_needs_no_bound(faulty: FaultServer) -> None:
    """To tell what a server is, a few bytes of its page are enough, however long it is."""
    faulty.always = endless(b"HTTP/1.1 200 OK\r\nServer: Virtuoso/7\r\n\r\n", PADDING)
    assert open_endpoint(faulty.url).profile.name == "virtuoso"


@pytest.fixture
def bound() -> Iterator[None]:
    set_limits(answer=1000)
    yield
    reset_limits()


@pytest.mark.usefixtures("bound")
@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize("size", [0, 1, 54, 999, 1000, 1001, 5000])
def test_the_bound_is_included(quick: Path, faulty: FaultServer, size: int, is_chunked: bool) -> None:
    body = EMPTY + b" " * (size - len(EMPTY)) if size >= len(EMPTY) else EMPTY
    whole = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n" if is_chunked else body
    head = FRAME if is_chunked else OK + f"Content-Length: {len(body)}\r\n\r\n".encode()
    faulty.always = raw(head, whole)
    endpoint = open_endpoint(faulty.url)
    if len(body) <= 1000:
        assert len(endpoint.solutions("SELECT * {}")) == 0
    else:
        with pytest.raises(
            StoreError, match=r"longer than 1000 bytes \(ask for less, or raise .* --limit-answer"
        ):
            endpoint.solutions("SELECT * {}")


def test_too_little_memory_is_one_line(
    run: Callable[..., Done], faulty: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise MemoryError

    faulty.always = status(200, EMPTY, Content_Type=JSON.decode())
    monkeypatch.setattr(BoundedResponse, "read_body", fail)
    done = run("query", "founders", "--on", faulty.url)
    assert (done.code, is_one_line(done)) == (4, True)
    assert "the answer does not fit into memory (ask for less)" in done.err


def test_an_answer_is_not_taken_for_the_next_one(quick: Path, faulty: FaultServer) -> None:
    """After what is no final answer, and after a page that was read in part, the connection is not used
    again.
    """

    def keep(handler: FaultHandler) -> None:
        early = b"HTTP/1.1 103 Early\r\n\r\n" if handler.path == "/early" else b"HTTP/1.1 500 X\r\n"
        page = b"" if handler.path == "/early" else b"Content-Length: 200000\r\n\r\n" + b"x" * 200_000
        handler.wfile.write(early + page + OK + f"Content-Length: {len(EMPTY)}\r\n\r\n".encode() + EMPTY)
        handler.close_connection = False

    faulty.always = keep
    endpoint = open_endpoint(faulty.url)
    for path in ("early", "page"):
        with pytest.raises(StoreError):
            endpoint._transport.send(endpoint.update_request("").__class__(f"{faulty.url}/{path}"))
        faulty.always = status(200, EMPTY, Content_Type=JSON.decode())
        assert len(endpoint.solutions("SELECT * {}")) == 0
        faulty.always = keep


PIECES = [
    b"HTTP/1.1 ",
    b"200",
    b"307",
    b"401",
    b"503",
    b" OK",
    b"\r\n",
    b"\n",
    b": ",
    b"Content-Length",
    b"Content-Type",
    b"Transfer-Encoding",
    b"chunked",
    b"Location",
    b"Retry-After",
    b"WWW-Authenticate",
    b"Digest ",
    b'realm="',
    b"nonce=",
    b"Basic",
    b"Content-Encoding",
    b"-1",
    b"0",
    b"99999999999999999999",
    b"http://",
    b"[",
    b"//",
    b"@",
    b"\x00",
    b"\xff",
    b'"',
    b",",
    b";",
    JSON,
    EMPTY,
]


@pytest.mark.slow
def test_no_answer_is_a_defect(quick: Path, faulty: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers made of what answers are made of."""
    monkeypatch.setenv("LODKIT_USER", "ada")
    monkeypatch.setenv("LODKIT_PASSWORD", "x")
    quick.write_text(quick.read_text() + "retries = 0\n")
    chance = random.Random(7)
    endpoint = open_endpoint(faulty.url)
    for number in range(1500):
        start = [b"HTTP/1.1 ", chance.choice([b"200", b"401", b"307"]), b" X\r\n"] if number % 3 else []
        answer = b"".join([*start, *chance.choices(PIECES, k=chance.randrange(1, 25))])
        faulty.always = raw(answer)
        try:
            with suppress(LodkitError):
                endpoint.solutions("SELECT * {}")
        except Exception as error:
            raise AssertionError(answer) from error


# ---------------------------------------------------------------- questions

HARD = "PREFIX a:<" * 10_000 + "http://marked.example/> SELECT * {}"


def test_a_long_query_is_sent_at_once(
    quick: Path, faulty: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SPARQLWrapper's expressions would take hours for it; they do not get to see it."""
    from SPARQLWrapper import SPARQLWrapper

    def refuse(_: object, query: str) -> str:
        assert "marked" not in query
        return query

    for name in ("_parseQueryType", "_cleanComments", "setQuery"):
        monkeypatch.setattr(SPARQLWrapper, name, refuse)
    faulty.always = status(200, EMPTY, Content_Type=JSON.decode())
    assert len(open_endpoint(faulty.url).solutions(HARD)) == 0
    [(method, path, headers, body)] = faulty.requests
    assert (method, path, headers["Accept"]) == (
        "POST",
        "/query?union-default-graph=",
        "application/sparql-results+json,application/json,text/javascript,application/javascript",
    )
    assert parse_qs(body.decode(), strict_parsing=True) == {"query": [HARD]}


# ---------------------------------------------------------------- addresses

NONE = "no address of a store"
BAD_ADDRESSES = {
    "http://[::1": "its host cannot be read",
    "http://[::1]:x": "a port is a number",
    "http://[::1]x/": "and a host",
    "http://x[::1]/": "and a host",
    "http://[::1%25lo]/": "and a host",
    "http://[::12345]/": "its host cannot be read",
    "http://[v1.a]/": "",
    "http://exa mple/": "there is a space, a backslash or a control character in it",
    "http://example/a b": "there is a space",
    "http://example\\.evil/": "there is a space, a backslash",
    "http://exam\tple/": "there is a space",
    "http://example/\n": "there is a space",
    "http://exam\x1b[2Jple/": "control character",
    "http://exam\x7fple/": "control character",
    "http://exam\u200bple.\u2028/": "there is a space",
    "http://host:99999/": "a port is a number",
    "http://host:0/": "a port is a number",
    "http://host:-1/": "and a port is a number",
    "http://host:80:90/": "and a port is a number",
    "http://host:\u0661/": "",
    "http://host:٨٠/": "",
    "http://..": "its host is none",
    "http://a..b/": "its host is none",
    "http://.a/": "its host is none",
    "http://" + "a" * 64 + ".example/": "its host is none",
    "http://" + "ä" * 64 + ".example/": "its host is none",
    "http://" + "a." * 200 + "example/": "its host is none",
    "http://exa%6dple/": "and a host",
    "http://exam<ple/": "its host is none",
    "http://ex'ample/": "its host is none",
    "http://ex，ample/": "its host is none",
    "http://a／b/": "its host cannot be read",
    "http:///sparql": "and a host",
    "http://": "and a host",
    "http://?x": "and a host",
    "://x": "it begins with http:// or https://",
    "ftp://host/": "it begins with http:// or https://",
    "file:///etc/passwd": "it begins with http:// or https://",
    "http+x://host/": "it begins with http:// or https://",
    "javascript://x": "it begins with http:// or https://",
}


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_a_bad_address_is_one_line(run: Callable[..., Done], url: str) -> None:
    done = run("store", url)
    assert (done.code, is_one_line(done)) == (UsageError.exit_code, True), done
    assert f"{NONE} (" in done.err
    assert BAD_ADDRESSES[url] in done.err


@pytest.mark.parametrize(
    "url",
    [
        "http://ada:hid9f3c@host/",
        "http://ada:hid9f3c@[::1/",
        "http://ada:hid/9f3c@host/",
        "http://ada:hid?9f3c@host/",
        "http://ada:hid#9f3c@host/",
        "http://ada:hid@9f3c@host/",
        "http://ada:hid 9f3c@host/",
        "http://ada:hid\\9f3c@host/",
        "http://ada:hid9f3c@a／b/",
        "ftp://ada:hid9f3c@host/",
        "http://hid9f3c@:80/",
        "http://host/sparql?key=hid9f3c&x=\x01",
    ],
)
@pytest.mark.parametrize(
    "command", ["query founders --on", "store", "load x.nq --into", "export --to - -f nq"]
)
def test_no_password_of_an_address_is_shown(
    run: Callable[..., Done], url: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.nq").write_text("")
    for more in ([], ["-vv"]):
        done = run(*command.split(), url, *more)
        assert done.code == 2, done
        assert not any(word in done.out + done.err for word in ("hid", "9f3c")), done
    done = run("query", "founders", "--on", url, "--on", "x.nq")
    assert (done.code, "9f3c" in done.err) == (2, False), done


@pytest.mark.parametrize(
    ("text", "form", "origin"),
    [
        ("HTTP://Example.ORG", "http://example.org", Origin("http", "example.org", 80)),
        ("http://example.org:80/x", "http://example.org/x", Origin("http", "example.org", 80)),
        ("https://example.org:443/", "https://example.org/", Origin("https", "example.org", 443)),
        ("https://example.org:80", "https://example.org:80", Origin("https", "example.org", 80)),
        ("http://example.org:/", "http://example.org/", Origin("http", "example.org", 80)),
        ("http://bücher.example/", "http://xn--bcher-kva.example/", None),
        ("http://XN--BCHER-KVA.example/", "http://xn--bcher-kva.example/", None),
        ("http://例え。テスト/", "http://xn--r8jz45g.xn--zckzah/", None),
        ("http://my_store/x", "http://my_store/x", Origin("http", "my_store", 80)),
        ("http://[0:0::1]:7878/", "http://[::1]:7878/", Origin("http", "::1", 7878)),
        ("http://[2001:DB8::A]/", "http://[2001:db8::a]/", Origin("http", "2001:db8::a", 80)),
        ("http://h/ä?ö=%20#x", "http://h/%C3%A4?%C3%B6=%20", None),
        ("http://h/a@b:c", "http://h/a@b:c", Origin("http", "h", 80)),
    ],
)
def test_an_address_has_one_form(text: str, form: str, origin: Origin | None) -> None:
    assert read_address(text) == form
    assert read_address(form) == form
    assert origin in (None, origin_of(form))
    assert form.startswith(str(origin_of(form)))


@pytest.mark.parametrize(
    ("url", "other", "is_admitted"),
    [
        ("http://a", "http://a:80/x", True),
        ("http://a", "https://a", True),
        ("http://a", "https://a:8443", False),
        ("http://a:8080", "https://a", False),
        ("http://a:8080", "https://a:8080", False),
        ("https://a", "http://a", False),
        ("https://a", "https://a:444", False),
        ("http://a", "http://b", False),
        ("http://a", "http://a.", False),
        ("http://a", "http://a.b", False),
        ("http://b.a", "http://a", False),
        ("http://127.0.0.1:1", "http://localhost:1", False),
        ("http://[::1]:1", "http://127.0.0.1:1", False),
    ],
)
def test_what_an_origin_admits(url: str, other: str, is_admitted: bool) -> None:
    assert origin_of(read_address(url)).admits(origin_of(read_address(other))) is is_admitted


@pytest.mark.parametrize(
    ("url", "is_loopback"),
    [
        ("http://localhost", True),
        ("http://localhost.:7", True),
        ("http://127.0.0.1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]", True),
        ("http://[::ffff:127.0.0.1]", True),
        ("http://127.0.0.1.example", False),
        ("http://localhost.example", False),
        ("http://notlocalhost", False),
        ("http://[::2]", False),
        ("http://10.0.0.1", False),
        ("http://0.0.0.0", False),
    ],
)
def test_what_stays_on_this_machine(url: str, is_loopback: bool) -> None:
    assert origin_of(read_address(url)).is_loopback is is_loopback


@given(st.text("htps:/[]@#?\\%.-_aÄ例1٣ \t\x00\ud800&<\u3002／", max_size=30))
def test_any_text_is_an_address_or_is_none(text: str) -> None:
    """And if it is one, the library that sends the request reads the same host and port in it."""
    from urllib.request import Request

    for url in (text, f"http://{text}"):
        try:
            form = read_address(url)
        except ValueError:
            assert "@" not in shown(url)
            continue
        origin = origin_of(form)
        assert form.isascii()
        assert read_address(form) == form
        assert origin == origin_of(str(origin))
        assert f"{Request(form).type}://{Request(form).host}" == str(origin)


def has_six() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.skipif(not has_six(), reason="no IPv6 here")
@pytest.mark.parametrize("host", ["[::1]", "[0:0:0:0:0:0:0:1]"])
def test_a_server_at_an_address_of_version_six(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    command = [str(OXIGRAPH), "serve", "--location", str(tmp_path / "data"), "--bind", f"[::1]:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://[::1]:{port}/", process)
        file = tmp_path / "small.nq"
        file.write_text("<x:a> <x:b> <x:c> <x:g> .\n")
        assert cli.main(["load", str(file), "--into", f"http://{host}:{port}"]) == 0, capsys.readouterr()
        assert cli.main(["store", f"http://{host}:{port}"]) == 0
        assert "x:g" in capsys.readouterr().out
    finally:
        end(process)


@pytest.mark.skipif(not has_six(), reason="no IPv6 here")
def test_version_six_needs_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    class Six(FaultServer):
        address_family = socket.AF_INET6

        def server_bind(self) -> None:
            self.server_address = ("::1", 0)
            super().server_bind()

    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    for server in serving(Six()):
        server.always = status(404, Server="Oxigraph")
        url = f"http://[::1]:{server.server_address[1]}"
        assert open_endpoint(url).profile.name == "oxigraph"
        assert server.requests[0][2]["Host"] == url.removeprefix("http://")


@pytest.mark.parametrize(
    "proxy", ["http://[", "socks5://127.0.0.1:9", "127.0.0.1:99999", "http://ada:hid9f3c@[", "http://x y"]
)
def test_a_bad_proxy_is_one_line(
    run: Callable[..., Done], proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    done = run("store", "http://store.example/", "--profile", "sparql", "-vv")
    assert done.code == 2
    assert "the environment names a proxy that is none (http_proxy)" in done.err
    assert "9f3c" not in done.err


# ---------------------------------------------------------------- users and passwords


@pytest.mark.parametrize(
    ("user", "password", "message"),
    [
        (
            "ada",
            "a\r\nX: y",
            "a control character in the user or the password of LODKIT_USER or LODKIT_PASSW",
        ),
        ("ada\nX: y", "a", "a control character in the user or the password"),
        ("ada", "a\x00b"[:1] + "\x7f", "a control character"),
        ("ada", "\x1b[2J", "a control character"),
        ("", "hid9f3c", "only one of LODKIT_USER and LODKIT_PASSWORD is set"),
        ("a:b", "hid9f3c", "a user with ':' in the name cannot be told by basic authentication"),
    ],
)
def test_a_user_that_cannot_be_told(
    run: Callable[..., Done],
    faulty: FaultServer,
    user: str,
    password: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    faulty.always = status(401, WWW_Authenticate='Basic realm="x"')
    monkeypatch.setenv("LODKIT_USER", user)
    monkeypatch.setenv("LODKIT_PASSWORD", password)
    done = run("store", faulty.url)
    assert (done.code, is_one_line(done)) == (2, True), done
    assert message in done.err
    assert "9f3c" not in done.err
    assert not any("Authorization" in headers for *_, headers, _ in faulty.requests)


@pytest.mark.parametrize("user", ["ada", "ада", "Å", "a\udcff"])
@pytest.mark.parametrize("password", ["", "пароль", "naïve", "a:b", '"\\', "\udce9\udcff", " "])
@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_any_other_user_can(
    run: Callable[..., Done],
    faulty: FaultServer,
    user: str,
    password: str,
    scheme: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Basic in UTF-8 (RFC 7617 §2.1), Digest by ``username*`` where that is needed (RFC 7616 §3.4); bytes of
    the environment that are no UTF-8 stay as they are.
    """
    header = 'Basic realm="x"' if scheme == "Basic" else 'Digest realm="r\xe9", nonce="n", qop="auth"'
    monkeypatch.setitem(os.environ, "LODKIT_USER", user)
    monkeypatch.setitem(os.environ, "LODKIT_PASSWORD", password)

    def fault(handler: FaultHandler) -> None:
        if "Authorization" in handler.headers:
            handler.answer(200, {"Content-Type": JSON.decode()}, EMPTY)
        else:
            handler.answer(401, {"WWW-Authenticate": header})

    faulty.always = fault
    done = run("store", faulty.url)
    assert done.code == 0, done
    given = faulty.requests[-1][2]["Authorization"]
    if scheme == "Basic":
        assert given == basic(Credentials(user, password))
    else:
        assert given.startswith(f'Digest username="{user}"' if user.isascii() else "Digest username*=UTF-8''")


def test_credentials_show_no_password() -> None:
    known = Credentials("ada", "hid9f3c")
    assert "9f3c" not in f"{known} {known!r} {vars(type(known))}"
    authorization = Authorization(origin_of("http://a"), known, ("basic",))
    assert "9f3c" not in f"{authorization} {authorization!r}"


def test_bytes_of_a_challenge_are_hashed_as_they_came() -> None:
    """A realm in UTF-8 is read as Latin-1, as all headers are."""
    known = Credentials("ä", "ö")
    came = {"realm": "é".encode().decode("latin-1"), "nonce": "n"}
    import hashlib

    def hashed(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    secret, target = hashed("ä:é:ö"), hashed("GET:/")
    assert f'response="{hashed(f"{secret}:n:{target}")}"' in digest(known, came, "GET", "/", 1, "c")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('Basic realm="a", Digest realm="b", nonce=c', [("basic", {"realm": "a"}), ("digest", {"realm": "b", "nonce": "c"})]),
        ("Basic", [("basic", {})]),
        ("Basic, Negotiate", [("basic", {}), ("negotiate", {})]),
        ("Negotiate a+/b==, Basic realm=x", [("negotiate", {}), ("basic", {"realm": "x"})]),
        ('Digest  realm = "a\\"b,c" ,,nonce="d"', [("digest", {"realm": 'a"b,c', "nonce": "d"})]),
        ('Digest REALM="a", domain="http://evil.example/ /x"', [("digest", {"realm": "a", "domain": "http://evil.example/ /x"})]),
        ('Basic realm="a", Digest realm="b', [("basic", {"realm": "a"})]),
        ('Digest realm="a" nonce="b"', []),
        ("=", []),
        ("", []),
        (" , ,", []),
    ],
)  # fmt: skip
def test_challenges(value: str, found: list[tuple[str, dict[str, str]]]) -> None:
    assert [(one.scheme, one.parameters) for one in parse_challenges(value)] == found


@given(st.text('Digest realm="x,\\ \tнonce\r\n\x00', max_size=60))
def test_any_challenge_is_read_or_left(value: str) -> None:
    for found in parse_challenges(value):
        assert found.scheme.isascii()
        assert isinstance(found.is_known, bool)


@given(
    st.one_of(
        st.text(max_size=40), st.from_regex(r"\A\w{3}, \d{1,3} \w{3} \d{1,6} \d\d:\d\d:\d\d [+-]?\d*\Z")
    )
)
def test_any_pause_is_read_or_left(value: str) -> None:
    from email.message import Message

    headers = Message()
    headers["Retry-After"] = (
        value.encode("latin-1", "replace").decode("latin-1").replace("\n", "").replace("\r", "")
    )
    pause = _retry_after(headers)
    assert pause is None or 0 <= pause <= 10**9


def test_a_home_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: type[Path]) -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", classmethod(fail))
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert find_credentials(origin_of("http://a"), {}) is None


# ---------------------------------------------------------------- configurations


def write(text: str | bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(text if isinstance(text, bytes) else text.encode())


def grow(path: Path) -> None:
    path.touch()
    os.truncate(path, 10**9)


CONFIGURATIONS: dict[str, tuple[Callable[[Path], object], str]] = {
    "not UTF-8": (write(b"[stores.x]\nurl = '\xff'"), "not TOML: 'utf-8' codec can't decode"),
    "UTF-16": (write("[stores.x]".encode("utf-16")), "not TOML"),
    "zeros": (write(bytes(1000)), "not TOML"),
    "a folder": (Path.mkdir, "is no file"),
    "a FIFO": (os.mkfifo, "is no file"),
    "a link to nothing": (lambda path: path.symlink_to("nothing"), "cannot be read: No such file"),
    "a link to itself": (lambda path: path.symlink_to(path), "cannot be read: "),
    "endless": (lambda path: path.symlink_to("/dev/zero"), "is no file"),
    "large": (write(b"#\n" * 2**15 + b"#"), "is larger than 64 KiB (a configuration is a few lines)"),
    "very large": (grow, "is larger than 64 KiB"),
    "a long line": (write("\n#" + "a" * 2000), ":2: a line of more than 2000 characters"),
    "deep": (write("a = " + "[\n" * 10_000 + "]\n" * 10_000), "is nested too deep"),
    "deep tables in lists": (write("a = " + "[{a = [\n" * 3000 + "]}]\n" * 3000), "is nested too deep"),
    "a deep value": (write("[stores.x]\ntimeout" + ".a" * 900 + " = 1"), "timeout is "),
    "a deep scheme": (write("[stores.x]\nauth = [{a" + ".a" * 900 + " = 1}]"), "auth is "),
    "a deep profile": (write("[stores.x]\nprofile" + ".a" * 900 + " = 1"), "no profile "),
    "many digits": (write("[stores.x]\nchunk = " + "9" * 1900), "a number of many digits, not a"),
    "many hexadecimal digits": (write("[stores.x]\nchunk = 0x" + "f" * 1900), "a number of many digits, not a"),
    "a large number": (write("[stores.x]\nchunk = 1" + "0" * 30), "not a number above 0, up to 1000000000"),
    "a negative number": (write("[stores.x]\ninsert = -1"), "insert is -1, not a number above 0"),
    "no number": (write("[stores.x]\ntimeout = nan"), "timeout is nan, not a number above 0"),
    "infinity": (write("[stores.x]\ndeadline = inf"), "deadline is inf, not a number above 0, up to 1000000"),
    "minus infinity": (write("[stores.x]\npause = -inf"), "pause is -inf, not a number from 0"),
    "a long pause": (write("[stores.x]\npause = 1e300"), "pause is 1e+300, not a number from 0, up to 1000000"),
    "many tries": (write("[stores.x]\nretries = 101"), "retries is 101, not a number from 0, up to 100"),
    "a date": (write("[stores.x]\ntimeout = 1979-05-27"), "timeout is datetime.date(1979, 5, 27), not a number"),
    "a list of profiles": (write("[stores.x]\nprofile = ['fuseki']"), "no profile ['fuseki']"),
    "a table of schemes": (write("[stores.x]\nauth = {a = 1}"), "auth is ({'a': 1},), not digest or basic"),
    "a list in schemes": (write("[stores.x]\nauth = [['basic']]"), "auth is (['basic'],), not digest or basic"),
    "a list of layouts": (write("[stores.x]\nlayout = ['graphs']"), "layout is ['graphs'], not graphs or merged"),
    "no scheme": (write("[stores.x]\nurl = 'host/sparql'"), "url is 'host/sparql', not an address: it begins with"),
    "a file": (write("[stores.x]\nurl = 'file:///etc/passwd'"), "not an address: it begins with http://"),
    "brackets": (write("[stores.x]\nurl = 'http://['"), "not an address: its host cannot be read"),
    "a path elsewhere": (write("[stores.x]\nquery = 'ftp://host/x'"), "query is 'ftp://host/x', not an address"),
    "a path with brackets": (write("[stores.x]\ndata = 'http://['"), "data is 'http://[', not an address"),
    "a password": (write("[stores.x]\nurl = 'http://ada:hid9f3c@host/'"), "url is not an address: there is a user"),
    "a password in a path": (write("[stores.x]\nquads = 'http://a:hid9f3c@h/'"), "quads is not an address: there"),
    "a space": (write("[stores.x]\nquery = 'a b'"), "not a text without spaces, #, \\ and control characters"),
    "a line break": (write('[stores.x]\nunion = "a\\r\\nX: y"'), "not a text without spaces"),
    "a fragment": (write("[stores.x]\nupdate = 'a#b'"), "not a text without spaces"),
    "no IRI": (write("[stores.x]\nmerged = 'a b'"), "merged is 'a b', not an IRI"),
    "an IRI that ends a query": (write("[stores.x]\nmerged = 'x:a> { } #'"), "not an IRI"),
    "a long text": (write("[stores.x]\nlayout = '" + "a" * 1900 + "'"), "layout is 'aaa"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONFIGURATIONS)
@pytest.mark.parametrize("by", ["--config", "LODKIT_CONFIG", "XDG_CONFIG_HOME"])
def test_an_odd_configuration_is_one_line(
    name: str, by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lodkit" / "lodkit.toml"
    path.parent.mkdir()
    make, message = CONFIGURATIONS[name]
    make(path)
    words = ["store", "http://127.0.0.1:9"]
    if by == "--config":
        words += [by, str(path)]
    else:
        monkeypatch.setenv(by, str(path if by == "LODKIT_CONFIG" else tmp_path))
    code = cli.main(words)
    done = Done(code, *capsys.readouterr())
    assert (done.code, is_one_line(done)) == (3, True), done
    assert message in done.err
    assert len(done.err) < 1200
    assert "9f3c" not in done.err


@pytest.mark.slow
def test_any_table_is_a_profile_or_one_line(tmp_path: Path) -> None:
    from lodkit.endpoint import read_profiles

    keys = [
        "url",
        "profile",
        "query",
        "update",
        "data",
        "quads",
        "auth",
        "union",
        "merged",
        "layout",
        "chunk",
    ]
    keys += ["insert", "rows", "timeout", "deadline", "retries", "pause", "name", "kind", "x"]
    values = [
        "1",
        "-1",
        "0",
        "nan",
        "1e400",
        "true",
        "''",
        "'x'",
        "'http://h'",
        "'http://['",
        "[]",
        "[1]",
        "{}",
    ]
    values += [
        "'basic'",
        "['digest', 'x']",
        "1979-05-27",
        '"\\u0000"',
        '"\\n"',
        "0xffffffffffffffffffff",
        "'://'",
    ]
    path = tmp_path / "lodkit.toml"
    for key in keys:
        for value in values:
            path.write_text(f"[stores.x]\n{key} = {value}\n")
            with suppress(LodkitError):
                read_profiles(path)


def test_a_redirection_to_a_word_of_the_same_host(quick: Path, faulty: FaultServer) -> None:
    """Odd bytes of a path are sent back as they came."""
    faulty.faults = {0: redirect("/\xc3\xa4"), 1: status(200, EMPTY, Content_Type=JSON.decode())}
    assert len(open_endpoint(faulty.url).solutions("SELECT * {}")) == 0
    assert faulty.requests[1][1] == "/%C3%A4"
