"""Typed parameters: from the words of a user to checked terms, put into the query as whole tokens."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

XSD = "http://www.w3.org/2001/XMLSchema#"
Term = NamedNode | Literal


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


def _integer(text: str) -> Literal:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise ValueError("not a whole number")
    return Literal(str(int(text)), datatype=NamedNode(XSD + "integer"))


def _year(text: str) -> Literal:
    if not re.fullmatch(r"-?[0-9]{1,4}", text):
        raise ValueError("not a year from -9999 to 9999")
    return _integer(text)


def _date(text: str) -> Literal:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("not a date of the form 1999-12-31")
    return Literal(date.fromisoformat(text).isoformat(), datatype=NamedNode(XSD + "date"))


def _language(text: str) -> Literal:
    if not re.fullmatch(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", text):  # RFC 4647 §2.1
        raise ValueError("not a language tag such as en or pt-BR")
    return Literal(text.lower())


def _boolean(text: str) -> Literal:
    if text.lower() not in ("true", "false"):
        raise ValueError("neither true nor false")
    return Literal(text.lower(), datatype=NamedNode(XSD + "boolean"))


def _string(text: str) -> Literal:
    return Literal(unicodedata.normalize("NFC", text))


TYPES: Mapping[str, ParameterType] = {
    "iri": ParameterType(NamedNode, NamedNode("urn:x")),
    "string": ParameterType(_string, Literal("x")),
    "integer": ParameterType(_integer, _integer("1")),
    "year": ParameterType(_year, _integer("1999")),
    "date": ParameterType(_date, _date("1999-12-31")),
    "language": ParameterType(_language, Literal("en")),
    "boolean": ParameterType(_boolean, _boolean("true")),
}


def parse_value(type_name: str, text: str) -> Term:
    """Read a value of a type.

    >>> str(parse_value("year", "1999"))
    '"1999"^^<http://www.w3.org/2001/XMLSchema#integer>'

    Raises:
        ValueError: the text is no value of that type.
    """
    return TYPES[type_name].parse(text.strip() if type_name != "string" else text)
