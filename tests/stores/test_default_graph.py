"""Triples in no graph go where ``--graph`` says, be it the store's default graph; what belongs to an article
goes there all the same.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from tests.stores.conftest import SMALL
from tests.stores.places import Place, empty_place

from lodkit import cli
from lodkit.domain import Domain
from lodkit.load import Unit, make_unit
from lodkit.store import Store

V = "https://example.org/v#"
LOOSE = f"<{V}catalogue> <{V}part> <{V}g> .\n"
NAMED = f'<{V}g> {{ <{V}a> <{V}name> "A" . }}\n'
XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:v="https://example.org/v#">'
    f'<rdf:Description rdf:about="{V}catalogue"><v:part rdf:resource="{V}g"/></rdf:Description></rdf:RDF>'
)


def loaded(
    folder: Path, capsys: pytest.CaptureFixture[str], file: str, *words: str
) -> tuple[int, list[str], str]:
    """The exit code of a load, what the store holds after it besides the ontology, and what was said."""
    code = cli.main(["load", str(folder / file), "--into", str(folder / "store"), *words])
    said = capsys.readouterr().err
    if code:
        return code, [], said
    assert cli.main(["export", str(folder / "store"), "-f", "nq"]) == 0
    return code, capsys.readouterr().out.splitlines(), said


@pytest.mark.slow
@pytest.mark.parametrize("graph", [f"{V}h", f"{V}g", "urn:x:y"])
def test_they_go_where_it_is_said(graph: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Into a graph of their own, or beside what the file has in it."""
    (tmp_path / "x.trig").write_text(LOOSE + NAMED)
    code, quads, _ = loaded(tmp_path, capsys, "x.trig", "--graph", graph)
    assert code == 0
    assert f"<{V}catalogue> <{V}part> <{V}g> <{graph}> ." in quads
    assert f'<{V}a> <{V}name> "A" <{V}g> .' in quads


@pytest.mark.slow
@pytest.mark.parametrize("form", ["ttl", "nt", "rdf"])
def test_formats_without_graphs(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / f"x.{form}").write_text(XML if form == "rdf" else LOOSE)
    code, quads, _ = loaded(tmp_path, capsys, f"x.{form}", "--graph", f"{V}h")
    assert (code, f"<{V}catalogue> <{V}part> <{V}g> <{V}h> ." in quads) == (0, True)


@pytest.mark.slow
def test_without_it_they_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.trig").write_text(LOOSE + NAMED)
    code, _, said = loaded(tmp_path, capsys, "x.trig")
    assert (code, "--graph IRI" in said.splitlines()[-1]) == (3, True)


@pytest.mark.slow
def test_articles_stay_articles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a merged file, facts and evidence go back to their articles; only what is left goes there."""
    merged = tmp_path / "small.ttl"
    assert cli.main(["export", str(SMALL), "--to", str(merged), "--evidence"]) == 0
    merged.write_text(merged.read_text() + "\n" + LOOSE)
    code, quads, _ = loaded(tmp_path, capsys, "small.ttl", "--graph", f"{V}h")
    assert code == 0
    assert sum(line.endswith(f"<{V}h> .") for line in quads) == 1
    assert sum(line.endswith("#facts> .") for line in quads) > 50


@pytest.mark.parametrize("iri", ["", "h", "a b", "#x"])
def test_a_graph_is_an_absolute_iri(iri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.nt").write_text(LOOSE)
    code, _, said = loaded(tmp_path, capsys, "x.nt", "--graph", iri)
    assert (code, said.count("\n")) == (2, 1)


# ---------------------------------------------------------------- the store's own default graph

DEFAULT = "https://w3id.org/lodkit/core#defaultGraph"
BESIDE = f"<{V}catalogue> <{V}part> <{V}g> <{V}named> .\n"
"""The same triple in a named graph, which a union would take for the one in the default graph."""


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    return (cli.main(list(words)), *capsys.readouterr())


def closed(place: Place) -> str:
    """The address of a place that commands may open."""
    if place.kind == "embedded":
        place.target.close()
    return place.where


def in_default_graph(place: Place) -> list[str]:
    """What a place holds there."""
    if place.kind == "embedded":
        store = Store(place.where, read_only=True)
        found = [str(quad) for quad in store if isinstance(quad.graph_name, DefaultGraph)]
        store.close()
        return sorted(found)
    rows = place.target.solutions("SELECT * { ?s ?p ?o }", union=False)
    return sorted(f"{row['s']} {row['p']} {row['o']}" for row in rows)


@pytest.fixture(params=["embedded", "oxigraph"])
def having(
    request: pytest.FixtureRequest, domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Place:
    """An empty store of each kind that has a default graph."""
    return empty_place(request.param, request, domain, tmp_path, monkeypatch)


@pytest.mark.slow
def test_what_is_loaded_there_comes_out_again(
    having: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Alone: what the same load puts into named graphs is not counted, not read and not replaced with it."""
    (tmp_path / "x.nq").write_text(LOOSE + f"<{V}a> <{V}b> _:c .\n" + BESIDE)
    where = closed(having)
    words = ["load", str(tmp_path / "x.nq"), "--into", where, "--graph", "default", "--no-ontology"]
    code, _, said = run(capsys, *words)
    assert (code, "2 other graphs (2 new): 3 triples loaded" in said) == (0, True)
    assert len(in_default_graph(having)) == 2
    code, out, _ = run(capsys, "store", where)
    assert (code, f"{DEFAULT},,2,,,,,loaded" in out) == (0, True)
    assert run(capsys, "verify", where)[:2] == (0, "")
    quads = run(capsys, "export", where, "-f", "nq")[1].splitlines()
    assert [line in quads for line in (LOOSE.strip(), BESIDE.strip())] == [True, True]
    assert len(quads) == 3
    assert "unchanged): nothing to load" in run(capsys, *words)[2]
    (tmp_path / "x.nq").write_text(BESIDE + f"<{V}a> <{V}b> <{V}d> .\n")
    assert "(1 replaced, 1 unchanged)" in run(capsys, *words)[2]
    assert in_default_graph(having) == [f"<{V}a> <{V}b> <{V}d>"]
    assert run(capsys, "verify", where)[:2] == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("bounds", [(2000, 10_000), (1, 2)], ids=["update", "transfer"])
