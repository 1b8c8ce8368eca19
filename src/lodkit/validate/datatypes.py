"""Strict lexical checks of datatypes, because rdflib accepts any text as ``xsd:gYear`` and ``1_0`` as
``xsd:integer``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

XSD = "http://www.w3.org/2001/XMLSchema#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

_ZONE = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_YEAR = r"(-?(?:[1-9]\d{4,}|\d{4}))"
_MONTH = r"(0[1-9]|1[0-2])"
_DAY = r"(0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"

# EDTF (ISO 8601-2:2019), levels 0 and 1, and the decade, century and open forms that articles need.
_EDTF_DATE = (
    r"(?:Y-?[1-9]\d{4,}|-?(?:\d{4}|\d{3}X|\d{2}XX)"
    r"(?:-(?:0[1-9]|1[0-2]|2[1-4]|XX)(?:-(?:0[1-9]|[12]\d|3[01]|XX))?)?)[?~%]?"
)
_EDTF = rf"(?:{_EDTF_DATE}|{_EDTF_DATE}/(?:{_EDTF_DATE}|\.\.)?|(?:\.\.)?/{_EDTF_DATE})"

_PATTERNS = {
    XSD + "gYear": _YEAR + _ZONE,
    XSD + "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    XSD + "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    XSD + "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    XSD + "integer": r"[+-]?\d+",
    XSD + "nonNegativeInteger": r"\+?\d+|-0+",
    XSD + "positiveInteger": r"\+?0*[1-9]\d*",
    XSD + "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    XSD + "boolean": r"true|false|0|1",
    XSD + "language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    XSD + "anyURI": r"[^\s<>\"{}|\\^`\x00-\x1f]*",
    EDTF: _EDTF,
}
_CHECKS: dict[str, Callable[[str], re.Match[str] | None]] = {
    datatype: re.compile(pattern, re.ASCII).fullmatch for datatype, pattern in _PATTERNS.items()
}
_WITH_DAY = frozenset({XSD + "date", XSD + "dateTime"})
_EDTF_DAY = re.compile(r"(?<![\d-])(-?\d{4})-(\d\d)-(\d\d)", re.ASCII)


def is_well_formed(lexical: str, datatype: str) -> bool:
    """Tell whether a text is in the lexical space of a datatype (XML Schema 1.1 part 2; EDTF); unknown
    datatypes accept any.

    >>> is_well_formed("1996", XSD + "gYear"), is_well_formed("1996-02-30", XSD + "date")
    (True, False)
    >>> is_well_formed("199X", EDTF)
    True
    """
    check = _CHECKS.get(datatype)
    if check is None:
        return True
    found = check(lexical)
    if found is None:
        return False
    days = (
        [found.groups()[:3]]
        if datatype in _WITH_DAY
        else _EDTF_DAY.findall(lexical)
        if datatype == EDTF
        else []
    )
    return all(_day_exists(*map(int, day)) for day in days)


def _day_exists(year: int, month: int, day: int) -> bool:
    # The proleptic Gregorian calendar repeats every 400 years; calendar knows years from 1.
    return month > 12 or day <= monthrange(year % 400 + 400, month)[1]
