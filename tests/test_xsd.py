"""Values of XML Schema 1.1 and EDTF: two tables written by hand from the specifications, and what holds of
all values.
"""

from __future__ import annotations

import csv
import re
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store
from tests.sampled import mostly_slow

from lodkit.sparql import evaluate
from lodkit.xsd import EDTF, RDF, XSD, compare, is_known, is_valid, value, why_invalid
from lodkit.xsd.lexical import TABLE

FOLDER = Path(__file__).parent / "xsd"
PREFIXES = {"xsd": XSD, "rdf": RDF, "edtf": EDTF.removesuffix("EDTF")}
ESCAPES = {"e": "", "s": " ", "t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
RELATIONS = {"<": -1, "=": 0, ">": 1, "<>": None}
FEWEST_FORMS, FEWEST_ORDERS = 12, 150
LONG = 1_000_000


def unescaped(cell: str) -> str:
    def sign(found: re.Match[str]) -> str:
        return chr(int(found[2], 16)) if found[2] else ESCAPES[found[1]]

    return re.sub(r"\\(u([0-9A-F]{4})|.)", sign, cell)


def rows(name: str) -> list[list[str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def iri(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


LEXICAL = [(iri(row[0]), unescaped(row[1]), row[2] == "yes") for row in rows("lexical.tsv")]
ORDER = [(iri(row[0]), unescaped(row[1]), row[2], unescaped(row[3])) for row in rows("order.tsv")]
VALID = sorted({(form, datatype) for datatype, form, is_form in LEXICAL if is_form})


@pytest.mark.parametrize(("datatype", "form", "is_form"), mostly_slow(LEXICAL))
def test_lexical_form(datatype: str, form: str, is_form: bool) -> None:
    assert is_known(datatype)
    assert is_valid(form, datatype) == is_form
    assert bool(why_invalid(form, datatype)) != is_form


def test_every_datatype_has_its_forms() -> None:
    counts = Counter(datatype for datatype, *_ in LEXICAL)
    assert TABLE.keys() == counts.keys()
    assert {datatype: count for datatype, count in counts.items() if count < FEWEST_FORMS} == {}


@pytest.mark.parametrize(("datatype", "one", "relation", "other"), mostly_slow(ORDER))
def test_order(datatype: str, one: str, relation: str, other: str) -> None:
    left, right = value(one, datatype), value(other, datatype)
    assert left is not None
    assert right is not None
    assert compare(left, right) == RELATIONS[relation]
    backwards = {None: None, 0: 0, -1: 1, 1: -1}[RELATIONS[relation]]
    assert compare(right, left) == backwards


def test_order_has_rows_enough() -> None:
    assert len(ORDER) >= FEWEST_ORDERS


years = st.integers(-20_000, 20_000).map(lambda year: f"-{-year:04}" if year < 0 else f"{year:04}")
zones = st.sampled_from(("", "Z", "+14:00", "-14:00", "+05:30", "-00:00"))
clock = st.builds("{:02}:{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
days = st.builds("{}-{:02}-{:02}".format, years, st.integers(1, 12), st.integers(1, 28))
numbers = st.one_of(st.integers().map(str), st.decimals(-9, 9, places=2).map(str))
FORMS = {
    XSD + "gYear": st.builds("{}{}".format, years, zones),
    XSD + "date": st.builds("{}{}".format, days, zones),
    XSD + "dateTime": st.builds("{}T{}{}".format, days, clock, zones),
    XSD + "time": st.builds("{}{}".format, clock, zones),
    XSD + "decimal": numbers,
    XSD + "double": st.floats().map(lambda x: repr(x).replace("inf", "INF").replace("nan", "NaN")),
    XSD + "float": st.floats(width=32).map(lambda x: repr(x).replace("inf", "INF").replace("nan", "NaN")),
    XSD + "duration": st.builds("P{}M{}DT{}S".format, *[st.integers(0, 400)] * 3),
    EDTF: st.one_of(
        days.filter(lambda day: len(day.lstrip("-")) == 10), st.integers(0, 99).map("{:02}XX".format)
    ),
}
triples = st.sampled_from(sorted(FORMS)).flatmap(
    lambda datatype: st.tuples(st.just(datatype), *[FORMS[datatype]] * 3)
)


@given(triples)
def test_order_is_one(forms: tuple[str, str, str, str]) -> None:
    """Antisymmetric, transitive, and what is identical is equal, NaN apart."""
    datatype, *texts = forms
    a, b, c = (value(text, datatype) for text in texts)
    assert a is not None
    assert b is not None
    assert c is not None
    assert compare(a, a) == (None if a.mark == "NaN" else 0)
    found, back = compare(a, b), compare(b, a)
    assert back == (None if found is None else -found)
    if compare(a, b) == compare(b, c) == -1:
        assert compare(a, c) == -1
    if compare(a, b) == 0 and (a.mark is None) == (b.mark is None):
        assert compare(a, c) == compare(b, c)


def test_values_survive_the_engine() -> None:
    """A form that the engine takes in and writes again stands for the value that it stood for before."""
    store = Store()
    for form, datatype in VALID:
        literal = Literal(form, datatype=NamedNode(datatype))
        (answer,) = evaluate(store, f"SELECT ({literal} AS ?x) {{}}")  # type: ignore[misc]
        again = answer["x"]
        assert value(again.value, again.datatype.value) == value(form, datatype), literal


COMPARABLE = ("integer", "decimal", "double", "boolean", "string", "dateTime", "date")


@pytest.mark.parametrize(
    ("datatype", "one", "relation", "other"),
    [row for row in ORDER if row[0].removeprefix(XSD) in COMPARABLE and row[2] != "<>"],
)
def test_order_is_the_engines_where_it_has_one(datatype: str, one: str, relation: str, other: str) -> None:
    left, right = (str(Literal(form, datatype=NamedNode(datatype))) for form in (one, other))
    (answer,) = evaluate(Store(), f"SELECT ({left} {relation} {right} AS ?x) {{}}")  # type: ignore[misc]
    if answer["x"] is not None:  # numbers and years beyond the engine's are errors there
        assert answer["x"] == Literal(True)


HOSTILE = {
    "integer": "9" * LONG,
    "long": "-" + "9" * LONG,
    "decimal": "0." + "1" * LONG,
    "double": "1" * LONG + "e5",
    "float": "0." + "1" * LONG,
    "gYear": "9" * LONG,
    "gYear ill-formed": "9" * LONG + "x",
    "date": "9" * LONG + "-02-30",
    "dateTime": "2000-01-01T00:00:00." + "1" * LONG,
    "dateTime ill-formed": "2000-01-01T00:00:00." + "1" * LONG + "x",
    "duration": "P" + "9" * LONG + "Y",
    "duration in parts": "P" + "9" * LONG + "DT" + "9" * LONG + "H" + "9" * LONG + "M",
    "token": "a " * LONG,
    "NMTOKENS": "a " * LONG,
    "IDREFS": "a:" * LONG,
    "language": "a-" * LONG,
    "base64Binary": "A " * LONG,
    "hexBinary": "0" * (LONG + 1),
    "anyURI": "a " * LONG,
    "QName": "a:" * LONG,
}


@pytest.mark.slow
@pytest.mark.parametrize("case", [*HOSTILE, "Y9", "[1,", "{1..", "1/", "JSON [", "JSON {"])
def test_no_form_makes_time_quadratic(case: str) -> None:
    edtf = {
        "Y9": "Y" + "9" * LONG,
        "[1,": "[" + "1985," * (LONG // 5) + "1]",
        "{1..": "{" + "1.." * LONG,
        "1/": "1/" * LONG,
    }
    json = {"JSON [": "[" * (LONG // 4), "JSON {": '{"a":' * (LONG // 4)}
    text = HOSTILE.get(case) or edtf.get(case) or json[case]
    datatype = EDTF if case in edtf else RDF + "JSON" if case in json else XSD + case.partition(" ")[0]
    start = time.process_time()
    why_invalid(text, datatype)
    found = value(text, datatype)
    assert found is None or compare(found, found) == 0
    assert time.process_time() - start < 10
