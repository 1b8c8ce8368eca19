"""The calendar of XML Schema 1.1: proleptic Gregorian, years of any length before and after 0000, which is
1 BC, and the time line of its seven-property model (part 2, §D.2 and §E.3).
"""

from __future__ import annotations

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Decimals of any length, without rounding; its work is linear in the digits where one operand is short."""

DAY = 86_400
"""Seconds of a day; there are no leap seconds (XSD 1.1 part 2, §D.2.1)."""

CYCLE_MONTHS, CYCLE_DAYS = 4_800, 146_097
"""After 400 years the calendar repeats."""

Moment = tuple["int | Decimal", int, Decimal]
"""A point of the time line: spans of 10^16 years, seconds from the beginning of the span, and the fraction of
a second. The first two are kept apart so that a year of a million digits takes no more than linear work.
"""

_YEAR_DIGITS = 16
_SPAN = 10**_YEAR_DIGITS // 400 * CYCLE_DAYS * DAY
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NOTHING = Decimal(0)
_ABSENT_YEAR = "1972"  # §E.3.4 takes 1971 + 1, a leap year, where a type has no year


def is_leap(year: int) -> bool:
    """Tell whether a year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(month: int, *, leap: bool) -> int:
    """Return the days of a month, from 1 to 12."""
    return 29 if month == 2 and leap else _LENGTHS[month - 1]


def days_before(year: int, month: int, day: int) -> int:
    """Return the days from 1 March 0000 to a day; negative before it."""
    counted, shifted = (year, month - 3) if month > 2 else (year - 1, month + 9)
    century = counted // 100
    return counted * 365 + counted // 4 - century + century // 4 + (153 * shifted + 2) // 5 + day - 1


def leaps(year: str) -> bool:
    """Tell whether a year of any number of digits is a leap year."""
    return is_leap(int(year[-4:].lstrip("-")))


def moment(found: Mapping[str, str | None]) -> Moment:
    """Return where the parts of a date or a time (year, month, day, hour, minute, second, fraction, zone) lie
    on the time line (§E.3.4). A date lies where it begins; what a type leaves out is the end of 1972.
    """
    year = found.get("year") or _ABSENT_YEAR
    month = int(found.get("month") or 12)
    day = int(found.get("day") or month_length(month, leap=leaps(year)))
    hour = int(found.get("hour") or 0)
    if not found.get("year"):
        hour %= 24  # 24:00:00 of a time is 00:00:00, there is no next day (§3.3.8.2)
    span, rest = _split(year)
    seconds = days_before(rest, month, day) * DAY + hour * 3_600
    seconds += int(found.get("minute") or 0) * 60 + int(found.get("second") or 0)
    seconds -= (zone_minutes(found.get("zone")) or 0) * 60
    fraction = Decimal(found.get("fraction") or 0)
    return _normal(span, seconds, fraction)


def shifted(point: Moment, minutes: int) -> Moment:
    """Return the moment some minutes later."""
    return _normal(point[0], point[1] + minutes * 60, point[2])


def zone_minutes(zone: str | None) -> int | None:
    """Return the minutes that a time zone is ahead of UTC, or None without one."""
    if not zone:
        return None
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return -minutes if zone[0] == "-" else minutes


def _split(year: str) -> tuple[int | Decimal, int]:
    """A year as spans of 10^16 years and what is left; both have its sign."""
    sign, digits = (-1, year[1:]) if year[0] == "-" else (1, year)
    if len(digits) <= _YEAR_DIGITS:
        return 0, sign * int(digits)
    spans = Decimal(digits[:-_YEAR_DIGITS])
    return spans.copy_negate() if sign < 0 else spans, sign * int(digits[-_YEAR_DIGITS:])


def _normal(span: int | Decimal, seconds: int, fraction: Decimal) -> Moment:
    carried, seconds = divmod(seconds, _SPAN)
    return EXACT.add(Decimal(span), Decimal(carried)) if carried else span, seconds, fraction


def months_later(year: int, month: int, months: int) -> int:
    """Return the days from the first of a month to the first of the month that comes some months later."""
    years, index = divmod(month - 1 + months, 12)
    return days_before(year + years, index + 1, 1) - days_before(year, month, 1)
