"""Canned queries: expected rows in two engines, headers, parameters, tokens, output."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat
from tests.sampled import rotated, thinned

from lodkit import query as lodkit_query
from lodkit.cli.check import check_queries
from lodkit.errors import DomainError, InputError, QueryError
from lodkit.query import (
    CannedQuery,
    Solutions,
    add_labels,
    bind,
    catalogue,
    find_query,
    format_solutions,
    labels,
    parse_query,
    run,
)
from lodkit.query.catalogue import RDF_TYPE
from lodkit.query.layout import clean, columns_of, fit, wrap
from lodkit.query.parameters import TYPES, parameter_type, parse_value
from lodkit.query.solutions import RDFS_LABEL
from lodkit.rdf import serialize
from lodkit.sparql import substitute, tokenize
from lodkit.store import Store
from lodkit.xsd import XSD
from lodkit.xsd.lexical import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "queries"
ID = "https://w3id.org/lodkit/id/"
PREFIXES = {
    "id": ID,
    "article": "https://w3id.org/lodkit/article/",
    "lk": "https://w3id.org/lodkit/core#",
    "mvt": "https://w3id.org/lodkit/movement#",
    "schema": "https://schema.org/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
}


@dataclass(frozen=True, slots=True)
class SmallDomain:
    """As much of a domain as queries need."""

    folder: Path = ROOT
    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)


DOMAIN = SmallDomain()
QUERIES = catalogue(DOMAIN)
PARAMETERS: dict[str, tuple[str, dict[str, str]]] = {
    "about": ("about", {"entity": "per BERG"}),
    "about-iri": ("about", {"entity": f"<{ID}Norland>"}),
    "conflicts-entity": ("conflicts", {"entity": "Grey Pier Party"}),
    "events-place": ("events", {"place": "Osby"}),
    "events-years": ("events", {"from": "1989", "to": "1999"}),
    "evidence": ("evidence", {"entity": "id:Red_Harbour_Union"}),
    "find": ("find", {"name": "ada lund"}),
    "find-accents": ("find", {"name": "ylva strom"}),
    "find-part": ("find", {"name": "ÅRBOUR"}),
    "find-class": ("find", {"name": "Mass Organization", "class": "owl:Class"}),
    "founded-all": ("founded", {"from": "1950", "to": "1987", "place": "Norland"}),
    "founded-from": ("founded", {"from": "1990"}),
    "founded-place": ("founded", {"place": "Norland"}),
    "founded-to": ("founded", {"to": "1950"}),
    "founders-entity": ("founders", {"entity": "The Buoy"}),
    "leaders-entity": ("leaders", {"entity": "Grey Pier Party"}),
    "members-entity": ("members", {"entity": f"<{ID}Grey_Pier_Party/Harbour_League>"}),
    "names-entity": ("names", {"entity": "BL"}),
    "quantities-entity": ("quantities", {"entity": "Grey Pier Party"}),
    "references-entity": ("references", {"entity": "Blue Lantern"}),
    "unreferenced-entity": ("unreferenced", {"entity": "Grey Pier Party"}),
    "shared-class": ("shared", {"class": "place"}),
    "shared-least": ("shared", {"least": "3"}),
    "sections-entity": ("sections", {"entity": "red harbour union"}),
    "timeline-years": ("timeline", {"from": "1990", "to": "1999"}),
}
CASES: dict[str, tuple[str, dict[str, str]]] = {name: (name, {}) for name in QUERIES} | PARAMETERS


ONE = "https://w3id.org/lodkit/article/Blue_Lantern#"


FILES = {"one": ("small.trig",), "three": ("small.trig",), "five": ("small.trig", "more.trig")}


def small_quads(articles: str) -> list[pyoxigraph.Quad]:
    """The quads of ``one`` article, of ``three`` or of all ``five``, with the ontology."""
    data = chain.from_iterable(
        pyoxigraph.parse((FOLDER / file).read_bytes(), RdfFormat.TRIG) for file in FILES[articles]
    )
    return [
        *lodkit_query.ontology(DOMAIN),
        *(quad for quad in data if articles != "one" or str(quad.graph_name).startswith(f"<{ONE}")),
    ]


def small_store(articles: str) -> Store:
    found = Store()
    found.add(small_quads(articles))
    return found


STORES = {articles: small_store(articles) for articles in FILES}


@pytest.fixture
def store() -> Store:
    return STORES["three"]


@pytest.fixture(scope="module")
def datasets() -> Iterator[dict[str, Any]]:
    import rdflib

    normalize = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False  # it would rewrite lexical forms, which the rows show
    found = {articles: rdflib.Dataset(default_union=True) for articles in STORES}
    for articles, dataset in found.items():
        dataset.parse(
            data=pyoxigraph.serialize(small_quads(articles), format=RdfFormat.N_QUADS), format="nquads"
        )
    yield found
    rdflib.NORMALIZE_LITERALS = normalize


@pytest.fixture(scope="module")
def merged(datasets: dict[str, Any]) -> Any:
    """All triples in one graph of rdflib (while ``datasets`` keeps it from rewriting them)."""
    import rdflib

    graph = rdflib.Graph()
    for triple in datasets["five"].triples((None, None, None)):
        graph.add(triple)
    return graph


def expected_rows(articles: str, case: str) -> list[list[str]]:
    with (FOLDER / articles / f"{case}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("case", sorted(CASES))
@pytest.mark.parametrize("articles", sorted(STORES))
def test_rows_are_as_expected(articles: str, case: str) -> None:
    name, parameters = CASES[case]
    terms = lodkit_query.resolve(QUERIES[name], parameters, STORES["five"], DOMAIN)
    found = run(
        QUERIES[name], STORES[articles], {key: parameter(term) for key, term in terms.items()}, domain=DOMAIN
    )
    assert list(csv.reader(io.StringIO(format_solutions(found, "csv"), newline=""))) == expected_rows(
        articles, case
    )
    assert found.rows or articles != "five"


def parameter(term: NamedNode | Literal) -> str:
    return str(term) if isinstance(term, NamedNode) else term.value


@pytest.mark.parametrize(  # the largest is asked in one graph below
    ("case", "articles"), rotated(sorted(CASES), sorted(set(STORES) - {"five"}))
)
@pytest.mark.slow
def test_another_engine_gives_the_same_rows(articles: str, case: str, datasets: dict[str, Any]) -> None:
    name, parameters = CASES[case]
    query = QUERIES[name]
    found = datasets[articles].query(
        bind(query, lodkit_query.resolve(query, parameters, STORES["five"], DOMAIN))
    )
    rows = [["" if term is None else str(term) for term in row] for row in found]
    assert [[str(variable) for variable in found.vars], *rows] == expected_rows(articles, case)


@pytest.mark.parametrize("case", thinned(sorted(CASES), 3))
@pytest.mark.slow
def test_another_engine_gives_the_same_rows_in_one_graph(case: str, merged: Any) -> None:
    name, parameters = CASES[case]
    query = QUERIES[name]
    found = merged.query(bind(query, lodkit_query.resolve(query, parameters, STORES["five"], DOMAIN)))
    rows = [["" if term is None else str(term) for term in row] for row in found]
    assert [[str(variable) for variable in found.vars], *rows] == expected_rows("five", case)


@pytest.mark.slow
def test_no_class_is_below_country() -> None:
    """The query countries asks for instances of that class alone."""
    below = {
        str(quad.subject): str(quad.object)
        for quad in lodkit_query.ontology(DOMAIN)
        if quad.predicate.value.endswith("subClassOf")
    }
    assert f"<{PREFIXES['mvt']}Country>" not in below.values()


@pytest.mark.parametrize(("name", "root"), [("places", "Place"), ("shared", "Entity")])
def test_steps_reach_every_class(name: str, root: str) -> None:
    """Where a query goes to classes by steps, in place of a path with ``*``, no class lies deeper than they go."""
    text = (ROOT / "queries" / f"{name}.rq").read_text(encoding="utf-8")
    steps = max(arm.count("rdfs:subClassOf") for arm in text.splitlines() if "UNION {" in arm)
    classes = Store()
    classes.add(lodkit_query.ontology(DOMAIN))
    path = "/".join(["rdfs:subClassOf"] * (steps + 1))
    assert steps > 3
    assert not classes.ask(f"ASK {{ ?deep {path} mvt:{root} }}", prefixes=PREFIXES)


def test_every_expected_file_has_its_case() -> None:
    assert {path.parent.name + path.stem for path in FOLDER.glob("*/*.csv")} == {
        articles + case for articles in STORES for case in CASES
    }


@pytest.mark.parametrize("name", sorted(name for name, query in QUERIES.items() if query.evidence))
def test_every_row_is_cited(name: str) -> None:
    texts = {path.name: path.read_text("utf-8").split("\n") for path in FOLDER.glob("*.txt")}
    found = run(
        QUERIES[name],
        STORES["five"],
        dict(CASES[name][1]) | PARAMETERS.get(name, ("", {}))[1],
        domain=DOMAIN,
        evidence=True,
    )
    assert found.cites is not None
    assert all(found.cites)
    for cite in (cite for cites in found.cites for cite in cites):
        there = texts[str(cite.file)][cite.line - 1][cite.column - 1 :]
        assert there.startswith((cite.quote, cite.quote.rpartition(": ")[2]))  # with the key of its row


@pytest.mark.slow
@pytest.mark.parametrize("case", sorted(CASES))
def test_citing_changes_no_row(case: str) -> None:
    name, parameters = CASES[case]
    plain, cited = (
        run(QUERIES[name], STORES["five"], parameters, domain=DOMAIN, evidence=evidence)
        for evidence in (False, True)
    )
    assert plain.rows == cited.rows


@pytest.mark.parametrize("case", sorted(CASES))
def test_no_row_is_of_iris_alone_where_one_has_a_label(case: str) -> None:
    name, parameters = CASES[case]
    found = run(QUERIES[name], STORES["five"], parameters, domain=DOMAIN)
    known = labels(found, STORES["five"])
    for row in found.rows:
        words = [
            cell for cell in row if isinstance(cell, Literal) and cell.value and not cell.value.isdigit()
        ]
        assert words or not any(isinstance(cell, NamedNode) and cell.value in known for cell in row)


@pytest.mark.parametrize("name", ["events", "find", "founded", "overview"])
def test_facts_alone_answer_what_needs_no_evidence(name: str) -> None:
    facts = Store()
    facts.add(quad for quad in small_quads("five") if not str(quad.graph_name).endswith("#evidence>"))
    parameters = {"name": "Blue Lantern"} if name == "find" else {}
    dropped = {"article"} if name == "find" else set()
    with_all, without = (
        run(QUERIES[name], store, parameters, domain=DOMAIN) for store in (STORES["five"], facts)
    )
    kept = [index for index, column in enumerate(without.variables) if column not in dropped]
    assert {tuple(row[index] for index in kept) for row in without.rows} >= {
        tuple(row[index] for index in kept) for row in with_all.rows
    }


def test_queries_of_counts_alone_have_no_evidence() -> None:
    assert {name for name, query in QUERIES.items() if not query.evidence} == {
        "articles",
        "classes",
        "countries",
        "properties",
    }


def test_the_quotes_of_a_row_come_from_each_place(store: Store) -> None:
    found = run(QUERIES["founders"], store, domain=DOMAIN, evidence=True)
    assert found.cites is not None
    assert [str(cite) for cite in found.cites[0]] == [
        'Blue_Lantern.txt:4:3 "Founder: Ada Lund"',
        'Blue_Lantern.txt:5:3 "Formation: 1996"',
        'Blue_Lantern.txt:10:53 "founded by Ada Lund to spread reading abroad"',
    ]


# ---------------------------------------------------------------- headers

GOOD = """#+ summary: Who is named so
#+ description: >
#+   Finds things
#+   by their name.
#+ topic: Names
#+ tags: [name, "search"]
#+ params:
#+   name:
#+     type: string
#+     description: "the name: in full"
#+     default: 'Ada''s'

PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
# $not_a_parameter
SELECT ?thing WHERE { ?thing rdfs:label ?label FILTER(STR(?label) = $name && ?label != "$name") } ORDER BY ?thing
"""
GOOD = GOOD.replace('"search"', "search")


def test_a_header_is_read() -> None:
    query = parse_query(GOOD)
    assert (query.summary, query.description) == ("Who is named so", "Finds things by their name.")
    assert (query.topic, query.tags, query.form) == ("Names", ("name", "search"), "SELECT")
    [parameter] = query.parameters
    assert (parameter.default, parameter.description) == ("Ada's", "the name: in full")


BAD = {
    "undeclared": (("= $name", "= $nam"), 15, "$nam"),
    "unused": (("= $name ", "= 'x' "), 8, "$name"),
    "same variable": (("= $name", "= ?name"), 15, "?name"),
    "unknown type": (("type: string", "type: text"), 8, "name"),
    "no type": (("#+     type: string\n", ""), 8, "name"),
    "bad default": (("type: string", "type: year"), 8, "name"),
    "bad required": (("default: 'Ada''s'", "required: maybe"), 8, "name"),
    "default of a required one": (("default:", "required: true\n#+     default:"), 8, "name"),
    "no summary": (("#+ summary: Who is named so\n", ""), 1, "summary"),
    "no topic": (("#+ topic: Names\n", ""), 1, "topic"),
    "unknown key": (("topic: Names", "topic: Names\n#+ sumary: x"), 6, "sumary"),
    "key twice": (("topic: Names", "topic: Names\n#+ topic: x"), 6, "topic"),
    "key without value": (("topic: Names", "topic:"), 5, "topic"),
    "no colon": (("topic: Names", "topic Names"), 5, "key: value"),
    "unquoted colon": (("topic: Names", "topic: Names: more"), 5, "quotes"),
    "unclosed quote": (('"the name: in full"', '"the name'), 10, "closed"),
    "unclosed list": (("[name, search]", "[name, search"), 6, "[word, word]"),
    "tab": (("#+   name:", "#+ \tname:"), 8, "tab"),
    "indentation": (("#+ tags", "#+  tags"), 6, "indentation"),
    "syntax": (("SELECT ?thing WHERE {", "SELECT ?thing WHERE {{"), 15, "nothing closes this"),
    "unknown prefix": (("rdfs:label", "rdf:label"), 15, "not SPARQL"),
    "value where none can stand": (("SELECT ?thing", "SELECT ?thing $name"), 15, "filled"),
    "service": (("{ ?thing", "{ SERVICE <http://x> {} ?thing"), 15, "SERVICE"),
    "from": (("WHERE", "FROM NAMED <http://x> WHERE"), 15, "FROM"),
    "update": (("SELECT ?thing WHERE", "DELETE WHERE"), 15, "DELETE"),
    "escaped letter": (("SELECT", "\\u0053ELECT"), 15, "escape"),
    "no form": ((GOOD[GOOD.index("SELECT") :], ""), 1, "no SELECT"),
    "evidence of no variable": (
        ("topic: Names", "topic: Names\n#+ evidence:\n#+   - ?no rdfs:label ?label"),
        7,
        "pattern",
    ),
    "evidence of two": (("topic: Names", "topic: Names\n#+ evidence:\n#+   - ?thing ?label"), 7, "pattern"),
    "ask": (("SELECT ?thing WHERE", "ASK"), 1, "ASK"),
    "control character": (("ORDER", "\x01ORDER"), 15, "\\x01"),
}


@pytest.mark.parametrize("fault", sorted(BAD))
def test_a_broken_query_names_file_line_and_term(fault: str, tmp_path: Path) -> None:
    (old, new), line, words = BAD[fault]
    assert old in GOOD
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "broken.rq").write_text(GOOD.replace(old, new), encoding="utf-8")
    [error] = check_queries(SmallDomain(folder=tmp_path))
    assert (error.file, error.line) == ("queries/broken.rq", line)
    assert words in str(error)


def test_a_query_file_is_named_plainly(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "Two Words.rq").write_text(GOOD, encoding="utf-8")
    with pytest.raises(DomainError, match=r"Two Words\.rq"):
        catalogue(SmallDomain(folder=tmp_path))


def test_an_unknown_query_is_told_the_known_ones() -> None:
    with pytest.raises(QueryError, match="founders"):
        find_query(DOMAIN, "../founder")


def test_canned_queries_are_in_the_portable_subset() -> None:
    for query in QUERIES.values():
        words = [token.text.upper() for token in tokenize(query.text) if token.kind == "word"]
        assert "ORDER" in words, query.name
        assert not {"SERVICE", "FROM", "NOW", "RAND", "UUID", "STRUUID", "BNODE"} & set(words), query.name


# ---------------------------------------------------------------- ad-hoc queries


def test_a_file_needs_no_header(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(
        "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/lodkit/movement#Person> }", encoding="utf-8"
    )
    found = run(lodkit_query.read_query(path), store, domain=DOMAIN)
    assert [[str(cell) for cell in row] for row in found.rows] == [
        ['"6"^^<http://www.w3.org/2001/XMLSchema#integer>']
    ]


def test_other_forms_have_rows_too(store: Store) -> None:
    truth = run(parse_query("ASK { ?s ?p ?o }"), store, domain=DOMAIN)
    assert json.loads(format_solutions(truth, "json")) == {"head": {}, "boolean": True}
    triples = run(parse_query(f"DESCRIBE <{ID}Norland>"), store, domain=DOMAIN)
    assert triples.variables == ("subject", "predicate", "object")
    assert len(triples.rows) == 2
    made = run(
        parse_query("CONSTRUCT { ?s a ?s } WHERE { ?s a <https://w3id.org/lodkit/movement#Person> }"),
        store,
        domain=DOMAIN,
    )
    assert list(made.rows) == sorted(made.rows, key=lambda row: [str(cell) for cell in row])


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * FROM <http://x/> { ?s ?p ?o }",
        "select * from named <http://x/> { ?s ?p ?o }",
        "INSERT DATA { <x:a> <x:b> <x:c> }",
        "LOAD <http://x/>",
        "",
        "nonsense",
    ],
)
def test_what_leaves_the_data_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        parse_query(text)


def test_keywords_in_strings_and_names_are_not_refused() -> None:
    parse_query("PREFIX from: <x:> SELECT ?service { ?service from:SERVICE 'FROM' } # SERVICE")


@pytest.mark.parametrize(("data", "words"), [(b"\xff", "byte 0"), (None, "no such file")])
def test_unreadable_files(data: bytes | None, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError, match=words):
        lodkit_query.read_query(path)


# ---------------------------------------------------------------- parameters


def ask_about(store: Store, entity: str) -> str:
    [term] = lodkit_query.resolve(QUERIES["about"], {"entity": entity}, store, DOMAIN).values()
    return str(term)


@pytest.mark.parametrize("value", ["id:Arvika", f"<{ID}Arvika>", f"{ID}Arvika", "Arvika", "  aRVIKA "])
def test_an_entity_is_given_in_many_ways(value: str, store: Store) -> None:
    assert ask_about(store, value) == f"<{ID}Arvika>"


@pytest.mark.parametrize("value", ["BL", "blå lykta", "lamp circle", "bla\u030a lykta"])
def test_an_entity_is_found_by_an_alias(value: str, store: Store) -> None:
    assert ask_about(store, value) == f"<{ID}Blue_Lantern>"


@pytest.mark.parametrize("value", ["bla lykta", "BLÅ LYKTA", "blÁ lykta", "blue‐lantern", "Nils 'Nisse' Ek"])
def test_accents_and_the_like_do_not_matter(value: str) -> None:
    lantern, nils = f"<{ID}Blue_Lantern>", f"<{ID}Red_Harbour_Union/Nils_Ek>"
    store = small_store("three")
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    graph = NamedNode("https://w3id.org/lodkit/article/Blue_Lantern#facts")
    for node, name in ((lantern, "Blue-Lantern"), (nils, "Nils ‘Nisse’ Ek")):
        store.add([pyoxigraph.Quad(NamedNode(node[1:-1]), label, Literal(name), graph)])
    assert ask_about(store, value) == (nils if value.startswith("Nils") else lantern)


def test_a_name_means_the_article_about_it_first() -> None:
    assert ask_about(STORES["five"], "ada lund") == f"<{ID}Ada_Lund>"


def test_a_name_with_its_accents_goes_before_one_without() -> None:
    store = small_store("five")
    type_, label = (NamedNode(iri) for iri in (RDF_TYPE, PREFIXES["rdfs"] + "label"))
    for name in ("Oland", "Öland"):
        node = NamedNode(ID + name)
        store.add([pyoxigraph.Quad(node, type_, NamedNode(PREFIXES["mvt"] + "Place"))])
        store.add([pyoxigraph.Quad(node, label, Literal(name, language="sv"))])
    for name in ("Oland", "Öland"):
        assert ask_about(store, name) == str(NamedNode(ID + name))
    with pytest.raises(QueryError, match="names 2 things"):
        ask_about(store, "Òland")


@pytest.mark.parametrize("value", ["lantern", "BLUE L", "lue lan"])
def test_a_part_of_a_name_is_proposed_and_not_taken(value: str, store: Store) -> None:
    with pytest.raises(QueryError, match="did you mean id:Blue_Lantern") as caught:
        ask_about(store, value)
    assert "nothing is named" in str(caught.value)


def test_a_find_of_a_domain_may_return_entities_only(tmp_path: Path, store: Store) -> None:
    (tmp_path / "queries").mkdir()
    find = re.sub(r"#\+ evidence:\n.*\n", "", (ROOT / "queries" / "find.rq").read_text("utf-8"))
    find = find.replace("SELECT DISTINCT ?entity ?property ?label ?match ?article", "SELECT DISTINCT ?entity")
    find = find[: find.index("ORDER BY")] + "ORDER BY STR(?entity)\n"
    (tmp_path / "queries" / "find.rq").write_text(find, encoding="utf-8")
    [term] = lodkit_query.resolve(
        QUERIES["about"], {"entity": "blå lykta"}, store, SmallDomain(folder=tmp_path)
    ).values()
    assert str(term) == f"<{ID}Blue_Lantern>"


def test_an_ambiguous_name_lists_the_candidates(store: Store) -> None:
    with pytest.raises(QueryError) as caught:
        ask_about(store, "Ada Lund")
    assert "id:Blue_Lantern/Ada_Lund, id:Red_Harbour_Union/Ada_Lund" in str(caught.value)


@pytest.mark.parametrize(
    "value", ["nobody", "", "<not an iri>", "<x>", "id:a b", "unknown:x", "id:\x00", "\ud800"]
)
def test_what_names_nothing_is_an_error(value: str, store: Store) -> None:
    with pytest.raises(QueryError, match="entity"):
        ask_about(store, value)


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("about", {}, "needs this parameter"),
        ("about", {"entity": "BL", "x": "1"}, "it has: entity"),
        ("classes", {"x": "1"}, "it has none"),
        ("timeline", {"from": "last year"}, "'last year' is no year"),
        ("timeline", {"from": "1996 } #"}, "is no year"),
    ],
)
def test_wrong_parameters(name: str, parameters: dict[str, str], words: str, store: Store) -> None:
    with pytest.raises(QueryError, match=words):
        run(QUERIES[name], store, parameters, domain=DOMAIN)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("year", "-44", "-44"),
        ("year", "0044", "44"),
        ("integer", "+7", "7"),
        ("date", "2024-02-29", "2024-02-29"),
        ("language", "pt-BR", "pt-br"),
        ("boolean", "True", "true"),
        ("edtf", "1999?", "1999?"),
        ("xsd:gYear", "-0043", "-0043"),
        ("xsd:date", "12020-02-29", "12020-02-29"),
        ("xsd:dateTime", "1999-12-31T24:00:00", "1999-12-31T24:00:00"),
        ("xsd:decimal", " 1.50 ", "1.50"),
        ("xsd:duration", "P1Y6M", "P1Y6M"),
        ("date", "-0043-03-15", "-0043-03-15"),
        ("string", " a ", " a "),
    ],
)
def test_values_are_read(kind: str, text: str, value: str) -> None:
    assert parse_value(kind, text).value == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("year", "19960"),
        ("year", "MCM"),
        ("year", "\u0661\u0669\u0669\u0666"),
        ("integer", "1.5"),
        ("integer", ""),
        ("date", "2023-02-29"),
        ("date", "2023"),
        ("language", "en_GB"),
        ("language", "toolonglanguage"),
        ("boolean", "yes"),
        ("edtf", "1990s"),
        ("xsd:gYear", "96"),
        ("xsd:unsignedByte", "256"),
        ("xsd:date", "1900-02-29"),
        ("xsd:nothing", "1"),
        ("iri", "x> } DELETE"),
    ],
)
def test_values_of_another_type_are_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_value(kind, text)


def test_every_type_has_a_sample_that_it_could_have_read() -> None:
    others = [parameter_type(f"xsd:{iri.removeprefix(XSD)}") for iri in TABLE if iri.startswith(XSD)]
    kinds = [*TYPES.values(), *filter(None, others)]
    assert len(kinds) > 50
    for kind in kinds:
        assert kind.parse(kind.sample.value) == kind.sample


def test_refusal_says_why() -> None:
    with pytest.raises(ValueError, match="no such day: 1900-02-29"):
        parse_value("xsd:date", "1900-02-29")


ECHO = parse_query(
    """#+ params:
