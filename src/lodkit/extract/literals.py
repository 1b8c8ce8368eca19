"""Values and words read into the datatypes that a slot asks for, the first that fits (`lodkit.xsd`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..domain.graph import RDF
from ..statement import Span
from ..xsd import EDTF, XSD, is_valid, kind_of, why_invalid
from .dates import DATE, YEAR, YEAR_MONTH, Value, parse_date
from .values import language_tag, parse_number

if TYPE_CHECKING:
    from ..domain import English

LANGUAGE_STRING = RDF + "langString"

_NUMBERS = frozenset({"decimal", "float", "double"})
_POINTS = (DATE, YEAR_MONTH, YEAR)
_COARSER = {YEAR_MONTH: (DATE,), YEAR: (DATE, YEAR_MONTH)}
"""What a month and a year can be read out of: a day is in its month, and a month in its year."""

_TRUTH = {"yes": "true", "true": "true", "1": "true", "no": "false", "false": "false", "0": "false"}
_KEEPS_BLANKS = frozenset({XSD + "string", XSD + "normalizedString", LANGUAGE_STRING})


def fitted(value: Value, datatypes: Sequence[str]) -> Value:
    """Return a date or a number in the first of some datatypes that fits; its own, where it is among them.

    Without a lexical form, and with a reason, where none fits.

    >>> fitted(Value(Span(0, 10), "1990-05-01", DATE), (YEAR,)).lexical
    '1990'
    >>> fitted(Value(Span(0, 6), "16.814", XSD + "decimal"), (XSD + "integer",)).reason
    'not a whole number'
    """
    if value.lexical is None or not datatypes or value.datatype in datatypes:
        return value
    for datatype in datatypes:
        lexical = _converted(value, value.lexical, datatype)
        if lexical is not None:
            return replace(value, lexical=lexical, datatype=datatype)
    return replace(value, lexical=None, reason=_why(value.lexical, datatypes))


def _converted(value: Value, lexical: str, datatype: str) -> str | None:
    """The lexical form of a value in another datatype; None where it has none."""
    if kind_of(value.datatype) == "decimal":
        return lexical if kind_of(datatype) in _NUMBERS and is_valid(lexical, datatype) else None
    if value.datatype in _COARSER.get(datatype, ()):
        parts = lexical[1:].split("-")  # what comes first may be the sign of the year
        return lexical[0] + "-".join(parts[: 2 if datatype == YEAR_MONTH else 1])
    is_point = value.datatype in _POINTS and datatype == EDTF
    return lexical if is_point and is_valid(lexical, EDTF) else None


def words_as(words: str, datatypes: Sequence[str], english: English) -> Value:
    """Return what words, all of them, stand for in the first of some datatypes that they fit.

    Without a lexical form, and with a reason, where they fit none.
    """
    span = Span(0, len(words))
    for datatype in datatypes:
        lexical = _READERS.get(kind_of(datatype), _plain)(words, datatype, english)
        if lexical is not None:
            return Value(span, lexical, datatype)
    return Value(span, None, datatypes[0], reason=_why(words.strip(), datatypes))


def _plain(words: str, datatype: str, english: English) -> str | None:
    """Words that are a form of the datatype as they stand, but for white space where it says nothing (XSD
    1.1 part 2, §4.3.6).
    """
    if datatype == LANGUAGE_STRING:
        return words
    if datatype == XSD + "language":
        return language_tag(words, english.table("language"))
    text = words if datatype in _KEEPS_BLANKS else " ".join(words.split())
    return text if is_valid(text, datatype) else None


def _truth(words: str, datatype: str, english: English) -> str | None:
    return _TRUTH.get(words.strip().lower())


def _number(words: str, datatype: str, english: English) -> str | None:
    number = parse_number(words)
    if number is None or number.lexical is None or number.note or not number.exact:
        return _plain(words, datatype, english)
    return _converted(number, number.lexical, datatype)


def _date(words: str, datatype: str, english: English) -> str | None:
    date = parse_date(words, english.months)
    if date is None or date.lexical is None or date.note:
        return _plain(words, datatype, english)
    return date.lexical if date.datatype == datatype else _converted(date, date.lexical, datatype)


_READERS: Mapping[str, Callable[[str, str, English], str | None]] = {
    "boolean": _truth,
    **dict.fromkeys(_NUMBERS, _number),
    **dict.fromkeys(("date", "gYearMonth", "gYear", "EDTF"), _date),
}


def _why(lexical: str, datatypes: Sequence[str]) -> str:
    reasons = (why_invalid(lexical, datatype) for datatype in datatypes)
    return ", ".join(dict.fromkeys(filter(None, reasons))) or "not of a datatype of the slot"
