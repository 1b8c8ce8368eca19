"""Typed parameters: from the words of a user to checked terms, put into the query as whole tokens."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..xsd import EDTF, XSD, is_valid, kind_of, why_invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Term = NamedNode | Literal

_LONGEST_INTEGER = 18
_LONGEST_YEAR = 4
_AS_THEY_STAND = ("string", "xsd:string", "xsd:normalizedString")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the header declares it; ``class_iri`` is the class (a CURIE or an IRI) whose instances a
    name may stand for.
    """

    name: str
    type: str
    description: str
    required: bool = False
    default: str | None = None
    class_iri: str | None = None


@dataclass(frozen=True, slots=True)
class ParameterType:
    """How a type reads a value, and a sample of it."""

    parse: Callable[[str], Term]
    sample: Term


def _of(datatype: str, text: str) -> Literal:
    """A literal of a datatype; `lodkit.xsd` says what is wrong with its text."""
    if fault := why_invalid(text, datatype):
        raise ValueError(fault)
    return Literal(text, datatype=NamedNode(datatype))


def _integer(text: str) -> Literal:
    number = _of(XSD + "integer", text)
    if len(number.value.lstrip("+-0")) > _LONGEST_INTEGER:
        raise ValueError(f"more than {_LONGEST_INTEGER} digits")
    return Literal(str(int(number.value)), datatype=number.datatype)


def _year(text: str) -> Literal:
    if len(text.lstrip("-")) > _LONGEST_YEAR or why_invalid(text, XSD + "integer") or text[0] == "+":
        raise ValueError("not a year from -9999 to 9999")
    return _integer(text)


def _language(text: str) -> Literal:
    return Literal(_of(XSD + "language", text).value.lower())  # RFC 4647 §2.1 has the same form


def _boolean(text: str) -> Literal:
    return _of(XSD + "boolean", text.lower())


def _string(text: str) -> Literal:
    return Literal(unicodedata.normalize("NFC", text))


TYPES: Mapping[str, ParameterType] = {
    "iri": ParameterType(NamedNode, NamedNode("urn:x")),
    "string": ParameterType(_string, Literal("x")),
    "integer": ParameterType(_integer, _integer("1")),
    "year": ParameterType(_year, _integer("1999")),
    "date": ParameterType(
        partial(_of, XSD + "date"), Literal("1999-12-31", datatype=NamedNode(XSD + "date"))
    ),
    "language": ParameterType(_language, Literal("en")),
    "boolean": ParameterType(_boolean, Literal("true", datatype=NamedNode(XSD + "boolean"))),
    "edtf": ParameterType(partial(_of, EDTF), Literal("199X", datatype=NamedNode(EDTF))),
}
"""The types that have names of their own; the others are those of XML Schema, ``xsd:…``."""

_SAMPLES = (
    *("1", "-1", "x", "P1Y", "P1D", "1999-12-31T23:59:59Z", "1999-12-31", "23:59:59", "1999-12", "1999"),
    *("--12-31", "--12", "---31", "00"),
)


@cache
def parameter_type(name: str) -> ParameterType | None:
    """Return a type by its name in headers, such as ``year`` or ``xsd:gYear``; None if there is none."""
    datatype = XSD + name.removeprefix("xsd:")
    if name in TYPES or not name.startswith("xsd:") or not kind_of(datatype):
        return TYPES.get(name)
    sample = next(text for text in _SAMPLES if is_valid(text, datatype))
    return ParameterType(partial(_of, datatype), Literal(sample, datatype=NamedNode(datatype)))


def parse_value(type_name: str, text: str) -> Term:
    """Read a value of a type.

    >>> str(parse_value("year", "1999"))
    '"1999"^^<http://www.w3.org/2001/XMLSchema#integer>'

    >>> str(parse_value("xsd:gYear", "-0043"))
    '"-0043"^^<http://www.w3.org/2001/XMLSchema#gYear>'

    Raises:
        ValueError: the text is no value of that type; says why.
    """
    found = parameter_type(type_name)
    if found is None:
        raise ValueError(f"there is no type {type_name}")
    return found.parse(text if type_name in _AS_THEY_STAND else text.strip())
