"""The Turtle files of a domain folder as one indexed graph that still knows which file and line says what."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from ..errors import DomainError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"

Term = NamedNode | BlankNode | Literal | Triple


def key_of(term: Term) -> str:
    """Return the key of a term in the index: an IRI as it is, anything else in N-Triples."""
    return term.value if isinstance(term, NamedNode) else str(term)


@dataclass(frozen=True, slots=True)
class TurtleFile:
    """One Turtle file: its name inside the folder, its text, and its prefixes."""

    name: str
    text: str
    prefixes: Mapping[str, str]

    def line_of(self, iri: str) -> int | None:
        """Return the line (from 1) where the IRI stands as a subject, or None."""
        for written in self._spellings(iri):
            found = re.search(rf"^[ \t]*{re.escape(written)}(?=[\s;])", self.text, re.MULTILINE)
            if found:
                return self.text.count("\n", 0, found.start()) + 1
        return None

    def _spellings(self, iri: str) -> Iterator[str]:
        yield f"<{iri}>"
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace):
                yield f"{prefix}:{iri[len(namespace) :]}"


@dataclass(frozen=True)
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
        return int(value) if value is not None and value.isdigit() else None

    def collection(self, head: Term | None) -> list[Term]:
        """Return the members of an RDF collection (RDF 1.1 Semantics, appendix D.3)."""
        members: list[Term] = []
        while isinstance(head, BlankNode):
            node = key_of(head)
            members += self.objects(node, RDF + "first")
            head = next(iter(self.objects(node, RDF + "rest")), None)
        return members

    def error(self, message: str, subject: str, hint: str | None = None) -> DomainError:
        """Return an error that names the file and line where the subject is described."""
        for file in self.files:
            line = file.line_of(subject)
            if line is not None:
                return DomainError(message, file=file.name, line=line, term=subject, hint=hint)
        return DomainError(message, term=subject, hint=hint)


def read_graph(folder: Traversable, parts: tuple[str, ...] = ("ontology", "shapes")) -> DomainGraph:
    """Read every ``.ttl`` file of the parts of a domain folder.

    Raises:
        DomainError: a part is missing, or a file is not Turtle; names file, line and column.
    """
    files: list[TurtleFile] = []
    triples: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    instances: dict[str, list[str]] = defaultdict(list)
    for part in parts:
        if not folder.joinpath(part).is_dir():
            raise DomainError(
                f"no folder {part}/", file=str(folder), hint="a domain has ontology/, shapes/ and queries/"
            )
        for path in sorted(folder.joinpath(part).iterdir(), key=lambda p: p.name):
            if path.name.endswith(".ttl"):
                files.append(_read_file(path, f"{part}/{path.name}", triples, instances))
    return DomainGraph(tuple(files), triples, instances)


def _read_file(
    path: Traversable, name: str, triples: dict[str, dict[str, list[Term]]], instances: dict[str, list[str]]
) -> TurtleFile:
    text = path.read_text(encoding="utf-8")
    try:
        # Blank node labels of two files must not meet, so each is renamed by the parser.
        parser = parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True)
        for quad in parser:
            subject = key_of(quad.subject)
            triples[subject][quad.predicate.value].append(quad.object)
            if quad.predicate.value == RDF + "type" and isinstance(quad.object, NamedNode):
                instances[quad.object.value].append(subject)
        return TurtleFile(name, text, dict(parser.prefixes))
    except SyntaxError as error:
        raise DomainError(
            f"not Turtle: {error.msg}", file=name, line=error.lineno, column=error.offset
        ) from None
