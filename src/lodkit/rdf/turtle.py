"""Turtle and TriG to be read by people: prefixes that are used, one block a subject, types and labels first.

pyoxigraph's own writer lists prefixes in an order that changes from run to run, so the layout is made here,
from its N-Quads.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import count, groupby
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote

from .nesting import NIL, Nesting, nesting_of
from .nodes import graphs_of, in_order, merged, shared_nodes
from .quads import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import Quad

    from .nodes import Nodes

_TYPE = f"<{RDF}type>"
_FIRST = {
    _TYPE: "0",
    "<http://www.w3.org/2000/01/rdf-schema#label>": "1",
    f"<{RDF}subject>": "2",
    f"<{RDF}predicate>": "3",
    f"<{RDF}object>": "4",
}
_WIDTH = 140
_INDENT = "    "

_NUMBER = re.compile("[0-9]+")
_TYPED = re.compile(r'(".*")\^\^<([^" ]*)>', re.DOTALL)

# Turtle §6.5: PN_CHARS_BASE, what else may stand inside a local name, and PN_LOCAL_ESC.
# "#" and "?" are left out: such IRIs are clearer whole; so are "." at the end and "-" or "." first, which
# rdflib misreads.
_LETTERS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PERCENT, _ESCAPED = "%[0-9A-Fa-f]{2}", r"~.\-!$&'()*+,;=/@"
_LOCAL = re.compile(
    rf"(?![.\-])(?:[{_LETTERS}_0-9:{_ESCAPED}]|{_PERCENT})"
    rf"(?:[{_LETTERS}_0-9:\u00b7\u0300-\u036f\u203f-\u2040{_ESCAPED}]|{_PERCENT})*(?<!\.)"
)
_TO_ESCAPE = re.compile(r"[~!$&'()*+,;=/@]")
_WORD = re.compile("[A-Za-z](?:[A-Za-z]|['’](?=[A-Za-z]))*")
_PLAIN_LETTERS = str.maketrans("ØøĐđŁłÆæ", "OoDdLlAa")
_FRAGMENT = re.compile(r"[\w=,.%~-]+")
_SHORT = {
    XSD + "integer": re.compile(r'"(?:0|-?[1-9][0-9]*)"'),
    XSD + "boolean": re.compile('"(?:true|false)"'),
}


def write_turtle(quads: Iterable[Quad], out: BinaryIO, prefixes: Mapping[str, str]) -> None:
    """Write the triples of all graphs as Turtle, each once (https://www.w3.org/TR/turtle/)."""
    nodes = merged(graphs_of(quads))
    names = _Names({**article_prefixes([nodes], prefixes), **prefixes})
    _write(names, list(_blocks(nodes, names, "", nesting_of(nodes))), out)


def write_trig(quads: Iterable[Quad], out: BinaryIO, prefixes: Mapping[str, str]) -> None:
    """Write quads as TriG, an article's facts before its evidence (https://www.w3.org/TR/trig/)."""
    graphs = graphs_of(quads)
    names = _Names({**article_prefixes(graphs.values(), prefixes), **prefixes})
    body: list[str] = []
    shared = shared_nodes(graphs)
    for graph in in_order(graphs):
        nesting = nesting_of(graphs[graph], shared)
        if not graph:
            body += _blocks(graphs[graph], names, "", nesting)
            continue
        body += names.rebase(graph)
        body.append(f"{names.term(graph)} {{\n")
        body += _blocks(graphs[graph], names, _INDENT, nesting)
        body.append("}\n\n")
    _write(names, body, out)


def _subject_order(subject: str) -> str:
    """Without its last sign an IRI sorts by its own characters; numbers sort by value, so that places come in
    the order of the text.
    """
    return _NUMBER.sub(lambda found: found[0].zfill(9), subject[:-1])


def _pair_order(pair: tuple[str, str]) -> tuple[str, str, str]:
    predicate, value = pair
    return _FIRST.get(predicate, predicate), value[:-1], value


def _write(names: _Names, body: list[str], out: BinaryIO) -> None:
    header = [f"@prefix {prefix}: <{names.prefixes[prefix]}> .\n" for prefix in sorted(names.used)]
    out.write("".join([*header, "\n" if header else "", *body]).rstrip("\n").encode() + b"\n")


def _blocks(nodes: Nodes, names: _Names, indent: str, nesting: Nesting) -> Iterator[str]:
    graph = _Graph(nodes, names, nesting)
    for subject in sorted(nodes, key=_subject_order):
        if nesting.is_inside(subject) or subject in nesting.unused:
            continue
        if not indent:
            yield from names.rebase(subject)
        yield graph.block(subject, names.term(subject), indent)
    yield from sorted(graph.block(subject, "[]", indent) for subject in nesting.unused)


@dataclass(frozen=True, slots=True)
class _Graph:
    """A graph that is written: its nodes, their names, and which of them stand inside others."""

    nodes: Nodes
    names: _Names
    nesting: Nesting

    def block(self, subject: str, name: str, indent: str) -> str:
        """All that is said of a node, by some name."""
        joined = f" ;\n{indent}{_INDENT}".join(self.lines(subject, indent))
        return f"{indent}{name} {joined} .\n\n"

    def lines(self, subject: str, indent: str) -> list[str]:
        """The predicates of a node, each with its objects."""
        pairs = groupby(sorted(self.nodes.get(subject, ()), key=_pair_order), key=lambda pair: pair[0])
        return [self._line(predicate, [value for _, value in same], indent) for predicate, same in pairs]

    def _line(self, predicate: str, values: list[str], indent: str) -> str:
        verb = "a" if predicate == _TYPE else self.names.term(predicate)
        objects = [self._object(value, indent + _INDENT) for value in values]
        line = f"{verb} {', '.join(objects)}"
        if len(objects) == 1 or (len(indent) + len(line) <= _WIDTH and "\n" not in line):
            return line
        separator = f",\n{indent}{_INDENT * 2}"
        return f"{verb} {separator.join(objects)}"

    def _object(self, term: str, indent: str) -> str:
        """A term, or what is written in its place, on one line if it fits."""
        if term in self.nesting.lists:
            parts = [self._object(member, indent + _INDENT) for member in self.nesting.lists[term]]
            return _bracketed("(", parts, "", ")", indent)
        if term not in self.nesting.nested:
            return "()" if term == NIL else self.names.term(term)
        return _bracketed("[", self.lines(term, indent), " ;", "]", indent)


def _bracketed(opening: str, parts: list[str], between: str, closing: str, indent: str) -> str:
    line = f"{between} ".join([opening, *parts]).replace(f"{opening}{between}", opening, 1)
    if len(indent) + len(line) + 2 <= _WIDTH and "\n" not in line:
        return f"{line} {closing}" if parts else opening + closing
    separator = f"{between}\n{indent}{_INDENT}"
    return f"{opening}\n{indent}{_INDENT}{separator.join(parts)}\n{indent}{closing}"


def article_prefixes(graphs: Iterable[Nodes], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return a prefix for each article whose things are spoken of, made of the initials of its name; of names
    with the same initials, by code points, the second gets ``2``.
    """
    start = f"<{prefixes.get('id', '')}"
    if start == "<":
        return {}
    namespaces = {
        term[1 : term.index("/", len(start)) + 1]
        for nodes in graphs
        for subject, pairs in nodes.items()
        for term in (subject, *(value for _, value in pairs))
        if term.startswith(start) and "/" in term[len(start) :]
    }
    found: dict[str, str] = {}
    for namespace in sorted(namespaces - set(prefixes.values())):
        name = initials(unquote(namespace[len(start) - 1 : -1]))
        taken = found.keys() | prefixes.keys()
        found[next(one for one in _numbered(name) if one not in taken)] = namespace
    return found


def initials(name: str) -> str:
    """Return the initials of a name in lower case, of one word its beginning; ``a`` of no letters.

    >>> initials("Peru_People's_Movement"), initials("Østfold"), initials("1926")
    ('ppm', 'ostf', 'a')
    """
    letters = unicodedata.normalize("NFKD", name.translate(_PLAIN_LETTERS))
    words = _WORD.findall("".join(char for char in letters if not unicodedata.combining(char)))
    short = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)[:4].replace("'", "")
    return short.lower() or "a"


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}{number}" for number in count(2))


class _Names:
    """Shortens terms, by prefixes and by ``#fragment`` under the present base, and remembers the prefixes it
    used.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self.used: set[str] = set()
        self.base: str | None = None
        self._prefix_of = {iri: prefix for prefix, iri in sorted(prefixes.items(), reverse=True)}
        self._lengths = sorted({len(iri) for iri in self._prefix_of}, reverse=True)
        self._known: dict[str, str] = {}

    def rebase(self, term: str) -> Iterator[str]:
        """Yield the directive that makes the term's document the base, if it is another one and that shortens
        the term.
        """
        document, hash_sign, _ = term[1:-1].partition("#")
        if (
            hash_sign
            and document != self.base
            and term.startswith(("<https://", "<http://"))
            and self._prefixed(term[1:-1]) is None
        ):
            self.base = document
            self._known.clear()
            yield f"@base <{document}> .\n\n"

    def term(self, term: str) -> str:
        """Return a term of N-Triples as Turtle."""
        found = self._known.get(term)
        if found is None:
            found = self._known[term] = (
                self._iri(term[1:-1]) if term[0] == "<" and term[1] != "<" else self._other(term)
            )
        return found

    def _iri(self, iri: str) -> str:
        if (
            self.base is not None
            and iri.startswith(self.base + "#")
            and _FRAGMENT.fullmatch(iri, len(self.base) + 1)
        ):
            return f"<{iri[len(self.base) :]}>"
        return self._prefixed(iri) or f"<{iri}>"

    def _prefixed(self, iri: str) -> str | None:
        for length in self._lengths:
            prefix = self._prefix_of.get(iri[:length])
            if prefix is not None and _LOCAL.fullmatch(iri, length):
                self.used.add(prefix)
                return f"{prefix}:{_TO_ESCAPE.sub(_escape, iri[length:])}"
        return None

    def _other(self, term: str) -> str:
        typed = _TYPED.fullmatch(term)
        if typed is None:
            return term
        text, datatype = typed.groups()
        return (
            text[1:-1]
            if datatype in _SHORT and _SHORT[datatype].fullmatch(text)
            else f"{text}^^{self._iri(datatype)}"
        )


def _escape(found: re.Match[str]) -> str:
    return "\\" + found[0]
