"""The contract of facts and evidence, and every format there and back."""

from __future__ import annotations

import gzip
import io
import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from rdflib.compare import isomorphic

from lodkit import rdf
from lodkit.errors import InputError, UsageError
from lodkit.rdf.quads import slugs
from lodkit.rdf.turtle import write_turtle
from lodkit.source import Article, parse_article
from lodkit.statement import (
    BASE,
    LONGEST_NAME,
    Basis,
    Modality,
    Span,
    Statement,
    article_iri,
    encode_name,
    local_iri,
    shared_iri,
)

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
LK = BASE + "core#"
MVT = BASE + "movement#"
SCHEMA = "https://schema.org/"
PREFIXES = {
    "id": BASE + "id/",
    "article": BASE + "article/",
    "lk": LK,
    "mvt": MVT,
    "nif": NIF,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "xsd": XSD,
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
}

TEXT = """= Blue Lantern's "Circle" =

Blue Lantern's "Circle"
- Founder: Ada Lund
- Founder: Berit Moe
- Size: many

The Blue Lantern is a movement. It was founded in 1948 by Ada Lund. It may have met in Arvika.

== History ==
The Blue Lantern was founded by Ada Lund.

=== History ===
One writer says that it was large.

== See also ==

- Norland
"""


@dataclass(frozen=True)
class Extracted:
    article: Article
    base: str
    document: NamedNode
    subject: NamedNode
    statements: tuple[Statement, ...]
    skipped: tuple[Any, ...] = ()
    rows: tuple[Any, ...] = ()
    references: tuple[Any, ...] = ()
    language: str = "en"


def extracted(text: str = TEXT) -> Any:
    """Read a handful of statements off the text, wherever its words stand."""
    article = parse_article(text, file="some/folder/blue.txt")
    name = article.name
    subject = NamedNode(shared_iri(name))
    ada = NamedNode(local_iri(name, "Ada Lund"))

    def statement(predicate: str, value: Any, words: str, start: int = 0, **more: Any) -> Statement:
        at = text.index(words, start)
        rule = NamedNode(BASE + "lexicon/phrase#test")
        return Statement(subject, NamedNode(predicate), value, rule, Span(at, at + len(words)), **more)

    mention = text.index("Ada Lund", text.index("1948"))
    history = text.index("== History")
    lead = text.index("The Blue Lantern is")
    year = Literal("1948", datatype=NamedNode(XSD + "gYear"))
    found = (
        statement(
            RDF + "type", NamedNode(MVT + "Movement"), "The Blue Lantern is a movement", basis=Basis.INFERRED
        ),
        statement(RDFS + "label", Literal(name, language="en"), name),
        statement(
            SCHEMA + "founder", ada, "founded in 1948 by Ada Lund", object_span=Span(mention, mention + 8)
        ),
        statement(
            SCHEMA + "founder",
            ada,
            "founded by Ada Lund",
            history,
            subject_span=Span(lead, lead + 16),
            antecedent_span=Span(lead, lead + 16),
        ),
        statement(SCHEMA + "foundingDate", year, "founded in 1948 by Ada Lund"),
        statement(SCHEMA + "location", Literal("Arvika"), "may have met in Arvika", modality=Modality.HEDGED),
        statement(
            MVT + "size",
            Literal("large"),
            "it was large",
            modality=Modality.ATTRIBUTED,
            attributed_to=Literal("One writer"),
        ),
        statement(MVT + "memberCount", Literal("many"), "Size: many", modality=Modality.REJECTED),
    )
    return Extracted(article, BASE, NamedNode(article_iri(name)), subject, found)


def graph(quads: list[Quad], ending: str) -> list[Quad]:
    return [quad for quad in quads if str(quad.graph_name.value).endswith(ending)]  # type: ignore[union-attr]


def value(quads: list[Quad], subject: Any, predicate: str) -> Any:
    return next((q.object for q in quads if q.subject == subject and q.predicate.value == predicate), None)


def written(quads: Any, form: str, **more: Any) -> bytes:
    out = io.BytesIO()
    rdf.write(quads, out, form, prefixes=PREFIXES, **more)
    return out.getvalue()


NODE = NamedNode(BASE + "id/a")
ALL = list(rdf.quads(extracted(), domain_version="7"))
ALIKE = [
    Quad(NODE, NamedNode(RDFS + "label"), Literal("x", language=tag))
    for tag in ("en", "eo", "es", "et", "eu")
]
ALIKE += [
    Quad(NamedNode(f"{BASE}id/a{tail}"), NODE, NODE) for tail in ("1", "01", "001", "", "/", "-", "%3E")
]
FACTS, EVIDENCE = graph(ALL, "#facts"), graph(ALL, "#evidence")


