"""What a query answers, and the labels and short forms that people read it by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..odd import OddTerm

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Quad, QuerySolution, Variable

RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_BATCH = 500


class SolutionSequence(Protocol):
    """The rows of a SELECT (SPARQL 1.1 §18.4), to be gone through once."""

    @property
    def variables(self) -> Sequence[Variable]: ...
    def __iter__(self) -> Iterator[QuerySolution]: ...


class Queryable(Protocol):
    """A store or an endpoint; its queries see one union of all graphs."""

    def solutions(self, query: str) -> SolutionSequence: ...
    def ask(self, query: str) -> bool: ...
    def triples(self, query: str) -> Iterable[Triple | Quad]: ...


Cell = NamedNode | BlankNode | Literal | Triple | OddTerm | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Cite:
    """The words that a row rests on, and where: ``article`` is the document's IRI, line and column count from
    1.
    """

    statement: str
    article: str
    file: str | None
    line: int
    column: int
    quote: str

    def __str__(self) -> str:
        return f'{self.file or self.article}:{self.line}:{self.column} "{self.quote}"'


@dataclass(frozen=True, slots=True)
class Solutions:
    """What a query answers: its variables and rows; ``cites`` has the quotes of each row once they were asked
    for.

    An ASK is one row of one boolean, triples are three columns in sorted order. Tables leave the columns
    ``hidden`` out.
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    form: str = "SELECT"
    cites: tuple[tuple[Cite, ...], ...] | None = None
    hidden: tuple[str, ...] = ()


def batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the items in runs that fit into one query."""
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]


def shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return ``prefix:rest`` with the longest namespace that the IRI starts with, else the IRI in angle
    brackets.
    """
    fitting = [
        (len(space), prefix)
        for prefix, space in prefixes.items()
        if space and iri.startswith(space) and iri != space
    ]
    if not fitting:
        return f"<{iri}>"
    length, prefix = max(fitting)
    return f"{prefix}:{iri[length:]}"


def labels(solutions: Solutions, store: Queryable) -> dict[str, str]:
    """Return a label for each IRI of the rows that has one: the first of its ``rdfs:label`` in code point
    order.
    """
    iris = sorted({cell.value for row in solutions.rows for cell in row if isinstance(cell, NamedNode)})
    found: dict[str, str] = {}
    for batch in batches(iris):
        values = " ".join(f"<{iri}>" for iri in batch)
        for row in store.solutions(
            f"SELECT ?iri ?label {{ VALUES ?iri {{ {values} }} ?iri <{RDFS_LABEL}> ?label }}"
        ):
            iri, label = row["iri"].value, row["label"].value
            found[iri] = min(label, found.get(iri, label))
    return found


def without(solutions: Solutions, names: Collection[str]) -> Solutions:
    """Return the solutions without some of their columns."""
    kept = [index for index, name in enumerate(solutions.variables) if name not in names]
    rows = tuple(tuple(row[index] for index in kept) for row in solutions.rows)
    return replace(solutions, variables=tuple(solutions.variables[index] for index in kept), rows=rows)


def add_labels(solutions: Solutions, found: Mapping[str, str]) -> Solutions:
    """Return the solutions with a column ``xLabel`` after each column ``x`` in which some IRI has a label."""
    columns = dict(zip(solutions.variables, zip(*solutions.rows, strict=True), strict=False))
    named = {
        name: [_label(cell, found) for cell in cells]
        for name, cells in columns.items()
        if f"{name}Label" not in columns
    }
    wide: dict[str, tuple[Cell, ...]] = {}
    for name, cells in columns.items():
        wide[name] = cells
        if any(named.get(name, ())):
            wide[f"{name}Label"] = tuple(named[name])
    return (
        replace(solutions, variables=tuple(wide), rows=tuple(zip(*wide.values(), strict=True)))
        if wide
        else solutions
    )


def _label(cell: Cell, found: Mapping[str, str]) -> Literal | None:
    return Literal(found[cell.value]) if isinstance(cell, NamedNode) and cell.value in found else None
