"""The rules of ``ontology/lexicon.ttl``, each checked against the shapes that it fills."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from ..errors import DomainError
from .graph import DomainGraph
from .model import (
    Domain,
    FieldRule,
    NameRule,
    NounRule,
    PartRule,
    Phrase,
    PropertyShape,
    QuantityRule,
    Relation,
    SectionRule,
    TermRule,
    local_name,
)
from .notation import (
    NotationError,
    Pattern,
    Slot,
    Words,
    expand_classes,
    expand_role,
    parse_example,
    parse_pattern,
)
from .shapes import MOST_FAULTS, refuse
from .states import ignore_rule, row_group, state_rule

R = TypeVar("R")

CORE = "https://w3id.org/lodkit/core#"


def read_lexicon(domain: Domain) -> Domain:
    """Return the domain with its rules.

    Raises:
        DomainError: a rule fills what does not exist, a pattern is malformed or names an unknown slot; names
            file, line and term; ``others`` are those of other rules.
    """
    faults: list[DomainError] = []
    phrases = [*_read(domain, "Phrase", _phrase, faults), *_read(domain, "Role", _role, faults)]
    read = replace(
        domain,
        phrases=tuple(phrases),
        relations=tuple(_read(domain, "Role", _relation, faults)),
        fields=tuple(_read(domain, "FieldRule", _field, faults)),
        nouns=tuple(_read(domain, "NounRule", _noun, faults)),
        terms=tuple(_read(domain, "TermRule", _term, faults)),
        names=tuple(_read(domain, "NameRule", _name, faults)),
        parts=tuple(_read(domain, "PartRule", _part, faults)),
        quantities=tuple(_read(domain, "QuantityRule", _quantity, faults)),
        sections=tuple(_read(domain, "SectionRule", _section, faults)),
        states=tuple(_read(domain, "StateRule", _of_core(state_rule), faults)),
        groups=tuple(_read(domain, "RowGroup", _of_core(row_group), faults)),
        ignored=tuple(_read(domain, "IgnoreRule", _of_core(ignore_rule), faults)),
    )
    refuse(faults[:MOST_FAULTS])
    return read


def _read(
    domain: Domain, kind: str, build: Callable[[Domain, str], R], faults: list[DomainError]
) -> Iterator[R]:
    for iri in domain.graph.instances.get(CORE + kind, ()):
        try:
            if iri.startswith("_:"):
                hint = "name it, so that statements can"
                raise domain.graph.error(f"a lk:{kind} without an IRI", iri, hint)
            yield build(domain, iri)
        except DomainError as error:
            faults.append(error)


def _of_core(build: Callable[[Domain, str, str], R]) -> Callable[[Domain, str], R]:
    return lambda domain, iri: build(domain, CORE, iri)


def _one(graph: DomainGraph, iri: str, term: str) -> str:
    values = graph.iris(iri, CORE + term)
    if len(values) != 1:
        raise graph.error(f"needs exactly one lk:{term}, has {len(values)}", iri)
    return values[0]


def _unused(graph: DomainGraph, iri: str) -> str | None:
    return graph.text(iri, CORE + "unused")


def _phrase(domain: Domain, iri: str) -> Phrase:
    graph = domain.graph
    fills = _one(graph, iri, "fills")
    if fills not in domain.node_shapes:
        raise graph.error(f"fills {domain.compact(fills)}, which is no node shape with a target class", iri)
    patterns = _words(graph, iri, "pattern")
    if not patterns and not graph.texts(iri, CORE + "verbFrame"):
        raise graph.error("has neither lk:pattern nor lk:verbFrame", iri)
    return _phrase_of(domain, iri, fills, patterns)


def _role(domain: Domain, iri: str) -> Phrase:
    """A relational noun ("chair of"): what its frames and its own patterns say, with its nouns and its
    property put in.
    """
    graph = domain.graph
    fills = _property_shape(domain, iri, _one(graph, iri, "fills"))
    nouns, frames = _words(graph, iri, "form"), graph.iris(iri, CORE + "frame")
    if not nouns:
        raise graph.error("has no lk:form", iri)
    texts = list(_words(graph, iri, "pattern"))
    for frame in frames:
        if frame not in graph.instances.get(CORE + "RoleFrame", ()):
            raise graph.error(f"{domain.compact(frame)} is no role frame", iri)
        texts += _words(graph, frame, "pattern")
    shape = domain.property_shapes[fills]
    typed = graph.text(iri, CORE + "typed") == "true"
    slot = local_name(shape.path)
    patterns = [expand_role(text, slot, nouns, typed=typed) for text in texts]
    return _phrase_of(domain, iri, shape.node_shape, patterns)


_VALUE_KINDS = ("node", "title", "text", "date", "number", "choice", "word", "noun")


def _relation(domain: Domain, iri: str) -> Relation:
    """A relational noun as the reader of noun phrases wants it."""
    graph = domain.graph
    shape = domain.property_shapes[_property_shape(domain, iri, _one(graph, iri, "fills"))]
    kind = graph.text(iri, CORE + "valueKind") or shape.kind
    if kind not in _VALUE_KINDS:
        raise graph.error(f"lk:valueKind is {kind!r}", iri, f"it is one of {', '.join(_VALUE_KINDS)}")
    target = domain.node_shapes[shape.node_shape].target
    typed = graph.text(iri, CORE + "typed") == "true"
    nouns = _words(graph, iri, "form")
    return Relation(iri, shape, target, nouns, local_name(shape.path), kind, typed)


def _phrase_of(domain: Domain, iri: str, fills: str, texts: Sequence[str]) -> Phrase:
    graph = domain.graph
    patterns = tuple(_pattern(domain, iri, text) for text in texts)
    frames = tuple(_frame(domain, iri, text) for text in _words(graph, iri, "verbFrame"))
    examples = graph.texts(iri, CORE + "example")
    marked = [slot for text in examples for slot, _ in parse_example(text)[1]]
    names = dict.fromkeys(
        [slot.name for pattern in (*patterns, *frames) for slot in pattern.slots()] + marked
    )
    slots = {name: _slot_of(domain, iri, fills, name) for name in names if name != "this"}
    refuted = graph.texts(iri, CORE + "counterExample")
    return Phrase(iri, fills, patterns, tuple(texts), slots, examples, refuted, _unused(graph, iri), frames)


def _frame(domain: Domain, iri: str, text: str) -> Pattern:
    """A verb frame: what does it, the verb, its objects and prepositional arguments; adjuncts after ``~``."""
    pattern = _pattern(domain, iri, text)
    subject, verb = (*pattern.core, None, None)[:2]
    parts = (pattern.core, *pattern.adjuncts)
    plain = all(isinstance(element, Words | Slot) for part in parts for element in part)
    if not (plain and isinstance(verb, Words) and subject is not None):
        hint = "write a slot, a verb, and slots, each after its preposition if it has one"
        raise domain.graph.error(f"lk:verbFrame {text!r} is not of that form", iri, hint)
    if any(isinstance(part[-1], Words) and len(part) == 1 for part in pattern.adjuncts):
        raise domain.graph.error(f"lk:verbFrame {text!r} has an adjunct without a slot", iri)
    return pattern


def _pattern(domain: Domain, iri: str, text: str) -> Pattern:
    try:
        pattern = parse_pattern(expand_classes(text, domain.english.lists))
    except NotationError as error:
        raise domain.graph.error(f"pattern {text!r}: {error}", iri) from None
    if not any(isinstance(element, Words) for element in pattern.core):
        raise domain.graph.error(f"pattern {text!r}: no word outside brackets before the first '~'", iri)
    return pattern


def _words(graph: DomainGraph, iri: str, term: str) -> tuple[str, ...]:
    """The texts of a rule's term, each of which has a letter, a digit or a sign."""
    texts = graph.texts(iri, CORE + term)
    if not all(text.strip() for text in texts):
        raise graph.error(f"has an empty lk:{term}", iri)
    return texts


