"""What brackets after a value limit it by: a period, a point in time, a role, a share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..statement import Span
from ..xsd import EDTF
from .context import Context
from .dates import DATE, YEAR, YEAR_MONTH, Value, parse_date
from .values import DECIMAL, split_list

_SHARE = re.compile(r"[~≈]?\s*(?P<number>[0-9]{1,3}(?:[.][0-9]{1,6})?)\s?%")
_YEAR_LIKE = re.compile(r"[0-9]{3,4}|[0-9]\s?[A-Z]{2}")
_BLANK = re.compile(r"\s+")
_LONGEST_DATE = 60
"""Code points at the end of some words in which a date is looked for."""
_POINTS = {4: YEAR, 7: YEAR_MONTH, 10: DATE}


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What limits a value, and the words that say so."""

    span: Span
    start: Value | None = None
    end: Value | None = None
    at: Value | None = None
    role: Span | None = None
    share: Value | None = None
    note: Span | None = None

    @property
    def limits(self) -> bool:
        """Whether it says more than a note."""
        return any((self.start, self.end, self.at, self.role, self.share))

    @property
    def is_over(self) -> bool:
        """Whether the text knows an end of it."""
        return self.end is not None


def ends_of(value: Value) -> tuple[Value | None, Value | None]:
    """Return the start and the end of an interval; an end that is open or not said is None."""
    first, slash, last = (value.lexical or "").partition("/")
    if not slash:
        return None, None
    return _point(first, value.span), _point(last, value.span)


def _point(lexical: str, span: Span) -> Value | None:
    if lexical in ("", ".."):
        return None
    plain = lexical.lstrip("-").replace("-", "").isdigit()
    return Value(span, lexical, _POINTS.get(len(lexical.lstrip("-")), EDTF) if plain else EDTF)


def date_in(context: Context, span: Span) -> Value | None:
    """Return the date or period that all of some words are, but for words such as *as of* before it."""
    text, english = context.text, context.lexis.english
    words = span.of(text)
    if not _YEAR_LIKE.search(words):
        return None
    lead = next(
        (word for word in sorted(english.words("date-lead")) if words.lower().startswith(word + " ")), ""
    )
    start = span.start + len(lead)
    words = text[start : span.end]
    date = parse_date(words, english.months)
    if date is None or date.lexical is None:
        return None
    around = words[: date.span.start] + words[date.span.end :]
    if around.strip(" .,;").lower() not in english.words("date-tail") | {""}:
        return None
    return replace(date, span=span)


def share_in(context: Context, span: Span) -> Value | None:
    """Return the share in percent that all of some words are."""
    match = _SHARE.fullmatch(span.of(context.text).strip())
    return Value(span, match["number"], DECIMAL) if match else None


def is_role(context: Context, words: str) -> bool:
    """Tell whether words name what somebody is: their last word is a title or a noun for people."""
    low = words.lower().split()
    if not low or any(c.isdigit() for c in words):
        return False
    lexis = context.lexis
    if low[-1].strip(".") in lexis.titles or low[-1].strip(".") in lexis.english.words("role-word"):
        return True
    form = lexis.noun_at(low, len(low) - 1)
    return form is not None and form.cls in lexis.person_classes


def read_circumstances(
    context: Context, brackets: tuple[Span, ...], *, personal: bool
) -> tuple[list[Circumstance], list[Span]]:
    """Return what brackets limit a value by, one a period, and the brackets that limit nothing.

    ``personal``: the value may be a person, who can have a role.
    """
    found: list[Circumstance] = []
    left: list[Span] = []
    for bracket in brackets:
        told = list(_told(context, bracket, personal=personal))
        found += told
        if not told:
            left.append(bracket)
    return _merged(found), left


def _told(context: Context, bracket: Span, *, personal: bool) -> Iterator[Circumstance]:
    """What the pieces of a bracket tell; nothing where none of them is a limit."""
    whole = _piece(context, bracket, personal=personal)
    if whole is not None:
        yield whole
        return
    pieces = [part.span for part in split_list(context.text, bracket)]
    told = [_piece(context, piece, personal=personal) for piece in pieces]
    if len(pieces) < 2 or not any(told):
        return
    notes = [piece for piece, one in zip(pieces, told, strict=True) if one is None]
    yield from filter(None, told)
    if notes:
        yield Circumstance(notes[0].cover(*notes), note=notes[0].cover(*notes))


def _piece(context: Context, span: Span, *, personal: bool) -> Circumstance | None:
    words = span.of(context.text)
    share = share_in(context, span)
    if share is not None:
        return Circumstance(span, share=share)
    date = date_in(context, span)
    if date is not None:
        start, end = ends_of(date)
        return Circumstance(span, start, end, None if start or end else date)
    if personal and is_role(context, words):
        return Circumstance(span, role=span)
    return _until(context, span)


def _until(context: Context, span: Span) -> Circumstance | None:
    """Words that end in an open period: "regional partner until 2022"; None where they do not."""
    text = context.text
    blanks = list(_BLANK.finditer(text, max(span.start, span.end - _LONGEST_DATE), span.end))
    for blank in blanks:
        date = date_in(context, Span(blank.end(), span.end))
        start, end = ends_of(date) if date else (None, None)
        if (start is None) != (end is None):
            return Circumstance(span, start, end, note=Span(span.start, blank.start()))
    return None


def _merged(told: list[Circumstance]) -> list[Circumstance]:
    """One circumstance for each time that is told of, with the role, share and note that go for all."""
    role = next((one.role for one in told if one.role), None)
    share = next((one.share for one in told if one.share), None)
    note = next((one.note for one in told if one.note), None)
    times = [one for one in told if one.start or one.end or one.at]
    if not times:
        return (
            [Circumstance(told[0].span.cover(*(o.span for o in told)), role=role, share=share, note=note)]
            if told
            else []
        )
    extra = [one.span for one in told if one not in times]
    return [replace(one, span=one.span.cover(*extra), role=role, share=share, note=note) for one in times]
