"""What the sample article does not say: each question of ``golden/not.toml`` is false of its facts, true with
a wrong triple among them.
"""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import QueryBoolean, RdfFormat, Store

from lodkit import rdf
from lodkit.extract import extract
from lodkit.source import read_article
from lodkit.statement import BASE

if TYPE_CHECKING:
    from lodkit.domain import Domain

GOLDEN = Path(__file__).parent / "golden"
CASES: dict[str, dict[str, str]] = tomllib.loads((GOLDEN / "not.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def facts(domain: Domain, sample: Path) -> bytes:
    """The facts as N-Triples."""
    extraction = extract(read_article(sample, abbreviations=domain.english.words("abbreviation")), domain)
    lines = (f"{q.subject} {q.predicate} {q.object} .\n" for q in rdf.quads(extraction, evidence=False))
    return "".join(lines).encode()


def holds(ask: str, facts: bytes, wrong: str, domain: Domain) -> bool:
    """Ask of the facts, with the wrong triples among them."""
    names = {**domain.prefixes, "m": f"{BASE}id/Peru_People's_Movement/"}
    store = Store()
    store.load(facts, RdfFormat.N_TRIPLES)
    turtle = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in names.items())
    store.load((turtle + wrong).encode(), RdfFormat.TURTLE, base_iri=f"{BASE}id/")
    sparql = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in names.items())
    result = store.query(f"BASE <{BASE}id/>\n{sparql}ASK {{ {ask} }}")
    assert isinstance(result, QueryBoolean)
    return bool(result)


def test_every_row_has_its_question() -> None:
    with (GOLDEN / "Peru_People's_Movement.not.tsv").open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)] == list(
            CASES
        )


@pytest.mark.parametrize("case", CASES)
def test_is_not_a_fact(case: str, facts: bytes, domain: Domain) -> None:
    assert not holds(CASES[case]["ask"], facts, "", domain)


@pytest.mark.parametrize("case", CASES)
def test_would_be_found(case: str, facts: bytes, domain: Domain) -> None:
    assert holds(CASES[case]["ask"], facts, CASES[case]["wrong"], domain)


@pytest.mark.parametrize("case", CASES)
def test_every_term_is_declared(case: str, domain: Domain) -> None:
    """A question about a property that nothing can have would be false for ever."""
    terms = set(re.findall(r"\b(?:mvt|schema|dcterms|rdfs):\w+", CASES[case]["ask"] + CASES[case]["wrong"]))
    assert terms
    assert {term for term in terms if domain.expand(term) not in domain.graph.triples} == set()
