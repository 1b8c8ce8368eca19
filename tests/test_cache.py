"""Domains that are kept in the user's cache folder: the same as read anew, and nothing that others wrote."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from lodkit.build import build_article
from lodkit.cache import KEPT, VARIABLE, cache_folder, keep, read_kept, use_cache
from lodkit.domain import Domain, read_domain
from lodkit.domain.rows import NoRowError, RowMapping, RowReader, RowSequence, RowWriter
from lodkit.errors import DomainError
from lodkit.extract.compiled import Compiled, phrase_book
from lodkit.extract.lexis import lexis_of

ROOT = Path(__file__).parent.parent
LIGHTS = Path(__file__).parent / "second_domain"
DOMAINS = {"bundled": None, "the checkout": ROOT, "lights": LIGHTS}
posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder that is not there yet."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


KNOWN: dict[int, tuple[object, str]] = {}
"""Hashes of values that many others hold; the values are kept, so that no other has their id."""


def plain(value: Any) -> Any:
    """A value with its parts as JSON has them, so that they can be compared whatever holds them."""
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, tuple | list | RowSequence):
        return [plain(member) for member in value]
    if isinstance(value, frozenset | set):
        return sorted(map(str, map(plain, value)))
    if is_dataclass(value):
        if id(value) not in KNOWN:
            parts = [type(value).__name__, *(plain(getattr(value, one.name)) for one in fields(value))]
            KNOWN[id(value)] = (value, hashlib.sha256(json.dumps(parts).encode()).hexdigest())
        return KNOWN[id(value)][1]
    return value if value is None or isinstance(value, str | int | float) else str(value)


def everything(domain: Domain) -> dict[str, Any]:
    """All that a domain says, and what is made of it."""
    said = {one.name: plain(getattr(domain, one.name)) for one in fields(domain) if one.name != "folder"}
    shapes, book, lexis = domain.shapes, phrase_book(domain), lexis_of(domain)
    graph = {"files": plain(domain.graph.files), "triples": plain(domain.graph.triples)}
    made = {
        "graph": graph | {"instances": plain(domain.graph.instances)},
        "shapes": plain(shapes.shapes),
        "components": plain(shapes.components),
        "advanced": plain(shapes.advanced),
        "targeted": plain(shapes.targeted),
        "predicates": plain(shapes.predicates),
        "holders": plain(shapes.holders),
        "ancestors": plain(domain.ancestors),
        "of classes": plain(domain.shapes_of_class),
        "nominal": plain(book.nominal),
        "clausal": plain(book.clausal),
        "book": plain([book.verbs, book.finite, book.minted]),
        "nouns": plain(lexis.nouns),
        "lexis": plain([lexis.heads, lexis.terms, lexis.person_classes, lexis.closed]),
    }
    return said | made


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name != "lights" else ()) for name in DOMAINS]
)
def test_what_is_kept_is_what_was_read(name: str, folder: Path) -> None:
    read = read_domain(DOMAINS[name])
    said = everything(read)
    kept = read_domain(DOMAINS[name])
    assert isinstance(kept.graph.triples, RowMapping)
    assert {path.suffix for path in folder.iterdir()} == {".domain", ".nouns", ".phrases"}
    again = everything(kept)
    for part in said:
        assert again[part] == said[part], part
    assert list(kept.graph.triples) == list(read.graph.triples)
    assert (kept.folder, kept.is_bundled, kept.version) == (read.folder, read.is_bundled, read.version)


@pytest.mark.slow
def test_terms_keep_their_kinds(folder: Path) -> None:
    read, kept = read_domain(), read_domain()
    for subject, said in read.graph.triples.items():
        assert dict(kept.graph.triples[subject]) == said


@pytest.mark.slow
def test_articles_say_the_same(folder: Path, bundled: list[Path]) -> None:
    read_domain()
    kept = read_domain()
    use_cache(False)
    try:
        read = read_domain()
    finally:
        use_cache(True)
    assert isinstance(kept.phrases, RowSequence)
    assert isinstance(read.phrases, tuple)
    for path in bundled:
        one, other = (list(map(str, build_article(path, domain).quads())) for domain in (read, kept))
        assert one == other


@pytest.mark.slow
def test_a_build_is_the_same_byte_for_byte(folder: Path, sample: Path, tmp_path: Path) -> None:
    outputs = []
    for number, options in enumerate(([], [], ["--no-cache"])):
        out = tmp_path / f"{number}.trig"
        words = [sys.executable, "-m", "lodkit", "build", str(sample), "-o", str(out), *options]
        run = subprocess.run(words, capture_output=True, text=True, check=True)
        outputs.append((out.read_bytes(), run.stderr))
    assert outputs[0] == outputs[1] == outputs[2]
    assert len(list(folder.iterdir())) == 3


@pytest.mark.slow
@pytest.mark.parametrize("words", [["--no-cache", "build"], ["build", "--no-cache"]])
def test_nothing_is_kept_where_the_user_says_so(
    words: list[str], folder: Path, sample: Path, tmp_path: Path
) -> None:
    run = [sys.executable, "-m", "lodkit", *words, str(sample), "-o", str(tmp_path / "x.trig")]
    subprocess.run(run, capture_output=True, check=True)
    assert not folder.exists()


def test_off_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "off")
    assert cache_folder() is None
    keep("x", b"1")
    assert read_kept("x") is None


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="XDG")
@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/lodkit"),
        ({"XDG_CACHE_HOME": "", "HOME": "/h"}, "/h/.cache/lodkit"),
        ({"XDG_CACHE_HOME": "c", "HOME": "/h"}, "/h/.cache/lodkit"),
        ({"XDG_CACHE_HOME": "", "HOME": "h"}, None),
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h", VARIABLE: "/v"}, "/v"),
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h", VARIABLE: "v"}, None),
    ],
)
def test_where_it_lies(
    variables: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cache_folder() == (None if expected is None else Path(expected))


def _changed(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "the half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "one byte less": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "more": lambda path: path.write_bytes(path.read_bytes() + b"\n0"),
    "a bit of the checksum": lambda path: _changed(path, 3),
    "a bit of the first row": lambda path: _changed(path, 70),
    "a bit of the last row": lambda path: _changed(path, -2),
    "noise": lambda path: path.write_bytes(os.urandom(5000)),
}


@pytest.mark.parametrize(
    "damage",
    [pytest.param(name, marks=() if name == "one byte less" else pytest.mark.slow) for name in DAMAGE],
)
def test_what_is_damaged_is_made_anew(damage: str, folder: Path) -> None:
    said = everything(read_domain(LIGHTS))
    kept = set(folder.iterdir())
    for path in kept:
        DAMAGE[damage](path)
        assert read_kept(path.name) is None
    assert everything(read_domain(LIGHTS))["phrases"] == said["phrases"]
    assert set(folder.iterdir()) == kept
    assert all(read_kept(path.name) for path in kept)


@posix
@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_folder_that_others_can_write_is_not_used(mode: int, folder: Path) -> None:
    keep("x", b"1")
    folder.chmod(mode)
    assert read_kept("x") is None
    keep("y", b"1")
    assert [path.name for path in folder.iterdir()] == ["x"]


@posix
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_is_not_used(mode: int, folder: Path) -> None:
    keep("x", b"1")
    (folder / "x").chmod(mode)
    assert read_kept("x") is None
    keep("x", b"2")
    assert read_kept("x") == b"2"
    assert (folder / "x").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


@posix
def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    keep("x", b"1")
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    assert read_kept("x") is None
    keep("y", b"1")
    assert not (elsewhere / "y").exists()
    folder.unlink()
    keep("z", b"1")
    (folder / "x").symlink_to(elsewhere / "x")
    assert read_kept("x") is None
    keep("x", b"2")
    assert read_kept("x") == b"2"
    assert not (folder / "x").is_symlink()
    os.mkfifo(folder / "fifo")
    assert read_kept("fifo") is None


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs another user")
def test_what_another_user_has_is_not_used(folder: Path) -> None:
    keep("x", b"1")
    os.chown(folder / "x", 12345, 12345)
    assert read_kept("x") is None
    keep("y", b"1")
    os.chown(folder, 12345, 12345)
    assert read_kept("y") is None


@pytest.mark.slow
@pytest.mark.parametrize("blocked", ["a file in its place", "no parent that can be made"])
def test_without_a_folder_all_is_as_before(
    blocked: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write_text("")
    if blocked != "a file in its place":
        monkeypatch.setenv(VARIABLE, str(folder / "below" / "cache"))
    assert read_domain(LIGHTS).phrases == read_domain(LIGHTS).phrases
    assert folder.read_text() == ""


def test_few_files_are_kept(folder: Path) -> None:
    for number in range(3 * KEPT):
        keep(f"{number}", b"1")
        os.utime(folder / f"{number}", ns=(number, number))
        read_kept("0")  # used again and again, so it stays
    names = {path.name for path in folder.iterdir()}
    assert len(names) <= KEPT + 1
    assert {"0", f"{3 * KEPT - 1}"} <= names


def test_several_at_once(folder: Path) -> None:
    bodies = [os.urandom(1) * 100_000 for _ in range(40)]
    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(partial(keep, "x"), bodies):
            assert read_kept("x") in (None, *bodies)
    assert read_kept("x") in bodies
    assert [path.name for path in folder.iterdir()] == ["x"]


@pytest.mark.slow
@pytest.mark.parametrize("part", ["ontology", "shapes"])
def test_other_files_are_another_domain(part: str, folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copytree(LIGHTS, copy)
    read_domain(copy)
    before = set(folder.iterdir())
    read_domain(copy)
    assert set(folder.iterdir()) == before
    path = min(copy.joinpath(part).glob("*.ttl"))
    path.write_text(path.read_text() + "\n# another line\n")
    assert not isinstance(read_domain(copy).phrases, RowSequence)
    assert len(set(folder.iterdir()) - before) == 1


def _lead_out(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


BREAKS: dict[str, Callable[[Path], object]] = {
    "no Turtle": lambda path: path.write_text("no Turtle"),
    "not UTF-8": lambda path: path.write_bytes(b"\xff"),
    "a link out": _lead_out,
    "gone": lambda path: path.rename(path.with_suffix(".gone")),
}


@pytest.mark.slow
@posix
@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_domain_is_refused_as_without_the_cache(broken: str, folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copytree(LIGHTS, copy)
    read_domain(copy)
    BREAKS[broken](min(copy.joinpath("shapes").glob("*.ttl")))
    told = []
    for used in (True, True, False):
        use_cache(used)
        try:
            with pytest.raises(DomainError) as caught:
                read_domain(copy)
            told.append(str(caught.value))
        finally:
            use_cache(True)
    assert len(set(told)) == 1


TERMS = [
    NamedNode("https://example.org/ä"),
    BlankNode("b1"),
    Literal("a\nb\t\u2028\\"),
    Literal("a", language="en-GB"),
    Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    Literal(""),
    Literal("𝄞\x7f\x00"),
]


def test_rows_of_values() -> None:
    value = {
        "terms": TERMS,
        "tuple": (1, None, True, "a\nb", (), ((),)),
        "set": frozenset({"b", "a"}),
        "sets": frozenset({("a", "b"), ("c",)}),
        "map": {"a": {"b": []}, "": {}},
        "many": {str(number): (number, "x") for number in range(50)},
        "long": tuple(str(number) for number in range(50)),
    }
    writer = RowWriter((), frozenset())
    writer.add(value)
    data = writer.data()
    read = RowReader(data, ()).last()
    assert {name: plain(member) for name, member in read.items()} == plain(value)
    assert [type(one) for one in read["terms"]] == [type(one) for one in TERMS]
    assert read["terms"] == TERMS
    assert read["long"] == value["long"]
    assert all(json.loads(line) is not ... for line in data.split(b"\n"))


@pytest.mark.parametrize("value", [object(), 1.5, b"a", (Compiled,), {1, 2}])
def test_no_row_of_anything_else(value: object) -> None:
    with pytest.raises(NoRowError):
        RowWriter((), frozenset()).add(value)
