"""Turtle and TriG to be read by people: prefixes that are used, one block a subject, types and labels first.

pyoxigraph's own writer lists prefixes in an order that changes from run to run, so the layout is made here,
from its N-Quads.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote

from .nesting import FLAT, NIL, Nesting, nestings_of
from .nodes import NOTHING, graphs_of, in_order, merged, spans, terms_of
from .quads import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    _write({"": merged(graphs_of(quads))}, out, prefixes)


def write_trig(quads: Iterable[Quad], out: BinaryIO, prefixes: Mapping[str, str]) -> None:
    """Write quads as TriG, an article's facts before its evidence (https://www.w3.org/TR/trig/)."""
    _write(graphs_of(quads), out, prefixes)


def _write(graphs: Mapping[str, Nodes], out: BinaryIO, prefixes: Mapping[str, str]) -> None:
    terms = terms_of(graphs)
    nestings = nestings_of(graphs, terms)
    names = _Names({**article_prefixes(terms, prefixes), **prefixes})
    body: list[str] = []
    for name in in_order(graphs):
        graph = _Graph(graphs[name], names, nestings[name], _INDENT if name else "")
        if name:
            body += names.rebase(name)
            body.append(f"{names[name]} {{\n")
        body += graph.blocks()
        if name:
            body.append("}\n\n")
    header = [f"@prefix {prefix}: <{names.prefixes[prefix]}> .\n" for prefix in sorted(names.used)]
    out.write("".join([*header, "\n" if header else "", *body]).rstrip("\n").encode() + b"\n")


def _subject_order(subject: str) -> str:
    """Without its last sign an IRI sorts by its own characters; numbers sort by value, so that places come in
    the order of the text.
    """
    document, hash_sign, fragment = subject[:-1].partition("#")
    return _by_value(document) + hash_sign + _NUMBER.sub(_padded, fragment)


@lru_cache(maxsize=1000)
def _by_value(document: str) -> str:
    return _NUMBER.sub(_padded, document)


def _padded(number: re.Match[str]) -> str:
    return number[0].zfill(9)


def _pair_order(pair: tuple[str, str]) -> tuple[str, str]:
    return pair[0][:-1], pair[0]


