"""Triples in no graph go where ``--graph`` says; what belongs to an article goes there all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stores.conftest import SMALL

from lodkit import cli

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