# The contract


def test_every_fact_has_an_asserted_statement_and_the_reverse() -> None:
    statements = [
        q.subject
        for q in EVIDENCE
        if q.predicate.value == RDF + "type" and q.object == NamedNode(LK + "Statement")
    ]
    asserted = {
        tuple(value(EVIDENCE, node, RDF + part) for part in ("subject", "predicate", "object"))
        for node in statements
        if value(EVIDENCE, node, LK + "modality") == NamedNode(LK + "asserted")
    }
    assert len(statements) == 8
    assert {(q.subject, q.predicate, q.object) for q in FACTS} == asserted
    assert len(FACTS) == len(asserted) == 4


def test_every_place_quotes_the_text() -> None:
    places = [q for q in EVIDENCE if q.predicate.value == NIF + "anchorOf"]
    assert places
    for quad in places:
        begin, end = (
            int(value(EVIDENCE, quad.subject, NIF + key).value) for key in ("beginIndex", "endIndex")
        )
        line, column = (int(value(EVIDENCE, quad.subject, LK + key).value) for key in ("line", "column"))
        words = quad.object.value  # type: ignore[union-attr]
        assert TEXT[begin:end] == words
        assert TEXT.splitlines()[line - 1][column - 1 :].startswith(words)
        assert quad.subject.value.endswith(f"#char={begin},{end}")  # type: ignore[union-attr]


def test_places_of_statements_are_written_and_each_once() -> None:
    named = {
        q.object
        for q in EVIDENCE
        if q.predicate.value.endswith(
            ("#wasDerivedFrom", "#subjectPlace", "#objectPlace", "#antecedentPlace")
        )
    }
    anchors = [q.subject for q in EVIDENCE if q.predicate.value == NIF + "anchorOf"]
    assert named == set(anchors)
    assert len(anchors) == len(set(anchors))


def test_no_blank_node_no_double_and_sorted() -> None:
    assert not any(
        isinstance(term, BlankNode) for quad in ALL for term in (quad.subject, quad.object, quad.graph_name)
    )
    assert len(ALL) == len(set(ALL))
    assert ALL == FACTS + EVIDENCE
    for part in (FACTS, EVIDENCE):
        assert [q.subject.value for q in part] == sorted(q.subject.value for q in part)  # type: ignore[union-attr]


def test_document_sections_and_fields() -> None:
    document = extracted().document
    assert value(EVIDENCE, document, "http://purl.org/dc/terms/title") == Literal(
        'Blue Lantern\'s "Circle"', language="en"
    )
    assert value(EVIDENCE, document, LK + "file") == Literal("blue.txt")
    assert value(EVIDENCE, document, LK + "domainVersion") == Literal("7")
    assert value(EVIDENCE, document, LK + "sha256").value == extracted().article.digest
    second = NamedNode(document.value + "#section-history-2")
    assert value(EVIDENCE, second, LK + "parent") == NamedNode(document.value + "#section-history")
    field = NamedNode(document.value + "#field-founder-2")
    assert (value(EVIDENCE, field, LK + "key"), value(EVIDENCE, field, LK + "value")) == (
        Literal("Founder"),
        Literal("Berit Moe"),
    )


def test_text_and_evidence_are_choices() -> None:
    context = NamedNode(f"{extracted().document.value}#char=0,{len(TEXT)}")
    assert value(EVIDENCE, context, NIF + "isString") is None
    assert value(list(rdf.quads(extracted(), with_text=True)), context, NIF + "isString") == Literal(TEXT)
    assert list(rdf.quads(extracted(), evidence=False)) == FACTS


def test_a_paragraph_before_the_lead_moves_places_only() -> None:
    longer = TEXT.replace("The Blue Lantern is", "Something else entirely.\n\nThe Blue Lantern is", 1)
    other = list(rdf.quads(extracted(longer), domain_version="7"))
    assert graph(other, "#facts") == FACTS

    def names(quads: list[Quad]) -> set[str]:
        return {q.subject.value for q in quads if "#char=" not in q.subject.value}  # type: ignore[union-attr]

    assert names(graph(other, "#evidence")) == names(EVIDENCE)


def test_slugs_never_meet() -> None:
    found = list(slugs(["A", "a", "A 2", "a-2", "…", "", "x" * 5000, "x" * 5001, "../<é>"]))
    assert len(set(found)) == len(found)
    assert found[:3] == ["a", "a-2", "a-2-2"]
    assert max(map(len, found)) <= 80


