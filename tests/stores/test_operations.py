"""Each operation on each kind of store, in both layouts: load, replace, query, read back, go on after a stop."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad
from tests.sampled import WHOLE, rotated
from tests.stores.places import Place
from tests.test_query import CASES, DOMAIN, QUERIES, STORES, expected_rows, parameter, small_quads

from lodkit.load import (
    DIGEST,
    Graphs,
    Merged,
    Step,
    Unit,
    changed,
    counts_of,
    group_units,
    layout_of,
    make_unit,
    units_in,
)
from lodkit.load.forms import may_change
from lodkit.load.regroup import asserted
from lodkit.query import find_query, format_solutions, resolve, run
from lodkit.store import Store

pytestmark = pytest.mark.slow

LAYOUTS = ("graphs", "merged")
ARTICLE = "https://w3id.org/lodkit/article/"
LK = "https://w3id.org/lodkit/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"

both = pytest.mark.parametrize("layout", LAYOUTS)


def everything_of(units: list[Unit], layout: str) -> set[str]:
    """The quads of units and of their digests as a store in memory holds them."""
    from lodkit.load import Loading, way_into_store

    store = Store()
    loading = Loading(way_into_store(store), Graphs() if layout == "graphs" else Merged())
    for unit in units:
        loading.load(unit)
    return {str(quad) for quad in store}


def quads_of_all(units: list[Unit]) -> set[Quad]:
    return {quad for unit in units for quad in unit.quads}


def version(unit: Unit, kept: Callable[[int], bool]) -> Unit:
    """Return an article in which only some of the statements are, by their number; facts without a statement
    are gone.
    """
    evidence = [quad for quad in unit.quads if str(quad.graph_name).endswith("#evidence>")]
    statements = sorted({str(quad.subject) for quad in evidence if "#statement-" in str(quad.subject)})
    gone = {name for number, name in enumerate(statements) if not kept(number)}
    left = [quad for quad in evidence if str(quad.subject) not in gone]
    triples = asserted(left)
    facts = [quad for quad in unit.quads if str(quad.graph_name).endswith("#facts>")]
    return make_unit(
        unit.name,
        [*left, *(quad for quad in facts if (quad.subject, quad.predicate, quad.object) in triples)],
    )


def halves(units: list[Unit]) -> list[Unit]:
    return [version(unit, lambda number: number % 2 == 0) for unit in units]


# ---------------------------------------------------------------- loading


@both
def test_load_and_load_again(place: Place, layout: str, small: list[Unit], vocabulary: list[Unit]) -> None:
    units = [*vocabulary, *small]
    assert place.load(units, layout) == ["new"] * 5
    before = place.everything()
    assert place.load(units) == ["unchanged"] * 5
    assert place.everything() == before
    assert place.quads() == quads_of_all(small)


@both
def test_a_store_holds_what_the_embedded_one_holds(place: Place, layout: str, small: list[Unit]) -> None:
    place.load(small, layout)
    assert forms(place.everything()) == forms(everything_of(small, layout))


def forms(quads: set[str]) -> set[str]:
    """Quads in the form that all stores have in common: each has its own way with datatypes of numbers and
    the graph of ``merged``.
    """
    texts = (quad.replace("nonNegativeInteger", "integer").removesuffix(f" <{LK}merged>") for quad in quads)
    return {text.replace('"-044"', '"-0044"') for text in texts}


@both
@pytest.mark.parametrize(
    ("insert", "chunk", "data"), [(2000, 10_000, True), (10, 100, True), (100, 100, False)]
)
def test_in_one_request_or_in_many(
    server: Place, layout: str, small: list[Unit], insert: int, chunk: int, data: bool
) -> None:
    changes: dict[str, Any] = {"insert": insert, "chunk": chunk} | ({} if data else {"data": None})
    assert server.load(small, layout, **changes) == ["new"] * 3
    assert server.quads() == quads_of_all(small)
    assert server.load(halves(small), **changes) == ["replaced"] * 3
    assert server.quads() == quads_of_all(halves(small))
    assert forms(server.everything()) == forms(everything_of(halves(small), layout))


@both
def test_replacing_leaves_what_a_fresh_load_would(
    place: Place, layout: str, small: list[Unit], vocabulary: list[Unit]
) -> None:
    others = [version(unit, lambda number: number % 3 == 0) for unit in small]
    place.load([*vocabulary, *small], layout)
    assert place.load([others[0]]) == ["replaced"]
    assert place.quads() == quads_of_all([others[0], *small[1:]])
    assert place.load(others) == ["unchanged", "replaced", "replaced"]
    assert forms(place.everything()) == forms(everything_of([*vocabulary, *others], layout))


@both
def test_a_shared_fact_goes_with_the_last_article_that_says_so(
    place: Place, layout: str, small: list[Unit]
) -> None:
    shared = [quad for quad in small[0].quads if str(quad.graph_name).endswith("#facts>")]
    supporters: dict[tuple[Any, ...], int] = defaultdict(int)
    for unit in small:
        for triple in asserted([quad for quad in unit.quads if str(quad.graph_name).endswith("#evidence>")]):
            supporters[triple] += 1
    shared = [quad for quad in shared if supporters[quad.subject, quad.predicate, quad.object] > 1]
    assert shared

    def there() -> list[bool]:
        asked = (f"ASK {{ {quad.subject} {quad.predicate} {quad.object} }}" for quad in shared)
        return [place.target.ask(query) for query in asked]

    place.load(small, layout)
    assert all(there())
    place.load([version(small[0], lambda _: False)])
    assert all(there())
    place.load([version(unit, lambda _: False) for unit in small])
    assert not any(there())


@both
def test_the_ontology_is_replaced(
    place: Place, layout: str, vocabulary: list[Unit], small: list[Unit]
) -> None:
    core = vocabulary[0]
    own = [quad for quad in core.quads if str(quad.subject).startswith(f"<{LK[:-1]}")]
    other = make_unit(
        core.name, [*own[::2], Quad(own[0].subject, own[0].predicate, Literal("other"), own[0].graph_name)]
    )
    place.load([core, small[0]], layout)
    assert place.load([other, small[0]]) == ["replaced", "unchanged"]
    names = {str(quad.subject) for quad in own}
    left = {
        quad for quad in place.everything() if quad.split(" ")[0] in names and f" <{DIGEST}> " not in quad
    }
    assert len(left) == len(set(other.quads))
    assert place.load([core]) == ["replaced"]
    assert place.quads() == set(small[0].quads)


@both
def test_other_data_in_the_store_stay(place: Place, layout: str, small: list[Unit]) -> None:
    mine = "<https://example.org/a> <https://example.org/b> <https://w3id.org/lodkit/id/Norland>"
    where = place.loading(layout).layout.target("https://example.org/lodkit/mine")
    data = f"GRAPH <{where}> {{ {mine} }}" if where else mine
    place.target.update(f"INSERT DATA {{ {data} }}")
    place.load(small, layout)
    place.load(halves(small))
    assert [quad for quad in place.everything() if quad.startswith(mine)]
    assert place.quads() == quads_of_all(halves(small))


# ---------------------------------------------------------------- going on


class StoppedError(Exception):
    """The process ends here."""


def stopped_at(place: Place, units: list[Unit], layout: str, number: int, **changes: Any) -> bool:
    """Load units until the step of that number; tell whether there was one."""
    loading = place.loading(layout, **changes)
    way, left = loading.way, number

    def carry_out(step: Step) -> None:
        nonlocal left
        if left == 0:
            raise StoppedError
        left -= 1
        way.carry_out(step)

    loading.way = replace(way, carry_out=carry_out)
    try:
        for unit in units:
            loading.load(unit)
        loading.finish()
    except StoppedError:
        return True
    return False


@pytest.mark.slow
@both
def test_a_load_that_stopped_anywhere_goes_on(place: Place, layout: str, small: list[Unit]) -> None:
    """Whatever step is the last one: the next load leaves what one load would have left, also of another
    version.
    """
    changes: dict[str, Any] = {"insert": 100, "chunk": 150}
    first, second, third = (
        small,
        halves(small),
        [version(unit, lambda number: number % 2 == 1) for unit in small],
    )
    expected = forms(everything_of(second, layout))
    number = 0
    while True:
        place.load(first, layout, **changes)
        if not stopped_at(place, second if number % 2 else third, layout, number, **changes):
            break
        place.load(second, **changes)
        assert forms(place.everything()) == expected, f"stopped at step {number}"
        number += 1 if WHOLE else 3  # of another version each time
    assert number >= (3 if place.kind == "embedded" else 15)


@both
def test_what_is_not_finished_is_seen(server: Place, layout: str, small: list[Unit]) -> None:
    changes: dict[str, Any] = {"insert": 100, "chunk": 150}
    server.load(small[:1], layout, **changes)
    found = layout_of(server.target, server.where)
    assert found is not None
    assert stopped_at(server, halves(small), layout, 3, **changes)
    states = {unit.name: unit.digest is not None for unit in units_in(server.target, found)}
    assert states == {small[0].name: False}
    server.load(halves(small), layout, **changes)
    assert all(unit.digest for unit in units_in(server.target, found))


# ---------------------------------------------------------------- asking


MAY_DIFFER = {"virtuoso": {"participants", "shared-class", "unreferenced", "unreferenced-entity"}}
"""Cases that lose rows by some of Virtuoso's plans, which depend on what else it holds; see docs/queries.md."""


