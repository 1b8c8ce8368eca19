"""Stores of each kind under one face, for tests that want the same of all."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad, RdfFormat, parse
from tests.stores.servers import PASSWORD, empty_oxigraph

from lodkit.domain import Domain
from lodkit.endpoint import Endpoint, open_endpoint
from lodkit.load import (
    Loading,
    Unit,
    datatypes_of,
    layout_of,
    open_loading,
    quads_of,
    units_in,
    way_into_endpoint,
    way_into_store,
)
from lodkit.store import Store

KINDS = ("embedded", "oxigraph", pytest.param("virtuoso", marks=pytest.mark.slow))


@dataclass
class Place:
    """An empty store of some kind: where it is, and what tests do with it."""

    kind: str
    where: str
    domain: Domain
    target: Store | Endpoint

    def loading(self, layout: str | None = None, **changes: Any) -> Loading:
        """Return a load into it; ``changes`` are those of the endpoint's profile."""
        target = self.target
        if isinstance(target, Store):
            return open_loading(way_into_store(target), layout, lambda: self.datatypes)
        target.profile = replace(target.profile, **changes)
        profile = target.profile
        return open_loading(
            way_into_endpoint(target),
            layout,
            lambda: self.datatypes,
            merged=profile.merged,
            default=profile.layout,
        )

    @property
    def datatypes(self) -> dict[str, str]:
        return datatypes_of(self.domain.property_shapes.values())

    def load(self, units: list[Unit], layout: str | None = None, **changes: Any) -> list[str]:
        """Load units; return what became of each."""
        loading = self.loading(layout, **changes)
        outcomes = [loading.load(unit) for unit in units]
        loading.finish()
        return outcomes

    def quads(self) -> set[Quad]:
        """Return what was loaded, read back."""
        layout = layout_of(self.target, self.where)
        assert layout is not None
        page = 0 if isinstance(self.target, Store) else self.target.profile.rows // 2
        units = [unit for unit in units_in(self.target, layout) if unit.is_article and unit.digest]
        return {
            quad for unit in units for quad in quads_of(self.target, layout, unit, self.datatypes, page=page)
        }

    def everything(self) -> set[str]:
        """Return all quads that the store holds, of Virtuoso's those in graphs of lodkit, without the
        ontology.
        """
        if isinstance(self.target, Store):
            quads = [str(quad) for quad in self.target]
        elif self.kind == "oxigraph":
            request = urllib.request.Request(f"{self.where}/store", headers={"Accept": "application/n-quads"})
            with urllib.request.urlopen(request) as response:
                quads = [str(quad) for quad in parse(response.read(), RdfFormat.N_QUADS)]
        else:
            found = self.target.solutions(
                "SELECT * { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), '/lodkit/')) }"
            )
            quads = [str(Quad(row["s"], row["p"], row["o"], row["g"])) for row in found]
        assert len(quads) == len(set(quads))
        return set(quads)


def empty_place(
    kind: str, request: pytest.FixtureRequest, domain: Domain, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Place:
    monkeypatch.setenv("NETRC", str(folder / "none"))
    if kind == "embedded":
        return Place(kind, str(folder / "store"), domain, Store(folder / "store"))
    if kind == "oxigraph":
        url = request.getfixturevalue("oxigraph")
        empty_oxigraph(url)
        return Place(kind, url, domain, open_endpoint(url))
    url = request.getfixturevalue("virtuoso")
    monkeypatch.setenv("LODKIT_USER", "dba")
    monkeypatch.setenv("LODKIT_PASSWORD", PASSWORD)
    endpoint = open_endpoint(url)
    empty_virtuoso(endpoint)
    return Place(kind, url, domain, endpoint)


def empty_virtuoso(endpoint: Endpoint) -> None:
    """Drop the graphs of lodkit. Virtuoso's own reset gives new numbers to terms, and plans in its cache
    still have the old ones.
    """
    graphs = endpoint.solutions(
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), 'lodkit')) }"
    )
    for row in graphs:
        endpoint.update(f"DROP SILENT GRAPH {row['g']}")
