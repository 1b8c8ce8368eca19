"""Infobox rows: which rule a key calls, and what its value says about the article's subject."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from ..article import Field
from ..domain import Domain, FieldRule, PropertyShape, fold
from ..domain.graph import XSD
from ..statement import Basis, Modality, Span
from .compiled import Hole
from .context import Context, Reading, Skipped
from .fill import entity
from .mentions import build_scene, name_node
from .modality import scopes
from .nodes import Node
from .phrases import run_clausal, run_nominal
from .scene import Mention
from .tokens import Sentence
from .values import Part, Value, language_tag, parse_date, parse_number, split_list

_FILE = re.compile(r"\.(?:svg|png|jpe?g|gif|tiff?|webp|pdf)$", re.IGNORECASE)
_NUMBER = re.compile(r"(?<=[a-z])\d+|\d+(?=\s|$)")
MAX_NAME = 10


def key_words(key: str) -> str:
    """Return a key as rules write it: lower case, blanks for underscores, no counting number.

    >>> key_words("Leader2_Name")
    'leader name'
    """
    return " ".join(_NUMBER.sub("", key.replace("_", " ").lower()).split())


@lru_cache(maxsize=8)
def rule_index(domain: Domain) -> dict[str, list[FieldRule]]:
    """Return the field rules of a domain by key."""
    index: dict[str, list[FieldRule]] = {}
    for rule in domain.fields:
        for key in rule.keys:
            index.setdefault(key_words(key), []).append(rule)
    return index


class FieldReader:
    """Reads the rows of one article; rules fit when their node shape's class fits the subject's."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.rules = rule_index(context.domain)
        self.results: dict[str, list[Node]] = {}
        self.languages = self._languages()
        self.naming = {rule.fills for rule in context.domain.names}
        self.native = {rule.fills for rule in context.domain.names if rule.kind == "native"}

    def _languages(self) -> dict[str, str]:
        """Language tags that rows give for the values of other rules, by rule IRI."""
        found: dict[str, str] = {}
        for row in self.context.article.fields:
            for rule in self.rules.get(key_words(row.key.of(self.context.text)), ()):
                tag = language_tag(row.value.of(self.context.text), self.context.lexis.english.table("language"))
                if rule.language_of and tag:
                    found[rule.language_of] = tag
        return found

    def names_subject(self, row: Field) -> bool:
        """Tell whether a row gives a name of the subject."""
        return any(rule.fills in self.naming for rule in self.rules.get(key_words(row.key.of(self.context.text)), ()))

    def type_subject(self) -> None:
        """An untyped subject gets the class whose rules most rows call, if no other class has as many."""
        subject = self.context.nodes.subject
        if subject.types:
            return
        votes: dict[str, list[tuple[FieldRule, Field]]] = {}
        for row in self.context.article.fields:
            for rule in self.rules.get(key_words(row.key.of(self.context.text)), ()):
                if rule.fills and not rule.subject_from:
                    votes.setdefault(self._target(rule), []).append((rule, row))
        ranked = sorted(votes.items(), key=lambda item: (-len(item[1]), item[0]))
        if ranked and len(ranked[0][1]) > 1 and (len(ranked) == 1 or len(ranked[0][1]) > len(ranked[1][1])):
            rule, row = ranked[0][1][0]
            self.context.give_type(subject, ranked[0][0], rule.iri, Basis.INFERRED, row.span)

    def _target(self, rule: FieldRule) -> str:
        domain = self.context.domain
        return domain.node_shapes[domain.property_shapes[rule.fills or ""].node_shape].target

    def read(self, row: Field) -> None:
        """Read one row into readings; what cannot be read is kept as rejected or skipped."""
        key = row.key.of(self.context.text)
        rules = [rule for rule in self.rules.get(key_words(key), ()) if self._applies(rule)]
        if not rules:
            self._skip(row.span, f"no rule for the key {key!r}" if key else "the row has no key", "row")
            return
        if row.value.start == row.value.end:
            self._skip(row.span, "the row has no value", "row")
            return
        for rule in self._nearest(rules):
            self._read_with(rule, row)

    def _applies(self, rule: FieldRule) -> bool:
        if rule.subject_from:
            return rule.subject_from in self.results
        if rule.fills is None or rule.fills in self.naming:
            return True
        return any(self.context.domain.is_a(cls, self._target(rule)) for cls in self.context.nodes.subject.types)

    def _nearest(self, rules: list[FieldRule]) -> list[FieldRule]:
        """Of rules on a class and on its superclass, the one on the class counts; a rule that continues another row comes first."""
        chained = [rule for rule in rules if rule.subject_from]
        if chained:
            return chained[:1]
        filling = [rule for rule in rules if rule.fills]
        targets = {self._target(rule) for rule in filling}
        lowest = [r for r in filling if not any(t != self._target(r) and self.context.domain.is_a(t, self._target(r)) for t in targets)]
        ends = [rule for rule in lowest if rule.part]
        return (ends or lowest[:1]) + [rule for rule in rules if not rule.fills and not rule.language_of]

    def _read_with(self, rule: FieldRule, row: Field) -> None:
        if rule.types:
            self._types(rule, row)
        if rule.fills is None:
            return
        shape = self.context.domain.property_shapes[rule.fills]
        subjects = self.results[rule.subject_from] if rule.subject_from else [self.context.nodes.subject]
        for part in self._parts(rule, shape, row):
            for subject in subjects:
                self._part(rule, shape, row, part, subject)

    # ---- parts of a value

    def _parts(self, rule: FieldRule, shape: PropertyShape, row: Field) -> list[Part]:
        text, english = self.context.text, self.context.lexis.english
        whole = [Part(row.value)]
        if shape.kind in ("date", "number", "word") or shape.iri in self.naming or _FILE.search(row.value.of(text)):
            return whole
        value = _unquoted(text, row.value)
        kept = english.words("name-suffix") | {"d.c"}
        parts = split_list(text, value, kept, heads=frozenset(self.context.lexis.heads))
        if shape.kind == "node":
            return self._joined(row, parts) if self._admits_pairs(shape) else parts
        if shape.kind == "text" and not (rule.clause or _is_list(text, parts)):
            return [Part(value)]
        return parts

    def _admits_pairs(self, shape: PropertyShape) -> bool:
        """Tell whether the values of a property are of a kind that a comma joins, as in "City, Country"."""
        targets = {compiled.target for compiled in self.context.book.nominal.get(",", ())}
        return any(self.context.domain.is_a(target, cls) for target in targets for cls in shape.classes)

    def _joined(self, row: Field, parts: list[Part]) -> list[Part]:
        """Join parts that a noun-phrase rule reads as one: "Arvika, Norland" is one place inside another."""
        if len(parts) < 2:
            return parts
        scene = build_scene(self.context, row.value)
        scene.row = True
        run_nominal(self.context, scene, [])
        joined = [scene.sentence.cover(m.first, m.last) for m in scene.mentions() if m.kind == "phrase"]
        found: list[Part] = []
        for part in parts:
            whole = next((s for s in joined if s.start <= part.span.start and part.span.end <= s.end), None)
            if whole is None:
                found.append(part)
            elif not found or found[-1].span != whole:
                found.append(Part(whole, part.qualifiers))
        return found

    def _period_end(self, part: str, date: Value) -> Value | None:
        """Return the start or end of a period; a single date is its start; a period that goes on has no end."""
        if not date.parts:
            return date if part == "start" else None
        return date.parts[0] if part == "start" else date.parts[1] if len(date.parts) > 1 else None

    def _part(self, rule: FieldRule, shape: PropertyShape, row: Field, part: Part, subject: Node) -> None:
        role = self._role(part) if shape.kind == "node" else None
        used = role or rule
        shape = self.context.domain.property_shapes[role.fills] if role and role.fills else shape
        span = row.key.cover(part.span)
        value, problem = self._value(shape, used, part)
        if rule.part and isinstance(value, Value):
            value = self._period_end(rule.part, value)
            if value is None:
                return
        if value is None:
            self._reject(used, shape, subject, span, part.span, problem)
        else:
            language = self.languages.get(rule.iri, "und" if shape.iri in self.native else None)
            reading = Reading(subject, shape, value, used.iri, span, self._modality(value), value_span=part.span, language=language)
            self._keep(used, reading)
        if not role:
            self._qualifiers(rule, part)
        if rule.clause:
            self._clause(part.span, subject, row.key)

    def _modality(self, value: object) -> Modality:
        return Modality.HEDGED if getattr(value, "exact", True) is False else Modality.ASSERTED

    def _role(self, part: Part) -> FieldRule | None:
        """A bracket that is itself a key, "(Chairman)", says which rule the person belongs to."""
        for qualifier in part.qualifiers:
            for rule in self.rules.get(key_words(qualifier.of(self.context.text)), ()):
                if rule.fills and self._applies(rule) and self.context.domain.property_shapes[rule.fills].kind == "node":
                    return rule
        return None

    def _qualifiers(self, rule: FieldRule, part: Part) -> None:
        for qualifier in part.qualifiers:
            if not (rule.clause and self._clause(qualifier, self.context.nodes.subject, qualifier)):
                self._skip(qualifier, "what the bracket adds is not modelled", "value", rule.iri)

    def _clause(self, span: Span, subject: Node, key: Span) -> bool:
        """Read a value as a clause about the subject; tell whether a phrase fired."""
        scene = build_scene(self.context, span)
        if not len(scene.sentence):
            return False
        scene.subject = Mention(0, 0, 0, "elided", subject)
        scene.subject_node, scene.elided = subject, subject
        before = len(self.context.readings)
        found = scopes(self.context, scene)
        run_nominal(self.context, scene, found)
        run_clausal(self.context, scene, found)
        for at in range(before, len(self.context.readings)):
            reading = self.context.readings[at]
            self.context.readings[at] = replace(reading, subject_span=None)
        return len(self.context.readings) > before

    # ---- values

    def _value(self, shape: PropertyShape, rule: FieldRule, part: Part) -> tuple[Node | Value | Span | str | None, str]:
        text = part.span.of(self.context.text)
        if shape.kind == "node":
            return self._node(shape, rule, part.span)
        if shape.kind == "choice":
            return shape.values.get(text.lower()), f"{text!r} is not on the list of {shape.name}"
        if shape.kind == "date":
            date = parse_date(text, self.context.lexis.english.months)
            if date is None or date.lexical is None:
                return None, (date.reason if date else "") or f"{text!r} is not a date"
            return replace(date, span=part.span), ""
        if shape.kind == "number":
            number = parse_number(text)
            if number is None or number.lexical is None:
                return None, (number.reason if number else "") or f"{text!r} is not a number"
            return number, ""
        if XSD + "language" in shape.datatypes:
            tag = language_tag(text, self.context.lexis.english.table("language"))
            return (Value(part.span, tag, XSD + "language"), "") if tag else (None, f"{text!r} is no language")
        if shape.pattern and not re.search(shape.pattern, text):
            return None, f"{text!r} does not match the pattern of {shape.name}"
        return part.span, ""

    def _node(self, shape: PropertyShape, rule: FieldRule, span: Span) -> tuple[Node | None, str]:
        """The entity that a value names: a mention that is the whole value, else the value's words."""
        context = self.context
        text = span.of(context.text)
        if text.lower() in context.lexis.english.words("no-value"):
            return None, f"{text!r} is not a name"
        scene = build_scene(context, span)
        scene.row = True
        run_nominal(context, scene, [])
        mention = entity(context, scene, Hole("", shape, False, "node"), 0)
        if mention is not None and mention.last == len(scene.sentence) and isinstance(mention.value, Node):
            return self._typed(mention.value, shape, rule, span)
        words = text.split()
        if not _FILE.search(text) and not self._is_name(words, shape):
            return None, f"{text!r} is not a name"
        if "and" in words:
            context.finder.learn(Sentence(context.text, span).words)
        return self._typed(name_node(context, text, span), shape, rule, span)

    def _is_name(self, words: list[str], shape: PropertyShape) -> bool:
        """A name begins with a capital, unless it is a concept's; it is no quantity, bracket or word for nothing."""
        english = self.context.lexis.english
        first = words[0].lower().strip(".,") if words else ""
        vague = any(first in english.words(name) for name in ("no-value", "preposition", "conjunction", "subordinator"))
        odd = any(c in word for word in words for c in "()[]{}|=<>:") or any(self._ends_sentence(word) for word in words)
        capital = bool(words) and (words[0][0].isupper() or self._is_concept(shape))
        return capital and len(words) <= MAX_NAME and not odd and not vague and not first[:1].isdigit()

    def _ends_sentence(self, word: str) -> bool:
        plain = word[:-1].lower()
        return word.endswith(".") and len(plain) > 2 and "." not in plain and plain not in self.context.lexis.english.words("name-suffix")

    def _is_concept(self, shape: PropertyShape) -> bool:
        """A class that term rules name instances of needs no capital."""
        return any(self.context.domain.is_a(term.fills, cls) for term in self.context.domain.terms for cls in shape.classes)

    def _typed(self, node: Node, shape: PropertyShape, rule: FieldRule, span: Span) -> tuple[Node | None, str]:
        context, domain = self.context, self.context.domain
        if node is context.nodes.subject:
            return None, "the value is the subject itself"
        context.adopt_place(node, shape.classes)
        if not shape.classes or any(domain.is_a(known, cls) for known in node.types for cls in shape.classes):
            return node, ""
        context.give_type(node, shape.classes[0], rule.iri, Basis.INFERRED, span)
        if shape.classes[0] not in node.types:
            known = ", ".join(sorted(domain.compact(t) for t in node.types))
            return None, f"{node.label()!r} is {known}, not {domain.compact(shape.classes[0])}"
        return node, ""

    def _types(self, rule: FieldRule, row: Field) -> None:
        sentence = Sentence(self.context.text, row.value)
        subject, at, found = self.context.nodes.subject, 0, False
        while at < len(sentence):
            form = self.context.lexis.noun_at(sentence.low, at)
            last = at + (len(form.words) if form else 1)
            if form and form.cls not in self.context.book.minted:
                self.context.give_type(subject, form.cls, rule.iri, Basis.STATED, row.key.cover(sentence.cover(at, last)))
                found = True
            at = last
        if not found:
            self._skip(row.span, "no class noun in the value", "row", rule.iri)

    # ---- outcome

    def _keep(self, rule: FieldRule, reading: Reading) -> None:
        self.context.readings.append(reading)
        if isinstance(reading.value, Node):
            self.results.setdefault(rule.iri, []).append(reading.value)
        elif isinstance(reading.value, Span):
            self._learn(reading.shape, reading.value, reading.language)

    def _learn(self, shape: PropertyShape, span: Span, language: str | None) -> None:
        """A row that names the subject teaches the name."""
        if any(rule.fills == shape.iri for rule in self.context.domain.names):
            words = span.of(self.context.text)
            self.context.finder.learn(Sentence(self.context.text, span).words)
            self.context.nodes.alias(words, self.context.nodes.subject)
            if language:
                self.context.languages[fold(words)] = language

    def _reject(self, rule: FieldRule, shape: PropertyShape, subject: Node, span: Span, value: Span, problem: str) -> None:
        self.context.readings.append(Reading(subject, shape, value, rule.iri, span, Modality.REJECTED, value_span=value))
        self._skip(value, problem, "value", rule.iri)

    def _skip(self, span: Span, reason: str, kind: str, rule: str | None = None) -> None:
        self.context.skipped.append(Skipped(span, reason, kind, rule))


def _unquoted(text: str, span: Span) -> Span:
    words = span.of(text)
    if len(words) > 2 and words[0] in '"“' and words[-1] in '"”' and not any(c in words[1:-1] for c in '"“”'):
        end = span.end - 1
        return Span(span.start + 1, end - (text[end - 1] == "."))
    return span


def _is_list(text: str, parts: list[Part]) -> bool:
    """Texts separated by commas are a list when each begins with a capital, or when there are many short ones."""
    words = [part.span.of(text).split() for part in parts]
    if len(parts) < 2 or not all(words):
        return False
    return all(w[0][0].isupper() for w in words) or (len(parts) > 2 and all(len(w) <= 5 for w in words))
