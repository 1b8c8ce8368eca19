"""What the rows of an infobox come to: readings that are kept, values that are refused, words left over."""

from __future__ import annotations

from ..domain import FieldRule, PropertyShape, fold
from ..language.tokens import Sentence
from ..statement import Modality, Span
from .context import Context, Reading, Skipped
from .nodes import Node


class Findings:
    """Keeps readings of rows, and the entities that each rule has read so far."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.results: dict[str, list[Node]] = {}
        self.naming = frozenset(rule.fills for rule in context.domain.names)

    def keep(self, rule: FieldRule, reading: Reading) -> None:
        """Keep a reading of a rule."""
        self.context.readings.append(reading)
        if isinstance(reading.value, Node):
            self.results.setdefault(rule.iri, []).append(reading.value)
        elif isinstance(reading.value, Span):
            self._learn(reading.shape, reading.value, reading.language)

    def _learn(self, shape: PropertyShape, span: Span, language: str | None) -> None:
        """A row that names the subject teaches the name."""
        if shape.iri in self.naming:
            words = span.of(self.context.text)
            self.context.finder.learn(Sentence(self.context.text, span).words)
            self.context.nodes.alias(words, self.context.nodes.subject)
            if language:
                self.context.languages[fold(words)] = language

    def reject(self, rule: FieldRule, shape: PropertyShape, subject: Node, value: Span, problem: str) -> None:
        """Keep a value that is refused, with the reason."""
        self.context.readings.append(
            Reading(subject, shape, value, rule.iri, value, Modality.REJECTED, value_span=value)
        )
        self.skip(value, problem, "value", rule.iri)

    def skip(self, span: Span, reason: str, kind: str, rule: str | None = None) -> None:
        """Say what is not read."""
        self.context.skipped.append(Skipped(span, reason, kind, rule))
