"""Durations: months and seconds, ordered by what they make of four dates (XSD 1.1 part 2, §3.3.6.1)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from .calendar import CYCLE_DAYS, CYCLE_MONTHS, DAY, EXACT, months_later

if TYPE_CHECKING:
    from collections.abc import Mapping

_STARTS = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))
_CYCLE_SECONDS = Decimal(CYCLE_DAYS * DAY)


def total(found: Mapping[str, str | None]) -> tuple[Decimal, Decimal]:
    """Return the months and the seconds of a duration's parts (§E.2.1); both have its sign."""
    parts = {name: Decimal(found.get(name) or 0) for name in ("years", "months", "days", "hours", "minutes")}
    months = EXACT.fma(parts["years"], Decimal(12), parts["months"])
    hours = EXACT.fma(parts["days"], Decimal(24), parts["hours"])
    minutes = EXACT.fma(hours, Decimal(60), parts["minutes"])
    seconds = EXACT.fma(minutes, Decimal(60), Decimal(found.get("seconds") or 0))
    return (months.copy_negate(), seconds.copy_negate()) if found["sign"] else (months, seconds)


def later(months: Decimal, seconds: Decimal) -> tuple[Decimal, ...]:
    """Return by how many seconds a duration puts off each of the four dates of the specification."""
    cycles, rest = EXACT.divmod(months, Decimal(CYCLE_MONTHS))
    base = EXACT.fma(cycles, _CYCLE_SECONDS, seconds)
    shifts = (months_later(year, month, int(rest)) * DAY for year, month in _STARTS)
    return tuple(EXACT.add(base, Decimal(shift)) for shift in shifts)
