"""JSON-LD in compact form, written from terms of N-Triples (JSON-LD 1.1 API §5.6, as far as flat data under a
context of `lodkit.rdf.jsonld` need it).

A property is written under its term where the term's definition gives the value back as it is, else under
its CURIE, which says nothing about values.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .nesting import NIL, Nesting, nesting_of
from .nodes import in_order, literal_parts, shared_nodes, term_order
from .quads import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .nodes import Nodes

_TYPE = RDF + "type"
_STRING = XSD + "string"

Json = str | list["Json"] | dict[str, "Json"]
"""What is written: a text is JSON already, of a name or a literal."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a term's definition says of values: they are nodes (``@id``) or of a datatype, stand by language,
    or always in an array.
    """

    key: str
    coerced: str | None = None
    by_language: bool = False
    is_set: bool = False

    def takes(self, literal: Literal | None) -> bool:
        """Tell whether a literal, or a node (None), is read back as it is from under this term."""
        if literal is None:
            return self.coerced == "@id" or (self.coerced is None and not self.by_language)
        if self.coerced is not None:
            return literal.datatype == self.coerced
        return not self.by_language or (literal.datatype is None and literal.direction is None)

    def is_bare(self, literal: Literal) -> bool:
        """Tell whether its text alone says all of a literal."""
        if literal.datatype is not None:
            return literal.datatype == self.coerced
        return literal.language is None


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal: its text as JSON, and what it has besides; ``datatype`` is None of plain and tagged
    texts.
    """

    text: str
    datatype: str | None = None
    language: str | None = None
    direction: str | None = None


def document(graphs: Mapping[str, Nodes], context: Mapping[str, Any]) -> bytes:
    """Return a data set as a JSON-LD document: one object a named graph, and the nodes of the default graph
    beside them.

    Raises:
        InputError: a term of RDF 1.2 has no form in JSON-LD 1.1.
    """
    names = _Names(context)
    shared = shared_nodes(graphs)
    items: list[Json] = []
    for name in in_order({graph: graphs[graph] for graph in graphs if graph}):
        items.append({_ID: names.node(name), _GRAPH: list(_nodes(graphs[name], names, shared))})
    if "" in graphs:
        items += _nodes(graphs[""], names, shared)
    written: Json = {'"@context"': _as_json(dict(context)), _GRAPH: items}
    return _dumped(written, "\n").encode() + b"\n"


_ID, _GRAPH, _LIST, _VALUE = '"@id"', '"@graph"', '"@list"', '"@value"'


def _as_json(value: Any) -> Json:
    """A value of Python as it is written."""
    if isinstance(value, dict):
        return {json.dumps(key, ensure_ascii=False): _as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_json(part) for part in value]
    return json.dumps(value, ensure_ascii=False)


def _dumped(value: Json, line: str) -> str:
    """The text of a value, laid out as `json.dumps` does with an indent of two; that one is slow."""
    if isinstance(value, str):
        return value
    inner = line + "  "
    if isinstance(value, dict):
        parts = [f"{key}: {_dumped(part, inner)}" for key, part in value.items()]
        opening, closing = "{}"
    else:
        parts = [_dumped(part, inner) for part in value]
        opening, closing = "[]"
    return f"{opening}{inner}{f',{inner}'.join(parts)}{line}{closing}" if parts else opening + closing


def _nodes(nodes: Nodes, names: _Names, shared: Iterable[str]) -> Iterator[Json]:
    """Yield the nodes of a graph that do not stand inside others, in order."""
    nesting = nesting_of(nodes, frozenset(shared))
    writer = _Graph(nodes, names, nesting)
    for subject in sorted(nodes, key=term_order):
        if not nesting.is_inside(subject) and subject not in nesting.unused:
            yield {_ID: names.node(subject), **writer.properties(subject)}
    unnamed = [writer.properties(subject) for subject in nesting.unused]
    yield from sorted(unnamed, key=lambda node: _dumped(node, "\n"))


@dataclass(frozen=True, slots=True)
class _Graph:
    """A graph that is written: its nodes, their names, and which of them stand inside others."""

    nodes: Nodes
    names: _Names
    nesting: Nesting

    def properties(self, subject: str) -> dict[str, Json]:
        """What is said of a node, types first."""
        found: dict[str, Json] = {}
        for predicate, value in sorted(self.nodes.get(subject, ()), key=_pair_order):
            iri = predicate[1:-1]
            if iri == _TYPE and value[0] != '"':
                found.setdefault('"@type"', []).append(self.names.of_type(value))  # type: ignore[union-attr]
            else:
                self._add(found, iri, value)
        return found

    def _add(self, found: dict[str, Json], iri: str, value: str) -> None:
        literal = self.names.literal(value) if value[0] == '"' else None
        is_list = value == NIL or value in self.nesting.lists
        definition = self.names.definition(iri, literal, is_list=is_list)
        if definition.by_language and literal is not None:
            by_language: Any = found.setdefault(definition.key, {})
            language = f'"{literal.language or "@none"}"'
            _put(by_language, language, literal.text, definition)
        else:
            _put(found, definition.key, self._value(value, literal, definition), definition)

    def _value(self, value: str, literal: Literal | None, definition: Definition) -> Json:
        if literal is not None:
            return literal.text if definition.is_bare(literal) else self._in_full(literal)
        if value == NIL or value in self.nesting.lists:
            return {_LIST: [self._member(member) for member in self.nesting.lists.get(value, ())]}
        if value in self.nesting.nested and (inside := self.properties(value)):
            return inside
        name = self.names.node(value)
        return name if definition.coerced == "@id" else {_ID: name}

    def _member(self, value: str) -> Json:
        literal = self.names.literal(value) if value[0] == '"' else None
        return self._value(value, literal, _PLAIN)

    def _in_full(self, literal: Literal) -> Json:
        parts = {
            '"@type"': None if literal.datatype is None else self.names.of_type(f"<{literal.datatype}>"),
            '"@direction"': literal.direction and f'"{literal.direction}"',
            '"@language"': literal.language and f'"{literal.language}"',
            _VALUE: literal.text,
        }
        return {key: text for key, text in parts.items() if text is not None}


