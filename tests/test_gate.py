"""The gate in front of every statement: a domain with a slot of every kind, and values good and bad for each."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from lodkit.domain import Domain, read_domain
from lodkit.domain.graph import RDF, SH
from lodkit.domain.shapes import Predicate
from lodkit.extract import Extraction, extract
from lodkit.rdf import quads
from lodkit.shacl import Asking, background, index, validate
from lodkit.source import parse_article, read_article
from lodkit.statement import Modality, Statement
from lodkit.validate import validate as check

FOLDER = Path(__file__).parent / "gate_domain"
ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "data" / "articles").glob("*.txt"))
SHARED = sorted((ROOT.parent / "shared" / "articles").glob("*.txt"))
FEWEST_KINDS = 19
TYPE = NamedNode(RDF + "type")


def rows() -> list[list[str]]:
    with (FOLDER / "slots.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


@pytest.fixture(scope="module")
def kilns() -> Domain:
    return read_domain(FOLDER)


def said_of(slot: str, text: str, domain: Domain) -> tuple[Extraction, list[Statement]]:
    rule = next(rule for rule in domain.fields if rule.iri.endswith(f"#{slot}"))
    article = parse_article(f"= Blue Kiln =\n\nBlue Kiln\n- {rule.keys[0]}: {text}\n\nBlue Kiln is a kiln.\n")
    extraction = extract(article, domain)
    path = domain.property_shapes[rule.fills or ""].path
    return extraction, [s for s in extraction.statements if s.predicate.value == path]


def shown(term: NamedNode | Literal, domain: Domain) -> str:
    if isinstance(term, NamedNode):
        return curie if ":" in (curie := domain.compact(term.value)) and "/" not in curie else str(term)
    text = f'"{term.value}"'
    return f"{text}@{term.language}" if term.language else f"{text}^^{domain.compact(term.datatype.value)}"


def broken(extraction: Extraction, domain: Domain) -> list[str]:
    """What the shapes find wrong with the value of each asserted statement, all else but types left out."""
    asserted = [s for s in extraction.statements if s.modality is Modality.ASSERTED]
    types = {Triple(*s.triple) for s in asserted if s.predicate == TYPE}
    found = []
    for triple in dict.fromkeys(Triple(*s.triple) for s in asserted):
        known = {one for one in types if one.subject in (triple.subject, triple.object)}
        triples = sorted({triple, *known}, key=str)
        data = index(triples, background(triples, domain.graph))
        with Asking(data, domain.shapes) as asking:
            results = validate(data, domain.shapes, asking).results
        found += [
            f"{triple}: {result.messages[0].value}"
            for result in results
            if result.severity == SH + "Violation"
            and (result.focus, result.value) == (triple.subject, triple.object)
            and result.path == Predicate(triple.predicate)
            and not result.component.endswith(("DisjointConstraintComponent", "SPARQLConstraintComponent"))
        ]
    return found


@pytest.mark.parametrize(("slot", "text", "wanted"), rows())
def test_value_in_its_slot(slot: str, text: str, wanted: str, kilns: Domain) -> None:
    extraction, statements = said_of(slot, text, kilns)
    asserted = [shown(s.object, kilns) for s in statements if s.modality is Modality.ASSERTED]
    assert asserted == ([wanted] if wanted else [])
    assert broken(extraction, kilns) == []
    rejected = [s for s in statements if s.modality is Modality.REJECTED]
    assert [s.object for s in rejected] == ([] if wanted else [Literal(text)])
    reasons = [skipped for skipped in extraction.skipped if skipped.kind == "value"]
    assert [skipped.span for skipped in reasons] == [s.span for s in rejected]
    assert all(skipped.reason for skipped in reasons)


def test_every_slot_has_values_good_and_bad(kilns: Domain) -> None:
    good = {slot for slot, _, wanted in rows() if wanted}
    bad = {slot for slot, _, wanted in rows() if not wanted}
    assert len(good & bad) >= FEWEST_KINDS
    assert {shape.iri.rpartition("#")[2] for shape in kilns.property_shapes.values()} == good | bad


def test_all_rows_of_an_article_at_once(kilns: Domain) -> None:
    (path,) = (FOLDER / "articles").glob("*.txt")
    extraction = extract(read_article(path), kilns)
    assert broken(extraction, kilns) == []
    rejected = [s for s in extraction.statements if s.modality is Modality.REJECTED]
    reasons = {s.span for s in extraction.skipped if s.reason}
    assert len(rejected) == sum(not wanted for *_, wanted in rows())
    assert {s.object_span or s.span for s in rejected} <= reasons


def test_reason_is_that_of_the_shape(kilns: Domain) -> None:
    extraction, _ = said_of("mark", "ab12", kilns)
    assert [s.reason for s in extraction.skipped if s.kind == "value"] == [
        "'ab12': Mark is not as its slot asks."
    ]


@pytest.mark.parametrize(
    ("row", "asserted"),
    [
        ("Formation: 15 March 44 BC", "-0043-03-15"),
        ("Formation: 1 BC", "0000"),
        ("Formation: 30 February 1996", None),
        ("Members: 16,814", "16814"),
        ("Members: 16.814", None),
        ("Members: -3", None),
    ],
)
def test_bundled_domain_says_nothing_that_it_refuses(row: str, asserted: str | None, domain: Domain) -> None:
    text = f"= Alder Club =\n\nAlder Club\n- {row}\n\nThe Alder Club is a club in Ostia.\n"
    extraction = extract(parse_article(text), domain)
    values = [
        s.object.value for s in extraction.statements if _is_of_row(s) and isinstance(s.object, Literal)
    ]
    assert values == ([asserted] if asserted else [])
    report = check(quads(extraction, domain_version=domain.version), domain)
    assert report.conforms


def _is_of_row(statement: Statement) -> bool:
    return statement.key_span is not None and statement.modality is Modality.ASSERTED


@pytest.mark.parametrize(
    "path",
    [*SAMPLES, *(pytest.param(path, marks=pytest.mark.slow) for path in SHARED)],
    ids=lambda path: path.stem,
)
def test_no_fact_breaks_its_own_shape(path: Path, domain: Domain) -> None:
    abbreviations = domain.english.words("abbreviation")
    assert broken(extract(read_article(path, abbreviations=abbreviations), domain), domain) == []
