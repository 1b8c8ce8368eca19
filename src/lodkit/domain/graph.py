"""The Turtle files of a domain folder as one indexed graph that still knows which file and line says what."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources.abc import Traversable

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from ..blank import OF_SHAPES, numbered
from ..errors import DomainError
from ..limits import size_text
from .folder import part_files, read_text, shape_files

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"

LARGEST_DOMAIN = 64 * 2**20
"""The most characters in the Turtle files of a domain."""

MOST_TRIPLE_TERMS = 1_000
"""How often ``<<`` may stand in a file: the engine's parser does not survive 20,000 inside each other."""

_TYPE = RDF + "type"
_NUMBER = re.compile(r"[0-9]{1,18}")

Term = NamedNode | BlankNode | Literal | Triple


def key_of(term: Term) -> str:
    """Return the key of a term in the index: an IRI as it is, anything else in N-Triples."""
    return term.value if isinstance(term, NamedNode) else str(term)


_FAR = 1_000_000  # characters: that many are looked through to say where a word stands

# What a line of Turtle begins with, up to a blank or a semicolon.
_START = re.compile(r"[ \t]*(<[^<>\s]*>|[^\s;]+)(?=[\s;]|$)")


@dataclass(frozen=True)
class TurtleFile:
    """One Turtle file: its name inside the folder, its text, and its prefixes.

    ``first`` is how many subjects the files before it describe.
    """

    name: str
    text: str
    prefixes: Mapping[str, str]
    first: int = 0

    def line_of(self, iri: str) -> int | None:
        """Return the line (from 1) where the IRI stands as a subject, or None."""
        return next((self._starts[name] for name in self._spellings(iri) if name in self._starts), None)

    def line_with(self, iri: str, start: int = 1) -> int | None:
        """Return the first line from ``start`` on, and not far from it, where the IRI is written, in full
        or by its local name.
        """
        local = iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]
        name = re.compile(rf"[:#/]{re.escape(local)}(?![\w-])")
        at = self._line_starts[start - 1]
        found = name.search(self.text, at, at + _FAR)
        return bisect_right(self._line_starts, found.start()) if found else None

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @cached_property
    def _starts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for number, line in enumerate(self.text.split("\n"), 1):
            if match := _START.match(line):
                found.setdefault(match[1], number)
        return found

    def _spellings(self, iri: str) -> Iterator[str]:
        yield f"<{iri}>"
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace):
                yield f"{prefix}:{iri[len(namespace) :]}"


