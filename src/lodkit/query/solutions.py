"""What a query answers, and the labels and short forms that people read it by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..odd import OddTerm

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Quad, QuerySolution, Variable

RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_NAMING = (RDFS_LABEL, "http://purl.org/dc/terms/title")
_LABELS = (
    f"SELECT ?iri ?naming ?label {{{{ VALUES ?naming {{{{ {' '.join(f'<{iri}>' for iri in _NAMING)} }}}} "
    "VALUES ?iri {{ {iris} }} ?iri ?naming ?label }}"
)
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
    """The words that a row rests on, and where: ``article`` is the document's IRI, ``source`` where its text
    comes from (an IRI or words) if that is said; line and column count from 1.
    """

    statement: str
    article: str
    file: str | None
    line: int
    column: int
    quote: str
    source: str | None = None

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


def plain(cell: Cell) -> str:
    """Return a cell as CSV has it (SPARQL 1.1 Query Results CSV §3.2): without its kind."""
    if isinstance(cell, NamedNode | Literal | OddTerm):
        return str(cell.value)
    return "" if cell is None else str(cell)


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
    """Return a label for each IRI of the rows that has one: of its ``rdfs:label``, or else of its
    ``dcterms:title`` (an article's), the first in code point order.
    """
    iris = sorted({cell.value for row in solutions.rows for cell in row if isinstance(cell, NamedNode)})
    found: dict[str, tuple[int, str]] = {}
    for batch in batches(iris):
        for row in store.solutions(_LABELS.format(iris=" ".join(f"<{iri}>" for iri in batch))):
            iri, said = row["iri"].value, (_NAMING.index(row["naming"].value), row["label"].value)
            found[iri] = min(said, found.get(iri, said))
    return {iri: label for iri, (_, label) in found.items()}


def without(solutions: Solutions, names: Collection[str]) -> Solutions:
    """Return the solutions without some of their columns."""
    kept = [index for index, name in enumerate(solutions.variables) if name not in names]
    rows = tuple(tuple(row[index] for index in kept) for row in solutions.rows)
    return replace(solutions, variables=tuple(solutions.variables[index] for index in kept), rows=rows)


CITED: Mapping[str, Callable[[Cite], str]] = {
    "evidence": str,
    "evidenceQuote": lambda cite: cite.quote,
    "evidenceSource": lambda cite: cite.source or "",
}
"""The columns that quotes make, with what they hold of each."""


def cited(solutions: Solutions, names: Collection[str] = tuple(CITED)) -> Solutions:
    """Return the solutions with the quotes of each row as columns, in each a line for every quote."""
    if solutions.cites is None:
        return solutions
    rows = tuple(
        (*row, *(_lines(CITED[name], cites) for name in names))
        for row, cites in zip(solutions.rows, solutions.cites, strict=True)
    )
    return replace(solutions, variables=(*solutions.variables, *names), rows=rows, cites=None)


def _lines(part: Callable[[Cite], str], cites: Sequence[Cite]) -> Literal | None:
    lines = [part(cite) for cite in cites]
    return Literal("\n".join(lines)) if any(lines) else None


def add_labels(solutions: Solutions, found: Mapping[str, str]) -> Solutions:
    """Return the solutions with a column ``xLabel`` after each column ``x`` that holds an IRI, if there are
    labels at all.
    """
    names = solutions.variables
    labelled = {
        index
        for index, name in enumerate(names)
        if f"{name}Label" not in names and any(isinstance(row[index], NamedNode) for row in solutions.rows)
    }
    if not found or not labelled:
        return solutions
    wide: list[str] = []
    for index, name in enumerate(names):
        wide += [name, f"{name}Label"] if index in labelled else [name]
    rows = tuple(tuple(_with_labels(row, labelled, found)) for row in solutions.rows)
    return replace(solutions, variables=tuple(wide), rows=rows)


def _with_labels(row: Row, labelled: Collection[int], found: Mapping[str, str]) -> Iterator[Cell]:
    for index, cell in enumerate(row):
        yield cell
        if index in labelled:
            yield _label(cell, found)


def _label(cell: Cell, found: Mapping[str, str]) -> Literal | None:
    return Literal(found[cell.value]) if isinstance(cell, NamedNode) and cell.value in found else None
