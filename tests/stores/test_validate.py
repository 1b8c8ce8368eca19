"""``lodkit validate`` of every kind of store: each article and each other graph in it is a data set."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.stores.faults import FaultServer, hang
from tests.stores.places import Place

from lodkit import cli
from lodkit.load import Unit

pytestmark = pytest.mark.slow

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<x:s> a sh:NodeShape ; sh:targetSubjectsOf <https://schema.org/birthDate> ;
    sh:property [ sh:path <https://schema.org/birthDate> ; sh:minInclusive "0001"^^<http://www.w3.org/2001/XMLSchema#gYear> ] .
"""
"""One article has a birth before the common era."""


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    return (cli.main(list(words)), *capsys.readouterr())


def results_of(out: str) -> list[list[dict[str, Any]]]:
    """The results of each data set, without what tells where it came from."""
    return [one["results"] for one in json.loads(out)["files"]]


@pytest.mark.parametrize("layout", ["graphs", "merged"])
@pytest.mark.parametrize("has_shapes", [False, True])
def test_each_kind_of_store(
    place: Place,
    layout: str,
    has_shapes: bool,
    small: list[Unit],
    vocabulary: list[Unit],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The reports are those on files with an article each."""
    (tmp_path / "s.ttl").write_text(SHAPES)
    shapes = ["--shapes", str(tmp_path / "s.ttl")] if has_shapes else []
    files = []
    for number, unit in enumerate(small):
        files.append(tmp_path / f"{number}.nq")
        files[-1].write_text("".join(f"{quad} .\n" for quad in unit.quads), encoding="utf-8")
    place.load([*vocabulary, *small], layout)
    if place.kind == "embedded":
        place.target.close()
    code, out, _ = run(capsys, "validate", *map(str, files), "--json", *shapes)
    found = run(capsys, "validate", place.where, "--json", *shapes)
    assert (found[0], results_of(found[1])) == (code, results_of(out))
    assert len(results_of(out)) == 3
    assert any(results_of(out))
    code, out, _ = run(capsys, "validate", place.where, *shapes)
    assert re.search(rf"(?m)^{re.escape(place.where)}/?: The Buoy: ", out)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--timeout", "0.2"], 4, "gave no sign of life for 0.2 s"),
        (["--deadline", "0.2"], 4, "within the deadline of 0.2 s"),
        (["--profile", "nope"], 2, "no profile 'nope'"),
        (["--together"], 2, "a store goes without --together"),
    ],
)
def test_a_server_is_spoken_with_as_it_is_said(
    words: list[str], code: int, says: str, faulty: FaultServer, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty.always = hang
    found = run(capsys, "validate", faulty.url, *words)
    assert (found[0], found[1], says in found[2]) == (code, "", True), found


def test_an_empty_server(server: Place, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(capsys, "validate", server.where)
    assert (code, "nothing was loaded here by lodkit" in said) == (3, True)
