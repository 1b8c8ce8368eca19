"""Answers of servers, cell by cell: what is no term of RDF stays in tables and is said; a part of an answer is
none.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.stores.faults import FaultServer, raw

from lodkit import cli

CASES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).with_name("odd-cells.toml")).read_text(encoding="utf-8")
)
GOOD = {"type": "literal", "value": "ok"}
QUERY = "SELECT ?s { ?s ?p ?o }"


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def ask(quick: Path, faulty: FaultServer, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Ask the server a query that answers with these cells, one a row."""

    def asked(
        *cells: dict[str, Any], words: tuple[str, ...] = (), head: bytes = b"HTTP/1.1 200 OK\r\n"
    ) -> Done:
        answer = {"head": {"vars": ["s"]}, "results": {"bindings": [{"s": cell} for cell in cells]}}
        body = json.dumps(answer).encode()
        length = str(len(body)).encode()
        kind = b"Content-Type: application/sparql-results+json\r\nContent-Length: " + length + b"\r\n\r\n"
        faulty.always = raw(head + kind + body)
        code = cli.main(["query", QUERY, "--on", faulty.url, *words])
        return Done(code, *capsys.readouterr())

    return asked


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_cell_stays_in_the_table(name: str, ask: Callable[..., Done]) -> None:
    case = CASES[name]
    done = ask(case["cell"], GOOD, words=("--format", "csv"))
    assert (done.code, done.out) == (0, f"s\r\n{case['csv']}\r\nok\r\n"), done
    if "said" in case:
        assert case["said"] in done.err
        assert done.err.count("\n") == 1
        assert "\x1b" not in done.err
    else:
        assert done.err == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_cell_comes_out_as_json_as_it_came(name: str, ask: Callable[..., Done]) -> None:
    cell = CASES[name]["cell"]
    done = ask(cell, words=("--format", "json"))
    [found] = [row["s"] for row in json.loads(done.out)["results"]["bindings"]]
    if "said" in CASES[name]:
        assert found == cell
    else:
        assert found["type"] in (cell["type"], "literal")


@pytest.mark.slow
def test_all_of_a_kind_are_counted_in_one_line(ask: Callable[..., Done]) -> None:
    bad = {"type": "uri", "value": "a b"}
    done = ask(bad, bad, {"type": "literal", "value": "x", "xml:lang": "en_GB"}, GOOD)
    assert done.out.splitlines() == ["s", "a b", "a b", "x", "ok"]
    assert [line.split(": ", 2)[2].partition(",")[0] for line in done.err.splitlines()] == [
        "2 cells hold an IRI that is none",
        "1 cell holds a language tag that is none",
    ]


@pytest.mark.slow
def test_blank_nodes_stay_apart(ask: Callable[..., Done]) -> None:
    cells = [{"type": "bnode", "value": f"nodeID://{name}"} for name in "aba"]
    assert ask(*cells).out.splitlines() == ["s", "_:b0", "_:b1", "_:b0"]


PARTS = {
    "Virtuoso's time is up": (
        b"HTTP/1.1 200 OK\r\nX-SQL-State: S1TAT\r\nX-SQL-Message: RC...: Returning incomplete results\r\n",
        "Returning incomplete results",
    ),
    "partial content": (b"HTTP/1.1 206 Partial Content\r\n", "answered in part"),
    "rows are capped": (b"HTTP/1.1 200 OK\r\nX-SPARQL-MaxRows: 1\r\n", "cut the answer off at 1 rows"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_an_answer_is_an_error(name: str, ask: Callable[..., Done]) -> None:
    head, said = PARTS[name]
    done = ask(GOOD, head=head)
    assert (done.code, done.out) == (4, ""), done
    assert said in done.err
    assert done.err.count("\n") == 1


BROKEN: list[Any] = [
    {"type": "uri"},
    {"type": "picture", "value": "x"},
    {"value": "x"},
    {"type": "bnode", "value": 1},
]


@pytest.mark.slow
@pytest.mark.parametrize("cell", BROKEN, ids=str)
def test_what_is_no_cell_breaks_the_answer(cell: Any, ask: Callable[..., Done]) -> None:
    done = ask(cell, GOOD)
    assert (done.code, done.out) == (4, ""), done
    assert "broken or cut off" in done.err


@pytest.mark.slow
def test_no_odd_cell_is_a_formula(ask: Callable[..., Done]) -> None:
    done = ask({"type": "uri", "value": "=1+2 3"}, words=("--format", "csv", "--safe-csv"))
    assert done.out.splitlines() == ["s", "'=1+2 3"]
