"""Places that are no stores, and stores that hold what lodkit did not put there: one line, the right code."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad
from tests.sampled import rotated
from tests.stores.conftest import SMALL

from lodkit import cli
from lodkit.errors import StoreError
from lodkit.load import LOADS, Graphs, Merged
from lodkit.load.layout import iri
from lodkit.load.records import Record, parse_record
from lodkit.store import Store

pytestmark = pytest.mark.slow

ARTICLE = "https://w3id.org/lodkit/article/"
LK = "https://w3id.org/lodkit/core#"
DIGEST = NamedNode(LK + "digest")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    return (cli.main(list(words)), *capsys.readouterr())


def commands(place: str) -> list[list[str]]:
    return [
        ["store", place],
        ["query", "founders", "--on", place],
        ["export", place, "--to", "back.nq"],
        ["verify", place],
        ["load", "small.nq", "--into", place],
        ["store", place, "--repair"],
        ["build", "small.txt", "--into", place],
    ]


def nothing(folder: Path) -> None:
    pass


def make_file(folder: Path) -> None:
    (folder / "place").write_text("mine\n")


def make_folder(folder: Path) -> None:
    (folder / "place").mkdir()


def make_used(folder: Path) -> None:
    make_folder(folder)
    (folder / "place" / "mine.txt").write_text("mine\n")


def make_loop(folder: Path) -> None:
    (folder / "place").symlink_to("place")


def make_dangling(folder: Path) -> None:
    (folder / "place").symlink_to("nowhere/at/all")


def make_fifo(folder: Path) -> None:
    os.mkfifo(folder / "place")


def make_nonsense(folder: Path) -> None:
    make_folder(folder)
    (folder / "place" / "CURRENT").write_text("nonsense")


def make_left(folder: Path) -> None:
    make_folder(folder)
    (folder / "place" / "IDENTITY").write_text("x")


PLACES: dict[str, tuple[str, Callable[[Path], None], tuple[int, ...]]] = {
    "empty name": ("", nothing, (2,)),
    "host and port": ("localhost:7878", nothing, (2,)),
    "host, port and path": ("127.0.0.1:7878/query", nothing, (2,)),
    "IPv6 host and port": ("[::1]:7878", nothing, (2,)),
    "a file": ("place", make_file, (2, 3, 4)),
    "a file without a format": ("place.nq", nothing, (0, 3)),
    "a folder in a file": ("small.nq/store", nothing, (2, 3, 4)),
    "an empty folder": ("place", make_folder, (0, 2, 3)),
    "a folder with other files": ("place", make_used, (2, 3, 4)),
    "a loop": ("place", make_loop, (2, 3, 4)),
    "a link to nowhere": ("place", make_dangling, (0, 2, 3, 4)),
    "a pointer to nonsense": ("place", make_nonsense, (4,)),
    "what is left of a store": ("place", make_left, (4,)),
    "a long name": ("x" * 300, nothing, (2, 3, 4)),
    "a long path": ("/".join(["x" * 100] * 60), nothing, (2, 3, 4)),
    "another scheme": ("ftp://127.0.0.1/", nothing, (2,)),
    "a scheme alone": ("http://", nothing, (2,)),
}


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("name", PLACES)
def test_a_place_that_is_no_store(
    name: str,
    number: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place, make, codes = PLACES[name]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.nq").write_text("<x:a> <x:b> <x:c> <x:g> .\n")
    (tmp_path / "small.txt").write_text("= Sea Club =\n\nSea Club is a club.\n")
    make(tmp_path)
    words = commands(place)[number]
    code, out, err = run(capsys, *words)
    assert code in codes, (words, code, err)
    if code:
        assert len(re.findall(r"^lodkit: error: ", err, re.MULTILINE)) == 1, err
        assert "a defect in lodkit" not in err
        assert out == ""


@pytest.mark.parametrize("command", ["store", "load", "query"])
def test_a_folder_without_permission(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prefix = [] if os.geteuid() else ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    if prefix and shutil.which(prefix[0]) is None:
        pytest.skip("no setpriv here, and root may read everything")
    where = tmp_path / "store"
    (tmp_path / "small.nq").write_text("<x:a> <x:b> <x:c> <x:g> .\n")
    assert cli.main(["load", str(tmp_path / "small.nq"), "--into", str(where)]) == 0
    words = {
        "store": ["store", str(where)],
        "load": ["load", str(tmp_path / "small.nq"), "--into", str(where)],
        "query": ["query", "founders", "--on", str(where)],
    }[command]
    lodkit = [*prefix, sys.executable, "-m", "lodkit", *words]
    for mode in (0o000, 0o400, 0o500):
        where.chmod(mode)
        done = subprocess.run(lodkit, capture_output=True, text=True, check=False)
        where.chmod(0o700)
        assert done.returncode in ((0,) if mode == 0o500 and command != "load" else (2, 3, 4)), (mode, done)
        if done.returncode:
            assert re.fullmatch(r"lodkit: error: [^\n]+\n", done.stderr), (mode, done)


# ---------------------------------------------------------------- what lodkit did not write


def row(document: object, digest: object, graph: object) -> Quad:
    return Quad(document, DIGEST, digest, graph)  # type: ignore[arg-type]


IN_LOADS = NamedNode(LOADS)
LANTERN = NamedNode(f"{ARTICLE}Blue_Lantern")
ROWS: dict[str, list[Quad]] = {
    "a digest that is an IRI": [row(LANTERN, NamedNode("x:y"), IN_LOADS)],
    "a digest that is a number": [row(LANTERN, Literal(5), IN_LOADS)],
    "a digest with a language": [row(LANTERN, Literal("0" * 64, language="en"), IN_LOADS)],
    "a digest that is a blank node": [row(LANTERN, BlankNode("x"), IN_LOADS)],
    "an empty digest": [row(LANTERN, Literal(""), IN_LOADS)],
    "a digest of a blank node": [row(BlankNode("x"), Literal("0" * 64), IN_LOADS)],
    "a digest of nothing": [row(NamedNode("urn:x"), Literal("0" * 64 + " 5"), IN_LOADS)],
    "a digest with a huge number": [row(LANTERN, Literal("0" * 64 + " " + "9" * 40), IN_LOADS)],
    "a digest in another graph": [row(LANTERN, Literal("0" * 64), NamedNode("x:g"))],
    "a digest in no graph": [row(LANTERN, Literal("0" * 64), DefaultGraph())],
    "a digest in an evidence graph": [
        row(LANTERN, Literal("0" * 64), NamedNode(f"{LANTERN.value}#evidence"))
    ],
    "an article that is a blank node": [
        Quad(
            BlankNode("x"),
            NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            NamedNode(LK + "Article"),
            NamedNode("x:g"),
        )
    ],
    "a title that is an IRI": [
        Quad(LANTERN, NamedNode("http://purl.org/dc/terms/title"), NamedNode("x:t"), NamedNode("x:g"))
    ],
    "a number of the load that is none": [
        Quad(
            NamedNode("https://w3id.org/lodkit/store"),
            NamedNode(LK + "generation"),
            Literal("many"),
            IN_LOADS,
        )
    ],
    "names with signs": [
        row(NamedNode("urn:x'y%22;DROP"), Literal("0" * 64), IN_LOADS),
        row(NamedNode("http://x/東京?a=1&b=2#c"), Literal("0" * 64), IN_LOADS),
    ],
}


@pytest.mark.parametrize(("name", "is_loaded"), rotated(ROWS, (True, False)))
def test_rows_that_lodkit_did_not_write(
    name: str,
    is_loaded: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No command ends in a defect, and the next load puts right what is its own."""
    monkeypatch.chdir(tmp_path)
    if is_loaded:
        assert cli.main(["load", str(SMALL), "--into", "store"]) == 0
    store = pyoxigraph.Store("store")
    store.extend(ROWS[name])
    store.flush()
    del store
    for words in (["store", "store"], ["verify", "store"], ["export", "store", "--to", "back.nq"]):
        code, _, err = run(capsys, *words)
        assert code in (0, 1, 3, 4, 5), (words, err)
        assert "a defect" not in err
    code, _, err = run(capsys, "load", str(SMALL), "--into", "store")
    assert code in (0, 2, 4), err
    assert "a defect" not in err
    if is_loaded:
        assert code == 0, err
        code = run(capsys, "export", "store", "--to", "back.nq")[0]
        assert code in (0, 4, 5)
        if code == 4:  # a row says that there is what is not there: that is told until it is repaired
            assert run(capsys, "store", "store", "--repair")[0] == 0
            assert run(capsys, "load", str(SMALL), "--into", "store")[0] == 0
            assert run(capsys, "export", "store", "--to", "back.nq")[0] in (0, 5)
        right = sorted(str(quad) for quad in pyoxigraph.parse(SMALL.read_bytes(), pyoxigraph.RdfFormat.TRIG))
        found = sorted(str(quad) for quad in pyoxigraph.parse(path="back.nq"))
        assert [quad for quad in found if ARTICLE in quad and DIGEST.value not in quad] == [
            quad for quad in right if ARTICLE in quad
        ]