# Names in IRIs


def test_one_name_one_iri() -> None:
    assert encode_name(unicodedata.normalize("NFD", "Malmø Å é")) == encode_name("Malmø Å é")
    assert [encode_name(name) for name in (".", "..", "...", "a..")] == ["_.", "_..", "_...", "a.."]
    assert encode_name("100%/2") == "100%25%2F2"
    assert encode_name("Lund's (b)") == "Lund's_(b)"
    assert encode_name('<>"{}|\\^`#?[]\u200f') == "%3C%3E%22%7B%7D%7C%5C%5E%60%23%3F%5B%5D%E2%80%8F"


LONG = {
    "letters": "a" * 5000,
    "accents": "é" * 5000,
    "decomposed": "e\u0301" * 5000,
    "encoded": "/" * 5000,
    "four-bytes": "\u200f\U000e0001" * 900,
    "blanks": " " * 5000,
    "dots": "." * 5000,
    "one-more": "a" * (LONGEST_NAME + 1),
    "percent-at-the-edge": "a" * (LONGEST_NAME - 1) + "/",
}


@pytest.mark.parametrize("name", LONG.values(), ids=LONG)
def test_long_names_end_in_a_hash(name: str) -> None:
    found = encode_name(name)
    head, _, digits = found.rpartition("-")
    assert re.fullmatch("[0-9a-f]{16}", digits)
    assert LONGEST_NAME - 12 <= len(head) <= LONGEST_NAME < len(found)
    assert not re.search("%.?$", head), "a cut inside %XX"
    assert unquote(head) == unquote(head, errors="strict"), "a cut inside a character"
    assert encode_name(name + "a") != found
    assert encode_name(unicodedata.normalize("NFD", name)) == found
    assert encode_name(found) != found, "a name that is written like a long one's is another name"
    assert len(article_iri(name)) <= len(article_iri("")) + LONGEST_NAME + 17
    NamedNode(local_iri(name, name))


@pytest.mark.parametrize("name", ["a" * LONGEST_NAME, "é" * LONGEST_NAME, "a/" * 50, "Ada Lund " * 20])
def test_names_up_to_the_bound_keep_their_bytes(name: str) -> None:
    assert unquote(encode_name(name)) == name.replace(" ", "_")


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
HARD = st.text(
    st.sampled_from(
        "aZ9 .-_~!$&'()*+,;=:@/%#?[]<>\"{}|\\^`\u200f\u00e9e\u0301\u2028\n\r\tΩ字\U000e0001\U0001f600"
    ),
    min_size=1,
)


@pytest.mark.slow
@given(NAMES | HARD)
@settings(max_examples=200)
def test_any_name_makes_iris_that_come_back_from_every_format(name: str) -> None:
    node, place = NamedNode(local_iri(name, name)), NamedNode(article_iri(name) + "#char=0,1")
    quads = [Quad(node, NamedNode(RDFS + "seeAlso"), place, NamedNode(article_iri(name) + "#facts"))]
    for form in ("ttl", "trig", "nt", "nq", "jsonld"):
        data = written(quads, form)
        assert [(q.subject, q.object) for q in rdf.read(data, form)] == [(node, place)]


@pytest.mark.slow
@given(NAMES | HARD)
@settings(max_examples=200)
def test_any_name_is_read_alike_by_rdflib(name: str) -> None:
    node = NamedNode(local_iri(name, name))
    quads = [
        Quad(
            node,
            NamedNode(RDFS + "label"),
            Literal(name.replace("\0", ""), language="en"),
            NamedNode(article_iri(name) + "#facts"),
        )
    ]
    expected = set(rdf.to_graph(quads))
    for form in ("ttl", "nt"):
        assert set(rdflib.Graph().parse(data=written(quads, form).decode(), format=form)) == expected


@given(
    st.lists(NAMES | HARD, min_size=1, max_size=4),
    st.sampled_from(["string", "integer", "gYear", "date", "boolean", "x"]),
)
@settings(max_examples=200)
@pytest.mark.slow
def test_any_literal_comes_back(texts: list[str], datatype: str) -> None:
    node = NamedNode("https://example.org/a")
    quads = {
        Quad(node, NamedNode(RDFS + "label"), Literal(text, datatype=NamedNode(XSD + datatype)))
        for text in texts
    }
    quads |= {Quad(node, NamedNode(RDFS + "label"), Literal(text, language="en-GB")) for text in texts}
    for form in ("ttl", "trig", "nt", "nq", "jsonld"):
        assert set(rdf.read(written(quads, form), form)) == quads


