"""The infobox of a page of HTML: a table, a row of it a key and a value."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ...statement import Span
from ..article import Template
from ..cells import Cell
from ..items import Row
from ..positions import trimmed
from .markup import Start

if TYPE_CHECKING:
    from .reader import Open, Reader

_TEMPLATE = "infobox"


@dataclass
class Box:
    """The infobox that is being read: the key that waits for its value, and the heading of the next rows,
    which is the key of one that is as wide as the box.
    """

    key: tuple[str, int, int] | None = None
    heading: tuple[str, int, int] | None = None


def begin_box(reader: Reader, tag: Start, opened: Open) -> None:
    reader.close_block()
    outer = reader.box
    if outer is not None:  # a table within a value
        return
    name = _transcluded(tag.attributes) or _TEMPLATE
    reader.sheet.layout("\n", tag.start)
    start = reader.sheet.length
    reader.sheet.put(name, tag.start, tag.end)
    reader.templates.append(Template(name, Span(start, reader.sheet.length), len(reader.blocks.headings)))
    reader.sheet.layout("\n", tag.start)
    reader.box = Box()

    def close() -> None:
        _end_row(reader)
        reader.box = None

    opened.close = close


def begin_row(reader: Reader, tag: Start, opened: Open) -> None:
    _end_row(reader)
    opened.close = partial(_end_row, reader)


def begin_key(reader: Reader, tag: Start, opened: Open) -> None:
    _end_row(reader)
    reader.key_words = []
    opened.close = lambda: _end_key(reader, tag)


def _end_key(reader: Reader, tag: Start) -> None:
    words, reader.key_words = reader.key_words or [], None
    is_title = "infobox-above" in tag.classes or tag.name == "caption" or "colspan" in tag.attributes
    if reader.box is None or not words:
        return
    key = (" ".join(one for one, _, _ in words).rstrip(": "), words[0][1], words[-1][2])
    if is_title:  # of the box, or of some of its rows
        reader.box.heading = key if tag.name == "th" and "infobox-above" not in tag.classes else None
    else:
        reader.box.key = key
        reader.box.heading = None


def begin_value(reader: Reader, tag: Start, opened: Open) -> None:
    assert reader.box is not None
    if reader.row is not None:  # a cell of a table within the value
        return
    is_wide = "infobox-full-data" in tag.classes
    named = reader.box.key or (reader.box.heading if is_wide else None)
    reader.box.key = reader.box.heading = None
    if named is None:
        reader.skip = len(reader.open)
        return
    key, begin, until = named
    lead = ("- ", begin, begin), (key, begin, until), (": ", until, until)
    reader.sheet.open(*lead, inside=len(key) + 4)
    reader.row = Row(reader.sheet.length)
    opened.close = lambda: _end_value(reader, key)


def _end_row(reader: Reader) -> None:
    if reader.box is not None and reader.row is None:
        reader.box.key = None


def _end_value(reader: Reader, key: str) -> None:
    row, sheet = reader.row, reader.sheet
    reader.row = None
    if row is None:
        return
    row.end_item(sheet)
    if not sheet.is_open:
        sheet.drop()
        return
    start = sheet.opened + 2
    value = trimmed(sheet.tail(sheet.begun), 0, sheet.length - sheet.begun)
    reader.cells.append(
        Cell(
            Span(start, start + len(key)),
            Span(sheet.begun + value.start, sheet.begun + value.end),
            Span(sheet.opened, sheet.length),
            row.structured(),
            key,
            None,
            len(reader.templates) - 1,
        )
    )
    sheet.layout("\n", sheet.origin)


OF_BOX = {"tr": begin_row, "th": begin_key, "td": begin_value, "caption": begin_key}
"""What begins with the elements of a table."""


def _transcluded(attributes: object) -> str | None:
    """The template that made a table, which Parsoid tells (https://www.mediawiki.org/wiki/Specs/HTML)."""
    data = attributes.get("data-mw", "") if isinstance(attributes, dict) else ""
    if not data:
        return None
    try:
        parts = json.loads(data).get("parts", [])
    except (ValueError, AttributeError, RecursionError):
        return None
    for part in parts:
        target = part.get("template", {}).get("target", {}) if isinstance(part, dict) else {}
        words = str(target.get("wt", "")).strip() if isinstance(target, dict) else ""
        if words:
            return " ".join(words.split())
    return None