@pytest.mark.parametrize(("articles", "layout"), rotated(sorted(STORES), LAYOUTS))
def test_canned_queries_give_the_expected_rows(
    place: Place, layout: str, articles: str, vocabulary: list[Unit]
) -> None:
    vocabulary_names = {unit.name for unit in vocabulary}
    units = [unit for unit in group_units(small_quads(articles)) if unit.name not in vocabulary_names]
    place.load([*vocabulary, *units], layout)
    for case, (name, _) in CASES.items():
        if case in MAY_DIFFER.get(place.kind, set()):
            continue
        values, cites = asked_here(articles, case)
        found = run(QUERIES[name], place.target, values, domain=DOMAIN, evidence=True)
        rows = list(csv.reader(io.StringIO(format_solutions(replace(found, cites=None), "csv"), newline="")))
        assert rows == expected_rows(articles, case), case
        assert found.cites == cites, case


@cache
def asked_here(articles: str, case: str) -> tuple[dict[str, str], Any]:
    """The parameters of a case, and what its rows rest on as the store in memory has it."""
    name, parameters = CASES[case]
    terms = resolve(QUERIES[name], parameters, STORES["five"], DOMAIN)
    values = {key: parameter(term) for key, term in terms.items()}
    return values, run(QUERIES[name], STORES[articles], values, domain=DOMAIN, evidence=True).cites