# Formats


@pytest.mark.parametrize("form", ["trig", "nq", "jsonld"])
def test_data_sets_come_back(form: str) -> None:
    assert set(rdf.read(written(ALL, form), form)) == set(ALL)


@pytest.mark.parametrize("form", ["ttl", "nt"])
def test_graphs_come_back_merged(form: str) -> None:
    assert set(rdf.read(written(ALL, form), form)) == {Quad(q.subject, q.predicate, q.object) for q in ALL}


@pytest.mark.parametrize(("form", "name"), [("trig", "trig"), ("nq", "nquads"), ("jsonld", "json-ld")])
def test_rdflib_reads_the_same_data_set(form: str, name: str) -> None:
    theirs = rdflib.Dataset()
    theirs.parse(data=written(ALL, form).decode(), format=name)
    assert set(theirs.quads()) == set(rdf.to_rdflib(ALL).quads())


@pytest.mark.parametrize(("form", "name"), [("ttl", "turtle"), ("nt", "nt")])
def test_rdflib_reads_the_same_graph(form: str, name: str) -> None:
    theirs = rdflib.Graph().parse(data=written(ALL, form).decode(), format=name)
    assert isomorphic(theirs, rdf.to_graph(ALL))


@pytest.mark.parametrize("form", ["ttl", "trig", "nt", "nq", "jsonld"])
def test_order_of_input_does_not_matter(form: str) -> None:
    assert written(ALIKE[::-1] + ALL[::-1] + ALL, form) == written(ALL + ALIKE, form)


def test_turtle_is_good_to_read() -> None:
    assert written(FACTS, "ttl").decode() == (
        """\
@prefix blc: <https://w3id.org/lodkit/id/Blue_Lantern's_%22Circle%22/> .
@prefix id: <https://w3id.org/lodkit/id/> .
@prefix mvt: <https://w3id.org/lodkit/movement#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

id:Blue_Lantern\\'s_%22Circle%22 a mvt:Movement ;
    rdfs:label "Blue Lantern's \\"Circle\\""@en ;
    schema:founder blc:Ada_Lund ;
    schema:foundingDate "1948"^^xsd:gYear .
"""
    )


def test_trig_has_facts_first_and_short_names_under_the_document() -> None:
    text = written(ALL, "trig").decode()
    assert text.index("<#facts> {") < text.index("<#evidence> {")
    assert "@base <https://w3id.org/lodkit/article/Blue_Lantern's_%22Circle%22> ." in text
    assert "nif:referenceContext <#char=0," in text


def test_prefixes_that_overlap_take_the_longest() -> None:
    out = io.BytesIO()
    write_turtle([Quad(NODE, NODE, NODE)], out, {"b": BASE, "id": BASE + "id/", "z": BASE + "id/"})
    assert out.getvalue() == f"@prefix id: <{BASE}id/> .\n\nid:a id:a id:a .\n".encode()


def test_nothing_to_write_is_still_readable() -> None:
    for form in ("ttl", "trig", "nt", "nq", "jsonld"):
        assert list(rdf.read(written([], form), form)) == []


DETERMINISM = """
import sys, runpy
module = runpy.run_path(sys.argv[1])
quads = module["ALL"] + module["ALIKE"]
sys.stdout.buffer.write(b"".join(module["written"](quads, form) for form in ("ttl", "trig", "nt", "nq", "jsonld")))
"""


