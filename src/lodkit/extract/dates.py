"""Read dates as precise as the text and no more.

Dates are [XSD 1.1 date types](https://www.w3.org/TR/xmlschema11-2/) or
[EDTF](https://www.loc.gov/standards/datetime/)
up to level 1. Years before Christ are astronomical, as XSD 1.1 and EDTF number them: 1 BC is ``0000``, 44 BC
is ``-0043``.
Month names come from the caller.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from lodkit.statement import Span
from lodkit.xsd import EDTF, XSD
from lodkit.xsd.calendar import is_leap, month_length

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    _Reader: TypeAlias = Callable[[re.Match[str], "_Grammar"], "_Time | None"]

DATE, YEAR_MONTH, YEAR = XSD + "date", XSD + "gYearMonth", XSD + "gYear"

_LONGEST_PREFIX = 40
_DOUBT = re.compile(r"\s?(?:\?|\(\?\))")


@dataclass(frozen=True, slots=True)
class Value:
    """A value as read: where it stands, its lexical form and datatype.

    ``lexical`` is ``None`` for what the datatype refuses, and ``reason`` then says why. ``note`` is text that
    the lexical form does
    not say. ``exact`` is false where the text says *about* or *over*. ``parts`` are the plain dates inside an
    interval or
    after a word like *since*, for a caller that reads that word itself.
    """

    span: Span
    lexical: str | None
    datatype: str
    note: str = ""
    exact: bool = True
    reason: str = ""
    parts: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class DateWords:
    """The words around dates, in lower case; each field is a set of alternatives."""

    approximate: tuple[str, ...] = ("circa", "ca.", "ca", "c.", "around", "about", "approximately", "~")
    until: tuple[str, ...] = ("until", "till", "before", "by", "up to")
    since: tuple[str, ...] = ("since", "after")
    start: tuple[str, ...] = ("from",)
    between: tuple[str, ...] = ("between",)
    to: tuple[str, ...] = ("to", "until", "till", "through")
    conjunction: tuple[str, ...] = ("and",)
    present: tuple[str, ...] = ("present", "now", "today", "date", "ongoing")
    portion: tuple[str, ...] = ("early", "mid", "late", "beginning of", "end of", "middle of", "start of")
    before_era: tuple[str, ...] = ("bce", "bc", "b.c.e.", "b.c.")
    era: tuple[str, ...] = ("ce", "ad", "a.d.", "c.e.")
    century: tuple[str, ...] = ("century",)
    # EDTF level 1: 21 spring, 22 summer, 23 autumn, 24 winter, whichever the hemisphere.
    seasons: tuple[tuple[str, int], ...] = (
        ("spring", 21),
        ("summer", 22),
        ("autumn", 23),
        ("fall", 23),
        ("winter", 24),
    )


WORDS = DateWords()


# ---- points in time ----


@dataclass(frozen=True, slots=True)
class _Time:
    """A point or interval of the calendar; ``edtf`` is the whole form of a decade, century or season."""

    year: int = 0
    month: int = 0
    day: int = 0
    edtf: str = ""
    note: str = ""
    approximate: bool = False
    end: _Time | None = None
    open: str = ""

    @property
    def key(self) -> tuple[int, ...]:
        return (self.year, *filter(None, (self.month, self.day)))


def _written(time: _Time) -> str:
    year = f"-{-time.year:04d}" if time.year < 0 else f"{time.year:04d}"
    plain = time.edtf or "-".join([year, *(f"{part:02d}" for part in (time.month, time.day) if part)])
    return plain + "~" * time.approximate


def _problem(time: _Time) -> str:
    """Why this is no stretch of the calendar; empty where it is one."""
    if time.edtf:
        return ""
    if time.month > 12 or (time.day and time.day > month_length(time.month, leap=is_leap(time.year))):
        return f"no such day: {_written(time)}"
    if time.end is None:
        return ""
    common = min(len(time.key), len(time.end.key))
    backwards = time.key[:common] > time.end.key[:common]
    return _problem(time.end) or ("the interval ends before it begins" if backwards else "")


def _simple(time: _Time) -> bool:
    return not (time.edtf or time.end or time.open)


def _value(time: _Time, span: Span, parts: tuple[Value, ...] = ()) -> Value:
    problem = _problem(time)
    plain = DATE if time.day else YEAR_MONTH if time.month else YEAR
    datatype = plain if _simple(time) and not time.approximate else EDTF
    lexical = time.open.format(_written(time)) if time.open else _written(time)
    if time.end:
        lexical += "/" + _written(time.end)
    return Value(span, None if problem else lexical, datatype, note=time.note, reason=problem, parts=parts)


# ---- what a date looks like ----


@dataclass(frozen=True, slots=True)
class _Forms:
    """The shapes that a date takes in one kind of text, first match first, and what leaves an interval
    open.
    """

    shapes: tuple[tuple[re.Pattern[str], _Reader], ...]
    open_end: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The patterns of one set of month names and words."""

    months: Mapping[str, int]
    begin: re.Pattern[str]
    prefix: re.Pattern[str]
    joint: re.Pattern[str]
    inner: re.Pattern[str]
    prose: _Forms
    row: _Forms
    seasons: Mapping[str, int]

    def month(self, name: str | None) -> int:
        return self.months[name.lower()] if name else 0