#+   value:
#+     type: string
#+     description: any text
SELECT ?value WHERE { BIND($value AS ?echo) BIND(?echo AS ?x) }""".replace("SELECT ?value", "SELECT ?echo")
)
INJECTIONS = [
    '" } #',
    "' } #",
    '"""',
    "'''",
    "\\",
    '\\"',
    "\\u0022 } INSERT",
    "\\\\u0022",
    "\\U00000022",
    '\\u005c"',
    "> } ; DROP ALL",
    "x\n} #",
    "\r\n\t",
    "$value",
    "?x",
    "# comment",
    "\x00u0041",
    "\\\x00u",
    "{{}}",
    "%s {0}",
    "\x85\u2028",
]


@pytest.mark.parametrize("value", INJECTIONS)
@pytest.mark.slow
def test_injection_is_inert(value: str, store: Store, datasets: dict[str, Any]) -> None:
    text = bind(ECHO, {"value": Literal(value)})
    assert [[cell.value for cell in row] for row in store.solutions(text) if all(row)] == [[value]]
    assert [str(row[0]) for row in datasets["one"].query(text)] == [value]


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text("\\uU\"'0025c\n "))
def test_a_text_is_bound_as_one_token_and_read_back(value: str) -> None:
    written = serialize(Literal(value))
    assert [token.kind for token in tokenize(re.sub(r"\\U0{6}", "x", written))] == ["string"]
    [row] = Store().solutions(f"SELECT ({written} AS ?x) {{}}")
    assert row[0].value == value


