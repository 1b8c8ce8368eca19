"""Read quantities: amounts with their bounds, currency, magnitude and unit, and what is held out of all.

The words for them come from the caller; numbers are in the notation of English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ..statement import Span
from ..xsd import XSD
from .dates import alternatives
from .values import DECIMAL, INTEGER, Value, parse_number

if TYPE_CHECKING:
    from ..domain import Domain

_DIGITS = r"[-−+]?(?:[0-9]{1,3}(?:[,\u00a0\u202f\u2009'][0-9]{2,3})+|[0-9]{1,30})(?:\.[0-9]{1,30})?"
_INCHES_A_FOOT = 12


@dataclass(frozen=True, slots=True, eq=False)
class AmountWords:
    """The words around amounts, in lower case; ``scales`` are powers of ten, ``currencies`` codes of ISO
    4217, ``units`` the signs of units by their words.
    """

    approximate: frozenset[str]
    at_least: frozenset[str]
    at_most: frozenset[str]
    ratio: frozenset[str]
    scales: Mapping[str, str]
    currencies: Mapping[str, str]
    units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount: exact, or about a number, or within bounds that count in; ``rest`` are the words after
    it.
    """

    span: Span
    number: Value | None = None
    approximate: Value | None = None
    minimum: Value | None = None
    maximum: Value | None = None
    currency: str | None = None
    unit: str | None = None
    rest: Span | None = None

    @property
    def is_plain(self) -> bool:
        """Whether a number alone says it."""
        return self.number is not None and not (self.currency or self.unit)

    @property
    def value(self) -> Value | None:
        """The number that it tells first: itself, about what, at least or at most what."""
        return self.number or self.approximate or self.minimum or self.maximum

    def told(self, span: Span) -> dict[str, Value | None]:
        """Return what a figure tells of it, by the parts of a state rule; ``span`` are its words."""
        return {
            "number": self.number,
            "approximate": self.approximate,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "currency": _word(span, self.currency),
            "unit": _word(span, self.unit),
        }


def _word(span: Span, word: str | None) -> Value | None:
    return Value(span, word, XSD + "string") if word else None


@dataclass(frozen=True, slots=True)
class Ratio:
    """What is held out of all; ``total`` is None where it is not said."""

    held: Value
    total: Value | None


@lru_cache(maxsize=8)
def amount_words(domain: Domain) -> AmountWords:
    """Return the words around amounts in the language of a domain."""
    english = domain.english
    return AmountWords(
        english.words("amount-about"),
        english.words("amount-least"),
        english.words("amount-most"),
        english.words("ratio-joint"),
        english.table("amount-scale"),
        english.table("currency"),
        english.table("unit"),
    )


@lru_cache(maxsize=8)
def _pattern(words: AmountWords) -> re.Pattern[str]:
    leads = words.approximate | words.at_least | words.at_most
    money, scales, units = (alternatives(table) for table in (words.currencies, words.scales, words.units))
    return re.compile(
        rf"(?P<lead>(?:(?:{alternatives(leads)})(?:\s+|(?<=\W)\s*|(?=[$£€])))*)"
        rf"(?P<before>(?:{money})\s?)?(?P<number>{_DIGITS})"
        rf"(?:\s?[-–—]\s?(?:(?:{money})\s?)?(?P<last>{_DIGITS}))?"
        rf"(?:\s?(?P<scale>{scales})(?!\w))?(?P<more>\+)?"
        rf"(?:\s?(?P<after>{money})(?!\w))?(?:\s?(?P<unit>{units})(?!\w))?",
        re.IGNORECASE,
    )


_FEET = re.compile(
    r"(?P<feet>[0-9]{1,6}) (?:ft|feet|foot) (?P<inches>[0-9]{1,2}(?:\.[0-9]+)?) (?:in|inches|inch)(?!\w)"
)