def _slot_of(domain: Domain, iri: str, fills: str, name: str) -> PropertyShape:
    try:
        shape = domain.slot(fills, name)
    except DomainError as error:
        raise domain.graph.error(error.message, iri, error.hint) from None
    if shape is None:
        known = ", ".join(sorted(domain.reach(fills)))
        raise domain.graph.error(
            f"slot {{{name}}} is no property of {domain.compact(fills)}", iri, f"it has {known}"
        )
    return shape


def _field(domain: Domain, iri: str) -> FieldRule:
    graph = domain.graph
    keys = _words(graph, iri, "key")
    if not keys:
        raise graph.error("has no lk:key", iri)
    language_of = next(iter(graph.iris(iri, CORE + "languageOf")), None)
    types = graph.text(iri, CORE + "types") == "true"
    fills = next(iter(graph.iris(iri, CORE + "fills")), None)
    if fills is None and not (language_of or types):
        raise graph.error("has no lk:fills", iri)
    if fills is not None:
        _property_shape(domain, iri, fills)
    subject_from = next(iter(graph.iris(iri, CORE + "subjectFrom")), None)
    with_digits = next(iter(graph.iris(iri, CORE + "withDigits")), None)
    for other in filter(None, (language_of, subject_from, with_digits)):
        if other not in graph.instances.get(CORE + "FieldRule", ()):
            raise graph.error(f"{domain.compact(other)} is no field rule", iri)
    clause = graph.text(iri, CORE + "clause") == "true"
    part, titled_by = graph.text(iri, CORE + "part"), graph.text(iri, CORE + "titledBy")
    return FieldRule(
        iri,
        fills,
        keys,
        language_of,
        subject_from,
        clause,
        types,
        part,
        _unused(graph, iri),
        titled_by,
        with_digits,
        graph.text(iri, CORE + "valueForm"),
        graph.iris(iri, CORE + "of"),
        graph.text(iri, CORE + "past") == "true",
    )