@given(st.text(max_size=30))
def test_no_value_ends_an_iri(value: str) -> None:
    try:
        term = parse_value("iri", f"https://example.org/{value}")
    except (ValueError, UnicodeError):
        return
    assert [token.kind for token in tokenize(serialize(term))] == ["iri"]


# ---------------------------------------------------------------- tokens

PIECES = st.sampled_from(
    [
        "$a ",
        "?a ",
        '"$a" ',
        "'$a' ",
        '"""$a"""',
        "'''$a'''",
        "<http://x/$a>",
        "# $a\n",
        "$a",
        "a:b ",
        "@en ",
        "12.5e3 ",
        "<= ",
        "< ",
        "\n",
        "_:b ",
    ]
)


@given(st.lists(PIECES).map("".join))
def test_tokens_are_the_text(text: str) -> None:
    assert "".join(token.text for token in tokenize(text)) == text
    assert substitute(text, {}) == text


@given(st.lists(PIECES, max_size=8).map(" ".join))
def test_only_variables_are_replaced(text: str) -> None:
    plain = sum(1 for token in tokenize(text) if token.kind == "variable" and token.text.startswith("$"))
    assert substitute(text, {"a": "VALUE"}).count("VALUE") == plain


@given(st.text())
def test_any_text_is_cut_or_refused(text: str) -> None:
    try:
        pieces = [token.text for token in tokenize(text)]
    except QueryError as error:
        refused = error
    else:
        assert "".join(pieces) == text
        return
    assert None not in (refused.line, refused.column)


