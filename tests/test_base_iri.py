"""Relative IRIs: those of a file are relative to it or to what is said, in every format and every command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lodkit import cli
from lodkit.errors import InputError, UsageError
from lodkit.rdf import read

V = "https://example.org/v#"
XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:v="https://example.org/v#" {base}>'
    '<rdf:Description rdf:about="{about}"><v:p rdf:resource="{value}"/></rdf:Description></rdf:RDF>'
)
BASE = "https://data.example/a/b.x"

CASES = {
    "the document": ("ttl", f"<> <{V}p> <#x> .", BASE, f"{BASE}#x"),
    "a neighbour": ("ttl", f"<c> <{V}p> <../d?e> .", "https://data.example/a/c", "https://data.example/d?e"),
    "an absolute path": ("trig", f"<g> {{ </r> <{V}p> <//h/i> }}", "https://data.example/r", "https://h/i"),
    "a base of its own": ("ttl", f"@base <http://o/> . <s> <{V}p> <#x> .", "http://o/s", "http://o/#x"),
    "a relative base": ("ttl", f"@base <o/> . <s> <{V}p> <> .", "https://data.example/a/o/s", "https://data.example/a/o/"),
    "JSON-LD": (
        "jsonld",
        json.dumps({"@context": {"p": {"@id": f"{V}p", "@type": "@id"}}, "@id": "s", "p": "#x"}),
        "https://data.example/a/s",
        f"{BASE}#x",
    ),
    "JSON-LD with a base": (
        "jsonld",
        json.dumps({"@context": {"@base": "http://o/", "p": {"@id": f"{V}p", "@type": "@id"}}, "@id": "s", "p": ""}),
        "http://o/s",
        "http://o/",
    ),
    "RDF/XML": ("rdf", XML.format(base="", about="", value="#x"), BASE, f"{BASE}#x"),
    "RDF/XML with a base": (
        "rdf",
        XML.format(base='xml:base="http://o/p"', about="s", value=""),
        "http://o/s",
        "http://o/p",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_said_is_the_base(name: str) -> None:
    form, text, subject, value = CASES[name]
    [quad] = read(text.encode(), form, base=BASE)
    assert (str(quad.subject), str(quad.object)) == (f"<{subject}>", f"<{value}>")


@pytest.mark.parametrize("name", CASES)
def test_a_file_is_its_own_base(name: str, tmp_path: Path) -> None:
    form, text, subject, _ = CASES[name]
    file = tmp_path / "a" / "b.x"
    file.parent.mkdir()
    file.write_text(text)
    [quad] = read(file, form)
    [told] = read(text.encode(), form, base=file.as_uri())
    assert quad == told
    if "://o/" not in subject:
        assert str(quad.subject).startswith("<file:///")


def test_names_of_files_are_encoded(tmp_path: Path) -> None:
    file = tmp_path / "a b#ü?.ttl"
    file.write_text(f"<> <{V}p> 1 .")
    [quad] = read(file)
    assert str(quad.subject).endswith("/a%20b%23%C3%BC%3F.ttl>")


@pytest.mark.parametrize("form", ["ttl", "trig", "rdf"])
def test_without_a_base_they_are_refused(form: str) -> None:
    text = XML.format(base="", about="s", value="o") if form == "rdf" else f"<s> <{V}p> <o> ."
    with pytest.raises(InputError, match="--base-iri"):
        list(read(text.encode(), form))


@pytest.mark.parametrize("base", ["", "a/b", "#x", "http://a b/", "//h/i"])
def test_a_base_is_absolute(base: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        list(read(b"", "ttl", base=base))
    (tmp_path / "x.ttl").write_text("")
    assert cli.main(["export", str(tmp_path / "x.ttl"), "-f", "nt", "--base-iri", base]) == 2
    assert capsys.readouterr().err.count("\n") == 1


SHAPES = f"""@prefix sh: <http://www.w3.org/ns/shacl#> .
<#S> sh:targetClass <#C> ; sh:property [ sh:path <{V}p> ; sh:minCount 1 ; sh:message "M" ] .
<#a> a <#C> .
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "x.ttl"
    file.write_text(SHAPES)
    return file


@pytest.mark.parametrize("base", [None, BASE])
def test_validate(file: Path, base: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    """Data and shapes of one file have one base; the line of the focus node is found."""
    more = ["--base-iri", base] if base else []
    assert cli.main(["validate", str(file), "--shapes", str(file), "-f", "github", *more]) == 1
    told = capsys.readouterr().out
    assert "line=3" in told
    assert f"<{base or file.as_uri()}#a>" in told


def test_query(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.rq"
    own.write_text("SELECT ?s { ?s a ?c . FILTER(STRENDS(STR(?c), '#C')) }")
    assert cli.main(["query", str(own), "--on", str(file), "--base-iri", BASE]) == 0
    assert capsys.readouterr().out == f"s\r\n{BASE}#a\r\n"


def test_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.trig"
    file.write_text(f"<#g> {{ <#s> <{V}p> 1 }}")
    assert cli.main(["load", str(file), "--into", str(tmp_path / "store"), "--base-iri", BASE]) == 0
    assert cli.main(["export", str(tmp_path / "store"), "-f", "nq"]) == 0
    assert f"<{BASE}#s> <{V}p>" in capsys.readouterr().out


def test_an_error_of_relative_shapes_has_its_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(SHAPES.replace("minCount 1", "minCount -1"))
    assert cli.main(["validate", str(file), "--shapes", str(file)]) == 3
    assert "x.ttl:2: " in capsys.readouterr().err
