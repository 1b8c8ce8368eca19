"""Where terms stand in Turtle, TriG and N-Quads: what a scan of tokens finds is what a parser reads, at its line."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, parse

from lodkit.turtle import Role, lines_of, mentions, subject_lines

ROOT = Path(__file__).parent.parent
FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
}
FILES = [
    path
    for folder in (
        "ontology",
        "shapes",
        "data/graphs",
        "tests/violations",
        "tests/second_domain",
        "tests/reports",
    )
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in FORMATS
]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LISTS = {RDF + "first", RDF + "rest"}

LINES = {
    "a prefix": ("@prefix e: <x:e#> .\ne:a e:b e:c .", {"x:e#a": 2}),
    "SPARQL's prefix": ("PREFIX e: <x:e#>\n\ne:a e:b e:c .", {"x:e#a": 3}),
    "a prefix declared anew": ("@prefix e: <x:1> . e:a e:a 1 .\n@prefix e: <x:2> .\ne:a e:a 1 .", {"x:1a": 1, "x:2a": 3}),
    "a dot in a string": ('<x:a> <x:b> "one. <x:no> two" .\n<x:c> <x:b> 1 .', {"x:a": 1, "x:c": 2}),
    "lines in a string": ('<x:a> <x:b> """\n<x:no> <x:b> 1 .\n""" .\n<x:c> <x:b> 1 .', {"x:a": 1, "x:c": 4}),
    "quotes in a long string": ('<x:a> <x:b> """a ""b"" \\""" .""" .\n<x:c> <x:b> 1 .', {"x:a": 1, "x:c": 2}),
    "a comment": ("# <x:no> <x:b> 1 .\n<x:a> # <x:no>\n <x:b> 1 .", {"x:a": 2}),
    "a hash in an IRI": ("<x:a#b> <x:b> <x:c#> .", {"x:a#b": 1}),
    "an object in brackets": ("<x:a> <x:b> [ <x:c> <x:d> ; <x:e> <x:f> ] .\n<x:g> <x:b> 1 .", {"x:a": 1, "x:g": 2}),
    "a blank subject": ("[ <x:c> <x:d> ] <x:b> <x:e> .\n<x:g> <x:b> 1 .", {"x:g": 2}),
    "brackets alone": ("[ <x:c> <x:d> ] .\n<x:g> <x:b> 1 .", {"x:g": 2}),
    "a list": ("<x:a> <x:b> ( <x:c> ( <x:d> ) ) .\n( 1 2 ) <x:b> 3 .\n<x:g> <x:b> 1 .", {"x:a": 1, "x:g": 3}),
    "a number before the dot": ("<x:a> <x:b> 1.\n<x:c> <x:b> 1.5.\n<x:d> <x:b> 1 .", {"x:a": 1, "x:c": 2, "x:d": 3}),
    "a dot in a name": ("@prefix e: <x:> . e:a.b e:c e:d.e .", {"x:a.b": 1}),
    "escapes in a name": ("@prefix e: <x:> .\ne:a\\/b\\~c e:c e:d .", {"x:a/b~c": 2}),
    "an escape in an IRI": ("<x:\\u0061> <x:b> 1 .", {"x:a": 1}),
    "a relative IRI without a base": ("<a> <x:b> 1 .\n<x:c> <x:b> 1 .", {"x:c": 2}),
    "a base": ("@base <http://e.org/d/> .\n<a> <b> 1 .\n<#c> <b> 1 .", {"http://e.org/d/a": 2, "http://e.org/d/#c": 3}),
    "a graph": ("<x:g> {\n<x:a> <x:b> 1 .\n<x:c> <x:b> 1\n}", {"x:a": 2, "x:c": 3}),
    "the word GRAPH": ("GRAPH <x:g> { <x:a> <x:b> 1 }\n{ <x:c> <x:b> 1 }", {"x:a": 1, "x:c": 2}),
    "CR LF": ("<x:a> <x:b> 1 .\r\n<x:c> <x:b> 1 .", {"x:a": 1, "x:c": 2}),
    "CR": ("<x:a> <x:b> 1 .\r<x:c> <x:b> 1 .", {"x:a": 1, "x:c": 2}),
    "the first of two blocks": ("<x:a> <x:b> 1 .\n<x:a> <x:b> 2 .", {"x:a": 1}),
    "what is no Turtle ends it": ("<x:a> <x:b> 1 .\n<x:c> <x:b> ` .\n<x:d> <x:b> 1 .", {"x:a": 1, "x:c": 2}),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_lines_of_subjects(name: str) -> None:
    text, lines = LINES[name]
    assert dict(subject_lines(text)) == lines


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_scan_finds_what_a_parser_reads(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    quads = list(parse(text.encode(), FORMATS[path.suffix]))
    found = list(mentions(text))
    assert {one.text for one in found if one.role is Role.SUBJECT} == {
        quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)
    }
    assert {one.text for one in found if one.role is Role.PREDICATE} == {
        quad.predicate.value for quad in quads
    } - LISTS
    objects = {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)} - {RDF + "nil"}
    assert objects <= {one.text for one in found if one.role is not Role.SUBJECT}


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES[:20], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_subject_stands_on_its_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    for iri, line in subject_lines(text).items():
        local = iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]
        assert local.split("%")[0][:4] in lines[line - 1].replace("\\", "")


@given(st.text(alphabet="<>\"'.;,[](){}#@:a\\ \n_^|~1é`x"))
def test_no_text_breaks_a_scan(text: str) -> None:
    for one in mentions(text):
        assert 0 <= one.start < one.end <= len(text)


@given(st.text(alphabet="ab\r\n"), st.integers(0, 20))
def test_positions(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    line, column = lines_of(text).position(offset)
    before = text[:offset]
    assert line >= 1
    assert text[offset - column + 1 : offset] == before[len(before) - column + 1 :]


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["<x:a> <x:b> 1 .\n", "<x:a> <x:b> (", "[", '<x:a> <x:b> """', "a.", "x:a.", "'", "_:a."]
)
def test_time_is_linear(piece: str) -> None:
    def seconds(count: int) -> float:
        start = process_time()
        list(mentions(piece * count))
        return process_time() - start

    assert seconds(20_000) < 1 + 40 * seconds(2_000)
