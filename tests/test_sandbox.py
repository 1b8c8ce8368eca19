"""The child process for what others made: what it may not do, and what becomes of what takes too much."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat

from lodkit import limits, rdf, sandbox
from lodkit.errors import InputError, LimitError, LodkitError, QueryError, StoreError
from lodkit.sandbox import Session, TaskError
from lodkit.worker.nesting import DEEPEST, JSON, LINES, NestingGuard

pytestmark = pytest.mark.slow

TURTLE, N_QUADS = RdfFormat.TURTLE.media_type, RdfFormat.N_QUADS.media_type


@pytest.fixture
def session() -> Iterator[Session]:
    opened = Session()
    yield opened
    opened.close()


@pytest.fixture
def bounds() -> Iterator[None]:
    yield
    limits.reset_limits()


# Each tries something in a process that was confined; what it prints is the name of the error.
FORBIDDEN = {
    "a socket": "import socket; socket.socket()",
    "a socket of another family": "import socket; socket.socket(socket.AF_UNIX)",
    "another program": "import os; os.execv('/bin/true', ['true'])",
    "a child that is another program": "import subprocess; subprocess.run(['/bin/true'])",
    "a file to write": "file = open('{folder}/written', 'wb', 0); file.write(b'x' * 10)",
    "much memory": "bytearray(2 << 30)",
}


@pytest.mark.skipif(sys.platform != "linux", reason="the filter of system calls is Linux's")
@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_confined_process_cannot_have(what: str, tmp_path: Path) -> None:
    code = FORBIDDEN[what].replace("{folder}", str(tmp_path))
    script = f"""
from lodkit.worker.confine import confine
confine(1 << 30)
try:
    {code}
except (OSError, MemoryError) as error:
    print(type(error).__name__, flush=True)
