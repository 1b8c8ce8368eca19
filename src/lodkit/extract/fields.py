"""Infobox rows: which rule a key calls, and what its value says about the article's subject."""

from __future__ import annotations

import re
from dataclasses import replace

from ..domain import FieldRule, PropertyShape, fold
from ..source import Cell
from ..statement import Basis, Modality, Span
from .cell_values import FILE, ValueReader
from .cells import ends_of_range, halves, is_list, is_markup, label_of, mend, unquoted, without_postcode
from .context import MAX_SENTENCE, Context, Reading, Skipped, is_readable
from .keys import key_words, rule_index
from .mentions import build_scene
from .modality import scopes
from .nodes import Node
from .phrases import run_clausal, run_nominal
from .scene import Mention
from .structured import cut_item, part_of_item, parts_of_row
from .templates import unread_reason
from .tokens import Sentence
from .values import Part, Value, language_tag, split_list


class FieldReader:
    """Reads the rows of one article; rules fit when their node shape's class fits the subject's."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.rules = rule_index(context.domain)
        self.values = ValueReader(context)
        self.results: dict[str, list[Node]] = {}
        self.spoken: dict[int, str] = {}
        self.languages = self._languages()
        self.naming = {rule.fills for rule in context.domain.names}
        self.native = {rule.fills for rule in context.domain.names if rule.kind == "native"}
        self.short = {rule.fills for rule in context.domain.names if rule.kind == "abbreviation"}
        self.titles = {self._title_key(row.key.of(context.text)): row for row in context.article.cells}
        self.beside: dict[tuple[str, ...], list[str]] = {}
        for key, numbers in self.titles:
            self.beside.setdefault(numbers, []).append(key)
        self.title_keys = {key_words(rule.titled_by) for rule in context.domain.fields if rule.titled_by}

    def _languages(self) -> dict[str, str]:
        """Language tags that rows give for the values of other rules, by rule IRI."""
        found: dict[str, str] = {}
        for row in self.context.article.cells:
            for rule in self.rules.get(key_words(row.key.of(self.context.text)), ()):
                tag = language_tag(
                    row.value.of(self.context.text), self.context.lexis.english.table("language")
                )
                if rule.language_of and tag:
                    found[rule.language_of] = tag
        return found

    def names_subject(self, row: Cell) -> bool:
        """Tell whether a row gives a name of the subject."""
        return any(
            rule.fills in self.naming for rule in self.rules.get(key_words(row.key.of(self.context.text)), ())
        )

    def type_subject(self) -> None:
        """An untyped subject gets the class whose rules most rows call, if no other class has as many."""
        subject = self.context.nodes.subject
        if subject.types:
            return
        votes: dict[str, list[tuple[FieldRule, Cell]]] = {}
        for row in self.context.article.cells:
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

    def read(self, row: Cell) -> None:
        """Read one row into readings; what cannot be read is kept as rejected or skipped."""
        key = row.key.of(self.context.text)
        rules = [rule for rule in self.rules.get(key_words(key), ()) if self._applies(rule)]
        if not rules and key_words(key) in self.title_keys:
            self._title_row(row)
            return
        reason = unread_reason(self.context, row, has_rule=bool(rules))
        if reason:
            self._skip(row.span, reason, "ignored")
            return
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
        return any(
            self.context.domain.is_a(cls, self._target(rule)) for cls in self.context.nodes.subject.types
        )

    def _nearest(self, rules: list[FieldRule]) -> list[FieldRule]:
        """Of rules on a class and on its superclass, the one on the class counts; a rule that continues
        another row comes first.
        """
        chained = [rule for rule in rules if rule.subject_from]
        if chained:
            return chained[:1]
        filling = [rule for rule in rules if rule.fills]
        targets = {self._target(rule) for rule in filling}
        lowest = [
            r
            for r in filling
            if not any(t != self._target(r) and self.context.domain.is_a(t, self._target(r)) for t in targets)
        ]
        ends = [rule for rule in lowest if rule.part]
        return (ends or lowest[:1]) + [rule for rule in rules if not rule.fills and not rule.language_of]

    def _read_with(self, rule: FieldRule, row: Cell) -> None:
        if rule.types:
            self._types(rule, row)
        titled = self._titled(rule, row)
        if titled is None:
            self._skip(row.span, "its title row calls for another kind of value", "row", rule.iri)
            return
        if titled.fills is None:
            return
        subjects = self.results[titled.subject_from] if titled.subject_from else [self.context.nodes.subject]
        if len(subjects) != 1:
            self._skip(row.span, "the row that it goes on from has several values", "row", rule.iri)
            return
        self.results.pop(titled.iri, None)  # a row that goes on from this one means the last such row
        shape = self.context.domain.property_shapes[titled.fills]
        self._read_parts(titled, shape, row, subjects[0])

    def _read_parts(self, rule: FieldRule, shape: PropertyShape, row: Cell, subject: Node) -> None:
        """Read the parts of a value; a label, or what a template left behind, counts for the parts after it
        too.
        """
        text = self.context.text
        parts = self._parts(rule, shape, row)
        labelled = (
            not rule.clause
            and rule.part in (None, "list")
            and (shape.kind in ("node", "choice") or (shape.kind == "text" and len(parts) > 1))
        )
        refused, office = "", None
        for whole in parts:
            label, part = label_of(text, whole) if labelled else ("", whole)
            if label:
                office = self._office(label, person=True)
                words = key_words(label)
                now = words in self.context.lexis.english.words("present-label") or words.endswith(
                    key_words(row.key.of(text))
                )
                refused = "" if office or now else f"it stands under the label {label!r}"
            if shape.kind != "date" and is_markup(part.span.of(text)):
                refused = "what a template left behind"
            if refused or part.span.start == part.span.end:
                self._reject(rule, shape, subject, whole.span, refused or "a label without a value")
                continue
            for one in ends_of_range(text, part, shape.values) if shape.kind == "choice" else [part]:
                self._part(rule, shape, one, subject, office)

    # ---- rows that name the office of another row

    def _title_key(self, key: str) -> tuple[str, tuple[str, ...]]:
        return key_words(key), tuple(re.findall(r"\d+", key))

    def _title_row(self, row: Cell) -> None:
        """A row with an office is read with the row that it is the title of."""
        words, numbers = self._title_key(row.key.of(self.context.text))
        beside = (rule for key in self.beside.get(numbers, ()) for rule in self.rules.get(key, ()))
        titled = any(rule.titled_by and key_words(rule.titled_by) == words for rule in beside)
        title = row.value.of(self.context.text)
        if not (titled and self._office(title)):
            self._skip(row.span, f"no rule for the title {title!r}", "row")

    def _titled(self, rule: FieldRule, row: Cell) -> FieldRule | None:
        """The rule for a row: that of its title where one has it; none where the title is the key of rows of
        another kind.
        """
        if rule.titled_by is None:
            return rule
        title = self.titles.get(
            (key_words(rule.titled_by), self._title_key(row.key.of(self.context.text))[1])
        )
        words = title.value.of(self.context.text) if title else ""
        return self._office(words) or (None if key_words(words) in self.rules else rule)

    def _office(self, words: str, *, person: bool = False) -> FieldRule | None:
        """The rule with that key whose values are entities; ``person``: one word is a key only if its values
        may be persons.
        """
        domain = self.context.domain
        for rule in self.rules.get(key_words(words), ()):
            if (
                rule.fills
                and self._applies(rule)
                and (shape := domain.property_shapes[rule.fills]).kind == "node"
            ):
                fits = any(
                    domain.is_a(one, cls) for one in self.context.person_classes() for cls in shape.classes
                )
                if fits or not person or len(words.split()) > 1:
                    return rule
        return None

    # ---- parts of a value

    def _parts(self, rule: FieldRule, shape: PropertyShape, row: Cell) -> list[Part]:
        if row.items and rule.part not in ("start", "end", "whole"):
            return self._structured(rule, shape, row)
        text, english = self.context.text, self.context.lexis.english
        whole = [Part(row.value)]
        naming = shape.iri in self.naming and shape.iri not in self.short
        if (
            shape.kind in ("date", "number", "word")
            or naming
            or rule.part == "whole"
            or FILE.search(row.value.of(text))
        ):
            return [Part(unquoted(text, row.value))] if rule.part else whole
        value = unquoted(text, row.value)
        kept = english.words("name-suffix") | {"d.c"}
        parts = mend(text, split_list(text, value, kept, heads=frozenset(self.context.lexis.heads)))
        if shape.iri in self.short:
            return [piece for part in parts for piece in halves(text, part, "/")]
        if rule.part == "list":
            return [piece for part in parts for piece in self._halves(part)]
        if rule.with_digits and any(c.isdigit() for part in parts for c in part.span.of(text)):
            return self._address(rule, parts)
        if shape.kind == "node":
            return self._pairs(row.value, parts) if self._admits_pairs(shape) else parts
        if shape.kind == "text" and not (rule.clause or is_list(text, parts)):
            return [Part(value)]
        return parts

    def _structured(self, rule: FieldRule, shape: PropertyShape, row: Cell) -> list[Part]:
        """The values of a row whose source separates them."""
        text = self.context.text
        self.spoken |= {item.span.start: item.language for item in row.items if item.language}
        naming = shape.iri in self.naming and shape.iri not in self.short
        if shape.kind in ("date", "number", "word") or naming or FILE.search(row.value.of(text)):
            return [part_of_item(self.context, item) for item in row.items]
        if rule.with_digits and any(c.isdigit() for c in row.value.of(text)):
            return self._address(rule, [one for item in row.items for one in cut_item(self.context, item)])
        if shape.kind == "text" and not rule.clause:
            is_list = len(row.items) > 1
            return [part_of_item(self.context, one) if is_list else Part(one.span) for one in row.items]
        pairs = shape.kind == "node" and self._admits_pairs(shape)
        parts = parts_of_row(self.context, row, every=pairs)
        return self._pairs(row.value, parts) if pairs else parts

    def _halves(self, part: Part) -> list[Part]:
        """The items around the slash or the *and* of a part."""
        pieces = halves(self.context.text, part, "/")
        for joint in self.context.lexis.joints:
            pieces = [piece for one in pieces for piece in halves(self.context.text, one, joint)]
        return pieces

    def _address(self, rule: FieldRule, parts: list[Part]) -> list[Part]:
        """Read a street address as a value of the other rule; its known places, from the first on, stay
        values of this one.
        """
        text, domain = self.context.text, self.context.domain
        other = next(r for r in domain.fields if r.iri == rule.with_digits)
        whole = Span(parts[0].span.start, parts[-1].span.end)
        address = domain.property_shapes[other.fills or ""]
        self._keep(
            other, Reading(self.context.nodes.subject, address, whole, other.iri, whole, value_span=whole)
        )
        bare = [
            Part(without_postcode(text, part.span, at == 0), part.qualifiers) for at, part in enumerate(parts)
        ]
        entries = [domain.gazetteer.find(part.span.of(text)) if part.span.of(text) else None for part in bare]
        for at, entry in enumerate(entries):  # "Arvika 12" is a place only where no other of its kind follows
            if (
                entry
                and bare[at].span.end < parts[at].span.end
                and any(later and later.cls == entry.cls for later in entries[at + 1 :])
            ):
                entries[at] = None
        places = [part for part, entry in zip(bare, entries, strict=True) if entry]
        found = self._joined(Span(places[0].span.start, whole.end), places)[:1] if places else []
        for part in parts:
            if not any(one.span.start < part.span.end and part.span.start < one.span.end for one in found):
                self._skip(part.span, "part of a street address", "value", rule.iri)
        return found

    def _admits_pairs(self, shape: PropertyShape) -> bool:
        """Tell whether the values of a property are of a kind that a comma joins, as in "City, Country"."""
        targets = {compiled.target for compiled in self.context.book.nominal.get(",", ())}
        return any(self.context.domain.is_a(target, cls) for target in targets for cls in shape.classes)

    def _pairs(self, value: Span, parts: list[Part]) -> list[Part]:
        """Join what belongs together, in stretches of the value that are no longer than a sentence."""
        found: list[Part] = []
        start, first = value.start, 0
        for at in range(1, len(parts) + 1):
            end = parts[at].span.end if at < len(parts) else value.end
            if at == len(parts) or not is_readable(Span(start, end)):
                stop = parts[at].span.start if at < len(parts) else value.end
                found += self._joined(Span(start, stop), parts[first:at])
                start, first = stop, at
        return found

    def _joined(self, value: Span, parts: list[Part]) -> list[Part]:
        """Join parts that a noun-phrase rule reads as one: "Arvika, Norland" is one place inside another."""
        if len(parts) < 2 or not is_readable(value):
            return parts
        scene, before = build_scene(self.context, value), len(self.context.readings)
        scene.row = True
        run_nominal(self.context, scene, [])
        joined = [scene.sentence.cover(m.first, m.last) for m in scene.mentions() if m.kind == "phrase"]
        joined = [span for span in joined if any(part.span.start == span.start for part in parts)]
        pairs = [
            r
            for r in self.context.readings[before:]
            if any(s.start <= r.span.start and r.span.end <= s.end for s in joined)
        ]
        self.context.readings[before:] = pairs
        found: list[Part] = []
        for part in parts:
            whole = next((s for s in joined if s.start <= part.span.start and part.span.end <= s.end), None)
            if whole is None:
                found.append(part)
            elif not found or found[-1].span != whole:
                found.append(Part(whole, part.qualifiers))
        return found

    def _period_end(self, part: str, date: Value) -> Value | None:
        """Return the start or end of a period; a single date is its start; a period that goes on has no
        end.
        """
        if not date.parts:
            return date if part == "start" else None
        return date.parts[0] if part == "start" else date.parts[1] if len(date.parts) > 1 else None

    def _part(
        self,
        rule: FieldRule,
        shape: PropertyShape,
        part: Part,
        subject: Node,
        office: FieldRule | None,
    ) -> None:
        role = office or (self._role(part) if shape.kind == "node" else None)
        used = role or rule
        shape = self.context.domain.property_shapes[role.fills] if role and role.fills else shape
        value, problem = self.values.read(shape, used, part)
        if rule.part and isinstance(value, Value):
            value = self._period_end(rule.part, value)
            if value is None:
                return
        taken, named = (
            self._taken_back(rule, shape, part),
            self._language(part) or self.spoken.get(part.span.start) if shape.kind == "text" else None,
        )
        if value is None or taken:
            self._reject(used, shape, subject, part.span, taken or problem)
        else:
            language = named or self.languages.get(rule.iri, "und" if shape.iri in self.native else None)
            reading = Reading(
                subject,
                shape,
                value,
                used.iri,
                part.span,
                self._modality(value),
                value_span=part.span,
                language=language,
            )
            self._keep(used, reading)
        if not (role or named or taken):
            self._qualifiers(rule, part)
        if rule.clause:
            self._clause(part.span, subject)

    def _modality(self, value: object) -> Modality:
        return Modality.HEDGED if getattr(value, "exact", True) is False else Modality.ASSERTED

    def _role(self, part: Part) -> FieldRule | None:
        """A bracket that is itself a key, "(Chairman)", says which rule the person belongs to."""
        return next(
            filter(
                None,
                (self._office(qualifier.of(self.context.text), person=True) for qualifier in part.qualifiers),
            ),
            None,
        )

    def _taken_back(self, rule: FieldRule, shape: PropertyShape, part: Part) -> str:
        """Why a bracket makes an entity no value: "(formerly)", "(disputed)"; empty where none does."""
        words = [
            qualifier.of(self.context.text)
            for qualifier in part.qualifiers
            if shape.kind in ("node", "choice") and not rule.clause
        ]
        taken = (word for word in words if self.values.withdraws(word))
        return next((f"the bracket {word!r} takes it back" for word in taken), "")

    def _language(self, part: Part) -> str | None:
        """The language that the bracket after a text names."""
        table = self.context.lexis.english.table("language")
        return next(
            filter(
                None, (table.get(qualifier.of(self.context.text).lower()) for qualifier in part.qualifiers)
            ),
            None,
        )

    def _qualifiers(self, rule: FieldRule, part: Part) -> None:
        for qualifier in part.qualifiers:
            if not (rule.clause and self._clause(qualifier, self.context.nodes.subject)):
                self._skip(qualifier, "what the bracket adds is not modelled", "value", rule.iri)

    def _clause(self, span: Span, subject: Node) -> bool:
        """Read a value as a clause about the subject; tell whether a phrase fired."""
        if not is_readable(span):
            self._skip(span, f"longer than {MAX_SENTENCE:,} characters", "value")
            return False
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

    def _types(self, rule: FieldRule, row: Cell) -> None:
        sentence = Sentence(self.context.text, row.value)
        subject, at, found = self.context.nodes.subject, 0, False
        while at < len(sentence):
            form = self.context.lexis.noun_at(sentence.low, at)
            last = at + (len(form.words) if form else 1)
            if form and form.cls not in self.context.book.minted:
                self.context.give_type(subject, form.cls, rule.iri, Basis.STATED, sentence.cover(at, last))
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

    def _reject(
        self, rule: FieldRule, shape: PropertyShape, subject: Node, value: Span, problem: str
    ) -> None:
        self.context.readings.append(
            Reading(subject, shape, value, rule.iri, value, Modality.REJECTED, value_span=value)
        )
        self._skip(value, problem, "value", rule.iri)

    def _skip(self, span: Span, reason: str, kind: str, rule: str | None = None) -> None:
        self.context.skipped.append(Skipped(span, reason, kind, rule))
