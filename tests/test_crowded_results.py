"""Data in which few triples break shapes very often: what is found is counted, and bounded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from tests import shacl_generated as generated
from tests.sampled import mostly_slow

from lodkit.cli import main
from lodkit.domain.graph import XSD, Term, graph_of
from lodkit.domain.shapes import checked_shapes
from lodkit.shacl import Asking, Outcome, ValidationResult, engine, index, validate
from lodkit.shacl.result import MOST_ALIKE
from lodkit.shacl.values import not_in_order, order
from lodkit.validate.findings import MOST_EXPECTED

COUNT = 90
NODE = ":S a sh:NodeShape ; sh:targetSubjectsOf :p ; "


def many(words: str, count: int = COUNT) -> str:
    return " ".join(words.replace("#", str(number)) for number in range(count))


FAN = many(":f# :p :v .") + many(":v :q 'x#' .")
CASES: dict[str, tuple[str, str, int, int]] = {
    "pairs that are not in order": (
        many(":a :p # ; :q -# ."), NODE + "sh:property [ sh:path :p ; sh:lessThan :q ] .", COUNT, 0,
    ),
    "pairs without an order": (
        many(":a :p # ; :q 'x#'@en ."), NODE + "sh:property [ sh:path :p ; sh:lessThanOrEquals :q ] .", COUNT, 0,
    ),
    "values that are not the same": (
        many(":a :p # ; :q -# ."), NODE + "sh:property [ sh:path :p ; sh:equals :q ] .", 2 * COUNT, 0,
    ),
    "triples that many shapes are closed to": (
        FAN, NODE + "sh:property [ sh:path :p ; sh:closed true ] .", COUNT * COUNT, 0,
    ),
    "a property shape that many nodes lead to": (
        FAN, NODE + "sh:property [ sh:path :p ; sh:property [ sh:path :q ; sh:nodeKind sh:IRI ] ] .", COUNT, 0,
    ),
    "a node shape that many nodes lead to": (
        FAN, NODE + "sh:property [ sh:path :p ; sh:node [ sh:property [ sh:path :q ; sh:nodeKind sh:IRI ] ] ] .",
        COUNT, COUNT - engine.MOST_DETAILS,
    ),
    "a choice of much": (
        many(":f# :p :v# ."), NODE + f"sh:property [ sh:path :p ; sh:or ( {many('[ sh:hasValue # ]')} ) ] .",
        COUNT, COUNT - engine.MOST_DETAILS,
    ),
    "every way along a chain": (
        " ".join(f":n{i} :p :n{i + 1} ." for i in range(COUNT)),
        NODE + "sh:property [ sh:path [ sh:zeroOrMorePath :p ] ; sh:nodeKind sh:Literal ] .",
        COUNT * (COUNT + 3) // 2, 0,
    ),
}  # fmt: skip


def outcome_of(data: str, shapes: str) -> Outcome:
    triples = [
        [quad.triple for quad in parse(generated.PREFIXES + text, RdfFormat.TURTLE)]
        for text in (data, shapes)
    ]
    indexed, read = index(list(dict.fromkeys(triples[0]))), checked_shapes(graph_of(triples[1]))
    with Asking(indexed, read) as asking:
        return validate(indexed, read, asking)


def held(result: ValidationResult) -> int:
    return 1 + sum(map(held, result.details))


def distinct(outcome: Outcome) -> int:
    found = {(one.focus, one.path, one.value, one.component): one.more for one in outcome.results}
    return len(found) + sum(found.values())


@pytest.mark.parametrize("most", [0, 10**9], ids=["counted", "in full"])
@pytest.mark.parametrize("name", mostly_slow(CASES))
def test_all_are_counted_and_few_are_held(name: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few are kept of one constraint at one node, together with what is left out they are all."""
    data, shapes, count, reasons = CASES[name]
    monkeypatch.setattr(engine, "MOST_IN_FULL", most)
    monkeypatch.setattr(engine, "MOST_OF_ONE", 7)
    outcome = outcome_of(data, shapes)
    assert outcome.results
    assert count == distinct(outcome)
    assert max(map(held, outcome.results)) <= 1 + engine.MOST_DETAILS
    if most:
        assert not any(one.more for one in outcome.results)
        assert max(one.more_details for one in outcome.results) == reasons
    else:
        per_focus: dict[Term, set[Term | None]] = {}
        for one in outcome.results:
            per_focus.setdefault(one.focus, set()).add(one.value)
        assert max(map(len, per_focus.values())) <= 7


def test_reasons_do_not_double_with_each_step() -> None:
    """Two ways from each node to the next are 2 to the 30 ways."""
    data = " ".join(f":a{i} :p :a{i + 1} ; :q :a{i + 1} ." for i in range(30))
    ways = "sh:property [ sh:path :p ; sh:node {0} ] , [ sh:path :q ; sh:node {0} ]"
    shapes = " ".join(f":S{i} a sh:NodeShape ; {ways.format(f':S{i + 1}')} ." for i in range(30))
    outcome = outcome_of(
        data, f"{shapes} :S0 sh:targetNode :a0 . :S30 a sh:NodeShape ; sh:nodeKind sh:Literal ."
    )
    assert len(outcome.results) == 2
    assert all(held(one) <= 1 + engine.MOST_DETAILS for one in outcome.results)


def test_a_result_that_many_nodes_lead_to_is_given_some_times_only() -> None:
    data, shapes, count, _ = CASES["a property shape that many nodes lead to"]
    assert len(outcome_of(data, shapes).results) == count * MOST_ALIKE


