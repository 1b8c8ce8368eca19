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
    """Return the rows as a table, the first as its head; ``notes`` holds lines to put under each row."""
    widths = fit([max(map(columns_of, column), default=0) for column in zip(*rows, strict=True)], width)
    lines: list[str] = []
    for index, row in enumerate(rows):
        lines += _row(row, widths)
        if index == 0:
            lines.append((" " * _GAP).join("─" * size for size in widths))
        for note in notes[index] if index < len(notes) else ():
            lines += ["    " + part for part in wrap(note, max(width - 4, _NARROWEST))]
    return "".join(line.rstrip() + "\n" for line in lines)


def _row(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    cells = [wrap(text, size) for text, size in zip(row, widths, strict=True)]
    for index in range(max(map(len, cells), default=0)):
        parts = [cell[index] if index < len(cell) else "" for cell in cells]
        yield (" " * _GAP).join(
            part + " " * (size - columns_of(part)) for part, size in zip(parts, widths, strict=True)
        )
