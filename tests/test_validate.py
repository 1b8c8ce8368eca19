"""Validation: every constraint component fails once, at its words in the article, and each trap of the
parts below is closed.
"""

from __future__ import annotations

import gc
import json
import re
import shutil
import subprocess
import sys
import tomllib
import unicodedata
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from tests.sampled import mostly_slow

from lodkit.build import build_article
from lodkit.domain.graph import OWL, RDFS, read_graph
from lodkit.domain.model import Class, Domain
from lodkit.errors import DomainError, InputError
from lodkit.lint import lint_shapes
from lodkit.source import Article, Origin, SourceMap
from lodkit.statement import Span
from lodkit.validate import Report, Severity, render, report_json, report_rdf, validate
from lodkit.validate.engines import without_collections
from lodkit.validate.render import underline
from lodkit.xsd import EDTF, XSD
from lodkit.xsd import is_valid as is_well_formed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

HERE = Path(__file__).parent / "validate"
DOCUMENT = "https://example.org/article/Blue_Lantern"
ID = "https://example.org/id/"
LK = "https://w3id.org/lodkit/core#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SH = "http://www.w3.org/ns/shacl#"
SUBCLASS = RDFS + "subClassOf"
COAST = "https://example.org/coast#"
TEXT = (HERE / "coast.txt").read_text(encoding="utf-8")
CASES: dict[str, dict[str, str]] = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))
PREFIXES = {
    "c": COAST,
    "id": ID,
    "rdf": RDF,
    "rdfs": RDFS,
    "sh": SH,
    "shape": "https://example.org/shapes#",
    "xsd": XSD,
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "lk": LK,
}
HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


def read_small_domain(folder: Path = HERE / "domain") -> Domain:
    """A domain with shapes and classes only."""
    graph = read_graph(folder)
    classes = {
        iri: Class(iri, iri, graph.iris(iri, RDFS + "subClassOf"), ())
        for iri in graph.instances[OWL + "Class"]
    }
    rest: dict[str, Any] = {field.name: () for field in fields(Domain)}
    return Domain(**{**rest, "folder": folder, "prefixes": PREFIXES, "classes": classes, "graph": graph})


DOMAIN = read_small_domain()
ARTICLE = Article(TEXT, Span(2, 14), None, (), (), (), SourceMap(TEXT), Origin("some/where/coast.txt"))
ARTICLES = {DOCUMENT: ARTICLE}


def facts_of(text: str) -> Iterator[tuple[Triple, str]]:
    for line in text.strip().splitlines():
        triple, _, quote = line.rpartition(" | ")
        (quad,) = parse(HEADER + triple + " .", format=RdfFormat.TURTLE)
        yield quad.triple, quote


def quads_of(text: str) -> list[Quad]:
    """The facts of a case and the evidence for each, as two graphs."""
    quads: list[Quad] = []
    for number, (triple, quote) in enumerate(facts_of(text)):
        quads.append(Quad(triple.subject, triple.predicate, triple.object, NamedNode(DOCUMENT + "#facts")))
        quads += evidence_of(number, triple, quote)
    return quads


def facts_only(text: str) -> list[Quad]:
    return [quad for quad in quads_of(text) if quad.graph_name == NamedNode(DOCUMENT + "#facts")]


def evidence_of(number: int, triple: Triple, quote: str, begin: int | None = None) -> Iterator[Quad]:
    start = TEXT.index(quote) if begin is None else begin
    line_start = TEXT.rfind("\n", 0, start) + 1
    statement = f"{DOCUMENT}#statement-{number}"
    place = f"{DOCUMENT}#char={start},{start + len(quote)}"
    graph = NamedNode(DOCUMENT + "#evidence")
    rows: list[tuple[str, str, Any]] = [
        (statement, RDF + "type", NamedNode(LK + "Statement")),
        (statement, RDF + "subject", triple.subject),
        (statement, RDF + "predicate", triple.predicate),
        (statement, RDF + "object", triple.object),
        (statement, LK + "modality", NamedNode(LK + "asserted")),
        (statement, LK + "rule", NamedNode("https://example.org/rule")),
        (statement, PROV + "wasDerivedFrom", NamedNode(place)),
        (place, RDF + "type", NamedNode(NIF + "Phrase")),
        (place, NIF + "beginIndex", Literal(str(start), datatype=NamedNode(XSD + "nonNegativeInteger"))),
        (
            place,
            NIF + "endIndex",
            Literal(str(start + len(quote)), datatype=NamedNode(XSD + "nonNegativeInteger")),
        ),
        (place, NIF + "anchorOf", Literal(quote)),
        (place, LK + "line", Literal(TEXT.count("\n", 0, start) + 1)),
        (place, LK + "column", Literal(start - line_start + 1)),
        (DOCUMENT, RDF + "type", NamedNode("https://schema.org/Article")),
    ]
    for subject, predicate, value in rows:
        yield Quad(NamedNode(subject), NamedNode(predicate), value, graph)


