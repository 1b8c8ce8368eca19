"""Several files and folders of them exported as one, in a stable order."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from lodkit import cli


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "a.ttl").write_text("@prefix x: <http://x/> . @prefix y: <http://y/> . _:n x:p 1 .")
    (tmp_path / "data" / "b.nt").write_text("_:n <http://x/p> <http://y/o> .\n")
    (tmp_path / "data" / "deep" / "c.trig").write_text("<http://g/> { <http://x/s> <http://x/p> 3 }")
    (tmp_path / "data" / "read.me").write_text("no RDF")
    return tmp_path / "data"


@pytest.mark.parametrize("names", [["."], ["a.ttl", "b.nt", "deep"], ["deep", "b.nt", "./a.ttl", "a.ttl"]])
def test_several_are_one(names: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", *(str(folder / name) for name in names), "--format", "nq"]) == 0
    out = capsys.readouterr().out
    quads = list(parse(out, RdfFormat.N_QUADS))
    assert len(quads) == 3
    assert len({str(quad.subject) for quad in quads}) == 3, "blank nodes of two files are two"
    assert cli.main(["export", str(folder), "--format", "nq"]) == 0
    assert capsys.readouterr().out == out


def test_prefixes_of_all_are_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", str(folder), "--format", "ttl"]) == 0
    found = capsys.readouterr()
    assert "@prefix x: <http://x/> ." in found.out
    assert "y:o" in found.out
    assert "1 file of other kinds passed over" in found.err


def test_a_store_goes_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", str(folder), "http://127.0.0.1:1/", "--format", "ttl"]) == 2
    assert "a store is exported alone" in capsys.readouterr().err