def parse_amount(text: str, span: Span, words: AmountWords) -> Amount | None:
    """Return the amount that some words begin with; None where they begin with none, or with a number that
    is part of something else.
    """
    match = _pattern(words).match(text, span.start, span.end)
    if match is None or _goes_on(text, match.end(), span.end):
        return None
    scale = words.scales.get((match["scale"] or "").lower(), "")
    first, last = (_number(match[name], match.span(name), scale) for name in ("number", "last"))
    if first is None or (match["last"] and last is None):
        return None
    place = Span(match.start(), match.end())
    lead = _lead(match["lead"].lower(), words)
    money = match["before"] or match["after"] or ""
    told: dict[str, Value | None] = {"number": first}
    if last is not None:
        told = {"minimum": first, "maximum": last}
    elif match["more"]:
        told = {"minimum": first}
    elif lead:
        told = {lead: first}
    return Amount(
        place,
        **told,
        currency=words.currencies.get(money.strip().lower()),
        unit=words.units.get((match["unit"] or "").lower()),
        rest=Span(place.end, span.end),
    )


def _goes_on(text: str, at: int, end: int) -> bool:
    """Whether a number goes on after where it seems to end: a share, a ratio, a word glued to it."""
    following = text[at : min(end, at + 2)]
    return bool(re.match(r"[%‰/\w]|[.,:'][0-9]|[-–—][0-9]", following))


def _lead(words_before: str, words: AmountWords) -> str:
    """What the words before a number make of it; the last that says anything counts."""
    kinds = (("minimum", words.at_least), ("maximum", words.at_most), ("approximate", words.approximate))
    tail = words_before.strip()
    found = [(len(word), kind) for kind, forms in kinds for word in forms if tail.endswith(word)]
    return max(found)[1] if found else ""


def _number(digits: str | None, place: tuple[int, int], scale: str) -> Value | None:
    if digits is None:
        return None
    plain = re.sub("[,\u00a0\u202f\u2009']", "", digits)
    if not _well_grouped(digits):
        return None
    read = parse_number(plain)
    if read is None or read.lexical is None:
        return None
    lexical = _scaled(read.lexical, int(scale)) if scale else read.lexical
    return Value(Span(*place), lexical, DECIMAL if "." in lexical else INTEGER)


def _well_grouped(digits: str) -> bool:
    """Groups of three digits, or of two before the last one, as India has them."""
    groups = re.split("[,\u00a0\u202f\u2009']", digits.partition(".")[0])
    return len(groups) == 1 or (
        len(groups[-1]) == 3 and len({len(group) for group in groups[1:-1]} | {0}) <= 2
    )


def _scaled(lexical: str, zeros: int) -> str:
    whole, _, fraction = lexical.partition(".")
    fraction = fraction.ljust(zeros, "0")
    shifted, left = (whole + fraction[:zeros]).lstrip("0") or "0", fraction[zeros:].rstrip("0")
    return f"{shifted}.{left}" if left else shifted


def parse_length(text: str, span: Span, words: AmountWords) -> Amount | None:
    """Return a length in feet and inches as one of inches; None where it is none."""
    match = _FEET.match(text, span.start, span.end)
    if match is None or not match["inches"].isdigit():
        return None
    inches = str(int(match["feet"]) * _INCHES_A_FOOT + int(match["inches"]))
    place = Span(match.start(), match.end())
    return Amount(
        place,
        Value(place, inches, INTEGER),
        unit=words.units.get("inches", "in"),
        rest=Span(place.end, span.end),
    )


@lru_cache(maxsize=8)
def _ratio_pattern(words: AmountWords) -> re.Pattern[str]:
    joint = alternatives(words.ratio)
    number = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9}"
    return re.compile(
        rf"\s*(?P<held>{number})\s*(?:/|(?:{joint})\s)\s*(?P<total>{number})(?![\w/,.])", re.IGNORECASE
    )


def parse_ratio(text: str, span: Span, words: AmountWords) -> Ratio | None:
    """Return what is held of all, where that is all that some words say: ``45 / 132``, ``45 of 132``.

    >>> none = frozenset()
    >>> words = AmountWords(none, none, none, frozenset({"of"}), {}, {}, {})
    >>> ratio = parse_ratio("1,045 of 1,132", Span(0, 14), words)
    >>> ratio.held.lexical, ratio.total.lexical
    ('1045', '1132')
    """
    match = _ratio_pattern(words).match(text, span.start, span.end)
    if match is None or text[match.end() : span.end].strip(" .,;"):
        return None
    held, total = (
        Value(Span(*match.span(name)), str(int(match[name].replace(",", ""))), INTEGER)
        for name in ("held", "total")
    )
    return Ratio(held, total) if int(held.lexical or 0) <= int(total.lexical or 0) else None