def check(text: str, **options: Any) -> Report:
    return validate(quads_of(text), DOMAIN, articles=ARTICLES, **options)


def merged(quads: Iterable[Quad]) -> list[Quad]:
    return [Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads]


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_each_component_fails_at_its_words(name: str) -> None:
    report = check(CASES[name]["facts"])
    assert render(report) == (HERE / "golden" / f"{name}.txt").read_text(encoding="utf-8")
    assert CASES[name]["component"] in {
        r.component.removeprefix(SH).removesuffix("ConstraintComponent") for r in report.results
    }
    assert all(
        place.line and place.column and place.quote for result in report.results for place in result.places
    )


def test_every_component_of_the_shapes_has_a_case() -> None:
    used = {p.removeprefix(SH) for ps in DOMAIN.graph.triples.values() for p in ps if p.startswith(SH)}
    names = {case["component"] for case in CASES.values()}
    parameters = {"sparql" if n == "SPARQL" else n[:1].lower() + n[1:] for n in names}
    assert parameters <= used
    documentation = {
        "name",
        "description",
        "message",
        "severity",
        "path",
        "targetClass",
        "property",
        "inversePath",
    }
    sparql = {"declare", "prefix", "prefixes", "namespace", "select"}
    assert used - documentation - sparql == parameters


CONFORMING = """
id:Blue a c:Light | lighthouse
id:Blue rdfs:label "Blue Lantern"@en | The Blue Lantern
id:Blue c:state c:lit | shone
id:Blue c:built "1985"^^xsd:gYear | 1985
"""


def test_good_data_conform() -> None:
    report = check(CONFORMING)
    assert report.conforms
    assert render(report) == "conforms: 1 node checked\n"


def test_individuals_of_the_ontology_have_their_class_but_are_not_validated() -> None:
    report = check(CONFORMING)  # c:lit is a c:State, hence a c:Thing, and has no label
    assert report.focus_nodes == 1
    assert not report.results


def test_a_shape_on_a_superclass_fires() -> None:
    report = check("id:Blue a c:Light | lighthouse")
    assert [report.name(r.source_shape) for r in report.results] == ["shape:Thing-label"]
    triples = {
        iri: {p: o for p, o in said.items() if p != SUBCLASS} for iri, said in DOMAIN.graph.triples.items()
    }
    flat = replace(DOMAIN, graph=replace(DOMAIN.graph, triples=triples))
    assert not validate(quads_of("id:Blue a c:Light | lighthouse"), flat).results


def test_a_class_tree_of_the_data_counts() -> None:
    """SHACL §2.1.3.2: instances of subclasses, whoever says that they are some."""
    tree = Quad(NamedNode(COAST + "Beacon"), NamedNode(SUBCLASS), NamedNode(COAST + "Light"), DefaultGraph())
    report = validate([*facts_only("id:Blue a c:Beacon | lighthouse"), tree], DOMAIN)
    assert [report.name(r.source_shape) for r in report.results] == ["shape:Thing-label"]


def test_nothing_checked_does_not_conform() -> None:
    report = check("id:X a c:Odd | shone")
    assert not report.conforms
    assert "nothing was checked" in render(report)
    assert not validate([], DOMAIN).conforms


def test_warnings_do_not_fail() -> None:
    report = check(CASES["sparql"]["facts"])
    assert report.counts[Severity.WARNING] == 1
    assert report.conforms


@pytest.mark.slow
@pytest.mark.parametrize("year", ["abc", "96", "1996-13", "", "1996 ", "１９９６"])
def test_years_are_checked_although_rdflib_does_not(year: str) -> None:
    quads = [
        *facts_only(CONFORMING),
        fact("Blue", "dark-since", Literal(year, datatype=NamedNode(XSD + "gYear"))),
    ]
    assert not validate(quads, DOMAIN).conforms