def test_a_long_text_is_cut_in_linear_time() -> None:
    assert sum(1 for _ in tokenize('"' + "\\\\" * 100_000 + '" ' + "?a" * 100_000)) == 100_002


# ---------------------------------------------------------------- output

KINSHIP = "person,personLabel,relation,relationLabel,relative,relativeLabel,article,evidence,evidenceQuote,evidenceSource"


def test_csv_and_tsv_follow_the_formats(store: Store) -> None:
    text = 'SELECT * { VALUES (?a ?b ?c) { (<x:a> "a,\\"b\\"\\nc"@en UNDEF) (1 "t\\tab" "2001"^^<x:year>) } }'
    found = run(parse_query(text), store, domain=DOMAIN)
    assert format_solutions(found, "csv") == 'a,b,c\r\nx:a,"a,""b""\nc",\r\n1,t\tab,2001\r\n'
    assert format_solutions(found, "tsv") == (
        '?a\t?b\t?c\n<x:a>\t"a,\\"b\\"\\nc"@en\t\n"1"^^<http://www.w3.org/2001/XMLSchema#integer>\t"t\\tab"\t"2001"^^<x:year>\n'
    )


@pytest.mark.parametrize("name", ["timeline", "names", "uncertain", "sections"])
def test_json_and_tsv_are_read_by_another_library(name: str, store: Store) -> None:
    found = run(QUERIES[name], store, domain=DOMAIN)
    for form, parser in (
        ("json", pyoxigraph.QueryResultsFormat.JSON),
        ("tsv", pyoxigraph.QueryResultsFormat.TSV),
    ):
        answer = pyoxigraph.parse_query_results(format_solutions(found, form).encode(), parser)
        assert isinstance(answer, pyoxigraph.QuerySolutions)
        assert tuple(variable.value for variable in answer.variables) == found.variables
        assert [tuple(row) for row in answer] == list(found.rows)


