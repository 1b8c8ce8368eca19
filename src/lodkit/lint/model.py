"""A domain as its checks look at it, and what they find: problems, each where the words of it stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from ..domain.graph import OWL, RDF, RDFS
from ..domain.lexicon import CORE
from ..domain.shapes import read_shapes
from ..errors import DomainError
from ..turtle import Lines, Mention, lines_of, mentions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..domain import Domain, DomainGraph
    from ..domain.graph import TurtleFile
    from ..domain.shapes import ShapesGraph

_QUOTES = ('"', '"""', "'", "'''")
_ELEMENTS = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_PROPERTY_CLASSES = (*(OWL + name for name in _ELEMENTS), RDF + "Property")


class Level(StrEnum):
    """How bad a problem is, in the words of ``--fail-on``."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, by which kind of check, and how bad it is."""

    kind: str
    level: Level
    error: DomainError


@dataclass(frozen=True)
class Written:
    """The terms of a file in their order, the first of each in each block, and its lines."""

    file: TurtleFile
    lines: Lines = field(repr=False)
    all: tuple[Mention, ...] = field(repr=False)
    first: Mapping[tuple[str, str, str], Mention] = field(repr=False)

    def said(self, subject: str, text: str, predicate: str = "") -> Mention | None:
        """Return the first mention of a term in a subject's block, if asked as a value of a predicate."""
        return self.first.get((subject, text, predicate))

    def literal(self, subject: str, text: str, predicate: str) -> tuple[Mention, int] | None:
        """Return the first literal of a text without escapes, and the length of its quotes."""
        for quotes in _QUOTES:
            found = self.said(subject, f"{quotes}{text}{quotes}", predicate)
            if found is not None:
                return found, len(quotes)
        return None

    def position(self, mention: Mention) -> tuple[int, int]:
        """Return the line and column of a mention, both from 1."""
        return self.lines.position(mention.start)


@dataclass(frozen=True, eq=False)
class Checked:
    """A domain under check; ``domain`` is None where it cannot be read but its graph can, ``core`` describes
    the terms of lodkit's own vocabulary.
    """

    graph: DomainGraph = field(repr=False)
    compact: Callable[[str], str]
    core: DomainGraph = field(repr=False)
    domain: Domain | None = field(default=None, repr=False)

    @cached_property
    def shapes(self) -> ShapesGraph:
        """The shapes that can be read."""
        return read_shapes(self.graph)

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """Where the terms of each file stand."""
        return tuple(map(_written, self.graph.files))

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes that the domain declares."""
        kinds = (OWL + "Class", RDFS + "Class")
        return frozenset(iri for kind in kinds for iri in self.graph.instances.get(kind, ()))

    @cached_property
    def properties(self) -> frozenset[str]:
        """The properties that the domain declares."""
        return frozenset(iri for kind in _PROPERTY_CLASSES for iri in self.graph.instances.get(kind, ()))

    @cached_property
    def described(self) -> frozenset[str]:
        """All that the domain or lodkit's own vocabulary describes."""
        return frozenset(self.graph.triples) | frozenset(self.core.triples)

    @cached_property
    def own_namespaces(self) -> frozenset[str]:
        """The namespaces of the domain's ontologies, whose terms it has to declare, and lodkit's own."""
        found = {iri if iri.endswith(("#", "/")) else f"{iri}#" for iri in self._ontologies}
        return frozenset({space for space in found if any(map(_in(space), self.graph.triples))} | {CORE})

    @property
    def _ontologies(self) -> list[str]:
        return [iri for iri in self.graph.instances.get(OWL + "Ontology", ()) if not iri.startswith("_:")]

    def error(
        self,
        message: str,
        node: str,
        *,
        word: str | None = None,
        predicate: str | None = None,
        hint: str | None = None,
    ) -> DomainError:
        """Make an error about ``word``, else about the node, where it stands: in the block of the node, if
        that can be, as a value of ``predicate``.
        """
        about = self.graph.named(node)
        place = self._place(about, word, predicate)
        file, line, column = place or (*self.graph.place(node), None)
        term = word or (None if about.startswith("_:") else about)
        shown = None if term is None else self.compact(term)
        return DomainError(message, file=file, line=line, column=column, term=shown, hint=hint)

    def literal_error(
        self, message: str, subject: str, said: tuple[str, str], hint: str | None = None
    ) -> DomainError:
        """Make an error about a literal, ``said`` by its predicate and text, of a subject."""
        predicate, text = said
        for written in self.written:
            found = written.literal(subject, text, predicate)
            if found is not None:
                return error_at(message, written, found[0], self.compact(subject), hint)
        return self.error(message, subject, hint=hint)

    def _place(self, about: str, word: str | None, predicate: str | None) -> tuple[str, int, int] | None:
        subject = "" if about.startswith("_:") else about
        wanted = [(word, predicate or ""), (word, "")] if word is not None else []
        for text, asked in (*wanted, (subject, "")):
            for written in self.written:
                mention = written.said(subject, text, asked) if text else None
                if mention is not None:
                    return (written.file.name, *written.position(mention))
        return None


def _in(space: str) -> Callable[[str], bool]:
    return lambda iri: iri.startswith(space) and iri != space


def _written(file: TurtleFile) -> Written:
    found = tuple(mentions(file.text))
    first: dict[tuple[str, str, str], Mention] = {}
    for mention in found:
        first.setdefault((mention.subject, mention.text, mention.predicate), mention)
        first.setdefault((mention.subject, mention.text, ""), mention)
    return Written(file, lines_of(file.text), found, first)


def all_mentions(checked: Checked) -> Iterator[tuple[Written, Mention]]:
    """Yield the terms of all files in their order."""
    return ((written, mention) for written in checked.written for mention in written.all)


def error_at(
    message: str, written: Written, mention: Mention, term: str, hint: str | None = None
) -> DomainError:
    """Make an error at a mention."""
    line, column = written.position(mention)
    return DomainError(message, file=written.file.name, line=line, column=column, term=term, hint=hint)


def with_column(error: DomainError, checked: Checked) -> DomainError:
    """Return an error that names a line of a file with the column where the line's words begin."""
    if error.line is None or error.column is not None:
        return error
    for written in checked.written:
        starts = written.lines.starts
        if written.file.name == error.file and error.line <= len(starts):
            begin = starts[error.line - 1]
            line = written.file.text[begin : _end(starts, error.line, written.file.text)]
            error.column = len(line) - len(line.lstrip()) + 1
    return error


def _end(starts: list[int], line: int, text: str) -> int:
    at = bisect_right(starts, starts[line - 1])
    return starts[at] if at < len(starts) else len(text)


def local(iri: str) -> str:
    """Return the part of an IRI after its namespace."""
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]
