"""Literals as values: whether they are well-formed, and which of two comes first (`lodkit.xsd`)."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from ..xsd import Value, compare, is_valid, line_of, value

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from ..domain.graph import Term

_FEW = 1_000  # comparisons that take less time than sorting
_SLOW = 10  # steps that a comparison stands for, of values that do not lie on a line


@lru_cache(maxsize=65_536)
def is_well_formed(lexical: str, datatype: str) -> bool:
    """Tell whether a text is a lexical form of a datatype; of an unknown one any is."""
    return is_valid(lexical, datatype)


def order(one: Term, other: Term) -> int | None:
    """Return -1, 0 or 1 as a literal is less than, equal to or greater than another, None where it is
    neither.

    SHACL compares as SPARQL does (§4.3, §4.5.3), and texts with a language are not comparable there.
    """
    left, right = _comparable(one), _comparable(other)
    return None if left is None or right is None else compare(left, right)


def not_in_order(
    values: Sequence[Term], others: Sequence[Term], allowed: tuple[int, ...], spend: Callable[[int], None]
) -> Iterator[int]:
    """Yield, for each of some values, of how many others its `order` is none of those that are ``allowed``:
    -1, or -1 and 0. ``spend`` is told how many steps that takes.
    """
    if len(values) * len(others) <= _FEW:
        spend(len(values) * len(others))
        yield from (sum(order(one, other) not in allowed for other in others) for one in values)
        return
    lines: defaultdict[Hashable, list[Value]] = defaultdict(list)
    apart: list[Value] = []
    lacking = 0  # those that are not comparable with anything
    for found in map(_comparable, others):
        if found is None:
            lacking += 1
        elif (line := line_of(found)) is None:
            apart.append(found)
        else:
            lines[line].append(found)
    for of_line in lines.values():
        of_line.sort(key=lambda found: found.order)
    for own in map(_comparable, values):
        spend(1 + len(lines) * len(others).bit_length() + _SLOW * len(apart))
        if own is None:
            yield len(others)
        else:
            wrong = sum(compare(own, other) not in allowed for other in apart)
            yield lacking + wrong + sum(_first_after(own, line, allowed) for line in lines.values())


def _first_after(own: Value, line: Sequence[Value], allowed: tuple[int, ...]) -> int:
    """How many values on a line come before the first one that a value may stand before, or with."""
    return bisect_left(line, True, key=lambda other: compare(own, other) in allowed)


def _comparable(term: Term) -> Value | None:
    """The value of a term that can be compared; those of texts with a language cannot (SPARQL §17.3)."""
    if not isinstance(term, Literal) or term.language:
        return None
    return _value(term.value, term.datatype.value)


@lru_cache(maxsize=65_536)
def _value(lexical: str, datatype: str) -> Value | None:
    return value(lexical, datatype)
