"""What stores do to literals, and what can be put right when they are read back."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad

from ..rdf.jsonld import EVIDENCE_DATATYPES
from ..rdf.quads import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..domain import PropertyShape

_INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger long int short byte "
        "unsignedLong unsignedInt unsignedShort unsignedByte"
    ).split()
)
_FLOATS = frozenset({XSD + "float", XSD + "double"})
_RISKY = (
    _INTEGERS | _FLOATS | {XSD + name for name in ("decimal", "boolean", "dateTime", "dateTimeStamp", "time")}
)
_CANONICAL_INTEGER = re.compile(r"0|-?[1-9][0-9]*")  # XSD 1.1 part 2, §3.4.13.2
_MOST_DIGITS = 18
_LONG_FRACTION = re.compile(r"\.[0-9]{16}")
_PREDICATE, _OBJECT = RDF + "predicate", RDF + "object"
_SOME = NamedNode("urn:x")

KINDS = ("oxigraph", "virtuoso")
"""The kinds of store of which it is known what they do to literals."""

# What ends a line of N-Triples and comes back from these kinds: whole numbers of up to nine digits where the
# datatype is kept or put right,
# short decimals without a zero at the end, years, and what is no number.
_OF_EVIDENCE = "|".join(
    re.escape(path) for path, datatype in EVIDENCE_DATATYPES.items() if datatype == XSD + "nonNegativeInteger"
)
_NINE_DIGITS = r'"(?:0|-?[1-9][0-9]{0,8})"'
_SHORT_DECIMAL = r'"-?(?:0|[1-9][0-9]{0,8})\.[0-9]{0,7}[1-9]"'
_TYPED = f'"^^<{XSD}'
_KEPT = re.compile(
    rf"(?: {_NINE_DIGITS}\^\^<{re.escape(XSD)}integer>| {_SHORT_DECIMAL}\^\^<{re.escape(XSD)}decimal>"
    rf"| <(?:{_OF_EVIDENCE})> {_NINE_DIGITS}\^\^<{re.escape(XSD)}nonNegativeInteger>"
    rf"|\^\^<{re.escape(XSD)}(?:gYear|gYearMonth|date|anyURI|language)>) \.$"
)


def datatypes_of(shapes: Iterable[PropertyShape]) -> dict[str, str]:
    """Return the datatype of each property that can only have whole numbers of one: of the evidence, and by
    the shapes given.
    """
    found: dict[str, set[str]] = {}
    for shape in shapes:
        found.setdefault(shape.path, set()).update(shape.datatypes)
    own = {path: next(iter(kinds)) for path, kinds in found.items() if len(kinds) == 1 and kinds <= _INTEGERS}
    return own | {path: datatype for path, datatype in EVIDENCE_DATATYPES.items() if datatype in _INTEGERS}


def restored(quads: Iterable[Quad], datatypes: Mapping[str, str]) -> list[Quad]:
    """Return an article's quads with the datatypes that their properties must have: stores keep numbers as
    their values.

    The object of a statement (``rdf:object``) gets the datatype of the property that the statement is about.
    """
    quads = list(quads)
    about = {
        quad.subject: quad.object.value
        for quad in quads
        if quad.predicate.value == _PREDICATE and isinstance(quad.object, NamedNode)
    }

    def property_of(quad: Quad) -> str:
        return about.get(quad.subject, _OBJECT) if quad.predicate.value == _OBJECT else quad.predicate.value

    return [
        Quad(
            quad.subject,
            quad.predicate,
            _restored(quad.object, datatypes.get(property_of(quad))),
            quad.graph_name,
        )
        if isinstance(quad.object, Literal)
        else quad
        for quad in quads
    ]


def _restored(literal: Literal, datatype: str | None) -> Literal:
    is_whole = datatype is not None and literal.datatype.value in (XSD + "integer", XSD + "decimal")
    if not is_whole or literal.datatype.value == datatype or not _CANONICAL_INTEGER.fullmatch(literal.value):
        return literal
    return Literal(literal.value, datatype=NamedNode(datatype or ""))


def may_change(lines: Iterable[str], kind: str) -> bool:
    """Tell whether lines of N-Triples may have literals for `changed` or `fits_updates` to look at: a quick
    look that is right of no.
    """
    return kind in KINDS and any(_TYPED in line and not _KEPT.search(line) for line in lines)


def changed(quads: Sequence[Quad], kind: str, datatypes: Mapping[str, str]) -> Iterator[Literal]:
    """Yield the literals that a store of a kind holds in another form, which cannot be put right when they
    are read back.

    Known are the ``KINDS``; of others nothing is said.
    """
    if kind not in KINDS:
        return
    about = {quad.subject: quad.object for quad in quads if quad.predicate.value == _PREDICATE}
    for quad in quads:
        literal = quad.object
        if isinstance(literal, Literal) and literal.datatype.value in _RISKY:
            named = about.get(quad.subject) if quad.predicate.value == _OBJECT else quad.predicate
            if _restored(_held(literal, kind), datatypes.get(getattr(named, "value", ""))) != literal:
                yield literal


def fits_updates(quads: Iterable[Quad], kind: str) -> bool:
    """Tell whether a store of a kind takes quads in an update: Virtuoso refuses whole numbers of more than 64
    bits there.
    """
    return kind != "virtuoso" or not any(
        isinstance(quad.object, Literal)
        and quad.object.datatype.value in _INTEGERS
        and len(quad.object.value) > _MOST_DIGITS
        for quad in quads
    )


@lru_cache(maxsize=10_000)
def _held(literal: Literal, kind: str) -> Literal:
    """The form in which a store holds a literal."""
    datatype = literal.datatype.value
    if kind == "virtuoso" and datatype in _INTEGERS:
        return _held_by_virtuoso(literal)
    if kind == "virtuoso" and (
        datatype in _FLOATS or (datatype == XSD + "decimal" and _LONG_FRACTION.search(literal.value))
    ):
        return Literal("")  # float and double are one there, and long fractions are cut
    if kind == "virtuoso" and datatype not in (XSD + "decimal", XSD + "boolean"):
        return literal
    if datatype == XSD + "integer" and _CANONICAL_INTEGER.fullmatch(literal.value):
        return literal
    store = pyoxigraph.Store()
    store.add(Quad(_SOME, _SOME, literal))
    [quad] = store
    assert isinstance(quad.object, Literal)
    return quad.object


def _held_by_virtuoso(literal: Literal) -> Literal:
    """Whole numbers of more than 32 bits become decimals; signs and zeros at the front go."""
    try:
        number = int(literal.value)
    except ValueError:
        return literal
    datatype = literal.datatype if -(2**31) <= number < 2**31 else NamedNode(XSD + "decimal")
    return Literal(str(number), datatype=datatype)
