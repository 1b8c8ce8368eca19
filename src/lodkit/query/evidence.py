"""Join the rows of an answer to the quotes that they rest on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, QuerySolution

from ..rdf import serialize
from .parameters import Term
from .solutions import Cite, Queryable, Row, Solutions, batches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .catalogue import CannedQuery

_PREFIXES = """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#>
PREFIX lk: <https://w3id.org/lodkit/core#>
"""
_PLACE = """?statement prov:wasDerivedFrom ?place .
  ?place nif:anchorOf ?quote ; lk:line ?line ; lk:column ?column .
  BIND(IRI(STRBEFORE(STR(?place), "#")) AS ?article)
  OPTIONAL { ?article lk:file ?file }
  OPTIONAL { ?statement lk:keyPlace ?keyPlace . ?keyPlace nif:anchorOf ?key }"""
# Objects are compared here and not by the store: Virtuoso finds no literal with a language that stands in
# VALUES.
_OF_TRIPLES = """SELECT * WHERE {{
  VALUES (?subject ?predicate) {{ {values} }}
  ?statement rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ; lk:modality lk:asserted .
  {place}
}}"""
_OF_STATEMENTS = """SELECT * WHERE {{
  VALUES ?statement {{ {values} }}
  {place}
}}"""

Pattern = tuple[str, ...]


def cite(query: CannedQuery, solutions: Solutions, store: Queryable) -> Solutions:
    """Return the solutions with the quotes of each row, in the order of the text."""
    wanted = [
        [key for pattern in query.evidence if (key := _key(pattern, solutions.variables, row))]
        for row in solutions.rows
    ]
    found = _look_up(sorted({key for keys in wanted for key in keys}), store)
    return replace(
        solutions,
        cites=tuple(tuple(_in_order(cite for key in keys for cite in found.get(key, ()))) for keys in wanted),
    )


def _in_order(cites: Iterator[Cite]) -> list[Cite]:
    return sorted(
        set(cites), key=lambda cite: (cite.article, cite.line, cite.column, cite.quote, cite.statement)
    )


def _key(pattern: Pattern, variables: tuple[str, ...], row: Row) -> tuple[str, ...] | None:
    """Fill a pattern from a row; None if a variable is unbound or is no term that a statement holds."""
    cells = dict(zip(variables, row, strict=True))
    terms = [cells.get(part[1:]) if part.startswith("?") else NamedNode(part) for part in pattern]
    written = tuple(_write(term) for term in terms if isinstance(term, Term))
    return written if len(written) == len(pattern) else None


def _write(term: Term) -> str:
    return str(term) if isinstance(term, NamedNode) else serialize(term)


def _look_up(keys: list[tuple[str, ...]], store: Queryable) -> dict[tuple[str, ...], list[Cite]]:
    found: dict[tuple[str, ...], list[Cite]] = defaultdict(list)
    pairs = sorted({f"({key[0]} {key[1]})" for key in keys if len(key) == 3})
    statements = [key[0] for key in keys if len(key) == 1]
    for batch in batches(pairs):
        for row in store.solutions(_PREFIXES + _OF_TRIPLES.format(values="\n".join(batch), place=_PLACE)):
            found[tuple(_write(row[name]) for name in ("subject", "predicate", "object"))].append(_cite(row))
    for batch in batches(statements):
        for row in store.solutions(_PREFIXES + _OF_STATEMENTS.format(values=" ".join(batch), place=_PLACE)):
            found[(_write(row["statement"]),)].append(_cite(row))
    return found


def _cite(row: QuerySolution) -> Cite:
    return Cite(
        statement=row["statement"].value,
        article=row["article"].value,
        file=row["file"].value if row["file"] is not None else None,
        line=int(row["line"].value),
        column=int(row["column"].value),
        quote=row["quote"].value if row["key"] is None else f"{row['key'].value}: {row['quote'].value}",
    )