def alternatives(words: Collection[str]) -> str:
    """Return a pattern that matches any of the words, the longest first; nothing where there is none."""
    return (
        "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
        or r"(?!)"
    )


def _year(digits: str, match: re.Match[str]) -> int:
    """The astronomical year: n BC is 1 - n (XSD 1.1 part 2, D.1)."""
    return 1 - int(digits) if match.groupdict().get("bc") else int(digits)


def _read_date(match: re.Match[str], grammar: _Grammar) -> _Time | None:
    found = match.groupdict()
    month = grammar.month(found.get("month")) or int(found.get("m") or 0)
    day = found.get("day")
    if not found["year"].strip("0") or (found.get("m") and not day and not 1 <= month <= 12):
        return None
    # "0 May" and month 13 are kept as days that do not exist, to be rejected with a reason.
    return _Time(_year(found["year"], match), month if month or not day else 13, int(day) or 99 if day else 0)


def _read_whole_year(match: re.Match[str], grammar: _Grammar) -> _Time | None:
    """A year of any length, where nothing but words like *circa* comes before it."""
    words = grammar.prefix.search(match.string, max(0, match.start() - _LONGEST_PREFIX), match.start())
    before = match.string[: words.start() if words else match.start()]
    return None if before.strip() else _read_date(match, grammar)


def _read_range(match: re.Match[str], grammar: _Grammar) -> _Time:
    """A range whose ends share a year or a month: ``5 May – 8 June 1990``, ``30–31 December 1917``,
    ``May–June 1990``.
    """
    found = match.groupdict()
    year = _year(found["year"], match)
    month, month1 = grammar.month(found.get("month")), grammar.month(found.get("month1"))
    return _Time(
        year,
        month1 or month,
        int(found.get("day1") or 0),
        end=_Time(year, month or month1, int(found.get("day") or 0)),
    )


def _read_short_range(match: re.Match[str], _: _Grammar) -> _Time | None:
    """``1948–56``: the end has the century of the start, and comes after it."""
    start = int(match["year"])
    end = start - start % 100 + int(match["short"])
    return _Time(start, end=_Time(end)) if end > start else None


def _read_bc_range(match: re.Match[str], _: _Grammar) -> _Time:
    return _Time(_year(match["first"], match), end=_Time(_year(match["year"], match)))


def _read_decade(match: re.Match[str], _: _Grammar) -> _Time:
    """``1990s`` is ``199X``; ``1900s``, which may mean the century, is ``19XX``, where both lie."""
    digits = match["year"]
    century = digits.endswith("00") and int(digits) < 2000
    return _Time(edtf=digits[:2] + "XX" if century else digits[:3] + "X")


def _read_century(match: re.Match[str], _: _Grammar) -> _Time | None:
    number = int(match["century"]) - 1
    if not 0 <= number < 30 or (match["bc"] and number == 0):
        return None
    return _Time(edtf=f"{'-' if match['bc'] else ''}{number:02d}XX")