@dataclass(frozen=True, eq=False)
class DomainGraph:
    """All triples of a domain's Turtle files by subject and predicate; terms keep the order of the files."""

    files: tuple[TurtleFile, ...]
    triples: Mapping[str, Mapping[str, list[Term]]] = field(repr=False)
    instances: Mapping[str, list[str]] = field(repr=False)

    def objects(self, subject: str, predicate: str) -> list[Term]:
        """Return the objects of subject and predicate in file order."""
        return list(self.triples.get(subject, {}).get(predicate, ()))

    def iris(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Return the objects that are IRIs."""
        return tuple(o.value for o in self.objects(subject, predicate) if isinstance(o, NamedNode))

    def texts(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Return the lexical forms of the objects that are literals."""
        return tuple(o.value for o in self.objects(subject, predicate) if isinstance(o, Literal))

    def text(self, subject: str, predicate: str) -> str | None:
        """Return the first literal's lexical form, or None."""
        return next(iter(self.texts(subject, predicate)), None)

    def number(self, subject: str, predicate: str) -> int | None:
        """Return the first literal as an integer, or None."""
        value = self.text(subject, predicate)
        return int(value) if value is not None and _NUMBER.fullmatch(value) else None

    def collection(self, head: Term | None) -> list[Term]:
        """Return the members of an RDF collection (RDF 1.1 Semantics, appendix D.3)."""
        members: list[Term] = []
        seen: set[str] = set()
        while isinstance(head, BlankNode) and (node := key_of(head)) not in seen:
            seen.add(node)
            members += self.objects(node, RDF + "first")
            head = next(iter(self.objects(node, RDF + "rest")), None)
        return members

    def named(self, node: str) -> str:
        """Return the IRI of a node, or of the nearest node with an IRI that holds it, or a blank node that
        nothing holds.
        """
        seen: set[str] = set()
        while node.startswith("_:") and node in self._holders and node not in seen:
            seen.add(node)
            node = self._holders[node]
        return node

    @cached_property
    def _holders(self) -> dict[str, str]:
        """A node that each blank node is a value of."""
        return {
            str(value): subject
            for subject, predicates in self.triples.items()
            for values in predicates.values()
            for value in values
            if isinstance(value, BlankNode)
        }

    def place(self, node: str) -> tuple[str | None, int | None]:
        """Return the file and the line where a node is described, as near as can be told."""
        about = self.named(node)
        for file in self.files:
            line = file.line_of(about)
            if line is not None:
                return file.name, line
        described = self._file_of(about)
        if described is None:
            return None, None
        words = [] if about.startswith("_:") else [about]
        lines = (described.line_with(word) for word in (*words, *self.triples.get(node, ())))
        return described.name, next((line for line in lines if line is not None), 1)

    def _file_of(self, node: str) -> TurtleFile | None:
        """The first file that describes a node."""
        if node not in self._numbers or not self.files:
            return None
        return [file for file in self.files if file.first <= self._numbers[node]][-1]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {subject: number for number, subject in enumerate(self.triples)}

    def file_named(self, name: str | None) -> TurtleFile | None:
        """Return the file of that name."""
        return next((file for file in self.files if file.name == name), None)

    def error(self, message: str, subject: str, hint: str | None = None) -> DomainError:
        """Return an error that names the file and line where the subject is described."""
        file, line = self.place(subject)
        about = self.named(subject)
        term = None if about.startswith("_:") else about
        return DomainError(message, file=file, line=line, term=term, hint=hint)


PARTS = ("ontology", "shapes")
"""The parts of a domain folder with Turtle files."""

Read = Callable[[Traversable, Traversable, str], str]
"""Returns the text of a file of a folder, as `read_text`."""


def read_graph(folder: Traversable, parts: tuple[str, ...] = PARTS, *, read: Read = read_text) -> DomainGraph:
    """Read every ``.ttl`` file of the parts of a domain folder; of ``shapes/`` what `shape_files` finds.

    Raises:
        DomainError: a part is missing, or a file cannot be read or is not Turtle; names file, line and
            column.
    """
    files: list[TurtleFile] = []
    triples: dict[str, dict[str, list[Term]]] = {}
    instances: dict[str, list[str]] = {}
    size = 0
    for part in parts:
        for name, path in turtle_files(folder, part):
            text = read(folder, path, name)
            size += len(text)
            if size > LARGEST_DOMAIN:
                raise DomainError(
                    f"with this file the domain is larger than {size_text(LARGEST_DOMAIN)}", file=name
                )
            files.append(_parse(text, name, len(files), triples, instances))
    return DomainGraph(tuple(files), triples, instances)


def read_readable(
    folder: Traversable, parts: tuple[str, ...] = PARTS
) -> tuple[DomainGraph, list[DomainError]]:
    """Read the files of a domain folder that are Turtle, and tell what is wrong with the others.

    Raises:
        DomainError: a part is missing.
    """
    files: list[TurtleFile] = []
    faults: list[DomainError] = []
    triples: dict[str, dict[str, list[Term]]] = {}
    instances: dict[str, list[str]] = {}
    for part in parts:
        for name, path in turtle_files(folder, part):
            try:
                files.append(_parse(read_text(folder, path, name), name, len(files), triples, instances))
            except DomainError as error:
                faults.append(error)
    return DomainGraph(tuple(files), triples, instances), faults


def turtle_files(folder: Traversable, part: str) -> list[tuple[str, Traversable]]:
    """Return the Turtle files of a part of a domain folder, as `part_files`.

    Raises:
        DomainError: there is no such part, or it cannot be read.
    """
    return shape_files(folder)[0] if part == "shapes" else part_files(folder, part, ".ttl")


def graph_of(triples: Iterable[Triple], files: tuple[TurtleFile, ...] = ()) -> DomainGraph:
    """Return a graph of triples that were read elsewhere, each once."""
    described: dict[str, dict[str, list[Term]]] = {}
    instances: dict[str, list[str]] = {}
    _index(dict.fromkeys(triples), described, instances)
    return DomainGraph(files, described, instances)


def graph_of_files(contents: Iterable[tuple[str, str, Iterable[Triple | Quad]]]) -> DomainGraph:
    """Return the graph of files that were parsed elsewhere: each its name, its text, and its triples, whose
    blank nodes are those of no other file.

    Raises:
        DomainError: together they are larger than a domain may be.
    """
    files: list[TurtleFile] = []
    described: dict[str, dict[str, list[Term]]] = {}
    instances: dict[str, list[str]] = {}
    size = 0
    for name, text, triples in contents:
        size += len(text)
        if size > LARGEST_DOMAIN:
            raise DomainError(
                f"with this file the shapes are larger than {size_text(LARGEST_DOMAIN)}", file=name
            )
        first = len(described)
        _index(dict.fromkeys(triples), described, instances)
        files.append(TurtleFile(name, text, _prefixes_in(text), first))
    return DomainGraph(tuple(files), described, instances)


# Turtle, productions 4, 5, 5s and 6s; of another format's text nothing looks so
_PREFIX = re.compile(
    r"(?:^|[.>])[ \t]*@?prefix[ \t]+([^\s:<>]*):[ \t]*(?=<([^<>\s]*)>)", re.IGNORECASE | re.MULTILINE
)


def _prefixes_in(text: str) -> dict[str, str]:
    return {found[1]: found[2] for found in _PREFIX.finditer(text)}


def _index(
    triples: Iterable[Triple | Quad],
    described: dict[str, dict[str, list[Term]]],
    instances: dict[str, list[str]],
) -> None:
    node, known = None, {}
    for triple in triples:
        if triple.subject != node:
            node = triple.subject
            subject = key_of(node)
            known = described.setdefault(subject, {})
        predicate, value = triple.predicate.value, triple.object
        if predicate in known:
            known[predicate].append(value)
        else:
            known[predicate] = [value]
        if predicate == _TYPE and isinstance(value, NamedNode):
            instances.setdefault(value.value, []).append(subject)


def check_triple_terms(data: str | bytes, name: str) -> None:
    """Refuse Turtle or N-Quads that may have triples so deep in each other that the engine's parser dies of
    it.

    Raises:
        DomainError: ``<<`` stands in it more than 1,000 times.
    """
    text = data if isinstance(data, str) else data.decode("latin-1") if b"<<" in data else ""
    count = text.count("<<")
    if count > MOST_TRIPLE_TERMS:
        message = f"'<<' {count} times: at most {MOST_TRIPLE_TERMS} triples as terms (RDF 1.2) are read"
        raise DomainError(message, file=name, line=text.count("\n", 0, text.index("<<")) + 1)


def _parse(
    text: str,
    name: str,
    position: int,
    triples: dict[str, dict[str, list[Term]]],
    instances: dict[str, list[str]],
) -> TurtleFile:
    check_triple_terms(text, name)
    first = len(triples)
    try:
        parser = parse(text, format=RdfFormat.TURTLE)
        # Labels of two files must not meet, and are told in reports.
        _index(numbered(parser, f"{OF_SHAPES}{position}_"), triples, instances)
        return TurtleFile(name, text, dict(parser.prefixes), first)
    except SyntaxError as error:
        raise DomainError(
            f"not Turtle: {error.msg}", file=name, line=error.lineno, column=error.offset
        ) from None
