"""What was loaded into a store: the articles with their versions and counts, and their quads as they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad

from ..errors import StoreError
from ..rdf import EVIDENCE, FACTS
from ..rdf.quads import DCTERMS
from .forms import restored
from .layout import PREFIXES, counting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .layout import Layout
    from .loading import Target

_PAGE = 1000  # rows; Virtuoso's bound is 10,000 unless it is set


@dataclass(frozen=True, slots=True)
class Loaded:
    """A unit in a store. The digest is None where its load was not finished; what the evidence tells is None
    where there is none.
    """

    name: str
    digest: str | None
    title: str | None = None
    tool: str | None = None
    domain: str | None = None
    is_article: bool = True

    @property
    def graphs(self) -> tuple[str, ...]:
        """Its graphs, evidence first."""
        return (self.name + EVIDENCE, self.name + FACTS) if self.is_article else (self.name,)


def units_in(target: Target, layout: Layout) -> list[Loaded]:
    """Return what was loaded, sorted by name; also articles without a digest, whose load was not finished or
    not lodkit's.
    """
    digests = {
        row["document"].value: row["digest"].value for row in _paged(target, layout.digests(), "?digest")
    }
    optional = {"title": f"<{DCTERMS}title>", "tool": "lk:toolVersion", "domain": "lk:domainVersion"}
    parts = " ".join(f"OPTIONAL {{ ?document {path} ?{name} }}" for name, path in optional.items())
    articles: dict[str, Loaded] = {}
    for row in _paged(target, layout.anywhere(f"?document a lk:Article . {parts}"), "?title ?tool ?domain"):
        name = row["document"].value
        title, tool, domain = (row[key].value if row[key] is not None else None for key in optional)
        articles[name] = Loaded(name, digests.get(name), title, tool, domain)
    for name, digest in digests.items():
        if name not in articles:
            articles[name] = Loaded(name, digest, is_article=False)
    return [articles[name] for name in sorted(articles)]


def counts_of(target: Target, layout: Layout, loaded: Loaded) -> list[int]:
    """Return the number of triples in each of a unit's graphs."""
    patterns = [layout.pattern(loaded.name, graph, is_article=loaded.is_article) for graph in loaded.graphs]
    [row] = target.solutions(counting(patterns))
    return [int(row[f"n{number}"].value) for number in range(len(patterns))]


def quads_of(
    target: Target, layout: Layout, loaded: Loaded, datatypes: Mapping[str, str], *, page: int = 0
) -> list[Quad]:
    """Return an article's quads, with the datatypes that the store did not keep put right, read in pages of
    so many rows (0: in one).

    Raises:
        StoreError: the store gave another number of triples than it says it has.
    """
    quads: set[Quad] = set()
    for graph, expected in zip(loaded.graphs, counts_of(target, layout, loaded), strict=True):
        pattern = layout.pattern(loaded.name, graph, is_article=loaded.is_article)
        before = len(quads)
        for start in range(0, expected, page or max(expected, 1)):
            bounds = f" LIMIT {page} OFFSET {start}" if page else ""
            rows = target.solutions(f"{PREFIXES}SELECT ?s ?p ?o {{ {pattern} }}{bounds}")
            quads.update(Quad(row["s"], row["p"], row["o"], NamedNode(graph)) for row in rows)
        if len(quads) - before != expected:
            raise StoreError(
                f"gave {len(quads) - before} of {expected} triples",
                term=graph,
                hint="is it being loaded? try again",
            )
    return restored(quads, datatypes)


def _paged(target: Target, pattern: str, variables: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a pattern, a page after the other in the order of ``?document``."""
    last = ""
    while True:
        query = f'{PREFIXES}SELECT DISTINCT ?document {variables} {{ {pattern} FILTER(STR(?document) > "{last}") }}'
        rows = list(target.solutions(f"{query} ORDER BY STR(?document) LIMIT {_PAGE}"))
        yield from rows
        if len(rows) < _PAGE:
            return
        last = rows[-1]["document"].value
