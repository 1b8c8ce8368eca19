"""Blank nodes in Turtle and TriG: written where they are used, the same graph, the same bytes each time."""

from __future__ import annotations

import io
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from lodkit import cli
from lodkit.rdf import FORMATS, write
from lodkit.rdf.nesting import DEEPEST

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
EX = "https://example.org/"
HEAD = f"@prefix ex: <{EX}> .\n@prefix rdf: <{RDF}> .\n"


def canonical(quads: object) -> list[str]:
    found = Dataset(quads)  # type: ignore[arg-type]
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, found))


def exported(
    text: str, form: str, folder: Path, capsys: pytest.CaptureFixture[str], name: str = "x.trig"
) -> str:
    file = folder / name
    file.write_text(HEAD + text)
    capsys.readouterr()
    assert cli.main(["export", str(file), "-f", form]) == 0
    return capsys.readouterr().out


CASES = {
    "a node": ("ex:a ex:p [ ex:q 1 ] .", "ex:a ex:p [ ex:q 1 ] ."),
    "nodes in nodes": ("ex:a ex:p [ ex:q [ ex:r [ ex:s 1 ] ] ] .", "ex:a ex:p [ ex:q [ ex:r [ ex:s 1 ] ] ] ."),
    "nothing known": ("ex:a ex:p [] .", "ex:a ex:p [] ."),
    "by a label": ("ex:a ex:p _:x . _:x ex:q 1 ; ex:r 2 .", "ex:a ex:p [ ex:q 1 ; ex:r 2 ] ."),
    "used twice": ("ex:a ex:p _:x . ex:b ex:p _:x . _:x ex:q 1 .", "_:c14n0 ex:q 1 ."),
    "used by nothing": ("[] ex:p 1 .", "[] ex:p 1 ."),
    "itself": ("_:x ex:p _:x .", "_:c14n0 ex:p _:c14n0 ."),
    "a circle": ("_:x ex:p _:y . _:y ex:p _:x .", "_:c14n0 ex:p _:c14n1 ."),
    "into a circle": ("ex:a ex:q _:x . _:x ex:p _:y . _:y ex:p _:x .", "ex:a ex:q _:c14n"),
    "a list": ('ex:a ex:p ( 1 ex:b "c"@en ) .', 'ex:a ex:p ( 1 ex:b "c"@en ) .'),
    "an empty list": ("ex:a ex:p () .", "ex:a ex:p () ."),
    "lists in lists": ("ex:a ex:p ( ( 1 ) ( () [ ex:q ( 2 ) ] ) ) .", "ex:a ex:p ( ( 1 ) ( () [ ex:q ( 2 ) ] ) ) ."),
    "a list that says more": (
        "ex:a ex:p _:l . _:l rdf:first 1 ; rdf:rest () ; ex:q 2 .",
        "ex:a ex:p [ rdf:first 1 ; rdf:rest () ; ex:q 2 ] .",
    ),
    "a list of two firsts": (
        "ex:a ex:p _:l . _:l rdf:first 1, 2 ; rdf:rest () .",
        "ex:a ex:p [ rdf:first 1, 2 ; rdf:rest () ] .",
    ),
    "a list without an end": ("_:l rdf:first 1 ; rdf:rest _:l .", "_:c14n0 rdf:first 1 ;"),
    "a list whose rest is shared": (
        "ex:a ex:p ( 1 2 ) . ex:b ex:p _:r . ex:c ex:p [ rdf:first 0 ; rdf:rest _:r ] . _:r rdf:first 3 ; rdf:rest () .",
        "ex:c ex:p [ rdf:first 0 ; rdf:rest _:c14n",
    ),
    "a list that is a subject": ("( 1 2 ) ex:p 3 .", "[] rdf:first 1 ;\n    rdf:rest [ rdf:first 2 ; rdf:rest () ] ;\n    ex:p 3 ."),
    "graphs": ("ex:g { ex:a ex:p [ ex:q 1 ] }", "    ex:a ex:p [ ex:q 1 ] ."),
    "shared by graphs": ("ex:g { ex:a ex:p _:x } ex:h { _:x ex:q 1 }", "    ex:a ex:p _:c14n0 ."),
    "a graph's name": ("_:g { ex:a ex:p _:g }", "    ex:a ex:p _:c14n0 ."),
    "a class": ("ex:a a [ ex:q 1 ] .", "ex:a a [ ex:q 1 ] ."),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_case(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, expected = CASES[name]
    out = exported(text, "trig", tmp_path, capsys)
    assert expected in out
    assert canonical(parse(out, RdfFormat.TRIG)) == canonical(parse(HEAD + text, RdfFormat.TRIG))
    again = exported(out.removeprefix(HEAD), "trig", tmp_path, capsys)
    assert again == out


@pytest.mark.parametrize("form", ["ttl", "nt", "nq", "trig", "jsonld"])
def test_labels_of_the_input_do_not_matter(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "ex:a ex:p _:{0} . ex:b ex:p _:{0}, [ ex:q _:{1} ] . _:{1} ex:r _:{0} . [] ex:s ( _:{1} ) ."
    first, second = (exported(text.format(*labels), form, tmp_path, capsys) for labels in ("xy", "ba"))
    assert first == second


def test_prefixes_of_the_input_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "@prefix s: <https://schema.org/> .\n@prefix : <http://o/> .\n:a s:name 1 ; ex:p :b .\n"
    out = exported(text, "ttl", tmp_path, capsys, "x.ttl")
    assert ":a ex:p :b ;\n    s:name 1 ." in out
    assert "@prefix : <http://o/> ." in out
    assert "schema:" not in out


def test_brackets_stand_so_deep_in_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deep = 3 * DEEPEST
    text = "ex:a ex:p " + "[ ex:p " * deep + "1" + " ]" * deep + " ."
    out = exported(text, "ttl", tmp_path, capsys, "x.ttl")
    depths = accumulate((sign == "[") - (sign == "]") for sign in out)
    assert max(depths) == DEEPEST
    assert canonical(parse(out, RdfFormat.TURTLE)) == canonical(parse(HEAD + text, RdfFormat.TURTLE))


@pytest.mark.slow
@pytest.mark.parametrize("text", ["ex:a ex:p ( {} ) .", "ex:a ex:p {} ."])
def test_many_are_written_in_linear_time(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list of 20,000 members, and as many nodes."""
    between = " " if "(" in text else ", "
    members = between.join(f"[ ex:q {number} ]" for number in range(20_000))
    out = exported(text.format(members), "ttl", tmp_path, capsys, "x.ttl")
    assert out.count("[ ex:q ") == 20_000


def test_nothing_at_all_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.ttl").write_text("# nothing\n")
    assert cli.main(["export", str(tmp_path / "x.ttl"), "-f", "nt"]) == 0
    assert capsys.readouterr() == ("", f"lodkit: {tmp_path}/x.ttl: 0 triples\n")


NODES = st.sampled_from([*(BlankNode(f"b{number}") for number in range(6)), NamedNode(f"{EX}a")])
PREDICATES = st.sampled_from([NamedNode(f"{EX}p"), NamedNode(f"{RDF}first"), NamedNode(f"{RDF}rest")])
OBJECTS = st.one_of(NODES, st.sampled_from([NamedNode(f"{RDF}nil"), Literal("x")]))
GRAPHS = st.sampled_from([DefaultGraph(), NamedNode(f"{EX}g")])


@pytest.mark.slow
@pytest.mark.parametrize("form", ["ttl", "trig"])
@given(quads=st.lists(st.builds(Quad, NODES, PREDICATES, OBJECTS, GRAPHS), max_size=14))
def test_any_graph_comes_back(form: str, quads: list[Quad]) -> None:
    if form == "ttl":
        quads = [Quad(*quad.triple) for quad in quads]
    out = io.BytesIO()
    write(quads, out, form)
    assert canonical(parse(out.getvalue(), FORMATS[form].parser)) == canonical(quads)


ARTICLES = """
@prefix id: <https://w3id.org/lodkit/id/> . @prefix x: <http://x/> .
id:Peru_People\\'s_Movement x:p <https://w3id.org/lodkit/id/Peru_People's_Movement/Ada> .
<https://w3id.org/lodkit/id/Party_Per_Mile/Ada> x:p 1 . <https://w3id.org/lodkit/id/%C3%98st/Ada> x:p 1 .
<https://w3id.org/lodkit/id/1926/Ada> x:p 1 . <https://w3id.org/lodkit/id/Mvt/Ada> x:p 1 . id:Alone x:p 1 .
"""


@pytest.mark.parametrize("form", ["ttl", "trig"])
def test_each_article_has_a_prefix(form: str) -> None:
    quads = list(parse(ARTICLES, RdfFormat.TURTLE))
    out = io.BytesIO()
    write(quads, out, form, prefixes={"x": "http://x/", "mvt": "https://w3id.org/lodkit/movement#"})
    text = out.getvalue().decode()
    assert {line for line in text.splitlines() if "/id/" in line} == {
        "@prefix id: <https://w3id.org/lodkit/id/> .",
        "@prefix a: <https://w3id.org/lodkit/id/1926/> .",
        "@prefix ost: <https://w3id.org/lodkit/id/%C3%98st/> .",
        "@prefix mvt2: <https://w3id.org/lodkit/id/Mvt/> .",
        "@prefix ppm: <https://w3id.org/lodkit/id/Party_Per_Mile/> .",
        "@prefix ppm2: <https://w3id.org/lodkit/id/Peru_People's_Movement/> .",
    }
    assert "x:p ppm2:Ada" in text
    assert "\nid:Alone x:p 1 ." in text
    assert set(parse(text, RdfFormat.TRIG)) == set(quads)
