"""One part of a cell, read by one rule: its value, what limits it, and what stands in brackets."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..domain import FieldRule, PropertyShape
from ..statement import Modality, Span
from .cell_values import ValueReader
from .circumstances import Circumstance, read_circumstances
from .context import MAX_SENTENCE, Context, Reading, is_readable
from .findings import Findings
from .mentions import build_scene
from .modality import scopes
from .nodes import Node
from .parts import apart, names_again, place_classes
from .phrases import run_clausal, run_nominal
from .row_rules import RowRules
from .scene import Mention
from .states import Stated, StateMaker
from .values import Part, Value, language_tag


@dataclass(frozen=True, slots=True)
class Slot:
    """What a part is read for: the rule and property shape, the subject, and the office that a label
    before it names; ``role`` and ``language`` are what other rows tell of it.
    """

    rule: FieldRule
    shape: PropertyShape
    subject: Node
    office: FieldRule | None = None
    role: Span | None = None
    language: str | None = None


class PartReader:
    """Reads parts of cells whose values are entities, choices, words or dates."""

    def __init__(self, context: Context, rules: RowRules, findings: Findings, states: StateMaker) -> None:
        self.context = context
        self.rules = rules
        self.findings = findings
        self.states = states
        self.values = ValueReader(context)
        self.native = {rule.fills for rule in context.domain.names if rule.kind == "native"}
        items = (item for row in context.article.cells for item in row.items)
        self.spoken = {
            item.span.start: tag
            for item in items
            if item.language and (tag := language_tag(item.language, {})) is not None
        }

    def read(self, slot: Slot, part: Part) -> None:
        """Read a part, and both of two names that a joint holds together."""
        if slot.shape.kind != "node":
            self._one(slot, part, None)
            return
        pieces = apart(
            self.context,
            part,
            personal=self._may_be_person(slot.shape),
            placed=self._may_be_place(slot.shape),
        )
        for piece, words in pieces:
            self._one(slot, piece, words if words != piece.span.of(self.context.text) else None)

    def _may_be_person(self, shape: PropertyShape) -> bool:
        domain = self.context.domain
        return any(
            domain.is_a(person, cls) for person in self.context.person_classes() for cls in shape.classes
        )

    def _may_be_place(self, shape: PropertyShape) -> bool:
        domain = self.context.domain
        return any(domain.is_a(place, cls) for place in place_classes(domain) for cls in shape.classes)

    def _one(self, slot: Slot, part: Part, words: str | None) -> None:
        role = slot.office or (self._role(part) if slot.shape.kind == "node" else None)
        used = role or slot.rule
        shape = self.context.domain.property_shapes[role.fills] if role and role.fills else slot.shape
        limits, left = self._limits(shape, part)
        if slot.role is not None and slot.office is None:
            limits = [replace(one, role=one.role or slot.role) for one in limits or [Circumstance(part.span)]]
        value, problem = self.values.read(shape, used, part, words)
        if isinstance(value, Node):
            left = [bracket for bracket in left if not names_again(self.context, value, bracket)]
        taken = self._taken_back(slot.rule, shape, left)
        if value is None or taken:
            self.findings.reject(used, shape, slot.subject, part.span, taken or problem)
        else:
            self._keep(replace(slot, rule=used, shape=shape), part, value, limits)
        named = self._language(part) if shape.kind == "text" else None
        if not (role or named or taken):
            self._brackets(slot.rule, left)
        if slot.rule.clause:
            self._clause(part.span, slot.subject)

    def _limits(self, shape: PropertyShape, part: Part) -> tuple[list[Circumstance], list[Span]]:
        """What the brackets of a part limit it by, where the domain has nodes for that."""
        if not self.context.domain.states or shape.kind in ("number", "date"):
            return [], list(part.qualifiers)
        return read_circumstances(
            self.context, part.qualifiers, personal=shape.kind == "node" and self._may_be_person(shape)
        )

    def _keep(
        self, slot: Slot, part: Part, value: Node | Value | Span | str, limits: list[Circumstance]
    ) -> None:
        """Keep the plain triple, unless the state is known to be over, and a node for each limit."""
        language = self._language(part) if slot.shape.kind == "text" else None
        language = language or slot.language or ("und" if slot.shape.iri in self.native else None)
        modality = Modality.HEDGED if getattr(value, "exact", True) is False else Modality.ASSERTED
        times = [one for one in limits if one.limits]
        over = bool(times) and all(one.is_over for one in times) and not slot.rule.is_past
        reading = Reading(
            slot.subject,
            slot.shape,
            value,
            slot.rule.iri,
            part.span,
            modality,
            value_span=part.span,
            language=language,
        )
        if not over:
            self.findings.keep(slot.rule, reading)
        stated = Stated(slot.subject, slot.shape, value, slot.rule.iri, part.span)
        for one in times:
            self.states.add(stated, one)

    def _role(self, part: Part) -> FieldRule | None:
        """A bracket that is itself a key, "(Chairman)", says which rule the person belongs to."""
        words = (qualifier.of(self.context.text) for qualifier in part.qualifiers)
        return next(filter(None, (self.rules.office(one, person=True) for one in words)), None)

    def _taken_back(self, rule: FieldRule, shape: PropertyShape, brackets: list[Span]) -> str:
        """Why a bracket makes an entity no value: "(formerly)", "(disputed)"; empty where none does."""
        if rule.clause or shape.kind not in ("node", "choice"):
            return ""
        words = [bracket.of(self.context.text) for bracket in brackets]
        return next(
            (f"the bracket {word!r} takes it back" for word in words if self.values.withdraws(word)), ""
        )

    def _language(self, part: Part) -> str | None:
        """The language that the bracket after a text names, or that its source says."""
        table = self.context.lexis.english.table("language")
        names = (table.get(qualifier.of(self.context.text).lower()) for qualifier in part.qualifiers)
        return next(filter(None, names), None) or self.spoken.get(part.span.start)

    def _brackets(self, rule: FieldRule, brackets: list[Span]) -> None:
        for bracket in brackets:
            if not (rule.clause and self._clause(bracket, self.context.nodes.subject)):
                self.findings.skip(bracket, "what the bracket adds is not modelled", "value", rule.iri)

    def _clause(self, span: Span, subject: Node) -> bool:
        """Read a value as a clause about the subject; tell whether a phrase fired."""
        context = self.context
        if not is_readable(span):
            self.findings.skip(span, f"longer than {MAX_SENTENCE:,} characters", "value")
            return False
        scene = build_scene(context, span)
        if not len(scene.sentence):
            return False
        scene.subject = Mention(0, 0, 0, "elided", subject)
        scene.subject_node, scene.elided = subject, subject
        before = len(context.readings)
        found = scopes(context, scene)
        run_nominal(context, scene, found)
        run_clausal(context, scene, found)
        for at in range(before, len(context.readings)):
            context.readings[at] = replace(context.readings[at], subject_span=None)
        return len(context.readings) > before
