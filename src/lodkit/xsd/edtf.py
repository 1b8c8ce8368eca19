"""The Extended Date/Time Format (https://www.loc.gov/standards/datetime/, ISO 8601-2:2019), levels 0 to 2:
what is a form of it, and the stretch of days that a form may mean.

A stretch is given by its earliest and its latest day, each as (year, month, day); 31 stands for the last day
of any month. Seasons of no hemisphere may lie anywhere in their year; a summer or a winter may go on into the
next February.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from .calendar import EXACT, is_leap, month_length

Day = tuple["int | Decimal", int, int]
Stretch = tuple[Day, Day]

ALWAYS: Day = (Decimal("Infinity"), 0, 0)
NEVER: Day = (Decimal("-Infinity"), 0, 0)

_MARK = "[?~%]?"
_TWO = "[0-9X]{2}"
_DATE = re.compile(
    rf"{_MARK}(?P<year>-?[0-9X]{{4}}){_MARK}"
    rf"(?:-{_MARK}(?P<month>{_TWO}){_MARK}(?:-{_MARK}(?P<day>{_TWO}){_MARK})?)?"
)
_YEAR = re.compile(
    rf"{_MARK}(?:Y(?P<minus>-?)(?P<digits>[1-9][0-9]{{4,}}+|[1-9][0-9]*+(?=E))(?:E(?P<exponent>[1-9][0-9]*+))?"
    rf"|(?P<short_minus>-?)(?P<short>[0-9]{{4}})(?=S))(?:S(?P<significant>[1-9][0-9]*+))?{_MARK}"
)
_TIME = re.compile(
    r"(?P<date>-?[0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:Z|[+-](?:0[0-9]|1[0-4])(?::[0-5][0-9])?)?"
)
_LONGEST_EXPONENT = 15  # digits: beyond it nothing is said of where a year lies
_ZEROS = 30  # significant digits beyond those written that are told apart

# The months of level 2's parts of a year; 14 is February of the next one.
_PARTS_OF_YEAR = {
    21: (1, 12), 22: (1, 14), 23: (1, 12), 24: (1, 14),
    25: (3, 5), 26: (6, 8), 27: (9, 11), 28: (12, 14), 29: (9, 11), 30: (12, 14), 31: (3, 5), 32: (6, 8),
    33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12), 37: (1, 4), 38: (5, 8), 39: (9, 12),
    40: (1, 6), 41: (7, 12),
}  # fmt: skip


class _FormError(ValueError):
    """A text that is no form of EDTF, and why."""


def fault(text: str) -> str:
    """Say why a text is no form of EDTF; nothing where it is."""
    try:
        stretch(text)
    except _FormError as error:
        return str(error)
    return ""


def stretch(text: str) -> Stretch:
    """Return the earliest and the latest day that a form of EDTF may mean.

    >>> stretch("199X"), stretch("2004-06/..")[0]
    (((1990, 1, 1), (1999, 12, 31)), (2004, 6, 1))

    Raises:
        ValueError: it is no form of EDTF.
    """
    if text[:1] + text[-1:] in ("[]", "{}"):
        return _set(text[1:-1].split(","))
    if "/" in text:
        return _interval(text.split("/"))
    time = _TIME.fullmatch(text)
    return _point(time["date"] if time else text)


def _interval(ends: list[str]) -> Stretch:
    """Level 0 and 1: two dates, one of which may be open (``..``) or unknown (nothing)."""
    if len(ends) != 2 or not set(ends) - {"", ".."}:
        raise _FormError("not an interval of two dates")
    first, last = ("" if end == ".." else end for end in ends)
    return _between(first, last)


def _between(first: str, last: str) -> Stretch:
    begin = _point(first) if first else (NEVER, NEVER)
    end = _point(last) if last else (ALWAYS, ALWAYS)
    if end[1] < begin[0]:
        raise _FormError("the interval ends before it begins")
    return begin[0], end[1]


def _set(members: list[str]) -> Stretch:
    """Level 2: one of some dates, or all of them; ``..`` stands between two dates, or before the first or
    after the last.
    """
    stretches = []
    for at, member in enumerate(members):
        first, dots, last = member.partition("..")
        may_open = (first or at == 0) and (last or at == len(members) - 1)
        if dots and not (may_open and (first or last)):
            raise _FormError("a set is open before its first or after its last date only")
        stretches.append(_between(first, last) if dots else _point(member))
    return min(begin for begin, _ in stretches), max(end for _, end in stretches)


def _point(text: str) -> Stretch:
    if found := _DATE.fullmatch(text):
        return _date(found["year"], found["month"], found["day"])
    if found := _YEAR.fullmatch(text):
        return _year(found)
    raise _FormError("not of the form 1985-04-12, 198X, 1984~ or 2004/..")


def _date(year: str, month: str | None, day: str | None) -> Stretch:
    low, high = sorted(int(year.replace("X", digit)) for digit in "09")
    if month is None:
        return (low, 1, 1), (high, 12, 31)
    if month.isdigit() and int(month) in _PARTS_OF_YEAR:
        if day is not None:
            raise _FormError("a part of a year has no days")
        first, last = _PARTS_OF_YEAR[int(month)]
        return (low, first, 1), (high + (last > 12), last - 12 * (last > 12), 31)
    months = _fitting(month, 1, 12)
    if not months:
        raise _FormError(f"no such month: {month}")
    if day is None:
        return (low, months[0], 1), (high, months[-1], 31)
    longest = max(month_length(month, leap=_may_leap(year)) for month in months)
    days = _fitting(day, 1, longest)
    if not days:
        raise _FormError(f"no such day: {year}-{month}-{day}")
    return (low, months[0], days[0]), (high, months[-1], days[-1])


@lru_cache(maxsize=1024)
def _fitting(text: str, low: int, high: int) -> tuple[int, ...]:
    """The numbers of two digits that a text with X for unknown digits may mean, both bounds included."""
    fits = re.compile(text.replace("X", "[0-9]")).fullmatch
    return tuple(number for number in range(low, high + 1) if fits(f"{number:02}"))


@lru_cache(maxsize=1024)
def _may_leap(year: str) -> bool:
    years = _fitting(year[-2:], 0, 99)
    return any(is_leap(century * 100 + y) for century in _fitting(year[-4:-2], 0, 99) for y in years)


def _year(found: re.Match[str]) -> Stretch:
    """A year of more than four digits, or with an exponent (``Y17E7``), or with some significant digits
    (``1950S2``).
    """
    digits, exponent = found["digits"] or found["short"], found["exponent"] or "0"
    minus, significant = found["minus"] or found["short_minus"] or "", found["significant"]
    if len(exponent) > _LONGEST_EXPONENT:
        return NEVER, ALWAYS
    scale = int(exponent)
    if significant is None:
        year = Decimal(f"{minus}{digits}E{scale}")
        return (year, 1, 1), (year, 12, 31)
    total = len(digits) + scale
    known = min(int(significant) if len(significant) <= _LONGEST_EXPONENT else total, total)
    known = min(known, len(digits) + _ZEROS)
    leading = Decimal(digits[:known].ljust(known, "0"))
    low = EXACT.scaleb(leading, total - known)
    high = EXACT.scaleb(EXACT.add(leading, Decimal(1)), total - known)
    # Not a day of the year before or after, but what lies between them.
    return (
        ((high.copy_negate(), 13, 0), (low.copy_negate(), 12, 31)) if minus else ((low, 1, 1), (high, 0, 0))
    )