def _put(values: dict[str, Json], key: str, value: Json, definition: Definition) -> None:
    """Add a value under a key; two of them stand in an array, and where the definition says so does one."""
    held = values.get(key)
    if held is None:
        values[key] = [value] if definition.is_set else value
    elif isinstance(held, list):
        held.append(value)
    else:
        values[key] = [held, value]


_PLAIN = Definition("")


def _pair_order(pair: tuple[str, str]) -> tuple[str, str]:
    iri = pair[0][1:-1]
    return "" if iri == _TYPE else iri, term_order(pair[1])


class _Names:
    """What terms are called under a context."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._terms = {term for term in context if not term.startswith("@")}
        self._prefixes = prefixes_of(context)
        self._namespaces = sorted(self._prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._classes: dict[str, str] = {}
        self._definitions: dict[str, Definition] = {}
        for term, value in context.items():
            if isinstance(value, dict) and "@id" in value:
                iri = self._in_full(value["@id"])
                self._definitions[iri] = _definition(term, value, self._in_full)
            elif isinstance(value, str) and term not in self._prefixes:
                self._classes[self._in_full(value)] = term
        self._nodes: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._bare: dict[str, Definition] = {}

    def _in_full(self, curie: str) -> str:
        return expanded(curie, self._prefixes)

    def node(self, term: str) -> str:
        """The name of a node as JSON: a CURIE, an IRI, or the label of a blank node.

        Raises:
            InputError: it is a triple (RDF 1.2), which has no name.
        """
        found = self._nodes.get(term)
        if found is None:
            if term.startswith("<<"):
                raise InputError(
                    "a triple as a term (RDF 1.2) does not fit into JSON-LD", hint="export as N-Quads instead"
                )
            name = self._curie(term[1:-1]) if term[0] == "<" else term
            found = self._nodes[term] = json.dumps(name, ensure_ascii=False)
        return found

    def of_type(self, term: str) -> str:
        """The name of a class or a datatype as JSON."""
        found = self._types.get(term)
        if found is None:
            name = self._classes.get(term[1:-1]) if term[0] == "<" else None
            found = self._types[term] = self.node(term) if name is None else json.dumps(name)
        return found

    def definition(self, iri: str, literal: Literal | None, *, is_list: bool) -> Definition:
        """The definition under whose key a value of a property is written."""
        known = self._definitions.get(iri)
        if known is not None and not is_list and known.takes(literal):
            return known
        if iri not in self._bare:
            curie = self._curie(iri)
            key = iri if curie in self._terms else curie
            self._bare[iri] = Definition(json.dumps(key, ensure_ascii=False))
        return self._bare[iri]

    def _curie(self, iri: str) -> str:
        for prefix, namespace in self._namespaces:
            if iri.startswith(namespace) and not iri.startswith("//", len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    @staticmethod
    def literal(term: str) -> Literal:
        """A literal from its form in canonical N-Triples."""
        text, language, direction, datatype = literal_parts(term)
        return Literal(text, None if datatype == _STRING else datatype, language, direction)


def _definition(term: str, value: Mapping[str, Any], in_full: Any) -> Definition:
    coerced = value.get("@type")
    containers = value.get("@container", ())
    containers = (containers,) if isinstance(containers, str) else containers
    return Definition(
        json.dumps(term, ensure_ascii=False),
        coerced if coerced in (None, "@id") else in_full(coerced),
        "@language" in containers,
        "@set" in containers,
    )


PREFIX_ENDS = (":", "/", "?", "#", "[", "]", "@")
"""How a namespace ends whose prefix makes CURIEs (JSON-LD 1.1 §4.1.5)."""


def prefixes_of(context: Mapping[str, Any]) -> dict[str, str]:
    """Return the namespaces of a context by their prefixes."""
    return {
        term: value
        for term, value in context.items()
        if isinstance(value, str) and value.endswith(PREFIX_ENDS)
    }


def expanded(curie: str, prefixes: Mapping[str, str]) -> str:
    """Return the IRI that a CURIE stands for; any other text as it is."""
    prefix, _, local = curie.partition(":")
    return prefixes[prefix] + local if prefix in prefixes else curie