@both
def test_no_plan_loses_rows(server: Place, layout: str, vocabulary: list[Unit]) -> None:
    """Virtuoso's plans depend on what it holds, and was asked, before."""
    names = {unit.name for unit in vocabulary}
    units = [unit for unit in group_units(small_quads("five")) if unit.name not in names]
    for few in (units[:1], units[:3], units):
        server.load([*vocabulary, *few], layout)
        here = Store()
        here.add(chain.from_iterable(unit.quads for unit in [*vocabulary, *few]))
        for name in ("places", "shared"):
            asked = [run(QUERIES[name], store, {}, domain=DOMAIN) for store in (server.target, here)]
            found, expected = (format_solutions(solutions, "csv") for solutions in asked)
            assert found == expected, (name, len(few))


@both
def test_names_of_entities_are_looked_up(
    place: Place, layout: str, small: list[Unit], vocabulary: list[Unit]
) -> None:
    place.load([*vocabulary, *small], layout)
    found = run(find_query(DOMAIN, "about"), place.target, {"entity": "per BERG"}, domain=DOMAIN)
    assert list(csv.reader(io.StringIO(format_solutions(found, "csv"), newline=""))) == expected_rows(
        "three", "about"
    )


@both
def test_construct(place: Place, layout: str, small: list[Unit]) -> None:
    place.load(small, layout)
    query = "CONSTRUCT { ?s <https://schema.org/birthDate> ?o } { ?s <https://schema.org/birthDate> ?o }"
    assert {str(triple.object) for triple in place.target.triples(query)} == {f'"-0044"^^<{XSD}gYear>'}


