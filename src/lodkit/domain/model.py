"""What a domain folder says, as frozen values: classes, shapes and the rules of the lexicon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources.abc import Traversable

from ..errors import DomainError
from ..xsd import EDTF, kind_of
from .english import English
from .gazetteer import Gazetteer
from .graph import RDF, XSD, DomainGraph
from .notation import Pattern
from .shapes import ShapesGraph, checked_shapes, read_shapes
from .wikitext import Wikitext

PARTS = frozenset(
    {
        *("property", "value", "text", "date", "number", "start", "end", "at", "role", "share", "note"),
        *("approximate", "minimum", "maximum", "unit", "currency", "held", "total", "chamber"),
        *("before", "after", "matches", "goals", "party", "votes"),
    }
)
"""What a node that a ``StateRule`` makes tells of a value."""

DATE_TYPES = frozenset({XSD + "date", XSD + "gYearMonth", XSD + "gYear", EDTF})
NUMBER_KINDS = frozenset({"decimal", "float", "double"})


@dataclass(frozen=True, slots=True)
class Class:
    """An OWL class: label, direct superclasses, ``owl:hasKey`` properties and the classes that it is
    disjoint with.
    """

    iri: str
    label: str
    parents: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PropertyShape:
    """A ``sh:PropertyShape`` with a predicate path (SHACL §2.3.1); ``values`` maps words to the members of
    ``sh:in``, ``told`` are the datatypes that other parameters than ``sh:datatype`` tell of.
    """

    iri: str
    path: str
    node_shape: str
    name: str
    classes: tuple[str, ...] = ()
    datatypes: tuple[str, ...] = ()
    min_count: int = 0
    max_count: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    told: tuple[str, ...] = ()

    @property
    def read_as(self) -> tuple[str, ...]:
        """The datatypes that values are read into, the first that fits."""
        return self.datatypes or self.told

    @property
    def kind(self) -> str:
        """What a value is read as: node, choice, date, number, text or word."""
        if self.values:
            return "choice"
        if self.classes or not self.read_as:
            return "node"
        if not DATE_TYPES.isdisjoint(self.read_as):
            return "date"
        if not NUMBER_KINDS.isdisjoint(map(kind_of, self.read_as)):
            return "number"
        return "text" if self.read_as[0] == RDF + "langString" else "word"


@dataclass(frozen=True, slots=True)
class NodeShape:
    """A node shape with its property shapes; ``target`` is the first of its target classes (SHACL
    §2.1.3.2), which may be the shape itself.
    """

    iri: str
    target: str
    properties: tuple[PropertyShape, ...]
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A prose rule: patterns over the property shapes of the node shape that it fills, and as they are
    written; those of a role stand in its frames. ``frames`` are verbs with their arguments, matched on
    clauses.
    """

    iri: str
    fills: str
    patterns: tuple[Pattern, ...]
    written: tuple[str, ...]
    slots: Mapping[str, PropertyShape]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    unused: str | None = None
    frames: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """A relational noun ("chair"): who has one is of class ``target``, what it names fills ``shape``.

    ``typed`` wants an owner that has its class already.
    """

    iri: str
    shape: PropertyShape
    target: str
    nouns: tuple[str, ...]
    slot: str
    kind: str
    typed: bool = False


@dataclass(frozen=True, slots=True)
class FieldRule:
    """An infobox rule: rows with one of the keys give values of a property shape.

    ``language_of`` is a field rule whose values this row gives the language of, ``subject_from`` one whose
    value is this row's subject;
    ``clause`` also reads the value as a clause about the subject; ``part`` is "start" or "end" of a period,
    "whole" for text that is no
    list or "list" for what always is one. ``titled_by`` is the key of the row that names the office or tie;
    ``with_digits`` is the rule
    for a value that is a street address; ``value_form`` is "ratio" where any key may stand before such a
    value, or "amount" for words that tell an amount, and ``of`` the classes of subjects of which any key may
    be taken so; ``is_past`` where the property itself speaks of what was.
    """

    iri: str
    fills: str | None
    keys: tuple[str, ...]
    language_of: str | None = None
    subject_from: str | None = None
    clause: bool = False
    types: bool = False
    part: str | None = None
    unused: str | None = None
    titled_by: str | None = None
    with_digits: str | None = None
    value_form: str | None = None
    of: tuple[str, ...] = ()
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class StateRule:
    """What a value becomes that holds for a time, in a role, to a share or in a unit: a node of the class
    ``mints``, which is a value of the property shape ``fills``.

    ``of`` are the classes or datatypes of the values that it is for; ``slots`` the property shapes of the
    node by what they hold, one of ``PARTS``. ``when`` is a part without which the rule makes nothing.
    ``lasting`` are the properties that hold for a time, so that the text may limit them.
    """

    iri: str
    fills: str
    mints: str
    of: tuple[str, ...]
    slots: Mapping[str, PropertyShape]
    when: str | None = None
    examples: tuple[str, ...] = ()
    lasting: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Rows of a group that have one of the keys, ``#`` for the number; ``slot`` is what of the node they
    tell, "period" for its start and end.
    """

    keys: tuple[str, ...]
    slot: str
    fills: str | None = None


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows of one number that tell of one node, as ``state`` makes it; the first of ``rows`` is needed."""

    iri: str
    state: str
    rows: tuple[GroupRow, ...]
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """Rows that say nothing about the subject, by key or by a pattern that some of the key matches, and
    why.
    """

    iri: str
    keys: tuple[str, ...]
    patterns: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class NounRule:
    """Nouns that stand for a class: in running text (``forms``), and as head of a name (``heads``).

    ``pronoun`` is "person" when he and she stand for members of the class.
    """

    iri: str
    fills: str
    forms: tuple[str, ...]
    heads: tuple[str, ...]
    pronoun: str | None = None
    unused: str | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TermRule:
    """Words without a capital that name an instance of a class, alone or in compounds."""

    iri: str
    fills: str
    forms: tuple[str, ...]
    unused: str | None = None


