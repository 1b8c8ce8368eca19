"""That a server does not answer is said while it lasts, and only then."""

from __future__ import annotations

import threading
import time
import urllib.request
import warnings
from pathlib import Path

import pytest
from tests.stores.faults import FaultHandler, FaultServer, status

from lodkit import cli
from lodkit.endpoint import open_endpoint, tells_waits, transport
from lodkit.endpoint.credentials import Authorization
from lodkit.endpoint.origins import origin_of
from lodkit.endpoint.transport import ANY, Limits, Transport
from lodkit.errors import StoreError

pytestmark = pytest.mark.usefixtures("quick")

EMPTY = b'{"head": {"vars": []}, "results": {"bindings": []}}'
answer = status(200, EMPTY, Content_Type="application/sparql-results+json")


def slow(seconds: float) -> object:
    def fault(handler: FaultHandler) -> None:
        handler.server.over.wait(seconds)
        answer(handler)

    return fault


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits are told of after less than the three seconds of users."""
    monkeypatch.setattr(transport, "_TOLD_AFTER", 0.15)


@pytest.fixture
def told() -> list[str]:
    """What was said of waits, here and in other threads."""
    lines: list[str] = []
    tells_waits.set(lines.append)
    return lines


def asking(url: str, **limits: float) -> Transport:
    values = {"timeout": 5.0, "deadline": 5.0, "retries": 0, "pause": 0.0} | limits
    return Transport(Limits(**values), Authorization(origin_of(url), None, ()))  # type: ignore[arg-type]


@pytest.mark.usefixtures("soon")
def test_it_is_said_while_it_lasts(faulty: FaultServer, told: list[str]) -> None:
    faulty.always = slow(1.0)  # type: ignore[assignment]
    found: list[int] = []
    url = f"{faulty.url}/query?query=secret"

    def ask() -> None:
        tells_waits.set(told.append)
        found.append(asking(faulty.url).send(urllib.request.Request(url), statuses=ANY).status)

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.6)
    assert (told, found) == ([f"waiting for {faulty.url}/query …"], [])
    thread.join()
    assert (len(told), found) == (1, [200])


@pytest.mark.usefixtures("soon")
def test_what_is_quick_is_not_said(faulty: FaultServer, told: list[str]) -> None:
    faulty.always = answer
    sender = asking(faulty.url)
    for _ in range(10):
        sender.send(urllib.request.Request(faulty.url))
        time.sleep(0.05)
    time.sleep(0.3)
    assert told == []


@pytest.mark.slow
@pytest.mark.usefixtures("soon")
def test_many_slow_answers_are_a_few_lines(faulty: FaultServer, told: list[str]) -> None:
    """Each line wants a wait of twice as long."""
    faulty.always = slow(0.4)  # type: ignore[assignment]
    sender = asking(faulty.url)
    for _ in range(4):
        sender.send(urllib.request.Request(faulty.url))
    assert len(told) == 2


@pytest.mark.usefixtures("soon")
def test_pauses_between_tries_are_waits(faulty: FaultServer, told: list[str]) -> None:
    faulty.faults = {0: status(503)}
    faulty.always = answer
    asking(faulty.url, retries=1, pause=0.5).send(urllib.request.Request(faulty.url))
    assert len(told) == 1


@pytest.mark.usefixtures("soon")
def test_where_nobody_is_nobody_is_waited_for(told: list[str]) -> None:
    """The error tells; it is one line."""
    with pytest.raises(StoreError, match="refused"):
        asking("http://127.0.0.1:9", retries=1, pause=0.5).send(urllib.request.Request("http://127.0.0.1:9/"))
    assert told == []


@pytest.mark.usefixtures("soon")
def test_the_library_says_nothing(faulty: FaultServer, capsys: pytest.CaptureFixture[str]) -> None:
    tells_waits.set(None)
    faulty.always = slow(0.4)  # type: ignore[assignment]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(open_endpoint(faulty.url).solutions("SELECT * {}")) == []
    assert capsys.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["query", "export", "validate", "store", "verify", "load"])
def test_each_command_says_it(
    command: str,
    faulty: FaultServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport, "_TOLD_AFTER", 0.1)
    faulty.always = slow(0.3)  # type: ignore[assignment]
    (tmp_path / "x.nq").write_text("<x:a> <x:b> <x:c> <x:g> .\n")
    words = {
        "query": ["query", "SELECT * {}", "--on", faulty.url],
        "export": ["export", faulty.url, "-f", "nq"],
        "load": ["load", str(tmp_path / "x.nq"), "--into", faulty.url],
    }
    cli.main(words.get(command, [command, faulty.url]))
    said = capsys.readouterr().err
    assert f"lodkit: waiting for {faulty.url}/query …\n" in said
