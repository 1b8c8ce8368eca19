"""Cells of infoboxes and what they say: ``tests/cells/cells.toml``."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from lodkit.article import parse_article
from lodkit.domain import Domain, local_name, read_domain
from lodkit.extract import Extraction, extract
from lodkit.statement import Modality

CELLS = Path(__file__).parent / "cells" / "cells.toml"
UNSAID = {"rdf:type", "rdfs:label", "mvt:situation"}


def cells() -> list[dict[str, Any]]:
    """Return the cells of the table."""
    cells: list[dict[str, Any]] = tomllib.loads(CELLS.read_text("utf-8"))["cell"]
    return cells


@pytest.fixture(scope="module")
def domain() -> Domain:
    return read_domain()


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


def test_there_are_enough_cells() -> None:
    assert len(cells()) >= 60