def _read_season(match: re.Match[str], grammar: _Grammar) -> _Time:
    return _Time(edtf=f"{match['year']}-{grammar.seasons[match['season'].lower()]}")


@lru_cache(maxsize=8)
def _grammar(items: tuple[tuple[str, int], ...], words: DateWords) -> _Grammar:
    names = alternatives([form for name, _ in items for form in (name.capitalize(), name.upper())])
    seasons = alternatives([form for name, _ in words.seasons for form in (name, name.capitalize())])
    eras = alternatives([word.upper() for word in words.era])
    present, to = alternatives(words.present), alternatives(words.to)
    shapes, loose = _shapes(names, seasons, words)
    lead = "|".join(
        f"(?P<{name}>{alternatives(getattr(words, name))})" for name in ("until", "since", "start", "between")
    )
    portion, approximate = alternatives(words.portion), alternatives(words.approximate)
    own = (
        rf"(?:(?:the\s)?(?P<portion>{portion})(?:\s(?:the\s)?|-))?"
        rf"(?:(?P<approximate>{approximate})\s?(?:the\s)?)?"
    )
    ongoing = rf"(?:\s?[-–—]\s?|\s(?:{to})\s(?:the\s)?)(?:{present})\b"
    return _Grammar(
        months=dict(items),
        begin=re.compile(
            rf"(?<![\w$€£₴¥#№/+−])(?<!\d[-–—.,:])(?<!№\s)(?:[0-9]|(?:{names}|{seasons}|{eras})(?!\w))"
        ),
        prefix=re.compile(rf"(?<![\w-])(?:(?:{lead})\s{{1,2}})?{own}$", re.IGNORECASE),
        joint=re.compile(
            rf"\s?[-–—]\s?|\s(?:{to})\s|\s(?P<and>{alternatives(words.conjunction)})\s", re.IGNORECASE
        ),
        inner=re.compile(own, re.IGNORECASE),
        prose=_Forms(shapes, re.compile(ongoing, re.IGNORECASE)),
        row=_Forms(shapes + loose, re.compile(rf"{ongoing}|\s?[-–—]\s*$", re.IGNORECASE)),
        seasons=dict(words.seasons),
    )


