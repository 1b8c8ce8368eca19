"""What was loaded into a store: the articles with their versions and counts, and their quads as they were."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad

from ..errors import StoreError
from ..rdf import EVIDENCE, FACTS
from ..rdf.quads import DCTERMS
from .forms import restored
from .layout import PREFIXES, counting
from .records import Record, parse_record
from .units import DEFAULT_GRAPH, graph_term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .layout import Layout
    from .loading import Target

_PAGE = 1000  # rows; Virtuoso's bound is 10,000 unless it is set


@dataclass(frozen=True, slots=True)
class Loaded:
    """A unit in a store. The digest is None where its load was not finished; what the evidence tells is None
    where there is none.

    ``quads`` is how many it had when it was loaded, None where that was not written down; ``changed`` is how
    many of its literals come back in another form.
    """

    name: str
    digest: str | None
    title: str | None = None
    tool: str | None = None
    domain: str | None = None
    is_article: bool = True
    quads: int | None = None
    changed: int = 0

    @property
    def graphs(self) -> tuple[str, ...]:
        """Its graphs, evidence first."""
        return (self.name + EVIDENCE, self.name + FACTS) if self.is_article else (self.name,)


def units_in(target: Target, layout: Layout) -> list[Loaded]:
    """Return what was loaded, sorted by name; also articles without a digest, whose load was not finished or
    not lodkit's.
    """
    records = _records(target, layout)
    optional = {"title": f"<{DCTERMS}title>", "tool": "lk:toolVersion", "domain": "lk:domainVersion"}
    parts = " ".join(f"OPTIONAL {{ ?document {path} ?{name} }}" for name, path in optional.items())
    articles: dict[str, Loaded] = {}
    for row in _paged(target, layout.anywhere(f"?document a lk:Article . {parts}"), "?title ?tool ?domain"):
        name = row["document"].value
        title, tool, domain = (row[key].value if isinstance(row[key], Literal) else None for key in optional)
        articles[name] = _loaded(name, records.get(name), title=title, tool=tool, domain=domain)
    for name, record in records.items():
        if name not in articles:
            articles[name] = _loaded(name, record, is_article=_is_article(target, layout, name))
    return [articles[name] for name in sorted(articles)]


def _loaded(name: str, record: Record | None, **more: Any) -> Loaded:
    if record is None:
        return Loaded(name, None, **more)
    return Loaded(name, record.digest, quads=record.quads, changed=record.changed, **more)


def _records(target: Target, layout: Layout) -> dict[str, Record | None]:
    """The record of each name that has a digest; None where it has several, or something else."""
    found: dict[str, list[object]] = defaultdict(list)
    for row in _paged(target, layout.digests(), "?digest"):
        found[row["document"].value].append(row["digest"])
    return {name: parse_record(values[0]) if len(values) == 1 else None for name, values in found.items()}


def _is_article(target: Target, layout: Layout, name: str) -> bool:
    """Tell whether a unit that does not say that it is an article has the graphs of one."""
    if layout.name == "merged" or "#" in name:  # an IRI has one fragment
        return False
    patterns = [layout.pattern(name, name + end, is_article=True) for end in (FACTS, EVIDENCE)]
    found = " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)
    return bool(list(target.solutions(f"{PREFIXES}SELECT ?s {{ {found} }} LIMIT 1")))


def sees_union(name: str) -> bool:
    """Tell whether questions for a unit may see the union of all graphs: for the default graph they must see
    that alone.
    """
    return name != DEFAULT_GRAPH


def counts_of(target: Target, layout: Layout, loaded: Loaded) -> list[int]:
    """Return the number of triples in each of a unit's graphs."""
    patterns = [layout.pattern(loaded.name, graph, is_article=loaded.is_article) for graph in loaded.graphs]
    [row] = target.solutions(counting(patterns), union=sees_union(loaded.name))
    return [int(row[f"n{number}"].value) for number in range(len(patterns))]


def is_whole(layout: Layout, unit: Loaded, found: int) -> bool:
    """Tell whether a unit has as many quads as were loaded, as far as that was written down.

    In one graph, others may say more of what an ontology names.
    """
    if unit.quads is None or unit.digest is None:
        return True
    return found == unit.quads if unit.is_article or layout.name == "graphs" else found >= unit.quads


def quads_of(
    target: Target, layout: Layout, loaded: Loaded, datatypes: Mapping[str, str], *, page: int = 0
) -> list[Quad]:
    """Return an article's quads, with the datatypes that the store did not keep put right, read in pages of
    so many rows (0: in one).

    Raises:
        StoreError: the store gave another number of triples than it says it has, or than were loaded.
    """
    quads: set[Quad] = set()
    counts = counts_of(target, layout, loaded)
    if not is_whole(layout, loaded, sum(counts)):
        message = f"has {sum(counts)} of {loaded.quads} quads"
        raise StoreError(message, term=loaded.name, hint="lodkit store --repair, and load it again")
    for graph, expected in zip(loaded.graphs, counts, strict=True):
        pattern = layout.pattern(loaded.name, graph, is_article=loaded.is_article)
        before = len(quads)
        for start in range(0, expected, page or max(expected, 1)):
            bounds = f" LIMIT {page} OFFSET {start}" if page else ""
            query = f"{PREFIXES}SELECT ?s ?p ?o {{ {pattern} }}{bounds}"
            rows = target.solutions(query, union=sees_union(loaded.name))
            quads.update(Quad(row["s"], row["p"], row["o"], graph_term(graph)) for row in rows)
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
        bound = f'FILTER(isIRI(?document) && STR(?document) > "{last}")'
        query = f"{PREFIXES}SELECT DISTINCT ?document {variables} {{ {pattern} {bound} }}"
        rows = list(target.solutions(f"{query} ORDER BY STR(?document) LIMIT {_PAGE}"))
        if not all(isinstance(row["document"], NamedNode) for row in rows):
            raise StoreError("the store answered with a document that is no IRI")
        yield from rows
        if len(rows) < _PAGE:
            return
        if rows[-1]["document"].value <= last:
            raise StoreError("the store answered with the same rows again")
        last = rows[-1]["document"].value
