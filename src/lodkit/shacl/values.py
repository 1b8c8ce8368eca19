"""Literals as values: whether they are well-formed, and which of two comes first (`lodkit.xsd`)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from ..xsd import Value, compare, is_valid, value

if TYPE_CHECKING:
    from ..domain.graph import Term


@lru_cache(maxsize=65_536)
def is_well_formed(lexical: str, datatype: str) -> bool:
    """Tell whether a text is a lexical form of a datatype; of an unknown one any is."""
    return is_valid(lexical, datatype)


def order(one: Term, other: Term) -> int | None:
    """Return -1, 0 or 1 as a literal is less than, equal to or greater than another, None where it is
    neither.

    SHACL compares as SPARQL does (§4.3, §4.5.3), and texts with a language are not comparable there.
    """
    if not isinstance(one, Literal) or not isinstance(other, Literal) or one.language or other.language:
        return None
    left, right = _value(one.value, one.datatype.value), _value(other.value, other.datatype.value)
    if left is None or right is None:
        return None
    return compare(left, right)


@lru_cache(maxsize=65_536)
def _value(lexical: str, datatype: str) -> Value | None:
    return value(lexical, datatype)