"""
    run = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert run.stdout.strip() in ("PermissionError", "OSError", "MemoryError")
    assert not (tmp_path / "written").exists() or not (tmp_path / "written").read_text()


def test_rows_come_as_the_terms_they_are(session: Session) -> None:
    values = "'c', 'd'@en-gb, 01, 1.0e0, true, '2020'^^<http://www.w3.org/2001/XMLSchema#gYear>, <x:é>, 'a\\nb\\t\"'"
    session.load([f"<x:a> <x:b> {values} .".encode()], TURTLE)
    store = pyoxigraph.Store()
    store.bulk_extend(pyoxigraph.parse(f"<x:a> <x:b> {values} .", RdfFormat.TURTLE))
    expected = {quad.object for quad in store}
    assert {row["o"] for row in session.solutions("SELECT ?o { ?s ?p ?o }")} == expected
    assert {triple.object for triple in session.triples("CONSTRUCT WHERE { ?s ?p ?o }")} == expected
    assert session.ask("ASK { <x:a> <x:b> 'c' }")
    assert not session.ask("ASK { <x:a> <x:b> 'C' }")


def test_a_variable_can_be_given_a_term(session: Session) -> None:
    session.load([b"<x:a> <x:b> 'c' . <x:d> <x:b> 'e' . _:n <x:b> 'f' ."], TURTLE)
    [row] = session.solutions("SELECT ?this ?o { ?this ?p ?o }", this="<x:d>")
    assert row["o"] == Literal("e")


def test_a_session_goes_on_after_an_error(session: Session) -> None:
    for text in ("SELECT * {", "SELECT * { SERVICE <x:y> {} }", "ASK {" + "{" * 300, "nonsense"):
        with pytest.raises((QueryError, LimitError)):
            session.solutions(text)
    with pytest.raises(TaskError, match="line 2") as caught:
        session.load([b"<x:a> <x:b> 'c' .\n<x:a> <x:b> ."], TURTLE)
    assert (caught.value.kind, caught.value.line) == ("syntax", 2)
    with pytest.raises(QueryError, match="no rows"):
        session.solutions("ASK {}")
    with pytest.raises(QueryError, match="yes-or-no"):
        session.ask("SELECT * {}")
    assert session.ask("ASK {}")


def test_what_the_source_raises_comes_through() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"<x:a> <x:b> 'c' .\n" * 10_000
        raise InputError("the disk is gone", file="f")

    with pytest.raises(InputError, match="the disk is gone"):
        list(sandbox.parse_rdf(pieces(), TURTLE))
    assert len(list(sandbox.parse_rdf([b"<x:a> <x:b> 'c' ."], TURTLE))) == 1


def crossing(session: Session) -> None:
    lines = "".join(f'<x:s{n}> <x:p> "some words that take their room {n}" .\n' for n in range(3000))
    session.load([lines.encode()], N_QUADS)


HUNGRY = {
    "time": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "rows": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "memory": "SELECT (GROUP_CONCAT(CONCAT(?c, ?f)) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
    "sorted": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
}


@pytest.mark.parametrize("what", HUNGRY)
def test_a_query_that_takes_too_much_ends(what: str, bounds: None) -> None:
    limits.set_limits(time=3, memory=700 << 20, answer=2 << 20)
    session = Session()
    crossing(session)
    with pytest.raises(LimitError, match=r"--limit-(time|memory|answer)") as caught:
        session.solutions(HUNGRY[what])
    assert caught.value.exit_code == 6
    assert what != "rows" or "--limit-answer" in str(caught.value)


def nested(count: int, opening: str, closing: str) -> bytes:
    return f"<x:s> <x:p> {opening * count}<x:o>{closing * count} .\n".encode()


TRIPLE_TERM = ("<<( <x:a> <x:b> ", " )>>")
RDF_XML = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">'
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 9))

HOSTILE = {
    "triples in triples": ("ttl", nested(20_000, *TRIPLE_TERM)),
    "triples in triples of N-Triples": ("nt", nested(20_000, *TRIPLE_TERM)),
    "triples in triples of N-Quads": ("nq", nested(20_000, *TRIPLE_TERM)),
    "triples in triples of TriG": ("trig", b"<x:g> { " + nested(20_000, *TRIPLE_TERM) + b"}"),
    "arrays in JSON-LD": ("jsonld", b'{"@id":"x:a","x:b":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
    "objects in JSON-LD": ("jsonld", b'{"x:b":' * 20_000 + b"1" + b"}" * 20_000),
    "a context in JSON-LD": ("jsonld", b'{"@context":' * 20_000 + b"{}" + b"}" * 20_000),
    "entities in RDF/XML": (
        "rdf",
        f'<!DOCTYPE r [<!ENTITY e0 "{"a" * 100}">{ENTITIES}]>'.encode()
        + RDF_XML
        + b'<x:A x:p="&e8;"/></rdf:RDF>',
    ),
    "a term without end": ("nt", b"<x:s> <x:p> <x:" + b"a" * (20 << 20)),
    "a literal without end": ("ttl", b"<x:s> <x:p> '" + b"a" * (20 << 20)),
    "cut off": ("trig", b"<x:g> { <x:s> <x:p> "),
    "another format": ("jsonld", b"<x:s> <x:p> <x:o> ."),
    "zeros": ("nq", bytes(1 << 20)),
    "zeros as Turtle": ("ttl", bytes(1 << 20)),
    "zeros as RDF/XML": ("rdf", bytes(1 << 20)),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_data_are_an_error_of_their_file(what: str, bounds: None) -> None:
    limits.set_limits(time=10, memory=1 << 30)
    form, data = HOSTILE[what]
    with pytest.raises((InputError, LimitError)) as caught:
        list(rdf.read(data, form, file=f"hostile.{form}"))
    assert str(caught.value).startswith(f"hostile.{form}:")


@pytest.mark.parametrize("form", ["ttl", "nt", "nq", "trig"])
def test_some_nesting_is_read(form: str) -> None:
    data = nested(100, *TRIPLE_TERM)
    assert len(list(rdf.read(b"<x:g> { " + data + b"}" if form == "trig" else data, form))) == 1
    text = b'<x:s> <x:p> "' + b"<<" * 1000 + b'" .\n'
    assert len(list(rdf.read(text * 3, "nq"))) == 3


def depth(text: bytes) -> int:
    """How deep marks stand in each other, seen one byte after the other."""
    deepest = level = at = 0
    in_string = False
    while at < len(text):
        mark = text[at : at + 2]
        if mark[:1] == b"\\":
            at += 2
            continue
        if mark[:1] == b"\n":
            level, in_string = 0, False
        elif mark[:1] == b'"':
            in_string = not in_string
        elif not in_string and mark in (b"<<", b">>"):
            level += 1 if mark == b"<<" else -1
            deepest, at = max(deepest, level), at + 1
        at += 1
    return deepest


class Pieces:
    """A file that gives what it is asked for in pieces of some sizes."""

    def __init__(self, text: bytes, sizes: list[int]) -> None:
        self.text, self.sizes, self.at = text, sizes, 0

    def read(self, size: int = -1) -> bytes:
        count = self.sizes[self.at % len(self.sizes)]
        piece, self.text = self.text[:count], self.text[count:]
        self.at += 1
        return piece


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from([b"<<" * 90, b">>" * 60, b"<", b'"', b"\\", b"\n", b"a"]), max_size=12),
    st.lists(st.integers(1, 150), min_size=1, max_size=5),
)
def test_nesting_is_seen_however_the_data_come(parts: list[bytes], sizes: list[int]) -> None:
    text = b"".join(parts)
    guard = NestingGuard(Pieces(text, sizes), LINES)
    found = b""
    try:
        while piece := guard.read(100):
            found += piece
    except LimitError:
        assert depth(text) > DEEPEST
    else:
        assert found == text
        assert depth(text) <= DEEPEST


def test_nesting_in_strings_of_json_is_none() -> None:
    text = b'{"a": "' + b"[{" * 500 + b'\\"' + b"[" * 500 + b'", "b": [' + b"{}," * 300 + b"{}]}"
    for size in (1, 7, 100_000):
        guard = NestingGuard(Pieces(text, [size]), JSON)
        while guard.read(size):
            pass


def test_blank_nodes_that_are_hard_to_name_end(bounds: None) -> None:
    limits.set_limits(time=2)
    nodes = [BlankNode(f"n{number}") for number in range(40)]
    predicate = NamedNode("x:p")
    with pytest.raises(TaskError, match="more than 2 s"):
        sandbox.canonical(Quad(one, predicate, other) for one in nodes for other in nodes if one != other)
    assert len(sandbox.canonical([Quad(nodes[0], predicate, nodes[1])])) == 1


def test_a_folder_that_is_no_store_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="failed"):
        Session(tmp_path)


def test_results_of_servers_are_read() -> None:
    text = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"a","xml:lang":"en"}},{}]}}'
    found = sandbox.parse_results([text[:10], text[10:]])
    assert not isinstance(found, bool)
    assert [row["x"] for row in found[1]] == [Literal("a", language="en"), None]
    assert sandbox.parse_results([b'{"head":{},"boolean":true}']) is True
    deep = b'{"type":"triple","value":{"subject":' * 5000
    for wrong in (
        b"",
        b"[]",
        b"<html>",
        text[:-5],
        b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":' + deep,
    ):
        with pytest.raises(TaskError):
            sandbox.parse_results([wrong])


def child_of(parent: int) -> int:
    """The process that runs the worker for another."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        for place in Path("/proc").glob("[0-9]*"):
            try:
                status = (place / "stat").read_text().rpartition(")")[2].split()
                line = (place / "cmdline").read_bytes()
            except OSError:
                continue
            if int(status[1]) == parent and b"lodkit.worker" in line:
                return int(place.name)
        time.sleep(0.02)
    raise AssertionError("no child")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGKILL])
