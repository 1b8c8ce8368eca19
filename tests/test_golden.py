"""The sample article, exactly: every fact of ``golden/sample.tsv`` is read as it says, and no other fact is."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from lodkit import rdf
from lodkit.extract import Extraction, extract
from lodkit.source import read_article
from lodkit.statement import Modality

if TYPE_CHECKING:
    from lodkit.domain import Domain
    from lodkit.statement import Statement

GOLDEN = Path(__file__).parent / "golden"
LEAST_EXACT = 0.92
MOST_MISSING = 6

Row = dict[str, str]
Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]


def table(name: str) -> list[Row]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


ROWS = table("sample.tsv")
FOUND = [row for row in ROWS if row["subject"] != "-"]
STATED = [
    row["id"]
    for row in table("Peru_People's_Movement.tsv")
    if row["kind"] != "structure" and "certainty=implied" not in row["qualifiers"]
]


@pytest.fixture(scope="module")
def extraction(domain: Domain, sample: Path) -> Extraction:
    return extract(read_article(sample, abbreviations=domain.english.words("abbreviation")), domain)


@pytest.fixture(scope="module")
def readings(extraction: Extraction) -> dict[Triple, list[Statement]]:
    """The statements by triple."""
    found: dict[Triple, list[Statement]] = defaultdict(list)
    for statement in extraction.statements:
        found[statement.triple].append(statement)
    return found


@pytest.fixture(scope="module")
def facts(extraction: Extraction, domain: Domain) -> set[Triple]:
    """The triples of the facts graph."""
    graph = NamedNode(extraction.document.value + rdf.FACTS)
    quads = rdf.quads(extraction, domain_version=domain.version)
    return {(as_node(q.subject), q.predicate, as_object(q.object)) for q in quads if q.graph_name == graph}


def as_node(term: object) -> NamedNode:
    assert isinstance(term, NamedNode)
    return term


def as_object(term: object) -> NamedNode | Literal:
    assert isinstance(term, NamedNode | Literal)
    return term


def term_of(cell: str, domain: Domain) -> NamedNode | Literal:
    """A term from its CURIE, or a literal from Turtle."""
    if not cell.startswith('"'):
        return NamedNode(domain.expand(cell))
    prefixes = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in domain.prefixes.items())
    (quad,) = parse(f"{prefixes}<x:s> <x:p> {cell} .", RdfFormat.TURTLE)
    return as_object(quad.object)


def triple_of(row: Row, domain: Domain) -> Triple:
    subject, predicate, value = (term_of(row[key], domain) for key in ("subject", "predicate", "object"))
    return as_node(subject), as_node(predicate), value


def cell_of(term: NamedNode | Literal, domain: Domain) -> str:
    if isinstance(term, NamedNode):
        return domain.compact(term.value)
    text = str(Literal(term.value))
    if term.language:
        return f"{text}@{term.language}"
    datatype = domain.compact(term.datatype.value)
    return text if datatype == "xsd:string" else f"{text}^^{datatype}"


def name_of(row: Row) -> str:
    return (
        row["id"]
        if row["id"] != "extra"
        else " ".join((row["subject"].rpartition("/")[2], row["predicate"], row["object"]))[:100]
    )


def test_every_stated_fact_is_listed() -> None:
    listed = {row["id"] for row in ROWS} - {"extra"}
    assert len(STATED) == 77
    assert set(STATED) <= listed
    assert listed <= {row["id"] for row in table("Peru_People's_Movement.tsv")}


def test_enough_stated_facts_are_exact_triples() -> None:
    missing = [row["id"] for row in ROWS if row["id"] in STATED and row["subject"] == "-"]
    assert len(missing) <= MOST_MISSING
    assert (len(STATED) - len(missing)) / len(STATED) >= LEAST_EXACT


def test_whatever_is_missing_has_a_reason() -> None:
    for row in ROWS:
        if row["subject"] == "-":
            assert row["id"] != "extra"
            assert len(row["verdict"].split()) > 3, row["id"]


def test_no_fact_is_unsupported() -> None:
    for row in FOUND:
        words = ("gold",) if row["id"] != "extra" else ("supported: ", "implied ")
        assert row["verdict"].startswith(words), name_of(row)


@pytest.mark.parametrize("row", FOUND, ids=name_of)
def test_listed_triple_is_read_with_its_modality(
    row: Row, domain: Domain, readings: dict[Triple, list[Statement]]
) -> None:
    assert Modality(row["modality"]) in {
        statement.modality for statement in readings.get(triple_of(row, domain), ())
    }


@pytest.mark.parametrize("row", FOUND, ids=name_of)
def test_only_asserted_triples_are_facts(row: Row, domain: Domain, facts: set[Triple]) -> None:
    assert (triple_of(row, domain) in facts) == (row["modality"] == Modality.ASSERTED)


@pytest.mark.parametrize("row", FOUND, ids=name_of)
def test_triple_is_read_where_its_quote_stands(
    row: Row, domain: Domain, extraction: Extraction, readings: dict[Triple, list[Statement]]
) -> None:
    text = extraction.article.text
    quotes = [start for start in range(len(text)) if text.startswith(row["quote"], start)]
    spans = [statement.span for statement in readings.get(triple_of(row, domain), ())]
    assert any(
        start < span.end and span.start < start + len(row["quote"]) for start in quotes for span in spans
    )


def test_every_reading_is_listed(
    domain: Domain, extraction: Extraction, readings: dict[Triple, list[Statement]]
) -> None:
    listed = {(triple_of(row, domain), row["modality"]) for row in FOUND}
    new = [
        "\t".join(
            (
                "extra",
                *(cell_of(term, domain) for term in triple),
                s.modality,
                s.span.of(extraction.article.text),
                "?",
            )
        )
        for triple, statements in readings.items()
        for s in statements
        if (triple, s.modality) not in listed
    ]
    assert not new, (
        "read these against the text, then list them in golden/sample.tsv with a verdict:\n" + "\n".join(new)
    )


def test_every_fact_is_listed(domain: Domain, facts: set[Triple]) -> None:
    listed = {triple_of(row, domain) for row in FOUND if row["modality"] == Modality.ASSERTED}
    assert facts == listed


def test_no_triple_is_listed_as_extra_twice(domain: Domain) -> None:
    extras = [(triple_of(row, domain), row["modality"]) for row in FOUND if row["id"] == "extra"]
    gold = {(triple_of(row, domain), row["modality"]) for row in FOUND if row["id"] != "extra"}
    assert len(extras) == len(set(extras))
    assert not gold & set(extras)


def test_cells_are_read_back(domain: Domain) -> None:
    for row in FOUND:
        for key in ("subject", "predicate", "object"):
            assert cell_of(term_of(row[key], domain), domain) == row[key]


def test_conforms(domain: Domain, extraction: Extraction) -> None:
    from lodkit.validate import validate

    quads: list[Quad] = list(rdf.quads(extraction, domain_version=domain.version))
    report = validate(quads, domain, articles={extraction.document.value: extraction.article})
    assert report.conforms
    assert not report.results, [result.message for result in report.results]
