"""Queries, of the catalogue and of shapes: terms that nothing declares, variables that nothing binds, and
what is no SPARQL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..domain.graph import OWL, RDF, RDFS, SH, XSD, key_of
from ..domain.shapes import declared_prefixes
from ..errors import DomainError, LimitError, LodkitError, QueryError, StoreError
from ..query import read_canned
from ..sandbox import Session
from ..sparql import refuse_unsafe
from ..sparql.tokens import line_and_column, significant, unescaped
from .bindings import unbound
from .model import local
from .terms import like

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..query import QueryFolder
    from ..sparql.tokens import Token
    from .model import Checked

_PREBOUND = ("this", "PATH", "currentShape", "shapesGraph")  # SHACL §5.3.1
_BUILT_IN = (RDF, RDFS, OWL, XSD, SH)


def of_shapes(checked: Checked) -> Iterator[DomainError]:
    """Yield what is wrong with ``sh:select`` of shapes."""
    empty = Session()
    try:
        for owner, predicates in checked.graph.triples.items():
            for constraint in map(key_of, predicates.get(SH + "sparql", ())):
                yield from _of_constraint(constraint, owner, checked, empty)
    finally:
        empty.close()


def _of_constraint(constraint: str, owner: str, checked: Checked, empty: Session) -> Iterator[DomainError]:
    prefixes = declared_prefixes(checked.graph, constraint)
    written = checked.graph.text(constraint, SH + "select") or ""
    text = re.sub(r"[$?]PATH\b", "<urn:path>", written)
    try:
        refuse_unsafe(text)
    except (LimitError, QueryError):  # told where the domain is read
        return
    try:
        empty.solutions(text, prefixes=prefixes)
    except (LimitError, QueryError, StoreError) as error:
        hint = error.hint or "sh:prefixes must lead to an ontology with sh:declare"
        yield _inside(checked, owner, written, 0, DomainError(f"sh:select: {error.message}", hint=hint))
        return
    tokens = significant(written)
    for iri, token in _undeclared(tokens, prefixes, checked):
        message = f"sh:select: {checked.compact(iri)} is not declared in ontology/"
        told = DomainError(message, hint=like(iri, checked.described, checked))
        yield _inside(checked, owner, written, token.start, told)
    for token in unbound(tokens, _PREBOUND):
        told = DomainError(f"sh:select: nothing binds ?{token.text[1:]}, which it selects")
        yield _inside(checked, owner, written, token.start, told)


def _inside(checked: Checked, owner: str, text: str, offset: int, told: DomainError) -> DomainError:
    """An error about a query, at an offset of its text where that is written without escapes."""
    about = checked.graph.named(owner)
    found = checked.error(told.message, owner, hint=told.hint)
    subject = "" if about.startswith("_:") else about
    for written in checked.written:
        literal = written.literal(subject, text, SH + "select")
        if literal is not None:
            mention, quotes = literal
            found.file = written.file.name
            found.line, found.column = written.lines.position(mention.start + quotes + offset)
            break
    return found


def of_catalogue(checked: Checked, folder: QueryFolder, names: Sequence[str]) -> Iterator[DomainError]:
    """Yield what is wrong with canned queries that can be read."""
    for name in names:
        try:
            query = read_canned(folder, name)
        except LodkitError:  # told by those who check that they can be read
            continue
        tokens = significant(query.text)
        prefixes = dict(declared(tokens))
        for iri, token in _undeclared(tokens, prefixes, checked):
            hint = like(iri, checked.described, checked)
            message = "is not declared in ontology/"
            yield _at(message, query.text, token, query.file, checked.compact(iri), hint)
        parameters = {parameter.name for parameter in query.parameters}
        for token in unbound(tokens, parameters):
            hint = "select what the query says something of"
            message = "nothing binds this variable, which the query selects"
            yield _at(message, query.text, token, query.file, token.text, hint)


def _at(message: str, text: str, token: Token, file: str | None, term: str, hint: str | None) -> DomainError:
    line, column = line_and_column(text, token.start)
    return DomainError(message, file=file, line=line, column=column, term=term, hint=hint)


def declared(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield the prefixes that a query declares, with their namespaces."""
    for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if word.text.upper() == "PREFIX" and name.kind == "name" and iri.kind == "iri":
            yield name.text[:-1], iri.text[1:-1]


def _undeclared(
    tokens: Sequence[Token], prefixes: Mapping[str, str], checked: Checked
) -> Iterator[tuple[str, Token]]:
    """The terms of a query, each once, in namespaces of which the domain declares some terms and not
    these.
    """
    seen: set[str] = set()
    spaces = _namespaces(checked)
    for position, token in enumerate(tokens):
        iri = _iri(token, prefixes)
        is_declaration = position > 0 and tokens[position - 1].text.upper() in ("PREFIX", "BASE")
        is_namespace = position > 1 and tokens[position - 2].text.upper() == "PREFIX"
        if iri is None or iri in seen or is_declaration or is_namespace:
            continue
        seen.add(iri)
        space = iri.removesuffix(local(iri))
        if space in spaces and iri != space and iri not in checked.described:
            yield iri, token


def _namespaces(checked: Checked) -> frozenset[str]:
    """The namespaces of which the domain declares classes or properties, or that are its own."""
    terms = checked.classes | checked.properties
    found = {iri.removesuffix(local(iri)) for iri in terms if not iri.startswith(("_:", *_BUILT_IN))}
    return frozenset(found) | checked.own_namespaces


def _iri(token: Token, prefixes: Mapping[str, str]) -> str | None:
    if token.kind == "iri":
        return unescaped(token.text[1:-1]) or token.text[1:-1]
    if token.kind != "name":
        return None
    prefix, _, name = token.text.partition(":")
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", name) if prefix in prefixes else None
