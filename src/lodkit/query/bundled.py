"""The graphs that ship with lodkit, and a domain's ontology, as one data set to ask."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from ..domain import check_triple_terms, part_files, read_bytes, read_text
from ..errors import DomainError, InputError
from ..limits import limits
from ..store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .catalogue import QueryFolder

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_ONTOLOGY = NamedNode("http://www.w3.org/2002/07/owl#Ontology")


# Files of an ontology folder that say how articles word things or how terms map to others: none of them is
# asked about.
_NO_VOCABULARY = ("lexicon", "english", "alignments")


def bundled_dataset(domain: QueryFolder) -> Store:
    """Return a store in memory with the graphs of ``data/graphs/*.nq`` and the ontology.

    Raises:
        InputError: there are none, or one of them is broken.
        DomainError: the ontology is broken.
    """
    store = Store()
    store.add(ontology(domain))
    store.add(_graphs(domain))
    return store


def bundled_graphs(domain: QueryFolder) -> Iterator[tuple[str, bytes]]:
    """Yield the names and the bytes of ``data/graphs/*.nq``.

    Raises:
        InputError: there are none.
    """
    folder = domain.folder.joinpath("data").joinpath("graphs")
    files = part_files(domain.folder, "data/graphs", ".nq") if folder.is_dir() else []
    if not files:
        raise InputError("no bundled graphs", file="data/graphs", hint="give the data with --on FILE")
    for name, file in files:
        data = read_bytes(domain.folder, file, name, largest=limits().input)
        check_triple_terms(data, name)
        yield name, data


def _graphs(domain: QueryFolder) -> Iterator[Quad]:
    for name, data in bundled_graphs(domain):
        try:
            yield from parse(data, RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise InputError(error.msg, file=name, line=error.lineno, column=error.offset) from error


def ontology(domain: QueryFolder) -> Iterator[Quad]:
    """Yield the triples of each file of ``ontology/`` that declares classes or properties, in the graph named
    by its ontology's IRI.

    Raises:
        DomainError: a file is not Turtle.
    """
    for place, file in part_files(domain.folder, "ontology", ".ttl"):
        if file.name.startswith(_NO_VOCABULARY):
            continue
        text = read_text(domain.folder, file, place)
        yield from _declared(text, place)


@lru_cache(maxsize=16)  # a call asks for the ontology up to three times
def _declared(text: str, place: str) -> tuple[Quad, ...]:
    check_triple_terms(text, place)
    try:
        triples = list(parse(text, RdfFormat.TURTLE))
    except SyntaxError as error:
        raise DomainError(error.msg, file=place, line=error.lineno, column=error.offset) from error
    name = next(
        (triple.subject for triple in triples if triple.predicate == _TYPE and triple.object == _ONTOLOGY),
        None,
    )
    if not isinstance(name, NamedNode):
        return ()
    return tuple(Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples)
