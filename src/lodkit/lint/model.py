"""A domain as its checks look at it, and what they find: problems, each where the words of it stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from ..domain.graph import OWL, RDF, RDFS
from ..domain.lexicon import CORE
from ..domain.shapes import read_shapes
from ..errors import DomainError
from ..turtle import Lines, Mention, Role, lines_of, mentions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ..domain import Domain, DomainGraph
    from ..domain.graph import TurtleFile
    from ..domain.shapes import ShapesGraph

_LONGEST_WORD = 80  # characters of a word that is compared with known ones
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
    """The terms of a file by the block that they stand in, and its lines."""

    file: TurtleFile
    lines: Lines = field(repr=False)
    blocks: Mapping[str, list[Mention]] = field(repr=False)

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

    def _place(self, about: str, word: str | None, predicate: str | None) -> tuple[str, int, int] | None:
        subject = "" if about.startswith("_:") else about
        ranked: list[tuple[int, Written, Mention]] = []
        for written in self.written:
            for mention in written.blocks.get(subject, ()):
                rank = _rank(mention, subject, word, predicate)
                if rank is not None:
                    ranked.append((rank, written, mention))
                    if rank == 0:
                        break
        if not ranked:
            return None
        _, written, mention = min(ranked, key=lambda found: found[0])
        return (written.file.name, *written.position(mention))


def _rank(mention: Mention, subject: str, word: str | None, predicate: str | None) -> int | None:
    """How well a mention shows a word: as a value of the predicate, else anywhere, else the block begins
    here.
    """
    if word is not None and mention.text == word:
        return 0 if predicate in (None, mention.predicate) else 1
    if subject and mention.role is Role.SUBJECT and mention.text == subject:
        return 0 if word is None else 2
    return None


def _in(space: str) -> Callable[[str], bool]:
    return lambda iri: iri.startswith(space) and iri != space


def _written(file: TurtleFile) -> Written:
    blocks: dict[str, list[Mention]] = {}
    for mention in mentions(file.text):
        blocks.setdefault(mention.subject, []).append(mention)
    return Written(file, lines_of(file.text), blocks)


def all_mentions(checked: Checked) -> Iterator[tuple[Written, Mention]]:
    """Yield the terms of all files in their order."""
    for written in checked.written:
        for block in written.blocks.values():
            for mention in block:
                yield written, mention


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


def nearest(word: str, known: Collection[str]) -> str | None:
    """Return the known word that is most like a misspelt one, if any is.

    >>> nearest("minLenght", ["maxLength", "minLength", "name"])
    'minLength'
    """
    if len(word) > _LONGEST_WORD:
        return None
    by_case = {one.lower(): one for one in sorted(known, reverse=True)}
    found = get_close_matches(word.lower(), list(by_case), n=1, cutoff=0.7)
    return by_case[found[0]] if found else None


def proposal(word: str, known: Collection[str], otherwise: str, prefix: str = "") -> str:
    """Return the hint that names the nearest known word, or another one."""
    found = nearest(word, known)
    return f"perhaps {prefix}{found}" if found else otherwise