def fact(subject: str, predicate: str, value: Any) -> Quad:
    return Quad(NamedNode(ID + subject), NamedNode(COAST + predicate), value, NamedNode(DOCUMENT + "#facts"))


def test_checking_years_changes_nothing_for_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    import rdflib

    def state() -> tuple[object, ...]:
        year = rdflib.Literal("abc", datatype=rdflib.XSD.gYear)
        return (
            year.ill_typed,
            rdflib.NORMALIZE_LITERALS,
            str(rdflib.Literal("01", datatype=rdflib.XSD.integer)),
        )

    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    before = state()
    check(CASES["or"]["facts"])
    check(CASES["datatype"]["facts"])
    assert state() == before
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


def test_lexical_forms_are_not_normalised() -> None:
    quads = [
        *facts_only(CONFORMING),
        fact("Blue", "height", Literal("-01", datatype=NamedNode(XSD + "integer"))),
    ]
    assert [str(r.value) for r in validate(quads, DOMAIN).results] == [f'"-01"^^<{XSD}integer>']


@pytest.mark.parametrize("name", CASES)
@pytest.mark.slow
def test_merged_turtle_gives_the_same_report(name: str) -> None:
    quads = quads_of(CASES[name]["facts"])
    assert validate(merged(quads), DOMAIN, articles=ARTICLES) == validate(quads, DOMAIN, articles=ARTICLES)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.slow
def test_order_does_not_matter(name: str) -> None:
    quads = quads_of(CASES[name]["facts"])
    assert render(validate(quads[::-1], DOMAIN, articles=ARTICLES)) == render(check(CASES[name]["facts"]))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.slow
def test_results_are_those_of_plain_pyshacl(name: str) -> None:
    quads = facts_only(CASES[name]["facts"])
    assert by_lodkit(quads) == (
        set() if name in NOT_SEEN_BY_PYSHACL else by_pyshacl(quads)
    ) | NOT_SEEN_BY_PYSHACL.get(name, set())


NOT_SEEN_BY_PYSHACL = {
    "datatype": {(ID + "Blue", "1990 or so", "Violation")},
    "edtf": {(ID + "Blue", "1985X", "Violation")},
}


SEEN_BY_PYSHACL = [
    line
    for name in sorted(CASES.keys() - NOT_SEEN_BY_PYSHACL.keys())
    for line in sorted(CASES[name]["facts"].strip().splitlines())
]


@settings(max_examples=20, deadline=None)
@given(st.sets(st.sampled_from(SEEN_BY_PYSHACL)))
@pytest.mark.slow
def test_results_are_those_of_plain_pyshacl_for_any_facts(lines: set[str]) -> None:
    quads = facts_only("\n".join(sorted(lines))) if lines else []
    assert by_lodkit(quads) == by_pyshacl(quads)


def by_lodkit(quads: list[Quad]) -> set[tuple[str | None, ...]]:
    return {(plain(r.focus_node), plain(r.value), r.severity.value) for r in validate(quads, DOMAIN).results}


def plain(term: object) -> str | None:
    return None if term is None else str(getattr(term, "value", term))


def by_pyshacl(quads: list[Quad]) -> set[tuple[str | None, ...]]:
    """Everything handed to pySHACL as a user would: whole shapes, ontology beside them, rdflib's own
    parser.
    """
    import pyshacl
    import rdflib

    facts = rdflib.Graph()
    for q in quads:
        facts.parse(data=f"{q.subject} {q.predicate} {q.object} .", format="nt")
    shapes = rdflib.Graph().parse(HERE / "domain/shapes/coast.ttl").parse(HERE / "domain/ontology/coast.ttl")
    ontology = rdflib.Graph().parse(HERE / "domain/ontology/coast.ttl")
    for individual in ("lit", "dark"):
        ontology.add(
            (rdflib.URIRef(COAST + individual), rdflib.RDFS.label, rdflib.Literal(individual, lang="en"))
        )
    _, found, _ = pyshacl.validate(facts, shacl_graph=shapes, ont_graph=ontology)
    nodes = found.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult)
    rows = (
        [found.value(node, rdflib.SH[name]) for name in ("focusNode", "value", "resultSeverity")]
        for node in nodes
    )
    return {
        (str(focus), None if value is None else str(value), str(severity).removeprefix(SH))
        for focus, value, severity in rows
    }


def test_the_same_cause_is_told_once() -> None:
    report = check(
        CASES["max-count"]["facts"]
    )  # two shapes on two classes both want one label, with the same words
    assert len(report.results) == 1
    assert len(report.results[0].places) == 2


