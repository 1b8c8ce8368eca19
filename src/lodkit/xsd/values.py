"""The values that lexical forms stand for, their equality and their order (XSD 1.1 part 2, §2.2).

**Order.** It is XML Schema's, which is partial, rather than that of SPARQL's ``<`` (SPARQL 1.1 §17.3), by
which SHACL defines its comparisons (§4.3). Where they part:

- A date or time with a time zone against one without: SPARQL adds the time zone of the machine, XSD compares
  where they are more than 14 hours apart and has no order else. Here: XSD's, so that a verdict does not
  depend on where it was reached.
- ``gYear`` and the other parts of dates, and durations: SPARQL has no ``<`` for them, which makes every
  comparison an error and, in SHACL, a violation. Here: XSD's order, because bounds that are years are common
  in shapes, and whoever writes them means it.
- ``xsd:boolean`` and strings: XSD has no order, SPARQL has: false before true, texts by their code points.
  Here: SPARQL's.
- Numbers of different types: in XSD decimals, floats and doubles are apart, SPARQL promotes a decimal to the
  other's type and a float to a double. Here: SPARQL's. So two decimals may differ, and be equal to the same
  double.

Values of different primitive types have no order else, a date and a year neither. A derived type has the
values of its primitive. EDTF is ordered by the stretch of days that a form may mean: before it is what ends
before it begins; what overlaps has no order, and only the same form is equal.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from re import Match
from typing import Any

from . import edtf
from .calendar import moment, shifted, zone_minutes
from .durations import later, total
from .lexical import kind_of, match
from .numbers import single

_NUMBERS = ("decimal", "float", "double")
_DATES = ("dateTime", "time", "date", "gYearMonth", "gYear", "gMonthDay", "gMonth", "gDay")
_LINEAR = (*_NUMBERS, "string", "boolean")
_FOURTEEN_HOURS = 14 * 60


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a primitive type (``kind``): ``order`` is what it is compared by, ``mark`` what two equal
    values may differ in, such as the time zone.

    Two of them that are ``==`` are identical (XSD 1.1 part 2, §2.2.1); whether values are equal or ordered
    says `compare`.
    """

    kind: str
    order: Any
    mark: Any = None


def value(lexical: str, datatype: str) -> Value | None:
    """Return the value that a lexical form stands for.

    None where it is ill-formed, or where the form alone has no value: unknown and abstract datatypes, and
    texts with a language, whose tag belongs to the value.

    >>> XSD = "http://www.w3.org/2001/XMLSchema#"
    >>> value("01", XSD + "integer") == value("1.0", XSD + "decimal"), value("1996", XSD + "date")
    (True, None)
    """
    kind = kind_of(datatype)
    found = match(lexical, datatype) if kind else None
    return _READERS.get(kind, _same)(kind, found) if found else None


def compare(one: Value, other: Value) -> int | None:
    """Return -1, 0 or 1 as a value is less than, equal to or greater than another; None where neither.

    >>> year = "http://www.w3.org/2001/XMLSchema#gYear"
    >>> compare(value("-0043", year), value("1996", year)), compare(value("1996", year), value("1996Z", year))
    (-1, None)
    """
    if one.kind in _NUMBERS and other.kind in _NUMBERS:
        return _compare_numbers(one, other)
    if one.kind != other.kind:
        return None
    return _COMPARISONS.get(one.kind, _equal)(one, other)


def line_of(one: Value) -> tuple[str, bool] | None:
    """Return what values have in common that lie on one line in the order of their ``order``; None of a value
    that lies on none.

    Along a line, any value is greater than those up to some point and less than those from some point on;
    between these points it is equal to all or comparable with none.
    """
    if one.kind in _DATES:
        return one.kind, one.mark is None
    return (one.kind, True) if one.kind in _LINEAR and one.order is not None else None


# ---- from forms to values ----


def _same(kind: str, found: Match[str]) -> Value:
    return Value(kind, found[0])


def _decimal(kind: str, found: Match[str]) -> Value:
    return Value(kind, Decimal(found[0]))


def _floating(kind: str, found: Match[str]) -> Value:
    number = single(found[0]) if kind == "float" else float(found[0])
    if math.isnan(number):
        return Value(kind, None, "NaN")  # identical to itself, and not equal
    return Value(kind, number, "-" if not number and found[0][0] == "-" else None)


def _boolean(kind: str, found: Match[str]) -> Value:
    return Value(kind, found[0] in ("true", "1"))


def _date(kind: str, found: Match[str]) -> Value:
    parts = found.groupdict()
    return Value(kind, moment(parts), zone_minutes(parts["zone"]))


def _duration(kind: str, found: Match[str]) -> Value:
    months, seconds = total({"sign": "", **found.groupdict()})
    return Value(kind, later(months, seconds), (months, seconds))


def _edtf(kind: str, found: Match[str]) -> Value:
    return Value(kind, edtf.stretch(found[0]), found[0])


_READERS: dict[str, Callable[[str, Match[str]], Value]] = {
    "decimal": _decimal,
    "float": _floating,
    "double": _floating,
    "boolean": _boolean,
    **dict.fromkeys(_DATES, _date),
    "duration": _duration,
    "EDTF": _edtf,
    "hexBinary": lambda kind, found: Value(kind, found[0].upper()),
    "base64Binary": lambda kind, found: Value(kind, found[0].replace(" ", "")),
    "list": lambda kind, found: Value(kind, tuple(found[0].split(" "))),
}


# ---- comparisons ----


def _sign(one: Any, other: Any) -> int | None:
    if one == other:
        return 0
    return -1 if one < other else 1


def _equal(one: Value, other: Value) -> int | None:
    return 0 if one.order == other.order else None


def _compare_numbers(one: Value, other: Value) -> int | None:
    if one.order is None or other.order is None:
        return None
    wider = max(one.kind, other.kind, key=_NUMBERS.index)
    return _sign(_promoted(one, wider), _promoted(other, wider))


def _promoted(number: Value, kind: str) -> Decimal | float:
    if number.kind == kind or number.kind != "decimal":
        return number.order  # type: ignore[no-any-return]
    return single(str(number.order)) if kind == "float" else float(number.order)


def _compare_dates(one: Value, other: Value) -> int | None:
    """§3.3.7.1: what has no time zone may be up to 14 hours before or after."""
    if (one.mark is None) == (other.mark is None):
        return _sign(one.order, other.order)
    if one.mark is None:
        found = _compare_dates(other, one)
        return None if found is None else -found
    if one.order < shifted(other.order, -_FOURTEEN_HOURS):
        return -1
    return 1 if one.order > shifted(other.order, _FOURTEEN_HOURS) else None


def _compare_durations(one: Value, other: Value) -> int | None:
    """§3.3.6.1: less, equal or greater, where all four dates say the same."""
    signs = {_sign(a, b) for a, b in zip(one.order, other.order, strict=True)}
    return signs.pop() if len(signs) == 1 else None


def _compare_stretches(one: Value, other: Value) -> int | None:
    if one.mark == other.mark:
        return 0
    if one.order[1] < other.order[0]:
        return -1
    return 1 if other.order[1] < one.order[0] else None


_COMPARISONS: dict[str, Callable[[Value, Value], int | None]] = {
    "string": lambda one, other: _sign(one.order, other.order),
    "boolean": lambda one, other: _sign(one.order, other.order),
    **dict.fromkeys(_DATES, _compare_dates),
    "duration": _compare_durations,
    "EDTF": _compare_stretches,
}