def test_evidence_is_a_column_of_data(store: Store) -> None:
    found = run(QUERIES["kinship"], store, domain=DOMAIN, evidence=True)
    row, *_ = json.loads(format_solutions(found, "json"))["results"]["bindings"]
    assert row["evidence"] == {
        "type": "literal",
        "value": 'Blue_Lantern.txt:10:134 "Ada Lund (sister-in-law of Per Berg)"',
    }
    assert row["evidenceQuote"]["value"] == "Ada Lund (sister-in-law of Per Berg)"
    assert "evidenceSource" not in row  # it is not said there
    assert format_solutions(found, "csv").splitlines()[0] == KINSHIP


def test_labels_stand_beside_short_iris(store: Store) -> None:
    found = run(QUERIES["kinship"], store, domain=DOMAIN, evidence=True)
    known = labels(found, store)
    table = format_solutions(found, "table", labels=known, prefixes=PREFIXES, width=200, iris=True)
    assert "Ada Lund (id:Blue_Lantern/Ada_Lund)" in table
    assert table.splitlines()[3] == '    Blue_Lantern.txt:10:134 "Ada Lund (sister-in-law of Per Berg)"'
    wide = add_labels(found, labels(found, store))
    assert wide.variables[:4] == ("person", "personLabel", "relation", "relationLabel")
    assert wide.rows[0][1] == Literal("Ada Lund")