@both
def test_contents(
    place: Place, layout: str, small: list[Unit], vocabulary: list[Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lodkit.load.contents._PAGE", 2)
    place.load([*vocabulary, *small], layout)
    found = layout_of(place.target, place.where)
    assert found is not None
    units = units_in(place.target, found)
    assert [unit.name for unit in units] == sorted(unit.name for unit in [*vocabulary, *small])
    articles = [unit for unit in units if unit.is_article]
    assert [unit.title for unit in articles] == ["Blue Lantern", "Red Harbour Union", "The Buoy"]
    assert [counts_of(place.target, found, unit) for unit in articles] == [
        list(map(len, unit.graphs.values())) for unit in small
    ]
    assert {unit.name: unit.digest for unit in units} == {
        unit.name: unit.digest for unit in [*vocabulary, *small]
    }


# ---------------------------------------------------------------- terms


def article(literals: list[Literal], iris: list[str] | None = None) -> Unit:
    """An article that says something of each term, in evidence and facts."""
    document = NamedNode(f"{ARTICLE}Terms")
    quads = [
        Quad(
            document,
            NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            NamedNode(LK + "Article"),
            graph(document, "evidence"),
        )
    ]
    for number, term in enumerate([*literals, *map(NamedNode, iris or [])]):
        about: tuple[Any, Any, Any] = (
            NamedNode(f"https://w3id.org/lodkit/id/x{number}"),
            NamedNode("https://example.org/p"),
            term,
        )
        statement, place = (
            NamedNode(f"{document.value}#statement-{number}"),
            NamedNode(f"{document.value}#char={number},{number}"),
        )
        context = NamedNode(f"{document.value}#char=0,9")
        evidence: list[tuple[Any, Any, Any]] = [
            *(
                (statement, NamedNode(f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}"), part)
                for name, part in zip(PARTS, about, strict=True)
            ),
            (statement, NamedNode(LK + "modality"), NamedNode(LK + "asserted")),
            (statement, NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom"), place),
            (place, NamedNode(f"{NIF}referenceContext"), context),
            (place, NamedNode(LK + "section"), document),
            (context, NamedNode(f"{NIF}sourceUrl"), document),
        ]
        quads += [Quad(*triple, graph(document, "evidence")) for triple in evidence]
        quads.append(Quad(*about, graph(document, "facts")))
    return make_unit(document.value, quads)


PARTS = ("subject", "predicate", "object")
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"


def graph(document: NamedNode, name: str) -> NamedNode:
    return NamedNode(f"{document.value}#{name}")


TEXTS = [
    "plain",
    "two\nlines\r\n\tand \"quotes\" 'single' back\\slash",
    "\\u0041 \\U00000041 \\\\u0041 %41 &amp; <b> ${x} ?x",
    "Malmö – ünïcode 東京 😀 \u0301",
    " ",
    "",
    "a" * 5000,
    "}} . DROP ALL ; INSERT DATA {{",
    "<html><head><title>x</title></head><body itemscope='' typeof='y'></body></html>",
    "</script></a><html><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></html> <!-- --> ]]>",
]
IRIS = [
    "https://w3id.org/lodkit/id/Peter's_(club)",
    "https://w3id.org/lodkit/id/Malmö/東京",
    "https://w3id.org/lodkit/id/a%2Fb%25%41",
    "https://w3id.org/lodkit/id/a;b=c,d&e+f!g*h@i:j~k",
]


@both
@pytest.mark.parametrize("bounds", [(2000, 10_000), (5, 50)], ids=["update", "transfer"])
def test_any_text_comes_back(place: Place, layout: str, bounds: tuple[int, int]) -> None:
    unit = article([*map(Literal, TEXTS), *(Literal(text, language="pt-br") for text in TEXTS)], IRIS)
    place.load([unit], layout, insert=bounds[0], chunk=bounds[1])
    assert place.quads() == set(unit.quads)


@pytest.mark.slow
@pytest.mark.parametrize("insert", [2000, 0], ids=["update", "transfer"])
def test_random_texts_come_back(place: Place, insert: int) -> None:
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.text(max_size=60), min_size=30, max_size=60, unique=True))
    def come_back(texts: list[str]) -> None:
        unit = article(list(map(Literal, texts)))
        place.load([unit], "graphs", insert=insert)
        assert place.quads() == set(unit.quads)

    come_back()


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


NUMBERS = [
    *(
        typed(text, "integer")
        for text in (
            "0",
            "-1",
            "+1",
            "01",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9223372036854775807",
            "9" * 19,
            "9" * 30,
        )
    ),
    *(typed(text, "decimal") for text in ("-0.0", "00.5", "999999999.12345678")),
    *(
        typed(text, "decimal")
        for text in ("1", "1.5", "1.0", "1.50", "-0.5", "12345678901234567890.5", "0.1234567890123456789")
    ),
    *(
        typed("5", name)
        for name in ("nonNegativeInteger", "positiveInteger", "int", "long", "short", "byte", "unsignedInt")
    ),
    *(typed(text, "double") for text in ("1.5", "1.0", "1E3")),
    *(typed(text, "boolean") for text in ("true", "false", "1", "0")),
    *(typed(text, "gYear") for text in ("1996", "0044", "-0044", "-0005", "12000")),
    *(typed(text, "gYearMonth") for text in ("1996-05", "-0044-03")),
    *(typed(text, "date") for text in ("1996-05-04", "-0044-03-15", "0044-03-15")),
    *(typed(text, "dateTime") for text in ("1996-05-04T12:00:00Z", "1996-05-04T12:00:00.500+02:00")),
    typed("http://x.org/ ", "anyURI"),
    typed("en", "language"),
    Literal("199X", datatype=NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")),
]


@pytest.mark.slow
@pytest.mark.parametrize(("number", "insert"), rotated(range(len(NUMBERS)), (2000, 0)))
def test_what_changes_is_foretold(place: Place, number: int, insert: int) -> None:
    unit = article([NUMBERS[number]])
    kind = "virtuoso" if place.kind == "virtuoso" else "oxigraph"
    place.load([unit], "graphs", insert=insert)
    is_changed, is_foretold = (
        place.quads() != set(unit.quads),
        bool(list(changed(unit.quads, kind, place.datatypes))),
    )
    assert is_foretold or not is_changed
    assert may_change(chain.from_iterable(unit.graphs.values()), kind) or not is_foretold
    assert (
        is_changed or not is_foretold or place.kind == "virtuoso"
    )  # which takes some numbers better in an update than in Turtle
