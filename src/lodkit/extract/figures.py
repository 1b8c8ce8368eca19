"""Amounts and seats in rows: numbers for the subject, and figures with bounds, unit, currency and time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..domain import FieldRule
from ..domain.graph import XSD
from ..language.tokens import Sentence
from ..statement import Modality, Span
from .circumstances import Circumstance, date_in, read_circumstances
from .context import Context, Reading
from .findings import Findings
from .literals import LANGUAGE_STRING, fitted
from .marks import visible
from .nodes import Node
from .part_reader import Slot
from .quantities import Amount, Ratio, amount_words, parse_amount, parse_length, parse_ratio
from .row_rules import key_words
from .states import Held, Stated, StateMaker, closed
from .values import INTEGER, Part, Value

_LONGEST_DATE = 60
"""Code points at the end of the words after an amount in which a date is looked for."""


@dataclass(frozen=True, slots=True)
class Measured:
    """An amount with what stands around it in a part of a value; ``counted`` are the words right after the
    number, which may say what it counts.
    """

    amount: Amount
    circumstances: list[Circumstance]
    notes: list[Span]
    counted: Span | None = None


class FigureReader:
    """Reads parts of values that are amounts or seats."""

    def __init__(self, context: Context, findings: Findings, states: StateMaker) -> None:
        self.context = context
        self.findings = findings
        self.states = states
        self.words = amount_words(context.domain)

    # ---- amounts

    def measured(self, part: Part) -> Measured | None:
        """Return the amount that a part begins with, and what the part says of it besides."""
        text = self.context.text
        amount = parse_length(text, part.span, self.words) or parse_amount(text, part.span, self.words)
        if amount is None:
            return None
        told, left = read_circumstances(self.context, part.qualifiers, personal=False)
        rest = amount.rest or Span(part.span.end, part.span.end)
        date = self._date_at_end(rest)
        if date is not None:
            told.append(date)
            rest = Span(rest.start, date.span.start)
        words = rest.of(text)
        if not words.strip(" ,;."):
            return Measured(amount, told, left)
        start = rest.start + len(words) - len(words.lstrip(" ,;"))
        counted = Span(start, rest.start + len(words.rstrip(" ,;")))
        return Measured(amount, told, [counted, *left], counted)

    def _date_at_end(self, rest: Span) -> Circumstance | None:
        """The date that the words after an amount end in: "Sundays in 2010"."""
        text = self.context.text
        first = max(rest.start, rest.end - _LONGEST_DATE)
        starts = [first, *(at + 1 for at in range(first, rest.end) if text[at] == " ")]
        for start in starts:
            date = date_in(self.context, Span(start, rest.end)) if start < rest.end else None
            if date is not None:
                return Circumstance(Span(start, rest.end), at=date)
        return None

    def number(
        self, slot: Slot, part: Part, measured: Measured, *, alone: bool, withdraws: Callable[[str], bool]
    ) -> None:
        """Keep the number of a part for a property of numbers, and a figure where there is more to it.

        ``alone``: no other number stands beside it, so that words after it say what the key says.
        ``withdraws`` tells whether words take a value back.
        """
        rule, shape, subject, amount = slot.rule, slot.shape, slot.subject, measured.amount
        taken = next(filter(withdraws, (note.of(self.context.text) for note in measured.notes)), None)
        if taken is not None:
            self.findings.reject(rule, shape, subject, part.span, f"{taken!r} takes it back")
            return
        value = amount.value
        if value is None or fitted(value, shape.read_as).lexical is None:
            self.findings.reject(rule, shape, subject, part.span, "not a whole number")
            return
        ranged = amount.minimum is not None and amount.maximum is not None
        others = measured.counted is not None and not (alone or self._is_scope(measured.counted))
        if not (ranged or others or amount.currency or amount.unit):
            exact = Modality.ASSERTED if amount.number is not None else Modality.HEDGED
            self.findings.keep(
                rule, Reading(subject, shape, value, rule.iri, part.span, exact, value_span=part.span)
            )
        if not amount.is_plain or measured.circumstances or measured.notes:
            self.figure(slot, part, measured)

    def _is_scope(self, note: Span) -> bool:
        """Tell whether words after a number only say on which days it is so, or where."""
        words = Sentence(self.context.text, note).low
        english = self.context.lexis.english
        if words[0] in english.words("preposition"):
            return True
        days = english.words("weekday") | english.words("occasion") | english.words("preposition")
        return all(word in days or not word[0].isalnum() for word in words)

    def figure(self, slot: Slot, part: Part, measured: Measured) -> Node | None:
        """Make a figure of an amount; None where the domain has no rule for it."""
        made_by = self.states.rule_for(XSD + "decimal")
        if made_by is None:
            return None
        amount, text = measured.amount, self.context.text
        span = part.span.cover(*(one.span for one in measured.circumstances), *part.qualifiers)
        told: dict[str, Held | None] = {
            **amount.told(part.span),
            "note": measured.notes[0].cover(*measured.notes) if measured.notes else None,
        }
        for one in measured.circumstances:
            limits = {"start": one.start, "end": one.end, "at": one.at, "share": one.share}
            told |= {name: limit for name, limit in limits.items() if limit is not None}
        stated = Stated(slot.subject, slot.shape, part.span, slot.rule.iri, span)
        return self.states.make(
            made_by, stated, told, visible(closed(text, span).of(text)), closed(text, span)
        )

    # ---- seats

    def is_ratio(self, part: Part) -> bool:
        """Tell whether a part says what is held of all."""
        return parse_ratio(self.context.text, part.span, self.words) is not None

    def seats(self, slot: Slot, part: Part, key: Span | None, title: Span | None) -> bool:
        """Keep what a part says of the seats held and all seats; tell whether it does.

        ``key`` is the row's key where it names the assembly, ``title`` the value of another row that does.
        """
        text, rule, shape, subject = self.context.text, slot.rule, slot.shape, slot.subject
        ratio = parse_ratio(text, part.span, self.words) or self._held(part)
        if ratio is None:
            return False
        words = " / ".join(one.lexical or "" for one in (ratio.held, ratio.total) if one is not None)
        value = Value(part.span, words, LANGUAGE_STRING)
        self.findings.keep(rule, Reading(subject, shape, value, rule.iri, part.span, value_span=part.span))
        made_by = self.states.rule_for(INTEGER)
        if made_by is None:
            return True
        told, _ = read_circumstances(self.context, part.qualifiers, personal=False)
        span = part.span.cover(*(one.span for one in told))
        parts: dict[str, Held | None] = {"held": ratio.held, "total": ratio.total}
        for one in told:
            parts |= {"share": one.share, "at": one.at, "start": one.start, "end": one.end}
        chamber = title or key
        name = Value(span, visible(chamber.of(text)).rstrip(" :"), LANGUAGE_STRING) if chamber else None
        label = f"{name.lexical}: {words}" if name else words
        stated = Stated(subject, shape, part.span, rule.iri, span)
        node = self.states.make(made_by, stated, parts, label, span)
        if name is not None:
            self.states.tell(node, made_by, "chamber", name, title or closed(text, span))
        return True

    def _held(self, part: Part) -> Ratio | None:
        """Seats held, where nothing says how many there are."""
        measured = self.measured(Part(part.span))
        held = (
            measured.amount.number if measured and measured.amount.is_plain and not measured.notes else None
        )
        return Ratio(held, None) if held is not None and held.datatype == INTEGER else None


def generic(rule: FieldRule, key: str) -> bool:
    """Tell whether a key is the first of a rule, which says nothing of the assembly."""
    return key_words(key) == key_words(rule.keys[0])
