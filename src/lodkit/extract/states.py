"""Nodes for what holds for a time, in a role, to a share or in a unit: tenures, affiliations, figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..domain import PropertyShape, StateRule
from ..domain.graph import RDF
from ..statement import Basis, Span
from ..xsd import XSD
from .circumstances import Circumstance
from .context import Context, Reading
from .marks import visible
from .nodes import Node, Typing
from .values import Value

Held = Node | Value | Span | str
"""What a slot of a node is filled with: an entity, a value, words, or an IRI."""

_OF_KIND = {
    "number": XSD + "decimal",
    "date": XSD + "date",
    "text": RDF + "langString",
    "word": RDF + "langString",
    "choice": RDF + "langString",
}


@dataclass(frozen=True, slots=True)
class Stated:
    """A value of a subject's property, as a rule read it at a place."""

    subject: Node
    shape: PropertyShape
    value: Node | Value | Span | str
    rule: str
    span: Span


class StateMaker:
    """Makes the nodes that a domain's state rules ask for."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def rule_for(self, kind: str) -> StateRule | None:
        """Return the rule for values of a datatype."""
        return next((rule for rule in self.context.domain.states if kind in rule.of), None)

    def _rule_of(self, stated: Stated, parts: frozenset[str]) -> StateRule | None:
        """The rule for a value: for an entity that of the nearest of its classes, and one that wants a part
        which is told before others.
        """
        kind = _OF_KIND.get(stated.shape.kind)
        if kind is not None:
            return self.rule_for(kind)
        domain, value = self.context.domain, stated.value
        classes = sorted(value.types) if isinstance(value, Node) and value.types else stated.shape.classes
        near = [
            (rule.when is None, domain.ancestors[cls].index(of), rule.iri, rule)
            for cls in classes
            for rule in domain.states
            for of in rule.of
            if of in domain.ancestors.get(cls, ()) and (rule.when is None or rule.when in parts)
        ]
        return min(near)[3] if near else None

    def add(self, stated: Stated, circumstance: Circumstance, name: str = "") -> Node | None:
        """Make a node of a value and what limits it, under a name of its own or its words; None where the
        domain has no rule for such a value.
        """
        slot = {"node": "value", "choice": "value", "date": "date", "number": "number"}.get(
            stated.shape.kind, "text"
        )
        told: dict[str, Held | None] = {
            slot: stated.value,
            "start": circumstance.start,
            "end": circumstance.end,
            "at": circumstance.at,
            "role": circumstance.role,
            "share": circumstance.share,
            "note": circumstance.note,
        }
        rule = self._rule_of(stated, frozenset(part for part, value in told.items() if value is not None))
        if rule is None:
            return None
        inside = stated.span.cover(circumstance.span) == stated.span
        aside = "" if inside else circumstance.span.of(self.context.text)
        if circumstance.role is not None and inside:  # what a row of its own tells
            aside = circumstance.role.of(self.context.text)
        label = stated.span.of(self.context.text) + (f" ({aside})" if aside else "")
        return self.make(rule, stated, told, name or label, stated.span.cover(circumstance.span))

    def add_period(self, stated: Stated, circumstance: Circumstance) -> Node | None:
        """Make a node of a period of the subject's; None where the domain has no rule for dates."""
        rule = self.rule_for(_OF_KIND["date"])
        if rule is None:
            return None
        told = {"start": circumstance.start, "end": circumstance.end, "note": circumstance.note}
        return self.make(rule, stated, told, stated.span.of(self.context.text), stated.span)

    def make(
        self, rule: StateRule, stated: Stated, told: Mapping[str, Held | None], label: str, span: Span
    ) -> Node:
        """Make a node of a state rule from what is told of it, under a label, and tie it to the subject."""
        context = self.context
        span = closed(context.text, span)
        node = context.nodes.mint(rule.mints, visible(label), span)
        context.nodes.add_type(node, rule.mints, Typing(rule.iri, Basis.INFERRED, span))
        fills = context.domain.property_shapes[rule.fills]
        context.readings.append(Reading(stated.subject, fills, node, stated.rule, span, value_span=span))
        for part, value in {"property": stated.shape.path, **told}.items():
            if value is not None:
                self.tell(node, rule, part, value, span)
        return node

    def tell(self, node: Node, rule: StateRule, part: str, value: Held, span: Span) -> None:
        """Keep one part of what a place tells of a node, where the rule has a slot for it."""
        shape = rule.slots.get(part)
        if shape is not None:
            where = value if isinstance(value, Span) else span
            around = span if span.cover(where) == span else where  # a place is in one row
            reading = Reading(node, shape, value, rule.iri, around, value_span=where)
            self.context.readings.append(reading)


def closed(text: str, span: Span) -> Span:
    """Return a stretch of words with the bracket that closes after it."""
    is_open = span.of(text).count("(") > span.of(text).count(")")
    return Span(span.start, span.end + 1) if is_open and text[span.end : span.end + 1] == ")" else span
