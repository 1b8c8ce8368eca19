"""Queries for what crosses borders, which no engine is asked: the same solutions, found in linear time."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple
from tests.test_shacl_engine import outcome_of

from lodkit.domain import Domain
from lodkit.domain.graph import Term, graph_of
from lodkit.domain.shapes import Query, checked_shapes
from lodkit.shacl import Asking, index, validate
from lodkit.shacl.borders import Form, form_of

EX = "http://example.org/"
QUERY = """
    SELECT $this ?value WHERE {
      $this <http://example.org/begin> ?begin ; <http://example.org/end> ?end ; <http://example.org/in> ?context .
      ?value <http://example.org/in> ?context ; <http://example.org/begin> ?first ; <http://example.org/end> ?last ; a ?kind .
      FILTER ( ?kind IN ( <http://example.org/Row>, <http://example.org/Part> ) )
      FILTER ( ( ?begin < ?first && ?first < ?end ) || ( ?begin < ?last && ?last < ?end ) )
    }"""
ASKED = QUERY.replace("a ?kind .", "a ?kind . FILTER ( true )")
"""The same, in a form that the engine is asked."""


def read(text: str) -> Query:
    return Query(Literal(""), text, {}, ())


def shapes_with(query: str) -> str:
    return f':S a sh:NodeShape ; sh:targetSubjectsOf :place ; sh:sparql [ sh:message "{{?value}}" ; sh:select """{query}""" ] .'


def test_the_query_that_ships_has_the_form(domain: Domain) -> None:
    shape = domain.shapes.named("https://w3id.org/lodkit/shapes#evidence-place-bounds")
    forms = [form_of(constraint.query) for constraint in shape.constraints if constraint.query]
    (form,) = filter(None, forms)
    assert [kind.value.rpartition("#")[2] for kind in form.kinds] == ["Section", "Field"]


def test_the_form_leaves_predicates_and_classes_open() -> None:
    begin, end, context, row, part = (NamedNode(EX + name) for name in ("begin", "end", "in", "Row", "Part"))
    assert form_of(read(QUERY)) == Form(begin, end, context, (row, part))


NEARLY = {
    "another comparison": QUERY.replace("?first < ?end", "?first <= ?end"),
    "and": QUERY.replace("||", "&&"),
    "distinct": QUERY.replace("SELECT", "SELECT DISTINCT"),
    "two contexts": QUERY.replace("?value <http://example.org/in>", "?value <http://example.org/within>"),
    "other borders": QUERY.replace("<http://example.org/begin> ?first", "<http://example.org/start> ?first"),
    "one more pattern": QUERY.replace("a ?kind .", "a ?kind ; <http://example.org/p> 1 ."),
    "no kinds": QUERY.replace("<http://example.org/Row>, <http://example.org/Part>", ""),
    "an undeclared prefix": QUERY.replace("<http://example.org/Part>", "ex:Part"),
    "the other way round": QUERY.replace("?value", "?that").replace("$this", "?value").replace("?that", "$this"),
    "asked": ASKED,
}  # fmt: skip


@pytest.mark.parametrize("name", NEARLY)
def test_what_differs_has_not_the_form(name: str) -> None:
    assert form_of(read(NEARLY[name])) is None


# ---- the same solutions

NUMBERS = (
    '"0"^^xsd:nonNegativeInteger', '"5"^^xsd:nonNegativeInteger', "5", "7", "8", "07", "12", "20",
)  # fmt: skip
ODD = (
    "-3",
    "6.5",
    "6e0",
    '"6"',
    '"x"^^xsd:integer',
    '"6"^^xsd:byte',
    ":six",
    "99999999999999999999",
    '"6"@en',
)
NODES = (":a", ":b", ":c", ":d", ":e", "_:x", "_:y")
CONTEXTS = (":text", ":other", "_:text")


@st.composite
def intervals(draw: st.DrawFn) -> str:
    """Places and rows, most of them with one begin, one end and one context."""
    found: list[str] = []
    number = st.sampled_from(NUMBERS if draw(st.booleans()) else NUMBERS + ODD)
    context = st.sampled_from(CONTEXTS if draw(st.booleans()) else (*CONTEXTS, '"t"', "1", "01"))
    some = st.sampled_from((1, 1, 1, 1, 0, 2))
    for node in NODES:
        kinds = draw(st.lists(st.sampled_from((":Row", ":Part", ":Other")), max_size=2))
        found += [f"{node} a {kind} ." for kind in kinds]
        found += [f"{node} :place 1 ."] * draw(st.integers(0, 1))
        for predicate, value in ((":begin", number), (":end", number), (":in", context)):
            found += [f"{node} {predicate} {draw(value)} ." for _ in range(draw(some))]
    return "\n".join(found)


def solutions(data: str, query: str) -> Counter[tuple[str, str, str]]:
    outcome = outcome_of(data, shapes_with(query))
    return Counter(
        (str(one.focus), str(one.value), " ".join(message.value for message in one.messages))
        for one in outcome.results
    )


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(intervals())
def test_solutions_are_those_of_the_engine(data: str) -> None:
    assert solutions(data, QUERY) == solutions(data, ASKED)


ODDLY = {
    "a border that is no whole number": ":r a :Row ; :in :t ; :begin 6.5 ; :end 20 . :p :in :t ; :begin 5 ; :end 8 .",
    "a border that is no number": ':r a :Row ; :in :t ; :begin 6 ; :end "x"^^xsd:integer . :p :in :t ; :begin 5 ; :end 8 .',
    "borders that are texts": ':r a :Row ; :in :t ; :begin "b" ; :end "y" . :p :in :t ; :begin "a" ; :end "x" .',
    "a begin that is no whole number": ":r a :Row ; :in :t ; :begin 6 ; :end 20 . :p :in :t ; :begin 5.5 ; :end 8 .",
    "a context that is a text": ':r a :Row ; :in "t" ; :begin 6 ; :end 20 . :p :in "t" ; :begin 5 ; :end 8 .',
    "two ends": ":r a :Row ; :in :t ; :begin 6 ; :end 7, 20 . :p :in :t ; :begin 5 ; :end 8, 9 .",
    "two kinds": ":r a :Row, :Part ; :in :t ; :begin 6 ; :end 20 . :p :in :t ; :begin 5 ; :end 8 .",
    "two contexts": ":r a :Row ; :in :t, :u ; :begin 6 ; :end 20 . :p :in :t, :u ; :begin 5 ; :end 8 .",
}


@pytest.mark.parametrize("name", ODDLY)
def test_what_is_odd_has_the_solutions_of_the_engine(name: str) -> None:
    data = f"{ODDLY[name]} :p :place 1 ."
    assert solutions(data, QUERY) == solutions(data, ASKED) != Counter()


def test_a_kind_that_is_named_twice_counts_once() -> None:
    data = f"{ROW} :p :place 1 ; :in :text ; :begin 19 ; :end 21 ."
    query = QUERY.replace("/Part>", "/Row>")
    assert form_of(read(query)) is not None
    assert sum(solutions(data, query).values()) == 1


ROW = ":row a :Row ; :in :text ; :begin 20 ; :end 39 . "
PLACES = {
    (20, 39): 0, (20, 21): 0, (38, 39): 0, (0, 20): 0, (39, 50): 0, (25, 30): 0, (25, 25): 0, (30, 25): 0,
    (19, 21): 1, (38, 40): 1, (19, 40): 1, (19, 39): 1, (20, 40): 1, (0, 100): 1, (20, 20): 0, (0, 21): 1,
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_borders_are_crossed_by_what_is_on_both_sides(place: tuple[int, int]) -> None:
    data = f"{ROW} :p :place 1 ; :in :text ; :begin {place[0]} ; :end {place[1]} ."
    assert sum(solutions(data, QUERY).values()) == PLACES[place] == sum(solutions(data, ASKED).values())


def test_others_data_are_judged_alike() -> None:
    data = f"{ROW} _:p :place 1 ; :in :text ; :begin 19 ; :end 21 . :q :place 1 ; :in :text ; :begin 1.5 ; :end 21 ."
    for query in (QUERY, ASKED):
        assert len(outcome_of(data, shapes_with(query), is_foreign=True).results) == 2


def one_article(places: int, rows: int) -> list[Triple]:
    """Places and rows of one text, none of which crosses a border."""
    found: list[Triple] = []
    numbers = random.Random(0)
    for number in range(rows):
        found += interval(f"row{number}", 10 * number, 10 * number + 9)
        found.append(
            Triple(NamedNode(f"{EX}row{number}"), NamedNode(RDF_TYPE), NamedNode(EX + "Row")),
        )
    for number in range(places):
        begin = 10 * numbers.randrange(rows) + 1
        found += interval(f"place{number}", begin, begin + 5)
        found.append(Triple(NamedNode(f"{EX}place{number}"), NamedNode(EX + "place"), Literal(1)))
    return found


RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def interval(name: str, begin: int, end: int) -> list[Triple]:
    node = NamedNode(EX + name)
    said: dict[str, Term] = {"begin": Literal(begin), "end": Literal(end), "in": NamedNode(EX + "text")}
    return [Triple(node, NamedNode(EX + key), value) for key, value in said.items()]


@pytest.mark.slow
def test_one_long_article_takes_linear_time() -> None:
    """20,000 places and 20,000 rows are 400 million pairs, for which the engine takes minutes."""
    from tests.test_shacl_engine import triples_of

    shapes = checked_shapes(graph_of(triples_of(shapes_with(QUERY))))
    data = index(one_article(20_000, 20_000))
    start = time.process_time()
    with Asking(data, shapes) as asking:
        assert not validate(data, shapes, asking).results
    assert time.process_time() - start < 5