def test_results_alike_are_given_some_times_only() -> None:
    outcome = outcome_of(many(":a :p # ; :q -# ."), NODE + "sh:property [ sh:path :p ; sh:lessThan :q ] .")
    values = [one.value for one in outcome.results]
    assert {values.count(value) for value in values} == {MOST_ALIKE}


# ---- order

XSD_TEXTS = {
    "integer": ["0", "1", "-5", "007", "x"],
    "decimal": ["0.1", "1.0", "9007199254740993", "9007199254740992"],
    "double": ["0.1", "1e0", "NaN", "INF", "-INF", "-0", "9007199254740992"],
    "float": ["0.1", "1", "16777217"],
    "string": ["a", "b", "ab", ""],
    "boolean": ["true", "0", "false"],
    "dateTime": [
        "2020-01-01T00:00:00",
        "2020-01-01T00:00:00Z",
        "2020-01-01T10:00:00+14:00",
        "2019-12-31T20:00:00",
    ],
    "date": ["2020-01-01", "2020-01-01Z", "2020-01-02", "2019-12-31-14:00", "-0044-03-15"],
    "gYear": ["1996", "1996Z", "-0043", "12020"],
    "time": ["24:00:00", "00:00:00", "12:00:00Z"],
    "duration": ["P1M", "P30D", "P31D", "P1Y", "-P1D"],
    "hexBinary": ["0a", "0A", "ff"],
}
TERMS: list[Term] = [
    *(Literal(text, datatype=NamedNode(XSD + name)) for name, texts in XSD_TEXTS.items() for text in texts),
    Literal("a", language="en"),
    Literal("1", datatype=NamedNode("http://example.org/own")),
    NamedNode("http://example.org/a"),
]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TERMS), max_size=6), st.lists(st.sampled_from(TERMS), max_size=25))
@pytest.mark.parametrize("allowed", [(-1,), (-1, 0)])
def test_many_are_compared_as_one_is(
    allowed: tuple[int, ...], values: list[Term], others: list[Term]
) -> None:
    spent: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lodkit.shacl.values._FEW", -1)
        found = list(not_in_order(values, others, allowed, spent.append))
    assert found == [sum(order(one, other) not in allowed for other in others) for one in values]


@pytest.mark.slow
@pytest.mark.parametrize("datatype", ["integer", "double", "string", "date"])
def test_comparing_many_takes_few_steps(datatype: str) -> None:
    texts: Callable[[int], str] = (lambda i: f"{2000 + i}-01-01") if datatype == "date" else str
    terms = [Literal(texts(i), datatype=NamedNode(XSD + datatype)) for i in range(3_000)]
    spent: list[int] = []
    counts = list(not_in_order(terms, terms[::-1], (-1,), spent.append))
    assert sum(spent) < 100 * len(terms)
    if datatype != "string":
        assert counts == [i + 1 for i in range(3_000)]


# ---- reports


def said_of(folder: Path, data: str, shapes: str, form: str, capsys: pytest.CaptureFixture[str]) -> str:
    for name, text in (("d.ttl", data), ("s.ttl", shapes)):
        (folder / name).write_text(generated.PREFIXES + text, "utf-8")
    assert main(["validate", str(folder / "d.ttl"), "--shapes", str(folder / "s.ttl"), "--format", form]) == 1
    return capsys.readouterr().out


def test_a_report_counts_what_was_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(engine, "MOST_IN_FULL", 0)
    monkeypatch.setattr(engine, "MOST_OF_ONE", 7)
    data, shapes, count, _ = CASES["triples that many shapes are closed to"]
    assert f"does not conform: {count} violations" in said_of(tmp_path, data, shapes, "text", capsys)
    report = json.loads(said_of(tmp_path, data, shapes, "json", capsys))["files"][0]
    assert report["counts"]["violation"] == count
    assert report["leftOut"]["violation"] == count - len(report["results"])


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json", "html", "sarif"])
def test_a_report_counts_the_reasons_that_were_not_kept(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, shapes, _, reasons = CASES["a node shape that many nodes lead to"]
    said = said_of(tmp_path, data, shapes, form, capsys)
    assert f'"moreDetails": {reasons}' in said if form == "json" else "more reasons" in said


ALLOWED = {
    "sh:in": (f"sh:in ( {many('#', 500)} )", 500),
    "sh:languageIn": (
        f"sh:languageIn ( {' '.join(f'{chr(34)}en-{i:03}{chr(34)}' for i in range(400))} )",
        400,
    ),
    "sh:or": (f"sh:or ( {many('[ sh:hasValue # ]', 300)} )", 300),
    "few": ("sh:in ( 1 2 3 )", 3),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_allowed_is_shown_in_part_and_counted(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shape, count = ALLOWED[name]
    shapes = NODE + f"sh:property [ sh:path :p ; {shape} ] ."
    data = many(":a# :p 'none' .", 30)
    said = said_of(tmp_path, data, shapes, "json", capsys)
    (*results,) = json.loads(said)["files"][0]["results"]
    assert {(len(one["expected"]), one.get("moreExpected", 0)) for one in results} == {
        (min(count, MOST_EXPECTED), max(0, count - MOST_EXPECTED))
    }
    more = f"… ({count - 6} more))" if count > 6 else "1 | 2 | 3)"
    assert more in " ".join(said_of(tmp_path, data, shapes, "text", capsys).split())


def test_what_a_constraint_allows_is_found_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found: list[str] = []

    def words(term: Term, domain: object) -> list[str]:
        found.append(str(term))
        return [str(term)]

    monkeypatch.setattr("lodkit.validate.findings._of_term", words)
    said_of(
        tmp_path,
        many(":a# :p 'x' .", 50),
        NODE + f"sh:property [ sh:path :p ; sh:in ( {many('#')} ) ] .",
        "json",
        capsys,
    )
    assert len(found) == COUNT
