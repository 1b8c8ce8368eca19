"""Join the rows of an answer to the quotes that they rest on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, QuerySolution

from ..rdf import EVIDENCE, serialize
from ..rdf.quads import LK
from .parameters import Term
from .solutions import Cite, Queryable, Row, Solutions, batches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .catalogue import CannedQuery

LOADS = LK + "loads"  # as in lodkit.load, which nothing here needs

_PREFIXES = """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#>
PREFIX lk: <https://w3id.org/lodkit/core#>
"""
_PLACE = """?statement prov:wasDerivedFrom ?place .
  ?place nif:anchorOf ?quote ; lk:line ?line ; lk:column ?column .
  BIND(IRI(STRBEFORE(STR(?place), "#")) AS ?article)
  OPTIONAL { ?article lk:file ?file }
  OPTIONAL { ?article dcterms:source ?source }
  OPTIONAL { ?place lk:section ?row . ?row lk:key ?key }"""
# Who may be cited: what stands in the evidence of the article that it is named after, in the one graph of a
# store that holds all (which has the digests too), or in no graph at all.
_SPEAKING = """{{ GRAPH ?graph {{ {pattern} OPTIONAL {{ ?article lk:digest ?digest }} }} }}"""
_NOWHERE = """{pattern}
  FILTER NOT EXISTS {{ GRAPH ?one {{ ?statement ?p1 ?o1 }} }}
  FILTER NOT EXISTS {{ GRAPH ?other {{ ?place ?p2 ?o2 }} }}"""
# Objects are compared here and not by the store: Virtuoso finds no literal with a language that stands in
# VALUES.
_OF_TRIPLES = (
    "VALUES (?subject ?predicate) {{ {values} }}",
    (
        "?statement rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ; "
        f"lk:modality lk:asserted . {_PLACE}"
    ),
)
_OF_STATEMENTS = "VALUES ?statement {{ {values} }}", _PLACE

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
    """The quotes in the order of the text, each once though several rules read it; of several sources that an
    article is said to have, the first.
    """
    found: dict[Cite, str | None] = {}
    for cite in sorted(cites, key=lambda cite: cite.source or ""):
        found.setdefault(replace(cite, source=None), cite.source)
    cites = (replace(cite, source=source) for cite, source in found.items())
    quotes: dict[tuple[str, int, int, str], Cite] = {}
    for cite in sorted(cites, key=lambda cite: cite.statement):
        quotes.setdefault((cite.article, cite.line, cite.column, cite.quote), cite)
    return [quotes[place] for place in sorted(quotes)]


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
    kinds = (
        (_OF_TRIPLES, ("subject", "predicate", "object"), [key for key in keys if len(key) == 3]),
        (_OF_STATEMENTS, ("statement",), [key for key in keys if len(key) == 1]),
    )
    for where in (_SPEAKING, _NOWHERE):
        for kind, names, all_wanted in kinds:
            wanted = [key for key in all_wanted if key not in found]
            values = sorted({f"({key[0]} {key[1]})" if len(key) == 3 else key[0] for key in wanted})
            for batch in batches(values):
                for row in store.solutions(_query(kind, where, batch)):
                    if _speaks_for_itself(row, is_graph=where is _SPEAKING):
                        found[tuple(_write(row[name]) for name in names)].append(_cite(row))
    return found


def _query(kind: tuple[str, str], where: str, values: Sequence[str]) -> str:
    given, pattern = kind
    return (
        f"{_PREFIXES}SELECT * WHERE {{ {given.format(values=' '.join(values))}"
        f" {where.format(pattern=pattern)} }}"
    )


def _speaks_for_itself(row: QuerySolution, *, is_graph: bool) -> bool:
    """Tell whether a statement and its place are of one article, and stand where only that article speaks."""
    document = row["article"].value
    own = document + "#"
    if not (row["statement"].value.startswith(own) and row["place"].value.startswith(own)):
        return False
    graph = row["graph"].value if is_graph else ""
    return not is_graph or graph == document + EVIDENCE or (row["digest"] is not None and graph != LOADS)


def _cite(row: QuerySolution) -> Cite:
    return Cite(
        statement=row["statement"].value,
        article=row["article"].value,
        file=row["file"].value if row["file"] is not None else None,
        line=int(row["line"].value),
        column=int(row["column"].value),
        quote=_said(row),
        source=row["source"].value if row["source"] is not None else None,
    )


def _said(row: QuerySolution) -> str:
    """The words, after the key of the row in whose value they stand."""
    key = row["key"].value if row["key"] is not None else ""
    return f"{key}: {row['quote'].value}" if key else str(row["quote"].value)
