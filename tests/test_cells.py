"""Cells of infoboxes and what they say: ``tests/cells/cells.toml``."""

from __future__ import annotations

import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from lodkit.check import check_rows
from lodkit.domain import Domain, local_name, read_domain
from lodkit.extract import Extraction, extract
from lodkit.extract.compiled import phrase_book
from lodkit.extract.context import Context
from lodkit.extract.fields import FieldReader
from lodkit.extract.lexis import lexis_of
from lodkit.extract.names import NameFinder
from lodkit.extract.nodes import Node, Nodes
from lodkit.extract.parts import cell_of
from lodkit.extract.values import Part
from lodkit.source import parse_article
from lodkit.statement import BASE, Basis, Modality

CELLS = Path(__file__).parent / "cells" / "cells.toml"
UNSAID = {"rdf:type", "rdfs:label", "mvt:situation"}


def cells() -> list[dict[str, Any]]:
    """Return the cells of the table."""
    cells: list[dict[str, Any]] = tomllib.loads(CELLS.read_text("utf-8"))["cell"]
    return cells


@cache
def shared_domain() -> Domain:
    return read_domain()


@pytest.fixture(scope="module")
def domain() -> Domain:
    return shared_domain()


class Read:
    """What an article of some rows says, in the words of the table."""

    def __init__(self, cell: dict[str, Any], domain: Domain) -> None:
        rows = "".join(f"- {row}\n" for row in cell["rows"])
        text = f"= Blue Lantern =\n\nBlue Lantern\n{rows}\nBlue Lantern is a {cell['is']}.\n"
        self.domain = domain
        prose = {rule.iri for rule in domain.parts}  # what the sentence below the rows says
        known = domain.expand(cell["class"]) if "class" in cell else None
        self.extraction: Extraction = extract(parse_article(text), domain, subject_class=known)
        self.facts: dict[NamedNode, set[tuple[str, NamedNode | Literal]]] = defaultdict(set)
        for one in self.extraction.statements:
            if one.modality is Modality.ASSERTED and one.rule.value not in prose:
                self.facts[one.subject].add((domain.compact(one.predicate.value), one.object))

    def said(self) -> set[str]:
        """Return the facts on the subject."""
        return {
            f"{name} {self._shown(value)}"
            for name, value in self.facts[self.extraction.subject]
            if name not in UNSAID
        }

    def nodes(self) -> Iterator[str]:
        """Yield the situations."""
        for name, node in self.facts[self.extraction.subject]:
            if name == "mvt:situation":
                assert isinstance(node, NamedNode)
                told = self.facts[node]
                kind = next(local_name(str(value.value)) for name, value in told if name == "rdf:type")
                parts = sorted(
                    f"{name.partition(':')[2]} {self._shown(value)}"
                    for name, value in told
                    if name not in UNSAID
                )
                yield f"{kind}: {'; '.join(parts)}"

    def _shown(self, value: NamedNode | Literal) -> str:
        if isinstance(value, Literal):
            return value.value if value.language in (None, "en") else f"{value.value}@{value.language}"
        labels = [str(name.value) for key, name in self.facts[value] if key == "rdfs:label"]
        return labels[0] if labels else self.domain.compact(value.value)


@pytest.mark.parametrize("cell", cells(), ids=lambda cell: str(cell["name"]))
def test_cell(cell: dict[str, Any], domain: Domain) -> None:
    read = Read(cell, domain)
    assert read.said() == set(cell["says"])
    assert sorted(read.nodes()) == sorted(cell["nodes"])
    ends = [str(row.outcome) for row in read.extraction.rows]
    assert ends == cell.get("ends", ["facts"] * len(cell["rows"]))


def test_every_row_that_is_no_fact_says_why(domain: Domain) -> None:
    rows = [row for cell in cells() for row in Read(cell, domain).extraction.rows]
    assert all(row.reason for row in rows if row.outcome != "facts")


WORDS = (
    "Ada Lund|(1990–1995)|about|8,000|45 / 132|&|and|[2]|†|·|,|Norland|US$|million|(67%)|since 1990"
    "|May 5, 1990|?|(|)|None|Dr.|, MP|Oslo"
).split("|")
VALUES = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
KEYS = st.sampled_from(
    [
        "Leader",
        "Founded",
        "Membership",
        "Headquarters",
        "Website",
        "seats1",
        "clubs2",
        "years2",
        "Ideology",
        "?",
    ]
)


@pytest.mark.slow
@given(st.lists(st.tuples(KEYS, VALUES), max_size=6))
@settings(max_examples=60, deadline=None)
def test_each_row_ends_as_one_thing_and_no_fact_holds_a_mark(rows: list[tuple[str, str]]) -> None:
    cell = {"is": "political party", "rows": [f"{key}: {value}" for key, value in rows]}
    read = Read(cell, shared_domain())
    article = read.extraction.article
    assert [row.span for row in read.extraction.rows] == [row.span for row in article.cells]
    assert all(row.outcome is not None for row in read.extraction.rows)
    for one in read.extraction.statements:
        if one.modality is Modality.ASSERTED and one.key_span:
            assert not set("†[]\u00ad") & set(str(one.object)), one
            assert any(
                row.span.start <= one.span.start and one.span.end <= row.span.end for row in article.cells
            )


@pytest.mark.slow
@pytest.mark.parametrize(
    "value",
    [
        "Ada Lund (" * 4000,
        "1,000" * 9000,
        "12 May 1990 " * 3000,
        "(x " * 9000 + "until 2010)",
        "Oslo, " * 7000,
    ],
    ids=["brackets", "digits", "dates", "words before a date", "places"],
)
@pytest.mark.parametrize("key", ["Leader", "Founded", "Membership", "Headquarters", "Website"])
def test_a_long_value_takes_no_longer_than_its_length(key: str, value: str, domain: Domain) -> None:
    start = time.process_time()
    Read({"is": "political party", "rows": [f"{key}: {value}"]}, domain)
    assert time.process_time() - start < 5


def test_there_are_enough_cells() -> None:
    assert len(cells()) >= 60


def test_an_example_of_rows_that_does_not_hold_is_a_problem(domain: Domain) -> None:
    rule = next(rule for rule in domain.states if rule.iri.endswith("#tenure"))
    assert list(check_rows(domain, rule, rule)) == []
    for example, problem in (
        ("mvt:PoliticalParty | Leader: Ada Lund (1961–1970) | start 1961", "also yields ['end 1970'"),
        ("mvt:PoliticalParty | Leader: Ada Lund | start 1961", "misses ['start 1961']"),
        ("Leader: Ada Lund", "no rows of a class"),
    ):
        wrong = list(check_rows(domain, replace(rule, examples=(example,)), rule))
        assert [problem in error.message for error in wrong] == [True]
    assert "has no lk:example" in next(check_rows(domain, replace(rule, examples=()), rule)).message


def test_known_items_are_not_cut_again(domain: Domain) -> None:
    text = "= Blue Lantern =\n\nBlue Lantern\n- Predecessor: Order, Law and Justice\n"
    article = parse_article(text)
    names = NameFinder(domain, lexis_of(domain), text, phrase_book(domain).verbs)
    context = Context(domain, article, Nodes(domain, article.name, BASE), names)
    party = domain.expand("mvt:PoliticalParty")
    context.give_type(context.nodes.subject, party, "x", Basis.INFERRED, article.title)
    cell = cell_of(article.cells[0], context.text)
    FieldReader(context).read_cell(replace(cell, items=(Part(cell.value),)))
    values = [one.value for one in context.readings]
    assert [value.label() for value in values if isinstance(value, Node)] == ["Order, Law and Justice"]