def test_without_evidence_only_nodes_are_named_and_the_report_says_so() -> None:
    report = validate(facts_only(CASES["datatype"]["facts"]), DOMAIN, articles=ARTICLES)
    text = render(report)
    assert text.startswith("id:Blue: violation: ")
    assert "There is no evidence in this data" in text
    assert not report.located


def test_without_the_article_there_is_a_quote_but_no_caret() -> None:
    text = render(validate(quads_of(CASES["datatype"]["facts"]), DOMAIN))
    assert text.startswith(f"{DOCUMENT}:11:17: violation: ")
    assert '    "1990 or so"' in text
    assert "^^^" not in text


def test_the_text_in_the_evidence_is_as_good_as_the_article() -> None:
    graph, context = NamedNode(DOCUMENT + "#evidence"), NamedNode(f"{DOCUMENT}#char=0,{len(TEXT)}")
    quads = quads_of(CASES["datatype"]["facts"])
    places = {q.subject for q in quads if q.predicate.value == NIF + "anchorOf"}
    quads += [Quad(place, NamedNode(NIF + "referenceContext"), context, graph) for place in places]
    quads += [Quad(context, NamedNode(NIF + "isString"), Literal(TEXT), graph)]
    quads += [Quad(NamedNode(DOCUMENT), NamedNode(LK + "file"), Literal("coast.txt"), graph)]
    assert render(validate(quads, DOMAIN)) == render(check(CASES["datatype"]["facts"]))


def test_a_fact_without_a_statement_and_a_statement_without_a_fact_are_violations() -> None:
    quads = quads_of(CONFORMING)
    alone = [*quads, fact("Blue", "code", Literal("NL 7"))]
    assert [r.message for r in validate(alone, DOMAIN).results] == [
        "No statement shows where the text says this fact."
    ]
    without = [q for q in quads if q.predicate.value != COAST + "built"]
    assert [r.message for r in validate(without, DOMAIN).results] == ["A statement has no fact."]


def test_a_wrong_quote_is_a_violation_where_it_stands() -> None:
    quads = [*quads_of(CONFORMING), fact("Blue", "code", Literal("NL 7"))]
    quads += evidence_of(99, quads[-1].triple, "NL 7", begin=TEXT.index("nl7"))
    (result,) = validate(quads, DOMAIN, articles=ARTICLES).results
    assert result.message == "The quote is not what the article says there."
    assert (result.places[0].line, result.places[0].column) == (6, 9)


def test_evidence_is_validated_by_shapes_when_asked() -> None:
    quads = [q for q in quads_of(CONFORMING) if q.predicate.value != LK + "line"]
    assert validate(quads, DOMAIN).conforms
    report = validate(quads, DOMAIN, evidence=True)
    assert {r.message for r in report.results} == {"A place has a line."}
    assert validate(quads_of(CONFORMING), DOMAIN, evidence=True).conforms


def test_a_hedged_statement_gives_no_place() -> None:
    quads = quads_of(CASES["datatype"]["facts"])
    hedged = [replace_object(q, LK + "asserted", LK + "hedged") for q in quads]
    assert not any(r.places for r in validate(hedged, DOMAIN).results)


def replace_object(quad: Quad, old: str, new: str) -> Quad:
    return (
        Quad(quad.subject, quad.predicate, NamedNode(new), quad.graph_name)
        if quad.object == NamedNode(old)
        else quad
    )


@pytest.mark.parametrize("name", CASES)
@pytest.mark.slow
def test_reports_as_json_and_rdf(name: str) -> None:
    report = check(CASES[name]["facts"])
    data = json.loads(json.dumps(report_json(report)))
    assert data["conforms"] is report.conforms
    assert len(data["results"]) == len(report.results)
    quads = list(report_rdf(report))
    assert "_:" not in "".join(map(str, quads))
    assert (
        sum(q.predicate.value == SH + "result" for q in quads)
        == len(report.results)
        == len(set(report.results))
    )
    assert list(report_rdf(check(CASES[name]["facts"]))) == quads


def test_colours_only_when_asked() -> None:
    report = check(CASES["datatype"]["facts"])
    assert "\x1b" not in render(report)
    assert re.sub(r"\x1b\[[\d;]*m", "", render(report, color=True)) == render(report)


