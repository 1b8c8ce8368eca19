"""Numbers: whole ones within bounds, decimals of any length, binary floating point of 32 and 64 bits."""

from __future__ import annotations

import math
from decimal import Decimal
from struct import pack, unpack

_LONGEST_BOUND = 20  # digits of the largest bound, that of unsignedLong


def out_of_range(lexical: str, low: int | None, high: int | None) -> str:
    """Say which bound (both inclusive) a whole number breaks; nothing where it keeps them."""
    digits = lexical.lstrip("+-0")
    size: float = int(digits or 0) if len(digits) <= _LONGEST_BOUND else math.inf
    number = -size if lexical[0] == "-" else size
    if low is not None and number < low:
        return f"out of range: less than {low}"
    return f"out of range: more than {high}" if high is not None and number > high else ""


def single(lexical: str) -> float:
    """Return the 32-bit floating-point number nearest to a decimal or a float (XSD 1.1 part 2, §E.2).

    >>> single("16777217"), single("1e39")
    (16777216.0, inf)
    """
    double = float(lexical)
    if math.isinf(double) or math.isnan(double) or not double:
        return double
    double = _to_odd(double, Decimal(lexical))
    try:
        return float(unpack(">f", pack(">f", double))[0])
    except OverflowError:
        return math.copysign(math.inf, double)


def _to_odd(double: float, exact: Decimal) -> float:
    """The neighbour of an inexact number whose last bit is set: rounded to 32 bits it gives what the exact
    number does, where the nearest 64-bit number would be rounded twice.
    """
    error = exact.compare(Decimal(double))
    is_even = not unpack(">q", pack(">d", double))[0] & 1
    return math.nextafter(double, math.copysign(math.inf, error)) if error and is_even else double
