"""Why a query may have found nothing: terms that it names and the data have nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import LodkitError
from ..sparql import iri_of, significant
from ..spelling import nearest
from .solutions import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..sparql import Token
    from .solutions import Queryable

_MOST_LOOKED_UP = 20
"""How many terms of a query are looked for."""

_NO_TERM_BEHIND = frozenset({"^^", "BASE", "FROM", "NAMED"})
_SCHEMES = {"http://": "https://", "https://": "http://"}

_SOMEWHERE = """ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s <{iri}> ?o }} UNION {{ ?s ?p <{iri}> }}
  UNION {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} }}"""

_IN_USE = """SELECT DISTINCT ?term {{ {{ ?s ?term ?o }} UNION {{ ?s a ?term }}
  FILTER (isIRI(?term) && STRSTARTS(STR(?term), "{namespace}")) }} LIMIT 1000"""


def absent_terms(text: str, store: Queryable, prefixes: Mapping[str, str]) -> list[str]:
    """Return a line for each IRI of a query that is nowhere in the data, with the one that may have been
    meant.

    ``prefixes`` are those to show IRIs with; of a long query some terms are looked for.
    """
    try:
        return [
            _told(iri, store, prefixes)
            for iri in list(_iris(significant(text)))[:_MOST_LOOKED_UP]
            if not store.ask(_SOMEWHERE.format(iri=iri))
        ]
    except LodkitError:  # a hint is not worth an error
        return []


def _iris(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the IRIs that stand for terms of the data, each once: none of a prefix, a data set, a datatype or
    a function.
    """
    declared: dict[str, str] = {}
    seen: set[str] = set()
    for before, token, after in zip((None, *tokens), tokens, (*tokens[1:], None), strict=False):
        word = before.text.upper() if before else ""
        if word == "PREFIX" and token.kind == "name" and after is not None:
            declared[token.text[:-1]] = after.text[1:-1]
            seen.add(after.text[1:-1])
            continue
        iri = iri_of(token, declared)
        is_call = after is not None and after.text == "("
        if iri is not None and iri not in seen and not is_call and word not in _NO_TERM_BEHIND:
            seen.add(iri)
            yield iri


def _told(iri: str, store: Queryable, prefixes: Mapping[str, str]) -> str:
    line, meant = f"{shorten(iri, prefixes)} is nowhere in the data", _meant(iri, store)
    return f"{line}, but {shorten(meant, prefixes)} is" if meant else line


def _meant(iri: str, store: Queryable) -> str | None:
    """The IRI that differs from one in ``http:`` or ``https:`` or in the sign at its end, else the class or
    property of its namespace that is spelt most like it.
    """
    for other in _variants(iri):
        if store.ask(_SOMEWHERE.format(iri=other)):
            return other
    namespace = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
    rows = store.solutions(_IN_USE.format(namespace=namespace))
    found = nearest(iri[len(namespace) :], {row["term"].value[len(namespace) :] for row in rows})
    return namespace + found if found else None


def _variants(iri: str) -> Iterator[str]:
    swapped = [other + iri[len(start) :] for start, other in _SCHEMES.items() if iri.startswith(start)]
    yield from swapped
    for one in (iri, *swapped):
        yield one.rstrip("/#") if one.endswith(("/", "#")) else f"{one}/"