def _shapes(
    names: str, seasons: str, words: DateWords
) -> tuple[tuple[tuple[re.Pattern[str], _Reader], ...], ...]:
    """The table of dates in prose, and what a row may hold besides."""
    bc, ad = (alternatives([word.upper() for word in eras]) for eras in (words.before_era, words.era))
    to = rf"(?:\s?[-–—/]\s?|\s(?:{alternatives(words.to)})\s)"
    era = rf"\s?(?:(?P<bc>{bc})|{ad})(?!\w)"
    year = rf"(?P<year>[12][0-9]{{3}}(?!\w|[.,][0-9])|[0-9]{{1,4}}(?=\s?(?:{bc}|{ad})(?!\w)))(?:{era})?"
    month, month1, month2 = (rf"(?P<{group}>{names})\b\.?" for group in ("month", "month1", "month"))
    day, day1 = (rf"(?P<{group}>[0-9]{{1,2}})(?:st|nd|rd|th)?" for group in ("day", "day1"))
    gap = r"\s{1,2}"
    comma, of = rf",?{gap}", rf"{gap}(?:of{gap})?"
    later = (
        rf"(?={to}(?:(?:[0-9]{{1,2}}\s)?(?:{names})|"
        rf"[12][0-9]{{3}}(?!\w)|(?i:{alternatives(words.present)})\b))"
    )
    century = (
        rf"(?P<century>[0-9]{{1,2}})(?:st|nd|rd|th)[\s-](?:{alternatives(words.century)})\b"
        rf"(?:\s(?P<bc>{bc})(?!\w))?"
    )
    table: tuple[tuple[str, _Reader], ...] = (
        (rf"{day1}(?:{of}{month1})?{to}{day}{of}{month}{comma}{year}", _read_range),
        (rf"{month1}{gap}{day1}{to}(?:{month2}{gap})?{day}{comma}{year}", _read_range),
        (rf"{month1}{to}{month}{comma}{year}", _read_range),
        (r"(?P<year>[0-9]{4})-(?P<m>[0-9]{2})-(?P<day>[0-9]{2})(?![\w-])", _read_date),
        (rf"{day}{of}{month}{comma}{year}", _read_date),
        (rf"{month}{gap}{day}{comma}{year}", _read_date),
        (rf"{month}(?:{comma}|{of}){year}", _read_date),
        (rf"(?P<season>{seasons})(?:{comma}|{of})(?P<year>[12][0-9]{{3}})(?!\w)", _read_season),
        (century, _read_century),
        (r"(?P<year>[12][0-9]{2}0)['’]?s\b", _read_decade),
        (r"(?P<year>[12][0-9]{3})\s?[-–—/](?P<short>[0-9]{2})(?![\w%-]|[.,][0-9])", _read_short_range),
        (rf"(?P<first>[0-9]{{1,4}})\s?[-–—]\s?(?P<year>[0-9]{{1,4}})\s?(?P<bc>{bc})(?!\w)", _read_bc_range),
        (rf"(?:{ad})\s?(?P<year>[0-9]{{1,4}})(?![\w%-])", _read_date),
        (rf"(?P<year>[0-9]{{1,4}}){era}", _read_date),
        (
            rf"(?P<year>[12][0-9]{{3}})(?!-2[1-9][0-9]{{2}})(?:(?![\w%°′″]|[.,:/][0-9]|[-–—/]\w)|{later})",
            _read_date,
        ),
    )
    loose: tuple[tuple[str, _Reader], ...] = (
        (r"(?P<m>[0-9]{1,2})/(?P<year>[0-9]{4})(?![\w/-])", _read_date),
        (r"(?P<year>[0-9]{1,4})(?=\s*(?:\(|$|[-–—]\s*$))", _read_whole_year),
    )
    return tuple(tuple((re.compile(pattern), reader) for pattern, reader in rows) for rows in (table, loose))


# ---- reading dates ----


def find_dates(
    text: str, start: int, end: int, months: Mapping[str, int], words: DateWords = WORDS
) -> list[Value]:
    """Return the dates of ``text[start:end]`` in order; what only looks like one (``30 February 1996``) has
    no lexical form.

    A bare year has four digits, 1000 to 2999. ``months`` maps lower-case names to 1 to 12.

    >>> text = "It met in May 1931 and from 1948 to 1956."
    >>> [value.lexical for value in find_dates(text, 0, len(text), {"may": 5})]
    ['1931-05', '1948/1956']
    """
    grammar = _grammar(tuple(months.items()), words)
    return list(_scan(text, Span(start, end), grammar, grammar.prose))


def parse_date(text: str, months: Mapping[str, int], words: DateWords = WORDS) -> Value | None:
    """Return the date of an infobox value, ``note`` holding the rest of the value.

    ``None`` where it has no date, or several and words before the first. A year that is all there is may have
    one to four digits.

    >>> parse_date("1978 (as Blue Lantern)", {}).note
    '(as Blue Lantern)'
    """
    grammar = _grammar(tuple(months.items()), words)
    found = list(_scan(text, Span(0, len(text.rstrip())), grammar, grammar.row))
    if not found:
        return None
    first = found[0]
    before, after = (words.strip(" ,;\t\n") for words in (text[: first.span.start], text[first.span.end :]))
    if len(found) > 1 and before:
        return None
    return replace(first, note="; ".join(filter(None, (first.note, before, after))))


def row_dates(text: str, months: Mapping[str, int], words: DateWords = WORDS) -> list[Value]:
    """Return all dates of an infobox value in order, in the forms that rows have.

    >>> [value.lexical for value in row_dates("1887–1903, 1911 (?)", {})]
    ['1887/1903', '1911?']
    """
    grammar = _grammar(tuple(months.items()), words)
    return [_doubted(text, value) for value in _scan(text, Span(0, len(text.rstrip())), grammar, grammar.row)]


