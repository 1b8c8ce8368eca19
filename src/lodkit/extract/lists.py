"""Lists: what a heading or an introducing sentence says of the subject, its items are the values of."""

from __future__ import annotations

from ..domain.model import SectionRule
from ..source import Block
from ..statement import Basis, Span
from .context import Context, Reading
from .dates import find_dates
from .mentions import name_node
from .nodes import Node
from .scene import Scene

MAX_NAME = 12
"""How many words the name of an item has at most."""


def list_rules(context: Context) -> dict[str, SectionRule]:
    """Return the rules of headings by their words."""
    return {title.casefold(): rule for rule in context.domain.sections for title in rule.titles}


def introduced(context: Context, scene: Scene, rules: dict[str, SectionRule]) -> SectionRule | None:
    """Return the rule of what a sentence that ends in a colon introduces, by the last words that name a list.

    The sentence must be about the article's subject, or name nobody else.
    """
    low = scene.sentence.low
    if not low or low[-1] != ":":
        return None
    others = [node for _, node in scene.names() if node is not context.nodes.subject]
    if others and scene.subject_node is not context.nodes.subject:
        return None
    if any(word in context.lexis.negators for word in low):
        return None
    for at in range(len(low) - 1, -1, -1):
        for length in (3, 2, 1):
            rule = rules.get(" ".join(low[at : at + length]))
            if rule is not None and rule.introduces:
                return rule
    return None


def read_list_item(context: Context, block: Block, rule: SectionRule) -> bool:
    """Read an item as a value of the rule's property; False where it is none."""
    span = _without_end(context, block.content)
    shape = context.domain.property_shapes[rule.fills]
    if span.end <= span.start:
        return False
    subject = context.nodes.subject
    if shape.kind != "node":
        context.readings.append(Reading(subject, shape, span, rule.iri, span, value_span=span))
        return True
    name = _name(context, span)
    if name is None:
        return False
    node = name_node(context, name.of(context.text), name)
    if node is subject:
        return False
    if rule.inverse:
        reading = Reading(node, shape, subject, rule.iri, name, subject_span=name)
        target = context.domain.node_shapes[shape.node_shape].target
        context.give_type(node, target, rule.iri, Basis.INFERRED, name)
        if not context.give_slot_type(subject, reading):
            return False
        _date(context, rule, node, Span(name.end, block.span.end))
    else:
        reading = Reading(subject, shape, node, rule.iri, name, value_span=name)
        if not context.give_slot_type(node, reading):
            return False
    context.readings.append(reading)
    return True


def _without_end(context: Context, span: Span) -> Span:
    words = span.of(context.text)
    return Span(span.start, span.start + len(words.rstrip(" .;,:")))


def _name(context: Context, span: Span) -> Span | None:
    """The name that an item begins with, up to a bracket, a dash, a comma or a colon."""
    words = span.of(context.text)
    ends = [at for sign in (" (", ", ", "; ", " – ", " — ", " - ", ": ") if (at := words.find(sign)) > 0]
    name = words[: min(ends, default=len(words))].strip("\"“”'’* ")
    start = words.find(name)
    lead = 4 if name.lower().startswith("the ") else 0
    bare = name[lead:]
    if not bare or not bare[0].isupper() or len(bare.split()) > MAX_NAME:
        return None
    return Span(span.start + start + lead, span.start + start + len(name))


def _date(context: Context, rule: SectionRule, node: Node, rest: Span) -> None:
    """The date in the bracket after the name of an item."""
    if rule.dates is None or not context.text[rest.start : rest.end].lstrip().startswith("("):
        return
    months = context.lexis.english.months
    for value in find_dates(context.text, rest.start, rest.end, months):
        if value.lexical is not None:
            shape = context.domain.property_shapes[rule.dates]
            context.readings.append(Reading(node, shape, value, rule.iri, value.span, value_span=value.span))
            return