def test_in_one_request_or_in_many(bounds: tuple[int, int], having: Place) -> None:
    """What is replaced step by step is replaced whole."""

    def unit(names: str) -> Unit:
        return make_unit(
            DEFAULT, [Quad(NamedNode(V + name), NamedNode(V + "p"), Literal(name)) for name in names]
        )

    kept = make_unit(V + "g", [Quad(NamedNode(V), NamedNode(V + "p"), Literal("x"), NamedNode(V + "g"))])
    assert having.load([kept, unit("abcde")], insert=bounds[0], chunk=bounds[1]) == ["new", "new"]
    assert having.load([kept, unit("xyz")], insert=bounds[0], chunk=bounds[1]) == ["unchanged", "replaced"]
    assert {line[line.rindex("<") :] for line in having.everything() if "#p> " in line} >= {f"<{V}g>"}
    closed(having)
    assert [line[-3:] for line in in_default_graph(having)] == ['"x"', '"y"', '"z"']


@pytest.mark.slow
def test_what_others_left_there_is_not_replaced_unasked(
    having: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    having.target.update(f'INSERT DATA {{ <{V}mine> <{V}p> "of somebody" }}')
    (tmp_path / "x.nt").write_text(LOOSE)
    where = closed(having)
    words = ["load", str(tmp_path / "x.nt"), "--into", where, "--graph", "default", "--no-ontology"]
    code, _, said = run(capsys, *words)
    assert (code, "holds triples that no finished load brought (--replace" in said) == (3, True)
    assert in_default_graph(having) == [f'<{V}mine> <{V}p> "of somebody"']
    assert run(capsys, *words, "--replace")[0] == 0
    assert in_default_graph(having) == [f"<{V}catalogue> <{V}part> <{V}g>"]


@pytest.mark.slow
def test_no_default_graph_is_one_line(
    virtuoso: str,
    domain: Domain,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Virtuoso's updates have none; and what is in one graph has none of its own."""
    place = empty_place("virtuoso", request, domain, tmp_path, monkeypatch)
    (tmp_path / "x.nt").write_text(LOOSE)
    words = ["load", str(tmp_path / "x.nt"), "--graph", "default", "--into"]
    code, _, said = run(capsys, *words, virtuoso)
    assert (code, said.count("\n")) == (2, 1)
    assert "no default graph that queries could tell from all others (name a graph with --graph IRI)" in said
    assert place.everything() == set()
    code, _, said = run(capsys, *words, str(tmp_path / "store"), "--layout", "merged")
    assert (code, said.count("\n"), "layout merged" in said) == (2, 1, True)


LK = "https://w3id.org/lodkit/core#"
ARTICLE = "https://w3id.org/lodkit/article/X"
FORBIDDEN = {
    "a field": f"<{V}s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{LK}Field> .",
    "an article's title": f'<{ARTICLE}> <http://purl.org/dc/terms/title> "X" .',
    "a statement": f"<{V}s> <{LK}modality> <{LK}asserted> .",
    "the text of an article": f"<{V}s> <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#sourceUrl> <{ARTICLE}> .",
    "a digest": f'<{V}s> <{LK}digest> "x" .',
    "a graph of that name": f'<{V}s> <{V}p> "x" <{DEFAULT}> .',
    "an article of that name": f'<{V}s> <{V}p> "x" <{DEFAULT}#facts> .',
}


@pytest.mark.parametrize("claim", FORBIDDEN)
def test_who_may_say_what_is_the_same_there(
    claim: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.nq").write_text(LOOSE + FORBIDDEN[claim] + "\n")
    words = ["load", str(tmp_path / "x.nq"), "--into", str(tmp_path / "store"), "--graph", "default"]
    code, _, said = run(capsys, *words)
    assert (code, said.count("\n"), "x.nq" in said) == (3, 1, True), said
    assert not (tmp_path / "store").exists()


# ---------------------------------------------------------------- without the ontology


def test_without_the_ontology(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing but the data is there, with its digest and the number of the load; what is reserved for the ontology stays so."""
    (tmp_path / "x.trig").write_text(NAMED)
    store = str(tmp_path / "store")
    assert run(capsys, "load", str(tmp_path / "x.trig"), "--into", store, "--no-ontology")[0] == 0
    assert run(capsys, "query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--on", store)[1].split() == [
        "n",
        "3",
    ]
    (tmp_path / "y.trig").write_text(f'<{LK[:-1]}> {{ <{V}a> <{V}name> "A" . }}\n')
    code, _, said = run(capsys, "load", str(tmp_path / "y.trig"), "--into", store, "--no-ontology")
    assert (code, "a graph that lodkit writes itself" in said) == (3, True)