@pytest.mark.slow
def test_same_bytes_under_any_seed_locale_and_time_zone() -> None:
    outputs = set()
    for changes in (
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "1", "LANG": "C", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo"},
    ):
        environment = {**os.environ, **changes, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", DETERMINISM, __file__]
        outputs.add(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert len(outputs) == 1
    assert outputs.pop().startswith(b"@prefix")


def test_formats_by_extension(tmp_path: Path) -> None:
    assert rdf.format_of("x.TRIG.gz").name == "trig"
    assert rdf.format_of(Path("a.b/x.nq.bz2")).name == "nq"
    path = tmp_path / "x.nq.gz"
    path.write_bytes(gzip.compress(written(ALL, "nq")))
    assert set(rdf.read(path)) == set(ALL)
    for wrong in ("x.doc", "x", "x.gz"):
        with pytest.raises(UsageError, match=r"no RDF format has this extension.*\.trig"):
            rdf.format_of(wrong)
    with pytest.raises(UsageError, match="no format 'csv'"):
        rdf.format_named("csv")


@pytest.mark.parametrize(
    ("form", "data", "message"),
    [
        ("ttl", b"<a:b> <a:c> <a:d> .\n<a:b> nonsense .", "x.ttl:2:7: not Turtle: "),
        ("ttl", b'<a:b> <a:c> "\xff" .', "x.ttl:1:14: not Turtle: Invalid UTF-8"),
        ("ttl", b"ex:a ex:b ex:c .", "x.ttl:1:1: not Turtle: The prefix ex: has not been declared"),
        ("nq", b"<a:b> <a:c> .", "x.nq:1:"),
        ("jsonld", b'{"@id": "a:b", ', "x.jsonld:"),
        (
            "jsonld",
            b'{"@context": "https://example.org/c", "name": "x"}',
            "x.jsonld: a context on the network is not fetched (write",
        ),
        (
            "jsonld",
            b'{"@context": {"@import": "https://example.org/c"}, "name": "x"}',
            "x.jsonld: a context on the network is not fetched",
        ),
        ("rdf", b"<rdf:RDF>", "x.rdf:"),
    ],
)
def test_errors_name_file_line_and_column(form: str, data: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        list(rdf.read(data, form, file=f"x.{form}"))
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert "Parser error" not in str(caught.value)


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + written(ALL, "nq")
    assert set(rdf.read(data, "nq")) == set(ALL)
    for name, content in {"x.nq": data, "x.nq.gz": gzip.compress(data)}.items():
        (tmp_path / name).write_bytes(content)
        assert set(rdf.read(tmp_path / name)) == set(ALL)
    (tmp_path / "empty.nq").write_bytes(b"")
    assert list(rdf.read(tmp_path / "empty.nq")) == []


def test_missing_and_unknown_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.ttl: no such file"):
        list(rdf.read(tmp_path / "none.ttl"))
    with pytest.raises(UsageError, match="--from"):
        list(rdf.read("-"))
    damaged = tmp_path / "x.nq.gz"
    damaged.write_bytes(gzip.compress(written(ALL, "nq"))[:-9])
    with pytest.raises(InputError, match="damaged"):
        list(rdf.read(damaged))


# rdflib


def test_rdflib_keeps_lexical_forms_and_prefixes() -> None:
    node = NamedNode("https://example.org/a")
    quads = [
        Quad(node, node, Literal("01", datatype=NamedNode(XSD + "integer"))),
        Quad(
            node,
            node,
            Literal("2000-01-01T00:00:00.500Z", datatype=NamedNode(XSD + "dateTime")),
            NamedNode("https://example.org/g"),
        ),
        Quad(node, node, Literal("x", language="en")),
    ]
    dataset = rdf.to_rdflib(quads, prefixes=PREFIXES)
    assert {str(o) for o in dataset.objects()} == {"01", "2000-01-01T00:00:00.500Z", "x"}
    assert dict(dataset.namespaces())["mvt"] == rdflib.URIRef(MVT)
    assert len(rdf.to_graph(quads)) == 3
    assert {str(g.identifier) for g in dataset.graphs() if len(g)} >= {"https://example.org/g"}


def test_rdflib_queries_see_the_union() -> None:
    rows = list(rdf.to_rdflib(ALL).query(f"SELECT ?o {{ ?s <{SCHEMA}foundingDate> ?o }}"))
    assert [str(row[0]) for row in rows] == ["1948"]  # type: ignore[index]


# The file beside an article


def test_source_beside_the_article(tmp_path: Path) -> None:
    article = tmp_path / "blue.txt"
    assert rdf.read_source(article) is None
    assert rdf.read_source(Path("-")) is None
    (tmp_path / "blue.toml").write_text(
        'source = "https://example.org/Blue"\nlicense = "CC BY-SA 4.0"\nrevision = 12\nlanguage = "sv"\n'
    )
    source = rdf.read_source(article)
    assert source == rdf.Source(
        "blue.txt", source="https://example.org/Blue", licence="CC BY-SA 4.0", revision="12", language="sv"
    )
    assert rdf.read_source(tmp_path / "blue.txt.gz") is not None
    quads = list(rdf.quads(extracted(), source=source))
    document = extracted().document
    assert value(quads, document, "http://purl.org/dc/terms/source") == NamedNode("https://example.org/Blue")
    assert value(quads, document, "http://purl.org/dc/terms/license") == Literal("CC BY-SA 4.0")


@pytest.mark.parametrize("text", ["not toml", "source = [1]", 'language = "\\q"'])
def test_a_broken_source_file_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "blue.toml").write_text(text)
    with pytest.raises(InputError, match=r"blue\.toml: "):
        rdf.read_source(tmp_path / "blue.txt")
