"""Infoboxes: where they are on a page, and their rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...statement import Span
from ..article import Template
from ..cells import Cell
from ..items import Row
from ..positions import trimmed
from .nodes import Argument, Call, Mark, Node, Table, Text

if TYPE_CHECKING:
    from .inline import Writer

_NAMESPACE = re.compile(r"\s*([^\W\d_]{3,20}):")
_PICTURE = re.compile(r"\.(?:svg|png|jpe?g|gif|webp|tiff?)\s*$", re.IGNORECASE)
_BAR = "!"  # the magic word for a bar (https://www.mediawiki.org/wiki/Help:Magic_words)
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Box:
    """An infobox as it stands on a page; ``section`` counts the headings before it."""

    node: Call
    section: int
    parent: int | None = None
    key: str = ""


def boxes_of(writer: Writer, nodes: Iterable[Node]) -> list[Box]:
    """Return the infoboxes of a page in order, those in the rows of another one right after it."""
    found: list[Box] = []
    section = 0
    for node in nodes:
        section += isinstance(node, Mark) and node.kind == "heading"
        for call in _calls(writer, [node]):
            _add(writer, found, Box(call, section))
    return found


def _add(writer: Writer, found: list[Box], box: Box) -> None:
    at = len(found)
    found.append(box)
    for argument in box.node.arguments:
        for call in _calls(writer, argument.content):
            _add(writer, found, Box(call, box.section, at, argument.name or ""))


def _calls(writer: Writer, nodes: Iterable[Node]) -> Iterator[Call]:
    """The infoboxes among nodes, in tables and in templates that are none themselves."""
    for node in nodes:
        if isinstance(node, Table):
            yield from _calls(writer, node.content)
        elif isinstance(node, Call):
            if writer.rules.is_box(node.name):
                yield node
            else:
                yield from _calls(writer, (inner for one in node.arguments for inner in one.content))


def write_boxes(writer: Writer, boxes: list[Box]) -> tuple[tuple[Template, ...], tuple[Cell, ...]]:
    """Write the rows of infoboxes that have a value, each box under its name."""
    templates: list[Template] = []
    cells: list[Cell] = []
    for number, box in enumerate(boxes):
        node, sheet = box.node, writer.sheet
        sheet.layout("\n", node.start)
        at = writer.text.find(node.name, node.start, node.end)
        start = sheet.length
        if at < 0:
            sheet.put(node.name, node.start, node.start + 2)
        else:
            sheet.copy(at, at + len(node.name))
        templates.append(Template(node.name, Span(start, sheet.length), box.section, box.parent, box.key))
        sheet.layout("\n", node.start)
        for argument in node.arguments:
            cell = _write_row(writer, argument, number) if argument.name else None
            if cell is not None:
                cells.append(cell)
    return tuple(templates), tuple(cells)


def _write_files(writer: Writer, row: Row) -> None:
    """Write the names of pictures where a row holds nothing else: beside words they are ornaments."""
    for number, (name, begin, until) in enumerate(row.files):
        if number:
            row.separate(writer.sheet, begin, begin)
        start = writer.sheet.settle()
        writer.sheet.put(name, begin, until)
        writer.linked(start, f"File:{name}", "file")


def _without_namespace(writer: Writer, content: tuple[Node, ...]) -> tuple[Node, ...]:
    """The value of a row without the namespace of a picture, which it may be written with or without."""
    first = next((node for node in content if not isinstance(node, Mark)), None)
    if not isinstance(first, Text):
        return content
    match = _NAMESPACE.match(writer.text, first.start, first.end)
    if match is None or writer.rules.namespace(match[1]) != "file":
        return content
    return Text(match.end(), first.end), *content[content.index(first) + 1 :]


def _without_manner(writer: Writer, content: tuple[Node, ...]) -> tuple[Node, ...]:
    """The name of a picture without how it is shown: ``Lamp.svg{{!}}class=skin-invert``."""
    for at, node in enumerate(content[1:], 1):
        before = content[at - 1]
        if not isinstance(node, Call) or node.name.strip() != _BAR:
            continue
        words = writer.text[before.start : before.end] if isinstance(before, Text) else ""
        return content[:at] if _PICTURE.search(words) else content
    return content


def _write_row(writer: Writer, argument: Argument, box: int) -> Cell | None:
    """Write a row; nothing of one whose value has no words."""
    name, sheet = argument.name or "", writer.sheet
    key = " ".join(name.split())
    at = max(argument.start, writer.text.find(name, argument.start, argument.begin))
    until = at + len(name)
    lead = ("- ", at, at), (key, at, until), (": ", until, until)
    sheet.open(*lead, inside=len(key) + 4)
    row = writer.row = Row(sheet.length)
    writer.write(_without_manner(writer, _without_namespace(writer, argument.content)))
    if not sheet.is_open:
        _write_files(writer, row)
    row.end_item(sheet)
    writer.row = None
    if not sheet.is_open:
        return None
    span = Span(sheet.opened, sheet.length)
    start = sheet.opened + 2
    value = trimmed(sheet.tail(sheet.begun), 0, sheet.length - sheet.begun)
    value = Span(sheet.begun + value.start, sheet.begun + value.end)
    sheet.layout("\n", argument.end)
    number = _DIGITS.search(key)
    label = " ".join(_DIGITS.sub("", key).replace("_", " ").split())
    return Cell(
        Span(start, start + len(key)),
        value,
        span,
        row.structured(),
        label[:1].upper() + label[1:],
        number.group() if number else None,
        box,
    )
