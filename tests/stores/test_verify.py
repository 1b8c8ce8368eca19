"""``lodkit verify``: of files and of every kind of store, with and without the texts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.stores.places import Place

from lodkit import cli
from lodkit.load import Unit

pytestmark = pytest.mark.slow

NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
LK = "https://w3id.org/lodkit/core#"
ARTICLE = "https://w3id.org/lodkit/article/"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    return (cli.main(list(words)), *capsys.readouterr())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, bundled: list[Path]) -> Path:
    """An article with unusual text, built into files of each format and into stores of both layouts."""
    folder = tmp_path_factory.mktemp("made")
    text = "\ufeff= Sea Club =\r\n\r\nSea Club\r\n- Founder: Ada Lund\r\n- Founded: 1996\r\n\r\n"
    text += "Sea Club is a political party in Norland. 東京 😀 It was founded in 1996 by Ada Lund.\r"
    (folder / "Sea_Club.txt").write_bytes(text.encode())
    article = str(folder / "Sea_Club.txt")
    assert cli.main(["build", article, "-o", str(folder / "sea.nq"), "--into", str(folder / "graphs")]) in (
        0,
        1,
    )
    for form in ("trig", "ttl", "jsonld"):
        words = ["export", str(folder / "sea.nq"), "--to", str(folder / f"sea.{form}"), "--evidence"]
        assert cli.main(words) == 0
    merged = ["load", str(folder / "sea.nq"), "--into", str(folder / "merged"), "--layout", "merged"]
    assert cli.main(merged) == 0
    return folder


@pytest.mark.parametrize("place", ["sea.nq", "sea.trig", "sea.ttl", "sea.jsonld", "graphs", "merged"])
def test_what_is_whole(place: str, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = str(made / place)
    code, out, err = run(capsys, "verify", where, str(made / "Sea_Club.txt"))
    assert (code, out) == (0, "")
    assert re.fullmatch(rf"{re.escape(where)}: 1 unit, \d+ quotes: 0 problems\n", err)
    code, out, err = run(capsys, "verify", where)
    assert (code, out) == (0, "")
    name = f"{ARTICLE}Sea_Club"
    assert err.endswith(f"not verified: 1 unit against the text, which was not given: {name}\n")
    code, out, _ = run(capsys, "verify", where, "--json")
    assert (code, json.loads(out)["verified"], json.loads(out)["notVerified"]["text"]) == (0, True, [name])


def test_a_text_that_was_changed(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It has another SHA-256, so that nothing here was read from it, and the article stays unverified."""
    text = (made / "Sea_Club.txt").read_bytes()
    (tmp_path / "Sea_Club.txt").write_bytes(text.replace(b"1996", b"1997"))
    code, out, err = run(capsys, "verify", str(made / "sea.nq"), str(tmp_path / "Sea_Club.txt"))
    assert (code, "not verified: 1 unit against the text" in err) == (1, True)
    assert out == f"{tmp_path / 'Sea_Club.txt'}: no article here was read from this text\n"


@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        (NIF + "anchorOf", lambda text: text.swapcase() if text.swapcase() != text else text[::-1]),
        (LK + "line", lambda text: str(int(text) + 1)),
        (LK + "column", lambda text: str(int(text) + 1)),
    ],
    ids=["quote", "line", "column"],
)
def test_a_forgery_that_only_the_text_shows(
    predicate: str, value: object, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(value)
    changed, lines = 0, []
    for line in (made / "sea.nq").read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(rf'(\S+ <{re.escape(predicate)}> ")([^"]*)(".*)', line)
        changed += found is not None
        lines.append(f"{found[1]}{value(found[2])}{found[3]}" if found else line)
    assert changed
    file = tmp_path / "forged.nq"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run(capsys, "verify", str(file))[0] == 0
    code, out, _ = run(capsys, "verify", str(file), str(made / "Sea_Club.txt"))
    assert (code, out.count("\n")) == (1, changed)
    assert run(capsys, "load", str(file), "--into", str(tmp_path / "store"))[0] == 0
    assert run(capsys, "verify", str(tmp_path / "store"), str(made / "Sea_Club.txt"))[1] == out


@pytest.mark.parametrize("layout", ["graphs", "merged"])
def test_a_store_that_was_changed(
    layout: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another quad in the place of one: the number is right, and the digest is not."""
    store_folder = str(tmp_path / "store")
    assert run(capsys, "load", str(made / "sea.nq"), "--into", store_folder, "--layout", layout)[0] == 0
    store = pyoxigraph.Store(store_folder)
    one = next(iter(store.quads_for_pattern(None, NamedNode(LK + "file"), None, None)))
    store.remove(one)
    store.add(Quad(one.subject, one.predicate, Literal("Other.txt"), one.graph_name))
    store.flush()
    del store
    code, out, _ = run(capsys, "verify", store_folder)
    assert (code, out) == (
        1,
        f"{ARTICLE}Sea_Club: its quads have another digest than when they were loaded\n",
    )


def test_literals_in_another_form_have_no_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.nq").write_text(
        '<x:a> <x:b> "01"^^<http://www.w3.org/2001/XMLSchema#integer> <x:mine> .\n'
    )
    assert run(capsys, "load", str(tmp_path / "mine.nq"), "--into", str(tmp_path / "store"))[0] == 0
    code, out, err = run(capsys, "verify", str(tmp_path / "store"))
    assert (code, out) == (0, "")
    assert err.endswith("by the digest, because the store keeps some literals in another form: x:mine\n")


@pytest.mark.parametrize("layout", ["graphs", "merged"])
def test_each_kind_of_store(
    place: Place, layout: str, small: list[Unit], capsys: pytest.CaptureFixture[str]
) -> None:
    place.load(small, layout)
    if place.kind == "embedded":
        place.target.close()
    code, out, err = run(capsys, "verify", place.where)
    assert (code, out) == (0, ""), out
    assert "3 units, 71 quotes: 0 problems" in err
    if place.kind != "embedded":
        place.target.update(f"DELETE WHERE {{ GRAPH ?g {{ <{small[0].name}> <{LK}file> ?file }} }}")
        if place.kind == "oxigraph":  # which has a default graph
            place.target.update(f"DELETE WHERE {{ <{small[0].name}> <{LK}file> ?file }}")
        code, out, _ = run(capsys, "verify", place.where)
        assert (code, out.startswith(f"{small[0].name}: has ")) == (1, True)
        assert run(capsys, "store", place.where)[0] == 4
        code, _, err = run(capsys, "store", place.where, "--repair")
        assert (code, "its digest was taken away" in err) == (0, True)
        assert place.load(small) in (["finished", *["unchanged"] * 2], ["new", *["unchanged"] * 2])
        assert run(capsys, "verify", place.where)[0] == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["verify", "none.nq"], 3),
        (["verify", "none"], 2),
        (["verify", "empty"], 3),
        (["verify", "empty.nq"], 3),
        (["verify", "bad.nq"], 3),
        (["verify", "sea.nq", "none.txt"], 3),
        (["verify"], 2),
    ],
)
def test_what_cannot_be_verified(
    words: list[str],
    code: int,
    made: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(made)
    (made / "empty").mkdir(exist_ok=True)
    (made / "empty.nq").write_text("")
    (made / "bad.nq").write_text("<x:a> <x:b>\n")
    found = run(capsys, *words)
    assert (found[0], found[1]) == (code, ""), found
    assert re.fullmatch(r"lodkit: error: [^\n]+\n", found[2])
