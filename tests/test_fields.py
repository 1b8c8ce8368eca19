"""Infobox rows and what they say: ``tests/fields/rows.tsv``, invented names only.

Columns: ``key`` and ``value`` (two rows joined by `` + ``), ``class`` (``party``), ``expected`` (asserted
``property object``, joined by
``; ``; an entity by its label, a text without its tag), ``refused`` (``rejected`` or ``skipped`` and words of
the reason).
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from lodkit.domain import Domain, read_domain
from lodkit.extract import Extraction, extract
from lodkit.source import parse_article
from lodkit.statement import Modality

ROWS = Path(__file__).parent / "fields" / "rows.tsv"
KINDS = {"party": "mvt:PoliticalParty"}


def rows() -> list[dict[str, str]]:
    """Return the rows of the table."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def domain() -> Domain:
    return read_domain()


def read(domain: Domain, row: dict[str, str]) -> Extraction:
    """Return what an article of these rows alone gives."""
    pairs = zip(row["key"].split(" + "), row["value"].split(" + "), strict=True)
    box = "".join(f"- {key}: {value}\n" for key, value in pairs)
    article = parse_article(f"= Blue Lantern =\n\nBlue Lantern\n{box}")
    return extract(article, domain, subject_class=domain.expand(KINDS[row["class"]]))


def said(domain: Domain, extraction: Extraction) -> set[str]:
    """Return what is asserted of the subject, without types and labels."""
    labels = {
        s.subject: s.object
        for s in extraction.statements
        if domain.compact(s.predicate.value) == "rdfs:label"
    }
    found: set[str] = set()
    for statement in extraction.statements:
        name, value = domain.compact(statement.predicate.value), statement.object
        if (
            statement.modality is not Modality.ASSERTED
            or statement.subject != extraction.subject
            or name in ("rdf:type", "rdfs:label")
        ):
            continue
        if isinstance(value, NamedNode):
            known = labels.get(value)
            found.add(f"{name} {known.value if isinstance(known, Literal) else domain.compact(value.value)}")
        else:
            assert isinstance(value, Literal)
            dated = not value.language and not value.datatype.value.endswith(("#string", "#anyURI"))
            found.add(f'{name} "{value.value}"' if dated else f"{name} {value.value}")
    return found


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['key']}: {row['value']}")
def test_row(domain: Domain, row: dict[str, str]) -> None:
    extraction = read(domain, row)
    assert said(domain, extraction) == {part.strip() for part in row["expected"].split("; ") if part}
    reasons = [skipped.reason for skipped in extraction.skipped]
    kind, _, words = row["refused"].partition(" ")
    assert bool(reasons) == bool(kind), reasons
    if kind:
        assert any(words in reason for reason in reasons), reasons
    rejected = any(statement.modality is Modality.REJECTED for statement in extraction.statements)
    assert rejected == (kind == "rejected")
