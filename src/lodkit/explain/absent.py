"""Why there is no such fact: the reasons why a thing of an article has no value of a property, the likeliest
first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..domain import Domain, fold, local_name
from ..domain.model import PropertyShape
from ..errors import QueryError
from ..spelling import nearest
from ..statement import Modality, Span, Statement
from .near import Miss
from .sentence import Explained, SentenceView

_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

MOST = 5
"""How many rules that came near are told, and how many rules are listed of which no word occurs."""


LEAST = 3
"""How far a rule has come that came near; a form of "be" alone, with which many begin, is not near."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason: what kind of reason it is, in words, with the stretch of the text and the rule that it is
    about, if any.

    ``kind`` is ``fact`` (there is one), ``modality``, ``refused``, ``unknown-entity``, ``no-class``,
    ``no-property``, ``row``, ``near``, ``no-words`` (of a sentence, or of the rules) or ``no-rule``.
    """

    kind: str
    words: str
    span: Span | None = None
    rule: str | None = None


def find_property(domain: Domain, name: str) -> str:
    """Return the IRI of a property by IRI, CURIE, local name or label.

    Raises:
        QueryError: no shape has a property of that name, or two have.
    """
    paths = {prop.path: prop.name for prop in domain.property_shapes.values()}
    if domain.expand(name) in paths:
        return domain.expand(name)
    wanted = fold(name)
    found = sorted(
        path for path, label in paths.items() if wanted in (fold(local_name(path)), fold(label or ""))
    )
    if not found:
        near = nearest(name, [local_name(path) for path in paths])
        hint = f"perhaps {near}" if near else "lodkit query properties lists those that are used"
        raise QueryError(f"no shape has a property {name!r}", hint=hint)
    if len(found) > 1:
        these = ", ".join(map(domain.compact, found))
        raise QueryError(f"more than one property is called {name!r}", hint=f"one of {these}")
    return found[0]


def why_absent(explained: Explained, domain: Domain, entity: str, path: str) -> list[Cause]:
    """Return the reasons why an entity, by IRI or name, has no value of a property; if it has one, that."""
    labels = _labels(explained)
    iri = _find_entity(labels, domain, entity)
    if iri is None:
        near = nearest(entity, sorted(set(labels.values())))
        words = f"the article speaks of nothing called {entity!r}"
        told = f"{words}; perhaps {near!r} is meant" if near else words
        return [Cause("unknown-entity", told), *_near(explained, path, None)]
    said = [
        one
        for one in explained.extraction.statements
        if one.subject.value == iri and one.predicate.value == path
    ]
    facts = [one for one in said if one.modality is Modality.ASSERTED]
    if facts:
        return [Cause("fact", f"there is such a fact: {_value(domain, one)}", one.span) for one in facts]
    causes = [_unasserted(explained, one) for one in said]
    causes += _of_classes(explained, domain, iri, path, labels[iri])
    known = {cause.span for cause in causes}
    causes += [cause for cause in _rows(explained, path) if cause.span not in known]
    names = {fold(labels[iri])}
    causes += _near(explained, path, names)
    if not any(cause.kind in ("modality", "refused", "near", "row") for cause in causes):
        causes += [*_strange(explained, names), *_rules(domain, path)]
    return causes


def _labels(explained: Explained) -> dict[str, str]:
    found = {explained.extraction.subject.value: explained.extraction.article.name}
    for one in explained.extraction.statements:
        if one.predicate.value == _LABEL:
            found.setdefault(one.subject.value, one.object.value)
    return found


def _find_entity(labels: Mapping[str, str], domain: Domain, entity: str) -> str | None:
    if domain.expand(entity) in labels:
        return domain.expand(entity)
    wanted = fold(entity)
    known = [iri for iri, label in labels.items() if fold(label) == wanted]
    return known[0] if known else None


def _value(domain: Domain, one: Statement) -> str:
    return f"{domain.compact(one.predicate.value)} {domain.compact(one.object.value)}"


_UNASSERTED = {
    Modality.HEDGED: "the text leaves it open",
    Modality.NEGATED: "the text denies it",
    Modality.ATTRIBUTED: "the text says that somebody says so",
    Modality.REJECTED: "its shape refuses the value",
}


def _unasserted(explained: Explained, one: Statement) -> Cause:
    words = _UNASSERTED[one.modality]
    if one.modality is not Modality.REJECTED:
        cues = [cue for view in explained.sentences if view.span.holds(one.span) for cue in view.cues]
        told = f"{words} ({', '.join(map(repr, cues))})" if cues else words
        return Cause("modality", told, one.span, one.rule.value)
    reasons = [
        skipped.reason
        for skipped in explained.extraction.skipped
        if skipped.rule == one.rule.value and one.span.holds(skipped.span)
    ]
    return Cause("refused", f"{words}: {reasons[0]}" if reasons else words, one.span, one.rule.value)


def _of_classes(explained: Explained, domain: Domain, iri: str, path: str, label: str) -> Iterator[Cause]:
    """A property is one of a class; what has no class, or another, has no value of it."""
    classes = [
        one.object.value
        for one in explained.extraction.statements
        if one.subject.value == iri and one.predicate.value == _TYPE and one.modality is Modality.ASSERTED
    ]
    owners = sorted({_owner(domain, prop) for prop in domain.property_shapes.values() if prop.path == path})
    of = f"{domain.compact(path)} is a property of {' and '.join(map(domain.compact, owners))}"
    if not classes:
        yield Cause("no-class", f"nothing says what {label!r} is, and {of}")
    elif not any(domain.shapes_for(cls, path) for cls in classes):
        yield Cause("no-property", f"{label!r} is {' and '.join(map(domain.compact, classes))}, and {of}")


def _owner(domain: Domain, prop: PropertyShape) -> str:
    return domain.node_shapes[prop.node_shape].target if prop.node_shape in domain.node_shapes else prop.iri


def _rows(explained: Explained, path: str) -> Iterator[Cause]:
    """Rows, and values in rows, that a rule for the property would have read."""
    domain = explained.built.domain
    rules = {rule.iri for rule in domain.fields if rule.fills and _path(domain, rule.fills) == path}
    for one in explained.extraction.skipped:
        if one.rule in rules:
            yield Cause("row", one.reason, one.span, one.rule)


def _path(domain: Domain, shape: str) -> str | None:
    prop = domain.property_shapes.get(shape)
    return prop.path if prop is not None else None


def _near(explained: Explained, path: str, names: set[str] | None) -> list[Cause]:
    """Rules with a slot for the property that came near, those where the entity is spoken of first."""
    found: list[tuple[bool, int, Miss, SentenceView]] = []
    for view in explained.sentences:
        speaks = names is None or any(fold(one.label or "") in names for one in view.spoken)
        speaks = speaks or view.subject is not None
        found += [(not speaks, -miss.reach, miss, view) for miss in view.misses if path in miss.slots]
    found.sort(key=lambda one: (one[0], one[1], one[2].span))
    nearest_first = [one for one in found if one[2].reach >= LEAST]
    return [
        Cause("near", miss.reason, Span(view.span.start, view.span.end), miss.rule)
        for _, _, miss, view in nearest_first[:MOST]
    ]


def _strange(explained: Explained, names: set[str]) -> Iterator[Cause]:
    """Words that no rule begins with, of sentences that speak of the entity and say nothing."""
    for view in explained.sentences:
        speaks = any(fold(one.label or "") in names for one in view.spoken) or view.subject is not None
        if view.strange and speaks and not explained.statements_in(view.span):
            words = ", ".join(map(repr, view.strange[:MOST]))
            yield Cause("no-words", f"no rule begins with any of {words}", view.span)


def _rules(domain: Domain, path: str) -> list[Cause]:
    """What rules there are for a property of which no word occurs, or that there is none."""
    phrases = [phrase for phrase in domain.phrases if path in {prop.path for prop in phrase.slots.values()}]
    fields = [rule for rule in domain.fields if rule.fills and _path(domain, rule.fills) == path]
    if not phrases and not fields:
        return [Cause("no-rule", "no rule gives values of it")]
    causes = [
        Cause("no-words", f"no sentence has the words of {phrase.written[0]}", None, phrase.iri)
        for phrase in phrases[:MOST]
        if phrase.written
    ]
    causes += [
        Cause("no-words", f"no row has one of the keys {', '.join(rule.keys[:MOST])}", None, rule.iri)
        for rule in fields[:MOST]
    ]
    return causes