@lru_cache(maxsize=1000)
def _in_order(predicates: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """Predicates in the order in which they are written, and where their objects begin and end. Many subjects
    have the same ones.
    """
    return sorted(spans(predicates), key=lambda span: _FIRST.get(span[0], span[0]))


@dataclass(frozen=True, slots=True)
class _Graph:
    """A graph that is written: its nodes, their names, and which of them stand inside others."""

    nodes: Nodes
    names: _Names
    nesting: Nesting
    indent: str

    def blocks(self) -> Iterator[str]:
        """Yield all that is said of each node that does not stand inside another one, in order."""
        nesting, names = self.nesting, self.names
        for subject in sorted(self.nodes, key=_subject_order):
            if nesting.is_inside(subject) or subject in nesting.unused:
                continue
            if not self.indent:
                yield from names.rebase(subject)
            yield self._block(subject, names[subject])
        yield from sorted(self._block(subject, "[]") for subject in nesting.unused)

    def _block(self, subject: str, name: str) -> str:
        joined = f" ;\n{self.indent}{_INDENT}".join(self._lines(subject, self.indent))
        return f"{self.indent}{name} {joined} .\n\n"

    def _lines(self, subject: str, indent: str) -> list[str]:
        """The predicates of a node, each with its objects."""
        predicates, values = self.nodes.get(subject, NOTHING)
        objects, verbs = self._objects(values, indent + _INDENT), self.names.verbs
        return [
            f"{verbs[predicate]} {objects[start]}"
            if end - start == 1
            else _several(verbs[predicate], values[start:end], objects[start:end], indent)
            for predicate, start, end in _in_order(tuple(predicates))
        ]

    def _objects(self, terms: Iterable[str], indent: str) -> list[str]:
        if self.nesting is FLAT:
            return list(map(self.names.__getitem__, terms))
        return [self._object(term, indent) for term in terms]

    def _object(self, term: str, indent: str) -> str:
        """A term, or what is written in its place, on one line if it fits."""
        if term in self.nesting.lists:
            members = self._objects(self.nesting.lists[term], indent + _INDENT)
            return _bracketed("(", members, "", ")", indent)
        if term not in self.nesting.nested:
            return "()" if term == NIL else self.names[term]
        return _bracketed("[", self._lines(term, indent), " ;", "]", indent)


def _several(verb: str, values: Sequence[str], objects: Sequence[str], indent: str) -> str:
    """A predicate with its objects, on one line if they fit."""
    in_order = [text for _, text in sorted(zip(values, objects, strict=True), key=_pair_order)]
    line = f"{verb} {', '.join(in_order)}"
    if len(indent) + len(line) <= _WIDTH and "\n" not in line:
        return line
    separator = f",\n{indent}{_INDENT * 2}"
    return f"{verb} {separator.join(in_order)}"


def _bracketed(opening: str, parts: list[str], between: str, closing: str, indent: str) -> str:
    line = f"{between} ".join([opening, *parts]).replace(f"{opening}{between}", opening, 1)
    if len(indent) + len(line) + 2 <= _WIDTH and "\n" not in line:
        return f"{line} {closing}" if parts else opening + closing
    separator = f"{between}\n{indent}{_INDENT}"
    return f"{opening}\n{indent}{_INDENT}{separator.join(parts)}\n{indent}{closing}"


def article_prefixes(terms: Iterable[str], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return a prefix for each article whose things are spoken of, made of the initials of its name; of names
    with the same initials, by code points, the second gets ``2``.
    """
    start = f"<{prefixes.get('id', '')}"
    if start == "<":
        return {}
    namespaces = {
        term[1 : term.index("/", len(start)) + 1]
        for term in terms
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


class _Names(dict[str, str]):
    """Terms of N-Triples as they are in Turtle, each made once: shortened by prefixes, and by ``#fragment``
    under the present base. It remembers the prefixes it used.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        self.prefixes = prefixes
        self.used: set[str] = set()
        self.base: str | None = None
        self.verbs = _Verbs(self)
        by_namespace = {iri: prefix for prefix, iri in sorted(prefixes.items(), reverse=True)}
        self._namespaces = sorted(by_namespace.items(), key=lambda item: -len(item[0]))
        self._candidates: dict[str, list[tuple[str, str]]] = {}
        self._of_document: defaultdict[str, list[str]] = defaultdict(list)

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
            for known in (*self._of_document.pop(self.base or "", ()), *self._of_document.pop(document, ())):
                self.pop(known, None)
            self.verbs.clear()
            self.base = document
            yield f"@base <{document}> .\n\n"

    def __missing__(self, term: str) -> str:
        text, iri = term, ""
        if term[0] == "<" and term[1] != "<":
            iri = term[1:-1]
            text = self._iri(iri)
        elif term[0] == '"' and term[-1] == ">":
            quoted, _, iri = term[:-1].rpartition("^^<")
            is_short = iri in _SHORT and _SHORT[iri].fullmatch(quoted)
            text = quoted[1:-1] if is_short else f"{quoted}^^{self[f'<{iri}>']}"
        self[term] = text
        document, hash_sign, _ = iri.partition("#")
        if hash_sign:
            self._of_document[document].append(term)
        return text

    def _iri(self, iri: str) -> str:
        if (
            self.base is not None
            and iri.startswith(self.base + "#")
            and _FRAGMENT.fullmatch(iri, len(self.base) + 1)
        ):
            return f"<{iri[len(self.base) :]}>"
        return self._prefixed(iri) or f"<{iri}>"

    def _prefixed(self, iri: str) -> str | None:
        for namespace, prefix in self._those_before(iri):
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                self.used.add(prefix)
                return f"{prefix}:{_TO_ESCAPE.sub(_escape, iri[len(namespace) :])}"
        return None

    def _those_before(self, iri: str) -> list[tuple[str, str]]:
        """The namespaces that an IRI may begin with, the longest first; most IRIs differ in their last part
        only.
        """
        path = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
        found = self._candidates.get(path)
        if found is None:
            found = self._candidates[path] = [
                item for item in self._namespaces if item[0].startswith(path) or path.startswith(item[0])
            ]
        return found


class _Verbs(dict[str, str]):
    """Predicates as they are in Turtle (§2.4)."""

    def __init__(self, names: _Names) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, predicate: str) -> str:
        self[predicate] = verb = "a" if predicate == _TYPE else self._names[predicate]
        return verb


def _escape(found: re.Match[str]) -> str:
    return "\\" + found[0]
