"""JSON-LD in compact form, written from terms of N-Triples (JSON-LD 1.1 API §5.6, as far as flat data under a
context of `lodkit.rdf.jsonld` need it).

A property is written under its term where the term's definition gives the value back as it is, else under
its CURIE, which says nothing about values.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import InputError
from .nesting import FLAT, NIL, Nesting, nestings_of
from .nodes import NOTHING, in_order, literal_parts, spans, term_order
from .quads import RDF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from .nodes import LiteralParts, Nodes

_TYPE = f"<{RDF}type>"
_ID, _GRAPH, _LIST = '"@id"', '"@graph"', '"@list"'
_quoted = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Definition:
    """What a term's definition says of values: they are nodes (``@id``) or of a datatype, stand by language,
    or always in an array.
    """

    key: str
    coerced: str | None = None
    by_language: bool = False
    is_set: bool = False

    def takes(self, literal: LiteralParts | None) -> bool:
        """Tell whether a literal, or a node (None), is read back as it is from under this term."""
        if literal is None:
            return self.coerced == "@id" or (self.coerced is None and not self.by_language)
        if self.coerced is not None:
            return literal.datatype == self.coerced
        return not self.by_language or (literal.datatype is None and literal.direction is None)

    def is_bare(self, literal: LiteralParts) -> bool:
        """Tell whether its text alone says all of a literal."""
        if literal.datatype is not None:
            return literal.datatype == self.coerced
        return literal.language is None


_PLAIN = Definition("")
_TYPES = Definition('"@type"', is_set=True)


class Entry(NamedTuple):
    """A value as it is written, and where: under the key of a definition, and there by ``language``, which
    is empty where values do not stand by language. Both texts are JSON.
    """

    definition: Definition
    language: str
    text: str


def document(graphs: Mapping[str, Nodes], terms: Collection[str], context: Mapping[str, Any]) -> bytes:
    """Return a data set as a JSON-LD document: one object a named graph, and the nodes of the default graph
    beside them; ``terms`` are those of all graphs.

    Raises:
        InputError: a term of RDF 1.2 has no form in JSON-LD 1.1.
    """
    names = _Names(context)
    nestings = nestings_of(graphs, terms)
    items: list[str] = []
    for name in in_order({graph: graphs[graph] for graph in graphs if graph}):
        nodes = _array(_Graph(graphs[name], names, nestings[name]).objects())
        items.append(_object([f"{_ID}: {names.node(name)}", f"{_GRAPH}: {nodes}"]))
    if "" in graphs:
        items += _Graph(graphs[""], names, nestings[""]).objects()
    head = json.dumps(dict(context), ensure_ascii=False, indent=2)
    return _object([f'"@context": {head}', f"{_GRAPH}: {_array(items)}"]).encode() + b"\n"


def _object(members: Iterable[str]) -> str:
    """An object laid out as `json.dumps` does with an indent of two. What stands on several lines moves in
    with its line ends: no text in JSON has one.
    """
    inside = ",\n".join(members).replace("\n", "\n  ")
    return f"{{\n  {inside}\n}}" if inside else "{}"


def _array(values: Iterable[str]) -> str:
    inside = ",\n".join(values).replace("\n", "\n  ")
    return f"[\n  {inside}\n]" if inside else "[]"


@lru_cache(maxsize=1000)
def _in_order(predicates: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """Predicates in the order in which they are written, types first, and where their objects begin and end.
    Many subjects have the same ones.
    """
    return sorted(spans(predicates), key=lambda span: "" if span[0] == _TYPE else span[0][1:-1])


@dataclass(frozen=True, slots=True)
class _Graph:
    """A graph that is written: its nodes, their names, and which of them stand inside others."""

    nodes: Nodes
    names: _Names
    nesting: Nesting

    def objects(self) -> Iterator[str]:
        """Yield the nodes that do not stand inside others, in order."""
        nesting, names = self.nesting, self.names
        for subject in sorted(self.nodes, key=term_order):
            if not nesting.is_inside(subject) and subject not in nesting.unused:
                yield _object([f"{_ID}: {names.node(subject)}", *self._members(subject)])
        yield from sorted(_object(self._members(subject)) for subject in nesting.unused)

    def _members(self, subject: str) -> list[str]:
        """What is said of a node, types first."""
        predicates, values = self.nodes.get(subject, NOTHING)
        known, found = self.names.members, []
        for predicate, start, end in _in_order(predicates):
            objects = values[start:end]
            if self.nesting is FLAT or not any(value[0] == "_" or value == NIL for value in objects):
                found += known[predicate, objects]
            else:
                in_order = sorted(objects, key=term_order)
                found += _members_of([self._entry(predicate, value) for value in in_order])
        return found

    def _entry(self, predicate: str, value: str) -> Entry:
        is_list = value in self.nesting.lists or (value == NIL and predicate != _TYPE)
        if is_list or self._is_inside(value):
            definition = self.names.definition(predicate[1:-1], None, is_list=is_list)
            return Entry(definition, "", self._placed(value, definition))
        return self.names.entry(predicate, value)

    def _is_inside(self, value: str) -> bool:
        return value in self.nesting.nested and value in self.nodes

    def _placed(self, value: str, definition: Definition) -> str:
        """What stands in the place of a blank node, or its name."""
        if value == NIL or value in self.nesting.lists:
            members = self.nesting.lists.get(value, ())
            return _object([f"{_LIST}: {_array(self._placed(member, _PLAIN) for member in members)}"])
        if self._is_inside(value):
            return _object(self._members(value))
        return self.names.value(value, definition)


def _members_of(entries: Sequence[Entry]) -> list[str]:
    """The members of an object for the values of one predicate: one for each definition that they need."""
    if len(entries) == 1:
        [(definition, language, text)] = entries
        return [_member(definition, {language: [text]})]
    found: dict[str, tuple[Definition, dict[str, list[str]]]] = {}
    for definition, language, text in entries:
        _, by_language = found.setdefault(definition.key, (definition, {}))
        by_language.setdefault(language, []).append(text)
    return [_member(definition, by_language) for definition, by_language in found.values()]


def _member(definition: Definition, by_language: Mapping[str, Sequence[str]]) -> str:
    if definition.by_language:
        inside = (f"{language}: {_together(texts, definition)}" for language, texts in by_language.items())
        return f"{definition.key}: {_object(inside)}"
    return f"{definition.key}: {_together(by_language[''], definition)}"


def _together(texts: Sequence[str], definition: Definition) -> str:
    """Two values stand in an array, and where the definition says so does one."""
    return _array(texts) if definition.is_set or len(texts) > 1 else texts[0]


class _Members(dict[tuple[str, tuple[str, ...]], list[str]]):
    """The members of an object for a predicate and its values, each made once."""

    def __init__(self, names: _Names) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, said: tuple[str, tuple[str, ...]]) -> list[str]:
        predicate, values = said
        in_order = sorted(values, key=term_order) if len(values) > 1 else values
        self[said] = members = _members_of([self._names.entry(predicate, value) for value in in_order])
        return members


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
        self.members = _Members(self)
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
            found = self._nodes[term] = _quoted(name)
        return found

    def of_type(self, term: str) -> str:
        """The name of a class or a datatype as JSON."""
        found = self._types.get(term)
        if found is None:
            name = self._classes.get(term[1:-1]) if term[0] == "<" else None
            found = self._types[term] = self.node(term) if name is None else _quoted(name)
        return found

    def definition(self, iri: str, literal: LiteralParts | None, *, is_list: bool) -> Definition:
        """The definition under whose key a value of a property is written."""
        known = self._definitions.get(iri)
        if known is not None and not is_list and known.takes(literal):
            return known
        if iri not in self._bare:
            curie = self._curie(iri)
            key = iri if curie in self._terms else curie
            self._bare[iri] = Definition(_quoted(key))
        return self._bare[iri]

    def _curie(self, iri: str) -> str:
        for prefix, namespace in self._namespaces:
            if iri.startswith(namespace) and not iri.startswith("//", len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def entry(self, predicate: str, value: str) -> Entry:
        """A value that has a name or a text, under a predicate."""
        is_literal = value[0] == '"'
        if predicate == _TYPE and not is_literal:
            return Entry(_TYPES, "", self.of_type(value))
        literal = literal_parts(value) if is_literal else None
        definition = self.definition(predicate[1:-1], literal, is_list=False)
        if literal is not None and definition.by_language:
            return Entry(definition, f'"{literal.language or "@none"}"', literal.text)
        return Entry(definition, "", self.value(value, definition))

    def value(self, term: str, definition: Definition) -> str:
        """A value as it is written under a definition."""
        if term[0] != '"':
            name = self.node(term)
            return name if definition.coerced == "@id" else _object([f"{_ID}: {name}"])
        literal = literal_parts(term)
        return literal.text if definition.is_bare(literal) else self._in_parts(literal)

    def _in_parts(self, literal: LiteralParts) -> str:
        parts = {
            '"@type"': literal.datatype and self.of_type(f"<{literal.datatype}>"),
            '"@direction"': literal.direction and f'"{literal.direction}"',
            '"@language"': literal.language and f'"{literal.language}"',
            '"@value"': literal.text,
        }
        return _object(f"{key}: {text}" for key, text in parts.items() if text)


def _definition(term: str, value: Mapping[str, Any], in_full: Any) -> Definition:
    coerced = value.get("@type")
    containers = value.get("@container", ())
    containers = (containers,) if isinstance(containers, str) else containers
    return Definition(
        _quoted(term),
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
