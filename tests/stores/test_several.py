"""Folders and several files wherever one is taken: with the folders in them, in a stable order, and what is
passed over is said.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.stores.conftest import SMALL

from lodkit import cli

ARTICLE = "https://w3id.org/lodkit/article/"
V = "https://example.org/v#"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    return (cli.main(list(words)), *capsys.readouterr())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files with graphs, one of them in a folder in the folder, and what is no RDF."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "z.nq").write_text(f'<{V}a> <{V}name> "A" <{V}g> .\n')
    (tmp_path / "data" / "deep" / "b.trig").write_text(f'<{V}h> {{ <{V}b> <{V}name> "B" }}')
    (tmp_path / "data" / "read.me").write_text("no RDF")
    return tmp_path / "data"


def test_a_folder_is_loaded_with_the_folders_in_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(capsys, "load", "data", "--into", "store", "--no-ontology")
    assert (code, "data: 1 file of other kinds passed over" in said) == (0, True)
    assert "2 other graphs (2 new): 2 triples loaded" in said
    assert run(capsys, "load", "data", "data/z.nq", "--into", "store", "--no-ontology")[2].endswith(
        "2 other graphs (2 unchanged): nothing to load\n"
    )


def test_one_bad_file_of_a_folder_stops_no_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.nq").write_text("<x:a>\n")
    code, _, said = run(capsys, "load", "data", "none", "--into", "store", "--no-ontology")
    assert (code, "2 other graphs (2 new)" in said) == (5, True)
    assert said.count("lodkit: error: ") == 2
    (folder.parent / "empty").mkdir()
    code, _, said = run(capsys, "load", "empty", "--into", "store")
    assert (code, "empty: no RDF in this folder" in said) == (3, True)


@pytest.mark.parametrize("words", [["load", "data", "--into", "x"], ["query", "ASK {}", "--on", "data"]])
def test_a_store_in_a_folder_is_passed_over(
    words: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of its files has a name as if it were JSON-LD."""
    assert run(capsys, "load", "data", "--into", "data/store", "--no-ontology")[0] == 0
    code, _, said = run(capsys, *words)
    assert (code, "data/store: is a store, and passed over here" in said) == (0, True)
    assert "JSON-LD" not in said


def test_a_store_is_no_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "load", "data", "--into", "store", "--no-ontology")[0] == 0
    code, _, said = run(capsys, "load", "store", "--into", "other")
    assert (code, "store: is a store, and files are wanted here (lodkit export STORE" in said) == (2, True)
    assert not Path("other").exists()


def test_a_query_sees_the_folders_in_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"SELECT ?name {{ ?s <{V}name> ?name }} ORDER BY ?name"
    code, out, said = run(capsys, "query", text, "--on", "data", "--on", "./data/z.nq")
    assert (code, out.split(), "1 file of other kinds passed over" in said) == (0, ["name", "A", "B"], True)


@pytest.mark.slow
@pytest.mark.parametrize("graph", [f"{V}all", f"{V}g"])
def test_triples_of_several_files_go_to_one_graph(
    graph: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their blank nodes stay apart, and what a file has in that graph already is with them."""
    for name in ("one.nt", "two.nt"):
        (folder / name).write_text(f'_:n <{V}name> "C" .\n_:n <{V}of> "{name}" .\n')
    words = ["load", "data", "--into", "store", "--graph", graph, "--no-ontology"]
    assert run(capsys, *words)[0] == 0
    count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s <{V}name> ?o }} }}"
    found = run(capsys, "query", count, "--on", "store")[1].split()
    assert found == ["n", "3" if graph.endswith("#g") else "2"]
    assert "unchanged): nothing to load" in run(capsys, *words)[2]


def test_a_part_replaces_no_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the files for one graph one is bad: where the graph is new the others are loaded, else it stays."""
    (folder / "one.nt").write_text(f'<{V}x> <{V}name> "C" .\n')
    (folder / "two.nt").write_text(f'<{V}y> <{V}name> "D" .\n')
    words = ["load", "data", "--into", "store", "--graph", f"{V}all", "--no-ontology"]
    assert run(capsys, *words)[0] == 0
    (folder / "two.nt").write_text("<x:y>\n")
    code, _, said = run(capsys, *words)
    assert (code, "some of what is to replace it cannot be read" in said) == (5, True)
    count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{V}all> {{ ?s ?p ?o }} }}"
    assert run(capsys, "query", count, "--on", "store")[1].split() == ["n", "2"]
    other = ["other" if word == "store" else word for word in words]
    assert run(capsys, *other)[0] == 5
    assert run(capsys, "query", count, "--on", "other")[1].split() == ["n", "1"]


# ---------------------------------------------------------------- verify


@pytest.mark.slow
def test_several_are_verified(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forged = SMALL.read_text(encoding="utf-8").replace(
        "lk:line 4 ; lk:column 3", "lk:line 4 ; lk:column 0", 1
    )
    assert forged != SMALL.read_text(encoding="utf-8")
    (folder / "small.trig").write_text(forged, encoding="utf-8")
    assert run(capsys, "load", str(SMALL), "--into", "store")[0] == 0
    code, out, said = run(capsys, "verify", "data", "store", str(SMALL))
    assert (code, out.count("\n")) == (1, 1), out
    assert out.startswith(f"data/small.trig: {ARTICLE}")
    assert "5 data sets: 11 units, 213 quotes: 1 problem\n" in said
    code, out, _ = run(capsys, "verify", "data", "store", "--json")
    found = json.loads(out)
    assert (code, found["place"], found["problems"][0]["place"]) == (1, "4 data sets", "data/small.trig")
    assert run(capsys, "verify", "store", str(SMALL))[:2] == (0, "")


def test_one_that_cannot_be_verified_stops_no_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.nq").write_text("<x:a>\n")
    code, out, said = run(capsys, "verify", "data")
    assert (code, out, "2 data sets: 2 units" in said) == (5, "", True)
    assert said.splitlines()[-1].startswith("lodkit: error: data/bad.nq:")
    assert run(capsys, "verify", "data/bad.nq", "none.nq")[0] == 3


@pytest.mark.slow
def test_texts_in_a_folder(bundled: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    """The second folder has no RDF in it, so that it is one of texts."""
    data = bundled[0].parent.parent
    code, out, said = run(capsys, "verify", str(data / "graphs"), str(data / "articles"))
    assert (code, out, "not verified" in said) == (0, "", False)
    code, _, said = run(capsys, "verify", str(data / "articles"))
    assert (code, "no RDF in this folder" in said) == (3, True)
