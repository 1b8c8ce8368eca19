"""Terms and triples as they stand in SPARQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from .quads import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable

_ESCAPE = re.compile(r"\\\\(?P<letter>[uU])|\\u(?P<code>[0-9A-Fa-f]{4})|\\.", re.DOTALL)


def serialize(term: NamedNode | Literal) -> str:
    """Write a term as one SPARQL token, plain digits for an integer.

    Engines may read code point escapes before all else (SPARQL 1.1 §19.2): a backslash before ``u`` must not
    look like one,
    and each has eight digits, since rdflib takes up to eight after either letter.

    >>> serialize(Literal('say "hello"'))
    '"say \\\\"hello\\\\""'
    """
    if isinstance(term, Literal) and term.datatype.value == XSD + "integer":
        return term.value
    return _ESCAPE.sub(_unambiguous, str(term))


def triples_block(lines: Iterable[str]) -> str:
    """Return lines of N-Triples as the inside of ``INSERT DATA``; they hold no blank nodes."""
    return _ESCAPE.sub(_unambiguous, "\n".join(lines))


def _unambiguous(escape: re.Match[str]) -> str:
    if escape["letter"]:
        return rf"\\\U{ord(escape['letter']):08X}"
    return rf"\U{int(escape['code'], 16):08X}" if escape["code"] else escape[0]