def _property_shape(domain: Domain, iri: str, fills: str) -> str:
    if fills not in domain.property_shapes:
        raise domain.graph.error(
            f"fills {domain.compact(fills)}, which is no property shape of a node shape", iri
        )
    return fills


def _class(domain: Domain, iri: str) -> str:
    fills = _one(domain.graph, iri, "fills")
    if fills not in domain.classes:
        raise domain.graph.error(f"fills {domain.compact(fills)}, which is no class", iri)
    return fills


def _noun(domain: Domain, iri: str) -> NounRule:
    graph = domain.graph
    forms, heads = _words(graph, iri, "form"), _words(graph, iri, "inName")
    if not (forms or heads):
        raise graph.error("has neither lk:form nor lk:inName", iri)
    pronoun, references = graph.text(iri, CORE + "pronoun"), _words(graph, iri, "reference")
    return NounRule(iri, _class(domain, iri), forms, heads, pronoun, _unused(graph, iri), references)


def _term(domain: Domain, iri: str) -> TermRule:
    forms = _words(domain.graph, iri, "form")
    if not forms:
        raise domain.graph.error("has no lk:form", iri)
    return TermRule(iri, _class(domain, iri), forms, _unused(domain.graph, iri))


def _name(domain: Domain, iri: str) -> NameRule:
    kind = domain.graph.text(iri, CORE + "nameKind")
    if kind is None:
        raise domain.graph.error("has no lk:nameKind", iri)
    return NameRule(iri, _property_shape(domain, iri, _one(domain.graph, iri, "fills")), kind)


_PARTS = (
    "kind",
    "modifier",
    "adjective",
    "rank",
    "occupation",
    "title",
    "place",
    "whole",
    "begin",
    "end",
    "unit",
)


def _part(domain: Domain, iri: str) -> PartRule:
    part = domain.graph.text(iri, CORE + "nounPart")
    if part not in _PARTS:
        raise domain.graph.error(f"lk:nounPart is {part!r}", iri, f"it is one of {', '.join(_PARTS)}")
    nouns = frozenset(word.lower() for word in _words(domain.graph, iri, "form"))
    mints = next(iter(domain.graph.iris(iri, CORE + "mints")), None)
    if mints is not None and mints not in domain.classes:
        raise domain.graph.error(f"mints {domain.compact(mints)}, which is no class", iri)
    return PartRule(iri, _property_shape(domain, iri, _one(domain.graph, iri, "fills")), part, nouns, mints)


_QUANTITY_WORDS = ("counted", "composed", "measure", "verb", "adjective")


def _quantity(domain: Domain, iri: str) -> QuantityRule:
    fills = _property_shape(domain, iri, _one(domain.graph, iri, "fills"))
    words = [frozenset(_words(domain.graph, iri, term)) for term in _QUANTITY_WORDS]
    if not any(words):
        raise domain.graph.error("has no lk:counted, lk:composed, lk:measure, lk:verb or lk:adjective", iri)
    return QuantityRule(iri, fills, *words)


def _section(domain: Domain, iri: str) -> SectionRule:
    fills = _property_shape(domain, iri, _one(domain.graph, iri, "fills"))
    graph = domain.graph
    introduces, inverse = (graph.text(iri, CORE + term) == "true" for term in ("introduces", "inverse"))
    dates = next((_property_shape(domain, iri, one) for one in graph.iris(iri, CORE + "dates")), None)
    return SectionRule(iri, fills, _words(graph, iri, "title"), introduces, inverse, dates)
