"""Infobox rows: what the values of their cells say about the article's subject."""

from __future__ import annotations

import re
from dataclasses import replace

from ..domain import FieldRule
from ..language.tokens import Sentence
from ..source import Cell as Row
from ..statement import Basis, Span
from .cell_values import ValueReader
from .cells import ends_of_range, halves, has_signs, is_markup, label_of
from .context import Context, Reading
from .dated import DateReader
from .figures import FigureReader, generic
from .findings import Findings
from .groups import GroupReader
from .outcomes import Outcome, RowResult, ignored_by
from .part_reader import PartReader, Slot
from .parts import Cell, Split, Splitter, cell_of
from .row_rules import RowRules, key_words
from .states import StateMaker
from .structured import part_of_item
from .templates import unread_reason
from .values import Part, language_tag, split_list

Key = tuple[str, tuple[str, ...]]
"""The words of a key and its numbers."""


def _key(key: str) -> Key:
    return key_words(key), tuple(re.findall(r"\d+", key))


class FieldReader:
    """Reads the rows of one article; rules fit when their node shape's class fits the subject's."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.rules = RowRules(context)
        self.findings = Findings(context)
        self.states = StateMaker(context)
        self.parts = PartReader(context, self.rules, self.findings, self.states)
        self.figures = FigureReader(context, self.findings, self.states)
        self.dates = DateReader(context, self.findings, self.states, ValueReader(context))
        short = frozenset(rule.fills for rule in context.domain.names if rule.kind == "abbreviation")
        self.splitter = Splitter(context, self.rules.naming, short)
        self.cells = [cell_of(row, context.text) for row in context.article.cells]
        self.groups = GroupReader(context, self.cells, self.findings, self.states)
        self.keys = {_key(cell.key.of(context.text)): cell for cell in self.cells}
        self.beside: dict[tuple[str, ...], list[str]] = {}
        for key, numbers in self.keys:
            self.beside.setdefault(numbers, []).append(key)
        self.results: list[RowResult] = []
        self.languages = self._languages()

    def _languages(self) -> dict[tuple[str, tuple[str, ...]], str]:
        """Language tags that rows give for the values of other rules, by rule IRI and number."""
        found: dict[tuple[str, tuple[str, ...]], str] = {}
        text, names = self.context.text, self.context.lexis.english.table("language")
        for cell in self.cells:
            for rule in self.rules.of(cell.key.of(text)):
                tag = language_tag(cell.value.of(text), names)
                if rule.language_of and tag:
                    found[rule.language_of, _key(cell.key.of(text))[1]] = tag
        return found

    def names_subject(self, row: Row) -> bool:
        """Tell whether a row gives a name of the subject."""
        return any(rule.fills in self.rules.naming for rule in self.rules.of(row.key.of(self.context.text)))

    def type_subject(self) -> None:
        """An untyped subject gets the class whose rules most rows call, if no other class has as many."""
        subject = self.context.nodes.subject
        if subject.types:
            return
        votes: dict[str, list[tuple[FieldRule, Cell]]] = {}
        for cell in self.cells:
            for rule in self.rules.of(cell.key.of(self.context.text)):
                if rule.fills and not rule.subject_from and not rule.types:
                    votes.setdefault(self.rules.target(rule), []).append((rule, cell))
        ranked = sorted(votes.items(), key=lambda item: (-len(item[1]), item[0]))
        if ranked and len(ranked[0][1]) > 1 and (len(ranked) == 1 or len(ranked[0][1]) > len(ranked[1][1])):
            rule, cell = ranked[0][1][0]
            self.context.give_type(subject, ranked[0][0], rule.iri, Basis.INFERRED, cell.span)

    def read(self, row: Row) -> None:
        """Read one row into readings; what cannot be read is kept as rejected or skipped."""
        self.read_cell(cell_of(row, self.context.text))

    def read_cell(self, cell: Cell) -> None:
        """Read a cell; its items are taken as they are where its source tells them."""
        unread = unread_reason(self.context, cell.row, has_rule=True) if cell.row else ""
        if unread:
            self.results.append(RowResult(cell.span, cell.key, Outcome.IGNORED, unread))
            return
        grouped = self.groups.read(cell)
        if grouped is not None:
            self.results.append(RowResult(cell.span, cell.key, *grouped))
            return
        cell = replace(cell, label=self.groups.key_of(cell))
        pair = self._pair(cell)
        told = None if pair else self._outcome(cell)
        if told is not None:
            self.results.append(RowResult(cell.span, cell.key, *told))
            return
        self.results.append(RowResult(cell.span, cell.key))
        for one in pair or [cell]:
            for rule in self._rules(one):
                self._read_with(rule, one)

    def _pair(self, cell: Cell) -> list[Cell]:
        """A row of two keys and two values, "Chairman / Treasurer: Ada Lund / Bo Ek", as two cells; else
        none.
        """
        text = self.context.text
        keys, values = (halves(text, Part(span), "/") for span in (cell.named, cell.value))
        if len(keys) != 2 or len(values) != 2 or self._rules(cell):
            return []
        cells = [
            replace(cell, label=key.span, value=value.span) for key, value in zip(keys, values, strict=True)
        ]
        return cells if all(map(self._rules, cells)) else []

    def _rules(self, cell: Cell) -> list[FieldRule]:
        """The rules that read a cell: those of its key, else one of what its value looks like."""
        rules = [rule for rule in self.rules.of(cell.named.of(self.context.text)) if self._applies(rule)]
        return self.rules.nearest(rules) if rules else self._by_language(cell) or self._by_form(cell)

    def _by_language(self, cell: Cell) -> list[FieldRule]:
        """The rule for a key that begins with the name of a language: "Norlandic name"."""
        first, _, rest = key_words(cell.named.of(self.context.text)).partition(" ")
        if first not in self.context.lexis.english.table("language"):
            return []
        rules = [rule for rule in self.context.domain.fields if rule.value_form == "language"]
        return [rule for rule in rules if rest in map(key_words, rule.keys)][:1]

    def _applies(self, rule: FieldRule) -> bool:
        return rule.subject_from in self.findings.results if rule.subject_from else self.rules.fits(rule)

    def _by_form(self, cell: Cell) -> list[FieldRule]:
        """Rules for any key, by the form of the value: "45 / 132"."""
        forms = [
            rule
            for rule in self.context.domain.fields
            if rule.value_form == "ratio" and self.rules.fits(rule) and self._may_hold(rule)
        ]
        part = next(iter(split_list(self.context.text, cell.value)), None)
        return forms[:1] if part and forms and self.figures.is_ratio(part) else []

    def _may_hold(self, rule: FieldRule) -> bool:
        """Tell whether the subject is of a class that a rule for any key is for."""
        domain = self.context.domain
        return any(domain.is_a(cls, of) for cls in self.context.nodes.subject.types for of in rule.of)

    # ---- rows that are no facts of their own

    def _outcome(self, cell: Cell) -> tuple[Outcome, str] | None:
        """What a row comes to before any rule reads it; None where rules do."""
        text = self.context.text
        key, words = cell.named.of(text), cell.value.of(text)
        if not words:
            self.findings.skip(cell.span, "the row has no value", "row")
            return Outcome.NO_VALUE, "the row has no value"
        rules = self._rules(cell)
        if not rules and key_words(key) in self.rules.titles:
            return self._title_row(cell)
        if rules:
            return None
        head = self.groups.lacking(cell)
        if head:
            return Outcome.NO_VALUE, f"there is no row {head!r} that it belongs to"
        reason = ignored_by(self.context.domain.ignored, key_words(key))
        reason = reason or (unread_reason(self.context, cell.row, has_rule=False) if cell.row else "")
        if reason:
            return Outcome.IGNORED, reason
        problem = self._unruled(key)
        self.findings.skip(cell.span, problem, "row")
        return Outcome.RAW, problem

    def _unruled(self, key: str) -> str:
        """Why no rule reads a row: there is none for its key, or none for what the subject is."""
        if not key:
            return "the row has no key"
        if not self.rules.of(key):
            return f"no rule for the key {key!r}"
        if not self.context.nodes.subject.types:
            return f"no rule for the key {key!r}, as the subject has no class"
        return f"no rule for the key {key!r} of such a subject"

    def _title_row(self, cell: Cell) -> tuple[Outcome, str]:
        """A row with an office is read with the row that it is the title of."""
        words, numbers = _key(cell.key.of(self.context.text))
        beside = (rule for key in self.beside.get(numbers, ()) for rule in self.rules.index.get(key, ()))
        if any(rule.titled_by and key_words(rule.titled_by) == words for rule in beside):
            return Outcome.USED, "it names the office of another row"
        return Outcome.NO_VALUE, "there is no row that it is the title of"

    # ---- one rule on one row

    def _read_with(self, rule: FieldRule, cell: Cell) -> None:
        if rule.types:
            self._types(rule, cell)
            if rule.fills is None:
                return
        titled, title = self._titled(rule, cell)
        if titled is None:
            problem = "its title row calls for another kind of value"
            self.findings.skip(cell.span, problem, "row", rule.iri)
            return
        if titled.fills is None:
            return
        results = self.findings.results
        subjects = results[titled.subject_from] if titled.subject_from else [self.context.nodes.subject]
        if len(subjects) != 1:
            problem = "the row that it goes on from has several values"
            self.findings.skip(cell.span, problem, "row", rule.iri)
            return
        results.pop(titled.iri, None)  # a row that goes on from this one means the last such row
        shape = self.context.domain.property_shapes[titled.fills]
        self._read_cell(Slot(titled, shape, subjects[0], None, title, self._language(titled, cell)), cell)

    def _language(self, rule: FieldRule, cell: Cell) -> str | None:
        """The language that another row gives for a row, or that its key names: "Norlandic name"."""
        words, numbers = _key(cell.named.of(self.context.text))
        names = self.context.lexis.english.table("language")
        named = names.get(words.partition(" ")[0]) if rule.value_form == "language" else None
        return named or self.languages.get((rule.iri, numbers))

    def _titled(self, rule: FieldRule, cell: Cell) -> tuple[FieldRule | None, Span | None]:
        """The rule for a row: that of its title where one has it, else the row's own with the title as role;
        none where the title is the key of rows of another kind.
        """
        if rule.titled_by is None:
            return rule, None
        title = self.keys.get((key_words(rule.titled_by), _key(cell.key.of(self.context.text))[1]))
        words = title.value.of(self.context.text) if title else ""
        office = self.rules.office(words)
        if office is not None or key_words(words) in self.rules.index:
            return office, None
        return rule, title.value if title and words else None

    def _read_cell(self, slot: Slot, cell: Cell) -> None:
        """Read a cell by what its property shape asks for."""
        signs = slot.shape.kind in ("date", "number", "word") and has_signs(cell.value.of(self.context.text))
        if signs and cell.items is None and not cell.is_structured:
            problem = "signs of markup"
            self.findings.reject(slot.rule, slot.shape, slot.subject, cell.value, problem)
            return
        if slot.shape.kind == "date":
            items = [part.span.cover(*part.qualifiers) for part in self._items(cell) or (Part(cell.value),)]
            self.dates.read(slot, items)
            return
        split = self.splitter.split(slot.rule, slot.shape, cell)
        if split.address is not None:
            self._address(slot, split)
        parts = split.parts
        if slot.shape.kind == "number" or slot.rule.value_form is not None:
            parts = self._numbers(slot, cell, parts)
        self._read_parts(slot, cell, parts)

    def _items(self, cell: Cell) -> tuple[Part, ...] | None:
        """The parts of a cell that its source tells, None where it tells none."""
        if cell.is_structured and cell.row is not None:
            return tuple(part_of_item(self.context, item) for item in cell.row.items)
        return cell.items

    def _numbers(self, slot: Slot, cell: Cell, parts: list[Part]) -> list[Part]:
        """Read the amounts or seats of a cell; return the parts that are still to be read."""
        text, rule, shape = self.context.text, slot.rule, slot.shape
        pieces = list(self._items(cell) or split_list(text, cell.value))
        if rule.value_form == "ratio":
            key = None if generic(rule, cell.named.of(text)) else cell.named
            title = self.groups.title_of(cell)
            read = [self.figures.seats(slot, piece, key, title) for piece in pieces]
            return [] if all(read) else parts
        measured = [self.figures.measured(piece) for piece in pieces]
        if shape.kind != "number":
            for piece, one in zip(pieces, measured, strict=True):
                if one is not None:
                    self.figures.figure(slot, piece, one)
            return parts
        if not any(measured):
            return parts
        for piece, one in zip(pieces, measured, strict=True):
            if one is None:
                words = piece.span.of(text)
                self.findings.reject(rule, shape, slot.subject, piece.span, f"{words!r} is not a number")
            else:
                alone, withdraws = len(pieces) == 1, self.parts.values.withdraws
                self.figures.number(slot, piece, one, alone=alone, withdraws=withdraws)
        return []

    def _address(self, slot: Slot, split: Split) -> None:
        """Read a street address by the rule that the row's own names."""
        domain, whole = self.context.domain, split.address
        other = next(rule for rule in domain.fields if rule.iri == slot.rule.with_digits)
        if whole is None:
            return
        shape = domain.property_shapes[other.fills or ""]
        self.findings.keep(other, Reading(slot.subject, shape, whole, other.iri, whole, value_span=whole))
        for span in split.left:
            self.findings.skip(span, "part of a street address", "value", slot.rule.iri)

    def _read_parts(self, slot: Slot, cell: Cell, parts: list[Part]) -> None:
        """Read the parts of a value; a label, or what a template left behind, counts for the parts after it
        too.
        """
        text, rule, shape = self.context.text, slot.rule, slot.shape
        labelled = (
            not rule.clause
            and rule.part in (None, "list")
            and (shape.kind in ("node", "choice") or (shape.kind == "text" and len(parts) > 1))
        )
        refused, office = "", None
        for whole in parts:
            label, part = label_of(text, whole) if labelled else ("", whole)
            if label:
                office = self.rules.office(label, person=True)
                refused = (
                    "" if office or self._is_now(label, cell) else f"it stands under the label {label!r}"
                )
            if is_markup(part.span.of(text)):
                refused = "what a template left behind"
            signs = "signs of markup" if has_signs(part.span.of(text)) else ""
            if refused or signs or part.span.start == part.span.end:
                problem = refused or signs or "a label without a value"
                self.findings.reject(rule, shape, slot.subject, whole.span, problem)
                continue
            for one in ends_of_range(text, part, shape.values) if shape.kind == "choice" else [part]:
                self.parts.read(replace(slot, office=office), one)

    def _is_now(self, label: str, cell: Cell) -> bool:
        """Tell whether what stands under a label holds now, or the label says the key again."""
        words = key_words(label)
        return words in self.context.lexis.english.words("present-label") or words.endswith(
            key_words(cell.key.of(self.context.text))
        )

    def _types(self, rule: FieldRule, cell: Cell) -> None:
        sentence = Sentence(self.context.text, cell.value)
        subject, at, found = self.context.nodes.subject, 0, False
        while at < len(sentence):
            form = self.context.lexis.noun_at(sentence.low, at)
            last = at + (len(form.words) if form else 1)
            if form and form.cls not in self.context.book.minted:
                self.context.give_type(subject, form.cls, rule.iri, Basis.STATED, sentence.cover(at, last))
                found = True
            at = last
        if not found and rule.fills is None:
            self.findings.skip(cell.span, "no class noun in the value", "row", rule.iri)
