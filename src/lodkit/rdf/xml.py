"""RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/): one element a subject, typed where it has a type."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from ..errors import InputError
from .nodes import graphs_of, literal_parts, merged, term_order, terms_of
from .quads import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import Quad

    from .nodes import Nodes

_TYPE = f"<{RDF}type>"
_ITS = "http://www.w3.org/2005/11/its"
_HINT = "export as N-Quads or Turtle instead"

# Namespaces in XML 1.0 §4: an NCName; the element of a property is called by one.
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_LOCAL = re.compile(f"[{_START}][{_START}\\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]*$")
_NO_NAME = re.compile(f"[^{_START}\\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 §2.2

# RDF/XML §5.1: names that are syntax, so that no property or class is written by them.
_SYNTAX = frozenset(
    f"{RDF}{name}"
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li", "Description"),
        *("aboutEach", "aboutEachPrefix", "bagID"),
    )
)


def write_xml(quads: Iterable[Quad], out: BinaryIO, prefixes: Mapping[str, str]) -> None:
    """Write the triples of all graphs as RDF/XML, each once.

    Raises:
        InputError: a property has no name in XML, a text holds a character that XML has not, or a term is a
            triple (RDF 1.2).
    """
    nodes = merged(graphs_of(quads))
    names = _Names(prefixes, {term[2:] for term in terms_of({"": nodes}) if term.startswith("_:")})
    body = [text for subject in sorted(nodes, key=term_order) for text in _element(subject, nodes, names)]
    spaces = "".join(f"\n    xmlns:{prefix}={quoteattr(iri)}" for iri, prefix in names.in_order())
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'
    out.write("".join([head, *body, "</rdf:RDF>\n"]).encode())


def _element(subject: str, nodes: Nodes, names: _Names) -> Iterator[str]:
    """Yield the lines of a node element (RDF/XML §2.2)."""
    pairs = sorted(zip(*nodes[subject], strict=True), key=lambda pair: (pair[0] != _TYPE, pair))
    name = "rdf:Description"
    if pairs[0][0] == _TYPE and (typed := names.element(pairs[0][1])):
        name, pairs = typed, pairs[1:]
    yield f"  <{name} {_node(subject, 'rdf:about', names)}{'>' if pairs else '/>'}\n"
    for predicate, value in pairs:
        yield f"    {_property(predicate, value, names)}\n"
    if pairs:
        yield f"  </{name}>\n"


def _property(predicate: str, value: str, names: _Names) -> str:
    name = names.element(predicate)
    if name is None:
        raise InputError("this property has no name in XML", term=predicate, hint=_HINT)
    if value[0] != '"':
        return f"<{name} {_node(value, 'rdf:resource', names)}/>"
    attributes, text = _literal(value, names)
    return f"<{name}{attributes}>{text}</{name}>"


def _node(term: str, attribute: str, names: _Names) -> str:
    if term.startswith("<<"):
        raise InputError("a triple as a term (RDF 1.2) is not written in RDF/XML", hint=_HINT)
    if term[0] == "<":
        return f"{attribute}={quoteattr(term[1:-1])}"
    return f"rdf:nodeID={quoteattr(names.label(term))}"


def _literal(term: str, names: _Names) -> tuple[str, str]:
    """The attributes and the text of a literal."""
    quoted, datatype, language, direction = literal_parts(term)
    text = json.loads(quoted, strict=False)
    if odd := _NOT_IN_XML.search(text):
        raise InputError(f"a text holds U+{ord(odd[0]):04X}, which XML cannot", term=term[:80], hint=_HINT)
    attributes = ""
    if language:
        attributes = f' xml:lang="{language}"'
    if direction:
        its = names.prefix(_ITS, "its")
        attributes += f' rdf:version="1.2-basic" {its}:version="2.0" {its}:dir="{direction}"'
    if datatype:
        attributes = f" rdf:datatype={quoteattr(datatype)}"
    return attributes, escape(text, {"\r": "&#13;"})


class _Names:
    """The names of elements with the prefixes that they use, and those of blank nodes."""

    def __init__(self, prefixes: Mapping[str, str], labels: set[str]) -> None:
        self._known = {
            iri: prefix
            for prefix, iri in sorted(prefixes.items(), reverse=True)
            if _LOCAL.fullmatch(prefix) and not prefix.lower().startswith("xml") and prefix != "rdf"
        }
        self._used: dict[str, str] = {RDF: "rdf"}
        self._labels = {label: label for label in labels if _LOCAL.fullmatch(label)}
        taken = set(self._labels)
        for label in sorted(labels - taken):
            name = "b" + _NO_NAME.sub("_", label)
            while name in taken:
                name += "_"
            taken.add(name)
            self._labels[label] = name

    def label(self, term: str) -> str:
        """The name of a blank node: its label where that is a name in XML."""
        return self._labels[term[2:]]

    def element(self, term: str) -> str | None:
        """The name of the element that stands for an IRI; None if there is none."""
        iri = term[1:-1]
        found = _LOCAL.search(iri) if term[0] == "<" and iri not in _SYNTAX else None
        if found is None or found.start() == 0:
            return None
        return f"{self.prefix(iri[: found.start()])}:{found[0]}"

    def prefix(self, namespace: str, wanted: str = "") -> str:
        """The prefix of a namespace, a new one if need be."""
        if namespace not in self._used:
            taken = {*self._used.values(), *self._known.values()}
            free = (name for name in (wanted, *(f"ns{n}" for n in range(1, len(taken) + 2))) if name)
            self._used[namespace] = self._known.get(namespace) or next(n for n in free if n not in taken)
        return self._used[namespace]

    def in_order(self) -> list[tuple[str, str]]:
        """Namespaces with their prefixes, sorted by these."""
        return sorted(self._used.items(), key=lambda item: item[1])
