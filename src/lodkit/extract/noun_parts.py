"""The parts of the noun phrase that says what something is, as values: its noun, its modifiers, the name
after it.
"""

from __future__ import annotations

from dataclasses import replace

from ..domain.model import PartRule, PropertyShape
from ..language.noun_phrase import Bounds
from ..statement import Basis, Modality, Span
from .context import Context, Reading
from .mentions import heads_phrase
from .modality import Scope, modality_at
from .nodes import Node, Typing
from .part_rules import part_rules
from .predicates import Predicate
from .scene import Mention, Scene


def read_predicates(context: Context, scene: Scene, predicates: list[Predicate], found: list[Scope]) -> None:
    """Turn the parts of the noun phrases into readings: kind, rank, modifiers, and the place after them."""
    for predicate in predicates:
        modality, speaker = modality_at(found, predicate.at, [])
        if modality is not Modality.ASSERTED or speaker is not None:
            continue
        phrase = predicate.phrase
        if scene.sentence.low[phrase.last - 1] not in context.lexis.english.words("empty-noun"):
            _read_part(context, scene, predicate, "kind", phrase.noun)
        for part in phrase.modifiers:
            _read_modifier(context, scene, predicate, part)
        _read_name_after(context, scene, predicate, "place", "locative-in")
        _read_name_after(context, scene, predicate, "whole", "genitive")


def _read_part(context: Context, scene: Scene, predicate: Predicate, part: str, bounds: Bounds) -> None:
    found = next(part_rules(context, predicate.node, part), None)
    if found is not None:
        words = scene.sentence.cover(*bounds)
        context.readings.append(_reading(scene, predicate, *found, words))


def _reading(
    scene: Scene, predicate: Predicate, rule: PartRule, shape: PropertyShape, value: Node | Span | str
) -> Reading:
    phrase, subject = predicate.phrase, predicate.subject
    first = min(subject.outer, phrase.first) if phrase.last - subject.outer < 40 else phrase.first
    where = value if isinstance(value, Span) else None
    subject_span = scene.span(subject)
    antecedent = predicate.node.last_span if subject.kind in ("noun", "pronoun") else None
    return Reading(
        predicate.node,
        shape,
        value,
        rule.iri,
        scene.sentence.cover(first, phrase.last),
        subject_span=subject_span,
        value_span=where,
        antecedent_span=antecedent,
    )


def _read_modifier(context: Context, scene: Scene, predicate: Predicate, part: Bounds) -> None:
    low = scene.sentence.low
    words = scene.sentence.cover(*part)
    last = low[part[1] - 1]
    if predicate.phrase.definite is not False and (
        last.endswith("est") or last in context.lexis.english.words("ordinal")
    ):
        first = predicate.phrase.first if predicate.phrase.of_several else part[0]
        _read_part(context, scene, predicate, "rank", (first, part[1]))
        return
    text = words.of(context.text).lower()
    if scene.sentence.words[part[0]][0].isupper() and context.lexis.is_nationality(text):
        _read_part(context, scene, predicate, "adjective", part)
    term = context.lexis.term(text)
    for rule, shape in part_rules(context, predicate.node, "modifier"):
        if text in shape.values:
            reading = _reading(scene, predicate, rule, shape, shape.values[text])
        elif term is not None and any(context.domain.is_a(term[0], cls) for cls in shape.classes):
            node = context.nodes.name(words.of(context.text), words)
            context.nodes.add_type(node, term[0], Typing(term[1], Basis.INFERRED, words))
            reading = _reading(scene, predicate, rule, shape, node)
        else:
            continue
        context.readings.append(replace(reading, value_span=words))
        return


def _read_name_after(
    context: Context, scene: Scene, predicate: Predicate, part: str, prepositions: str
) -> None:
    """ "a party in Norland", "the youth wing of the Blue Lantern": what the name after the noun says."""
    low, at = scene.sentence.low, predicate.phrase.last
    if at + 1 >= len(low) or low[at] not in context.lexis.english.words(prepositions):
        return
    name = _name_from(context, scene, at + 1)
    if name is None or name.node is None or name.node is predicate.node:
        return
    head = low[predicate.phrase.last - 1]
    for rule, shape in part_rules(context, predicate.node, part):
        wanted = not rule.nouns or head in rule.nouns
        if not wanted or not any(context.nodes.fits(name.node, cls) for cls in shape.classes):
            continue
        span = scene.span(name)
        reading = replace(_reading(scene, predicate, rule, shape, name.node), value_span=span)
        if context.give_slot_type(name.node, reading):
            context.readings.append(replace(reading, span=reading.span.cover(span)))
        return


def _name_from(context: Context, scene: Scene, at: int) -> Mention | None:
    """The name at a token, or after an article and adjectives; None where it only owns or modifies what
    follows.
    """
    low, adjectives = scene.sentence.low, context.lexis.english.words("adjective")
    while at < len(low) and (low[at] in context.lexis.the or low[at] in adjectives):
        at += 1
    name = next((m for m in scene.starting.get(at, ()) if m.kind == "name" and m.node is not None), None)
    if name is None or (name.last < len(low) and low[name.last] == "'s"):
        return None
    return name if heads_phrase(context, scene.sentence, name.last) else None
