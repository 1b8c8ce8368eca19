"""What commands that run in one process need to read only once: the domain that ships with lodkit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad

from lodkit.domain import Domain, bundled_folder, read_domain
from lodkit.query import QueryFolder, ontology

READING_DOMAINS = ("build", "check", "load", "validate", "verify")
READING_ONTOLOGIES = ("cli.asked", "cli.load", "query.folder", "cli.stores", "cli.verify", "query")


def read_once(patch: pytest.MonkeyPatch) -> None:
    """Let the commands share one reading of the bundled domain, and of its ontology."""
    domain = cache(read_domain)
    quads = cache(lambda: tuple(ontology(domain())))

    def read(folder: Path | None = None) -> Domain:
        return domain() if folder is None else read_domain(folder)

    def declare(place: QueryFolder) -> Iterator[Quad]:
        return iter(quads()) if place.folder == bundled_folder() else ontology(place)

    for command in READING_DOMAINS:
        patch.setattr(f"lodkit.cli.{command}.read_domain", read)
    patch.setattr("lodkit.cli.export.domain_of", read)
    for module in READING_ONTOLOGIES:
        patch.setattr(f"lodkit.{module}.ontology", declare)
