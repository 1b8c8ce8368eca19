"""Parts of organizations that are only described: "the Arvika branch of the Blue Lantern", "the bank's news
department". What is said of them is not said of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..domain.model import PartRule
from ..statement import Basis, Span
from .context import Context, Reading
from .fill import node_of, pronoun
from .nodes import Node, Typing
from .part_rules import part_rules
from .scene import Mention, Scene


@dataclass(frozen=True, slots=True)
class Unit:
    """A noun phrase that describes a part of a whole, over tokens ``outer`` to ``last`` with the words for
    the whole; ``words`` are those of the part alone.
    """

    words: Span
    whole: Node
    whole_words: Span
    outer: int
    last: int


def read_units(context: Context, scene: Scene) -> None:
    """Give each described part of an organization a node, and let its words be a mention of it."""
    rule = next((rule for rule in context.domain.parts if rule.part == "unit"), None)
    if rule is None or rule.mints is None or rule.nouns.isdisjoint(scene.sentence.low):
        return
    for unit in list(_units(context, scene, rule)):
        node = _named_beside(context, scene, unit)
        if node is None:
            node = context.nodes.mint(rule.mints, unit.words.of(context.text), unit.words)
            context.nodes.add_type(node, rule.mints, Typing(rule.iri, Basis.STATED, unit.words))
            scene.add(Mention(unit.outer, unit.last, unit.outer, "phrase", node, words=unit.words))
        elif not node.types:
            target = context.domain.node_shapes[context.domain.property_shapes[rule.fills].node_shape].target
            context.give_type(node, target, rule.iri, Basis.INFERRED, unit.words)
        _keep(context, unit, node, rule)


def _units(context: Context, scene: Scene, rule: PartRule) -> Iterator[Unit]:
    low = scene.sentence.low
    for at, word in enumerate(low):
        if word not in rule.nouns:
            continue
        found = _with_genitive(context, scene, at) or _with_owner(context, scene, at)
        if found is not None:
            yield found


def _with_genitive(context: Context, scene: Scene, noun: int) -> Unit | None:
    """ "the Arvika branch of the Blue Lantern": the noun with the words before it, and the name after it."""
    low, english = scene.sentence.low, context.lexis.english
    if low[noun + 1 : noun + 2] == [] or low[noun + 1] not in english.words("genitive"):
        return None
    first = _first_word(context, scene, noun)
    if first == 0 or low[first - 1] not in context.lexis.articles | english.words("determiner"):
        return None
    if _is_said_of(scene, first - 1, noun + 1):
        return None
    if low[first - 1] in english.words("indefinite") and first > 1:
        return None  # "founded as an affiliate of": it says what something is
    whole = _whole_at(context, scene, noun + 2)
    if whole is None:
        return None
    mention, node = whole
    words = scene.sentence.cover(first, noun + 1)
    return Unit(words, node, scene.span(mention), first - 1, mention.last)


def _with_owner(context: Context, scene: Scene, noun: int) -> Unit | None:
    """ "the bank's news department", "its youth wing"."""
    low, english = scene.sentence.low, context.lexis.english
    first = _first_word(context, scene, noun)
    if first == 0 or low[noun + 1 : noun + 2] == ["of"]:
        return None
    words = scene.sentence.cover(first, noun + 1)
    before = low[first - 1]
    if before in context.finder.possessives or before in context.lexis.possessives:
        node = pronoun(context, scene, first - 1)
        where = scene.sentence.cover(first - 1, first)
        fits = node is not None and _is_whole(context, node)
        return Unit(words, node, where, first - 1, noun + 1) if node is not None and fits else None
    if before != "'s" or english.words("possessive-in-name") & {before}:
        return None
    for mention in scene.ending.get(first - 1, ()):
        node = node_of(context, scene, mention, ())
        if node is not None and mention.kind in ("name", "noun") and _is_whole(context, node):
            return Unit(words, node, scene.span(mention), mention.outer, noun + 1)
    return None


def _first_word(context: Context, scene: Scene, noun: int) -> int:
    """Return where the words of a part begin: adjectives, nouns and names before its noun."""
    first = noun
    while first > 0 and noun - first < 5 and _belongs(context, scene, first - 1):
        first -= 1
    return first


def _belongs(context: Context, scene: Scene, at: int) -> bool:
    word, low = scene.sentence.words[at], scene.sentence.low[at]
    return word[0].isalnum() and (
        low not in context.lexis.closed or low in context.lexis.english.words("ordinal")
    )


def _is_said_of(scene: Scene, first: int, last: int) -> bool:
    """Tell whether a noun phrase says what something named is: then that is the part."""
    return any(
        m.node is not None and m.outer >= first for m in scene.ending.get(last, ()) if m.kind == "noun"
    )


def _whole_at(context: Context, scene: Scene, at: int) -> tuple[Mention, Node] | None:
    """The organization that is mentioned at a token."""
    for mention in scene.starting.get(at, ()):
        node = node_of(context, scene, mention, ())
        if node is not None and mention.kind in ("name", "noun", "phrase") and _is_whole(context, node):
            return mention, node
    return None


def _is_whole(context: Context, node: Node) -> bool:
    """Tell whether something may have parts of this kind: an organization, or the article's subject of which
    nothing is known.
    """
    rule, shape = next(part_rules(context, node, "unit"), (None, None))
    if rule is not None and node.types:
        return True
    return not node.types and node.entry is None and shape is None and not context.may_be_person(node)


def _named_beside(context: Context, scene: Scene, unit: Unit) -> Node | None:
    """ "The bank's subsidiary, Alder South, has …": the name in commas is the part's."""
    words = scene.sentence.words
    at = unit.last + (words[unit.last : unit.last + 1] == [","])
    for name in scene.starting.get(at, ()):
        fenced = at == unit.last or name.last >= len(words) or words[name.last] in (",", ".")
        if name.kind == "name" and name.node is not None and fenced and not context.is_person(name.node):
            scene.add(Mention(unit.outer, name.last, unit.outer, "phrase", name.node, words=scene.span(name)))
            return name.node
    return None


def _keep(context: Context, unit: Unit, node: Node, rule: PartRule) -> None:
    shape = context.domain.property_shapes[rule.fills]
    span = unit.words.cover(unit.whole_words)
    if node is unit.whole:
        return
    reading = Reading(
        node, shape, unit.whole, rule.iri, span, subject_span=unit.words, value_span=unit.whole_words
    )
    if context.give_slot_type(unit.whole, reading):
        context.readings.append(reading)
    kind = next(part_rules(context, node, "kind"), None)
    if kind is not None and node.minted is not None:
        context.readings.append(
            Reading(
                node, kind[1], unit.words, kind[0].iri, span, subject_span=unit.words, value_span=unit.words
            )
        )
