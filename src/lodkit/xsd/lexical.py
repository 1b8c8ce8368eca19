"""The lexical spaces of datatypes: one row each for the built-in types of XML Schema 1.1
(https://www.w3.org/TR/xmlschema11-2/), RDF 1.1's own, ``rdf:JSON`` and EDTF.

White space is not touched first: what an RDF literal says is its lexical form, and that is in the lexical
space or not (RDF 1.1 Concepts §3.3, §5), while the whiteSpace facet (XSD 1.1 part 2, §4.3.6) tells an XML
parser what to do before there is one. So ``" 1"`` is no ``xsd:integer``, and a tab stands in no
``xsd:token``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial

from . import edtf
from .calendar import leaps, month_length
from .numbers import out_of_range
from .texts import (
    CHARACTER,
    IN_LINE,
    NAME,
    NAME_TOKEN,
    NO_COLON_NAME,
    TOKEN,
    json_fault,
    xml_fault,
)

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"


@dataclass(frozen=True, slots=True)
class Datatype:
    """A row of the table: whose values it has (``kind``: its primitive type), the expression that its forms
    match as a whole, what they look like in words, and what else is wrong with one that matches.
    """

    kind: str
    pattern: str
    looks: str
    fault: Callable[[re.Match[str]], str] | None = None


# ---- parts of dates, times and durations ----

_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}+|0[0-9]{3}))"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = (
    r"(?P<hour>[01][0-9]|2[0-3]|24(?=:00:00(?:\.0+)?(?![0-9.]))):(?P<minute>[0-5][0-9])"
    r":(?P<second>[0-5][0-9])(?P<fraction>\.[0-9]++)?+"
)
_ZONE = r"(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"

_LOOSER = (
    (_YEAR, "[+-]?[0-9]+", "a year has four digits, or more of which the first is no zero"),
    (_MONTH, "[0-9]{2}", "no such month"),
    (_DAY, "[0-9]{2}", "no such day"),
    (_TIME, r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?", "no such time of day"),
    (_ZONE, "[+-][0-9]{2}:[0-9]{2}", "no such time zone"),
)
"""What is wrong with a text that matches once one part of the expression is given a looser one."""

_YEARS = r"(?:(?P<years>[0-9]++)Y)?+"
_MONTHS = r"(?:(?P<months>[0-9]++)M)?+"
_DAYS = r"(?:(?P<days>[0-9]++)D)?+"
_HOURS = (
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]++)H)?+(?:(?P<minutes>[0-9]++)M)?+"
    r"(?:(?P<seconds>[0-9]++(?:\.[0-9]++)?+)S)?+)?+"
)
_SIGN = r"(?P<sign>-?)P(?=[0-9T])"


def _no_such_day(found: re.Match[str]) -> str:
    parts = found.groupdict()
    is_leap = "year" not in parts or leaps(found["year"])
    exists = int(found["day"]) <= month_length(int(found["month"]), leap=is_leap)
    return "" if exists else f"no such day: {found[0]}"


def _without_zone(found: re.Match[str]) -> str:
    return _no_such_day(found) or ("" if found["zone"] else "no time zone")


# ---- the table ----

_INTEGER = r"[+-]?[0-9]++"
_DECIMAL = r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)"
_FLOAT = rf"{_DECIMAL}(?:[Ee][+-]?[0-9]++)?+|[+-]?INF|NaN"
_DATE_AND_TIME = f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}"
_ANY = "(?s:.*)"
# §3.3.16.2: single blanks may stand between the characters; those are taken out by `_bare`.
_BASE64 = r"(?=(?:[^ ]++ ?)*+(?<! )$)[A-Za-z0-9+/= ]*+"
_BARE_BASE64 = re.compile(
    r"(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?"
)


def _not_base64(found: re.Match[str]) -> str:
    bare = found[0].replace(" ", "")
    return "" if _BARE_BASE64.fullmatch(bare) else "not whole groups of four characters of base64"


_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
"""The integer types (§3.4.13 to §3.4.25) with their bounds, both inclusive."""


def _outside(low: int | None, high: int | None, found: re.Match[str]) -> str:
    return out_of_range(found[0], low, high)


def _whole_numbers() -> Iterator[tuple[str, Datatype]]:
    for name, bounds in _BOUNDS.items():
        yield XSD + name, Datatype("decimal", _INTEGER, "a whole number", partial(_outside, *bounds))


def _list_of(item: str) -> str:
    return f"{item}(?: {item})*+"


TABLE: dict[str, Datatype] = {
    XSD + "string": Datatype("string", f"{CHARACTER}*+", "text of characters that XML has"),
    XSD + "normalizedString": Datatype("string", f"{IN_LINE}*+", "text without tabs and line breaks"),
    XSD + "token": Datatype("string", TOKEN, "words with single blanks between them"),
    XSD + "language": Datatype(
        "string", "[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*+", "a language tag such as en or pt-BR"
    ),
    XSD + "NMTOKEN": Datatype("string", NAME_TOKEN, "an XML name token"),
    XSD + "Name": Datatype("string", NAME, "an XML name"),
    XSD + "NCName": Datatype("string", NO_COLON_NAME, "an XML name without a colon"),
    XSD + "ID": Datatype("string", NO_COLON_NAME, "an XML name without a colon"),
    XSD + "IDREF": Datatype("string", NO_COLON_NAME, "an XML name without a colon"),
    XSD + "ENTITY": Datatype("string", NO_COLON_NAME, "an XML name without a colon"),
    XSD + "NMTOKENS": Datatype("list", _list_of(NAME_TOKEN), "XML name tokens with blanks between them"),
    XSD + "IDREFS": Datatype("list", _list_of(NO_COLON_NAME), "XML names with blanks between them"),
    XSD + "ENTITIES": Datatype("list", _list_of(NO_COLON_NAME), "XML names with blanks between them"),
    XSD + "boolean": Datatype("boolean", "true|false|1|0", "true, false, 1 or 0"),
    XSD + "decimal": Datatype("decimal", _DECIMAL, "a number such as 12 or -0.5"),
    **dict(_whole_numbers()),
    XSD + "float": Datatype("float", _FLOAT, "a number such as 12, -0.5, 6E23 or INF"),
    XSD + "double": Datatype("double", _FLOAT, "a number such as 12, -0.5, 6E23 or INF"),
    XSD + "duration": Datatype(
        "duration", f"{_SIGN}{_YEARS}{_MONTHS}{_DAYS}{_HOURS}", "a duration such as P1Y6M or P3DT12H"
    ),
    XSD + "yearMonthDuration": Datatype(
        "duration", f"{_SIGN}{_YEARS}{_MONTHS}", "a duration in years and months such as P1Y6M"
    ),
    XSD + "dayTimeDuration": Datatype(
        "duration",
        f"{_SIGN}{_DAYS}{_HOURS}",
        "a duration in days, hours, minutes and seconds such as P3DT12H",
    ),
    XSD + "dateTime": Datatype(
        "dateTime", _DATE_AND_TIME, "a date and a time such as 1999-12-31T23:59:59", _no_such_day
    ),
    XSD + "dateTimeStamp": Datatype(
        "dateTime",
        _DATE_AND_TIME,
        "a date and a time with a time zone such as 1999-12-31T23:59:59Z",
        _without_zone,
    ),
    XSD + "time": Datatype("time", f"{_TIME}{_ZONE}", "a time such as 23:59:59"),
    XSD + "date": Datatype(
        "date", f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}", "a date such as 1999-12-31", _no_such_day
    ),
    XSD + "gYearMonth": Datatype("gYearMonth", f"{_YEAR}-{_MONTH}{_ZONE}", "a month such as 1999-12"),
    XSD + "gYear": Datatype("gYear", f"{_YEAR}{_ZONE}", "a year such as 1999"),
    XSD + "gMonthDay": Datatype(
        "gMonthDay", f"--{_MONTH}-{_DAY}{_ZONE}", "a day of any year such as --12-31", _no_such_day
    ),
    XSD + "gMonth": Datatype("gMonth", f"--{_MONTH}{_ZONE}", "a month of any year such as --12"),
    XSD + "gDay": Datatype("gDay", f"---{_DAY}{_ZONE}", "a day of any month such as ---31"),
    XSD + "hexBinary": Datatype("hexBinary", "(?:[0-9a-fA-F]{2})*+", "pairs of hexadecimal digits"),
    XSD + "base64Binary": Datatype("base64Binary", _BASE64, "base64", _not_base64),
    XSD + "anyURI": Datatype("anyURI", TOKEN, "text without blanks at its ends"),
    XSD + "QName": Datatype("QName", f"{NO_COLON_NAME}(?::{NO_COLON_NAME})?+", "an XML name"),
    XSD + "NOTATION": Datatype("NOTATION", f"{NO_COLON_NAME}(?::{NO_COLON_NAME})?+", "an XML name"),
    XSD + "anySimpleType": Datatype("", _ANY, "any text"),
    XSD + "anyAtomicType": Datatype("", _ANY, "any text"),
    RDF + "langString": Datatype("", _ANY, "any text"),
    RDF + "dirLangString": Datatype("", _ANY, "any text"),
    RDF + "HTML": Datatype("HTML", _ANY, "any text"),
    RDF + "XMLLiteral": Datatype("XMLLiteral", _ANY, "balanced XML", lambda found: xml_fault(found[0])),
    RDF + "JSON": Datatype("JSON", _ANY, "JSON", lambda found: json_fault(found[0])),
    EDTF: Datatype(
        "EDTF",
        r"[^\s]++",
        "a date of EDTF such as 1985-04, 198X or 2004/..",
        lambda found: edtf.fault(found[0]),
    ),
}
"""Lexical spaces by the IRI of the datatype. An ``anyURI`` may have any characters (§3.3.17.2): whether it is
one that the Web knows is not its question."""


_BELOW = {
    "string": "normalizedString",
    "normalizedString": "token",
    "token": "language NMTOKEN Name",
    "Name": "NCName",
    "NCName": "ID IDREF ENTITY",
    "decimal": "integer",
    "integer": "nonPositiveInteger long nonNegativeInteger",
    "nonPositiveInteger": "negativeInteger",
    "long": "int",
    "int": "short",
    "short": "byte",
    "nonNegativeInteger": "unsignedLong positiveInteger",
    "unsignedLong": "unsignedInt",
    "unsignedInt": "unsignedShort",
    "unsignedShort": "unsignedByte",
    "duration": "yearMonthDuration dayTimeDuration",
    "dateTime": "dateTimeStamp",
}
"""The types that are derived from another one by restriction (the figure of XSD 1.1 part 2, §3)."""

_BASE = {XSD + one: XSD + base for base, names in _BELOW.items() for one in names.split()}


def is_derived(datatype: str, base: str) -> bool:
    """Tell whether all values of a datatype are of another one: the same, or one it is derived from.

    >>> is_derived(XSD + "unsignedByte", XSD + "decimal"), is_derived(XSD + "integer", XSD + "int")
    (True, False)
    """
    if datatype in TABLE and base in (XSD + "anySimpleType", XSD + "anyAtomicType"):
        return True
    while datatype != base and datatype in _BASE:
        datatype = _BASE[datatype]
    return datatype == base


def is_known(datatype: str) -> bool:
    """Tell whether the table has a datatype."""
    return datatype in TABLE


def kind_of(datatype: str) -> str:
    """Return the primitive type whose values a datatype has, without its namespace; nothing if it has none,
    and for unknown ones.

    >>> kind_of(XSD + "unsignedByte"), kind_of(XSD + "dateTimeStamp")
    ('decimal', 'dateTime')
    """
    row = TABLE.get(datatype)
    return row.kind if row else ""


def is_valid(lexical: str, datatype: str) -> bool:
    """Tell whether a text is in the lexical space of a datatype; unknown datatypes accept any.

    >>> is_valid("1996", XSD + "gYear"), is_valid("1900-02-29", XSD + "date")
    (True, False)
    """
    expression = _expression(datatype)
    if expression is None:
        return True
    found = expression.fullmatch(lexical)
    if found is None:
        return False
    fault = TABLE[datatype].fault
    return fault is None or not fault(found)


def why_invalid(lexical: str, datatype: str) -> str:
    """Say in a few words why a text is not in the lexical space of a datatype; nothing where it is.

    >>> why_invalid("300", XSD + "unsignedByte"), why_invalid("1996-02-30", XSD + "date")
    ('out of range: more than 255', 'no such day: 1996-02-30')
    >>> why_invalid("1996 ", XSD + "gYear"), why_invalid("in 1996", XSD + "gYear")
    ('white space around it', 'not a year such as 1999')
    """
    expression = _expression(datatype)
    if expression is None:
        return ""
    row = TABLE[datatype]
    found = expression.fullmatch(lexical)
    if found:
        return row.fault(found) if row.fault else ""
    if lexical != lexical.strip() and is_valid(lexical.strip(), datatype):
        return "white space around it"
    return _looser_fault(lexical, row.pattern) or f"not {row.looks}"


def match(lexical: str, datatype: str) -> re.Match[str] | None:
    """Return the parts of a lexical form by their names, or None if it is none."""
    expression = _expression(datatype)
    return expression.fullmatch(lexical) if expression and is_valid(lexical, datatype) else None


@cache
def _known_expression(datatype: str) -> re.Pattern[str]:
    # Compiled when first used: all of them take longer than most runs need for their few.
    return re.compile(TABLE[datatype].pattern, re.ASCII)


def _expression(datatype: str) -> re.Pattern[str] | None:
    return _known_expression(datatype) if datatype in TABLE else None


def _looser_fault(lexical: str, pattern: str) -> str:
    for part, looser, words in _LOOSER:
        if part in pattern and re.fullmatch(pattern.replace(part, looser), lexical, re.ASCII):
            return words if part == _YEAR else f"{words}: {lexical}"
    return ""