@dataclass(frozen=True, slots=True)
class NameRule:
    """Which property a name of a kind (alternative, abbreviation, native …) goes to."""

    iri: str
    fills: str
    kind: str


@dataclass(frozen=True, slots=True)
class PartRule:
    """Which property a part of a noun phrase, or what stands beside a name, goes to.

    ``part`` is kind (the noun), modifier (a word before it that names a term or a choice), adjective (one
    of a people or place), rank (a superlative or ordinal), place (the name after "in"), whole (the name
    after "of", where the noun is one of ``nouns``), occupation or title (the words before a person's name),
    begin or end (of the dates in brackets after a name), unit (a described part of an organization, whose
    noun is one of ``nouns``: it gets a node of the class ``mints``).
    """

    iri: str
    fills: str
    part: str
    nouns: frozenset[str] = frozenset()
    mints: str | None = None


@dataclass(frozen=True, slots=True)
class QuantityRule:
    """Which property a number in running text goes to.

    By the noun that it counts (``counted``, "members", with "% " before it for a share; ``composed`` only
    after "of": "a federation of 12 unions"), by the noun that it is the value of (``measures``,
    "membership"), by the verb before it (``verbs``, "employ") or by the adjective after it (``adjectives``,
    "high").
    """

    iri: str
    fills: str
    counted: frozenset[str] = frozenset()
    composed: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    adjectives: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SectionRule:
    """The list items of a section with one of the titles are values of a property shape."""

    iri: str
    fills: str
    titles: tuple[str, ...]
    introduces: bool = False
    inverse: bool = False
    dates: str | None = None


