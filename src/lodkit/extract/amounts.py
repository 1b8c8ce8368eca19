"""The amounts of a sentence of running text: digits and numbers in words, with what bounds them, currency and
unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..statement import Span
from .context import Context
from .filler import token_at
from .quantities import Amount, amount_words, parse_amount
from .scene import Scene
from .values import INTEGER, Value, parse_number

LEAD = 3
"""The most tokens of the words that bound a number: "no more than"."""


@dataclass(frozen=True, slots=True)
class Number:
    """An amount in a sentence: tokens ``first`` to ``last`` (exclusive), bounds and unit included; ``total``
    is what it is out of ("31 of 150").
    """

    first: int
    last: int
    amount: Amount
    total: Value | None = None


def numbers_of(context: Context, scene: Scene) -> Iterator[Number]:
    """Yield the amounts of a sentence that are no dates and no parts of names, from left to right."""
    sentence = scene.sentence
    words = context.lexis.english.table("cardinal")
    openers = {phrase.partition(" ")[0] for phrase in words}
    last_words = {phrase.rpartition(" ")[2] for phrase in words}
    if not any(low[0].isdigit() or low in last_words for low in sentence.low):
        return
    taken = {
        token for m in scene.mentions() if m.kind in ("date", "name") for token in range(m.first, m.last)
    }
    at = 0
    while at < len(sentence):
        may_be = at not in taken and (sentence.words[at][0].isdigit() or sentence.low[at] in openers)
        number = _number_at(context, scene, at, words) if may_be else None
        if number is not None:
            yield number
        at = max(at + 1, number.last if number else 0)


def _number_at(context: Context, scene: Scene, at: int, words: Mapping[str, str]) -> Number | None:
    sentence = scene.sentence
    if sentence.words[at][0].isdigit():
        read = _share(context, scene, at) or _digits(context, scene, at)
        return _out_of(context, scene, read) if read else None
    for last in range(min(at + 3, len(sentence)), at, -1):
        value = words.get(" ".join(sentence.low[at:last]))
        if value is not None:
            span = sentence.cover(at, last)
            first, lead = _lead(context, scene, at)
            return Number(
                first, last, _bounded(sentence.cover(first, last), lead, Value(span, value, INTEGER))
            )
    return None


def _bounded(span: Span, lead: str, value: Value) -> Amount:
    """An amount by what the words before it make of its number."""
    told = {lead or "number": value}
    return Amount(span, told.get("number"), told.get("approximate"), told.get("minimum"), told.get("maximum"))


def _lead(context: Context, scene: Scene, at: int) -> tuple[int, str]:
    """Return where the words that bound a number begin, and what they make of it."""
    words, low = amount_words(context.domain), scene.sentence.low
    kinds = (("minimum", words.at_least), ("maximum", words.at_most), ("approximate", words.approximate))
    for first in range(max(0, at - LEAD), at):
        said = " ".join(low[first:at])
        for kind, forms in kinds:
            if said in forms:
                return first, kind
    return at, ""


def _digits(context: Context, scene: Scene, at: int) -> Number | None:
    """The amount whose digits begin at a token, with the words, sign and currency before it."""
    sentence, words = scene.sentence, amount_words(context.domain)
    for first in range(max(0, at - LEAD - 2), at + 1):
        span = Span(sentence.starts[first], sentence.span.end)
        amount = parse_amount(context.text, span, words)
        if amount is None or amount.span.start != span.start or amount.span.end <= sentence.starts[at]:
            continue
        last = sentence.index_at(amount.span.end - 1) + 1
        return Number(first, last, amount)
    return None


def _share(context: Context, scene: Scene, at: int) -> Number | None:
    """ "18.7 per cent", "52%"."""
    sentence, signs = scene.sentence, context.lexis.english.words("percent")
    last = next((end for end in (at + 2, at + 3) if " ".join(sentence.low[at + 1 : end]) in signs), None)
    digits = sentence.cover(at, at + 1)
    value = parse_number(digits.of(context.text)) if last is not None else None
    if last is None or value is None or value.lexical is None:
        return None
    first, lead = _lead(context, scene, at)
    amount = _bounded(sentence.cover(first, last), lead, replace(value, span=digits))
    return Number(first, last, replace(amount, unit="%"))


def _out_of(context: Context, scene: Scene, number: Number) -> Number:
    """ "31 of 150 seats": the number after "of" is what the first is out of."""
    sentence, english = scene.sentence, context.lexis.english
    at = number.last + 1
    if token_at(scene, at - 1) not in english.words("genitive"):
        return number
    at += token_at(scene, at) in context.lexis.the
    plain = token_at(scene, at).replace(",", "")
    if not (plain.isascii() and plain.isdigit()) or number.amount.number is None:
        return number
    return replace(number, last=at + 1, total=Value(sentence.cover(at, at + 1), str(int(plain)), INTEGER))