@pytest.mark.slow
@pytest.mark.parametrize("width", [60, 80, 140])
def test_lines_fit_a_terminal(width: int) -> None:
    longest = 0
    for case in CASES.values():
        first, *others = render(check(case["facts"]), columns=width).splitlines()
        longest = max(longest, *map(columns, others))
        assert all(columns(line) <= width for line in others), first
    assert longest > width - 20


def columns(text: str) -> int:
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


WORDS = st.text(st.sampled_from("ab \t東é\u0301\u200e\x1bｶ"), max_size=120)


@given(WORDS, st.text(st.sampled_from("ab東é"), min_size=1, max_size=6), WORDS)
def test_carets_stand_under_the_words(before: str, marked: str, after: str) -> None:
    line, carets = underline(before + marked + after, len(before), len(marked), 76)
    assert columns(line) <= 76
    assert carets.lstrip(" ") == "^" * columns(marked)
    left = len(carets) - len(carets.lstrip(" "))
    position = next(
        i
        for i in range(len(line) + 1)
        if columns(line[:i]) == left and line[i:].lstrip("\u0301").startswith(marked)
    )
    assert columns(line[position:].lstrip("\u0301")[: len(marked)]) == columns(marked)
    assert not any(unicodedata.category(c).startswith("C") for c in line)


@given(st.text(), st.integers(0, 20), st.integers(0, 20), st.integers(20, 90))
def test_any_line_can_be_underlined(text: str, column: int, width: int, room: int) -> None:
    line, carets = underline(text, min(column, len(text)), width, room)
    assert columns(line) <= room
    assert carets.endswith("^")


LEXICAL = st.from_regex(
    r"[-+]?(\d{1,5}|1996|true)(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:00:00)?(\.\d?)?(Z|[+-]\d\d:\d\d)?",
    fullmatch=True,
)


@pytest.mark.parametrize(
    "datatype", ["date", "gYear", "gYearMonth", "integer", "decimal", "boolean", "dateTime"]
)
@given(data=st.data())
@pytest.mark.slow
def test_lexical_forms_are_those_of_oxigraph(datatype: str, data: st.DataObject) -> None:
    text = data.draw(LEXICAL)
    (row,) = cast(Any, Store().query(f'SELECT (<{XSD}{datatype}>("{text}") AS ?x) {{}}', prefixes={}))
    assert is_well_formed(text, XSD + datatype) == (row["x"] is not None)


@given(st.dates())
def test_every_date_is_one(day: date) -> None:
    assert is_well_formed(day.isoformat(), XSD + "date")
    assert is_well_formed(day.isoformat(), EDTF)
    assert is_well_formed(day.isoformat()[:7], XSD + "gYearMonth")
    assert is_well_formed(day.isoformat()[:4], XSD + "gYear")


EDTF_FORMS = "1985 1985-04 1985-04-12 199X 19XX 1984? 2004-06-11% 1964/2008 2004-06/2006-08 ../1999 1985/.. 1985/ 1996~ Y170000002 2001-21 X19X 1X9X-0X"
NOT_EDTF = "1985X 85 c.1996 1990s 1985-13 1985-02-30 1985/1986/1987 .. / 1985-4 1996?? X19 1985-X"


@pytest.mark.parametrize("text", EDTF_FORMS.split())
def test_edtf(text: str) -> None:
    assert is_well_formed(text, EDTF)


@pytest.mark.parametrize("text", NOT_EDTF.split())
def test_not_edtf(text: str) -> None:
    assert not is_well_formed(text, EDTF)


def test_importing_validate_imports_neither_rdflib_nor_pyshacl() -> None:
    code = "import sys, lodkit.validate, lodkit.lint; print([m for m in ('rdflib', 'pyshacl') if m in sys.modules])"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


def test_a_broken_shape_is_an_error_of_the_domain(tmp_path: Path) -> None:
    broken = edited(
        tmp_path,
        "shapes/coast.ttl",
        'sh:nodeKind sh:IRI ;\n  sh:name "page"',
        'sh:nodeKind sh:IRI , sh:Literal ;\n  sh:name "page"',
    )
    with pytest.raises(DomainError, match=r"coast\.ttl:\d+: \S+page: sh:nodeKind has 2 values"):
        validate([*quads_of(CONFORMING), fact("Blue", "page", NamedNode(ID + "Page"))], broken)


