"""Queries of one's own: how they are given, what they see, what is known in them, and what is said of a slip."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pyoxigraph import parse

from lodkit import cli
from lodkit.rdf import FORMATS
from lodkit.sparql import bracket_fault, significant

DATA = (
    '<https://example.org/a> <https://schema.org/name> "A"@sv .\n'
    "<https://example.org/b> <https://schema.org/knows> <https://example.org/a> .\n"
)


@pytest.fixture
def data(tmp_path: Path) -> str:
    file = tmp_path / "data.nt"
    file.write_text(DATA)
    return str(file)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(["query", *words])
    return code, *capsys.readouterr()


COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.mark.parametrize("ending", [".rq", ".sparql", ".RQ"])
def test_a_file(ending: str, data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / f"q{ending}").write_text(COUNT)
    assert answer(capsys, str(tmp_path / f"q{ending}"), "--on", data) == (0, "n\r\n2\r\n", "")


@pytest.mark.parametrize("text", [COUNT, "PREFIX x: <http://x/> " + COUNT, "select(COUNT(*)AS ?n){?s ?p ?o}"])
def test_the_text_itself(text: str, data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, text, "--on", data) == (0, "n\r\n2\r\n", "")


def test_standard_input(
    data: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(COUNT.encode())))
    assert answer(capsys, "-", "--on", data) == (0, "n\r\n2\r\n", "")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(DATA.encode())))
    assert answer(capsys, COUNT, "--on", "-", "--from", "nt") == (0, "n\r\n2\r\n", "")
    code, _, error = answer(capsys, "-", "--on", "-", "--from", "nt")
    assert (code, error) == (2, "lodkit: error: standard input is given twice (it can be read once)\n")
    code, _, error = answer(capsys, COUNT, "--on", "-")
    assert (code, "--from" in error) == (2, True)


def test_the_ontology_is_asked_where_that_is_said(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, alone, _ = answer(capsys, COUNT, "--on", data)
    _, beside, _ = answer(capsys, COUNT, "--on", data, "--with-ontology")
    assert int(alone.split()[1]) == 2
    assert int(beside.split()[1]) > 1000


ORDER = {
    "SELECT * { ?subject ?predicate ?object }": "subject,predicate,object",
    "SELECT DISTINCT * { ?z ?a ?m }": "z,a,m",
    "SELECT ?o ?s { ?s ?p ?o }": "o,s",
    "SELECT * { { SELECT ?z ?b { ?z ?b ?a } } ?z ?b ?a }": "z,b,a",
    "SELECT (COUNT(*) AS ?n) ?p { ?s ?p ?o } GROUP BY ?p": "n,p",
}


@pytest.mark.slow
@pytest.mark.parametrize("text", ORDER)
def test_columns_are_in_the_order_of_the_text(
    text: str, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = answer(capsys, text, "--on", data)
    assert (code, out.split("\r\n")[0]) == (0, ORDER[text])


def test_prefixes_of_the_domain_are_known(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = "SELECT ?n { ?s schema:name ?n . FILTER NOT EXISTS { ?s mvt:foundedBy ?x } }"
    assert answer(capsys, text, "--on", data) == (0, "n\r\nA\r\n", "")


GRAPHS = [
    "CONSTRUCT { ?s schema:alternateName ?n } { ?s schema:name ?n }",
    "DESCRIBE <https://example.org/a>",
]


@pytest.mark.slow
@pytest.mark.parametrize("text", GRAPHS)
@pytest.mark.parametrize("form", [None, "ttl", "nt", "nq", "trig", "jsonld", "rdf"])
def test_graphs_are_written_as_rdf(
    text: str, form: str | None, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, error = answer(capsys, text, "--on", data, *(["-f", form] if form else []))
    [triple] = {quad.triple for quad in parse(out, FORMATS[form or "ttl"].parser)}
    assert (code, error, str(triple.subject)) == (0, "", "<https://example.org/a>")


def test_blank_nodes_of_an_answer_are_the_same_each_time(
    data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "CONSTRUCT { ?s schema:knows [ schema:name ?n ] } { ?s schema:name ?n }"
    first, second = (answer(capsys, text, "--on", data, "-f", "nt") for _ in range(2))
    assert first == second


SLIPS = {
    "SELECT * { ?s a foo:Person }": (1, 17, "prefix foo: is not declared (write PREFIX foo: <…> before the query)"),
    "SELECT *\n{ ?s a shema:Person }": (2, 8, "prefix shema: is not declared (perhaps schema)"),
    "SELECT * { FILTER(?s > 1 }": (1, 26, "')' expected before this '}'"),
    "SELECT * { ?s ?p ?o": (1, 10, "nothing closes this '{'"),
    "SELECT * { ?s ?p [ }": (1, 20, "']' expected before this '}'"),
    "SELECT * { ?s ?p ?o }}": (1, 22, "nothing opens this '}'"),
    "SELECT * { ?s schema:name }": (1, 27, "not SPARQL"),
    "SELECT * { ?s ?p 'open }": (1, 18, "a string is not closed"),
    "SELECT * { $s ?p ?o }": (1, 12, "$s: parameter is not declared in the header (write ?s for a variable"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_is_told_where_it_is(text: str, data: str, capsys: pytest.CaptureFixture[str]) -> None:
    line, column, words = SLIPS[text]
    code, out, error = answer(capsys, text, "--on", data)
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert f"error: {line}:{column}: " in error
    assert words in error


MISTAKES = {
    ("foundrs",): "foundrs: no such query (perhaps founders)",
    ("xyzzy",): "xyzzy: no such query (there are: ",
    ("about", "-p", "entitty=x"): "entitty: about has no such parameter (perhaps entity)",
    ("founders", "-p", "a=1", "-p", "a=2"): "the parameter a is given twice",
    ("founders", "-f", "ttl"): "the answer to SELECT is no graph",
    ("ASK {}", "-f", "nt"): "the answer to ASK is no graph",
    ("q.sparql",): "q.sparql: no such file",
}


@pytest.mark.parametrize("words", MISTAKES)
def test_mistakes(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, error = answer(capsys, *words)
    assert (code in (2, 3), out, error.count("\n")) == (True, "", 1)
    assert MISTAKES[words] in error


def test_brackets_in_texts_and_iris_are_none() -> None:
    assert bracket_fault(significant('SELECT * { ?s <x:(> \'}\', """)""" } # {')) is None


ABSENT = {
    "SELECT * { ?s <http://schema.org/name> ?n }": [
        "<http://schema.org/name> is nowhere in the data, but schema:name is"
    ],
    "SELECT * { ?s schema:nmae ?n }": ["schema:nmae is nowhere in the data, but schema:name is"],
    "SELECT * { <https://example.org/a/> ?p ?o }": [
        "<https://example.org/a/> is nowhere in the data, but <https://example.org/a> is"
    ],
    "SELECT * { ?s schema:zzzz ?n ; schema:name ?m }": ["schema:zzzz is nowhere in the data"],
    "SELECT * { GRAPH <https://example.org/g> { ?s ?p ?o } }": [
        "<https://example.org/g> is nowhere in the data"
    ],
    "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o ; a schema:Person }": [
        "rdf:type is nowhere in the data",
        "schema:Person is nowhere in the data",
    ],
    'SELECT * { ?s schema:name ?n FILTER(xsd:integer(?n) = "1"^^xsd:int) }': [],
    "PREFIX un: <https://example.org/unused> SELECT * { ?s schema:name 1 }": [],
}


@pytest.mark.slow
@pytest.mark.parametrize("text", ABSENT)
def test_where_nothing_is_found_what_the_data_lack_is_said(
    text: str, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, error = answer(capsys, text, "--on", data)
    assert code == 0
    assert error.splitlines()[1:] == [f"lodkit: {line}" for line in ABSENT[text]]


def test_prefixes_of_the_data_are_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(
        "@prefix own: <https://example.org/own#> . @prefix schema: <http://schema.org/> . own:a schema:b own:c ."
    )
    text = "SELECT ?s { ?s schema:b own:c }"
    assert answer(capsys, text, "--on", str(file)) == (0, "s\r\nhttps://example.org/own#a\r\n", "")


UNION = """
@prefix x: <http://x/> .
x:a { x:s x:p x:o, x:only . x:only x:p 1 } x:b { x:s x:p x:o . } x:s x:p x:o .
"""
COUNTS = {
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }": 3,
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }": 4,
    "SELECT (COUNT(*) AS ?n) { GRAPH <http://x/b> { ?s ?p ?o } }": 1,
    "SELECT (COUNT(?g) AS ?n) { GRAPH ?g {} }": 2,
    "SELECT (SUM(?v) AS ?n) { ?x <http://x/p> ?v FILTER isNumeric(?v) }": 1,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", COUNTS)
@pytest.mark.parametrize("place", ["file", "store"])
def test_the_union_of_graphs_is_a_set(
    text: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "two.trig"
    file.write_text(UNION)
    target = str(file)
    if place == "store":
        from lodkit.store import Store

        target = str(tmp_path / "store")
        store = Store(target)
        store.extend(parse(UNION, FORMATS["trig"].parser))
        store.flush()
        store.close()
    assert answer(capsys, text, "--on", target) == (0, f"n\r\n{COUNTS[text]}\r\n", "")


def test_a_large_store_is_not_copied_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyoxigraph

    from lodkit.worker import union

    store = pyoxigraph.Store()
    store.extend(parse(UNION, FORMATS["trig"].parser))
    assert union.united(store) != union.United(store, is_merged=False, is_set=False)
    monkeypatch.setattr(union, "MOST_MERGED", 3)
    assert union.united(store) == union.United(store, is_merged=False, is_set=False)


@pytest.mark.slow
def test_a_deadline_bounds_what_is_asked_of_files(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = " ".join(map(str, range(300)))
    product = " ".join(f"VALUES ?x{n} {{ {numbers} }}" for n in range(6))
    code, out, error = answer(
        capsys, f"SELECT (COUNT(*) AS ?n) {{ {product} }}", "--on", data, "--deadline", "1"
    )
    assert (code, out) == (6, "")
    assert "took more than 1 s" in error
    code, _, error = answer(capsys, COUNT, "--on", data, "--deadline", "0")
    assert (code, "--deadline is seconds above 0" in error) == (2, True)