@dataclass(frozen=True, eq=False)
class Domain:
    """A domain folder, read and checked: what exists, what must hold, how articles say it."""

    folder: Traversable = field(repr=False)
    version: str
    prefixes: Mapping[str, str]
    classes: Mapping[str, Class] = field(repr=False)
    node_shapes: Mapping[str, NodeShape] = field(repr=False)
    property_shapes: Mapping[str, PropertyShape] = field(repr=False)
    phrases: tuple[Phrase, ...] = field(repr=False)
    relations: tuple[Relation, ...] = field(repr=False)
    fields: tuple[FieldRule, ...] = field(repr=False)
    nouns: tuple[NounRule, ...] = field(repr=False)
    terms: tuple[TermRule, ...] = field(repr=False)
    names: tuple[NameRule, ...] = field(repr=False)
    parts: tuple[PartRule, ...] = field(repr=False)
    quantities: tuple[QuantityRule, ...] = field(repr=False)
    sections: tuple[SectionRule, ...] = field(repr=False)
    states: tuple[StateRule, ...] = field(repr=False)
    groups: tuple[RowGroup, ...] = field(repr=False)
    ignored: tuple[IgnoreRule, ...] = field(repr=False)
    minted: frozenset[str] = field(repr=False)
    minted_plural: frozenset[str] = field(repr=False)
    disjoint: frozenset[tuple[str, str]] = field(repr=False)
    english: English = field(repr=False)
    gazetteer: Gazetteer = field(repr=False)
    wikitext: Wikitext = field(repr=False)
    graph: DomainGraph = field(repr=False)
    is_bundled: bool = False
    """Whether this is the domain that ships with lodkit, whose shapes and queries need no sandbox."""
    is_shapes_only: bool = False
    """Whether it is files of shapes and nothing else, for which all data are facts."""

    @cached_property
    def ancestors(self) -> Mapping[str, tuple[str, ...]]:
        """Each class with its superclasses, nearest first, itself included."""
        return {iri: tuple(self._walk(iri)) for iri in self.classes}

    def _walk(self, iri: str) -> Iterator[str]:
        seen, queue = {iri}, [iri]
        while queue:
            current = queue.pop(0)
            yield current
            for parent in self.classes[current].parents if current in self.classes else ():
                if parent not in seen:
                    seen.add(parent)
                    queue.append(parent)

    def is_a(self, iri: str, ancestor: str) -> bool:
        """Tell whether a class is the other or a subclass of it."""
        return iri == ancestor or ancestor in self.ancestors.get(iri, ())

    @cached_property
    def shapes(self) -> ShapesGraph:
        """The shapes of the folder.

        Raises:
            DomainError: something is wrong with them; ``others`` has the rest of it.
        """
        return read_shapes(self.graph) if self.is_bundled else checked_shapes(self.graph)

    @cached_property
    def shapes_of_class(self) -> Mapping[str, list[NodeShape]]:
        """The node shapes that target each class itself."""
        found: dict[str, list[NodeShape]] = {}
        for shape in self.node_shapes.values():
            for target in dict.fromkeys(shape.targets or (shape.target,)):
                found.setdefault(target, []).append(shape)
        return found

    def reach(self, node_shape: str) -> dict[str, list[PropertyShape]]:
        """Return the property shapes within reach of a node shape by local name: its own, else those of the
        nearest superclass.
        """
        known = self._reached.get(node_shape)
        if known is None:
            known = self._reached[node_shape] = self._reach(node_shape)
        return known

    @cached_property
    def _reached(self) -> dict[str, dict[str, list[PropertyShape]]]:
        return {}

    def _reach(self, node_shape: str) -> dict[str, list[PropertyShape]]:
        found: dict[str, list[PropertyShape]] = {}
        levels: dict[str, str] = {}
        for cls in self.ancestors.get(self.node_shapes[node_shape].target, ()):
            for prop in self.properties_of(cls):
                local = local_name(prop.path)
                if levels.setdefault(local, cls) == cls:
                    found.setdefault(local, []).append(prop)
        return found

    def properties_of(self, cls: str) -> Iterator[PropertyShape]:
        """Yield the property shapes of the node shapes that target a class itself."""
        for shape in self.shapes_of_class.get(cls, ()):
            yield from shape.properties

    def slot(self, node_shape: str, name: str) -> PropertyShape | None:
        """Return the property shape that a slot name stands for, or None; ``prefix:local`` picks among
        several.

        Raises:
            DomainError: the local name stands for more than one within reach.
        """
        local = name.rpartition(":")[2]
        candidates = self.reach(node_shape).get(local, [])
        if ":" in name:
            candidates = [prop for prop in candidates if prop.path == self.expand(name)]
        if len(candidates) > 1:
            raise DomainError(
                f"slot {{{name}}} is ambiguous", term=node_shape, hint="write it with its prefix"
            )
        return candidates[0] if candidates else None

    def shapes_for(self, cls: str, path: str) -> PropertyShape | None:
        """Return the nearest property shape for a path on a class, or None."""
        for ancestor in self.ancestors.get(cls, ()):
            for prop in self.properties_of(ancestor):
                if prop.path == path:
                    return prop
        return None

    def compact(self, iri: str) -> str:
        """Return the CURIE of an IRI, with the longest namespace that fits, or the IRI itself."""
        for length in self._namespace_lengths:
            if (prefix := self._names.get(iri[:length])) is not None:
                return f"{prefix}:{iri[length:]}" if length < len(iri) else iri
        return iri

    @cached_property
    def _names(self) -> dict[str, str]:
        """The prefix of each namespace; of several the last one."""
        return {namespace: prefix for prefix, namespace in self.prefixes.items() if namespace}

    @cached_property
    def _namespace_lengths(self) -> list[int]:
        return sorted({len(namespace) for namespace in self._names}, reverse=True)

    def expand(self, curie: str) -> str:
        """Return the IRI of a CURIE; text with an unknown prefix is returned as it is."""
        prefix, colon, local = curie.partition(":")
        return self.prefixes[prefix] + local if colon and prefix in self.prefixes else curie


def local_name(iri: str) -> str:
    """Return what follows the last ``#`` or ``/``.

    >>> local_name("https://schema.org/founder")
    'founder'
    """
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


def with_shapes(domain: Domain, shapes: ShapesGraph) -> Domain:
    """Give a domain the shapes of its graph in which nothing was found wrong, so that they are not read and
    checked again.
    """
    domain.__dict__["shapes"] = shapes
    return domain
