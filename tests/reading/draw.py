"""Draw asserted statements for reading: ``python tests/reading/draw.py > drawn.tsv``.

The statements of all organisation articles of ``../shared`` but the sample are sorted by IRI; labels are left
out, for they are right by
construction. A fixed seed picks 100. The verdicts of a human reader go into ``verdicts.tsv`` beside this
file.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from lodkit.domain import Domain, read_domain
from lodkit.extract import extract
from lodkit.source import read_article
from lodkit.statement import Modality, name_statements

SHARED = Path(__file__).resolve().parents[3] / "shared"
SAMPLE = "Peru People's Movement"
SEED, SIZE = 20261123, 100
COLUMNS = ("statement", "subject", "predicate", "object", "rule", "quote")


def organisation_articles() -> Iterator[Path]:
    """Yield the files of the organisation articles, the sample left out."""
    with (SHARED / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            path = SHARED / row["article"]
            if row["class"] == "org" and row["title"] != SAMPLE and row["article"] and path.is_file():
                yield path


def rows(domain: Domain) -> Iterator[dict[str, str]]:
    """Yield every asserted statement but labels as a row of the table."""
    abbreviations = domain.english.words("abbreviation")
    for path in organisation_articles():
        article = read_article(path, abbreviations=abbreviations)
        extraction = extract(article, domain)
        for iri, statement in name_statements(extraction.document.value, article.text, extraction.statements):
            if statement.modality is Modality.ASSERTED and not statement.predicate.value.endswith("#label"):
                terms = (statement.subject, statement.predicate, statement.object, statement.rule)
                subject, predicate, value, rule = (_short(domain, str(term)) for term in terms)
                yield dict(
                    zip(
                        COLUMNS,
                        (iri, subject, predicate, value, rule, statement.span.of(article.text)),
                        strict=True,
                    )
                )


def _short(domain: Domain, term: str) -> str:
    return unquote(domain.compact(term[1:-1])) if term.startswith("<") else term


def draw(domain: Domain) -> list[dict[str, str]]:
    """Return the rows that the seed picks, in the order of their IRIs."""
    everything = sorted(rows(domain), key=lambda row: row["statement"])
    return sorted(random.Random(SEED).sample(everything, SIZE), key=lambda row: row["statement"])


if __name__ == "__main__":
    writer = csv.DictWriter(
        sys.stdout, COLUMNS, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, escapechar="\\"
    )
    writer.writeheader()
    writer.writerows(draw(read_domain()))