@pytest.mark.parametrize(
    "name", ["x> } DROP ALL #", 'http://x/"', "http://x/\\", "relative", "", "http://x/ y", "_:b"]
)
def test_no_name_ends_the_query_that_it_stands_in(name: str) -> None:
    for layout in (Graphs(), Merged(), Merged("x:merged")):
        with pytest.raises(StoreError, match="a name that is no IRI"):
            layout.state(name)
        for is_article in (True, False):
            with pytest.raises(StoreError, match="a name that is no IRI"):
                layout.removal(name, (), is_article=is_article, is_whole=is_article)
            with pytest.raises(StoreError, match="a name that is no IRI"):
                layout.pattern(name, name + "#facts" * is_article, is_article=is_article)
    with pytest.raises(StoreError):
        iri(name)


@pytest.mark.parametrize("name", ["http://x/東京?a=1#part", "x:g#facts", "x:y%23facts"])
def test_graphs_of_any_name(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, back = str(tmp_path / "store"), tmp_path / "back.nq"
    for value in ("one", "two"):
        (tmp_path / "mine.nq").write_text(f'_:x <x:b> "{value}" <{name}> .\n', encoding="utf-8")
        assert run(capsys, "load", str(tmp_path / "mine.nq"), "--into", store)[0] == 0
        assert run(capsys, "store", store)[0] == run(capsys, "verify", store)[0] == 0
        assert run(capsys, "export", store, "--to", str(back))[0] == 0
        assert re.fullmatch(
            rf'<\S*genid\S*> <x:b> "{value}" <{re.escape(name)}> \.\n', back.read_text("utf-8")
        )
        assert run(capsys, "load", str(back), "--into", store)[2] == (
            f"1 {'article' if name.endswith('#facts') else 'other graph'} (1 unchanged): nothing to load\n"
        )


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("a" * 64, Record("a" * 64)),
        ("a" * 64 + " 12", Record("a" * 64, 12)),
        ("a" * 64 + " 12 3", Record("a" * 64, 12, 3)),
        ("a" * 63, None),
        ("A" * 64, None),
        ("a" * 64 + " ", None),
        ("a" * 64 + " -1", None),
        ("a" * 64 + " 12 3 4", None),
        ("a" * 64 + "\n", None),
        ("a" * 64 + " ١٢", None),
    ],
)
def test_records(text: str, record: Record | None) -> None:
    assert parse_record(Literal(text)) == record
    if record is not None:
        assert str(record) == text


def test_a_server_that_repeats_its_rows(small: list[object]) -> None:
    """It would be asked for ever."""
    from lodkit.load import units_in

    class Repeating:
        def solutions(self, query: str, *, union: bool = True) -> list[dict[str, object]]:
            document = NamedNode("http://x/a")
            return [
                {"document": document, "digest": None, "title": None, "tool": None, "domain": None}
            ] * 1000

    with pytest.raises(StoreError, match="the same rows again"):
        units_in(Repeating(), Graphs())


def test_a_writer_holds_off_all_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "small.nq").write_text("<x:a> <x:b> <x:c> <x:g> .\n")
    store = Store(tmp_path / "store")
    for words in (
        ["load", str(tmp_path / "small.nq"), "--into", str(tmp_path / "store")],
        ["store", str(tmp_path / "store"), "--repair"],
        ["verify", str(tmp_path / "store")],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "lodkit", *words], capture_output=True, text=True, check=False
        )
        assert (done.returncode, "in use by another process" in done.stderr) == (4, True), done
    store.close()
    assert cli.main(["load", str(tmp_path / "small.nq"), "--into", str(tmp_path / "store")]) == 0
