"""Lay cells out in columns for a terminal: widths in character cells, long texts wrapped, nothing that moves
the cursor.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GAP = 2
_NARROWEST = 8
_READABLE = 10  # in columns of fewer cells most words are broken
_RULE = 40  # cells, between rows that are lists
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """Return the text on one line, without characters that steer a terminal or have no width: they would move
    the columns (UAX #9 §2).
    """
    line = _SPACES.sub(" ", text).strip()
    return line if line.isprintable() else "".join(map(_shown, line))


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    return "\ufffd" if category in ("Cc", "Cs") else "" if category in ("Cf", "Zl", "Zp") else char


def columns_of(text: str) -> int:
    """Return how many character cells a terminal gives the text (UAX #11: wide ones take two, combining ones
    none).

    >>> columns_of("東京"), columns_of("e\\u0301")
    (4, 1)
    """
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most ``width`` cells, at blanks where there are any, else after ``/`` or
    ``_``, else anywhere.
    """
    lines: list[str] = []
    line = ""
    for word in re.findall(r"\s*\S+", text.rstrip()):  # at blanks that nothing follows it would be quadratic
        if columns_of(line + word) <= width:
            line += word
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word.lstrip(), width)
        lines += full
    return [*lines, line]


def _pieces(word: str, width: int) -> Iterator[str]:
    start = 0
    while (cut := _fitting(word, start, width)) < len(word):
        soft = max(word.rfind(mark, start, cut) for mark in "/_") + 1
        cut = soft if soft - start > (cut - start) // 2 else cut
        yield word[start:cut]
        start = cut
    yield word[start:]


def _fitting(word: str, start: int, width: int) -> int:
    used = 0
    for index in range(start, len(word)):
        used += _cells(word[index])
        if used > width:
            return max(index, start + 1)
    return len(word)


def fit(natural: Sequence[int], width: int) -> list[int]:
    """Share a width among columns: the widest give way first, none below eight cells."""
    widths = list(natural)
    excess = sum(widths) + _GAP * (len(widths) - 1) - width
    while excess > 0 and widths and max(widths) > _NARROWEST:
        widest = max(widths)
        wide = [index for index, size in enumerate(widths) if size == widest]
        floor = max((size for size in widths if size < widest), default=_NARROWEST)
        step = max(1, min(widest - max(floor, _NARROWEST), excess // len(wide)))
        for index in wide:
            if excess > 0:
                widths[index] -= step
                excess -= step
    return widths


def lay_out(rows: Sequence[Sequence[str]], notes: Sequence[Sequence[str]], width: int) -> str:
    """Return the rows as a table, the first as its head; ``notes`` holds lines to put under each row.

    Where the width is not enough for the columns, each row is a list of them.
    """
    natural = [max(map(columns_of, column), default=0) for column in zip(*rows, strict=True)]
    least = sum(min(size, _READABLE) for size in natural) + _GAP * (len(natural) - 1)
    if least > width and len(natural) > 1:
        lines = list(_records(rows, notes, width))
    else:
        lines = list(_lines(rows, notes, fit(natural, width), width))
    return "".join(line.rstrip() + "\n" for line in lines)


def _lines(
    rows: Sequence[Sequence[str]], notes: Sequence[Sequence[str]], widths: Sequence[int], width: int
) -> Iterator[str]:
    for index, row in enumerate(rows):
        yield from _row(row, widths)
        if index == 0:
            yield (" " * _GAP).join("─" * size for size in widths)
        yield from _notes(notes[index : index + 1], width)


def _records(rows: Sequence[Sequence[str]], notes: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    head, *others = rows
    room = min(max(map(columns_of, head)), width // 3)
    for index, row in enumerate(others, 1):
        if index > 1:
            yield "─" * min(width, _RULE)
        for name, text in zip(head, row, strict=True):
            yield from _row((name, text), (room, max(width - room - _GAP, 1)))
        yield from _notes(notes[index : index + 1], width)
    if not others:
        yield from wrap((" " * _GAP).join(head), width)


def _notes(notes: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    for note in (note for of_row in notes for note in of_row):
        yield from ("    " + part for part in wrap(note, max(width - 4, _NARROWEST)))


def lay_out_list(items: Sequence[tuple[str, str]], width: int) -> str:
    """Return items, each behind its mark, as lines of at most ``width`` cells."""
    room = max((columns_of(mark) for mark, _ in items), default=0)
    rest = max(width - room - 1, _NARROWEST)
    lines = []
    for mark, text in items:
        first, *others = wrap(text, rest)
        lines += [f"{mark:>{room}} {first}", *(" " * (room + 1) + line for line in others)]
    return "".join(line + "\n" for line in lines)


def _row(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    cells = [wrap(text, size) for text, size in zip(row, widths, strict=True)]
    for index in range(max(map(len, cells), default=0)):
        parts = [cell[index] if index < len(cell) else "" for cell in cells]
        yield (" " * _GAP).join(
            part + " " * (size - columns_of(part)) for part, size in zip(parts, widths, strict=True)
        )
