"""Ask a query of a store: resolve what the user gave for its parameters, bind, run, and cite the words that
each row rests on.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..errors import LimitError, QueryError
from ..rdf import serialize
from ..sparql import mentioned, selects_all, significant, substitute
from ..spelling import proposal
from .catalogue import CannedQuery, QueryFolder, find_query
from .evidence import cite
from .parameters import Parameter, Term, parameter_type, parse_value
from .solutions import Cell, Queryable, Row, Solutions, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_FIND = "find"
_MATCHES = ("exact", "plain")


def run(
    query: CannedQuery,
    store: Queryable,
    parameters: Mapping[str, str] | None = None,
    *,
    domain: QueryFolder,
    evidence: bool = False,
) -> Solutions:
    """Answer a query, with the quotes of each row if ``evidence`` is asked for.

    Raises:
        QueryError: a parameter is missing, unknown, of another type, or names nothing or several things.
        StoreError: the store fails.
    """
    terms = resolve(query, parameters or {}, store, domain)
    solutions = replace(_asked(query, bind(query, terms), store), hidden=query.hidden)
    return cite(query, solutions, store) if evidence else solutions


def check_syntax(query: CannedQuery, store: Queryable) -> None:
    """Check that a query is SPARQL as it stands, and stays so when its parameters are filled.

    ``store`` may be empty; the query is asked there.

    Raises:
        QueryError: it is not; names file, line and column.
        LimitError: it takes too much, with nothing to ask.
    """
    types = {parameter.name: parameter_type(parameter.type) for parameter in query.parameters}
    samples = {name: str(found.sample) for name, found in types.items() if found}
    _asked(query, query.text, store)
    try:
        _asked(query, substitute(query.text, samples), store)
    except QueryError as error:
        message = f"{error.message} (once its parameters are filled)"
        raise QueryError(message, file=error.file, line=error.line, column=error.column) from error


def _asked(query: CannedQuery, text: str, store: Queryable) -> Solutions:
    """The answer to the text of a query; errors name its file, and the column in the text as it was given."""
    try:
        return _answer(text, query.form, store)
    except (QueryError, LimitError) as error:
        if error.file is not None or (query.file is None and not query.added):
            raise
        added = query.added if error.line == 1 and error.column else 0
        raise type(error)(
            error.message,
            file=query.file,
            line=error.line,
            column=error.column and max(1, error.column - added),
            term=error.term,
            hint=error.hint,
        ) from error


def bind(query: CannedQuery, terms: Mapping[str, Term]) -> str:
    """Return the text of the query with each ``$name`` replaced by its term; a parameter without a term stays
    a variable.
    """
    return substitute(query.text, {name: serialize(term) for name, term in terms.items()})


def _answer(text: str, form: str, store: Queryable) -> Solutions:
    if form == "ASK":
        truth = Literal(store.ask(text))
        return Solutions(("boolean",), ((truth,),), form)
    if form == "SELECT":
        found = store.solutions(text)
        names = [variable.value for variable in found.variables]
        return Solutions(*_in_order(text, names, [tuple(row) for row in found]), form)
    triples = {(triple.subject, triple.predicate, triple.object) for triple in store.triples(text)}
    return Solutions(
        ("subject", "predicate", "object"), tuple(sorted(triples, key=lambda row: tuple(map(str, row)))), form
    )


def _in_order(
    text: str, names: Sequence[str], rows: Iterable[Row]
) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Columns as the query has them; those of ``SELECT *``, which have no order, as they are first
    mentioned.
    """
    tokens = significant(text)
    if not selects_all(tokens):
        return tuple(names), tuple(rows)
    known = mentioned(tokens)
    order = sorted(range(len(names)), key=lambda index: known.get(names[index], len(known)))
    return tuple(names[index] for index in order), tuple(tuple(row[index] for index in order) for row in rows)