def test_a_nameless_shape_reports_as_the_one_that_holds_it(tmp_path: Path) -> None:
    inline = (
        'sh:property [ sh:path c:code ; sh:minCount 1 ; sh:message "It has a code." ] , shape:Light-label ,'
    )
    domain = edited(tmp_path, "shapes/coast.ttl", "sh:property shape:Light-label ,", inline)
    (result,) = validate(quads_of(CONFORMING), domain).results
    assert (domain.compact(result.source_shape), result.message) == ("shape:Light", "It has a code.")


def test_a_query_of_a_property_shape_knows_its_path(tmp_path: Path) -> None:
    query = """sh:path c:motto ; sh:sparql [ sh:prefixes <https://example.org/coast> ;
      sh:select "SELECT $this ?value ?message { $this $PATH ?value BIND (CONCAT('It says ', ?value, '.') AS ?message) }" ] ;"""
    domain = edited(tmp_path, "shapes/coast.ttl", "sh:path c:motto ;", query)
    report = validate(quads_of(CONFORMING + 'id:Blue c:motto "Lux"@en | Lux'), domain, articles=ARTICLES)
    (result,) = report.results
    assert (result.path, result.message) == (COAST + "motto", "It says Lux.")
    assert result.places[0].quote == "Lux"


def test_a_value_that_the_store_rewrites_still_has_its_place(tmp_path: Path) -> None:
    query = """sh:path c:height ; sh:sparql [ sh:prefixes <https://example.org/coast> ;
      sh:select "SELECT $this ?value { $this $PATH ?value }" ] ;"""
    domain = edited(tmp_path, "shapes/coast.ttl", "sh:path c:height ;", query)
    (result,) = validate(quads_of(CONFORMING + 'id:Blue c:height "07"^^xsd:integer | tall'), domain).results
    assert [place.quote for place in result.places] == ["tall"]


def test_a_triple_as_a_term_is_refused() -> None:
    inner = Triple(NamedNode(ID + "a"), NamedNode(ID + "b"), NamedNode(ID + "c"))
    with pytest.raises(InputError, match=r"RDF 1\.2"):
        validate([*facts_only(CONFORMING), fact("Blue", "page", inner)], DOMAIN)


@pytest.mark.parametrize("where", ["shape:Light-older a sh:NodeShape ;", "sh:sparql ["])
def test_deactivated_queries_do_not_run(where: str, tmp_path: Path) -> None:
    domain = edited(tmp_path, "shapes/coast.ttl", where, where + " sh:deactivated true ;")
    assert validate(quads_of(CASES["sparql"]["facts"]), domain).results == ()


# Shapes lint: what is edited in the small domain, and what is then said.


def edited(folder: Path, file: str, old: str, new: str) -> Domain:
    shutil.copytree(HERE / "domain", folder / "domain")
    path = folder / "domain" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return read_small_domain(folder / "domain")


LINT: dict[str, dict[str, str]] = tomllib.loads((HERE / "lint.toml").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("name", mostly_slow(LINT))
def test_lint(name: str, tmp_path: Path) -> None:
    case = LINT[name]
    broken = edited(tmp_path, case.get("file", "shapes/coast.ttl"), case["old"], case["new"])
    assert "\n".join(map(str, lint_shapes(broken))) == case["says"].strip()


def test_the_small_shapes_are_clean() -> None:
    assert lint_shapes(DOMAIN) == []


@pytest.mark.slow
def test_the_bundled_shapes_are_clean() -> None:
    assert list(map(str, lint_shapes(read_small_domain(Path(__file__).parents[1])))) == []


if __name__ == "__main__":
    for case in CASES:
        (HERE / "golden" / f"{case}.txt").write_text(render(check(CASES[case]["facts"])), encoding="utf-8")


@pytest.mark.parametrize("is_on", [True, False])
def test_looking_for_cycles_is_left_as_it_was(is_on: bool) -> None:
    try:
        (gc.enable if is_on else gc.disable)()
        with without_collections():
            assert not gc.isenabled()
        assert gc.isenabled() == is_on
        with without_collections(unless=True):
            assert gc.isenabled() == is_on
        with suppress(KeyError), without_collections():
            raise KeyError
        assert gc.isenabled() == is_on
    finally:
        gc.enable()


@pytest.mark.slow
def test_validation_makes_no_cycles(domain: Domain, sample: Path) -> None:
    quads = list(build_article(sample, domain).quads())
    validate(quads, domain)
    gc.collect()
    gc.disable()
    try:
        validate(quads, domain)
        assert gc.collect() < 200
    finally:
        gc.enable()