def test_a_label_is_the_first_or_else_the_title() -> None:
    store = Store()
    title = "http://purl.org/dc/terms/title"
    said = (
        ("a", RDFS_LABEL, "Z"),
        ("a", RDFS_LABEL, "B"),
        ("a", title, "A"),
        ("b", title, "T"),
        ("c", "x:p", "N"),
    )
    store.add(pyoxigraph.Quad(NamedNode(f"x:{s}"), NamedNode(p), Literal(o)) for s, p, o in said)
    rows = tuple((NamedNode(f"x:{name}"),) for name in "abc")
    assert labels(Solutions(("x",), rows), store) == {"x:a": "B", "x:b": "T"}


def test_iris_are_listed_below_by_number(store: Store) -> None:
    found = run(QUERIES["kinship"], store, domain=DOMAIN)
    lines = format_solutions(found, "table", labels=labels(found, store), prefixes=PREFIXES).splitlines()
    assert lines[2].startswith("Ada Lund [1]")
    assert "[1] id:Blue_Lantern/Ada_Lund" in lines[lines.index("") :]
    listed = [line.split()[0] for line in lines[lines.index("") + 1 :]]
    assert listed == [f"[{number}]" for number in range(1, len(listed) + 1)]
    assert set(re.findall(r"\[\d+\]", "\n".join(lines[: lines.index("")]))) == set(listed)


def test_an_empty_answer_has_a_head() -> None:
    found = run(QUERIES["kinship"], Store(), domain=DOMAIN, evidence=True)
    assert found.rows == ()
    assert format_solutions(found, "csv") == KINSHIP + "\r\n"
    assert format_solutions(found, "table").splitlines()[0] == "person  relation  relative  article"
    assert add_labels(found, {}).variables == found.variables