def resolve(
    query: CannedQuery, values: Mapping[str, str], store: Queryable, domain: QueryFolder
) -> dict[str, Term]:
    """Turn the user's words into terms.

    Raises:
        QueryError: as for `run`.
    """
    known = {parameter.name for parameter in query.parameters}
    for name in values:
        if name not in known:
            hint = proposal(name, known, f"it has: {', '.join(sorted(known))}" if known else "it has none")
            raise QueryError(f"{query.name} has no such parameter", term=name, hint=hint)
    return dict(_resolve_all(query, values, store, domain))


def _resolve_all(
    query: CannedQuery, values: Mapping[str, str], store: Queryable, domain: QueryFolder
) -> Iterator[tuple[str, Term]]:
    for parameter in query.parameters:
        value = values.get(parameter.name, parameter.default)
        if value is not None:
            yield parameter.name, _resolve(parameter, value, store, domain)
        elif parameter.required:
            hint = f"add -p {parameter.name}=…: {parameter.description}"
            raise QueryError(f"{query.name} needs this parameter", term=parameter.name, hint=hint)


def _resolve(parameter: Parameter, value: str, store: Queryable, domain: QueryFolder) -> Term:
    try:
        if parameter.type != "iri":
            return parse_value(parameter.type, value)
        return _iri(value.strip(), domain.prefixes) or _named(parameter, value.strip(), store, domain)
    except (ValueError, UnicodeError) as error:
        raise QueryError(f"{value!r} is no {parameter.type}: {error}", term=parameter.name) from error


def _iri(value: str, prefixes: Mapping[str, str]) -> NamedNode | None:
    if value.startswith("<") and value.endswith(">"):
        return NamedNode(value[1:-1])
    if not _SCHEME.fullmatch(value):
        return None
    prefix, _, local = value.partition(":")
    if prefix in prefixes:
        return NamedNode(prefixes[prefix] + local)
    return NamedNode(value) if local.startswith("//") or prefix in ("urn", "mailto", "tag") else None


def _named(parameter: Parameter, name: str, store: Queryable, domain: QueryFolder) -> NamedNode:
    """Look a name up with the domain's query ``find``, which has the parameters ``name`` and ``class`` and
    returns ``?entity``.

    Where it returns ``?match``, ``exact`` goes before ``plain``, and anything else is only proposed; where
    it returns ``?article``, what an article is about goes before what is only mentioned.
    """
    query = find_query(domain, _FIND)
    terms: dict[str, Term] = {"name": parse_value("string", name)}
    classes = parameter.class_iri or next((p.default for p in query.parameters if p.name == "class"), None)
    if classes and (class_iri := _iri(classes, domain.prefixes)):
        terms["class"] = class_iri
    found = _answer(bind(query, terms), "SELECT", store)
    ranks: dict[str, tuple[int, bool]] = {}
    for row in found.rows:
        cells = dict(zip(found.variables, row, strict=True))
        if isinstance(entity := cells["entity"], NamedNode):
            ranks[entity.value] = min(_rank(cells), ranks.get(entity.value, (len(_MATCHES), True)))
    best = min(ranks.values(), default=(len(_MATCHES), True))
    entities = sorted(entity for entity, rank in ranks.items() if rank == best)
    candidates = ", ".join(shorten(entity, domain.prefixes) for entity in entities[:10])
    if best[0] == len(_MATCHES):
        hint = (
            f"did you mean {candidates}"
            if entities
            else "give another name or an IRI; see lodkit query names"
        )
        raise QueryError(f"nothing is named {name!r}", term=parameter.name, hint=hint)
    if len(entities) > 1:
        message = f"{name!r} names {len(entities)} things"
        raise QueryError(message, term=parameter.name, hint=f"give one of: {candidates}")
    return NamedNode(entities[0])


def _rank(cells: Mapping[str, Cell]) -> tuple[int, bool]:
    """How well a row of ``find`` answers to a name, the best first: by the match, then by whether there is an
    article about it.
    """
    match = cells.get("match")
    level = 0
    if isinstance(match, Literal):
        level = _MATCHES.index(match.value) if match.value in _MATCHES else len(_MATCHES)
    return level, cells.get("article") is None