def test_no_child_outlives_its_parent(ended_by: signal.Signals, tmp_path: Path) -> None:
    data = tmp_path / "many.nq"
    data.write_text("".join(f"<x:s{n}> <x:p> <x:o{n}> .\n" for n in range(3000)))
    query = tmp_path / "slow.rq"
    query.write_text(HUNGRY["time"])
    command = [sys.executable, "-m", "lodkit", "query", str(query), "--on", str(data)]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    child = child_of(run.pid)
    time.sleep(0.5)
    run.send_signal(ended_by)
    _, words = run.communicate(timeout=30)
    assert run.returncode == (130 if ended_by is signal.SIGINT else -signal.SIGKILL)
    assert ended_by is not signal.SIGINT or len(words.splitlines()) == 1
    end = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert not Path(f"/proc/{child}/exe").exists()


def test_the_child_does_not_look_into_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('planted')")
    (tmp_path / "pyoxigraph.py").write_text("raise SystemExit('planted')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    sandbox.release()
    assert len(list(sandbox.parse_rdf([b"<x:a> <x:b> 'c' ."], TURTLE))) == 1


def test_a_child_is_asked_again_and_a_dead_one_replaced() -> None:
    from lodkit.sandbox import tasks

    list(sandbox.parse_rdf([b"<x:a> <x:b> 'c' ."], TURTLE))
    [first] = tasks._idle
    list(sandbox.parse_rdf([b"<x:a> <x:b> 'c' ."], TURTLE))
    assert tasks._idle == [first]
    os.kill(first._process.pid, signal.SIGKILL)
    first._process.wait()
    assert len(list(sandbox.parse_rdf([b"<x:a> <x:b> 'c' ."], TURTLE))) == 1
    assert tasks._idle != [first]


def test_a_child_ends_with_the_thread_that_started_it_and_serves_no_other() -> None:
    sandbox.release()
    for _ in range(3):
        found: list[Quad] = []
        thread = threading.Thread(
            target=lambda into=found: into.extend(sandbox.parse_rdf([b"<x:a> <x:b> 'c' ."], TURTLE))
        )
        thread.start()
        thread.join()
        assert len(found) == 1
        assert len(list(sandbox.parse_rdf([b"<x:a> <x:b> 'c' ."], TURTLE))) == 1


def test_errors_know_their_exit_codes() -> None:
    assert {error.exit_code for error in (InputError, LimitError, QueryError)} == {3, 6, 2}
    assert issubclass(LimitError, LodkitError)