def test_markdown_is_escaped(store: Store) -> None:
    found = run(QUERIES["purposes"], store, domain=DOMAIN)
    lines = format_solutions(found, "md", labels=labels(found, store), prefixes=PREFIXES).splitlines()
    assert lines[1] == "| --- | --- | --- | --- |"
    assert any("work at sea \\| on land @en" in line for line in lines)


def test_hidden_columns_are_in_data_and_not_in_tables(store: Store) -> None:
    found = run(QUERIES["uncertain"], store, domain=DOMAIN)
    assert "statement" in format_solutions(found, "csv").splitlines()[0]
    assert "statement" not in format_solutions(found, "table", width=300).splitlines()[0]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 140, 160])
@pytest.mark.parametrize("name", ["timeline", "works", "founders", "sections", "uncertain"])
def test_a_table_fits_the_terminal(name: str, width: int, store: Store) -> None:
    found = run(QUERIES[name], store, domain=DOMAIN, evidence=True)
    table = format_solutions(found, "table", labels=labels(found, store), prefixes=PREFIXES, width=width)
    assert max(map(columns_of, table.splitlines())) <= width


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(8, 40))
def test_wrapping_keeps_every_character(text: str, width: int) -> None:
    line = clean(text)
    lines = wrap(line, width)
    assert "".join(lines).replace(" ", "") == line.replace(" ", "")
    assert all(columns_of(part) <= width for part in lines)


@given(st.lists(st.integers(1, 200), min_size=1, max_size=9), st.integers(20, 200))
def test_columns_share_the_width(natural: list[int], width: int) -> None:
    widths = fit(natural, width)
    assert all(1 <= got <= size for got, size in zip(widths, natural, strict=True))
    assert sum(widths) + 2 * (len(widths) - 1) <= width or all(got <= 8 for got in widths)


def test_nothing_steers_the_terminal() -> None:
    assert clean("a\x1b[2Jb\u202ec\n d") == "a\ufffd[2Jbc d"


def test_the_list_is_by_topic_in_eighty_columns() -> None:
    lines = lodkit_query.list_queries(QUERIES.values()).splitlines()
    assert all(columns_of(line) <= 80 for line in lines)
    assert sum(line.startswith("  ") for line in lines) == len(QUERIES)
    assert not any("…" in line.replace("=…)", "") for line in lines)
    assert "-p entity=…" in lodkit_query.describe_query(QUERIES["about"])


def test_the_page_of_queries_lists_each_with_what_it_takes() -> None:
    lines = (ROOT / "docs" / "queries.md").read_text("utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| `")]
    expected = {
        query.name: [
            f"`{parameter.name}`" + " (required)" * parameter.required for parameter in query.parameters
        ]
        for query in QUERIES.values()
    }
    assert {row[0].strip("`"): row[1] for row in rows} == {
        query.name: query.summary for query in QUERIES.values()
    }
    assert {
        row[0].strip("`"): [part for part in "".join(row[2:]).split(", ") if part] for row in rows
    } == expected


# ---------------------------------------------------------------- the bundled data


def test_bundled_graphs_are_loaded_with_the_ontology(tmp_path: Path) -> None:
    (tmp_path / "data" / "graphs").mkdir(parents=True)
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    data = pyoxigraph.parse((FOLDER / "small.trig").read_bytes(), RdfFormat.TRIG)
    (tmp_path / "data" / "graphs" / "small.nq").write_bytes(
        pyoxigraph.serialize(data, format=RdfFormat.N_QUADS) or b""
    )
    graphs = lodkit_query.bundled_dataset(SmallDomain(folder=tmp_path)).graphs()
    assert "https://w3id.org/lodkit/movement" in graphs
    assert "https://w3id.org/lodkit/article/Blue_Lantern#facts" in graphs
    (tmp_path / "data" / "graphs" / "broken.nq").write_text("nonsense")
    with pytest.raises(InputError, match=r"broken\.nq"):
        lodkit_query.bundled_dataset(SmallDomain(folder=tmp_path))


def test_no_bundled_graphs_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    with pytest.raises(InputError, match="--on"):
        lodkit_query.bundled_dataset(SmallDomain(folder=tmp_path))


def test_a_query_value_needs_the_iri_type() -> None:
    assert isinstance(parse_value("iri", "https://example.org/x"), NamedNode)
    assert isinstance(QUERIES["about"], CannedQuery)


@pytest.mark.slow
def test_the_ontology_is_parsed_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    first = list(lodkit_query.ontology(DOMAIN))
    monkeypatch.setattr("lodkit.query.bundled.parse", None)
    assert list(lodkit_query.ontology(DOMAIN)) == first