def _doubted(text: str, value: Value) -> Value:
    """A plain date with a question mark after it, as EDTF has it."""
    mark = _DOUBT.match(text, value.span.end)
    if mark is None or value.datatype == EDTF or value.lexical is None:
        return value
    return replace(value, span=Span(value.span.start, mark.end()), lexical=f"{value.lexical}?", datatype=EDTF)


def _scan(text: str, within: Span, grammar: _Grammar, forms: _Forms) -> Iterator[Value]:
    at = within.start
    while candidate := grammar.begin.search(text, at, within.end):
        low = max(at, candidate.start() - _LONGEST_PREFIX)
        prefix = grammar.prefix.search(text, low, candidate.start())
        point = _point(text, candidate.start(), within.end, grammar, forms)
        if point and not _glued(text, candidate.start(), prefix):
            value = _complete(text, within.end, point, prefix, grammar, forms)
            yield value
            at = value.span.end
        else:
            at = _past_digits(text, candidate.end(), within.end)


def _glued(text: str, at: int, prefix: re.Match[str] | None) -> bool:
    """Whether a hyphen joins the date to a word (``pre-1996``) that is not one like *mid*."""
    return at > 1 and text[at - 1] in "-–—" and text[at - 2].isalnum() and not (prefix and prefix["portion"])


def _past_digits(text: str, at: int, end: int) -> int:
    """Past a number that is no date, so that none of its tails is tried."""
    while at < end and text[at].isdigit():
        at += 1
    return at


def _point(text: str, at: int, end: int, grammar: _Grammar, forms: _Forms) -> tuple[_Time, Span] | None:
    for pattern, reader in forms.shapes:
        match = pattern.match(text, at, end)
        time = reader(match, grammar) if match else None
        if match and time:
            return time, Span(*match.span())
    return None


def _own(point: tuple[_Time, Span], words: re.Match[str] | None) -> tuple[_Time, Span]:
    """The point with *circa* as ``~`` and with *early* and the like as its note, both in its span."""
    time, span = point
    if not words or not (words["portion"] or words["approximate"]):
        return point
    exact = words["approximate"] if words["approximate"] and not _simple(time) else ""
    note = "; ".join(filter(None, (words["portion"], exact)))
    start = words.start("portion" if words["portion"] else "approximate")
    return replace(time, note=note, approximate=bool(words["approximate"]) and _simple(time)), Span(
        start, span.end
    )


def _complete(
    text: str,
    end: int,
    point: tuple[_Time, Span],
    prefix: re.Match[str] | None,
    grammar: _Grammar,
    forms: _Forms,
) -> Value:
    """The date with its end and with the words before it that make it an interval."""
    lead = next((name for name in ("until", "since", "start", "between") if prefix and prefix[name]), "")
    time, span = _own(point, prefix)
    interval = (
        _interval(text, end, (time, span), lead == "between", grammar, forms) if _simple(time) else None
    )
    outer = Span(prefix.start(), span.end) if prefix else span
    if interval or time.end:
        value = interval or _value(time, span)
        return replace(value, span=value.span.cover(outer)) if lead in {"start", "between"} else value
    if lead in {"", "between"} or not _simple(time):
        return _value(time, span)
    return _value(replace(time, open="../{}" if lead == "until" else "{}/.."), outer, (_value(time, span),))


def _interval(
    text: str, end: int, first: tuple[_Time, Span], between: bool, grammar: _Grammar, forms: _Forms
) -> Value | None:
    """The interval that a date begins: ``1986–present``, ``1948 to 1956``, and with *between* also ``1948 and
    1956``.
    """
    time, span = first
    if open_end := forms.open_end.match(text, span.end, end):
        return _value(replace(time, open="{}/.."), Span(span.start, open_end.end()), (_value(time, span),))
    joint = grammar.joint.match(text, span.end, end)
    if joint is None or (joint["and"] and not between):
        return None
    inner = grammar.inner.match(text, joint.end(), end)
    point = _point(text, inner.end() if inner else joint.end(), end, grammar, forms)
    if point is None or not _simple(point[0]):
        return None
    last, last_span = _own(point, inner)
    note = "; ".join(filter(None, (time.note, last.note)))
    return _value(
        replace(time, end=last, note=note), span.cover(last_span), (_value(*first), _value(last, last_span))
    )
