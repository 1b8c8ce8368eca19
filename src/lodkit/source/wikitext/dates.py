"""Dates that templates are given in parts: their lexical forms, and the words that people see."""

from __future__ import annotations

import re
from typing import NamedTuple

_YEAR = re.compile(r"[0-9]{3,4}")
_NUMBER = re.compile(r"[0-9]{1,2}")


class Moment(NamedTuple):
    """A date of the proleptic Gregorian calendar, as precise as it was given (XSD 1.1 part 2, §3.3)."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def lexical(self) -> str:
        """The lexical form."""
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)

    @property
    def datatype(self) -> str:
        """The local name of the datatype in XML Schema."""
        return "gYear" if self.month is None else "gYearMonth" if self.day is None else "date"


def read_moment(year: str, month: str, day: str, *, months: tuple[str, ...]) -> Moment | None:
    """Return the date of a year, a month by number or name, and a day; None where they are no date."""
    if not _YEAR.fullmatch(year):
        return None
    number = _month(month, months)
    if number is None:
        return Moment(int(year)) if not month else None
    if not day:
        return Moment(int(year), number)
    return Moment(int(year), number, int(day)) if _NUMBER.fullmatch(day) and 1 <= int(day) <= 31 else None


def _month(words: str, months: tuple[str, ...]) -> int | None:
    if _NUMBER.fullmatch(words):
        return int(words) if 1 <= int(words) <= 12 else None
    low = words.casefold().rstrip(".")
    return next(
        (n for n, name in enumerate(months, 1) if len(low) > 2 and name.casefold().startswith(low)), None
    )


def date_words(moment: Moment, months: tuple[str, ...], *, day_first: bool) -> str:
    """Return a date as people write it, ``4 May 1872`` or ``May 4, 1872``; by numbers where the months have
    no names.
    """
    if moment.month is None:
        return str(moment.year)
    if len(months) != 12:
        return moment.lexical
    name = months[moment.month - 1]
    if moment.day is None:
        return f"{name} {moment.year}"
    return f"{moment.day} {name} {moment.year}" if day_first else f"{name} {moment.day}, {moment.year}"
