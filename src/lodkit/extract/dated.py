"""The dates of a row: each with what the row says beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..statement import Span
from .cell_values import ValueReader
from .cells import date_span
from .circumstances import Circumstance, ends_of
from .context import Context, Reading
from .dates import Value, row_dates
from .findings import Findings
from .literals import words_as
from .part_reader import Slot
from .states import Stated, StateMaker


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, and the words that stand beside it and before the next one."""

    value: Value
    note: Span | None


class DateReader:
    """Reads rows whose values are dates or periods."""

    def __init__(self, context: Context, findings: Findings, states: StateMaker, values: ValueReader) -> None:
        self.context = context
        self.findings = findings
        self.states = states
        self.values = values

    def read(self, slot: Slot, items: Sequence[Span]) -> None:
        """Keep the dates of the items of a value; none cancels another.

        Beside dates that stand alone those with a note are but situations; of periods the first start and
        the last end are the subject's.
        """
        dates: list[Dated] = []
        for span in items:
            found = self.dates(date_span(self.context.text, span))
            dates += [
                replace(one, value=replace(one.value, span=span)) for one in found[:1] if len(found) == 1
            ]
            dates += found if len(found) > 1 else []
            if not found:
                self._undated(slot, span)
        if slot.rule.part is None:
            bare = any(one.note is None for one in dates)
            for dated in dates:
                self._one(slot, dated, plain=dated.note is None or not bare)
        elif dates:
            self._one(slot, dates[0] if slot.rule.part == "start" else dates[-1])
            if slot.rule.part == "start" and len(dates) > 1:
                self._periods(slot, dates)

    def _undated(self, slot: Slot, span: Span) -> None:
        """Words without a date are a value where the slot takes other types too, else they are refused."""
        words, english = span.of(self.context.text), self.context.lexis.english
        if words_as(words, slot.shape.read_as, english).lexical is not None:
            told = Reading(slot.subject, slot.shape, span, slot.rule.iri, span, value_span=span)
            self.findings.keep(slot.rule, told)
        else:
            self.findings.reject(slot.rule, slot.shape, slot.subject, span, f"{words!r} is not a date")

    def dates(self, span: Span) -> list[Dated]:
        """Return the dates of a value without those that say again what one before says."""
        text, months = self.context.text, self.context.lexis.english.months
        found: list[tuple[Value, Span]] = []
        again: list[Span] = []
        for value in row_dates(span.of(text), months):
            place = Span(span.start + value.span.start, span.start + value.span.end)
            if value.lexical and any(_alike(value.lexical, known.lexical or "") for known, _ in found):
                again.append(place)
            else:
                found.append((value, place))
        dated = []
        for at, (value, place) in enumerate(found):
            end = found[at + 1][1].start if at + 1 < len(found) else span.end
            note = self._beside(Span(place.end, end), again)
            if note is None and at == 0:
                note = self._beside(Span(span.start, place.start), again)
            dated.append(Dated(replace(value, span=place), note))
        return dated

    def _beside(self, span: Span, again: list[Span]) -> Span | None:
        """The words of a stretch without marks around them; None where they say nothing of the date."""
        text = self.context.text
        if any(span.start <= one.start < span.end for one in again):
            return None
        words = span.of(text)
        start = span.start + len(words) - len(words.lstrip(" ,;()\t\n"))
        end = span.start + len(words.rstrip(" ,;()\t\n"))
        if start >= end:
            return None
        if start < end and "(" in text[start:end] and ")" in text[start:end]:  # several brackets
            start, end = span.start + words.index("("), span.start + words.rindex(")") + 1
        note = Span(start, end)
        plain = [word for word in note.of(text).lower().split() if not word.isdigit()]
        ages = self.context.lexis.english.words("age-word")
        return (
            note
            if any(word.strip("()") not in ages for word in plain) and any(map(str.isalnum, note.of(text)))
            else None
        )

    def _one(self, slot: Slot, dated: Dated, *, plain: bool = True) -> None:
        """Keep a date, and a situation for its note; only that where it is not ``plain``."""
        value, note = dated.value, dated.note
        if value.lexical is None:
            self.findings.reject(slot.rule, slot.shape, slot.subject, value.span, value.reason)
            return
        words = note.of(self.context.text) if note else ""
        if words and self.values.withdraws(words):
            if not self._state(slot, dated):
                self.findings.reject(
                    slot.rule, slot.shape, slot.subject, value.span, f"{words!r} takes it back"
                )
            return
        told = self._end(slot, value)
        if told is None or (not plain and self._state(slot, dated)):
            return
        where = value.span
        self.findings.keep(
            slot.rule, Reading(slot.subject, slot.shape, told, slot.rule.iri, where, value_span=where)
        )
        if note is not None and not self._state(slot, dated):
            self.findings.skip(note, "what stands after the value is not modelled", "value", slot.rule.iri)

    def _end(self, slot: Slot, value: Value) -> Value | None:
        """The date itself, or that end of a period which the rule wants; a single date is a start."""
        if slot.rule.part is None:
            return value
        start, end = ends_of(value)
        if start is None and end is None:
            return value if slot.rule.part == "start" else None
        return start if slot.rule.part == "start" else end

    def _state(self, slot: Slot, dated: Dated) -> bool:
        """Make a node of a date with its note; tell whether the domain has one."""
        stated = Stated(slot.subject, slot.shape, dated.value, slot.rule.iri, dated.value.span)
        note = dated.note or dated.value.span
        return self.states.add(stated, Circumstance(note, note=dated.note)) is not None

    def _periods(self, slot: Slot, dates: list[Dated]) -> None:
        """Of several periods each is one node, so that starts and ends stay together."""
        for dated in dates:
            start, end = ends_of(dated.value)
            if start or end:
                place = dated.value.span
                stated = Stated(slot.subject, slot.shape, place, slot.rule.iri, place)
                self.states.add_period(stated, Circumstance(place, start, end, note=dated.note))


def _alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
